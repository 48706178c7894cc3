//! A flood as it is asked for: heights of the ground, levels of the water.

use crate::error::Error;
use crate::given_maps::readable_map;
use crate::input::InputFile;
use clearway_compose::{FloodInputs, NamedBytes, WaterLevel};
use clearway_model::Faults;
use clearway_vector::MapRole;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A flood from the height of the ground: what lies lower than the level of the water, and where water can come to over ground that does, is
/// under it. Roads, zones and sites under 0.3 m and more are closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FloodRequest {
    /// Heights of the ground, a GeoTIFF of one band, m.
    pub terrain: InputFile,
    /// The level of the water over time, above the datum of the heights: nothing before the first, straight from one to the next, the last for
    /// good.
    pub levels: Vec<WaterLevel>,
    /// A map of where the water comes from, points, lines or polygons; `None`: the rivers, canals and coasts of the road map.
    #[serde(default)]
    pub water: Option<InputFile>,
    /// Id of the hazard, the cause of its closures.
    #[serde(default = "flood")]
    pub hazard_id: String,
}

fn flood() -> String {
    "flood".to_owned()
}

impl FloodRequest {
    /// A flood over a terrain whose water comes from the rivers, canals and coasts of the road map.
    #[must_use]
    pub fn new(terrain: InputFile, levels: Vec<WaterLevel>) -> Self {
        Self { terrain, levels, water: None, hazard_id: flood() }
    }

    /// As the crate that does the work takes it; files are borrowed. The map of water is GeoJSON or becomes it.
    pub(crate) fn inputs(&self) -> FloodInputs<'_> {
        FloodInputs {
            terrain: NamedBytes::borrowed(self.terrain.file_name(), self.terrain.bytes()),
            levels: self.levels.clone(),
            water: self.water.as_ref().map(|file| NamedBytes::borrowed(file.file_name(), file.bytes())),
            hazard_id: self.hazard_id.clone(),
        }
    }

    /// The same with a map of water that is GeoJSON.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a map that cannot be read.
    pub(crate) fn readable(&self) -> Result<Self, Error> {
        let mut readable = self.clone();
        if let Some(water) = &self.water {
            let fault = |fault: Box<clearway_model::Fault>| Error::Invalid {
                of: water.file_name(),
                faults: Faults(vec![*fault]),
            };
            if let Some(bytes) = readable_map(water, MapRole::Water).map_err(fault)? {
                readable.water = Some(InputFile::new(water.name.clone(), bytes));
            }
        }
        Ok(readable)
    }
}
