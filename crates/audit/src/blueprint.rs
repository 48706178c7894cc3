//! `blueprint.toml`: somebody else's plan as given, claims with who said it and when, evidence with where it is shown.

use crate::figure::FigureTable;
use crate::range::FigureRange;
use crate::rule::{Rulebook, unknown};
use clearway_model::number::float;
use clearway_model::{Context, Fault, Faults};
use serde::Serialize;
use toml::{Table, Value};

/// The schema of a blueprint.
pub const SCHEMA: &str = "clearway-blueprint/1";

/// One figure somebody stated.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FigureClaim {
    /// Id of the figure, one of `figures.csv` or of a table of the blueprint's own.
    pub figure: String,
    /// The figure with its range.
    #[serde(flatten)]
    pub range: FigureRange,
    /// Who said so, as reports name them; empty: nobody is named, which is a warning.
    pub who: String,
    /// When: a year, a month or a day.
    pub when: String,
    /// Where it can be read.
    pub url: String,
    /// published, derived, assumed or counted.
    pub status: String,
    /// Anything else that a reader should know, in words.
    pub note: String,
    /// Whether a later figure replaced it: it is shown, not used.
    pub superseded: bool,
}

/// How far evidence is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HowShown {
    /// The plan shows nothing of it.
    No,
    /// A part of what the criterion asks is shown.
    Partial,
    /// It is shown, and `what` says where.
    Yes,
}

/// What a plan shows on a rule that is asked.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ShownEvidence {
    /// Id of the qualitative criterion that it is evidence for.
    pub rule: String,
    /// How much of what the criterion asks is shown.
    pub shown: HowShown,
    /// What is shown, and where.
    pub what: String,
    /// Who shows it; empty where nobody is named.
    pub who: String,
    /// When it was shown: a year, a month or a day.
    pub when: String,
    /// Where it can be read.
    pub url: String,
}

/// A plan as given.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// Name of the plan, as headings and the terminal give it.
    pub name: String,
    /// What plan it is, in a sentence for the page; may be empty.
    pub description: String,
    /// Kind of situation. In an armed conflict protection criteria come first and severities may rise.
    pub context: Context,
    /// The day for which it is audited, `YYYY-MM-DD`; empty: figures cannot be out of date.
    pub date: String,
    /// Names of profiles: shipped ones, or files that end in `.toml`. Without any, all rules are looked at.
    pub profile: Vec<String>,
    /// Scenario folder: its roads and hours give the bound.
    pub scenario: String,
    /// Folder of a plan made by Clearway: its figures are recomputed and count as computed, not as claimed.
    pub plan: String,
    /// Table with a row per movement (CSV, XLSX, ODS): who leaves when for where.
    pub movements: String,
    /// What is there by place (`supplies.csv`), beside a plan folder.
    pub supplies: String,
    /// What trucks can bring (`aid.csv`), beside a plan folder.
    pub aid: String,
    /// Tables of more figures and rules.
    pub figures: Vec<String>,
    /// Tables of rules besides the shipped ones; a rule with a known id replaces it.
    pub rules: Vec<String>,
    /// Figures that somebody stated, in the order of the file.
    pub claims: Vec<FigureClaim>,
    /// What is shown on criteria that are documented or not, in the order of the file.
    pub evidence: Vec<ShownEvidence>,
    /// Which claim and which evidence of the file each of them is, from 1: those that cannot be read are left out.
    numbers: [Vec<usize>; 2],
}

impl Blueprint {
    /// A blueprint that claims nothing.
    pub fn empty(name: &str, context: Context) -> Self {
        let none = String::new;
        Self {
            name: name.to_owned(),
            description: none(),
            context,
            date: none(),
            profile: Vec::new(),
            scenario: none(),
            plan: none(),
            movements: none(),
            supplies: none(),
            aid: none(),
            figures: Vec::new(),
            rules: Vec::new(),
            claims: Vec::new(),
            evidence: Vec::new(),
            numbers: Default::default(),
        }
    }

