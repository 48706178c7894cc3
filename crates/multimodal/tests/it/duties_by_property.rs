//! Timetables of random cases: what a timetable promises to people, drivers, sites and other road users, counted anew from its rows.

use crate::made::{blocks, random};
use crate::timetable::{Entries, drive, on_board};
use clearway_flow::ReleaseCurve;
use clearway_model::{Case, Means, MultimodalSettings, PopulationGroups, Scenario, TripRow, YesNo};
use clearway_multimodal::blocks::VehicleBlocks;
use clearway_multimodal::bound::CarriedBound;
use clearway_multimodal::fleet::VehicleFleet;
use clearway_multimodal::reserved::free_pcu_h;
use clearway_network::Network;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

const QUARTER: i64 = MultimodalSettings::QUARTER_MS;
const SEEDS: std::ops::Range<u64> = 0..240;

struct Made {
    seed: u64,
    scenario: Scenario,
    population: PopulationGroups,
    blocks: VehicleBlocks,
}

/// The cases of all seeds with their blocks, made once for all tests.
fn cases() -> &'static [Made] {
    static CASES: OnceLock<Vec<Made>> = OnceLock::new();
    CASES.get_or_init(|| {
        let made = |seed| {
            let (scenario, population) = random(seed)?;
            let blocks = blocks(&scenario, &population);
            Some(Made { seed, scenario, population, blocks })
        };
        SEEDS.filter_map(made).collect()
    })
}

#[test]
fn vehicles_can_drive_their_timetable_and_are_never_fuller_than_full() {
    let mut rounds = 0;
    for Made { seed, scenario, population, blocks } in cases() {
        drive(scenario, population, &blocks.trips);
        for trip in &blocks.trips {
            let row = population.fleet.iter().find(|r| r.vehicle_type_id == trip.vehicle_type_id).unwrap();
            let people = on_board(trip);
            for (means, people) in Means::FLEET.into_iter().zip(people) {
                assert!((0..=row.places(means)).contains(&people), "seed {seed}: {trip:?}");
            }
            assert!(people.iter().sum::<i64>() > 0, "seed {seed}: an empty round: {trip:?}");
            assert!(trip.end_ms < scenario.settings.horizon_ms, "seed {seed}: {trip:?}");
        }
        rounds += blocks.trips.len();
    }
    assert!(rounds > 1500, "{rounds} rounds");
}

/// The curve of a zone's people.
fn release(scenario: &Scenario, zone: &str) -> ReleaseCurve {
    let id = &scenario.zones.iter().find(|z| z.zone_id == zone).unwrap().mobilization_id;
    let rows = scenario.releases.iter().filter(|row| !id.is_empty() && row.mobilization_id == *id);
    ReleaseCurve::new(rows.map(|row| (row.time_ms, row.share)).collect())
}

/// Trips from a zone.
fn from_zone<'t>(trips: &'t [TripRow], zone: &str) -> Vec<&'t TripRow> {
    trips.iter().filter(|trip| trip.zone_id == zone).collect()
}

#[test]
fn nobody_is_taken_before_being_ready_and_nobody_twice() {
    let (mut carried, mut waited) = (0, 0);
    for Made { seed, scenario, population, blocks } in cases() {
        for group in population.rows.iter().filter(|group| group.means.is_carried()) {
            let slot = Means::FLEET.iter().position(|means| *means == group.means).unwrap();
            let evacuees = group.people - group.stay_people.unwrap_or(0);
            let release = release(scenario, &group.zone_id);
            let mut trips = from_zone(&blocks.trips, &group.zone_id);
            trips.sort_by_key(|trip| trip.load_ms);
            let mut taken = 0;
            for trip in trips {
                taken += on_board(trip)[slot];
                let ready = evacuees as f64 * release.share(trip.load_ms) + 1e-6;
                assert!(
                    on_board(trip)[slot] == 0 || taken as f64 <= ready,
                    "seed {seed}: {trip:?}: {taken} of {ready}"
                );
                waited += i32::from(ready < evacuees as f64);
            }
            assert!(taken <= evacuees, "seed {seed}: {taken} of {evacuees}");
            carried += taken;
        }
    }
    assert!(carried > 8000 && waited > 100, "{carried} carried, {waited} rounds while people get ready");
}

#[test]
fn sites_take_no_more_than_they_hold_and_groups_that_stay_together_do() {
    let (mut full, mut together) = (0, 0);
    for Made { seed, scenario, population, blocks } in cases() {
        for (index, site) in scenario.sites.iter().enumerate() {
            let there = blocks.trips.iter().filter(|trip| trip.site_id == site.site_id);
            let people: i64 = there.map(|trip| on_board(trip).iter().sum::<i64>()).sum();
            assert_eq!(blocks.site_people[index], people, "seed {seed}");
            assert!(site.capacity_people.is_none_or(|room| people <= room), "seed {seed}: {people}");
            full += i32::from(site.capacity_people == Some(people));
        }
        for group in population.rows.iter().filter(|group| group.together == Some(YesNo::Yes)) {
            let slot = Means::FLEET.iter().position(|means| *means == group.means).unwrap();
            let trips = from_zone(&blocks.trips, &group.zone_id).into_iter();
            let sites: BTreeSet<&str> =
                trips.filter(|trip| on_board(trip)[slot] > 0).map(|trip| trip.site_id.as_str()).collect();
            assert!(sites.len() <= 1, "seed {seed}: {group:?} at {sites:?}");
            together += sites.len();
        }
    }
    assert!(full > 3 && together > 20, "{full} full sites, {together} groups together");
}

