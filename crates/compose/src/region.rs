//! Polygons with an index: is a point in them, how far is it from them, does a line touch them.
//!
//! A region is closed: its edge, and the edge of its holes, belong to it. Tests work on the degrees as given, so a line that
//! ends on an edge is found to touch it.

use crate::plane::{LonLat, LonLatBox, MetrePlane};
use geo::{Coord, Intersects, Line, MultiPolygon};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

/// A side of a polygon's ring.
#[derive(Debug, Clone, Copy)]
struct RingEdge {
    from: [f64; 2],
    to: [f64; 2],
    polygon: usize,
}

impl RingEdge {
    fn line(&self) -> Line<f64> {
        Line::new(coord(self.from), coord(self.to))
    }
}

impl RTreeObject for RingEdge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.from, self.to)
    }
}

impl PointDistance for RingEdge {
    fn distance_2(&self, p: &[f64; 2]) -> f64 {
        distance_2(p, self.from, self.to)
    }
}

/// Square of the distance of a point from a straight stretch.
pub(crate) fn distance_2(p: &[f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length_2 = dx * dx + dy * dy;
    let along = if length_2 > 0.0 {
        (((p[0] - from[0]) * dx + (p[1] - from[1]) * dy) / length_2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (ex, ey) = (p[0] - from[0] - along * dx, p[1] - from[1] - along * dy);
    ex * ex + ey * ey
}

fn coord(p: [f64; 2]) -> Coord<f64> {
    Coord { x: p[0], y: p[1] }
}

/// One or more polygons, possibly with holes; a point is in the region if it is in any of them.
#[derive(Debug, Clone)]
pub(crate) struct AreaRegion {
    pub(crate) polygons: MultiPolygon<f64>,
    pub(crate) frame: LonLatBox,
    plane: MetrePlane,
    degrees: RTree<RingEdge>,
    metres: RTree<RingEdge>,
}

impl AreaRegion {
    /// Indexes the polygons; `None` if there is no point in them at all.
    pub(crate) fn new(polygons: MultiPolygon<f64>) -> Option<Self> {
        let mut edges = Vec::new();
        for (polygon, shape) in polygons.0.iter().enumerate() {
            for ring in std::iter::once(shape.exterior()).chain(shape.interiors()) {
                for line in ring.lines() {
                    edges.push(RingEdge {
                        from: [line.start.x, line.start.y],
                        to: [line.end.x, line.end.y],
                        polygon,
                    });
                }
            }
        }
        let frame = LonLatBox::around(edges.iter().flat_map(|e| [e.from, e.to]))?;
        let plane = MetrePlane::new(frame.centre());
        let flat = edges
            .iter()
            .map(|e| RingEdge { from: plane.metres(e.from), to: plane.metres(e.to), ..*e })
            .collect();
        Some(Self {
            polygons,
            frame,
            plane,
            degrees: RTree::bulk_load(edges),
            metres: RTree::bulk_load(flat),
        })
    }

    /// The plane in which its distances are measured.
    pub(crate) fn plane(&self) -> MetrePlane {
        self.plane
    }

    /// Whether the point is in the region or on its edge.
    pub(crate) fn covers(&self, p: LonLat) -> bool {
        if !self.frame.covers(p) {
            return false;
        }
        // A ray to the east crosses a polygon's edges an odd number of times if the point is inside.
        let ray = AABB::from_corners(p, [self.frame.max[0], p[1]]);
        let mut odd: Vec<usize> = Vec::new();
        for edge in self.degrees.locate_in_envelope_intersecting(&ray) {
            if edge.line().intersects(&coord(p)) {
                return true;
            }
            let (a, b) = (edge.from, edge.to);
            if (a[1] > p[1]) != (b[1] > p[1]) {
                let crossing = a[0] + (p[1] - a[1]) * (b[0] - a[0]) / (b[1] - a[1]);
                if p[0] < crossing {
                    match odd.iter().position(|&polygon| polygon == edge.polygon) {
                        Some(at) => {
                            odd.swap_remove(at);
                        }
                        None => odd.push(edge.polygon),
                    }
                }
            }
        }
        !odd.is_empty()
    }

    /// Distance to the region, m; 0 inside it.
    pub(crate) fn distance_m(&self, p: LonLat) -> f64 {
        if self.covers(p) {
            return 0.0;
        }
        let p = self.plane.metres(p);
        self.metres.nearest_neighbor(&p).map_or(f64::INFINITY, |edge| edge.distance_2(&p).sqrt())
    }

    /// Whether any point of the line is in the region or on its edge.
    pub(crate) fn touches(&self, line: &[LonLat]) -> bool {
        match LonLatBox::around(line.iter().copied()) {
            Some(frame) if frame.meets(&self.frame) => {}
            _ => return false,
        }
        // Either the line crosses an edge or all of it is on one side, so its first point tells.
        line.first().is_some_and(|&p| self.covers(p))
            || line.windows(2).any(|pair| {
                let piece = Line::new(coord(pair[0]), coord(pair[1]));
                self.degrees
                    .locate_in_envelope_intersecting(&AABB::from_corners(pair[0], pair[1]))
                    .any(|edge| edge.line().intersects(&piece))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, Polygon};

    fn square(low: f64, high: f64) -> LineString<f64> {
        LineString::from(vec![(low, low), (high, low), (high, high), (low, high), (low, low)])
    }

    fn with_hole() -> AreaRegion {
        let ring = Polygon::new(square(0.0, 10.0), vec![square(4.0, 6.0)]);
        let apart = Polygon::new(square(20.0, 21.0), vec![]);
        AreaRegion::new(MultiPolygon(vec![ring, apart])).unwrap()
    }

    #[test]
    fn holes_are_outside_and_edges_inside() {
        let region = with_hole();
        for (p, expected) in [
            ([1.0, 1.0], true),
            ([5.0, 5.0], false),
            ([4.0, 5.0], true),
            ([10.0, 10.0], true),
            ([10.1, 5.0], false),
            ([20.5, 20.5], true),
            ([15.0, 15.0], false),
            ([5.0, 4.0], true),
            // The ray of this point runs along vertices of both rings.
            ([2.0, 4.0], true),
            ([-1.0, 0.0], false),
        ] {
            assert_eq!(region.covers(p), expected, "{p:?}");
        }
    }

    #[test]
    fn lines_touch() {
        let region = with_hole();
        assert!(region.touches(&[[-1.0, 5.0], [11.0, 5.0]]));
        assert!(region.touches(&[[1.0, 1.0], [2.0, 2.0]]), "wholly inside");
        assert!(region.touches(&[[-5.0, 0.0], [0.0, 0.0]]), "ends on the edge");
        assert!(!region.touches(&[[4.5, 4.5], [5.5, 5.5]]), "wholly in the hole");
        assert!(!region.touches(&[[11.0, 0.0], [11.0, 30.0], [15.0, 18.0]]), "between the parts");
    }

    #[test]
    fn distance_is_to_the_nearest_edge() {
        let region = with_hole();
        assert_eq!(region.distance_m([1.0, 1.0]), 0.0);
        let east = region.distance_m([10.5, 10.0]);
        assert!((east - 55_000.0).abs() < 1_500.0, "{east}");
    }
}
