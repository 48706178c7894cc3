//! The files as a whole: what they promise a reader, and that they keep it for odd and for large inputs.

use crate::made_up::{MadeUp, island};
use clearway_model::*;
use clearway_report::{PlanReport, answer_in_words, files, terminal_curve, terminal_table};
use std::collections::{BTreeMap, VecDeque};

fn made(what: &MadeUp) -> BTreeMap<String, String> {
    let text = |(name, bytes)| (name, String::from_utf8(bytes).unwrap());
    files(&what.report()).unwrap().into_iter().map(text).collect()
}

#[test]
fn the_files_are_those_of_the_reference() {
    let files = made(&island());
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "bottlenecks.csv",
        "bottlenecks.geojson",
        "curve.csv",
        "index.html",
        "orders.csv",
        "orders.geojson",
        "overflow.csv",
        "zones.csv",
    ];
    assert_eq!(names, expected);
    let reference = include_str!("../../../../docs/reference/plan.md").replace(['`', '\n'], " ");
    for name in ["orders.csv", "curve.csv", "zones.csv", "bottlenecks.csv", "overflow.csv"] {
        for column in files[name].lines().next().unwrap().split(',') {
            assert!(reference.contains(column), "{name}: {column} is not in the reference");
        }
    }
}

#[test]
fn tables_carry_the_figures_exactly() {
    let files = made(&island());
    let zones: Vec<&str> = files["zones.csv"].lines().collect();
    assert_eq!(
        zones[2],
        "Z2,Hamina quay,9800,9800,0,0,,611.25,10511.25,21915.568,25200,18000,14400.5,6245.75,3600.5"
    );
    assert_eq!(
        zones[8],
        "Z8,Lighthouse,5200,4600,600,0,hazard:600,4278.75,14178.75,25583.068,7200,18000,,6245.75,"
    );
    assert_eq!(zones[9], "Z9,Skerry,1800,0,0,1800,no_road:1800,,,,none,,,,");
    let order = "1,Z1,Old Town,S2,Ferry terminal,R1,all,car,1000,0,900000,2026-10-24T16:00:00+03:00,2026-10-24T16:15:00+03:00,Västra vägen";
    assert_eq!(files["orders.csv"].lines().nth(1).unwrap(), order);
    assert_eq!(
        files["bottlenecks.csv"].lines().nth(3).unwrap(),
        "3,site,S2,Ferry terminal,600,15300,1500,6125,"
    );
}

#[test]
fn maps_are_geojson_with_every_route_and_bottleneck() {
    let island = island();
    let files = made(&island);
    for (name, count) in
        [("orders.geojson", island.plan.routes.len()), ("bottlenecks.geojson", island.bottlenecks.len())]
    {
        let map: serde_json::Value = serde_json::from_str(&files[name]).unwrap();
        assert_eq!(map["type"], "FeatureCollection");
        assert_eq!(map["features"].as_array().unwrap().len(), count);
        assert!(map["note"].as_str().unwrap().contains("calls no place safe"));
    }
}

#[test]
fn the_page_loads_nothing_and_escapes_names() {
    let page = made(&island()).remove("index.html").unwrap();
    assert!(page.contains("default-src 'none'"));
    for loading in
        ["<link", "<img", "<iframe", "@import", "src=", "fetch(", "XMLHttpRequest", "javascript:", "://fonts"]
    {
        assert!(!page.contains(loading), "{loading}");
    }
    assert!(page.contains("Kallö &lt;island&gt;") && !page.contains("<island>"));
    assert!(page.contains("href=\"https:&#x2f;&#x2f;example.org&#x2f;census\""));
    assert!(page.contains("No source is entered for:"), "link times and more have no source on the island");
}

#[test]
fn every_output_carries_the_standing_sentences() {
    let mut island = island();
    let law = "Feasible does not mean lawful, voluntary or advisable.";
    let safe = "calls no place safe";
    for context in [Context::Disaster, Context::ArmedConflict] {
        island.scenario.settings.context = context;
        island.summary.context = context;
        let mut texts = made(&island);
        texts.retain(|name, _| !name.ends_with(".csv"));
        texts.insert("table".to_owned(), terminal_table(&island.summary, &island.scenario.settings));
        texts.insert("words".to_owned(), answer_in_words(&island.report()).join("\n"));
        for (name, text) in texts {
            assert!(text.contains(safe), "{name}");
            assert_eq!(text.contains(law), context == Context::ArmedConflict, "{name}");
        }
    }
}

