//! Rasters of people and heights: as a whole, and what touches a box.
#![no_main]

use clearway_model::{Cancel, Faults};
use clearway_raster::{read_grid, read_whole_grid};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let cancel = Cancel::default();
    if let Some(grid) = read_whole_grid("people.tif", data, &cancel, &mut Faults::default()) {
        let _ = (grid.value(0, 0), grid.corners(0, 0), grid.value_at([10.0, 60.0]));
    }
    let frame = [[10.0, 60.0], [10.1, 60.1]];
    let _ = read_grid("people.tif", data, frame, &cancel, &mut Faults::default());
});
