//! Projects and the files given to them.

use super::ReviewState;
use clearway_model::Context;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A project: one place, what was given, and all that was computed of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProjectInfo {
    /// Number of the project.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The kind of situation: `disaster`, `armed_conflict`, `exercise` or `other`.
    #[schema(value_type = SituationKind)]
    pub context: Context,
    /// Who made it.
    pub made_by: String,
    /// When, RFC 3339.
    pub made_at: String,
    /// The road map that was read last: a version of kind `roads`; `null`: none yet.
    pub roads: Option<i64>,
    /// West, south, east and north of the roads, degrees WGS 84; `null`: no roads yet.
    pub bounds: Option<[f64; 4]>,
    /// Number of the draft's newest revision; 0: nothing was drawn yet.
    pub draft_revision: i64,
    /// People of the draft; `null`: not said yet.
    pub people: Option<i64>,
    /// The newest version of each kind, by kind.
    pub newest: Vec<NewestVersion>,
}

/// The newest version of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewestVersion {
    /// Kind, as in `VersionInfo`.
    pub kind: String,
    /// Number of the version.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What became of its review.
    pub review: ReviewState,
}

/// The kind of situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SituationKind {
    /// Flood, fire, storm, accident.
    Disaster,
    /// War or other armed conflict; protection conditions are reported first.
    ArmedConflict,
    /// Training or teaching material.
    Exercise,
    /// Anything that is none of these.
    Other,
}

/// A project that is to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectOrder {
    /// Its name, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The kind of situation; left out: `disaster`.
    #[serde(default = "disaster")]
    #[schema(value_type = SituationKind)]
    pub context: Context,
}

fn disaster() -> Context {
    Context::Disaster
}

/// What is to be changed of a project.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectChange {
    /// A new name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Another kind of situation.
    #[schema(value_type = Option<SituationKind>)]
    pub context: Option<Context>,
}

/// A file that was given to a project. It is never written over: another file of the same name is another file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProjectFile {
    /// Number of the file.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it looks like.
    pub kind: GivenFileKind,
    /// Size, bytes.
    pub bytes: i64,
    /// `sha256:...` over its bytes.
    pub digest: String,
    /// Who gave it.
    pub given_by: String,
    /// When, RFC 3339.
    pub given_at: String,
}

/// What a file looks like, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GivenFileKind {
    /// A road map of OpenStreetMap: `.osm.pbf`, `.osm`, `.osm.gz`.
    RoadMap,
    /// GeoJSON.
    GeoJson,
    /// A table: CSV, XLSX, ODS.
    Table,
    /// A raster: GeoTIFF.
    Raster,
    /// A map of polygons of another program: GeoPackage, KML, KMZ.
    VectorMap,
    /// A ZIP archive: of a scenario or plan folder, or of a shapefile.
    Archive,
    /// Anything else.
    Other,
}

impl GivenFileKind {
    /// By the name's ending.
    pub fn of_name(name: &str) -> Self {
        let name = name.to_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if ends(&[".osm.pbf", ".pbf", ".osm", ".osm.gz"]) {
            Self::RoadMap
        } else if ends(&[".geojson", ".json"]) {
            Self::GeoJson
        } else if ends(&[".csv", ".xlsx", ".ods"]) {
            Self::Table
        } else if ends(&[".tif", ".tiff"]) {
            Self::Raster
        } else if ends(&[".gpkg", ".kml", ".kmz"]) {
            Self::VectorMap
        } else if ends(&[".zip"]) {
            Self::Archive
        } else {
            Self::Other
        }
    }
}

/// What became of a file that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GivenFile {
    /// The file.
    pub file: ProjectFile,
    /// The job that reads it: of a road map `import`, of an archive of a folder `unpack`; `null` for others.
    pub job: Option<i64>,
}
