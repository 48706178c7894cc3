//! A new plan in words and tables.

use super::page::RoadChange;
use super::report::{OptionName, PlaceKindNow, ReplanOption, ReplanReport, UntriedReason};
use clearway_formats::csv_for_spreadsheets;
use clearway_model::{Scenario, counted, grouped, people};
use clearway_replan::{ChangedOrder, CountOrigin, InstructionChange, Instructions};
use clearway_report::{
    ScenarioClock, TimeRounding, after_start, after_start_up, overflow_words, standing_sentences,
};

/// What an option is called.
fn option_words(name: OptionName) -> &'static str {
    match name {
        OptionName::Keep => "orders kept",
        OptionName::Near => "near the old plan",
        OptionName::Free => "free of the old plan",
    }
}

/// What came out, for a terminal.
pub(super) fn in_words(report: &ReplanReport, scenario: &Scenario) -> String {
    let mut text = String::new();
    for sentence in situation_words(report) {
        text.push_str(&format!("{sentence}\n"));
    }
    text.push_str(&format!("\n{}\n", options_table(report)));
    for sentence in answer_words(report, scenario) {
        text.push_str(&format!("{sentence}\n"));
    }
    for sentence in standing_sentences(scenario.settings.context) {
        text.push_str(&format!("{sentence}\n"));
    }
    text
}

/// What came out, a sentence each.
pub(super) fn in_sentences(report: &ReplanReport, scenario: &Scenario) -> Vec<String> {
    situation_words(report).into_iter().chain(answer_words(report, scenario)).collect()
}

/// Where everybody is, and what was reported.
fn situation_words(report: &ReplanReport) -> Vec<String> {
    let now = report.people;
    let mut sentences = vec![format!(
        "{} into the plan: {} in zones, {} on the way, {} arrived.",
        after_start(seconds_of(report.at_ms), TimeRounding::Down),
        people(now.waiting),
        grouped(now.on_the_way),
        grouped(now.arrived)
    )];
    let counted_places = i64::try_from(report.counted_places).unwrap_or(i64::MAX);
    let places = counted(counted_places, "place was", "places were");
    sentences.push(format!("{places} counted; all others are where the plan has them, not observed."));
    if now.unaccounted != 0 {
        let more = if now.unaccounted > 0 { "more" } else { "fewer" };
        sentences.push(format!("That is {} {more} than there were.", people(now.unaccounted.abs())));
    }
    sentences.extend(report.reported.iter().cloned());
    if report.late_people > 0 {
        sentences.push(format!(
            "{} should have left by the plan and have not: they are ordered to leave at once, or as soon as they are ready.",
            people(report.late_people)
        ));
    }
    if report.added_people > 0 {
        sentences.push(format!(
            "{} more than the plan knew of are ordered to leave as well.",
            people(report.added_people)
        ));
    }
    sentences
}

/// What is taken, what it changes and when all are there.
fn answer_words(report: &ReplanReport, scenario: &Scenario) -> Vec<String> {
    let clock = ScenarioClock::new(&scenario.settings);
    let mut sentences = vec![format!("Taken: {}. {}", option_words(report.chosen), changed_sentence(report))];
    sentences.extend(times(report, &clock));
    let taken = report.options.iter().find(|option| option.option == report.chosen);
    let overflow = taken.and_then(|option| option.overflow);
    sentences
        .extend(overflow.and_then(|overflow| overflow_words("The new plan", &scenario.settings, overflow)));
    sentences
}

/// The cells of the table of options, and whether each is the one taken; the bound last.
pub(super) fn option_cells(report: &ReplanReport) -> Vec<([String; 5], bool)> {
    let time = |time: Option<f64>| time.map_or_else(|| "not reached".to_owned(), after_start_up);
    let mut rows: Vec<([String; 5], bool)> = report
        .options
        .iter()
        .map(|option| {
            let cells = [
                option_words(option.option).to_owned(),
                time(option.t90_s),
                time(option.clearance_s),
                grouped(clearway_model::number::ceil(option.person_hours)),
                grouped(option.changed_people),
            ];
            (cells, option.option == report.chosen)
        })
        .collect();
    let bound = |time: Option<f64>| {
        time.map_or_else(|| "not within the horizon".to_owned(), |time| after_start(time, TimeRounding::Down))
    };
    let hours = report.bound.person_hours;
    rows.push((
        [
            "no plan before".to_owned(),
            bound(report.bound.t90_s),
            bound(report.bound.clearance_s),
            hours.map_or_else(String::new, |hours| grouped(clearway_model::number::floor(hours))),
            String::new(),
        ],
        false,
    ));
    rows
}

