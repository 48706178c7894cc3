//! `summary.json`: the figures of a plan and its bound. Keys are listed in `docs/reference/plan.md`.

use crate::{AssumptionRow, Context};
use serde::{Deserialize, Serialize};

/// The figures of a plan and what no plan can beat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Name and version of the format, `clearway-summary/2`.
    pub schema: String,
    /// Digest of the scenario.
    pub scenario: String,
    /// Name of the scenario.
    pub name: String,
    /// What kind of situation this is.
    pub context: Context,
    /// The computation was ended before it was finished: the bounds hold, there are no orders. Left out when false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// All people by outcome.
    pub people: People,
    /// Time by which all evacuees arrived, s.
    pub clearance_s: PlanAndBound,
    /// Time by which 90 % of the evacuees arrived, s.
    pub t90_s: PlanAndBound,
    /// Time of people not yet arrived, person-hours.
    pub person_hours: PlanAndBound,
    /// The same for all who have a road to a site; `None` where everybody has.
    #[serde(default)]
    pub with_access: Option<WithAccess>,
    /// plan / bound - 1.
    pub gap: Gap,
    /// Bounds at the optimistic end of all ranges.
    pub optimistic: Bounds,
    /// Bounds for plans with few routes per zone.
    pub route_limited_bound: Option<RouteLimitedBound>,
    /// The optimal flow over unlimited routes, replayed.
    pub unrestricted_routes: Option<UnrestrictedRoutes>,
    /// Waiting of people on their way.
    pub queue: Queue,
    /// Whether no link ever holds more vehicles than fit there, so that space changes none of these figures. `None`: made by a version
    /// that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spill_free: Option<bool>,
    /// Vehicles on links beyond those that fit; `None` as in `spill_free`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overflow: Option<OverflowTotals>,
    /// Why the orders are spill-free or not, where there was a choice or there is overflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spill_choice: Option<SpillChoice>,
    /// What becomes of the orders where queues take space, simulated without junctions while they were made; `None`: not simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_road: Option<OnRoad>,
    /// Waiting of one person on the whole journey; `None` as in `spill_free`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<JourneyWaiting>,
    /// What round windows cost, and that queues fit on their roads; `None`: not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prices: Option<PlanPrices>,
    /// What was assumed that could change the answer most; no figure rests on the list.
    #[serde(default)]
    pub assumptions: Vec<AssumptionRow>,
    /// Size of the network.
    pub network: NetworkSize,
    /// How many zones the scenario has.
    pub zones: u64,
    /// How many sites the scenario has.
    pub sites: u64,
    /// How many routes the plan has.
    pub routes: u64,
    /// How many movement orders the plan has.
    pub orders: u64,
    /// Step of the coarse engine, s.
    pub step_s: f64,
    /// How many threads the run used.
    pub threads: u64,
    /// Wall time of the run, s.
    pub wall_s: f64,
    /// Peak resident memory, bytes; 0 where the system does not tell.
    pub peak_rss_bytes: u64,
    /// Keys that follow from scenario, orders and certificate; a checker recomputes them.
    #[serde(default)]
    pub recomputed: Vec<String>,
    /// Keys that the planner alone computed; no checker recomputes them.
    #[serde(default)]
    pub not_recomputed: Vec<String>,
}

impl Summary {
    /// The value of `schema` that this version reads and writes.
    pub const SCHEMA: &'static str = "clearway-summary/2";
    /// Keys that a checker recomputes (`docs/reference/plan.md`).
    pub const RECOMPUTED: [&'static str; 21] = [
        "scenario",
        "name",
        "context",
        "interrupted",
        "people",
        "clearance_s",
        "t90_s",
        "person_hours",
        "with_access",
        "gap",
        "optimistic",
        "route_limited_bound",
        "queue",
        "spill_free",
        "overflow",
        "waiting",
        "network",
        "zones",
        "sites",
        "routes",
        "orders",
    ];
    /// Keys that no checker recomputes: the planner alone computed them.
    pub const NOT_RECOMPUTED: [&'static str; 9] = [
        "assumptions",
        "unrestricted_routes",
        "spill_choice",
        "on_road",
        "prices",
        "step_s",
        "threads",
        "wall_s",
        "peak_rss_bytes",
    ];
}

