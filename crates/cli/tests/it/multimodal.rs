//! Everybody: closed forms for each mode alone, random cases that must verify, and tampered timetables that must not.

use crate::roads::{FLEET, GROUPS, cleared, clearway, holds, one_road, planned, summary, tamper};
use clearway_artifacts::Overwrite;
use clearway_formats::write_scenario;
use clearway_instances::{Calm, small};
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, Context, Means, MobilizationRow, Mode, NodeRow, SiteRow,
};

#[test]
fn one_bus_on_one_road_takes_its_rounds() {
    let dir = tempfile::tempdir().unwrap();
    // 100 people, 40 seats: three rounds of 10 + 20 + 5 min and two ways back of 20 min. The bus stands at the zone.
    let plan = planned(
        dir.path(),
        &one_road(100, 20),
        "Z,seat,100,,,,,,\n",
        "bus,,1,40,,,2,600000,300000,A,,\n",
        "",
    );
    let expected = f64::from(3 * (10 + 20 + 5) + 2 * 20) * 60.0;
    assert_eq!(cleared(&plan, Means::Seat), (expected, expected));
    holds(&plan);
}

#[test]
fn a_fleet_shares_the_rounds() {
    let dir = tempfile::tempdir().unwrap();
    // 1,000 people, 4 buses of 50 at the site's end: 20 rounds, 5 each; each begins with the way to the zone.
    let fleet = "bus,,4,50,,,2,600000,300000,B,,\n";
    let plan = planned(dir.path(), &one_road(1000, 20), "Z,seat,1000,,,,,,\n", fleet, "");
    let expected = f64::from(5 * (20 + 10 + 20 + 5)) * 60.0;
    assert_eq!(cleared(&plan, Means::Seat), (expected, expected));
    holds(&plan);
}

#[test]
fn an_ambulance_loads_stretchers() {
    let dir = tempfile::tempdir().unwrap();
    // Five stretchers, two places, 15 min a load, 10 min to hand over: rounds of 2, 2 and 1.
    let fleet = "ambulance,,1,0,,2,1,900000,600000,A,,\n";
    let plan = planned(dir.path(), &one_road(5, 20), "Z,stretcher,5,,,,,,\n", fleet, "");
    let expected = f64::from(3 * (15 + 20 + 10) + 2 * 20) * 60.0;
    assert_eq!(cleared(&plan, Means::Stretcher), (expected, expected));
    holds(&plan);
}

#[test]
fn an_ambulance_does_not_wait_for_a_companion_who_is_not_ready() {
    let dir = tempfile::tempdir().unwrap();
    // Stretchers go first and are ready; those for its seat only after four hours. Four rounds of 15 + 20 + 10 min, 20 min back.
    let mut scenario = one_road(8, 20);
    let late = |time_ms: i64, share: f64| MobilizationRow { mobilization_id: "late".into(), time_ms, share };
    scenario.releases = vec![late(14_400_000, 0.0), late(14_401_000, 1.0)];
    let groups = "Z,stretcher,4,,,,,1,\nZ,seat,4,,,,late,2,\n";
    let fleet = "ambulance,,1,1,,1,1,900000,600000,A,,\n";
    let plan = planned(dir.path(), &scenario, groups, fleet, "");
    let (plan_s, _) = cleared(&plan, Means::Stretcher);
    assert_eq!(plan_s, f64::from(4 * (15 + 20 + 10) + 3 * 20) * 60.0);
    assert_eq!(summary(&plan).people.arrived, 8);
    holds(&plan);
}

