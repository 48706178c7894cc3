//! What a person reads, as a whole: help, answers on the terminal, pages. A change of words is a change of a file in `snapshots/`;
//! `INSTA_UPDATE=always cargo test -p clearway-cli --test it said::` takes all of them on anew, `git diff` shows what they say now.

use crate::common::{clearway_in, copy, example};
use std::fs;
use std::path::Path;

/// Holds a text against its snapshot.
#[track_caller]
fn held(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.replace(' ', "_"), same_everywhere(text)));
}

/// Without what is another on every machine or in every version: digests, the version.
fn same_everywhere(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str("sha256:...");
        kept.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    kept.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

/// What a run says: the command, its exit code, and both outputs.
fn answer(dir: &Path, words: &str) -> String {
    let arguments: Vec<&str> = words.split(' ').collect();
    let ran = clearway_in(dir, &arguments);
    let mut text = format!("$ clearway {words}\n{}", ran.out);
    if !ran.err.is_empty() {
        text.push_str("-- standard error --\n");
        text.push_str(&ran.err);
    }
    text.push_str(&format!("-- exit code {} --\n", ran.code));
    text.replace(dir.to_str().unwrap(), "FOLDER")
}

/// One road and what else the commands read.
fn inputs() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    put("supplies.csv", "place_id,item,amount\nS1,water,100\n");
    put("counts.csv", "date,left_people,source\n2026-06-01,10,x\n");
    put(
        "fleet.csv",
        "vehicle_type_id,count,seats,wheelchair_places,stretcher_places,pcu_per_vehicle,load_ms,unload_ms,depot_node_id\n\
         bus,40,50,2,2,2,600000,300000,1\n",
    );
    dir
}

/// What a page says, without its style, drawings and marks: a line for each block, cells of tables with bars between them.
fn read_aloud(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        rest = after;
        let name = tag.split([' ', '\n', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        if ["style", "script", "svg"].contains(&name) && !tag.starts_with('/') {
            let end = format!("</{name}>");
            rest = rest.split_once(end.as_str()).map_or("", |parts| parts.1);
        }
        match name {
            "td" | "th" if tag.starts_with('/') => text.push_str(" | "),
            "a" | "b" | "i" | "em" | "strong" | "code" | "sup" | "sub" | "abbr" | "td" | "th" => {}
            "span" => text.push(' '),
            _ => text.push('\n'),
        }
    }
    text.push_str(rest);
    let entities = [
        ("&#x2f;", "/"),
        ("&#x27;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&middot;", "·"),
        ("&minus;", "-"),
        ("&amp;", "&"),
    ];
    let plain = entities.into_iter().fold(text, |text, (entity, letter)| text.replace(entity, letter));
    let lines = plain.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).map(|line| line + "\n").collect()
}

#[track_caller]
fn page(dir: &Path, name: &str, file: &str) {
    held(name, &read_aloud(&fs::read_to_string(dir.join(file)).unwrap()));
}

#[test]
fn help_says_what_each_command_does() {
    let dir = tempfile::tempdir().unwrap();
    let all = clearway_in(dir.path(), &["--help"]).code(0).out;
    held("help", &all);
    held("help in short", &clearway_in(dir.path(), &["-h"]).code(0).out);
    let mut commands = 0;
    for line in all.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap();
        if name.starts_with('-') || name == "help" {
            continue;
        }
        held(&format!("help of {name}"), &clearway_in(dir.path(), &[name, "--help"]).code(0).out);
        commands += 1;
    }
    assert!(commands >= 15, "{commands} commands found in:\n{all}");
}

#[test]
fn a_simulation_says_what_space_changes() {
    let dir = inputs();
    answer(dir.path(), "plan road --out plan");
    held("simulation", &answer(dir.path(), "simulate plan --out sim"));
    page(dir.path(), "page of a simulation", "sim/index.html");
}

#[test]
fn a_plan_says_when_who_arrives_and_what_no_plan_can_beat() {
    let dir = inputs();
    held("plan", &answer(dir.path(), "plan road --out plan"));
    page(dir.path(), "page of a plan", "plan/index.html");
    held("plan once more", &answer(dir.path(), "plan road --out plan"));
    held("plan of the bound alone", &answer(dir.path(), "plan road --bound-only --out bound"));
    page(dir.path(), "page of the bound alone", "bound/index.html");
}

#[test]
fn verify_says_what_was_looked_at_and_what_is_wrong() {
    let dir = inputs();
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    held("verify", &answer(dir.path(), "verify plan"));
    let summary = dir.path().join("plan/summary.json");
    let text = fs::read_to_string(&summary).unwrap();
    let claimed = text.replacen("\"arrived\": 12000", "\"arrived\": 12001", 1);
    assert_ne!(claimed, text);
    fs::write(&summary, claimed).unwrap();
    held("verify a wrong figure", &answer(dir.path(), "verify plan"));
    fs::remove_file(dir.path().join("plan/certificate.json")).unwrap();
    held("verify without a certificate", &answer(dir.path(), "verify plan"));
}

#[test]
fn check_says_all_that_is_wrong_at_once() {
    let dir = inputs();
    held("check", &answer(dir.path(), "check road"));
    let edit = |name: &str, from: &str, to: &str| {
        let path = dir.path().join("road").join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    edit("zones.csv", "12000", "-5");
    edit("connectors.csv", "S1", "S9");
    edit("scenario.toml", "2026-06-01", "2026-06-31");
    held("check with faults", &answer(dir.path(), "check road"));
    held("plan with faults", &answer(dir.path(), "plan road --out plan"));
    held("check of what is not there", &answer(dir.path(), "check nowhere"));
}

#[test]
fn groups_and_a_plan_for_all_of_them_are_told_by_how_people_move() {
    let dir = inputs();
    let shares = "--walk 0.1 --seat 0.05 --wheelchair 0.01 --stretcher 0.001 --fleet fleet.csv";
    held("groups", &answer(dir.path(), &format!("groups road {shares} --out mixed")));
    held("groups without a fleet", &answer(dir.path(), "groups road --seat 0.05 --out unserved"));
    held("plan for groups", &answer(dir.path(), "plan mixed --out plan"));
    page(dir.path(), "page of a plan for groups", "plan/index.html");
    held("verify a plan for groups", &answer(dir.path(), "verify plan"));
}

#[test]
fn needs_say_what_is_needed_and_what_is_short() {
    let dir = inputs();
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    held("needs", &answer(dir.path(), "needs plan --out needs"));
    held("needs with supplies", &answer(dir.path(), "needs plan --supplies supplies.csv --out supplied"));
    page(dir.path(), "page of needs", "supplied/index.html");
    held("needs of people", &answer(dir.path(), "needs --people 1000"));
    held("reported departures", &answer(dir.path(), "observed plan counts.csv --out observed"));
    page(dir.path(), "page of reported departures", "observed/index.html");
}

#[test]
fn an_audit_says_what_stands_and_two_of_them_what_has_changed() {
    let dir = inputs();
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    held("audit", &answer(dir.path(), "audit plan --profile ete --exact --out before"));
    page(dir.path(), "page of an audit", "before/index.html");
    held(
        "audit by a deadline",
        &answer(dir.path(), "audit plan --profile ete --exact --deadline 3h --out after"),
    );
    held("diff", &answer(dir.path(), "diff before after"));
    held("diff of nothing", &answer(dir.path(), "diff before before"));
}

#[test]
fn interventions_say_what_each_gains() {
    let dir = inputs();
    held("interventions", &answer(dir.path(), "interventions road --most 2 --bridges 0 --out interventions"));
}
