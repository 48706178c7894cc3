//! `replan.json`: what was counted, which options there are, who is told something else.

use clearway_model::{Bounds, OverflowTotals};
use clearway_replan::{ChangedOrder, Contradiction, CountOrigin};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `replan.json`: a new plan of what is left of an old one. Times with `_s` are from the start of the new plan, as in its
/// `summary.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ReplanReport {
    /// Name and version of the format, `clearway-replan/1`.
    pub schema: String,
    /// Program and version that made it.
    pub tool: String,
    /// Digest of the scenario of the old plan.
    pub old_scenario: String,
    /// Digest of the scenario of what is left.
    pub scenario: String,
    /// When the new plan begins, ms from the start of the old one.
    pub at_ms: i64,
    /// The same as a clock time, RFC 3339.
    pub at: String,
    /// People by where they are.
    pub people: PeopleNow,
    /// How many places were counted; all others are by the plan.
    pub counted_places: u64,
    /// Places that were counted, or where the new plan has other people than the old one expects.
    pub places: Vec<PlaceNow>,
    /// Counts that cannot all be right.
    pub contradictions: Vec<Contradiction>,
    /// What has become of roads and sites, a sentence each.
    pub reported: Vec<String>,
    /// People who should have left by the old plan, are still there and are in an order of the plan that keeps orders.
    pub late_people: i64,
    /// People more than the old plan knew of who are in an order of the plan that keeps orders.
    pub added_people: i64,
    /// What no plan of the rest can beat.
    pub bound: Bounds,
    /// The ways to go on, the one that keeps orders first.
    pub options: Vec<ReplanOption>,
    /// Which of them the folder holds.
    pub chosen: OptionName,
    /// Why the orders that were given are the only option; `None`: others were tried.
    #[serde(default)]
    pub untried: Option<UntriedReason>,
    /// How far the search that the orders come from was above the person-hours of its own bound, a share of them; `None`: it is not known.
    #[serde(default)]
    pub search_excess_share: Option<f64>,
    /// What keeping the orders costs.
    pub price_of_stability: StabilityPrice,
    /// What it is held against; `None`: nothing was given.
    pub deadline: Option<DeadlineAnswer>,
    /// Whether nobody is overtaken, everybody who is to leave and has a road arrives, and the deadline is kept.
    pub holds: bool,
    /// Who is told something else in the chosen option than in the old plan.
    pub instructions: Vec<ChangedOrder>,
}

impl ReplanReport {
    /// The value of `schema` that this version writes.
    pub const SCHEMA: &'static str = "clearway-replan/1";
}

/// People by where they are when the new plan begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeopleNow {
    /// In zones when the old plan began, as corrected.
    pub at_start: i64,
    /// Still in zones, those who stay included.
    pub waiting: i64,
    /// On the way.
    pub on_the_way: i64,
    /// Admitted at sites.
    pub arrived: i64,
    /// Too many (or, negative, too few) in all, that nothing takes up.
    pub unaccounted: i64,
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKindNow {
    /// People still in a zone.
    Waiting,
    /// People on a link or connector, all together.
    OnRoad,
    /// People admitted at a site.
    Arrived,
}

/// People at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceNow {
    /// What it is.
    pub what: PlaceKindNow,
    /// Id of the zone, link, connector or site.
    pub id: String,
    /// Its name, may be empty.
    pub name: String,
    /// How many there are taken to be.
    pub people: i64,
    /// Low end.
    pub people_low: i64,
    /// High end.
    pub people_high: i64,
    /// What the old plan has there.
    pub expected_people: i64,
    /// How many more there are than when they were counted, by the plan.
    pub brought_forward_people: i64,
    /// Whether somebody counted.
    pub origin: CountOrigin,
}

/// What an option does with the orders that were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OptionName {
    /// Orders stay; only who cannot arrive by theirs is told something else.
    Keep,
    /// Routes stay where no change brings a clear gain; departures are made anew.
    Near,
    /// Planned as if no orders had been given.
    Free,
}

/// Why nothing but the orders that were given was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UntriedReason {
    /// It was asked for.
    NotAsked,
    /// The bound proves that another plan saves less than it has to.
    CannotPay,
    /// Another plan would have to come nearer to the bound than the last search did.
    NotExpected,
}

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplanOption {
    /// Which.
    pub option: OptionName,
    /// When 90 % of those who are left have arrived, s; `None`: not within the horizon.
    pub t90_s: Option<f64>,
    /// When all of them have, s; `None`: not within the horizon.
    pub clearance_s: Option<f64>,
    /// Time until arrival, all together, person-hours.
    pub person_hours: f64,
    /// People who arrive.
    pub arrived: i64,
    /// People overtaken by a hazard.
    pub overtaken: i64,
    /// People not evacuated, those who stay included.
    pub not_evacuated: i64,
    /// Whether queues fit on their roads.
    pub spill_free: Option<bool>,
    /// Links that hold more vehicles than fit there, and by how much; `None` as in `spill_free`.
    #[serde(default)]
    pub overflow: Option<OverflowTotals>,
    /// People who are told something else than in the old plan.
    pub changed_people: i64,
    /// Those of them who leave at another time by the same route.
    pub changed_time_people: i64,
    /// Those who take another route to the same site.
    pub changed_route_people: i64,
    /// Those who go to another site.
    pub changed_site_people: i64,
    /// Those who had no order, or have none any more.
    pub changed_order_people: i64,
    /// Zones (and groups on the way) in which anybody is told something else.
    pub changed_zones: u64,
}

/// What keeping orders costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StabilityPrice {
    /// How much later 90 % have arrived than with the best option found, h; negative: sooner. `None`: there is no other, or one does not get there.
    pub t90_h: Option<f64>,
    /// The same of all.
    pub clearance_h: Option<f64>,
    /// Person-hours more than with the best option found.
    pub person_hours: Option<f64>,
    /// No plan whatever has 90 % there more than this sooner, h.
    pub t90_at_most_h: Option<f64>,
    /// The same of all.
    pub clearance_at_most_h: Option<f64>,
    /// No plan whatever saves more than this for each of those who arrive by the orders that were given, on average, min.
    pub saved_at_most_min: Option<f64>,
}

/// A deadline against plan and bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeadlineAnswer {
    /// It, ms from the start of the old plan.
    pub deadline_ms: i64,
    /// Whether the chosen option has everybody there by then.
    pub plan_holds: bool,
    /// Whether it is proved that no plan of the rest has everybody there by then.
    pub is_excluded: bool,
    /// What is left between the last arrival and the deadline, s; negative: so much too late. `None`: not everybody arrives.
    pub slack_s: Option<f64>,
}
