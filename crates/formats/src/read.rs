//! Reading a scenario folder: every file, then the check, and all faults at once.

use crate::check::check_read_scenario;
use crate::features::{FeatureRow, read_feature_table};
use crate::findings::RowFaults;
use crate::nearest::nearest;
use crate::origin::ScenarioOrigin;
use crate::settings_read::read_settings;
use crate::shapes_check::check_shapes;
use crate::table::{TableRow, new_origin, read_csv_table};
use crate::upgrade::CurrentScenario;
use clearway_model::{
    AssumptionRow, ClosureRow, ConnectorPlace, ConnectorRow, Fault, Faults, JunctionRow, LinkRow,
    MULTIMODAL_FILES, MobilizationRow, MovementRow, NodeRow, RAW_FILES, Scenario, SiteRow, SourceRow, Store,
    WindowRow, ZoneRow, scenario_digest,
};
use std::collections::{BTreeMap, BTreeSet};

/// Files of a scenario folder that no figure rests on.
pub(crate) const OTHER_FILES: [&str; 3] = ["sources.csv", "assumptions.csv", "hazards.geojson"];

/// Contents of the files of a scenario folder by name.
type Contents = BTreeMap<&'static str, Vec<u8>>;

/// Reads and checks a scenario: the files of `docs/reference/scenario.md`, out of a folder or whatever else holds them. Population groups
/// are left where they are; [`read_scenario_with_groups`](crate::read_scenario_with_groups) reads them too.
///
/// # Errors
/// All faults, errors and warnings, if any is an error. Otherwise the warnings come with the scenario.
pub fn read_scenario(store: &dyn Store) -> Result<(Scenario, Faults), Faults> {
    read_with(store, |_| {})
}

/// The same for a folder whose places were edited: rows of `connectors.csv` that join a zone or site that is no more are left out
/// before the check. The second value has the ids of those places.
///
/// # Errors
/// As [`read_scenario`].
pub fn read_to_connect(store: &dyn Store) -> Result<(Scenario, BTreeSet<String>), Faults> {
    let mut gone = BTreeSet::new();
    let (scenario, _) = read_with(store, |scenario| {
        let zones: BTreeSet<&str> = scenario.zones.iter().map(|row| row.zone_id.as_str()).collect();
        let sites: BTreeSet<&str> = scenario.sites.iter().map(|row| row.site_id.as_str()).collect();
        scenario.connectors.retain(|row| {
            let places = if row.place == ConnectorPlace::Site { &sites } else { &zones };
            let is_there = places.contains(row.place_id.as_str());
            if !is_there {
                gone.insert(row.place_id.clone());
            }
            is_there
        });
    })?;
    Ok((scenario, gone))
}

fn read_with(store: &dyn Store, edit: impl FnOnce(&mut Scenario)) -> Result<(Scenario, Faults), Faults> {
    let current = CurrentScenario::of(store).map_err(|error| Faults(vec![no_scenario(store, &error)]))?;
    let (scenario, faults) = match read_current(&current, edit) {
        Ok((scenario, warnings)) => (Some(scenario), warnings),
        Err(faults) => (None, faults),
    };
    let faults = current.in_their_words(faults);
    match scenario {
        Some(scenario) if !faults.has_errors() => Ok((scenario, faults)),
        _ => Err(faults),
    }
}

fn read_current(store: &dyn Store, edit: impl FnOnce(&mut Scenario)) -> Result<(Scenario, Faults), Faults> {
    let mut findings = RowFaults::default();
    let names = store.names_at("").map_err(|error| Faults(vec![no_scenario(store, &error)]))?;
    let contents = read_contents(store, &mut findings);
    report_names(&names, &contents, &mut findings);
    let mut origin = ScenarioOrigin::default();
    let bytes = |name: &str| contents.get(name).map(Vec::as_slice);
    let settings = read_settings(bytes("scenario.toml"), &mut findings, &mut origin);
    let mut files = TableFiles { contents: &contents, findings: &mut findings, origin: &mut origin };
    let mut scenario = Scenario {
        settings,
        nodes: files.table::<NodeRow>(),
        links: files.table::<LinkRow>(),
        movements: files.table::<MovementRow>(),
        zones: files.table_or_features::<ZoneRow>("zones.geojson"),
        releases: files.table::<MobilizationRow>(),
        sites: files.table_or_features::<SiteRow>("sites.geojson"),
        connectors: files.table::<ConnectorRow>(),
        closures: files.table::<ClosureRow>(),
        windows: files.table::<WindowRow>(),
        junctions: files.table::<JunctionRow>(),
        sources: files.table::<SourceRow>(),
        assumptions: files.table::<AssumptionRow>(),
        groups: None,
        digest: scenario_digest(contents.iter().map(|(name, bytes)| (*name, bytes.as_slice()))),
    };
    for link in &mut scenario.links {
        // the three ways of saying it become the one that we write; anything else is left for the check
        if link.directed.is_empty() || link.directed == "1" || link.directed.eq_ignore_ascii_case("true") {
            link.directed = "true".into();
        }
    }
    for movement in &mut scenario.movements {
        // as above: one way of saying it is left, and what is neither is a fault
        movement.prohibited = match movement.prohibited.trim_matches(' ').to_ascii_lowercase().as_str() {
            "1" | "1.0" | "true" => "1".into(),
            "0" | "0.0" | "false" => "0".into(),
            _ => continue,
        };
    }
    edit(&mut scenario);
    check_shapes(store, contents.get("zones.geojson"), &scenario, &origin, &mut findings);
    let checked = check_read_scenario(&scenario, &origin);
    findings.append_new(checked);
    let faults = findings.into_faults();
    if faults.has_errors() { Err(faults) } else { Ok((scenario, faults)) }
}

