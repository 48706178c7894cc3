//! The first sheet of a spreadsheet (xlsx, xls, xlsb, ods) as a CSV table.

use crate::csv_text::csv_text;
use calamine::{Data, Reader, open_workbook_auto_from_rs};
use clearway_model::Fault;
use std::io::Cursor;

/// Endings of file names that are spreadsheets.
const ENDINGS: [&str; 4] = ["xlsx", "xls", "xlsb", "ods"];

/// Whether a file name is that of a spreadsheet.
pub fn is_spreadsheet(file: &str) -> bool {
    file.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The first sheet that holds anything, as CSV in UTF-8. Dates become `YYYY-MM-DDTHH:MM:SS`, empty rows are left out.
///
/// # Errors
/// A file that is no spreadsheet, or has nothing in it, or a cell with an error in it.
pub fn spreadsheet_csv(file: &str, bytes: &[u8]) -> Result<Vec<u8>, Box<Fault>> {
    let fault = |expected: &str, hint: String| Box::new(Fault::error(file, "", expected).hint(hint));
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| fault("a spreadsheet (xlsx, xls, xlsb, ods)", error.to_string()))?;
    for name in book.sheet_names() {
        let sheet = book
            .worksheet_range(&name)
            .map_err(|error| fault("a sheet that can be read", error.to_string()))?;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (at, row) in sheet.rows().enumerate() {
            let number = at + 1 + sheet.start().map_or(0, |start| start.0 as usize);
            let mut cells = Vec::with_capacity(row.len());
            for cell in row {
                cells.push(text(cell).map_err(|error| {
                    Box::new(Fault::error(file, format!("{name}, row {number}"), "a value").hint(error))
                })?);
            }
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(cells);
            }
        }
        if rows.is_empty() {
            continue;
        }
        let header = rows.remove(0);
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        return Ok(csv_text(&header, rows));
    }
    Err(fault("a sheet with a row of column names", "the file is empty".to_owned()))
}

fn text(cell: &Data) -> Result<String, String> {
    Ok(match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(is) => is.to_string(),
        Data::DateTime(date) => match date.as_datetime() {
            Some(time) if date.is_datetime() => format!("{time:?}"),
            // a length of time, in hours
            _ => (date.as_f64() * 24.0).to_string(),
        },
        Data::Error(error) => return Err(format!("the cell holds the error {error}")),
    })
}

#[cfg(test)]
mod tests {
    use super::{is_spreadsheet, spreadsheet_csv};
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    fn book() -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("empty")?;
        let sheet = book.add_worksheet();
        for (column, name) in ["people", "to", "depart"].into_iter().enumerate() {
            sheet.write(0, column as u16, name)?;
        }
        sheet.write(1, 0, 1200)?;
        sheet.write(1, 1, "North, \"new\" camp")?;
        let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let time = ExcelDateTime::from_ymd(2024, 5, 6)?.and_hms(8, 30, 0)?;
        sheet.write_with_format(1, 2, &time, &format)?;
        sheet.write(3, 0, 7.5)?;
        book.save_to_buffer()
    }

    #[test]
    fn the_first_sheet_with_anything_becomes_a_table() {
        let bytes = book().unwrap();
        let text = String::from_utf8(spreadsheet_csv("plan.xlsx", &bytes).unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            ["people,to,depart", "1200,\"North, \"\"new\"\" camp\",2024-05-06T08:30:00", "7.5,,"]
        );
    }

    #[test]
    fn what_is_no_spreadsheet_is_a_fault() {
        let fault = spreadsheet_csv("plan.xlsx", b"people,to\n").unwrap_err();
        assert!(fault.to_string().contains("plan.xlsx"), "{fault}");
        assert!(is_spreadsheet("Plan.XLSX") && is_spreadsheet("a.ods") && !is_spreadsheet("a.csv"));
    }
}
