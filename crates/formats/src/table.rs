//! A table: rows of one kind, read from CSV by column name and written back.

use crate::cell::{CellValue, ReadCell};
use crate::column::TableColumn;
use crate::csv_text::{CsvRecord, QuoteFault, parse_csv, push_row};
use crate::encoding::decode;
use crate::findings::RowFaults;
use crate::nearest::nearest;
use crate::origin::{TableOrigin, place_text};
use crate::upgrade::former_name;
use clearway_model::{Fault, Faults};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A row of one of the tables in `docs/reference/`.
pub trait TableRow: Sized {
    /// File name in the folder.
    const FILE: &'static str;
    /// The columns, in the order in which they are written.
    const COLUMNS: &'static [TableColumn];

    /// What people know the row by: its id, or what stands for it.
    fn label(&self) -> String;
    /// Reads the row; cells must be taken in the order of the columns.
    fn read(cells: &mut RowCells<'_>) -> Self;
    /// Shows every cell in the order of the columns.
    fn visit(&self, see: &mut dyn FnMut(&'static TableColumn, &dyn CellValue));
}

/// The cells of one row, taken one after the other in the order of [`TableRow::COLUMNS`].
pub struct RowCells<'a> {
    pub(crate) file: &'a str,
    pub(crate) noun: &'static str,
    pub(crate) row: u64,
    pub(crate) columns: &'static [TableColumn],
    /// Where each column is in the record; `None`: the file does not have it.
    pub(crate) positions: &'a [Option<usize>],
    pub(crate) cells: &'a [Cow<'a, str>],
    pub(crate) findings: &'a mut RowFaults,
    pub(crate) next: usize,
    pub(crate) damaged: bool,
}

impl RowCells<'_> {
    /// The next cell's value; its default where the cell is empty or a fault, which is then recorded.
    pub fn take<T: ReadCell>(&mut self) -> T {
        let index = self.next;
        self.next += 1;
        let (Some(column), Some(Some(position))) = (self.columns.get(index), self.positions.get(index))
        else {
            return T::default();
        };
        let text: &str = self.cells.get(*position).map_or("", |cell| cell);
        let (expected, hint) = if text.is_empty() {
            if !column.required {
                return T::default();
            }
            (expected::<T>(column), String::new())
        } else {
            match T::read(text) {
                Ok(value) => return value,
                Err(hint) => (expected::<T>(column), hint),
            }
        };
        let hint = if hint.is_empty() { column.unit_hint().to_string() } else { hint };
        let place = place_text(self.noun, self.row, &self.label());
        let fault = Fault::error(self.file, place, expected).field(column.name, text).hint(hint);
        self.findings.push(self.row, fault);
        self.damaged = true;
        T::default()
    }

    /// The first column's text, which names the row in all tables but `sources.csv`.
    fn label(&self) -> String {
        let position = self.positions.first().copied().flatten();
        position.and_then(|at| self.cells.get(at)).map_or_else(String::new, |cell| cell.to_string())
    }
}

fn expected<T: ReadCell>(column: &TableColumn) -> String {
    let limits = column.limits();
    let kind = if column.is_id { "an id" } else { T::EXPECTED };
    let or_empty = if column.required { "" } else { ", or an empty cell" };
    if limits.is_empty() { format!("{kind}{or_empty}") } else { format!("{kind}, {limits}{or_empty}") }
}

/// Rows read from a file, with where they came from.
pub(crate) struct TableRead<R> {
    pub rows: Vec<R>,
    pub origin: TableOrigin,
}

/// Reads a CSV table. All faults of form are returned: encoding, quotes, header, cells that are not what their column holds.
/// Limits and references are the business of [`crate::check_scenario`]. Rows with faults are kept, with default values.
pub fn read_table<R: TableRow>(file: &str, bytes: &[u8]) -> (Vec<R>, Faults) {
    let mut findings = RowFaults::default();
    let read = read_csv_table(file, bytes, &mut findings);
    (read.rows, findings.into_faults())
}

