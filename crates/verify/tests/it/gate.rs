//! The bound for few routes per zone counts a gate only where that is true. A zone that lets people out early and then closes,
//! or a connector with a bound, has no gate: people wait at the node, and all of them can go on from there.

use crate::fixture;
use clearway_model::FolderStore;
use clearway_verify::{PlanVerification, verify};
use serde_json::{Value, json};

const WINDOW: (&str, &str) = (
    "scenario/windows.csv",
    "window_id,target,target_id,from_ms,until_ms,kind\nW1,zone,Z1,0,3600000,entry\n",
);
const CLOSURE: (&str, &str) = (
    "scenario/closures.csv",
    "closure_id,target,target_id,from_ms,until_ms,kind\nK1,zone,Z1,3600000,,presence\n",
);
const LIMITED: (&str, &str) = (
    "scenario/connectors.csv",
    "connector_id,place,place_id,node_id,time_ms,capacity_pcu_h\n\
     C1,zone,Z1,1,0,40000000\nC2,site,S1,2,0,\nC3,zone,Z2,1,0,\n",
);

/// The family `routes-1` of the plan by hand for a scenario with one more or another table.
fn family(change: (&str, &str), edit: impl Fn(&mut Value)) -> fixture::Files {
    let mut files = fixture::one_road();
    files.insert(change.0.to_owned(), change.1.to_owned());
    if change == CLOSURE {
        // a hazard closes the zone, so there is a latest time
        let zones = files["zones.csv"].replace("15000,none", "15000,3600");
        files.insert("zones.csv".into(), zones);
    }
    let mut certificate: Value = serde_json::from_str(&files["certificate.json"]).unwrap();
    edit(&mut certificate["families"][2]);
    files.insert("certificate.json".into(), certificate.to_string());
    fixture::sign_again(&mut files);
    files
}

/// Both checkers' findings as code and place.
fn findings(files: &fixture::Files, what: &str) -> Vec<(String, String)> {
    let dir = tempfile::tempdir().unwrap();
    fixture::write(dir.path(), files);
    let ours: PlanVerification = verify(&FolderStore::new(dir.path()), None).unwrap();
    let codes: std::collections::BTreeSet<String> = ours.findings.iter().map(|f| f.code.to_owned()).collect();
    let (code, value) = fixture::python(dir.path());
    assert_eq!((code, fixture::codes(&value)), (i32::from(!ours.holds), codes), "{what}");
    fixture::assert_same_figures(&serde_json::to_value(&ours.figures).unwrap(), &value["figures"], what);
    ours.findings.into_iter().map(|finding| (finding.code.to_owned(), finding.place)).collect()
}

/// 3,000 people pass a gate in the first hour; were the gate true, no more could arrive by 15,000.001 s. All 12,000 do: they
/// leave the zone within a quarter of an hour and wait for the road.
#[test]
fn a_gate_that_would_be_beaten_is_no_place() {
    let cut = json!({"theta_ms": 15_000_001, "bound_people": 3000,
        "k": [[4, 15_000_001], [2, 0], [1, 3_600_000], [1, 0], [1, 15_000_001]]});
    for change in [WINDOW, CLOSURE, LIMITED] {
        let files = family(change, |family| family["cuts"] = json!([cut]));
        let found = findings(&files, change.1);
        let place = ("certificate.place".to_owned(), "routes-1, gate:Z1".to_owned());
        assert!(found.contains(&place), "{found:?}");
        assert!(found.iter().all(|finding| finding.0 != "bound.beaten"), "{found:?}");
    }
}

#[test]
fn without_that_gate_the_plan_holds() {
    for change in [WINDOW, CLOSURE, LIMITED] {
        let files = family(change, |family| {
            family["places"].as_array_mut().unwrap().remove(6);
            family["base_ms"].as_array_mut().unwrap().pop();
            for cut in family["cuts"].as_array_mut().unwrap() {
                // [1, 0], [3, theta], [2, 0], then the two gates
                cut["k"].as_array_mut().unwrap().remove(3);
            }
        });
        assert_eq!(findings(&files, change.1), [], "{}", change.1);
    }
}

/// Where the gate is true it counts: 1,000 people an hour more could leave over the second road, but not by one route.
#[test]
fn a_gate_counts_where_the_zone_is_always_open() {
    let table = "link_id,name,from_node_id,to_node_id,directed,lanes,length_m,capacity_pcu_h,time_ms\n\
         1,The road,1,2,true,1,10000,1200,600000\n2,The road back,2,1,true,1,10000,1200,600000\n\
         3,Loop at the town,2,2,true,1,100,1200,6000\n4,The track,1,2,true,1,10000,400,600000\n";
    let theta = 4_200_000; // one hour of departures, and the way
    let cut = |bound: i64| {
        json!({"theta_ms": theta, "bound_people": bound,
            "k": [[1, 3_600_000], [3, theta], [1, 0], [3, 3_600_000], [1, theta]]})
    };
    // the other families and the summary were made for one road; here only this cut matters
    let of_cut = |bound: i64| {
        let files = family(("scenario/link.csv", table), |family| family["cuts"] = json!([cut(bound)]));
        let place = format!("routes-1 at {theta} ms");
        let found = findings(&files, "gate").into_iter().filter(|finding| finding.1 == place);
        found.map(|finding| finding.0).collect::<Vec<_>>()
    };
    assert_eq!(of_cut(2999), ["certificate.bound"]);
    assert_eq!(of_cut(3000), [""; 0]);
}
