//! `scenario.toml` key by key, so that every fault names line, key, what was found and what was expected, all at once.

use crate::encoding::decode;
use crate::findings::RowFaults;
use crate::findings::row_number;
use crate::nearest::nearest;
use crate::origin::ScenarioOrigin;
use clearway_model::number::float;
use clearway_model::{ClassOfUsers, Context, Fault, Mode, Settings, newer_toml};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const FILE: &str = "scenario.toml";
const KEYS: [&str; 10] = [
    "schema",
    "name",
    "description",
    "context",
    "start",
    "time_zone",
    "horizon_ms",
    "margin_share",
    "attribution",
    "class",
];
const CLASS_KEYS: [&str; 6] = [
    "id",
    "mode",
    "people_per_vehicle",
    "people_per_vehicle_low",
    "people_per_vehicle_high",
    "pcu_per_vehicle",
];

/// Settings that stand in for what could not be read, so that the tables can be checked all the same.
fn stand_in() -> Settings {
    Settings {
        schema: Settings::SCHEMA.into(),
        name: String::new(),
        description: String::new(),
        context: Context::Other,
        start: String::new(),
        time_zone: String::new(),
        horizon_ms: 0,
        margin_share: 0.25,
        attribution: Vec::new(),
        class: Vec::new(),
    }
}

/// Reads `scenario.toml`; `bytes` is `None` where the file is missing (which the caller reports).
pub(crate) fn read_settings(
    bytes: Option<&[u8]>,
    findings: &mut RowFaults,
    origin: &mut ScenarioOrigin,
) -> Settings {
    let text = match bytes.map(|bytes| decode(FILE, bytes)) {
        Some(Ok(text)) => text,
        Some(Err(fault)) => {
            findings.push(0, *fault);
            origin.settings_damaged = true;
            return stand_in();
        }
        None => {
            origin.settings_damaged = true;
            return stand_in();
        }
    };
    if let Some(line) = newer_toml(text) {
        let found = text.lines().nth(line - 1).unwrap_or_default().trim();
        let fault = Fault::error(FILE, format!("line {line}"), "TOML 1.0").field("text", shorten(found));
        let hint = "no line break and no comma at the end within { }, no \\e and \\x in text: other programs cannot read them";
        findings.push(row_number(line), fault.hint(hint));
        origin.settings_damaged = true;
        return stand_in();
    }
    // the parser goes on after an error, so that all lines that are no TOML are named at once
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            let line = line_at(text, at);
            let found = line_text(text, at).trim();
            let fault = Fault::error(FILE, format!("line {line}"), "TOML").field("text", shorten(found));
            let hint = format!("{}; text must stand in double quotes", error.message().trim());
            findings.push(line, fault.hint(hint));
        }
        origin.settings_damaged = true;
        return stand_in();
    }
    let mut keys = SettingsKeys {
        text,
        table: table.get_ref(),
        prefix: "",
        findings,
        lines: BTreeMap::new(),
        damaged: false,
    };
    let settings = top_level(&mut keys);
    origin.settings_damaged = keys.damaged;
    origin.setting_lines = std::mem::take(&mut keys.lines);
    settings
}

fn top_level(keys: &mut SettingsKeys<'_, '_>) -> Settings {
    keys.report_unknown(&KEYS);
    let mut settings = stand_in();
    settings.schema = keys.text("schema", true);
    settings.name = keys.text("name", true);
    settings.description = keys.text("description", false);
    settings.context = keys.context();
    settings.start = keys.text("start", true);
    settings.time_zone = keys.text("time_zone", true);
    settings.horizon_ms = keys.whole("horizon_ms");
    settings.margin_share = keys.number("margin_share").unwrap_or(settings.margin_share);
    settings.attribution = keys.texts("attribution");
    settings.class = classes(keys);
    settings
}

fn classes(keys: &mut SettingsKeys<'_, '_>) -> Vec<ClassOfUsers> {
    let Some(value) = keys.find("class", true, "a [[class]] section") else {
        return Vec::new();
    };
    let DeValue::Array(items) = value.get_ref() else {
        keys.wrong("class", value, "a [[class]] section", "write [[class]] in double brackets");
        return Vec::new();
    };
    let mut classes = Vec::new();
    for item in items.iter() {
        let DeValue::Table(table) = item.get_ref() else {
            keys.wrong("class", item, "a [[class]] section", "");
            continue;
        };
        // findings and lines are lent to the section and come back with what it added
        let mut inner = SettingsKeys {
            text: keys.text,
            table,
            prefix: "class.",
            findings: keys.findings,
            lines: std::mem::take(&mut keys.lines),
            damaged: keys.damaged,
        };
        inner.report_unknown(&CLASS_KEYS);
        classes.push(ClassOfUsers {
            id: inner.text("id", true),
            mode: inner.mode(),
            people_per_vehicle: inner.number("people_per_vehicle"),
            people_per_vehicle_low: inner.number("people_per_vehicle_low"),
            people_per_vehicle_high: inner.number("people_per_vehicle_high"),
            pcu_per_vehicle: inner.number("pcu_per_vehicle").unwrap_or(1.0),
        });
        keys.damaged = inner.damaged;
        keys.lines = inner.lines;
    }
    classes
}