/// As [`read_table`], and figures outside the limits of their columns are faults as well. Each row comes with what it is called
/// in a fault.
pub fn read_limited<R: TableRow>(file: &str, bytes: &[u8]) -> (Vec<(String, R)>, Faults) {
    let mut findings = RowFaults::default();
    let read = read_csv_table::<R>(file, bytes, &mut findings);
    limits(file, &read.rows, &read.origin.rows, &mut findings);
    let named = |(row, number): (R, &u64)| (place_text("row", *number, &row.label()), row);
    let rows = read.rows.into_iter().zip(&read.origin.rows).map(named).collect();
    (rows, findings.into_faults())
}

/// Figures outside the limits of their columns; `numbers` are those of the rows in the file.
pub(crate) fn limits<R: TableRow>(file: &str, rows: &[R], numbers: &[u64], findings: &mut RowFaults) {
    for (row, &number) in rows.iter().zip(numbers) {
        row.visit(&mut |column, cell| {
            if let Some(figure) = cell.number().filter(|figure| !column.allows(*figure)) {
                let place = place_text("row", number, &row.label());
                let fault = Fault::error(file, place, column.limits()).field(column.name, figure);
                findings.push(number, fault.hint(column.unit_hint()));
            }
        });
    }
}

/// As [`read_table`], keeping track of rows.
pub(crate) fn read_csv_table<R: TableRow>(
    file: &str,
    bytes: &[u8],
    findings: &mut RowFaults,
) -> TableRead<R> {
    let mut read = TableRead { rows: Vec::new(), origin: new_origin(file, "row") };
    let text = match decode(file, bytes) {
        Ok(text) => text,
        Err(fault) => {
            findings.push(0, *fault);
            read.origin.is_whole = false;
            return read;
        }
    };
    let (records, quote_faults) = parse_csv(text);
    for fault in quote_faults {
        push_quote_fault(file, fault, findings);
        read.origin.is_whole = false;
    }
    let Some((header, records)) = records.split_first() else {
        let expected = format!("a header line with {}", required_names::<R>());
        findings.push(0, Fault::error(file, "row 1", expected).hint("the file is empty"));
        read.origin.is_whole = false;
        return read;
    };
    read_records(file, header, records, findings, &mut read);
    read
}

pub(crate) fn new_origin(file: &str, noun: &'static str) -> TableOrigin {
    TableOrigin {
        file: file.into(),
        noun,
        rows: Vec::new(),
        missing_columns: BTreeSet::new(),
        damaged: BTreeSet::new(),
        is_whole: true,
    }
}

fn push_quote_fault(file: &str, fault: QuoteFault, findings: &mut RowFaults) {
    let (row, found, expected, hint) = match fault {
        QuoteFault::NeverClosed { row, begin } => (
            row,
            begin,
            "a closing quote",
            "a quote inside a quoted cell is written twice; no row after this one was read",
        ),
        QuoteFault::TextAfterQuote { row, text } => (
            row,
            text,
            "a comma or the end of the line after a closing quote",
            "a quote inside a quoted cell is written twice",
        ),
    };
    findings.push(row, Fault::error(file, format!("row {row}"), expected).field("text", found).hint(hint));
}

fn required_names<R: TableRow>() -> String {
    let names: Vec<&str> = R::COLUMNS.iter().filter(|c| c.required).map(|c| c.name).collect();
    names.join(",")
}