#[test]
fn the_bound_alone_has_no_orders_and_no_trips() {
    let dir = tempfile::tempdir().unwrap();
    let groups = "Z,vehicle,3600,,,,,,\nZ,walk,1800,,,,,,\nZ,seat,100,,,,,,\n";
    let made =
        planned(dir.path(), &one_road(5500, 20), groups, "bus,,2,50,,,2,600000,300000,A,,\n", "[walk]\n");
    let proven = dir.path().join("bound");
    let scenario = dir.path().join("scenario");
    let (code, text) =
        clearway(&["plan", scenario.to_str().unwrap(), "--bound-only", "--out", proven.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Proven bounds, without orders"), "{text}");
    let (alone, whole) = (summary(&proven), summary(&made));
    assert_eq!(alone.people.arrived, 0);
    assert_eq!(alone.clearance_s.bound, whole.clearance_s.bound);
    for orders in ["vehicle/orders.csv", "walk/orders.csv", "fleet/trips.csv"] {
        assert_eq!(std::fs::read_to_string(proven.join(orders)).unwrap().lines().count(), 1, "{orders}");
    }
    holds(&proven);
}

#[test]
fn a_walkway_lets_through_what_its_width_does() {
    let dir = tempfile::tempdir().unwrap();
    // 3,600 people/h and 50 min of walking: 7,200 people take 2 h 50 min.
    let plan = planned(dir.path(), &one_road(7200, 20), "Z,walk,7200,,,,,,\n", "", "[walk]\n");
    let (plan_s, bound_s) = cleared(&plan, Means::Walk);
    // whole people in windows, the last of which is cut to whole minutes
    assert!(plan_s >= bound_s && plan_s < 10_200.0 * 1.01, "{plan_s} {bound_s}");
    assert!((bound_s - 10_200.0).abs() < 1.0, "{plan_s} {bound_s}");
    holds(&plan);
}

#[test]
fn walkers_stop_at_night() {
    let dir = tempfile::tempdir().unwrap();
    // Two hours of walking a day, 50 min on the road: entries for 70 min a day, 4,200 people; 7,200 end on the second day.
    let settings = "[walk]\nday_from_ms = 0\nday_until_ms = 7200000\n";
    let plan = planned(dir.path(), &one_road(7200, 20), "Z,walk,7200,,,,,,\n", "", settings);
    let (plan_s, bound_s) = cleared(&plan, Means::Walk);
    let expected = 86_400.0 + 3000.0 + 3000.0;
    // Nobody is sent in the last minute before the road closes, and windows are cut to whole minutes.
    assert!(plan_s - expected < expected / 500.0 && (bound_s - expected).abs() < 1.0, "{plan_s} {bound_s}");
    holds(&plan);
}

#[test]
fn a_lane_for_walkers_is_taken_from_vehicles() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(10_800, 20);
    for link in &mut scenario.links {
        link.lanes = Some(2.0);
    }
    // One of two lanes: 900 pcu/h x 2 people for cars, 3,600 + 3,000 people/h on foot.
    let groups = "Z,vehicle,3600,,,,,,\nZ,walk,6600,,,,,,\nZ,seat,600,,,,,,\n";
    let settings = "fleet_share = 0.5\n[walk]\nlanes = 1\nlane_people_h = 3000\n";
    let plan = planned(dir.path(), &scenario, groups, "bus,,20,50,,,2,600000,300000,A,,\n", settings);
    let (_, walk) = cleared(&plan, Means::Walk);
    let (_, car) = cleared(&plan, Means::Vehicle);
    assert!((walk - (3600.0 + 3000.0)).abs() < 1.0, "{walk}");
    assert!((car - (7200.0 + 1200.0)).abs() < 1.0, "{car}");
    holds(&plan);
}

#[test]
fn the_page_has_no_dispatch_data_in_a_conflict() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(100, 20);
    scenario.settings.context = Context::ArmedConflict;
    let plan = planned(dir.path(), &scenario, "Z,seat,100,,,,,,\n", "bus,,1,40,,,2,600000,300000,A,,\n", "");
    let page = std::fs::read_to_string(plan.join("index.html")).unwrap();
    assert!(page.contains("lawful, voluntary or advisable") && !page.contains("timetable.html"), "{page}");
    assert!(std::fs::read_to_string(plan.join("fleet/timetable.html")).unwrap().contains("dispatchers only"));
}

#[test]
fn random_cases_hold_and_no_timetable_beats_its_bound() {
    let (mut tried, mut carried) = (0, 0);
    for seed in 0..60u64 {
        let mut scenario = small(seed, if seed % 2 == 0 { Calm::Open } else { Calm::Closing });
        if scenario.settings.class[0].mode != Mode::Vehicle {
            continue;
        }
        let presence = |w: &clearway_model::WindowRow| w.kind == clearway_model::ClosureKind::Presence;
        let walks = seed % 3 == 0 && !scenario.windows.iter().any(presence);
        let mut groups = String::new();
        for (index, zone) in scenario.zones.iter_mut().enumerate() {
            (zone.people_low, zone.people_high) = (None, None);
            (zone.stay_people, zone.stay_people_low, zone.stay_people_high) = (None, None, None);
            let kinds = [zone.people / 8, zone.people / 50, zone.people / 100];
            let walk = if walks { zone.people / 4 } else { 0 };
            let rest = zone.people - kinds.iter().sum::<i64>() - walk;
            let id = &zone.zone_id;
            let together = if index == 0 { "1" } else { "" };
            groups.push_str(&format!(
                "{id},vehicle,{rest},,,,,,\n{id},walk,{walk},,,,,,\n{id},seat,{},,,,,3,{together}\n{id},wheelchair,{},,,,,2,\n{id},stretcher,{},,,,,1,\n",
                kinds[0], kinds[1], kinds[2]
            ));
        }
        let depot = &scenario.nodes[seed as usize % scenario.nodes.len()].node_id;
        let duty = if seed % 4 == 0 { "3600000,600000" } else { "," };
        let fleet = format!(
            "bus,,3,20,2,,2,120000,60000,{depot},{duty}\nambulance,,2,0,1,2,1,180000,120000,{depot},,\n"
        );
        let settings = if walks { "[walk]\nspeed_share = 0.8\nlanes = 0.5\n" } else { "fleet_share = 0.3\n" };
        let dir = tempfile::tempdir().unwrap();
        eprintln!("seed {seed}");
        let plan = planned(dir.path(), &scenario, &groups, &fleet, settings);
        // The check compares every plan with its bound.
        holds(&plan);
        tried += 1;
        carried +=
            summary(&plan).means.iter().filter(|m| m.means.is_carried()).map(|m| m.arrived).sum::<i64>();
    }
    assert!(tried > 30 && carried > 500, "{tried} cases, {carried} people carried");
}

