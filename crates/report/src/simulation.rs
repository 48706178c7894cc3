//! The page of a simulated plan: what becomes of its orders on roads on which queues take space.

use crate::ReportError;
use crate::chart::{ChartFormat, CurveNames, draw};
use crate::clock::{ScenarioClock, TimeRounding, after_start};
use crate::html::{PageFrame, render};
use crate::number::{decimals, grouped, number};
use crate::standing_sentences;
use clearway_model::{CurvePoint, Settings};
use clearway_simulate::report::{
    ArrivalTimes, Gridlock, LinkTrafficRow, QueueFigures, SimulationReport, WaitingFigures,
};
use serde::Serialize;

/// Rows of the longer tables; the rest is in the files.
const ROWS: usize = 20;

const CURVES: CurveNames = CurveNames {
    bound: ["bound: no plan can have more", "bound"],
    arrived: ["arrived, simulated", "simulated"],
};

/// What the template `simulation.html` uses, beside the frame.
#[derive(Serialize)]
struct SimulationContent {
    verdict: String,
    times: Vec<[String; 3]>,
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
}

/// The page. `curve`: of the simulation as `arrived_people`, of the plan as `departed_people`, and the bound.
///
/// # Errors
/// Only if the built-in template fails.
pub fn simulation_page(
    report: &SimulationReport,
    links: &[LinkTrafficRow],
    curve: &[CurvePoint],
    settings: &Settings,
) -> Result<Vec<u8>, ReportError> {
    let clock = ScenarioClock::new(settings);
    let standing = standing_sentences(settings.context);
    let frame = PageFrame {
        attribution: &settings.attribution,
        digest: &report.scenario,
        ..PageFrame::new(&settings.name, "Orders simulated on roads", &standing)
    };
    let chart = |format| draw(curve, &CURVES, report.evacuees, &clock, format);
    let content = SimulationContent {
        verdict: simulation_verdict(report),
        times: times(report),
        queues: queue_words(&report.queues),
        chart_wide: chart(ChartFormat::Wide),
        chart_narrow: chart(ChartFormat::Narrow),
        curve_words: format!(
            "Of {} people evacuating, {} arrive in the simulation.",
            grouped(report.evacuees),
            grouped(report.arrived)
        ),
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
    };
    Ok(render("simulation.html", &frame, &content)?.into_bytes())
}

/// The answer in one or two sentences.
pub fn simulation_verdict(report: &SimulationReport) -> String {
    if report.not_arrived > 0 {
        let overtaken = match report.overtaken {
            0 => String::new(),
            overtaken => format!(", {} of them overtaken by a hazard", grouped(overtaken)),
        };
        return format!(
            "Where queues take space, {} of {} people in orders do not arrive within the planning horizon{overtaken}.",
            grouped(report.not_arrived),
            grouped(report.arrived + report.not_arrived)
        );
    }
    match (report.t100_s, report.t90_s) {
        (Some(all), Some(_)) => format!(
            "Where queues take space, all have arrived after {}; by the plan {}. No plan has all there before {}.",
            after_start(all, TimeRounding::Up),
            report.plan.t100_s.map_or_else(
                || "not everybody arrives".to_owned(),
                |time| format!("after {}", after_start(time, TimeRounding::Up))
            ),
            report.bound.t100_s.map_or_else(
                || "the end of the horizon".to_owned(),
                |time| after_start(time, TimeRounding::Down)
            )
        ),
        _ => format!(
            "Where queues take space, all {} people in orders arrive, the last after {}; {} people evacuating are in no order.",
            grouped(report.arrived),
            report.last_s.map_or_else(|| "no time".to_owned(), |time| after_start(time, TimeRounding::Up)),
            grouped(report.evacuees - report.arrived)
        ),
    }
}

/// Bound, plan and simulation: what it is, when 90 % and all have arrived.
pub fn times(report: &SimulationReport) -> Vec<[String; 3]> {
    let simulated = ArrivalTimes { t90_s: report.t90_s, t100_s: report.t100_s };
    [
        ("no plan before", report.bound, TimeRounding::Down),
        ("by the plan, where queues take no space", report.plan, TimeRounding::Up),
        ("simulated", simulated, TimeRounding::Up),
    ]
    .map(|(name, times, rounding)| {
        let word = |time: Option<f64>| time.map_or_else(|| "never".to_owned(), |s| after_start(s, rounding));
        [name.to_owned(), word(times.t90_s), word(times.t100_s)]
    })
    .to_vec()
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

fn queue_words(queues: &QueueFigures) -> String {
    match queues {
        QueueFigures::Spatial { spacing_m, wave_km_h } => format!(
            "A standing car takes {} m of its lane; a freed space travels back at {} km/h.",
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
