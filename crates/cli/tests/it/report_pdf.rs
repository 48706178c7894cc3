//! A report as a file that ends in `.pdf`: what a build that makes none says, and what goes together.

use crate::common::{clearway_in, copy, example};
use std::fs;

#[test]
fn a_pdf_is_made_or_it_is_said_which_build_makes_it() {
    let dir = tempfile::tempdir().unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    let report = |arguments: &[&str]| clearway_in(dir.path(), &[&["report", "plan"], arguments].concat());
    for out in ["report.pdf", "report.PDF"] {
        let made = report(&["--out", out, "--paper", "letter"]);
        if clearway::MAKES_PDF {
            made.code(0);
            assert!(fs::read(dir.path().join(out)).unwrap().starts_with(b"%PDF-"));
            report(&["--out", out]).code(2).says(&["already"]);
        } else {
            made.code(2).says(&["makes no PDF", "cargo install --locked --path crates/cli --features pdf"]);
            assert!(!dir.path().join(out).exists());
        }
    }
    let sheets = report(&["--kind", "sheets", "--out", "sheets.pdf"]);
    sheets.code(2).says(&["sheets are several pages in a folder"]);
    report(&["--out", "report", "--paper", "a4"]).code(2).says(&["--paper goes with --out"]);
    report(&["--out", "report"]).code(0);
}