fn seconds_of(ms: i64) -> f64 {
    clearway_model::time::seconds(ms)
}

fn chosen(report: &ReplanReport) -> Option<&ReplanOption> {
    report.options.iter().find(|option| option.option == report.chosen)
}

fn changed_sentence(report: &ReplanReport) -> String {
    let Some(option) = chosen(report) else { return String::new() };
    if option.changed_people == 0 {
        return "Nobody is told anything new.".to_owned();
    }
    format!(
        "{} in {} are told something else: {} another time, {} another route, {} another site, {} a first order or none any more.",
        people(option.changed_people),
        counted(i64::try_from(option.changed_zones).unwrap_or(i64::MAX), "place", "places"),
        grouped(option.changed_time_people),
        grouped(option.changed_route_people),
        grouped(option.changed_site_people),
        grouped(option.changed_order_people)
    )
}

/// When all are there, by plan and bound, what keeping costs and whether the deadline is kept.
fn times(report: &ReplanReport, clock: &ScenarioClock) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(option) = chosen(report) {
        match option.clearance_s {
            Some(time) => sentences.push(format!(
                "Everybody who is left has arrived by {}, {} into the plan.",
                clock.short(time, TimeRounding::Up),
                after_start_up(time + seconds_of(report.at_ms))
            )),
            None => sentences.push(format!(
                "{} of those who are left arrive; {} are overtaken and {} not evacuated.",
                people(option.arrived),
                grouped(option.overtaken),
                grouped(option.not_evacuated)
            )),
        }
    }
    if let Some(bound) = report.bound.clearance_s {
        sentences.push(format!(
            "Proven: no plan of what is left has everybody there before {}.",
            clock.short(bound, TimeRounding::Down)
        ));
    }
    let price = report.price_of_stability;
    if let (Some(all), Some(ninety)) = (price.clearance_h, price.t90_h) {
        sentences.push(format!(
            "Keeping the orders costs {} for all and {} at 90 %, against the best option found.",
            hours_words(all),
            hours_words(ninety)
        ));
    }
    sentences.extend(untried_words(report));
    if let Some(most) = price.clearance_at_most_h {
        sentences.push(format!(
            "No plan whatever has everybody there more than {} sooner than the orders kept.",
            minutes_up(most * 60.0)
        ));
    }
    if let Some(deadline) = report.deadline {
        let when = clock.short(seconds_of(deadline.deadline_ms - report.at_ms), TimeRounding::Down);
        sentences.push(match (deadline.plan_holds, deadline.is_excluded) {
            (true, _) => format!("The deadline, {when}, is kept."),
            (false, true) => format!(
                "The deadline, {when}, is not kept; it is proved that no plan of what is left can keep it."
            ),
            (false, false) => format!("The deadline, {when}, is not kept; that no plan can is not proved."),
        });
    }
    sentences
}

/// Why no other plan was tried, and what one could save.
fn untried_words(report: &ReplanReport) -> Option<String> {
    let saved = report.price_of_stability.saved_at_most_min?;
    let most = format!(
        "none whatever saves more than {} for each of those who are left, on average.",
        minutes_up(saved)
    );
    Some(match report.untried? {
        UntriedReason::CannotPay => format!("No other plan was tried: {most}"),
        UntriedReason::NotAsked => format!("No other plan was tried, as asked for; {most}"),
        UntriedReason::NotExpected => format!(
            "No other plan was tried: none is expected to pay, since the orders kept are {} above the person-hours of the bound, and the search that they come from was {} above those of its own. That is no proof; {most}",
            excess_words(kept_excess(report)?),
            excess_words(report.search_excess_share?)
        ),
    })
}

/// How far the orders kept are above the person-hours of the bound, a share.
fn kept_excess(report: &ReplanReport) -> Option<f64> {
    let kept = report.options.iter().find(|option| option.option == OptionName::Keep)?;
    Some((kept.person_hours / report.bound.person_hours.filter(|hours| *hours > 0.0)? - 1.0).max(0.0))
}

