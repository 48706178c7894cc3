//! The figures of all in `multimodal.json`.

use super::bound::CheckedFleetBounds;
use super::given::RawMultimodal;
use super::modes::ListedMode;
use super::parts::CheckedPart;
use super::trips::RecomputedFleet;
use crate::figures::seconds;
use crate::finding::CheckFindings;
use crate::number::{self, real};
use crate::raw::RawScenario;
use clearway_model::{
    BindingConstraint, BottleneckKind, Bounds, JointBound, JourneyWaiting, Means, MeansFigures,
    MultimodalSummary, PlanAndBound, Unranked,
};

/// Whether a claim, rounded to three decimals or not, is the figure.
fn agrees(claimed: Option<f64>, found: Option<f64>) -> bool {
    match (claimed, found) {
        (None, None) => true,
        (Some(c), Some(x)) => (c - x).abs() <= 0.00051 + 1e-9 * x.abs(),
        _ => false,
    }
}

fn shown(figure: Option<f64>) -> String {
    figure.map_or_else(|| "null".to_owned(), |f| f.to_string())
}

/// Compares everything claimed with what follows.
pub(crate) fn check(
    (raw, given): (&RawScenario, &RawMultimodal),
    claimed: &MultimodalSummary,
    parts: &[CheckedPart],
    [done, unranked]: [&RecomputedFleet; 2],
    proven_bounds: &[CheckedFleetBounds<'_>; 2],
    joint: &[JointBound],
    findings: &mut CheckFindings,
) {
    let settings = &raw.settings;
    if claimed.name != settings.name {
        findings.add("everyone.figure", "name", &claimed.name, &settings.name, "not the scenario's name");
    }
    if claimed.context != settings.context {
        let word = |context| serde_json::to_string(&context).unwrap_or_default();
        let (claim, found) = (word(claimed.context), word(settings.context));
        findings.add("everyone.figure", "context", claim, found, "not the scenario's context");
    }
    let mut found: Vec<MeansFigures> = Vec::new();
    for means in given.all_means().into_iter().filter(|m| given.people(*m) > 0) {
        let figures = match parts.iter().find(|p| p.means == means) {
            Some(part) => of_part(part, given.listed(means)),
            None => of_fleet(raw, given, means, done, proven_bounds),
        };
        found.push(figures);
    }
    let order: Vec<Means> = claimed.means.iter().map(|m| m.means).collect();
    if order != found.iter().map(|m| m.means).collect::<Vec<_>>() {
        findings.add(
            "everyone.means",
            "means",
            "",
            "",
            "each travel mode and assistance level that people have, once and in the order of the reference",
        );
        return;
    }
    for (claim, found) in claimed.means.iter().zip(&found) {
        let word = claim.means.word();
        if claim.name != found.name {
            let text = |name: &Option<String>| name.clone().unwrap_or_default();
            let (claim, found) = (text(&claim.name), text(&found.name));
            findings.add("everyone.figure", format!("{word}.name"), claim, found, "not the name of the mode");
        }
        let whole = [
            ("people", claim.people, found.people),
            ("staying", claim.staying, found.staying),
            ("arrived", claim.arrived, found.arrived),
        ];
        for (key, claim, found) in whole.into_iter().filter(|k| k.1 != k.2) {
            findings.add(
                "everyone.people",
                format!("{word}.{key}"),
                claim,
                found,
                "not the number that follows from the parts and the trips",
            );
        }
        for (key, claim, found) in [
            ("t90_s", claim.t90_s, found.t90_s),
            ("clearance_s", claim.clearance_s, found.clearance_s),
            ("person_hours", claim.person_hours, found.person_hours),
        ] {
            compare(&format!("{word}.{key}"), claim, found, findings);
        }
        let (claimed, expected) = (claim.optimistic, found.optimistic);
        for (key, claim, found) in [
            ("t90_s", claimed.t90_s, expected.t90_s),
            ("clearance_s", claimed.clearance_s, expected.clearance_s),
            ("person_hours", claimed.person_hours, expected.person_hours),
        ] {
            one(&format!("{word}.optimistic.{key}"), claim, found, findings);
        }
        // What sets the fleet's bound is a word to read by, and is not chosen anew here.
        let has_part = parts.iter().any(|part| part.means == claim.means);
        if has_part && claim.binds != found.binds {
            let place = format!("{word}.binds");
            findings.add("everyone.binds", place, claim.binds, found.binds, "something else sets the bound");
        }
    }
    whole(claimed, &found, joint, parts, done.overtaken, findings);
    fleet(given, claimed, parts, done, findings);
    let spilling = parts.iter().find(|part| part.figures.spill_free == Some(false));
    if let Some(claim) = claimed.spill_free.filter(|claim| *claim == spilling.is_some()) {
        let message = match spilling {
            Some(part) => format!("links overflow in the part {}", part.means.word()),
            None => "no link overflows in any part".to_owned(),
        };
        findings.add("everyone.figure", "spill_free", claim, !claim, message);
    }
    room_and_waiting(claimed, parts, findings);
    let claims = claimed.fleet.iter().flat_map(|fleet| &fleet.without_priorities);
    for claim in claims {
        let evacuees = proven_bounds[0].of(claim.means).evacuees;
        let found = received(raw, unranked, claim.means, evacuees);
        let key = |name: &str| format!("fleet.without_priorities.{}.{name}", claim.means.word());
        if claim.arrived != found.arrived {
            findings.add(
                "everyone.people",
                key("arrived"),
                claim.arrived,
                found.arrived,
                "not the number that follows from the parts and the trips",
            );
        }
        one(&key("t90_s"), claim.t90_s, found.t90_s, findings);
        one(&key("clearance_s"), claim.clearance_s, found.clearance_s, findings);
        one(&key("person_hours"), Some(claim.person_hours), Some(found.person_hours), findings);
    }
}

/// Overflow and waiting, where they are said: sums over the parts, the mean by people, and the largest of any part.
fn room_and_waiting(claimed: &MultimodalSummary, parts: &[CheckedPart], findings: &mut CheckFindings) {
    let figures = || parts.iter().map(|part| &part.figures);
    if let Some(claim) = claimed.overflow {
        let totals = || figures().filter_map(|of| of.overflow);
        let links: u64 = totals().map(|of| of.links).sum();
        let vehicle_min = totals().map(|of| of.vehicle_min).sum();
        one("overflow.vehicle_min", Some(claim.vehicle_min), Some(vehicle_min), findings);
        if claim.links != links {
            let message = "does not follow from the parts and the trips";
            findings.add("everyone.figure", "overflow.links", claim.links, links, message);
        }
    }
    let Some(claim) = claimed.waiting else { return };
    let waiting = || figures().filter_map(|of| Some((of.waiting?, of.people.arrived)));
    let people: i64 = waiting().map(|of| of.1).sum();
    let minutes: f64 = waiting().map(|(of, people)| of.mean_min * real(people)).sum();
    let mean_min = if people > 0 { minutes / real(people) } else { 0.0 };
    let largest = |of: fn(&JourneyWaiting) -> f64| waiting().map(|one| of(&one.0)).fold(0.0, f64::max);
    for (key, claim, found) in [
        ("mean_min", claim.mean_min, mean_min),
        ("p95_min", claim.p95_min, largest(|of| of.p95_min)),
        ("longest_min", claim.longest_min, largest(|of| of.longest_min)),
        (
            "closed_person_hours",
            claim.closed_person_hours,
            waiting().map(|of| of.0.closed_person_hours).sum(),
        ),
    ] {
        one(&format!("waiting.{key}"), Some(claim), Some(found), findings);
    }
}

fn one(key: &str, claim: Option<f64>, found: Option<f64>, findings: &mut CheckFindings) {
    if !agrees(claim, found) {
        findings.add(
            "everyone.figure",
            key,
            shown(claim),
            shown(found),
            "does not follow from the parts and the trips",
        );
    }
}

fn compare(key: &str, claim: PlanAndBound, found: PlanAndBound, findings: &mut CheckFindings) {
    for (side, claim, found) in [("plan", claim.plan, found.plan), ("bound", claim.bound, found.bound)] {
        one(&format!("{key}.{side}"), claim, found, findings);
    }
    if let (Some(plan), Some(bound)) = (found.plan, found.bound)
        && plan < bound - 0.0005 - 1e-9 * bound
    {
        findings.add(
            "everyone.beaten",
            key,
            plan,
            bound,
            "a plan that beats its bound: one of the two is wrong",
        );
    }
}

fn of_part(part: &CheckedPart, listed: Option<&ListedMode>) -> MeansFigures {
    let (plan, proven) = (&part.figures, &part.bound);
    let both =
        |plan: PlanAndBound, proven: PlanAndBound| PlanAndBound { plan: plan.plan, bound: proven.bound };
    let sites: f64 =
        part.bottlenecks.iter().filter(|b| b.element == BottleneckKind::Site).map(|b| b.people).sum();
    let all: f64 = part.bottlenecks.iter().map(|b| b.people).sum();
    let binds = match proven.clearance_s.bound {
        Some(bound) if bound <= part.ready_s * 1.02 => BindingConstraint::Mobilization,
        _ if sites > all / 2.0 => BindingConstraint::Places,
        _ if listed.is_some_and(|mode| mode.by_timetable) => BindingConstraint::Timetable,
        _ if part.has_windows => BindingConstraint::WindowsAndRoads,
        _ => BindingConstraint::Roads,
    };
    MeansFigures {
        means: part.means,
        name: listed.map(|mode| mode.name.clone()),
        people: plan.people.total,
        staying: part.staying,
        arrived: plan.people.arrived,
        t90_s: both(plan.t90_s, proven.t90_s),
        clearance_s: both(plan.clearance_s, proven.clearance_s),
        person_hours: both(plan.person_hours, proven.person_hours),
        optimistic: proven.optimistic.unwrap_or_default(),
        binds,
    }
}

/// What a fleet's bound proves.
fn bounds(proven: &super::bound::CheckedFleetBound<'_>) -> Bounds {
    Bounds {
        clearance_s: proven.earliest_s(proven.evacuees),
        t90_s: proven.earliest_s((proven.evacuees * 9 + 9) / 10),
        person_hours: Some(proven.person_hours()),
    }
}

fn of_fleet(
    raw: &RawScenario,
    given: &RawMultimodal,
    means: Means,
    done: &RecomputedFleet,
    [proven_bounds, optimistic]: &[CheckedFleetBounds<'_>; 2],
) -> MeansFigures {
    let proven = proven_bounds.of(means);
    let bound = bounds(&proven);
    let plan = received(raw, done, means, proven.evacuees);
    MeansFigures {
        means,
        name: None,
        people: given.people(means),
        staying: given.people(means) - proven.evacuees,
        arrived: plan.arrived,
        t90_s: PlanAndBound { plan: plan.t90_s, bound: bound.t90_s },
        clearance_s: PlanAndBound { plan: plan.clearance_s, bound: bound.clearance_s },
        person_hours: PlanAndBound { plan: Some(plan.person_hours), bound: bound.person_hours },
        optimistic: bounds(&optimistic.of(means)),
        // Not compared with what is claimed.
        binds: BindingConstraint::Vehicles,
    }
}

/// What people of one kind come to under a timetable.
fn received(raw: &RawScenario, done: &RecomputedFleet, means: Means, evacuees: i64) -> Unranked {
    let slot = Means::FLEET.iter().position(|m| *m == means).unwrap_or(0);
    let received = &done.received[slot];
    let when = |count: i64| {
        let mut sum = 0;
        let mut at = received.iter().filter_map(|&(t, people)| {
            sum += people;
            (sum >= count).then_some(seconds(t))
        });
        if count == 0 { Some(0.0) } else { at.next() }
    };
    let arrived: i64 = received.iter().map(|r| r.1).sum();
    let hours = received.iter().map(|r| real(r.0) * real(r.1)).sum::<f64>()
        + real(evacuees - arrived) * real(raw.settings.horizon_ms);
    let ninety = (evacuees * 9 + 9) / 10;
    let (t90_s, clearance_s) = (when(ninety), when(evacuees));
    Unranked { means, arrived, t90_s, clearance_s, person_hours: hours / 3.6e6 }
}

fn whole(
    claimed: &MultimodalSummary,
    found: &[MeansFigures],
    joint: &[JointBound],
    parts: &[CheckedPart],
    fleet_overtaken: i64,
    findings: &mut CheckFindings,
) {
    let latest = |of: &dyn Fn(&MeansFigures) -> Option<f64>| {
        found.iter().map(of).try_fold(0.0f64, |latest, s| Some(latest.max(s?)))
    };
    let sum = |of: &dyn Fn(&MeansFigures) -> Option<f64>| {
        found.iter().map(of).try_fold(0.0, |sum, hours| Some(sum + hours?))
    };
    let together = joint.iter().map(|proven| proven.clearance_s);
    let bound = together.fold(latest(&|m| m.clearance_s.bound), |latest, s| Some(latest?.max(s?)));
    let all = PlanAndBound { plan: latest(&|m| m.clearance_s.plan), bound };
    one(
        "optimistic.clearance_s",
        claimed.optimistic.clearance_s,
        latest(&|m| m.optimistic.clearance_s),
        findings,
    );
    let hours = sum(&|m| m.optimistic.person_hours);
    one("optimistic.person_hours", claimed.optimistic.person_hours, hours, findings);
    compare("clearance_s", claimed.clearance_s, all, findings);
    let hours = PlanAndBound { plan: sum(&|m| m.person_hours.plan), bound: sum(&|m| m.person_hours.bound) };
    compare("person_hours", claimed.person_hours, hours, findings);
    let total: i64 = found.iter().map(|m| m.people).sum();
    let arrived: i64 = found.iter().map(|m| m.arrived).sum();
    let overtaken: i64 = fleet_overtaken + parts.iter().map(|p| p.figures.people.overtaken).sum::<i64>();
    let p = &claimed.people;
    for (key, claim, found) in [
        ("total", p.total, total),
        ("arrived", p.arrived, arrived),
        ("overtaken", p.overtaken, overtaken),
        ("not_evacuated", p.not_evacuated, total - arrived - overtaken),
        ("staying", p.staying, found.iter().map(|m| m.staying).sum()),
    ] {
        if claim != found {
            findings.add(
                "everyone.people",
                format!("people.{key}"),
                claim,
                found,
                "not the number that follows from the parts and the trips",
            );
        }
    }
}

fn fleet(
    given: &RawMultimodal,
    claimed: &MultimodalSummary,
    parts: &[CheckedPart],
    done: &RecomputedFleet,
    findings: &mut CheckFindings,
) {
    let carried = Means::FLEET.into_iter().any(|means| given.people(means) > 0);
    let Some(claim) = claimed.fleet.as_ref().filter(|_| carried) else {
        if carried != claimed.fleet.is_some() {
            let word = |there| if there { "figures" } else { "null" };
            let message = "figures where people need a vehicle of the fleet, and null where none does";
            findings.add("everyone.fleet", "fleet", word(!carried), word(carried), message);
        }
        return;
    };
    let whole = [
        ("vehicles", claim.vehicles, given.fleet.iter().map(|k| k.count).sum()),
        ("used", claim.used, done.used),
        ("trips", number::narrow(claim.trips.into()), number::narrow(done.trips.into())),
    ];
    for (key, claim, found) in whole.into_iter().filter(|k| k.1 != k.2) {
        findings.add(
            "everyone.fleet",
            format!("fleet.{key}"),
            claim,
            found,
            "does not follow from the parts and the trips",
        );
    }
    if !agrees(Some(claim.km), Some(done.km)) {
        findings.add(
            "everyone.fleet",
            "fleet.km",
            claim.km,
            done.km,
            "does not follow from the parts and the trips",
        );
    }
    let vehicle = parts.iter().find(|p| p.means == Means::Vehicle);
    let delay =
        vehicle.and_then(|p| Some((p.figures.clearance_s.bound? - p.bound.clearance_s.bound?).max(0.0)));
    if !agrees(claim.delay_of_others_s, delay) {
        let (claim, found) = (shown(claim.delay_of_others_s), shown(delay));
        findings.add(
            "everyone.fleet",
            "fleet.delay_of_others_s",
            claim,
            found,
            "does not follow from the parts and the trips",
        );
    }
}
