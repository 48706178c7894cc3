//! Changes of files by what they are: cells and rows of CSV, values and keys of JSON and TOML, bytes of anything.

use crate::draw::Draw;
use serde_json::Value;

/// Cells that are read in more than one way, or at the edge of what can be read.
const CELLS: &[&str] = &[
    "",
    " ",
    "0",
    "1",
    "-0",
    "-1",
    "+5",
    " 12",
    "12 ",
    "12.0",
    "12.00",
    "1.000",
    "12.5",
    ".5",
    "5.",
    "1e3",
    "1E+2",
    "1e400",
    "-1e-400",
    "inf",
    "NaN",
    "nan",
    "0x10",
    "1_000",
    "1,000",
    "12\u{a0}",
    "\t1",
    "٣",
    "1000000000000",
    "1000000000001",
    "9223372036854775808",
    "00007",
    "true",
    "TRUE",
    " True ",
    "false",
    "yes",
    "x",
    "#1",
    "\"",
    "a\"b",
    "'1",
    "1;2",
    "é",
    "e\u{301}",
    "\u{200b}",
    "zone",
    "site",
    "link",
    "node",
    "all_links",
    "*",
    "entry",
    "presence",
    "Z1",
    "S1",
    "R1",
    "L1",
    "1.0",
    "0.0",
    "3600000",
    "1799999.9999",
    "none",
    "null",
    "car",
    "walk",
];

/// JSON values that are read in more than one way.
const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "1",
    "-0",
    "-1",
    "1.0",
    "1e2",
    "1e400",
    "-1e400",
    "12345678901234567890",
    "1e-400",
    "0.1",
    "\"\"",
    "\"x\"",
    "\"central\"",
    "\"low\"",
    "\"optimistic\"",
    "{\"central\": null}",
    "[]",
    "{}",
    "[1]",
    "[0, 0]",
    "{\"a\": 1, \"a\": 2}",
    "\"\\ud800\"",
    "\"\\u00e9\"",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "\"\\ud83d\\ude00\"",
    "\"stays\"",
    "\"closed\"",
    "\"no_road\"",
    "\"horizon\"",
];

/// Lines of TOML.
const LINES: &[&str] = &[
    "margin_share = inf",
    "margin_share = \"1\"",
    "margin_share = 1",
    "margin_share = true",
    "attribution = [1]",
    "attribution = [\"a\",]",
    "x = 1",
    "description = 1",
    "description = \"\\e\"",
    "name = \"again\"",
    "[[class]]",
    "class = [{id = \"car\", mode = \"walk\",}]",
    "pcu_per_vehicle = \"1\"",
    "people_per_vehicle_low = 9",
    "people_per_vehicle_high = 1e9",
    "pcu_per_vehicle = 0",
    "horizon_ms = 1.0",
    "[walk]",
    "# ok",
    "\u{feff}",
];

/// Changes one file in one way.
pub fn file(draw: &mut Draw, name: &str, contents: &mut Vec<u8>) {
    if draw.one_in(12) {
        return bytes(draw, contents);
    }
    let Ok(text) = std::str::from_utf8(contents) else { return bytes(draw, contents) };
    let changed = match name.rsplit('.').next() {
        Some("csv") => csv(draw, text),
        Some("json" | "geojson") => json(draw, text),
        _ => lines(draw, text),
    };
    *contents = changed.into_bytes();
}

/// Bytes changed, lost or doubled.
fn bytes(draw: &mut Draw, contents: &mut Vec<u8>) {
    let at = draw.below(contents.len());
    match draw.below(7) {
        0 => contents.truncate(at),
        1 if !contents.is_empty() => drop(contents.remove(at)),
        2 => contents.insert(at, *draw.of(&[&0u8, &b'"', &b',', &b'\n', &b'\r', &0xff, &b'#', &b'{', &b'['])),
        3 => drop(contents.splice(0..0, *b"\xef\xbb\xbf")),
        4 => {
            let end = (at + 1 + draw.below(40)).min(contents.len());
            let piece = contents[at.min(end)..end].to_vec();
            drop(contents.splice(at..at, piece));
        }
        5 => {
            *contents = String::from_utf8_lossy(contents).replace('\n', draw.of(&["\r\n", "\r"])).into_bytes()
        }
        _ => {
            if let Some(byte) = contents.get_mut(at) {
                *byte ^= 1 << draw.below(8);
            }
        }
    }
}

