//! Pages of reports as PDF, for tests and to look at: `cargo run -p clearway-pdf --features typst --example page_pdf -- a4 PAGE.html PAGE.pdf ..`
#![allow(clippy::expect_used, clippy::unwrap_used)]

use clearway_pdf::{Paper, page_pdf};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (paper, files) = arguments.split_first().expect("a paper and pairs of files");
    let paper = if paper == "letter" { Paper::Letter } else { Paper::A4 };
    for pair in files.chunks(2) {
        let page = std::fs::read_to_string(&pair[0]).unwrap();
        match page_pdf(&page, paper) {
            Ok(bytes) => std::fs::write(&pair[1], bytes).unwrap(),
            Err(error) => panic!("{}: {error}", pair[0]),
        }
    }
}
