//! `connect`: sites and zones that somebody has edited are joined to the roads again.

use crate::artifacts::Files;
use crate::check::assumptions_in_words;
use crate::error::{Error, fault_list};
use crate::session::Session;
use crate::upgrade::must_be_current;
use clearway_compose::reconnect;
use clearway_formats::{read_scenario, read_to_connect, to_csv};
use clearway_model::{Fault, Faults, MemoryStore, OverlaidStore, Scenario, Store};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is asked of connecting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ConnectRequest {
    /// Ids of sites that have moved and are to be joined anew. New sites and zones are joined in any case.
    pub sites: Vec<String>,
    /// All sites are joined anew.
    pub all_sites: bool,
}

/// A scenario whose connectors fit its places again.
#[derive(Debug)]
#[non_exhaustive]
pub struct Connected {
    /// How messages name it, e.g. the path of its folder.
    pub label: String,
    /// The scenario with the connectors that were made.
    pub scenario: Scenario,
    /// Places that were joined anew, `zone ID` or `site ID`.
    pub made: Vec<String>,
    /// Ids of places that are no more, whose connectors were left out.
    pub left_out: Vec<String>,
    /// What is worth a look.
    pub warnings: Faults,
    files: Files,
}

/// Joins the places of an edited scenario to its roads. A scenario of an earlier version is refused: rows of this version do not fit into its
/// folder, and [`upgrade`](crate::upgrade()) writes it anew.
///
/// # Errors
/// [`Error::Invalid`] with all faults; [`Error::Cancelled`] without an answer.
pub fn connect(session: &Session, request: &ConnectRequest, store: &dyn Store) -> Result<Connected, Error> {
    let label = store.label();
    let invalid = |faults| Error::Invalid { of: label.clone(), faults };
    must_be_current(store)?;
    let (scenario, gone) = read_to_connect(store).map_err(invalid)?;
    session.go_on()?;
    let all: BTreeSet<String> = scenario.sites.iter().map(|site| site.site_id.clone()).collect();
    let moved: BTreeSet<String> =
        if request.all_sites { all.clone() } else { request.sites.iter().cloned().collect() };
    let unknown = moved.iter().filter(|id| !all.contains(*id));
    let unknown = unknown.map(|id| Fault::error("sites.csv", "", "an id of the table").field("--site", id));
    let unknown = Faults(unknown.collect());
    if unknown.has_errors() {
        return Err(invalid(unknown));
    }
    let joined = reconnect(&scenario, &moved).map_err(invalid)?;
    session.go_on()?;
    let files: Files = vec![("connectors.csv".to_owned(), to_csv(&joined.connectors))];
    // Looked at before it is written, so that a folder with faults is left as it is.
    let written: MemoryStore = files.iter().cloned().collect();
    let (scenario, found) = read_scenario(&OverlaidStore::new(store, &written)).map_err(invalid)?;
    let mut warnings = joined.warnings;
    warnings.0.extend(found.0);
    Ok(Connected {
        label,
        scenario,
        made: joined.made,
        left_out: gone.into_iter().collect(),
        warnings,
        files,
    })
}

impl Connected {
    /// The files that are written anew; all others of the scenario stay.
    pub fn files(&self) -> Files {
        self.files.clone()
    }

    /// What is worth a look and what was joined, for a terminal.
    pub fn in_words(&self) -> String {
        let list = |names: &[String]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        format!(
            "{}{}\njoined anew: {}; left out: {}",
            fault_list(&self.label, &self.warnings),
            assumptions_in_words(&self.scenario),
            list(&self.made),
            list(&self.left_out)
        )
    }
}
