//! The figures of all in `everyone.json`.

use super::given::Given;
use super::limit::Limits;
use super::parts::Part;
use super::trips::Done;
use crate::finding::Findings;
use crate::raw::Raw;
use clearway_model::{EveryoneSummary, Means, MeansFigures, PlanAndBound};

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
    raw: &Raw,
    given: &Given,
    claimed: &EveryoneSummary,
    parts: &[Part],
    done: &Done,
    limits: &Limits<'_>,
    findings: &mut Findings,
) {
    let mut found: Vec<MeansFigures> = Vec::new();
    for means in Means::ALL.into_iter().filter(|m| given.people(*m) > 0) {
        let figures = match parts.iter().find(|p| p.means == means) {
            Some(part) => of_part(part),
            None => of_fleet(raw, given, means, done, limits),
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
            "each means that people have, in the order of the reference",
        );
        return;
    }
    for (claim, found) in claimed.means.iter().zip(&found) {
        let word = claim.means.word();
        let whole = [
            ("people", claim.people, found.people),
            ("stayers", claim.stayers, found.stayers),
            ("arrived", claim.arrived, found.arrived),
        ];
        for (key, claim, found) in whole.into_iter().filter(|k| k.1 != k.2) {
            findings.add("everyone.people", format!("{word}.{key}"), claim, found, "people");
        }
        for (key, claim, found) in [
            ("t90_s", claim.t90_s, found.t90_s),
            ("clearance_s", claim.clearance_s, found.clearance_s),
            ("person_hours", claim.person_hours, found.person_hours),
        ] {
            compare(&format!("{word}.{key}"), claim, found, findings);
        }
        if !claim.binds.is_empty() && !found.binds.is_empty() && claim.binds != found.binds {
            findings.add(
                "everyone.binds",
                format!("{word}.binds"),
                &claim.binds,
                &found.binds,
                "what sets the limit",
            );
        }
    }
    whole(claimed, &found, parts, done.caught, findings);
    fleet(given, claimed, parts, done, findings);
}

fn compare(key: &str, claim: PlanAndBound, found: PlanAndBound, findings: &mut Findings) {
    for (side, claim, found) in [("plan", claim.plan, found.plan), ("bound", claim.bound, found.bound)] {
        if !agrees(claim, found) {
            let place = format!("{key}.{side}");
            findings.add("everyone.figure", place, shown(claim), shown(found), "does not follow");
        }
    }
    if let (Some(plan), Some(bound)) = (found.plan, found.bound)
        && plan < bound - 0.0005 - 1e-9 * bound
    {
        findings.add(
            "everyone.beaten",
            key,
            plan,
            bound,
            "a plan that beats its limit: one of the two is wrong",
        );
    }
}

fn of_part(part: &Part) -> MeansFigures {
    let (plan, limit) = (&part.figures, &part.limit);
    let both = |plan: PlanAndBound, limit: PlanAndBound| PlanAndBound { plan: plan.plan, bound: limit.bound };
    let sites: f64 = part.bottlenecks.iter().filter(|b| b.element == "site").map(|b| b.people).sum();
    let all: f64 = part.bottlenecks.iter().map(|b| b.people).sum();
    let binds = match limit.clearance_s.bound {
        Some(bound) if bound <= part.ready_s * 1.02 => "warning",
        _ if sites > all / 2.0 => "places",
        _ if part.has_windows => "windows and roads",
        _ => "roads",
    };
    MeansFigures {
        means: part.means,
        people: plan.people.total,
        stayers: part.stayers,
        arrived: plan.people.arrived,
        t90_s: both(plan.t90_s, limit.t90_s),
        clearance_s: both(plan.clearance_s, limit.clearance_s),
        person_hours: both(plan.person_hours, limit.person_hours),
        binds: binds.to_owned(),
    }
}

