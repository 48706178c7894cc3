//! Everybody together: bounds where groups compete, what priorities cost, ranges, and groups by shares.

use crate::roads::{GROUPS, add_zone, cleared, clearway, holds, one_road, planned, summary, tamper};
use clearway_artifacts::Overwrite;
use clearway_formats::write_scenario;
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, Means, SharedResource, ZoneRow,
};
use std::path::Path;

/// Where means share something the bound for all is later than that of each.
fn joint(plan: &Path, of: SharedResource) -> (i64, f64) {
    let summary = summary(plan);
    let proven = summary.joint.iter().find(|proven| proven.of == of).unwrap();
    assert!(summary.clearance_s.bound.unwrap() >= proven.clearance_s.unwrap());
    (proven.people, proven.clearance_s.unwrap())
}

#[test]
fn cars_and_buses_on_one_road_have_a_bound_together() {
    let dir = tempfile::tempdir().unwrap();
    // 3,600 people an hour in cars. 7,200 of them, and 3,600 in buses of 40 seats and 2 pcu: each takes a tenth of the room of
    // somebody in a car, so that there are 7,560. The fleet's share is a tenth in each quarter of an hour, 90 people, which may
    // be used at once: 3,600 t + 360 (n / 4 - t) with n quarters begun reaches 7,560 after 2 h 5 min. The road takes 20 min.
    let plan = planned(
        dir.path(),
        &one_road(10_800, 20),
        "Z,vehicle,7200,,,,,,\nZ,seat,3600,,,,,,\n",
        "bus,,40,40,,,2,600000,300000,A,,\n",
        "fleet_share = 0.1\n",
    );
    assert_eq!(joint(&plan, SharedResource::Roads), (7560, 145.0 * 60.0 - 0.001));
    let (_, alone) = cleared(&plan, Means::Vehicle);
    assert!((alone - 140.0 * 60.0).abs() < 0.002, "{alone}");
    holds(&plan);
    // A later time is not proved, an earlier one is.
    let path = plan.join("multimodal.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("8699.999", "8700.001")).unwrap();
    let (code, found) = clearway(&["verify", plan.to_str().unwrap()]);
    assert!(code == 1 && found.contains("everyone.joint"), "{found}");
}

#[test]
fn all_share_the_admission_of_a_site() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(1500, 20);
    scenario.sites[0].admission_people_h = Some(600.0);
    // Three times 500 people, 600 an hour in all: 2.5 h, which are whole quarters.
    let plan = planned(
        dir.path(),
        &scenario,
        "Z,vehicle,500,,,,,,\nZ,walk,500,,,,,,\nZ,seat,500,,,,,,\n",
        "bus,,10,40,,,2,600000,300000,A,,\n",
        "[walk]\n",
    );
    let (people, s) = joint(&plan, SharedResource::Sites);
    assert_eq!((people, (s * 1000.0).round() as i64), (1500, 9_000_000 - 1));
    holds(&plan);
}

#[test]
fn a_bus_larger_than_its_share_of_a_quarter_takes_the_next_ones_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(400, 20);
    // 20 people a quarter for the fleet; a bus brings 40, so that one can come every half hour.
    scenario.sites[0].admission_people_h = Some(160.0);
    let fleet = "bus,,10,40,,,2,600000,300000,A,,\n";
    let plan = planned(dir.path(), &scenario, "Z,seat,400,,,,,,\n", fleet, "");
    let (cleared, _) = cleared(&plan, Means::Seat);
    // The first is there after 35 min; one more in the first quarter of each half hour after that.
    assert_eq!(cleared, 3600.0 + 8.0 * 1800.0);
    holds(&plan);
    // Two buses within half an hour.
    tamper(&plan, |header, rows| {
        let [end, unload] =
            ["end_ms", "unload_ms"].map(|name| header.iter().position(|h| h == name).unwrap());
        let last = rows.iter().map(|row| row[end].parse::<i64>().unwrap()).max().unwrap();
        let row = rows.iter_mut().find(|row| row[end].parse::<i64>().unwrap() < last).unwrap();
        row[end] = last.to_string();
        row[unload] = (last - 300_000).to_string();
    });
    let (code, found) = clearway(&["verify", plan.to_str().unwrap()]);
    assert!(code == 1 && found.contains("fleet.admission"), "{found}");
}

