//! The figures of a plan as recomputed from the scenario.

use crate::bounds::ninety_percent;
use crate::certificate::CheckedFamily;
use crate::elements::CaseElements;
use crate::loading::{LoadingResult, element_name};
use crate::number::{count, real, real_sum};
use crate::raw::RawScenario;
use clearway_model::{
    Bounds, Case, Gap, JourneyWaiting, NetworkSize, Outcome, OverflowTotals, People, Plan, PlanAndBound,
    Queue, Reason, RouteLimitedBound, WithAccess,
};

/// How much a check looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct CheckedCounts {
    /// People of all zones of the scenario, those who stay among them.
    pub people: i64,
    /// Movement orders in `plan.json`.
    pub orders: u64,
    /// Routes in `plan.json`, used by an order or not.
    pub routes: u64,
    /// Packets of people in the network loading; 0 where the orders could not be loaded.
    pub packets: u64,
    /// Entries of a packet into a link, connector or site.
    pub events: u64,
    /// Cuts evaluated, all families together.
    pub cuts: u64,
    /// Rows of `curve.csv` compared.
    pub curve_rows: u64,
}

/// The bounds that one family of cuts proves. Times in s; `None`: no plan gets there by the horizon.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FamilyFigures {
    /// Name in the certificate: `central`, `optimistic`, `routes-5`.
    pub family: String,
    /// Which value of each range.
    pub case: Case,
    /// Most routes per zone of the plans for which it holds; `None`: it holds for all plans.
    pub routes_per_zone: Option<u32>,
    /// How many cuts it has.
    pub cuts: u64,
    /// All evacuees of the case.
    pub evacuees: i64,
    /// Bound on the time by which all evacuees arrived.
    pub clearance_s: Option<f64>,
    /// Bound on the time by which 90 % arrived.
    pub t90_s: Option<f64>,
    /// Least time until arrival, summed over all evacuees, person-hours; `None` if the grid has too many steps to sum over.
    pub person_hours: Option<f64>,
}

/// The figures of `summary.json` that follow from the scenario, the orders and the certificate.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct RecomputedFigures {
    /// People by what becomes of them.
    pub people: People,
    /// Time by which all evacuees arrived, s.
    pub clearance_s: PlanAndBound,
    /// Time by which 90 % arrived, s.
    pub t90_s: PlanAndBound,
    /// Time of people not yet arrived, person-hours.
    pub person_hours: PlanAndBound,
    /// The same for all who have a road to a site; `None` where nobody is said to have none.
    pub with_access: Option<WithAccess>,
    /// By how much the plan is above the bounds: plan / bound - 1.
    pub gap: Gap,
    /// Bounds at the optimistic end of all ranges; `None` without that family.
    pub optimistic: Option<Bounds>,
    /// Bounds under the plan's limit on routes; `None` without limit or family.
    pub route_limited_bound: Option<RouteLimitedBound>,
    /// How long people wait before links, connectors and admissions.
    pub queue: Queue,
    /// Whether no link ever holds more vehicles than fit there; `None`, as the two after it: the orders could not be loaded.
    pub spill_free: Option<bool>,
    /// Vehicles on links beyond those that fit.
    pub overflow: Option<OverflowTotals>,
    /// Waiting of one person on the whole journey.
    pub waiting: Option<JourneyWaiting>,
    /// Size of the network.
    pub network: NetworkSize,
    /// Zones of the scenario.
    pub zones: u64,
    /// Sites of the scenario.
    pub sites: u64,
    /// Routes of the plan.
    pub routes: u64,
    /// Orders of the plan.
    pub orders: u64,
    /// What each family proves.
    pub families: Vec<FamilyFigures>,
}

/// A time in ms as seconds. Times of a scenario are whole and below 2^53, so both are exact up to the one rounding of the division.
pub(crate) fn seconds(ms: i64) -> f64 {
    real(ms) / 1000.0
}

