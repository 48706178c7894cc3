//! The new plan: the scenario of the rest, the options, the one that is taken.

use super::old_plan::OldPlan;
use super::places::{people, places};
use super::report::{DeadlineAnswer, OptionName, ReplanOption, ReplanReport, StabilityPrice, UntriedReason};
use super::{ReplanEffort, ReplanRequest, Replanned};
use crate::artifacts::Files;
use crate::error::Error;
use crate::load::{LoadedScenario, load};
use crate::plan::{PlanRequest, WantedAnswer, options, solve};
use crate::session::Session;
use clearway_formats::{assumptions, scenario_folder};
use clearway_model::number::{float, length};
use clearway_model::time::{MS_PER_HOUR, seconds};
use clearway_model::{Bounds, Faults, MemoryStore, Outcome, OverlaidStore, Plan, Reason, Scenario, TOOL};
use clearway_plan::{EarlierProof, EarlyEnd, PlanAnswer, PlanOptions, answer_keeping};
use clearway_replan::{
    InstructionChange, InstructionChanges, KeptOrders, Observations, PlanState, RestError, RestTask,
    Situation, changed_instructions, kept_orders, rest_scenario,
};
use clearway_report::{RowLookup, ScenarioClock, route_via};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Longest window in which people leave who are planned anew, ms: those on the way cannot wait for long ones.
const NEW_WINDOW_MS: i64 = 300_000;

/// An option with its plan.
struct TriedOption {
    name: OptionName,
    answer: PlanAnswer,
    changes: InstructionChanges,
}

/// Makes the new plan.
pub(super) fn make(
    session: &Session,
    old: &OldPlan,
    now: &PlanState,
    situation: &Situation,
    observed: &Observations,
    request: &ReplanRequest,
) -> Result<Replanned, Error> {
    let task = RestTask { scenario: &old.scenario, network: &old.network, situation, observed };
    let mut rest = rest_scenario(task).map_err(|error| match error {
        RestError::Time { .. } => Error::Request(error.to_string()),
        other => Error::Internal(other.to_string()),
    })?;
    let loaded = rest_loaded(old, &rest.scenario, request.at_ms)?;
    rest.scenario = (*loaded.scenario).clone();
    session.go_on()?;
    let kept = kept_orders(&old.plan, &old.carried, now, situation, &rest);
    let (tried, untried) = try_options(session, &loaded, old, &kept, request)?;
    let wanted = request.take.and_then(|name| tried.iter().position(|option| option.name == name));
    let chosen = wanted.unwrap_or_else(|| chosen(&tried, request.worth_min));
    let holding = Holding::of(&tried[chosen].answer, request, old.scenario.settings.horizon_ms);
    let report = ReplanReport {
        schema: ReplanReport::SCHEMA.to_owned(),
        tool: TOOL.to_owned(),
        old_scenario: old.plan.scenario.clone(),
        scenario: loaded.scenario.digest.clone(),
        at_ms: request.at_ms,
        at: ScenarioClock::new(&old.scenario.settings).rfc3339(request.at_ms),
        people: people(situation),
        counted_places: length(situation.counted_places()).unsigned_abs(),
        places: places(old, situation),
        contradictions: situation.contradictions.clone(),
        reported: rest.sentences.clone(),
        late_people: kept.late,
        added_people: kept.added,
        bound: holding.bound,
        options: tried.iter().map(option_row).collect(),
        chosen: tried[chosen].name,
        untried,
        search_excess_share: old.search_excess,
        price_of_stability: price(&tried),
        deadline: holding.deadline,
        holds: holding.holds,
        instructions: tried[chosen].changes.rows.clone(),
    };
    let answer = tried
        .into_iter()
        .nth(chosen)
        .map(|option| option.answer)
        .ok_or_else(|| Error::Internal("no option".to_owned()))?;
    Ok(Replanned { loaded, report, warnings: Faults::default(), answer, given: kept.given })
}

