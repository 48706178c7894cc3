//! What an audit found, with its files and its words.

use super::checked::CheckedBlueprint;
use super::map::MapFacts;
use crate::artifacts::{Files, folder};
use crate::error::Error;
use crate::plan::Usage;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_audit::tables::{findings_csv, places_csv};
use clearway_audit::verdict::PlanStanding;
use clearway_audit::{AuditReport, PlanFacts, in_words};
use clearway_needs::report::SMALL;
use clearway_report::audit_page;

/// What an audit found.
#[derive(Debug)]
#[non_exhaustive]
pub struct Audited {
    /// Verdict, findings and all figures, as `audit.json` has them.
    pub report: AuditReport,
    pub(super) disclosure: Disclosure,
    pub(super) places: PlacesTable,
    /// The bounds on the map, with their proofs.
    pub(super) proofs: Option<MapFacts>,
}

/// Whether there is a table of what single places do not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlacesTable {
    /// Supplies are given by place.
    Given,
    /// Nothing is known by place.
    NotGiven,
}

impl Audited {
    /// Whether no critical criterion is open: neither failed for every value in the ranges given, nor not documented.
    pub fn holds(&self) -> bool {
        !matches!(self.report.standing, PlanStanding::DoesNotHold | PlanStanding::NotDemonstrated)
    }

    /// The folder of the audit; where it is redacted, without the folders of the proofs, which hold exact places.
    ///
    /// # Errors
    /// If the page or a table cannot be made.
    pub fn artifacts(&self, usage: Usage) -> Result<Artifacts, Error> {
        let mut files = match &self.proofs {
            Some(proofs) => proofs.files(usage)?,
            None => Files::new(),
        };
        files.push(("audit.json".to_owned(), serde_json::to_vec_pretty(&self.report)?));
        files.push(("findings.csv".to_owned(), findings_csv(&self.report)));
        if self.places == PlacesTable::Given {
            files.push(("places.csv".to_owned(), places_csv(&self.report)));
        }
        files.push(("index.html".to_owned(), audit_page(&self.report)?));
        Ok(folder(FolderKind::Audit, self.disclosure, files))
    }

    /// What came out, for a terminal, with what was left out.
    pub fn in_words(&self) -> String {
        let mut text = in_words(&self.report);
        for line in &self.report.left_out {
            text.push_str(&format!("{line}\n"));
        }
        text
    }
}

/// Takes out what points to what is not written; says what is left out or rounded.
pub(super) fn left_out(
    given: &CheckedBlueprint<'_>,
    proofs: Option<&MapFacts>,
    hours: u64,
    facts: &mut PlanFacts<'_>,
) -> Vec<String> {
    let mut left_out = Vec::new();
    if proofs.is_some() {
        facts.map_levers.iter_mut().for_each(|lever| lever.folders = Default::default());
        facts.cases.iter_mut().for_each(|case| case.folder.clear());
        left_out.push("The folders of the bounds hold exact places and are left out; --full writes them, with their proofs.".to_owned());
    }
    if given.plan.is_some() {
        left_out.push("Numbers of people taken from the plan are rounded up to tens.".to_owned());
    }
    if hours > 0 {
        left_out.push(format!("Hours of places with fewer than {SMALL} people are not judged: {hours}."));
    }
    left_out
}
