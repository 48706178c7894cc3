//! What must hold in a scenario, table by table: ids and references, limits, times, roads, places, connections, sources.
//!
//! A fault is an error where planning could not go on or its figures would be wrong, a warning where planning goes on and says
//! itself what comes of it (a zone that no road connects) or where only a person can tell (two roads that look like one).

mod closed;
mod coordinates;
mod geometry;
mod ids;
mod junctions;
mod limits;
mod links;
mod open;
mod people;
mod reach;
mod settings;
mod sizes;
mod sources;
mod speed;
mod times;

use crate::findings::RowFaults;
use crate::origin::ScenarioOrigin;
use crate::table::TableRow;
use clearway_model::{ClassOfUsers, Fault, Faults, Scenario, Severity};
use clearway_text::{Moment, bundled_zone, span_text};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::fmt::Display;

/// How many rows with the same kind of warning are listed; the rest is a number.
const LISTED: usize = 20;

/// Checks a scenario in memory. Rows are counted as they would be written: the header is row 1.
pub fn check_scenario(scenario: &Scenario) -> Faults {
    check_read_scenario(scenario, &ScenarioOrigin::default()).into_faults()
}

/// Indices of the zones from which no site can be reached along the roads with everything open, turn bans obeyed. None where there
/// are no roads or no class that can be told.
pub(crate) fn zones_without_way(scenario: &Scenario) -> Vec<usize> {
    reach::zones_without_way(&ScenarioCheck::new(scenario, &ScenarioOrigin::default()))
}

/// Checks a scenario whose rows came from files.
pub(crate) fn check_read_scenario(scenario: &Scenario, origin: &ScenarioOrigin) -> RowFaults {
    let mut check = ScenarioCheck::new(scenario, origin);
    // what is said of ways comes after what is wrong with cells, but looking for them takes longest
    let (ways, ()) = rayon::join(
        || reach::WaysFound::search(&ScenarioCheck::new(scenario, origin)),
        || check_tables(&mut check),
    );
    if let Some(ways) = ways {
        reach::check(&mut check, &ways);
    }
    sources::check(&mut check);
    check.findings
}

/// All that can be said of the rows without looking for ways.
fn check_tables(check: &mut ScenarioCheck<'_>) {
    // in this order, as only the first fault of a cell is kept: what a cell holds before how it fits the others
    settings::check(check);
    limits::check(check);
    ids::check(check);
    coordinates::check(check);
    geometry::check(check);
    speed::check(check);
    links::check(check);
    junctions::check(check);
    people::check(check);
    times::check(check);
    sizes::check(check);
}

/// The scenario, where its rows came from, and what was found so far.
pub(crate) struct ScenarioCheck<'s> {
    pub scenario: &'s Scenario,
    pub origin: &'s ScenarioOrigin,
    pub findings: RowFaults,
    /// Cells that were reported, as file, row and field: one fault of a cell is enough, the others most often follow from it.
    reported: BTreeSet<(String, u64, String)>,
    /// Nodes whose coordinates are wrong: what follows from that for their links is not said.
    pub misplaced: BTreeSet<&'s str>,
}

impl<'s> ScenarioCheck<'s> {
    fn new(scenario: &'s Scenario, origin: &'s ScenarioOrigin) -> Self {
        Self {
            scenario,
            origin,
            findings: RowFaults::default(),
            reported: BTreeSet::new(),
            misplaced: BTreeSet::new(),
        }
    }

    /// The horizon, ms, where it could be read.
    pub(crate) fn horizon_ms(&self) -> Option<i64> {
        Some(self.scenario.settings.horizon_ms).filter(|horizon| *horizon > 0)
    }

    /// The start and the time zone, where both could be read.
    pub(crate) fn clock(&self) -> Option<(Timestamp, TimeZone)> {
        let settings = &self.scenario.settings;
        Some((Moment::read(&settings.start).ok()?.at, bundled_zone(&settings.time_zone)?))
    }

    /// A time as the clocks of the place show it, or after the start where there is no clock.
    pub(crate) fn clock_text(&self, ms: i64) -> String {
        let at = self.clock().and_then(|(start, zone)| {
            let at = start.checked_add(SignedDuration::from_millis(ms)).ok()?;
            Some(clearway_text::clock_text(at, &zone))
        });
        at.unwrap_or_else(|| format!("{} after the start", span_text(ms)))
    }

    /// The class of road users, where the settings say clearly which it is.
    pub(crate) fn class(&self) -> Option<&'s ClassOfUsers> {
        match self.scenario.settings.class.as_slice() {
            [class] if !self.origin.settings_damaged => Some(class),
            _ => None,
        }
    }

    /// The rows whose cells could all be read, with their index.
    pub(crate) fn sound<'r, R: TableRow>(&self, rows: &'r [R]) -> Vec<(usize, &'r R)> {
        rows.iter().enumerate().filter(|(index, _)| !self.origin.is_damaged::<R>(*index)).collect()
    }

    /// An error about one cell of a row.
    pub(crate) fn error<R: TableRow>(
        &mut self,
        index: usize,
        row: &R,
        cell: (&str, impl Display),
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(Severity::Error, index, row, cell, expected.into(), hint.into());
    }

    /// A warning about one cell of a row.
    pub(crate) fn warning<R: TableRow>(
        &mut self,
        index: usize,
        row: &R,
        cell: (&str, impl Display),
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(Severity::Warning, index, row, cell, expected.into(), hint.into());
    }

    fn push<R: TableRow>(
        &mut self,
        severity: Severity,
        index: usize,
        row: &R,
        cell: (&str, impl Display),
        expected: String,
        hint: String,
    ) {
        let (file, number) = (self.origin.file::<R>(), self.origin.row::<R>(index));
        // what else is wrong with the same cell most often follows from the first fault
        if !self.reported.insert((file.clone(), number, cell.0.to_string())) {
            return;
        }
        let place = self.origin.place::<R>(index, &row.label());
        let fault = Fault { severity, ..Fault::error(file, place, expected) };
        self.findings.push(number, fault.field(cell.0, cell.1).hint(hint));
    }

    /// Whether something about a cell was reported.
    pub(crate) fn is_reported<R: TableRow>(&self, index: usize, field: &str) -> bool {
        self.reported.contains(&(self.origin.file::<R>(), self.origin.row::<R>(index), field.to_string()))
    }

    /// The same warning about many rows: the first are listed, the rest is a number. Each entry is a row's index, what was found in
    /// `field` and what was expected.
    pub(crate) fn warnings<R: TableRow>(
        &mut self,
        rows: &[R],
        field: &str,
        found: &[(usize, String, String)],
        hint: &str,
    ) {
        for (index, value, expected) in found.iter().take(LISTED) {
            if let Some(row) = rows.get(*index) {
                self.warning(*index, row, (field, value), expected.clone(), hint);
            }
        }
        if found.len() > LISTED {
            let rest = format!("{} more rows like those listed", found.len() - LISTED);
            self.table_warning::<R>((field, rest), "the same as in the rows listed", hint);
        }
    }

    /// An error about a table as a whole.
    pub(crate) fn table_error<R: TableRow>(&mut self, expected: impl Into<String>, hint: impl Into<String>) {
        self.findings.push(0, Fault::error(self.origin.file::<R>(), "", expected).hint(hint));
    }

    /// A warning about a table as a whole.
    pub(crate) fn table_warning<R: TableRow>(
        &mut self,
        cell: (&str, impl Display),
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let fault = Fault::warning(self.origin.file::<R>(), "", expected).field(cell.0, cell.1);
        self.findings.push(0, fault.hint(hint));
    }
}