impl RecomputedFigures {
    /// Puts the figures together. Without a loading those of the plan are `None`.
    pub(crate) fn of(
        raw: &RawScenario,
        elements: &CaseElements,
        plan: &Plan,
        replayed: Option<&LoadingResult>,
        families: &[CheckedFamily],
        grid_ms: i64,
    ) -> Self {
        let list: Vec<FamilyFigures> =
            families.iter().map(|family| FamilyFigures::of(raw, family, grid_ms)).collect();
        let find = |name: &str| list.iter().find(|family| family.family == name);
        let central = of_all_plans(families, &list);
        let evacuees = elements.all_evacuees;
        let ninety = ninety_percent(evacuees);

        // nobody to move: reached at the start
        let reached = |people: i64| match replayed {
            Some(_) if people == 0 => Some(0.0),
            Some(replay) => {
                let at = replay.arrived.partition_point(|row| row.1 < people);
                replay.arrived.get(at).map(|row| seconds(row.0))
            }
            None => None,
        };
        let clearance_s =
            PlanAndBound { plan: reached(evacuees), bound: central.and_then(|bounds| bounds.clearance_s) };
        let t90_s = PlanAndBound { plan: reached(ninety), bound: central.and_then(|bounds| bounds.t90_s) };
        let hours = replayed.map(|replay| {
            let missing = i128::from(evacuees - replay.all_arrived());
            let person_ms = replay.person_ms + missing * i128::from(raw.settings.horizon_ms);
            real_sum(person_ms) / 3.6e6
        });
        let person_hours =
            PlanAndBound { plan: hours, bound: central.and_then(|bounds| bounds.person_hours) };
        // Whether they really have none is for the orders to show.
        let cut_off = plan.not_moved.iter().filter(|entry| entry.reason == Reason::NoRoad);
        let cut_off = cut_off.fold(0i64, |sum, entry| sum.saturating_add(entry.people));
        let others = evacuees.saturating_sub(cut_off);
        let with_access = (cut_off > 0 && others > 0).then(|| {
            let family = families.iter().find(|family| family.family == "central");
            let bound = family.and_then(|family| family.earliest(raw, others).0).map(seconds);
            WithAccess { people: others, clearance_s: PlanAndBound { plan: reached(others), bound } }
        });
        let limited =
            plan.routes_per_zone.and_then(|routes| Some((routes, find(&format!("routes-{routes}"))?)));
        Self {
            people: people(elements, plan, replayed),
            gap: Gap { clearance: clearance_s.gap(), t90: t90_s.gap(), person_hours: person_hours.gap() },
            clearance_s,
            t90_s,
            person_hours,
            with_access,
            optimistic: find("optimistic").map(FamilyFigures::bounds),
            route_limited_bound: limited.map(|(routes_per_zone, family)| {
                // plans with few routes are among all plans
                let bounds = central.map_or(family.bounds(), |all| stricter(all, family.bounds()));
                let Bounds { clearance_s, t90_s, person_hours } = bounds;
                RouteLimitedBound { routes_per_zone, clearance_s, t90_s, person_hours }
            }),
            queue: replayed.map(|replay| queue(raw, replay)).unwrap_or_default(),
            // these come from the people on the links
            spill_free: None,
            overflow: None,
            waiting: None,
            network: NetworkSize { links: count(raw.links.len()), nodes: count(raw.nodes.list.len()) },
            zones: count(raw.zones.len()),
            sites: count(raw.sites.len()),
            routes: count(plan.routes.len()),
            orders: count(plan.orders.len()),
            families: list,
        }
    }
}

/// What holds for all plans of the central case: what its family proves, or, where that is more, what is proved for the optimistic
/// case. A plan of the central case is one there too, with some of its people left out; 90 % of the people are the same people only
/// where every zone has as many in both.
fn of_all_plans(families: &[CheckedFamily], list: &[FamilyFigures]) -> Option<Bounds> {
    let of = |name: &str| families.iter().zip(list).find(|(family, _)| family.family == name);
    let (central, figures) = of("central")?;
    let Some((optimistic, helped)) = of("optimistic") else { return Some(figures.bounds()) };
    let mut helped = helped.bounds();
    if optimistic.network.elements.evacuees != central.network.elements.evacuees {
        helped.t90_s = Some(0.0);
    }
    Some(stricter(figures.bounds(), helped))
}

/// The later time and the larger sum of two bounds that both hold; no time at all is later than any.
fn stricter(a: Bounds, b: Bounds) -> Bounds {
    let later = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a.max(b));
    let larger = |a: Option<f64>, b: Option<f64>| a.into_iter().chain(b).reduce(f64::max);
    Bounds {
        clearance_s: later(a.clearance_s, b.clearance_s),
        t90_s: later(a.t90_s, b.t90_s),
        person_hours: larger(a.person_hours, b.person_hours),
    }
}

