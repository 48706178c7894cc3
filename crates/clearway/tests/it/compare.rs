//! Plans side by side.

use crate::example;
use clearway::{
    CompareRequest, Compared, Error, MemoryStore, PlanRequest, Session, Store, Usage, compare, load, plan,
};
use std::collections::BTreeMap;

/// The plan folder of a scenario.
fn folder(scenario: &dyn Store, routes_per_zone: u32, ignore_space: bool) -> MemoryStore {
    let mut request = PlanRequest::default();
    request.routes_per_zone = Some(routes_per_zone);
    request.ignore_space = ignore_space;
    let planned = plan(&Session::new(), &load(scenario).unwrap(), &request).unwrap();
    MemoryStore::from(planned.artifacts(Usage::default()).unwrap())
}

/// The demo town as files.
fn helsinki() -> MemoryStore {
    example("helsinki").files.into_iter().collect()
}

fn compared(plans: &[(&str, &MemoryStore)], request: &CompareRequest) -> Result<Compared, Error> {
    let plans: Vec<(String, &dyn Store)> =
        plans.iter().map(|(name, folder)| ((*name).to_owned(), *folder as &dyn Store)).collect();
    compare(&Session::new(), &plans, request)
}

/// Rows of a table by the names of its columns.
fn rows(compared: &Compared, name: &str) -> Vec<BTreeMap<String, String>> {
    let artifacts = compared.artifacts().unwrap();
    let mut reader = csv::Reader::from_reader(artifacts.get(name).unwrap());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

#[test]
fn alternatives_have_their_own_figures_and_changes_are_those_beside_the_first() {
    let scenario = helsinki();
    let (one, two) = (folder(&scenario, 1, false), folder(&scenario, 2, false));
    let mut request = CompareRequest::default();
    request.with_simulation = true;
    let compared = compared(&[("one route", &one), ("two routes", &two)], &request).unwrap();
    for (store, figures) in [&one, &two].into_iter().zip(&compared.comparison.alternatives) {
        let summary: serde_json::Value =
            serde_json::from_slice(&store.read("summary.json").unwrap().unwrap()).unwrap();
        assert_eq!(summary["clearance_s"]["plan"].as_f64(), figures.clearance_s.plan);
        assert_eq!(summary["people"]["arrived"].as_i64(), Some(figures.arrived));
        assert!(figures.differs_in.is_empty());
        let [t90, t100] = figures.simulated_s.unwrap();
        assert!(t90.is_some() && t100 >= t90);
    }
    for name in ["one route", "two routes"] {
        let arrived: i64 = rows(&compared, "zones.csv")
            .iter()
            .filter(|row| row["alternative"] == name)
            .map(|row| row["arrived"].parse::<i64>().unwrap())
            .sum();
        assert_eq!(arrived, 10_000, "{name}");
    }
    let links = rows(&compared, "links.csv");
    let people = |name: &str, link: &str| -> i64 {
        let row = links.iter().find(|row| row["alternative"] == name && row["link_id"] == link).unwrap();
        row["people"].parse().unwrap()
    };
    for row in links.iter().filter(|row| row["alternative"] == "two routes") {
        let link = row["link_id"].as_str();
        let change = people("two routes", link) - people("one route", link);
        assert_eq!(row["people_change"], change.to_string(), "{link}");
    }
    let artifacts = compared.artifacts().unwrap();
    let page = String::from_utf8(artifacts.get("index.html").unwrap().to_vec()).unwrap();
    assert!(page.contains("two routes beside one route") && page.contains("Kluuvi"), "{page}");
    assert!(!page.contains("<script"), "the page needs no script");
}

#[test]
fn a_plan_that_is_worse_in_something_and_better_in_nothing_is_dominated() {
    let scenario = helsinki();
    let (one, two) = (folder(&scenario, 2, false), folder(&scenario, 1, true));
    let compared = compared(&[("metered", &one), ("at once", &two)], &CompareRequest::default()).unwrap();
    let [metered, at_once] = &compared.comparison.alternatives[..] else { panic!("two alternatives") };
    assert_eq!(at_once.dominated_by, ["metered"]);
    assert!(metered.dominated_by.is_empty());
    // which is so: later, with more waiting, and nobody more
    assert!(at_once.clearance_s.plan > metered.clearance_s.plan && at_once.arrived == metered.arrived);
    assert!(compared.in_words().contains("at once is dominated by metered"), "{}", compared.in_words());
}

#[test]
fn plans_of_other_people_stand_beside_and_are_not_weighed_and_their_scenario_is_named() {
    let road = |people: &str| -> MemoryStore {
        let mut store: MemoryStore = example("one-road").files.into_iter().collect();
        let zones = String::from_utf8(store.read("zones.csv").unwrap().unwrap()).unwrap();
        store.insert("zones.csv", zones.replace("12000", people));
        store
    };
    let (many, few) = (folder(&road("12000"), 1, false), folder(&road("9000"), 1, false));
    let compared = compared(&[("many", &many), ("few", &few)], &CompareRequest::default()).unwrap();
    let [many, few] = &compared.comparison.alternatives[..] else { panic!("two alternatives") };
    assert!(many.dominated_by.is_empty() && few.dominated_by.is_empty());
    assert_eq!(few.differs_in, ["zones.csv"]);
    assert!(
        compared.in_words().contains("few is of 9,000 people and not of 12,000"),
        "{}",
        compared.in_words()
    );
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let scenario: MemoryStore = example("one-road").files.into_iter().collect();
    let one = folder(&scenario, 1, false);
    let request = CompareRequest::default();
    for plans in [vec![("a", &one)], vec![("a", &one), ("a", &one)], vec![("a", &one), ("b", &scenario)]] {
        let refused = compared(&plans, &request).unwrap_err();
        assert!(matches!(refused, Error::Request(_)), "{refused}");
    }
    let mut damaged = one.clone();
    let summary = String::from_utf8(one.read("summary.json").unwrap().unwrap()).unwrap();
    damaged.insert("summary.json", summary.replace("\"arrived\": 12000", "\"arrived\": 11999"));
    let refused = compared(&[("a", &one), ("b", &damaged)], &request).unwrap_err();
    assert!(matches!(refused, Error::DoesNotHold(_)), "{refused}");
    let bicycles = example("bicycles");
    let planned = plan(&Session::new(), &bicycles, &PlanRequest::default()).unwrap();
    let several = MemoryStore::from(planned.artifacts(Usage::default()).unwrap());
    let refused = compared(&[("a", &one), ("b", &several)], &request).unwrap_err();
    assert!(refused.to_string().contains("/vehicle"), "{refused}");
}

/// By hand: the people of whole days by the roads that are there, and the rest of them at the rate of these roads; the way itself comes to
/// that, less than an hour.
#[test]
fn the_alternatives_of_the_example_take_what_they_take_by_hand() {
    let changed = |name: &str, table: &str| -> MemoryStore {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/rafah-2024/alternatives");
        let mut store: MemoryStore = example("rafah-2024").files.into_iter().collect();
        if !name.is_empty() {
            store.insert(table, std::fs::read(format!("{path}/{name}/{table}")).unwrap());
        }
        store
    };
    let cases = [("", ""), ("coast-road", "closures.csv"), ("longer-hours", "windows.csv")];
    let plans = cases.map(|(name, table)| folder(&changed(name, table), 3, false));
    let named = [("as-given", &plans[0]), ("coast-road", &plans[1]), ("longer-hours", &plans[2])];
    let compared = compared(&named, &CompareRequest::default()).unwrap();
    let alternatives = &compared.comparison.alternatives;
    for (alternative, by_hand_h) in alternatives.iter().zip([219.4, 432.2, 155.6]) {
        let bound_h = alternative.clearance_s.bound.unwrap() / 3600.0;
        assert!((by_hand_h..by_hand_h + 1.0).contains(&bound_h), "{bound_h} {by_hand_h}");
        let plan_h = alternative.clearance_s.plan.unwrap() / 3600.0;
        assert!(plan_h >= bound_h && plan_h < bound_h * 1.1, "{plan_h} {bound_h}");
    }
    let differs: Vec<String> =
        alternatives.iter().map(|alternative| alternative.differs_in.join(" ")).collect();
    assert_eq!(differs, ["", "closures.csv", "windows.csv"]);
    let dominated: Vec<String> =
        rows(&compared, "alternatives.csv").iter().map(|row| row["dominated_by"].clone()).collect();
    assert_eq!(dominated, ["longer-hours", "as-given; longer-hours", ""]);
}
