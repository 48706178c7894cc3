//! The program goes on from a plan: table to fill in, new plan, both checkers, early warning, watch.

use crate::common::{assert_holds, clearway_in, example, python, text};
use serde_json::Value;

fn planned(dir: &std::path::Path, name: &str) {
    clearway_in(dir, &["plan", text(&example(name)), "--out", "plan"]).code(0);
}

#[test]
fn a_table_is_filled_in_and_a_new_plan_holds_by_both_checkers() {
    let dir = tempfile::tempdir().unwrap();
    planned(dir.path(), "one-road");
    let ran = clearway_in(dir.path(), &["replan", "plan", "--at", "2h", "--template", "counts.csv"]).code(0);
    assert!(ran.out.contains("fill in 'people'"), "{}", ran.out);
    let table = std::fs::read_to_string(dir.path().join("counts.csv")).unwrap();
    assert!(
        table.starts_with("what,id,name,expected_people,people,uncertainty_people,age_min,state"),
        "{table}"
    );
    // 3,000 people are late
    let filled = table.replace("waiting,Z1,Village,6000,,", "waiting,Z1,Village,6000,9000,100");
    assert_ne!(filled, table);
    std::fs::write(dir.path().join("counts.csv"), filled).unwrap();
    let arguments =
        ["replan", "plan", "--at", "2h", "--observed", "counts.csv", "--out", "new", "--deadline", "6h"];
    let ran = clearway_in(dir.path(), &arguments).code(0);
    for part in ["2 h into the plan", "1 place was counted", "3,000 people should have left", "The deadline"]
    {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert_holds(dir.path(), "new");
    assert_eq!(python(&dir.path().join("new")), 0);
    let report: Value =
        serde_json::from_slice(&std::fs::read(dir.path().join("new/replan.json")).unwrap()).unwrap();
    assert_eq!(report["schema"], "clearway-replan/1");
    assert_eq!(report["at"], "2026-06-01T10:00:00+00:00");
    for file in ["changes.csv", "changes.html", "counts.csv", "index.html", "scenario/zones.csv"] {
        assert!(dir.path().join("new").join(file).exists(), "{file}");
    }
    clearway_in(dir.path(), &["check", "new/scenario"]).code(0);
    // a deadline that nobody can keep
    let arguments = [
        "replan",
        "plan",
        "--at",
        "2026-06-01T10:00:00Z",
        "--out",
        "late",
        "--deadline",
        "3h",
        "--keep-only",
    ];
    clearway_in(dir.path(), &arguments).code(1).says(&["does not keep the deadline"]);
    assert_holds(dir.path(), "late");
    // nothing is written over, and a time beyond the plan is no time
    clearway_in(dir.path(), &["replan", "plan", "--at", "2h", "--out", "new"]).code(2);
    clearway_in(dir.path(), &["replan", "plan", "--at", "40h", "--out", "x"])
        .code(2)
        .says(&["planning horizon"]);
    clearway_in(dir.path(), &["replan", "plan", "--at", "soon", "--out", "x"]).code(2);
    std::fs::write(dir.path().join("bad.csv"), "what,id,people\nwaiting,Z9,1\nflying,Z1,2\n").unwrap();
    let arguments = ["replan", "plan", "--at", "2h", "--observed", "bad.csv", "--out", "x"];
    clearway_in(dir.path(), &arguments).code(2).says(&["bad.csv, row 2", "an id of zones.csv", "row 3"]);
    assert!(!dir.path().join("x").exists());
}

#[test]
fn an_early_warning_says_with_which_counts_the_deadline_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    planned(dir.path(), "one-road");
    let arguments = ["early-warning", "plan", "--deadline", "5h", "--out", "warning.csv"];
    let ran = clearway_in(dir.path(), &arguments).code(0);
    let table = std::fs::read_to_string(dir.path().join("warning.csv")).unwrap();
    let rows: Vec<Vec<String>> =
        table.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect();
    // 12,000 people, 3,000 people/h and 10 min: 4 h 10 min. Lost at 1 h if nobody has left, and not at the start.
    assert_eq!((rows[0][0].as_str(), rows[0][4].as_str()), ("0", ""));
    for (row, hour) in rows.iter().skip(1).zip(1i64..) {
        assert_eq!(row[0], (hour * 60).to_string());
        assert_eq!(row[3], "0", "by the plan it is kept");
        let lost: i64 = row[4].parse().unwrap();
        // exactly: more than (5 h - 10 min - the time that has passed) x 3,000; found to 1/128 of those who have left
        let exact = 3_000 * (5 - hour) - 500;
        assert!(lost > exact && lost <= exact + 12_000 / 64, "{row:?} {exact}");
    }
    assert!(ran.out.contains("If nobody has left by"), "{}", ran.out);
    clearway_in(dir.path(), &["early-warning", "plan", "--deadline", "90h"]).code(2).says(&["horizon"]);
}

#[test]
fn made_up_counts_can_be_planned_with_and_say_that_nobody_counted() {
    let dir = tempfile::tempdir().unwrap();
    planned(dir.path(), "one-road");
    let make = ["exercise", "plan", "--at", "2h", "--seed", "7", "--out", "counts.csv"];
    let ran = clearway_in(dir.path(), &make).code(0);
    assert!(ran.out.contains("nobody counted") && ran.out.contains("counts.csv"), "{}", ran.out);
    let table = std::fs::read_to_string(dir.path().join("counts.csv")).unwrap();
    assert!(table.lines().skip(1).all(|row| row.contains("nobody counted")), "{table}");
    // it is not written over
    clearway_in(dir.path(), &make).code(2);
    let arguments = ["replan", "plan", "--at", "2h", "--observed", "counts.csv", "--out", "new"];
    let ran = clearway_in(dir.path(), &arguments).code(0);
    assert!(ran.out.contains("3 places were counted"), "{}", ran.out);
    assert_holds(dir.path(), "new");
    clearway_in(dir.path(), &["exercise", "plan", "--at", "400h", "--out", "late.csv"])
        .code(2)
        .says(&["planning horizon"]);
    assert!(!dir.path().join("late.csv").exists());
}

#[test]
fn a_watch_makes_one_new_plan_for_each_change_and_writes_over_none() {
    let dir = tempfile::tempdir().unwrap();
    planned(dir.path(), "one-road");
    let counts = dir.path().join("counts");
    std::fs::create_dir(&counts).unwrap();
    std::fs::write(counts.join("a.csv"), "what,id,people\nwaiting,Z1,7000\n").unwrap();
    let arguments = [
        "watch",
        "counts",
        "--plan",
        "plan",
        "--out",
        "plans",
        "--at",
        "2h",
        "--changes",
        "1",
        "--keep-only",
    ];
    clearway_in(dir.path(), &arguments).code(0);
    clearway_in(dir.path(), &arguments).code(0);
    for folder in ["plans/replan-0001", "plans/replan-0002"] {
        assert_holds(dir.path(), folder);
    }
    assert!(!dir.path().join("plans/replan-0003").exists());
}
