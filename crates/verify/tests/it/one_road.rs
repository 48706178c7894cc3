//! The case that can be checked by hand holds, in both checkers, with the figures worked out on paper.

use crate::fixture;
use clearway_model::FolderStore;
use clearway_verify::verify;

#[test]
fn one_road_holds_with_the_closed_form() {
    let dir = tempfile::tempdir().unwrap();
    fixture::write(dir.path(), &fixture::one_road());
    let result = verify(&FolderStore::new(dir.path()), None).unwrap();
    assert!(result.holds, "{:#?}", result.findings);
    let figures = &result.figures;
    assert_eq!(figures.clearance_s.plan, Some(15_000.0));
    assert_eq!(figures.clearance_s.bound, Some(14_999.999));
    assert_eq!(figures.t90_s.plan, Some(13_560.0));
    assert_eq!(figures.person_hours.plan, Some(26_010.0));
    assert_eq!(figures.queue.person_hours, 22_509.375);
    assert_eq!((result.checked.packets, result.checked.events), (2_400, 9_600));
    assert_eq!(result.bottlenecks.len(), 1);
    assert_eq!(result.zones[1].not_evacuated, 10);
    // the same against the scenario folder itself
    assert!(
        verify(&FolderStore::new(dir.path()), Some(&FolderStore::new(dir.path().join("scenario"))))
            .unwrap()
            .holds
    );
}

#[test]
fn a_missing_file_is_unreadable() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = fixture::one_road();
    files.remove("summary.json");
    fixture::write(dir.path(), &files);
    assert!(verify(&FolderStore::new(dir.path()), None).is_err());
}
