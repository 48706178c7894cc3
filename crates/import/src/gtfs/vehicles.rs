//! Vehicles in use at the same time, out of the trips of a day.

use crate::gtfs::feed::{FeedStop, FeedTrip};
use crate::gtfs::{TransitDay, TransitKind, TransitStart, TransitUse};
use std::collections::{BTreeMap, HashMap};

/// A day, seconds.
const DAY_S: i64 = 86_400;

/// Trips of a day and of the one before, some of which run past midnight.
pub(super) struct DayTrips<'f> {
    pub today: Vec<&'f FeedTrip>,
    pub before: Vec<&'f FeedTrip>,
}

/// A vehicle in use without a break: a block, or a trip without one.
#[derive(Debug, Clone)]
struct VehicleRun<'f> {
    kind: TransitKind,
    begin_s: i64,
    end_s: i64,
    stop: &'f str,
    trips: u64,
    is_block: bool,
    by_frequency: bool,
}

/// Counts the vehicles of a day; the day itself is named by the caller.
pub(super) fn vehicles_in_use(trips: &DayTrips<'_>, stops: &HashMap<String, FeedStop>) -> TransitDay {
    let mut day = TransitDay {
        date: String::new(),
        is_given: false,
        agencies: Vec::new(),
        calendar: (String::new(), String::new()),
        kinds: Vec::new(),
        peak: 0,
        trips_without_times: 0,
        overlapping_blocks: 0,
    };
    let today = runs(&trips.today, Some(&mut day));
    // what began the day before is in use after midnight, a day earlier on its own clock
    let over_night: Vec<VehicleRun<'_>> = runs(&trips.before, None)
        .into_iter()
        .filter(|run| run.end_s > DAY_S)
        .map(|run| VehicleRun { begin_s: run.begin_s - DAY_S, end_s: run.end_s - DAY_S, ..run })
        .collect();
    let all: Vec<&VehicleRun<'_>> = today.iter().chain(&over_night).collect();
    day.peak = peak(all.iter().copied()).0;
    let mut kinds: Vec<TransitKind> = all.iter().map(|run| run.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let own = || today.iter().filter(|run| run.kind == kind);
        let (most, at_s) = peak(all.iter().copied().filter(|run| run.kind == kind));
        let blocks = || own().filter(|run| run.is_block);
        let in_use = all.iter().filter(|run| run.kind == kind && run.begin_s <= at_s && at_s < run.end_s);
        let begins = begins(in_use.copied(), blocks(), stops);
        day.kinds.push(TransitUse {
            kind,
            trips: own().map(|run| run.trips).sum(),
            trips_in_blocks: blocks().map(|run| run.trips).sum(),
            trips_by_frequency: own().filter(|run| run.by_frequency).map(|run| run.trips).sum(),
            blocks: blocks().count() as u64,
            peak: most,
            peak_s: at_s,
            begins,
        });
    }
    day
}

/// Vehicles of the trips of one day; what is worth a word goes into `day`.
fn runs<'f>(trips: &[&'f FeedTrip], mut day: Option<&mut TransitDay>) -> Vec<VehicleRun<'f>> {
    let mut runs: Vec<VehicleRun<'f>> = Vec::new();
    let mut blocks: BTreeMap<&str, Vec<VehicleRun<'f>>> = BTreeMap::new();
    for trip in trips {
        let (Some((_, begin_s, stop)), Some((_, end_s, _))) = (&trip.first, &trip.last) else {
            if let Some(day) = &mut day {
                day.trips_without_times += 1;
            }
            continue;
        };
        // a trip of one stop, or one that ends before it begins, is a vehicle for a moment
        let lasts_s = (end_s - begin_s).max(1);
        let run = VehicleRun {
            kind: trip.kind,
            begin_s: *begin_s,
            end_s: begin_s + lasts_s,
            stop,
            trips: 1,
            is_block: false,
            by_frequency: false,
        };
        if !trip.frequencies.is_empty() {
            for &(first, until, headway) in &trip.frequencies {
                let departures = (0..).map(|n| first + n * headway).take_while(|at| *at < until);
                runs.extend(departures.map(|at| VehicleRun {
                    begin_s: at,
                    end_s: at + lasts_s,
                    by_frequency: true,
                    ..run.clone()
                }));
            }
        } else if trip.block.is_empty() {
            runs.push(run);
        } else {
            blocks.entry(&trip.block).or_default().push(run);
        }
    }
    for mut of_block in blocks.into_values() {
        of_block.sort_by_key(|run| (run.begin_s, run.end_s));
        if of_block.windows(2).any(|pair| pair[1].begin_s < pair[0].end_s) {
            // no vehicle is in two places: the block is none, or of coupled parts
            if let Some(day) = &mut day {
                day.overlapping_blocks += 1;
            }
            runs.append(&mut of_block);
        } else if let (Some(first), Some(last)) = (of_block.first(), of_block.last()) {
            let trips = of_block.len() as u64;
            runs.push(VehicleRun { end_s: last.end_s, trips, is_block: true, ..first.clone() });
        }
    }
    runs
}

/// The most runs at one moment of the day, and the first such moment, seconds.
fn peak<'r>(runs: impl Iterator<Item = &'r VehicleRun<'r>>) -> (i64, i64) {
    let mut steps: Vec<(i64, i64)> = Vec::new();
    for run in runs {
        let (begin_s, end_s) = (run.begin_s.max(0), run.end_s.min(DAY_S));
        if begin_s < end_s {
            steps.extend([(begin_s, 1), (end_s, -1)]);
        }
    }
    // whoever ends at a moment is not in use at it
    steps.sort_unstable();
    let (mut now, mut most, mut at_s) = (0, 0, 0);
    for (moment_s, step) in steps {
        now += step;
        if now > most {
            (most, at_s) = (now, moment_s);
        }
    }
    (most, at_s)
}

/// Where the runs in use began, by stop or the station that it belongs to.
fn begins<'r>(
    in_use: impl Iterator<Item = &'r VehicleRun<'r>>,
    blocks: impl Iterator<Item = &'r VehicleRun<'r>>,
    stops: &HashMap<String, FeedStop>,
) -> Vec<TransitStart> {
    let station = |stop: &'r str| {
        let parent = stops.get(stop).map(|stop| stop.parent.as_str()).filter(|parent| !parent.is_empty());
        parent.filter(|parent| stops.contains_key(*parent)).map_or_else(|| stop.to_owned(), str::to_owned)
    };
    let mut counts: BTreeMap<String, (i64, i64, &str)> = BTreeMap::new();
    for run in in_use {
        counts.entry(station(run.stop)).or_insert((0, 0, run.stop)).0 += 1;
    }
    for run in blocks {
        if let Some(count) = counts.get_mut(&station(run.stop)) {
            count.1 += 1;
        }
    }
    let mut begins: Vec<TransitStart> = counts
        .into_iter()
        .map(|(stop_id, (vehicles, blocks, stop))| {
            let own = stops.get(&stop_id);
            let place = own.and_then(|stop| stop.at).or_else(|| stops.get(stop).and_then(|stop| stop.at));
            TransitStart {
                name: own.map_or_else(String::new, |stop| stop.name.clone()),
                at: place.unwrap_or([f64::NAN; 2]),
                stop_id,
                vehicles,
                over_the_day: blocks.max(vehicles),
            }
        })
        .collect();
    begins.sort_by(|a, b| b.vehicles.cmp(&a.vehicles).then(a.stop_id.cmp(&b.stop_id)));
    begins
}
