//! What is written is read back: any table, any scenario, in any form that the reference allows.

use clearway_artifacts::Overwrite;
use clearway_formats::{TableRow, check_scenario, read_scenario, read_table, to_csv, write_scenario};
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, FolderStore, LinkRow, MovementRow,
    NodeRow, Scenario, Settings, SiteRow, SourceRow, SourceStatus, WindowRow, WindowTarget, ZoneRow,
};
use proptest::option::of;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// Text of all kinds: quotes, commas, line breaks, tags, letters of any language.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "[#\",\n\rא-ת中é]{0,6}", Just(String::new())]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>().prop_filter("finite", |n| n.is_finite()), (-1000i32..1000).prop_map(f64::from)]
}

fn node() -> impl Strategy<Value = NodeRow> {
    ("[a-z#,\"]{1,5}", text(), number(), number()).prop_map(|(node_id, name, x_coord, y_coord)| NodeRow {
        node_id,
        name,
        x_coord,
        y_coord,
    })
}

fn site() -> impl Strategy<Value = SiteRow> {
    ("[a-z]{1,3}", text(), of(any::<i64>()), of(number()), of(any::<i64>()), of(number())).prop_map(
        |(site_id, name, capacity_people, admission_people_h, open_from_ms, area_m2)| SiteRow {
            site_id,
            name,
            capacity_people,
            admission_people_h,
            open_from_ms,
            area_m2,
            ..SiteRow::default()
        },
    )
}

fn closure() -> impl Strategy<Value = ClosureRow> {
    let target = prop_oneof![
        Just(ClosureTarget::Link),
        Just(ClosureTarget::Node),
        Just(ClosureTarget::Zone),
        Just(ClosureTarget::Site)
    ];
    let kind = prop_oneof![Just(ClosureKind::Entry), Just(ClosureKind::Presence)];
    ("[a-z]{1,3}", target, kind, any::<i64>(), of(any::<i64>()), text()).prop_map(
        |(closure_id, target, kind, from_ms, until_ms, cause)| ClosureRow {
            target_id: closure_id.clone(),
            closure_id,
            target,
            kind,
            from_ms,
            until_ms,
            cause,
            ..ClosureRow::default()
        },
    )
}

/// Reads what was written, in four forms: as it is, with byte-order mark, with CRLF where no cell holds a line break, with the columns
/// reversed and one that nobody knows.
fn comes_back<R: TableRow + PartialEq + std::fmt::Debug>(rows: &[R]) -> Result<(), TestCaseError> {
    let written = to_csv(rows);
    let (read, faults) = read_table::<R>(R::FILE, &written);
    prop_assert_eq!(&faults.0, &vec![]);
    prop_assert_eq!(&read, rows);
    prop_assert_eq!(to_csv(&read), written.clone());
    let marked = [b"\xef\xbb\xbf".as_slice(), &written].concat();
    prop_assert_eq!(&read_table::<R>(R::FILE, &marked).0, rows);
    let text = String::from_utf8(written).map_err(|error| TestCaseError::fail(error.to_string()))?;
    if !text.contains(['\r', '"']) {
        let crlf = text.replace('\n', "\r\n");
        prop_assert_eq!(&read_table::<R>(R::FILE, crlf.as_bytes()).0, rows);
        let reversed: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(at, line)| {
                let cells: Vec<&str> = line.split(',').rev().collect();
                format!("{},{}\n", if at == 0 { "remark_of_mine" } else { "x" }, cells.join(","))
            })
            .collect();
        let (read, faults) = read_table::<R>(R::FILE, reversed.concat().as_bytes());
        prop_assert_eq!(&faults.0, &vec![]);
        prop_assert_eq!(&read, rows);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn tables_come_back(
        nodes in proptest::collection::vec(node(), 0..6),
        sites in proptest::collection::vec(site(), 0..6),
        closures in proptest::collection::vec(closure(), 0..6),
    ) {
        comes_back(&nodes)?;
        comes_back(&sites)?;
        comes_back(&closures)?;
    }
}

