//! A table of counts to fill in, and the same with what was filled in already.

use crate::counts::{CountedPlaces, says_nothing};
use clearway_formats::{TableRow, csv_text, read_limited};
use clearway_model::{CountRow, ReportedThing, Scenario, Severity};
use std::collections::BTreeMap;

/// Rows to fill in: all zones and sites, and the links on which the plan expects people, with what it expects. The three are by row of
/// `zones.csv`, `link.csv` and `sites.csv`; links with most people come first.
pub fn template_rows(
    scenario: &Scenario,
    waiting: &[i64],
    on_road: &BTreeMap<usize, i64>,
    arrived: &[i64],
) -> Vec<CountRow> {
    rows_with(scenario, (waiting, on_road, arrived), &|expected| CountRow {
        expected_people: Some(expected),
        ..CountRow::default()
    })
}

/// Counts that nobody made, for an exercise: people where they are taken to be, by row as in [`template_rows`]. `source` says so in every row.
pub fn made_up_rows(
    scenario: &Scenario,
    waiting: &[i64],
    on_road: &BTreeMap<usize, i64>,
    arrived: &[i64],
    source: &str,
) -> Vec<CountRow> {
    rows_with(scenario, (waiting, on_road, arrived), &|people| CountRow {
        people: Some(people),
        source: source.to_owned(),
        ..CountRow::default()
    })
}

/// People by zone, by link where there are any, and by site.
type PeopleByPlace<'a> = (&'a [i64], &'a BTreeMap<usize, i64>, &'a [i64]);

fn rows_with(
    scenario: &Scenario,
    (waiting, on_road, arrived): PeopleByPlace<'_>,
    with: &dyn Fn(i64) -> CountRow,
) -> Vec<CountRow> {
    let mut rows = Vec::new();
    let row = |what, id: &str, name: &str, people: i64| CountRow {
        what,
        id: id.to_owned(),
        name: name.to_owned(),
        ..with(people)
    };
    for (zone, &expected) in scenario.zones.iter().zip(waiting) {
        rows.push(row(ReportedThing::Waiting, &zone.zone_id, &zone.name, expected));
    }
    for (site, &expected) in scenario.sites.iter().zip(arrived) {
        rows.push(row(ReportedThing::Arrived, &site.site_id, &site.name, expected));
    }
    let mut links: Vec<(usize, i64)> = on_road.iter().map(|(link, people)| (*link, *people)).collect();
    links.sort_by_key(|&(link, people)| (-people, link));
    for (link, expected) in links {
        if let Some(link) = scenario.links.get(link) {
            rows.push(row(ReportedThing::OnRoad, &link.link_id, &link.name, expected));
        }
    }
    rows
}

/// Rows as a file.
pub fn template(rows: &[CountRow]) -> Vec<u8> {
    // every column, the empty ones as well: they are there to be filled in
    let header: Vec<&str> = CountRow::COLUMNS.iter().map(|column| column.name).collect();
    let cells = rows.iter().map(|row| {
        let mut cells = Vec::new();
        row.visit(&mut |_, cell| cells.push(if cell.is_given() { cell.write() } else { String::new() }));
        cells
    });
    csv_text(&header, cells)
}

/// A row of counts beside what the plan expects.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledRow {
    /// The row, with the id, name and expectation of the template where it is in it.
    pub row: CountRow,
    /// The file that has it, and its place there; `None`: nobody has filled it in.
    pub place: Option<(String, String)>,
}

/// The rows of a template with what tables of counts say filled in; what they say of other places comes after them, in their order. Of
/// rows about the same place the first is filled in. Rows that cannot be read are left out: [`crate::read_counts`] says what is wrong with
/// them.
pub fn filled(scenario: &Scenario, template: Vec<CountRow>, files: &[(String, Vec<u8>)]) -> Vec<FilledRow> {
    let places = CountedPlaces::new(scenario);
    let mut at = BTreeMap::new();
    for (number, row) in template.iter().enumerate() {
        if let Some(place) = places.row(row.what, &row.id) {
            at.insert((row.what, place), number);
        }
    }
    let mut rows: Vec<FilledRow> = template.into_iter().map(|row| FilledRow { row, place: None }).collect();
    for (file, bytes) in files {
        let (given, faults) = read_limited::<CountRow>(file, bytes);
        // a cell that is no number would look like one that nobody has filled in
        let is_read = |place: &str| {
            !faults.0.iter().any(|fault| fault.severity == Severity::Error && fault.place == place)
        };
        for (place, given) in given.into_iter().filter(|(place, row)| !says_nothing(row) && is_read(place)) {
            let known = places.row(given.what, &given.id);
            let number = known.and_then(|known| at.get(&(given.what, known)).copied());
            let place = Some((file.clone(), place));
            match number.and_then(|number| rows.get_mut(number)).filter(|row| row.place.is_none()) {
                Some(row) => {
                    let CountRow { id, name, expected_people, .. } = std::mem::take(&mut row.row);
                    *row = FilledRow { row: CountRow { id, name, expected_people, ..given }, place };
                }
                None => {
                    let row =
                        CountRow { name: name_of(scenario, &given, known), expected_people: None, ..given };
                    rows.push(FilledRow { row, place });
                }
            }
        }
    }
    rows
}

/// The name of what a row is about; what is not known keeps the name that it was given.
fn name_of(scenario: &Scenario, row: &CountRow, known: Option<usize>) -> String {
    let name = known.and_then(|at| match row.what {
        ReportedThing::Waiting | ReportedThing::AtStart | ReportedThing::Staying => {
            scenario.zones.get(at).map(|zone| &zone.name)
        }
        ReportedThing::OnRoad | ReportedThing::Road => scenario.links.get(at).map(|link| &link.name),
        ReportedThing::Arrived | ReportedThing::Site => scenario.sites.get(at).map(|site| &site.name),
    });
    name.unwrap_or(&row.name).clone()
}
