//! Both checkers accept the program's own plans and reject them after every kind of tampering.

use crate::common;
use crate::common::{clearway_in, example, python, rafah_plan, text, write};
use clearway_verify::tampering::{read_folder, tamperings, write_folder};
use std::collections::BTreeSet;
use std::path::Path;

/// Plans a scenario and goes on as [`assert_rejected`].
fn planned_and_rejected(
    scenario: &Path,
    with_python: impl Fn(usize, &str) -> bool,
) -> BTreeSet<&'static str> {
    let dir = tempfile::tempdir().unwrap();
    clearway_in(dir.path(), &["plan", text(scenario), "--out", "plan"]).code(0);
    assert_rejected(&dir.path().join("plan"), with_python)
}

/// Checks a plan folder, then every kind of tampering that applies to it; returns the kinds. `with_python`: whether the checker in
/// Python sees a kind, by its number and name.
fn assert_rejected(plan: &Path, with_python: impl Fn(usize, &str) -> bool) -> BTreeSet<&'static str> {
    common::assert_holds(plan, ".");
    let files = read_folder(plan).unwrap();
    let mut applied = BTreeSet::new();
    for (index, kind) in tamperings().iter().enumerate() {
        let Some(tampered) = kind.apply(&files) else { continue };
        let place = tempfile::tempdir().unwrap();
        write_folder(&place.path().join("plan"), &tampered).unwrap();
        let ran = clearway_in(place.path(), &["verify", "plan"]);
        assert!([1, 2].contains(&ran.code), "{} ({}) is not noticed:\n{}", kind.name, kind.what, ran.out);
        assert!(ran.err.starts_with("does not hold: plan\n") || ran.code == 2, "{}: {}", kind.name, ran.err);
        if with_python(index, kind.name) {
            let code = python(&place.path().join("plan"));
            assert!([1, 2].contains(&code), "check.py does not notice {} ({})", kind.name, kind.what);
            assert_eq!(code, ran.code, "the checkers differ on {}", kind.name);
        }
        applied.insert(kind.name);
    }
    eprintln!("{} of {} kinds applied to {}", applied.len(), tamperings().len(), plan.display());
    assert!(applied.len() >= 20, "{applied:?}");
    applied
}

/// The kinds that a plan for one road has something for, and all of them rejected there.
fn on_one_road() -> BTreeSet<&'static str> {
    planned_and_rejected(&example("one-road"), |_, _| true)
}

#[test]
fn every_kind_is_rejected_on_rafah_2024() {
    // The checker in Python takes seconds here, so it sees every sixth kind; on the smaller plans it sees them all.
    assert_rejected(rafah_plan(), |index, _| index % 6 == 0);
}

#[test]
fn every_kind_is_rejected_on_one_road_and_on_cities_in_danger() {
    let mut applied = on_one_road();
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("danger"), &common::city_in_danger());
    write(&dir.path().join("lost"), &common::city_with_zone_lost());
    for city in ["danger", "lost"] {
        // the checker in Python is slow: it sees each kind on the smallest plan that has something for it, and some once more
        let before = applied.clone();
        let with_python = |index: usize, name: &str| !before.contains(name) || index.is_multiple_of(4);
        applied.extend(planned_and_rejected(&dir.path().join(city), with_python));
    }
    let never: Vec<_> = tamperings().iter().map(|t| t.name).filter(|name| !applied.contains(name)).collect();
    eprintln!("kinds for which these plans have nothing: {never:?}");
    assert!(applied.len() >= 50, "{never:?}");
}