fn excess_words(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// What could be gained at most: rounded up, as the bound that it comes from is rounded down.
fn minutes_up(minutes: f64) -> String {
    counted(clearway_model::number::ceil(minutes - 1e-6).max(1), "minute", "minutes")
}

/// Hours as people say them; less than nothing is a gain.
fn hours_words(hours: f64) -> String {
    let minutes = clearway_model::number::round(hours * 60.0);
    match minutes {
        0 => "less than a minute".to_owned(),
        minutes if minutes < 0 => format!("nothing ({} min sooner)", -minutes),
        minutes if minutes < 120 => format!("{minutes} min"),
        minutes => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

fn options_table(report: &ReplanReport) -> String {
    let header = ["", "90 % after", "all after", "person-hours", "told otherwise"].map(str::to_owned);
    let rows = option_cells(report);
    let mut text = String::new();
    for [name, t90, all, hours, told] in std::iter::once(&header).chain(rows.iter().map(|row| &row.0)) {
        let line = format!("  {name:<22} {t90:>16} {all:>16} {hours:>13} {told:>15}");
        text.push_str(&format!("{}\n", line.trim_end()));
    }
    text
}

pub(super) fn change_word(change: InstructionChange) -> &'static str {
    match change {
        InstructionChange::Time => "time",
        InstructionChange::Route => "route",
        InstructionChange::Site => "site",
        InstructionChange::New => "new",
        InstructionChange::Withdrawn => "withdrawn",
    }
}

/// `changes.csv`: who is told something else, old and new side by side; clock times and ms from the start of the new plan.
pub(super) fn changes_csv(report: &ReplanReport, scenario: &Scenario) -> Vec<u8> {
    let clock = ScenarioClock::new(&scenario.settings);
    let header = [
        "zone_id",
        "zone_name",
        "people",
        "change",
        "old_site_id",
        "old_route_id",
        "old_via",
        "old_depart_from",
        "old_depart_until",
        "new_site_id",
        "new_route_id",
        "new_via",
        "new_depart_from",
        "new_depart_until",
    ];
    let told = |told: Option<&Instructions>| match told {
        Some(told) => [
            told.site_id.clone(),
            told.route_id.clone(),
            told.via.clone(),
            clock.rfc3339(told.depart_from_ms),
            clock.rfc3339(told.depart_until_ms),
        ],
        None => Default::default(),
    };
    let row = |row: &ChangedOrder| {
        let mut cells = vec![
            row.zone_id.clone(),
            row.zone_name.clone(),
            row.people.to_string(),
            change_word(row.change).to_owned(),
        ];
        cells.extend(told(row.old.as_ref()));
        cells.extend(told(row.new.as_ref()));
        cells
    };
    table(&header, report.instructions.iter().map(row))
}

/// `changed_roads.csv`: roads that more or fewer people take than by the orders that were given.
pub(super) fn changed_roads_csv(roads: &[RoadChange<'_>]) -> Vec<u8> {
    let header = ["link_id", "name", "given_people", "new_people"];
    let row = |road: &RoadChange<'_>| {
        let RoadChange { link, given, planned } = road;
        vec![link.link_id.clone(), link.name.clone(), given.to_string(), planned.to_string()]
    };
    table(&header, roads.iter().map(row))
}

/// `counts.csv`: the counts as they were used, beside what the plan has.
pub(super) fn counts_csv(report: &ReplanReport) -> Vec<u8> {
    let header = [
        "what",
        "id",
        "name",
        "people",
        "people_low",
        "people_high",
        "expected_people",
        "brought_forward_people",
        "origin",
    ];
    let rows = report.places.iter().map(|place| {
        let what = match place.what {
            PlaceKindNow::Waiting => "waiting",
            PlaceKindNow::OnRoad => "on_road",
            PlaceKindNow::Arrived => "arrived",
        };
        let origin = match place.origin {
            CountOrigin::Counted => "counted",
            CountOrigin::ByPlan => "by the plan, not observed",
        };
        vec![
            what.to_owned(),
            place.id.clone(),
            place.name.clone(),
            place.people.to_string(),
            place.people_low.to_string(),
            place.people_high.to_string(),
            place.expected_people.to_string(),
            place.brought_forward_people.to_string(),
            origin.to_owned(),
        ]
    });
    table(&header, rows)
}

fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    csv_for_spreadsheets(header, rows)
}
