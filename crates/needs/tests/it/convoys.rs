//! Convoys and rest points on small roads, by hand.

use clearway_model::{
    Cancel, ConnectorPlace, ConnectorRow, FolderStore, LinkRow, MovementOrder, NodeRow, Plan, Route,
    Scenario, SiteRow, WindowRow, ZoneRow,
};
use clearway_needs::{
    AidPlan, Climate, Occupancy, OccupancyKind, Rates, RouteStops, SupplyBalance, TruckSpec, convoys,
    read_supply_points, replayed, rest_points, truck_network, ways,
};
use clearway_network::Network;
use std::path::Path;

const HOUR: i64 = 3_600_000;

fn example() -> Scenario {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/one-road");
    clearway_formats::read_scenario(&FolderStore::new(&dir)).unwrap().0
}

/// A zone, a road of links of 4 km in a row to a site, and the same road back; an hour a link.
fn road(links: usize, days: i64) -> Scenario {
    let mut s = example();
    s.settings.horizon_ms = days * 24 * HOUR;
    s.nodes = (0..=links)
        .map(|i| NodeRow { node_id: format!("n{i}"), x_coord: i as f64 / 100.0, ..NodeRow::default() })
        .collect();
    let link = |id: String, from: usize, to: usize| LinkRow {
        link_id: id,
        from_node_id: format!("n{from}"),
        to_node_id: format!("n{to}"),
        length_m: Some(4_000.0),
        capacity_pcu_h: Some(1_000.0),
        time_ms: Some(HOUR),
        ..LinkRow::default()
    };
    s.links =
        (0..links).flat_map(|i| [link(format!("a{i}"), i, i + 1), link(format!("b{i}"), i + 1, i)]).collect();
    s.movements.clear();
    s.windows.clear();
    s.closures.clear();
    s.zones = vec![ZoneRow { zone_id: "Z".into(), people: 100, ..ZoneRow::default() }];
    s.sites = vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }];
    let cut_arc = |id: &str, place, of: &str, node: usize| ConnectorRow {
        connector_id: id.into(),
        place,
        place_id: of.into(),
        node_id: format!("n{node}"),
        ..ConnectorRow::default()
    };
    s.connectors =
        vec![cut_arc("CZ", ConnectorPlace::Zone, "Z", 0), cut_arc("CS", ConnectorPlace::Site, "S", links)];
    s
}

/// 8,000 people at the site from the first hour on: 60 m3 a day.
fn presences(hours: usize) -> Vec<Occupancy> {
    vec![
        Occupancy { kind: OccupancyKind::Origin, place_id: "Z".into(), people: vec![0; hours] },
        Occupancy { kind: OccupancyKind::Route, place_id: String::new(), people: vec![0; hours] },
        Occupancy { kind: OccupancyKind::Site, place_id: "S".into(), people: vec![8_000; hours] },
    ]
}

fn bring(scenario: &Scenario, aid: &str) -> (AidPlan, Vec<clearway_needs::Shortfall>) {
    let rates = Rates::shipped();
    let presences = presences((scenario.settings.horizon_ms / HOUR) as usize);
    let (supply_points, faults) = read_supply_points("aid.csv", aid.as_bytes(), scenario, &presences, &rates);
    assert!(faults.0.is_empty(), "{faults}");
    let network = truck_network(scenario).unwrap();
    let trucks = TruckSpec { pcu: 2.0, load_ms: HOUR, unload_ms: HOUR, litres_100_km: 30.0 };
    let balance = SupplyBalance {
        presences: &presences,
        supplies: &[],
        deliveries: &[],
        rates: &rates,
        climate: Climate::Warm,
    };
    let links = |row: usize| (scenario.links[row].link_id.as_str(), scenario.links[row].length_m.unwrap());
    let never = Cancel::default();
    let aid = convoys(&network, &balance, &supply_points, trucks, &links, &never, &|_| {}).unwrap();
    let mut short = SupplyBalance { deliveries: &aid.deliveries, ..balance }.shortfalls();
    short.retain(|s| s.item == "water");
    (aid, short)
}

