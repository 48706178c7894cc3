//! Metres near one place: an equirectangular projection about a centre.
//!
//! Distances here only choose, weigh and label (which node is near, how far a walk to it is); travel times of roads come
//! with the roads. Over an area 100 km across the east-west scale is wrong by less than 2 % at middle latitudes.

/// Metres per degree of a great circle on the sphere of mean Earth radius 6,371,008.8 m (IUGG mean radius R1).
const METRES_PER_DEGREE: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0;

/// Longitude and latitude, degrees WGS 84.
pub(crate) type LonLat = [f64; 2];

/// A box of longitudes and latitudes: least corner, greatest corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LonLatBox {
    pub(crate) min: LonLat,
    pub(crate) max: LonLat,
}

impl LonLatBox {
    /// The smallest box around the points; `None` without points.
    pub(crate) fn around(points: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        points.into_iter().fold(None, |frame: Option<Self>, p| {
            Some(match frame {
                None => Self { min: p, max: p },
                Some(f) => Self {
                    min: [f.min[0].min(p[0]), f.min[1].min(p[1])],
                    max: [f.max[0].max(p[0]), f.max[1].max(p[1])],
                },
            })
        })
    }

    /// Whether the point is in the box, its edge included.
    pub(crate) fn covers(&self, p: LonLat) -> bool {
        (0..2).all(|i| self.min[i] <= p[i] && p[i] <= self.max[i])
    }

    /// Whether the two boxes have a point in common.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        (0..2).all(|i| self.min[i] <= other.max[i] && other.min[i] <= self.max[i])
    }

    /// The box with longitude and latitude exchanged.
    pub(crate) fn swapped(&self) -> Self {
        Self { min: [self.min[1], self.min[0]], max: [self.max[1], self.max[0]] }
    }

    /// Middle of the box.
    pub(crate) fn centre(&self) -> LonLat {
        [(self.min[0] + self.max[0]) / 2.0, (self.min[1] + self.max[1]) / 2.0]
    }
}

/// A plane around a place: metres east and north of it, with the length of a degree at that place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MetrePlane {
    centre: LonLat,
    east: f64,
}

impl MetrePlane {
    /// A plane that is true at `centre`.
    pub(crate) fn new(centre: LonLat) -> Self {
        Self { centre, east: METRES_PER_DEGREE * centre[1].to_radians().cos() }
    }

    /// Metres east and north of the centre.
    ///
    /// Longitudes are taken the short way round, so that places on both sides of the antimeridian are as near as they are.
    pub(crate) fn metres(&self, p: LonLat) -> [f64; 2] {
        [short_way(p[0] - self.centre[0]) * self.east, (p[1] - self.centre[1]) * METRES_PER_DEGREE]
    }

    /// The place that is so many metres east and north of the centre.
    pub(crate) fn place(&self, [east, north]: [f64; 2]) -> LonLat {
        [self.centre[0] + east / self.east, self.centre[1] + north / METRES_PER_DEGREE]
    }

    /// Straight distance in the plane between two places given in degrees, m.
    pub(crate) fn distance(&self, a: LonLat, b: LonLat) -> f64 {
        let (a, b) = (self.metres(a), self.metres(b));
        (a[0] - b[0]).hypot(a[1] - b[1])
    }
}

/// A difference of longitudes as -180 to 180 degrees.
fn short_way(degrees: f64) -> f64 {
    if degrees > 180.0 {
        degrees - 360.0
    } else if degrees < -180.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_antimeridian_is_no_distance() {
        let plane = MetrePlane::new([179.99, 0.0]);
        assert!((plane.distance([179.99, 0.0], [-179.99, 0.0]) - 2_223.9).abs() < 0.1);
    }

    #[test]
    fn a_degree_is_111_km_north_and_half_of_it_east_at_60_degrees() {
        let plane = MetrePlane::new([25.0, 60.0]);
        assert!((plane.distance([25.0, 60.0], [25.0, 61.0]) - 111_195.1).abs() < 0.1);
        assert!((plane.distance([25.0, 60.0], [26.0, 60.0]) - 111_195.1 / 2.0).abs() < 0.1);
    }
}
