//! Lanes in each direction.

use crate::capacity::ClassDefaults;
use crate::osm::data::Tags;
use crate::osm::oneway::Directions;

/// Lanes of one direction: what is likely, and the ends of what the tags leave open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lanes {
    /// At least so many.
    pub least: f64,
    /// The figure used for the central value; may be n + 0.5.
    pub usual: f64,
    /// At most so many.
    pub most: f64,
    /// The map says so; otherwise a default of the class.
    pub stated: bool,
}

impl Lanes {
    fn exactly(lanes: f64) -> Self {
        let lanes = lanes.max(1.0);
        Self { least: lanes, usual: lanes, most: lanes, stated: true }
    }
}

/// A count of lanes: a number from 1 to 20. Of several (`2;3`) the smallest.
fn count(tags: &Tags, key: &str) -> Option<f64> {
    tags.get(key)?
        .split(';')
        .map(|part| part.trim().parse::<f64>().ok().filter(|n| (0.0..=20.0).contains(n)))
        .try_fold(f64::INFINITY, |least, n| n.map(|n| least.min(n)))
        .filter(|n| n.is_finite())
        .map(f64::floor)
}

/// Bus lanes of a direction: `lanes:bus`, `lanes:psv` with `:forward` / `:backward`, and for one-way roads without.
fn bus_lanes(tags: &Tags, suffix: &str) -> f64 {
    ["lanes:psv", "lanes:bus"].iter().find_map(|key| count(tags, &format!("{key}{suffix}"))).unwrap_or(0.0)
}

/// Lanes forward and backward. A direction that is closed gets the default and is not used.
///
/// Lanes for buses are subtracted, at least one lane remains. On a two-way road without lanes by direction the lanes are
/// shared equally; an odd one counts half for each direction in the usual figure, not at all in the least, fully in the
/// most, since the map does not say whose it is. One lane on a two-way road counts as one in either direction.
pub(crate) fn lanes(tags: &Tags, directions: Directions, class: &ClassDefaults) -> (Lanes, Lanes) {
    let default = Lanes { least: class.lanes, usual: class.lanes, most: class.lanes_most, stated: false };
    let total = count(tags, "lanes").filter(|n| *n >= 1.0);
    let forward = count(tags, "lanes:forward").filter(|n| *n >= 1.0);
    let backward = count(tags, "lanes:backward").filter(|n| *n >= 1.0);
    if directions != Directions::Both {
        let (own, other, suffix) = match directions {
            Directions::Backward => (backward, forward, ":backward"),
            _ => (forward, backward, ":forward"),
        };
        // A contraflow bus or cycle lane may be counted in `lanes` of a one-way road.
        let lanes = own.or(total.map(|n| n - other.unwrap_or(0.0)));
        let buses = bus_lanes(tags, "").max(bus_lanes(tags, suffix));
        let lanes = lanes.map_or(default, |n| Lanes::exactly(n - buses));
        return (lanes, lanes);
    }
    let middle = count(tags, "lanes:both_ways").unwrap_or(0.0);
    let buses = (bus_lanes(tags, ":forward"), bus_lanes(tags, ":backward"));
    let rest = |other: Option<f64>| Some(total? - middle - other?).filter(|n| *n >= 1.0);
    let (forward, backward) = (forward.or_else(|| rest(backward)), backward.or_else(|| rest(forward)));
    match (forward, backward) {
        (Some(f), Some(b)) => (Lanes::exactly(f - buses.0), Lanes::exactly(b - buses.1)),
        (Some(f), None) => (Lanes::exactly(f - buses.0), default),
        (None, Some(b)) => (default, Lanes::exactly(b - buses.1)),
        (None, None) => match total {
            None => (default, default),
            Some(total) => {
                let undirected = bus_lanes(tags, "");
                let known = if undirected > 0.0 { 0.0 } else { buses.0 + buses.1 };
                let shared = (total - middle - undirected - known).max(1.0);
                let half = shared / 2.0;
                let each = Lanes {
                    least: half.floor().max(1.0),
                    usual: half.max(1.0),
                    most: half.ceil().max(1.0),
                    stated: true,
                };
                (each, each)
            }
        },
    }
}
