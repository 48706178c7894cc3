//! `propose_fleet`: the vehicles of a timetable as rows of a fleet.

use crate::error::Error;
use crate::input::InputFile;
use crate::session::Session;
use clearway_compose::ScenarioRoads;
use clearway_formats::read_scenario;
use clearway_import::{TransitDay, TransitKind, read_transit_feed};
use clearway_model::{Store, counted, grouped};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A depot farther from any road of the scenario is not in it, m.
const WITHIN_M: f64 = 500.0;
/// Standing to take people in and to let them out, ms: low ends of practice, 10 to 15 min and 5 to 10 min.
const LOAD_MS: i64 = 600_000;
const UNLOAD_MS: i64 = 300_000;
/// Passenger-car units of a bus (KLD evacuation time estimates, section 8).
const BUS_PCU: f64 = 2.0;

/// What a fleet is proposed from, beside the store with the scenario.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ProposeFleetRequest {
    /// A feed of GTFS, a ZIP archive.
    pub feed: Option<InputFile>,
    /// The day, `2026-06-01`; `None`: the first of the days with most trips.
    pub date: Option<String>,
}

/// Vehicles of one type at one node.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProposedVehicles {
    /// Id in the table: the kind and a number.
    pub vehicle_type_id: String,
    /// Their kind, and the stops at which they begin.
    pub name: String,
    /// What they are.
    pub kind: TransitKind,
    /// Those that are in use when most of the kind are.
    pub count: i64,
    /// Blocks of the day that begin there, or the same.
    pub count_high: i64,
    /// The node of the scenario nearest to the stops.
    pub depot_node_id: String,
    /// Longitude and latitude of the stop with most of them, degrees WGS 84.
    pub at: [f64; 2],
}

/// A proposed fleet.
#[derive(Debug)]
#[non_exhaustive]
pub struct FleetProposals {
    /// What the feed says of the day.
    pub day: TransitDay,
    /// Rows of the table.
    pub rows: Vec<ProposedVehicles>,
    /// Vehicles that can be sent along roads but begin farther than 500 m from any of the scenario's.
    pub elsewhere: i64,
    feed: String,
}

/// People that a vehicle takes, with their range, and who says so.
fn seats(kind: TransitKind) -> (i64, [i64; 2], &'static str) {
    const BUS: &str = "people with luggage to nominal seats, practice of evacuation time estimates";
    const COACH: &str = "nominal seats of a long-distance bus, luggage below";
    match kind {
        TransitKind::Coach => (45, [40, 50], COACH),
        _ => (30, [30, 50], BUS),
    }
}

/// Proposes a fleet: the buses and coaches of a timetable that are in use when most of them are, by where they began, each at the node of the
/// scenario that is nearest. Trams, trains and ships are counted and are in no row, since no road takes them. Whether an operator gives its
/// vehicles, and where they stand at night, no timetable says.
///
/// # Errors
/// [`Error::Request`] without a feed; [`Error::Invalid`] with all faults of the feed or the scenario, or a day on which nothing runs;
/// [`Error::Cancelled`].
pub fn propose_fleet(
    session: &Session,
    request: &ProposeFleetRequest,
    scenario: &dyn Store,
) -> Result<FleetProposals, Error> {
    let Some(feed) = &request.feed else {
        return Err(Error::Request("expected a feed of GTFS".to_owned()));
    };
    let label = scenario.label();
    let (read, _) = read_scenario(scenario).map_err(|faults| Error::Invalid { of: label.clone(), faults })?;
    let roads = ScenarioRoads::new(&read).map_err(|faults| Error::Invalid { of: label, faults })?;
    let invalid = |faults| Error::Invalid { of: feed.name.clone(), faults };
    let found = read_transit_feed(&feed.file_name(), feed.bytes(), request.date.as_deref(), session.cancel());
    let Some(day) = found.map_err(invalid)? else { return Err(Error::Cancelled(None)) };
    let mut elsewhere = 0;
    let mut depots: BTreeMap<(TransitKind, String), Vec<&clearway_import::TransitStart>> = BTreeMap::new();
    for used in day.kinds.iter().filter(|used| used.kind.is_free_on_roads()) {
        for start in &used.begins {
            let is_place = start.at.iter().all(|degrees| degrees.is_finite());
            let node = is_place.then(|| roads.of_facility(start.at)).flatten();
            match node.filter(|(_, _, road_m)| *road_m <= WITHIN_M) {
                Some((node, ..)) => depots.entry((used.kind, node)).or_default().push(start),
                None => elsewhere += start.vehicles,
            }
        }
    }
    let mut rows: Vec<ProposedVehicles> = depots
        .into_iter()
        .map(|((kind, node), starts)| {
            // most vehicles first, as the feed's counts are sorted
            let first = starts[0];
            let more = if starts.len() > 1 {
                format!(" and {} more", counted(starts.len() as i64 - 1, "stop", "stops"))
            } else {
                String::new()
            };
            let called = if first.name.is_empty() { &first.stop_id } else { &first.name };
            ProposedVehicles {
                vehicle_type_id: String::new(),
                name: format!("{} from {called}{more}", kind.word()),
                kind,
                count: starts.iter().map(|start| start.vehicles).sum(),
                count_high: starts.iter().map(|start| start.over_the_day).sum(),
                depot_node_id: node,
                at: first.at,
            }
        })
        .collect();
    rows.sort_by(|a, b| {
        a.kind.cmp(&b.kind).then(b.count.cmp(&a.count)).then(a.depot_node_id.cmp(&b.depot_node_id))
    });
    let mut numbers: BTreeMap<TransitKind, usize> = BTreeMap::new();
    for row in &mut rows {
        let number = numbers.entry(row.kind).or_default();
        *number += 1;
        row.vehicle_type_id = format!("{}-{number}", row.kind.word());
    }
    Ok(FleetProposals { day, rows, elsewhere, feed: feed.file_name() })
}

