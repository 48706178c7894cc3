//! What is made of versions to be looked at. Versions never change, so that what was made of one may be kept.

mod begins;
mod comparing;
mod kept;
mod link;
mod mvt;
mod overview;
mod places;
mod replanned;
mod roads;
mod series;
mod shapes;
mod steps;
mod tables;
mod tile;
mod zones_and_sites;

pub(crate) use comparing::compare;
pub(crate) use link::link;
pub(crate) use overview::overview;
pub(crate) use places::{bounds_of, bounds_of_files};
pub(crate) use replanned::replanned;
pub(crate) use series::curve;
pub(crate) use shapes::shapes;

use crate::app::ServeApp;
use crate::error::ServeError;
use clearway::{PlanReplay, Session, SubStore, replay};
use kept::Kept;
use roads::RoadView;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use steps::StepView;

use crate::store::VersionStore;
use crate::types::{VersionInfo, VersionKind};

/// Bytes of tiles that are kept.
const MOST_TILE_BYTES: usize = 64 << 20;

/// A tile's version, zoom, column and row.
type TileKey = (i64, (u8, u32, u32));

/// Tiles that are kept.
#[derive(Default)]
struct KeptTiles {
    tiles: HashMap<TileKey, Arc<[u8]>>,
    bytes: usize,
}

/// What was made of versions.
pub struct Views {
    roads: Kept<RoadView>,
    steps: Kept<StepView>,
    replays: Kept<PlanReplay>,
    tiles: Mutex<KeptTiles>,
}

impl Default for Views {
    fn default() -> Self {
        Self {
            roads: Kept::at_most(4),
            steps: Kept::at_most(3),
            replays: Kept::at_most(2),
            tiles: Mutex::default(),
        }
    }
}

impl Views {
    /// The roads of a version.
    ///
    /// # Errors
    /// [`ServeError::NotThere`] if it has none.
    pub fn roads(&self, app: &ServeApp, version: i64) -> Result<Arc<RoadView>, ServeError> {
        let holder = scenario_holder(app, version)?;
        self.roads.get(holder.id, || RoadView::of(&ScenarioFolder::of(app, holder.id)?))
    }

    /// A tile of a version.
    ///
    /// # Errors
    /// [`ServeError::NotThere`] if it is none.
    pub fn tile(&self, app: &ServeApp, version: i64, at: (u8, u32, u32)) -> Result<Arc<[u8]>, ServeError> {
        let (z, x, y) = at;
        if z > tile::MAX_ZOOM || x >= 1 << z || y >= 1 << z {
            return Err(ServeError::NotThere(format!("tile {z}/{x}/{y}")));
        }
        let key = (scenario_holder(app, version)?.id, at);
        let kept = || self.tiles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tile) = kept().tiles.get(&key) {
            return Ok(Arc::clone(tile));
        }
        let made: Arc<[u8]> = tile::tile(&*self.roads(app, version)?, at).into();
        let mut tiles = kept();
        if tiles.bytes + made.len() > MOST_TILE_BYTES {
            *tiles = KeptTiles::default();
        }
        tiles.bytes += made.len();
        tiles.tiles.insert(key, Arc::clone(&made));
        Ok(made)
    }

    /// The orders of a plan, carried out.
    ///
    /// # Errors
    /// If the version is no plan, or has no orders.
    pub fn replay(&self, app: &ServeApp, plan: i64) -> Result<Arc<PlanReplay>, ServeError> {
        self.replays.get(plan, || {
            let store = app.store.version_store(plan)?;
            Ok(replay(&Session::new(), &store)?)
        })
    }

    /// What there is for every link over time, of a plan or a simulation.
    ///
    /// # Errors
    /// If there are no orders.
    pub fn steps(&self, app: &ServeApp, version: i64) -> Result<Arc<StepView>, ServeError> {
        self.steps.get(version, || StepView::of(app, version))
    }
}

/// The version whose files have the scenario of a version: itself, or what it was computed of.
fn scenario_holder(app: &ServeApp, version: i64) -> Result<VersionInfo, ServeError> {
    let mut found = app.store.version(version)?;
    while !matches!(found.kind, VersionKind::Roads | VersionKind::Scenario | VersionKind::Plan) {
        let parent = found.parent;
        let parent = parent.ok_or_else(|| ServeError::NotThere(format!("scenario of version {version}")))?;
        found = app.store.version(parent)?;
    }
    Ok(found)
}

/// The scenario that belongs to a version.
pub(crate) struct ScenarioFolder {
    /// The version whose files have it.
    pub version: i64,
    /// Of what kind that is.
    pub kind: VersionKind,
    /// Its files.
    pub store: VersionStore,
}

impl ScenarioFolder {
    /// The scenario of a version: its own, or that of what it was computed of.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub fn of(app: &ServeApp, version: i64) -> Result<Self, ServeError> {
        let found = scenario_holder(app, version)?;
        Ok(Self { version: found.id, kind: found.kind, store: app.store.version_store(found.id)? })
    }

    /// Does something with the files of the scenario.
    pub fn with<T>(&self, work: impl FnOnce(&dyn clearway::Store) -> T) -> T {
        match self.kind {
            VersionKind::Plan => work(&SubStore::new(&self.store, "scenario")),
            _ => work(&self.store),
        }
    }
}
