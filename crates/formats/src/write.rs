//! Writing a scenario folder.

use crate::table::{TableRow, to_csv};
use clearway_artifacts::{Disclosure, FolderKind, OutputFolder, Overwrite, WriteError};
use clearway_model::{LinkRow, PopulationGroups, RAW_FILES, Scenario, scenario_digest};
use std::path::Path;

/// The files of a scenario as text: `scenario.toml`, the required tables and the optional ones that have rows, those of population
/// groups among them. `directed` of a link is always written `true`.
///
/// # Errors
/// [`WriteError::Settings`] if the settings cannot be put into TOML.
pub fn scenario_text(scenario: &Scenario) -> Result<Vec<(&'static str, Vec<u8>)>, WriteError> {
    let settings = toml::to_string(&scenario.settings).map_err(WriteError::Settings)?;
    let mut files = vec![("scenario.toml", settings.into_bytes())];
    push(&mut files, &scenario.nodes, EmptyTable::Written);
    if scenario.links.iter().all(|link| link.directed == "true") {
        push(&mut files, &scenario.links, EmptyTable::Written);
    } else {
        let directed = |link: &LinkRow| LinkRow { directed: "true".into(), ..link.clone() };
        let links: Vec<LinkRow> = scenario.links.iter().map(directed).collect();
        push(&mut files, &links, EmptyTable::Written);
    }
    push(&mut files, &scenario.movements, EmptyTable::LeftOut);
    push(&mut files, &scenario.zones, EmptyTable::Written);
    push(&mut files, &scenario.releases, EmptyTable::LeftOut);
    push(&mut files, &scenario.sites, EmptyTable::Written);
    push(&mut files, &scenario.connectors, EmptyTable::Written);
    push(&mut files, &scenario.closures, EmptyTable::LeftOut);
    push(&mut files, &scenario.windows, EmptyTable::LeftOut);
    push(&mut files, &scenario.junctions, EmptyTable::LeftOut);
    push(&mut files, &scenario.sources, EmptyTable::LeftOut);
    push(&mut files, &scenario.assumptions, EmptyTable::LeftOut);
    if let Some(groups) = &scenario.groups {
        push_groups(&mut files, groups)?;
    }
    Ok(files)
}

fn push_groups(
    files: &mut Vec<(&'static str, Vec<u8>)>,
    groups: &PopulationGroups,
) -> Result<(), WriteError> {
    let settings = toml::to_string(&groups.settings).map_err(WriteError::Settings)?;
    files.push(("multimodal.toml", settings.into_bytes()));
    push(files, &groups.rows, EmptyTable::Written);
    push(files, &groups.fleet, EmptyTable::LeftOut);
    push(files, &groups.modes.rows, EmptyTable::LeftOut);
    push(files, &groups.modes.link_uses, EmptyTable::LeftOut);
    push(files, &groups.modes.access, EmptyTable::LeftOut);
    push(files, &groups.modes.runs, EmptyTable::LeftOut);
    Ok(())
}

/// What becomes of a table without rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EmptyTable {
    Written,
    LeftOut,
}

fn push<R: TableRow>(files: &mut Vec<(&'static str, Vec<u8>)>, rows: &[R], empty: EmptyTable) {
    if empty == EmptyTable::Written || !rows.is_empty() {
        files.push((R::FILE, to_csv(rows)));
    }
}

/// Writes a scenario folder whole or not at all, with `extra_files` (`hazards.geojson`, `zones.geojson`, a README, ...) beside
/// the tables, and returns its digest. The tables are written from `scenario`; nothing is checked.
///
/// # Errors
/// [`WriteError::Twice`] if an extra file is one of the tables, else as [`OutputFolder::write`].
pub fn write_scenario(
    dir: &Path,
    scenario: &Scenario,
    extra_files: &[(&str, Vec<u8>)],
    overwrite: Overwrite,
) -> Result<String, WriteError> {
    let output = OutputFolder::new(dir, FolderKind::Scenario, overwrite, &[])?;
    let (files, digest) = scenario_folder(scenario, extra_files)?;
    let listed: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    output.write(&listed, Disclosure::Full)?;
    Ok(digest)
}

/// Files by name, and their contents.
pub type NamedFiles<'n> = Vec<(&'n str, Vec<u8>)>;

/// The files of a scenario folder with `extra_files`, and their digest.
///
/// # Errors
/// [`WriteError::Twice`] if an extra file is one of the tables, else as [`scenario_text`].
pub fn scenario_folder<'n>(
    scenario: &Scenario,
    extra_files: &[(&'n str, Vec<u8>)],
) -> Result<(NamedFiles<'n>, String), WriteError> {
    let mut files: Vec<(&str, Vec<u8>)> = scenario_text(scenario)?;
    for (name, bytes) in extra_files {
        // a table that is not written must not come in by the side door either: the digest would be another scenario's
        let is_shape = name.ends_with(".geojson");
        if (RAW_FILES.contains(name) && !is_shape) || files.iter().any(|(known, _)| known == name) {
            return Err(WriteError::Twice { name: (*name).to_string() });
        }
        files.push((name, bytes.clone()));
    }
    let digest = scenario_digest(files.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
    Ok((files, digest))
}
