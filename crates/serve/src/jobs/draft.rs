//! From a draft to a scenario.

use super::work::{JobError, Outcome, Work};
use crate::error::ServeError;
use crate::store::NewVersion;
use crate::types::{Draft, GivenFileKind, JobState, StoredDraft, VersionKind};
use crate::views::bounds_of;
use clearway::{
    Artifacts, ComposeRequest, Disclosure, FolderKind, InputFile, MemoryStore, ScenarioChange, Store, change,
    compose, load,
};
use clearway_formats::to_csv;
use clearway_model::{Fault, Mode, SourceRow, SourceStatus};
use serde_json::{Map, Value, json};

/// Makes a scenario of a draft, with what is changed of it.
pub(super) fn composed(
    work: &Work<'_>,
    revision: Option<i64>,
    name: Option<&str>,
) -> Result<Outcome, JobError> {
    let StoredDraft { revision, draft, .. } = work.app.store.draft(work.job.project, revision)?;
    let project = work.app.store.project(work.job.project)?;
    let mut faults = Vec::new();
    let drawn = Drawn::of(&draft.features, &mut faults);
    if !faults.is_empty() {
        return Err(ServeError::Faults { message: "faults in the draft".to_owned(), faults }.into());
    }
    let (map, roads) = work.file(map_file(work, &draft)?)?;
    let mut request = ComposeRequest::default();
    request.map = Some(map);
    request.name.clone_from(&project.name);
    request.context = project.context;
    request.area = drawn.file("area");
    (request.people, request.people_low, request.people_high) =
        (draft.people, draft.people_low, draft.people_high);
    request.population = given(work, draft.population_file)?;
    request.zones = given(work, draft.zones_file)?.or_else(|| drawn.file("zone"));
    request.sites = given(work, draft.sites_file)?.or_else(|| drawn.file("site"));
    request.hazards = given(work, draft.hazards_file)?.or_else(|| drawn.file("hazard"));
    request.zone_count = draft.zone_count;
    request.join_within_m = draft.join_within_m;
    request.fire_buffer_m = draft.fire_buffer_m;
    request.junctions = draft.junctions;
    request.mode = draft.mode.unwrap_or(Mode::Vehicle);
    request.people_per_vehicle = draft.people_per_vehicle;
    request.mobilization = draft.mobilization;
    request.start.clone_from(&draft.start);
    request.time_zone.clone_from(&draft.time_zone);
    request.horizon_ms = draft.horizon_ms;
    let composed = compose(work.session, &request, &roads)?;
    let mut words = composed.in_words();
    let mut files: Vec<(String, Vec<u8>)> =
        composed.artifacts().files().iter().map(|file| (file.name.clone(), file.bytes.clone())).collect();
    cite(&mut files, composed.scenario.sources.clone(), &draft, &drawn);
    if !draft.changes.is_empty() {
        words.push('\n');
        words.push_str(&apply(work, &mut files, &draft.changes)?);
    }
    let artifacts = Artifacts::new(FolderKind::Scenario, Disclosure::Full, files);
    let name = name.map_or_else(|| format!("{} (draft {revision})", project.name), str::to_owned);
    let mut version: NewVersion = work.version(VersionKind::Scenario, &name, &artifacts, words.clone());
    version.draft_revision = Some(revision);
    version.bounds = bounds_of(&composed.scenario.nodes);
    Ok(Outcome {
        state: JobState::Done,
        words,
        faults: composed.report.warnings.0.clone(),
        version: Some(version),
    })
}

/// The road map of a draft: the one it names, or the one that was given last.
pub(super) fn map_file(work: &Work<'_>, draft: &Draft) -> Result<i64, ServeError> {
    if let Some(file) = draft.map_file {
        return Ok(file);
    }
    let files = work.app.store.files(work.job.project)?;
    let map = files.iter().find(|file| file.kind == GivenFileKind::RoadMap);
    map.map(|file| file.id).ok_or_else(|| {
        ServeError::Request("there is no road map yet: drop in an .osm.pbf, .osm or .osm.gz file".to_owned())
    })
}

/// A file of the project as it is given with a request.
pub(super) fn given(work: &Work<'_>, file: Option<i64>) -> Result<Option<InputFile>, JobError> {
    let Some(file) = file else { return Ok(None) };
    let (name, store) = work.file(file)?;
    let bytes = store.read(&name)?.unwrap_or_default();
    Ok(Some(InputFile::new(name, bytes)))
}

