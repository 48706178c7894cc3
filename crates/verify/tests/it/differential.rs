//! The two checkers come to the same verdict, the same kinds of findings and the same figures on random plan folders,
//! correct and wrong ones.

use crate::fixture;
use clearway_model::FolderStore;
use clearway_verify::tampering::{Files, tamperings, write_folder};
use clearway_verify::{PlanVerification, verify};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn bytes(files: &fixture::Files) -> Files {
    files.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect()
}

/// Both checkers say the same; whether the plan holds.
fn compare(dir: &Path, what: &str) -> bool {
    let ours = verify(&FolderStore::new(dir), None).unwrap_or_else(|error| panic!("{what}: {error}"));
    let (code, value) = fixture::python(dir);
    let codes: BTreeSet<String> = ours.findings.iter().map(|finding| finding.code.to_owned()).collect();
    assert_eq!(codes, fixture::codes(&value), "{what}: {:#?}\n{:#}", ours.findings, value["findings"]);
    assert_eq!(code, i32::from(!ours.holds), "{what}");
    fixture::assert_same_figures(&serde_json::to_value(&ours.figures).unwrap(), &value["figures"], what);
    ours.holds
}

#[test]
fn both_checkers_agree_on_random_plans() {
    let kinds = tamperings();
    let (mut held, mut spilled) = (0, 0);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..60 {
        let dir = tempfile::tempdir().unwrap();
        let (files, result) = fixture::random::folder(seed, dir.path());
        result.findings.iter().for_each(|finding| *seen.entry(finding.code.to_owned()).or_default() += 1);
        spilled += u32::from(result.figures.spill_free == Some(false));
        held += u32::from(compare(dir.path(), &format!("seed {seed}")));
        let mut draw = fixture::random::Draw::new(seed + 1000);
        let kind = kinds[draw.below(kinds.len())];
        if let Some(tampered) = kind.apply(&bytes(&files)) {
            write_folder(dir.path(), &tampered).unwrap();
            compare(dir.path(), &format!("seed {seed}, {}", kind.name));
        }
    }
    eprintln!("{held} of 60 random plans hold; findings in the others: {seen:?}");
    assert!(held >= 10, "{held}");
    assert!((5..=50).contains(&spilled), "{spilled} are not spill-free");
}

#[test]
fn every_kind_of_tampering_is_rejected_on_random_plans() {
    let kinds = tamperings();
    let mut applied: BTreeMap<&str, u32> = kinds.iter().map(|kind| (kind.name, 0)).collect();
    for seed in 100..1000 {
        if applied.values().all(|times| *times >= 2) {
            break;
        }
        let dir = tempfile::tempdir().unwrap();
        let (files, sound) = fixture::random::folder(seed, dir.path());
        if !sound.holds {
            continue;
        }
        let files = bytes(&files);
        for kind in &kinds {
            let times = applied.get_mut(kind.name).unwrap();
            let Some(tampered) = kind.apply(&files).filter(|_| *times < 3) else { continue };
            let dir = tempfile::tempdir().unwrap();
            write_folder(dir.path(), &tampered).unwrap();
            let result = verify(&FolderStore::new(dir.path()), None)
                .unwrap_or_else(|error| panic!("{seed} {}: {error}", kind.name));
            let bound = |of: &PlanVerification| of.figures.person_hours.bound;
            if kind.name == "coarser-grid" && bound(&result) == bound(&sound) {
                continue; // a bound that jumps only where there are cuts is the same on every grid
            }
            *times += 1;
            let codes: BTreeSet<&str> = result.findings.iter().map(|finding| finding.code).collect();
            let found = kind.expected.iter().any(|code| codes.contains(code));
            assert!(found, "seed {seed}, {}: found {codes:?}", kind.name);
        }
    }
    let never: Vec<_> = applied.iter().filter(|(_, times)| **times == 0).collect();
    assert!(never.is_empty(), "{never:?}");
}
