//! A scenario folder in which a piece of one file is replaced, or to which one is added.
#![no_main]

use clearway_formats::{read_scenario, read_scenario_with_groups};
use clearway_fuzz_readers::patched;
use clearway_model::MemoryStore;
use libfuzzer_sys::fuzz_target;

const FILES: [(&str, &[u8]); 6] = [
    ("connectors.csv", include_bytes!("../../examples/one-road/connectors.csv")),
    ("link.csv", include_bytes!("../../examples/one-road/link.csv")),
    ("node.csv", include_bytes!("../../examples/one-road/node.csv")),
    ("scenario.toml", include_bytes!("../../examples/one-road/scenario.toml")),
    ("sites.csv", include_bytes!("../../examples/one-road/sites.csv")),
    ("zones.csv", include_bytes!("../../examples/one-road/zones.csv")),
];
/// Those that the example does without.
const OTHERS: [&str; 12] = [
    "closures.csv", "hazards.csv", "release.csv", "movement.csv", "junctions.csv", "assumptions.csv", "zones.geojson", "hazards.geojson",
    "groups.csv", "fleet.csv", "modes.csv", "depots.csv",
];

fuzz_target!(|data: &[u8]| {
    let Some((&first, patch)) = data.split_first() else { return };
    let mut store = MemoryStore::new("scenario");
    for (name, bytes) in FILES {
        store.insert(name, bytes);
    }
    let at = usize::from(first) % (FILES.len() + OTHERS.len());
    match FILES.get(at) {
        Some((name, bytes)) => store.insert(*name, patched(bytes, patch)),
        None => store.insert(OTHERS[at - FILES.len()], patch),
    }
    let _ = read_scenario(&store);
    let _ = read_scenario_with_groups(&store);
});