    /// Reads one. Whether figures and rules exist is for [`check`](Self::check).
    pub fn read(file: &str, text: &str, faults: &mut Faults) -> Option<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = match text.parse::<Table>() {
            Ok(table) => table,
            Err(error) => {
                faults.push(Fault::error(file, "", "TOML").hint(error.to_string().replace('\n', " ")));
                return None;
            }
        };
        let known = [
            "schema",
            "name",
            "description",
            "context",
            "date",
            "profile",
            "scenario",
            "plan",
            "movements",
            "supplies",
            "aid",
            "figures",
            "rules",
            "claim",
            "evidence",
        ];
        let mut at = BlueprintKeys { file, place: String::new(), table: &table, faults };
        at.only(&known);
        let schema = at.text("schema");
        if schema != SCHEMA {
            at.fault("schema", &schema, &format!("\"{SCHEMA}\""));
        }
        let context = match at.text("context").as_str() {
            "armed_conflict" => Context::ArmedConflict,
            "exercise" => Context::Exercise,
            "other" => Context::Other,
            "disaster" => Context::Disaster,
            other => {
                // a context must be said: it decides what page one has to show
                at.fault("context", other, "disaster, armed_conflict, exercise or other");
                Context::Other
            }
        };
        let mut blueprint = Self {
            description: at.text("description"),
            date: at.date("date"),
            profile: at.texts("profile"),
            scenario: at.text("scenario"),
            plan: at.text("plan"),
            movements: at.text("movements"),
            supplies: at.text("supplies"),
            aid: at.text("aid"),
            figures: at.texts("figures"),
            rules: at.texts("rules"),
            ..Self::empty(&at.text("name"), context)
        };
        let (claims, shown) = (at.tables("claim"), at.tables("evidence"));
        for (number, table) in claims.into_iter().enumerate() {
            if let Some(claim) = claim(file, number + 1, table, faults) {
                blueprint.claims.push(claim);
                blueprint.numbers[0].push(number + 1);
            }
        }
        for (number, table) in shown.into_iter().enumerate() {
            if let Some(evidence) = evidence(file, number + 1, table, faults) {
                blueprint.evidence.push(evidence);
                blueprint.numbers[1].push(number + 1);
            }
        }
        if blueprint.plan.is_empty() {
            for (key, value) in [("supplies", &blueprint.supplies), ("aid", &blueprint.aid)] {
                if !value.is_empty() {
                    let fault = Fault::error(file, "", "a plan folder beside it (plan)").field(key, value);
                    faults.push(fault.hint("who is where when, and so what is short, follows from a plan"));
                }
            }
        }
        Some(blueprint)
    }

    /// Whether everything it names exists.
    pub fn check(&self, file: &str, figures: &FigureTable, rules: &Rulebook, faults: &mut Faults) {
        let [claim_numbers, evidence_numbers] = &self.numbers;
        let number = |of_file: &[usize], row: usize| of_file.get(row).copied().unwrap_or(row + 1);
        for (row, claim) in self.claims.iter().enumerate() {
            let place = format!("claim {}", number(claim_numbers, row));
            let Some(kind) = figures.0.get(&claim.figure) else {
                let near = clearway_formats::nearest(&claim.figure, figures.0.keys().map(String::as_str));
                let hint = near.map_or_else(String::new, |id| format!("the nearest is '{id}'; "));
                let fault = Fault::error(file, place, "a figure").field("figure", &claim.figure);
                faults.push(fault.hint(format!("{hint}clearway audit --form lists them")));
                continue;
            };
            if kind.unit == "share" && claim.range.high > 1.0 {
                let fault = Fault::error(file, place, "a share from 0 to 1").field("value", claim.range.high);
                faults.push(fault.hint("20 % is 0.2"));
            }
        }
        for (row, evidence) in self.evidence.iter().enumerate() {
            if rules.get(&evidence.rule).is_none() {
                let place = format!("evidence {}", number(evidence_numbers, row));
                faults.push(unknown(file, place, &evidence.rule));
            }
        }
    }
}

fn claim(file: &str, number: usize, table: &Table, faults: &mut Faults) -> Option<FigureClaim> {
    let mut at = BlueprintKeys { file, place: format!("claim {number}"), table, faults };
    at.only(&["figure", "value", "low", "high", "who", "when", "url", "status", "note", "superseded"]);
    let figure = at.text("figure");
    if figure.is_empty() {
        at.fault("figure", "", "the name of a figure");
    } else {
        at.place = format!("claim {number} ({figure})");
    }
    let value = at.number("value");
    let low = at.optional_number("low");
    let high = at.optional_number("high");
    let status = at.text("status");
    if !["", "published", "derived", "assumed", "counted"].contains(&status.as_str()) {
        at.fault("status", &status, "published, derived, assumed or counted");
    }
    let central = value?;
    let range = FigureRange { low: low.unwrap_or(central), central, high: high.unwrap_or(central) };
    if !(range.low <= central && central <= range.high) {
        at.fault("value", &format!("{central}"), "low <= value <= high");
        return None;
    }
    let claim = FigureClaim {
        range,
        who: at.text("who"),
        when: at.date("when"),
        url: at.text("url"),
        status,
        note: at.text("note"),
        superseded: at.yes("superseded"),
        figure,
    };
    if claim.who.is_empty() || claim.when.is_empty() {
        at.faults
            .push(Fault::warning(file, at.place.clone(), "who said it and when").field("who", &claim.who));
    }
    (!claim.figure.is_empty()).then_some(claim)
}

