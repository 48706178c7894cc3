//! `check`: what is in a scenario, and what is worth a look.

use crate::error::{Error, fault_list};
use clearway_formats::{assumptions, read_groups, read_scenario};
use clearway_model::{Faults, PopulationGroups, Scenario, Store, counted, people};
use clearway_report::assumption_words;

/// A scenario that has no errors.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckedScenario {
    /// How messages name it, e.g. the path of its folder.
    pub label: String,
    /// Settings and tables.
    pub scenario: Scenario,
    /// What was found that is no error.
    pub warnings: Faults,
}

/// Population groups and a fleet that have no errors.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckedGroups {
    /// How messages name the scenario.
    pub label: String,
    /// Groups, fleet and settings.
    pub groups: PopulationGroups,
    /// What was found that is no error.
    pub warnings: Faults,
}

/// Checks the tables of a scenario. Population groups beside them are checked by [`check_groups`]; [`load`](crate::load()) does both.
///
/// # Errors
/// [`Error::Invalid`] with all faults, if any is an error.
///
/// ```
/// use clearway::{Error, MemoryStore, check};
///
/// let Err(Error::Invalid { faults, .. }) = check(&MemoryStore::new("nothing")) else { panic!() };
/// assert!(faults.0.iter().any(|fault| fault.file == "zones.csv" && fault.hint == "the file is missing"));
/// ```
pub fn check(store: &dyn Store) -> Result<CheckedScenario, Error> {
    let label = store.label();
    match read_scenario(store) {
        Ok((scenario, warnings)) => Ok(CheckedScenario { label, scenario, warnings }),
        Err(faults) => Err(Error::Invalid { of: label, faults }),
    }
}

/// Checks the population groups of a scenario whose tables are checked; `None` where there are none.
///
/// # Errors
/// [`Error::Invalid`] with all faults, if any is an error.
pub fn check_groups(store: &dyn Store, scenario: &Scenario) -> Result<Option<CheckedGroups>, Error> {
    let label = store.label();
    match read_groups(store, scenario) {
        Ok(read) => Ok(read.map(|(groups, warnings)| CheckedGroups { label, groups, warnings })),
        Err(faults) => Err(Error::Invalid { of: label, faults }),
    }
}

/// What was assumed in a scenario that could change the answer most, a line each; a line says so where nothing is known.
pub fn assumptions_in_words(scenario: &Scenario) -> String {
    let rows = assumptions(scenario);
    let mut text = String::from("what could change the answer most:");
    for row in &rows {
        text.push_str(&format!("\n  {}", assumption_words(row)));
    }
    if rows.is_empty() {
        text.push_str(" nothing is listed");
    }
    text
}

/// The length of a list as messages count it.
pub(crate) fn length<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

impl CheckedScenario {
    /// Warnings, how large it is and what could change the answer most, for a terminal.
    pub fn in_words(&self) -> String {
        let Self { label, scenario, warnings } = self;
        let everybody: i64 = scenario.zones.iter().map(|zone| zone.people).sum();
        format!(
            "{}{} nodes, {} links, {} with {}, {}. Digest {}\n{}",
            fault_list(label, warnings),
            scenario.nodes.len(),
            scenario.links.len(),
            counted(length(&scenario.zones), "zone", "zones"),
            people(everybody),
            counted(length(&scenario.sites), "site", "sites"),
            scenario.digest,
            assumptions_in_words(scenario)
        )
    }
}

impl CheckedGroups {
    /// Warnings, and how many groups and vehicles there are, for a terminal.
    pub fn in_words(&self) -> String {
        let Self { label, groups, warnings } = self;
        format!(
            "{}{}, {} of the fleet. Digest with groups {}",
            fault_list(label, warnings),
            counted(length(&groups.rows), "group", "groups"),
            counted(groups.fleet.iter().map(|row| row.count).sum(), "vehicle", "vehicles"),
            groups.digest
        )
    }
}
