//! Room on the roads and waiting of one person: what is recomputed, and whether `summary.json` and `overflow.csv` say the same.

use crate::figures::RecomputedFigures;
use crate::finding::CheckFindings;
use crate::loading::LoadingResult;
use crate::number::{count, narrow, real, real_sum};
use crate::raw::RawScenario;
use crate::room::people_per_vehicle;
use crate::summary::SummaryReader;
use crate::table::RawTable;
use crate::tables::{number, whole, words};
use clearway_model::{Case, JourneyWaiting, OverflowTotals, OverflowingLink, spreadsheet_cell};
use serde_json::Value;
use std::collections::BTreeMap;

/// Keys of `summary.json` that folders of earlier versions do not have.
const KEYS: [&str; 3] = ["spill_free", "overflow", "waiting"];

/// Whether a folder says anything about room and waiting: one of an earlier version does not, and then nothing is compared.
pub(crate) fn is_claimed(summary: &Value) -> bool {
    KEYS.iter().any(|key| summary.get(key).is_some())
}

/// The links that overflow, those with most first.
pub(crate) fn overflowing_links(
    raw: &RawScenario,
    case: Case,
    replay: &LoadingResult,
) -> Vec<OverflowingLink> {
    let per_vehicle = people_per_vehicle(raw, case);
    let crowds = replay.crowds.iter().enumerate();
    let overflowing = crowds.filter_map(|(at, crowd)| {
        let crowd = crowd.as_ref()?;
        let over = crowd.over?;
        Some(OverflowingLink {
            link_id: raw.link_ids.list[at].clone(),
            name: raw.link_names[at].clone(),
            room_vehicles: u32::try_from(crowd.room.vehicles).unwrap_or(u32::MAX),
            peak_vehicles: crowd.most / per_vehicle,
            overflow_vehicle_min: over.person_us / per_vehicle / 6e7,
            from_s: over.from_us / 1e6,
            until_s: over.until_us / 1e6,
        })
    });
    let mut links: Vec<OverflowingLink> = overflowing.collect();
    links.sort_by(|a, b| {
        b.overflow_vehicle_min.total_cmp(&a.overflow_vehicle_min).then_with(|| a.link_id.cmp(&b.link_id))
    });
    links
}

/// All links together.
pub(crate) fn totals(links: &[OverflowingLink]) -> OverflowTotals {
    OverflowTotals {
        vehicle_min: links.iter().fold(0.0, |sum, link| sum + link.overflow_vehicle_min),
        links: count(links.len()),
    }
}

/// Waiting of one person on the whole journey.
pub(crate) fn waiting(replay: &LoadingResult) -> JourneyWaiting {
    let Some(&(longest, people)) = replay.waits.last() else { return JourneyWaiting::default() };
    JourneyWaiting {
        mean_min: real_sum(replay.waited) / real(people) / 6e7,
        p95_min: real(replay.wait_of(95).unwrap_or(longest)) / 6e7,
        longest_min: real(longest) / 6e7,
        closed_person_hours: real_sum(replay.waited_closed) / 3.6e9,
    }
}

/// Compares the keys of `summary.json`.
pub(crate) fn check_summary(reader: &mut SummaryReader<'_>, figures: &RecomputedFigures) {
    let (Some(spill_free), Some(overflow), Some(waiting)) =
        (figures.spill_free, figures.overflow, figures.waiting)
    else {
        return;
    };
    reader.truth("spill_free", spill_free);
    reader.close("overflow.vehicle_min", overflow.vehicle_min);
    reader.whole("overflow.links", narrow(overflow.links.into()));
    reader.close("waiting.mean_min", waiting.mean_min);
    reader.close("waiting.p95_min", waiting.p95_min);
    reader.close("waiting.longest_min", waiting.longest_min);
    reader.close("waiting.closed_person_hours", waiting.closed_person_hours);
}

/// `overflow.csv`: a row for each link that overflows, those with most first.
pub(crate) fn check_table(table: &RawTable, links: &[OverflowingLink], findings: &mut CheckFindings) {
    const CODE: &str = "overflow.row";
    if table.len() != links.len() {
        let message = "one row per link that holds more than fits there";
        findings.add("overflow.rows", "overflow.csv", table.len(), links.len(), message);
    }
    let mut by_id: BTreeMap<&str, &OverflowingLink> =
        links.iter().map(|link| (link.link_id.as_str(), link)).collect();
    let mut last = f64::INFINITY;
    for row in table.rows() {
        let Some(link) = by_id.remove(row.text("link_id")) else {
            let message = "no link that overflows, or listed twice";
            findings.add("overflow.rows", row.place, row.text("link_id"), "", message);
            continue;
        };
        if let Ok(Some(claimed)) = row.number("overflow_vehicle_min") {
            if claimed > last {
                findings.add("overflow.rows", row.place, "", "", "the largest must come first");
            }
            last = claimed;
        }
        words(&row, CODE, "name", &spreadsheet_cell(&link.name), findings);
        whole(&row, CODE, "room_vehicles", link.room_vehicles.into(), findings);
        number(&row, CODE, "peak_vehicles", Some(link.peak_vehicles), findings);
        number(&row, CODE, "overflow_vehicle_min", Some(link.overflow_vehicle_min), findings);
        number(&row, CODE, "from_s", Some(link.from_s), findings);
        number(&row, CODE, "until_s", Some(link.until_s), findings);
    }
}
