//! The page of a simulated plan: what becomes of its orders on roads on which queues take space.

use crate::ReportError;
use crate::chart::{ChartFormat, CurveNames, draw_beside};
use crate::clock::{ScenarioClock, TimeRounding, after_start};
use crate::html::{PageFrame, render};
use crate::lookup::RowLookup;
pub use crate::moving_map::RecordedStates;
use crate::moving_map::{MovingMap, moving_map};
use crate::number::{decimals, grouped, number};
use crate::standing_sentences;
use crate::waterfall::{GapContent, gap_content};
use clearway_model::{CurvePoint, Scenario};
use clearway_simulate::report::{
    ArrivalTimes, Gridlock, LinkTrafficRow, QueueFigures, SimulatedMeans, SimulatedOrders, SimulationReport,
    WaitingFigures,
};
use serde::Serialize;

/// Rows of the longer tables; the rest is in the files.
const ROWS: usize = 20;

/// One moment of a simulation: people who have arrived before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimulatedCurvePoint {
    /// Time since the start, s.
    pub time_s: f64,
    /// In the simulation.
    pub simulated: i64,
    /// By the plan; `None` without one.
    pub plan: Option<i64>,
    /// At most by any plan; `None` without a plan.
    pub bound: Option<i64>,
    /// If everybody takes the shortest way at once; `None`: not simulated beside the plan.
    pub baseline: Option<i64>,
}

/// What the template `simulation.html` uses, beside the frame.
#[derive(Serialize)]
struct SimulationContent {
    verdict: String,
    has_plan: bool,
    has_baseline: bool,
    times: Vec<[String; 3]>,
    means: Vec<[String; 6]>,
    queues: String,
    chart_wide: String,
    chart_narrow: String,
    curve_words: String,
    waiting: Vec<[String; 4]>,
    gridlock: Vec<String>,
    standing: Vec<[String; 4]>,
    more_standing: usize,
    links: Vec<[String; 5]>,
    vehicles: String,
    people_per_vehicle: String,
    gap: Option<GapContent>,
    film: Option<MovingMap>,
    film_step: String,
    film_script: &'static str,
}

/// Shows the moments of a simulation one after the other.
const FILM_SCRIPT: &str = include_str!("pages/film.js");

/// The page. `states`: what was recorded of links over time, if anything.
///
/// # Errors
/// Only if the built-in template fails.
pub fn simulation_page(
    report: &SimulationReport,
    links: &[LinkTrafficRow],
    curve: &[SimulatedCurvePoint],
    scenario: &Scenario,
    states: Option<RecordedStates<'_>>,
) -> Result<Vec<u8>, ReportError> {
    let settings = &scenario.settings;
    let clock = ScenarioClock::new(settings);
    let film = states.and_then(|states| moving_map(&RowLookup::new(scenario, None), states, &clock));
    let standing = standing_sentences(settings.context);
    let frame = PageFrame {
        attribution: &settings.attribution,
        digest: &report.scenario,
        script: film.is_some(),
        ..PageFrame::new(&settings.name, title(report.orders), &standing)
    };
    let baseline: Vec<(f64, i64)> =
        curve.iter().filter_map(|point| Some((point.time_s, point.baseline?))).collect();
    let drawn: Vec<CurvePoint> = curve
        .iter()
        .map(|point| CurvePoint {
            time_s: point.time_s,
            arrived_people: point.simulated,
            // the line of the plan is drawn as that of departures is on a plan's own page
            departed_people: point.plan.unwrap_or(0),
            bound_people: point.bound.unwrap_or(0),
        })
        .collect();
    let names = CurveNames {
        bound: report.bound.map(|_| ["bound: no plan can have more", "bound"]),
        arrived: ["arrived, simulated", "simulated"],
    };
    let chart = |format| draw_beside(&drawn, &baseline, &names, report.evacuees, &clock, format);
    let content = SimulationContent {
        verdict: simulation_verdict(report),
        has_plan: report.plan.is_some(),
        has_baseline: report.baseline.is_some(),
        times: times(report),
        means: report.means.iter().map(means_row).collect(),
        queues: road_words(report),
        chart_wide: chart(ChartFormat::Wide),
        chart_narrow: chart(ChartFormat::Narrow),
        curve_words: curve_words(report),
        waiting: vec![
            waiting_row("after departure, in all", &report.waiting),
            waiting_row("of it before the first road", &report.waiting_before_road),
        ],
        gridlock: report.gridlock.iter().map(ring_words).collect(),
        standing: report
            .standing
            .iter()
            .take(ROWS)
            .map(|place| {
                [place.place_id.clone(), place.name.clone(), grouped(place.people), grouped(place.overtaken)]
            })
            .collect(),
        more_standing: report.standing.len().saturating_sub(ROWS),
        links: most_waiting(links),
        vehicles: grouped(i64::try_from(report.vehicles).unwrap_or(i64::MAX)),
        people_per_vehicle: decimals(report.people_per_vehicle, 2),
        gap: report.gap.as_ref().map(gap_content),
        film,
        film_step: states.map_or_else(String::new, |states| after_start(states.step_s, TimeRounding::Down)),
        film_script: FILM_SCRIPT,
    };
    Ok(render("simulation.html", &frame, &content)?.into_bytes())
}

