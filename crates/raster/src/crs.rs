//! The coordinate systems that rasters and maps of people and hazards come in, by EPSG code or by the words of their makers.
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
    /// Mollweide's equal-area projection of the whole Earth (ESRI:54009), m, in which the counts of GHS-POP come: on a sphere of the
    /// semi-major axis of WGS 84.
    Mollweide,
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
            // a number of ESRI, which EPSG gives to nothing
            54009 => Some(Self::Mollweide),
            32601..=32660 => utm(32600, false),
            32701..=32760 => utm(32700, true),
            25828..=25838 => utm(25800, false),
            26901..=26923 => utm(26900, false),
            _ => None,
        }
    }

    /// The system that a text in well-known form (WKT 1, of ESRI or OGC) describes, as in the `.prj` of a shapefile or the key of a
    /// GeoTIFF: the same ones as [`from_epsg`](Self::from_epsg), and Mollweide. `None` for any other.
    #[must_use]
    pub fn from_wkt(text: &str) -> Option<Self> {
        let plain: String = text.to_ascii_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
        // the name of the datum alone: that of another may say how to come from it to WGS 84
        let datum = plain.split_once("DATUM[\"").and_then(|(_, rest)| rest.split_once('"'))?.0;
        let datum: String =
            datum.strip_prefix("D_").unwrap_or(datum).chars().filter(char::is_ascii_alphanumeric).collect();
        let is_known_datum = [
            "WGS1984",
            "WGS84",
            "WORLDGEODETICSYSTEM1984",
            "ETRS1989",
            "ETRS89",
            "EUROPEANTERRESTRIALREFERENCESYSTEM1989",
            "NORTHAMERICAN1983",
            "NORTHAMERICANDATUM1983",
            "NAD83",
        ]
        .contains(&datum.as_str());
        if !is_known_datum {
            return None;
        }
        let Some(projected) = plain.find("PROJCS[").map(|at| &plain[at..]) else {
            let is_degrees =
                plain.contains("GEOGCS[") && plain.contains("0.01745329") && is_greenwich(&plain);
            return is_degrees.then_some(Self::Geographic);
        };
        let is_metres = projected.ends_with(']')
            && (projected.contains("\"METER\",1") || projected.contains("\"METRE\",1"));
        if !is_metres || !is_greenwich(projected) {
            return None;
        }
        if projected.contains("PROJECTION[\"MOLLWEIDE\"") {
            let is_plain = ["FALSE_EASTING", "FALSE_NORTHING", "CENTRAL_MERIDIAN"]
                .iter()
                .all(|name| parameter(projected, name).is_none_or(|value| value == 0.0));
            return is_plain.then_some(Self::Mollweide);
        }
        if projected.contains("MERCATOR_AUXILIARY_SPHERE") || projected.contains("PSEUDO-MERCATOR") {
            return Some(Self::WebMercator);
        }
        if !projected.contains("PROJECTION[\"TRANSVERSE_MERCATOR\"") {
            return None;
        }
        let is_utm = parameter(projected, "SCALE_FACTOR") == Some(SCALE)
            && parameter(projected, "FALSE_EASTING") == Some(EASTING)
            && parameter(projected, "LATITUDE_OF_ORIGIN").is_none_or(|latitude| latitude == 0.0);
        let zone = (parameter(projected, "CENTRAL_MERIDIAN")? + 183.0) / 6.0;
        let south = match parameter(projected, "FALSE_NORTHING") {
            None | Some(0.0) => false,
            Some(northing) if northing == SOUTHING => true,
            Some(_) => return None,
        };
        let zone = (1..=60_u8).find(|&known| f64::from(known) == zone)?;
        is_utm.then_some(Self::Utm { zone, south })
    }

    /// From longitude and latitude, degrees, to x and y in the system's unit.
    #[must_use]
    pub fn forward(self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Geographic => [lon, lat],
            Self::WebMercator => [A * lon.to_radians(), A * lat.to_radians().sin().atanh()],
            Self::Mollweide => mollweide([lon, lat]),
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
            Self::Mollweide => {
                // beyond the ellipse that is the Earth there is nothing: its edge is the nearest place
                let theta = (y / (A * std::f64::consts::SQRT_2)).clamp(-1.0, 1.0).asin();
                let parallel = 2.0 * std::f64::consts::SQRT_2 / std::f64::consts::PI * A * theta.cos();
                let lon = if parallel > 0.0 { (x / parallel).to_degrees().clamp(-180.0, 180.0) } else { 0.0 };
                let sine = (2.0 * theta + (2.0 * theta).sin()) / std::f64::consts::PI;
                [lon, sine.clamp(-1.0, 1.0).asin().to_degrees()]
            }
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

/// Mollweide's projection (J. P. Snyder, Map Projections: A Working Manual, 1987, p. 251): 2 t + sin 2t = pi sin(latitude), by Newton's
/// method.
fn mollweide([lon, lat]: [f64; 2]) -> [f64; 2] {
    use std::f64::consts::{FRAC_PI_2, PI, SQRT_2};
    let phi = lat.to_radians();
    let wanted = PI * phi.sin();
    // where the slope is nearly none, at the poles, t follows from 3/4 pi (pi/2 - phi)^2 = (pi/2 - t)^3 and Newton's steps are small
    let near_pole = FRAC_PI_2 - (0.75 * PI * (FRAC_PI_2 - phi.abs()).powi(2)).cbrt();
    let mut theta = if phi.abs() > 1.4 { near_pole.copysign(phi) } else { phi * 0.8 };
    for _ in 0..60 {
        let slope = 2.0 + 2.0 * (2.0 * theta).cos();
        if slope < 1e-14 {
            break;
        }
        let step = (2.0 * theta + (2.0 * theta).sin() - wanted) / slope;
        theta = (theta - step).clamp(-FRAC_PI_2, FRAC_PI_2);
        if step.abs() < 1e-15 {
            break;
        }
    }
    [2.0 * SQRT_2 / PI * A * lon.to_radians() * theta.cos(), SQRT_2 * A * theta.sin()]
}

/// Whether longitudes count from Greenwich.
fn is_greenwich(plain: &str) -> bool {
    !plain.contains("PRIMEM[") || plain.contains("PRIMEM[\"GREENWICH\"")
}

/// A parameter of a projection in well-known text, in capitals and without spaces.
fn parameter(plain: &str, name: &str) -> Option<f64> {
    let (_, rest) = plain.split_once(&format!("PARAMETER[\"{name}\","))?;
    rest.split([']', ',']).next()?.parse().ok()
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
    fn mollweide_is_where_proj_has_it() {
        // pyproj 3.7.2, EPSG:4326 to ESRI:54009
        for (place, expected) in [
            ([24.94, 60.17], [1_612_206.274, 6_892_984.699]),
            ([34.3, 31.3], [3_118_466.018, 3_795_643.724]),
            ([-120.5, -33.25], [-10_809_907.389, -4_021_838.166]),
            ([179.9, 89.9], [276_036.113, 9_018_990.687]),
            ([0.0, 0.0], [0.0, 0.0]),
        ] {
            let there = CoordinateSystem::Mollweide.forward(place);
            let off = (there[0] - expected[0]).hypot(there[1] - expected[1]);
            assert!(off < 0.01, "{place:?}: {there:?}, {off} m off");
            let back = CoordinateSystem::Mollweide.inverse(there);
            assert!(
                (place[0] - back[0]).abs() < 1e-6 && (place[1] - back[1]).abs() < 1e-6,
                "{place:?} {back:?}"
            );
        }
        let beyond = CoordinateSystem::Mollweide.inverse([1e9, 1e9]);
        assert!(beyond.iter().all(|degrees| degrees.is_finite()), "{beyond:?}");
    }

    #[test]
    fn systems_are_known_by_their_words() {
        let geographic = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        assert_eq!(CoordinateSystem::from_wkt(geographic), Some(CoordinateSystem::Geographic));
        let projected = |projection: &str, parameters: &str| {
            CoordinateSystem::from_wkt(&format!(
                r#"PROJCS["x",{geographic},PROJECTION["{projection}"],{parameters}UNIT["Meter",1.0]]"#
            ))
        };
        assert_eq!(projected("Mollweide", ""), Some(CoordinateSystem::Mollweide));
        assert_eq!(projected("Mollweide", r#"PARAMETER["Central_Meridian",11.0],"#), None);
        let utm = |northing: &str, meridian: &str| {
            format!(
                r#"PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",{northing}],PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],"#
            )
        };
        let found = projected("Transverse_Mercator", &utm("0.0", "27.0"));
        assert_eq!(found, Some(CoordinateSystem::Utm { zone: 35, south: false }));
        let found = projected("Transverse_Mercator", &utm("10000000.0", "-69.0"));
        assert_eq!(found, Some(CoordinateSystem::Utm { zone: 19, south: true }));
        assert_eq!(projected("Transverse_Mercator", &utm("0.0", "26.5")), None);
        assert_eq!(projected("Lambert_Conformal_Conic", ""), None);
        assert_eq!(CoordinateSystem::from_wkt(&geographic.replace("WGS_1984", "Pulkovo_1942")), None);
        assert_eq!(CoordinateSystem::from_wkt(""), None);
        // how to come from another datum to WGS 84 does not make it WGS 84: ED50 is off by some 150 m
        let shifted = |datum: &str| {
            let datum =
                format!(r#"DATUM["{datum}",SPHEROID["x",6378388,297],TOWGS84[-87,-98,-121,0,0,0,0]]"#);
            CoordinateSystem::from_wkt(&format!(
                r#"GEOGCS["x",{datum},PRIMEM["Greenwich",0.0],UNIT["degree",0.0174532925199433]]"#
            ))
        };
        assert_eq!(shifted("European_Datum_1950"), None);
        assert_eq!(shifted("Tokyo"), None);
        assert_eq!(shifted("World Geodetic System 1984"), Some(CoordinateSystem::Geographic));
    }

    #[test]
    fn there_and_back() {
        for code in [4326, 3857, 54009, 32634, 32734, 25835, 26911] {
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
        assert_eq!(CoordinateSystem::from_epsg(3035), None);
        assert_eq!(CoordinateSystem::from_epsg(0), None);
    }
}
