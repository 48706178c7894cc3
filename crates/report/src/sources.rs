//! Where the given figures come from: `sources.csv` with like rows put together, and the figures that have no source.

use clearway_model::number::length;
use clearway_model::{Scenario, SourceStatus};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Rows shown on the page.
const ROWS: usize = 200;
/// Ids named in one row before they are counted instead.
const IDS: usize = 3;

/// Sources for the page.
#[derive(Debug, Serialize)]
pub struct SourceTable {
    /// Like rows put together.
    pub rows: Vec<SourceLine>,
    /// Figures in use that no row covers, in words; empty if there are none.
    pub without: Vec<String>,
    /// What was left out, may be empty.
    pub left_out: String,
}

/// One source and what rests on it.
#[derive(Debug, Serialize)]
pub struct SourceLine {
    /// `people of zones (all)`.
    pub figure: String,
    /// `published`, `derived`, `default` or `assumed`.
    pub status: &'static str,
    /// Who states the figure, or by which rule it was derived.
    pub source: String,
    /// Address, empty unless it is a web address.
    pub url: String,
    /// As of when, as in the file; may be empty.
    pub as_of: String,
    /// What else the file says; may be empty.
    pub note: String,
}

pub(crate) fn status_word(status: SourceStatus) -> &'static str {
    match status {
        SourceStatus::Published => "published",
        SourceStatus::Derived => "derived",
        SourceStatus::Default => "default",
        SourceStatus::Assumed => "assumed",
    }
}

/// Only web addresses become links; anything else could be a script.
fn web_address(url: &str) -> String {
    let lower = url.trim().to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        url.trim().to_owned()
    } else {
        String::new()
    }
}

/// The table of sources.
pub fn table(scenario: &Scenario) -> SourceTable {
    // Rows that differ in the id alone are one line, in the order of the file.
    let mut order = Vec::new();
    let mut ids: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for row in &scenario.sources {
        let key =
            (&row.table, &row.field, status_word(row.status), &row.source, &row.url, &row.as_of, &row.note);
        let list = ids.entry(key).or_default();
        if list.is_empty() {
            order.push(key);
        }
        list.push(&row.id);
    }
    let all = order.len();
    let rows = order
        .into_iter()
        .take(ROWS)
        .map(|key| {
            let (table, field, status, source, url, as_of, note) = key;
            let which = which(ids.get(&key).map_or(&[], Vec::as_slice));
            SourceLine {
                figure: format!("{table}: {field}{which}"),
                status,
                source: source.clone(),
                url: web_address(url),
                as_of: as_of.clone(),
                note: note.clone(),
            }
        })
        .collect();
    let left_out = if all > ROWS {
        format!("The first {ROWS} of {} are shown; sources.csv has all.", crate::number::grouped(length(all)))
    } else {
        String::new()
    };
    SourceTable { rows, without: without(scenario), left_out }
}

/// ` (all)`, ` (Z1, Z2)`, ` (22,193 rows)`.
fn which(ids: &[&str]) -> String {
    if ids.contains(&"*") {
        " (all)".to_owned()
    } else if ids.len() <= IDS {
        format!(" ({})", ids.join(", "))
    } else {
        format!(" ({} rows)", crate::number::grouped(length(ids.len())))
    }
}

/// Figures that a result rests on and that no row of `sources.csv` covers, in words.
fn without(scenario: &Scenario) -> Vec<String> {
    let words = |(table, field, missing, all): (&str, &str, usize, usize)| {
        let of = if missing == all { "all".to_owned() } else { crate::number::grouped(length(missing)) };
        format!("{table}: {field} ({of})")
    };
    figures_without(scenario).into_iter().map(words).collect()
}