fn read_records<R: TableRow>(
    file: &str,
    header: &CsvRecord<'_>,
    records: &[CsvRecord<'_>],
    findings: &mut RowFaults,
    read: &mut TableRead<R>,
) {
    let positions = locate_columns::<R>(file, &format!("row {}", header.row), &header.cells, findings, read);
    let mut empty_rows: Vec<u64> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        if index == 0 && record.begins_with_hash {
            // a row of the table that is skipped may be people dropped in silence
            read.origin.is_whole &= is_hxl_row(file, record, header, findings);
            continue;
        }
        if record.cells.iter().all(|cell| cell.is_empty()) {
            empty_rows.push(record.row);
            continue;
        }
        if record.cells.len() != header.cells.len() {
            let place = place_text("row", record.row, &record.cells[0]);
            let expected = format!("{} cells, as in the header", header.cells.len());
            let hint = "text with a comma in it must stand in double quotes; decimal commas must be points";
            let fault = Fault::error(file, place, expected).field("cells", record.cells.len()).hint(hint);
            findings.push(record.row, fault);
            // the cells may be shifted: what stands in them cannot be trusted
            read.origin.is_whole = false;
            continue;
        }
        read.push_row(file, "row", record.row, &positions, &record.cells, findings);
    }
    if let (Some(first), Some(last)) = (empty_rows.first(), empty_rows.last()) {
        let fault = Fault::error(file, format!("row {first}"), "cells that are not all empty")
            .field("empty rows", format!("{} between row {first} and row {last}", empty_rows.len()))
            .hint("delete these rows in the spreadsheet");
        findings.push(*first, fault);
    }
}