/// A sound scenario out of a few numbers: a line of nodes with a zone at one end and a site at the other.
fn sound(links: usize, people: i64, length_m: f64, name: String, status: SourceStatus) -> Scenario {
    let (mut scenario, _) = read_scenario(&FolderStore::new(example("one-road"))).unwrap();
    scenario.nodes = (0..=links)
        .map(|n| NodeRow {
            node_id: format!("n{n}"),
            name: String::new(),
            // about a third of the length of a link apart, as roads wind
            x_coord: 10.0 + n as f64 * length_m / 330_000.0,
            y_coord: 1.0,
        })
        .collect();
    scenario.links = (0..links)
        .map(|n| LinkRow {
            link_id: format!("l{n}"),
            name: name.clone(),
            from_node_id: format!("n{n}"),
            to_node_id: format!("n{}", n + 1),
            directed: "true".into(),
            length_m: Some(length_m),
            capacity_pcu_h: Some(1000.0 + n as f64 / 3.0),
            time_ms: Some((length_m / 15.0 * 1000.0) as i64),
            ..LinkRow::default()
        })
        .collect();
    scenario.movements = vec![MovementRow {
        mvmt_id: "m".into(),
        node_id: "n1".into(),
        ib_link_id: "l0".into(),
        ob_link_id: "l1".into(),
        prohibited: "0".into(),
    }];
    scenario.zones = vec![ZoneRow { zone_id: "z".into(), name, people, ..ZoneRow::default() }];
    let connector = |id: &str, place, place_id: &str, node: String| ConnectorRow {
        connector_id: id.into(),
        place,
        place_id: place_id.into(),
        node_id: node,
        ..ConnectorRow::default()
    };
    scenario.sites = vec![SiteRow { site_id: "s".into(), ..SiteRow::default() }];
    scenario.connectors = vec![
        connector("a", ConnectorPlace::Zone, "z", "n0".into()),
        connector("b", ConnectorPlace::Site, "s", format!("n{links}")),
    ];
    scenario.windows = vec![WindowRow {
        window_id: "w".into(),
        target: WindowTarget::AllLinks,
        target_id: "*".into(),
        ..WindowRow::default()
    }];
    scenario.sources = vec![SourceRow {
        table: "zones".into(),
        id: "z".into(),
        field: "people".into(),
        status,
        ..SourceRow::default()
    }];
    scenario
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn scenarios_come_back(
        links in 2usize..6, people in 1i64..100_000_000, length_m in 1.0f64..100_000.0, name in "[a-zA-Z ,\"#]{0,12}",
    ) {
        let scenario = sound(links, people, length_m, name, SourceStatus::Assumed);
        prop_assert_eq!(check_scenario(&scenario).0, vec![]);
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("s");
        let digest = write_scenario(&dir, &scenario, &[], Overwrite::Refuse).unwrap();
        let (read, warnings) = read_scenario(&FolderStore::new(&dir)).unwrap();
        prop_assert_eq!(warnings.0, vec![]);
        prop_assert_eq!(&read.digest, &digest);
        prop_assert_eq!(&read, &Scenario { digest: digest.clone(), ..scenario.clone() });
        // the same scenario is the same bytes
        prop_assert_eq!(write_scenario(&dir, &read, &[], Overwrite::Replace).unwrap(), digest);
    }
}

#[test]
fn the_examples_have_no_faults_and_come_back() {
    for name in ["one-road", "rafah-2024"] {
        let (scenario, warnings) = read_scenario(&FolderStore::new(example(name))).unwrap();
        assert_eq!(warnings.0, vec![], "{name}");
        assert_eq!(check_scenario(&scenario).0, vec![], "{name}");
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join(name);
        let digest =
            write_scenario(&dir, &scenario, &[("README.md", b"x".to_vec())], Overwrite::Refuse).unwrap();
        let (read, _) = read_scenario(&FolderStore::new(&dir)).unwrap();
        assert_eq!(read, Scenario { digest, ..scenario });
    }
}

#[test]
fn features_stand_in_for_tables() {
    let root = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(example("one-road")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, root.path().join(path.file_name().unwrap())).unwrap();
    }
    std::fs::remove_file(root.path().join("zones.csv")).unwrap();
    let zones = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"zone_id": "Z1", "people": 12000.0},
        "geometry": {"type": "Polygon", "coordinates": [[[9.99, 50.0], [10.01, 50.0], [10.01, 50.02], [9.99, 50.02], [9.99, 50.0]]]}}]}"#;
    std::fs::write(root.path().join("zones.geojson"), zones).unwrap();
    let (scenario, warnings) = read_scenario(&FolderStore::new(root.path())).unwrap();
    assert_eq!(warnings.0, vec![]);
    let zone = &scenario.zones[0];
    assert_eq!((zone.zone_id.as_str(), zone.people), ("Z1", 12000));
    assert!((zone.x_coord.unwrap() - 10.0).abs() < 1e-9 && (zone.y_coord.unwrap() - 50.01).abs() < 1e-9);
    std::fs::write(root.path().join("zones.geojson"), zones.replace("12000.0", "-7")).unwrap();
    let faults = read_scenario(&FolderStore::new(root.path())).unwrap_err();
    let fault = &faults.0[0];
    assert_eq!(
        (fault.file.as_str(), fault.place.as_str(), fault.found.as_str()),
        ("zones.geojson", "feature 1 (Z1)", "-7")
    );
}

#[test]
fn a_scenario_in_memory_is_checked_as_it_would_be_written() {
    let mut scenario = sound(3, 10, 1000.0, String::new(), SourceStatus::Assumed);
    scenario.settings = Settings { schema: "x".into(), ..scenario.settings };
    scenario.links[1].to_node_id = "nowhere".into();
    let faults = check_scenario(&scenario);
    let lines: Vec<String> =
        faults.0.iter().map(|fault| format!("{} {} {}", fault.file, fault.place, fault.field)).collect();
    assert_eq!(
        lines,
        [
            "scenario.toml  schema",
            "link.csv row 3 (l1) to_node_id",
            "zones.csv row 2 (z) zone_id",
            "sites.csv row 2 (s) site_id"
        ]
    );
}

#[test]
fn tables_do_not_come_in_by_the_side_door() {
    let root = tempfile::tempdir().unwrap();
    let scenario = sound(2, 10, 1000.0, String::new(), SourceStatus::Assumed);
    for name in ["closures.csv", "node.csv", "scenario.toml"] {
        let extra = [(name, b"x".to_vec())];
        assert!(
            write_scenario(&root.path().join("s"), &scenario, &extra, Overwrite::Refuse).is_err(),
            "{name}"
        );
    }
}
