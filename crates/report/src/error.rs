//! What can go wrong while a report is put together in memory.

/// A report could not be put together. None of these depends on the figures.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A table row could not be written.
    #[error("table {file}: {source}")]
    Table {
        /// File name.
        file: &'static str,
        /// From the CSV writer.
        source: csv::Error,
    },
    /// A table could not be closed.
    #[error("table {file}: buffer not flushed: {reason}")]
    Flush {
        /// File name.
        file: &'static str,
        /// What the writer says.
        reason: String,
    },
    /// A map file could not be written.
    #[error("{file}: {source}")]
    Json {
        /// File name.
        file: &'static str,
        /// From the JSON writer.
        source: serde_json::Error,
    },
    /// The page template failed.
    #[error("page template: {0}")]
    Page(#[from] minijinja::Error),
}
