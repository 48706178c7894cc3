//! Where people move by several means: the overview page, the same in words, and the timetable that a dispatcher hands out.

use crate::clock::{ScenarioClock, TimeRounding, after_start};
use crate::html::{PageFrame, render};
use crate::number::{counted, decimals, gap_percent, grouped, number_down, number_up, people, whole};
use crate::space_words;
use crate::standing::standing_sentences;
use clearway_model::number::{ceil, round};
use clearway_model::time::seconds;
use clearway_model::{
    BindingConstraint, Context, JointBound, Means, MeansFigures, MultimodalSummary, PlanAndBound, Scenario,
    Settings, SharedResource, TripRow,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What people of a kind are called.
fn called(figures: &MeansFigures) -> String {
    match &figures.name {
        Some(name) => format!("by {name}"),
        None => words(figures.means),
    }
}

/// The same where no mode has a name.
fn words(means: Means) -> String {
    match means {
        Means::Vehicle => "with a vehicle of their own".to_owned(),
        Means::Walk => "on foot".to_owned(),
        Means::Seat => "who need a seat".to_owned(),
        Means::Wheelchair => "who need a wheelchair place".to_owned(),
        Means::Stretcher => "who need a stretcher".to_owned(),
        Means::Listed(id) => format!("by {}", id.as_str()),
    }
}

/// What sets a bound, in words.
fn binding(binds: BindingConstraint) -> &'static str {
    match binds {
        BindingConstraint::Mobilization => "the mobilization curve",
        BindingConstraint::Places => "the places at destinations and their admission rates",
        BindingConstraint::Vehicles => "the number of vehicles and their trips",
        BindingConstraint::Timetable => "the timetable and the places on it",
        BindingConstraint::Windows => "the hours in which movement is allowed",
        BindingConstraint::WindowsAndRoads => "the roads in the hours in which movement is allowed",
        BindingConstraint::Roads => "the roads",
    }
}

/// One travel mode or assistance level in the table of the overview.
#[derive(Serialize)]
struct MeansRow {
    name: String,
    people: String,
    stay: String,
    arrived: String,
    t90: [String; 2],
    all: [String; 2],
    hours: [String; 2],
    gaps: [String; 2],
    binds: &'static str,
    /// Widths of the bars, per cent.
    plan_bar: String,
    bound_bar: String,
}

fn moment(s: Option<f64>, rounding: TimeRounding) -> String {
    s.map_or_else(|| "not within the horizon".to_owned(), |s| after_start(s, rounding))
}

fn times(time: PlanAndBound) -> [String; 2] {
    [moment(time.plan, TimeRounding::Up), moment(time.bound, TimeRounding::Down)]
}

fn hours(time: PlanAndBound) -> [String; 2] {
    let none = || "-".to_owned();
    [time.plan.map_or_else(none, number_up), time.bound.map_or_else(none, number_down)]
}

fn gap(time: PlanAndBound) -> String {
    time.gap().map_or_else(|| "-".to_owned(), gap_percent)
}

fn row(figures: &MeansFigures, longest: f64) -> MeansRow {
    let bar = |s: Option<f64>| decimals(100.0 * s.unwrap_or(longest) / longest.max(1.0), 1);
    MeansRow {
        name: called(figures),
        people: grouped(figures.people),
        stay: grouped(figures.staying),
        arrived: grouped(figures.arrived),
        t90: times(figures.t90_s),
        all: times(figures.clearance_s),
        hours: hours(figures.person_hours),
        gaps: [gap(figures.clearance_s), gap(figures.person_hours)],
        binds: binding(figures.binds),
        plan_bar: bar(figures.clearance_s.plan),
        bound_bar: bar(figures.clearance_s.bound),
    }
}

