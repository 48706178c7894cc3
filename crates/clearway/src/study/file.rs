//! `STUDY.toml`: a study as somebody writes it, read with everything that is wrong with it at once.

use super::request::{StudyAnswer, StudyInput, StudyOption, StudyRequest, VariedFigure};
use super::values::{change_of, is_proper_list, number, numbers, shown};
use crate::change::ScenarioChange;
use crate::error::Error;
use clearway_model::{Fault, Faults};
use clearway_study::design::StudyDesign;
use clearway_study::spread::InputSpread;
use toml::{Table, Value};

/// A study as it stands in a file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StudyFile {
    /// The scenario folder, as seen from the file; empty: the file names none.
    pub scenario: String,
    /// What is asked.
    pub request: StudyRequest,
}

/// Reads a study, TOML. `name` is what the file is called where something is wrong with it; `catalogue` reads a file that it names, as seen
/// from it.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong with it; what `catalogue` says.
pub fn read_study(
    name: &str,
    text: &str,
    catalogue: &dyn Fn(&str) -> Result<String, Error>,
) -> Result<StudyFile, Error> {
    study_of_table(name, table_of(name, text)?, catalogue)
}

/// As [`read_study`], of JSON in the same shape.
///
/// # Errors
/// As there.
pub fn read_study_json(
    name: &str,
    json: &str,
    catalogue: &dyn Fn(&str) -> Result<String, Error>,
) -> Result<StudyFile, Error> {
    let table: Table = serde_json::from_str(json)
        .map_err(|problem| invalid(name, Fault::error(name, "", "a study").hint(problem.to_string())))?;
    study_of_table(name, table, catalogue)
}

fn invalid(name: &str, fault: Fault) -> Error {
    Error::Invalid { of: name.to_owned(), faults: Faults(vec![fault]) }
}

fn table_of(name: &str, text: &str) -> Result<Table, Error> {
    text.parse::<Table>().map_err(|problem| {
        let line = problem.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let place = line.map_or_else(String::new, |line| format!("line {line}"));
        let why = problem.message().lines().collect::<Vec<_>>().join(" ");
        invalid(name, Fault::error(name, place, "TOML").hint(why))
    })
}

fn study_of_table(
    name: &str,
    mut table: Table,
    catalogue: &dyn Fn(&str) -> Result<String, Error>,
) -> Result<StudyFile, Error> {
    let mut reading = Reading { file: name, faults: Faults::default() };
    let scenario = reading.text(&mut table, "", "scenario").unwrap_or_default();
    let listed = reading.text(&mut table, "", "catalogue");
    let mut request = reading.request(&mut table);
    if let Some(listed) = listed {
        let mut table = table_of(&listed, &catalogue(&listed)?)?;
        let mut of_catalogue = Reading { file: &listed, faults: Faults::default() };
        request.options.extend(of_catalogue.options(&mut table));
        of_catalogue.rest(&table, "", "option");
        reading.faults.0.append(&mut of_catalogue.faults.0);
    }
    // with inputs left out that cannot be read, the others would be called by wrong numbers
    if !reading.faults.has_errors() {
        reading.fits_together(&request);
    }
    if reading.faults.has_errors() {
        return Err(Error::Invalid { of: name.to_owned(), faults: reading.faults });
    }
    Ok(StudyFile { scenario, request })
}

/// A file that is being read. Keys are taken out of its tables; what is left is unknown.
struct Reading<'a> {
    file: &'a str,
    faults: Faults,
}

