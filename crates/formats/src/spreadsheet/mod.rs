//! The first sheet of a spreadsheet (xlsx, xlsb, ods) as a CSV table.
//!
//! A spreadsheet is a packed archive, and a file of a thousand bytes may hold gigabytes, or one cell in the last row and column of a
//! sheet. What is unpacked, the cells and their text are counted before room is made for them ([`unpacked`]).

mod unpacked;

use crate::csv_text::csv_text;
use calamine::{Data, Reader, Sheets, open_workbook_auto_from_rs};
use clearway_model::Fault;
use clearway_model::number::{compact, index};
use std::collections::BTreeMap;
use std::io::Cursor;
use unpacked::look_inside;

/// Endings of file names that are spreadsheets.
const ENDINGS: [&str; 4] = ["xlsx", "xls", "xlsb", "ods"];
/// Most cells of a sheet that hold something, and most characters in them.
const MOST_CELLS: usize = 5_000_000;
const MOST_TEXT: usize = 256 << 20;
/// Most columns of a table: what lies farther to the right is no part of it.
const MOST_COLUMNS: u32 = 1_000;

/// Cells of a sheet by row and column, those that hold something.
type Cells = BTreeMap<u32, Vec<(u32, Data)>>;

/// Whether a file name is that of a spreadsheet.
pub fn is_spreadsheet(file: &str) -> bool {
    file.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The first sheet that holds anything, as CSV in UTF-8. Dates become `YYYY-MM-DDTHH:MM:SS`, empty rows are left out.
///
/// # Errors
/// A file that is no spreadsheet, or has nothing in it, or too much, or a cell with an error in it.
pub fn spreadsheet_csv(file: &str, bytes: &[u8]) -> Result<Vec<u8>, Box<Fault>> {
    let fault = |expected: &str, hint: String| Box::new(Fault::error(file, "", expected).hint(hint));
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let hint =
            "it is of an old format (xls), or has a password: save it again as XLSX without one, or as CSV";
        return Err(fault("a spreadsheet (xlsx, xlsb, ods)", hint.to_owned()));
    }
    look_inside(bytes)
        .map_err(|hint| fault("a spreadsheet (xlsx, xlsb, ods) of a size that can be read", hint))?;
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| fault("a spreadsheet (xlsx, xlsb, ods)", error.to_string()))?;
    for name in book.sheet_names() {
        let cells = cells(&mut book, &name).map_err(|error| fault("a sheet that can be read", error))?;
        let Some(from) = cells.values().flatten().map(|(column, _)| *column).min() else { continue };
        let last = cells.values().flatten().map(|(column, _)| *column).max().unwrap_or(from);
        if last - from >= MOST_COLUMNS {
            let hint = format!(
                "in sheet '{name}' a cell in column {} holds something, {} columns from the first: delete it if it is no part of the table",
                last + 1,
                last - from
            );
            return Err(fault(&format!("a table of at most {MOST_COLUMNS} columns"), hint));
        }
        let width = index(last - from + 1);
        if cells.len().saturating_mul(width) > MOST_CELLS {
            let hint = format!("sheet '{name}' has {} rows of {width} columns", cells.len());
            return Err(fault(&format!("a table of at most {MOST_CELLS} cells"), hint));
        }
        let mut rows: Vec<Vec<String>> = Vec::with_capacity(cells.len());
        for (row, cells) in cells {
            let mut texts = vec![String::new(); width];
            for (column, cell) in cells {
                texts[index(column - from)] = text(&cell).map_err(|error| {
                    Box::new(Fault::error(file, format!("{name}, row {}", row + 1), "a value").hint(error))
                })?;
            }
            if texts.iter().any(|cell| !cell.is_empty()) {
                rows.push(texts);
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

/// The cells of a sheet that hold something, one after the other, so that no room is made for those that do not.
fn cells(book: &mut Sheets<Cursor<&[u8]>>, name: &str) -> Result<Cells, String> {
    let mut kept = SheetCells::default();
    macro_rules! read {
        ($book:expr) => {{
            let mut reader = $book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
            while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
                let (row, column) = cell.get_position();
                kept.add(row, column, cell.get_value().clone().into())?;
            }
        }};
    }
    match book {
        Sheets::Xlsx(book) => read!(book),
        Sheets::Xlsb(book) => read!(book),
        other => {
            let sheet = other.worksheet_range(name).map_err(|error| error.to_string())?;
            let (first_row, first_column) = sheet.start().unwrap_or_default();
            for (row, column, cell) in sheet.used_cells() {
                kept.add(first_row + compact(row), first_column + compact(column), cell.clone())?;
            }
        }
    }
    Ok(kept.cells)
}

/// Cells as they are read, counted.
#[derive(Default)]
struct SheetCells {
    cells: Cells,
    /// How many hold something.
    count: usize,
    /// Bytes of text in them.
    text: usize,
}

impl SheetCells {
    fn add(&mut self, row: u32, column: u32, cell: Data) -> Result<(), String> {
        self.count += usize::from(cell != Data::Empty);
        if let Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) = &cell {
            self.text = self.text.saturating_add(text.len());
        }
        if self.count > MOST_CELLS || self.text > MOST_TEXT {
            return Err(format!(
                "it holds more than {MOST_CELLS} cells or {} MB of text: save the table alone, as CSV",
                MOST_TEXT >> 20
            ));
        }
        if cell != Data::Empty {
            self.cells.entry(row).or_default().push((column, cell));
        }
        Ok(())
    }
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

    /// A workbook with these files in it, stored.
    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, bytes) in files {
            writer.start_file(*name, options).unwrap();
            std::io::Write::write_all(&mut writer, bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn one_cell_in_the_last_corner_takes_no_room() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "people").unwrap();
        sheet.write(1, 0, 5).unwrap();
        sheet.write(1_048_575, 16_383, "far").unwrap();
        let fault = spreadsheet_csv("far.xlsx", &book.save_to_buffer().unwrap()).unwrap_err();
        let text = fault.to_string();
        assert!(
            text.contains("far.xlsx") && text.contains("column 16384") && text.contains("1000"),
            "{text}"
        );
        // far below in a narrow table it is a row as any other
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "people").unwrap();
        sheet.write(1_048_575, 1, "far").unwrap();
        let table = spreadsheet_csv("far.xlsx", &book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(table, b"people,\n,far\n");
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_with_a_word() {
        let zeros = vec![b' '; 300 << 20];
        let bomb = archive(&[("xl/workbook.xml", zeros.as_slice())]);
        assert!(bomb.len() < 2 << 20, "{}", bomb.len());
        let fault = spreadsheet_csv("bomb.xlsx", &bomb).unwrap_err().to_string();
        assert!(fault.contains("bomb.xlsx") && fault.contains("unpacks to more than 256 MB"), "{fault}");
    }

    #[test]
    fn repeated_cells_are_counted_before_they_are_repeated() {
        let cell = "<table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"16384\"/>";
        let content = format!(
            "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"1000000\">{cell}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
        );
        let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
        let bytes = archive(&[("mimetype", mimetype.as_bytes()), ("content.xml", content.as_bytes())]);
        let fault = spreadsheet_csv("bomb.ods", &bytes).unwrap_err().to_string();
        assert!(fault.contains("bomb.ods") && fault.contains("cells"), "{fault}");
        // empty cells up to the end of the sheet are what every office program writes
        let rows = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"16383\"/></table:table-row><table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
        assert!(super::unpacked::look_inside(&archive(&[("content.xml", rows.as_bytes())])).is_ok());
    }

    #[test]
    fn what_is_no_spreadsheet_is_a_fault() {
        let fault = spreadsheet_csv("plan.xlsx", b"people,to\n").unwrap_err();
        assert!(fault.to_string().contains("plan.xlsx"), "{fault}");
        assert!(is_spreadsheet("Plan.XLSX") && is_spreadsheet("a.ods") && !is_spreadsheet("a.csv"));
    }
}
