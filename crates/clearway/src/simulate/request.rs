//! What is asked of a simulation, and whether it can be.

use crate::error::Error;
use clearway_simulate::recording::RecordingLimits;
use clearway_simulate::streets::{MOST_IN_POCKET, QueueModel, RoomFigures};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SimulateRequest {
    /// How queues stand.
    pub queues: Queues,
    /// Room of a standing passenger car in its lane, m; 4 to 20.
    pub spacing_m: f64,
    /// Speed at which a freed space travels back through those that stand, km/h; 5 to 40.
    pub wave_km_h: f64,
    /// Vehicles before which others of the same lane may pass at the end of a road, to go on another way; 0 (strictly first in, first out)
    /// to 63.
    pub pocket_vehicles: u32,
    /// Whether it is simulated beside a plan that everybody takes the shortest way at once, which takes about as long again.
    pub with_baseline: bool,
    /// Whether junctions let through no more than `junctions.csv` says, where the scenario has it. Only where queues take space, and not on
    /// foot.
    pub with_junctions: bool,
    /// Length of the steps in which the state of each link is recorded, s; 1 to 3,600. Doubled as often as it takes to have no more than
    /// 1,500 steps and ten million times a link.
    pub state_step_s: u32,
}

/// How queues stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Queues {
    /// A road holds what fits on it; a full one blocks those behind.
    #[default]
    Spatial,
    /// On top of each other, as in the loading by which plans are judged: what is different by [`Queues::Spatial`] is due to space.
    Vertical,
}

impl Default for SimulateRequest {
    fn default() -> Self {
        let RoomFigures { spacing_m, wave_km_h, pocket_vehicles } = RoomFigures::default();
        Self {
            queues: Queues::Spatial,
            spacing_m,
            wave_km_h,
            pocket_vehicles,
            with_baseline: true,
            with_junctions: true,
            state_step_s: 60,
        }
    }
}

impl SimulateRequest {
    /// How much of what happens on links is recorded.
    pub(crate) fn recording(&self) -> RecordingLimits {
        RecordingLimits { step_s: self.state_step_s, ..RecordingLimits::default() }
    }

    /// How queues stand.
    ///
    /// # Errors
    /// [`Error::Request`] for figures outside their range.
    pub(crate) fn checked(&self) -> Result<QueueModel, Error> {
        let mut wrong = Vec::new();
        for (name, value, least, most) in
            [("spacing_m", self.spacing_m, 4.0, 20.0), ("wave_km_h", self.wave_km_h, 5.0, 40.0)]
        {
            if !(least..=most).contains(&value) {
                wrong.push(format!("{name} is {value}, expected a number from {least} to {most}"));
            }
        }
        if self.pocket_vehicles > MOST_IN_POCKET {
            let wrong_pocket = self.pocket_vehicles;
            wrong.push(format!(
                "pocket_vehicles is {wrong_pocket}, expected a whole number from 0 to {MOST_IN_POCKET}"
            ));
        }
        if !(1..=3600).contains(&self.state_step_s) {
            wrong.push(format!("state_step_s is {}, expected a number from 1 to 3600", self.state_step_s));
        }
        if !wrong.is_empty() {
            return Err(Error::Request(wrong.join("; ")));
        }
        let figures = RoomFigures {
            spacing_m: self.spacing_m,
            wave_km_h: self.wave_km_h,
            pocket_vehicles: self.pocket_vehicles,
        };
        Ok(match self.queues {
            Queues::Spatial => QueueModel::Spatial(figures),
            Queues::Vertical => QueueModel::Vertical,
        })
    }
}
