//! Reads a feed and counts its vehicles on a day.

use crate::gtfs::calendar::{ServiceCalendar, day};
use crate::gtfs::table::{FeedArchive, seconds};
use crate::gtfs::vehicles::{DayTrips, vehicles_in_use};
use crate::gtfs::{TransitDay, TransitKind};
use clearway_model::{Cancel, Fault, Faults};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};

/// A row of `frequencies.txt` makes no more departures than this.
const MOST_DEPARTURES: i64 = 100_000;

/// A trip of the timetable.
#[derive(Debug)]
pub(super) struct FeedTrip {
    pub kind: TransitKind,
    pub service: String,
    /// Empty where the feed does not say which vehicle drives it.
    pub block: String,
    /// Sequence, seconds after midnight and stop of its first and of its last time.
    pub first: Option<(u32, i64, String)>,
    pub last: Option<(u32, i64, String)>,
    /// Begin, end and headway of departures, seconds; empty for a trip that runs once.
    pub frequencies: Vec<(i64, i64, i64)>,
}

impl FeedTrip {
    /// How many times it runs on a day on which it does; 0 where it has no times.
    fn departures(&self) -> u64 {
        if self.first.is_none() {
            return 0;
        }
        let of = |&(begin, end, headway): &(i64, i64, i64)| {
            (end - begin).max(0).unsigned_abs().div_ceil(headway.max(1).unsigned_abs())
        };
        if self.frequencies.is_empty() { 1 } else { self.frequencies.iter().map(of).sum() }
    }
}

/// A stop with its station.
#[derive(Debug, Clone)]
pub(super) struct FeedStop {
    pub name: String,
    pub at: Option<[f64; 2]>,
    pub parent: String,
}

/// Reads a feed. `date`: the day, `2026-06-01`; `None`: the first of the days with most trips.
///
/// # Errors
/// All faults of the archive and its tables, a day on which nothing runs, or one that cannot be read; [`None`] if it was to end.
pub fn read_transit_feed(
    file: &str,
    bytes: &[u8],
    date: Option<&str>,
    cancel: &Cancel,
) -> Result<Option<TransitDay>, Faults> {
    let mut faults = Faults::default();
    let wanted: Option<Date> = date.and_then(|text| day(&text.replace('-', "")));
    if let (Some(text), None) = (date, wanted) {
        faults.push(Fault::error("request", "", "a day such as 2026-06-01").field("date", text));
    }
    let mut archive = match FeedArchive::new(file, bytes) {
        Ok(archive) => archive,
        Err(fault) => {
            faults.push(*fault);
            return Err(faults);
        }
    };
    for table in ["routes.txt", "trips.txt", "stops.txt"] {
        if !archive.has(table) {
            faults.push(Fault::error(file, "", format!("a table {table} in the feed")));
        }
    }
    if !archive.has("calendar.txt") && !archive.has("calendar_dates.txt") {
        faults.push(Fault::error(file, "", "a table calendar.txt or calendar_dates.txt in the feed"));
    }
    let calendar = ServiceCalendar::read(&mut archive, &mut faults);
    let routes = routes(&mut archive, &mut faults);
    let stops = stops(&mut archive, &mut faults);
    let (mut trips, by_id) = trips(&mut archive, &routes, &mut faults);
    frequencies(&mut archive, &by_id, &mut trips, &mut faults);
    if cancel.is_cancelled() {
        return Ok(None);
    }
    stop_times(&mut archive, &by_id, &stops, &mut trips, &mut faults);
    if cancel.is_cancelled() {
        return Ok(None);
    }
    if faults.has_errors() {
        return Err(faults);
    }
    let mut of_services: HashMap<&str, u64> = HashMap::new();
    for trip in &trips {
        *of_services.entry(trip.service.as_str()).or_default() += trip.departures();
    }
    let Some((first, last)) = calendar.span() else {
        faults.push(Fault::error(file, "", "a calendar with at least one day"));
        return Err(faults);
    };
    let nothing_runs = || format!("a day on which something runs, in the calendar from {first} to {last}");
    let Some(date) = wanted.or_else(|| calendar.busiest(&of_services)) else {
        faults.push(Fault::error(file, "", nothing_runs()));
        return Err(faults);
    };
    let running = |date: Date| -> Vec<&FeedTrip> {
        trips.iter().filter(|trip| calendar.runs(&trip.service, date)).collect()
    };
    let today = running(date);
    if today.is_empty() {
        faults.push(Fault::error(file, "", nothing_runs()).field("date", date));
        return Err(faults);
    }
    let before = date.checked_sub(1.day()).map(running).unwrap_or_default();
    let used = vehicles_in_use(&DayTrips { today, before }, &stops);
    Ok(Some(TransitDay {
        date: date.to_string(),
        is_given: wanted.is_some(),
        agencies: agencies(&mut archive),
        calendar: (first.to_string(), last.to_string()),
        ..used
    }))
}

fn agencies(archive: &mut FeedArchive<'_>) -> Vec<String> {
    let mut names = BTreeSet::new();
    // a name for people to read: what is wrong with it matters to nobody
    archive.read("agency.txt", &["agency_name"], 1, &mut Faults::default(), |row, _| {
        names.insert(row.get(0).to_owned());
    });
    names.into_iter().filter(|name| !name.is_empty()).collect()
}

