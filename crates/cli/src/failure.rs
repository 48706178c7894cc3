//! Why a command ends without having done its work.

use clearway_model::{Fault, Faults, Severity, visible_line};
use std::collections::BTreeMap;
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
    #[error("ended early: the bound so far is in {}, without orders", .0.display())]
    EndedEarly(PathBuf),
    /// Ended before anything was known.
    #[error("ended early, before there was a bound; nothing was written")]
    NothingYet,
    /// Ended early, with what was proved by then.
    #[error("ended early: what was proved so far is in {}", .0.display())]
    SoFar(PathBuf),
    /// A file that cannot be read.
    #[error("cannot read '{}': {source}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A copy that was to be checked first cannot be written.
    #[error("failed to write a copy to be checked to '{}': {source}", .path.display())]
    Trial {
        /// Where.
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
    Write(#[from] clearway_artifacts::WriteError),
    /// No plan can be made.
    #[error(transparent)]
    Plan(#[from] clearway_plan::PlanError),
    /// Tables that do not fit together.
    #[error(transparent)]
    Network(#[from] clearway_network::NetworkError),
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
    let errors = faults.0.iter().filter(|f| f.severity == Severity::Error).count();
    let warnings = faults.0.len() - errors;
    let mut text = format!("{what}: {} and {}\n", count(errors, "error"), count(warnings, "warning"));
    // what is the same of many rows is said of the first ones and counted
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

/// So many faults of one kind are listed one by one: errors must all be mended, so that more of them are.
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
