//! Those whom the fleet carries, by its timetable.

use crate::error::{NeedsError, invalid, read};
use crate::occupancy::{Occupancy, OccupancyKind, present};
use crate::replayed::TightestReserve;
use clearway_formats::read_table;
use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, Scenario, Store, TripRow};
use std::collections::BTreeMap;

/// The timetable of the fleet; empty without one.
///
/// # Errors
/// If the table is there and cannot be read.
pub(super) fn trips(plan: &dyn Store) -> Result<Vec<TripRow>, NeedsError> {
    let name = "fleet/trips.csv";
    let Some(bytes) = read(plan, name)? else { return Ok(Vec::new()) };
    let (trips, found) = read_table::<TripRow>("trips.csv", &bytes);
    if found.has_errors() {
        return Err(invalid(plan, name)(found));
    }
    Ok(trips)
}

/// Of every trip the closures of its zone that come after it leaves. What closes on its way is for `clearway verify` alone.
pub(super) fn tightest_of_fleet<'a>(
    trips: &'a [TripRow],
    scenario: &'a Scenario,
) -> impl Iterator<Item = TightestReserve> + 'a {
    let closes = |trip: &'a TripRow| {
        scenario.closures.iter().filter(|c| {
            c.kind == ClosureKind::Presence && c.target == ClosureTarget::Zone && c.target_id == trip.zone_id
        })
    };
    trips.iter().flat_map(move |trip| {
        let begin = |c: &ClosureRow| match c.repeat_every_ms {
            Some(every) if every > 0 && c.from_ms < trip.depart_ms => {
                c.from_ms + (trip.depart_ms - c.from_ms + every - 1) / every * every
            }
            _ => c.from_ms,
        };
        closes(trip).map(begin).filter(|begin| *begin >= trip.depart_ms).map(|hazard_ms| TightestReserve {
            zone_id: trip.zone_id.clone(),
            hazard_ms,
            past_ms: trip.depart_ms,
        })
    })
}

/// Those whom the fleet carries, from its timetable; `waiting` are all who are in no part.
pub(super) fn fleet(
    trips: &[TripRow],
    waiting: &BTreeMap<String, i64>,
    scenario: &Scenario,
    hours: usize,
) -> Vec<Occupancy> {
    let mut zones: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut sites: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut route = Vec::new();
    for trip in trips {
        let people = trip.seat_people + trip.wheelchair_people + trip.stretcher_people;
        zones.entry(&trip.zone_id).or_default().push((trip.depart_ms, -people));
        route.extend([(trip.depart_ms, people), (trip.end_ms, -people)]);
        sites.entry(&trip.site_id).or_default().push((trip.end_ms, people));
    }
    let mut all: Vec<Occupancy> = scenario
        .zones
        .iter()
        .map(|zone| {
            let start = waiting.get(&zone.zone_id).copied().unwrap_or(0);
            let people = present(start, zones.entry(&zone.zone_id).or_default(), hours);
            Occupancy { kind: OccupancyKind::Origin, place_id: zone.zone_id.clone(), people }
        })
        .collect();
    all.push(Occupancy {
        kind: OccupancyKind::Route,
        place_id: String::new(),
        people: present(0, &mut route, hours),
    });
    all.extend(scenario.sites.iter().map(|site| {
        let people = present(0, sites.entry(&site.site_id).or_default(), hours);
        Occupancy { kind: OccupancyKind::Site, place_id: site.site_id.clone(), people }
    }));
    all
}
