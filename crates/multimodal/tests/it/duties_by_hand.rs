//! Timetables by hand: one road of 20 minutes, 10 to load, 5 to unload.

use crate::made::{HOUR, MINUTE, add_zone, blocks, buses, connector, group, one_road, population};
use crate::timetable::on_board;
use clearway_model::{
    Case, ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, GroupRow, LinkRow, Means, MobilizationRow,
    MovementRow, NodeRow, PopulationGroups, Scenario, SiteRow, TripRow, VehicleRow, YesNo,
};
use clearway_multimodal::blocks::unranked_blocks;
use clearway_multimodal::fleet::VehicleFleet;

/// The times of a round in minutes: sets out, loads, leaves, arrives, all received; and the people on board.
fn minutes(trip: &TripRow) -> ([i64; 5], [i64; 3]) {
    let times = [trip.from_ms, trip.load_ms, trip.depart_ms, trip.unload_ms, trip.end_ms];
    assert!(times.iter().all(|t| t % MINUTE == 0), "{trip:?}");
    (times.map(|t| t / MINUTE), on_board(trip))
}

fn trips(scenario: &Scenario, population: &PopulationGroups) -> Vec<TripRow> {
    blocks(scenario, population).trips
}

fn seats(people: i64) -> GroupRow {
    group("Z", Means::Seat, people)
}

#[test]
fn a_bus_at_the_zone_goes_to_and_fro() {
    let made = blocks(&one_road(100, 20), &population(vec![seats(100)], vec![buses(1, 40, "A")]));
    let rounds: Vec<_> = made.trips.iter().map(minutes).collect();
    assert_eq!(
        rounds,
        [
            ([0, 0, 10, 30, 35], [40, 0, 0]),
            ([35, 55, 65, 85, 90], [40, 0, 0]),
            ([90, 110, 120, 140, 145], [20, 0, 0])
        ]
    );
    // five runs of 3 km
    assert_eq!((made.metres, made.site_people), (15_000.0, vec![100]));
    let names: Vec<(&str, &str)> =
        made.trips.iter().map(|t| (t.empty_links.as_str(), t.links.as_str())).collect();
    assert_eq!(names, [("", "there"), ("back", "there"), ("back", "there")]);
    assert!(made.trips.iter().all(|t| t.zone_connector == "Z-A" && t.site_connector == "S-B"));
}

#[test]
fn a_bus_waits_for_people_to_be_ready_and_takes_all_that_it_has_places_for() {
    let mut scenario = one_road(80, 20);
    scenario.zones[0].mobilization_id = "late".into();
    let row = |minutes: i64, share| MobilizationRow {
        mobilization_id: "late".into(),
        time_ms: minutes * MINUTE,
        share,
    };
    scenario.releases = vec![row(60, 0.0), row(180, 1.0)];
    let rounds: Vec<_> =
        trips(&scenario, &population(vec![seats(80)], vec![buses(1, 40, "A")])).iter().map(minutes).collect();
    // 40 of 80 are ready after 120 minutes, the other 40 after 180
    assert_eq!(rounds, [([0, 120, 130, 150, 155], [40, 0, 0]), ([155, 180, 190, 210, 215], [40, 0, 0])]);
}

#[test]
fn those_with_a_smaller_priority_go_first_and_without_priorities_they_do_not() {
    let mut scenario = one_road(40, 20);
    add_zone(&mut scenario, "Y", 80);
    let first = GroupRow { priority: Some(1), ..seats(40) };
    let then = GroupRow { priority: Some(2), ..group("Y", Means::Seat, 80) };
    let all = population(vec![first, then], vec![buses(1, 40, "A")]);
    let zones = |trips: &[TripRow]| trips.iter().map(|t| t.zone_id.clone()).collect::<Vec<_>>();
    assert_eq!(zones(&trips(&scenario, &all)), ["Z", "Y", "Y"]);
    let fleet = VehicleFleet::new(&scenario, &all, Case::Central).unwrap();
    // the most work waits in Y
    assert_eq!(zones(&unranked_blocks(&fleet, 0.5).unwrap().trips), ["Y", "Y", "Z"]);
}

#[test]
fn where_all_go_alike_there_is_no_timetable_without_priorities() {
    let all = population(vec![seats(100)], vec![buses(1, 40, "A")]);
    let scenario = one_road(100, 20);
    assert!(unranked_blocks(&VehicleFleet::new(&scenario, &all, Case::Central).unwrap(), 0.5).is_none());
}

