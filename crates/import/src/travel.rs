//! What one direction of a road piece offers: capacity and time, by vehicle and on foot.

use crate::capacity::{
    LaneCapacity, RoadClass, WALK_SPEED_FAST_M_S, WALK_SPEED_M_S, WalkRange, lane_capacity, walk_capacity,
};
use crate::opening::RoadOpening;

/// Free-flow speed above a posted limit, km/h (5 mph), for the fastest time.
pub(crate) const ABOVE_LIMIT_KM_H: f64 = 8.0;
/// Free-flow speed above an assumed one, for the fastest time.
pub(crate) const ABOVE_ASSUMED_FACTOR: f64 = 1.25;

/// The fastest that somebody drives where this is the limit, or the speed of the class.
pub(crate) fn fastest_km_h(limit_km_h: f64, stated: bool) -> f64 {
    if stated { limit_km_h + ABOVE_LIMIT_KM_H } else { limit_km_h * ABOVE_ASSUMED_FACTOR }
}

/// One direction of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct DirectionTravel {
    pub drive: Option<DriveFigures>,
    pub walk: Option<WalkFigures>,
}

/// Lanes of one direction: what is likely, and the ends of what the map leaves open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LaneCount {
    pub least: f64,
    pub usual: f64,
    pub most: f64,
}

/// Capacity in pcu/h of all lanes together and time in ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DriveFigures {
    pub lanes: LaneCount,
    /// Open in all cases or in the optimistic one; what is closed has no figures.
    pub opening: RoadOpening,
    pub low_pcu_h: f64,
    pub central_pcu_h: f64,
    pub high_pcu_h: f64,
    pub time_ms: i64,
    pub time_low_ms: i64,
}

/// What the figures of a vehicle link are made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DriveBasis {
    pub class: RoadClass,
    pub lanes: LaneCount,
    pub opening: RoadOpening,
    /// What a careful reader takes for the speed.
    pub speed_km_h: f64,
    /// The most that the map says, or the same: with it a lane has its optimistic capacity.
    pub most_km_h: f64,
    /// The fastest that somebody drives.
    pub fastest_km_h: f64,
    pub length_m: f64,
    pub signal: bool,
    pub green_share: f64,
}

impl DriveFigures {
    pub fn new(basis: DriveBasis) -> Self {
        let DriveBasis { class, lanes, opening, length_m, signal, green_share, .. } = basis;
        let of = |lanes: f64, speed_km_h| {
            lane_capacity(LaneCapacity { class, speed_km_h, lanes, signal, green_share })
        };
        let usual = |lanes: f64| of(lanes, basis.speed_km_h);
        let central_pcu_h = (usual(lanes.usual).central * lanes.usual).round().max(1.0);
        let high_pcu_h = (of(lanes.most, basis.most_km_h).optimistic * lanes.most).round();
        Self {
            lanes,
            opening,
            low_pcu_h: (usual(lanes.least).low * lanes.least).round().min(central_pcu_h),
            central_pcu_h,
            high_pcu_h: high_pcu_h.max(central_pcu_h),
            time_ms: time_ms(length_m, basis.speed_km_h / 3.6),
            time_low_ms: time_ms(length_m, basis.fastest_km_h / 3.6),
        }
    }

    /// The same over another length.
    pub fn over(self, length_m: f64, of_m: f64) -> Self {
        let time = |ms: i64| (ms as f64 * length_m / of_m).round().max(1.0) as i64;
        let time_low_ms = time(self.time_low_ms);
        Self { time_ms: time(self.time_ms).max(time_low_ms), time_low_ms, ..self }
    }

    /// Both pieces one after the other: times add up, the smaller capacity holds.
    pub fn then(self, next: Self) -> Self {
        // The lanes are those of the piece that sets the upper end, so that lanes and capacity agree.
        let lanes = if next.high_pcu_h < self.high_pcu_h { next.lanes } else { self.lanes };
        Self {
            lanes,
            opening: self.opening.min(next.opening),
            low_pcu_h: self.low_pcu_h.min(next.low_pcu_h),
            central_pcu_h: self.central_pcu_h.min(next.central_pcu_h),
            high_pcu_h: self.high_pcu_h.min(next.high_pcu_h),
            time_ms: self.time_ms + next.time_ms,
            time_low_ms: self.time_low_ms + next.time_low_ms,
        }
    }
}

/// Capacity in people/h and time in ms on foot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WalkFigures {
    pub capacity: WalkRange,
    pub time_ms: i64,
    pub time_low_ms: i64,
}

impl WalkFigures {
    /// For a way of this usable width, both directions together.
    pub fn new(width_m: f64, length_m: f64) -> Self {
        Self {
            capacity: walk_capacity(width_m),
            time_ms: time_ms(length_m, WALK_SPEED_M_S),
            time_low_ms: time_ms(length_m, WALK_SPEED_FAST_M_S),
        }
    }

    /// Both pieces one after the other.
    pub fn then(self, next: Self) -> Self {
        let (a, b) = (self.capacity, next.capacity);
        Self {
            capacity: WalkRange {
                low: a.low.min(b.low),
                central: a.central.min(b.central),
                optimistic: a.optimistic.min(b.optimistic),
            },
            time_ms: self.time_ms + next.time_ms,
            time_low_ms: self.time_low_ms + next.time_low_ms,
        }
    }
}

impl DirectionTravel {
    pub fn is_open(&self) -> bool {
        self.drive.is_some() || self.walk.is_some()
    }

    /// Open to the same road users in the same cases.
    pub fn is_like(&self, other: &Self) -> bool {
        self.drive.map(|drive| drive.opening) == other.drive.map(|drive| drive.opening)
            && self.walk.is_some() == other.walk.is_some()
    }

    /// Both pieces one after the other; open to those who may use both.
    pub fn then(self, next: Self) -> Self {
        Self {
            drive: self.drive.zip(next.drive).map(|(a, b)| a.then(b)),
            walk: self.walk.zip(next.walk).map(|(a, b)| a.then(b)),
        }
    }
}

/// Whole milliseconds, at least one.
fn time_ms(length_m: f64, speed_m_s: f64) -> i64 {
    (length_m / speed_m_s * 1000.0).round().max(1.0) as i64
}
