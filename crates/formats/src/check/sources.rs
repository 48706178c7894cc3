//! `sources.csv` and turn bans: rows that speak of something that is not there would be ignored in silence.

use super::ScenarioCheck;
use crate::column::TableColumn;
use crate::nearest::nearest;
use crate::table::TableRow;
use clearway_model::{
    AccessRow, ClosureRow, ConnectorRow, GroupRow, LinkRow, LinkUseRow, MobilizationRow, ModeRow,
    MovementRow, NodeRow, RunRow, SiteRow, SourceRow, SourceStatus, VehicleRow, WindowRow, ZoneRow,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    prohibited(check);
    let tables = tables(check);
    for (index, row) in check.sound(&check.scenario.sources) {
        figure(check, &tables, index, row);
        says_who(check, index, row);
    }
}

/// A turn is prohibited by `1`, and whether it is must be known: a ban that is lost makes ways shorter than they are.
fn prohibited(check: &mut ScenarioCheck<'_>) {
    let rows = &check.scenario.movements;
    if !rows.is_empty() && check.origin.lacks::<MovementRow>("prohibited") {
        let hint =
            "a row that does not say that its turn is prohibited says nothing; delete the file if no turn is";
        check.table_error::<MovementRow>("a column 'prohibited'", hint);
    }
    for (index, row) in check.sound(rows) {
        if !["", "0", "1"].contains(&row.prohibited.as_str()) {
            let hint = "'1' prohibits the turn, '0' or an empty cell allows it";
            check.error(index, row, ("prohibited", &row.prohibited), "'1', '0' or an empty cell", hint);
        }
    }
}

/// What a row of `sources.csv` may speak of.
struct SourcedTable<'s> {
    columns: BTreeSet<&'static str>,
    ids: BTreeSet<&'s str>,
    is_whole: bool,
}

fn names<R: TableRow>() -> BTreeSet<&'static str> {
    R::COLUMNS.iter().map(|column: &TableColumn| column.name).collect()
}

/// A table whose rows are read elsewhere; that there are such columns is known all the same.
fn elsewhere<'s, R: TableRow>() -> SourcedTable<'s> {
    SourcedTable { columns: names::<R>(), ids: BTreeSet::new(), is_whole: false }
}

fn tables<'s>(check: &ScenarioCheck<'s>) -> BTreeMap<&'static str, SourcedTable<'s>> {
    fn table<'s, R: TableRow>(
        check: &ScenarioCheck<'s>,
        rows: &'s [R],
        id: fn(&R) -> &str,
    ) -> (&'static str, SourcedTable<'s>) {
        let columns = names::<R>();
        let ids = rows.iter().map(id).collect();
        (
            R::FILE.trim_end_matches(".csv"),
            SourcedTable { columns, ids, is_whole: check.origin.is_whole::<R>() },
        )
    }
    let s = check.scenario;
    let settings = [
        "name",
        "description",
        "context",
        "start",
        "time_zone",
        "horizon_ms",
        "margin_share",
        "mode",
        "people_per_vehicle",
        "people_per_vehicle_low",
        "people_per_vehicle_high",
        "pcu_per_vehicle",
    ];
    let classes: BTreeSet<&str> = s.settings.class.iter().map(|class| class.id.as_str()).collect();
    let is_whole = !check.origin.settings_damaged;
    BTreeMap::from([
        table::<NodeRow>(check, &s.nodes, |row| &row.node_id),
        table::<LinkRow>(check, &s.links, |row| &row.link_id),
        table::<MovementRow>(check, &s.movements, |row| &row.mvmt_id),
        table::<ZoneRow>(check, &s.zones, |row| &row.zone_id),
        table::<MobilizationRow>(check, &s.releases, |row| &row.mobilization_id),
        table::<SiteRow>(check, &s.sites, |row| &row.site_id),
        table::<ConnectorRow>(check, &s.connectors, |row| &row.connector_id),
        table::<ClosureRow>(check, &s.closures, |row| &row.closure_id),
        table::<WindowRow>(check, &s.windows, |row| &row.window_id),
        ("groups", elsewhere::<GroupRow>()),
        ("fleet", elsewhere::<VehicleRow>()),
        ("modes", elsewhere::<ModeRow>()),
        ("link_use", elsewhere::<LinkUseRow>()),
        ("access", elsewhere::<AccessRow>()),
        ("timetable", elsewhere::<RunRow>()),
        ("scenario", SourcedTable { columns: settings.into_iter().collect(), ids: classes, is_whole }),
    ])
}

fn figure(
    check: &mut ScenarioCheck<'_>,
    tables: &BTreeMap<&'static str, SourcedTable<'_>>,
    index: usize,
    row: &SourceRow,
) {
    let Some(table) = tables.get(row.table.as_str()) else {
        let expected = format!("one of {}", tables.keys().copied().collect::<Vec<_>>().join(", "));
        let hint = "a table's name is that of its file without .csv";
        check.warning(index, row, ("table", &row.table), expected, hint);
        return;
    };
    // keys of a section are written with it: class.people_per_vehicle
    let field = row.field.rsplit('.').next().unwrap_or_default();
    if row.field != "*" && !table.columns.contains(field) {
        let hint = nearest(field, table.columns.iter().copied())
            .map_or_else(|| "the row speaks of no figure".to_string(), |name| format!("is '{name}' meant?"));
        check.warning(index, row, ("field", &row.field), format!("a column of {}, or '*'", row.table), hint);
    }
    // in the settings the id may name a class, or nothing
    let is_settings = row.table == "scenario";
    if !is_settings && row.id != "*" && table.is_whole && !table.ids.contains(row.id.as_str()) {
        let hint = "the row speaks of no figure";
        check.warning(index, row, ("id", &row.id), format!("an id of {}, or '*'", row.table), hint);
    }
}

fn says_who(check: &mut ScenarioCheck<'_>, index: usize, row: &SourceRow) {
    if row.status == SourceStatus::Published && row.source.is_empty() && row.url.is_empty() {
        let hint = "'published' says that a source states this figure; else write 'assumed'";
        check.warning(index, row, ("source", ""), "the source, where status is published", hint);
    }
    if !row.url.is_empty() && !row.url.starts_with("https://") && !row.url.starts_with("http://") {
        check.warning(index, row, ("url", &row.url), "an address that begins with https://", "");
    }
    if !row.as_of.is_empty() && !is_date(&row.as_of) {
        check.warning(index, row, ("as_of", &row.as_of), "a date as 2024-05-06, 2024-05 or 2024", "");
    }
}

/// `2024`, `2024-05`, `2024-05-06`, or two of them with a slash between.
fn is_date(text: &str) -> bool {
    text.split('/').count() <= 2
        && text.split('/').all(|part| {
            let bytes = part.as_bytes();
            // length and separators first: jiff reads further forms that the column does not allow
            let is_form = bytes
                .iter()
                .enumerate()
                .all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() });
            is_form
                && matches!(bytes.len(), 4 | 7 | 10)
                && (bytes.len() < 10 || part.parse::<jiff::civil::Date>().is_ok())
        })
}
