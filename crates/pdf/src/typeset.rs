//! The typesetter: typst with a template, the content of one page and our fonts, and nothing else to read.

use crate::PdfError;
use serde_json::Value;
use std::collections::BTreeSet;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime};
use typst::layout::PagedDocument;
use typst::syntax::{FileId, Source, VirtualPath};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_pdf::PdfOptions;

const TEMPLATE: &str = include_str!("report.typ");
/// The content, as the template reads it.
const CONTENT: &str = "page.json";
/// The fonts, the one for most letters first. `fonts/README.md` says where they are from.
const FONTS: [&[u8]; 4] = [
    include_bytes!("../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../fonts/NotoSans-Bold.ttf"),
    include_bytes!("../fonts/IBMPlexSansArabic-Regular.ttf"),
    include_bytes!("../fonts/IBMPlexSansArabic-Bold.ttf"),
];

/// All that the template can reach.
struct ReportWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    content: FileId,
    bytes: Bytes,
}

impl ReportWorld {
    fn new(content: &Value) -> Self {
        let file = |name: &str| FileId::new(None, VirtualPath::new(name));
        let fonts: Vec<Font> = FONTS.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(file("report.typ"), TEMPLATE.to_owned()),
            content: file(CONTENT),
            bytes: Bytes::from_string(content.to_string()),
        }
    }
}

impl World for ReportWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(not_there(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.content { Ok(self.bytes.clone()) } else { Err(not_there(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    // no clock: the date on a report is that of its page
    fn today(&self, _: Option<i64>) -> Option<Datetime> {
        None
    }
}

fn not_there(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().as_rootless_path().to_owned())
}

/// Letters that an error names at the most.
const MOST_NAMED: usize = 10;

/// Letters of a text that no font has, each once.
fn without_font(text: &str, fonts: &[Font]) -> Vec<char> {
    let is_seen = |c: &char| !c.is_ascii() && !c.is_whitespace() && !c.is_control() && !is_unseen(*c);
    let letters: BTreeSet<char> = text.chars().filter(is_seen).collect();
    let has = |font: &Font, c: char| font.info().coverage.contains(u32::from(c));
    letters.into_iter().filter(|c| !fonts.iter().any(|font| has(font, *c))).collect()
}

/// Marks that show nothing: of direction, of joining, of where a word may break, of how a letter is to look.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Content as PDF.
pub(crate) fn typeset(content: &Value) -> Result<Vec<u8>, PdfError> {
    let world = ReportWorld::new(content);
    let missing = without_font(&content.to_string(), &world.fonts);
    if !missing.is_empty() {
        let more = if missing.len() > MOST_NAMED { " and others" } else { "" };
        let named: Vec<String> = missing.iter().take(MOST_NAMED).map(|c| format!("'{c}'")).collect();
        return Err(PdfError::Letters(named.join(", ") + more));
    }
    let document = typst::compile::<PagedDocument>(&world).output;
    let bytes = document.and_then(|document| typst_pdf::pdf(&document, &PdfOptions::default()));
    // what typst remembers for a next time is of this page
    typst::comemo::evict(0);
    bytes.map_err(|errors| PdfError::Typeset(errors.iter().map(said).collect::<Vec<_>>().join("; ")))
}

fn said(error: &SourceDiagnostic) -> String {
    let hints = error.hints.iter().map(|hint| format!(" ({hint})"));
    format!("{}{}", error.message, hints.collect::<String>())
}
