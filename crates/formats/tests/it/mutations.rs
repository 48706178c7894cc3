//! Damaged files: whatever stands in a folder, reading it ends with a scenario or with faults that say where, and never otherwise.

use clearway_formats::{read_certificate, read_plan, read_scenario, read_summary, scenario_files};
use clearway_model::{Faults, FolderStore, MemoryStore};
use std::path::{Path, PathBuf};

/// A small generator of its own, so that the same damage is done on every run: SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// Things that tend to break readers.
const NASTY: [&[u8]; 24] = [
    b"\"",
    b",",
    b"\n",
    b"\r",
    b"#",
    b"\0",
    b"\xff",
    b"\xc3",
    b"-",
    b"0",
    b"9999999999999999999",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"1e308",
    b"nan",
    b"inf",
    b"\xef\xbb\xbf",
    b"[[",
    b"=",
    b"{",
    b"}",
    b"'''",
    b"*",
    b"\xf0\x9f\x9a\x97",
];

fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] = random.next() as u8,
            1 if at < bytes.len() => {
                bytes.remove(at);
            }
            2 => bytes.truncate(at),
            3 => {
                let end = (at + random.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                // a number becomes another
                let end = (at + 1 + random.below(8)).min(bytes.len());
                let nasty = NASTY[8 + random.below(8)];
                bytes.splice(at..end, nasty.iter().copied());
            }
            _ => {
                let nasty = NASTY[random.below(NASTY.len())];
                bytes.splice(at..at, nasty.iter().copied());
            }
        }
    }
}

fn assert_says_where(faults: &Faults) {
    for fault in &faults.0 {
        assert!(!fault.file.is_empty() && !fault.expected.is_empty(), "{fault:?}");
    }
}

fn mutate(name: &str, rounds: u64) {
    let files = scenario_files(&FolderStore::new(example(name))).unwrap();
    let root = tempfile::tempdir().unwrap();
    for (file, bytes) in &files {
        std::fs::write(root.path().join(file), bytes).unwrap();
    }
    let (mut sound, mut faulty) = (0, 0);
    for round in 0..rounds {
        let mut random = Random(round);
        let (file, bytes) = &files[random.below(files.len())];
        let mut damaged = bytes.clone();
        damage(&mut damaged, &mut random);
        std::fs::write(root.path().join(file), &damaged).unwrap();
        match read_scenario(&FolderStore::new(root.path())) {
            Ok((_, warnings)) => {
                assert!(!warnings.has_errors(), "round {round}");
                assert_says_where(&warnings);
                sound += 1;
            }
            Err(faults) => {
                assert!(faults.has_errors(), "round {round}");
                assert_says_where(&faults);
                faulty += 1;
            }
        }
        std::fs::write(root.path().join(file), bytes).unwrap();
    }
    // the damage is neither always harmless nor always fatal, or this test would show nothing
    assert!(sound > rounds / 50 && faulty > rounds / 4, "{name}: {sound} sound, {faulty} faulty of {rounds}");
}

#[test]
fn damaged_one_road_is_read_or_refused() {
    mutate("one-road", 1500);
}

#[test]
fn damaged_rafah_2024_is_read_or_refused() {
    mutate("rafah-2024", 1500);
}

#[test]
fn damaged_shapes_are_read_or_refused() {
    let shape = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"zone_id": "Z1", "people": 12000,
"hazard_id": "fire", "from": "2026-06-01T09:00:00Z", "until_ms": 99, "site_id": "S1"}, "geometry": {"type": "MultiPolygon", "coordinates":
[[[[9.99, 50.0], [10.01, 50.0], [10.01, 50.02], [9.99, 50.0]], [[9.995, 50.0], [10.0, 50.0], [10.0, 50.01], [9.995, 50.0]]]]}}]}"#;
    let files = scenario_files(&FolderStore::new(example("one-road"))).unwrap();
    let root = tempfile::tempdir().unwrap();
    for (file, bytes) in files.iter().filter(|(file, _)| *file != "zones.csv") {
        std::fs::write(root.path().join(file), bytes).unwrap();
    }
    for round in 0..1000 {
        let mut random = Random(round);
        for file in ["zones.geojson", "sites.geojson", "hazards.geojson"] {
            let mut damaged = shape.as_bytes().to_vec();
            damage(&mut damaged, &mut random);
            std::fs::write(root.path().join(file), &damaged).unwrap();
        }
        match read_scenario(&FolderStore::new(root.path())) {
            Ok((_, faults)) | Err(faults) => assert_says_where(&faults),
        }
    }
}

#[test]
fn damaged_answers_are_read_or_refused() {
    let plan = r#"{"schema": "clearway-plan/2", "scenario": "sha256:0", "case": "central", "routes_per_zone": 3, "window_ms": 900000,
"packet_people": 5, "routes": [{"route_id": "R1", "zone_id": "Z1", "site_id": "S1", "from_connector": "C1", "links": ["1"], "to_connector": "C2"}],
"orders": [{"order_id": 1, "zone_id": "Z1", "group": "all", "class": "car", "people": 120, "depart_from_ms": 0, "depart_until_ms": 900000, "route_id": "R1"}],
"not_moved": [{"zone_id": "Z1", "people": 10, "outcome": "not_evacuated", "reason": "stays"}]}"#;
    let certificate = r#"{"schema": "clearway-certificate/2", "scenario": "sha256:0", "grid_ms": 60000, "families": [{"family": "central",
"case": "central", "routes_per_zone": null, "places": ["node:1"], "unit_ms": 1000, "base_ms": [0], "cuts": [{"theta_ms": 3600000, "k": [[1, 12]], "bound_people": 4000}]}]}"#;
    let under_all_names = |bytes: &[u8]| -> MemoryStore {
        ["plan.json", "certificate.json", "summary.json"].into_iter().map(|name| (name, bytes)).collect()
    };
    read_plan(&under_all_names(plan.as_bytes())).unwrap();
    read_certificate(&under_all_names(certificate.as_bytes())).unwrap();
    for round in 0..1500 {
        let mut random = Random(round);
        for text in [plan, certificate] {
            let mut damaged = text.as_bytes().to_vec();
            damage(&mut damaged, &mut random);
            let store = under_all_names(&damaged);
            let results =
                [read_plan(&store).err(), read_certificate(&store).err(), read_summary(&store).err()];
            results.iter().flatten().for_each(assert_says_where);
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("plan.json");
    for deep in ["[".repeat(1_000_000), "{\"a\":".repeat(1_000_000)] {
        std::fs::write(&path, deep).unwrap();
        read_plan(&FolderStore::new(root.path())).unwrap_err();
    }
    for (file, bytes) in scenario_files(&FolderStore::new(example("one-road"))).unwrap() {
        std::fs::write(root.path().join(file), bytes).unwrap();
    }
    std::fs::write(root.path().join("zones.geojson"), "[".repeat(1_000_000)).unwrap();
    read_scenario(&FolderStore::new(root.path())).unwrap();
    std::fs::write(root.path().join("scenario.toml"), format!("a = {}", "[".repeat(1_000_000))).unwrap();
    read_scenario(&FolderStore::new(root.path())).unwrap_err();
}
