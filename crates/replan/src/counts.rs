//! What was counted and reported, row by row of `counts.csv`, as places of the scenario.

use crate::reported::ReportedChange;
use clearway_formats::{nearest, read_limited};
use clearway_model::number::{float, round};
use clearway_model::{CountRow, Fault, Faults, ReportedState, ReportedThing, Scenario};
use std::collections::BTreeMap;

/// A count of people at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// How many were counted.
    pub people: i64,
    /// How far it may be off in either direction, people; `None`: nobody says.
    pub uncertainty: Option<i64>,
    /// How long before the time of the new plan it was counted, ms.
    pub age_ms: i64,
    /// The file that has it.
    pub file: String,
    /// The row, as messages name it.
    pub row: String,
    /// Who counted.
    pub source: String,
}

/// All that was counted and reported, by row of the table of the scenario that it is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observations {
    /// People still in zones, those who stay included.
    pub waiting: BTreeMap<usize, Count>,
    /// People on links.
    pub on_road: BTreeMap<usize, Count>,
    /// People admitted at sites.
    pub arrived: BTreeMap<usize, Count>,
    /// People in zones at the start, those who stay included, where the scenario was wrong.
    pub at_start: BTreeMap<usize, Count>,
    /// People in zones who stay.
    pub staying: BTreeMap<usize, Count>,
    /// What has become of roads and sites.
    pub changes: Vec<ReportedChange>,
}

impl Observations {
    /// How old the counts are, ms, ascending, each once.
    pub fn ages(&self) -> Vec<i64> {
        let all = [&self.waiting, &self.on_road, &self.arrived];
        let mut ages: Vec<i64> =
            all.into_iter().flat_map(|counts| counts.values()).map(|count| count.age_ms).collect();
        ages.sort_unstable();
        ages.dedup();
        ages
    }

    /// Whether nothing was counted or reported.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Ids of one table, and p-codes where they name one row.
struct PlaceIds<'a> {
    table: &'static str,
    rows: BTreeMap<&'a str, usize>,
    codes: BTreeMap<&'a str, Option<usize>>,
}

impl<'a> PlaceIds<'a> {
    fn new(table: &'static str, ids: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let (mut rows, mut codes) = (BTreeMap::new(), BTreeMap::new());
        for (row, (id, code)) in ids.enumerate() {
            rows.insert(id, row);
            if !code.is_empty() {
                codes.entry(code).and_modify(|known| *known = None).or_insert(Some(row));
            }
        }
        Self { table, rows, codes }
    }

    /// The row of an id or p-code; else a hint.
    fn row(&self, id: &str) -> Result<usize, String> {
        if let Some(row) = self.rows.get(id) {
            return Ok(*row);
        }
        match self.codes.get(id) {
            Some(Some(row)) => Ok(*row),
            Some(None) => Err("several places have this p-code; use the id".to_owned()),
            None => Err(nearest(id, self.rows.keys().copied())
                .map_or_else(String::new, |near| format!("did you mean '{near}'?"))),
        }
    }
}

/// The places that rows of counts may name.
pub(crate) struct CountedPlaces<'a> {
    zones: PlaceIds<'a>,
    links: PlaceIds<'a>,
    sites: PlaceIds<'a>,
}

impl<'a> CountedPlaces<'a> {
    pub(crate) fn new(scenario: &'a Scenario) -> Self {
        let zones = scenario.zones.iter().map(|zone| (zone.zone_id.as_str(), zone.pcode.as_str()));
        let links = scenario.links.iter().map(|link| (link.link_id.as_str(), ""));
        let sites = scenario.sites.iter().map(|site| (site.site_id.as_str(), site.pcode.as_str()));
        Self {
            zones: PlaceIds::new("zones.csv", zones),
            links: PlaceIds::new("link.csv", links),
            sites: PlaceIds::new("sites.csv", sites),
        }
    }

    fn of(&self, what: ReportedThing) -> &PlaceIds<'a> {
        match what {
            ReportedThing::Waiting | ReportedThing::AtStart | ReportedThing::Staying => &self.zones,
            ReportedThing::OnRoad | ReportedThing::Road => &self.links,
            ReportedThing::Arrived | ReportedThing::Site => &self.sites,
        }
    }

    /// Row in its table of what an id or p-code names; `None`: nothing, or several things.
    pub(crate) fn row(&self, what: ReportedThing, id: &str) -> Option<usize> {
        self.of(what).row(id).ok()
    }
}

/// Whether nobody has filled in a row.
pub(crate) fn says_nothing(row: &CountRow) -> bool {
    row.people.is_none()
        && row.state == ReportedState::Unsaid
        && row.capacity_pcu_h.is_none()
        && row.capacity_people.is_none()
        && row.admission_people_h.is_none()
        && row.for_min.is_none()
}

/// Reads tables of counts, each with its file name; `at_ms`: the time of the new plan, since counts cannot be older than the plan. Rows
/// that say nothing are passed over, so that a [`crate::template`] need not be filled in everywhere.
pub fn read_counts(scenario: &Scenario, files: &[(String, Vec<u8>)], at_ms: i64) -> (Observations, Faults) {
    let mut reading = CountReading {
        ids: CountedPlaces::new(scenario),
        at_ms,
        seen: BTreeMap::new(),
        made: Observations::default(),
        faults: Faults::default(),
    };
    for (file, bytes) in files {
        let (rows, faults) = read_limited::<CountRow>(file, bytes);
        reading.faults.0.extend(faults.0);
        for (place, row) in rows {
            reading.take(file, &place, row);
        }
    }
    (reading.made, reading.faults)
}