#[test]
fn people_of_several_kinds_share_a_vehicle_with_places_for_each() {
    let bus = VehicleRow { wheelchair_places: Some(2), stretcher_places: Some(1), ..buses(1, 4, "A") };
    let groups = vec![seats(6), group("Z", Means::Wheelchair, 2), group("Z", Means::Stretcher, 2)];
    let people: Vec<[i64; 3]> =
        trips(&one_road(10, 20), &population(groups, vec![bus])).iter().map(on_board).collect();
    assert_eq!(people, [[4, 2, 1], [2, 0, 1]]);
}

#[test]
fn nobody_takes_a_place_of_another_kind() {
    let groups = vec![seats(5), group("Z", Means::Stretcher, 3)];
    let made = trips(&one_road(8, 20), &population(groups, vec![buses(1, 40, "A")]));
    assert_eq!(made.iter().map(on_board).collect::<Vec<_>>(), [[5, 0, 0]]);
}

#[test]
fn a_driver_rests_after_the_longest_time_at_work_or_goes_home() {
    let bus = |rest_ms| VehicleRow { duty_max_ms: Some(100 * MINUTE), rest_ms, ..buses(1, 40, "A") };
    let begins = |rest| {
        let made = trips(&one_road(160, 20), &population(vec![seats(160)], vec![bus(rest)]));
        made.iter().map(|t| t.from_ms / MINUTE).collect::<Vec<_>>()
    };
    // 35 and 55 minutes at work; a third round would end after 145
    assert_eq!(begins(None), [0, 35]);
    assert_eq!(begins(Some(30 * MINUTE)), [0, 35, 120, 205]);
}

#[test]
fn a_vehicle_ends_before_it_is_needed_elsewhere_and_within_its_range() {
    let many = vec![seats(400)];
    let until = VehicleRow { available_until_ms: Some(90 * MINUTE), ..buses(1, 40, "A") };
    assert_eq!(trips(&one_road(400, 20), &population(many.clone(), vec![until])).len(), 2);
    let minute_less = VehicleRow { available_until_ms: Some(90 * MINUTE - 1), ..buses(1, 40, "A") };
    assert_eq!(trips(&one_road(400, 20), &population(many.clone(), vec![minute_less])).len(), 1);
    // 3 km for the first round, 6 for each after it
    let range = VehicleRow { range_m: Some(15_000.0), ..buses(1, 40, "A") };
    assert_eq!(trips(&one_road(400, 20), &population(many.clone(), vec![range])).len(), 3);
    let late = VehicleRow { available_from_ms: Some(HOUR), ..buses(1, 40, "A") };
    assert_eq!(trips(&one_road(40, 20), &population(vec![seats(40)], vec![late]))[0].from_ms, HOUR);
    assert_eq!(trips(&one_road(400, 20), &population(many, vec![buses(0, 40, "A")])), []);
}

/// A second site 30 minutes farther on, with room for as many as are said.
fn two_sites(near: Option<i64>, far: Option<i64>) -> Scenario {
    let mut scenario = one_road(100, 20);
    scenario.nodes.push(NodeRow { node_id: "C".into(), ..NodeRow::default() });
    for (id, from, to) in [("on", "B", "C"), ("home", "C", "B")] {
        let road = &scenario.links[0];
        let (from_node_id, to_node_id) = (from.into(), to.into());
        let time_ms = Some(30 * MINUTE);
        scenario.links.push(LinkRow {
            link_id: id.into(),
            from_node_id,
            to_node_id,
            time_ms,
            ..road.clone()
        });
    }
    scenario.sites[0].capacity_people = near;
    scenario.sites.push(SiteRow { site_id: "T".into(), capacity_people: far, ..SiteRow::default() });
    scenario.connectors.push(connector(ConnectorPlace::Site, "T", "C"));
    scenario
}

