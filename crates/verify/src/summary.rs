//! Compares `summary.json` with the figures as recomputed.
//!
//! Whole numbers and times in ms must agree exactly. Fractional figures may be rounded to three decimals, ratios to six.

use crate::figures::RecomputedFigures;
use crate::finding::CheckFindings;
use crate::folder::ClaimedFolder;
use crate::loading::{LoadingResult, element_name};
use crate::number::{narrow, real};
use crate::raw::RawScenario;
use crate::space;
use clearway_model::{Bounds, Plan, PlanAndBound, Reason, Summary};
use serde_json::Value;

/// A figure rounded to three decimals, and what sums of floating point may differ by.
pub(crate) fn close(claimed: f64, recomputed: f64) -> bool {
    (claimed - recomputed).abs() <= 0.000_51 + 1e-9 * recomputed.abs()
}

pub(crate) struct SummaryReader<'a> {
    summary: &'a Value,
    findings: &'a mut CheckFindings,
}

impl SummaryReader<'_> {
    /// The value of `a.b`; a finding if the key is missing.
    fn get(&mut self, key: &str) -> Option<&Value> {
        let value = key.split('.').try_fold(self.summary, |value, part| value.get(part));
        if value.is_none() {
            self.findings.add("summary.missing", key, "", "", "this key must be there");
        }
        value
    }

    fn differs(&mut self, key: &str, claimed: impl ToString, recomputed: impl ToString) {
        self.findings.add("summary", key, claimed, recomputed, "not what follows from the scenario");
    }

    fn text(&mut self, key: &str, expected: &str) {
        if let Some(found) = self.get(key).cloned()
            && found.as_str() != Some(expected)
        {
            self.differs(key, found, expected);
        }
    }

    pub fn truth(&mut self, key: &str, expected: bool) {
        if let Some(found) = self.get(key).cloned()
            && found.as_bool() != Some(expected)
        {
            self.differs(key, found, expected);
        }
    }

    /// A figure that is always there, to three decimals.
    pub fn close(&mut self, key: &str, expected: f64) {
        self.number(key, Some(expected), close);
    }

    pub fn whole(&mut self, key: &str, expected: i64) {
        if let Some(found) = self.get(key).cloned()
            && found.as_f64() != Some(real(expected))
        {
            self.differs(key, found, expected);
        }
    }

    fn number(&mut self, key: &str, expected: Option<f64>, same: impl Fn(f64, f64) -> bool) {
        let Some(found) = self.get(key).cloned() else { return };
        let agrees = match (found.as_f64(), expected) {
            (Some(found), Some(expected)) => same(found, expected),
            (None, None) => found.is_null(),
            _ => false,
        };
        if !agrees {
            self.differs(key, found, expected.map_or_else(|| "null".to_owned(), |value| value.to_string()));
        }
    }

    /// A ratio follows from the exact figures, or from the figures as they stand in the file.
    fn gap(&mut self, key: &str, of: &str, expected: Option<f64>) {
        let claimed = |part: &str| self.summary.get(of).and_then(|v| v.get(part)).and_then(Value::as_f64);
        let stated = PlanAndBound { plan: claimed("plan"), bound: claimed("bound") }.gap();
        self.number(key, expected, |found, expected| {
            [Some(expected), stated].into_iter().flatten().any(|gap| (found - gap).abs() <= 1e-6)
        });
    }

    /// The file does not say of a key that it is recomputed which is not.
    fn keys(&mut self) {
        let list = |key: &str| -> Option<Vec<&str>> {
            match self.summary.get(key) {
                None => Some(Vec::new()),
                Some(list) => list.as_array()?.iter().map(Value::as_str).collect(),
            }
        };
        let (yes, no) = (list("recomputed"), list("not_recomputed"));
        let agrees = yes.iter().flatten().all(|key| Summary::RECOMPUTED.contains(key))
            && no.iter().flatten().all(|key| !Summary::RECOMPUTED.contains(key));
        if yes.is_none() || no.is_none() || !agrees {
            let found = self.summary.get("recomputed").map_or_else(String::new, Value::to_string);
            self.differs("recomputed", found, Summary::RECOMPUTED.join(", "));
        }
    }

    /// The unrestricted split is not recomputed, but no plan is ahead of what none can beat.
    fn unrestricted_routes(&mut self, figures: &RecomputedFigures) {
        let Some(free) = self.summary.get("unrestricted_routes").filter(|free| !free.is_null()) else {
            return;
        };
        for (key, bound) in [
            ("clearance_s", figures.clearance_s.bound),
            ("t90_s", figures.t90_s.bound),
            ("person_hours", figures.person_hours.bound),
        ] {
            let claimed = free.get(key).unwrap_or(&Value::Null).clone();
            let fits = match (claimed.as_f64(), bound) {
                (Some(claimed), Some(bound)) => claimed > bound || close(claimed, bound),
                (Some(_), None) => false,
                (None, _) => claimed.is_null(),
            };
            if !fits {
                let bound = bound.map_or_else(|| "null".to_owned(), |bound| bound.to_string());
                let message = "ahead of what no plan can beat";
                self.findings.add("summary", format!("unrestricted_routes.{key}"), claimed, bound, message);
            }
        }
    }

    fn bounds(&mut self, of: &str, bounds: Bounds) {
        self.number(&format!("{of}.clearance_s"), bounds.clearance_s, close);
        self.number(&format!("{of}.t90_s"), bounds.t90_s, close);
        self.number(&format!("{of}.person_hours"), bounds.person_hours, close);
    }
}

