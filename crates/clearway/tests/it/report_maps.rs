//! Maps of reports: what the map of routes and ways out shows, and the districts of an atlas.

use crate::report::{pages, planned, request, store};
use crate::{example, helsinki_plan};
use clearway::{Language, ReportKind, Session, report};
use std::collections::{BTreeMap, BTreeSet};

fn files(name: &str) -> BTreeMap<String, Vec<u8>> {
    example(name).files.into_iter().collect()
}

fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(bytes).deserialize().collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_map_of_ways_out_shows_hazards_routes_by_share_and_zones_with_one_way() {
    let plan = helsinki_plan();
    for language in Language::ALL {
        let made = report(&Session::new(), &[&plan], &request(ReportKind::Ab747, language)).unwrap();
        let artifacts = made.artifacts();
        let page = String::from_utf8(artifacts.get("index.html").unwrap().to_vec()).unwrap();
        assert_eq!(page.matches("<svg class=\"map\"").count(), 1);
        let map = page.split("<svg class=\"map\"").nth(1).unwrap().split("</svg>").next().unwrap();
        assert!(map.contains("<path class=\"hazard\""), "the hazard as given");
        // zones of the table and of the map are the same
        let zones = rows(artifacts.get("zones.csv").unwrap());
        let needs = |row: &&BTreeMap<String, String>| row["needs_no_road"] == "0";
        let is_single = |row: &BTreeMap<String, String>, state: &str| {
            row[&format!("{state}_ways_min")].parse::<i64>().unwrap() < 2
        };
        let open = zones.iter().filter(needs).filter(|row| is_single(row, "open")).count();
        let later = zones
            .iter()
            .filter(needs)
            .filter(|row| !is_single(row, "open") && is_single(row, "hazards"))
            .count();
        assert_eq!(map.matches("<g class=\"single\"").count(), open);
        assert_eq!(map.matches("<g class=\"single later\"").count(), later);
        assert!(open == 0 && later > 0, "the hazard leaves zones of the example with fewer than two");
        assert_eq!(page.contains("class=\"single-mark\""), open > 0, "what is drawn is explained");
        assert_eq!(page.contains("class=\"single-later-mark\""), later > 0);
        // each grade of v/c that the table has is drawn and explained, and no other
        let routes = rows(artifacts.get("routes.csv").unwrap());
        let used = routes.iter().filter(|row| row["people"] != "0");
        let grade = |row: &BTreeMap<String, String>| match row["volume_capacity"].parse::<f64>().unwrap() {
            share if share >= 0.9 => 2,
            share if share >= 0.5 => 1,
            _ => 0,
        };
        let grades: BTreeSet<usize> = used.map(grade).collect();
        for of in 0..3 {
            assert_eq!(map.contains(&format!("<path class=\"graded g{of}\"")), grades.contains(&of), "{of}");
            assert_eq!(page.contains(&format!("<i class=\"g{of}-mark\">")), grades.contains(&of), "{of}");
        }
        // what every map has around it
        for furniture in ["<div class=\"north\"", "<div class=\"bar\"", "OpenStreetMap", "2026"] {
            assert!(page.contains(furniture), "{furniture}");
        }
    }
}

#[test]
fn a_zone_with_one_road_is_marked_on_the_map() {
    let plan = planned(&store(files("one-road")));
    let made = report(&Session::new(), &[&plan], &request(ReportKind::Ab747, Language::En)).unwrap();
    let page = String::from_utf8(made.artifacts().get("index.html").unwrap().to_vec()).unwrap();
    assert_eq!(page.matches("<g class=\"single\"").count(), 1);
    assert!(page.contains("class=\"single-mark\"") && !page.contains("class=\"hazard-mark\""));
}

#[test]
fn an_atlas_has_a_sheet_per_district_with_the_critical_roads_in_it() {
    let mut files = files("helsinki");
    let table = String::from_utf8(files["zones.csv"].clone()).unwrap();
    let mut lines = table.lines();
    let mut text = format!("{},pcode\n", lines.next().unwrap());
    for (place, line) in lines.enumerate() {
        text.push_str(&format!("{line},FI0{}{place:02}\n", if place < 3 { 1 } else { 2 }));
    }
    files.insert("zones.csv".to_owned(), text.into_bytes());
    let plan = planned(&store(files));
    let atlas = &pages(&plan, &request(ReportKind::Sheets, Language::En))["atlas.html"];
    let sheets: Vec<&str> = atlas.split("<section class=\"sheet\">").skip(1).collect();
    assert_eq!(sheets.len(), 3, "the whole place and two districts");
    for (sheet, title) in sheets[1..].iter().zip(["FI01", "FI02"]) {
        assert!(sheet.contains(&format!("<h2>District <bdi>{title}</bdi></h2>")), "{title}");
        assert!(sheet.contains("class=\"district-mark\"") && sheet.contains("class=\"zone-own\""));
    }
    // numbers of roads are those of the whole
    let numbers = |sheet: &str| -> BTreeSet<u32> {
        let body = sheet.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
        let first =
            |row: &str| row.split("<td class=\"n\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        body.split("<tr>").skip(1).map(|row| first(row).parse().unwrap()).collect()
    };
    assert_eq!(numbers(sheets[0]), (1..=20).collect());
    let in_districts: BTreeSet<u32> = sheets[1..].iter().flat_map(|sheet| numbers(sheet)).collect();
    assert!(in_districts.iter().any(|number| *number <= 20), "{in_districts:?}");
    assert!(numbers(sheets[1]) != numbers(sheets[2]), "not all roads are in both");
}
