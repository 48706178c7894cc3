//! Zones, people, sites and hazards as given: counts, names and p-codes are kept, and people always sum exactly.

use crate::common;
use crate::common::{grid, place, rectangle, request, square};
use clearway_compose::{NamedBytes, compose, resolve_hazards};
use clearway_formats::check_scenario;
use clearway_model::{ClosureKind, ClosureTarget, ConnectorPlace, Figure, Severity};
use proptest::prelude::*;

fn feature(properties: serde_json::Value, geometry: serde_json::Value) -> serde_json::Value {
    serde_json::json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn collection(name: &str, features: &[serde_json::Value]) -> NamedBytes<'static> {
    NamedBytes::new(name, serde_json::json!({"type": "FeatureCollection", "features": features}).to_string())
}

/// Two districts side by side, the second without a count.
fn districts() -> NamedBytes<'static> {
    collection(
        "districts.geojson",
        &[
            feature(
                serde_json::json!({"ADM2_PCODE": "XX01", "ADM2_EN": "West", "people": 1234, "stay_people": 34}),
                rectangle(-5.5, -5.5, 0.5, 5.5),
            ),
            feature(
                serde_json::json!({"ADM2_PCODE": "XX02", "ADM2_EN": "East"}),
                rectangle(0.5, -5.5, 5.5, 5.5),
            ),
        ],
    )
}

#[test]
fn zones_keep_what_they_say_of_themselves() {
    let mut request = request(3_000, square("area.geojson", 6));
    request.area = None;
    request.zones = Some(districts());
    let made = compose(grid(12), &request).unwrap();
    let zones = &made.scenario.zones;
    assert_eq!(
        (zones[0].zone_id.as_str(), zones[0].name.as_str(), zones[0].pcode.as_str()),
        ("XX01", "West", "XX01")
    );
    assert_eq!((zones[0].people, zones[0].stay_people), (1_234, Some(34)));
    assert_eq!(zones[1].people, 3_000 - 1_234);
    let shapes: serde_json::Value = serde_json::from_slice(&made.zones_geojson).unwrap();
    assert_eq!(shapes["features"][1]["properties"]["ADM2_EN"], "East");
    assert_eq!(shapes["features"][1]["properties"]["people"], 1_766);
    let faults = check_scenario(&made.scenario);
    assert!(faults.0.is_empty(), "{faults}");
}

#[test]
fn a_table_with_shapes_gives_the_same_zones() {
    let wkt = |w: f64, e: f64| {
        let [a, b] = [place(0, 0), place(1, 1)];
        let (x, y) = (b[0] - a[0], b[1] - a[1]);
        let (w, e, s, n) = (a[0] + w * x, a[0] + e * x, a[1] - 5.5 * y, a[1] + 5.5 * y);
        format!("\"POLYGON (({w} {s}, {e} {s}, {e} {n}, {w} {n}, {w} {s}))\"")
    };
    let text = format!(
        "name,pcode,people,geometry\nWest,XX01,1234,{}\nEast,XX02,1766,{}\n",
        wkt(-5.5, 0.5),
        wkt(0.5, 5.5)
    );
    let mut request = request(3_000, square("area.geojson", 6));
    request.zones = Some(NamedBytes::new("districts.csv", text));
    let made = compose(grid(12), &request).unwrap();
    let people: Vec<i64> = made.scenario.zones.iter().map(|z| z.people).collect();
    assert_eq!(people, [1_234, 1_766]);
    assert_eq!(made.scenario.zones[1].pcode, "XX02");
}

#[test]
fn a_zone_of_many_people_has_many_connectors() {
    let mut request = request(40_000, square("area.geojson", 6));
    request.zones = Some(collection(
        "z",
        &[feature(serde_json::json!({"people": 40_000}), rectangle(-5.5, -5.5, 5.5, 5.5))],
    ));
    let made = compose(grid(12), &request).unwrap();
    let count = made.scenario.connectors.iter().filter(|c| c.place == ConnectorPlace::Zone).count();
    assert_eq!(count, 64);
}

