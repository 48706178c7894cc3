//! Instances of the library: the same on every run, whole people, capacities and closures as stated, read without faults.

use clearway_artifacts::Overwrite;
use clearway_benchmarks::{InstanceDefinition, InstanceLibrary, SizeClass, find_map, make};
use clearway_formats::{read_scenario, scenario_text, write_scenario};
use clearway_model::{ClosureKind, ClosureTarget, ConnectorPlace, FolderStore, Scenario, WindowTarget};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn library() -> InstanceLibrary {
    InstanceLibrary::parse(include_str!("../../../../bench/library.toml")).unwrap()
}

fn maps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

/// The scenario, or `None` with a message where the map is not there.
fn made(name: &str) -> Option<(InstanceDefinition, Scenario)> {
    let library = library();
    let definition = library.find(name).unwrap().clone();
    if let Some(map) = &definition.map
        && find_map(map, &maps()).is_err()
    {
        eprintln!("skipped: {name}, there is no {map}");
        return None;
    }
    let scenario = make(&definition, &maps()).unwrap();
    Some((definition, scenario))
}

/// Those that are made in a moment.
const SMALL: [&str; 13] = [
    "village",
    "village-front",
    "siouxfalls",
    "hamlet-one-bridge",
    "helsinki",
    "helsinki-full-sites",
    "anaheim",
    "anaheim-curfew",
    "monaco-sites-1-3",
    "town-many-bridges",
    "chicago-sites-1-3",
    "city-one-bridge",
    "growth-10k",
];

#[test]
fn small_instances_read_without_faults_and_keep_their_people() {
    let folder = tempfile::tempdir().unwrap();
    for (definition, scenario) in SMALL.iter().filter_map(|name| made(name)) {
        let name = &definition.name;
        let dir = folder.path().join(name);
        write_scenario(&dir, &scenario, &[], Overwrite::Refuse).unwrap();
        if let Err(faults) = read_scenario(&FolderStore::new(&dir)) {
            panic!("{name}: {faults:?}");
        }
        assert_eq!(scenario.zones.iter().map(|z| z.people).sum::<i64>(), definition.people, "{name}");
        assert_eq!(scenario.settings.horizon_ms, definition.horizon_h * 3_600_000);
        let last = scenario.releases.last().unwrap();
        assert_eq!((last.time_ms as f64 / 3.6e6, last.share), (definition.release_h, 1.0));
        let held: Option<i64> = scenario.sites.iter().map(|site| site.capacity_people).sum();
        let wanted = definition.capacity_ratio.map(|ratio| (ratio * definition.people as f64).round() as i64);
        assert_eq!(held, wanted, "{name}");
    }
}

#[test]
fn the_same_definition_gives_the_same_bytes() {
    for name in ["village-front", "anaheim", "town-many-bridges"] {
        let Some((_, first)) = made(name) else { continue };
        let (_, second) = made(name).unwrap();
        assert_eq!(scenario_text(&first).unwrap(), scenario_text(&second).unwrap(), "{name}");
    }
}

#[test]
fn a_front_closes_what_it_reaches_and_leaves_the_sites_beyond() {
    let Some((definition, scenario)) = made("village-front") else { return };
    let front = definition.front.unwrap();
    let (from, until) = ((front.from_h * 3.6e6) as i64, (front.until_h * 3.6e6) as i64);
    assert!(!scenario.closures.is_empty() && !scenario.sites.is_empty());
    for row in &scenario.closures {
        assert!((from..=until).contains(&row.from_ms) && row.until_ms.is_none(), "{row:?}");
        assert_eq!(row.kind, ClosureKind::Presence);
    }
    let closed = |target: ClosureTarget| -> BTreeSet<&str> {
        scenario
            .closures
            .iter()
            .filter(|row| row.target == target)
            .map(|row| row.target_id.as_str())
            .collect()
    };
    let (nodes, links) = (closed(ClosureTarget::Node), closed(ClosureTarget::Link));
    for link in &scenario.links {
        let touched = nodes.contains(link.from_node_id.as_str()) || nodes.contains(link.to_node_id.as_str());
        assert_eq!(touched, links.contains(link.link_id.as_str()), "{}", link.link_id);
    }
    let cut_arcs = scenario.connectors.iter().filter(|row| row.place == ConnectorPlace::Site);
    assert!(cut_arcs.into_iter().all(|row| !nodes.contains(row.node_id.as_str())));
    let zones = closed(ClosureTarget::Zone).len();
    assert!(0 < zones && zones < scenario.zones.len());
}

#[test]
fn a_curfew_is_a_window_for_all_links_every_day() {
    let Some((_, scenario)) = made("anaheim-curfew") else { return };
    let [window] = scenario.windows.as_slice() else { panic!("{:?}", scenario.windows) };
    assert_eq!((window.target, window.target_id.as_str()), (WindowTarget::AllLinks, "*"));
    assert_eq!((window.from_ms, window.until_ms), (0, Some(11 * 3_600_000)));
    assert_eq!((window.repeat_every_ms, window.kind), (Some(24 * 3_600_000), ClosureKind::Entry));
    assert_eq!(scenario.settings.horizon_ms, 21 * 24 * 3_600_000);
}

#[test]
fn a_river_has_its_bridges_and_all_sites_on_one_side() {
    for (name, bridges) in [("hamlet-one-bridge", 1), ("town-many-bridges", 6)] {
        let (_, scenario) = made(name).unwrap();
        let mut heights: Vec<f64> = scenario.nodes.iter().map(|n| n.y_coord).collect();
        heights.sort_by(f64::total_cmp);
        let line = heights[heights.len() / 2];
        let north: BTreeSet<&str> =
            scenario.nodes.iter().filter(|n| n.y_coord >= line).map(|n| n.node_id.as_str()).collect();
        let crossing: Vec<_> = scenario
            .links
            .iter()
            .filter(|l| north.contains(l.from_node_id.as_str()) != north.contains(l.to_node_id.as_str()))
            .collect();
        assert_eq!(crossing.len(), 2 * bridges, "{name}");
        let cut_arcs = scenario.connectors.iter().filter(|row| row.place == ConnectorPlace::Site);
        assert!(cut_arcs.into_iter().all(|row| !north.contains(row.node_id.as_str())));
    }
}

#[test]
fn every_class_has_a_real_map_and_the_hard_metropolis_is_real_and_made_up() {
    let library = library();
    for class in [SizeClass::Village, SizeClass::Town, SizeClass::City, SizeClass::Metropolis] {
        assert!(library.instance.iter().any(|one| one.class == class && one.map.is_some()), "{class:?}");
    }
    let hard = |one: &&InstanceDefinition| {
        one.class == SizeClass::Metropolis && one.front.is_some() && one.capacity_ratio == Some(1.3)
    };
    let hard: Vec<bool> = library.instance.iter().filter(hard).map(|one| one.map.is_some()).collect();
    assert!(hard.contains(&true) && hard.contains(&false));
}

#[test]
fn a_bad_definition_is_refused_with_all_its_faults() {
    let text = "[[instance]]\nname = \"a b\"\nclass = \"town\"\npeople = 0\nzones = 3\nrelease_h = 1\nhorizon_h = 72\nseed = 1\nside = 20\n";
    let fault = InstanceLibrary::parse(text).unwrap_err().to_string();
    for expected in ["a name of letters", "people above 0", "square number"] {
        assert!(fault.contains(expected), "{fault}");
    }
    assert!(InstanceLibrary::parse("[[instance]]\nname = \"x\"\nspeed = 3\n").is_err());
    assert!(library().find("atlantis").is_err());
}
