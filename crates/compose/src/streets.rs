//! Streets as a stand-in for people: where no count is given, people are assumed to live evenly along residential streets.

use crate::plane::LonLat;
use crate::roads::IndexedRoads;
use std::collections::BTreeMap;

/// Road classes along which people are assumed to live.
pub(crate) const RESIDENTIAL: [&str; 4] = ["residential", "living_street", "unclassified", "tertiary"];

/// Longest piece of street that counts as one place, m.
const PIECE_M: f64 = 50.0;

/// A stretch of street.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StreetPiece {
    /// Its middle, longitude and latitude in degrees: the people along it are put there.
    pub(crate) at: LonLat,
    /// Its length, mm: people are spread over streets in proportion to it.
    pub(crate) length_mm: u64,
    /// One of its links.
    pub(crate) link: usize,
}

/// Links that stand for a street of their own: of the two directions of a street only the first counts.
pub(crate) fn one_per_street(roads: &IndexedRoads, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    // Between the same two nodes: lengths of streets whose other direction has not been seen, by direction.
    let mut open: BTreeMap<(usize, usize), Vec<f64>> = BTreeMap::new();
    let mut kept = Vec::new();
    for link in (0..roads.tail.len()).filter(|&l| roads.is_usable(l) && wanted(l)) {
        let (tail, head) = (roads.tail[link], roads.head[link]);
        let length = roads.network.links[link].length_m.unwrap_or(0.0);
        let opposite = open.entry((head, tail)).or_default();
        // Imports round the two directions alike; 1 m and 0.1 % leave room for other sources.
        match opposite.iter().position(|other| (other - length).abs() <= 1.0 + length / 1000.0) {
            Some(at) => {
                opposite.swap_remove(at);
            }
            None => {
                open.entry((tail, head)).or_default().push(length);
                kept.push(link);
            }
        }
    }
    kept
}

/// Whether a link is of one of the [`RESIDENTIAL`] classes.
pub(crate) fn is_residential(roads: &IndexedRoads, link: usize) -> bool {
    let class = roads.network.links[link].facility_type.to_lowercase();
    RESIDENTIAL.contains(&class.as_str())
}

/// Whether people may live along a link: any road but motorways and trunk roads with their ramps.
pub(crate) fn is_street(roads: &IndexedRoads, link: usize) -> bool {
    let class = roads.network.links[link].facility_type.to_lowercase();
    !["motorway", "motorway_link", "trunk", "trunk_link"].contains(&class.as_str())
}

/// Cuts the links into pieces of equal length, at most 50 m each.
pub(crate) fn pieces(roads: &IndexedRoads, links: &[usize]) -> Vec<StreetPiece> {
    let mut pieces = Vec::new();
    for &link in links {
        let length = roads.network.links[link].length_m.unwrap_or(0.0).max(0.0);
        let count = (length / PIECE_M).ceil().max(1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (number, length_mm) = (count as usize, (length / count * 1000.0).round() as u64);
        if length_mm == 0 {
            continue;
        }
        let course = roads.course(link);
        #[allow(clippy::cast_precision_loss)]
        pieces.extend((0..number).map(|i| StreetPiece {
            at: along(&course, (i as f64 + 0.5) / count),
            length_mm,
            link,
        }));
    }
    pieces
}

/// The place at a share of a line's length. Degrees serve as length: within one link the error is small.
fn along(course: &[LonLat], share: f64) -> LonLat {
    let east = course.first().map_or(1.0, |p| p[1].to_radians().cos());
    let leg = |w: &[LonLat]| ((w[1][0] - w[0][0]) * east).hypot(w[1][1] - w[0][1]);
    let total: f64 = course.windows(2).map(leg).sum();
    let mut left = share * total;
    for w in course.windows(2) {
        let length = leg(w);
        if left <= length && length > 0.0 {
            let s = left / length;
            return [w[0][0] + s * (w[1][0] - w[0][0]), w[0][1] + s * (w[1][1] - w[0][1])];
        }
        left -= length;
    }
    course.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::RoadNetwork;
    use clearway_model::{LinkRow, Mode, NodeRow};

    fn roads(links: &[(&str, &str, f64)]) -> IndexedRoads {
        let node = |id: &str, x: f64| NodeRow { node_id: id.into(), x_coord: x, ..NodeRow::default() };
        let network = RoadNetwork {
            nodes: vec![node("a", 0.0), node("b", 0.01)],
            links: links
                .iter()
                .enumerate()
                .map(|(at, (from, to, length))| LinkRow {
                    link_id: at.to_string(),
                    from_node_id: (*from).into(),
                    to_node_id: (*to).into(),
                    length_m: Some(*length),
                    capacity_pcu_h: Some(1.0),
                    ..LinkRow::default()
                })
                .collect(),
            ..RoadNetwork::default()
        };
        IndexedRoads::new(network, Mode::Vehicle).unwrap()
    }

    #[test]
    fn both_directions_are_one_street_and_parallel_streets_are_two() {
        let r = roads(&[
            ("a", "b", 100.0),
            ("b", "a", 100.2),
            ("a", "b", 300.0),
            ("b", "a", 500.0),
            ("a", "a", 70.0),
            ("a", "a", 70.0),
        ]);
        assert_eq!(one_per_street(&r, |_| true), [0, 2, 3, 4]);
    }

    #[test]
    fn pieces_are_short_and_keep_the_length() {
        let r = roads(&[("a", "b", 120.0)]);
        let p = pieces(&r, &[0]);
        assert_eq!(p.len(), 3);
        assert_eq!(p.iter().map(|p| p.length_mm).sum::<u64>(), 120_000);
        assert!((p[0].at[0] - 0.01 / 6.0).abs() < 1e-12 && (p[1].at[0] - 0.005).abs() < 1e-12);
    }
}