/// Sentences about the whole.
fn sentences(summary: &MultimodalSummary) -> Vec<String> {
    let p = &summary.people;
    let mut list = vec![format!(
        "{}. Under this plan {} of them {}; {} overtaken by a hazard, {} not evacuated, of these {} staying.",
        people(p.total),
        grouped(p.arrived),
        if p.arrived == 1 { "arrives" } else { "arrive" },
        counted(p.overtaken, "is", "are"),
        counted(p.not_evacuated, "is", "are"),
        grouped(p.staying)
    )];
    list.push(match (summary.clearance_s.plan, summary.clearance_s.bound) {
        (Some(plan), Some(bound)) => format!(
            "All people evacuating could have arrived {} after the start under this plan; proven minimum clearance time on these inputs: {}.",
            after_start(plan, TimeRounding::Up),
            after_start(bound, TimeRounding::Down)
        ),
        (None, Some(bound)) => format!(
            "Not all people evacuating arrive within the planning horizon; proven minimum clearance time on these inputs: {}.",
            after_start(bound, TimeRounding::Down)
        ),
        _ => "Not all people evacuating arrive within the planning horizon, under any plan on these inputs.".to_owned(),
    });
    list.extend(space_words::of_parts(summary).map(str::to_owned));
    let latest = summary.means.iter().filter_map(|m| m.clearance_s.bound).fold(0.0, f64::max);
    // A joint bound that says no more than those of the groups is left to the file.
    let is_later = |proven: &&JointBound| proven.clearance_s.is_none_or(|s| s > latest);
    list.extend(summary.joint.iter().filter(is_later).map(joint));
    if summary.optimistic.clearance_s != summary.clearance_s.bound {
        list.push(match summary.optimistic.clearance_s {
            Some(s) => format!(
                "With every figure at its optimistic value, the bounds of the groups end {} after the start.",
                after_start(s, TimeRounding::Down)
            ),
            None => {
                "Even with every figure at its optimistic value, not all arrive within the planning horizon."
                    .to_owned()
            }
        });
    }
    let last = summary.means.iter().max_by(|a, b| {
        // without a bound within the horizon it is later than any
        let bound = |figures: &MeansFigures| figures.clearance_s.bound.unwrap_or(f64::INFINITY);
        bound(a).total_cmp(&bound(b))
    });
    if let Some(last) = last.filter(|last| last.people > 0) {
        list.push(format!(
            "The latest bound is that of the people {}; it is set by {}.",
            called(last),
            binding(last.binds)
        ));
    }
    for one in summary.means.iter().filter(|m| m.arrived + m.staying < m.people) {
        let left = one.people - one.arrived - one.staying;
        list.push(format!(
            "{} of the {} {} {} not arrive, although {} not entered as staying.",
            grouped(left),
            people(one.people),
            called(one),
            if left == 1 { "does" } else { "do" },
            if left == 1 { "it is" } else { "they are" }
        ));
    }
    if let Some(fleet) = &summary.fleet {
        list.push(format!(
            "{} of {} of the fleet {} {}, {} km in all.",
            grouped(fleet.used),
            counted(fleet.vehicles, "vehicle", "vehicles"),
            if fleet.used == 1 { "makes" } else { "make" },
            counted(whole(fleet.trips), "trip", "trips"),
            grouped(ceil(fleet.km))
        ));
        if let Some(delay) = fleet.delay_of_others_s {
            list.push(format!(
                "The capacity reserved for the fleet and for those who go first moves the bound of those with a vehicle of their own by {}.",
                if delay < 0.5 { "less than a second".to_owned() } else { after_start(delay, TimeRounding::Up) }
            ));
        }
    }
    list.extend(priorities(summary));
    list
}

