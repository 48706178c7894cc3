//! Tables in workbooks of either kind.
#![no_main]

use clearway_formats::spreadsheet_csv;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let name = if first % 2 == 0 { "zones.xlsx" } else { "zones.ods" };
    let _ = spreadsheet_csv(name, bytes);
});
