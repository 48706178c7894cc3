//! Pages of reports as PDF.
//!
//! A report is made once, as a page ([`clearway_report`](../clearway_report/index.html)). What is typeset here is that page, element by
//! element, so that no figure is worked out twice and both say the same in every language. Only the elements that reports use are known:
//! any other is an error and not a gap on the paper.
//!
//! The typesetter is typst with the fonts of `fonts/`, all inside the program. It is much to compile and therefore behind the feature
//! `typst`; without it [`page_pdf`] says so. What comes from data never becomes markup: it is handed over as JSON and as pictures.

mod content;
mod error;
mod isolate;
mod markup;
mod picture;
mod style;
mod table;
#[cfg(feature = "typst")]
mod typeset;

pub use error::PdfError;
use serde_json::Value;

/// The paper of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// 210 by 297 mm.
    #[default]
    A4,
    /// 8.5 by 11 in.
    Letter,
}

impl Paper {
    /// What typst calls it.
    fn name(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::Letter => "us-letter",
        }
    }

    /// Short and long side, pt.
    fn sides_pt(self) -> [f64; 2] {
        match self {
            Self::A4 => [595.28, 841.89],
            Self::Letter => [612.0, 792.0],
        }
    }
}

/// Whether this build can make PDF.
pub const IS_BUILT: bool = cfg!(feature = "typst");

/// A page of a report as PDF. The same page gives the same bytes.
///
/// # Errors
/// [`PdfError::NotBuilt`] in a build without the feature `typst`; [`PdfError::Page`] for what is no page of a report;
/// [`PdfError::Letters`] for letters that no font inside has;
/// [`PdfError::Typeset`] if it cannot be typeset.
pub fn page_pdf(page: &str, paper: Paper) -> Result<Vec<u8>, PdfError> {
    typeset(&page_content(page, paper)?)
}

#[cfg(feature = "typst")]
fn typeset(content: &Value) -> Result<Vec<u8>, PdfError> {
    typeset::typeset(content)
}

#[cfg(not(feature = "typst"))]
fn typeset(_: &Value) -> Result<Vec<u8>, PdfError> {
    Err(PdfError::NotBuilt)
}

/// What is typeset of a page: its elements, with pictures and the widths of columns. The same in every build.
///
/// # Errors
/// [`PdfError::Page`] for what is no page of a report.
pub fn page_content(page: &str, paper: Paper) -> Result<Value, PdfError> {
    content::page_content(page, paper)
}
