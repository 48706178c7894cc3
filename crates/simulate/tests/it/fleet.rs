//! Cars and a bus on the same roads, by hand.

use clearway_model::{
    Case, ClassOfUsers, ConnectorPlace, ConnectorRow, Context, LinkRow, Mode, MovementOrder, NodeRow, Plan,
    Route, Scenario, Settings, SiteRow, TripRow, VehicleRow, ZoneRow,
};
use clearway_network::Network;
use clearway_simulate::fleet::FleetTask;
use clearway_simulate::fleet_run::{FleetSimulation, TogetherTask, simulated_with_fleet};
use clearway_simulate::recording::RecordingLimits;
use clearway_simulate::recording_tables::{LinkHourRow, arrivals, link_hours};
use clearway_simulate::streets::{QueueModel, RoomFigures};

const SECOND: i64 = 1000;

/// A, where people and the depot are, by a wide road (3,600 an hour, 60 s) to B, by a narrow one (600 an hour, 60 s) to the site at C; and an
/// empty road back (60 s). A car holds one.
pub fn roads(people: i64) -> Scenario {
    let link = |from: &str, to: &str, rate: f64| LinkRow {
        link_id: format!("{from}{to}"),
        from_node_id: from.into(),
        to_node_id: to.into(),
        capacity_pcu_h: Some(rate),
        time_ms: Some(60 * SECOND),
        ..LinkRow::default()
    };
    let connector = |place, of: &str, node: &str| ConnectorRow {
        connector_id: format!("c{of}"),
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    };
    Scenario {
        settings: Settings {
            schema: Settings::SCHEMA.into(),
            name: "a bus".into(),
            description: String::new(),
            context: Context::Exercise,
            start: "2026-01-01T00:00:00+00:00".into(),
            time_zone: "UTC".into(),
            horizon_ms: 6 * 3600 * SECOND,
            margin_share: 0.25,
            attribution: Vec::new(),
            class: vec![ClassOfUsers {
                id: "car".into(),
                mode: Mode::Vehicle,
                people_per_vehicle: Some(1.0),
                people_per_vehicle_low: None,
                people_per_vehicle_high: None,
                pcu_per_vehicle: 1.0,
            }],
        },
        nodes: ["A", "B", "C"].map(|id| NodeRow { node_id: id.into(), ..NodeRow::default() }).to_vec(),
        links: vec![link("A", "B", 3600.0), link("B", "C", 600.0), link("C", "A", 3600.0)],
        zones: vec![ZoneRow { zone_id: "Z".into(), people, ..ZoneRow::default() }],
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

/// Cars that leave within the first minute, before the bus does.
pub fn cars(people: i64) -> Plan {
    Plan {
        schema: Plan::SCHEMA.into(),
        scenario: String::new(),
        tool: String::new(),
        case: Case::Central,
        routes_per_zone: Some(1),
        convergent: false,
        window_ms: 60 * SECOND,
        packet_people: 1,
        routes: vec![Route {
            route_id: "R1".into(),
            zone_id: "Z".into(),
            site_id: "S".into(),
            from_connector: "cZ".into(),
            links: vec!["AB".into(), "BC".into()],
            to_connector: "cS".into(),
        }],
        orders: vec![MovementOrder {
            order_id: 1,
            zone_id: "Z".into(),
            group: "all".into(),
            class: "car".into(),
            people,
            depart_from_ms: 0,
            depart_until_ms: 59 * SECOND,
            route_id: "R1".into(),
        }],
        not_moved: Vec::new(),
    }
}

/// Two trips of one bus of 2 pcu by a timetable in which nothing takes its time but driving: 30 and 20 people, a minute of loading, half a
/// minute of unloading.
fn trips() -> Vec<TripRow> {
    let trip = |id: &str, people: i64, at_s: [i64; 5], empty: &str| TripRow {
        trip_id: id.into(),
        vehicle_id: "bus-1".into(),
        vehicle_type_id: "bus".into(),
        zone_id: "Z".into(),
        site_id: "S".into(),
        seat_people: people,
        from_ms: at_s[0] * SECOND,
        load_ms: at_s[1] * SECOND,
        depart_ms: at_s[2] * SECOND,
        unload_ms: at_s[3] * SECOND,
        end_ms: at_s[4] * SECOND,
        zone_connector: "cZ".into(),
        site_connector: "cS".into(),
        empty_links: empty.into(),
        links: "AB;BC".into(),
        ..TripRow::default()
    };
    vec![trip("T1", 30, [0, 0, 60, 180, 210], ""), trip("T2", 20, [210, 270, 330, 450, 480], "CA")]
}

fn simulated(people: i64, speed_share: Option<f64>) -> FleetSimulation {
    let scenario = roads(people);
    let types = [VehicleRow {
        vehicle_type_id: "bus".into(),
        count: 1,
        seats: 30,
        pcu_per_vehicle: 2.0,
        speed_share,
        load_ms: 60 * SECOND,
        unload_ms: 30 * SECOND,
        depot_node_id: "A".into(),
        ..VehicleRow::default()
    }];
    let (plan, trips) = (cars(people), trips());
    let together = TogetherTask {
        scenario: &scenario,
        plan: (people > 0).then_some(&plan),
        fleet: FleetTask { types: &types, trips: &trips },
        case: Case::Central,
        queues: QueueModel::Spatial(RoomFigures::default()),
        evacuees: people + 50,
        recording: Some(RecordingLimits::default()),
    };
    simulated_with_fleet(together, &mut |_| true).unwrap()
}

fn ends_s(found: &FleetSimulation) -> Vec<f64> {
    found.trips.iter().map(|trip| trip.end_us.unwrap() as f64 / 1e6).collect()
}

/// Alone it is as late as it takes two cars' room of time to enter the narrow road, 12 s, and not later on its second trip, as it stands
/// long enough to make good for it.
#[test]
fn a_bus_alone_keeps_its_timetable() {
    let found = simulated(0, None);
    assert_eq!(ends_s(&found), [222.0, 492.0]);
    assert_eq!(found.trips[0].depart_us, Some(60_000_000));
    assert_eq!(found.simulation.outcome.people_arrived, 50);
    assert_eq!(found.simulation.evacuees, 50);
}

/// A bus at half the speed takes twice as long: 4 minutes for the loaded run instead of 2, 2 minutes back.
#[test]
fn a_slower_bus_takes_longer() {
    let ends = ends_s(&simulated(0, Some(0.5)));
    assert!((ends[0] - (222.0 + 120.0)).abs() < 3.0, "{ends:?}");
    // it comes back after 2 min, loads for 1, drives 4, and unloads; whoever is late has no time to enter roads anew
    assert!((ends[1] - (ends[0] + 120.0 + 60.0 + 240.0 + 30.0)).abs() < 0.1, "{ends:?}");
}

/// A hundred cars leave before it and stand before the narrow road, 6 s each, until 660 s. The bus is behind all of them, in at 672 s, and
/// received at 762 s instead of 210 s. So its second trip begins late: back at 822 s, loaded at 882 s, received at 1,032 s.
#[test]
fn cars_make_a_bus_late_and_a_late_bus_is_late_again() {
    let found = simulated(100, None);
    let ends = ends_s(&found);
    assert!((ends[0] - 762.0).abs() < 0.1, "{ends:?}");
    assert!((ends[1] - 1032.0).abs() < 0.1, "{ends:?}");
    let simulation = &found.simulation;
    assert_eq!((simulation.outcome.people_arrived, found.cars), (150, 100));
    // passengers wait for their bus, all of them for 552 s; cars for less
    assert!((simulation.outcome.waiting.longest_min - 552.0 / 60.0).abs() < 0.01);
    // connectors first, then links by id: on AB all people and 102 vehicles, on CA an empty bus
    let [ab, bc, ca] = [2, 3, 4].map(|street| simulation.traffic[street]);
    assert_eq!((ab.people, ab.vehicles, bc.people, bc.vehicles), (150, 102, 150, 102));
    assert_eq!((ca.people, ca.vehicles), (0, 1));
    let recording = simulation.recording.as_ref().unwrap();
    let by_hour = recording.passages.by_hour();
    let passed = |street: u32| -> u64 {
        by_hour.iter().filter(|((of, _), _)| *of == street).map(|(_, on)| on.people).sum()
    };
    assert_eq!([passed(2), passed(3), passed(4)], [150, 150, 0]);
    let (scenario, people) =
        (roads(100), |rows: &[LinkHourRow]| rows.iter().map(|row| row.people).sum::<u64>());
    let network = Network::new(&scenario, Case::Central).unwrap();
    let hours = link_hours(simulation, &recording.passages, &scenario, &network);
    assert_eq!((people(&hours.all), people(&hours.by_zone)), (300, 300));
    // the empty bus on its way back comes from no zone
    let back: Vec<_> = hours.by_zone.iter().filter(|row| row.link_id == "CA").collect();
    assert_eq!(back.iter().map(|row| (row.zone_id.as_str(), row.vehicles)).collect::<Vec<_>>(), [("", 1)]);
    let arrivals = arrivals(simulation, &scenario, &network);
    assert_eq!((arrivals.zones[0].arrived, arrivals.sites[0].arrived), (150, 150));
    let ways = &simulation.trips.paths[1..3];
    assert!(ways.iter().all(|way| *way == simulation.trips.paths[0]), "{ways:?}");
}

/// The bus takes room of time on the narrow road that cars have to wait for: of 100 cars that leave with it those behind it are 12 s later.
#[test]
fn a_bus_makes_cars_late() {
    let mut plan = cars(100);
    plan.orders[0].depart_from_ms = 60 * SECOND;
    plan.orders[0].depart_until_ms = 120 * SECOND;
    let scenario = roads(100);
    let types = [VehicleRow {
        vehicle_type_id: "bus".into(),
        count: 1,
        seats: 30,
        pcu_per_vehicle: 2.0,
        ..VehicleRow::default()
    }];
    let all = trips();
    let last_s = |trips: &[TripRow]| {
        let together = TogetherTask {
            scenario: &scenario,
            plan: Some(&plan),
            fleet: FleetTask { types: &types, trips },
            case: Case::Central,
            queues: QueueModel::Spatial(RoomFigures::default()),
            evacuees: 100,
            recording: None,
        };
        let found = simulated_with_fleet(together, &mut |_| true).unwrap();
        let last = found.simulation.journeys[..found.cars].iter().filter_map(|journey| match journey.fate {
            clearway_simulate::traffic::Fate::Arrived(time) => Some(time),
            _ => None,
        });
        last.max().unwrap() as f64 / 1e6
    };
    let (without, with) = (last_s(&[]), last_s(&all[..1]));
    assert!((with - without - 12.0).abs() < 1.0, "{without} {with}");
}
