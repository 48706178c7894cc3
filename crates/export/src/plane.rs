//! Positions in metres around the middle of a scenario, for programs that know no degrees: the equidistant cylindrical projection on a
//! sphere (x along the parallel of the middle, y along its meridian). Within a region the error is far below what a map shows; no
//! travel time rests on it.

use clearway_model::number::float;

/// Mean radius of the Earth, m (IUGG).
const RADIUS_M: f64 = 6_371_008.8;

/// A plane whose origin is the middle of some places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LocalMetres {
    lon: f64,
    lat: f64,
}

impl LocalMetres {
    /// Around the mean of some positions, to a millionth of a degree.
    pub fn around(positions: &[[f64; 2]]) -> Self {
        let count = float(positions.len().max(1));
        let mean = |axis: usize| {
            let sum: f64 = positions.iter().map(|position| position[axis]).sum();
            (sum / count * 1e6).round() / 1e6
        };
        Self { lon: mean(0), lat: mean(1) }
    }

    /// Metres east and north of the origin.
    pub fn metres(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        let x = (lon - self.lon).to_radians() * RADIUS_M * self.lat.to_radians().cos();
        [x, (lat - self.lat).to_radians() * RADIUS_M]
    }

    /// The same in the words of PROJ.
    pub fn proj(&self) -> String {
        format!(
            "+proj=eqc +lat_ts={} +lat_0={} +lon_0={} +R={RADIUS_M} +units=m +no_defs",
            self.lat, self.lat, self.lon
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_of_latitude_is_a_nautical_mile_and_one_of_longitude_half_of_it_at_60_degrees() {
        let plane = LocalMetres::around(&[[24.0, 60.0], [26.0, 60.0]]);
        let [x, y] = plane.metres([25.0 + 1.0 / 60.0, 60.0 + 1.0 / 60.0]);
        assert!((y - 1853.25).abs() < 0.1 && (x - y / 2.0).abs() < 0.1, "{x} {y}");
        assert!(plane.proj().contains("+lat_0=60 +lon_0=25"), "{}", plane.proj());
    }
}
