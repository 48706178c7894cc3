//! Figures that a road map seldom states: capacity per lane, lanes, speed and width by road class.
//!
//! Everything here is printed in `docs/reference/capacities.md` and goes into `sources.csv` with the status `default` or
//! `assumed`. *Optimistic* is the class capacity unreduced, *central* the same reduced as observed in evacuations, *low*
//! what was observed to be sustained.

mod class;
mod figures;
mod lane;
mod walk;

pub use class::{ClassDefaults, RoadClass};
pub use figures::{CapacityFigure, FIGURES, FigureCheck};
pub use lane::{
    GREEN_SHARE, LaneCapacity, LaneRange, RESERVED_SHARE, SATURATION_PCU_H, SUSTAINED_PCU_H, lane_capacity,
    observed_factor, reserved_pcu_h,
};
pub use walk::{
    SIDEWALK_WIDTH_M, WALK_FLOW_PEOPLE_M_S, WALK_SPEED_FAST_M_S, WALK_SPEED_M_S, WalkRange, walk_capacity,
};