#[test]
fn trucks_bring_what_is_needed_from_their_arrival_on() {
    // the supply_point is two links before the site: loaded at 1 h, there at 3 h, unloaded at 4 h, back at 6 h
    let scenario = road(4, 4);
    let (aid, short) = bring(&scenario, "supply_point_id,node_id,item,load\nG,n2,water,10\n");
    let first = &aid.convoys[0];
    assert_eq!((first.loads, first.amount, first.first_depart_ms, first.out_ms), (6, 60.0, HOUR, 2 * HOUR));
    assert_eq!((first.links_out.join(" "), first.links_back.join(" ")), ("a2 a3".into(), "b3 b2".into()));
    // out at 1, 7, 13, 19: back at 6, 12, 18, 24
    assert_eq!((first.trips, first.truck_days), (4, 1.5));
    // 6 trips of 16 km at 30 L / 100 km
    assert!((first.fuel_l - 28.8).abs() < 1e-9, "{}", first.fuel_l);
    assert!(aid.unmet.is_empty());
    // only the hours before the first truck is unloaded are short
    assert_eq!((short[0].first_h, short[0].hours), (0, 4));
    // everything that is brought is needed: 60 m3 a day, less the first four hours
    let brought: f64 = aid.deliveries.iter().map(|d| d.amount).sum();
    assert!((60.0 * (96.0 - 4.0) / 24.0 - 1e-9..60.0 * 4.0 + 10.0).contains(&brought), "{brought}");
    // the roads they take are those there and back, and no more than all trucks of a day in one hour
    let taken: Vec<&str> = aid.taken.keys().map(|row| scenario.links[*row].link_id.as_str()).collect();
    assert_eq!(taken, ["a2", "b2", "a3", "b3"]);
    assert!(aid.taken.values().all(|pcu| (2.0..=12.0).contains(pcu)), "{:?}", aid.taken);
}

#[test]
fn too_few_trucks_a_daily_bound_and_a_stock_are_named() {
    let scenario = road(4, 2);
    let why = |aid: &str| {
        let (aid, short) = bring(&scenario, aid);
        let loads: i64 = aid.convoys.iter().filter(|c| c.day == 0).map(|c| c.loads).sum();
        (loads, aid.unmet.first().map(|u| u.why.words()), short[0].hours)
    };
    // one truck makes four trips
    let (loads, reason, hours) = why("supply_point_id,node_id,item,load,trucks\nG,n2,water,10,1\n");
    assert_eq!((loads, reason), (4, Some("trucks")));
    assert!(hours > 4);
    let (loads, reason, _) = why("supply_point_id,node_id,item,load,trucks_per_day\nG,n2,water,10,3\n");
    assert_eq!((loads, reason), (3, Some("trucks a day")));
    let (loads, reason, _) = why("supply_point_id,node_id,item,load,stock\nG,n2,water,10,25\n");
    assert_eq!((loads, reason), (3, Some("stock")));
}

#[test]
fn without_a_way_in_nothing_is_brought() {
    let mut scenario = road(4, 2);
    scenario.links.retain(|link| link.link_id != "a3");
    let (aid, short) = bring(&scenario, "supply_point_id,node_id,item,load\nG,n2,water,10\n");
    assert!(aid.convoys.is_empty());
    assert_eq!(aid.unmet[0].why.words(), "no way there");
    let mut scenario = road(4, 2);
    scenario.links.retain(|link| link.link_id != "b2");
    let (aid, _) = bring(&scenario, "supply_point_id,node_id,item,load\nG,n2,water,10\n");
    assert_eq!(aid.unmet[0].why.words(), "no way back on this map");
    assert_eq!(short[0].hours, 48);
}

#[test]
fn trucks_keep_to_the_hours_of_the_road() {
    // the road is open in the first 9 hours of each day: out at 1 back by 6, out at 4 back by 9; not at 5
    let mut scenario = road(4, 3);
    scenario.windows = vec![WindowRow {
        window_id: "W".into(),
        target: clearway_model::WindowTarget::AllLinks,
        target_id: "*".into(),
        from_ms: 0,
        until_ms: Some(9 * HOUR),
        repeat_every_ms: Some(24 * HOUR),
        kind: clearway_model::ClosureKind::Presence,
        ..WindowRow::default()
    }];
    let (aid, _) = bring(&scenario, "supply_point_id,node_id,item,load\nG,n2,water,10\n");
    for convoy in &aid.convoys {
        let day = convoy.day as i64 * 24 * HOUR;
        assert!(
            convoy.first_depart_ms >= day + HOUR && convoy.last_depart_ms <= day + 4 * HOUR,
            "{convoy:?}"
        );
        assert_eq!(convoy.trips, 1);
    }
}

