//! A CSV of points with people.

use crate::divided::{check_points, totals_only};
use crate::plane::{LonLat, LonLatBox};
use crate::record::{NamedTexts, read_table};
use crate::request::NamedBytes;
use clearway_model::{Fault, Faults};
use clearway_text::{WantedFile, thousands};
use std::collections::BTreeMap;

const LON: [&str; 7] = ["lon", "longitude", "lng", "long", "x", "x_coord", "#geo+lon"];
const LAT: [&str; 6] = ["lat", "latitude", "y", "y_coord", "ycoord", "#geo+lat"];
/// Names of a column that counts people, best first. The last two also count other things, such as the parts of a shape.
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

/// How many of them, the first, count people and nothing else.
pub(crate) const ONLY_PEOPLE: usize = 7;

/// Millionths of a person, the unit in which fractional counts are added exactly.
pub(crate) const MICRO: u64 = 1_000_000;

/// A point with people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PeoplePoint {
    pub(crate) at: LonLat,
    /// Millionths of a person: counts made from rasters are fractional.
    pub(crate) micro_people: u64,
}

/// More people in one table are not people on one Earth.
const MOST: u64 = 10_000_000_000;

/// Reads the points. Each must have a place on Earth and a count that is not negative.
pub(crate) fn read_points(input: &NamedBytes, faults: &mut Faults) -> Vec<PeoplePoint> {
    let rows = read_table(input, WantedFile::Table, faults);
    if rows.is_empty() && !faults.has_errors() {
        faults.push(Fault::error(&input.name, "", "at least one point"));
    }
    let column = people_column(&rows);
    let at = |row: &NamedTexts| format!("{}, {}", row.text(&LON), row.text(&LAT));
    let rows = totals_only(rows, at, &input.name, faults);
    check_separators(&rows, column, &input.name, faults);
    let mut read: Vec<(&NamedTexts, LonLat, u64)> = Vec::with_capacity(rows.len());
    for row in &rows {
        let at = read_place(row, faults);
        let people = row.amount(&[column], faults);
        if people.is_none() && row.find(&[column]).is_none() {
            faults.push(
                row.error("a column people")
                    .hint("name the count people, population or pop; 0 where nobody is"),
            );
        }
        if let (Some(at), Some(people)) = (at, people) {
            #[allow(clippy::cast_precision_loss)]
            if people > MOST as f64 {
                faults.push(row.error("at most 1e10 people at one point").field(column, people));
                continue;
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let micro_people = (people * MICRO as f64).round() as u64;
            read.push((row, at, micro_people));
        }
    }
    check_points(&read, &input.name, faults);
    check_sum(read.iter().map(|(_, _, micro)| *micro), &input.name, faults);
    read.into_iter().map(|(_, at, micro_people)| PeoplePoint { at, micro_people }).collect()
}

/// A fault where millionths of people add up to more than there are people; below that no sum of them overflows.
pub(crate) fn check_sum(micro: impl Iterator<Item = u64>, file: &str, faults: &mut Faults) {
    let all = micro.fold(0u128, |sum, micro| sum + u128::from(micro)) / u128::from(MICRO);
    if all > u128::from(MOST) {
        faults.push(
            Fault::error(file, "", format!("at most {MOST} people in all"))
                .field("people", all)
                .hint("counts of people are wanted, not densities or identity numbers"),
        );
    }
}

/// The name under which a table counts people: the best one that any row fills in, so that all rows count by the same.
fn people_column(rows: &[NamedTexts]) -> &'static str {
    let is_used = |name: &&str| rows.iter().any(|row| row.find(&[name]).is_some());
    PEOPLE.into_iter().find(is_used).unwrap_or(PEOPLE[0])
}

/// Counts such as `1.234`, which are a fraction of a person for one writer and thousands for another. They are fractions where other
/// counts of the column can be nothing else, as in a table made of a raster; else they are a fault.
fn check_separators(rows: &[NamedTexts], column: &'static str, file: &str, faults: &mut Faults) {
    const LISTED: usize = 10;
    let is_double = |text: &str| text.parse::<f64>().is_ok() && thousands(text).is_some();
    let is_fraction = |text: &str| {
        text.contains('.') && text.parse::<f64>().is_ok_and(|n| n.fract() != 0.0) && !is_double(text)
    };
    let double: Vec<&NamedTexts> = rows.iter().filter(|row| is_double(row.text(&[column]))).collect();
    let Some(first) = double.first() else { return };
    if rows.iter().any(|row| is_fraction(row.text(&[column]))) {
        faults.push(
            Fault::warning(file, &first.place, "fractions of a person, or nothing between thousands")
                .field(column, first.text(&[column]))
                .hint(format!(
                    "{} such counts are read as fractions, since others in the column are",
                    double.len()
                )),
        );
        return;
    }
    for row in double.iter().take(LISTED) {
        let text = row.text(&[column]);
        let whole = thousands(text).unwrap_or_default();
        let more = double.len();
        faults.push(row.error("a count that can be read in one way only").field(column, text).hint(format!(
            "does the point separate thousands? then write {whole}; if it is a fraction of a person write {text}0 ({more} such counts in the file)"
        )));
    }
}

/// Counts by p-code (OCHA's COD-PS tables and alike): a table that has p-codes and no places. `None`: it is none.
///
/// Of rows by sex or age those of the total count. A p-code in several rows all the same is a fault: which rows add up to everybody is
/// not for a program to guess.
pub(crate) fn read_pcodes(input: &NamedBytes, faults: &mut Faults) -> Option<BTreeMap<String, i64>> {
    let mut quiet = Faults::default();
    let rows = read_table(input, WantedFile::Table, &mut quiet);
    let first = rows.first()?;
    let pcode = |row: &NamedTexts| {
        let plain = row.text(&["pcode", "p_code", "p-code"]);
        if plain.is_empty() { row.admin(&["pcode"]).to_owned() } else { plain.to_owned() }
    };
    if first.find(&LON).is_some() || pcode(first).is_empty() {
        return None;
    }
    faults.0.extend(quiet.0);
    let column = people_column(&rows);
    let rows = totals_only(rows, pcode, &input.name, faults);
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for row in &rows {
        let code = pcode(row);
        let people = row.count(&[column], faults);
        if people.is_none() && row.find(&[column]).is_none() {
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
pub(crate) fn read_place(row: &crate::record::NamedTexts, faults: &mut Faults) -> Option<LonLat> {
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
pub(crate) fn frame_of(points: &[PeoplePoint]) -> Option<LonLatBox> {
    LonLatBox::around(points.iter().map(|p| p.at))
}

#[cfg(test)]
#[path = "population_tests.rs"]
mod tests;
