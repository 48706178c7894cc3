//! People by how they can move, the fleet that carries some of them, and its timetable; one struct per file of
//! `docs/reference/multimodal.md`. Times are ms since the start.

use crate::{ModeId, Modes, YesNo};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// How people of a group can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Means {
    /// In a vehicle of their own.
    #[default]
    Vehicle,
    /// On foot, by themselves.
    Walk,
    /// Need a seat in a vehicle of the fleet.
    Seat,
    /// Need a wheelchair place in a vehicle of the fleet.
    Wheelchair,
    /// Need a stretcher place in a vehicle of the fleet.
    Stretcher,
    /// By a mode that `modes.csv` lists.
    Listed(ModeId),
}

impl Means {
    /// Those that every scenario has, in the order of reports; listed ones come between [`Means::Walk`] and the fleet.
    pub const ALL: [Self; 5] = [Self::Vehicle, Self::Walk, Self::Seat, Self::Wheelchair, Self::Stretcher];
    /// Those who need the fleet.
    pub const FLEET: [Self; 3] = [Self::Seat, Self::Wheelchair, Self::Stretcher];

    /// The means of a word, if it is one: those of [`Means::ALL`], or the id of a mode, which may be listed nowhere.
    pub fn of_word(word: &str) -> Option<Self> {
        let known = Self::ALL.into_iter().find(|means| means.word() == word);
        known.or_else(|| ModeId::new(word).map(Self::Listed))
    }

    /// All of a scenario with these modes, in the order of reports.
    pub fn all_with(modes: &Modes) -> Vec<Self> {
        let listed = modes.rows.iter().filter_map(|row| ModeId::new(&row.mode_id)).map(Self::Listed);
        [Self::Vehicle, Self::Walk].into_iter().chain(listed).chain(Self::FLEET).collect()
    }

    /// The word in files.
    pub fn word(&self) -> &str {
        match self {
            Self::Vehicle => "vehicle",
            Self::Walk => "walk",
            Self::Seat => "seat",
            Self::Wheelchair => "wheelchair",
            Self::Stretcher => "stretcher",
            Self::Listed(id) => id.as_str(),
        }
    }

    /// Whether they need the fleet.
    pub fn is_carried(self) -> bool {
        Self::FLEET.contains(&self)
    }
}

impl Serialize for Means {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Means {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::of_word(&word).ok_or_else(|| D::Error::custom(format!("'{word}' is no way of moving")))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Means {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Means".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[a-z][a-z0-9_]{0,23}$",
            "description": "How people can leave: `vehicle` (of their own), `walk`, `seat`, `wheelchair` or `stretcher` (a place in a vehicle of the fleet), or a `mode_id` of modes.csv.",
        })
    }
}

/// `groups.csv`: people of a zone who can leave by the same means.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct GroupRow {
    /// Zone in which they are.
    pub zone_id: String,
    /// How they can leave; once per zone.
    pub means: Means,
    /// How many, people declared as staying included.
    pub people: i64,
    /// Low end of `people`; `None`: the figure itself.
    pub people_low: Option<i64>,
    /// High end of `people`; `None`: the figure itself.
    pub people_high: Option<i64>,
    /// Declared staying among them; `None` = 0.
    pub stay_people: Option<i64>,
    /// When they are ready; empty: as their zone.
    pub mobilization_id: String,
    /// Who goes first, 1 before 2; `None`: after all that have one.
    pub priority: Option<i64>,
    /// Among those with the same priority, what an hour of theirs counts; `None` = 1.
    pub weight: Option<f64>,
    /// Whether they are taken to one site only; `None` = no.
    pub together: Option<YesNo>,
}

