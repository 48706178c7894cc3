//! What a file says it covers: one box, or several where extracts were joined.

use crate::geometry::distance_m;
use crate::osm::data::MapBounds;

/// Metres of one degree of latitude, rounded: it only places points that are looked at.
const DEGREE_M: f64 = 111_320.0;
/// Boxes this close to each other touch, degrees (about 1 m): the sides of extracts are rounded.
const TOUCHING_DEG: f64 = 1e-5;
/// Directions in which one looks out of a box: half the diagonal in the corners.
const COMPASS: [(f64, f64); 8] =
    [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (0.7, 0.7), (0.7, -0.7), (-0.7, 0.7), (-0.7, -0.7)];

/// The union of the boxes that a file states. A side along which the next box begins is no edge of the map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MapCoverage(Vec<MapBounds>);

impl MapCoverage {
    /// `None` if there is no box.
    pub fn new(boxes: Vec<MapBounds>) -> Option<Self> {
        (!boxes.is_empty()).then_some(Self(boxes))
    }

    /// Whether a place lies on or outside the edge, or inside and at most `distance_m` from it.
    pub fn is_at_edge(&self, (lon, lat): (f64, f64), distance_m: f64) -> bool {
        if self.0.iter().any(|b| depth_m(*b, lon, lat) > distance_m) {
            return false;
        }
        if self.0.len() == 1 {
            return true;
        }
        // Near a side of every box: the map ends here if one of the places around it is in none.
        let north = distance_m / DEGREE_M;
        let east = north / lat.to_radians().cos().max(0.01);
        let is_covered = |(x, y): &(f64, f64)| {
            let (lon, lat) = (lon + x * east, lat + y * north);
            self.0.iter().any(|b| {
                lon >= b.west - TOUCHING_DEG
                    && lon <= b.east + TOUCHING_DEG
                    && lat >= b.south - TOUCHING_DEG
                    && lat <= b.north + TOUCHING_DEG
            })
        };
        !(is_covered(&(0.0, 0.0)) && COMPASS.iter().all(is_covered))
    }
}

/// How far inside a box a place lies, m; 0 on its sides and outside.
fn depth_m(bounds: MapBounds, lon: f64, lat: f64) -> f64 {
    let MapBounds { west, south, east, north } = bounds;
    if lon <= west || lon >= east || lat <= south || lat >= north {
        return 0.0;
    }
    [(west, lat), (east, lat), (lon, south), (lon, north)]
        .into_iter()
        .map(|side| distance_m((lon, lat), side))
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(boxes: &[[f64; 4]]) -> MapCoverage {
        let boxes = boxes.iter().map(|b| MapBounds { west: b[0], south: b[1], east: b[2], north: b[3] });
        MapCoverage::new(boxes.collect()).unwrap()
    }

    #[test]
    fn one_box_ends_at_its_sides() {
        let one = coverage(&[[0.0, 0.0, 1.0, 1.0]]);
        assert!(!one.is_at_edge((0.5, 0.5), 50.0));
        assert!(one.is_at_edge((0.0004, 0.5), 50.0));
        assert!(!one.is_at_edge((0.0005, 0.5), 50.0));
        assert!(one.is_at_edge((1.5, 0.5), 50.0) && one.is_at_edge((1.0, 0.5), 50.0));
    }

    #[test]
    fn the_side_between_two_boxes_is_no_edge() {
        for gap in [0.0, 1e-7, -0.01] {
            let two = coverage(&[[0.0, 0.0, 1.0, 1.0], [1.0 + gap, 0.0, 2.0, 1.0]]);
            for x in [0.9997, 1.0, 1.0003] {
                assert!(!two.is_at_edge((x, 0.5), 50.0), "{x} {gap}");
                assert!(two.is_at_edge((x, 0.0003), 50.0), "{x} {gap}");
            }
            assert!(two.is_at_edge((0.0001, 0.5), 50.0) && two.is_at_edge((1.9999, 0.5), 50.0));
        }
        let apart = coverage(&[[0.0, 0.0, 1.0, 1.0], [1.5, 0.0, 2.0, 1.0]]);
        assert!(apart.is_at_edge((0.9999, 0.5), 50.0) && apart.is_at_edge((1.2, 0.5), 50.0));
    }

    #[test]
    fn a_box_within_another_changes_nothing() {
        let nested = coverage(&[[0.4, 0.4, 0.6, 0.6], [0.0, 0.0, 1.0, 1.0]]);
        assert!(!nested.is_at_edge((0.4, 0.5), 50.0) && !nested.is_at_edge((0.5, 0.5), 50.0));
        assert!(nested.is_at_edge((0.0, 0.5), 50.0));
    }
}
