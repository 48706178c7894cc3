//! `clearway study`: the folder, runs that are killed, parts of several calls, what is wrong with a file.

use crate::common::{clearway_in, copy, example, tree};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const STUDY: &str = r#"
scenario = "road"
design = "sobol"
samples = 24
routes_per_zone = "unlimited"
cost_unit = "crews"

[[input]]
name = "people"
vary = "people"
of = "*"
range = [0.5, 1.5]
source = "counted <twice>"

[[input]]
name = "lanes"
vary = "lanes"
of = "1"
range = [0.5, 2]

[[option]]
name = "a lane more"
cost = 2
changes = [{ change = "road", link_id = "1", lanes = 2, source = "drawing 7" }]
"#;

/// A folder with the road and a study of it.
fn folder(study: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    fs::write(dir.path().join("study.toml"), study).unwrap();
    dir
}

#[test]
fn a_study_writes_its_folder_and_says_what_matters() {
    let dir = folder(STUDY);
    let ran = clearway_in(dir.path(), &["study", "study.toml", "--out", "out"]).code(0);
    for part in [
        "In the median of 48 draws no plan has 90 % of the evacuees there before",
        "What matters most for t90_bound_s",
        "lanes (",
        "nothing done (cost 0 crews)",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let files = tree(&dir.path().join("out"));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["index.html", "manifest.json", "runs.csv", "runs.parquet", "study.json"]);
    let page = String::from_utf8(files["index.html"].clone()).unwrap();
    assert!(page.contains("counted &lt;twice&gt;") && !page.contains("<twice>"));
    assert!(page.contains("Saltelli") && page.matches("<svg").count() == 3);
    assert!(!dir.path().join("out.parts").exists(), "parts are taken away once the folder is there");
    // as often as one likes, but never over what is there
    clearway_in(dir.path(), &["study", "study.toml", "--out", "out"]).code(2).says(&["out"]);
    clearway_in(dir.path(), &["study", "study.toml", "--out", "out", "--replace", "--threads", "1"]).code(0);
    assert_eq!(tree(&dir.path().join("out")), files);
}

#[test]
fn a_study_that_is_killed_goes_on_and_gives_the_same_bytes() {
    let dir = folder(STUDY);
    let arguments = ["study", "study.toml", "--out", "out", "--part", "2", "--threads", "1"];
    clearway_in(dir.path(), &arguments).code(0);
    let whole = tree(&dir.path().join("out"));
    fs::rename(dir.path().join("out"), dir.path().join("whole")).unwrap();
    let mut running = Command::new(env!("CARGO_BIN_EXE_clearway"))
        .args(arguments)
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let parts = dir.path().join("out.parts");
    let there = || fs::read_dir(&parts).map_or(0, Iterator::count);
    while there() < 3 && running.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    assert!(!dir.path().join("out").exists() && there() >= 3);
    // what was being written, and a part that is damaged, count for nothing
    fs::write(parts.join("runs-0000000002-0000000004.99.part"), "half").unwrap();
    fs::write(parts.join("runs-0000000002-0000000004.parquet"), "damaged").unwrap();
    let ran = clearway_in(dir.path(), &arguments).code(0);
    assert!(ran.out.contains("parts are there already"), "{}", ran.out);
    assert_eq!(tree(&dir.path().join("out")), whole);
    assert!(!parts.exists());
}

#[test]
fn runs_of_several_calls_are_put_together() {
    let dir = folder(STUDY);
    clearway_in(dir.path(), &["study", "study.toml", "--out", "whole"]).code(0);
    for (runs, parts) in [("0..41", "a"), ("41..98", "b")] {
        let ran = clearway_in(dir.path(), &["study", "study.toml", "--runs", runs, "--out", parts]).code(0);
        assert!(ran.out.contains(&format!("runs {runs} of 98 are in {parts}")), "{}", ran.out);
    }
    clearway_in(dir.path(), &["study", "--merge", "b", "a", "--out", "merged"]).code(0);
    assert_eq!(tree(&dir.path().join("merged")), tree(&dir.path().join("whole")));
    clearway_in(dir.path(), &["study", "study.toml", "--runs", "90..99", "--out", "c"])
        .code(2)
        .says(&["runs 90..99: expected runs from 0 to 98"]);
    let gap = clearway_in(dir.path(), &["study", "--merge", "b", "--out", "gap"]).code(0);
    assert!(gap.out.contains("Runs 0..41 are missing."), "{}", gap.out);
}

