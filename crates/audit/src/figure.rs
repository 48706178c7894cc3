//! What figures there are: names, units, defaults, formulas (`data/figures.csv`).

use crate::formula::Formula;
use crate::range::FigureRange;
use clearway_model::{Fault, Faults};
use std::collections::BTreeMap;

/// The table that comes with the program.
pub const FIGURES: &str = include_str!("../data/figures.csv");

/// What helps a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoreIs {
    /// A plan is better for more of it: lanes, tents, water.
    Better,
    /// A plan is better for less of it: hours on the way.
    Worse,
    /// Neither can be said in general, as of people.
    Unsaid,
}

/// One figure that rules may use.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureKind {
    /// Its name in formulas and in claims.
    pub id: String,
    /// Its name in sentences.
    pub name: String,
    /// Unit; empty where it has none.
    pub unit: String,
    /// How it follows from others where nobody states it.
    pub formula: Option<Formula>,
    /// What is taken where nobody states it; always named as such.
    pub default: Option<FigureRange>,
    /// What it is taken as where a plan does not name the thing at all.
    pub none: Option<f64>,
    /// Whether a measure may change it. People never are: nobody is to be made to go or to stay.
    pub is_lever: bool,
    /// Whether more or less of it helps a plan.
    pub more: MoreIs,
    /// Source of the default.
    pub source: String,
    /// Whether the source was read, not remembered.
    pub verified: bool,
    /// What to ask for if it is missing.
    pub asks: String,
}

impl FigureKind {
    /// What to ask for; its name where the table has no words for it.
    pub fn question(&self) -> &str {
        if self.asks.is_empty() { &self.name } else { &self.asks }
    }
}

/// All figures by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FigureTable(pub BTreeMap<String, FigureKind>);

impl FigureTable {
    /// Reads a table and adds its rows; a row with a known id replaces it.
    pub fn add(&mut self, file: &str, text: &str, faults: &mut Faults) {
        for row in rows(file, text, &["id", "name"], faults) {
            let id = row.cell("id").to_owned();
            let formula = row.formula("formula", faults);
            let ends: Vec<Option<f64>> =
                ["low", "central", "high"].iter().map(|name| row.number(name, faults)).collect();
            let default = match (ends[0], ends[1], ends[2]) {
                (_, None, _) => None,
                (low, Some(central), high) => {
                    let range =
                        FigureRange { low: low.unwrap_or(central), central, high: high.unwrap_or(central) };
                    if range.low > central || range.high < central {
                        faults.push(row.fault("central", "low <= central <= high"));
                    }
                    Some(range)
                }
            };
            let kind = FigureKind {
                name: row.cell("name").to_owned(),
                unit: row.cell("unit").to_owned(),
                formula,
                default,
                none: row.number("none", faults),
                is_lever: row.cell("lever") == "yes",
                more: match row.cell("more") {
                    "better" => MoreIs::Better,
                    "worse" => MoreIs::Worse,
                    _ => MoreIs::Unsaid,
                },
                source: row.cell("source").to_owned(),
                verified: row.cell("verified") != "false",
                asks: row.cell("asks").to_owned(),
                id: id.clone(),
            };
            self.0.insert(id, kind);
        }
    }

    /// The figures that come with the program.
    pub fn shipped(faults: &mut Faults) -> Self {
        let mut figures = Self::default();
        figures.add("figures.csv", FIGURES, faults);
        figures
    }

    /// The name for people, with its unit.
    pub fn name(&self, id: &str) -> String {
        self.0.get(id).map_or_else(|| id.to_owned(), |kind| kind.name.clone())
    }

    /// The unit of a figure; empty where it has none or is not known.
    pub fn unit(&self, id: &str) -> &str {
        self.0.get(id).map_or("", |kind| &kind.unit)
    }
}

/// A row of one of the tables of the audit, by column name.
pub(crate) struct CsvRow<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: u64,
    cells: BTreeMap<String, String>,
}

/// The rows of a table; rows with an empty required cell are left out and named.
pub(crate) fn rows<'a>(file: &'a str, text: &str, required: &[&str], faults: &mut Faults) -> Vec<CsvRow<'a>> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect(),
        Err(error) => {
            faults.push(Fault::error(file, "line 1", "a row of column names").hint(error.to_string()));
            return Vec::new();
        }
    };
    let absent: Vec<&&str> =
        required.iter().filter(|name| !header.iter().any(|known| known == *name)).collect();
    for name in &absent {
        faults.push(Fault::error(file, "line 1", format!("a column '{name}'")));
    }
    // faults of another file hide none of this one
    if !absent.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let fault = Fault::error(file, format!("line {line}"), "a row of cells in UTF-8");
                faults.push(fault.hint(error.to_string()));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cells = header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        let row = CsvRow { file, line, cells };
        let missing: Vec<&&str> = required.iter().filter(|name| row.cell(name).is_empty()).collect();
        for name in &missing {
            faults.push(row.fault(name, "a value"));
        }
        if missing.is_empty() {
            all.push(row);
        }
    }
    all
}

impl CsvRow<'_> {
    pub(crate) fn cell(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }

    pub(crate) fn fault(&self, field: &str, expected: &str) -> Fault {
        let id = self.cell("id");
        let place =
            if id.is_empty() { format!("line {}", self.line) } else { format!("line {} ({id})", self.line) };
        Fault::error(self.file, place, expected).field(field, self.cell(field))
    }

    pub(crate) fn number(&self, name: &str, faults: &mut Faults) -> Option<f64> {
        let text = self.cell(name);
        if text.is_empty() {
            return None;
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Some(value),
            _ => {
                faults.push(
                    self.fault(name, "a number").hint("a point for decimals, nothing between thousands"),
                );
                None
            }
        }
    }

    pub(crate) fn formula(&self, name: &str, faults: &mut Faults) -> Option<Formula> {
        let text = self.cell(name);
        if text.is_empty() {
            return None;
        }
        Formula::parse(text).map_err(|error| faults.push(self.fault(name, &error.to_string()))).ok()
    }
}