fn evidence(file: &str, number: usize, table: &Table, faults: &mut Faults) -> Option<ShownEvidence> {
    let mut at = BlueprintKeys { file, place: format!("evidence {number}"), table, faults };
    at.only(&["rule", "shown", "what", "who", "when", "url"]);
    let shown = match at.text("shown").as_str() {
        "yes" => HowShown::Yes,
        "partial" => HowShown::Partial,
        "no" => HowShown::No,
        other => {
            at.fault("shown", other, "yes, partial or no");
            return None;
        }
    };
    let evidence = ShownEvidence {
        rule: at.text("rule"),
        shown,
        what: at.text("what"),
        who: at.text("who"),
        when: at.date("when"),
        url: at.text("url"),
    };
    if evidence.shown != HowShown::No && evidence.what.trim().is_empty() {
        at.fault("what", "", "what is shown and where, since it counts as evidence");
    }
    if evidence.rule.is_empty() {
        at.fault("rule", "", "the id of a rule");
        return None;
    }
    Some(evidence)
}

/// The keys of one table of the file, with the place for faults.
struct BlueprintKeys<'a, 'f> {
    file: &'f str,
    place: String,
    table: &'a Table,
    faults: &'f mut Faults,
}

impl<'a> BlueprintKeys<'a, '_> {
    fn fault(&mut self, field: &str, found: &str, expected: &str) {
        self.faults.push(Fault::error(self.file, self.place.clone(), expected).field(field, found));
    }

    fn only(&mut self, known: &[&str]) {
        for key in self.table.keys().filter(|key| !known.contains(&key.as_str())) {
            let fault = Fault::error(self.file, self.place.clone(), format!("one of {}", known.join(", ")));
            self.faults.push(fault.field("key", key));
        }
    }

    fn text(&mut self, key: &str) -> String {
        match self.table.get(key) {
            None => String::new(),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(other) => {
                self.fault(key, &other.to_string(), "text in quotes");
                String::new()
            }
        }
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        match self.table.get(key) {
            None => Vec::new(),
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(list)) if list.iter().all(Value::is_str) => {
                list.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
            }
            Some(other) => {
                self.fault(key, &other.to_string(), "text in quotes, or a list of such");
                Vec::new()
            }
        }
    }

    /// `2024`, `2024-04` or `2024-04-08`.
    fn date(&mut self, key: &str) -> String {
        let text = match self.table.get(key) {
            Some(Value::Datetime(date)) => date.to_string(),
            _ => self.text(key),
        };
        let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let full = format!("{text}{}", "-01".repeat(2usize.saturating_sub(text.matches('-').count())));
        let is_date = ["0000", "0000-00", "0000-00-00"].contains(&shape.as_str())
            && full.parse::<jiff::civil::Date>().is_ok();
        if !text.is_empty() && !is_date {
            self.fault(key, &text, "a date: 2024, 2024-04 or 2024-04-08");
            return String::new();
        }
        text
    }

    fn number(&mut self, key: &str) -> Option<f64> {
        if !self.table.contains_key(key) {
            self.fault(key, "", "a number");
            return None;
        }
        self.optional_number(key)
    }

    fn optional_number(&mut self, key: &str) -> Option<f64> {
        let value = match self.table.get(key)? {
            Value::Integer(n) => float(*n),
            Value::Float(x) => *x,
            other => {
                self.fault(key, &other.to_string(), "a number without quotes");
                return None;
            }
        };
        if value.is_finite() && (-1e15..=1e15).contains(&value) && (value >= 0.0 || key != "value") {
            return Some(value);
        }
        self.fault(key, &value.to_string(), "a number from 0");
        None
    }

    fn yes(&mut self, key: &str) -> bool {
        match self.table.get(key) {
            None => false,
            Some(Value::Boolean(yes)) => *yes,
            Some(other) => {
                self.fault(key, &other.to_string(), "true or false");
                false
            }
        }
    }

    fn tables(&mut self, key: &str) -> Vec<&'a Table> {
        match self.table.get(key) {
            None => Vec::new(),
            Some(Value::Array(list)) if list.iter().all(Value::is_table) => {
                list.iter().filter_map(Value::as_table).collect()
            }
            Some(other) => {
                self.fault(key, other.type_str(), &format!("[[{key}]] for each"));
                Vec::new()
            }
        }
    }
}
