//! Why a verb ends without having done its work.

use crate::audit::{Audited, MapFacts};
use crate::interventions::Interventions;
use crate::plan::{Planned, Usage};
use clearway_artifacts::Artifacts;
use clearway_model::{Fault, Faults, Severity, visible_line};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Why a verb ends without having done its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Faults in what was given, all of them.
    #[error("{}", fault_list(.of, .faults))]
    Invalid {
        /// What has them, e.g. the path of a folder.
        of: String,
        /// All faults, errors and warnings.
        faults: Faults,
    },
    /// A plan whose claims do not follow from its scenario, where they have to.
    #[error("{0}")]
    DoesNotHold(String),
    /// Orders that cannot be replayed on their scenario.
    #[error(transparent)]
    Replay(#[from] clearway_needs::ReplayError),
    /// A request that makes no sense.
    #[error("{0}")]
    Request(String),
    /// A plan that does not fit into the memory, not even with the longest steps.
    #[error(
        "a plan of this size takes about {usual_bytes} bytes of memory, at the least {least_bytes} with longer steps, and {allowed_bytes} may be used"
    )]
    TooLarge {
        /// With the usual steps, bytes.
        usual_bytes: u64,
        /// With the longest, bytes.
        least_bytes: u64,
        /// What may be used, bytes.
        allowed_bytes: u64,
    },
    /// It was asked to end; with what is proved by then.
    #[error("ended early{}", if .0.is_some() { "" } else { ", before anything was proved" })]
    Cancelled(Option<Box<Partial>>),
    /// A file that cannot be read.
    #[error("cannot read '{}': {source}", .path.display())]
    Read {
        /// Path or name of the file.
        path: PathBuf,
        /// Why it cannot be read.
        source: std::io::Error,
    },
    /// A plan folder that cannot be read.
    #[error(transparent)]
    Unreadable(#[from] clearway_verify::Unreadable),
    /// Tables that do not fit together.
    #[error(transparent)]
    Network(#[from] clearway_network::NetworkError),
    /// A folder or files that cannot be written.
    #[error(transparent)]
    Write(#[from] clearway_artifacts::WriteError),
    /// A report that cannot be made.
    #[error(transparent)]
    Report(#[from] clearway_report::ReportError),
    /// A road map that cannot be read as one.
    #[error(transparent)]
    Import(clearway_import::ImportError),
    /// Something that should not happen, e.g. threads that cannot be started.
    #[error("{0}")]
    Internal(String),
}

/// What was proved before a verb was asked to end. All of it holds.
#[derive(Debug)]
#[non_exhaustive]
pub enum Partial {
    /// The bound so far, without orders.
    Plan(Box<Planned>),
    /// The interventions whose bounds were proved.
    Interventions(Interventions),
    /// Of a map for an audit the bound, and the cases that were proved.
    Map(MapFacts),
    /// An audit with the bound and the cases that were proved.
    Audit(Box<Audited>),
}

impl Partial {
    /// The files of what there is.
    ///
    /// # Errors
    /// If a page or table cannot be made.
    pub fn artifacts(&self, usage: Usage) -> Result<Artifacts, Error> {
        match self {
            Self::Plan(planned) => planned.artifacts(usage),
            Self::Interventions(interventions) => interventions.artifacts(usage),
            Self::Map(facts) => facts.artifacts(usage),
            Self::Audit(audited) => audited.artifacts(usage),
        }
    }

    /// What there is, for a terminal.
    pub fn in_words(&self) -> String {
        match self {
            Self::Plan(planned) => planned.in_words(),
            Self::Interventions(interventions) => interventions.in_words(),
            Self::Map(facts) => facts.in_words(),
            Self::Audit(audited) => audited.in_words(),
        }
    }
}

impl From<Partial> for Error {
    fn from(partial: Partial) -> Self {
        Self::Cancelled(Some(Box::new(partial)))
    }
}

impl From<clearway_plan::PlanError> for Error {
    fn from(error: clearway_plan::PlanError) -> Self {
        use clearway_plan::PlanError;
        match error {
            PlanError::Network(error) => Self::Network(error),
            PlanError::Ended => Self::Cancelled(None),
            PlanError::Option { .. } => Self::Request(error.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<clearway_whatif::WhatIfError> for Error {
    fn from(error: clearway_whatif::WhatIfError) -> Self {
        match error {
            clearway_whatif::WhatIfError::Network(error) => Self::Network(error),
            clearway_whatif::WhatIfError::Cancelled => Self::Cancelled(None),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<clearway_import::ImportError> for Error {
    fn from(error: clearway_import::ImportError) -> Self {
        match error {
            clearway_import::ImportError::Cancelled => Self::Cancelled(None),
            other => Self::Import(other),
        }
    }
}

impl Error {
    /// Of what `of` names.
    pub(crate) fn of_compose(of: String, error: clearway_compose::ComposeError) -> Self {
        use clearway_compose::ComposeError;
        match error {
            ComposeError::Invalid(faults) => Self::Invalid { of, faults },
            ComposeError::Cancelled => Self::Cancelled(None),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<clearway_needs::NeedsError> for Error {
    fn from(error: clearway_needs::NeedsError) -> Self {
        use clearway_needs::NeedsError;
        match error {
            NeedsError::Invalid { of, faults } => Self::Invalid { of, faults },
            NeedsError::Read { path, source } => Self::Read { path, source },
            NeedsError::Network(error) => Self::Network(error),
            NeedsError::Replay(error) => Self::Replay(error),
            NeedsError::Cancelled => Self::Cancelled(None),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<clearway_simulate::simulation::SimulationError> for Error {
    fn from(error: clearway_simulate::simulation::SimulationError) -> Self {
        use clearway_simulate::simulation::SimulationError;
        match error {
            SimulationError::Network(error) => Self::Network(error),
            SimulationError::Cancelled => Self::Cancelled(None),
            other => Self::Request(other.to_string()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("cannot write JSON: {error}"))
    }
}

/// Counts and lists faults, errors first come as they are found.
pub fn fault_list(of: &str, faults: &Faults) -> String {
    let errors = faults.0.iter().filter(|f| f.severity == Severity::Error).count();
    let warnings = faults.0.len() - errors;
    let mut text = format!("{of}: {} and {}\n", count(errors, "error"), count(warnings, "warning"));
    // What is the same of many rows is said of the first ones and counted.
    let key = |fault: &Fault| {
        let expected: String = fault.expected.chars().filter(|c| !c.is_ascii_digit()).collect();
        (fault.severity, fault.file.clone(), fault.field.clone(), expected)
    };
    let mut alike: BTreeMap<_, (usize, &str)> = BTreeMap::new();
    for fault in &faults.0 {
        let (seen, _) = alike.entry(key(fault)).or_insert((0, &fault.expected));
        *seen += 1;
        if *seen <= most_alike(fault.severity) {
            text.push_str(&format!("  {}: {fault}\n", word(fault.severity)));
        }
    }
    for ((severity, file, field, _), (seen, expected)) in alike {
        let more = seen.saturating_sub(most_alike(severity));
        if more > 0 {
            let field = if field.is_empty() { String::new() } else { format!(", {field}") };
            let (file, field, expected) = (visible_line(&file), visible_line(&field), visible_line(expected));
            text.push_str(&format!(
                "  {}: {file}{field}: and {more} more: expected {expected}\n",
                word(severity)
            ));
        }
    }
    text
}

/// Faults of one kind that are listed one by one: errors must all be mended, so that more of them are.
fn most_alike(severity: Severity) -> usize {
    if severity == Severity::Error { 100 } else { 20 }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
