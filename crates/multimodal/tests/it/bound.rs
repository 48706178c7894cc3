//! The fleet's bound by hand: a road of 20 minutes, 10 to load, 5 to unload, so that a round takes 55 minutes and the first one from
//! the zone 35.

use crate::made::{
    HOUR, MINUTE, add_zone, blocks, buses, cleared_at_the_earliest, group, one_road, population,
};
use clearway_model::{
    BindingConstraint, Case, ClosureKind, GroupRow, Means, MobilizationRow, PopulationGroups, Scenario,
    VehicleRow, WindowRow, WindowTarget,
};
use clearway_multimodal::bound::CarriedBound;
use clearway_multimodal::fleet::VehicleFleet;

fn seats(people: i64) -> GroupRow {
    group("Z", Means::Seat, people)
}

/// Bound in minutes, `None`: not by the horizon.
fn earliest(scenario: &Scenario, population: &PopulationGroups) -> Option<f64> {
    cleared_at_the_earliest(scenario, population, Means::Seat).map(|s| s / 60.0)
}

fn with_bound<T>(
    scenario: &Scenario,
    population: &PopulationGroups,
    look: impl Fn(&CarriedBound<'_>) -> T,
) -> T {
    let fleet = VehicleFleet::new(scenario, population, Case::Central).unwrap();
    look(&CarriedBound::new(&fleet, Means::Seat))
}

#[test]
fn one_bus_takes_its_rounds() {
    let bound =
        |people| earliest(&one_road(people, 20), &population(vec![seats(people)], vec![buses(1, 40, "A")]));
    assert_eq!([1, 40, 41, 80, 81, 100].map(bound), [35.0, 35.0, 90.0, 90.0, 145.0, 145.0].map(Some));
    // from the site's end the first round is as long as the others
    let far = population(vec![seats(100)], vec![buses(1, 40, "B")]);
    assert_eq!(earliest(&one_road(100, 20), &far), Some(165.0));
}

#[test]
fn a_fleet_shares_its_rounds_and_a_second_type_adds_to_it() {
    let fleet = |rows| population(vec![seats(1000)], rows);
    // 1,000 people by 4 buses of 50: five rounds each
    assert_eq!(earliest(&one_road(1000, 20), &fleet(vec![buses(4, 50, "B")])), Some(275.0));
    let small = VehicleRow { vehicle_type_id: "van".into(), ..buses(10, 5, "B") };
    // 250 people a round with the vans
    assert_eq!(earliest(&one_road(1000, 20), &fleet(vec![buses(4, 50, "B"), small])), Some(220.0));
}

#[test]
fn people_received_before_a_time_are_whole_rounds() {
    let all = population(vec![seats(100)], vec![buses(1, 40, "A")]);
    let people = |t| with_bound(&one_road(100, 20), &all, |proven| proven.people(t));
    // strictly before, so that a round that ends at 35 minutes counts a ms later
    let at = [0, 35 * MINUTE, 35 * MINUTE + 1, 90 * MINUTE, 90 * MINUTE + 1, 24 * HOUR, 100 * HOUR];
    assert_eq!(at.map(people), [0, 0, 40, 40, 80, 100, 100]);
}

#[test]
fn a_vehicle_that_comes_late_or_leaves_early_does_less() {
    let with = |change: fn(&mut VehicleRow)| {
        let mut bus = buses(1, 40, "A");
        change(&mut bus);
        earliest(&one_road(100, 20), &population(vec![seats(100)], vec![bus]))
    };
    assert_eq!(with(|bus| bus.available_from_ms = Some(HOUR)), Some(205.0));
    assert_eq!(with(|bus| bus.available_until_ms = Some(145 * MINUTE)), Some(145.0));
    assert_eq!(with(|bus| bus.available_until_ms = Some(145 * MINUTE - 1)), None);
}

#[test]
fn a_driver_works_so_long_and_rests() {
    let bus = |rest_ms| VehicleRow { duty_max_ms: Some(HOUR), rest_ms, ..buses(1, 40, "A") };
    let bound = |rest| earliest(&one_road(100, 20), &population(vec![seats(100)], vec![bus(rest)]));
    // 145 minutes at work in turns of 60 with 30 of rest: two whole turns, and 25 minutes
    assert_eq!(bound(Some(30 * MINUTE)), Some(205.0));
    assert_eq!(bound(None), None);
}

#[test]
fn being_ready_comes_first() {
    let mut scenario = one_road(40, 20);
    scenario.zones[0].mobilization_id = "late".into();
    let row = |minutes: i64, share| MobilizationRow {
        mobilization_id: "late".into(),
        time_ms: minutes * MINUTE,
        share,
    };
    scenario.releases = vec![row(0, 0.0), row(240, 1.0)];
    let all = population(vec![seats(40)], vec![buses(1, 40, "A")]);
    // the last of 40 counts once any part of them is ready, after 39 fortieths of 240 minutes
    assert_eq!(earliest(&scenario, &all), Some(234.0 + 35.0));
    assert_eq!(with_bound(&scenario, &all, |proven| proven.binds()), BindingConstraint::Mobilization);
    // the first of 40 is ready at the beginning, if only just
    assert_eq!(with_bound(&scenario, &all, |proven| proven.people(35 * MINUTE + 2)), 1);
}

#[test]
fn nearer_people_come_first_in_what_the_vehicles_time_is_worth() {
    // zone Y is at the site's end: its round takes 10 + 20 + 20 + 5 minutes from there
    let mut scenario = one_road(40, 20);
    add_zone(&mut scenario, "Y", 40);
    scenario.connectors[2].time_ms = 15 * MINUTE;
    let all = population(vec![seats(40), group("Y", Means::Seat, 40)], vec![buses(1, 40, "B")]);
    // 55 minutes for Z and 85 for Y, by connectors of 15 minutes there and back
    assert_eq!(earliest(&scenario, &all), Some(140.0));
}

#[test]
fn while_no_road_is_open_a_bus_ends_but_its_round() {
    let mut scenario = one_road(200, 20);
    let window = |from, until| WindowRow {
        target: WindowTarget::AllLinks,
        target_id: "*".into(),
        from_ms: from * HOUR,
        until_ms: Some(until * HOUR),
        kind: ClosureKind::Entry,
        ..WindowRow::default()
    };
    let all = population(vec![seats(200)], vec![buses(1, 40, "A")]);
    assert_eq!(earliest(&scenario, &all), Some(255.0));
    // open for the first hour and from the tenth on: 60 minutes, at most 115 in between, and the other 80
    scenario.windows = vec![window(0, 1), window(10, 20)];
    assert_eq!(earliest(&scenario, &all), Some(680.0));
    assert_eq!(with_bound(&scenario, &all, |proven| proven.binds()), BindingConstraint::Windows);
    let made = blocks(&scenario, &all);
    assert!(made.trips.last().unwrap().end_ms >= 680 * MINUTE);
}

#[test]
fn the_time_people_wait_is_summed_over_steps() {
    let all = population(vec![seats(100)], vec![buses(1, 40, "A")]);
    // 100 people for 35 minutes, 60 for 55, 20 for 55: 131 2/3 person-hours, less what a step of a minute may hide
    let hours = with_bound(&one_road(100, 20), &all, |proven| proven.person_hours(MINUTE));
    let whole = (100.0 * 35.0 + 60.0 * 55.0 + 20.0 * 55.0) / 60.0;
    assert!(hours <= whole && hours >= whole - 180.0 / 60.0, "{hours} of {whole}");
}

#[test]
fn more_vehicles_of_a_range_count_in_the_optimistic_case_alone() {
    let bus = VehicleRow { count_low: Some(1), count_high: Some(4), ..buses(2, 40, "A") };
    let all = population(vec![seats(160)], vec![bus]);
    let scenario = one_road(160, 20);
    let bound = |case| {
        let fleet = VehicleFleet::new(&scenario, &all, case).unwrap();
        CarriedBound::new(&fleet, Means::Seat).earliest_s(160).unwrap() / 60.0
    };
    assert_eq!([Case::Pessimistic, Case::Central, Case::Optimistic].map(bound), [200.0, 90.0, 35.0]);
}

#[test]
fn nobody_can_be_received_who_has_no_place_or_no_way() {
    let stretcher = population(vec![group("Z", Means::Stretcher, 5)], vec![buses(1, 40, "A")]);
    assert_eq!(cleared_at_the_earliest(&one_road(5, 20), &stretcher, Means::Stretcher), None);
    let mut scenario = one_road(5, 20);
    scenario.links.remove(0);
    assert_eq!(earliest(&scenario, &population(vec![seats(5)], vec![buses(1, 40, "A")])), None);
    // nobody at all is received at once
    assert_eq!(earliest(&one_road(5, 20), &population(Vec::new(), vec![buses(1, 40, "A")])), Some(0.0));
}

#[test]
fn on_one_road_the_timetable_meets_its_bound() {
    for (count, places, people, depot) in
        [(1, 40, 100, "A"), (3, 50, 777, "B"), (7, 9, 500, "A"), (2, 1, 31, "B")]
    {
        let (scenario, all) =
            (one_road(people, 20), population(vec![seats(people)], vec![buses(count, places, depot)]));
        let last = blocks(&scenario, &all).trips.iter().map(|trip| trip.end_ms).max().unwrap();
        assert_eq!(earliest(&scenario, &all), Some(last as f64 / 60_000.0), "{count} of {places}");
    }
}
