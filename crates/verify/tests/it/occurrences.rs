//! Repeating rows: what begins at the horizon or later does not count, whoever names it; a window names its target all the same.

use crate::fixture;
use clearway_model::FolderStore;
use clearway_verify::verify;
use std::collections::BTreeSet;

const HORIZON: i64 = 43_200_000;

/// The codes of the findings, the same in both checkers, with this row in closures.csv or windows.csv.
fn codes(table: &str, row: &str) -> BTreeSet<String> {
    let mut files = fixture::one_road();
    let header = "target,target_id,from_ms,until_ms,repeat_every_ms,repeat_until_ms,kind";
    files.insert(format!("scenario/{table}s.csv"), format!("{table}_id,{header}\nX1,{row}\n"));
    fixture::sign_again(&mut files);
    let dir = tempfile::tempdir().unwrap();
    fixture::write(dir.path(), &files);
    let ours = verify(&FolderStore::new(dir.path()), None).unwrap();
    let codes: BTreeSet<String> = ours.findings.iter().map(|finding| finding.code.to_owned()).collect();
    let (_, value) = fixture::python(dir.path());
    assert_eq!(fixture::codes(&value), codes, "{row}");
    codes
}

#[test]
fn what_begins_after_the_horizon_closes_nothing() {
    let day = 2 * HORIZON;
    for row in [
        format!("site,S1,{HORIZON},,,,presence"),
        format!("link,1,{HORIZON},,,,presence"),
        format!("zone,Z1,{HORIZON},,,,presence"),
        format!("zone,Z1,{},,,,entry", HORIZON + 1),
        format!("node,1,{HORIZON},,,,presence"),
        format!("site,S1,{HORIZON},{},{day},{},presence", HORIZON + 1, 9 * day),
        // the first occurrence is over before anybody comes; the second would be after the horizon
        format!("site,S1,0,600000,{day},{},presence", 9 * day),
    ] {
        assert_eq!(codes("closure", &row), BTreeSet::new(), "{row}");
    }
    let before = codes("closure", &format!("site,S1,{},,,,presence", HORIZON - 1));
    assert!(before.contains("replay.stranded"), "{before:?}");
}

#[test]
fn occurrences_begin_before_the_end_of_the_repetition() {
    // closed for 1 s every hour; the last person enters the road at 14,400 s, which a closure at 4 h would delay
    let hourly = |until: i64| codes("closure", &format!("link,1,3600000,3601000,3600000,{until},entry"));
    assert!(hourly(3_600_001).contains("summary"));
    assert_eq!(codes("closure", "link,1,14400000,14401000,3600000,14400000,entry"), BTreeSet::new());
    assert_ne!(codes("closure", "link,1,14399999,14401000,3600000,14400000,entry"), BTreeSet::new());
    // a row that is not repeated is one occurrence, whatever the end of a repetition says
    assert_ne!(codes("closure", "link,1,3600000,3601000,,3600000,entry"), BTreeSet::new());
}

#[test]
fn a_window_that_never_opens_in_time_keeps_closed() {
    for target in ["link,1", "zone,Z1", "site,S1", "all_links,*"] {
        let found = codes("window", &format!("{target},{HORIZON},{},86400000,,entry", HORIZON + 1));
        assert!(found.contains("replay.stranded"), "{target}: {found:?}");
    }
}
