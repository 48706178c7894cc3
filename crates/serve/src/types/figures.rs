//! Figures of a plan, each with unit and source.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a figure is from: a file of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FigureSource {
    /// The version.
    pub version: i64,
    /// File of the version; `replay`: of the exact loading of its orders, worked out anew by the rules of `docs/reference/semantics.md`.
    pub file: String,
    /// Key or column.
    pub field: String,
}

/// A figure that may not be there. As JSON a number; `"never"`: not reached within the planning horizon; `null`: not known, e.g. because
/// nothing was simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reached {
    /// The value.
    At(f64),
    /// Not within the planning horizon.
    Never,
    /// Nothing says it.
    NotKnown,
}

impl Reached {
    /// A time of something that was worked out: without one it is never.
    pub fn or_never(time: Option<f64>) -> Self {
        time.map_or(Self::Never, Self::At)
    }

    /// A figure of something that may not be there.
    pub fn or_not_known(value: Option<f64>) -> Self {
        value.map_or(Self::NotKnown, Self::At)
    }

    /// The value, where there is one.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::At(value) => Some(value),
            Self::Never | Self::NotKnown => None,
        }
    }
}

impl Serialize for Reached {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(value) => serializer.serialize_f64(*value),
            Self::Never => serializer.serialize_str("never"),
            Self::NotKnown => serializer.serialize_none(),
        }
    }
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SourcedFigure {
    /// The value; `"never"`: not reached within the planning horizon; `null`: not known.
    #[schema(schema_with = crate::library::reached)]
    pub value: Reached,
    /// Its unit: `s`, `people`, `people/h`, `person-hours` ...
    pub unit: String,
    /// Where it is from.
    pub source: FigureSource,
}

/// One measure: what no plan can beat, what the plan does, what the simulation does.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FigureRow {
    /// `t90_s`, `clearance_s`, `person_hours`, `arrived` or `not_evacuated`.
    pub measure: String,
    /// What it is, in words.
    pub label: String,
    /// What no plan can beat.
    pub bound: Option<SourcedFigure>,
    /// What the plan does.
    pub plan: Option<SourcedFigure>,
    /// What the simulation does, on roads on which queues take space.
    pub simulated: Option<SourcedFigure>,
    /// What happens without a plan: everybody takes the shortest way at once.
    pub without_plan: Option<SourcedFigure>,
}

/// The answer of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlanOverview {
    /// The plan, or the bound alone.
    pub version: i64,
    /// Whether there are orders; else only the bound is proved.
    pub has_orders: bool,
    /// The newest simulation of it.
    pub simulation: Option<i64>,
    /// When it begins, s after the start of the first plan of its line: one that was made of what was left of another begins in the middle
    /// of that one. Its own times count from here.
    pub begins_s: f64,
    /// The answer in sentences.
    pub sentences: Vec<String>,
    /// Bound, plan and simulation beside each other.
    pub rows: Vec<FigureRow>,
    /// What sets the bound, largest first.
    pub bottlenecks: Vec<BottleneckFigures>,
    /// Zones, the last by its 90 % time first.
    pub zones: Vec<ZoneFigures>,
    /// Sites.
    pub sites: Vec<SiteFigures>,
    /// Whose orders the replay carries out, from which roads and steps are: everybody's, or of a plan with several travel modes those of
    /// the people with vehicles of their own, whose zones and sites then have no figures of the replay. Empty: there are no orders.
    pub replay_of: String,
    /// Moment of time 0, RFC 3339.
    pub start: String,
    /// Whether nobody gave that moment, so that dates and clock times mean nothing and only times since the start do.
    pub start_assumed: bool,
    /// IANA time zone.
    pub time_zone: String,
    /// What was assumed that could change the answer most.
    pub assumptions: Vec<String>,
    /// Sentences that have to stand beside figures of such a situation.
    pub standing: Vec<String>,
}

/// What sets the bound, from `bottlenecks.csv`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BottleneckFigures {
    /// 1 = the largest term.
    pub rank: u64,
    /// `link`, `site` or `connector`.
    pub element: String,
    /// Id in its table.
    pub id: String,
    /// Row in its table, from 0.
    pub row: Option<usize>,
    /// Its name.
    pub name: String,
    /// From this time, s.
    pub from_s: f64,
    /// Until this time, s.
    pub until_s: f64,
    /// Rate at which people can pass, people/h; `null`: without limit.
    pub capacity_people_h: Option<f64>,
    /// People that can pass in that time at most.
    pub people: f64,
    /// At most this many more people could arrive with one more lane; `null` for sites and connectors.
    pub extra_lane_people: Option<f64>,
    /// What it says, in a sentence.
    pub sentence: String,
    /// Longitude and latitude at which to look.
    pub at: Option<[f64; 2]>,
}

