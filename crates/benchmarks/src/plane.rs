//! A plane around the middle of a map.

use clearway_model::number::float;

/// Metres of a degree of latitude, and of longitude at the equator (a sphere of radius 6,371,008.8 m).
const DEGREE_M: f64 = 111_195.08;

/// Metres east and north of the origin, east-west shrunk by the cosine of one latitude for the whole map.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalPlane {
    east: f64,
}

impl LocalPlane {
    /// With the mean latitude of the points.
    pub fn around(points: &[(f64, f64)]) -> Self {
        let mean = points.iter().map(|p| p.1).sum::<f64>() / float(points.len().max(1));
        Self { east: DEGREE_M * mean.to_radians().cos() }
    }

    /// Of longitude and latitude, degrees.
    pub fn metres(self, at: (f64, f64)) -> (f64, f64) {
        (at.0 * self.east, at.1 * DEGREE_M)
    }
}