#[test]
fn sites_given_with_capacities_of_all_kinds() {
    let [a, b] = [place(8, 0), place(0, 8)];
    let text = format!(
        "name,x,y,capacity,area_m2,standard\nArena,{},{},900,,\nField,{},{},,9000,SIT-01\n",
        a[0],
        a[1],
        b[0] + 0.001,
        b[1] + 0.0005
    );
    let mut request = request(1_000, square("area.geojson", 5));
    request.sites = Some(NamedBytes::new("sites.csv", text));
    let made = compose(grid(12), &request).unwrap();
    let capacities: Vec<_> = made.scenario.sites.iter().map(|s| s.capacity_people).collect();
    assert_eq!(capacities, [Some(900), Some(200)]);
    let times: Vec<i64> =
        made.scenario.connectors.iter().filter(|c| c.place_id == "S1").map(|c| c.time_ms).collect();
    assert_eq!(times[0], 0, "at a junction");
    assert!(times.len() == 1 || times[1] > 30_000, "{times:?}");
    let faults = check_scenario(&made.scenario);
    assert!(!faults.has_errors(), "{faults}");
}

#[test]
fn a_large_site_is_entered_from_all_sides() {
    let mut request = request(1_000, square("area.geojson", 5));
    request.sites = Some(collection(
        "camp.geojson",
        &[feature(serde_json::json!({"name": "Camp", "capacity": 5000}), rectangle(7.5, -4.5, 11.5, 4.5))],
    ));
    let made = compose(grid(12), &request).unwrap();
    let nodes: Vec<&str> = made
        .scenario
        .connectors
        .iter()
        .filter(|c| c.place == ConnectorPlace::Site)
        .map(|c| c.node_id.as_str())
        .collect();
    assert_eq!(nodes.len(), 8);
    for part in ["n8_-", "n10_-", "n8_3", "n10_3"] {
        assert!(nodes.iter().any(|n| n.starts_with(part)), "{part}: {nodes:?}");
    }
    let faults = check_scenario(&made.scenario);
    assert!(faults.0.is_empty(), "{faults}");
}

#[test]
fn a_site_off_the_map_is_a_fault() {
    let mut request = request(1_000, square("area.geojson", 5));
    request.sites = Some(NamedBytes::new("sites.csv", "name,x,y,capacity\nNear,24,60,5\nFar,24.5,60,5\n"));
    let faults = compose(grid(12), &request).unwrap_err().to_string();
    assert!(faults.contains("site S2") && faults.contains("in the map"), "{faults}");
}

#[test]
fn hazards_close_what_they_touch() {
    let mut request = request(8_000, square("area.geojson", 5));
    request.start = Some("2026-03-01T06:00:00+02:00".into());
    request.hazards = Some(collection(
        "flood.geojson",
        &[feature(
            serde_json::json!({"hazard_id": "flood", "from": "2026-03-01T08:00:00+02:00", "until_ms": 86_400_000}),
            rectangle(3.5, -20.0, 20.0, 20.0),
        )],
    ));
    let made = compose(grid(12), &request).unwrap();
    assert_eq!(made.scenario.settings.time_zone, "Etc/GMT-2");
    let closures = &made.scenario.closures;
    assert_eq!(closures.len(), made.report.closures);
    assert!(closures.iter().all(|c| (c.from_ms, c.until_ms, c.kind, c.cause.as_str())
        == (7_200_000, Some(86_400_000), ClosureKind::Presence, "flood")));
    let closed =
        |target: ClosureTarget, id: &str| closures.iter().any(|c| c.target == target && c.target_id == id);
    assert!(closed(ClosureTarget::Link, "n3_0-n4_0"), "it reaches into the polygon");
    assert!(!closed(ClosureTarget::Link, "n2_0-n3_0"));
    assert!(closed(ClosureTarget::Node, "n4_0") && !closed(ClosureTarget::Node, "n3_0"));
    // Exits to the east are all in the hazard, and those of the other sides that are in it are sites of their own.
    for site in &made.scenario.sites {
        let is_east = site.x_coord.unwrap() > place(0, 0)[0] + 3.5 * common::EAST;
        assert_eq!(closed(ClosureTarget::Site, &site.site_id), is_east, "{}", site.name);
    }
    let faults = check_scenario(&made.scenario);
    assert!(!faults.has_errors(), "{faults}");
    let again = resolve_hazards(&made.scenario, request.hazards.as_ref().unwrap()).unwrap();
    assert_eq!(&again.closures, closures);
}

