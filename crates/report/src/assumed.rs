//! What was assumed that could change the answer most, in words.

use crate::number::grouped;
use clearway_model::AssumptionRow;

/// `2,000 people in 1 zone have no way to any site ...`.
pub fn assumption_words(row: &AssumptionRow) -> String {
    let count = row.count.map(grouped).unwrap_or_default();
    let unit = match (row.count, row.unit.as_str()) {
        (Some(1), "people") => "person",
        (Some(1), unit) if !unit.contains(' ') => {
            // of the units that are counted, ferries alone end in -ies
            unit.strip_suffix("ies").map_or_else(|| unit.strip_suffix('s').unwrap_or(unit), |_| "ferry")
        }
        (_, unit) => unit,
    };
    let words: Vec<&str> =
        [count.as_str(), unit, row.text.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    words.join(" ")
}
