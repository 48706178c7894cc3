//! Where a zone's people enter the road network.

use crate::bisect::bisect;
use crate::plane::{LonLat, LonLatBox, MetrePlane};
use crate::roads::IndexedRoads;

/// People per connector, and the least and most connectors of a zone, unless the request says otherwise. With fewer, a zone of many people
/// would have a bottleneck that its streets do not have.
pub(crate) const PEOPLE_PER_CONNECTOR: i64 = 625;
pub(crate) const LEAST: usize = 3;
pub(crate) const MOST: usize = 64;

/// Mean speed from the cut_arc to the connector's node by vehicle, along the straight line, m/s (20 km/h). Assumed.
pub(crate) const DRIVE_M_S: f64 = 20.0 / 3.6;

/// The same on foot, m/s. Assumed; within the 0.6 to 1.0 m/s of people with children, luggage or of age.
pub(crate) const WALK_M_S: f64 = 1.0;

/// Weighted places where people are: street pieces by length or population points by people.
#[derive(Debug, Clone, Default)]
pub(crate) struct PeoplePlaces {
    pub(crate) at: Vec<LonLat>,
    pub(crate) weight: Vec<u64>,
}

impl PeoplePlaces {
    pub(crate) fn push(&mut self, at: LonLat, weight: u64) {
        self.at.push(at);
        self.weight.push(weight);
    }

    /// Mean of a value over the weight; `None` without weight.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn mean(&self, value: impl Fn(LonLat) -> f64) -> Option<f64> {
        let total: u64 = self.weight.iter().sum();
        let sum: f64 = self.at.iter().zip(&self.weight).map(|(&p, &w)| value(p) * w as f64).sum();
        (total > 0).then(|| sum / total as f64)
    }
}

/// Half the length of the streets that meet at each node, mm.
pub(crate) fn street_length_at_nodes(roads: &IndexedRoads, streets: &[usize]) -> Vec<u64> {
    let mut length = vec![0; roads.node_count()];
    for &link in streets {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let half = (roads.network.links[link].length_m.unwrap_or(0.0).max(0.0) * 500.0).round() as u64;
        length[roads.tail[link]] += half;
        length[roads.head[link]] += half;
    }
    length
}

/// Picks up to `most` of the candidate nodes, spread so that each stands for about the same length of street: the candidates are cut
/// into that many compact groups, and each group gives the node where most street meets (the earliest among equals). Nodes without
/// any residential street, such as those of a motorway, are picked only if there are no others.
pub(crate) fn pick(
    roads: &IndexedRoads,
    candidates: &[usize],
    length: &[u64],
    most: usize,
    plane: MetrePlane,
) -> Vec<usize> {
    let mut nodes: Vec<usize> = candidates.iter().copied().filter(|&n| length[n] > 0).collect();
    if nodes.is_empty() {
        nodes = candidates.to_vec();
    }
    let at: Vec<LonLat> = nodes.iter().map(|&n| roads.place(n)).collect();
    let weights: Vec<u64> = nodes.iter().map(|&n| length[n]).collect();
    let Some(frame) = LonLatBox::around(at.iter().copied()) else { return Vec::new() };
    let mut picked: Vec<usize> = bisect(&at, &weights, most, frame, plane)
        .iter()
        .filter_map(|group| {
            group.members.iter().map(|&i| nodes[i]).min_by_key(|&n| (std::cmp::Reverse(length[n]), n))
        })
        .collect();
    picked.sort_unstable();
    picked
}

/// Most connectors of a zone: as asked for, or one per 625 people, at least 3 and at most 64. A zone of 5,000 has 8.
pub(crate) fn connectors_of(people: i64, wanted: Option<usize>) -> usize {
    wanted.unwrap_or_else(|| {
        let count = people.max(0).unsigned_abs().div_ceil(PEOPLE_PER_CONNECTOR.unsigned_abs());
        usize::try_from(count).unwrap_or(MOST).clamp(LEAST, MOST)
    })
}

/// Time at a speed, ms, rounded.
pub(crate) fn time_ms(distance_m: f64, speed_m_s: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation)]
    let ms = (distance_m / speed_m_s * 1000.0 + 0.5).floor() as i64;
    ms
}
