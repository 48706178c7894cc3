//! Road maps of every kind, receiving places and buildings: the kind is told from the bytes, the first of which says what the file is called.
#![no_main]

use clearway_import::{ImportOptions, ImportWatch, import_buildings, import_map, import_receiving_places};
use clearway_model::{Cancel, MemoryStore};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 4] = ["map.osm.pbf", "link.csv", "node.csv", "Town_net.tntp"];

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let name = NAMES[usize::from(first) % NAMES.len()];
    let mut store = MemoryStore::new("maps");
    store.insert(name, bytes);
    let watch = ImportWatch { progress: &|_, _| {}, cancel: &Cancel::default() };
    let _ = import_map(&store, Some(name), &ImportOptions::default(), watch);
    let _ = import_receiving_places(&store, Some(name), watch);
    let _ = import_buildings(&store, Some(name), watch);
});