/// Says where a figure of the plan is ahead of what no plan can beat. The cuts were held against the arrivals before; this is about
/// the figures made of them.
pub(crate) fn check_not_ahead(
    figures: &RecomputedFigures,
    most_routes: usize,
    findings: &mut crate::finding::CheckFindings,
) {
    let mut of = |name: &str, plan: Option<f64>, bound: Option<f64>, tolerance: f64| {
        let is_ahead = match (plan, bound) {
            (Some(plan), Some(bound)) => plan < bound - tolerance,
            (Some(_), None) => tolerance == 0.0,
            (None, _) => false,
        };
        if is_ahead {
            let (plan, bound) = (plan.map_or(String::new(), |p| p.to_string()), bound.map(|b| b.to_string()));
            let bound = bound.unwrap_or_else(|| "never".to_owned());
            findings.add("bound.beaten", name, plan, bound, "the plan is ahead of what no plan can beat");
        }
    };
    let class =
        figures.route_limited_bound.filter(|class| count(most_routes) <= class.routes_per_zone.into());
    let class = class.map(|c| (c.clearance_s, c.t90_s, c.person_hours));
    let (all, ninety, hours) = (figures.clearance_s, figures.t90_s, figures.person_hours);
    let everybody = figures.people.total > figures.people.staying;
    if everybody {
        of("clearance_s", all.plan, all.bound, 0.0);
        of("t90_s", ninety.plan, ninety.bound, 0.0);
    }
    if let Some(rest) = figures.with_access {
        of("with_access.clearance_s", rest.clearance_s.plan, rest.clearance_s.bound, 0.0);
    }
    // sums of many products are rounded
    let rounding = 1e-9 * hours.plan.unwrap_or(0.0) + 1e-6;
    of("person_hours", hours.plan, hours.bound, rounding);
    if let Some((clearance, t90, person_hours)) = class {
        if everybody {
            of("route_limited_bound.clearance_s", all.plan, clearance, 0.0);
            of("route_limited_bound.t90_s", ninety.plan, t90, 0.0);
        }
        of("route_limited_bound.person_hours", hours.plan, person_hours, rounding);
    }
}

impl FamilyFigures {
    fn bounds(&self) -> Bounds {
        Bounds { clearance_s: self.clearance_s, t90_s: self.t90_s, person_hours: self.person_hours }
    }

    fn of(raw: &RawScenario, family: &CheckedFamily, grid_ms: i64) -> Self {
        let evacuees = family.network.elements.all_evacuees;
        Self {
            family: family.family.clone(),
            case: family.case,
            routes_per_zone: family.routes_per_zone,
            cuts: count(family.cuts.len()),
            evacuees,
            clearance_s: family.clearance_s(raw),
            t90_s: family.earliest(raw, ninety_percent(evacuees)).0.map(seconds),
            person_hours: family.person_hours(raw, grid_ms),
        }
    }
}

fn people(elements: &CaseElements, plan: &Plan, replayed: Option<&LoadingResult>) -> People {
    let sum = |keep: fn(&clearway_model::NotMoved) -> bool| {
        plan.not_moved.iter().filter(|e| keep(e)).fold(0i64, |sum, e| sum.saturating_add(e.people))
    };
    People {
        total: elements.people.iter().sum(),
        arrived: replayed.map_or(0, LoadingResult::all_arrived),
        overtaken: sum(|entry| entry.outcome == Outcome::Overtaken),
        not_evacuated: sum(|entry| entry.outcome == Outcome::NotEvacuated),
        staying: sum(|entry| entry.reason == Reason::Stays),
    }
}

fn queue(raw: &RawScenario, replay: &LoadingResult) -> Queue {
    let longest = replay.longest.iter().copied().max().unwrap_or(0);
    let at = replay.longest.iter().position(|wait| *wait == longest).filter(|_| longest > 0);
    Queue {
        person_hours: real_sum(replay.waited) / 3.6e9,
        longest_link: at.map(|at| element_name(raw, at)).unwrap_or_default(),
        longest_s: real(longest) / 1e6,
    }
}