/// People by outcome; `total = arrived + overtaken + not_evacuated`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct People {
    /// All people at time 0.
    pub total: i64,
    /// Those who arrive at a site under the plan.
    pub arrived: i64,
    /// Those still in their zone when a hazard closes it to presence.
    pub overtaken: i64,
    /// Those who neither arrive nor are overtaken.
    pub not_evacuated: i64,
    /// Declared staying, part of `not_evacuated`.
    pub staying: i64,
}

/// A figure of the plan and the bound it cannot beat.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanAndBound {
    /// Replayed; `None` if not reached by the horizon.
    pub plan: Option<f64>,
    /// Proved; `None` if no plan reaches it by the horizon.
    pub bound: Option<f64>,
}

/// All evacuees but those without any road to a site, however open (`no_road` in `not_moved`): a few people cut off on the map would
/// otherwise leave no time at all to speak of.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WithAccess {
    /// How many they are.
    pub people: i64,
    /// Time by which so many people have arrived, s.
    pub clearance_s: PlanAndBound,
}

impl PlanAndBound {
    /// plan / bound - 1, where both exist and the bound is positive.
    pub fn gap(&self) -> Option<f64> {
        match (self.plan, self.bound) {
            (Some(plan), Some(bound)) if bound > 0.0 => Some(plan / bound - 1.0),
            _ => None,
        }
    }
}

/// plan / bound - 1 for each figure.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gap {
    /// Of the time by which all have arrived; `None` where plan or bound is not within the horizon.
    pub clearance: Option<f64>,
    /// Of the time by which 90 % have arrived; likewise.
    pub t90: Option<f64>,
    /// Of the time of people not yet arrived; likewise.
    pub person_hours: Option<f64>,
}

/// Bounds of one family.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bounds {
    /// Not all have arrived before this, s; `None`: not within the horizon.
    pub clearance_s: Option<f64>,
    /// 90 % have not arrived before this, s; `None`: not within the horizon.
    pub t90_s: Option<f64>,
    /// Time of people not yet arrived is at least this, person-hours.
    pub person_hours: Option<f64>,
}

/// Bounds for plans with at most so many routes per zone.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RouteLimitedBound {
    /// Most routes per zone that it assumes.
    pub routes_per_zone: u32,
    /// Not all have arrived before this, s; `None`: not within the horizon.
    pub clearance_s: Option<f64>,
    /// 90 % have not arrived before this, s; `None`: not within the horizon.
    pub t90_s: Option<f64>,
    /// Time of people not yet arrived is at least this, person-hours.
    pub person_hours: Option<f64>,
}

/// The optimal flow over unlimited routes, replayed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnrestrictedRoutes {
    /// All have arrived by this, s; `None`: not within the horizon.
    pub clearance_s: Option<f64>,
    /// 90 % have arrived by this, s; `None`: not within the horizon.
    pub t90_s: Option<f64>,
    /// Time of people not yet arrived, person-hours.
    pub person_hours: Option<f64>,
    /// How many routes it uses.
    pub routes: u64,
}

/// What the plan would take with the same people on the same routes, and departures placed otherwise. Computed by the planner alone, on
/// request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanPrices {
    /// Everybody leaves as soon as they are ready, by the minute, and queues take no space: what the plan is later than this is the price
    /// of windows and of queues that fit on their roads.
    pub ignoring_space: PlacedTimes,
    /// Departures placed anew so that queues fit on their roads, in windows of several lengths, the shortest first; those of the plan are
    /// among them. Empty where the plan takes queues to need no space.
    pub windows: Vec<WindowPrice>,
}

impl PlanPrices {
    /// The windows that cost least, of those whose queues fit on their roads if any do: most people there, then the fewest person-hours. As
    /// people are whole, it need not be the shortest ones.
    pub fn least(&self) -> Option<&WindowPrice> {
        self.windows.iter().min_by(|a, b| {
            let rank = |price: &WindowPrice| (!price.spill_free, -price.times.arrived);
            rank(a).cmp(&rank(b)).then(a.times.person_hours.total_cmp(&b.times.person_hours))
        })
    }
}

