//! `clearway audit` as a person runs it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clearway")).args(args).output().unwrap()
}

fn audited(name: &str, more: &[&str]) -> (Value, String) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("audit");
    let blueprint = root().join(format!("examples/rafah-2024/claims/{name}.toml"));
    let mut args = vec!["audit", blueprint.to_str().unwrap(), "--out", out.to_str().unwrap()];
    args.extend(more);
    let output = run(&args);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let json = serde_json::from_slice(&std::fs::read(out.join("audit.json")).unwrap()).unwrap();
    let of_time = ["four-weeks", "four-months", "two-to-three-weeks"].contains(&name);
    assert_eq!(out.join("bound").is_dir(), of_time && more.contains(&"--full"));
    if out.join("bound").is_dir() {
        let output = run(&["verify", out.join("bound").to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    (json, std::fs::read_to_string(out.join("index.html")).unwrap())
}

fn finding<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["findings"].as_array().unwrap().iter().find(|f| f["id"] == id).unwrap()
}

fn central(finding: &Value) -> f64 {
    finding["value"]["central"].as_f64().unwrap()
}

#[test]
fn reported_claims_give_the_figures_by_hand() {
    // 40,000 x 12 = 480,000 places for 1,400,000 people
    let (report, page) = audited("tents", &[]);
    let tents = finding(&report, "SHE-06");
    assert!((central(tents) - 480_000.0 / 1_400_000.0).abs() < 1e-12);
    assert_eq!(tents["outcome"], "not_met");
    assert_eq!(tents["affected_people"]["central"], 920_000.0);
    assert!(page.contains("40,000 × 12"));
    // 14 km2 for 1,400,000 and the 400,000 there before
    let (report, _) = audited("al-mawasi", &[]);
    assert!((central(finding(&report, "SIT-02")) - 14e6 / 1.8e6).abs() < 1e-9);
    assert_eq!(report["doubts"][0]["figure"], "site_area_km2");
    // 1,400,000 x 0.65 kg / 15 t = 60.7 trucks of 181
    let (report, _) = audited("daily-trucks", &[]);
    assert!(
        (central(finding(&report, "FOO-01-T")) - 1_400_000.0 * 0.65 / 1000.0 / 15.0 / 181.0).abs() < 1e-9
    );
    // 2 x 1,445 x 5 x 11 = 158,950 people a day
    for (name, days, outcome) in [
        ("four-weeks", 28.0, "depends_on"),
        ("four-months", 120.0, "met"),
        ("two-to-three-weeks", 17.5, "depends_on"),
    ] {
        let (report, _) = audited(name, &["--full"]);
        let time = finding(&report, "TRA-R2");
        assert!((central(time) - 1_400_000.0 / 158_950.0 / days).abs() < 1e-9);
        assert_eq!(time["outcome"], outcome, "{name}");
        // at the hindering end the example's bound is after its horizon of 28 days: by how much is not known
        let proof = finding(&report, "PROOF-01");
        assert_eq!(
            (&proof["outcome"], &proof["value"]["high"]),
            (&Value::from("depends_on"), &Value::Null),
            "{name}"
        );
    }
}

#[test]
fn page_one_in_a_conflict_cannot_be_switched_off() {
    for name in ["four-weeks", "four-months", "two-to-three-weeks", "tents", "al-mawasi", "daily-trucks"] {
        let (report, page) = audited(name, &[]);
        assert_ne!(report["standing"], "nothing_open");
        let always = page.find("Feasible does not mean lawful, voluntary or advisable").unwrap();
        let table = page.find("What the figures say").or_else(|| page.find("What to ask for")).unwrap();
        assert!(always < table);
        for id in ["LAW-01", "LAW-07", "LAW-09", "LAW-20", "LAW-25", "LAW-27"] {
            assert!(page.find(&format!("<li>{id}")).is_some_and(|at| at < table), "{name} {id}");
        }
        assert!(page.contains("The number of people staying is not stated"));
        let words = page.to_lowercase();
        assert!(!words.contains("unlawful") && !words.contains("illegal") && !words.contains("<script"));
    }
}

#[test]
fn a_deadline_is_turned_into_what_it_would_take() {
    let (report, page) = audited("four-weeks", &["--deadline", "5d"]);
    let lanes = report["least"].as_array().unwrap().iter().find(|l| l["figure"] == "lanes").unwrap();
    // 1,400,000 / (5 d x 1,445 x 5 x 11)
    assert!((lanes["central"].as_f64().unwrap() - 1_400_000.0 / (5.0 * 1_445.0 * 55.0)).abs() < 1e-6);
    assert!(page.contains("asked with --deadline") && page.contains("superseded"));
}

#[test]
fn a_plan_folder_is_audited_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let (plan, out) = (dir.path().join("plan"), dir.path().join("audit"));
    let example = root().join("examples/one-road");
    let output = run(&["plan", example.to_str().unwrap(), "--out", plan.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = run(&["audit", plan.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("audit.json")).unwrap()).unwrap();
    for id in ["PLAN-01", "PLAN-02", "PLAN-03", "TIM-01"] {
        assert_eq!(finding(&report, id)["outcome"], "met", "{id}");
    }
    // from inside the folder, by any name
    for (given, out) in [("plan.json", "../inside"), (".", "../here")] {
        let args = ["audit", given, "--out", out];
        let output =
            Command::new(env!("CARGO_BIN_EXE_clearway")).current_dir(&plan).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let again = std::fs::read(plan.join(out).join("audit.json")).unwrap();
        assert_eq!(again, std::fs::read(dir.path().join("audit/audit.json")).unwrap());
    }
    // a cheat is found
    let text = std::fs::read_to_string(plan.join("summary.json")).unwrap();
    let mut summary: Value = serde_json::from_str(&text).unwrap();
    summary["people"]["arrived"] = Value::from(summary["people"]["arrived"].as_i64().unwrap() + 1);
    std::fs::write(plan.join("summary.json"), serde_json::to_vec(&summary).unwrap()).unwrap();
    let output = run(&["audit", plan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--replace"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("audit.json")).unwrap()).unwrap();
    assert_eq!(finding(&report, "PLAN-01")["outcome"], "not_met");
}

#[test]
fn bad_input_is_listed_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("b.toml"), dir.path().join("audit"));
    std::fs::write(&file, "schema = \"clearway-blueprint/1\"\nname = \"x\"\nrules = \"none.csv\"\n[[claim]]\nfigure = \"tent\"\nvalue = -1\n").unwrap();
    let output = run(&["audit", file.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    for part in ["context", "none.csv", "a number from 0"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!out.exists());
    assert_eq!(run(&["audit", "no-such.toml", "--out", out.to_str().unwrap()]).status.code(), Some(2));
    assert_eq!(run(&["audit"]).status.code(), Some(2));
    assert!(run(&["audit", "--form"]).status.success() && run(&["audit", "--rules"]).status.success());
}

#[test]
fn two_audits_are_compared() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let blueprint = root().join("examples/rafah-2024/claims/tents.toml");
    let text = std::fs::read_to_string(&blueprint).unwrap();
    std::fs::write(path("more.toml"), text.replace("value = 40000", "value = 200000")).unwrap();
    run(&["audit", blueprint.to_str().unwrap(), "--out", &path("a")]);
    run(&["audit", &path("more.toml"), "--out", &path("b")]);
    let output = run(&["diff", &path("a"), &path("b")]);
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("figure tents: 40,000 claimed -> 200,000 claimed"), "{text}");
    assert!(text.contains("rule SHE-06: not met, critical, 0.3429"), "{text}");
    let same = run(&["diff", &path("a"), &path("a")]);
    assert!(String::from_utf8_lossy(&same.stdout).contains("no figure and no outcome differs"));
    assert_eq!(run(&["diff", &path("a"), &path("none")]).status.code(), Some(2));
}

#[test]
fn a_profile_narrows_the_rules_and_keeps_page_one() {
    let (all, _) = audited("four-weeks", &[]);
    let (time, page) = audited("four-weeks", &["--profile", "ete"]);
    let count = |report: &Value| report["findings"].as_array().unwrap().len();
    assert!(count(&time) < count(&all) / 2);
    assert!(
        time["findings"].as_array().unwrap().iter().all(|f| !f["id"].as_str().unwrap().starts_with("WAT"))
    );
    assert!(page.contains("<li>LAW-20"));
}

#[test]
fn a_table_of_movements_is_enough() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("moves.csv"), "zone,site,people,depart,arrive\nA,S,700,0,10\nB,S,300,0,12\n")
        .unwrap();
    let text = "schema = \"clearway-blueprint/1\"\nname = \"table\"\ncontext = \"disaster\"\nmovements = \"moves.csv\"\n";
    std::fs::write(path("b.toml"), text).unwrap();
    assert_eq!(run(&["audit", &path("b.toml"), "--out", &path("a")]).status.code(), Some(1));
    let report: Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("a/audit.json")).unwrap()).unwrap();
    // all leave at once, which stops a plan
    let start = finding(&report, "TIM-05");
    assert_eq!((start["outcome"].as_str(), start["severity"].as_str()), (Some("not_met"), Some("critical")));
    assert_eq!(finding(&report, "TIM-01")["outcome"], "met");
}

#[test]
fn a_spreadsheet_of_movements_needs_no_blueprint() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["zone", "site", "people", "depart", "arrive"],
        ["A", "S", "700", "0", "10"],
        ["B", "S", "300", "2", "12"],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row as u32, column as u16, number).unwrap(),
                Err(_) => sheet.write(row as u32, column as u16, *cell).unwrap(),
            };
        }
    }
    book.save(dir.path().join("moves.xlsx")).unwrap();
    let output = run(&["audit", &path("moves.xlsx"), "--out", &path("a")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--context"));
    let args = ["audit", &path("moves.xlsx"), "--context", "disaster", "--out", &path("a")];
    assert_eq!(run(&args).status.code(), Some(1));
    let report: Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("a/audit.json")).unwrap()).unwrap();
    assert_eq!(report["figures"]["people"]["central"], 1000.0);
    assert!((central(finding(&report, "TIM-05")) - 0.7).abs() < 1e-9);
    std::fs::write(path("bad.xlsx"), "no spreadsheet").unwrap();
    let output = run(&["audit", &path("bad.xlsx"), "--context", "disaster", "--out", &path("b")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bad.xlsx"));
}