impl<R: TableRow> TableRead<R> {
    /// Reads one row and notes where it came from.
    pub(crate) fn push_row(
        &mut self,
        file: &str,
        noun: &'static str,
        row: u64,
        positions: &[Option<usize>],
        cells: &[Cow<'_, str>],
        findings: &mut RowFaults,
    ) {
        let mut cells = RowCells {
            file,
            noun,
            row,
            columns: R::COLUMNS,
            positions,
            cells,
            findings,
            next: 0,
            damaged: false,
        };
        self.rows.push(R::read(&mut cells));
        self.origin.rows.push(row);
        if cells.damaged {
            self.origin.damaged.insert(self.rows.len() - 1);
        }
    }
}

/// Whether a row that begins with `#` is an HXL tag row: tags and empty cells. Anything else is reported: readers of this format skip
/// it, and the people in it.
fn is_hxl_row(file: &str, record: &CsvRecord<'_>, header: &CsvRecord<'_>, findings: &mut RowFaults) -> bool {
    if clearway_text::is_hxl_row(record.cells.iter().map(|cell| &**cell)) {
        return true;
    }
    let is_other = |cell: &str| !cell.is_empty() && !clearway_text::is_hxl_row([cell]);
    let (at, cell) =
        record.cells.iter().enumerate().find(|(_, cell)| is_other(cell)).unwrap_or((0, &record.cells[0]));
    let name = header.cells.get(at).map_or("", |name| name);
    let fault = Fault::error(file, format!("row {}", record.row), "HXL tags such as '#geo+lat', or a row that does not begin with '#'")
        .field(name, cell)
        .hint("a second line that begins with '#' is skipped as an HXL tag row; an id that begins with '#' must stand in double quotes there");
    findings.push(record.row, fault);
    false
}

/// Where each column of the table is in the header; reports columns that are missing, doubled or misspelt.
pub(crate) fn locate_columns<R: TableRow>(
    file: &str,
    place: &str,
    header: &[Cow<'_, str>],
    findings: &mut RowFaults,
    read: &mut TableRead<R>,
) -> Vec<Option<usize>> {
    let known = || R::COLUMNS.iter().map(|column| column.name);
    let is_known = |name: &str| known().any(|k| k == name);
    let mut positions = Vec::with_capacity(R::COLUMNS.len());
    for column in R::COLUMNS {
        let mut found = header.iter().enumerate().filter(|(_, name)| *name == column.name);
        let position = found.next().map(|(at, _)| at);
        if found.next().is_some() {
            let fault = Fault::error(file, place, "each column once").field("column", column.name);
            findings.push(1, fault.hint("which of the two is meant cannot be known; delete one"));
            read.origin.is_whole = false;
        }
        if position.is_none() {
            read.origin.missing_columns.insert(column.name);
            if column.required {
                let others = header.iter().map(|name| &**name).filter(|name| !is_known(name));
                let hint = missing_hint(column.name, header, others);
                let fault = Fault::error(file, place, format!("a column '{}'", column.name));
                findings.push(1, fault.field("column", column.name).hint(hint));
                read.origin.is_whole = false;
            }
        }
        positions.push(position);
    }
    for name in header.iter().filter(|name| !is_known(name)) {
        // an optional column that is misspelt would be ignored in silence
        let free = known().filter(|k| !header.iter().any(|h| h == k));
        if let Some(meant) = nearest(name, free.clone()).or_else(|| same_stem(name, free)) {
            let column = R::COLUMNS.iter().find(|column| column.name == meant);
            if column.is_some_and(|column| column.required) {
                continue;
            }
            let fault = Fault::warning(file, place, "the name of a column in docs/reference/scenario.md");
            let hint = format!("the column is ignored; is '{meant}' meant?");
            findings.push(1, fault.field("column", name).hint(hint));
        }
    }
    positions
}

fn missing_hint<'h>(
    name: &str,
    header: &[Cow<'_, str>],
    others: impl Iterator<Item = &'h str> + Clone,
) -> String {
    if header.len() == 1 && header[0].contains([';', '\t']) {
        return "cells are separated by commas, not by semicolons or tabs; save it again as 'CSV UTF-8 (comma delimited)'".into();
    }
    if let Some(near) = nearest(name, others.clone()) {
        return format!("there is '{near}'; names are matched exactly");
    }
    if let Some(former) = former_name(name).filter(|former| header.iter().any(|name| name == former)) {
        return format!("'{former}' is its name of earlier versions: rename the column");
    }
    same_stem(name, others)
        .map_or_else(String::new, |other| format!("there is '{other}'; convert it to the unit in '{name}'"))
}

/// A name that is the same but for the unit at its end: `length_km` for `length_m`.
fn same_stem<'k>(name: &str, others: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    const UNITS: [&str; 24] = [
        "_m",
        "_km",
        "_ft",
        "_mi",
        "_miles",
        "_ms",
        "_s",
        "_sec",
        "_min",
        "_h",
        "_hours",
        "_pcu_h",
        "_veh_h",
        "_vph",
        "_people_h",
        "_people",
        "_persons",
        "_pax",
        "_m2",
        "_km2",
        "_ha",
        "_percent",
        "_pct",
        "_share",
    ];
    // the longest unit first: '_pcu_h' before '_h'
    let stem = |name: &str| {
        let unit = UNITS.iter().filter(|unit| name.ends_with(**unit)).max_by_key(|unit| unit.len())?;
        Some(name[..name.len() - unit.len()].to_string())
    };
    let own = stem(name)?;
    others.into_iter().find(|other| stem(other).is_some_and(|other| other == own))
}

/// A table as CSV text. Required columns are always written, the others where any row gives them.
pub fn to_csv<R: TableRow>(rows: &[R]) -> Vec<u8> {
    let mut used: Vec<bool> = R::COLUMNS.iter().map(|column| column.required).collect();
    for row in rows {
        let mut at = 0;
        row.visit(&mut |_, cell| {
            used[at] = used[at] || cell.is_given();
            at += 1;
        });
    }
    let mut out = String::new();
    push_row(
        &mut out,
        R::COLUMNS.iter().zip(&used).filter(|(_, used)| **used).map(|(column, _)| column.name),
    );
    let mut texts: Vec<String> = Vec::with_capacity(used.len());
    for row in rows {
        texts.clear();
        let mut at = 0;
        row.visit(&mut |_, cell| {
            if used[at] {
                texts.push(cell.write());
            }
            at += 1;
        });
        push_row(&mut out, texts.iter().map(String::as_str));
    }
    out.into_bytes()
}
