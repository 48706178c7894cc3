//! Room on the roads and waiting, in plain sentences.

use crate::PlanReport;
use crate::bottleneck_words::link_label;
use crate::clock::{ScenarioClock, TimeRounding, after_start};
use crate::lookup::RowLookup;
use crate::number::{counted, grouped, number, whole};
use crate::price_words::price_words;
use clearway_model::{
    JourneyWaiting, Mode, MultimodalSummary, OverflowTotals, Settings, SpillChoice, SpillReason, Summary,
};

/// How many links are named in words; the table has all.
const NAMED: usize = 3;

/// Whether the roads have room for the orders, and which links have least for how many; how long people wait. Nothing where nobody is in
/// an order, or of a plan of a version that did not say.
pub(crate) fn room_and_waiting(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    clock: &ScenarioClock,
) -> Vec<String> {
    let summary = report.summary;
    let (Some(overflow), Some(waiting)) = (summary.overflow, summary.waiting) else { return Vec::new() };
    if summary.orders == 0 {
        return Vec::new();
    }
    let mut sentences = vec![room_words(report, overflow)];
    sentences.extend(summary.spill_choice.map(choice_words));
    for link in report.overflowing.iter().take(NAMED) {
        let name = link_label(&link.link_id, link.name.trim(), lookup);
        sentences.push(format!(
            "{} ({}) has room for {} {} and holds up to {}; it holds too many from {}.",
            name.place,
            name.detail,
            grouped(link.room_vehicles.into()),
            unit(&report.scenario.settings),
            number(link.peak_vehicles),
            clock.interval(link.from_s, link.until_s),
        ));
    }
    sentences.push(waiting_words(waiting));
    sentences.extend(price_words(summary));
    sentences
}

/// What stands on the roads.
fn unit(settings: &Settings) -> &'static str {
    match settings.class.first().map(|class| class.mode) {
        Some(Mode::Walk) => "people",
        _ => "vehicles",
    }
}

/// Why orders are spill-free or not.
fn choice_words(choice: SpillChoice) -> String {
    let people = counted(choice.people, "person", "people");
    match choice.reason {
        SpillReason::SpaceIgnored => {
            "It was asked for orders that do not look at the space of queues.".to_owned()
        }
        SpillReason::Timetable => {
            "Some ways open again and again for a short time; people wait where they open, and no departures are metered for that."
                .to_owned()
        }
        SpillReason::MoreArrive => format!(
            "The spill-free orders that were found bring {people} fewer, also where queues take space (simulated)."
        ),
        SpillReason::OnPaperOnly => format!(
            "Orders with longer queues would bring {people} more on paper, but not where queues take space (simulated), so they were not taken."
        ),
        SpillReason::NoneFound => "No orders without such queues were found.".to_owned(),
        _ => String::new(),
    }
}

fn room_words(report: &PlanReport<'_>, overflow: OverflowTotals) -> String {
    let settings = &report.scenario.settings;
    let room = overflow_words("The plan", settings, overflow).unwrap_or_else(|| {
        let unit = unit(settings);
        format!("The plan is spill-free: by the replay no link ever holds more {unit} than fit there.")
    });
    room + &on_road_words(report)
}

/// What does not fit on its road, in words; `None` where all does. `plan` is what it is said of.
pub fn overflow_words(plan: &str, settings: &Settings, overflow: OverflowTotals) -> Option<String> {
    if overflow.links == 0 {
        return None;
    }
    let unit = unit(settings);
    let verb = if overflow.links == 1 { "holds" } else { "hold" };
    let singular = if unit == "people" { "person" } else { "vehicle" };
    Some(format!(
        "{plan} is not spill-free: {} {verb} more {unit} than fit there at some time, {} {singular}-minutes in all. Full roads block the roads behind them, so on the road it can take longer than these times say (`clearway simulate` shows it).",
        counted(whole(overflow.links), "link", "links"),
        number(overflow.vehicle_min),
    ))
}

/// Less waiting than this in the mean is next to none, min.
const SOME_WAITING_MIN: f64 = 0.05;

/// What becomes of the orders on the road, as far as it was simulated: the replay knows no merges at which single vehicles wait for a turn.
fn on_road_words(report: &PlanReport<'_>) -> String {
    let Some(on_road) = report.summary.on_road else { return String::new() };
    let after = |seconds: Option<f64>| {
        seconds.map_or_else(
            || "not within the planning horizon".to_owned(),
            |seconds| format!("after {}", after_start(seconds, TimeRounding::Up)),
        )
    };
    let figures = on_road.after;
    let merges = if figures.waiting_min >= SOME_WAITING_MIN {
        "; where roads merge some wait longer than by the replay"
    } else {
        ""
    };
    format!(
        " Simulated in single vehicles where queues take space, 90 % have arrived {}, all {}, and people wait {} in the mean{merges}.",
        after(figures.t90_s),
        after(figures.t100_s),
        time(figures.waiting_min),
    )
}

/// A waiting in minutes, in words.
fn time(minutes: f64) -> String {
    after_start(minutes * 60.0, TimeRounding::Up)
}

fn waiting_words(waiting: JourneyWaiting) -> String {
    if waiting.longest_min <= 0.0 {
        return "Under this plan there is no waiting after departure.".to_owned();
    }
    let closed = if waiting.closed_person_hours > 0.0 {
        format!(
            " {} person-hours of all waiting pass while what people wait for is closed.",
            number(waiting.closed_person_hours)
        )
    } else {
        String::new()
    };
    format!(
        "After departure people wait {} in the mean, 95 of 100 no longer than {}, none longer than {}.{closed}",
        time(waiting.mean_min),
        time(waiting.p95_min),
        time(waiting.longest_min),
    )
}

/// Room and waiting in one line for a terminal; `None` where there is nothing to say.
pub(crate) fn one_line(summary: &Summary) -> Option<String> {
    let (overflow, waiting) = (summary.overflow?, summary.waiting?);
    (summary.orders > 0).then(|| {
        let room = match overflow.links {
            0 => "spill-free: no link ever holds more than fits there".to_owned(),
            links => format!(
                "not spill-free: {} overflow, by {} vehicle-minutes",
                counted(whole(links), "link", "links"),
                number(overflow.vehicle_min)
            ),
        };
        let closed = if waiting.closed_person_hours > 0.0 {
            format!(", {} person-hours of it before what is closed", number(waiting.closed_person_hours))
        } else {
            String::new()
        };
        format!(
            "{room}; waiting {} in the mean, 95 of 100 at most {}, longest {}{closed}",
            time(waiting.mean_min),
            time(waiting.p95_min),
            time(waiting.longest_min),
        )
    })
}

/// Whether the roads have room for all who move by themselves; `None` where there is nobody, or where the plan does not say.
pub(crate) fn of_parts(summary: &MultimodalSummary) -> Option<&'static str> {
    let is_moving = summary.means.iter().any(|of| !of.means.is_carried() && of.arrived > 0);
    Some(match summary.spill_free.filter(|_| is_moving)? {
        true => {
            "The plan is spill-free: for those who move by themselves no link ever holds more than fits there, each group counted alone and without the fleet's vehicles."
        }
        false => {
            "The plan is not spill-free: some links hold more than fits there at some time, so on the road it can take longer than these times say. The page of each group names the links."
        }
    })
}