fn csv(draw: &mut Draw, text: &str) -> String {
    // without quotes: rows of mutants need not be those of a careful reader
    let mut rows: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let row = draw.below(rows.len());
    let column = draw.below(rows.get(row).map_or(0, Vec::len));
    let cell = draw.of(CELLS).to_owned();
    match draw.below(12) {
        0 => rows.truncate(row),
        1 if !rows.is_empty() => drop(rows.remove(row)),
        2 if !rows.is_empty() => rows.insert(row, rows[row].clone()),
        3 => rows.iter_mut().for_each(|row| row.push(String::new())),
        4 => rows.iter_mut().for_each(|row| row.extend([String::new(), String::new()])),
        5 => rows
            .iter_mut()
            .for_each(|row| drop(row.drain(column.min(row.len())..(column + 1).min(row.len())))),
        6 => {
            let other = draw.below(rows.len());
            if let (Some(a), Some(b)) = (rows.get(row).cloned(), rows.get_mut(other)) {
                let copied = a.get(column).cloned().unwrap_or_default();
                if let Some(cell) = b.get_mut(column) {
                    *cell = copied;
                }
            }
        }
        7 => rows.insert(1.min(rows.len()), vec![draw.of(&["#id", "#1", "# x", "\"#1\""]).to_owned()]),
        8 => {
            if let Some(cell) = rows.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell = format!(
                    "{}{cell}{}",
                    draw.of(&["", " ", "0", "-"]),
                    draw.of(&["", " ", ".0", ".00", "0"])
                );
            }
        }
        _ => {
            if let Some(found) = rows.get_mut(row).and_then(|row| row.get_mut(column)) {
                *found = cell;
            }
        }
    }
    let mut text = rows.iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// Puts another value, a doubled or unknown key, or nothing at one place of a JSON text.
fn json(draw: &mut Draw, text: &str) -> String {
    const MARK: &str = "\"\u{1}mark\"";
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return lines(draw, text) };
    let new = draw.of(VALUES);
    let mut at = &mut value;
    loop {
        let count = match &*at {
            Value::Array(list) => list.len(),
            Value::Object(map) => map.len(),
            _ => 0,
        };
        if count == 0 || draw.one_in(6) {
            break;
        }
        let next = draw.below(count);
        at = match at {
            Value::Array(list) => &mut list[next],
            Value::Object(map) => match map.values_mut().nth(next) {
                Some(value) => value,
                None => return text.to_owned(),
            },
            _ => return text.to_owned(),
        };
    }
    let old = at.to_string();
    let way = draw.below(6);
    let replacement = match (way, &*at) {
        (0, Value::Object(map)) => {
            let values: Vec<String> = map.values().map(Value::to_string).collect();
            format!("[{}]", values.join(","))
        }
        (1, Value::Object(_)) => format!("{{\"unknown\": {new}, {}", old.get(1..).unwrap_or("}")),
        (2, Value::Object(map)) => match map.iter().next() {
            Some((key, value)) => format!("{{\"{key}\": {value}, {}", old.get(1..).unwrap_or("}")),
            None => new.to_owned(),
        },
        (3, Value::Number(number)) => {
            let plain = number.to_string();
            format!("{plain}{}", draw.of(&[".0", "e0", "0", ""]))
        }
        (4, Value::Number(number)) => {
            number.as_i64().map_or_else(|| new.to_owned(), |n| (n + [-1, 1, 1000][draw.below(3)]).to_string())
        }
        (5, Value::Array(list)) if !list.is_empty() => {
            let mut list = list.clone();
            let index = draw.below(list.len());
            if draw.one_in(2) {
                drop(list.remove(index))
            } else {
                list.push(list[index].clone())
            }
            Value::Array(list).to_string()
        }
        _ if draw.one_in(60) => format!("{}{old}{}", "[".repeat(130), "]".repeat(130)),
        _ => new.to_owned(),
    };
    *at = Value::String("\u{1}mark".to_owned());
    let marked = value.to_string();
    marked.replace(&serde_json::to_string("\u{1}mark").unwrap_or_else(|_| MARK.to_owned()), &replacement)
}

fn lines(draw: &mut Draw, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = draw.below(lines.len());
    match draw.below(4) {
        0 if !lines.is_empty() => drop(lines.remove(at)),
        1 => lines.insert(at, draw.of(LINES).to_owned()),
        2 => {
            if let Some(line) = lines.get_mut(at)
                && let Some((key, _)) = line.split_once('=')
            {
                *line = format!("{key}= {}", draw.of(VALUES));
            }
        }
        _ => lines.push(draw.of(LINES).to_owned()),
    }
    lines.join("\n") + "\n"
}