fn of_fleet(raw: &Raw, given: &Given, means: Means, done: &Done, limits: &Limits<'_>) -> MeansFigures {
    let slot = Means::FLEET.iter().position(|m| *m == means).unwrap_or(0);
    let limit = limits.of(means);
    let received = &done.received[slot];
    let when = |count: i64| {
        let mut sum = 0;
        let mut at = received.iter().filter_map(|&(t, people)| {
            sum += people;
            (sum >= count).then_some(t as f64 / 1000.0)
        });
        if count == 0 { Some(0.0) } else { at.next() }
    };
    let arrived: i64 = received.iter().map(|r| r.1).sum();
    let hours = received.iter().map(|r| r.0 as f64 * r.1 as f64).sum::<f64>()
        + (limit.movers - arrived) as f64 * raw.settings.horizon_ms as f64;
    let ninety = (limit.movers * 9 + 9) / 10;
    MeansFigures {
        means,
        people: given.people(means),
        stayers: given.people(means) - limit.movers,
        arrived,
        t90_s: PlanAndBound { plan: when(ninety), bound: limit.earliest_s(ninety) },
        clearance_s: PlanAndBound { plan: when(limit.movers), bound: limit.earliest_s(limit.movers) },
        person_hours: PlanAndBound { plan: Some(hours / 3.6e6), bound: Some(limit.person_hours()) },
        // Words about the fleet's limit are not checked.
        binds: String::new(),
    }
}

fn whole(
    claimed: &EveryoneSummary,
    found: &[MeansFigures],
    parts: &[Part],
    fleet_caught: i64,
    findings: &mut Findings,
) {
    let latest = |of: &dyn Fn(&MeansFigures) -> Option<f64>| {
        found.iter().map(of).try_fold(0.0f64, |latest, s| Some(latest.max(s?)))
    };
    let sum = |of: &dyn Fn(&MeansFigures) -> Option<f64>| {
        found.iter().map(of).try_fold(0.0, |sum, hours| Some(sum + hours?))
    };
    let all = PlanAndBound { plan: latest(&|m| m.clearance_s.plan), bound: latest(&|m| m.clearance_s.bound) };
    compare("clearance_s", claimed.clearance_s, all, findings);
    let hours = PlanAndBound { plan: sum(&|m| m.person_hours.plan), bound: sum(&|m| m.person_hours.bound) };
    compare("person_hours", claimed.person_hours, hours, findings);
    let total: i64 = found.iter().map(|m| m.people).sum();
    let arrived: i64 = found.iter().map(|m| m.arrived).sum();
    let caught: i64 = fleet_caught + parts.iter().map(|p| p.figures.people.caught).sum::<i64>();
    let p = &claimed.people;
    for (key, claim, found) in [
        ("total", p.total, total),
        ("arrived", p.arrived, arrived),
        ("caught", p.caught, caught),
        ("left_behind", p.left_behind, total - arrived - caught),
        ("stayers", p.stayers, found.iter().map(|m| m.stayers).sum()),
    ] {
        if claim != found {
            findings.add("everyone.people", format!("people.{key}"), claim, found, "people");
        }
    }
}

fn fleet(given: &Given, claimed: &EveryoneSummary, parts: &[Part], done: &Done, findings: &mut Findings) {
    let Some(claim) = &claimed.fleet else {
        if done.trips > 0 {
            findings.add("everyone.fleet", "fleet", "null", done.trips, "the fleet's figures are missing");
        }
        return;
    };
    let whole = [
        ("vehicles", claim.vehicles, given.fleet.iter().map(|k| k.count).sum()),
        ("used", claim.used, done.used),
        ("trips", claim.trips as i64, done.trips as i64),
    ];
    for (key, claim, found) in whole.into_iter().filter(|k| k.1 != k.2) {
        findings.add("everyone.fleet", format!("fleet.{key}"), claim, found, "does not follow");
    }
    if !agrees(Some(claim.km), Some(done.km)) {
        findings.add("everyone.fleet", "fleet.km", claim.km, done.km, "does not follow");
    }
    let vehicle = parts.iter().find(|p| p.means == Means::Vehicle);
    let delay =
        vehicle.and_then(|p| Some((p.figures.clearance_s.bound? - p.limit.clearance_s.bound?).max(0.0)));
    if !agrees(claim.delay_of_others_s, delay) {
        let (claim, found) = (shown(claim.delay_of_others_s), shown(delay));
        findings.add("everyone.fleet", "fleet.delay_of_others_s", claim, found, "does not follow");
    }
}