#[test]
fn the_optimistic_end_has_fewer_people_and_more_vehicles() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(1000, 20);
    (scenario.zones[0].people_low, scenario.zones[0].people_high) = (Some(500), Some(1000));
    let folder = dir.path().join("scenario");
    let fleet = "vehicle_type_id,count,count_low,count_high,seats,pcu_per_vehicle,load_ms,unload_ms,depot_node_id\n\
                 bus,4,2,5,50,2,600000,300000,B\n";
    let extra = [
        ("groups.csv", format!("{GROUPS}Z,seat,1000,500,1000,,,,\n").into_bytes()),
        ("fleet.csv", fleet.as_bytes().to_vec()),
    ];
    write_scenario(&folder, &scenario, &extra, Overwrite::Refuse).unwrap();
    let out = dir.path().join("plan");
    let (code, text) = clearway(&["plan", folder.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    holds(&out);
    // 4 buses: 5 rounds each; 5 buses for 500 people: 2.
    let seat = &summary(&out).means[0];
    assert_eq!(seat.clearance_s.bound, Some(5.0 * 55.0 * 60.0));
    assert_eq!(seat.optimistic.clearance_s, Some(2.0 * 55.0 * 60.0));
    assert_eq!(summary(&out).optimistic.clearance_s, seat.optimistic.clearance_s);
}

#[test]
fn what_a_priority_costs_the_others_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(80, 20);
    add_zone(&mut scenario, "Y", 4);
    // One bus at the zones: rounds of 35 min and 20 min back. Those in wheelchairs first: they are there after 35 min and the others
    // after 145; with equal turns the zone with more work goes first, so that these are there after 90 and the others after 145.
    let groups = "Z,seat,80,,,,,,\nY,wheelchair,4,,,,,1,\n";
    let plan = planned(dir.path(), &scenario, groups, "bus,,1,40,4,,2,600000,300000,A,,\n", "");
    holds(&plan);
    let summary = summary(&plan);
    let with: Vec<_> = summary.means.iter().map(|m| m.clearance_s.plan.unwrap() / 60.0).collect();
    let without = &summary.fleet.as_ref().unwrap().without_priorities;
    let other: Vec<_> = without.iter().map(|m| m.clearance_s.unwrap() / 60.0).collect();
    assert_eq!((with, other), (vec![145.0, 35.0], vec![90.0, 145.0]));
    let page = std::fs::read_to_string(plan.join("index.html")).unwrap();
    assert!(page.contains("have all arrived 55 min later") && page.contains("110 min earlier"), "{page}");
    // The other timetable is checked like the one to hand out.
    let path = plan.join("fleet/without-priorities.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen(",40,0,0,", ",41,0,0,", 1)).unwrap();
    let (code, found) = clearway(&["verify", plan.to_str().unwrap()]);
    assert!(code == 1 && found.contains("trip.places"), "{found}");
}

#[test]
fn nobody_is_taken_from_where_nobody_needs_such_a_place() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(80, 20);
    add_zone(&mut scenario, "Y", 4);
    let groups = "Z,seat,80,,,,,,\nY,wheelchair,4,,,,,,\n";
    let plan = planned(dir.path(), &scenario, groups, "bus,,1,40,4,,2,600000,300000,A,,\n", "");
    holds(&plan);
    // Two of those in wheelchairs come along from the zone of the others, where there are none.
    tamper(&plan, |header, rows| {
        let [zone, places] =
            ["zone_id", "wheelchair_people"].map(|name| header.iter().position(|h| h == name).unwrap());
        rows.iter_mut().find(|row| row[zone] == "Z").unwrap()[places] = "2".into();
        rows.iter_mut().find(|row| row[zone] == "Y").unwrap()[places] = "2".into();
    });
    let (code, found) = clearway(&["verify", plan.to_str().unwrap()]);
    assert!(code == 1 && found.contains("trip.people"), "{found}");
}

