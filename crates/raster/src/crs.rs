//! The coordinate systems that rasters of people and hazards come in, by EPSG code.
//!
//! UTM by the series of Krüger (1912) in the third flattening n, to the third order: better than a centimetre within a zone.

/// Semi-major axis, m, and flattening of WGS 84. GRS 80 differs by a tenth of a millimetre.
const A: f64 = 6_378_137.0;
const F: f64 = 1.0 / 298.257_223_563;

/// Scale on the central meridian and false easting, m, of every UTM zone; false northing, m, of the southern ones.
const SCALE: f64 = 0.9996;
const EASTING: f64 = 500_000.0;
const SOUTHING: f64 = 10_000_000.0;

/// A coordinate system that can be computed from WGS 84 longitude and latitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoordinateSystem {
    /// Longitude and latitude, degrees.
    Geographic,
    /// Spherical Mercator of web maps (EPSG:3857), m.
    WebMercator,
    /// Universal Transverse Mercator, m.
    Utm {
        /// Zone, 1 to 60.
        zone: u8,
        /// Whether northing counts from 10,000 km south of the equator.
        south: bool,
    },
}

impl CoordinateSystem {
    /// The system with this EPSG code: WGS 84, ETRS89 and NAD83 (which agree to about 2 m) as degrees or UTM, and web Mercator.
    #[must_use]
    pub fn from_epsg(code: u16) -> Option<Self> {
        // the last two digits of these codes are the zone
        let utm = |from: u16, south| u8::try_from(code - from).ok().map(|zone| Self::Utm { zone, south });
        match code {
            4326 | 4258 | 4269 => Some(Self::Geographic),
            3857 => Some(Self::WebMercator),
            32601..=32660 => utm(32600, false),
            32701..=32760 => utm(32700, true),
            25828..=25838 => utm(25800, false),
            26901..=26923 => utm(26900, false),
            _ => None,
        }
    }

    /// From longitude and latitude, degrees, to x and y in the system's unit.
    #[must_use]
    pub fn forward(self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Geographic => [lon, lat],
            Self::WebMercator => [A * lon.to_radians(), A * lat.to_radians().sin().atanh()],
            Self::Utm { zone, south } => {
                let n = third_flattening();
                let e = 2.0 * n.sqrt() / (1.0 + n);
                let (phi, lambda) = (lat.to_radians(), (lon - meridian(zone)).to_radians());
                let t = (phi.sin().atanh() - e * (e * phi.sin()).atanh()).sinh();
                let xi = t.atan2(lambda.cos());
                let eta = (lambda.sin() / (1.0 + t * t).sqrt()).atanh();
                let (mut x, mut y) = (eta, xi);
                for (j, a) in (1_u8..).zip(alpha(n)) {
                    let k = 2.0 * f64::from(j);
                    x += a * (k * xi).cos() * (k * eta).sinh();
                    y += a * (k * xi).sin() * (k * eta).cosh();
                }
                let r = SCALE * rectifying_radius(n);
                [EASTING + r * x, r * y + if south { SOUTHING } else { 0.0 }]
            }
        }
    }

    /// From x and y in the system's unit to longitude and latitude, degrees.
    #[must_use]
    pub fn inverse(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Geographic => [x, y],
            Self::WebMercator => [(x / A).to_degrees(), (y / A).tanh().asin().to_degrees()],
            Self::Utm { zone, south } => {
                let n = third_flattening();
                let r = SCALE * rectifying_radius(n);
                let xi = (y - if south { SOUTHING } else { 0.0 }) / r;
                let eta = (x - EASTING) / r;
                let (mut xi0, mut eta0) = (xi, eta);
                for (j, b) in (1_u8..).zip(beta(n)) {
                    let k = 2.0 * f64::from(j);
                    xi0 -= b * (k * xi).sin() * (k * eta).cosh();
                    eta0 -= b * (k * xi).cos() * (k * eta).sinh();
                }
                let chi = (xi0.sin() / eta0.cosh()).asin();
                let phi = (1_u8..)
                    .zip(delta(n))
                    .fold(chi, |phi, (j, d)| phi + d * (2.0 * f64::from(j) * chi).sin());
                [meridian(zone) + eta0.sinh().atan2(xi0.cos()).to_degrees(), phi.to_degrees()]
            }
        }
    }
}

fn third_flattening() -> f64 {
    F / (2.0 - F)
}

fn rectifying_radius(n: f64) -> f64 {
    A / (1.0 + n) * (1.0 + n * n / 4.0 + n.powi(4) / 64.0)
}

/// Longitude of a zone's central meridian, degrees.
fn meridian(zone: u8) -> f64 {
    f64::from(zone) * 6.0 - 183.0
}

fn alpha(n: f64) -> [f64; 3] {
    let (n2, n3) = (n * n, n * n * n);
    [n / 2.0 - 2.0 / 3.0 * n2 + 5.0 / 16.0 * n3, 13.0 / 48.0 * n2 - 3.0 / 5.0 * n3, 61.0 / 240.0 * n3]
}

fn beta(n: f64) -> [f64; 3] {
    let (n2, n3) = (n * n, n * n * n);
    [n / 2.0 - 2.0 / 3.0 * n2 + 37.0 / 96.0 * n3, n2 / 48.0 + n3 / 15.0, 17.0 / 480.0 * n3]
}

fn delta(n: f64) -> [f64; 3] {
    let (n2, n3) = (n * n, n * n * n);
    [2.0 * n - 2.0 / 3.0 * n2 - 2.0 * n3, 7.0 / 3.0 * n2 - 8.0 / 5.0 * n3, 56.0 / 15.0 * n3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_equator_and_the_meridian_are_where_they_must_be() {
        let north = CoordinateSystem::from_epsg(32631).unwrap();
        let [x, y] = north.forward([3.0, 0.0]);
        assert!((x - 500_000.0).abs() < 1e-6 && y.abs() < 1e-6);
        // Length of the meridian from the equator to 45 degrees on WGS 84: 4,984,944.378 m.
        let [_, y] = north.forward([3.0, 45.0]);
        assert!((y - 0.9996 * 4_984_944.378).abs() < 0.01, "{y}");
        let [_, south] = CoordinateSystem::from_epsg(32731).unwrap().forward([3.0, -45.0]);
        assert!((south - (1e7 - y)).abs() < 1e-6);
    }

    #[test]
    fn there_and_back() {
        for code in [4326, 3857, 32634, 32734, 25835, 26911] {
            let crs = CoordinateSystem::from_epsg(code).unwrap();
            let east = match crs {
                CoordinateSystem::Utm { zone, .. } => meridian(zone),
                _ => 20.0,
            };
            for p in [[east + 2.5, 61.0], [east - 3.0, 12.0], [east, 31.0]] {
                let q = crs.inverse(crs.forward(p));
                assert!((p[0] - q[0]).abs() < 1e-7 && (p[1] - q[1]).abs() < 1e-7, "{code}: {p:?} {q:?}");
            }
        }
        assert_eq!(CoordinateSystem::from_epsg(54009), None);
        assert_eq!(CoordinateSystem::from_epsg(0), None);
    }
}
