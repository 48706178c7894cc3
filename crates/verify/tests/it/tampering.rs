//! Every kind of tampering is rejected by both checkers, for the reason it should be.

use crate::fixture;
use clearway_model::FolderStore;
use clearway_verify::tampering::{Files, tamperings, write_folder};
use clearway_verify::verify;
use std::collections::BTreeSet;

fn one_road() -> Files {
    fixture::one_road().into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

#[test]
fn names_are_unique_and_there_are_many() {
    let names: BTreeSet<&str> = tamperings().iter().map(|t| t.name).collect();
    assert_eq!(names.len(), tamperings().len());
    assert!(names.len() >= 60, "{}", names.len());
}

#[test]
fn both_checkers_reject_every_kind_on_one_road() {
    // what one road has nothing for: a second zone with routes, a second link on a route, routes that part, a link that overflows
    let not_here = BTreeSet::from([
        "route-of-another-zone",
        "prohibited-turn",
        "convergent-claimed",
        "overflow-missing",
        "overflow-room",
        "overflow-peak",
        "overflow-amount",
        "overflow-from",
        "overflow-until",
        "overflow-order",
    ]);
    let files = one_road();
    for tampering in tamperings() {
        let Some(tampered) = tampering.apply(&files) else {
            assert!(not_here.contains(tampering.name), "{} does not apply", tampering.name);
            continue;
        };
        assert!(!not_here.contains(tampering.name), "{} applies", tampering.name);
        let dir = tempfile::tempdir().unwrap();
        write_folder(dir.path(), &tampered).unwrap();
        let result = verify(&FolderStore::new(dir.path()), None)
            .unwrap_or_else(|error| panic!("{}: {error}", tampering.name));
        assert!(!result.holds, "{} is not noticed", tampering.name);
        let codes: BTreeSet<&str> = result.findings.iter().map(|finding| finding.code).collect();
        assert!(tampering.expected.iter().any(|code| codes.contains(code)), "{}: {codes:?}", tampering.name);
        let (code, value) = fixture::python(dir.path());
        assert_eq!(code, 1, "{}: {value:#}", tampering.name);
        assert_eq!(
            fixture::codes(&value),
            codes.iter().map(|code| (*code).to_owned()).collect(),
            "{}",
            tampering.name
        );
    }
}