/// The scenario of the rest as a folder that was read back and checked.
fn rest_loaded(old: &OldPlan, rest: &Scenario, at_ms: i64) -> Result<LoadedScenario, Error> {
    let extra: Vec<(&str, Vec<u8>)> = old
        .geojson
        .iter()
        .map(|(name, bytes)| {
            let bytes = if name == "hazards.geojson" { shifted_hazards(bytes, at_ms) } else { bytes.clone() };
            (name.as_str(), bytes)
        })
        .collect();
    let (files, _) = scenario_folder(rest, &extra)?;
    let files: Files = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    let store: MemoryStore = files.into_iter().collect();
    let nothing = MemoryStore::default();
    let mut loaded = load(&OverlaidStore::new(&store, &nothing)).map_err(|error| match error {
        Error::Invalid { faults, .. } => {
            Error::Invalid { of: "what is left is no scenario that can be planned".to_owned(), faults }
        }
        other => other,
    })?;
    loaded.label = format!("what is left of {}", old.label);
    // shapes of zones and sites are those of the old plan
    loaded.shapes.zones = loaded.shapes.zones.or_else(|| old.shapes.zones.clone());
    loaded.shapes.sites = loaded.shapes.sites.or_else(|| old.shapes.sites.clone());
    Ok(loaded)
}

/// Hazards with times from the new start on; as they are where they cannot be read.
fn shifted_hazards(bytes: &[u8], at_ms: i64) -> Vec<u8> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(mut value) = serde_json::from_slice::<serde_json::Value>(text) else { return bytes.to_vec() };
    if let Some(features) = value["features"].as_array_mut() {
        features
            .retain(|feature| feature["properties"]["until_ms"].as_i64().is_none_or(|until| until > at_ms));
        for feature in features {
            for key in ["from_ms", "until_ms"] {
                if let Some(time) = feature["properties"][key].as_i64() {
                    feature["properties"][key] = serde_json::json!((time - at_ms).max(0));
                }
            }
        }
    }
    serde_json::to_vec(&value).unwrap_or_else(|_| bytes.to_vec())
}

/// The options, the one that keeps orders first, and why it is the only one if it is.
fn try_options(
    session: &Session,
    loaded: &LoadedScenario,
    old: &OldPlan,
    orders: &KeptOrders,
    request: &ReplanRequest,
) -> Result<(Vec<TriedOption>, Option<UntriedReason>), Error> {
    let scenario = &loaded.scenario;
    // people were told what stood before anybody was late
    let (kept, given) = (&orders.plan, &orders.given);
    let plan_request = PlanRequest {
        routes_per_zone: old.plan.routes_per_zone,
        window_ms: old.plan.window_ms.max(1000),
        packet_people: Some(old.plan.packet_people),
        ..PlanRequest::default()
    };
    let lookup = RowLookup::new(scenario, None);
    let ids: Vec<(&str, &str)> =
        scenario.zones.iter().map(|zone| (zone.zone_id.as_str(), zone.name.as_str())).collect();
    let compared = |name: OptionName, answer: PlanAnswer| {
        let via = |is_new: bool, route_id: &str| {
            let plan = if is_new { &answer.plan } else { given };
            let route = plan.routes.iter().find(|route| route.route_id == route_id);
            route.map_or_else(String::new, |route| route_via(route, &lookup).join("; "))
        };
        let changes = changed_instructions(given, &answer.plan, &ids, &via);
        TriedOption { name, answer, changes }
    };
    let known = old.certificate.as_ref().map_or_else(EarlierProof::default, |certificate| {
        EarlierProof::later(certificate, request.at_ms, old.plan.routes_per_zone)
    });
    let keeping = options(session, scenario, &plan_request, None)?;
    let mut tried =
        vec![compared(OptionName::Keep, solve_keeping(session, scenario, &keeping, kept, &known)?)];
    let untried = match request.effort {
        ReplanEffort::Keep => Some(UntriedReason::NotAsked),
        ReplanEffort::AsNeeded if request.take.is_some_and(|name| name != OptionName::Keep) => None,
        ReplanEffort::AsNeeded => no_need(&tried[0], old, request),
        ReplanEffort::All => None,
    };
    if untried.is_some() {
        return Ok((tried, untried));
    }
    let anew = PlanRequest { window_ms: plan_request.window_ms.min(NEW_WINDOW_MS), ..plan_request };
    for (name, like) in
        [(OptionName::Near, Some(Arc::new(tried[0].answer.plan.clone()))), (OptionName::Free, None)]
    {
        let options = options(session, scenario, &anew, like)?;
        let solved = solve(session, scenario, &options, WantedAnswer::Orders)?;
        if solved.cancelled {
            return Err(Error::Cancelled(None));
        }
        tried.push(compared(name, solved.answer));
    }
    Ok((tried, None))
}