fn title(orders: SimulatedOrders) -> &'static str {
    match orders {
        SimulatedOrders::Plan => "Orders simulated on roads",
        SimulatedOrders::ShortestWayAtOnce => "Everybody by the shortest way at once",
    }
}

fn curve_words(report: &SimulationReport) -> String {
    let without = report.baseline.map_or_else(String::new, |baseline| {
        format!(" If everybody takes the shortest way at once, {} do.", grouped(baseline.arrived))
    });
    format!(
        "Of {} people evacuating, {} arrive in the simulation.{without}",
        grouped(report.evacuees),
        grouped(report.arrived)
    )
}

/// Those of whom nothing is simulated, where there are any.
fn others_words(report: &SimulationReport) -> String {
    let others = report.evacuees - report.arrived - report.not_arrived;
    if others <= 0 {
        return String::new();
    }
    let why = match report.orders {
        SimulatedOrders::Plan => "no order",
        SimulatedOrders::ShortestWayAtOnce => "no way to a site with room",
    };
    let overtaken = match report.without_order.map_or(0, |without| without.overtaken) {
        0 => String::new(),
        overtaken => format!("; a hazard overtakes {} of them in their zones", grouped(overtaken)),
    };
    let have = if others == 1 { "person evacuating has" } else { "people evacuating have" };
    format!(" {} more {have} {why}{overtaken}.", grouped(others))
}

/// The answer in one or two sentences.
pub fn simulation_verdict(report: &SimulationReport) -> String {
    let (condition, who) = match report.orders {
        SimulatedOrders::Plan => match report.queues {
            QueueFigures::Spatial { .. } => ("Where queues take space", "people in orders"),
            QueueFigures::Vertical => ("Where queues take no space", "people in orders"),
        },
        SimulatedOrders::ShortestWayAtOnce => {
            ("If everybody takes the shortest way at once", "people who leave")
        }
    };
    if report.not_arrived > 0 {
        let overtaken = match report.overtaken {
            0 => String::new(),
            overtaken => format!(", {} of them overtaken by a hazard", grouped(overtaken)),
        };
        return format!(
            "{condition}, {} of {} {who} do not arrive within the planning horizon{overtaken}.{}",
            grouped(report.not_arrived),
            grouped(report.arrived + report.not_arrived),
            others_words(report),
        );
    }
    let by_the_plan = report.plan.map_or_else(String::new, |plan| {
        let time = plan.t100_s.map_or_else(
            || "not everybody arrives".to_owned(),
            |time| format!("after {}", after_start(time, TimeRounding::Up)),
        );
        format!("; by the plan {time}")
    });
    let no_plan_before = report.bound.map_or_else(String::new, |bound| {
        let time = bound.t100_s.map_or_else(
            || "the end of the horizon".to_owned(),
            |time| after_start(time, TimeRounding::Down),
        );
        format!(" No plan has all there before {time}.")
    });
    match (report.t100_s, report.t90_s) {
        (Some(all), Some(_)) => format!(
            "{condition}, all have arrived after {}{by_the_plan}.{no_plan_before}",
            after_start(all, TimeRounding::Up)
        ),
        _ => format!(
            "{condition}, all {} {who} arrive, the last after {}.{}",
            grouped(report.arrived),
            report.last_s.map_or_else(|| "no time".to_owned(), |time| after_start(time, TimeRounding::Up)),
            others_words(report),
        ),
    }
}