/// A facility with people who need the fleet; one row of the table given to `clearway groups`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FacilityRow {
    /// Id; becomes that of a zone of its own.
    pub facility_id: String,
    /// What the facility is called.
    pub name: String,
    /// Longitude, degrees WGS 84.
    pub x_coord: f64,
    /// Latitude, degrees WGS 84.
    pub y_coord: f64,
    /// People who need a seat, staff who come along included.
    pub seat_people: Option<i64>,
    /// People who need a wheelchair place.
    pub wheelchair_people: Option<i64>,
    /// People who need a stretcher.
    pub stretcher_people: Option<i64>,
    /// When they are ready; empty: at once.
    pub mobilization_id: String,
    /// Who goes first, 1 before 2.
    pub priority: Option<i64>,
    /// Among those with the same priority, what an hour of theirs counts; `None` = 1.
    pub weight: Option<f64>,
}

/// `fleet.csv`: vehicles of one type that stand ready at one depot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct VehicleRow {
    /// Id, unique in the table.
    pub vehicle_type_id: String,
    /// What the type is called.
    pub name: String,
    /// How many vehicles of the type stand there.
    pub count: i64,
    /// Low end of `count`; `None`: the figure itself.
    pub count_low: Option<i64>,
    /// High end of `count`; `None`: the figure itself.
    pub count_high: Option<i64>,
    /// Seats for passengers, beside the other places.
    pub seats: i64,
    /// Wheelchair places beside the seats; `None` = 0.
    pub wheelchair_places: Option<i64>,
    /// Stretcher places beside the seats; `None` = 0.
    pub stretcher_places: Option<i64>,
    /// Passenger-car units of one vehicle.
    pub pcu_per_vehicle: f64,
    /// Its speed as a share of that of cars, 0..1; `None` = 1.
    pub speed_share: Option<f64>,
    /// Standing at the zone for one load, ms.
    pub load_ms: i64,
    /// Standing at the site until everyone is received, ms.
    pub unload_ms: i64,
    /// Node where it stands at first.
    pub depot_node_id: String,
    /// Ready to leave the depot, ms; `None` = 0.
    pub available_from_ms: Option<i64>,
    /// No trip ends later, ms; `None` = the horizon.
    pub available_until_ms: Option<i64>,
    /// Longest time at work without a rest, ms, from leaving the place where it stood to the end of unloading; `None` = no limit.
    pub duty_max_ms: Option<i64>,
    /// Rest after that, ms; `None` with a bound: it does not come back.
    pub rest_ms: Option<i64>,
    /// Metres it can go in all; `None` = no limit.
    pub range_m: Option<f64>,
}

impl VehicleRow {
    /// Places for people of some means.
    pub fn places(&self, means: Means) -> i64 {
        match means {
            Means::Seat => self.seats,
            Means::Wheelchair => self.wheelchair_places.unwrap_or(0),
            Means::Stretcher => self.stretcher_places.unwrap_or(0),
            Means::Vehicle | Means::Walk | Means::Listed(_) => 0,
        }
    }
}

/// `multimodal.toml`: what holds for all groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MultimodalSettings {
    /// Name and version of the format, `clearway-multimodal/2`.
    pub schema: String,
    /// Walkers; needed if any group walks.
    #[serde(default)]
    pub walk: Option<WalkSettings>,
    /// Largest share of a link's capacity, and of a site's admission, that the fleet takes in any quarter of an hour.
    #[serde(default = "half")]
    pub fleet_share: f64,
}

impl MultimodalSettings {
    /// The value of `schema` that this version reads and writes.
    pub const SCHEMA: &'static str = "clearway-multimodal/2";
    /// Length of the intervals in which the fleet's use of links and admissions is counted, ms.
    pub const QUARTER_MS: i64 = 900_000;
}

fn half() -> f64 {
    0.5
}

/// How people on foot move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WalkSettings {
    /// Walking time of a link is `walk_time_ms` divided by this: slower groups, rests included.
    #[serde(default = "whole")]
    pub speed_share: f64,
    /// Links are entered on foot only from this time of each day, ms after the start of the scenario modulo 24 h.
    #[serde(default)]
    pub day_from_ms: Option<i64>,
    /// Until this time of each day, ms; the length of the day's walk follows from both (rule PED-10).
    #[serde(default)]
    pub day_until_ms: Option<i64>,
    /// Lanes of every link that are given to walkers.
    #[serde(default)]
    pub lanes: f64,
    /// Links with another number of lanes given to walkers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lane: Vec<LaneChoice>,
    /// People per hour on one lane given to walkers.
    #[serde(default = "lane_flow")]
    pub lane_people_h: f64,
}

