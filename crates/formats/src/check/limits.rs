//! Cell by cell, for every table alike: what must be given is given, ids have no stray characters, figures are within the limits of
//! their column, and a range holds its figure.

use super::ScenarioCheck;
use crate::cell::CellValue;
use crate::column::TableColumn;
use crate::table::TableRow;
use clearway_model::{is_formula, is_turning};
use clearway_text::{invisible, spelled_out};
use std::fmt::Write;

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    table(check, &scenario.nodes);
    table(check, &scenario.links);
    table(check, &scenario.movements);
    table(check, &scenario.zones);
    table(check, &scenario.releases);
    table(check, &scenario.sites);
    table(check, &scenario.connectors);
    table(check, &scenario.closures);
    table(check, &scenario.windows);
    table(check, &scenario.junctions);
    table(check, &scenario.sources);
}

/// Where the figure, its low and its high end are among the columns.
struct RangeColumns {
    value: usize,
    low: Option<usize>,
    high: Option<usize>,
}

fn ranges(columns: &[TableColumn]) -> Vec<RangeColumns> {
    let at = |name: String| columns.iter().position(|column| column.name == name);
    let range = |(value, column): (usize, &TableColumn)| RangeColumns {
        value,
        low: at(format!("{}_low", column.name)),
        high: at(format!("{}_high", column.name)),
    };
    columns
        .iter()
        .enumerate()
        .map(range)
        .filter(|range| range.low.is_some() || range.high.is_some())
        .collect()
}

fn table<R: TableRow>(check: &mut ScenarioCheck<'_>, rows: &[R]) {
    let ranges = ranges(R::COLUMNS);
    let mut numbers: Vec<Option<f64>> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        numbers.clear();
        row.visit(&mut |column, cell| {
            numbers.push(cell.number());
            check_cell(check, index, row, column, cell);
        });
        // an end that could not be read is empty here, so what is left can still be compared
        for range in &ranges {
            check_range(check, index, row, range, &numbers);
        }
    }
}

fn check_cell<R: TableRow>(
    check: &mut ScenarioCheck<'_>,
    index: usize,
    row: &R,
    column: &'static TableColumn,
    cell: &dyn CellValue,
) {
    if !cell.is_given() {
        if column.required && !check.origin.lacks::<R>(column.name) {
            check.error(index, row, (column.name, ""), "a value", column.unit_hint());
        }
        return;
    }
    if let Some(number) = cell.number() {
        if !column.allows(number) {
            let expected = format!("a number {}", column.limits());
            check.error(index, row, (column.name, cell.write()), expected, column.unit_hint());
        }
        return;
    }
    let text = cell.write();
    if column.is_id && text.trim() != text {
        let hint = "spaces count: this id equals none that is written without them";
        check.error(index, row, (column.name, format!("{text:?}")), "an id without spaces at its ends", hint);
    } else if column.is_id && is_formula(&text) {
        let expected =
            "an id that does not begin with '=', '+', '-', '@', a tabulator or a line end, or is a number";
        let hint = "a spreadsheet takes it for a formula, and ids stand in tables as they are";
        check.error(index, row, (column.name, format!("{text:?}")), expected, hint);
    } else if let Some(found) = stray_character(&text, column.is_id) {
        let expected = "text without control and replacement characters";
        let hint = format!("it holds {found}; was the file saved in another encoding?");
        if column.is_id {
            check.error(index, row, (column.name, format!("{text:?}")), expected, hint);
        } else {
            check.warning(index, row, (column.name, format!("{text:?}")), expected, hint);
        }
    } else if let Some(found) = invisible(&text).filter(|_| column.is_id) {
        let expected = "an id of characters that are seen";
        let hint = format!("it holds U+{:04X}, which nobody sees; type the id anew", u32::from(found));
        check.error(index, row, (column.name, spelled_out(&text)), expected, hint);
    } else if is_read_in_a_wrong_encoding(&text) {
        let hint =
            "UTF-8 that was read as Latin-1 and saved again; open the file as UTF-8 and save it as UTF-8";
        check.warning(index, row, (column.name, &text), "text in its own letters", hint);
    }
}

/// A character that no name holds, in words.
fn stray_character(text: &str, is_id: bool) -> Option<String> {
    let stray = |c: char| {
        (c.is_control() && (is_id || !matches!(c, '\n' | '\r' | '\t'))) || matches!(c, '\u{fffd}' | '\u{feff}')
            // in ids these are found below, among all that nobody sees
            || (!is_id && is_turning(c))
    };
    text.chars().find(|c| stray(*c)).map(|c| {
        let mut name = String::new();
        // writing to a string does not fail
        let _ = write!(name, "U+{:04X}", u32::from(c));
        name
    })
}

/// UTF-8 bytes taken for Latin-1 or Windows-1252: a letter of two bytes shows as `Ã`, `Â`, `Ø` or `Ù` and a sign after it.
fn is_read_in_a_wrong_encoding(text: &str) -> bool {
    // the signs that Windows-1252 has where Latin-1 has none
    const SIGNS: &str = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";
    let is_second = |c: char| matches!(c, '\u{80}'..='\u{bf}') || SIGNS.contains(c);
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.into_iter().any(|(first, second)| matches!(first, 'Ã' | 'Â' | 'Ø' | 'Ù') && is_second(second))
}

fn check_range<R: TableRow>(
    check: &mut ScenarioCheck<'_>,
    index: usize,
    row: &R,
    range: &RangeColumns,
    numbers: &[Option<f64>],
) {
    let number = |at: usize| numbers.get(at).copied().flatten();
    let value = number(range.value);
    for (end, is_low) in [(range.low, true), (range.high, false)] {
        let Some((end, found)) = end.and_then(|at| number(at).map(|found| (at, found))) else {
            continue;
        };
        let (Some(end), Some(figure)) = (R::COLUMNS.get(end), R::COLUMNS.get(range.value)) else {
            continue;
        };
        match value {
            None if !check.origin.is_damaged::<R>(index) => {
                let expected = format!("{} to be given too", figure.name);
                check.error(index, row, (end.name, found), expected, "a range needs its figure");
            }
            Some(value) if is_low && found > value => {
                let expected = format!("at most {} ({value})", figure.name);
                check.error(index, row, (end.name, found), expected, "the low end is above the figure");
            }
            Some(value) if !is_low && found < value => {
                let expected = format!("at least {} ({value})", figure.name);
                check.error(index, row, (end.name, found), expected, "the high end is below the figure");
            }
            _ => {}
        }
    }
}
