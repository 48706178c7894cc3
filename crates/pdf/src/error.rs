//! Why there is no PDF.

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// The typesetter is not in this build.
    #[error(
        "this build of clearway makes no PDF; one that does: cargo install --locked --path crates/cli --features pdf. Without it: --out with \
         a folder, and print its page from a browser"
    )]
    NotBuilt,
    /// Something that is no page of a report.
    #[error("no page of a report: {0}")]
    Page(String),
    /// Letters that no font inside has: they would be empty boxes.
    #[error(
        "no font inside has {0}; fonts for Latin, Greek, Cyrillic and Arabic scripts are there. For other scripts: --out with a folder, and \
         print its page from a browser"
    )]
    Letters(String),
    /// The typesetter gave up.
    #[error("the page cannot be typeset: {0}")]
    Typeset(String),
}
