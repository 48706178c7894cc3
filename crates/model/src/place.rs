//! Named places of a map: what people call the part of town they live in.

/// A place of the map that has a name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPlace {
    /// What it is called on the spot, in one line.
    pub name: String,
    /// How large a place it is.
    pub kind: PlaceKind,
    /// Longitude and latitude of its point, degrees WGS 84; of an outline the mean of its corners.
    pub at: [f64; 2],
    /// Its outline, the last corner the same as the first; empty where the map has a point alone.
    pub outline: Vec<[f64; 2]>,
}

/// A ferry of the map, which carries nobody in a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FerryLine {
    /// Its name or number, else the id of its way.
    pub name: String,
    /// Longitude and latitude of the places that it passes, degrees WGS 84.
    pub course: Vec<[f64; 2]>,
}

/// Water of a map from which a flood comes: a river, a canal, a coast.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaterLine {
    /// Its name; empty where it has none.
    pub name: String,
    /// Longitude and latitude of the places that it passes, degrees WGS 84.
    pub course: Vec<[f64; 2]>,
}

/// A stretch of road that does not lie on the ground.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RaisedRoad {
    /// Under the ground and not above it.
    pub is_tunnel: bool,
    /// Longitude and latitude of its points from one end to the other, degrees WGS 84. Those that a link passes stand in its course.
    pub course: Vec<[f64; 2]>,
}

/// Something of a map that has an outline or a point: a school, a shelter, a building.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MapArea {
    /// `n`, `w` or `r` and the number of its node, way or relation.
    pub id: String,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// Longitude and latitude, degrees WGS 84: of a point its own, of an outline the mean of the corners that are known.
    pub at: [f64; 2],
    /// Polygons, each an outer ring and its holes, the last corner of a ring the same as the first; empty for a point, and where an outline
    /// is not whole.
    pub polygons: Vec<Vec<Vec<[f64; 2]>>>,
    /// The map draws it as an outline, of which it does not hold all: it is cut at the map's edge, or does not close.
    pub is_cut: bool,
}

impl MapArea {
    /// The value of a tag.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// A place of a map that might receive people. Whether it does is for people to say, never for a map.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivingPlace {
    /// Where it is, with its tags.
    pub area: MapArea,
    /// What kind of place it is.
    pub kind: ReceivingKind,
    /// The tag that says so, as `amenity=school`.
    pub tag: String,
    /// Its outline is that of a building or a roof, and not of the ground around one.
    pub is_covered: bool,
}

/// Kinds of places that might receive people, those that a map calls shelters first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReceivingKind {
    /// A shelter for emergencies, or an evacuation centre.
    EmergencyShelter,
    /// Where people gather, mostly in the open.
    AssemblyPoint,
    /// A house for those who have none.
    SocialShelter,
    /// Any other social facility; people may live there who have to leave themselves.
    SocialFacility,
    /// A roof against the weather.
    Shelter,
    /// A school, college or university.
    School,
    /// A community centre.
    CommunityCentre,
    /// A sports hall or centre.
    SportsHall,
    /// A church, mosque, temple or the like.
    PlaceOfWorship,
}

impl ReceivingKind {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::EmergencyShelter => "emergency_shelter",
            Self::AssemblyPoint => "assembly_point",
            Self::SocialShelter => "social_shelter",
            Self::SocialFacility => "social_facility",
            Self::Shelter => "shelter",
            Self::School => "school",
            Self::CommunityCentre => "community_centre",
            Self::SportsHall => "sports_hall",
            Self::PlaceOfWorship => "place_of_worship",
        }
    }
}

/// Kinds of places by which people name where they live, as OpenStreetMap distinguishes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// Some blocks of a town.
    Neighbourhood,
    /// A few houses with a name.
    Hamlet,
    /// A part of a suburb.
    Quarter,
    /// A part of a town with a name that everybody there knows.
    Suburb,
    /// A part of a large city with an administration.
    Borough,
    /// A village of its own.
    Village,
    /// A town, smaller than a city.
    Town,
    /// A city as a whole.
    City,
}

impl PlaceKind {
    /// The kind that a value of OpenStreetMap's key `place` stands for; `None` for squares, islands, countries and the like.
    pub fn of_tag(value: &str) -> Option<Self> {
        Some(match value {
            "neighbourhood" => Self::Neighbourhood,
            "hamlet" => Self::Hamlet,
            "quarter" => Self::Quarter,
            "suburb" => Self::Suburb,
            "borough" => Self::Borough,
            "village" => Self::Village,
            "town" => Self::Town,
            "city" => Self::City,
            _ => return None,
        })
    }
}
