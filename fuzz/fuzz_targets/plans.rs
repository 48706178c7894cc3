//! The checker, given a plan folder in which a piece of one file is replaced: the file, where, how much, and by what.
#![no_main]

use clearway_fuzz::base::{Files, one_road};
use clearway_fuzz_readers::patched;
use clearway_model::MemoryStore;
use clearway_verify::verify;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static FOLDER: LazyLock<Files> = LazyLock::new(one_road);

fuzz_target!(|data: &[u8]| {
    let Some((&first, patch)) = data.split_first() else { return };
    let mut store = MemoryStore::from_iter(FOLDER.iter().map(|(name, bytes)| (name.clone(), bytes.clone())));
    let (name, bytes) = FOLDER.iter().nth(usize::from(first) % FOLDER.len()).expect("there are files");
    store.insert(name.clone(), patched(bytes, patch));
    let _ = verify(&store, None);
});