impl Default for WalkSettings {
    fn default() -> Self {
        Self {
            speed_share: whole(),
            day_from_ms: None,
            day_until_ms: None,
            lanes: 0.0,
            lane: Vec::new(),
            lane_people_h: lane_flow(),
        }
    }
}

fn whole() -> f64 {
    1.0
}

/// 3 m of usable width at 0.65 people/m/s, the middle of rule PED-05.
fn lane_flow() -> f64 {
    7020.0
}

/// Lanes of one link that are given to walkers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LaneChoice {
    /// Link whose lanes are given.
    pub link_id: String,
    /// Lanes, at most those of the link.
    pub lanes: f64,
}

/// `fleet/trips.csv`: one round of one vehicle: empty to a zone, loaded to a site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TripRow {
    /// Id, unique in the table.
    pub trip_id: String,
    /// Vehicle: the type's id and a number from 1, joined by `-`.
    pub vehicle_id: String,
    /// Type of the vehicle.
    pub vehicle_type_id: String,
    /// Zone from which people are taken.
    pub zone_id: String,
    /// Site to which they are taken.
    pub site_id: String,
    /// People who sit on seats.
    pub seat_people: i64,
    /// People in wheelchair places.
    pub wheelchair_people: i64,
    /// People in stretcher places.
    pub stretcher_people: i64,
    /// Sets out empty, ms.
    pub from_ms: i64,
    /// At the zone, loading begins, ms.
    pub load_ms: i64,
    /// Leaves the zone loaded, ms.
    pub depart_ms: i64,
    /// At the site, unloading begins, ms.
    pub unload_ms: i64,
    /// All are received at the site, ms.
    pub end_ms: i64,
    /// Connector of the zone.
    pub zone_connector: String,
    /// Connector of the site.
    pub site_connector: String,
    /// Links of the empty run, `;` between them.
    pub empty_links: String,
    /// Links of the loaded run, `;` between them.
    pub links: String,
}

/// Figures of the people of one means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MeansFigures {
    /// How these people can leave.
    pub means: Means,
    /// What the mode is called, of those that `modes.csv` lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// All of them, people declared as staying included.
    pub people: i64,
    /// Declared staying among them.
    pub staying: i64,
    /// Who arrives under the plan.
    pub arrived: i64,
    /// When 90 % of those who are to move have arrived, s.
    pub t90_s: crate::PlanAndBound,
    /// When all have, s.
    pub clearance_s: crate::PlanAndBound,
    /// Time of people not yet arrived, person-hours.
    pub person_hours: crate::PlanAndBound,
    /// Bounds at the optimistic end of all ranges.
    pub optimistic: crate::Bounds,
    /// What sets the bound of `clearance_s`.
    pub binds: BindingConstraint,
}

/// What sets the bound of the people of one means (`docs/reference/multimodal.md` says how it is chosen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BindingConstraint {
    /// The capacity of roads.
    Roads,
    /// The number of vehicles of the fleet and their trips.
    Vehicles,
    /// Places and admission rates of sites.
    Places,
    /// The hours in which movement is allowed.
    Windows,
    /// The roads, in the hours in which movement is allowed.
    #[serde(rename = "windows and roads")]
    WindowsAndRoads,
    /// The timetable of the mode and the places on it.
    Timetable,
    /// The last people being ready: the mobilization curve.
    #[serde(rename = "warning")]
    Mobilization,
}

impl BindingConstraint {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Roads => "roads",
            Self::Vehicles => "vehicles",
            Self::Places => "places",
            Self::Windows => "windows",
            Self::WindowsAndRoads => "windows and roads",
            Self::Timetable => "timetable",
            Self::Mobilization => "warning",
        }
    }
}

