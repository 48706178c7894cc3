//! `clearway needs` as a person runs it.

use crate::common::rafah_plan;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clearway")).args(args).output().unwrap()
}

#[test]
fn everybody_who_arrives_is_counted_and_shortfalls_follow() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/one-road");
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let output = run(&["plan", example.to_str().unwrap(), "--out", &path("plan")]);
    assert!(output.status.success());
    let output = run(&["needs", &path("plan"), "--out", &path("needs")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    let needs: Value = serde_json::from_str(&read("needs/needs.json")).unwrap();
    let summary: Value = serde_json::from_str(&read("plan/summary.json")).unwrap();
    let arrived = summary["people"]["arrived"].as_i64().unwrap();
    let peaks = needs["peaks"].as_array().unwrap();
    let site = peaks.iter().find(|peak| peak["kind"] == "site").unwrap();
    assert_eq!(site["people"].as_i64(), Some(arrived));
    let water = site["needs"].as_array().unwrap().iter().find(|need| need["item"] == "water").unwrap();
    assert_eq!(water["amount"].as_f64(), Some(arrived as f64 * 75.0 / 10_000.0));
    // everybody is at the origin at first
    let origin = peaks.iter().find(|peak| peak["kind"] == "origin").unwrap();
    assert_eq!(origin["people"], summary["people"]["total"]);
    // water for all at the site, none elsewhere
    let id = site["place_id"].as_str().unwrap();
    std::fs::write(path("supplies.csv"), format!("place_id,item,amount\n{id},water,{}\n", water["amount"]))
        .unwrap();
    let output = run(&[
        "needs",
        &path("plan"),
        "--out",
        &path("needs"),
        "--supplies",
        &path("supplies.csv"),
        "--replace",
    ]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // the page has the needs of each place by item, with unit, standard and source: 12,000 x 7.5 L and 3 L, one toilet for 50
    let page = read("needs/index.html");
    assert!(page.contains("What people need when most are there") && page.contains("12,000 people, hour 0"));
    for row in [
        "<td>water, m3&#x2f;day</td><td class=\"n\">36</td>",
        "<td class=\"n\">90</td></tr><tr><td class=\"from fine\" colspan=\"4\">WAT-01 WAT-04 WAT-06: Sphere Handbook 2011",
        "<td>toilets</td><td class=\"n\">240</td>",
        "<td>hospital beds</td><td class=\"n\">-</td>",
    ] {
        assert!(page.contains(row), "{row} in {page}");
    }
    assert!(page.contains("Sphere Handbook 2011") && page.contains("<em>source not verified</em>"));
    // water is said of the site alone: what the zone has is not known, and not called short
    let given: Value = serde_json::from_str(&read("needs/needs.json")).unwrap();
    assert_eq!(given["not_given_in_zones"], serde_json::json!(["water"]));
    assert!(page.contains("None of the items given is short at any place in any hour."));
    assert!(page.contains("No supply of water names a zone"));
    let table = read("needs/shortfalls.csv");
    assert!(!table.contains(&format!("site,{id},water")) && table.contains(&format!("site,{id},toilets")));
    // a third of the water from hour 2 on: the page says from when, for how long, how much and for how many
    std::fs::write(
        path("supplies.csv"),
        format!("place_id,item,amount,until_h\n{id},water,90,2\n{id},water,30,\n"),
    )
    .unwrap();
    let less = ["needs", &path("plan"), "--out", &path("less"), "--supplies", &path("supplies.csv")];
    assert!(run(&less).status.success());
    let page = read("less/index.html");
    let short = &page[page.find("What is short").unwrap()..];
    assert!(
        short.contains("<th>Short from</th>") && short.contains("<td>water, m3&#x2f;day</td>"),
        "{short}"
    );
    let worst =
        "<td class=\"n\">90</td><td class=\"n\">30</td><td class=\"n\">60</td><td class=\"n\">8,000</td>";
    assert!(short.contains(worst), "{short}");
    // faults are listed and nothing is replaced
    std::fs::write(path("supplies.csv"), "place_id,item,amount\nnowhere,wine,much\n").unwrap();
    let output = run(&[
        "needs",
        &path("plan"),
        "--out",
        &path("needs"),
        "--supplies",
        &path("supplies.csv"),
        "--replace",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("nowhere") && text.contains("wine") && text.contains("much"), "{text}");
    assert_eq!(read("needs/shortfalls.csv"), table);
}

#[test]
fn a_number_of_people_is_enough_to_ask() {
    let output = run(&["needs", "--people", "1000000"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in
        ["3,000", "7,500", "20,000", "50,000", "555", "200,000", "1,800", "2,000", "37,500", "160,000"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(run(&["needs"]).status.code(), Some(2));
}

#[test]
fn convoys_have_a_price_and_are_kept_back_in_a_conflict() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rafah-2024");
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let given = |name: &str| example.join("needs").join(name).to_str().unwrap().to_owned();
    let (supplies, aid) = (given("supplies.csv"), given("aid.csv"));
    let plan = rafah_plan().to_str().unwrap();
    let needs = |out: &str, more: &[&str]| {
        let out = path(out);
        let mut args = vec!["needs", plan, "--supplies", &supplies, "--aid", &aid, "--out", &out];
        args.extend(more);
        let output = run(&args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: Value =
            serde_json::from_slice(&std::fs::read(Path::new(&out).join("needs.json")).unwrap()).unwrap();
        report
    };
    let report = needs("exact", &["--full"]);
    let price = &report["price"];
    let figure = |name: &str, at: usize| price[name][at].as_f64().unwrap();
    // room for trucks can only make the bound later
    assert!(figure("clearance_s", 1) > figure("clearance_s", 0) && figure("t90_s", 1) > figure("t90_s", 0));
    for (folder, at) in [("without-convoys", 0), ("with-convoys", 1)] {
        let folder = dir.path().join("exact/price").join(folder);
        let output = run(&["verify", folder.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let summary: Value =
            serde_json::from_slice(&std::fs::read(folder.join("summary.json")).unwrap()).unwrap();
        assert_eq!(summary["clearance_s"]["bound"].as_f64().unwrap(), figure("clearance_s", at));
    }
    // whoever is at the sites at the end of an hour is who has arrived by then in curve.csv
    let curve = std::fs::read_to_string(rafah_plan().join("curve.csv")).unwrap();
    let names: Vec<&str> = curve.lines().next().unwrap().split(',').collect();
    let column = |name: &str| names.iter().position(|n| *n == name).unwrap();
    let mut compared = 0;
    for row in curve.lines().skip(1).map(|line| line.split(',').collect::<Vec<&str>>()) {
        let (time, arrived) = (row[column("time_s")].parse::<f64>().unwrap(), row[column("arrived_people")]);
        if time > 0.0 && time % 3600.0 == 0.0 {
            assert_eq!(report["totals"][2][(time / 3600.0) as usize - 1].to_string(), arrived, "{time} s");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
    // 28 days' food of 1,400,000 people is 28 x 777 t, less the first hours, and at most a load more than needed at each place
    let convoys = report["convoys"].as_array().unwrap();
    let loads: i64 = convoys.iter().map(|day| day["loads"].as_i64().unwrap()).sum();
    assert!((27 * 777 / 20..=28 * 777 / 20 + 10).contains(&loads), "{loads}");
    // 14 km2 at 30 m2 a person: short from the hour in which more than 466,666 are there
    let table = std::fs::read_to_string(dir.path().join("exact/needs.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    let first =
        rows.iter().find(|row| row[1] == "S1" && row[3].parse::<i64>().is_ok_and(|n| n > 466_666)).unwrap();
    let land = report["shortfalls"].as_array().unwrap().iter();
    let land = land.clone().find(|s| s["place_id"] == "S1" && s["item"] == "land").unwrap();
    assert_eq!(land["first_h"].to_string(), first[2]);
    // reported departures beside those of the plan, and what they are not
    let counts = example.join("observed/departures.csv");
    let output = run(&["observed", plan, counts.to_str().unwrap(), "--out", &path("observed")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = std::fs::read_to_string(dir.path().join("observed/index.html")).unwrap();
    assert!(page.contains("no evidence for or against a plan") && page.contains("1,335,000"));
    std::fs::write(path("bad.csv"), "date,left_people\n2024-05-06,10\nlater,many\n").unwrap();
    let output = run(&["observed", plan, &path("bad.csv"), "--out", &path("observed"), "--replace"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("later") && text.contains("many"), "{text}");
    // nothing exact unless asked
    let report = needs("shared", &[]);
    assert!(report["rest_points"].as_array().unwrap().iter().all(|p| p["node_id"] == ""));
    let mut names: Vec<String> = std::fs::read_dir(dir.path().join("shared"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["index.html", "manifest.json", "needs.csv", "needs.json", "shortfalls.csv", "standards.csv"]
    );
    let page = std::fs::read_to_string(dir.path().join("shared/index.html")).unwrap();
    assert!(
        page.contains("Feasible does not mean lawful, voluntary or advisable.") && !page.contains("<script")
    );
}

#[test]
fn a_plan_that_does_not_hold_counts_nobody() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/one-road");
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    assert!(run(&["plan", example.to_str().unwrap(), "--out", &path("plan")]).status.success());
    let file = dir.path().join("plan/summary.json");
    let mut summary: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    summary["people"]["arrived"] = 1.into();
    std::fs::write(&file, summary.to_string()).unwrap();
    let output = run(&["needs", &path("plan"), "--out", &path("needs")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!dir.path().join("needs").exists());
}

#[test]
fn everybody_is_counted_once_whatever_their_means() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rafah-2024");
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let scenario = dir.path().join("scenario");
    let given = |name: &str| example.join("multimodal").join(name).to_str().unwrap().to_owned();
    let (fleet, settings) = (given("fleet.csv"), given("multimodal.toml"));
    let mut args = vec!["groups", example.to_str().unwrap(), "--out", scenario.to_str().unwrap()];
    args.extend([
        "--walk",
        "0.2",
        "--seat",
        "0.05",
        "--source",
        "assumed",
        "--fleet",
        &fleet,
        "--settings",
        &settings,
    ]);
    let groups = run(&args);
    assert!(groups.status.success(), "{}", String::from_utf8_lossy(&groups.stderr));
    // any plan will do: with large packets the search for a good one is short
    let output = run(&["plan", scenario.to_str().unwrap(), "--out", &path("plan"), "--packet", "200"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = run(&["needs", &path("plan"), "--out", &path("needs"), "--full"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("needs/needs.json")).unwrap()).unwrap();
    let summary: Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("plan/multimodal.json")).unwrap()).unwrap();
    let of = |at: usize, hour: usize| report["totals"][at][hour].as_i64().unwrap();
    let hours = report["totals"][0].as_array().unwrap().len();
    for hour in 0..hours {
        assert_eq!((0..3).map(|at| of(at, hour)).sum::<i64>(), 1_400_000, "hour {hour}");
    }
    assert_eq!(of(2, hours - 1), summary["people"]["arrived"].as_i64().unwrap());
    // and it is audited as a whole
    let output = run(&["audit", &path("plan"), "--out", &path("audit")]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("audit/audit.json")).unwrap()).unwrap();
    assert_eq!(report["figures"]["verify_findings"]["central"], 0.0);
    assert!(report["figures"]["longest_walk_km"]["central"].as_f64().unwrap() > 5.0);
}