/// What is changed of the scenario that was made; the words for it.
fn apply(
    work: &Work<'_>,
    files: &mut Vec<(String, Vec<u8>)>,
    changes: &[ScenarioChange],
) -> Result<String, JobError> {
    let store: MemoryStore = files.iter().cloned().collect();
    let changed = change(work.session, &load(&store)?, changes)?;
    for file in changed.artifacts().files() {
        files.retain(|(name, _)| *name != file.name);
        files.push((file.name.clone(), file.bytes.clone()));
    }
    Ok(changed.sentences.join("\n"))
}

/// Says in `sources.csv` where what was drawn and typed is from, where somebody said it.
fn cite(files: &mut [(String, Vec<u8>)], mut sources: Vec<SourceRow>, draft: &Draft, drawn: &Drawn) {
    let before = sources.len();
    let row = |table: &str, id: &str, field: &str, source: &str, note: &str| SourceRow {
        table: table.to_owned(),
        id: id.to_owned(),
        field: field.to_owned(),
        status: SourceStatus::Derived,
        source: source.to_owned(),
        note: note.to_owned(),
        ..SourceRow::default()
    };
    if let Some(source) = draft.people_source.as_deref().filter(|source| !source.trim().is_empty()) {
        sources.retain(|row| !(row.table == "zones" && row.id == "*" && row.field == "people"));
        sources.push(row(
            "zones",
            "*",
            "people",
            source,
            "the number of people in the area, divided among zones",
        ));
    }
    for (table, id, source) in drawn.cited() {
        sources.push(row(table, &id, "*", &source, "as drawn on the map"));
    }
    if sources.len() != before || draft.people_source.is_some() {
        for (name, bytes) in files.iter_mut() {
            if name == "sources.csv" {
                *bytes = to_csv(&sources);
            }
        }
    }
}

/// What was drawn, by what it is.
pub(super) struct Drawn {
    features: Vec<(String, Value)>,
}

impl Drawn {
    /// Features by their property `role`.
    pub fn of(features: &Value, faults: &mut Vec<Fault>) -> Self {
        let mut drawn = Self { features: Vec::new() };
        let list = match features {
            Value::Null => return drawn,
            other => other.get("features").and_then(Value::as_array),
        };
        let Some(list) = list else {
            faults.push(Fault::error("draft", "features", "a GeoJSON FeatureCollection"));
            return drawn;
        };
        for (at, feature) in list.iter().enumerate() {
            let role = feature.pointer("/properties/role").and_then(Value::as_str).unwrap_or_default();
            if !["area", "zone", "site", "hazard"].contains(&role) {
                let place = format!("feature {}", at + 1);
                let expected = "area, zone, site or hazard";
                faults.push(Fault::error("draft", place, expected).field("role", role));
                continue;
            }
            let mut kept = feature.clone();
            if let Some(properties) = kept.get_mut("properties").and_then(Value::as_object_mut) {
                properties.remove("role");
                name_it(properties, role, drawn.count(role) + 1);
            }
            drawn.features.push((role.to_owned(), kept));
        }
        drawn
    }

    fn count(&self, role: &str) -> usize {
        self.features.iter().filter(|(known, _)| known == role).count()
    }

    /// The features of one kind as a file; `None`: nothing was drawn.
    pub fn file(&self, role: &str) -> Option<InputFile> {
        let features: Vec<&Value> =
            self.features.iter().filter(|(known, _)| known == role).map(|(_, feature)| feature).collect();
        if features.is_empty() {
            return None;
        }
        let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
        Some(InputFile::new(format!("{role}s drawn.geojson"), text))
    }

    /// Tables and ids of what has a source.
    fn cited(&self) -> Vec<(&'static str, String, String)> {
        let cited = self.features.iter().filter_map(|(role, feature)| {
            let (table, key) = match role.as_str() {
                "zone" => ("zones", "zone_id"),
                "site" => ("sites", "site_id"),
                _ => return None,
            };
            let text = |key: &str| feature.pointer(&format!("/properties/{key}")).and_then(Value::as_str);
            let source = text("source").filter(|source| !source.trim().is_empty())?;
            Some((table, text(key)?.to_owned(), source.to_owned()))
        });
        cited.collect()
    }
}

/// Gives what was drawn an id where it has none, so that sources can name it.
fn name_it(properties: &mut Map<String, Value>, role: &str, number: usize) {
    let (key, letter) = match role {
        "zone" => ("zone_id", "Z"),
        "site" => ("site_id", "S"),
        "hazard" => ("hazard_id", "H"),
        _ => return,
    };
    if properties.get(key).and_then(Value::as_str).is_none_or(str::is_empty) {
        properties.insert(key.to_owned(), Value::from(format!("{letter}{number}")));
    }
}
