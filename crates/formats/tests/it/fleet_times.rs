//! Times of a fleet that cannot be, or that are most often another unit.

use clearway_formats::{read_groups, read_scenario};
use clearway_model::{FolderStore, Severity};
use std::path::Path;

const FLEET: &str = "vehicle_type_id,count,seats,pcu_per_vehicle,load_ms,unload_ms,depot_node_id,available_from_ms,available_until_ms\n";

/// One road with 100 people who need a seat, and this fleet.
fn said(fleet: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/one-road");
    for entry in std::fs::read_dir(scenario).unwrap().flatten() {
        std::fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
    }
    write("groups.csv", "zone_id,means,people\nZ1,vehicle,11900\nZ1,seat,100\n");
    write("fleet.csv", &format!("{FLEET}{fleet}"));
    let (scenario, _) = read_scenario(&FolderStore::new(dir.path())).unwrap();
    let faults = match read_groups(&FolderStore::new(dir.path()), &scenario) {
        Ok(read) => read.unwrap().1,
        Err(faults) => faults,
    };
    let word = |severity| if severity == Severity::Error { "E" } else { "W" };
    faults
        .0
        .iter()
        .map(|fault| format!("{} {} = '{}'", word(fault.severity), fault.field, fault.found))
        .collect()
}

#[test]
fn a_fleet_that_leaves_before_it_comes_is_a_fault() {
    assert_eq!(said("bus,5,50,2,300000,300000,1,7200000,3600000\n"), ["E available_until_ms = '3600000'"]);
    assert_eq!(said("bus,5,50,2,300000,300000,1,3600000,3600000\n"), ["E available_until_ms = '3600000'"]);
    assert_eq!(said("bus,5,50,2,300000,300000,1,3600000,7200000\n"), Vec::<String>::new());
}

#[test]
fn times_of_vehicles_in_seconds_are_warned_of() {
    assert_eq!(
        said("bus,5,50,2,300,300,1,0,43200\n"),
        ["W load_ms = '300'", "W unload_ms = '300'", "W available_until_ms = '43200'"]
    );
}

#[test]
fn numbers_that_would_overflow_are_faults_and_nothing_else() {
    let most = i64::MAX;
    let found =
        said(&format!("bus,{most},{most},2,300000,300000,1,,\nvan,{most},{most},2,300000,300000,1,,\n"));
    assert!(!found.is_empty() && found.iter().all(|fault| fault.starts_with('E')), "{found:?}");
}