/// The files of a scenario for a copy with the same digest: name and bytes of every file that the reference names and that exists. They
/// are as they stand; those of an earlier version as this version reads them.
///
/// # Errors
/// The files that cannot be read.
pub fn scenario_files(store: &dyn Store) -> Result<Vec<(&'static str, Vec<u8>)>, Faults> {
    let mut findings = RowFaults::default();
    let current = CurrentScenario::of(store).map_err(|error| Faults(vec![no_scenario(store, &error)]))?;
    let contents = read_contents(&current, &mut findings);
    let faults = findings.into_faults();
    if faults.has_errors() { Err(faults) } else { Ok(contents.into_iter().collect()) }
}

/// A place whose files cannot be listed holds no scenario.
fn no_scenario(store: &dyn Store, error: &std::io::Error) -> Fault {
    let fault = Fault::error(store.label(), "", "a scenario folder");
    match error.kind() {
        std::io::ErrorKind::NotFound => fault.hint("there is no such folder"),
        std::io::ErrorKind::NotADirectory => fault.hint("this is a file; give the folder it is in"),
        _ => fault.field("error", error),
    }
}

fn read_contents(store: &dyn Store, findings: &mut RowFaults) -> Contents {
    let mut contents = Contents::new();
    for name in RAW_FILES.into_iter().chain(OTHER_FILES) {
        match store.read(name) {
            Ok(Some(bytes)) => {
                contents.insert(name, bytes);
            }
            Ok(None) => {}
            Err(error) => {
                findings.push(0, Fault::error(name, "", "a readable file").field("error", error));
            }
        }
    }
    contents
}

/// Reports files that must be there among the names at the top of the folder, and files whose names are nearly those of files that would be read.
fn report_names(names: &[String], contents: &Contents, findings: &mut RowFaults) {
    let present: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let known: Vec<&str> = RAW_FILES.into_iter().chain(OTHER_FILES).chain(MULTIMODAL_FILES).collect();
    let mut meant: BTreeMap<&str, &str> = BTreeMap::new();
    for &name in &present {
        if known.contains(&name) {
            continue;
        }
        if let Some(near) = nearest(name, known.iter().copied().filter(|known| !present.contains(*known))) {
            meant.insert(near, name);
        }
    }
    for required in ["scenario.toml", "node.csv", "link.csv", "zones.csv", "sites.csv", "connectors.csv"] {
        let shape = required.replace(".csv", ".geojson");
        if present.contains(required) || (shape != required && contents.contains_key(shape.as_str())) {
            continue;
        }
        let hint = meant.remove(required).map_or_else(
            || "the file is missing".to_string(),
            |other| format!("the file is missing; there is '{other}': rename it"),
        );
        findings.push(0, Fault::error(required, "", "a file of this name").hint(hint));
    }
    for (near, name) in meant {
        let fault = Fault::warning(name, "", "the name of a file in docs/reference/scenario.md");
        findings.push(0, fault.hint(format!("the file is ignored; is '{near}' meant?")));
    }
}

/// Tables out of the folder's contents.
struct TableFiles<'a> {
    contents: &'a Contents,
    findings: &'a mut RowFaults,
    origin: &'a mut ScenarioOrigin,
}

impl TableFiles<'_> {
    /// The rows of a table; none if the file is not there.
    fn table<R: TableRow>(&mut self) -> Vec<R> {
        let Some(bytes) = self.contents.get(R::FILE) else {
            if is_required(R::FILE) {
                let mut origin = new_origin(R::FILE, "row");
                origin.is_whole = false;
                self.origin.insert::<R>(origin);
            }
            return Vec::new();
        };
        let read = read_csv_table(R::FILE, bytes, self.findings);
        self.origin.insert::<R>(read.origin);
        read.rows
    }

    /// The rows of a table, from the features of `shapes` where the CSV file is missing.
    fn table_or_features<R: FeatureRow>(&mut self, shapes: &'static str) -> Vec<R> {
        match self.contents.get(shapes) {
            Some(bytes) if !self.contents.contains_key(R::FILE) => {
                let read = read_feature_table(shapes, bytes, self.findings);
                self.origin.insert::<R>(read.origin);
                read.rows
            }
            _ => self.table(),
        }
    }
}

fn is_required(file: &str) -> bool {
    ["node.csv", "link.csv", "zones.csv", "sites.csv", "connectors.csv"].contains(&file)
}