/// Typed access to the keys of one table.
struct SettingsKeys<'t, 'f> {
    text: &'t str,
    table: &'t DeTable<'t>,
    /// What stands before a key in messages: nothing, or `class.`.
    prefix: &'static str,
    findings: &'f mut RowFaults,
    /// Line of each key that was found.
    lines: BTreeMap<String, u64>,
    /// Whether something could not be read, so that a default stands in its place.
    damaged: bool,
}

impl<'t> SettingsKeys<'t, '_> {
    fn find(&mut self, key: &str, required: bool, expected: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        let table = self.table;
        let found = table.get_key_value(key);
        let name = format!("{}{key}", self.prefix);
        match found {
            Some((spanned, value)) => {
                self.lines.insert(name, line_at(self.text, spanned.span().start));
                Some(value)
            }
            None => {
                if required {
                    let fault = Fault::error(FILE, "", expected).field(name, "").hint("the key is missing");
                    self.findings.push(0, fault);
                    self.damaged = true;
                }
                None
            }
        }
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str, hint: &str) {
        let line = line_at(self.text, value.span().start);
        let found = shorten(self.text.get(value.span()).unwrap_or_default());
        let fault = Fault::error(FILE, format!("line {line}"), expected);
        self.findings.push(line, fault.field(format!("{}{key}", self.prefix), found).hint(hint));
        self.damaged = true;
    }

    fn report_unknown(&mut self, known: &[&str]) {
        for (key, _) in self.table.iter() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let line = line_at(self.text, key.span().start);
                let hint = if self.prefix.is_empty() && CLASS_KEYS.contains(&name) {
                    "it belongs under [[class]]".to_string()
                } else if !self.prefix.is_empty() && KEYS.contains(&name) {
                    "it belongs above the first [[class]]".to_string()
                } else {
                    nearest(name, known.iter().copied())
                        .map_or_else(String::new, |meant| format!("is '{meant}' meant?"))
                };
                let expected = format!("one of the keys {}", known.join(", "));
                let fault = Fault::error(FILE, format!("line {line}"), expected);
                self.findings.push(line, fault.field("key", format!("{}{name}", self.prefix)).hint(hint));
                self.damaged = true;
            }
        }
    }

    fn text(&mut self, key: &str, required: bool) -> String {
        match self.find(key, required, "text") {
            None => String::new(),
            Some(value) => match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Datetime(_) => {
                    self.wrong(key, value, "text", "write the time in double quotes");
                    String::new()
                }
                _ => {
                    self.wrong(key, value, "text", "write it in double quotes");
                    String::new()
                }
            },
        }
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        let Some(value) = self.find(key, false, "a list of text") else {
            return Vec::new();
        };
        if let DeValue::Array(items) = value.get_ref() {
            let texts: Option<Vec<String>> = items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(text.to_string()),
                    _ => None,
                })
                .collect();
            if let Some(texts) = texts {
                return texts;
            }
        }
        self.wrong(key, value, "a list of text", "write [\"...\", \"...\"]");
        Vec::new()
    }

    fn whole(&mut self, key: &str) -> i64 {
        let Some(value) = self.find(key, true, "a whole number") else {
            return 0;
        };
        if let DeValue::Integer(number) = value.get_ref()
            && let Ok(number) = i64::from_str_radix(number.as_str(), number.radix())
        {
            return number;
        }
        self.wrong(key, value, "a whole number", "milliseconds without quotes or decimals: 1 h = 3600000");
        0
    }

    fn number(&mut self, key: &str) -> Option<f64> {
        let value = self.find(key, false, "a number")?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number: i64| float(number))
            }
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number| number.is_finite());
        if number.is_none() {
            self.wrong(key, value, "a number", "write it without quotes, with a point as decimal mark");
        }
        number
    }

    /// One of a few words.
    fn choice<T: Copy>(&mut self, key: &str, choices: &[(&'static str, T)], otherwise: T) -> T {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let expected = format!("one of '{}'", words.join("', '"));
        let Some(value) = self.find(key, true, &expected) else {
            return otherwise;
        };
        let mut hint = String::new();
        if let DeValue::String(text) = value.get_ref() {
            if let Some((_, choice)) = choices.iter().find(|(word, _)| word == text) {
                return *choice;
            }
            hint = nearest(text, words).map_or_else(String::new, |meant| format!("did you mean '{meant}'?"));
        }
        self.wrong(key, value, &expected, &hint);
        otherwise
    }

    fn context(&mut self) -> Context {
        let choices = [
            ("disaster", Context::Disaster),
            ("armed_conflict", Context::ArmedConflict),
            ("exercise", Context::Exercise),
            ("other", Context::Other),
        ];
        self.choice("context", &choices, Context::Other)
    }

    fn mode(&mut self) -> Mode {
        self.choice("mode", &[("vehicle", Mode::Vehicle), ("walk", Mode::Walk)], Mode::Vehicle)
    }
}

/// The line of a place in a text, from 1.
pub(crate) fn line_at(text: &str, at: usize) -> u64 {
    let head = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    row_number(head.iter().filter(|&&b| b == b'\n').count()) + 1
}

/// The line that a place in a text is on.
fn line_text(text: &str, at: usize) -> &str {
    let head = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let begin = head.iter().rposition(|&b| b == b'\n').map_or(0, |end| end + 1);
    text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}
