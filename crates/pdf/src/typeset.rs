//! The typesetter: typst with a template, the content of one page and our fonts, and nothing else to read.

use crate::PdfError;
use serde_json::Value;
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

/// Content as PDF.
pub(crate) fn typeset(content: &Value) -> Result<Vec<u8>, PdfError> {
    let world = ReportWorld::new(content);
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
