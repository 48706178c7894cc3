//! A row of a table or the properties of a feature: named texts, looked up by any of several usual names.

use crate::request::Input;
use clearway_model::{Fault, Faults};
use serde_json::{Map, Value};

/// Named texts with the place they come from. Names are lower case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    pub(crate) file: String,
    pub(crate) place: String,
    fields: Vec<(String, String)>,
}

impl Record {
    /// From the properties of a feature; nested values are left out.
    pub(crate) fn from_properties(file: &str, place: &str, properties: &Map<String, Value>) -> Self {
        let fields = properties
            .iter()
            .filter_map(|(name, value)| {
                let text = match value {
                    Value::String(text) => text.trim().to_owned(),
                    Value::Number(number) => number.to_string(),
                    Value::Bool(yes) => yes.to_string(),
                    _ => return None,
                };
                Some((name.trim().to_lowercase(), text))
            })
            .collect();
        Self { file: file.to_owned(), place: place.to_owned(), fields }
    }

    /// The texts as properties of a feature, without those that are empty or named.
    pub(crate) fn to_properties(&self, without: &[&str]) -> Map<String, Value> {
        self.fields
            .iter()
            .filter(|(name, text)| !text.is_empty() && !without.contains(&name.as_str()))
            .map(|(name, text)| (name.clone(), Value::String(text.clone())))
            .collect()
    }

    /// The first of the names that is there and not empty, with its text.
    pub(crate) fn find(&self, names: &[&str]) -> Option<(&str, &str)> {
        names.iter().find_map(|name| {
            self.fields
                .iter()
                .find(|(n, text)| n == name && !text.is_empty())
                .map(|(n, t)| (n.as_str(), t.as_str()))
        })
    }

    /// The text under any of the names, or an empty text.
    pub(crate) fn text(&self, names: &[&str]) -> &str {
        self.find(names).map_or("", |(_, text)| text)
    }

    /// A finite number under any of the names. Anything else that stands there is a fault.
    pub(crate) fn number(&self, names: &[&str], faults: &mut Faults) -> Option<f64> {
        let (name, text) = self.find(names)?;
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Some(value),
            _ => {
                faults.push(
                    self.error("a number")
                        .field(name, text)
                        .hint("write digits with a point as decimal mark and no separator of thousands"),
                );
                None
            }
        }
    }

    /// A number that is not negative.
    pub(crate) fn amount(&self, names: &[&str], faults: &mut Faults) -> Option<f64> {
        let value = self.number(names, faults)?;
        if value < 0.0 {
            let (name, text) = self.find(names)?;
            faults.push(self.error("a number that is not negative").field(name, text));
            return None;
        }
        Some(value)
    }

    /// A count of 0 or more. A fraction is rounded to the nearest whole, with a warning.
    pub(crate) fn count(&self, names: &[&str], faults: &mut Faults) -> Option<i64> {
        let value = self.amount(names, faults)?;
        let (name, text) = self.find(names)?;
        // 1e12 is above any count of people and far below where f64 stops counting by ones.
        if value > 1e12 {
            faults.push(self.error("at most 1e12").field(name, text));
            return None;
        }
        let whole = (value + 0.5).floor();
        if whole != value {
            faults.push(
                Fault::warning(&self.file, &self.place, "a whole number")
                    .field(name, text)
                    .hint(format!("read as {whole}")),
            );
        }
        #[allow(clippy::cast_possible_truncation)]
        Some(whole as i64)
    }

    /// An error about this record.
    pub(crate) fn error(&self, expected: &str) -> Fault {
        Fault::error(&self.file, &self.place, expected)
    }

    /// The text of an OCHA administrative column, deepest level first: `ADM2_PCODE`, `admin2Pcode`, `adm2_name`, ... `kinds` are
    /// the endings wanted, best first.
    pub(crate) fn admin(&self, kinds: &[&str]) -> &str {
        kinds
            .iter()
            .find_map(|kind| {
                let mut found: Vec<(u32, &str)> = self
                    .fields
                    .iter()
                    .filter(|(_, text)| !text.is_empty())
                    .filter_map(|(name, text)| Some((admin_level(name, kind)?, text.as_str())))
                    .collect();
                found.sort();
                found.last().map(|&(_, text)| text)
            })
            .unwrap_or("")
    }
}

