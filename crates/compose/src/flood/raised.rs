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
pub(crate) struct RaisedPieces(HashMap<[i64; 2], Vec<usize>>);

impl RaisedPieces {
    pub(crate) fn new(raised: &[RaisedRoad]) -> Self {
        let mut points: HashMap<[i64; 2], Vec<usize>> = HashMap::new();
        for (at, road) in raised.iter().enumerate() {
            for &place in &road.course {
                points.entry(key(place)).or_default().push(at);
            }
        }
        Self(points)
    }

    /// Whether both ends of a piece of a course are points of one bridge or tunnel.
    pub(crate) fn holds(&self, from: LonLat, to: LonLat) -> bool {
        match (self.0.get(&key(from)), self.0.get(&key(to))) {
            (Some(a), Some(b)) => a.iter().any(|road| b.contains(road)),
            _ => false,
        }
    }
}

/// A place to six decimals as tables write it, so that a course and a map that were written and read agree.
fn key(place: LonLat) -> [i64; 2] {
    place.map(|degrees| {
        let text = format!("{degrees:.6}");
        text.parse::<f64>().map_or(0, |rounded| (rounded * 1e6).round() as i64)
    })
}