#[test]
fn runs_that_fail_are_named_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    copy(&example("rafah-2024"), &dir.path().join("road"));
    let windows = fs::read_to_string(dir.path().join("road/windows.csv")).unwrap();
    let id = windows.lines().nth(1).unwrap().split(',').next().unwrap();
    let study = format!(
        "scenario = \"road\"\ndesign = \"factorial\"\n[[input]]\nname = \"w\"\nvary = \"window_closes_h\"\nof = \"{id}\"\nlist = [0, 12]\n"
    );
    fs::write(dir.path().join("study.toml"), study).unwrap();
    let ran = clearway_in(dir.path(), &["study", "study.toml", "--out", "out"]).code(1);
    let ran =
        ran.says(&["1 of 2 runs could not be made, and --allowed-failures is 0; out/study.json names them"]);
    assert!(ran.out.contains("Run 0 could not be made: "), "{}", ran.out);
    assert!(dir.path().join("out/study.json").exists());
    clearway_in(dir.path(), &["study", "study.toml", "--out", "again", "--allowed-failures", "1"]).code(0);
}

#[test]
fn a_file_that_is_wrong_is_refused_with_everything_that_is_wrong_with_it() {
    let dir = folder(
        "scenario = \"road\"\nsample = 3\n[[input]]\nname = \"people\"\nvary = \"people\"\nof = \"*\"\nrange = [2, 1]\n",
    );
    clearway_in(dir.path(), &["study", "study.toml", "--out", "out"]).code(2).says(&[
        "study.toml: 2 errors",
        "study.toml, sample = '3'",
        "study.toml, input 1 (people), range = '[2, 1]': expected two numbers from 0, the first smaller",
    ]);
    let write = |text: &str| fs::write(dir.path().join("study.toml"), text).unwrap();
    write("scenario = road\n");
    clearway_in(dir.path(), &["study", "study.toml", "--out", "out"])
        .code(2)
        .says(&["study.toml, line 1: expected TOML"]);
    write(&STUDY.replace("of = \"1\"", "of = \"77\""));
    clearway_in(dir.path(), &["study", "study.toml", "--out", "out"])
        .code(2)
        .says(&["input 2 (lanes), of = '77': expected an id of link.csv"]);
    write(&format!("catalogue = \"measures.toml\"\n{STUDY}"));
    clearway_in(dir.path(), &["study", "study.toml", "--out", "out"]).code(2).says(&["measures.toml"]);
    fs::write(dir.path().join("measures.toml"), "[[option]]\nname = \"b\"\ncost = \"much\"\nchanges = []\n")
        .unwrap();
    clearway_in(dir.path(), &["study", "study.toml", "--out", "out"])
        .code(2)
        .says(&["measures.toml, option 1 (b), cost = 'much'", "changes = '[]'"]);
    assert!(!dir.path().join("out").exists() && !dir.path().join("out.parts").exists());
}

/// What `--template` prints runs on the example that travels inside the program.
#[test]
fn the_template_is_a_study_of_the_example() {
    let dir = tempfile::tempdir().unwrap();
    let printed = clearway_in(dir.path(), &["study", "--template"]).code(0).out;
    assert_eq!(printed, fs::read_to_string(example("study.toml")).unwrap());
    copy(&example("helsinki"), &dir.path().join("helsinki"));
    let fewer = printed.replace("samples = 128 ", "samples = 2 ");
    assert_ne!(fewer, printed);
    fs::write(dir.path().join("study.toml"), fewer).unwrap();
    clearway_in(dir.path(), &["study", "study.toml", "--out", "out"]).code(0);
    assert!(Path::new(&dir.path().join("out/index.html")).exists());
}
