//! Points on the earth: longitude and latitude swapped, points far from all others, roads shorter than the straight line.
//!
//! No figure of a plan rests on coordinates, but maps do, and points in the wrong place are most often rows in the wrong place.

use super::ScenarioCheck;
use crate::table::TableRow;
use clearway_model::{Fault, LinkRow, NodeRow, SiteRow, ZoneRow};
use std::collections::BTreeMap;

/// Mean radius of the earth, m (IUGG).
const RADIUS: f64 = 6_371_008.8;
/// Farther north or south there are hardly any people; more often the columns are swapped.
const FAR_NORTH: f64 = 84.0;
/// A point this many times farther off than half of all points is far from the rest...
const FAR: f64 = 20.0;
/// ... if it is at least this far, m.
const FAR_M: f64 = 100_000.0;

/// A road shorter than this share of the straight line ...
const SHORTER: f64 = 0.95;
/// ... less what rounding of coordinates may make, m, is too short.
const ROUNDED_M: f64 = 20.0;

/// Longitude and latitude, degrees.
pub(super) type Point = [f64; 2];

/// Great-circle distance, m; haversine formula (Sinnott 1984).
pub(super) fn distance_m(a: Point, b: Point) -> f64 {
    let (lat_a, lat_b) = (a[1].to_radians(), b[1].to_radians());
    let (half_lat, half_lon) = ((lat_b - lat_a) / 2.0, (b[0] - a[0]).to_radians() / 2.0);
    let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    2.0 * RADIUS * h.sqrt().min(1.0).asin()
}

/// The point if it is on the earth.
pub(super) fn on_earth(x: f64, y: f64) -> Option<Point> {
    (x.abs() <= 180.0 && y.abs() <= 90.0).then_some([x, y])
}

fn both_on_earth(x: Option<f64>, y: Option<f64>) -> Option<Point> {
    on_earth(x?, y?)
}

/// Positions of the nodes that have one.
pub(super) fn node_points<'s>(check: &ScenarioCheck<'s>) -> BTreeMap<&'s str, Point> {
    let points = check.sound(&check.scenario.nodes).into_iter();
    points
        .filter(|(_, row)| !check.misplaced.contains(row.node_id.as_str()))
        .filter_map(|(_, row)| Some((row.node_id.as_str(), on_earth(row.x_coord, row.y_coord)?)))
        .collect()
}

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    let scenario = check.scenario;
    if is_all_swapped(check) {
        check.misplaced = scenario.nodes.iter().map(|row| row.node_id.as_str()).collect();
    } else if let Some(middle) = MapMiddle::of(check) {
        let misplaced = points(check, &middle, &scenario.nodes, |row| on_earth(row.x_coord, row.y_coord));
        check.misplaced = misplaced
            .into_iter()
            .filter_map(|index| Some(scenario.nodes.get(index)?.node_id.as_str()))
            .collect();
        points(check, &middle, &scenario.zones, |row| both_on_earth(row.x_coord, row.y_coord));
        points(check, &middle, &scenario.sites, |row| both_on_earth(row.x_coord, row.y_coord));
    }
    halves(check, &scenario.zones, |row: &ZoneRow| (row.x_coord, row.y_coord));
    halves(check, &scenario.sites, |row: &SiteRow| (row.x_coord, row.y_coord));
    straight_lines(check);
}

