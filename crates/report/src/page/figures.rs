//! The figures of the summary as a reader meets them: four large ones, and all of them in a table with their check.

use crate::PlanReport;
use crate::clock::{ScenarioClock, TimeRounding, after_start};
use crate::early::{better_flow, class_says_more, was_begun};
use crate::number::{counted, gap_percent, grouped, number, number_down, number_up, share, whole};
use crate::words::evacuees;
use serde::Serialize;

/// One of the large figures at the head of the page.
#[derive(Debug, Serialize)]
pub struct LargeFigure {
    /// What it is a figure of.
    pub name: &'static str,
    /// The plan's figure with its unit.
    pub value: String,
    /// Clock time or share, may be empty.
    pub detail: String,
    /// What no plan can beat, may be empty.
    pub bound: String,
}

/// One line of the table of figures.
#[derive(Debug, Serialize)]
pub struct FigureLine {
    /// What it is, with the unit.
    pub name: String,
    /// The figure under this plan; may be empty.
    pub plan: String,
    /// What no plan can beat.
    pub bound: String,
    /// plan / bound - 1.
    pub gap: String,
    /// Where it stands in the files and what recomputes it.
    pub check: &'static str,
}

fn time(seconds: Option<f64>, clock: &ScenarioClock, rounding: TimeRounding) -> String {
    match seconds {
        Some(s) => format!("{} ({})", after_start(s, rounding), clock.short(s, rounding)),
        None => "not within the horizon".to_owned(),
    }
}

/// The four large figures.
pub fn headlines(report: &PlanReport<'_>, clock: &ScenarioClock) -> Vec<LargeFigure> {
    let s = report.summary;
    let moment = |name, plan: Option<f64>, bound: Option<f64>| LargeFigure {
        name,
        value: plan.map_or_else(
            || if s.interrupted { "no orders" } else { "not within the horizon" }.to_owned(),
            |t| after_start(t, TimeRounding::Up),
        ),
        detail: plan.map(|t| clock.short(t, TimeRounding::Up)).unwrap_or_default(),
        bound: match bound {
            Some(t) => format!("bound: not before {}", after_start(t, TimeRounding::Down)),
            None => "bound: no plan within the horizon".to_owned(),
        },
    };
    let left = s.people.overtaken + s.people.not_evacuated;
    let mut list = Vec::new();
    if evacuees(report) > 0 {
        list.push(moment("90 % clearance time (ETE)", s.t90_s.plan, s.t90_s.bound));
        list.push(moment("100 % clearance time (ETE)", s.clearance_s.plan, s.clearance_s.bound));
        if let Some(rest) = s.with_access {
            list.push(moment("100 % of those with a road", rest.clearance_s.plan, rest.clearance_s.bound));
        }
    }
    // the bound at the end of the horizon is the most that can ever count
    let most = report.curve.last().map(|p| format!("bound: at most {}", grouped(p.bound_people)));
    list.push(LargeFigure {
        name: "People arriving",
        value: grouped(s.people.arrived),
        detail: format!("{} of {}", share(s.people.arrived, s.people.total), grouped(s.people.total)),
        bound: most.unwrap_or_default(),
    });
    list.push(LargeFigure {
        name: "Not evacuated, or overtaken",
        value: grouped(left),
        detail: format!(
            "{} not evacuated, {} overtaken by the hazard",
            grouped(s.people.not_evacuated),
            grouped(s.people.overtaken)
        ),
        bound: format!("of these {} staying", grouped(s.people.staying)),
    });
    list
}

const REPLAY: &str = "replay of the orders; summary.json, clearway verify";
const CUT: &str = "certificate.json, summary.json; clearway verify";
const BOTH: &str = "plan: replay of the orders; bound: certificate.json; clearway verify";