#[test]
fn tampered_timetables_do_not_hold() {
    let groups = "Z,seat,320,,,,,,1\nZ,stretcher,3,,,,,,\n";
    let fleet = "bus,,2,40,,,2,600000,300000,A,7200000,3600000\nambulance,,1,0,,2,1,900000,600000,A,,\n";
    type Change = fn(&[String], &mut Vec<Vec<String>>);
    fn at(header: &[String], name: &str) -> usize {
        header.iter().position(|h| h == name).unwrap()
    }
    fn add(header: &[String], row: &mut [String], name: &str, more: i64) {
        let at = at(header, name);
        row[at] = (row[at].parse::<i64>().unwrap() + more).to_string();
    }
    let cases: [(&str, Change); 9] = [
        ("vehicle.twice", |h, rows| {
            // The second round of a bus begins while it is still under way.
            let (v, first) = (at(h, "vehicle_id"), rows[0][at(h, "vehicle_id")].clone());
            let row = rows.iter_mut().filter(|r| r[v] == first).nth(1).unwrap();
            for name in ["from_ms", "load_ms", "depart_ms", "unload_ms", "end_ms"] {
                add(h, row, name, -1_200_000);
            }
        }),
        ("trip.places", |h, rows| {
            let seat = at(h, "seat_people");
            let row = rows.iter_mut().find(|r| r[seat] != "0").unwrap();
            add(h, row, "seat_people", 5);
        }),
        ("trip.places", |h, rows| {
            // A stretcher patient in a seat.
            let (seat, stretcher) = (at(h, "seat_people"), at(h, "stretcher_people"));
            let row = rows.iter_mut().find(|r| r[stretcher] != "0").unwrap();
            row[seat] = std::mem::replace(&mut row[stretcher], "0".into());
        }),
        ("vehicle.hours", |h, rows| {
            // No rest: every round of the first bus follows at once.
            let v = at(h, "vehicle_id");
            let first = rows[0][v].clone();
            let mut free: Option<i64> = None;
            for row in rows.iter_mut().filter(|r| r[v] == first) {
                let from: i64 = row[at(h, "from_ms")].parse().unwrap();
                let back = free.map_or(0, |free| free - from);
                for name in ["from_ms", "load_ms", "depart_ms", "unload_ms", "end_ms"] {
                    add(h, row, name, back);
                }
                free = Some(row[at(h, "end_ms")].parse().unwrap());
            }
        }),
        ("trip.run", |h, rows| {
            add(h, &mut rows[0], "unload_ms", -60_000);
            add(h, &mut rows[0], "end_ms", -60_000);
        }),
        ("trip.load", |h, rows| add(h, &mut rows[0], "load_ms", 60_000)),
        ("trip.end", |h, rows| add(h, &mut rows[0], "end_ms", -1)),
        ("everyone.people", |_, rows| drop(rows.pop())),
        ("trip.route", |h, rows| {
            let links = at(h, "links");
            rows[0][links] = "back".into();
        }),
    ];
    for (code, change) in cases {
        let dir = tempfile::tempdir().unwrap();
        let plan = planned(dir.path(), &one_road(323, 20), groups, fleet, "");
        holds(&plan);
        tamper(&plan, change);
        let (exit, text) = clearway(&["verify", plan.to_str().unwrap()]);
        assert!(exit == 1 && text.contains(code), "{code}: {exit} {text}");
    }
}

