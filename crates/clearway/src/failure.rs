//! Why a command ends without having done its work.

use clearway_model::Faults;
use std::path::PathBuf;

/// Why a command ends without having done its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Faults in what was given, all of them.
    #[error("{}", faults_text(.what, .faults))]
    Faults {
        /// What has them.
        what: String,
        /// The faults.
        faults: Faults,
    },
    /// A check that does not hold.
    #[error("{0}")]
    DoesNotHold(String),
    /// A plan that does not fit.
    #[error(
        "a plan of this size takes about {} of memory, at the least {} with longer steps, and {} may be used; give more with --memory, \
         or plan a smaller area",
        .usual.display().si(), .least.display().si(), .allowed.display().si()
    )]
    Memory {
        /// With the usual steps.
        usual: bytesize::ByteSize,
        /// With the longest.
        least: bytesize::ByteSize,
        /// What may be used.
        allowed: bytesize::ByteSize,
    },
    /// Ended early, with what is known so far.
    #[error("ended early: the limit so far is in {}, without orders", .0.display())]
    EndedEarly(PathBuf),
    /// Ended before anything was known.
    #[error("ended before there was a limit; nothing was written")]
    NothingYet,
    /// A file that cannot be read.
    #[error("cannot read '{}': {source}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An argument that makes no sense.
    #[error("{0}")]
    Argument(String),
    /// A road map that cannot be imported.
    #[error(transparent)]
    Import(#[from] clearway_import::ImportError),
    /// A folder that cannot be written.
    #[error(transparent)]
    Write(#[from] clearway_io::WriteError),
    /// No plan can be made.
    #[error(transparent)]
    Plan(#[from] clearway_plan::PlanError),
    /// A report that cannot be made.
    #[error(transparent)]
    Report(#[from] clearway_report::ReportError),
    /// A plan folder that cannot be read.
    #[error(transparent)]
    Unreadable(#[from] clearway_verify::Unreadable),
    /// Output that cannot be put into JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Counts and lists faults, errors first come as they are found.
pub fn faults_text(what: &str, faults: &Faults) -> String {
    let errors = faults.0.iter().filter(|f| f.severity == clearway_model::Severity::Error).count();
    let warnings = faults.0.len() - errors;
    let mut text = format!("{what}: {} and {}\n", count(errors, "error"), count(warnings, "warning"));
    for fault in &faults.0 {
        let kind = match fault.severity {
            clearway_model::Severity::Error => "error",
            clearway_model::Severity::Warning => "warning",
        };
        text.push_str(&format!("  {kind}: {fault}\n"));
    }
    text
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