#[test]
fn a_hazard_on_part_of_a_joint_site_closes_it_with_a_warning() {
    let made = compose(grid(24), &request(10_000, square("area.geojson", 20))).unwrap();
    let id = made.scenario.sites.iter().find(|s| s.name.contains("other road")).unwrap().site_id.clone();
    let node = made
        .scenario
        .connectors
        .iter()
        .find(|c| c.place_id == id && c.place == ConnectorPlace::Site)
        .unwrap();
    let at = made.scenario.nodes.iter().find(|n| n.node_id == node.node_id).unwrap();
    let (x, y, d) = (at.x_coord, at.y_coord, 1e-5);
    let ring = [[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]];
    let hazard = collection(
        "h",
        &[feature(
            serde_json::json!({"from_ms": 0}),
            serde_json::json!({"type": "Polygon", "coordinates": [ring]}),
        )],
    );
    let resolved = resolve_hazards(&made.scenario, &hazard).unwrap();
    assert!(resolved.closures.iter().any(|c| c.target == ClosureTarget::Site && c.target_id == id));
    assert!(resolved.warnings.0.iter().any(|w| w.severity == Severity::Warning && w.found == id));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn people_over_streets_sum_exactly(people in 1i64..3_000_000, zones in prop::option::of(1usize..90), reach in 2i32..6) {
        let mut request = request(people, square("area.geojson", reach));
        request.zone_count = zones;
        let made = compose(grid(reach + 3), &request).unwrap();
        prop_assert_eq!(made.scenario.zones.iter().map(|z| z.people).sum::<i64>(), people);
        prop_assert!(made.scenario.zones.iter().all(|z| z.people >= 0));
        prop_assert_eq!(made.report.people, people);
        prop_assert!(!check_scenario(&made.scenario).has_errors());
    }

    #[test]
    fn people_of_points_sum_exactly(
        points in prop::collection::vec((-7.0f64..7.0, -7.0f64..7.0, 0u32..5_000_000), 1..120),
        total in prop::option::of(1i64..1_000_000),
    ) {
        let mut text = String::from("lon,lat,population\n");
        // Counts in thousandths, as from a raster; only points in the area count.
        let mut milli = 0u64;
        for &(column, row, count) in &points {
            let at = [common::MIDDLE[0] + column * common::EAST, common::MIDDLE[1] + row * common::NORTH];
            text += &format!("{},{},{}.{:03}0\n", at[0], at[1], count / 1000, count % 1000);
            if column.abs() < 5.5 && row.abs() < 5.5 {
                milli += u64::from(count);
            }
        }
        let mut request = request(1, square("area.geojson", 5));
        request.people = total.map(|t| Figure::new(t, None, None));
        request.population = Some(NamedBytes::new("points.csv", text));
        let made = compose(grid(8), &request);
        if milli == 0 {
            prop_assert!(made.is_err());
        } else {
            let made = made.unwrap();
            let expected = total.unwrap_or(i64::try_from((milli + 500) / 1000).unwrap());
            prop_assert_eq!(made.scenario.zones.iter().map(|z| z.people).sum::<i64>(), expected);
        }
    }
}

#[test]
fn a_table_by_p_code_counts_the_zones_that_have_no_count() {
    let mut request = request(1, square("area.geojson", 6));
    (request.area, request.people) = (None, None);
    request.zones = Some(districts());
    let table = |rows: &str| {
        Some(NamedBytes::new("cod-ps.csv", format!("ADM1_PCODE,ADM2_PCODE,T_TL\n#adm1,#adm2,#pop\n{rows}")))
    };
    request.population = table("XX,XX01,900\nXX,XX02,4321\nXX,XX03,7\n");
    let made = compose(grid(12), &request).unwrap();
    let zones = &made.scenario.zones;
    // the table was given to count: it goes before a count that a zone has of its own, which is said
    assert_eq!((zones[0].people, zones[1].people), (900, 4_321));
    let said = made.report.warnings.to_string();
    assert!(
        said.contains("zone XX01, people = '900': expected the 1234 people that the zone has of its own"),
        "{said}"
    );
    assert!(made.report.notes.iter().any(|note| note.starts_with("1 p-codes of cod-ps.csv with 7 people")));
    let source = made.scenario.sources.iter().find(|s| s.table == "zones" && s.id == "XX02").unwrap();
    assert_eq!((source.field.as_str(), source.source.as_str()), ("people", "cod-ps.csv"));
    // what is missing, or there twice, is not guessed
    for (rows, part) in [
        ("XX,XX03,7\n", "zone XX02"),
        ("XX,XX02,4\nXX,XX02,5\n", "every p-code once"),
        ("XX,XX02,many\n", "many"),
    ] {
        request.population = table(rows);
        let faults = compose(grid(12), &request).unwrap_err().to_string();
        assert!(faults.contains(part) && faults.contains("cod-ps.csv"), "{part} in {faults}");
    }
    // without zones there is nothing to count
    request.zones = None;
    request.area = Some(square("area.geojson", 6));
    request.population = table("XX,XX02,5\n");
    let faults = compose(grid(12), &request).unwrap_err().to_string();
    assert!(faults.contains("--zones"), "{faults}");
}

