//! The checker in Python comes to the same result on the case made by hand.

use crate::fixture;
use clearway_model::FolderStore;
#[test]
fn python_agrees_on_one_road() {
    let dir = tempfile::tempdir().unwrap();
    fixture::write(dir.path(), &fixture::one_road());
    let (code, value) = fixture::python(dir.path());
    assert_eq!(code, 0, "{value:#}");
    let ours = clearway_verify::verify(&FolderStore::new(dir.path()), None).unwrap();
    fixture::assert_same_figures(&serde_json::to_value(&ours.figures).unwrap(), &value["figures"], "figures");
}
