//! Faults put into a plan folder and into its supplies, each found by the id of its rule; and what is there only with a map.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clearway")).args(args).output().unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// Everything for the 12,000 people of `examples/one-road`, with room; water and food come by truck as well.
const SUPPLIES: &[(&str, &str, &str, f64)] = &[
    ("S1", "flow", "water", 260.0),
    ("S1", "flow", "taps", 120.0),
    ("S1", "flow", "toilets", 700.0),
    ("S1", "flow", "food", 8.0),
    ("S1", "flow", "covered", 60_000.0),
    ("S1", "flow", "land", 600_000.0),
    ("S1", "flow", "tents", 2_500.0),
    ("S1", "flow", "health_posts", 2.0),
    ("S1", "flow", "hospitals", 1.0),
    ("S1", "flow", "beds", 25.0),
    ("S1", "flow", "doctors", 2.0),
    ("S1", "flow", "nurses", 3.0),
    ("S1", "flow", "health_workers", 15.0),
    ("Z1", "flow", "water", 60.0),
    ("Z1", "flow", "toilets", 300.0),
];

fn supplies(rows: &[(&str, &str, &str, f64)], more: &str) -> String {
    let mut text = "place_id,kind,item,amount,from_h,until_h\n".to_owned();
    for (place, kind, item, amount) in rows {
        text.push_str(&format!("{place},{kind},{item},{amount},,\n"));
    }
    text + more
}

/// All rows but those of an item at a place.
fn without<'a>(place: &str, item: &str) -> Vec<(&'a str, &'a str, &'a str, f64)> {
    SUPPLIES.iter().copied().filter(|row| (row.0, row.2) != (place, item)).collect()
}

struct Case {
    dir: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let example = root().join("examples/one-road");
        let output =
            run(&["plan", example.to_str().unwrap(), "--out", dir.path().join("plan").to_str().unwrap()]);
        assert!(output.status.success());
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Audits a plan folder with supplies and gates.
    fn audit(&self, plan: &Path, supplies: &str, aid: &str) -> Value {
        let (given, gates, out) = (self.path("supplies.csv"), self.path("aid.csv"), self.path("audit"));
        std::fs::write(&given, supplies).unwrap();
        std::fs::write(&gates, aid).unwrap();
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let output = run(&[
            "audit",
            &path(plan),
            "--supplies",
            &path(&given),
            "--aid",
            &path(&gates),
            "--out",
            &path(&out),
            "--replace",
        ]);
        assert!(output.status.code() != Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(out.join("places.csv").is_file());
        serde_json::from_slice(&std::fs::read(out.join("audit.json")).unwrap()).unwrap()
    }
}

fn open(report: &Value, outcomes: &[&str]) -> BTreeSet<String> {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| outcomes.contains(&f["outcome"].as_str().unwrap()))
        .map(|f| f["id"].as_str().unwrap().to_owned())
        .collect()
}

const TWO_GATES: &str = "supply_point_id,node_id,item,load\nA,B,food,10\nB,B,food,10\n";

fn node(case: &Case) -> String {
    let text = std::fs::read_to_string(case.path("plan/scenario/connectors.csv")).unwrap();
    let row = text.lines().find(|line| line.contains("site")).unwrap();
    row.split(',').nth(3).unwrap().to_owned()
}