/// One zone over the town with these properties, and the faults or warnings of a request made of it.
fn said_of_zones(
    zones: &[serde_json::Value],
    change: impl Fn(&mut clearway_compose::ComposeInputs<'static>),
) -> (Vec<i64>, String) {
    let mut request = request(1, square("area.geojson", 6));
    (request.area, request.people) = (None, None);
    let halves =
        [rectangle(-5.5, -5.5, 0.5, 5.5), rectangle(0.5, -5.5, 5.5, 5.5), rectangle(-5.5, 5.5, 5.5, 7.5)];
    let features: Vec<_> =
        zones.iter().zip(halves).map(|(zone, shape)| feature(zone.clone(), shape)).collect();
    request.zones = Some(collection("z.geojson", &features));
    change(&mut request);
    match compose(grid(12), &request) {
        Ok(made) => {
            (made.scenario.zones.iter().map(|z| z.people).collect(), made.report.warnings.to_string())
        }
        Err(faults) => (Vec::new(), faults.to_string()),
    }
}

#[test]
fn one_p_code_in_several_features_is_counted_once_or_a_fault() {
    let island = serde_json::json!({"ADM2_PCODE": "XX01", "people": 5000});
    let (_, said) = said_of_zones(&[island.clone(), island.clone()], |_| ());
    assert!(
        said.contains("p-code XX01, people = '5000, 5000': expected people who are counted once"),
        "{said}"
    );
    // by a table
    let bare = serde_json::json!({"ADM2_PCODE": "XX01"});
    let table = |r: &mut clearway_compose::ComposeInputs<'static>| {
        r.population = Some(NamedBytes::new("cod-ps.csv", "ADM2_PCODE,T_TL\nXX01,5000\n"));
    };
    let (_, said) = said_of_zones(&[bare.clone(), bare], table);
    assert!(said.contains("p-code XX01, features = '2': expected one feature for each p-code"), "{said}");
    // a part that is the sum of the others
    let part = |n: i64| serde_json::json!({"ADM2_PCODE": "XX01", "people": n});
    let (_, said) = said_of_zones(&[part(2400), part(2600), part(5000)], |_| ());
    assert!(said.contains("expected people who are counted once"), "{said}");
    // quarters of one district are zones of their own, which is said
    let (people, said) = said_of_zones(&[part(2400), part(2600)], |_| ());
    assert!(people == [2400, 2600] && said.contains("with 5000 people together"), "{said}");
    // the same shape twice
    let shape = rectangle(-5.5, -5.5, 0.5, 5.5);
    let twice = |r: &mut clearway_compose::ComposeInputs<'static>| {
        let sex = |id: &str, n: i64| feature(serde_json::json!({"zone_id": id, "people": n}), shape.clone());
        r.zones = Some(collection("z.geojson", &[sex("F", 2400), sex("M", 2600)]));
    };
    let (_, said) = said_of_zones(&[], twice);
    assert!(said.contains("zone M, geometry = '': expected every shape once"), "{said}");
}

#[test]
fn a_property_that_counts_parts_does_not_beat_the_people_given() {
    // a program that joins polygons writes how many there were
    let parts = |code: &str| serde_json::json!({"ADM2_PCODE": code, "count": 2, "total": 1});
    let table = |r: &mut clearway_compose::ComposeInputs<'static>| {
        r.population = Some(NamedBytes::new("cod-ps.csv", "ADM2_PCODE,T_TL\nXX01,3000\nXX02,4000\n"));
    };
    let (people, said) = said_of_zones(&[parts("XX01"), parts("XX02")], table);
    assert_eq!(people, [3000, 4000], "{said}");
    let (people, said) =
        said_of_zones(&[parts("XX01"), parts("XX02")], |r| r.people = Some(Figure::new(3000, None, None)));
    assert_eq!(people.iter().sum::<i64>(), 3000);
    assert!(said.contains("property = 'count'") && said.contains("not taken for people"), "{said}");
    // where nothing else counts it is taken, and said
    let (people, said) = said_of_zones(&[parts("XX01"), parts("XX02")], |_| ());
    assert!(people == [2, 2] && said.contains("taken for people"), "{said}");
}