impl fmt::Display for BindingConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A bound for all means together where they compete for the same thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JointBound {
    /// What they compete for.
    pub of: SharedResource,
    /// Who is counted: on roads in people with vehicles of their own, at sites in people.
    pub people: i64,
    /// Not all of them have arrived before this, s; `None`: not within the horizon.
    pub clearance_s: Option<f64>,
}

/// What no plan can beat for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WholeBounds {
    /// Not all have arrived before this, s; `None`: not within the horizon.
    pub clearance_s: Option<f64>,
    /// Time of people not yet arrived, person-hours.
    pub person_hours: Option<f64>,
}

/// What means compete for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SharedResource {
    /// Room on the roads, between vehicles of their own and the fleet.
    Roads,
    /// Places and admission of sites.
    Sites,
}

/// `multimodal.json`: the figures of all groups and of the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MultimodalSummary {
    /// Name and version of the format, `clearway-multimodal-plan/2`.
    pub schema: String,
    /// Digest of the scenario with its groups and fleet.
    pub scenario: String,
    /// Name of the scenario.
    pub name: String,
    /// What kind of situation this is.
    pub context: crate::Context,
    /// By means, those with people only.
    pub means: Vec<MeansFigures>,
    /// People of all means by outcome.
    pub people: crate::People,
    /// Everybody: when all who are to move have arrived, s; the bound is the latest of all means' and of the joint ones.
    pub clearance_s: crate::PlanAndBound,
    /// Time of people of all means not yet arrived, person-hours.
    pub person_hours: crate::PlanAndBound,
    /// Everybody, at the optimistic end of all ranges: the latest of the means' bounds, the sum of their person-hours.
    pub optimistic: WholeBounds,
    /// Bounds for all together where they compete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint: Vec<JointBound>,
    /// Capacity kept for the fleet, and what those with vehicles of their own lose by it.
    pub fleet: Option<FleetFigures>,
    /// Whether no link ever holds more than fits there in any part of those who move by themselves, each counted alone and without the
    /// fleet's vehicles. `None`: made by a version that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spill_free: Option<bool>,
    /// Vehicles on links beyond those that fit, of all these parts together (on foot, people); `None` as in `spill_free`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overflow: Option<crate::OverflowTotals>,
    /// Waiting of one person of these parts: the mean of all, the largest `p95_min` and `longest_min` of any part, and all before what is
    /// closed; `None` as in `spill_free`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<crate::JourneyWaiting>,
    /// Wall time of the run, s.
    pub wall_s: f64,
    /// Peak resident memory, bytes.
    pub peak_rss_bytes: u64,
}

impl MultimodalSummary {
    /// The value of `schema` that this version reads and writes.
    pub const SCHEMA: &'static str = "clearway-multimodal-plan/2";
}

/// What the fleet does and takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FleetFigures {
    /// How many vehicles the fleet has.
    pub vehicles: i64,
    /// Vehicles with at least one trip.
    pub used: i64,
    /// How many trips the dispatch schedule has.
    pub trips: u64,
    /// Kilometres in all, empty and loaded.
    pub km: f64,
    /// How much later the bound for all with vehicles of their own is because of what is kept for the fleet, s; `None` where one of
    /// the two bounds is not within the horizon.
    pub delay_of_others_s: Option<f64>,
    /// What each kind of people would come to if nobody went first (`fleet/without-priorities.csv`); empty where nobody does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_priorities: Vec<Unranked>,
}

/// Figures of one kind of people under a timetable in which nobody goes first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unranked {
    /// How these people can leave.
    pub means: Means,
    /// How many of them arrive.
    pub arrived: i64,
    /// When 90 % of those who are to move have arrived, s.
    pub t90_s: Option<f64>,
    /// When all have, s.
    pub clearance_s: Option<f64>,
    /// Time of people not yet arrived, person-hours.
    pub person_hours: f64,
}