#[test]
fn faults_in_supplies_are_found_by_place_and_hour() {
    let case = Case::new();
    let gates = TWO_GATES.replace(",B,food", &format!(",{},food", node(&case)));
    let clean = case.audit(&case.path("plan"), &supplies(SUPPLIES, ""), &gates);
    // what is judged by place or by the plan's own figures holds in the clean one
    assert_eq!(open(&clean, &["not_met", "depends_on"]), BTreeSet::new());
    assert_eq!(clean["places"].as_array().unwrap().len(), 0);
    let by_place: BTreeSet<&str> = clean["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["place"].as_str().is_some_and(|place| !place.is_empty()))
        .map(|f| f["id"].as_str().unwrap())
        .collect();
    assert!(by_place.len() >= 18, "{by_place:?}");
    let less = |place: &str, item: &str, amount: f64| -> String {
        let mut rows = without(place, item);
        rows.push(if place == "S1" { ("S1", "flow", "", amount) } else { ("Z1", "flow", "", amount) });
        let last = rows.pop().unwrap();
        supplies(&rows, &format!("{},flow,{item},{},,\n", last.0, last.3))
    };
    let faults: Vec<(String, &[&str], Option<i64>)> = vec![
        (less("S1", "water", 0.0), &["WAT-01", "WAT-04", "WAT-05"], None),
        (less("S1", "water", 30.0), &["WAT-01", "WAT-04", "WAT-05"], None),
        (less("S1", "water", 60.0), &["WAT-04", "WAT-05"], None),
        (less("S1", "water", 120.0), &["WAT-05"], None),
        (less("Z1", "water", 0.0), &["WAT-01-O"], Some(0)),
        (less("Z1", "toilets", 100.0), &["SAN-01-O"], Some(0)),
        (less("S1", "taps", 40.0), &["WAT-10"], None),
        (less("S1", "toilets", 100.0), &["SAN-01", "SAN-02"], None),
        (less("S1", "toilets", 300.0), &["SAN-02"], None),
        (less("S1", "covered", 20_000.0), &["SHE-01"], None),
        (less("S1", "land", 100_000.0), &["SIT-01", "SIT-02"], None),
        (less("S1", "land", 400_000.0), &["SIT-01"], None),
        (less("S1", "tents", 1_000.0), &["SHE-06"], None),
        (less("S1", "health_posts", 0.0), &["HEA-01"], None),
        (less("S1", "hospitals", 0.0), &["HEA-03"], None),
        (less("S1", "beds", 5.0), &["HEA-04"], None),
        (less("S1", "doctors", 0.0), &["HEA-07"], None),
        (less("S1", "nurses", 1.0), &["HEA-07-N"], None),
        (less("S1", "health_workers", 5.0), &["HEA-09"], None),
        // everything is there only until hour 6
        (supplies(&without("S1", "toilets"), "S1,flow,toilets,700,,6\n"), &["SAN-01", "SAN-02"], Some(6)),
    ];
    for (text, expected, first) in &faults {
        let report = case.audit(&case.path("plan"), text, &gates);
        let mut found = open(&report, &["not_met", "depends_on"]);
        for id in *expected {
            assert!(found.remove(*id), "{id} not found in {text}");
        }
        // the same item by a stricter rule, or with other figures
        let same = ["WAT-10-F", "WAT-06", "HEA-05", "SHE-02", "SIT-05", "HEA-02"];
        assert!(found.iter().all(|id| same.contains(&id.as_str())), "{found:?} in {text}");
        let place = report["places"].as_array().unwrap().iter().find(|p| p["rule"] == expected[0]).unwrap();
        assert_eq!(place["place_id"], if expected[0].ends_with("-O") { "Z1" } else { "S1" });
        if let Some(first) = first {
            assert_eq!(place["first_h"].as_i64(), Some(*first), "{text}");
        }
    }
    // food comes by truck where the store has none: a gate less is one crossing that feeds all
    let one = format!("supply_point_id,node_id,item,load\nA,{},food,10\n", node(&case));
    let report = case.audit(&case.path("plan"), &supplies(SUPPLIES, ""), &one);
    assert!(open(&report, &["not_met"]).contains("RES-01-C"));
    let none = "supply_point_id,node_id,item,load,trucks\nA,NODE,food,10,0\nB,NODE,food,10,0\n"
        .replace("NODE", &node(&case));
    let report = case.audit(&case.path("plan"), &supplies(&without("S1", "food"), ""), &none);
    assert!(open(&report, &["not_met"]).contains("FOO-01"));
}

fn finding<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["findings"].as_array().unwrap().iter().find(|f| f["id"] == id).unwrap()
}

fn figure(report: &Value, id: &str) -> f64 {
    report["figures"][id]["central"].as_f64().unwrap_or_else(|| panic!("{id} is not known"))
}

