//! Shapes against the tables: shapes that belong to nothing, people who stand in a shape only, hazards whose times make no sense.
//!
//! No figure rests on shapes where the tables exist, so these are warnings.

use crate::features::{property_text, read_features};
use crate::findings::RowFaults;
use crate::origin::{ScenarioOrigin, place_text};
use crate::shapes::{HazardShape, read_shapes};
use clearway_model::{Fault, Scenario, SiteRow, Store, ZoneRow};
use clearway_text::Moment;
use geojson::GeometryValue;
use std::collections::{BTreeMap, BTreeSet};

const HAZARDS: &str = "hazards.geojson";

/// Shapes that cannot be read or belong to nothing, and hazards that no closure speaks of. `zone_shapes` are the bytes of `zones.geojson`.
pub(crate) fn check_shapes(
    store: &dyn Store,
    zone_shapes: Option<&Vec<u8>>,
    scenario: &Scenario,
    origin: &ScenarioOrigin,
    findings: &mut RowFaults,
) {
    let in_no_zone = check_people_of_shapes(zone_shapes, scenario, origin, findings);
    let shapes = read_shapes(store);
    let read_as_table = [origin.file::<ZoneRow>(), origin.file::<SiteRow>()];
    for fault in shapes.faults.0 {
        // a file that was also read as a table has had its faults reported
        if !read_as_table.contains(&fault.file) {
            findings.push(0, fault);
        }
    }
    let zones: BTreeSet<&str> = scenario.zones.iter().map(|row| row.zone_id.as_str()).collect();
    let sites: BTreeSet<&str> = scenario.sites.iter().map(|row| row.site_id.as_str()).collect();
    let zones_are_whole = origin.is_whole::<ZoneRow>();
    let sites_are_whole = origin.is_whole::<SiteRow>();
    for (file, field, ids, known, is_whole) in [
        ("zones.geojson", "zone_id", shapes.zones.keys(), zones, zones_are_whole),
        ("sites.geojson", "site_id", shapes.sites.keys(), sites, sites_are_whole),
    ] {
        for id in ids.filter(|id| is_whole && !known.contains(id.as_str()) && !in_no_zone.contains(*id)) {
            let fault = Fault::warning(file, "", "an id of the table").field(field, id);
            findings.push(0, fault.hint("the shape belongs to no row and is not shown"));
        }
    }
    let causes: BTreeSet<&str> = scenario.closures.iter().map(|row| row.cause.as_str()).collect();
    for hazard in &shapes.hazards {
        check_hazard(hazard, findings);
        if !hazard.hazard_id.is_empty() && !causes.contains(hazard.hazard_id.as_str()) {
            let fault = Fault::warning(HAZARDS, place(hazard), "rows of closures.csv with this id as cause")
                .field("hazard_id", &hazard.hazard_id)
                .hint("the hazard closes nothing yet: run 'clearway resolve' on the folder, unless it touches no road, zone or site");
            findings.push(hazard.number, fault);
        }
    }
}

fn place(hazard: &HazardShape) -> String {
    place_text("feature", hazard.number, &hazard.hazard_id)
}

fn check_hazard(hazard: &HazardShape, findings: &mut RowFaults) {
    let mut warn = |field: &str, found: String, expected: &str, hint: &str| {
        let fault = Fault::warning(HAZARDS, place(hazard), expected).field(field, found).hint(hint);
        findings.push(hazard.number, fault);
    };
    let text = |name: &str| hazard.properties.get(name).map_or_else(String::new, property_text);
    let mut times: [Option<i128>; 2] = [None, None];
    for (time, [field, clock]) in times.iter_mut().zip([["from_ms", "from"], ["until_ms", "until"]]) {
        match (text(field), text(clock)) {
            (ms, clock) if ms.is_empty() && clock.is_empty() => {
                if field == "from_ms" {
                    warn(field, String::new(), "a time in from_ms or from", "when does the hazard begin?");
                }
            }
            (ms, clock_text) if !ms.is_empty() => {
                if !clock_text.is_empty() {
                    warn(
                        clock,
                        clock_text,
                        &format!("either {field} or {clock}"),
                        "one of the two is enough",
                    );
                }
                match ms.parse::<i64>() {
                    Ok(ms) => *time = Some(ms.into()),
                    Err(_) => warn(field, ms, "a whole number", "milliseconds since the start"),
                }
            }
            (_, clock_text) => match Moment::read(&clock_text) {
                Ok(moment) => *time = Some(moment.at.as_nanosecond()),
                Err(hint) => warn(clock, clock_text, "a time with offset as RFC 3339 has it", &hint),
            },
        }
    }
    let [from, until] = times;
    let (from_text, until_text) = (text("from_ms") + &text("from"), text("until_ms") + &text("until"));
    // a clock time against ms since the start is left to 'resolve'
    let same_kind = text("from_ms").is_empty() == text("until_ms").is_empty();
    if let (Some(from), Some(until)) = (from, until)
        && same_kind
        && until <= from
    {
        warn(
            "until",
            until_text,
            &format!("more than its begin ({from_text})"),
            "the hazard ends before it begins",
        );
    }
    let kind = text("kind");
    if !matches!(kind.as_str(), "" | "entry" | "presence") {
        warn("kind", kind, "'entry' or 'presence'", "");
    }
    let is_area = |value: &GeometryValue| {
        matches!(value, GeometryValue::Polygon { .. } | GeometryValue::MultiPolygon { .. })
    };
    if let Some(geometry) = hazard.geometry.as_ref().filter(|geometry| !is_area(&geometry.value)) {
        let name = geometry.value.type_name().to_string();
        warn("geometry", name, "a Polygon or MultiPolygon", "a point or line has no inside");
    }
}

/// People whom `zones.geojson` gives otherwise than `zones.csv`, from which the figures come; returns zones that only the shapes have.
fn check_people_of_shapes(
    shapes: Option<&Vec<u8>>,
    scenario: &Scenario,
    origin: &ScenarioOrigin,
    findings: &mut RowFaults,
) -> BTreeSet<String> {
    let mut in_no_zone = BTreeSet::new();
    let file = "zones.geojson";
    let Some(bytes) = shapes.filter(|_| origin.file::<ZoneRow>() != file && origin.is_whole::<ZoneRow>())
    else {
        return in_no_zone;
    };
    let people: BTreeMap<&str, i64> =
        scenario.zones.iter().map(|row| (row.zone_id.as_str(), row.people)).collect();
    // what cannot be read has been reported with the shapes
    for feature in read_features(file, bytes, &mut RowFaults::default()) {
        let text = |name: &str| feature.properties.get(name).map_or_else(String::new, property_text);
        let (id, Ok(given)) = (text("zone_id"), text("people").parse::<i64>()) else {
            continue;
        };
        let place = place_text("feature", feature.number, &id);
        let (expected, hint) = match people.get(id.as_str()) {
            Some(people) if *people != given => {
                (format!("the people of zones.csv ({people})"), "the figures come from zones.csv")
            }
            None if given > 0 => {
                in_no_zone.insert(id.clone());
                (
                    "a zone of zones.csv".to_string(),
                    "these people are in no zone and are not planned for: add the zone to zones.csv, or delete zones.csv to use this file",
                )
            }
            _ => continue,
        };
        findings
            .push(feature.number, Fault::warning(file, place, expected).field("people", given).hint(hint));
    }
    in_no_zone
}