/// Level of an administrative column: `admin_level("adm2_pcode", "pcode")` is 2.
fn admin_level(name: &str, kind: &str) -> Option<u32> {
    let rest = name.strip_prefix("admin").or_else(|| name.strip_prefix("adm"))?;
    let level = rest.chars().next()?.to_digit(10)?;
    let rest = &rest[1..];
    (rest.strip_prefix('_').unwrap_or(rest) == kind).then_some(level)
}

/// Reads a CSV table: header in the first line, an HXL row in the second skipped, quoting as in RFC 4180.
pub(crate) fn read_table(input: &Input, faults: &mut Faults) -> Vec<Record> {
    let Some(text) = text_of(input, faults) else { return Vec::new() };
    let mut reader =
        csv::ReaderBuilder::new().flexible(false).trim(csv::Trim::All).from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(str::to_lowercase).collect(),
        Err(error) => {
            faults.push(Fault::error(&input.name, "line 1", "a header").hint(error.to_string()));
            return Vec::new();
        }
    };
    if names.len() == 1 && names[0].contains([';', '\t']) {
        faults.push(
            Fault::error(&input.name, "line 1", "commas between columns")
                .field("header", &names[0])
                .hint("save as comma separated"),
        );
        return Vec::new();
    }
    let mut records = Vec::new();
    for (at, row) in reader.records().enumerate() {
        match row {
            Ok(row) => {
                if at == 0 && row.get(0).is_some_and(|cell| cell.starts_with('#')) {
                    continue;
                }
                let line = row.position().map_or(0, csv::Position::line);
                records.push(Record {
                    file: input.name.clone(),
                    place: format!("line {line}"),
                    fields: names.iter().cloned().zip(row.iter().map(str::to_owned)).collect(),
                });
            }
            Err(error) => {
                let line = error.position().map_or_else(String::new, |p| format!("line {}", p.line()));
                faults.push(
                    Fault::error(&input.name, line, "a row with as many cells as the header")
                        .hint(error.to_string()),
                );
            }
        }
    }
    records
}

/// The text of a file without its byte-order mark; a fault if it is not UTF-8.
pub(crate) fn text_of<'a>(input: &'a Input, faults: &mut Faults) -> Option<&'a str> {
    match std::str::from_utf8(&input.bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            faults.push(
                Fault::error(&input.name, format!("byte {}", error.valid_up_to()), "UTF-8 text")
                    .hint("save the file as UTF-8"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_mark_tags_and_faults() {
        let mut faults = Faults::default();
        let input = Input::new(
            "p.csv",
            "\u{feff}Lon,lat,People\n#geo+lon,#geo+lat,#affected\n1,2,\"3\"\n4,5,-6\n7,8\n",
        );
        let rows = read_table(&input, &mut faults);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].place, "line 3");
        assert_eq!(rows[0].count(&["people"], &mut faults), Some(3));
        assert_eq!(rows[1].count(&["people"], &mut faults), None);
        let messages: Vec<String> = faults.0.iter().map(ToString::to_string).collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages[0].starts_with("p.csv, line 5: expected a row with as many cells"), "{messages:?}");
        assert_eq!(messages[1], "p.csv, line 4, people = '-6': expected a number that is not negative");
    }

    #[test]
    fn administrative_names() {
        let properties = serde_json::json!({"ADM1_PCODE": "PS02", "adm2_pcode": "PS0275", "ADM2_EN": "Rafah", "admin0Name": "X"});
        let record = Record::from_properties("z", "feature 1", properties.as_object().unwrap());
        assert_eq!(record.admin(&["pcode"]), "PS0275");
        assert_eq!(record.admin(&["name", "en"]), "X", "a name column goes before a language column");
        assert_eq!(record.admin(&["en", "name"]), "Rafah");
    }
}