#[test]
fn what_no_row_of_the_supplies_says_of_any_zone_is_not_called_missing_there() {
    let case = Case::new();
    let at_site: Vec<_> = SUPPLIES.iter().copied().filter(|row| row.0 == "S1").collect();
    let report =
        case.audit(&case.path("plan"), &supplies(&at_site, ""), "supply_point_id,node_id,item,load\n");
    // people in their own homes have toilets and water though no table says so: asked for, not failed
    for id in ["SAN-01-O", "WAT-01-O"] {
        assert_eq!(finding(&report, id)["outcome"], "not_documented", "{id}");
        assert_eq!(finding(&report, id)["missing"].as_array().unwrap().len(), 1, "{id}");
    }
    assert!(report["places"].as_array().unwrap().iter().all(|place| place["kind"] == "site"));
    // as soon as one row names a zone, what it has counts
    let named = supplies(&at_site, "Z1,flow,toilets,100,,\n");
    let report = case.audit(&case.path("plan"), &named, "supply_point_id,node_id,item,load\n");
    assert_eq!(finding(&report, "SAN-01-O")["outcome"], "not_met");
    assert_eq!(finding(&report, "WAT-01-O")["outcome"], "not_documented");
    // and the other way round: what is said of zones only says nothing of sites
    let report = case.audit(
        &case.path("plan"),
        &supplies(&[], "Z1,flow,toilets,300,,\n"),
        "supply_point_id,node_id,item,load\n",
    );
    assert_eq!(finding(&report, "SAN-01-O")["outcome"], "met");
    assert_eq!(finding(&report, "SAN-01")["outcome"], "not_documented");
}

