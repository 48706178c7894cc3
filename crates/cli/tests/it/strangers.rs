//! Input of strangers: what it may not do to the terminal, the page, a spreadsheet or the memory; and what may not be read out of a
//! folder that is passed on.

use crate::common::{assert_holds, clearway_in, copy, example, tree};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn road(dir: &Path) {
    copy(&example("one-road"), &dir.join("road"));
}

fn edit(path: &Path, from: &str, to: &str) {
    let before = fs::read_to_string(path).unwrap();
    assert!(before.contains(from), "{}: no {from:?}", path.display());
    fs::write(path, before.replace(from, to)).unwrap();
}

#[test]
fn a_fault_in_toml_behind_a_byte_order_mark_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    road(dir.path());
    let groups = dir.path().join("road/multimodal.toml");
    fs::write(dir.path().join("road/groups.csv"), "zone_id,means,people\nZ1,walk,12000\n").unwrap();
    for text in
        ["\u{feff}é=", "\u{feff}x", "\u{feff}\n\nschema = 5\n", "\u{feff}schema = \"é", "\u{feff}\u{feff}"]
    {
        fs::write(&groups, text).unwrap();
        for args in [&["check", "road"][..], &["plan", "road", "--out", "plan"]] {
            clearway_in(dir.path(), args).code(2).says(&["multimodal.toml, line"]);
        }
        fs::write(dir.path().join("own.toml"), text).unwrap();
        clearway_in(dir.path(), &["groups", "road", "--out", "g", "--walk", "0.1", "--settings", "own.toml"])
            .code(2);
        clearway_in(dir.path(), &["audit", "own.toml", "--out", "a"]).code(2);
        let settings = dir.path().join("road/scenario.toml");
        let kept = fs::read(&settings).unwrap();
        fs::write(&settings, text).unwrap();
        clearway_in(dir.path(), &["check", "road"]).code(2).says(&["scenario.toml"]);
        fs::write(&settings, kept).unwrap();
        let _ = fs::remove_dir_all(dir.path().join("g"));
    }
    // the mark itself is no fault
    fs::write(&groups, "\u{feff}schema = \"clearway-multimodal/2\"\n[walk]\n").unwrap();
    clearway_in(dir.path(), &["check", "road"]).code(0);
    fs::write(&groups, [0xff, b'x']).unwrap();
    clearway_in(dir.path(), &["check", "road"]).code(2).says(&["multimodal.toml", "UTF-8"]);
}

#[test]
fn names_reach_neither_the_terminal_nor_the_page_as_commands() {
    let dir = tempfile::tempdir().unwrap();
    road(dir.path());
    edit(&dir.path().join("road/zones.csv"), "Village", "Vil\u{1b}[2J\u{202e}lage");
    edit(&dir.path().join("road/scenario.toml"), "One road", "One \\u001b]0;owned\\u0007 ro\\u202ead");
    let ran = clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    let checked = clearway_in(dir.path(), &["check", "road"]).code(0);
    for said in [&ran.out, &ran.err, &checked.out, &checked.err] {
        assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{said:?}");
    }
    assert!(ran.out.contains("\\u{202e}"), "{}", ran.out);
    for (name, bytes) in tree(&dir.path().join("plan")).iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        assert!(!page.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{name}");
        assert!(page.contains("[U+202E]"), "{name}");
    }
    assert_holds(dir.path(), "plan");
}

#[test]
fn names_that_would_be_formulas_are_text_in_tables_for_spreadsheets() {
    let dir = tempfile::tempdir().unwrap();
    road(dir.path());
    edit(&dir.path().join("road/zones.csv"), "Village", "=cmd|' /C calc'!A0");
    edit(&dir.path().join("road/sites.csv"), "Town", "@SUM(1)");
    edit(&dir.path().join("road/link.csv"), "The road", "-2+3");
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    for (table, cell) in [
        ("zones.csv", "'=cmd|"),
        ("orders.csv", "'=cmd|"),
        ("orders.csv", "'@SUM(1)"),
        ("orders.csv", "'-2+3"),
        ("bottlenecks.csv", "'-2+3"),
    ] {
        let text = fs::read_to_string(dir.path().join("plan").join(table)).unwrap();
        assert!(text.contains(cell), "{table}: {text}");
    }
    // names in the scenario stay as they are, and both checkers agree
    let zones = fs::read_to_string(dir.path().join("plan/scenario/zones.csv")).unwrap();
    assert!(zones.contains(",=cmd|"), "{zones}");
    assert_holds(dir.path(), "plan");
    // ids stand in all tables as they are, so that those are refused
    for id in ["=1+1", "@Z", "+Z", "-Z"] {
        let zones = dir.path().join("road/zones.csv");
        let kept = fs::read_to_string(&zones).unwrap();
        edit(&zones, "Z1,", &format!("{id},"));
        clearway_in(dir.path(), &["check", "road"]).code(2).says(&["a spreadsheet takes it for a formula"]);
        fs::write(&zones, kept).unwrap();
    }
}

#[test]
fn only_web_addresses_become_links() {
    let dir = tempfile::tempdir().unwrap();
    let claim =
        |url: &str| format!("[[claim]]\nfigure = \"people\"\nvalue = 100\nwho = \"x\"\nurl = \"{url}\"\n");
    let blueprint = format!(
        "schema = \"clearway-blueprint/1\"\nname = \"x\"\ncontext = \"exercise\"\n{}{}",
        claim("javascript:alert(1)"),
        claim("https://example.org/claim")
    );
    fs::write(dir.path().join("b.toml"), blueprint).unwrap();
    let ran = clearway_in(dir.path(), &["audit", "b.toml", "--out", "audit"]);
    assert!([0, 1].contains(&ran.code), "{}", ran.err);
    let page = fs::read_to_string(dir.path().join("audit/index.html")).unwrap();
    assert!(!page.contains("href=\"javascript"), "a script is linked");
    assert!(
        page.contains("https:&#x2f;&#x2f;example.org") || page.contains("href=\"https://example.org"),
        "{page}"
    );
}

