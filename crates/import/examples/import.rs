//! Reads a road map, says what came of it and, if a folder is named, writes the tables there.
//!
//! `cargo run --release -p clearway-import --example import MAP [FOLDER]`

use std::error::Error;
use std::io::Write;
use std::path::Path;

use clearway_import::{ImportOptions, import_roads, write_gmns};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("a road map is needed")?;
    let map = import_roads(Path::new(&path), &ImportOptions::default(), &|_, _| {})?;
    write!(std::io::stdout(), "{}", map.report)?;
    if let Some(folder) = arguments.next() {
        write_gmns(Path::new(&folder), &map)?;
    }
    Ok(())
}