struct CountReading<'a> {
    ids: CountedPlaces<'a>,
    at_ms: i64,
    /// Which things have a row already, and where.
    seen: BTreeMap<(ReportedThing, usize), String>,
    made: Observations,
    faults: Faults,
}

impl CountReading<'_> {
    fn take(&mut self, file: &str, place: &str, row: CountRow) {
        if says_nothing(&row) {
            return;
        }
        use ReportedThing as T;
        let ids = self.ids.of(row.what);
        let at = match ids.row(&row.id) {
            Ok(at) => at,
            Err(hint) => {
                let expected = format!("an id of {}", ids.table);
                self.faults.push(Fault::error(file, place, expected).field("id", &row.id).hint(hint));
                return;
            }
        };
        let here = format!("{file}, {place}");
        if let Some(before) = self.seen.insert((row.what, at), here.clone()) {
            let expected = "each place once for each 'what'";
            let fault = Fault::error(file, place, expected).field("id", &row.id);
            self.faults.push(fault.hint(format!("it stands in {before} as well; which of the two holds?")));
            return;
        }
        match row.what {
            T::Road | T::Site => self.take_change(file, place, at, &row),
            _ => self.take_count(file, place, at, row),
        }
    }

    fn misplaced(&mut self, file: &str, place: &str, field: &str, found: String, expected: &str) {
        self.faults.push(Fault::error(file, place, expected).field(field, found));
    }

    fn take_count(&mut self, file: &str, place: &str, at: usize, row: CountRow) {
        if row.state != ReportedState::Unsaid {
            let expected =
                "an empty cell where people are counted: a state stands in a row of 'road' or 'site'";
            self.misplaced(file, place, "state", format!("{:?}", row.state).to_lowercase(), expected);
        }
        for (field, value) in [
            ("capacity_pcu_h", row.capacity_pcu_h),
            ("capacity_people", row.capacity_people.map(float)),
            ("admission_people_h", row.admission_people_h),
            ("for_min", row.for_min),
        ] {
            if let Some(value) = value {
                let expected = "an empty cell where people are counted: capacities and durations stand in a row of 'road' or 'site'";
                self.misplaced(file, place, field, value.to_string(), expected);
            }
        }
        let Some(people) = row.people else { return };
        let age_ms = round(row.age_min.unwrap_or(0.0) * 60_000.0);
        if age_ms > self.at_ms {
            let expected = format!("at most {} min, the age of the plan", self.at_ms / 60_000);
            let fault = Fault::error(file, place, expected).field("age_min", row.age_min.unwrap_or(0.0));
            self.faults.push(fault.hint("counts from before the plan began say nothing of how far it is"));
            return;
        }
        let count = Count {
            people,
            uncertainty: row.uncertainty_people,
            age_ms,
            file: file.to_owned(),
            row: place.to_owned(),
            source: row.source,
        };
        let counts = match row.what {
            ReportedThing::Waiting => &mut self.made.waiting,
            ReportedThing::OnRoad => &mut self.made.on_road,
            ReportedThing::Arrived => &mut self.made.arrived,
            ReportedThing::AtStart => &mut self.made.at_start,
            _ => &mut self.made.staying,
        };
        counts.insert(at, count);
    }

    fn take_change(&mut self, file: &str, place: &str, at: usize, row: &CountRow) {
        if let Some(people) = row.people {
            let expected = "an empty cell in a row of 'road' or 'site': people are counted in rows of 'on_road' and 'arrived'";
            self.misplaced(file, place, "people", people.to_string(), expected);
        }
        let is_road = row.what == ReportedThing::Road;
        let wrong_state = match row.state {
            ReportedState::Full => is_road,
            ReportedState::Lost => !is_road,
            _ => false,
        };
        if wrong_state {
            let expected = if is_road { "'lost', 'closed' or 'open'" } else { "'closed', 'full' or 'open'" };
            self.misplaced(file, place, "state", format!("{:?}", row.state).to_lowercase(), expected);
            return;
        }
        let for_ms = row.for_min.map(|minutes| round(minutes * 60_000.0));
        if let (Some(minutes), Some(ms)) = (row.for_min, for_ms) {
            let is_closed = matches!(row.state, ReportedState::Lost | ReportedState::Closed);
            if !is_closed {
                let expected =
                    "an empty cell unless the state is 'lost' or 'closed': only a closure has an end";
                self.misplaced(file, place, "for_min", minutes.to_string(), expected);
            } else if ms < 1 {
                let expected = "at least 1 ms (0.0000167 min), or an empty cell for good";
                self.misplaced(file, place, "for_min", minutes.to_string(), expected);
            }
        }
        let of_the_other = if is_road {
            [
                ("capacity_people", row.capacity_people.map(float)),
                ("admission_people_h", row.admission_people_h),
            ]
        } else {
            [("capacity_pcu_h", row.capacity_pcu_h), ("", None)]
        };
        for (field, value) in of_the_other {
            if let Some(value) = value {
                let expected = if is_road { "an empty cell for a road" } else { "an empty cell for a site" };
                self.misplaced(file, place, field, value.to_string(), expected);
            }
        }
        self.made.changes.push(ReportedChange {
            is_road,
            row: at,
            state: row.state,
            for_ms,
            capacity_pcu_h: row.capacity_pcu_h.filter(|_| is_road),
            capacity_people: row.capacity_people.filter(|_| !is_road),
            admission_people_h: row.admission_people_h.filter(|_| !is_road),
            source: row.source.clone(),
            note: row.note.clone(),
        });
    }
}
