//! Whole files: what is written comes back, the same bytes on every run, real maps in figures.

use std::path::Path;

use crate::common::{Osm, shared};
use clearway_import::{ImportOptions, RoadMap, gmns_files, import_roads, write_gmns};

fn read(path: &Path) -> RoadMap {
    import_roads(path, &ImportOptions::default(), &|_, _| {}).unwrap()
}

/// A town of 12 x 12 streets with one-way streets, bans, barriers and roads that leave the map.
fn town() -> Osm {
    let id = |x: i32, y: i32| i64::from(1000 + 100 * x + y);
    let mut map = Osm::new().bounds(-10, -10, 300, 300);
    for x in 0..12 {
        for y in 0..12 {
            let tags = if (x * y) % 7 == 3 { "highway=traffic_signals" } else { "" };
            map = map.node(id(x, y), x * 25, y * 25, tags);
        }
    }
    for k in 0..12 {
        let class = ["primary", "residential", "tertiary"][k as usize % 3];
        let street: Vec<i64> = (0..12).map(|x| id(x, k)).collect();
        map = map.way(i64::from(k) + 1, &street, &format!("highway={class} name=Street{k}"));
        let avenue: Vec<i64> = (0..12).map(|y| id(k, y)).chain([9999]).collect();
        let oneway = if k % 4 == 1 { "oneway=yes" } else { "oneway=no" };
        map = map.way(i64::from(k) + 101, &avenue, &format!("highway={class} {oneway} name=Avenue{k}"));
    }
    map.turn(1, "from:way:1 via:node:1000 to:way:101", "restriction=no_left_turn")
}

#[test]
fn what_is_written_comes_back() {
    let map = town().import();
    assert!(!map.movements.is_empty() && !map.boundary_nodes.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("new").join("folder");
    write_gmns(&folder, &map).unwrap();
    let again = read(&folder);
    assert_eq!(again.nodes, map.nodes);
    assert_eq!(again.links, map.links);
    assert_eq!(again.movements, map.movements);
    assert_eq!(again.boundary_nodes, map.boundary_nodes);
    assert_eq!(again.sources, map.sources);
    assert_eq!(again.attribution, map.attribution);
}

#[test]
fn compressed_and_plain_xml_give_the_same() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let (plain, packed) = (folder.path().join("map.osm"), folder.path().join("map.osm.gz"));
    std::fs::write(&plain, town().xml()).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(town().xml().as_bytes()).unwrap();
    std::fs::write(&packed, encoder.finish().unwrap()).unwrap();
    let (mut a, b) = (read(&plain), read(&packed));
    for source in &mut a.sources {
        source.note = source.note.replace("map.osm", "map.osm.gz");
    }
    assert_eq!((a.nodes, a.links, a.movements, a.sources), (b.nodes, b.links, b.movements, b.sources));
}

#[test]
fn links_keep_the_rules_of_the_reference() {
    let mut maps = vec![town().import()];
    maps.extend(
        ["osm/columbus.osm.pbf", "osm/Helsinki.osm.pbf", "osm/liechtenstein-2013-08-03.osm.pbf", "gmns"]
            .iter()
            .filter_map(|path| shared(path))
            .map(|path| read(&path)),
    );
    for map in &maps {
        let ids: std::collections::HashSet<&str> = map.nodes.iter().map(|n| n.node_id.as_str()).collect();
        assert_eq!(ids.len(), map.nodes.len());
        let links: std::collections::HashSet<&str> = map.links.iter().map(|l| l.link_id.as_str()).collect();
        assert_eq!(links.len(), map.links.len());
        for link in &map.links {
            assert!(ids.contains(link.from_node_id.as_str()) && ids.contains(link.to_node_id.as_str()));
            assert_ne!(link.from_node_id, link.to_node_id);
            assert!(link.length_m.unwrap() > 0.0);
            let Some(central) = link.capacity_pcu_h else { continue };
            let (low, high) = (link.capacity_pcu_h_low.unwrap(), link.capacity_pcu_h_high.unwrap());
            assert!(0.0 < low && low <= central && central <= high, "{}", link.link_id);
            // As much as there is: closed but in the optimistic case.
            assert!(link.reserved_pcu_h.unwrap() <= central);
            assert!(0 < link.time_ms_low.unwrap() && link.time_ms_low <= link.time_ms);
            // GMNS columns agree with ours within 1 %.
            if let Some(capacity) = link.capacity {
                assert!((capacity * link.lanes.unwrap() / high - 1.0).abs() < 0.01, "{}", link.link_id);
            }
            assert!((link.length.unwrap() * 1000.0 / link.length_m.unwrap() - 1.0).abs() < 0.01);
            let seconds = link.length_m.unwrap() / link.free_speed.unwrap() * 3.6;
            let off = (seconds * 1000.0 - link.time_ms.unwrap() as f64).abs();
            assert!(off <= 1.0 + 0.01 * link.time_ms.unwrap() as f64, "{}", link.link_id);
        }
    }
}

/// The bytes of all tables, read with this many threads.
fn bytes(path: &Path, threads: usize) -> Vec<(String, Vec<u8>)> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| gmns_files(&read(path)))
}

#[test]
fn the_same_bytes_on_every_run_and_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("town.osm");
    std::fs::write(&own, town().xml()).unwrap();
    for path in
        [Some(own), shared("osm/columbus.osm.pbf"), shared("osm/Helsinki.osm.pbf")].into_iter().flatten()
    {
        let first = bytes(&path, 1);
        for threads in [1, 2, 5] {
            assert!(first == bytes(&path, threads), "{} with {threads} threads", path.display());
        }
    }
}

/// Nodes, links, movements, boundary nodes, restrictions (all, honoured, not for cars, elsewhere).
fn figures(map: &RoadMap) -> [u64; 8] {
    let r = &map.report;
    let t = &r.restrictions;
    [r.nodes, r.links, r.movements, r.boundary_nodes, t.total, t.honoured, t.not_for_cars, t.elsewhere]
}

#[test]
fn real_maps_in_figures() {
    let (mut found, mut right) = (Vec::new(), Vec::new());
    for (path, expected) in [
        ("osm/columbus.osm.pbf", [18721, 52418, 18, 0, 30, 9, 0, 21]),
        ("osm/Helsinki.osm.pbf", [317, 582, 37, 43, 45, 37, 0, 7]),
        ("osm/liechtenstein-2013-08-03.osm.pbf", [2173, 5095, 1, 0, 2, 1, 0, 1]),
        ("osm/monaco.osm.gz", [457, 868, 0, 0, 0, 0, 0, 0]),
        ("gmns/04_Sioux_Falls_network_link.csv", [24, 76, 0, 0, 0, 0, 0, 0]),
    ] {
        if let Some(file) = shared(path) {
            found.push((path, figures(&read(&file))));
            right.push((path, expected));
        }
    }
    assert_eq!(found, right);
    // 12 streets and 9 avenues of 11 pieces in two directions, 3 avenues in one; every avenue is cut at its end.
    assert_eq!(figures(&town().import()), [144, (12 + 9) * 11 * 2 + 3 * 11, 1, 12, 1, 1, 0, 0]);
}