/// Whether the network as a whole makes sense only with longitude and latitude swapped: it is where nobody lives, its roads are
/// shorter than the straight line, or its clocks are those of another part of the world. Reported once.
fn is_all_swapped(check: &mut ScenarioCheck<'_>) -> bool {
    let Some(middle) = MapMiddle::of(check) else {
        return false;
    };
    let [x, y] = middle.point;
    let Some(swapped) = on_earth(y, x) else {
        return false;
    };
    let found = format!("{x:.3}, {y:.3}");
    let hint = "are x_coord (longitude) and y_coord (latitude) swapped?";
    if y.abs() > FAR_NORTH && swapped[1].abs() <= FAR_NORTH {
        let expected = format!("nodes whose middle is less than {FAR_NORTH} degrees from the equator");
        let fault = Fault::error(check.origin.file::<NodeRow>(), "", expected);
        check.findings.push(0, fault.field("x_coord, y_coord", found).hint(hint));
        return true;
    }
    if lengths_fit_swapped(check) {
        let fault =
            Fault::error(check.origin.file::<NodeRow>(), "", "distances that fit the lengths of the links");
        check.findings.push(0, fault.field("x_coord, y_coord", found).hint(hint));
        return true;
    }
    let Some(hours) = offset_hours(&check.scenario.settings.start) else {
        return false;
    };
    // clocks follow the sun, 15 degrees an hour, to about two hours; a clock on UTC says nothing
    let off = |longitude: f64| {
        let difference = (longitude / 15.0 - hours).rem_euclid(24.0);
        difference.min(24.0 - difference)
    };
    if hours != 0.0 && off(x) > 4.0 && off(swapped[0]) < 1.5 {
        let expected = format!("longitudes that fit the clock of start (UTC {hours:+})");
        check.table_warning::<NodeRow>(("x_coord, y_coord", found), expected, hint);
        return true;
    }
    false
}

/// Whether many links are shorter than the straight line as given and hardly any with longitude and latitude swapped.
fn lengths_fit_swapped(check: &ScenarioCheck<'_>) -> bool {
    let nodes = node_points(check);
    let (mut all, mut given, mut swapped) = (0usize, 0usize, 0usize);
    for (_, row) in check.sound(&check.scenario.links) {
        let ends = nodes.get(row.from_node_id.as_str()).zip(nodes.get(row.to_node_id.as_str()));
        let (Some(([ax, ay], [bx, by])), Some(length_m)) = (ends, row.length_m) else {
            continue;
        };
        let is_shorter = |line_m: f64| usize::from(length_m < SHORTER * line_m - ROUNDED_M);
        all += 1;
        given += is_shorter(distance_m([*ax, *ay], [*bx, *by]));
        swapped += is_shorter(distance_m([*ay, *ax], [*by, *bx]));
    }
    all >= 3 && given * 5 > all && swapped * 50 < all
}

/// The offset at the end of an RFC 3339 time, h.
fn offset_hours(start: &str) -> Option<f64> {
    let timestamp: jiff::Timestamp = start.parse().ok()?;
    let clock: jiff::civil::DateTime = start.get(..19)?.parse().ok()?;
    let utc = timestamp.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    Some(utc.duration_until(clock).as_secs_f64() / 3600.0)
}

/// Where most points are.
struct MapMiddle {
    point: Point,
    /// Half of the points are nearer to it than this, m.
    radius_m: f64,
}

impl MapMiddle {
    /// Median of the nodes' coordinates; needs three nodes to tell which one is out of place.
    fn of(check: &ScenarioCheck<'_>) -> Option<Self> {
        let points: Vec<Point> = node_points(check).into_values().collect();
        if points.len() < 3 {
            return None;
        }
        let point = [median(points.iter().map(|p| p[0]))?, median(points.iter().map(|p| p[1]))?];
        let radius_m = median(points.iter().map(|p| distance_m(point, *p)))?;
        Some(Self { point, radius_m })
    }

    fn limit_m(&self) -> f64 {
        (FAR * self.radius_m).max(FAR_M)
    }

    fn is_far(&self, point: Point) -> bool {
        distance_m(self.point, point) > self.limit_m()
    }
}

fn median(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}