/// Columns of the table: those of `fleet.csv`, and what people look at.
const COLUMNS: [&str; 16] = [
    "vehicle_type_id",
    "name",
    "count",
    "count_low",
    "count_high",
    "seats",
    "wheelchair_places",
    "stretcher_places",
    "pcu_per_vehicle",
    "load_ms",
    "unload_ms",
    "depot_node_id",
    "places_range",
    "begins_lat",
    "begins_lon",
    "figures_from",
];

impl FleetProposals {
    /// The table, as `fleet` of a [`GroupsRequest`](crate::GroupsRequest) takes it. The low end of every count is 0: nobody has promised a vehicle.
    pub fn csv(&self) -> Result<Vec<u8>, Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let internal = |error: csv::Error| Error::Internal(error.to_string());
        writer.write_record(COLUMNS).map_err(internal)?;
        for row in &self.rows {
            let (seats, [low, high], said) = seats(row.kind);
            let figures = format!(
                "count: in use at {} on {} by {}, high end blocks of that day, low end 0 since nobody has promised any; seats {low} to {high}: {said}; 2 pcu: KLD evacuation time estimates, section 8; 10 min to load, 5 min to unload: practice (10 to 15, 5 to 10); seats and times quoted from memory and not checked: ask the operator",
                clock(self.peak_s(row.kind)),
                self.day.date,
                self.feed
            );
            let cells = [
                row.vehicle_type_id.clone(),
                row.name.clone(),
                row.count.to_string(),
                "0".to_owned(),
                row.count_high.to_string(),
                seats.to_string(),
                "0".to_owned(),
                "0".to_owned(),
                BUS_PCU.to_string(),
                LOAD_MS.to_string(),
                UNLOAD_MS.to_string(),
                row.depot_node_id.clone(),
                format!("{low} to {high}"),
                format!("{:.7}", row.at[1]),
                format!("{:.7}", row.at[0]),
                figures,
            ];
            writer.write_record(cells).map_err(internal)?;
        }
        writer.into_inner().map_err(|error| Error::Internal(error.to_string()))
    }

    fn peak_s(&self, kind: TransitKind) -> i64 {
        self.day.kinds.iter().find(|used| used.kind == kind).map_or(0, |used| used.peak_s)
    }

    /// Vehicles by kind, what is in the table, and what a timetable does not say, for a terminal.
    pub fn in_words(&self) -> String {
        let day = &self.day;
        let chosen = if day.is_given { "" } else { ", the first of the days with most trips" };
        let mut lines = vec![format!(
            "{} of {} on {}{chosen} (calendar {} to {})",
            self.feed,
            if day.agencies.is_empty() { "no named agency".to_owned() } else { day.agencies.join(", ") },
            day.date,
            day.calendar.0,
            day.calendar.1
        )];
        lines.push(format!(
            "{:<12} {:>8} {:>10} {:>8} {:>14}  at",
            "kind", "trips", "in blocks", "blocks", "most in use"
        ));
        for used in &day.kinds {
            lines.push(format!(
                "{:<12} {:>8} {:>10} {:>8} {:>14}  {}",
                used.kind.word(),
                used.trips,
                used.trips_in_blocks,
                used.blocks,
                grouped(used.peak),
                clock(used.peak_s)
            ));
        }
        lines.push(format!("all kinds together: at most {} in use at the same time", grouped(day.peak)));
        let in_table: i64 = self.rows.iter().map(|row| row.count).sum();
        lines.push(format!(
            "{} of buses and coaches are in {} of the table{}",
            counted(in_table, "vehicle", "vehicles"),
            counted(self.rows.len() as i64, "row", "rows"),
            match self.elsewhere {
                0 => String::new(),
                n => format!("; {n} begin farther than 500 m from any road of the scenario and are in none"),
            }
        ));
        let blockless: u64 = day.kinds.iter().map(|used| used.trips - used.trips_in_blocks).sum();
        if blockless > 0 {
            lines.push(format!(
                "{blockless} trips have no block: their vehicles are counted from departure to arrival, without layovers"
            ));
        }
        for (count, what) in [
            (day.trips_without_times, "trips without any time at a stop are left out"),
            (day.overlapping_blocks, "blocks have trips at the same time and are counted trip by trip"),
        ] {
            if count > 0 {
                lines.push(format!("{count} {what}"));
            }
        }
        lines.push(
            "not known from a timetable: spare vehicles, seats, places for wheelchairs, where vehicles stand at night, whether an operator \
             gives them and has drivers: ask before the table is used"
                .to_owned(),
        );
        lines.join("\n")
    }
}

/// Seconds after midnight as a clock shows them.
fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
}