/// Bound, plan, simulation and what happens without a plan, as far as they are known: what it is, when 90 % and all have arrived.
pub fn times(report: &SimulationReport) -> Vec<[String; 3]> {
    const AT_ONCE: &str = "everybody by the shortest way at once, simulated";
    let simulated = Some(ArrivalTimes { t90_s: report.t90_s, t100_s: report.t100_s });
    let baseline = report.baseline.map(|of| ArrivalTimes { t90_s: of.t90_s, t100_s: of.t100_s });
    let this = match report.orders {
        SimulatedOrders::Plan => "simulated",
        SimulatedOrders::ShortestWayAtOnce => AT_ONCE,
    };
    [
        ("no plan before", report.bound, TimeRounding::Down),
        ("by the plan, where queues take no space", report.plan, TimeRounding::Up),
        (this, simulated, TimeRounding::Up),
        (AT_ONCE, baseline, TimeRounding::Up),
    ]
    .into_iter()
    .filter_map(|(name, times, rounding)| {
        let times = times?;
        let word = |time: Option<f64>| time.map_or_else(|| "never".to_owned(), |s| after_start(s, rounding));
        // plans for several means state no time for 90 % of all
        let is_stated = report.means.is_empty() || times.t90_s.is_some() || name == this;
        let ninety = if is_stated { word(times.t90_s) } else { "not stated".to_owned() };
        Some([name.to_owned(), ninety, word(times.t100_s)])
    })
    .collect()
}

/// What became of those of one means: who, people, arrived; 90 % and all by bound, plan and simulation; waiting.
fn means_row(of: &SimulatedMeans) -> [String; 6] {
    let time =
        |time: Option<f64>, rounding| time.map_or_else(|| "never".to_owned(), |s| after_start(s, rounding));
    let both = |times: &ArrivalTimes, rounding| {
        format!("{} / {}", time(times.t90_s, rounding), time(times.t100_s, rounding))
    };
    let name = match of.means.as_str() {
        "vehicle" => "with vehicles of their own",
        "walk" => "on foot",
        "seat" => "by the fleet, on seats",
        "wheelchair" => "by the fleet, in wheelchairs",
        "stretcher" => "by the fleet, on stretchers",
        _ => of.name.as_str(),
    };
    [
        name.to_owned(),
        format!("{} of {}", grouped(of.arrived), grouped(of.evacuees)),
        both(&of.bound, TimeRounding::Down),
        both(&of.plan, TimeRounding::Up),
        both(&of.simulated, TimeRounding::Up),
        format!("{} / {}", decimals(of.waiting.mean_min, 1), decimals(of.waiting.longest_min, 1)),
    ]
}

/// A time after the start in words, rounded up; `None`: never.
pub fn after_start_words(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "never".to_owned(), |seconds| after_start(seconds, TimeRounding::Up))
}

/// A ring of full roads in a sentence.
pub fn ring_words(gridlock: &Gridlock) -> String {
    let roads = i64::try_from(gridlock.links.len()).unwrap_or(i64::MAX);
    format!(
        "since {}: {} roads: {}",
        after_start(gridlock.since_s, TimeRounding::Down),
        grouped(roads),
        gridlock.links.join(", ")
    )
}

/// How queues stand, and what junctions do.
fn road_words(report: &SimulationReport) -> String {
    let queues = queue_words(&report.queues);
    let Some(junctions) = report.junctions else { return queues };
    let count = |count: u64| grouped(i64::try_from(count).unwrap_or(i64::MAX));
    format!(
        "{queues} Junctions let through what the scenario says (junctions.csv): of {} used roads that lead to one it states, {} get less through than the road could carry.",
        count(junctions.used),
        count(junctions.narrower)
    )
}

fn queue_words(queues: &QueueFigures) -> String {
    match queues {
        QueueFigures::Spatial { spacing_m, wave_km_h, pocket_vehicles } => format!(
            "A standing car takes {} m of its lane; a freed space travels back at {} km/h; at the end of a lane who goes on another way passes up to {pocket_vehicles} vehicles.",
            decimals(*spacing_m, 2),
            decimals(*wave_km_h, 2)
        ),
        QueueFigures::Vertical => "Queues stand on top of each other, as in the plan.".to_owned(),
    }
}

fn waiting_row(place: &str, waiting: &WaitingFigures) -> [String; 4] {
    let minutes = |value: f64| decimals(value, 1);
    [place.to_owned(), minutes(waiting.mean_min), minutes(waiting.p95_min), minutes(waiting.longest_min)]
}

/// The links at whose end people wait most, most first.
fn most_waiting(links: &[LinkTrafficRow]) -> Vec<[String; 5]> {
    let mut waiting: Vec<&LinkTrafficRow> =
        links.iter().filter(|row| row.waiting_person_hours > 0.0).collect();
    waiting.sort_by(|a, b| b.waiting_person_hours.total_cmp(&a.waiting_person_hours));
    waiting
        .into_iter()
        .take(ROWS)
        .map(|row| {
            [
                row.link_id.clone(),
                row.name.clone(),
                number(row.waiting_person_hours),
                grouped(i64::try_from(row.vehicles).unwrap_or(i64::MAX)),
                row.room_vehicles.map_or_else(|| "any number".to_owned(), |room| grouped(i64::from(room))),
            ]
        })
        .collect()
}
