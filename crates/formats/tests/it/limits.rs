//! Every limit of every column: a figure beyond it is an error that names the cell.

use clearway_formats::{TableColumn, TableRow, read_scenario};
use clearway_model::{
    ClosureRow, ConnectorRow, FolderStore, LinkRow, MobilizationRow, NodeRow, Severity, SiteRow, WindowRow,
    ZoneRow,
};
use std::path::Path;

/// A folder with one row in the table in question; its other cells are given by `sound`.
fn errors_with(file: &str, header: &str, row: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let from = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road"));
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    std::fs::write(dir.path().join(file), format!("{header}\n{row}\n")).unwrap();
    match read_scenario(&FolderStore::new(dir.path())) {
        Ok(_) => Vec::new(),
        Err(faults) => faults
            .0
            .iter()
            .filter(|fault| {
                fault.severity == Severity::Error && fault.file == file && fault.place.starts_with("row 2")
            })
            .map(|fault| format!("{} = {}", fault.field, fault.found))
            .collect(),
    }
}

/// Figures just beyond the limits of a column.
fn beyond(column: &TableColumn) -> Vec<String> {
    let mut figures = Vec::new();
    figures.extend(column.above.map(|limit| limit.to_string()));
    figures.extend(column.above.map(|limit| (limit - 1.0).to_string()));
    figures.extend(column.at_least.map(|limit| (limit - 1.0).to_string()));
    figures.extend(column.at_most.map(|limit| (limit + 1.0).to_string()));
    figures
}

fn check<R: TableRow>(sound: &[(&str, &str)]) -> usize {
    let mut count = 0;
    for column in R::COLUMNS {
        for figure in beyond(column) {
            let mut names = vec![column.name];
            let mut cells = vec![figure.as_str()];
            for (name, cell) in sound.iter().filter(|(name, _)| *name != column.name) {
                names.push(name);
                cells.push(cell);
            }
            let errors = errors_with(R::FILE, &names.join(","), &cells.join(","));
            let expected = format!("{} = {figure}", column.name);
            assert!(errors.contains(&expected), "{}: {expected} is not among {errors:?}", R::FILE);
            count += 1;
        }
        if column.required {
            let sound: Vec<_> = sound.iter().filter(|(name, _)| *name != column.name).collect();
            let names: Vec<&str> = sound.iter().map(|(name, _)| *name).collect();
            let cells: Vec<&str> = sound.iter().map(|(_, cell)| *cell).collect();
            let header = format!("{},{}", names.join(","), column.name);
            let errors = errors_with(R::FILE, &header, &format!("{},", cells.join(",")));
            assert!(
                errors.contains(&format!("{} = ", column.name)),
                "{}: {} left empty",
                R::FILE,
                column.name
            );
            count += 1;
        }
    }
    count
}

#[test]
fn every_limit_holds() {
    let closure =
        [("target", "link"), ("target_id", "1"), ("from_ms", "0"), ("until_ms", "5"), ("kind", "entry")];
    let mut count = check::<NodeRow>(&[("node_id", "1"), ("x_coord", "10"), ("y_coord", "50")]);
    count += check::<LinkRow>(&[
        ("link_id", "1"),
        ("from_node_id", "1"),
        ("to_node_id", "2"),
        ("length_m", "10000"),
        ("time_ms", "600000"),
        ("capacity_pcu_h", "1200"),
    ]);
    count += check::<ZoneRow>(&[("zone_id", "Z1"), ("people", "12000")]);
    count += check::<MobilizationRow>(&[("mobilization_id", "R"), ("time_ms", "0"), ("share", "1")]);
    count += check::<SiteRow>(&[("site_id", "S1"), ("name", "Town")]);
    let connector =
        [("connector_id", "C"), ("place", "zone"), ("place_id", "Z1"), ("node_id", "1"), ("time_ms", "0")];
    count += check::<ConnectorRow>(&connector);
    count += check::<ClosureRow>(&[&[("closure_id", "K")], &closure[..]].concat());
    count += check::<WindowRow>(&[&[("window_id", "W")], &closure[..]].concat());
    assert!(count > 100, "{count} limits and required cells");
}
