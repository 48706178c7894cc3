//! The report of a multimodal plan: every figure is that of `multimodal.json` or of a part's own summary, in every language.

use crate::report::{digits, figures, json, pages, request, with_bicycles, with_fleet};
use clearway::{
    Disclosure, Error, InputFile, Language, MemoryStore, ReportKind, Session, SimulateRequest, report,
    simulate,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A figure by its key, in which numbers are places in a list.
fn at(of: &Value, key: &str) -> Option<f64> {
    let step = |at: &Value, name: &str| match name.parse::<usize>() {
        Ok(place) => at.get(place).cloned(),
        Err(_) => at.get(name).cloned(),
    };
    key.split('.').try_fold(of.clone(), |of, name| step(&of, name))?.as_f64()
}

/// What the files say under a key of the page.
fn expected(plan: &MemoryStore, whole: &Value, key: &str) -> Option<f64> {
    if key == "people.total - people.staying" {
        return Some(at(whole, "people.total")? - at(whole, "people.staying")?);
    }
    match key.split_once('#') {
        Some((file, key)) => at(&json(plan, file), key),
        None => at(whole, key),
    }
}

/// Whether a figure is a count of people or things, which is shown to the last digit.
fn is_count(key: &str) -> bool {
    let last = key.rsplit(['.', '#']).next().unwrap_or(key);
    ["people", "staying", "arrived", "total", "overtaken", "not_evacuated", "vehicles", "used", "trips"]
        .contains(&last)
        || ["routes", "orders", "links"].contains(&last)
}

#[test]
fn every_figure_is_that_of_the_files_in_every_language() {
    for plan in [with_fleet("exercise"), with_bicycles()] {
        let whole = json(&plan, "multimodal.json");
        let means = whole["means"].as_array().unwrap();
        for language in Language::ALL {
            let page = &pages(&plan, &request(ReportKind::Plan, language))["index.html"];
            let found = figures(page);
            // and all of it has a place on paper
            clearway_pdf::page_content(page, clearway::Paper::A4).unwrap();
            let mut keys: Vec<String> =
                ["clearance_s.bound", "people.arrived", "people.total", "person_hours.plan"]
                    .map(str::to_owned)
                    .to_vec();
            for place in 0..means.len() {
                for name in ["people", "staying", "arrived", "t90_s.plan", "t90_s.bound", "clearance_s.bound"]
                {
                    keys.push(format!("means.{place}.{name}"));
                }
            }
            for key in &keys {
                assert!(
                    found.iter().any(|(other, _, _)| other == key),
                    "{language:?}: {key} is not on the page"
                );
            }
            for (key, value, shown) in &found {
                assert_eq!(value.parse::<f64>().ok(), expected(&plan, &whole, key), "{key}: {shown}");
                if is_count(key) {
                    assert_eq!(&digits(shown), value, "{key}");
                }
            }
            let is_marked = page.contains("<p class=\"translation\" role=\"note\">");
            assert_eq!(is_marked, language != Language::En, "{language:?}");
            for loading in ["<link", "<img", "<iframe", "@import", "src=", "<script", "javascript:"] {
                assert!(!page.contains(loading), "{loading}");
            }
        }
    }
}

#[test]
fn the_page_says_what_binds_each_means_and_what_the_fleet_does() {
    let plan = with_fleet("exercise");
    let whole = json(&plan, "multimodal.json");
    let page = &pages(&plan, &request(ReportKind::Plan, Language::En))["index.html"];
    let words = BTreeMap::from([
        ("roads", "the capacity of roads"),
        ("vehicles", "the vehicles of the fleet and their trips"),
        ("places", "places and admission rates of destinations"),
        ("windows", "the hours in which movement is allowed"),
        ("windows and roads", "roads, in the hours in which movement is allowed"),
        ("warning", "when the last people are ready to leave"),
    ]);
    for of in whole["means"].as_array().unwrap() {
        let binds = of["binds"].as_str().unwrap();
        assert!(page.contains(&format!("<td>{}</td>", words[binds])), "{binds}");
    }
    assert!(page.contains("data-figure=\"fleet.trips\""));
    assert!(page.contains("Not simulated"));
    assert!(page.contains("<bdi>Village</bdi>") && page.contains("<bdi>Town</bdi>"));
    assert!(page.contains("class=\"map\""), "a part has its map");
    // those in an order of the fleet are counted where they go
    let arrived = whole["people"]["arrived"].as_i64().unwrap();
    let table = page.split("<h2>Destinations</h2>").nth(1).unwrap();
    let body = table.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let cell = |row: &str| digits(row.split("<td class=\"n\">").nth(1).unwrap().split('<').next().unwrap());
    let sum: i64 = body.split("<tr>").skip(1).map(|row| cell(row).parse::<i64>().unwrap()).sum();
    assert_eq!(sum, arrived);
}

#[test]
fn in_an_armed_conflict_only_totals_are_left() {
    let plan = with_fleet("armed_conflict");
    let mut request = request(ReportKind::Plan, Language::En);
    let answer = report(&Session::new(), &[&plan], &request).unwrap().artifacts();
    assert_eq!(answer.disclosure(), Disclosure::Redacted);
    let page = String::from_utf8_lossy(answer.get("index.html").unwrap()).into_owned();
    for place in ["Village", "Town", "Causeway", "class=\"map\"", "<h2>Zones</h2>"] {
        assert!(!page.contains(place), "{place}");
    }
    assert!(page.contains("data-figure=\"means.0.people\"") && page.contains("This report is redacted"));
    request.full = true;
    let full = &pages(&plan, &request)["index.html"];
    assert!(full.contains("<bdi>Village</bdi>") && full.contains("class=\"map\""));
}

#[test]
fn a_simulation_of_the_plan_is_shown_by_means_and_one_of_another_refused() {
    let (fleet, bicycles) = (with_fleet("exercise"), with_bicycles());
    let simulated = simulate(&Session::new(), &fleet, &SimulateRequest::default()).unwrap();
    let bytes = simulated.artifacts().unwrap().get("simulation.json").unwrap().to_vec();
    let file: Value = serde_json::from_slice(&bytes).unwrap();
    let mut request = request(ReportKind::Plan, Language::En);
    request.simulation = Some(InputFile::new("simulation.json", bytes));
    let page = &pages(&fleet, &request)["index.html"];
    let found = figures(page);
    for place in 0..file["means"].as_array().unwrap().len() {
        let key = format!("simulation.means.{place}.simulated.t100_s");
        let value = &found.iter().find(|(other, _, _)| *other == key).unwrap().1;
        assert_eq!(value.parse::<f64>().ok(), at(&file, key.strip_prefix("simulation.").unwrap()), "{key}");
    }
    let refused = report(&Session::new(), &[&bicycles], &request).unwrap_err();
    assert!(matches!(&refused, Error::Request(why) if why.contains("multimodal.json")), "{refused}");
}
