//! A road that was clicked.

use super::ScenarioFolder;
use super::overview::{people_of, plan_of};
use super::tables::{AnswerTable, rows};
use crate::app::ServeApp;
use crate::error::ServeError;
use crate::types::{LinkClosure, LinkFigure, LinkFigureSource, LinkFigures, LinkHour, LinkZone, VersionKind};
use clearway::LinkReplay;
use clearway_model::number::length;
use clearway_model::{ClosureRow, ClosureTarget, LinkRow, SourceRow, SourceStatus, ZoneRow};
use std::collections::HashMap;

/// A road of a version with its figures, and in a plan who passes it.
pub(crate) fn link(app: &ServeApp, version: i64, row: usize) -> Result<LinkFigures, ServeError> {
    let folder = ScenarioFolder::of(app, version)?;
    let (links, closures, sources, zones) = folder.with(|store| {
        Ok::<_, ServeError>((
            rows::<LinkRow>(store)?,
            rows::<ClosureRow>(store)?,
            rows::<SourceRow>(store)?,
            rows::<ZoneRow>(store)?,
        ))
    })?;
    let link =
        links.get(row).ok_or_else(|| ServeError::NotThere(format!("link {row} of version {version}")))?;
    let is_back = |other: &LinkRow| {
        other.from_node_id == link.to_node_id
            && other.to_node_id == link.from_node_id
            && other.name == link.name
    };
    let closed = closures
        .iter()
        .filter(|closure| closure.target == ClosureTarget::Link && closure.target_id == link.link_id);
    let mut figures = LinkFigures {
        row,
        id: link.link_id.clone(),
        name: link.name.clone(),
        class: link.facility_type.clone(),
        figures: link_figures(link, &sources),
        opposite: links.iter().position(is_back),
        closures: closed
            .map(|closure| LinkClosure {
                from_s: closure.from_ms / 1000,
                until_s: closure.until_ms.map(|until| until / 1000),
                repeat_every_s: closure.repeat_every_ms.map(|every| every / 1000),
                cause: closure.cause.clone(),
            })
            .collect(),
        people_of: String::new(),
        by_hour: Vec::new(),
        zones: Vec::new(),
        bottleneck_rank: None,
    };
    let Ok(plan) = plan_of(app, version) else { return Ok(figures) };
    let table = AnswerTable::read(&app.store.version_store(plan.id)?, "bottlenecks.csv")?;
    let rank = (0..table.len())
        .find(|at| table.text(*at, "element") == "link" && table.text(*at, "id") == link.link_id);
    figures.bottleneck_rank =
        rank.and_then(|at| table.whole(at, "rank")).and_then(|rank| u64::try_from(rank).ok());
    let replay = match app.views.replay(app, plan.id) {
        Ok(replay) => replay,
        // a bound alone
        Err(ServeError::Request(_)) => return Ok(figures),
        Err(error) => return Err(error),
    };
    figures.people_of = people_of(&replay).to_owned();
    let in_replay = match replay.scenario.links.get(row) {
        Some(same) if same.link_id == link.link_id => Some(row),
        _ => replay.scenario.links.iter().position(|other| other.link_id == link.link_id),
    };
    if let Some(passed) = in_replay.and_then(|row| replay.links.get(&row)) {
        figures.by_hour = hours(passed, &simulated_hours(app, plan.id, &link.link_id)?);
        figures.zones = passed
            .by_zone
            .iter()
            .filter_map(|(zone, people)| {
                let zone = replay.scenario.zones.get(*zone)?;
                let name = zones.iter().find(|known| known.zone_id == zone.zone_id)?.name.clone();
                Some(LinkZone { id: zone.zone_id.clone(), name, people: *people })
            })
            .collect();
        figures.zones.sort_by(|a, b| b.people.cmp(&a.people).then(a.id.cmp(&b.id)));
    }
    Ok(figures)
}

/// People who enter a road in each hour of the newest simulation; `None`: not simulated.
fn simulated_hours(
    app: &ServeApp,
    plan: i64,
    link_id: &str,
) -> Result<Option<HashMap<i64, i64>>, ServeError> {
    let Some(simulation) = app.store.newest_child(plan, VersionKind::Simulation)? else { return Ok(None) };
    let store = app.store.version_store(simulation.id)?;
    if !store.has("link_hours.csv") {
        return Ok(None);
    }
    let table = AnswerTable::read(&store, "link_hours.csv")?;
    let rows = (0..table.len()).filter(|row| table.text(*row, "link_id") == link_id);
    Ok(Some(
        rows.filter_map(|row| Some((table.whole(row, "from_s")?, table.whole(row, "people")?))).collect(),
    ))
}