fn routes(archive: &mut FeedArchive<'_>, faults: &mut Faults) -> HashMap<String, TransitKind> {
    let mut routes = HashMap::new();
    archive.read("routes.txt", &["route_id", "route_type"], 2, faults, |row, fault| {
        match row.get(1).parse::<u32>() {
            Ok(number) => {
                routes.insert(row.get(0).to_owned(), TransitKind::of_route_type(number));
            }
            Err(_) => fault("route_type", row.get(1), "a whole number such as 3 for buses"),
        }
    });
    routes
}

fn stops(archive: &mut FeedArchive<'_>, faults: &mut Faults) -> HashMap<String, FeedStop> {
    let mut stops = HashMap::new();
    let columns = ["stop_id", "stop_lat", "stop_lon", "stop_name", "parent_station"];
    archive.read("stops.txt", &columns, 3, faults, |row, fault| {
        let degrees = |column: usize, most: f64| {
            row.get(column).parse::<f64>().ok().filter(|degrees| degrees.abs() <= most)
        };
        let at = degrees(2, 180.0).zip(degrees(1, 90.0)).map(<[f64; 2]>::from);
        // entrances and places within a station may have none
        if at.is_none() && !(row.get(1).is_empty() && row.get(2).is_empty()) {
            let found = format!("{}, {}", row.get(1), row.get(2));
            fault("stop_lat, stop_lon", &found, "latitude and longitude in degrees");
        }
        let stop = FeedStop { name: row.get(3).to_owned(), at, parent: row.get(4).to_owned() };
        stops.insert(row.get(0).to_owned(), stop);
    });
    stops
}

fn trips(
    archive: &mut FeedArchive<'_>,
    routes: &HashMap<String, TransitKind>,
    faults: &mut Faults,
) -> (Vec<FeedTrip>, HashMap<String, usize>) {
    let mut trips = Vec::new();
    let mut by_id = HashMap::new();
    let columns = ["trip_id", "route_id", "service_id", "block_id"];
    archive.read("trips.txt", &columns, 3, faults, |row, fault| {
        let Some(kind) = routes.get(row.get(1)) else {
            return fault("route_id", row.get(1), "a route of routes.txt");
        };
        if by_id.insert(row.get(0).to_owned(), trips.len()).is_some() {
            fault("trip_id", row.get(0), "every trip once");
        }
        trips.push(FeedTrip {
            kind: *kind,
            service: row.get(2).to_owned(),
            block: row.get(3).to_owned(),
            first: None,
            last: None,
            frequencies: Vec::new(),
        });
    });
    (trips, by_id)
}

fn frequencies(
    archive: &mut FeedArchive<'_>,
    by_id: &HashMap<String, usize>,
    trips: &mut [FeedTrip],
    faults: &mut Faults,
) {
    let columns = ["trip_id", "start_time", "end_time", "headway_secs"];
    archive.read("frequencies.txt", &columns, 4, faults, |row, fault| {
        let Some(&trip) = by_id.get(row.get(0)) else {
            return fault("trip_id", row.get(0), "a trip of trips.txt");
        };
        let (begin, end) = (seconds(row.get(1)), seconds(row.get(2)));
        let headway = row.get(3).parse::<i64>().ok().filter(|headway| *headway > 0);
        match (begin, end, headway) {
            (Some(begin), Some(end), Some(headway)) if (end - begin) / headway > MOST_DEPARTURES => {
                fault("headway_secs", row.get(3), "at most 100000 departures");
            }
            (Some(begin), Some(end), Some(headway)) => trips[trip].frequencies.push((begin, end, headway)),
            (None, _, _) => fault("start_time", row.get(1), "a time such as 05:30:00"),
            (_, None, _) => fault("end_time", row.get(2), "a time such as 05:30:00"),
            (_, _, None) => fault("headway_secs", row.get(3), "whole seconds above 0"),
        }
    });
}

fn stop_times(
    archive: &mut FeedArchive<'_>,
    by_id: &HashMap<String, usize>,
    stops: &HashMap<String, FeedStop>,
    trips: &mut [FeedTrip],
    faults: &mut Faults,
) {
    let columns = ["trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"];
    archive.read("stop_times.txt", &columns, 3, faults, |row, fault| {
        let Some(&trip) = by_id.get(row.get(0)) else {
            return fault("trip_id", row.get(0), "a trip of trips.txt");
        };
        if !stops.contains_key(row.get(1)) {
            return fault("stop_id", row.get(1), "a stop of stops.txt");
        }
        let Ok(sequence) = row.get(2).parse::<u32>() else {
            return fault("stop_sequence", row.get(2), "a whole number");
        };
        let mut time = |column: usize, name: &str| match row.get(column) {
            "" => None,
            text => {
                let found = seconds(text);
                if found.is_none() {
                    fault(name, text, "a time such as 05:30:00");
                }
                found
            }
        };
        let (arrival, departure) = (time(3, "arrival_time"), time(4, "departure_time"));
        let trip = &mut trips[trip];
        if let Some(leaves) = departure.or(arrival)
            && trip.first.as_ref().is_none_or(|(before, ..)| sequence < *before)
        {
            trip.first = Some((sequence, leaves, row.get(1).to_owned()));
        }
        if let Some(comes) = arrival.or(departure)
            && trip.last.as_ref().is_none_or(|(before, ..)| sequence > *before)
        {
            trip.last = Some((sequence, comes, row.get(1).to_owned()));
        }
    });
}