/// What becomes of one zone.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ZoneFigures {
    /// Id.
    pub id: String,
    /// Row in `zones.csv` of the scenario, from 0.
    pub row: usize,
    /// Name.
    pub name: String,
    /// People there at time 0.
    pub people: i64,
    /// Low end of `people`.
    pub people_low: Option<i64>,
    /// High end of `people`.
    pub people_high: Option<i64>,
    /// Arrived under the plan; `null`: not known.
    pub arrived: Option<i64>,
    /// Not evacuated, staying included, and overtaken by a hazard; `null`: not known.
    pub not_arrived: Option<i64>,
    /// Time by which 90 % of its evacuees have arrived, s (replay); `"never"`: not within the horizon; `null`: not known, or nobody leaves.
    #[schema(schema_with = crate::library::reached)]
    pub t90_s: Reached,
    /// Time by which all of its evacuees have arrived, s (replay); `"never"`: not within the horizon; `null`: not known, or nobody leaves.
    #[schema(schema_with = crate::library::reached)]
    pub t100_s: Reached,
    /// Time by which 90 % of its people in orders have arrived in the newest simulation, s; `"never"`: not within what was simulated;
    /// `null`: not simulated, or nobody has orders.
    #[schema(schema_with = crate::library::reached)]
    pub simulated_t90_s: Reached,
    /// When the last of them arrive in the newest simulation, s.
    pub simulated_last_s: Option<f64>,
    /// Begin of the first departure window, s.
    pub first_departure_s: Option<f64>,
    /// Departure of the last, s.
    pub last_departure_s: Option<f64>,
    /// When a hazard first closes it, s.
    pub hazard_s: Option<f64>,
    /// Longitude and latitude at which to look.
    pub at: Option<[f64; 2]>,
}

/// What comes to one site.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SiteFigures {
    /// Id.
    pub id: String,
    /// Row in `sites.csv` of the scenario, from 0.
    pub row: usize,
    /// Name.
    pub name: String,
    /// Holding capacity, people; `null`: without limit.
    pub capacity_people: Option<i64>,
    /// Admission rate, people/h; `null`: without limit.
    pub admission_people_h: Option<f64>,
    /// People who arrive there under the plan (replay); `null`: not known.
    pub arrived: Option<i64>,
    /// When the first arrive, s.
    pub first_arrival_s: Option<f64>,
    /// When the last arrive, s.
    pub last_arrival_s: Option<f64>,
    /// Longitude and latitude at which to look.
    pub at: Option<[f64; 2]>,
}

/// A road that was clicked.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LinkFigures {
    /// Row in `link.csv`, from 0.
    pub row: usize,
    /// Id.
    pub id: String,
    /// Road name.
    pub name: String,
    /// Road class.
    pub class: String,
    /// Figures of the road: `lanes`, `free_speed`, `length_m`, `capacity_pcu_h`, `storage_pcu`, `time_ms` ...
    pub figures: Vec<LinkFigure>,
    /// The link in the opposite direction, where there is one.
    pub opposite: Option<usize>,
    /// When it is closed, and why.
    pub closures: Vec<LinkClosure>,
    /// Who is counted, as `replay_of` of the overview; empty where there is no plan.
    pub people_of: String,
    /// People who enter it, by hour of the plan (replay); empty where there is no plan.
    pub by_hour: Vec<LinkHour>,
    /// The zones that they come from (replay), most first.
    pub zones: Vec<LinkZone>,
    /// Its rank among what sets the bound.
    pub bottleneck_rank: Option<u64>,
}

/// A figure of a road with its range and source.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LinkFigure {
    /// Column of `link.csv`.
    pub field: String,
    /// The value; `null`: none.
    pub value: Option<f64>,
    /// Low end; `null`: the value itself.
    pub low: Option<f64>,
    /// High end; `null`: the value itself.
    pub high: Option<f64>,
    /// Unit.
    pub unit: String,
    /// Where it is from. More than one: `sources.csv` has as many rules for the column, and does not say which of them gave this value.
    /// Empty: it does not say where the figure is from.
    pub sources: Vec<LinkFigureSource>,
}