/// Hours up to the last in which somebody passes.
fn hours(passed: &LinkReplay, simulated: &Option<HashMap<i64, i64>>) -> Vec<LinkHour> {
    let in_plan = passed.by_hour.iter().rposition(|people| *people > 0).map_or(0, |last| length(last) + 1);
    let in_simulation = simulated.iter().flat_map(HashMap::keys).max().map_or(0, |from_s| from_s / 3600 + 1);
    let in_hour = |hour: i64| usize::try_from(hour).unwrap_or(usize::MAX);
    (0..in_plan.max(in_simulation))
        .map(|hour| LinkHour {
            from_s: hour * 3600,
            people: passed.by_hour.get(in_hour(hour)).copied().unwrap_or(0),
            most_people: passed.most_by_hour.get(in_hour(hour)).copied().flatten(),
            simulated_people: simulated.as_ref().map(|hours| hours.get(&(hour * 3600)).copied().unwrap_or(0)),
        })
        .collect()
}

fn whole(value: Option<i64>) -> Option<f64> {
    value.map(clearway_model::number::float)
}

/// The figures of a road, each with its range and source.
fn link_figures(link: &LinkRow, sources: &[SourceRow]) -> Vec<LinkFigure> {
    let figures = [
        ("lanes", link.lanes, None, None, "lanes"),
        ("free_speed", link.free_speed, None, None, "km/h"),
        ("length_m", link.length_m.or(link.length.map(|km| km * 1000.0)), None, None, "m"),
        ("capacity_pcu_h", link.capacity_pcu_h, link.capacity_pcu_h_low, link.capacity_pcu_h_high, "pcu/h"),
        ("reserved_pcu_h", link.reserved_pcu_h, None, None, "pcu/h"),
        ("storage_pcu", link.storage_pcu, link.storage_pcu_low, link.storage_pcu_high, "pcu"),
        ("time_ms", whole(link.time_ms), whole(link.time_ms_low), None, "ms"),
        (
            "walk_capacity_people_h",
            link.walk_capacity_people_h,
            link.walk_capacity_people_h_low,
            link.walk_capacity_people_h_high,
            "people/h",
        ),
        ("walk_time_ms", whole(link.walk_time_ms), whole(link.walk_time_ms_low), None, "ms"),
    ];
    figures
        .into_iter()
        .filter(|(field, value, ..)| value.is_some() || *field == "capacity_pcu_h")
        .map(|(field, value, low, high, unit)| LinkFigure {
            field: field.to_owned(),
            value,
            low,
            high,
            unit: unit.to_owned(),
            sources: sources_of(sources, &link.link_id, field),
        })
        .collect()
}

/// The rows that say most exactly where a figure of a link is from. About the link itself the last one holds, as it replaced those before
/// it. Of rows about all links each may be a rule for some of them, and nothing says for which.
fn sources_of(sources: &[SourceRow], id: &str, field: &str) -> Vec<LinkFigureSource> {
    let of = |wanted_id: &str, wanted: &str| -> Vec<&SourceRow> {
        let fits = |row: &&SourceRow| row.table == "link" && row.id == wanted_id && row.field == wanted;
        sources.iter().filter(fits).collect()
    };
    let own = [field, "*"].into_iter().find_map(|field| of(id, field).pop());
    let rules = || [field, "*"].into_iter().map(|field| of("*", field)).find(|rows| !rows.is_empty());
    let rows = own.map(|row| vec![row]).or_else(rules).unwrap_or_default();
    rows.into_iter()
        .map(|row| LinkFigureSource {
            status: status_word(row.status).to_owned(),
            source: row.source.clone(),
            note: row.note.clone(),
        })
        .collect()
}

fn status_word(status: SourceStatus) -> &'static str {
    match status {
        SourceStatus::Published => "published",
        SourceStatus::Derived => "derived",
        SourceStatus::Default => "default",
        SourceStatus::Assumed => "assumed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, field: &str, note: &str) -> SourceRow {
        let text = str::to_owned;
        SourceRow {
            table: text("link"),
            id: text(id),
            field: text(field),
            note: text(note),
            ..SourceRow::default()
        }
    }

    #[test]
    fn no_rule_is_claimed_where_several_may_have_given_a_figure() {
        let sources = [
            row("*", "capacity_pcu_h", "less 15 %"),
            row("*", "capacity_pcu_h", "at a signal half of it"),
            row("*", "length_m", "from the map"),
            row("7", "capacity_pcu_h", "seen there"),
            row("7", "capacity_pcu_h", "counted there"),
            row("8", "*", "road works"),
        ];
        let notes = |id: &str, field: &str| -> Vec<String> {
            sources_of(&sources, id, field).into_iter().map(|source| source.note).collect()
        };
        assert_eq!(notes("6", "capacity_pcu_h"), ["less 15 %", "at a signal half of it"]);
        assert_eq!(notes("6", "length_m"), ["from the map"]);
        assert_eq!(notes("7", "capacity_pcu_h"), ["counted there"]);
        assert_eq!(notes("8", "capacity_pcu_h"), ["road works"]);
        assert!(notes("6", "lanes").is_empty());
    }
}