/// Plans a scenario and audits the plan alone.
fn planned_and_audited(scenario: &Path, dir: &Path) -> Value {
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let output = run(&["plan", scenario.to_str().unwrap(), "--out", &path("plan")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = run(&["audit", &path("plan"), "--out", &path("audit")]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&std::fs::read(dir.join("audit/audit.json")).unwrap()).unwrap()
}

#[test]
fn who_stays_is_asked_for_where_no_row_says_so_and_judged_where_one_does() {
    // no row of the example says who stays
    let dir = tempfile::tempdir().unwrap();
    let report = planned_and_audited(&root().join("examples/one-road"), dir.path());
    let stays = finding(&report, "BEH-03");
    assert_eq!((&stays["outcome"], &stays["severity"]), (&"not_documented".into(), &"critical".into()));
    assert_eq!(report["who_stay"], "The number of people staying is not stated.");
    assert_ne!(report["standing"], "does_not_hold");
    // 1,200 of 12,000 are a tenth
    let dir = tempfile::tempdir().unwrap();
    let scenario = dir.path().join("scenario");
    copy(&root().join("examples/one-road"), &scenario);
    let zones = scenario.join("zones.csv");
    let text = std::fs::read_to_string(&zones).unwrap();
    let text = text.replace("people,", "people,stay_people,").replace("12000,", "12000,1200,");
    std::fs::write(&zones, text).unwrap();
    let report = planned_and_audited(&scenario, dir.path());
    let stays = finding(&report, "BEH-03");
    assert_eq!((&stays["outcome"], stays["value"]["central"].as_f64()), (&"met".into(), Some(0.1)));
    assert_eq!(
        report["who_stay"],
        "People staying: 1,200 (zones.csv: stay_people). They are part of every plan."
    );
}

#[test]
fn times_of_the_hazard_are_those_of_the_folder() {
    // the last of 12,000 people are past the road at 14,400 + 600 s; it closes at 20,000 s (4/3 of it) or at 18,000 s (6/5)
    for (closes_s, outcome) in [(20_000, "met"), (18_000, "not_met")] {
        let dir = tempfile::tempdir().unwrap();
        let scenario = dir.path().join("scenario");
        copy(&root().join("examples/one-road"), &scenario);
        let row = format!(
            "closure_id,target,target_id,from_ms,until_ms,kind,cause\nF,link,1,{closes_s}000,,presence,flood\n"
        );
        std::fs::write(scenario.join("closures.csv"), row).unwrap();
        let report = planned_and_audited(&scenario, dir.path());
        let time = finding(&report, "TIM-02");
        assert_eq!(time["outcome"], outcome, "{time}");
        assert!((time["value"]["central"].as_f64().unwrap() - f64::from(closes_s) / 15_000.0).abs() < 1e-3);
        assert!((figure(&report, "available_h") - f64::from(closes_s) / 3_600.0).abs() < 1e-9);
        assert!(
            report["questions"]
                .as_array()
                .unwrap()
                .iter()
                .all(|q| !q[0].as_str().unwrap().contains("hazard"))
        );
        // every way is 10 km
        assert_eq!(figure(&report, "route_km"), 10.0);
    }
}

#[test]
fn seats_and_those_who_need_them_are_those_of_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    // 600 of 12,000 need a seat; 12 buses of 50 have one round each, the first at the zone at 2 h
    for (buses, brought, outcome) in [(12, 600.0, "met"), (6, 300.0, "not_met")] {
        let fleet = format!(
            "vehicle_type_id,name,count,seats,pcu_per_vehicle,load_ms,unload_ms,depot_node_id,available_from_ms\n\
             bus,Bus,{buses},50,2,600000,300000,1,7200000\n"
        );
        std::fs::write(path("fleet.csv"), fleet).unwrap();
        let scenario = dir.path().join(format!("scenario-{buses}"));
        let example = root().join("examples/one-road");
        let output = run(&[
            "groups",
            example.to_str().unwrap(),
            "--out",
            scenario.to_str().unwrap(),
            "--seat",
            "0.05",
            "--source",
            "assumed",
            "--fleet",
            &path("fleet.csv"),
        ]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let work = tempfile::tempdir().unwrap();
        let report = planned_and_audited(&scenario, work.path());
        assert_eq!(
            (figure(&report, "people_without_means"), figure(&report, "free_seats")),
            (600.0, brought)
        );
        assert_eq!(finding(&report, "TRA-R7")["outcome"], outcome);
        assert_eq!(figure(&report, "bus_first_pickup_min"), 120.0);
        assert_eq!(finding(&report, "TIM-07")["outcome"], "met");
    }
}

#[test]
fn faults_in_a_plan_folder_are_found() {
    let case = Case::new();
    let gates = TWO_GATES.replace(",B,food", &format!(",{},food", node(&case)));
    let given = supplies(SUPPLIES, "");
    let change = |name: &str, file: &str, of: &dyn Fn(String) -> String| -> PathBuf {
        let dir = case.path(name);
        copy(&case.path("plan"), &dir);
        let path = dir.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let changed = of(text.clone());
        assert_ne!(text, changed, "{name}");
        std::fs::write(&path, changed).unwrap();
        dir
    };
    let orders = |of: &dyn Fn(&mut Vec<Value>)| -> String {
        let mut plan: Value =
            serde_json::from_slice(&std::fs::read(case.path("plan/plan.json")).unwrap()).unwrap();
        of(plan["orders"].as_array_mut().unwrap());
        plan.to_string()
    };
    // everybody leaves within the first minute
    let rush = orders(&|orders| {
        for order in orders {
            (order["depart_from_ms"], order["depart_until_ms"]) = (0.into(), 30_000.into());
        }
    });
    // an order is left out
    let fewer = orders(&|orders| {
        orders.pop();
    });
    // people who do not exist are moved
    let more = orders(&|orders| {
        let people = orders[0]["people"].as_i64().unwrap();
        orders[0]["people"] = (people + 500).into();
    });
    let site =
        |text: String| text.replace("S1,Town,", "S1,Town,9000,").replace("name,", "name,capacity_people,");
    let faults: Vec<(PathBuf, &[&str])> = vec![
        (change("rush", "plan.json", &|_| rush.clone()), &["PLAN-01", "TIM-05"]),
        (change("fewer", "plan.json", &|_| fewer.clone()), &["PLAN-01"]),
        (change("more", "plan.json", &|_| more.clone()), &["PLAN-01"]),
        (change("full", "scenario/sites.csv", &site), &["PLAN-01", "CAP-01"]),
        (
            change("time", "summary.json", &|text| {
                let mut summary: Value = serde_json::from_str(&text).unwrap();
                summary["clearance_s"]["plan"] = 9_000.0.into();
                serde_json::to_string(&summary).unwrap()
            }),
            &["PLAN-01", "PROOF-01"],
        ),
        (
            change("people", "summary.json", &|text| {
                let mut summary: Value = serde_json::from_str(&text).unwrap();
                let people = &mut summary["people"];
                (people["arrived"], people["not_evacuated"]) = (11_000.into(), 1_000.into());
                serde_json::to_string(&summary).unwrap()
            }),
            &["PLAN-01", "PLAN-02"],
        ),
        (
            change("overtaken", "summary.json", &|text| {
                let mut summary: Value = serde_json::from_str(&text).unwrap();
                (summary["people"]["arrived"], summary["people"]["overtaken"]) =
                    (11_000.into(), 1_000.into());
                serde_json::to_string(&summary).unwrap()
            }),
            &["PLAN-01", "PLAN-03"],
        ),
    ];
    for (dir, expected) in faults {
        let report = case.audit(&dir, &given, &gates);
        let found = open(&report, &["not_met", "depends_on"]);
        for id in expected {
            assert!(found.contains(*id), "{id} not found in {}: {found:?}", dir.display());
        }
    }
}

#[test]
fn a_deadline_on_a_map_has_a_proof_on_either_side() {
    let case = Case::new();
    let (plan, out) = (case.path("plan"), case.path("audit"));
    let args = ["audit", plan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--deadline", "3h"];
    assert_eq!(run(&args).status.code(), Some(1));
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("audit.json")).unwrap()).unwrap();
    // 12,000 people in 15,000 s, of which some is the way: T = N/c + L/v; by hand 10,800 s take (15,000 - way)/(10,800 - way) of it
    let summary: Value = serde_json::from_slice(&std::fs::read(plan.join("summary.json")).unwrap()).unwrap();
    let lever = &report["map_levers"][0];
    assert_eq!(lever["what"], "times the capacity of every road");
    let links = std::fs::read_to_string(plan.join("scenario/link.csv")).unwrap();
    assert!(links.contains("time_ms"));
    let bound = |folder: &str| -> f64 {
        let folder = out.join(folder);
        let output = run(&["verify", folder.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let summary: Value =
            serde_json::from_slice(&std::fs::read(folder.join("summary.json")).unwrap()).unwrap();
        summary["clearance_s"]["bound"].as_f64().unwrap()
    };
    let folders: Vec<&str> =
        lever["folders"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
    assert!(bound(folders[0]) > 10_800.0 && bound(folders[1]) <= 10_800.0);
    let all = summary["clearance_s"]["bound"].as_f64().unwrap();
    assert!(all > 14_999.0 && lever["central"].as_f64().unwrap() > 1.3, "{lever}");
}

#[test]
fn a_time_study_computes_its_cases_with_proofs() {
    let case = Case::new();
    let (plan, out) = (case.path("plan"), case.path("audit"));
    run(&["audit", plan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--profile", "ete"]);
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("audit.json")).unwrap()).unwrap();
    let cases = report["cases"].as_array().unwrap();
    let of = |part: &str| cases.iter().find(|c| c["name"].as_str().unwrap().contains(part)).unwrap();
    let all = |part: &str| of(part)["clearance_s"].as_f64().unwrap();
    // T = N/c + L/v by hand; rain: both terms / 0.9; a fifth more people: N/c x 1.2
    let fair = all("fair weather: as given");
    assert!((fair - 15_000.0).abs() < 0.01, "{fair}");
    assert!((all("day, rain") - fair / 0.9).abs() < 0.1, "{}", all("day, rain"));
    let way = (fair * 1.2 - all("shadow evacuation: a fifth")) / 0.2;
    let adverse = all("adverse");
    assert!((adverse - ((fair - way) / 0.7 + way)).abs() < 0.1, "{adverse} with a way of {way} s");
    // the only road is lost: nobody can come before the end
    assert!(of("the road that bounds most is lost")["clearance_s"].is_null());
    assert_eq!(of("special event")["computed"], false);
    for case in cases.iter().filter(|c| c["computed"] == true) {
        let folder = out.join(case["folder"].as_str().unwrap());
        let output = run(&["verify", folder.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn schemas_of_audit_and_needs_are_not_stale() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(&["schema", "--out", dir.path().to_str().unwrap()]);
    assert!(output.status.success());
    for name in ["audit.schema.json", "needs.schema.json"] {
        let now = std::fs::read_to_string(dir.path().join(name)).unwrap();
        let stored = std::fs::read_to_string(root().join("docs/reference/schemas").join(name)).unwrap();
        assert!(now == stored, "{name}: cargo run -- schema --out docs/reference/schemas");
    }
}

#[test]
fn redacted_keeps_exact_places_back_and_says_so() {
    let case = Case::new();
    let (plan, out) = (case.path("plan"), case.path("audit"));
    let paths = [plan.to_str().unwrap(), out.to_str().unwrap()];
    run(&["audit", paths[0], "--out", paths[1], "--profile", "ete", "--deadline", "3h", "--redacted"]);
    let mut names: Vec<String> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["audit.json", "findings.csv", "index.html", "manifest.json"]);
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("audit.json")).unwrap()).unwrap();
    assert!(report["left_out"][0].as_str().unwrap().contains("exact places"));
    assert!(report["cases"][0]["clearance_s"].as_f64().is_some() && report["cases"][0]["folder"] == "");
    assert!(std::fs::read_to_string(out.join("index.html")).unwrap().contains("Redacted:"));
}

#[test]
fn a_site_that_lets_in_as_fast_as_it_can_is_no_fault() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    copy(&root().join("examples/one-road"), &dir.path().join("scenario"));
    let sites = dir.path().join("scenario/sites.csv");
    let text = std::fs::read_to_string(&sites).unwrap();
    std::fs::write(&sites, text.replace("name,", "name,admission_people_h,").replace("Town,", "Town,2000,"))
        .unwrap();
    // the admission sets the pace: every hour is full, and some hold a packet more
    assert!(run(&["plan", &path("scenario"), "--out", &path("plan")]).status.success());
    std::fs::write(path("supplies.csv"), "place_id,item,amount\nS1,toilets,700\n").unwrap();
    run(&["audit", &path("plan"), "--supplies", &path("supplies.csv"), "--out", &path("audit")]);
    let report: Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("audit/audit.json")).unwrap()).unwrap();
    let finding = report["findings"].as_array().unwrap().iter().find(|f| f["id"] == "TRA-R4").unwrap();
    assert_eq!((finding["outcome"].as_str(), finding["value"]["central"].as_f64()), (Some("met"), Some(1.0)));
}

#[test]
fn cases_of_any_profile_are_computed_on_the_plans_own_map() {
    let case = Case::new();
    let (plan, out) = (case.path("plan"), case.path("audit"));
    let wild = ["audit", plan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--profile", "wildfire"];
    run(&wild);
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("audit.json")).unwrap()).unwrap();
    let cases = report["cases"].as_array().unwrap();
    assert!(cases.len() == 2 && cases.iter().all(|c| c["computed"] == true), "{cases:?}");
    // a case that makes no sense is a fault of the profile
    let own = case.path("own.toml");
    let text = "name = \"own\"\nabout = \"x\"\nkeep = [\"TIM-*\"]\n[[case]]\nname = \"odd\"\nspeed = 0.0\nlost = \"bridge\"\n";
    std::fs::write(&own, text).unwrap();
    let blueprint = case.path("own-blueprint.toml");
    let text =
        "schema = \"clearway-blueprint/1\"\nname = \"x\"\ncontext = \"other\"\nprofile = \"own.toml\"\n";
    std::fs::write(&blueprint, text).unwrap();
    let output = run(&["audit", blueprint.to_str().unwrap(), "--out", case.path("never").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("speed = '0'") && text.contains("lost = 'bridge'"), "{text}");
}
