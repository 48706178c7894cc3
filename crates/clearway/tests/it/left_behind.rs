//! People whom a plan leaves in a hazard are counted wherever it is told what becomes of all: in the simulation, in its tables, side by side
//! with other plans, and on the sheets for the public.

use crate::report::{one_road, planned};
use clearway::{
    CompareRequest, MemoryStore, ReportKind, ReportRequest, Session, SimulateRequest, Store, compare, report,
    simulate,
};
use clearway_model::grouped;

/// 12,000 people and a road of 10 min for 3,000 an hour; after 2 h whoever is still there, or on the road, is overtaken: 5,500 get through at
/// most.
fn flooded() -> MemoryStore {
    let mut scenario = one_road("exercise");
    scenario.insert(
        "closures.csv",
        "closure_id,target,target_id,from_ms,kind,cause\n\
         water,zone,Z1,7200000,presence,water\n\
         stream,link,1,7200000,presence,water\n",
    );
    planned(&scenario)
}

#[test]
fn who_is_in_no_order_is_counted_with_all_others() {
    let plan = flooded();
    let summary: serde_json::Value =
        serde_json::from_slice(&plan.read("summary.json").unwrap().unwrap()).unwrap();
    let people = |key: &str| summary["people"][key].as_i64().unwrap();
    let (arrived, left) = (people("arrived"), people("overtaken"));
    assert!((5_000..=5_500).contains(&arrived) && arrived + left == 12_000, "{summary}");

    let simulated = simulate(&Session::new(), &plan, &SimulateRequest::default()).unwrap();
    let report_of = &simulated.report;
    assert_eq!((report_of.arrived, report_of.not_arrived, report_of.overtaken), (arrived, 0, 0));
    let without = report_of.without_order.unwrap();
    assert_eq!((without.people, without.overtaken), (left, left));
    assert_eq!(report_of.overtaken_in_all, Some(left));
    let words = simulated.in_words();
    let said = format!(
        " {} more people evacuating have no order; a hazard overtakes {} of them in their zones.",
        grouped(left),
        grouped(left)
    );
    assert!(words.contains(&said), "{words}");

    // 90 % of those in orders are not 90 % of the zone
    let files = simulated.artifacts().unwrap();
    let mut table = csv::Reader::from_reader(files.get("zone_arrivals.csv").unwrap());
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        table.deserialize().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!([&rows[0]["people"], &rows[0]["arrived"]], ["12000", &arrived.to_string()]);
    assert_eq!(rows[0]["t90_s"], "");

    let mut request = CompareRequest::default();
    request.with_simulation = true;
    let plans = ["a", "b"].map(|name| (name.to_owned(), &plan as &dyn Store));
    let compared = compare(&Session::new(), &plans, &request).unwrap();
    for one in &compared.comparison.alternatives {
        assert_eq!((one.arrived, one.simulated_arrived), (arrived, Some(arrived)));
    }

    let mut request = ReportRequest::default();
    request.kind = ReportKind::Sheets;
    let sheets = report(&Session::new(), &[&plan], &request).unwrap().artifacts();
    let page = String::from_utf8(sheets.get("zones.html").unwrap().to_vec()).unwrap();
    let said = format!("For {} of the 12,000 people evacuating from here", grouped(left));
    assert!(page.contains(&said), "{said}");
}
