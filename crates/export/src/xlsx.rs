//! A workbook: one sheet per table, the first row the names of columns, the second their HXL tags where a table has any, the third on
//! the data. Units and meanings of columns are a sheet of their own.

use crate::cells::{ExportCell, ExportTable};
use crate::format::ExportError;
use crate::tables::PlanTables;
use clearway_report::ScenarioClock;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Rows of a sheet, by the format.
const MOST_ROWS: usize = 1_048_576;
/// Letters of a cell, by the format.
const MOST_LETTERS: usize = 32_767;

impl From<XlsxError> for ExportError {
    fn from(error: XlsxError) -> Self {
        Self::Internal(format!("cannot write the workbook: {error}"))
    }
}

/// A workbook of the tables that people read: no lines, no hours of links, of which maps are made.
pub(crate) fn xlsx(tables: &PlanTables, clock: &ScenarioClock) -> Result<Vec<u8>, ExportError> {
    let mut book = Workbook::new();
    // no clock is read, so that the same plan gives the same bytes
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_timestamp(0)?));
    let sheets = [
        &tables.summary,
        &tables.zones,
        &tables.orders,
        &tables.routes,
        &tables.links,
        &tables.sites,
        &tables.bottlenecks,
        &tables.curve,
        &tables.sources,
        &tables.assumptions,
    ];
    for table in sheets {
        sheet(book.add_worksheet(), table, clock)?;
    }
    meanings(book.add_worksheet(), &sheets)?;
    Ok(book.save_to_buffer()?)
}

fn sheet(sheet: &mut Worksheet, table: &ExportTable, clock: &ScenarioClock) -> Result<(), ExportError> {
    sheet.set_name(table.name)?;
    let has_tags = table.columns.iter().any(|column| !column.hxl.is_empty());
    let head = 1 + usize::from(has_tags);
    if table.rows.len() + head > MOST_ROWS {
        return Err(ExportError::DoesNotFit(format!(
            "{} has {} rows, a sheet of a workbook holds {MOST_ROWS}: take --format gpkg or geoparquet",
            table.name,
            table.rows.len()
        )));
    }
    let (bold, grey) = (Format::new().set_bold(), Format::new().set_font_color(0x80_8080));
    for (at, column) in (0_u16..).zip(table.columns) {
        sheet.write_string_with_format(0, at, column.name, &bold)?;
        if has_tags {
            sheet.write_string_with_format(1, at, column.hxl, &grey)?;
        }
        sheet.set_column_width(at, width(table, at))?;
    }
    for (at, row) in (1 + u32::from(has_tags)..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            write(sheet, at, column, cell, clock)?;
        }
    }
    sheet.set_freeze_panes(1 + u32::from(has_tags), 1)?;
    Ok(())
}

/// As wide as the widest of its first cells, within reason.
fn width(table: &ExportTable, column: u16) -> f64 {
    let letters = |row: &Vec<ExportCell>| match row.get(usize::from(column)) {
        Some(ExportCell::Text(text)) => text.chars().count(),
        Some(ExportCell::Moment(_)) => 25,
        _ => 8,
    };
    let name = table.columns[usize::from(column)].name.len();
    let widest = table.rows.iter().take(200).map(letters).max().unwrap_or(8).max(name).min(60);
    clearway_model::number::float(widest) + 2.0
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &ExportCell,
    clock: &ScenarioClock,
) -> Result<(), ExportError> {
    match cell {
        ExportCell::Empty => {}
        // a text is a text, also one that begins like a formula
        ExportCell::Text(text) => {
            let text: String = clearway_model::visible(text).chars().take(MOST_LETTERS).collect();
            sheet.write_string(row, column, text)?;
        }
        ExportCell::Whole(whole) => {
            sheet.write_number(row, column, clearway_model::number::float(*whole))?;
        }
        ExportCell::Real(real) => {
            sheet.write_number(row, column, *real)?;
        }
        ExportCell::Moment(ms) => {
            sheet.write_string(row, column, clock.rfc3339(*ms))?;
        }
    }
    Ok(())
}

fn meanings(sheet: &mut Worksheet, tables: &[&ExportTable]) -> Result<(), ExportError> {
    sheet.set_name("columns")?;
    let bold = Format::new().set_bold();
    for (at, word) in (0_u16..).zip(["sheet", "column", "unit", "meaning"]) {
        sheet.write_string_with_format(0, at, word, &bold)?;
    }
    let columns = tables.iter().flat_map(|table| table.columns.iter().map(|column| (table.name, column)));
    for (row, (table, column)) in (1_u32..).zip(columns) {
        for (at, word) in (0_u16..).zip([table, column.name, column.unit, column.about]) {
            sheet.write_string(row, at, word)?;
        }
    }
    for (at, width) in (0_u16..).zip([18.0, 24.0, 16.0, 70.0]) {
        sheet.set_column_width(at, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