impl Reading<'_> {
    fn wrong(&mut self, place: &str, key: &str, found: impl std::fmt::Display, expected: &str) {
        self.faults.push(Fault::error(self.file, place, expected).field(key, found));
    }

    /// What is left in a table is unknown.
    fn rest(&mut self, table: &Table, place: &str, known: &str) {
        for (key, value) in table {
            self.faults.push(
                Fault::error(self.file, place, format!("one of the keys {known}")).field(key, shown(value)),
            );
        }
    }

    fn text(&mut self, table: &mut Table, place: &str, key: &str) -> Option<String> {
        match table.remove(key)? {
            Value::String(text) => Some(text),
            other => {
                self.wrong(place, key, shown(&other), "a text in quotes");
                None
            }
        }
    }

    fn whole(&mut self, table: &mut Table, key: &str, least: i64, most: i64) -> Option<i64> {
        match table.remove(key)? {
            Value::Integer(whole) if (least..=most).contains(&whole) => Some(whole),
            other => {
                self.wrong("", key, shown(&other), &format!("a whole number from {least} to {most}"));
                None
            }
        }
    }

    fn small(&mut self, table: &mut Table, key: &str, least: i64, most: u32, usual: u32) -> u32 {
        let found = self.whole(table, key, least, i64::from(most));
        found.and_then(|whole| u32::try_from(whole).ok()).unwrap_or(usual)
    }

    /// One of several words; `None`: it is not there, or none of them.
    fn word<T: Copy>(&mut self, table: &mut Table, place: &str, key: &str, words: &[(&str, T)]) -> Option<T> {
        let found = table.remove(key)?;
        let known = words.iter().find(|(word, _)| found.as_str() == Some(word)).map(|(_, value)| *value);
        if known.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(place, key, shown(&found), &format!("one of {}", words.join(", ")));
        }
        known
    }

    fn request(&mut self, table: &mut Table) -> StudyRequest {
        let usual = StudyRequest::default();
        let designs = [
            ("factorial", StudyDesign::Factorial),
            ("sample", StudyDesign::Sample),
            ("sobol", StudyDesign::Sobol),
            ("morris", StudyDesign::Morris),
        ];
        let request = StudyRequest {
            answer: self.word(table, "", "answer", &StudyAnswer::NAMES).unwrap_or(usual.answer),
            design: self.word(table, "", "design", &designs).unwrap_or(usual.design),
            samples: self.small(table, "samples", 1, 1_000_000, usual.samples),
            trajectories: self.small(table, "trajectories", 1, 100_000, usual.trajectories),
            levels: self.small(table, "levels", 2, 1000, usual.levels),
            seed: self
                .whole(table, "seed", 0, i64::MAX)
                .and_then(|seed| u64::try_from(seed).ok())
                .unwrap_or(usual.seed),
            routes_per_zone: self.routes(table, usual.routes_per_zone),
            inputs: self.inputs(table),
            options: self.options(table),
            most_together: self.small(table, "most_together", 1, 1000, usual.most_together),
            front_samples: self.small(table, "front_samples", 0, 100_000, usual.front_samples),
            cost_unit: self.text(table, "", "cost_unit").unwrap_or_default(),
        };
        self.rest(
            table,
            "",
            "scenario, answer, design, samples, trajectories, levels, seed, routes_per_zone, input, option, catalogue, most_together, front_samples, cost_unit",
        );
        request
    }

    fn routes(&mut self, table: &mut Table, usual: Option<u32>) -> Option<u32> {
        match table.remove("routes_per_zone") {
            None => usual,
            Some(Value::String(word)) if word == "unlimited" => None,
            Some(Value::Integer(routes)) if routes > 0 && u32::try_from(routes).is_ok() => {
                u32::try_from(routes).ok()
            }
            Some(other) => {
                self.wrong("", "routes_per_zone", shown(&other), "a whole number from 1, or \"unlimited\"");
                usual
            }
        }
    }

    /// The tables of an array of tables.
    fn tables(&mut self, table: &mut Table, key: &str) -> Vec<Table> {
        let Some(found) = table.remove(key) else { return Vec::new() };
        let rows = match &found {
            Value::Array(rows) => rows.iter().map(|row| row.as_table().cloned()).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        rows.unwrap_or_else(|| {
            self.wrong("", key, shown(&found), &format!("tables, each under [[{key}]]"));
            Vec::new()
        })
    }

    fn inputs(&mut self, table: &mut Table) -> Vec<StudyInput> {
        let rows = self.tables(table, "input");
        rows.into_iter().enumerate().filter_map(|(at, row)| self.input(at + 1, row)).collect()
    }

    fn input(&mut self, at: usize, mut row: Table) -> Option<StudyInput> {
        let name = self.text(&mut row, &format!("input {at}"), "name");
        let place = match &name {
            Some(name) => format!("input {at} ({name})"),
            None => format!("input {at}"),
        };
        let before = self.faults.0.len();
        if name.as_ref().is_none_or(String::is_empty) {
            self.wrong(&place, "name", "", "a name, by which tables call it");
        }
        let has_vary = row.contains_key("vary");
        let vary = self.word(&mut row, &place, "vary", &VariedFigure::NAMES);
        if !has_vary {
            let words: Vec<&str> = VariedFigure::NAMES.iter().map(|(word, _)| *word).collect();
            self.wrong(&place, "vary", "", &format!("one of {}", words.join(", ")));
        }
        let is_change = vary == Some(VariedFigure::Changes);
        let of = self.ids(&mut row, &place, is_change || vary.is_none());
        let absolute = match row.remove("absolute") {
            None => false,
            Some(Value::Boolean(absolute)) => absolute,
            Some(other) => {
                self.wrong(&place, "absolute", shown(&other), "true or false");
                false
            }
        };
        let spread = self.spread(&mut row, &place, vary);
        let central = row.remove("central").and_then(|found| {
            let value = number(&found);
            if value.is_none() {
                self.wrong(&place, "central", shown(&found), "a number");
            }
            value
        });
        if let (Some(central), Some(spread)) = (central, &spread)
            && !spread.has(central)
        {
            self.wrong(&place, "central", central, "a value that the input may have");
        }
        let changes = if is_change { self.changes(&mut row, &place) } else { Vec::new() };
        let source = self.text(&mut row, &place, "source").unwrap_or_default();
        let known = if is_change {
            "name, vary, changes, chance, central, source"
        } else {
            "name, vary, of, absolute, range, list, central, source"
        };
        self.rest(&row, &place, known);
        if self.faults.0.len() > before {
            return None;
        }
        Some(StudyInput { name: name?, vary: vary?, of, absolute, spread: spread?, central, changes, source })
    }

    fn ids(&mut self, row: &mut Table, place: &str, may_lack: bool) -> Vec<String> {
        let found = row.remove("of");
        let ids = match &found {
            None if may_lack => return Vec::new(),
            Some(Value::String(id)) => Some(vec![id.clone()]),
            Some(Value::Array(ids)) => ids.iter().map(|id| id.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        match ids {
            Some(ids) if !ids.is_empty() => ids,
            _ => {
                let shown = found.as_ref().map(shown).unwrap_or_default();
                self.wrong(place, "of", shown, "an id, a list of ids, or \"*\" for all; ids are in quotes");
                Vec::new()
            }
        }
    }

    fn spread(&mut self, row: &mut Table, place: &str, vary: Option<VariedFigure>) -> Option<InputSpread> {
        let given: Vec<(&str, Value)> =
            ["range", "list", "chance"].into_iter().filter_map(|key| Some((key, row.remove(key)?))).collect();
        let [(key, found)] = given.as_slice() else {
            let expected = if vary == Some(VariedFigure::Changes) {
                "chance = a probability"
            } else {
                "one of range = [low, high] and list = [..]"
            };
            let keys: Vec<&str> = given.iter().map(|(key, _)| *key).collect();
            self.faults.push(Fault::error(self.file, place, expected).field("spread", keys.join(" and ")));
            return None;
        };
        let is_change = vary == Some(VariedFigure::Changes);
        if vary.is_some() && is_change != (*key == "chance") {
            let expected = if is_change {
                "chance, since changes happen or not"
            } else {
                "range or list; chance is for changes"
            };
            self.wrong(place, key, shown(found), expected);
            return None;
        }
        let spread = match *key {
            "chance" => number(found).filter(|chance| (0.0..=1.0).contains(chance)).map(InputSpread::Chance),
            "range" => numbers(found).and_then(|ends| match ends.as_slice() {
                [low, high] if low < high => Some(InputSpread::Range([*low, *high])),
                _ => None,
            }),
            _ => numbers(found).filter(|values| is_proper_list(values)).map(InputSpread::List),
        };
        let spread = spread.filter(|spread| spread.ends()[0] >= 0.0);
        if spread.is_none() {
            let expected = match *key {
                "chance" => "a probability from 0 to 1",
                "range" => "two numbers from 0, the first smaller: [low, high]",
                _ => "two or more different numbers from 0",
            };
            self.wrong(place, key, shown(found), expected);
        }
        spread
    }

    fn changes(&mut self, row: &mut Table, place: &str) -> Vec<ScenarioChange> {
        let expected = "one or more changes, e.g. [{ change = \"close_link\", link_id = \"4\" }]";
        let found = row.remove("changes");
        let Some(Value::Array(rows)) = &found else {
            self.wrong(place, "changes", found.as_ref().map(shown).unwrap_or_default(), expected);
            return Vec::new();
        };
        if rows.is_empty() {
            self.wrong(place, "changes", "[]", expected);
        }
        let mut changes = Vec::new();
        for row in rows {
            match change_of(row) {
                Ok(change) => changes.push(change),
                Err(why) => self.wrong(place, "changes", shown(row), &why),
            }
        }
        changes
    }

    fn options(&mut self, table: &mut Table) -> Vec<StudyOption> {
        let rows = self.tables(table, "option");
        rows.into_iter().enumerate().filter_map(|(at, row)| self.option(at + 1, row)).collect()
    }

    fn option(&mut self, at: usize, mut row: Table) -> Option<StudyOption> {
        let before = self.faults.0.len();
        let name = self.text(&mut row, &format!("option {at}"), "name");
        let place = match &name {
            Some(name) => format!("option {at} ({name})"),
            None => format!("option {at}"),
        };
        if name.as_ref().is_none_or(String::is_empty) {
            self.wrong(&place, "name", "", "a name, by which tables call it");
        }
        let found = row.remove("cost");
        let cost = found.as_ref().and_then(number).filter(|cost| *cost >= 0.0);
        if cost.is_none() {
            self.wrong(&place, "cost", found.as_ref().map(shown).unwrap_or_default(), "a number from 0");
        }
        let changes = self.changes(&mut row, &place);
        let source = self.text(&mut row, &place, "source").unwrap_or_default();
        self.rest(&row, &place, "name, cost, changes, source");
        if self.faults.0.len() > before {
            return None;
        }
        Some(StudyOption { name: name?, cost: cost?, source, changes })
    }

    /// What is wrong only together.
    fn fits_together(&mut self, request: &StudyRequest) {
        for fault in super::checks::faults_together(request) {
            self.faults.push(Fault { file: self.file.to_owned(), ..fault });
        }
    }
}
