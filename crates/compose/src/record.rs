//! A row of a table or the properties of a feature: named texts, looked up by any of several usual names.

use crate::request::NamedBytes;
use clearway_model::{Fault, Faults};
use clearway_text::{WantedFile, amount_hint, decode, is_hxl_row, thousands};
use serde_json::{Map, Value};

/// Named texts with the place they come from. Names are lower case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NamedTexts {
    pub(crate) file: String,
    pub(crate) place: String,
    fields: Vec<(String, String)>,
}

impl NamedTexts {
    /// From the properties of a feature; nested values are left out.
    pub(crate) fn from_properties(file: &str, place: &str, properties: &Map<String, Value>) -> Self {
        let fields = properties
            .iter()
            .filter_map(|(name, value)| {
                let text = match value {
                    Value::String(text) => text.trim().to_owned(),
                    Value::Number(number) => number_text(number),
                    Value::Bool(yes) => yes.to_string(),
                    _ => return None,
                };
                Some((name.trim().to_lowercase(), text))
            })
            .collect();
        Self { file: file.to_owned(), place: place.to_owned(), fields }
    }

    /// Names that stand twice with different texts, as `People` and `people` do.
    pub(crate) fn doubled(&self) -> Option<&str> {
        let given = || self.fields.iter().filter(|(_, text)| !text.is_empty());
        given().enumerate().find_map(|(at, (name, text))| {
            given().skip(at + 1).any(|(n, t)| n == name && t != text).then_some(name.as_str())
        })
    }

    /// Names and texts, in the order of the file.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, text)| (name.as_str(), text.as_str()))
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
                faults.push(self.error("a number").field(name, text).hint(amount_hint(text)));
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

    /// A whole count of 0 or more. A fraction is a fault: `1.234` is 1,234 for one writer and 1 for another, and people are whole.
    pub(crate) fn count(&self, names: &[&str], faults: &mut Faults) -> Option<i64> {
        let value = self.amount(names, faults)?;
        let (name, text) = self.find(names)?;
        // 1e12 is above any count of people and far below where f64 stops counting by ones.
        if value > 1e12 {
            faults.push(self.error("at most 1e12").field(name, text));
            return None;
        }
        if value.fract() != 0.0 || thousands(text).is_some() {
            faults.push(self.error("a whole number").field(name, text).hint(amount_hint(text)));
            return None;
        }
        #[allow(clippy::cast_possible_truncation)]
        Some(value as i64)
    }

    /// An error about this record.
    pub(crate) fn error(&self, expected: &str) -> Fault {
        Fault::error(&self.file, &self.place, expected)
    }

    /// The text of an OCHA administrative column of the deepest level that is there: `ADM2_PCODE`, `admin2Pcode`, `adm2_name`, ...
    /// `kinds` are the endings wanted, the best first: it decides within a level, so that `ADM2_AR` goes before `ADM1_EN`.
    pub(crate) fn admin(&self, kinds: &[&str]) -> &str {
        self.admin_of(|ending| kinds.iter().position(|kind| *kind == ending))
    }

    /// The same for names: `name`, then English, then the other languages that OCHA writes, then any language of two letters.
    pub(crate) fn admin_name(&self) -> &str {
        const KINDS: [&str; 7] = ["name", "name_en", "en", "fr", "es", "pt", "ar"];
        self.admin_of(|ending| {
            let language =
                ending.len() == 2 && ending != "id" && ending.bytes().all(|b| b.is_ascii_lowercase());
            KINDS.iter().position(|kind| *kind == ending).or_else(|| language.then_some(KINDS.len()))
        })
    }

    fn admin_of(&self, rank: impl Fn(&str) -> Option<usize>) -> &str {
        let columns = self.fields.iter().filter(|(_, text)| !text.is_empty());
        columns
            .filter_map(|(name, text)| {
                let (level, ending) = admin_column(name)?;
                Some((std::cmp::Reverse(level), rank(ending)?, name.as_str(), text.as_str()))
            })
            .min()
            .map_or("", |(_, _, _, text)| text)
    }
}

/// Level and ending of an administrative column: `adm2_pcode` is 2, `pcode`.
fn admin_column(name: &str) -> Option<(u32, &str)> {
    let rest = name.strip_prefix("admin").or_else(|| name.strip_prefix("adm"))?;
    let level = rest.chars().next()?.to_digit(10)?;
    let rest = &rest[1..];
    Some((level, rest.strip_prefix('_').unwrap_or(rest)))
}

/// A number as a cell has it: a whole one without decimals, however JSON writes it.
pub(crate) fn number_text(number: &serde_json::Number) -> String {
    match number.as_f64() {
        // up to here a number counts by ones
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < 9e15 => format!("{value:.0}"),
        _ => number.to_string(),
    }
}

