//! Segments of Overture Maps, made by pyarrow, are read as the same roads of a map of OpenStreetMap are.

use crate::readers::run;
use clearway::{
    ComposeRequest, FolderStore, ImportRequest, ImportedRoads, InputFile, Session, compose, import,
};
use std::path::Path;
use std::sync::OnceLock;

/// A folder with all files of `make_overture.py`.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = FOLDER.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        run("make_overture.py", &[&dir.path().display().to_string()]);
        dir
    });
    made.path()
}

fn read(name: &str, private_roads: bool) -> ImportedRoads {
    let mut request = ImportRequest::default();
    request.map = Some(name.to_owned());
    if private_roads {
        request.private_roads = clearway::PrivateRoadUse::Everybody;
    }
    import(&Session::new().with_threads(1), &request, &FolderStore::new(folder()))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a link is, whatever it and its nodes are called: its ends, name, class, length, lanes, capacity and time.
fn links(roads: &ImportedRoads) -> Vec<String> {
    let place = |id: &str| {
        let node = roads.map.nodes.iter().find(|node| node.node_id == id).unwrap();
        format!("{:.7} {:.7}", node.x_coord, node.y_coord)
    };
    let mut links: Vec<String> = roads
        .map
        .links
        .iter()
        .map(|link| {
            let figures = (link.length_m, link.lanes, link.capacity_pcu_h, link.time_ms, link.reserved_pcu_h);
            let ends = (place(&link.from_node_id), place(&link.to_node_id));
            format!("{ends:?} {} {} {figures:?}", link.name, link.facility_type)
        })
        .collect();
    links.sort();
    links
}

#[test]
fn segments_are_the_roads_that_the_same_map_of_openstreetmap_has() {
    for private_roads in [false, true] {
        let plain = read("same.osm", private_roads);
        let expected = links(&plain);
        assert!(expected.len() > 60, "{}", expected.len());
        for name in ["segments.parquet", "segments-snappy.parquet"] {
            let found = read(name, private_roads);
            assert_eq!(links(&found), expected, "{name}");
            let km = |roads: &ImportedRoads| roads.map.report.drivable_km;
            assert!((km(&found) - km(&plain)).abs() < 1e-6, "{} {}", km(&found), km(&plain));
            let words = found.in_words();
            assert!(
                words.contains("60 segments of roads became 60 ways at 36 connectors; 1 of rails"),
                "{words}"
            );
            assert!(found.map.attribution.contains("Overture Maps Foundation"));
            assert!(found.map.sources.iter().any(|row| row.source.contains("Overture Maps Foundation")));
        }
    }
}

#[test]
fn rules_hold_on_parts_and_forbidden_turns_are_turns() {
    let roads = read("parts.parquet", false);
    let main: Vec<_> = roads.map.links.iter().filter(|link| link.facility_type == "primary").collect();
    // a degree of longitude at 60.2 degrees north is 55,463 m on the ellipsoid of WGS 84: 0.02 of them, there and back
    let lengths: f64 = main.iter().filter_map(|link| link.length_m).sum();
    assert!((lengths - 2.0 * 1_109.26).abs() < 0.1, "{lengths}");
    // from A to B half is driven with 80 and half with 50 km/h, from B to C all with 50: (1/80 + 1/50) / (2/50)
    let mut times: Vec<_> = main.iter().filter_map(|link| link.time_ms).collect();
    times.sort_unstable();
    #[allow(clippy::cast_precision_loss)]
    let ratio = times[0] as f64 / times[3] as f64;
    assert!(times.len() == 4 && (ratio - 0.8125).abs() < 0.002, "{times:?}");
    // B to D alone: the way back is denied
    let side: Vec<_> = roads.map.links.iter().filter(|link| link.facility_type == "residential").collect();
    assert_eq!(side.len(), 1);
    let from_a = main
        .iter()
        .filter(|link| {
            roads
                .map
                .movements
                .iter()
                .any(|ban| ban.ib_link_id == link.link_id && ban.ob_link_id == side[0].link_id)
        })
        .count();
    assert_eq!(from_a, 2, "from A and from C: {:?}", roads.map.movements);
    let words = roads.in_words();
    assert!(words.contains("2 segments of roads became 4 ways at 4 connectors"), "{words}");
}

#[test]
fn a_scenario_of_segments_has_everybody() {
    let mut request = ComposeRequest::default();
    request.map = Some("segments.parquet".to_owned());
    let area = r#"{"type": "Polygon", "coordinates": [[[24.903, 60.201], [24.913, 60.201], [24.913, 60.207], [24.903, 60.207], [24.903, 60.201]]]}"#;
    request.area = Some(InputFile::new("area.geojson", area));
    request.people = Some(777);
    request.zone_count = Some(3);
    let composed = compose(&Session::new().with_threads(1), &request, &FolderStore::new(folder())).unwrap();
    assert_eq!(composed.scenario.zones.iter().map(|zone| zone.people).sum::<i64>(), 777);
    assert!(composed.scenario.settings.attribution.join(" ").contains("Overture"));
}

#[test]
fn files_that_are_no_segments_are_said() {
    for (name, words) in [
        ("bad-cut.parquet", "bad-cut.parquet is damaged"),
        ("bad-columns.parquet", "without the columns connectors of Overture's segments"),
        ("bad-shape.parquet", "row 1, segment 's0037': its geometry is no line"),
        ("bad-connectors.parquet", "row 1, segment 's0037': 1 connectors, expected two or more"),
    ] {
        let mut request = ImportRequest::default();
        request.map = Some(name.to_owned());
        let error = import(&Session::new(), &request, &FolderStore::new(folder())).unwrap_err().to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
}

#[test]
fn damaged_segments_never_end_the_program() {
    let whole = std::fs::read(folder().join("segments.parquet")).unwrap();
    for step in 0..150_usize {
        let mut bytes = whole.clone();
        let at = step * whole.len() / 150;
        bytes[at] = bytes[at].wrapping_add(u8::try_from(step).unwrap() + 1);
        bytes[at / 2] ^= 0xff;
        let store: clearway::MemoryStore = [("roads.parquet".to_owned(), bytes)].into_iter().collect();
        let mut request = ImportRequest::default();
        request.map = Some("roads.parquet".to_owned());
        let _ = import(&Session::new().with_threads(1), &request, &store);
    }
}
