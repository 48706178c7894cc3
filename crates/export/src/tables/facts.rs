//! The figures of the whole plan, what sets the bound, people over time, sources and assumptions.

use super::PlanFacts;
use crate::cells::{ExportCell, ExportTable};
use crate::columns;
use clearway_model::number::float;
use clearway_model::time::ms_from_seconds;
use clearway_model::{SourceStatus, TOOL};
use clearway_report::standing_sentences;

/// A row of the summary with a text.
fn words(figure: &str, text: &str, from: &str) -> Vec<ExportCell> {
    let text = ExportCell::text(text);
    vec![ExportCell::text(figure), ExportCell::Empty, text, ExportCell::Empty, ExportCell::text(from)]
}

/// A row of the summary with a number.
fn number(figure: &str, value: Option<f64>, unit: &str, from: &str) -> Vec<ExportCell> {
    let value = ExportCell::real(value);
    vec![ExportCell::text(figure), value, ExportCell::Empty, ExportCell::text(unit), ExportCell::text(from)]
}

pub(super) fn summary(facts: &PlanFacts<'_>) -> ExportTable {
    let (settings, summary) = (&facts.source.scenario.settings, &facts.source.summary);
    let context = serde_json::to_value(settings.context).ok();
    let context = context.as_ref().and_then(|context| context.as_str()).unwrap_or_default();
    let mut rows = vec![
        words("name", &settings.name, "scenario.toml, name"),
        words("context", context, "scenario.toml, context"),
        words("start", &facts.clock.rfc3339(0), "scenario.toml, start"),
        words("time zone", facts.clock.zone_label(), "scenario.toml, time_zone"),
        words("scenario", &facts.source.plan.scenario, "plan.json, scenario"),
        words("plan made by", &facts.source.plan.tool, "plan.json, tool"),
        words("export made by", TOOL, "this export"),
    ];
    let people = &summary.people;
    let counts = [
        ("people, total", people.total, "summary.json, people.total"),
        ("people, arrived", people.arrived, "summary.json, people.arrived"),
        ("people, overtaken", people.overtaken, "summary.json, people.overtaken"),
        ("people, not evacuated", people.not_evacuated, "summary.json, people.not_evacuated"),
        ("people, staying", people.staying, "summary.json, people.staying"),
    ];
    rows.extend(counts.map(|(figure, people, from)| number(figure, Some(float(people)), "people", from)));
    for (figure, of, unit, key) in [
        ("all arrived", &summary.clearance_s, "s", "clearance_s"),
        ("90 % arrived", &summary.t90_s, "s", "t90_s"),
        ("time of people not yet arrived", &summary.person_hours, "person-hours", "person_hours"),
    ] {
        rows.push(number(
            &format!("{figure}, by the plan"),
            of.plan,
            unit,
            &format!("summary.json, {key}.plan"),
        ));
        let bound = format!("{figure}, no plan before");
        rows.push(number(&bound, of.bound, unit, &format!("summary.json, {key}.bound")));
    }
    let waiting = Some(summary.queue.person_hours);
    rows.push(number("waiting", waiting, "person-hours", "summary.json, queue.person_hours"));
    let counts = [
        ("zones", summary.zones, "summary.json, zones"),
        ("sites", summary.sites, "summary.json, sites"),
        ("routes", summary.routes, "summary.json, routes"),
        ("orders", summary.orders, "summary.json, orders"),
        ("links", summary.network.links, "summary.json, network.links"),
    ];
    rows.extend(counts.map(|(figure, count, from)| number(figure, Some(float(count)), "", from)));
    if facts.figures.is_by_vehicle {
        let per = facts.figures.people_per_vehicle;
        rows.push(number("people per vehicle", Some(per), "people", "scenario.toml, class"));
        let vehicles = Some(float(facts.figures.vehicles()));
        rows.push(number(
            "vehicles",
            vehicles,
            "vehicles",
            "people of each order, divided by people per vehicle",
        ));
    }
    rows.extend(
        settings.attribution.iter().map(|text| words("attribution", text, "scenario.toml, attribution")),
    );
    rows.extend(standing_sentences(settings.context).into_iter().map(|text| words("note", text, "")));
    ExportTable::plain("summary", "a figure of the whole plan", columns::SUMMARY, rows)
}

pub(super) fn bottlenecks(facts: &PlanFacts<'_>) -> ExportTable {
    let rows = facts.source.bottlenecks.iter().map(|bottleneck| {
        vec![
            ExportCell::whole(i64::try_from(bottleneck.rank).ok()),
            ExportCell::text(bottleneck.element.word()),
            ExportCell::text(&bottleneck.id),
            ExportCell::text(&bottleneck.name),
            ExportCell::Real(bottleneck.from_s),
            ExportCell::Real(bottleneck.until_s),
            ExportCell::real(Some(bottleneck.capacity_people_h)),
            ExportCell::real(Some(bottleneck.people)),
            ExportCell::real(bottleneck.extra_lane_people),
        ]
    });
    let about = "what sets the time that no plan can beat";
    ExportTable::plain("bottlenecks", about, columns::BOTTLENECKS, rows.collect())
}

pub(super) fn curve(facts: &PlanFacts<'_>) -> ExportTable {
    let rows = facts.source.curve.iter().map(|point| {
        vec![
            ExportCell::Real(point.time_s),
            ExportCell::Moment(ms_from_seconds(point.time_s)),
            ExportCell::Whole(point.departed_people),
            ExportCell::Whole(point.arrived_people),
            ExportCell::Whole(point.bound_people),
        ]
    });
    ExportTable::plain("curve", "people by one moment", columns::CURVE, rows.collect())
}

pub(super) fn sources(facts: &PlanFacts<'_>) -> ExportTable {
    let status = |status: SourceStatus| {
        let word = serde_json::to_value(status).ok();
        ExportCell::text(word.as_ref().and_then(|word| word.as_str()).unwrap_or_default())
    };
    let rows = facts.source.scenario.sources.iter().map(|row| {
        vec![
            ExportCell::text(&row.table),
            ExportCell::text(&row.id),
            ExportCell::text(&row.field),
            status(row.status),
            ExportCell::text(&row.source),
            ExportCell::text(&row.url),
            ExportCell::text(&row.as_of),
            ExportCell::text(&row.note),
        ]
    });
    ExportTable::plain("sources", "where a figure comes from", columns::SOURCES, rows.collect())
}

pub(super) fn assumptions(facts: &PlanFacts<'_>) -> ExportTable {
    let rows = facts.source.summary.assumptions.iter().map(|row| {
        vec![
            ExportCell::text(&row.kind),
            ExportCell::whole(row.count),
            ExportCell::text(&row.unit),
            ExportCell::text(&row.text),
        ]
    });
    let about = "what was assumed that could change the answer most";
    ExportTable::plain("assumptions", about, columns::ASSUMPTIONS, rows.collect())
}
