//! Counts for a new plan: the table of people, or that of what was reported.
#![no_main]

use clearway_formats::read_scenario;
use clearway_model::{MemoryStore, Scenario};
use clearway_replan::read_counts;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| {
    let mut store = MemoryStore::new("scenario");
    for (name, bytes) in clearway_fuzz::base::one_road() {
        if let Some(name) = name.strip_prefix("scenario/") {
            store.insert(name, bytes);
        }
    }
    read_scenario(&store).expect("the example can be read").0
});

fuzz_target!(|data: &[u8]| {
    let files = [("counts.csv".to_owned(), data.to_vec())];
    let _ = read_counts(&SCENARIO, &files, 3_600_000);
});
