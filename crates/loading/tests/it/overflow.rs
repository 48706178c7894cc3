//! Overflow by hand: people on a link as straight lines over time, and the triangles above its room.

use clearway_loading::exact::{SentOrder, load_exactly};
use clearway_loading::overflow::{Overflow, overflow};
use clearway_model::{
    Case, ClassOfUsers, ClosureKind, ConnectorPlace, ConnectorRow, Context, LinkRow, Mode, NodeRow, Scenario,
    Settings, SiteRow, WindowRow, WindowTarget, ZoneRow,
};
use clearway_network::{ElementIndex, LinkRooms, Network};

const SECOND: i64 = 1000;

fn link(id: &str, from: &str, to: &str, capacity_pcu_h: f64, storage_pcu: f64) -> LinkRow {
    LinkRow {
        link_id: id.into(),
        from_node_id: from.into(),
        to_node_id: to.into(),
        length_m: Some(75.0),
        capacity_pcu_h: Some(capacity_pcu_h),
        storage_pcu: Some(storage_pcu),
        time_ms: Some(6 * SECOND),
        ..LinkRow::default()
    }
}

/// Zone Z at A, a short road of 1,800 pcu/h and room for 20 from A to B, a road of `capacity_pcu_h` from B to C, site S at C.
fn two_roads(capacity_pcu_h: f64, people_per_vehicle: f64) -> Scenario {
    let connector = |place, of: &str, node: &str| ConnectorRow {
        connector_id: format!("{of}-{node}"),
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    };
    Scenario {
        settings: Settings {
            schema: Settings::SCHEMA.into(),
            name: "two roads".into(),
            description: String::new(),
            context: Context::Exercise,
            start: "2026-01-01T07:00:00+00:00".into(),
            time_zone: "UTC".into(),
            horizon_ms: 3600 * SECOND,
            margin_share: 0.25,
            attribution: Vec::new(),
            class: vec![ClassOfUsers {
                id: "car".into(),
                mode: Mode::Vehicle,
                people_per_vehicle: Some(people_per_vehicle),
                people_per_vehicle_low: None,
                people_per_vehicle_high: None,
                pcu_per_vehicle: 1.0,
            }],
        },
        nodes: ["A", "B", "C"].map(|id| NodeRow { node_id: id.into(), ..NodeRow::default() }).into(),
        links: vec![link("short", "A", "B", 1800.0, 20.0), link("on", "B", "C", capacity_pcu_h, 1000.0)],
        zones: vec![ZoneRow { zone_id: "Z".into(), people: 100, ..ZoneRow::default() }],
        sites: vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }],
        connectors: vec![
            connector(ConnectorPlace::Zone, "Z", "A"),
            connector(ConnectorPlace::Site, "S", "C"),
        ],
        movements: Vec::new(),
        releases: Vec::new(),
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    }
}

/// The overflow if so many people leave evenly within the first so many seconds, one by one.
fn found(scenario: &Scenario, people: i64, until_s: i64) -> Overflow {
    let network = Network::new(scenario, Case::Central).unwrap();
    let rooms = LinkRooms::new(scenario, &network);
    // the zone's connector, both links, the site's connector, the admission
    let elements: Vec<ElementIndex> = network.elements.keys().collect();
    let order = SentOrder { elements: &elements, people, from: 0, until: until_s * SECOND };
    overflow(&network, &rooms, &[order], 1)
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 0.01, "{found} instead of {expected}");
}

/// 100 people enter at 0.5/s until 200 s. After 6 s the first goes on; 0.25/s go on; a gap travels 75 m at 15 km/h for 18 s. So there
/// are 0.5 t until 24 s, then 12 + 0.25 (t - 24) until 200 s, when there are 56, then 100 - 0.25 (t - 24). More than 20 from 56 s to
/// 344 s: two triangles of 144 s x 36, 5,184 vehicle-seconds.
#[test]
fn a_bottleneck_behind_a_short_road() {
    let over = found(&two_roads(900.0, 1.0), 100, 200);
    let [short] = over.links[..] else { panic!("{over:?}") };
    assert_eq!((short.element, short.room_vehicles), (ElementIndex::from(1), 20));
    close(short.vehicle_min, 86.4);
    close(short.peak_vehicles, 56.0);
    close(short.from_ms, 56_000.0);
    close(short.until_ms, 344_000.0);
    assert!(!over.is_spill_free());
    close(over.vehicle_min(), 86.4);
}