#[test]
fn people_loaded_before_they_are_ready_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(80, 20);
    // Half are ready at once, the others after an hour; the bus is back after 55 minutes and waits.
    let at = |time_ms, share| MobilizationRow { mobilization_id: "r".into(), time_ms, share };
    scenario.releases = vec![at(0, 0.5), at(3_600_000, 0.5), at(3_600_000, 1.0)];
    scenario.zones[0].mobilization_id = "r".into();
    let plan = planned(dir.path(), &scenario, "Z,seat,80,,,,,,\n", "bus,,1,40,,,2,600000,300000,A,,\n", "");
    let expected = 3600.0 + f64::from(10 + 20 + 5) * 60.0;
    assert_eq!(cleared(&plan, Means::Seat), (expected, expected));
    holds(&plan);
    tamper(&plan, |header, rows| {
        let load = header.iter().position(|h| h == "load_ms").unwrap();
        assert_eq!(rows[1][load], "3600000");
        rows[1][load] = "3400000".into();
    });
    let (code, text) = clearway(&["verify", plan.to_str().unwrap()]);
    assert!(code == 1 && text.contains("trip.ready"), "{code} {text}");
}

#[test]
fn who_is_not_fetched_before_a_hazard_is_overtaken() {
    for fleet in ["", "bus,,1,40,,,2,600000,300000,A,,\n"] {
        let dir = tempfile::tempdir().unwrap();
        let mut scenario = one_road(100, 20);
        // Time for two rounds of three: 65 minutes to the second departure, 120 to the third.
        scenario.closures = vec![ClosureRow {
            closure_id: "fire".into(),
            target: ClosureTarget::Zone,
            target_id: "Z".into(),
            from_ms: 90 * 60_000,
            kind: ClosureKind::Presence,
            ..ClosureRow::default()
        }];
        let plan = planned(dir.path(), &scenario, "Z,seat,100,,,,,,\n", fleet, "");
        holds(&plan);
        let people = summary(&plan).people;
        let arrived = if fleet.is_empty() { 0 } else { 80 };
        assert_eq!((people.arrived, people.overtaken, people.not_evacuated), (arrived, 100 - arrived, 0));
    }
}

#[test]
fn a_part_made_for_other_roads_does_not_hold() {
    let dir = tempfile::tempdir().unwrap();
    let groups = "Z,vehicle,300,,,,,,\nZ,seat,40,,,,,,\n";
    let plan = planned(dir.path(), &one_road(340, 20), groups, "bus,,1,40,,,2,600000,300000,A,,\n", "");
    holds(&plan);
    // All of it is redone for a road without what is kept for the bus: right in itself, not for this scenario.
    let other = dir.path().join("other");
    let part = plan.join("vehicle-bound/scenario");
    let (code, text) =
        clearway(&["plan", part.to_str().unwrap(), "--out", other.to_str().unwrap(), "--window", "1min"]);
    assert_eq!(code, 0, "{text}");
    std::fs::remove_dir_all(plan.join("vehicle")).unwrap();
    std::fs::rename(&other, plan.join("vehicle")).unwrap();
    let (code, text) = clearway(&["verify", plan.to_str().unwrap()]);
    assert!(code == 1 && text.contains("part.scenario"), "{code} {text}");
}

#[test]
fn faults_in_groups_and_fleet_are_listed_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("scenario");
    let extra = [
        ("groups.csv", format!("{GROUPS}Z,seat,90,,,,,,\nX,walk,5,,,,,,\n").into_bytes()),
        ("fleet.csv", format!("{FLEET}bus,,1,0,,,2,600000,300000,Q,,\n").into_bytes()),
    ];
    write_scenario(&folder, &one_road(100, 20), &extra, Overwrite::Refuse).unwrap();
    let out = dir.path().join("plan");
    let (code, text) = clearway(&["plan", folder.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(code, 2, "{text}");
    for part in
        ["zone_id = 'X'", "people = '90'", "depot_node_id = 'Q'", "seats = '0'", "[walk] in multimodal.toml"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!out.exists());
}

#[test]
fn a_bus_keeps_to_sites_from_which_it_can_come_back() {
    let dir = tempfile::tempdir().unwrap();
    // a nearer site at the end of a one-way road, where a bus would be lost after one round
    let mut scenario = one_road(100, 20);
    scenario.nodes.push(NodeRow { node_id: "C".into(), x_coord: -0.01, y_coord: 0.0, ..NodeRow::default() });
    let mut near = scenario.links[0].clone();
    (near.link_id, near.to_node_id, near.time_ms) = ("near".into(), "C".into(), Some(300_000));
    scenario.links.push(near);
    scenario.sites.push(SiteRow { site_id: "T".into(), ..SiteRow::default() });
    let mut cut_arc = scenario.connectors[1].clone();
    (cut_arc.connector_id, cut_arc.place_id, cut_arc.node_id) = ("t".into(), "T".into(), "C".into());
    scenario.connectors.push(cut_arc);
    let fleet = "bus,,1,40,,,2,600000,300000,A,,\n";
    let plan = planned(dir.path(), &scenario, "Z,seat,100,,,,,,\n", fleet, "");
    holds(&plan);
    assert_eq!(summary(&plan).people.arrived, 100);
}
