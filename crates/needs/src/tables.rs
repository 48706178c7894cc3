//! The tables: `needs.csv`, `shortfalls.csv`, `standards.csv`, `rest_points.csv`, `convoys.csv`.

use crate::balance::{Shortfall, StandardGap};
use crate::convoys::Convoy;
use crate::occupancy::Occupancy;
use crate::rates::{Climate, Rates};
use crate::rest::RestPoint;
use clearway_formats::csv_for_spreadsheets;

/// One row per place and hour in which anybody is there.
pub fn needs_csv(presences: &[Occupancy], rates: &Rates, climate: Climate) -> Vec<u8> {
    let mut header = vec!["kind", "place_id", "hour", "people", "phase"];
    let names: Vec<String> = rates.0.iter().map(|rate| format!("{} [{}]", rate.item, rate.unit)).collect();
    header.extend(names.iter().map(String::as_str));
    let mut rows = Vec::new();
    for presence in presences {
        for (hour, people) in presence.people.iter().enumerate().filter(|(_, people)| **people > 0) {
            let phase = presence.phase(hour);
            let mut row = vec![
                presence.kind.word().to_owned(),
                presence.place_id.clone(),
                hour.to_string(),
                people.to_string(),
                phase.word().to_owned(),
            ];
            row.extend(rates.0.iter().map(|rate| {
                rate.amount(*people, phase, climate).map_or_else(String::new, |amount| amount.to_string())
            }));
            rows.push(row);
        }
    }
    csv_for_spreadsheets(&header, rows)
}

/// One row per item and place where it is short in any hour.
pub fn shortfalls_csv(all: &[Shortfall]) -> Vec<u8> {
    let header = [
        "kind",
        "place_id",
        "item",
        "unit",
        "first_hour",
        "hours",
        "worst_hour",
        "needed",
        "there",
        "short",
        "people",
    ];
    let rows = all.iter().map(|s| {
        vec![
            s.kind.word().to_owned(),
            s.place_id.clone(),
            s.item.clone(),
            s.unit.clone(),
            s.first_h.to_string(),
            s.hours.to_string(),
            s.worst_h.to_string(),
            s.needed.to_string(),
            s.there.to_string(),
            s.short.to_string(),
            s.people.to_string(),
        ]
    });
    csv_for_spreadsheets(&header, rows.collect::<Vec<_>>())
}

/// From when on each site is below each standard.
pub fn standards_csv(all: &[StandardGap]) -> Vec<u8> {
    let header = ["site_id", "item", "standard", "rules", "first_hour_below", "hours_below", "people"];
    let rows = all.iter().map(|b| {
        vec![
            b.place_id.clone(),
            b.item.clone(),
            b.standard.word().to_owned(),
            b.rules.clone(),
            b.first_h.map_or_else(String::new, |h| h.to_string()),
            b.hours.to_string(),
            b.people.to_string(),
        ]
    });
    csv_for_spreadsheets(&header, rows.collect::<Vec<_>>())
}

/// Rest and water points.
pub fn rest_csv(all: &[RestPoint]) -> Vec<u8> {
    let header = [
        "node_id",
        "first_hour",
        "last_hour",
        "people",
        "peak_hour",
        "people_in_peak_hour",
        "water_m3_busiest_day",
        "taps",
        "toilets",
    ];
    let rows = all.iter().map(|p| {
        vec![
            p.node_id.clone(),
            p.first_h.to_string(),
            p.last_h.to_string(),
            p.people.to_string(),
            p.peak_h.to_string(),
            p.peak_people.to_string(),
            p.water_m3_day.to_string(),
            p.taps.to_string(),
            p.toilets.to_string(),
        ]
    });
    csv_for_spreadsheets(&header, rows.collect::<Vec<_>>())
}

/// Convoys, for whoever sends them out.
pub fn convoys_csv(all: &[Convoy]) -> Vec<u8> {
    let header = [
        "day",
        "supply_point_id",
        "kind",
        "place_id",
        "item",
        "loads",
        "amount",
        "first_depart_ms",
        "last_depart_ms",
        "out_ms",
        "trips_a_truck",
        "truck_days",
        "fuel_l",
        "links_out",
        "links_back",
    ];
    let rows = all.iter().map(|c| {
        vec![
            c.day.to_string(),
            c.supply_point_id.clone(),
            c.kind.word().to_owned(),
            c.place_id.clone(),
            c.item.clone(),
            c.loads.to_string(),
            c.amount.to_string(),
            c.first_depart_ms.to_string(),
            c.last_depart_ms.to_string(),
            c.out_ms.to_string(),
            c.trips.to_string(),
            format!("{:.3}", c.truck_days),
            format!("{:.1}", c.fuel_l),
            c.links_out.join(";"),
            c.links_back.join(";"),
        ]
    });
    csv_for_spreadsheets(&header, rows.collect::<Vec<_>>())
}
