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
    /// A built-in file of messages is not what it should be.
    #[error("messages {section} ({language}): {why}")]
    Messages {
        /// Section.
        section: &'static str,
        /// Code of the language.
        language: &'static str,
        /// What is wrong.
        why: String,
    },
    /// A message that a page needs is in no file.
    #[error("no message {key} ({language})")]
    Message {
        /// Section and key.
        key: String,
        /// Code of the language.
        language: &'static str,
    },
    /// The page template failed.
    #[error("page template: {0}")]
    Page(#[from] minijinja::Error),
}