#[test]
fn p_codes_that_lost_their_zeros_or_capitals_are_matched_and_named() {
    let zone = |code: serde_json::Value| serde_json::json!({"pcode": code});
    let table = |r: &mut clearway_compose::ComposeInputs<'static>| {
        r.population = Some(NamedBytes::new("cod-ps.csv", "pcode,people\n060371,3000\n60372,4000\n"));
    };
    let (people, said) = said_of_zones(&[zone("60371".into()), zone("60372".into())], table);
    assert_eq!(people, [3000, 4000], "{said}");
    assert!(said.contains("p-code 060371") && said.contains("leading zeros are lost"), "{said}");
    let (people, said) = said_of_zones(&[zone("060371".into()), zone("60372.0".into())], table);
    assert_eq!(people, [3000, 4000], "{said}");
    assert!(said.contains("a spreadsheet wrote the code as a number"), "{said}");
    let capitals = |r: &mut clearway_compose::ComposeInputs<'static>| {
        r.population = Some(NamedBytes::new("cod-ps.csv", "pcode,people\nxx01,3000\nXX02,4000\n"));
    };
    let (people, said) = said_of_zones(&[zone("XX01".into()), zone("XX02".into())], capitals);
    assert_eq!(people, [3000, 4000], "{said}");
    assert!(said.contains("p-code xx01") && said.contains("'XX01'"), "{said}");
    // where two could be meant nothing is guessed
    let both = |r: &mut clearway_compose::ComposeInputs<'static>| {
        r.population =
            Some(NamedBytes::new("cod-ps.csv", "pcode,people\n0060371,1\n060371,3000\n60372,4000\n"));
    };
    let (_, said) = said_of_zones(&[zone("60371".into()), zone("60372".into())], both);
    assert!(said.contains("meant? leading zeros are lost"), "{said}");
    // a code that some zone has is that zone's, also where another zone's is alike
    let one = |r: &mut clearway_compose::ComposeInputs<'static>| {
        r.population = Some(NamedBytes::new("cod-ps.csv", "pcode,people\n60371,3000\n"));
    };
    let counted = |code: &str, people: i64| serde_json::json!({"pcode": code, "people": people});
    let (people, said) = said_of_zones(&[counted("60371", 1), counted("060371", 2)], one);
    assert!(!said.contains("taken for the same"), "{said}");
    assert!(people.is_empty() || people[0] == 3000, "{people:?} {said}");
    // a whole number of JSON is the code itself
    let (people, said) = said_of_zones(&[zone("060371".into()), zone(60372.0.into())], table);
    assert_eq!(people, [3000, 4000], "{said}");
}

#[test]
fn fractions_and_crowds_of_people_are_named() {
    let (_, said) = said_of_zones(&[serde_json::json!({"people": 1.234})], |_| ());
    assert!(
        said.contains(
            "people = '1.234': expected a whole number (does the point separate thousands? then write 1234"
        ),
        "{said}"
    );
    let (_, said) = said_of_zones(&[serde_json::json!({"people": 99_000_000})], |_| ());
    assert!(said.contains("people on a square kilometre, as in the densest cities; this is "), "{said}");
    let (_, said) = said_of_zones(
        &[serde_json::json!({"people": 900_000_000}), serde_json::json!({"people": 900_000_000})],
        |_| (),
    );
    assert!(said.contains("people = '1800000000': expected at most 1000000000 people in all"), "{said}");
    // ids that look the same
    let (_, said) = said_of_zones(
        &[
            serde_json::json!({"zone_id": "Z1", "people": 5}),
            serde_json::json!({"zone_id": "Z1\u{200b}", "people": 5}),
        ],
        |_| (),
    );
    assert!(said.contains("zone_id = 'Z1<U+200B>': expected every zone_id once"), "{said}");
}

/// What is said of a hazard with these times; the scenario starts on 27 March 2026 in Helsinki and is looked at for five days.
fn said_of_times(times: serde_json::Value) -> String {
    let mut request = request(1000, square("area.geojson", 5));
    (request.start, request.time_zone) =
        (Some("2026-03-27T08:00:00+02:00".into()), Some("Europe/Helsinki".into()));
    request.horizon_ms = Some(5 * 86_400_000);
    request.hazards = Some(collection("h.geojson", &[feature(times, rectangle(3.5, -20.0, 20.0, 20.0))]));
    match compose(grid(12), &request) {
        Ok(made) => made.report.warnings.to_string(),
        Err(faults) => faults.to_string(),
    }
}