#[test]
fn people_go_to_the_nearest_site_with_room_for_all_of_them() {
    let sites = |near, far, together: Option<YesNo>| {
        let group = GroupRow { together, ..seats(100) };
        let made = blocks(&two_sites(near, far), &population(vec![group], vec![buses(2, 40, "A")]));
        made.site_people
    };
    assert_eq!(sites(None, None, None), [100, 0]);
    assert_eq!(sites(Some(99), None, None), [0, 100]);
    // neither has room for all: the nearer one first
    assert_eq!(sites(Some(70), Some(60), None), [70, 30]);
    assert_eq!(sites(Some(70), Some(20), None), [70, 20]);
    // who stays together is not divided
    assert_eq!(sites(Some(70), Some(60), Some(YesNo::Yes)), [0, 0]);
    assert_eq!(sites(Some(70), Some(100), Some(YesNo::Yes)), [0, 100]);
}

#[test]
fn a_bus_waits_before_a_closed_road_at_the_zone() {
    let mut scenario = one_road(40, 20);
    scenario.closures.push(ClosureRow {
        target: ClosureTarget::Zone,
        target_id: "Z".into(),
        from_ms: 0,
        until_ms: Some(50 * MINUTE),
        kind: ClosureKind::Entry,
        ..ClosureRow::default()
    });
    let made = trips(&scenario, &population(vec![seats(40)], vec![buses(1, 40, "A")]));
    assert_eq!(minutes(&made[0]), ([0, 0, 50, 70, 75], [40, 0, 0]));
}

#[test]
fn nobody_is_left_standing_at_a_site_that_opens_later() {
    let mut scenario = one_road(40, 20);
    scenario.sites[0].open_from_ms = Some(2 * HOUR);
    let made = trips(&scenario, &population(vec![seats(40)], vec![buses(1, 40, "A")]));
    assert_eq!(made[0].end_ms, 2 * HOUR);
}

#[test]
fn a_prohibited_turn_is_not_taken() {
    // from B home is the way back; with it prohibited after `on` there is none from C, and a bus goes there once
    let mut scenario = two_sites(Some(0), None);
    scenario.movements = vec![MovementRow {
        ib_link_id: "home".into(),
        ob_link_id: "back".into(),
        prohibited: "1".into(),
        ..MovementRow::default()
    }];
    let made = trips(&scenario, &population(vec![seats(100)], vec![buses(2, 40, "A")]));
    assert_eq!(made.iter().map(|t| t.site_id.as_str()).collect::<Vec<_>>(), ["T", "T"]);
}

#[test]
fn buses_set_out_as_the_share_of_a_narrow_road_allows() {
    // 32 pcu/h, of which half, 4 pcu in a quarter of an hour, are for the fleet: two buses of 2 pcu
    let mut scenario = one_road(200, 20);
    for link in &mut scenario.links {
        link.capacity_pcu_h = Some(32.0);
    }
    let made = blocks(&scenario, &population(vec![seats(200)], vec![buses(5, 40, "A")]));
    let departs: Vec<i64> = made.trips.iter().map(|t| t.depart_ms / (15 * MINUTE)).collect();
    assert_eq!(departs, [0, 0, 1, 1, 2]);
    let network = clearway_network::Network::new(&scenario, Case::Central).unwrap();
    assert_eq!(made.kept.links(&scenario, &network), [("there".to_owned(), 16.0)].into());
}

#[test]
fn the_least_share_that_serves_is_taken() {
    // one bus needs 2 pcu in a quarter of an hour: a sixteenth of half of 1,800 pcu/h is plenty
    let scenario = one_road(100, 20);
    let made = blocks(&scenario, &population(vec![seats(100)], vec![buses(1, 40, "A")]));
    let network = clearway_network::Network::new(&scenario, Case::Central).unwrap();
    let kept = made.kept.links(&scenario, &network);
    assert_eq!(kept, [("there".to_owned(), 8.0), ("back".to_owned(), 8.0)].into());
    assert_eq!(made.kept.admissions(&network).raw, [0.0]);
}

#[test]
fn intakes_are_shared_as_roads_are() {
    let mut scenario = one_road(200, 20);
    scenario.sites[0].admission_people_h = Some(400.0);
    // half of 400 people/h is 50 in a quarter of an hour: one bus of 40
    let made = blocks(&scenario, &population(vec![seats(200)], vec![buses(5, 40, "A")]));
    let ends: Vec<i64> = made.trips.iter().map(|t| t.end_ms / (15 * MINUTE)).collect();
    assert_eq!(ends, [2, 3, 4, 5, 6]);
    let network = clearway_network::Network::new(&scenario, Case::Central).unwrap();
    assert_eq!(made.kept.admissions(&network).raw, [160.0]);
}