#[test]
fn what_is_needed_at_two_places_is_shared_out_fairly() {
    let mut scenario = road(4, 2);
    scenario.sites.push(SiteRow { site_id: "T".into(), ..SiteRow::default() });
    let mut cut_arc = scenario.connectors[1].clone();
    (cut_arc.connector_id, cut_arc.place_id) = ("CT".into(), "T".into());
    scenario.connectors.push(cut_arc);
    let rates = Rates::shipped();
    let mut places = presences(48);
    places.push(Occupancy { kind: OccupancyKind::Site, place_id: "T".into(), people: vec![4_000; 48] });
    let text = "supply_point_id,node_id,item,load,trucks_per_day\nG,n2,water,10,6\n";
    let (supply_points, _) = read_supply_points("aid.csv", text.as_bytes(), &scenario, &places, &rates);
    let network = truck_network(&scenario).unwrap();
    let trucks = TruckSpec { pcu: 2.0, load_ms: HOUR, unload_ms: HOUR, litres_100_km: 30.0 };
    let balance = SupplyBalance {
        presences: &places,
        supplies: &[],
        deliveries: &[],
        rates: &rates,
        climate: Climate::Warm,
    };
    let never = Cancel::default();
    let aid = convoys(&network, &balance, &supply_points, trucks, &|_| ("", 0.0), &never, &|_| {}).unwrap();
    let loads = |id: &str| {
        aid.convoys.iter().filter(|c| c.day == 0 && c.place_id == id).map(|c| c.loads).sum::<i64>()
    };
    assert_eq!((loads("S"), loads("T")), (4, 2));
}

#[test]
fn faults_of_gates_are_all_named() {
    let scenario = road(2, 1);
    let text = "supply_point_id,node_id,item,load,trucks_per_day,open_from_h,open_until_h,serves\nG,n9,water,10,,,,\nG,n1,beds,10,,,,\n\
                G,n1,food,0,,,,\nH,n1,water,10,3,9,8,\nK,n1,water,5,3,,,\nK,n1,food,5,4,,,Q\n";
    let (_, faults) =
        read_supply_points("aid.csv", text.as_bytes(), &scenario, &presences(24), &Rates::shipped());
    let all = faults.to_string();
    for part in
        ["n9", "item = 'beds'", "load = '0'", "open_until_h = '8'", "trucks_per_day = '4'", "serves = 'Q'"]
    {
        assert!(all.contains(part), "{part} in\n{all}");
    }
}

#[test]
fn nobody_goes_further_than_asked_without_a_point_to_rest() {
    let scenario = road(6, 1);
    let network = Network::new(&scenario, clearway_model::Case::Central).unwrap();
    let plan = Plan {
        schema: Plan::SCHEMA.into(),
        scenario: String::new(),
        tool: String::new(),
        case: clearway_model::Case::Central,
        routes_per_zone: None,
        convergent: false,
        window_ms: HOUR,
        packet_people: 10,
        routes: vec![Route {
            route_id: "R".into(),
            zone_id: "Z".into(),
            site_id: "S".into(),
            from_connector: "CZ".into(),
            links: (0..6).map(|i| format!("a{i}")).collect(),
            to_connector: "CS".into(),
        }],
        orders: vec![MovementOrder {
            order_id: 1,
            zone_id: "Z".into(),
            group: "all".into(),
            class: "vehicle".into(),
            people: 100,
            depart_from_ms: 0,
            depart_until_ms: HOUR,
            route_id: "R".into(),
        }],
        not_moved: Vec::new(),
    };
    let ways = ways(&scenario, &plan, &network).unwrap();
    // six links of 4 km; 8 km at most: after two and four of them
    let stops = RouteStops::choose(&scenario, &plan, &network, &ways, 9_000.0);
    let nodes: Vec<&str> = stops.nodes.iter().map(|n| scenario.nodes[n.row()].node_id.as_str()).collect();
    assert_eq!((nodes, stops.longest_m), (vec!["n2", "n4"], 8_000.0));
    let who = replayed(&scenario, &plan, &network, &ways, &stops).unwrap();
    let points = rest_points(&scenario, &stops, &who.passed, 30.0);
    assert!(points.iter().all(|p| p.people == 100));
    // 3 L for each journey, half at each point
    let water: f64 = points.iter().map(|p| p.water_m3_day).sum();
    assert!((water - 0.3).abs() < 1e-9, "{water}");
    // the first 100 leave within the first hour and pass n2 two hours later; the last packet enters hour 3
    let n2 = points.iter().find(|p| p.node_id == "n2").unwrap();
    assert_eq!((n2.first_h, n2.last_h, n2.peak_h, n2.peak_people), (2, 3, 2, 90));
    // 90 people an hour for half an hour each are 45 at once
    assert_eq!((n2.toilets, n2.taps), (1, 1));
    // a way shorter than asked needs none
    assert!(RouteStops::choose(&scenario, &plan, &network, &ways, 24_000.0).nodes.is_empty());
}