#[test]
fn times_of_hazards_that_look_right_are_shown_as_what_they_mean() {
    for (times, part) in [
        (
            serde_json::json!({"from_ms": 46_109, "until_ms": 46_110}),
            "a spreadsheet counts 2026-03-28 and 2026-03-29 so",
        ),
        (
            serde_json::json!({"from_ms": 3_600, "until_ms": 21_600}),
            "this is from 2026-03-27 08:00:03.600+02:00 to 2026-03-27 08:00:21.600+02:00",
        ),
        (
            serde_json::json!({"from": "2024-07-26T08:00:00+03:00"}),
            "this is 20 months before it, at 2024-07-26 08:00:00+03:00",
        ),
        (serde_json::json!({"from": "2026-06-26T08:00:00+03:00"}), "it closes nothing within the horizon"),
        // summer time begins on the 29th
        (
            serde_json::json!({"from": "2026-03-30T08:00:00+02:00"}),
            "the offset of the scenario's time zone at that time, +03:00 (taken as written, which is 2026-03-30 09:00:00+03:00",
        ),
        (serde_json::json!({"from": "2026-03-28T08:00:00+02:00[Europe/London]"}), "contradicts the offset"),
        (serde_json::json!({"from": "2026-03-28T08:00:00+25:00"}), "no clock on Earth"),
        (serde_json::json!({"from": 46_109}), "a spreadsheet counts 2026-03-28 as 46109"),
    ] {
        let said = said_of_times(times.clone());
        assert!(said.contains(part), "{times}: {said}");
    }
    let plain =
        said_of_times(serde_json::json!({"from": "2026-03-30T08:00:00+03:00", "until_ms": 400_000_000.0}));
    assert!(!plain.contains("from") && !plain.contains("until"), "{plain}");
}

#[test]
fn clock_times_of_hazards_need_a_start() {
    let mut request = request(1000, square("area.geojson", 5));
    let hazard =
        feature(serde_json::json!({"from": "2024-05-06T09:00:00+03:00"}), rectangle(3.5, -20.0, 20.0, 20.0));
    request.hazards = Some(collection("h.geojson", &[hazard]));
    let faults = compose(grid(12), &request).unwrap_err().to_string();
    assert!(faults.contains("give --start"), "{faults}");
}

#[test]
fn files_of_another_kind_are_called_by_name() {
    let asked = |change: &dyn Fn(&mut clearway_compose::ComposeInputs<'static>)| {
        let mut request = request(1000, square("area.geojson", 5));
        change(&mut request);
        compose(grid(8), &request).unwrap_err().to_string()
    };
    let book = b"PK\x03\x04 xl/workbook.xml".to_vec();
    let said = asked(&|r| r.population = Some(NamedBytes::new("people.xlsx", book.clone())));
    assert!(said.contains("'an Excel workbook (xlsx)': expected a CSV table (convert it: libreoffice --headless --convert-to csv people.xlsx)"), "{said}");
    let said = asked(&|r| r.area = Some(NamedBytes::new("area.gpkg", *b"SQLite format 3\0")));
    assert!(said.contains("ogr2ogr -f GeoJSON -t_srs EPSG:4326 area.geojson area.gpkg"), "{said}");
    let said = asked(&|r| r.zones = Some(NamedBytes::new("zones.shp", *b"\0\0\x27\x0a\0\0")));
    assert!(said.contains("'a shapefile': expected GeoJSON"), "{said}");
    let said = asked(&|r| r.sites = Some(NamedBytes::new("sites.kml", "<?xml version=\"1.0\"?><kml></kml>")));
    assert!(said.contains("'a KML file': expected GeoJSON"), "{said}");
    let said = asked(&|r| {
        r.sites = Some(NamedBytes::new("sites.csv", b"name,x,y\n\x94\xf0\x93\xef\x8f\x8a,24,60\n".to_vec()))
    });
    assert!(said.contains("it looks like Shift_JIS: iconv -f Shift_JIS -t UTF-8 'sites.csv'"), "{said}");
    let said = asked(&|r| {
        r.population = Some(NamedBytes::new("points.geojson", "{\"type\": \"FeatureCollection\"}"))
    });
    assert!(said.contains("kind of file = 'JSON': expected a CSV table"), "{said}");
    let said = asked(&|r| r.time_zone = Some("EEST".into()));
    assert!(said.contains("time_zone = 'EEST'"), "{said}");
}