/// What is counted in each quarter of an hour where one that is larger than the room of its quarter fills those after it too.
fn quarters(entered: &BTreeMap<i64, f64>, room: f64) -> BTreeMap<i64, f64> {
    let mut used = BTreeMap::new();
    let (mut left, mut last) = (0.0, i64::MIN);
    for (&quarter, &amount) in entered {
        let mut at = last;
        // what is left over from before goes into the quarters up to this one
        while left > 1e-9 && at < quarter {
            let some = f64::min(left, room);
            used.insert(at, some);
            left -= some;
            at += 1;
        }
        left += amount;
        last = quarter;
    }
    let mut at = last;
    while left > 1e-9 {
        let some = f64::min(left, room);
        used.insert(at, some);
        left -= some;
        at += 1;
    }
    used
}

/// pcu that enter each link by quarters of an hour.
fn by_link(entries: Entries) -> BTreeMap<String, BTreeMap<i64, f64>> {
    let mut links: BTreeMap<String, BTreeMap<i64, f64>> = BTreeMap::new();
    for (link, t, pcu) in entries {
        *links.entry(link).or_default().entry(t / QUARTER).or_default() += pcu;
    }
    links
}

#[test]
fn the_fleet_keeps_within_its_share_of_every_road_and_all_it_uses_is_kept_for_it() {
    let mut busy = 0;
    for Made { seed, scenario, population, blocks } in cases() {
        let network = Network::new(scenario, Case::Central).unwrap();
        let kept = blocks.kept.links(scenario, &network);
        let used = by_link(drive(scenario, population, &blocks.trips));
        assert_eq!(kept.keys().collect::<BTreeSet<_>>(), used.keys().collect(), "seed {seed}");
        let largest = population.fleet.iter().map(|row| row.pcu_per_vehicle).fold(0.0, f64::max);
        for (id, entered) in used {
            let link = scenario.links.iter().find(|link| link.link_id == id).unwrap();
            let room = free_pcu_h(link) * population.settings.fleet_share / 4.0;
            // over any number of quarters no more than the share, but for what the last one is larger than its quarter
            for &first in entered.keys() {
                for (&last, _) in entered.range(first..) {
                    let sum: f64 = entered.range(first..=last).map(|quarter| quarter.1).sum();
                    let most = room * (last - first + 1) as f64 + (largest - room).max(0.0);
                    assert!(
                        sum <= most + 1e-6,
                        "seed {seed}: {id}: {sum} pcu in {first}..={last}, {most} may"
                    );
                }
            }
            let busiest = quarters(&entered, room).into_values().fold(0.0, f64::max) * 4.0;
            assert!(
                (kept[&id] - busiest).abs() < 1e-6,
                "seed {seed}: {id}: {} kept, {busiest} used",
                kept[&id]
            );
            assert!(kept[&id] <= room * 4.0 + 1e-6, "seed {seed}: {id}: {} of {room}", kept[&id]);
            busy += i32::from(busiest > room * 2.0);
        }
    }
    assert!(busy > 25, "{busy} roads on which more than half of the share is used");
}

#[test]
fn no_timetable_is_ahead_of_the_fleets_bound_at_any_time() {
    let (mut looked, mut tight) = (0, 0);
    for Made { seed, scenario, population, blocks } in cases() {
        let fleet = VehicleFleet::new(scenario, population, Case::Central).unwrap();
        for (slot, means) in Means::FLEET.into_iter().enumerate() {
            let bound = CarriedBound::new(&fleet, means);
            let mut ends: Vec<(i64, i64)> =
                blocks.trips.iter().map(|t| (t.end_ms, on_board(t)[slot])).collect();
            ends.sort_unstable();
            let mut received = 0;
            for (end, people) in ends {
                received += people;
                let most = bound.people(end + 1);
                assert!(
                    received <= most,
                    "seed {seed}: {means:?}: {received} received by {end}, at most {most}"
                );
                let earliest = bound.earliest_s(received).unwrap();
                assert!(
                    (earliest * 1000.0).round() as i64 <= end,
                    "seed {seed}: {means:?}: {earliest} s, {end} ms"
                );
                looked += 1;
                tight += i32::from(received == most && people > 0);
            }
        }
    }
    assert!(looked > 3000 && tight > 100, "{looked} times looked at, {tight} at which the bound is met");
}

#[test]
fn a_bound_never_falls_with_time_and_gives_back_the_count_it_is_asked_for() {
    for seed in 0..60 {
        let Some((scenario, population)) = random(seed) else { continue };
        let fleet = VehicleFleet::new(&scenario, &population, Case::Central).unwrap();
        for means in Means::FLEET {
            let bound = CarriedBound::new(&fleet, means);
            let counts: Vec<i64> = (0..=60).map(|step| bound.people(step * fleet.horizon / 60)).collect();
            assert!(counts.is_sorted() && counts[0] == 0, "seed {seed}: {counts:?}");
            for count in 1..=bound.evacuees() {
                let Some(earliest) = bound.earliest_s(count) else {
                    assert!(bound.people(fleet.horizon) < count, "seed {seed}");
                    continue;
                };
                let at = (earliest * 1000.0).round() as i64;
                assert!(
                    bound.people(at) < count && bound.people(at + 1) >= count,
                    "seed {seed}: {count} at {at}"
                );
            }
        }
    }
}