/// Why another plan need not be tried, if it need not: everybody who can arrives by the orders that were given, in time if any plan is,
/// and what is left to win is too little. Another plan tells nearly everybody something else.
fn no_need(kept: &TriedOption, old: &OldPlan, request: &ReplanRequest) -> Option<UntriedReason> {
    let holding = Holding::of(&kept.answer, request, old.scenario.settings.horizon_ms);
    let is_in_time = holding.deadline.is_none_or(|deadline| deadline.plan_holds || deadline.is_excluded);
    if holding.behind > 0 || !is_in_time {
        return None;
    }
    if saved_at_most_min(&kept.answer).is_some_and(|saved_min| saved_min < request.worth_min) {
        return Some(UntriedReason::CannotPay);
    }
    let expected_min = expected_min(kept, old.search_excess?)?;
    (expected_min < request.worth_min).then_some(UntriedReason::NotExpected)
}

/// What a plan that is as far above its bound as the last search was would save for each of those who keep their orders otherwise, min.
fn expected_min(kept: &TriedOption, search_excess: f64) -> Option<f64> {
    let summary = &kept.answer.summary;
    let saved_h = summary.person_hours.plan? - summary.person_hours.bound? * (1.0 + search_excess);
    let told = (summary.people.arrived - kept.changes.people()).max(1);
    Some(saved_h.max(0.0) * 60.0 / float(told))
}

/// What no plan saves more than for each of those who arrive by the orders that were given, on average, min.
fn saved_at_most_min(kept: &PlanAnswer) -> Option<f64> {
    let summary = &kept.summary;
    let saved_h = summary.person_hours.plan? - summary.person_hours.bound?;
    let people = summary.people.arrived;
    (people > 0).then(|| saved_h.max(0.0) * 60.0 / float(people))
}

/// The plan in which orders stay.
fn solve_keeping(
    session: &Session,
    scenario: &Scenario,
    options: &PlanOptions,
    kept: &Plan,
    known: &EarlierProof,
) -> Result<PlanAnswer, Error> {
    let early = EarlyEnd::new(session.cancel().clone());
    let progress = session.progress();
    let tell = |stage: &str, share: f64| progress.tell(stage, share);
    let mut answer = answer_keeping(scenario, options, kept, known, &early, &tell)?;
    answer.summary.assumptions = assumptions(scenario);
    answer.summary.threads = options.threads as u64;
    Ok(answer)
}

/// The option that is taken: orders are kept unless another brings more people, or saves enough for each person who is told something
/// else and need not be.
fn chosen(tried: &[TriedOption], worth_min: f64) -> usize {
    let keep = &tried[0];
    let mut best = 0;
    for (at, option) in tried.iter().enumerate().skip(1) {
        let (mine, kept) = (&option.answer.summary, &keep.answer.summary);
        let more = mine.people.arrived > kept.people.arrived;
        let as_many = mine.people.arrived == kept.people.arrived;
        let saved_h = kept.person_hours.plan.unwrap_or(0.0) - mine.person_hours.plan.unwrap_or(f64::INFINITY);
        let told = (option.changes.people() - keep.changes.people()).max(1);
        let pays = as_many && saved_h > 0.0 && saved_h * 60.0 / float(told) >= worth_min;
        if !(more || pays) {
            continue;
        }
        let of = |at: usize| &tried[at].answer.summary;
        let is_better = best == 0
            || of(at).people.arrived > of(best).people.arrived
            || (of(at).people.arrived == of(best).people.arrived
                && of(at).person_hours.plan.unwrap_or(f64::INFINITY)
                    < of(best).person_hours.plan.unwrap_or(f64::INFINITY));
        if is_better {
            best = at;
        }
    }
    best
}

