//! What can go wrong while a report is put together in memory.

/// A report could not be put together. None of these depends on the figures.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A table row could not be written.
    #[error("table {file}: {source}")]
    Table {
        /// Name of the table in the plan folder.
        file: &'static str,
        /// What the CSV writer says.
        source: csv::Error,
    },
    /// A table could not be closed.
    #[error("table {file}: buffer not flushed: {reason}")]
    Flush {
        /// Name of the table in the plan folder.
        file: &'static str,
        /// What the writer says.
        reason: String,
    },
    /// A map file could not be written.
    #[error("{file}: {source}")]
    Json {
        /// Name of the map file in the plan folder.
        file: &'static str,
        /// What the JSON writer says.
        source: serde_json::Error,
    },
    /// The page template failed.
    #[error("page template: {0}")]
    Page(#[from] minijinja::Error),
}