#[test]
fn no_output_uses_words_that_only_an_authority_may_use() {
    let island = island();
    let mut texts = made(&island);
    texts.insert("table".to_owned(), terminal_table(&island.summary, &island.scenario.settings));
    for (name, text) in texts {
        let plain = text
            .to_lowercase()
            .replace("calls no place safe", "")
            .replace("not evacuated", "")
            .replace("should move", "");
        for word in [" safe ", "safely", "must leave", "should leave", "must move", "unlawful", " evacuate"] {
            assert!(!plain.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn the_run_does_not_show() {
    let mut island = island();
    let before = made(&island);
    island.summary.threads = 64;
    island.summary.wall_s = 999.0;
    island.summary.peak_rss_bytes = 123_456_789;
    assert_eq!(before, made(&island));
}

#[test]
fn nothing_at_all_is_a_report_too() {
    let mut island = island();
    let s = &mut island.scenario;
    s.nodes.clear();
    s.links.clear();
    s.zones.clear();
    s.sites.clear();
    s.connectors.clear();
    s.sources.clear();
    s.settings.start = "yesterday".to_owned();
    s.settings.class.clear();
    island.shapes = clearway_report::MapShapes::default();
    island.plan.routes.clear();
    island.plan.orders.clear();
    island.plan.not_moved.clear();
    island.curve.clear();
    island.zones.clear();
    island.bottlenecks.clear();
    island.summary.people = People::default();
    let files = made(&island);
    assert_eq!(files["curve.csv"].lines().count(), 1);
    assert!(files["index.html"].contains("no people evacuating"));
    assert!(!terminal_curve(&island.curve, 80, 12).is_empty());
}

/// Shortest ways by number of links from one node, as the link taken into each node.
fn ways<'a>(next: &BTreeMap<&'a str, Vec<&'a LinkRow>>, from: &'a str) -> BTreeMap<&'a str, &'a LinkRow> {
    let mut into: BTreeMap<&str, &LinkRow> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        for link in next.get(node).into_iter().flatten() {
            let to = link.to_node_id.as_str();
            if to != from && !into.contains_key(to) {
                into.insert(to, link);
                queue.push_back(to);
            }
        }
    }
    into
}

/// A synthetic city of 25,000 links with three routes for each of 196 zones.
fn large() -> MadeUp {
    let request = clearway_instances::CityRequest { side: 90, ..Default::default() };
    let mut large = island();
    large.scenario = clearway_instances::city(&request);
    large.shapes = clearway_report::MapShapes::default();
    let s = &large.scenario;
    let mut next: BTreeMap<&str, Vec<&LinkRow>> = BTreeMap::new();
    for link in &s.links {
        next.entry(&link.from_node_id).or_default().push(link);
    }
    let (mut routes, mut orders, mut zones) = (Vec::new(), Vec::new(), Vec::new());
    for (i, zone) in s.zones.iter().enumerate() {
        let own: Vec<&ConnectorRow> = s.connectors.iter().filter(|c| c.place_id == zone.zone_id).collect();
        for (from, offset) in own.iter().zip([0, 5, 11]) {
            let exits: Vec<&ConnectorRow> =
                s.connectors.iter().filter(|c| c.place == ConnectorPlace::Site).collect();
            let to = exits[(i + offset) % exits.len()];
            let into = ways(&next, &from.node_id);
            let mut links = Vec::new();
            let mut at = to.node_id.as_str();
            while let Some(link) = into.get(at) {
                links.push(link.link_id.clone());
                at = &link.from_node_id;
            }
            links.reverse();
            let route_id = format!("R{}", routes.len() + 1);
            for w in 0..12 {
                orders.push(MovementOrder {
                    order_id: orders.len() as i64 + 1,
                    zone_id: zone.zone_id.clone(),
                    group: "all".to_owned(),
                    class: "car".to_owned(),
                    people: zone.people / 36,
                    depart_from_ms: w * 900_000,
                    depart_until_ms: (w + 1) * 900_000,
                    route_id: route_id.clone(),
                });
            }
            routes.push(Route {
                route_id,
                zone_id: zone.zone_id.clone(),
                site_id: to.place_id.clone(),
                from_connector: from.connector_id.clone(),
                links,
                to_connector: to.connector_id.clone(),
            });
        }
        zones.push(ZoneOutcome {
            zone_id: zone.zone_id.clone(),
            people: zone.people,
            arrived: zone.people,
            ..ZoneOutcome::default()
        });
    }
    (large.plan.routes, large.plan.orders, large.zones) = (routes, orders, zones);
    large
}

#[test]
fn a_city_of_25_000_links_stays_under_three_megabytes() {
    let large = large();
    assert!(large.scenario.links.len() >= 25_000, "{}", large.scenario.links.len());
    let files = made(&large);
    let size = files["index.html"].len();
    assert!(size < 3_000_000, "{size} bytes");
    assert!(size > 200_000, "{size} bytes: the roads are not drawn");
    if let Ok(folder) = std::env::var("CLEARWAY_REPORT_OUT") {
        std::fs::write(std::path::Path::new(&folder).join("city.html"), &files["index.html"]).unwrap();
    }
}

#[test]
fn two_reports_of_the_same_plan_are_the_same_bytes() {
    let island = island();
    let report: PlanReport<'_> = island.report();
    assert_eq!(files(&report).unwrap(), files(&report).unwrap());
}

#[test]
fn room_and_waiting_are_said_in_words_and_in_a_table() {
    let mut island = island();
    let words = answer_in_words(&island.report()).join("\n");
    for expected in [
        "The plan is not spill-free: 2 links hold more vehicles than fit there at some time, 9,120 vehicle-minutes in all.",
        "Ring Road East (link 12.6-13.6",
        "has room for 107 vehicles and holds up to 211;",
        "After departure people wait 30 min 42 s in the mean, 95 of 100 no longer than 1 h 28 min 15 s, none longer than 1 h 37 min.",
        "1,211 person-hours of all waiting pass while what people wait for is closed.",
    ] {
        assert!(words.contains(expected), "{expected} is not in\n{words}");
    }
    let files = made(&island);
    assert_eq!(
        files["overflow.csv"].lines().nth(1).unwrap(),
        "12.6-13.6,Ring Road East,107,211.4,8000.25,1240.5,9300.25"
    );
    // a plan of a version that did not say anything of it
    (island.summary.spill_free, island.summary.overflow, island.summary.waiting) = (None, None, None);
    let words = answer_in_words(&island.report()).join("\n");
    assert!(!words.contains("spill-free") && !words.contains("After departure"), "{words}");
}
