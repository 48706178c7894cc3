//! Zones that may be one place several times: the same shape, or the same p-code, in several features.
//!
//! A program that takes multipolygons apart copies the figures of the whole to every part, so that 5,000 people on two islands are
//! 10,000.

use crate::zones::ZoneDraft;
use clearway_model::{Fault, Faults};
use std::collections::BTreeMap;

const DISSOLVE: &str = "join the features of one place into one (in QGIS: Vector, Geoprocessing Tools, Dissolve by the p-code) and give its people once";

/// Zones of one p-code, in the order of the file; only those of more than one.
pub(crate) fn of_one_pcode(zones: &[ZoneDraft]) -> BTreeMap<&str, Vec<usize>> {
    let mut of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, zone) in zones.iter().enumerate().filter(|(_, zone)| !zone.row.pcode.is_empty()) {
        of.entry(&zone.row.pcode).or_default().push(at);
    }
    of.retain(|_, members| members.len() > 1);
    of
}

/// Faults of zones that are counted more than once by their own counts. `counted` are those that have one.
pub(crate) fn check_repeats(zones: &[ZoneDraft], counted: &[bool], file: &str, faults: &mut Faults) {
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    for (at, zone) in zones.iter().enumerate() {
        let Some(geometry) = &zone.geometry else { continue };
        let before = *shapes.entry(geometry.to_string()).or_insert(at);
        if before != at {
            let place = format!("zone {}", zone.row.zone_id);
            let fault = Fault::error(file, place, "every shape once").field("geometry", "");
            let other = &zones[before].row.zone_id;
            faults.push(
                fault.hint(format!("zone {other} has the same: one feature with all people for each place")),
            );
        }
    }
    for (pcode, members) in of_one_pcode(zones) {
        let counts: Vec<i64> = members
            .iter()
            .filter(|at| counted[**at])
            .map(|at| zones[*at].row.people)
            .filter(|n| *n > 0)
            .collect();
        if counts.len() < 2 {
            continue;
        }
        let written: Vec<String> = counts.iter().map(i64::to_string).collect();
        let most = counts.iter().copied().max().unwrap_or_default();
        let all = counts.iter().fold(0i64, |sum, n| sum.saturating_add(*n));
        let is_copied = counts.iter().enumerate().any(|(at, n)| counts[..at].contains(n));
        let is_sum = counts.len() > 2 && all == most.saturating_mul(2);
        let place = format!("p-code {pcode}");
        if is_copied || is_sum {
            let fault =
                Fault::error(file, place, "people who are counted once").field("people", written.join(", "));
            faults.push(fault.hint(DISSOLVE));
        } else {
            let fault = Fault::warning(file, place, "one feature for each p-code")
                .field("people", written.join(", "));
            faults.push(fault.hint(format!("they are zones of their own, with {all} people together")));
        }
    }
}

/// Faults of zones of one p-code whose count is that of the p-code in a table: the table counts them together.
pub(crate) fn check_one_count(
    zones: &[ZoneDraft],
    file: &str,
    is_in_table: impl Fn(&str) -> bool,
    faults: &mut Faults,
) {
    for (pcode, members) in of_one_pcode(zones) {
        if is_in_table(pcode) {
            let fault =
                Fault::error(file, format!("p-code {pcode}"), "one feature for each p-code of the table");
            faults.push(fault.field("features", members.len()).hint(DISSOLVE));
        }
    }
}
