//! Road classes and what is assumed of a road of which only the class is known.

/// Class of a road, by the `highway` tag of OpenStreetMap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum RoadClass {
    Motorway,
    MotorwayLink,
    Trunk,
    TrunkLink,
    Primary,
    PrimaryLink,
    Secondary,
    SecondaryLink,
    Tertiary,
    TertiaryLink,
    Unclassified,
    Residential,
    LivingStreet,
    Service,
    Track,
    Pedestrian,
    Footway,
    Path,
    Steps,
    Cycleway,
    Bridleway,
}

/// Defaults of one class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassDefaults {
    /// Lanes in one direction.
    pub lanes: f64,
    /// Lanes in one direction, at most: untagged large roads often have one more.
    pub lanes_most: f64,
    /// Free-flow speed, km/h; 0 where no vehicle drives.
    pub speed_km_h: f64,
    /// Width of a lane, m; 0 for ways without lanes.
    pub lane_width_m: f64,
    /// Usable width of a way without lanes, m.
    pub path_width_m: f64,
}

impl RoadClass {
    /// All classes, largest roads first.
    pub const ALL: [Self; 21] = [
        Self::Motorway,
        Self::MotorwayLink,
        Self::Trunk,
        Self::TrunkLink,
        Self::Primary,
        Self::PrimaryLink,
        Self::Secondary,
        Self::SecondaryLink,
        Self::Tertiary,
        Self::TertiaryLink,
        Self::Unclassified,
        Self::Residential,
        Self::LivingStreet,
        Self::Service,
        Self::Track,
        Self::Pedestrian,
        Self::Footway,
        Self::Path,
        Self::Steps,
        Self::Cycleway,
        Self::Bridleway,
    ];

    /// The value of `highway`, also written as `facility_type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Motorway => "motorway",
            Self::MotorwayLink => "motorway_link",
            Self::Trunk => "trunk",
            Self::TrunkLink => "trunk_link",
            Self::Primary => "primary",
            Self::PrimaryLink => "primary_link",
            Self::Secondary => "secondary",
            Self::SecondaryLink => "secondary_link",
            Self::Tertiary => "tertiary",
            Self::TertiaryLink => "tertiary_link",
            Self::Unclassified => "unclassified",
            Self::Residential => "residential",
            Self::LivingStreet => "living_street",
            Self::Service => "service",
            Self::Track => "track",
            Self::Pedestrian => "pedestrian",
            Self::Footway => "footway",
            Self::Path => "path",
            Self::Steps => "steps",
            Self::Cycleway => "cycleway",
            Self::Bridleway => "bridleway",
        }
    }

    /// From the value of `highway`; `None` for what is no way to travel on.
    pub fn from_highway(value: &str) -> Option<Self> {
        match value {
            "road" => Some(Self::Unclassified),
            "corridor" => Some(Self::Footway),
            _ => Self::ALL.into_iter().find(|class| class.as_str() == value),
        }
    }

    /// From a `facility_type` of other tools: the classes of OpenStreetMap and the functional classes of GMNS examples.
    pub fn from_facility_type(value: &str) -> Option<Self> {
        let value = value.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Self::from_highway(&value).or(match value.as_str() {
            "freeway" | "interstate" | "expressway" => Some(Self::Motorway),
            "ramp" | "freeway_ramp" => Some(Self::MotorwayLink),
            "highway" => Some(Self::Trunk),
            "arterial" | "principal_arterial" | "major_arterial" => Some(Self::Primary),
            "minor_arterial" => Some(Self::Secondary),
            "collector" | "major_collector" | "minor_collector" => Some(Self::Tertiary),
            "local" | "local_road" => Some(Self::Residential),
            "sidewalk" | "walkway" => Some(Self::Footway),
            _ => None,
        })
    }

    /// Built for vehicles with two tracks; the others are for walkers and cyclists.
    pub fn is_road(self) -> bool {
        self <= Self::Track
    }

    /// A road that leads on: one that ends at the map's edge does not end in the world.
    pub fn is_through(self) -> bool {
        self <= Self::Unclassified
    }

    /// Built without junctions on one level.
    pub fn is_motorway(self) -> bool {
        matches!(self, Self::Motorway | Self::MotorwayLink)
    }

    /// What is assumed where the map says nothing.
    pub fn defaults(self) -> ClassDefaults {
        let road = |lanes: f64, speed_km_h, lane_width_m| ClassDefaults {
            lanes,
            lanes_most: if self <= Self::SecondaryLink { lanes + 1.0 } else { lanes },
            speed_km_h,
            lane_width_m,
            path_width_m: 0.0,
        };
        let path = |path_width_m| ClassDefaults {
            lanes: 0.0,
            lanes_most: 0.0,
            speed_km_h: 0.0,
            lane_width_m: 0.0,
            path_width_m,
        };
        match self {
            Self::Motorway => road(2.0, 110.0, 3.5),
            Self::MotorwayLink => road(1.0, 60.0, 3.5),
            Self::Trunk => road(1.0, 90.0, 3.5),
            Self::TrunkLink => road(1.0, 50.0, 3.5),
            Self::Primary => road(1.0, 60.0, 3.25),
            Self::PrimaryLink => road(1.0, 50.0, 3.25),
            Self::Secondary => road(1.0, 50.0, 3.25),
            Self::SecondaryLink => road(1.0, 40.0, 3.25),
            Self::Tertiary => road(1.0, 50.0, 3.0),
            Self::TertiaryLink => road(1.0, 40.0, 3.0),
            Self::Unclassified => road(1.0, 50.0, 3.0),
            Self::Residential => road(1.0, 30.0, 2.75),
            Self::LivingStreet => road(1.0, 15.0, 2.5),
            Self::Service => road(1.0, 20.0, 2.5),
            Self::Track => road(1.0, 15.0, 1.5),
            Self::Pedestrian => path(5.0),
            Self::Footway | Self::Cycleway | Self::Steps => path(2.0),
            Self::Path | Self::Bridleway => path(1.5),
        }
    }
}