/// What it changes for each kind of people that some go first.
fn priorities(summary: &MultimodalSummary) -> Vec<String> {
    let unranked = summary.fleet.iter().flat_map(|fleet| &fleet.without_priorities);
    let changed = unranked.filter_map(|without| {
        let with = summary.means.iter().find(|m| m.means == without.means)?;
        let hours = with.person_hours.plan? - without.person_hours;
        let shift = match (with.clearance_s.plan, without.clearance_s) {
            (Some(with), Some(without)) if (with - without).abs() >= 1.0 => {
                let word = if with > without { "later" } else { "earlier" };
                format!("have all arrived {} {word}", length(with - without))
            }
            (Some(_), None) => "all arrive, which they would not without".to_owned(),
            (None, Some(_)) => "do not all arrive, which they would without".to_owned(),
            // nobody of them is moved any earlier or later: there is nothing to say
            _ if hours.abs() < 0.005 => return None,
            (None, None) => "do not all arrive with it or without".to_owned(),
            (Some(_), Some(_)) => "have all arrived at the same time".to_owned(),
        };
        let word = if hours > 0.0 { "longer" } else { "less" };
        Some(format!(
            "Because some groups go first, the people {} {shift} and wait {} person-hours {word} in all than with equal turns.",
            words(without.means),
            number_up(hours.abs())
        ))
    });
    changed.collect()
}

fn length(s: f64) -> String {
    let minutes = (s.abs() / 60.0).round();
    if minutes < 1.0 {
        format!("{} s", decimals(s.abs(), 0))
    } else {
        format!("{} min", grouped(round(minutes)))
    }
}

/// A joint bound in words.
fn joint(proven: &JointBound) -> String {
    let when = match proven.clearance_s {
        Some(s) => format!("before {}", after_start(s, TimeRounding::Down)),
        None => "within the planning horizon".to_owned(),
    };
    match proven.of {
        SharedResource::Roads => format!(
            "Vehicles of their own and the fleet share the roads: taken together (as {} with vehicles of their own) not all can have arrived {when}.",
            people(proven.people)
        ),
        SharedResource::Sites => format!(
            "All groups share the destinations, which cannot have received all {} {when}, by whatever way they come.",
            people(proven.people)
        ),
    }
}

/// The overview as one page without a network or a script. It has no dispatch data.
pub fn multimodal_page(summary: &MultimodalSummary, settings: &Settings) -> String {
    let clock = ScenarioClock::new(settings);
    let longest = summary
        .means
        .iter()
        .flat_map(|m| [m.clearance_s.plan, m.clearance_s.bound])
        .flatten()
        .fold(1.0f64, f64::max);
    let rows: Vec<MeansRow> = summary.means.iter().map(|figures| row(figures, longest)).collect();
    let standing = standing_sentences(summary.context);
    let frame = PageFrame {
        attribution: &settings.attribution,
        digest: &summary.scenario,
        ..PageFrame::new(&summary.name, "Multimodal plan", &standing)
    };
    let content = MultimodalOverview {
        sentences: sentences(summary),
        start: clock.start_in_full(),
        rows,
        conflict: summary.context == Context::ArmedConflict,
        fleet: summary.fleet.is_some(),
    };
    rendered("multimodal.html", &frame, &content)
}

/// What the template `multimodal.html` uses, beside the frame.
#[derive(Serialize)]
struct MultimodalOverview {
    sentences: Vec<String>,
    start: Option<String>,
    rows: Vec<MeansRow>,
    conflict: bool,
    fleet: bool,
}

/// The templates are part of the program and tested; a fault in one shows in the page instead of losing the plan.
fn rendered(template: &str, frame: &PageFrame<'_>, content: &impl Serialize) -> String {
    render(template, frame, content).unwrap_or_else(|error| format!("<p>{error}</p>"))
}

