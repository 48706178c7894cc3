//! What must hold in a scenario, table by table: ids and references, limits, times, roads, places, connections, sources.
//!
//! A fault is an error where planning could not go on or its figures would be wrong, a warning where planning goes on and says
//! itself what comes of it (a zone that no road connects) or where only a person can tell (two roads that look like one).

mod ids;
mod limits;

use crate::findings::Findings;
use crate::origin::Origin;
use crate::table::TableRow;
use clearway_model::{Fault, Faults, Scenario};
use std::fmt::Display;

/// Checks a scenario in memory. Rows are counted as they would be written: the header is row 1.
pub fn check_scenario(scenario: &Scenario) -> Faults {
    check_read_scenario(scenario, &Origin::default()).into_faults()
}

/// Checks a scenario whose rows came from files.
pub(crate) fn check_read_scenario(scenario: &Scenario, origin: &Origin) -> Findings {
    let mut check = Check { scenario, origin, findings: Findings::default() };
    limits::check(&mut check);
    ids::check(&mut check);
    check.findings
}

/// The scenario, where its rows came from, and what was found so far.
pub(crate) struct Check<'s> {
    pub scenario: &'s Scenario,
    pub origin: &'s Origin,
    pub findings: Findings,
}

impl Check<'_> {
    /// An error about one cell of a row.
    pub(crate) fn error<R: TableRow>(
        &mut self,
        index: usize,
        row: &R,
        cell: (&str, impl Display),
        expected: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let fault =
            Fault::error(self.origin.file::<R>(), self.origin.place::<R>(index, &row.label()), expected);
        self.findings.push(self.origin.row::<R>(index), fault.field(cell.0, cell.1).hint(hint));
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
        let fault =
            Fault::warning(self.origin.file::<R>(), self.origin.place::<R>(index, &row.label()), expected);
        self.findings.push(self.origin.row::<R>(index), fault.field(cell.0, cell.1).hint(hint));
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