/// Reports points far from the rest and returns which rows they are in.
fn points<R: TableRow>(
    check: &mut ScenarioCheck<'_>,
    middle: &MapMiddle,
    rows: &[R],
    point: fn(&R) -> Option<Point>,
) -> Vec<usize> {
    let mut misplaced = Vec::new();
    let mut far = Vec::new();
    for (index, row) in check.sound(rows) {
        let Some(point) = point(row).filter(|point| middle.is_far(*point)) else {
            continue;
        };
        misplaced.push(index);
        let found = format!("{}, {}", point[0], point[1]);
        if on_earth(point[1], point[0]).is_some_and(|swapped| !middle.is_far(swapped)) {
            let expected =
                format!("a point near the others, around {:.3}, {:.3}", middle.point[0], middle.point[1]);
            let hint = "x_coord (longitude) and y_coord (latitude) are swapped";
            check.error(index, row, ("x_coord, y_coord", found), expected, hint);
        } else {
            let km = distance_m(middle.point, point) / 1000.0;
            far.push((
                index,
                found,
                format!("a point near the others; this one is {km:.0} km from their middle"),
            ));
        }
    }
    check.warnings(rows, "x_coord, y_coord", &far, "an empty or wrong coordinate?");
    misplaced
}

/// One coordinate without the other.
fn halves<R: TableRow>(
    check: &mut ScenarioCheck<'_>,
    rows: &[R],
    both: fn(&R) -> (Option<f64>, Option<f64>),
) {
    for (index, row) in check.sound(rows) {
        let (given, missing) = match both(row) {
            (Some(_), None) => ("x_coord", "y_coord"),
            (None, Some(_)) => ("y_coord", "x_coord"),
            _ => continue,
        };
        check.warning(
            index,
            row,
            (missing, ""),
            format!("a number, as {given} is given"),
            "a point needs both",
        );
    }
}

/// Roads shorter than the straight line between their nodes.
fn straight_lines(check: &mut ScenarioCheck<'_>) {
    let nodes = node_points(check);
    let links = &check.scenario.links;
    let mut shorter = Vec::new();
    for (index, row) in check.sound(links) {
        let ends = nodes.get(row.from_node_id.as_str()).zip(nodes.get(row.to_node_id.as_str()));
        let (Some((from, to)), Some(length_m)) = (ends, row.length_m.filter(|length| *length > 0.0)) else {
            continue;
        };
        let line_m = distance_m(*from, *to);
        if line_m > 200.0 && length_m < 0.1 * line_m {
            let expected = format!("at least {line_m:.0} m, the straight line between the nodes");
            check.error(index, row, ("length_m", length_m), expected, length_hint(length_m, line_m));
        } else if length_m < SHORTER * line_m - ROUNDED_M {
            shorter.push((
                index,
                length_m.to_string(),
                format!("at least {line_m:.0} m, the straight line between the nodes"),
            ));
        }
    }
    let hint = "a coordinate or the length is wrong, or longitude and latitude are swapped";
    check.warnings::<LinkRow>(links, "length_m", &shorter, hint);
}

fn length_hint(length_m: f64, line_m: f64) -> &'static str {
    let times = line_m / length_m;
    if (300.0..=1010.0).contains(&times) {
        "this looks like kilometres; length_m is in metres"
    } else {
        "length_m is in metres; or a node is in the wrong place"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_globe() {
        // one degree of a great circle of 6,371,008.8 m radius
        assert!((distance_m([0.0, 0.0], [0.0, 1.0]) - 111_195.08).abs() < 0.01);
        assert!((distance_m([179.5, 0.0], [-179.5, 0.0]) - 111_195.08).abs() < 0.01);
        // at 60 degrees north a degree of longitude is half as long
        assert!((distance_m([24.0, 60.0], [25.0, 60.0]) / 55_597.5 - 1.0).abs() < 1e-3);
    }

    #[test]
    fn offsets_are_read_from_the_time() {
        assert_eq!(offset_hours("2024-05-06T08:00:00+03:00"), Some(3.0));
        assert_eq!(offset_hours("2024-05-06T22:00:00-05:30"), Some(-5.5));
        assert_eq!(offset_hours("2026-06-01T08:00:00Z"), Some(0.0));
        assert_eq!(offset_hours("soon"), None);
    }
}