/// Compares every key that can be recomputed.
pub(crate) fn check(
    raw: &RawScenario,
    folder: &ClaimedFolder,
    figures: &RecomputedFigures,
    replayed: Option<&LoadingResult>,
    findings: &mut CheckFindings,
) {
    let summary = &folder.summary;
    let mut reader = SummaryReader { summary, findings };
    let context = serde_json::to_value(raw.settings.context).unwrap_or_default();
    reader.text("scenario", &raw.digest);
    reader.text("name", &raw.settings.name);
    reader.text("context", context.as_str().unwrap_or_default());
    let people = figures.people;
    reader.whole("people.total", people.total);
    reader.whole("people.overtaken", people.overtaken);
    reader.whole("people.not_evacuated", people.not_evacuated);
    reader.whole("people.staying", people.staying);
    for (key, figure) in [
        ("clearance_s", figures.clearance_s),
        ("t90_s", figures.t90_s),
        ("person_hours", figures.person_hours),
    ] {
        reader.number(&format!("{key}.bound"), figure.bound, close);
        // without a replay there are findings enough, and nothing to compare with
        if replayed.is_some() {
            reader.number(&format!("{key}.plan"), figure.plan, close);
        }
    }
    match figures.with_access {
        Some(rest) => {
            reader.whole("with_access.people", rest.people);
            reader.number("with_access.clearance_s.bound", rest.clearance_s.bound, close);
            if replayed.is_some() {
                reader.number("with_access.clearance_s.plan", rest.clearance_s.plan, close);
            }
        }
        None if summary.get("with_access").is_some_and(|claimed| !claimed.is_null()) => {
            reader.differs("with_access", "figures", "null: nobody is without a road");
        }
        None => {}
    }
    if let Some(replayed) = replayed {
        reader.whole("people.arrived", people.arrived);
        reader.gap("gap.clearance", "clearance_s", figures.gap.clearance);
        reader.gap("gap.t90", "t90_s", figures.gap.t90);
        reader.gap("gap.person_hours", "person_hours", figures.gap.person_hours);
        reader.number("queue.person_hours", Some(figures.queue.person_hours), close);
        reader.number("queue.longest_s", Some(figures.queue.longest_s), close);
        check_longest(raw, &mut reader, replayed);
        if folder.overflow.is_some() {
            space::check_summary(&mut reader, figures);
        }
    }
    if let Some(bounds) = figures.optimistic {
        reader.bounds("optimistic", bounds);
    }
    if let Some(class) = figures.route_limited_bound {
        reader.whole("route_limited_bound.routes_per_zone", i64::from(class.routes_per_zone));
        let (clearance_s, t90_s, person_hours) = (class.clearance_s, class.t90_s, class.person_hours);
        reader.bounds("route_limited_bound", Bounds { clearance_s, t90_s, person_hours });
    } else if summary.get("route_limited_bound").is_some_and(|claimed| !claimed.is_null()) {
        reader.differs("route_limited_bound", "a bound", "none: no route limit or no family that proves it");
    }
    reader.keys();
    reader.unrestricted_routes(figures);
    reader.whole("network.links", narrow(figures.network.links.into()));
    reader.whole("network.nodes", narrow(figures.network.nodes.into()));
    reader.whole("zones", narrow(figures.zones.into()));
    reader.whole("sites", narrow(figures.sites.into()));
    reader.whole("routes", narrow(figures.routes.into()));
    reader.whole("orders", narrow(figures.orders.into()));
}

/// A computation that was ended early says so, and has no orders.
pub(crate) fn check_interrupted(plan: &Plan, summary: &Value, findings: &mut CheckFindings) {
    let claimed = summary.get("interrupted").map_or(Some(false), Value::as_bool);
    let agrees = match claimed {
        Some(true) => plan.orders.is_empty(),
        Some(false) => plan.not_moved.iter().all(|entry| entry.reason != Reason::Interrupted),
        None => false,
    };
    if !agrees {
        let found = summary.get("interrupted").map_or_else(String::new, Value::to_string);
        let message = "true if the computation was ended early, and then there are no orders";
        findings.add("summary", "interrupted", found, claimed != Some(true), message);
    }
}

/// Where several elements share the longest wait, any of them may be named.
fn check_longest(raw: &RawScenario, reader: &mut SummaryReader<'_>, replayed: &LoadingResult) {
    let longest = replayed.longest.iter().copied().max().unwrap_or(0);
    let Some(claimed) = reader.get("queue.longest_link").cloned() else { return };
    let claimed = claimed.as_str().unwrap_or("?");
    let agrees = if longest == 0 {
        claimed.is_empty()
    } else {
        let mut all = replayed.longest.iter().enumerate();
        all.any(|(at, wait)| *wait == longest && element_name(raw, at) == claimed)
    };
    if !agrees {
        let at = replayed.longest.iter().position(|wait| *wait == longest).filter(|_| longest > 0);
        reader.differs("queue.longest_link", claimed, at.map(|at| element_name(raw, at)).unwrap_or_default());
    }
}
