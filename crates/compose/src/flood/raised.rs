//! Bridges and tunnels: roads that water on the ground below or above them does not close.

use crate::plane::LonLat;
use clearway_model::{RaisedRoad, WaterLine};
use std::collections::HashMap;

/// What of a map matters where water stands on its ground.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapRelief {
    /// Rivers, canals and coasts.
    pub waters: Vec<WaterLine>,
    /// Bridges and tunnels.
    pub raised: Vec<RaisedRoad>,
}

/// Points of bridges and tunnels, by which a piece of a link's course is known as one of them.
pub(crate) struct RaisedPieces(HashMap<[i64; 2], Vec<RaisedPoint>>);

/// A point of a bridge or tunnel.
struct RaisedPoint {
    /// Which one.
    road: usize,
    /// Whether it ends there.
    is_end: bool,
}

impl RaisedPieces {
    pub(crate) fn new(raised: &[RaisedRoad]) -> Self {
        let mut points: HashMap<[i64; 2], Vec<RaisedPoint>> = HashMap::new();
        for (road, RaisedRoad { course, .. }) in raised.iter().enumerate() {
            for (at, &place) in course.iter().enumerate() {
                let is_end = at == 0 || at + 1 == course.len();
                points.entry(key(place)).or_default().push(RaisedPoint { road, is_end });
            }
        }
        Self(points)
    }

    /// Whether both ends of a piece of a course are points of one bridge or tunnel.
    pub(crate) fn holds(&self, from: LonLat, to: LonLat) -> bool {
        match (self.0.get(&key(from)), self.0.get(&key(to))) {
            (Some(a), Some(b)) => a.iter().any(|one| b.iter().any(|other| other.road == one.road)),
            _ => false,
        }
    }

    /// Whether a place is on a bridge or in a tunnel and not at the end of one alone: within it, or where two of them meet.
    pub(crate) fn is_within(&self, place: LonLat) -> bool {
        self.0
            .get(&key(place))
            .is_some_and(|points| points.len() > 1 || points.iter().any(|point| !point.is_end))
    }
}

/// A place to six decimals as tables write it, so that a course and a map that were written and read agree.
fn key(place: LonLat) -> [i64; 2] {
    place.map(|degrees| {
        let text = format!("{degrees:.6}");
        text.parse::<f64>().map_or(0, |rounded| (rounded * 1e6).round() as i64)
    })
}