#[test]
fn a_way_without_links_takes_the_time_of_its_own_door() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(80, 20);
    // A second cut_arc of the zone at the site's junction, two minutes away; the other one takes no time but is at A.
    scenario.connectors.push(ConnectorRow {
        connector_id: "z2".into(),
        place: ConnectorPlace::Zone,
        place_id: "Z".into(),
        node_id: "B".into(),
        time_ms: 120_000,
        ..ConnectorRow::default()
    });
    let fleet = "bus,,1,40,,,2,600000,300000,A,,\n";
    let plan = planned(dir.path(), &scenario, "Z,seat,80,,,,,,\n", fleet, "");
    holds(&plan);
    tamper(&plan, |header, rows| {
        // No round needs a link to its zone: the column is not even there.
        assert!(header.iter().all(|name| name != "empty_links"));
        let load = header.iter().position(|h| h == "load_ms").unwrap();
        let last = rows.iter().map(|row| row[load].parse::<i64>().unwrap()).max().unwrap();
        let row = rows.iter_mut().find(|row| row[load] == last.to_string()).unwrap();
        row[load] = (row[load].parse::<i64>().unwrap() - 60_000).to_string();
    });
    let (code, found) = clearway(&["verify", plan.to_str().unwrap()]);
    assert!(code == 1 && found.contains("trip.empty"), "{found}");
}

#[test]
fn weights_share_out_the_fleet() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(120, 20);
    scenario.zones.push(ZoneRow { zone_id: "Y".into(), people: 120, ..ZoneRow::default() });
    scenario.connectors.push(ConnectorRow {
        connector_id: "y".into(),
        place: ConnectorPlace::Zone,
        place_id: "Y".into(),
        node_id: "A".into(),
        ..ConnectorRow::default()
    });
    let fleet = "bus,,4,10,,,2,600000,300000,A,,\n";
    let clearances = |name: &str, weights: [&str; 2]| {
        let path = dir.path().join(name);
        std::fs::create_dir(&path).unwrap();
        let header = "zone_id,means,people,priority,weight\n";
        let groups = format!("{header}Z,seat,120,1,{}\nY,seat,120,1,{}\n", weights[0], weights[1]);
        let plan = planned(&path, &scenario, &groups, fleet, "");
        holds(&plan);
        let trips = std::fs::read_to_string(plan.join("fleet/trips.csv")).unwrap();
        let end = trips.lines().next().unwrap().split(',').position(|column| column == "end_ms").unwrap();
        let last = |zone: &str| {
            let rows = trips.lines().filter(|row| row.contains(&format!(",{zone},")));
            rows.map(|row| row.split(',').nth(end).unwrap().parse::<i64>().unwrap() / 60_000).max().unwrap()
        };
        let costs = summary(&plan).fleet.unwrap().without_priorities.len();
        (last("Z"), last("Y"), costs)
    };
    // Rounds of 35 min and 20 min back, 12 loads each. Three buses for Z and one for Y: Z is done after 4 rounds, 35 + 3 x 55 min;
    // then 8 loads of Y wait for four buses, two rounds more. With equal turns two buses each, six rounds.
    assert_eq!(clearances("weighted", ["3", "1"]), (200, 310, 1));
    assert_eq!(clearances("equal", ["", ""]), (310, 310, 0));
    assert_eq!(clearances("same", ["2", "2"]), (310, 310, 0));
}