/// Every figure with its unit and its check.
pub fn table(report: &PlanReport<'_>, clock: &ScenarioClock) -> Vec<FigureLine> {
    let s = report.summary;
    let gap = |g: Option<f64>| g.map(gap_percent).unwrap_or_default();
    let needed = |h: Option<f64>| h.map(number_up).unwrap_or_default();
    let unbeaten = |h: Option<f64>| h.map(number_down).unwrap_or_default();
    let line = |name: &str, plan: String, bound: String, gap: String, check| FigureLine {
        name: name.to_owned(),
        plan,
        bound,
        gap,
        check,
    };
    let none = String::new;
    let mut list = vec![
        line(
            "People in all zones",
            grouped(s.people.total),
            none(),
            none(),
            "sum of zones.csv of the scenario; sources below",
        ),
        line(
            "People arrived by the end of the planning horizon",
            grouped(s.people.arrived),
            report.curve.last().map(|p| grouped(p.bound_people)).unwrap_or_default(),
            none(),
            BOTH,
        ),
        line(
            "People overtaken by the hazard",
            grouped(s.people.overtaken),
            none(),
            none(),
            "not_moved in plan.json; clearway verify",
        ),
        line(
            "People not evacuated",
            grouped(s.people.not_evacuated),
            none(),
            none(),
            "not_moved in plan.json; clearway verify",
        ),
        line(
            "of them staying (sheltering in place or refusing)",
            grouped(s.people.staying),
            none(),
            none(),
            "stay_people in zones.csv of the scenario; sources below",
        ),
        line(
            "90 % evacuation time estimate (ETE)",
            time(s.t90_s.plan, clock, TimeRounding::Up),
            time(s.t90_s.bound, clock, TimeRounding::Down),
            gap(s.gap.t90),
            BOTH,
        ),
        line(
            "100 % evacuation time estimate (ETE)",
            time(s.clearance_s.plan, clock, TimeRounding::Up),
            time(s.clearance_s.bound, clock, TimeRounding::Down),
            gap(s.gap.clearance),
            BOTH,
        ),
        line(
            "Person-hours not yet arrived",
            needed(s.person_hours.plan),
            unbeaten(s.person_hours.bound),
            gap(s.gap.person_hours),
            BOTH,
        ),
    ];
    if let Some(rest) = s.with_access {
        let figure = rest.clearance_s;
        list.push(line(
            &format!("Clearance time of the {} who have a road", grouped(rest.people)),
            time(figure.plan, clock, TimeRounding::Up),
            time(figure.bound, clock, TimeRounding::Down),
            gap(figure.gap()),
            BOTH,
        ));
    }
    let mut bounds = |name: &str, t90: Option<f64>, all: Option<f64>, ph: Option<f64>| {
        list.push(line(
            &format!("{name}: 90 % ETE"),
            none(),
            time(t90, clock, TimeRounding::Down),
            none(),
            CUT,
        ));
        list.push(line(
            &format!("{name}: 100 % ETE"),
            none(),
            time(all, clock, TimeRounding::Down),
            none(),
            CUT,
        ));
        list.push(line(&format!("{name}: person-hours"), none(), unbeaten(ph), none(), CUT));
    };
    if s.optimistic.person_hours.is_some() && was_begun(s, s.optimistic.person_hours) {
        bounds(
            "Bound at optimistic values",
            s.optimistic.t90_s,
            s.optimistic.clearance_s,
            s.optimistic.person_hours,
        );
    }
    // one that says no more than the bound for all plans would only be read as another figure
    if let Some(c) = s.route_limited_bound.filter(|c| class_says_more(s, c.person_hours)) {
        let name =
            format!("Bound for at most {} per zone", counted(c.routes_per_zone.into(), "route", "routes"));
        bounds(&name, c.t90_s, c.clearance_s, c.person_hours);
    }
    if let Some(f) = better_flow(s) {
        let name = format!("Unrestricted-route optimum, {}", counted(whole(f.routes), "route", "routes"));
        let check = "replay of that flow, for comparison; summary.json";
        list.push(line(
            &format!("{name}: 90 % ETE"),
            time(f.t90_s, clock, TimeRounding::Up),
            none(),
            none(),
            check,
        ));
        list.push(line(
            &format!("{name}: 100 % ETE"),
            time(f.clearance_s, clock, TimeRounding::Up),
            none(),
            none(),
            check,
        ));
        list.push(line(&format!("{name}: person-hours"), needed(f.person_hours), none(), none(), check));
    }
    list.push(line("Waiting, person-hours", number(s.queue.person_hours), none(), none(), REPLAY));
    let longest = if s.queue.longest_link.is_empty() {
        none()
    } else {
        format!(" ({})", s.queue.longest_link.replace(':', " "))
    };
    list.push(line(
        "Longest wait at one place",
        format!("{}{longest}", after_start(s.queue.longest_s, TimeRounding::Up)),
        none(),
        none(),
        REPLAY,
    ));
    list
}
