//! P-codes that are the same but for how they are written: zeros that a spreadsheet took off, capitals, a number with a point.

use crate::zones::ZoneDraft;
use clearway_model::{Fault, Faults};
use clearway_text::{code_key, near_code, spelled_out};
use std::collections::{BTreeMap, BTreeSet};

/// The counts by the codes that the zones have. A code of the table that no zone has is taken for the one zone without a count whose code
/// differs from it in writing alone, with a warning that names both. Where several could be meant nothing is guessed.
pub(crate) fn counts_by_codes_of_zones(
    zones: &[ZoneDraft],
    counts: &BTreeMap<String, i64>,
    file: &str,
    faults: &mut Faults,
) -> BTreeMap<String, i64> {
    let of_zones: BTreeSet<&str> =
        zones.iter().map(|zone| zone.row.pcode.as_str()).filter(|code| !code.is_empty()).collect();
    let mut wanted: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for code in of_zones.iter().filter(|code| !counts.contains_key(**code)) {
        wanted.entry(code_key(code)).or_default().push(code);
    }
    // a code that some zone has is that zone's, and speaks against a second one that is only alike
    let mut given: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for code in counts.keys() {
        given.entry(code_key(code)).or_default().push(code);
    }
    let mut matched = counts.clone();
    for (key, codes) in wanted {
        let ([code], Some([near])) = (codes.as_slice(), given.get(&key).map(Vec::as_slice)) else { continue };
        if of_zones.contains(near) {
            continue;
        }
        let Some(people) = matched.remove(*near) else { continue };
        matched.insert((*code).to_owned(), people);
        let why = near_code(code, [*near]).map_or("", |(_, why)| why);
        let fault =
            Fault::warning(file, format!("p-code {}", spelled_out(near)), "the p-code as the zone has it");
        faults.push(
            fault
                .field("pcode of the zone", spelled_out(code))
                .hint(format!("taken for the same, {people} people: {why}; write them alike")),
        );
    }
    matched
}
