//! A CSV of points with people.

use crate::plane::{Frame, LonLat};
use crate::record::{Record, read_table};
use crate::request::Input;
use clearway_model::{Fault, Faults};
use std::collections::BTreeMap;

const LON: [&str; 7] = ["lon", "longitude", "lng", "long", "x", "x_coord", "#geo+lon"];
const LAT: [&str; 6] = ["lat", "latitude", "y", "y_coord", "ycoord", "#geo+lat"];
/// Names of a column that counts people, best first.
pub(crate) const PEOPLE: [&str; 9] = [
    "people",
    "population",
    "pop",
    "t_tl",
    "total_population",
    "pop_total",
    "people_total",
    "count",
    "total",
];

/// Millionths of a person, the unit in which fractional counts are added exactly.
pub(crate) const MICRO: u64 = 1_000_000;

/// A point with people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) at: LonLat,
    /// Millionths of a person: counts made from rasters are fractional.
    pub(crate) micro_people: u64,
}

/// Reads the points. Each must have a place on Earth and a count that is not negative.
pub(crate) fn read_points(input: &Input, faults: &mut Faults) -> Vec<Point> {
    let rows = read_table(input, faults);
    if rows.is_empty() && !faults.has_errors() {
        faults.push(Fault::error(&input.name, "", "at least one point"));
    }
    let mut points = Vec::with_capacity(rows.len());
    for row in rows {
        let at = read_place(&row, faults);
        let people = row.amount(&PEOPLE, faults);
        if people.is_none() && row.find(&PEOPLE).is_none() {
            faults.push(
                row.error("a column people")
                    .hint("name the count people, population or pop; 0 where nobody is"),
            );
        }
        if let (Some(at), Some(people)) = (at, people) {
            if people > 1e10 {
                faults.push(row.error("at most 1e10 people at one point").field("people", people));
                continue;
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let micro_people = (people * MICRO as f64).round() as u64;
            points.push(Point { at, micro_people });
        }
    }
    points
}

/// Counts by p-code (OCHA's COD-PS tables and alike): a table that has p-codes and no places. `None`: it is none.
///
/// A p-code in several rows (by sex or age) is a fault: which rows add up to everybody is not for a program to guess.
pub(crate) fn read_pcodes(input: &Input, faults: &mut Faults) -> Option<BTreeMap<String, i64>> {
    let mut quiet = Faults::default();
    let rows = read_table(input, &mut quiet);
    let first = rows.first()?;
    let pcode = |row: &Record| {
        let plain = row.text(&["pcode", "p_code", "p-code"]);
        if plain.is_empty() { row.admin(&["pcode"]).to_owned() } else { plain.to_owned() }
    };
    if first.find(&LON).is_some() || pcode(first).is_empty() {
        return None;
    }
    faults.0.extend(quiet.0);
    let mut counts = BTreeMap::new();
    for row in &rows {
        let code = pcode(row);
        let people = row.count(&PEOPLE, faults);
        if people.is_none() && row.find(&PEOPLE).is_none() {
            faults.push(row.error("a column people").hint("name the count people, population or T_TL"));
        }
        if code.is_empty() {
            faults.push(row.error("a p-code"));
        } else if let Some(people) = people
            && counts.insert(code.clone(), people).is_some()
        {
            faults.push(
                row.error("every p-code once")
                    .field("pcode", code)
                    .hint("one row with all people for each place"),
            );
        }
    }
    Some(counts)
}

/// Longitude and latitude of a row, by any of their usual names.
pub(crate) fn read_place(row: &crate::record::Record, faults: &mut Faults) -> Option<LonLat> {
    let lon = row.number(&LON, faults);
    let lat = row.number(&LAT, faults);
    match (lon, lat) {
        (Some(lon), Some(lat)) if lon.abs() <= 180.0 && lat.abs() <= 90.0 => Some([lon, lat]),
        (Some(lon), Some(lat)) => {
            faults.push(
                row.error("longitude -180 to 180 and latitude -90 to 90, degrees")
                    .field("lon, lat", format!("{lon}, {lat}")),
            );
            None
        }
        _ => {
            if row.find(&LON).is_none() || row.find(&LAT).is_none() {
                faults.push(row.error("columns lon and lat, or x and y"));
            }
            None
        }
    }
}

/// The box around the points.
pub(crate) fn frame_of(points: &[Point]) -> Option<Frame> {
    Frame::around(points.iter().map(|p| p.at))
}
