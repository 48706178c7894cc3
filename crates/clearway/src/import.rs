//! `import`: a road map as the tables of a network.

use crate::artifacts::folder;
use crate::error::Error;
use crate::session::Session;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_import::{ImportOptions, ImportWatch, RoadMap, TntpOptions, gmns_files, import_map};
use clearway_model::Store;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who may use roads and gates that a map calls private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrivateRoadUse {
    /// They are left out.
    #[default]
    Nobody,
    /// Those who live behind them, outward only.
    Residents,
    /// They are roads like all others.
    Everybody,
}

/// What is asked of an import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ImportRequest {
    /// The map's file in the store: `.osm.pbf`, `.osm`, `.osm.gz`, `X_net.tntp` or a table of GMNS, with the files that belong to it in the
    /// same folder; `None`: GMNS tables at the top of the store. The kind is told from what is in the file.
    pub map: Option<String>,
    /// Read ways for walkers, too.
    pub walk: bool,
    /// Read tracks, too.
    pub tracks: bool,
    /// Who may use private roads.
    pub private_roads: PrivateRoadUse,
    /// Units of a TNTP map that its file does not state.
    pub tntp: TntpOptions,
}

/// A road map, read.
#[derive(Debug)]
#[non_exhaustive]
pub struct ImportedRoads {
    /// Tables, and what was read, assumed and left out.
    pub map: RoadMap,
}

/// Reads a road map. OpenStreetMap files are read piece by piece ([`Store::open`]), so that one may be larger than the memory.
///
/// # Errors
/// [`Error::Import`] if the map cannot be read, is damaged or holds no road; [`Error::Cancelled`] without an answer.
///
/// ```
/// use clearway::{ImportRequest, MemoryStore, Session, import};
///
/// let tables: MemoryStore = [
///     ("node.csv", "node_id,x_coord,y_coord\nA,24.90,60.20\nB,24.91,60.20\n"),
///     ("link.csv", "link_id,from_node_id,to_node_id,length_m,lanes,free_speed\n1,A,B,560,1,50\n"),
/// ]
/// .into_iter()
/// .collect();
/// let roads = import(&Session::new(), &ImportRequest::default(), &tables)?;
/// assert_eq!((roads.map.nodes.len(), roads.map.links.len()), (2, 1));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn import(session: &Session, request: &ImportRequest, store: &dyn Store) -> Result<ImportedRoads, Error> {
    let options = ImportOptions {
        walk: request.walk,
        tracks: request.tracks,
        ..options(request.private_roads, request.tntp)
    };
    Ok(ImportedRoads { map: read_map(session, store, request.map.as_deref(), &options)? })
}

/// What an import is to do with private roads and a TNTP file.
pub(crate) fn options(private_roads: PrivateRoadUse, tntp: TntpOptions) -> ImportOptions {
    ImportOptions {
        private_roads: private_roads == PrivateRoadUse::Everybody,
        residents: private_roads == PrivateRoadUse::Residents,
        tntp,
        ..ImportOptions::default()
    }
}

/// Reads a map and tells how far it is.
pub(crate) fn read_map(
    session: &Session,
    store: &dyn Store,
    name: Option<&str>,
    options: &ImportOptions,
) -> Result<RoadMap, Error> {
    let progress = session.progress();
    let tell = |stage: &str, share: f64| progress.tell(stage, share);
    let watch = ImportWatch { progress: &tell, cancel: session.cancel() };
    Ok(import_map(store, name, options, watch)?)
}

impl ImportedRoads {
    /// The files of the folder: `node.csv`, `link.csv`, `movement.csv`, `sources.csv`, `attribution.txt` and `import.txt`, the whole report.
    pub fn artifacts(&self) -> Artifacts {
        folder(FolderKind::RoadMap, Disclosure::Full, gmns_files(&self.map))
    }

    /// What was read, assumed and left out, for a terminal.
    pub fn in_words(&self) -> String {
        self.map.report.to_string().trim_end().to_owned()
    }
}