#[test]
fn what_is_the_same_of_many_rows_is_said_of_the_first_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    road(dir.path());
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    let mut rows = "place_id,item,amount\n".to_owned();
    for _ in 0..1500 {
        rows.push_str("nowhere,water,1\n");
    }
    fs::write(dir.path().join("supplies.csv"), rows).unwrap();
    let ran =
        clearway_in(dir.path(), &["needs", "plan", "--out", "needs", "--supplies", "supplies.csv"]).code(2);
    assert!(ran.err.lines().count() < 120, "{}", ran.err.lines().count());
    assert!(ran.err.contains("1400 more"), "{}", ran.err);
}

#[test]
fn a_rule_without_end_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    let rule = format!(
        "id,name,rule,severity,axis,source\nX-1,x,{},major,time,x\n",
        vec!["people"; 200_000].join(" + ")
    );
    fs::write(dir.path().join("rules.csv"), rule).unwrap();
    let blueprint =
        "schema = \"clearway-blueprint/1\"\nname = \"x\"\ncontext = \"exercise\"\nrules = \"rules.csv\"\n";
    fs::write(dir.path().join("b.toml"), blueprint).unwrap();
    clearway_in(dir.path(), &["audit", "b.toml", "--out", "audit"]).code(2).says(&["rules.csv"]);
}

/// One road with a second zone of 7 people beside the first of 1,000.
fn road_with_a_small_zone(dir: &Path) {
    road(dir);
    let road = dir.join("road");
    edit(&road.join("zones.csv"), "12000", "1000");
    let zones = fs::read_to_string(road.join("zones.csv")).unwrap() + "Z2,Farm,7,10.0000,50.0021\n";
    fs::write(road.join("zones.csv"), zones).unwrap();
    let connectors = fs::read_to_string(road.join("connectors.csv")).unwrap();
    let of_first: Vec<String> = connectors
        .lines()
        .filter(|line| line.contains(",Z1,"))
        .map(|line| format!("{}\n", line.replacen(",Z1,", ",Z2,", 1).replacen("C", "D", 1)))
        .collect();
    assert!(!of_first.is_empty(), "{connectors}");
    fs::write(road.join("connectors.csv"), connectors + &of_first.concat()).unwrap();
}

/// All numbers under keys that count people.
fn people(value: &Value, key: &str, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| people(value, key, found)),
        Value::Array(list) => list.iter().for_each(|value| people(value, key, found)),
        Value::Number(n) if key.contains("people") || key == "totals" => {
            found.push((key.to_owned(), n.as_f64().unwrap()));
        }
        _ => {}
    }
}

#[test]
fn a_group_of_seven_does_not_follow_from_what_is_passed_on() {
    let dir = tempfile::tempdir().unwrap();
    road_with_a_small_zone(dir.path());
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    fs::write(dir.path().join("supplies.csv"), "place_id,item,amount\nS1,water,1\nS1,toilets,2\n").unwrap();
    clearway_in(dir.path(), &["needs", "plan", "--out", "needs", "--supplies", "supplies.csv", "--redacted"])
        .code(0);
    let needs: Value =
        serde_json::from_slice(&fs::read(dir.path().join("needs/needs.json")).unwrap()).unwrap();
    let mut found = Vec::new();
    // how many lack something is a share of the rounded numbers
    let mut counted = needs.clone();
    for shares in ["shortfalls", "below"] {
        counted.as_object_mut().unwrap().remove(shares).unwrap();
    }
    people(&counted, "", &mut found);
    assert!(found.len() > 10, "{found:?}");
    for (key, n) in found.iter().filter(|(key, _)| key != "capacity_people") {
        assert!(n % 10.0 == 0.0, "{key} = {n}");
    }
    let table = fs::read_to_string(dir.path().join("needs/needs.csv")).unwrap();
    for row in table.lines().skip(1) {
        let people: i64 = row.split(',').nth(3).unwrap().parse().unwrap();
        assert!(people >= 10 && people % 10 == 0, "{row}");
        assert!(!row.contains(",Z2,"), "{row}");
    }
    // nor from an audit: its figures are rounded up, so that nothing that fails goes unseen
    let ran = clearway_in(dir.path(), &["audit", "plan", "--out", "audit", "--redacted"]);
    assert!([0, 1].contains(&ran.code), "{}", ran.err);
    let audit: Value =
        serde_json::from_slice(&fs::read(dir.path().join("audit/audit.json")).unwrap()).unwrap();
    for id in ["people", "largest_site_people"] {
        let figure = &audit["figures"][id];
        assert_eq!(figure["central"].as_f64(), Some(1010.0), "{id}: {figure}");
    }
}

#[test]
fn a_workbook_with_one_cell_far_away_is_refused_with_a_word() {
    let dir = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "people").unwrap();
    sheet.write(1_048_575, 16_383, 1).unwrap();
    book.save(dir.path().join("far.xlsx")).unwrap();
    clearway_in(dir.path(), &["audit", "far.xlsx", "--context", "exercise", "--out", "audit"])
        .code(2)
        .says(&["far.xlsx", "column 16384"]);
}
