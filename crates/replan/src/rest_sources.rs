//! Where the figures of the rest are from, and what was assumed.

use crate::rest::RestTask;
use crate::tally::{CountOrigin, Tally};
use clearway_model::{AssumptionRow, Scenario, SourceRow, SourceStatus};

/// Where the new figures are from, and what was assumed.
pub(crate) fn sources(task: RestTask<'_>, rest: &mut Scenario) {
    let RestTask { scenario, situation, observed, .. } = task;
    let of_now = ["people", "capacity_people"];
    rest.sources.retain(|row| {
        let is_gone = match row.table.as_str() {
            "closures" => row.id != "*" && !rest.closures.iter().any(|closure| closure.closure_id == row.id),
            "windows" => row.id != "*" && !rest.windows.iter().any(|window| window.window_id == row.id),
            "zones" | "sites" => of_now.contains(&row.field.as_str()),
            "mobilization" => true,
            _ => false,
        };
        !is_gone
    });
    let mut cite = |table: &str, id: &str, field: &str, status, source: &str, note: &str| {
        rest.sources.push(SourceRow {
            table: table.to_owned(),
            id: id.to_owned(),
            field: field.to_owned(),
            status,
            source: source.to_owned(),
            note: note.to_owned(),
            ..SourceRow::default()
        });
    };
    let by_plan = "the plan's own loading at this time, less what was counted elsewhere";
    cite("zones", "*", "people", SourceStatus::Derived, "clearway replan", by_plan);
    cite(
        "sites",
        "*",
        "capacity_people",
        SourceStatus::Derived,
        "clearway replan",
        "less those who are there",
    );
    for (&row, count) in &observed.waiting {
        let status = if count.source.is_empty() { SourceStatus::Assumed } else { SourceStatus::Published };
        let source = if count.source.is_empty() { "a count" } else { count.source.as_str() };
        let note = match situation.zones[row].waiting.forward {
            0 => String::new(),
            forward => format!("{} were counted; {forward} by the plan since then", count.people),
        };
        cite("zones", &scenario.zones[row].zone_id, "people", status, source, &note);
    }
    let by_plan = |tally: &Tally| if tally.origin == CountOrigin::ByPlan { tally.people } else { 0 };
    let zones = situation.zones.iter().map(|zone| by_plan(&zone.waiting));
    let road = situation.road.iter().map(|group| by_plan(&group.people));
    let people: i64 = zones.chain(road).sum();
    if people > 0 {
        rest.assumptions.push(AssumptionRow {
            kind: "by_the_plan".to_owned(),
            text: "are where the plan has them: nobody counted them".to_owned(),
            count: Some(people),
            unit: "people".to_owned(),
        });
    }
    let anywhere: i64 =
        situation.road.iter().filter(|group| group.packets.is_empty()).map(|group| group.people.people).sum();
    if anywhere > 0 {
        rest.assumptions.push(AssumptionRow {
            kind: "on_the_road".to_owned(),
            text: "are on roads where the plan has nobody: they are taken to be spread over the road, and to go anywhere"
                .to_owned(),
            count: Some(anywhere),
            unit: "people".to_owned(),
        });
    }
}