/// Reads a CSV table: header in the first line, an HXL row in the second skipped, quoting as in RFC 4180. `wanted` is what else the
/// file may be: what a file of another kind is converted to.
pub(crate) fn read_table(input: &NamedBytes, wanted: WantedFile, faults: &mut Faults) -> Vec<NamedTexts> {
    let Some(text) = text_of(input, wanted, faults) else { return Vec::new() };
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
                if at == 0 && is_hxl_row(row.iter()) {
                    continue;
                }
                let line = row.position().map_or(0, csv::Position::line);
                records.push(NamedTexts {
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
    // which of two columns of one name counts cannot be known where they differ
    if let Some((record, name)) = records.iter().find_map(|record| Some((record, record.doubled()?))) {
        faults.push(
            record
                .error("each column once")
                .field("column", name)
                .hint("delete one of the two, or name it otherwise"),
        );
    }
    records
}

/// The text of a file without its byte-order mark; a fault that says what it is instead if it is not UTF-8 text.
pub(crate) fn text_of<'a>(input: &'a NamedBytes, wanted: WantedFile, faults: &mut Faults) -> Option<&'a str> {
    match decode(&input.name, &input.bytes, wanted) {
        Ok(text) => Some(text),
        Err(fault) => {
            faults.push(*fault);
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
        let input = NamedBytes::new(
            "p.csv",
            "\u{feff}Lon,lat,People\n#geo+lon,#geo+lat,#affected\n1,2,\"3\"\n4,5,-6\n7,8\n",
        );
        let rows = read_table(&input, WantedFile::Table, &mut faults);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].place, "line 3");
        assert_eq!(rows[0].count(&["people"], &mut faults), Some(3));
        assert_eq!(rows[1].count(&["people"], &mut faults), None);
        let messages: Vec<String> = faults.0.iter().map(ToString::to_string).collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages[0].starts_with("p.csv, line 5: expected a row with as many cells"), "{messages:?}");
        assert_eq!(messages[1], "p.csv, line 4, people = '-6': expected a number that is not negative");
    }

    fn table(text: &str) -> (Vec<NamedTexts>, Vec<String>) {
        let mut faults = Faults::default();
        let rows = read_table(&NamedBytes::new("p.csv", text), WantedFile::Table, &mut faults);
        (rows, faults.0.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_first_row_that_begins_with_a_hash_is_skipped_only_if_it_holds_tags() {
        let (rows, faults) =
            table("site_id,name,x,y,capacity\n#1,Hall,24.9,60.2,900\n#2,School,24.9,60.2,500\n");
        assert!(faults.is_empty() && rows.len() == 2, "{faults:?}");
        assert_eq!(rows[0].text(&["site_id"]), "#1");
        let (rows, _) = table("a,b\n#loc+name,\n1,2\n");
        assert_eq!(rows.len(), 1);
    }

    #[test]
    fn counts_must_be_whole_and_both_readings_are_named() {
        let (rows, _) = table("a,b,c,d\n1.234,12000.0,\"40,000\",2.5\n");
        let mut faults = Faults::default();
        assert_eq!(rows[0].count(&["a"], &mut faults), None);
        assert_eq!(rows[0].count(&["b"], &mut faults), Some(12_000));
        assert_eq!(rows[0].count(&["c"], &mut faults), None);
        assert_eq!(rows[0].count(&["d"], &mut faults), None);
        let hints: Vec<&str> = faults.0.iter().map(|fault| fault.hint.as_str()).collect();
        assert!(
            hints[0].contains("write 1234") && hints[0].contains("1.234 would be a fraction"),
            "{hints:?}"
        );
        assert!(hints[1].starts_with("write 40000") && hints[2].contains("must be whole"), "{hints:?}");
    }

    #[test]
    fn two_columns_of_one_name_are_a_fault_where_they_differ() {
        let (_, faults) = table("people,People\n5,7\n");
        assert!(faults[0].contains("column = 'people': expected each column once"), "{faults:?}");
        let (_, faults) = table("people,People,,\n5,5,,\n7,,,\n");
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn whole_numbers_of_json_are_whole() {
        let properties = serde_json::json!({"pcode": 60371.0, "people": 12000.0, "share": 0.5});
        let record = NamedTexts::from_properties("z", "feature 1", properties.as_object().unwrap());
        assert_eq!(
            [record.text(&["pcode"]), record.text(&["people"]), record.text(&["share"])],
            ["60371", "12000", "0.5"]
        );
    }

    #[test]
    fn administrative_names() {
        let properties = serde_json::json!({"ADM1_PCODE": "PS02", "adm2_pcode": "PS0275", "ADM2_EN": "Rafah", "admin0Name": "X"});
        let record = NamedTexts::from_properties("z", "feature 1", properties.as_object().unwrap());
        assert_eq!(record.admin(&["pcode"]), "PS0275");
        assert_eq!(record.admin_name(), "Rafah", "the deepest level, whatever its column is called");
        let arabic =
            serde_json::json!({"ADM1_EN": "Gaza", "ADM2_AR": "\u{631}\u{641}\u{62d}", "ADM2_TYPE": "x"});
        let record = NamedTexts::from_properties("z", "feature 1", arabic.as_object().unwrap());
        assert_eq!(record.admin_name(), "\u{631}\u{641}\u{62d}");
        let somali = serde_json::json!({"ADM1_EN": "Banadir", "ADM2_SO": "Muqdisho"});
        let record = NamedTexts::from_properties("z", "feature 1", somali.as_object().unwrap());
        assert_eq!(record.admin_name(), "Muqdisho");
    }
}