/// Twice as many people in cars of two: the same vehicles.
#[test]
fn overflow_is_in_vehicles() {
    let over = found(&two_roads(900.0, 2.0), 200, 200);
    close(over.vehicle_min(), 86.4);
    close(over.links[0].peak_vehicles, 56.0);
}

/// 0.5/s x (6 s + 18 s) + 1 = 13 are on a road that nothing hinders, however small it is said to be.
#[test]
fn a_road_at_capacity_has_room_for_its_own_flow() {
    let mut scenario = two_roads(1800.0, 1.0);
    scenario.links[0].storage_pcu = Some(1.0);
    assert_eq!(found(&scenario, 1000, 2000), Overflow::default());
}

/// The road goes on from 100 s to 200 s only: 50 people wait then, who leave at 0.5/s. There are 0.5 t until 100 s and no more come;
/// the first gap is of use at 118 s and the last at 218 s. Over 20 from 40 s to 178 s: 60 s x 30 / 2 + 18 s x 30 + 60 s x 30 / 2.
#[test]
fn those_before_a_closed_road_stand_on_the_one_before() {
    let mut scenario = two_roads(1800.0, 1.0);
    scenario.windows.push(WindowRow {
        window_id: "w".into(),
        target: WindowTarget::Link,
        target_id: "on".into(),
        from_ms: 100 * SECOND,
        kind: ClosureKind::Entry,
        ..WindowRow::default()
    });
    let over = found(&scenario, 50, 100);
    close(over.vehicle_min(), (900.0 + 540.0 + 900.0) / 60.0);
    close(over.links[0].until_ms, 178_000.0);
}

/// Those whose road never opens again are where they are until the horizon ends: 50 people, 30 of them too many from 100 s on.
#[test]
fn those_who_cannot_go_on_stay_until_the_horizon_ends() {
    let mut scenario = two_roads(1800.0, 1.0);
    scenario.windows.push(WindowRow {
        window_id: "w".into(),
        target: WindowTarget::Link,
        target_id: "on".into(),
        from_ms: 0,
        until_ms: Some(SECOND),
        kind: ClosureKind::Entry,
        ..WindowRow::default()
    });
    let over = found(&scenario, 50, 100);
    close(over.vehicle_min(), (900.0 + 3500.0 * 30.0) / 60.0);
    close(over.links[0].until_ms, 3_600_000.0);
}

/// A link without length, speed and figure has any room.
#[test]
fn a_road_of_unknown_length_never_overflows() {
    let mut scenario = two_roads(900.0, 1.0);
    (scenario.links[0].length_m, scenario.links[0].storage_pcu) = (None, None);
    assert!(found(&scenario, 100, 200).is_spill_free());
}

/// The same road that opens at 100 s: packet k of ten is there at 20 k + 6 s and has entered at 100 + 20 k s, so each waits 94 s. Closed
/// it is for the first four of them for 74, 54, 34 and 14 s of it.
#[test]
fn waiting_before_a_closed_road_is_counted_apart() {
    let mut scenario = two_roads(1800.0, 1.0);
    scenario.windows.push(WindowRow {
        window_id: "w".into(),
        target: WindowTarget::Link,
        target_id: "on".into(),
        from_ms: 100 * SECOND,
        kind: ClosureKind::Entry,
        ..WindowRow::default()
    });
    let network = Network::new(&scenario, Case::Central).unwrap();
    let elements: Vec<ElementIndex> = network.elements.keys().collect();
    let order = SentOrder { elements: &elements, people: 50, from: 0, until: 100 * SECOND };
    let loading = load_exactly(&network, &[order], 10, 1.0);
    assert_eq!(loading.packets.iter().map(|packet| packet.waited).collect::<Vec<_>>(), [94_000_000; 5]);
    assert_eq!(loading.waiting, 50 * 94_000_000);
    assert_eq!(loading.waiting_closed, 10 * (74 + 54 + 34 + 14) * 1_000_000);
}