/// The same as table, column, rows that no row of `sources.csv` covers, and rows that have such a figure.
pub(crate) fn figures_without(scenario: &Scenario) -> Vec<(&'static str, &'static str, usize, usize)> {
    let mut covered: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for row in &scenario.sources {
        let table = row.table.strip_suffix(".csv").unwrap_or(&row.table);
        // keys of a class stand there as they stand in scenario.toml
        let field = row.field.strip_prefix("class.").unwrap_or(&row.field);
        covered.entry((table, field)).or_default().insert(&row.id);
    }
    // who states a curve states when the people of the zones are ready that have it
    let stated: BTreeSet<&str> = ["share", "*"]
        .into_iter()
        .filter_map(|field| covered.get(&("mobilization", field)))
        .flatten()
        .copied()
        .collect();
    let is_stated = |curve: &str| stated.contains("*") || stated.contains(curve);
    let mut list = Vec::new();
    let mut look = |table: &'static str, field: &'static str, ids: Vec<&str>| {
        let known = covered.get(&(table, field)).or_else(|| covered.get(&(table, "*")));
        let missing = match known {
            Some(set) if set.contains("*") => 0,
            Some(set) => ids.iter().filter(|id| !set.contains(*id)).count(),
            None => ids.len(),
        };
        if missing > 0 {
            list.push((table, field, missing, ids.len()));
        }
    };
    let s = scenario;
    look("zones", "people", s.zones.iter().map(|z| z.zone_id.as_str()).collect());
    look(
        "zones",
        "stay_people",
        s.zones.iter().filter(|z| z.stay_people.is_some()).map(|z| z.zone_id.as_str()).collect(),
    );
    look(
        "zones",
        "mobilization_id",
        s.zones
            .iter()
            .filter(|z| !z.mobilization_id.is_empty() && !is_stated(&z.mobilization_id))
            .map(|z| z.zone_id.as_str())
            .collect(),
    );
    look(
        "sites",
        "capacity_people",
        s.sites.iter().filter(|x| x.capacity_people.is_some()).map(|x| x.site_id.as_str()).collect(),
    );
    look(
        "sites",
        "admission_people_h",
        s.sites.iter().filter(|x| x.admission_people_h.is_some()).map(|x| x.site_id.as_str()).collect(),
    );
    look(
        "link",
        "capacity_pcu_h",
        s.links.iter().filter(|l| l.capacity_pcu_h.is_some()).map(|l| l.link_id.as_str()).collect(),
    );
    look(
        "link",
        "storage_pcu",
        s.links.iter().filter(|l| l.storage_pcu.is_some()).map(|l| l.link_id.as_str()).collect(),
    );
    look(
        "link",
        "time_ms",
        s.links.iter().filter(|l| l.time_ms.is_some()).map(|l| l.link_id.as_str()).collect(),
    );
    look(
        "link",
        "walk_capacity_people_h",
        s.links.iter().filter(|l| l.walk_capacity_people_h.is_some()).map(|l| l.link_id.as_str()).collect(),
    );
    let occupancy = s.settings.class.iter().filter(|c| c.people_per_vehicle.is_some());
    look("scenario", "people_per_vehicle", occupancy.map(|c| c.id.as_str()).collect());
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::{FolderStore, SourceRow};

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(web_address(" https://example.org/a "), "https://example.org/a");
        assert_eq!(web_address("javascript:alert(1)"), "");
        assert_eq!(web_address("data:text/html,x"), "");
    }

    #[test]
    fn a_source_of_a_class_or_a_curve_covers_those_who_have_it() {
        let row = |table: &str, field: &str, id: &str| SourceRow {
            table: table.to_owned(),
            id: id.to_owned(),
            field: field.to_owned(),
            ..SourceRow::default()
        };
        let example = FolderStore::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road"));
        let (mut scenario, _) = clearway_formats::read_scenario(&example).unwrap();
        scenario.zones[0].mobilization_id = "fast".to_owned();
        scenario.sources.clear();
        let is_missing = |scenario: &Scenario| {
            let missing = without(scenario);
            ["zones: mobilization_id (all)", "scenario: people_per_vehicle (all)"]
                .map(|figure| missing.iter().any(|other| other == figure))
        };
        assert_eq!(is_missing(&scenario), [true, true]);
        scenario.sources =
            vec![row("mobilization", "share", "slow"), row("scenario", "class.people_per_vehicle", "*")];
        assert_eq!(is_missing(&scenario), [true, false]);
        scenario.sources.push(row("mobilization.csv", "*", "fast"));
        assert_eq!(is_missing(&scenario), [false, false]);
    }

    #[test]
    fn ids_are_named_or_counted() {
        assert_eq!(which(&["*"]), " (all)");
        assert_eq!(which(&["1", "2"]), " (1, 2)");
        assert_eq!(which(&["1", "2", "3", "4"]), " (4 rows)");
    }
}