#[test]
fn zones_that_a_hazard_reaches_first_can_go_first() {
    let dir = tempfile::tempdir().unwrap();
    let mut scenario = one_road(100, 20);
    for (zone, people) in [("Y", 100), ("X", 100)] {
        scenario.zones.push(ZoneRow { zone_id: zone.into(), people, ..ZoneRow::default() });
        scenario.connectors.push(ConnectorRow {
            connector_id: format!("c{zone}"),
            place: ConnectorPlace::Zone,
            place_id: zone.into(),
            node_id: "A".into(),
            ..ConnectorRow::default()
        });
    }
    for (zone, hour) in [("X", 2), ("Y", 3)] {
        scenario.closures.push(ClosureRow {
            closure_id: format!("h{zone}"),
            target: ClosureTarget::Zone,
            target_id: zone.into(),
            from_ms: hour * 3_600_000,
            until_ms: None,
            kind: ClosureKind::Presence,
            ..ClosureRow::default()
        });
    }
    let folder = dir.path().join("scenario");
    write_scenario(&folder, &scenario, &[], Overwrite::Refuse).unwrap();
    let out = dir.path().join("groups");
    let mut args = vec!["groups", folder.to_str().unwrap(), "--out", out.to_str().unwrap()];
    args.extend(["--seat", "0.1", "--stretcher", "0.1", "--source", "assumed", "--first", "hazard"]);
    let (code, text) = clearway(&args);
    assert_eq!(code, 0, "{text}");
    let table = std::fs::read_to_string(out.join("groups.csv")).unwrap();
    let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let found = |zone: &str, means: &str| {
        let mut rows = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let row = rows.find(|row| row[at("zone_id")] == zone && row[at("means")] == means).unwrap();
        row[at("priority")].to_owned()
    };
    let order: Vec<String> =
        ["X", "Y", "Z"].iter().flat_map(|zone| [found(zone, "stretcher"), found(zone, "seat")]).collect();
    assert_eq!(order, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(found("X", "vehicle"), "");
}

#[test]
fn shares_may_have_ranges() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("scenario");
    write_scenario(&folder, &one_road(1000, 20), &[], Overwrite::Refuse).unwrap();
    let out = dir.path().join("groups");
    let mut args = vec!["groups", folder.to_str().unwrap(), "--out", out.to_str().unwrap()];
    args.extend(["--seat", "0.05..0.08..0.2", "--stretcher", "0.01", "--source", "survey"]);
    let (code, text) = clearway(&args);
    assert_eq!(code, 0, "{text}");
    let table = std::fs::read_to_string(out.join("groups.csv")).unwrap();
    let has = |row: &str| assert!(table.contains(row), "{row}: {table}");
    // 1,000 less 200 and 10 at one end, less 50 and 10 at the other.
    has("Z,vehicle,910,790,940,");
    has("Z,seat,80,50,200,");
    has("Z,stretcher,10,10,10,");
    let sources = std::fs::read_to_string(out.join("sources.csv")).unwrap();
    assert!(sources.contains("seat 0.08 (0.05 to 0.2)"), "{sources}");
    let (code, text) = clearway(&["groups", "x", "--out", "y", "--seat", "0.3..0.2..0.4"]);
    assert!(code == 2 && text.contains("ends around the share"), "{text}");
}

#[test]
fn groups_by_shares_lose_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("scenario");
    write_scenario(&folder, &one_road(1001, 20), &[], Overwrite::Refuse).unwrap();
    let out = dir.path().join("groups");
    let facilities = dir.path().join("homes.csv");
    std::fs::write(&facilities, "facility_id,name,x_coord,y_coord,stretcher_people\nH,Home,0.001,0,7\n")
        .unwrap();
    let (code, text) = clearway(&[
        "groups",
        folder.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--seat",
        "0.08",
        "--walk",
        "0.3",
        "--facilities",
        facilities.to_str().unwrap(),
    ]);
    assert_eq!(code, 0, "{text}");
    for line in
        ["vehicle     621 people", "walk        300 people", "seat        80 people", "stretcher   7 people"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
}