/// A small generator of numbers, the same on every machine.
struct Seed(u64);

impl Seed {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Everything a convoy says is checked against the raw tables of the example, whatever the supply_points.
#[test]
fn no_convoy_breaks_a_rule_of_road_gate_or_stock() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rafah-2024");
    let scenario = clearway_formats::read_scenario(&FolderStore::new(&dir)).unwrap().0;
    let network = truck_network(&scenario).unwrap();
    let rates = Rates::shipped();
    let trucks = TruckSpec { pcu: 2.0, load_ms: HOUR, unload_ms: HOUR, litres_100_km: 30.0 };
    let ids: Vec<&str> = scenario.links.iter().map(|link| link.link_id.as_str()).collect();
    let mut seen = 0;
    for seed in 1..=40 {
        let mut seed = Seed(seed);
        let hours = 24 * 5;
        let mut places: Vec<Occupancy> = Vec::new();
        let mut add = |kind, id: &str, most: u64, seed: &mut Seed| {
            let people = (0..hours).map(|_| seed.next(most) as i64).collect();
            places.push(Occupancy { kind, place_id: id.to_owned(), people });
        };
        scenario.zones.iter().for_each(|zone| add(OccupancyKind::Origin, &zone.zone_id, 90_000, &mut seed));
        add(OccupancyKind::Route, "", 1, &mut seed);
        scenario.sites.iter().for_each(|site| add(OccupancyKind::Site, &site.site_id, 200_000, &mut seed));
        let mut text =
            "supply_point_id,node_id,item,load,stock,trucks,trucks_per_day,open_from_h,open_until_h,serves\n"
                .to_owned();
        for supply_point in 0..1 + seed.next(3) {
            let node = &scenario.nodes[seed.next(scenario.nodes.len() as u64) as usize].node_id;
            let bound = seed.next(120);
            let from = seed.next(6);
            for item in ["water", "food"] {
                text.push_str(&format!(
                    "G{supply_point},{node},{item},{},{},{},{bound},{from},{},all\n",
                    5 + seed.next(20),
                    seed.next(9_000),
                    seed.next(60),
                    from + 1 + seed.next(15)
                ));
            }
        }
        let (supply_points, faults) =
            read_supply_points("aid.csv", text.as_bytes(), &scenario, &places, &rates);
        assert!(faults.0.is_empty(), "{faults}");
        let balance = SupplyBalance {
            presences: &places,
            supplies: &[],
            deliveries: &[],
            rates: &rates,
            climate: Climate::Warm,
        };
        let links = |row: usize| (ids[row], scenario.links[row].length_m.unwrap());
        let never = Cancel::default();
        let aid = convoys(&network, &balance, &supply_points, trucks, &links, &never, &|_| {}).unwrap();
        for supply_point in &supply_points {
            let item = &rates.0[supply_point.item].item;
            let of: Vec<_> = aid
                .convoys
                .iter()
                .filter(|c| c.supply_point_id == supply_point.supply_point_id && c.item == *item)
                .collect();
            assert!(of.iter().map(|c| c.amount).sum::<f64>() <= supply_point.stock + 1e-6);
            for day in 0..5 {
                let days: f64 = of.iter().filter(|c| c.day == day).map(|c| c.truck_days).sum();
                assert!(
                    days <= supply_point.trucks.unwrap() as f64 + 1e-6,
                    "{days} of {:?}",
                    supply_point.trucks
                );
                let loads: i64 = aid
                    .convoys
                    .iter()
                    .filter(|c| c.supply_point_id == supply_point.supply_point_id && c.day == day)
                    .map(|c| c.loads)
                    .sum();
                assert!(loads <= supply_point.per_day.unwrap());
            }
        }
        for convoy in &aid.convoys {
            seen += 1;
            let is_row = |g: &&clearway_needs::SupplyPoint| {
                g.supply_point_id == convoy.supply_point_id && rates.0[g.item].item == convoy.item
            };
            let supply_point = supply_points.iter().find(is_row).unwrap();
            let rows = |ids: &[String]| -> Vec<&LinkRow> {
                ids.iter().map(|id| scenario.links.iter().find(|link| link.link_id == *id).unwrap()).collect()
            };
            let (out, back) = (rows(&convoy.links_out), rows(&convoy.links_back));
            let start = &scenario.nodes[supply_point.node.row()].node_id;
            let cut_arcs: Vec<&str> = scenario
                .connectors
                .iter()
                .filter(|c| c.place_id == convoy.place_id)
                .map(|c| c.node_id.as_str())
                .collect();
            for way in [&out, &back] {
                assert!(way.windows(2).all(|pair| pair[0].to_node_id == pair[1].from_node_id));
            }
            let end = out.last().map_or(start, |link| &link.to_node_id);
            assert!(
                cut_arcs.contains(&end.as_str())
                    && out.first().map_or(end, |link| &link.from_node_id) == start
            );
            assert_eq!(back.first().map_or(end, |link| &link.from_node_id), end);
            assert_eq!(back.last().map_or(start, |link| &link.to_node_id), start);
            // the whole way on a link is within the 11 hours of its day
            for depart in [convoy.first_depart_ms, convoy.last_depart_ms] {
                let day = convoy.day as i64 * 24 * HOUR;
                let (from, until) =
                    ((supply_point.open.0 * HOUR as f64) as i64, (supply_point.open.1 * HOUR as f64) as i64);
                assert!(depart >= day + from && depart < day + until, "{convoy:?}");
                if convoy.trips == 0 {
                    continue;
                }
                let mut now = depart;
                for link in &out {
                    let end = now + link.time_ms.unwrap();
                    assert!(now % (24 * HOUR) + link.time_ms.unwrap() <= 11 * HOUR, "{convoy:?}");
                    now = end;
                }
            }
        }
        let brought: f64 = aid.deliveries.iter().map(|d| d.amount).sum();
        let sent: f64 = aid.convoys.iter().map(|c| c.amount).sum();
        assert!((brought - sent).abs() < 1e-6 * sent.max(1.0), "{brought} {sent}");
        // more can only help
        let without = balance.shortfalls();
        let with = SupplyBalance { deliveries: &aid.deliveries, ..balance }.shortfalls();
        let hours = |all: &[clearway_needs::Shortfall]| all.iter().map(|s| s.hours).sum::<usize>();
        assert!(hours(&with) <= hours(&without));
    }
    assert!(seen > 200, "{seen} convoys are too few to mean anything");
}

#[test]
fn convoys_that_are_asked_to_end_bring_nothing() {
    let scenario = road(4, 4);
    let rates = Rates::shipped();
    let presences = presences(4 * 24);
    let aid = b"supply_point_id,node_id,item,load\nG,n2,water,10\n";
    let (supply_points, _) = read_supply_points("aid.csv", aid, &scenario, &presences, &rates);
    let network = truck_network(&scenario).unwrap();
    let trucks = TruckSpec { pcu: 2.0, load_ms: HOUR, unload_ms: HOUR, litres_100_km: 30.0 };
    let climate = Climate::Warm;
    let balance =
        SupplyBalance { presences: &presences, supplies: &[], deliveries: &[], rates: &rates, climate };
    let cancel = Cancel::default();
    // asked for on the second of four days
    let on_the_second_day = |share: f64| {
        if share > 0.0 {
            cancel.cancel();
        }
    };
    let links = |row: usize| (scenario.links[row].link_id.as_str(), 0.0);
    let ended = convoys(&network, &balance, &supply_points, trucks, &links, &cancel, &on_the_second_day);
    assert!(ended.is_none());
}
