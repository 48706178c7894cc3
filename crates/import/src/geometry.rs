//! Lengths on the earth and simplified lines. Coordinates are (longitude, latitude) in degrees, WGS 84.

use std::fmt::Write;

/// Semi-major axis of WGS 84, m.
const AXIS_M: f64 = 6_378_137.0;
/// First eccentricity squared of WGS 84.
const ECCENTRICITY_2: f64 = 0.006_694_379_990_14;

/// Metres per radian of latitude and of longitude at a latitude (radii of curvature in the meridian and the prime
/// vertical; Torge, Geodesy, section 4.1).
fn metres_per_radian(latitude: f64) -> (f64, f64) {
    let (sin, cos) = latitude.to_radians().sin_cos();
    let w2 = 1.0 - ECCENTRICITY_2 * sin * sin;
    let w = w2.sqrt();
    (AXIS_M * (1.0 - ECCENTRICITY_2) / (w2 * w), AXIS_M * cos / w)
}

/// Difference of longitudes the short way round, degrees.
fn longitude_difference(a: f64, b: f64) -> f64 {
    let d = b - a;
    if d > 180.0 {
        d - 360.0
    } else if d < -180.0 {
        d + 360.0
    } else {
        d
    }
}

/// Distance between two points on the WGS 84 ellipsoid, m, by the mid-latitude formula.
///
/// Within 0.01 % of the geodesic up to 100 km outside the polar regions; roads are measured point by point, where the
/// formula is exact for every practical purpose.
///
/// ```
/// // one minute of latitude at 45 degrees is 1852 m
/// let d = clearway_import::distance_m((10.0, 45.0 - 0.5 / 60.0), (10.0, 45.0 + 0.5 / 60.0));
/// assert!((d - 1852.2).abs() < 0.1);
/// ```
pub fn distance_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_m, lon_m) = metres_per_radian(f64::midpoint(a.1, b.1));
    let dy = (b.1 - a.1).to_radians() * lat_m;
    let dx = longitude_difference(a.0, b.0).to_radians() * lon_m;
    dx.hypot(dy)
}

/// Length of a line, m.
pub(crate) fn length_m(line: &[(f64, f64)]) -> f64 {
    line.windows(2).map(|w| distance_m(w[0], w[1])).sum()
}

/// Drops points as long as the line stays within the tolerance (Douglas and Peucker 1973). The ends stay.
pub(crate) fn simplify_line(line: &[(f64, f64)], tolerance_m: f64) -> Vec<(f64, f64)> {
    if line.len() < 3 || tolerance_m <= 0.0 {
        return line.to_vec();
    }
    let (lat_m, lon_m) = metres_per_radian(line[0].1);
    let flat: Vec<(f64, f64)> = line
        .iter()
        .map(|p| {
            (
                longitude_difference(line[0].0, p.0).to_radians() * lon_m,
                (p.1 - line[0].1).to_radians() * lat_m,
            )
        })
        .collect();
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[line.len() - 1] = true;
    let mut open = vec![(0, line.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let mut farthest = (tolerance_m, 0);
        for (i, p) in flat.iter().enumerate().take(to).skip(from + 1) {
            let d = distance_to_segment(*p, flat[from], flat[to]);
            if d > farthest.0 {
                farthest = (d, i);
            }
        }
        if farthest.1 > 0 {
            keep[farthest.1] = true;
            open.push((from, farthest.1));
            open.push((farthest.1, to));
        }
    }
    line.iter().zip(keep).filter(|(_, k)| *k).map(|(p, _)| *p).collect()
}

fn distance_to_segment(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length2 = dx * dx + dy * dy;
    let t =
        if length2 > 0.0 { (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (p.0 - a.0 - t * dx).hypot(p.1 - a.1 - t * dy)
}

/// `LINESTRING (lon lat, ...)` with six decimals (0.1 m).
pub(crate) fn to_wkt(line: &[(f64, f64)]) -> String {
    let mut text = String::with_capacity(14 + line.len() * 23);
    text.push_str("LINESTRING (");
    for (i, (x, y)) in line.iter().enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        let _ = write!(text, "{x:.6} {y:.6}");
    }
    text.push(')');
    text
}

/// Points of a WKT `LINESTRING`, with or without a third coordinate; `None` if the text is something else.
pub(crate) fn from_wkt(text: &str) -> Option<Vec<(f64, f64)>> {
    let text = text.trim();
    let head = text.get(..10)?;
    if !head.eq_ignore_ascii_case("linestring") {
        return None;
    }
    let inside = text[10..].trim().trim_start_matches(['Z', 'z']).trim();
    let inside = inside.strip_prefix('(')?.strip_suffix(')')?;
    let mut line = Vec::new();
    for point in inside.split(',') {
        let mut numbers = point.split_whitespace().map(str::parse::<f64>);
        let x = numbers.next()?.ok().filter(|v| v.is_finite())?;
        let y = numbers.next()?.ok().filter(|v| v.is_finite())?;
        line.push((x, y));
    }
    (line.len() >= 2).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_agrees_with_a_surveyed_geodesic() {
        // Flinders Peak to Buninyong, 54 972.271 m (Geocentric Datum of Australia, technical manual, Vincenty's example).
        let flinders = (144.424_867_889, -37.951_033_417);
        let buninyong = (143.926_495_528, -37.652_821_139);
        assert!((distance_m(flinders, buninyong) - 54_972.271).abs() < 1.0);
    }

    #[test]
    fn distance_goes_the_short_way_over_the_date_line() {
        assert!((distance_m((179.999, 0.0), (-179.999, 0.0)) - 222.64).abs() < 0.01);
    }

    #[test]
    fn lines_lose_only_points_within_the_tolerance() {
        let line = [(0.0, 0.0), (0.000_5, 0.000_001), (0.001, 0.0), (0.001, 0.001)];
        assert_eq!(simplify_line(&line, 2.0), [(0.0, 0.0), (0.001, 0.0), (0.001, 0.001)]);
        assert_eq!(simplify_line(&line, 0.0).len(), 4);
        assert_eq!(simplify_line(&line, 0.01).len(), 4);
    }

    #[test]
    fn closed_lines_keep_their_far_side() {
        let line = [(0.0, 0.0), (0.001, 0.0), (0.001, 0.001), (0.0, 0.0)];
        assert_eq!(simplify_line(&line, 2.0).len(), 4);
    }

    #[test]
    fn wkt_comes_back() {
        let line = vec![(-96.770_451, 43.612_565), (-96.711_282, 43.605_55)];
        assert_eq!(to_wkt(&line), "LINESTRING (-96.770451 43.612565, -96.711282 43.605550)");
        assert_eq!(from_wkt(&to_wkt(&line)), Some(line));
        assert_eq!(from_wkt("LINESTRING Z(1 2 3,4 5 6)"), Some(vec![(1.0, 2.0), (4.0, 5.0)]));
        assert_eq!(from_wkt("POINT (1 2)"), None);
        assert_eq!(from_wkt("LINESTRING (1 2)"), None);
        assert_eq!(from_wkt("é"), None);
    }
}