/// What comes of departures that are placed otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlacedTimes {
    /// 90 % of the evacuees have arrived by this, s; `None`: not within the horizon.
    pub t90_s: Option<f64>,
    /// All have arrived by this, s; `None`: not within the horizon.
    pub clearance_s: Option<f64>,
    /// Time of people not yet arrived, person-hours.
    pub person_hours: f64,
    /// People who arrive.
    pub arrived: i64,
}

/// What comes of departures in windows of some length.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WindowPrice {
    /// Length of the windows asked for, s.
    pub window_s: f64,
    /// Length of the windows made, s: several together where there would be too many.
    pub made_s: f64,
    /// Whether no link ever holds more vehicles than fit there.
    pub spill_free: bool,
    /// When people arrive.
    #[serde(flatten)]
    pub times: PlacedTimes,
}

/// Waiting in the replay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Queue {
    /// Time that people wait, all together, person-hours.
    pub person_hours: f64,
    /// Element with the longest wait, `link:ID`, `connector:ID` or `site:ID`; empty if nobody waits.
    pub longest_link: String,
    /// The longest wait of any packet, s.
    pub longest_s: f64,
}

/// Vehicles on links beyond those that fit, all links together.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverflowTotals {
    /// Integral over time of the vehicles beyond the room of their link, vehicle-minutes.
    pub vehicle_min: f64,
    /// How many links ever hold more than fit.
    pub links: u64,
}

/// What becomes of orders on roads on which queues take space, simulated before they are a plan, and what was changed for it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OnRoad {
    /// Of the orders of the plan.
    pub after: OnRoadFigures,
    /// Share of every capacity that the orders leave unused, 0 to 1, since the last would be late by far; 0: nowhere but on some links.
    #[serde(default)]
    pub spared_share: f64,
    /// Links that the orders use less than others, since people would wait for them; 0: none.
    pub spared_links: u64,
    /// How often departures were metered anew and simulated.
    pub rounds: u64,
    /// Of the first orders; `None`: they stayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<OnRoadFigures>,
}

/// Simulated figures of orders.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OnRoadFigures {
    /// When 90 % of the evacuees have arrived, s; null: not within the horizon.
    pub t90_s: Option<f64>,
    /// When all have, s; null: not within the horizon.
    pub t100_s: Option<f64>,
    /// Waiting after departure of one person in an order, the mean, min.
    pub waiting_min: f64,
}

/// Why orders are spill-free or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpillChoice {
    /// What it is.
    pub reason: SpillReason,
    /// How many people it is about; 0 where it is about nobody in particular.
    pub people: i64,
}

/// What decides whether orders are spill-free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SpillReason {
    /// It was asked for orders that ignore space.
    SpaceIgnored,
    /// Ways open again and again for a short time, so that people wait where they open.
    Timetable,
    /// So many people more arrive, also where queues take space, than by the spill-free orders that were found.
    MoreArrive,
    /// Spill-free orders do not bring everybody; so many people more would arrive if queues took no space, but not where they do.
    OnPaperOnly,
    /// No orders without overflow were found.
    NoneFound,
}

/// A row of `overflow.csv`: a link that holds more vehicles than fit there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverflowingLink {
    /// The link.
    pub link_id: String,
    /// Its name, may be empty.
    pub name: String,
    /// Vehicles that fit there.
    pub room_vehicles: u32,
    /// Most vehicles on it at any one time.
    pub peak_vehicles: f64,
    /// Integral over time of the vehicles beyond those that fit, vehicle-minutes.
    pub overflow_vehicle_min: f64,
    /// When it first holds more than fit, s.
    pub from_s: f64,
    /// When it holds more than fit for the last time, s.
    pub until_s: f64,
}

/// Waiting of one person on the whole journey after departure, before all elements together.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JourneyWaiting {
    /// Mean of all people in orders, min.
    pub mean_min: f64,
    /// What 95 of 100 people in orders do not exceed, min: the waiting of the person who is the ceil(0.95 N)th of N by it.
    pub p95_min: f64,
    /// The longest, min.
    pub longest_min: f64,
    /// The part of all waiting in which the element that is waited for is closed, person-hours.
    pub closed_person_hours: f64,
}

/// Size of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NetworkSize {
    /// How many links it has.
    pub links: u64,
    /// How many nodes it has.
    pub nodes: u64,
}
