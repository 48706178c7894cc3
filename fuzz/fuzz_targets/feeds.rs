//! Timetables (GTFS).
#![no_main]

use clearway_import::read_transit_feed;
use clearway_model::Cancel;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = read_transit_feed("feed.zip", data, None, &Cancel::default());
});
