//! `clearway resolve`

use super::read;
use crate::args::Resolve;
use crate::failure::{Failure, faults_text};
use clearway_compose::{Input, resolve_hazards};
use clearway_io::{Overwrite, read_scenario, to_csv, write_folder};
use std::collections::HashSet;

pub fn run(args: &Resolve) -> Result<(), Failure> {
    let what = args.dir.display().to_string();
    let (mut scenario, _) =
        read_scenario(&args.dir).map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    let hazards = Input::new("hazards.geojson", read(&args.dir.join("hazards.geojson"))?);
    let resolved = resolve_hazards(&scenario, &hazards)
        .map_err(|faults| Failure::Faults { what: what.clone(), faults })?;
    // Rows of an earlier run of these hazards are replaced; rows typed by hand stay.
    let made: HashSet<&str> = resolved.closures.iter().map(|c| c.cause.as_str()).collect();
    let before = scenario.closures.len();
    let is_made = |cause: &str, id: &str| made.contains(cause) && id.starts_with(&format!("{cause}:"));
    scenario.closures.retain(|c| !is_made(&c.cause, &c.closure_id));
    let replaced = before - scenario.closures.len();
    let count = resolved.closures.len();
    scenario.closures.extend(resolved.closures);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let entries =
        std::fs::read_dir(&args.dir).map_err(|source| Failure::Read { path: args.dir.clone(), source })?;
    for entry in entries.flatten().filter(|e| e.path().is_file()) {
        files.push((entry.file_name().to_string_lossy().into_owned(), read(&entry.path())?));
    }
    files.retain(|(name, _)| name != "closures.csv");
    files.push(("closures.csv".to_owned(), to_csv(&scenario.closures)));
    files.sort();
    let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    write_folder(&args.dir, &files, Overwrite::Replace)?;
    tell!("{}", faults_text(&what, &resolved.warnings));
    say!("{count} closures written to {what}/closures.csv ({replaced} of an earlier run replaced)");
    Ok(())
}