fn option_row(option: &TriedOption) -> ReplanOption {
    let (summary, changes) = (&option.answer.summary, &option.changes);
    let zones: BTreeSet<&str> = changes.rows.iter().map(|row| row.zone_id.as_str()).collect();
    ReplanOption {
        option: option.name,
        t90_s: summary.t90_s.plan,
        clearance_s: summary.clearance_s.plan,
        person_hours: summary.person_hours.plan.unwrap_or(0.0),
        arrived: summary.people.arrived,
        overtaken: summary.people.overtaken,
        not_evacuated: summary.people.not_evacuated,
        spill_free: summary.spill_free,
        overflow: summary.overflow,
        changed_people: changes.people(),
        changed_time_people: changes.of(InstructionChange::Time),
        changed_route_people: changes.of(InstructionChange::Route),
        changed_site_people: changes.of(InstructionChange::Site),
        changed_order_people: changes.of(InstructionChange::New) + changes.of(InstructionChange::Withdrawn),
        changed_zones: length(zones.len()).unsigned_abs(),
    }
}

/// What keeping orders costs, against the best that was found and against what is proved.
fn price(tried: &[TriedOption]) -> StabilityPrice {
    let keep = &tried[0].answer.summary;
    let hours = |kept: Option<f64>, other: Option<f64>| Some((kept? - other?) / seconds(MS_PER_HOUR));
    let least = |of: &dyn Fn(&PlanAnswer) -> Option<f64>| {
        tried[1..].iter().filter_map(|option| of(&option.answer)).min_by(f64::total_cmp)
    };
    StabilityPrice {
        t90_h: hours(keep.t90_s.plan, least(&|answer| answer.summary.t90_s.plan)),
        clearance_h: hours(keep.clearance_s.plan, least(&|answer| answer.summary.clearance_s.plan)),
        person_hours: least(&|answer| answer.summary.person_hours.plan)
            .and_then(|best| Some(keep.person_hours.plan? - best)),
        t90_at_most_h: hours(keep.t90_s.plan, keep.t90_s.bound),
        clearance_at_most_h: hours(keep.clearance_s.plan, keep.clearance_s.bound),
        saved_at_most_min: saved_at_most_min(&tried[0].answer),
    }
}

/// Whether the new plan holds what it is under.
struct Holding {
    bound: Bounds,
    deadline: Option<DeadlineAnswer>,
    /// People left behind other than those who stay or have no road.
    behind: i64,
    holds: bool,
}

impl Holding {
    fn of(answer: &PlanAnswer, request: &ReplanRequest, horizon_ms: i64) -> Self {
        let summary = &answer.summary;
        let clearance = summary.clearance_s;
        let deadline = request.deadline_ms.map(|deadline_ms| {
            let left_s = seconds(deadline_ms - request.at_ms);
            DeadlineAnswer {
                deadline_ms,
                plan_holds: clearance.plan.is_some_and(|plan| plan <= left_s),
                // before the bound not everybody is there, at it everybody may be; none: not within the horizon
                is_excluded: match clearance.bound {
                    Some(bound) => bound > left_s,
                    None => deadline_ms <= horizon_ms,
                },
                slack_s: clearance.plan.map(|plan| left_s - plan),
            }
        });
        let is_left = |reason: Reason| !matches!(reason, Reason::Stays | Reason::NoRoad);
        let behind: i64 = answer
            .plan
            .not_moved
            .iter()
            .filter(|row| row.outcome == Outcome::Overtaken || is_left(row.reason))
            .map(|row| row.people)
            .sum();
        let holds = behind == 0 && deadline.is_none_or(|deadline| deadline.plan_holds);
        let bound = Bounds {
            clearance_s: clearance.bound,
            t90_s: summary.t90_s.bound,
            person_hours: summary.person_hours.bound,
        };
        Self { bound, deadline, behind, holds }
    }
}
