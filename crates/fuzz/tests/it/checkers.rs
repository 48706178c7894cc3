//! A short campaign, and all cases that once told the checkers apart.

use clearway_fuzz::campaign::{Target, run};
use clearway_fuzz::checkers::Checkers;
use clearway_fuzz::{base, corpus};
use clearway_model::FolderStore;
use clearway_verify::verify;
use std::path::Path;

#[test]
fn the_checkers_agree_on_some_mutants() {
    let faults = run(&mut Checkers::start().unwrap(), 1, 0, 300, |_| {}).unwrap();
    let told: Vec<String> =
        faults.iter().map(|fault| format!("mutant {}: {}", fault.number, fault.what)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn the_checkers_agree_on_what_once_told_them_apart() {
    let mut checkers = Checkers::start().unwrap();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/checkers");
    let mut names: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 30, "{}", names.len());
    let scratch = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for path in names {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let case = corpus::apply(&std::fs::read_to_string(&path).unwrap(), base::one_road());
        let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
        base::write(scratch.path(), &case.files).unwrap();
        if let Some(what) = checkers.look(scratch.path()).unwrap() {
            wrong.push(format!("{name}: {what}"));
        }
        let said: Vec<String> = match verify(&FolderStore::new(scratch.path()), None) {
            Err(_) => vec!["unreadable".to_owned()],
            Ok(done) if done.holds => vec!["holds".to_owned()],
            Ok(done) => done.findings.iter().map(|finding| finding.code.to_owned()).collect(),
        };
        if !case.expect.iter().all(|word| said.contains(word)) || case.expect.is_empty() {
            wrong.push(format!("{name}: expected {:?}, found {said:?}", case.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
