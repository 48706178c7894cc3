//! Room of links by hand: given, from length and lanes, what the flow needs, and on foot.

use crate::made::{cars, one_road};
use clearway_model::{Case, ClassOfUsers, LinkRow, Mode, Scenario};
use clearway_network::{ElementIndex, LinkRoom, LinkRooms, Network, RoomFigures, link_room};

/// The road of the scenario is its second element.
fn road_element() -> ElementIndex {
    ElementIndex::from(1)
}

fn scenario(link: LinkRow, class: ClassOfUsers) -> Scenario {
    let mut scenario = one_road();
    let ends = scenario.links[0].clone();
    scenario.links = vec![LinkRow {
        link_id: ends.link_id,
        from_node_id: ends.from_node_id,
        to_node_id: ends.to_node_id,
        ..link
    }];
    scenario.settings.class = vec![class];
    scenario
}

fn room(link: &LinkRow, class: ClassOfUsers, case: Case) -> Option<LinkRoom> {
    let scenario = scenario(link.clone(), class);
    LinkRooms::new(&scenario, &Network::new(&scenario, case).unwrap()).of[road_element()]
}

/// 1 km of two lanes at 60 km/h.
fn road(capacity_pcu_h: f64) -> LinkRow {
    LinkRow {
        length_m: Some(1000.0),
        lanes: Some(2.0),
        capacity_pcu_h: Some(capacity_pcu_h),
        time_ms: Some(60_000),
        ..LinkRow::default()
    }
}

fn vehicles(link: &LinkRow) -> u32 {
    room(link, cars(), Case::Central).unwrap().vehicles
}

/// 1 km, 2 lanes, 7.5 m: 266 cars; 3,600 cars per hour at 60 km/h need 60 s + 240 s = 301 places.
#[test]
fn a_road_holds_what_fits_and_what_its_flow_needs() {
    assert_eq!(
        room(&road(1800.0), cars(), Case::Central),
        Some(LinkRoom { vehicles: 266, wave_us: 240_000_000 })
    );
    assert_eq!(vehicles(&road(3600.0)), 301);
    let buses = ClassOfUsers { pcu_per_vehicle: 2.0, ..cars() };
    assert_eq!(room(&road(100.0), buses, Case::Central).unwrap().vehicles, 133);
    // no lanes are one lane, less than half a lane is half a lane
    assert_eq!(vehicles(&LinkRow { lanes: None, ..road(1000.0) }), 133);
    assert_eq!(vehicles(&LinkRow { lanes: Some(0.1), ..road(500.0) }), 66);
}

/// A figure of its own counts, by case, but never below 0.5/s x 300 s + 1 = 151; in pcu, of which a bus takes two.
#[test]
fn room_can_be_given_with_a_range() {
    let given = LinkRow {
        storage_pcu: Some(400.0),
        storage_pcu_low: Some(200.0),
        storage_pcu_high: Some(500.5),
        ..road(1800.0)
    };
    let of = |case| room(&given, cars(), case).unwrap().vehicles;
    assert_eq!([Case::Central, Case::Optimistic, Case::Pessimistic].map(of), [400, 500, 200]);
    assert_eq!(vehicles(&LinkRow { storage_pcu: Some(3.0), ..road(1800.0) }), 151);
    let buses = ClassOfUsers { pcu_per_vehicle: 2.0, ..cars() };
    assert_eq!(room(&given, buses, Case::Central).unwrap().vehicles, 200);
    // other spacing changes what is computed, not what is given
    let spaced = |link: &LinkRow| {
        let scenario = scenario(link.clone(), cars());
        let network = Network::new(&scenario, Case::Central).unwrap();
        let figures = RoomFigures { spacing_m: 5.0, ..RoomFigures::default() };
        link_room(&scenario, Case::Central, &network.elements[road_element()], 1.0, figures).unwrap().vehicles
    };
    assert_eq!((spaced(&road(1800.0)), spaced(&given)), (400, 400));
}

#[test]
fn where_nothing_says_how_long_a_road_is_any_number_fits() {
    let unknown = LinkRow { length_m: None, ..road(1800.0) };
    assert_eq!(room(&unknown, cars(), Case::Central), None);
    // 60 km/h for 60 s are 1 km
    assert_eq!(vehicles(&LinkRow { free_speed: Some(60.0), ..unknown.clone() }), 266);
    // without length a gap takes no time: 0.5/s x 60 s + 1
    let given = LinkRow { storage_pcu: Some(8.0), ..unknown };
    assert_eq!(room(&given, cars(), Case::Central), Some(LinkRoom { vehicles: 31, wave_us: 0 }));
}

/// 4,410 people per hour are 1 m of width: 100 m2 with 5.4 people each are 540. A gap takes 100 m at 0.98 km/h:
/// 3.6 x 1.225 / (5.4 - 1.225 / 1.34) = 0.98310 km/h, 366.189 s. `storage_pcu` is of vehicles and means nothing here.
#[test]
fn people_on_foot_stand_closer() {
    let path = LinkRow {
        length_m: Some(100.0),
        walk_capacity_people_h: Some(4410.0),
        walk_time_ms: Some(75_000),
        storage_pcu: Some(3.0),
        ..LinkRow::default()
    };
    let walkers = ClassOfUsers { mode: Mode::Walk, people_per_vehicle: None, ..cars() };
    let room = room(&path, walkers, Case::Central).unwrap();
    // 1.225/s x (75 s + 366.189 s) + 1 = 541.5: what the flow needs is a little more
    assert_eq!(room.vehicles, 542);
    assert!((room.wave_us - 366_189_000).abs() < 1000, "{}", room.wave_us);
}