/// The overview for a terminal.
pub fn multimodal_words(summary: &MultimodalSummary, settings: &Settings) -> String {
    let mut text = format!("{}\n", summary.name);
    if let Some(start) = ScenarioClock::new(settings).start_in_full() {
        let _ = writeln!(text, "start {start}");
    }
    let mut rows = vec![
        vec!["people", "number", "90 % ETE", "100 % ETE", "bound, 100 %", "gap", "set by"]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    ];
    for one in &summary.means {
        let row = row(one, 1.0);
        rows.push(vec![
            row.name,
            row.people,
            row.t90[0].clone(),
            row.all[0].clone(),
            row.all[1].clone(),
            row.gaps[0].clone(),
            row.binds.to_owned(),
        ]);
    }
    let widths: Vec<usize> =
        (0..rows[0].len()).map(|c| rows.iter().map(|r| r[c].chars().count()).max().unwrap_or(0)).collect();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text.push('\n');
    for sentence in sentences(summary) {
        let _ = writeln!(text, "{sentence}");
    }
    for sentence in standing_sentences(summary.context) {
        let _ = writeln!(text, "{sentence}");
    }
    text
}

/// One trip on a sheet; times on the clocks of the scenario.
#[derive(Serialize)]
struct TripLine {
    number: usize,
    zone: String,
    site: String,
    people: String,
    from: String,
    load: String,
    depart: String,
    unload: String,
    end: String,
}

/// The block of one vehicle, for its driver.
#[derive(Serialize)]
struct VehicleSheet {
    vehicle: String,
    trips: Vec<TripLine>,
}

/// What the template `timetable.html` uses, beside the frame.
#[derive(Serialize)]
struct DispatchPage<'a> {
    zone: &'a str,
    confidential: bool,
    sheets: Vec<VehicleSheet>,
}

/// The dispatch schedule, one sheet per vehicle. Where it is confidential it says so on every sheet.
pub fn timetable_page(trips: &[TripRow], scenario: &Scenario, confidential: bool) -> String {
    let clock = ScenarioClock::new(&scenario.settings);
    let zones: BTreeMap<&str, &str> =
        scenario.zones.iter().map(|z| (z.zone_id.as_str(), z.name.as_str())).collect();
    let sites: BTreeMap<&str, &str> =
        scenario.sites.iter().map(|s| (s.site_id.as_str(), s.name.as_str())).collect();
    let named = |names: &BTreeMap<&str, &str>, id: &str| match names.get(id) {
        Some(name) if !name.is_empty() => format!("{name} ({id})"),
        _ => id.to_owned(),
    };
    let at = |ms: i64| clock.short(seconds(ms), TimeRounding::Down);
    let mut by_vehicle: BTreeMap<(&str, i64), Vec<&TripRow>> = BTreeMap::new();
    for trip in trips {
        // by number and not by text: bus-10 comes after bus-9
        let number = trip.vehicle_id.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        by_vehicle.entry((trip.vehicle_type_id.as_str(), number)).or_default().push(trip);
    }
    let sheets: Vec<VehicleSheet> = by_vehicle
        .values()
        .map(|trips| VehicleSheet {
            vehicle: trips.first().map_or_else(String::new, |t| t.vehicle_id.clone()),
            trips: trips
                .iter()
                .enumerate()
                .map(|(index, trip)| TripLine {
                    number: index + 1,
                    zone: named(&zones, &trip.zone_id),
                    site: named(&sites, &trip.site_id),
                    people: load_words(trip),
                    from: at(trip.from_ms),
                    load: at(trip.load_ms),
                    depart: at(trip.depart_ms),
                    unload: at(trip.unload_ms),
                    end: at(trip.end_ms),
                })
                .collect(),
        })
        .collect();
    let standing = standing_sentences(scenario.settings.context);
    let frame = PageFrame::new(&scenario.settings.name, "Dispatch schedule", &standing);
    let frame = if confidential { frame.unlisted() } else { frame };
    rendered("timetable.html", &frame, &DispatchPage { zone: clock.zone_label(), confidential, sheets })
}

fn load_words(trip: &TripRow) -> String {
    let kinds = [
        (trip.seat_people, "on seats"),
        (trip.wheelchair_people, "in wheelchairs"),
        (trip.stretcher_people, "on stretchers"),
    ];
    let words: Vec<String> =
        kinds.iter().filter(|k| k.0 > 0).map(|(people, place)| format!("{people} {place}")).collect();
    words.join(", ")
}
