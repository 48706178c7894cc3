//! The attributes of a shapefile (dBASE III): text as it stands there, so that a p-code keeps its zeros.

use crate::feature::put;
use clearway_model::Fault;
use clearway_model::number::index;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use serde_json::{Map, Value};

/// A row; `None` where it is marked as deleted.
pub(crate) type AttributeRow = Option<Map<String, Value>>;

/// A column.
struct Column {
    name: String,
    kind: u8,
    from: usize,
    until: usize,
}

/// All rows. `cpg`: what the file beside it says of its encoding.
pub(crate) fn rows(file: &str, bytes: &[u8], cpg: Option<&str>) -> Result<Vec<AttributeRow>, Box<Fault>> {
    let fault = |expected: &str| Box::new(Fault::error(file, "", expected.to_owned()));
    let head = bytes.get(..32).ok_or_else(|| fault("attributes (.dbf) with a header"))?;
    let count = index(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
    let header = usize::from(u16::from_le_bytes([head[8], head[9]]));
    let width = usize::from(u16::from_le_bytes([head[10], head[11]]));
    let there =
        bytes.len().checked_sub(header).ok_or_else(|| fault("attributes (.dbf) with a whole header"))?;
    if width == 0 || count.checked_mul(width).is_none_or(|needed| needed > there) {
        let cut = Fault::error(file, "", format!("{count} rows of attributes (.dbf), as their header says"));
        return Err(Box::new(cut.hint("the file is cut off or damaged: get it again")));
    }
    let encoding = encoding(file, cpg)?;
    let columns =
        columns(bytes, header, width, encoding).ok_or_else(|| fault("columns that fit into a row (.dbf)"))?;
    let records = bytes[header..].chunks_exact(width).take(count);
    let garbled = |record: &[u8], column: &Column| encoding.decode(&record[column.from..column.until]).2;
    let is_wrong = |record: &[u8]| columns.iter().any(|column| garbled(record, column));
    if let Some(row) = records.clone().position(is_wrong) {
        let wrong = format!("text in {} in row {} of the attributes (.dbf)", encoding.name(), row + 1);
        let hint =
            "say how the text is written in a file of the same name that ends in .cpg, e.g. ISO-8859-1";
        return Err(Box::new(Fault::error(file, "", wrong).hint(hint)));
    }
    Ok(records
        .map(|record| {
            if record.first() == Some(&b'*') {
                return None;
            }
            let mut row = Map::new();
            for column in &columns {
                let (text, _, _) = encoding.decode(&record[column.from..column.until]);
                let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
                // what is not known is stars in a number
                if !(column.kind == b'N' || column.kind == b'F') || !text.contains('*') {
                    put(&mut row, &column.name, text);
                }
            }
            Some(row)
        })
        .collect())
}

fn columns(bytes: &[u8], header: usize, width: usize, encoding: &'static Encoding) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    // the first byte of a record says whether it is deleted
    let mut from = 1;
    let mut at = 32;
    while at + 32 <= header && bytes.get(at)? != &0x0d {
        let field = bytes.get(at..at + 32)?;
        let name = field[..11].split(|&byte| byte == 0).next()?;
        let until = from + usize::from(field[16]);
        if until > width {
            return None;
        }
        let (name, _, _) = encoding.decode(name);
        columns.push(Column { name: name.trim().to_owned(), kind: field[11], from, until });
        from = until;
        at += 32;
    }
    Some(columns)
}

/// UTF-8 unless the file beside it names another; what is not known is refused, as names would be garbled.
fn encoding(file: &str, cpg: Option<&str>) -> Result<&'static Encoding, Box<Fault>> {
    let Some(stated) = cpg.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(UTF_8) };
    let label = match stated.to_ascii_lowercase().as_str() {
        "utf8" | "utf-8" | "65001" => return Ok(UTF_8),
        "iso88591" | "88591" | "latin1" | "ansi 1252" | "1252" => return Ok(WINDOWS_1252),
        other => {
            other.strip_prefix("ansi ").map_or_else(|| other.to_owned(), |page| format!("windows-{page}"))
        }
    };
    let numbered = || {
        label.parse::<u16>().ok().and_then(|page| Encoding::for_label(format!("windows-{page}").as_bytes()))
    };
    Encoding::for_label(label.as_bytes()).or_else(numbered).ok_or_else(|| {
        let fault = Fault::error(file, "", "an encoding that is known (.cpg), e.g. UTF-8");
        let hint = format!("ogr2ogr -lco ENCODING=UTF-8 writes it anew: {}", crate::feature::convert(file));
        Box::new(fault.field("encoding", stated).hint(hint))
    })
}