/// A row of `sources.csv` about a figure of a road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkFigureSource {
    /// `published`, `derived`, `default` or `assumed`.
    pub status: String,
    /// Who states it; may be empty.
    pub source: String,
    /// How it was derived, or what is uncertain.
    pub note: String,
}

/// When a road is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkClosure {
    /// From this time, s.
    pub from_s: i64,
    /// Until this time, s; `null`: not reopened.
    pub until_s: Option<i64>,
    /// Again every so often, s.
    pub repeat_every_s: Option<i64>,
    /// Why.
    pub cause: String,
}

/// Who enters a road in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkHour {
    /// Begin of the hour, s.
    pub from_s: i64,
    /// People who enter in it.
    pub people: i64,
    /// What the road lets in while it is open, people; `null`: without limit.
    pub most_people: Option<i64>,
    /// People who enter in it in the newest simulation; `null`: not simulated.
    pub simulated_people: Option<i64>,
}

/// Who enters a road from one zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkZone {
    /// Id of the zone.
    pub id: String,
    /// Its name.
    pub name: String,
    /// People.
    pub people: i64,
}

/// What there is for every link over time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StepsInfo {
    /// Length of a step, s.
    pub step_s: f64,
    /// How many steps there are; the k-th (from 0) is about the time from `k * step_s` to the next.
    pub count: usize,
    /// How many links there are: bytes of a step.
    pub links: usize,
    /// What there is, each with what a byte says.
    pub measures: Vec<StepMeasure>,
    /// Whether it is of a simulation, on roads on which queues take space, or of the plan's replay, in which they do not.
    pub simulated: bool,
    /// Whose they are, as `replay_of` of the overview.
    pub people_of: String,
    /// People at home, on the way and arrived at the end of each step.
    pub people: Vec<PeopleAtStep>,
    /// Who is at each site at the end of each step, by the plan's replay, also of a simulation. Empty where the replay is not everybody's.
    pub sites: Vec<SiteSteps>,
}

/// Who is at one site over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SiteSteps {
    /// Id of the site.
    pub id: String,
    /// People there at the end of each step.
    pub people: Vec<i64>,
}

/// What a byte of a step says. 255: the link is closed during the whole step; in `room` and `standing` only if nobody is on it at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepMeasure {
    /// Which measure, for the address.
    pub name: StepMeasureName,
    /// What it is, in words.
    pub label: String,
    /// Unit of the value.
    pub unit: String,
    /// From the byte to the value.
    pub scale: StepScale,
}

/// From a byte to a value, as in `link_states.bin` of a simulation (`docs/reference/simulation.md`). Bytes are rounded up: only nothing
/// is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepScale {
    /// A share: byte / 250; 254: it is not known how many fit.
    Share,
    /// A number: 10^(byte / 50) - 1, so that 250 are 100,000 and more.
    Logarithm,
}

/// Where people are at the end of a step, by the plan's replay, and in a simulation how many have arrived in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeopleAtStep {
    /// In their zones.
    pub at_home: i64,
    /// On the way.
    pub on_the_way: i64,
    /// Arrived: at all sites together.
    pub arrived: i64,
    /// Arrived in the simulation, at least; `null` in a plan. Its `curve.csv` has rows at some moments only.
    pub simulated_least: Option<i64>,
    /// Arrived in the simulation, at most; the same number where the curve has a row at the end of the step.
    pub simulated_most: Option<i64>,
}

/// People over time, from `curve.csv` of a plan and of its simulation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct CurveInfo {
    /// Moments, s.
    pub time_s: Vec<f64>,
    /// What no plan can exceed, people.
    pub bound: Vec<Option<i64>>,
    /// Arrived under the plan, people.
    pub plan: Vec<Option<i64>>,
    /// Departed under the plan, people.
    pub departed: Vec<Option<i64>>,
    /// Arrived in the simulation, people; empty without one.
    pub simulated: Vec<Option<i64>>,
    /// Arrived without a plan, people; empty without one.
    pub without_plan: Vec<Option<i64>>,
}

/// Which measure of a road is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepMeasureName {
    /// People who enter, over what the road lets in.
    Flow,
    /// Vehicles on the road, over those that fit.
    Room,
    /// People who have come to the end of the road and wait for what comes next.
    Standing,
}
