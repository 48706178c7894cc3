//! Tampering with the tables of a plan folder.

use super::Tampering;
use super::folder::{Files, Sheet, sheet};

pub(super) const ALL: &[Tampering] = &[
    Tampering {
        name: "curve-arrived",
        what: "one person more arrived by some time",
        expected: &["curve.arrived"],
        edit: |files| sheet(files, "curve.csv", |curve| curve.add("arrived_people", 1, |_| true)),
    },
    Tampering {
        name: "curve-bound",
        what: "the bound at some time lowered by one person",
        expected: &["curve.bound"],
        edit: |files| sheet(files, "curve.csv", |curve| curve.add("bound_people", -1, |people| people > 0)),
    },
    Tampering {
        name: "curve-departed",
        what: "one person more departed by some time",
        expected: &["curve.departed"],
        edit: |files| sheet(files, "curve.csv", |curve| curve.add("departed_people", 1, |_| true)),
    },
    Tampering {
        name: "curve-out-of-order",
        what: "the times of the curve do not ascend",
        expected: &["curve.time"],
        edit: |files| sheet(files, "curve.csv", |curve| (curve.rows.len() > 1).then(|| curve.rows.reverse())),
    },
    Tampering {
        name: "orders-table-people",
        what: "the table of orders has one person more than the plan",
        expected: &["orders.row"],
        edit: |files| sheet(files, "orders.csv", |orders| orders.add("people", 1, |_| true)),
    },
    Tampering {
        name: "orders-table-time",
        what: "the table of orders has an earlier departure than the plan",
        expected: &["orders.row"],
        edit: |files| sheet(files, "orders.csv", |orders| orders.add("depart_until_ms", -1, |_| true)),
    },
    Tampering {
        name: "orders-table-name",
        what: "the table of orders names another site",
        expected: &["orders.row"],
        edit: |files| sheet(files, "orders.csv", |orders| orders.set(0, "site_name", "Elsewhere")),
    },
    Tampering {
        name: "orders-table-short",
        what: "the table of orders lacks one",
        expected: &["orders.rows"],
        edit: |files| shorten(files, "orders.csv"),
    },
    Tampering {
        name: "zones-table-arrived",
        what: "one person more arrived from a zone",
        expected: &["zones.row"],
        edit: |files| sheet(files, "zones.csv", |zones| zones.add("arrived", 1, |_| true)),
    },
    Tampering {
        name: "zones-table-left-behind",
        what: "one person less not evacuated in a zone",
        expected: &["zones.row"],
        edit: |files| sheet(files, "zones.csv", |zones| zones.add("not_evacuated", -1, |people| people > 0)),
    },
    Tampering {
        name: "zones-table-last-arrival",
        what: "the last people of a zone arrive earlier than they do",
        expected: &["zones.row"],
        edit: |files| sheet(files, "zones.csv", earlier_last_arrival),
    },
    Tampering {
        name: "zones-table-short",
        what: "a zone has no row",
        expected: &["zones.rows"],
        edit: |files| shorten(files, "zones.csv"),
    },
    Tampering {
        name: "bottleneck-wider",
        what: "a bottleneck has another capacity",
        expected: &["bottlenecks.row"],
        edit: |files| sheet(files, "bottlenecks.csv", |sheet| bottleneck(sheet, "capacity_people_h")),
    },
    Tampering {
        name: "bottleneck-people",
        what: "more people pass a bottleneck than can",
        expected: &["bottlenecks.row"],
        edit: |files| sheet(files, "bottlenecks.csv", |sheet| bottleneck(sheet, "people")),
    },
    Tampering {
        name: "bottleneck-missing",
        what: "a bottleneck is not listed",
        expected: &["bottlenecks.rows"],
        edit: |files| shorten(files, "bottlenecks.csv"),
    },
    Tampering {
        name: "overflow-invented",
        what: "a link is said to overflow that is none",
        expected: &["overflow.rows"],
        edit: |files| {
            sheet(files, "overflow.csv", |sheet| {
                sheet.push(&[("link_id", "no such link"), ("overflow_vehicle_min", "0")]);
                Some(())
            })
        },
    },
    Tampering {
        name: "overflow-missing",
        what: "a link that overflows is not listed",
        expected: &["overflow.rows"],
        edit: |files| shorten(files, "overflow.csv"),
    },
    Tampering {
        name: "overflow-room",
        what: "a link has room for one more vehicle",
        expected: &["overflow.row"],
        edit: |files| sheet(files, "overflow.csv", |sheet| sheet.add("room_vehicles", 1, |_| true)),
    },
    Tampering {
        name: "overflow-peak",
        what: "fewer vehicles on a link than there are",
        expected: &["overflow.row"],
        edit: |files| sheet(files, "overflow.csv", |sheet| first_number(sheet, "peak_vehicles")),
    },
    Tampering {
        name: "overflow-amount",
        what: "another overflow of a link",
        expected: &["overflow.row"],
        edit: |files| sheet(files, "overflow.csv", |sheet| first_number(sheet, "overflow_vehicle_min")),
    },
    Tampering {
        name: "overflow-from",
        what: "a link overflows from another time on",
        expected: &["overflow.row"],
        edit: |files| sheet(files, "overflow.csv", |sheet| first_number(sheet, "from_s")),
    },
    Tampering {
        name: "overflow-until",
        what: "a link overflows until another time",
        expected: &["overflow.row"],
        edit: |files| sheet(files, "overflow.csv", |sheet| first_number(sheet, "until_s")),
    },
    Tampering {
        name: "overflow-order",
        what: "the links that overflow least come first",
        expected: &["overflow.rows"],
        edit: |files| sheet(files, "overflow.csv", least_first),
    },
];

fn shorten(files: &mut Files, name: &str) -> Option<()> {
    sheet(files, name, |sheet| sheet.rows.pop().map(drop))
}

/// One more in a number of the first row.
fn first_number(sheet: &mut Sheet, column: &str) -> Option<()> {
    let value: f64 = sheet.cell(sheet.rows.first()?, column).parse().ok()?;
    sheet.set(0, column, &(value + 1.0).to_string())
}

/// The other way round, where that is another order.
fn least_first(sheet: &mut Sheet) -> Option<()> {
    let amount = |row: Option<&Vec<String>>| sheet.cell(row?, "overflow_vehicle_min").parse::<f64>().ok();
    let differs = amount(sheet.rows.first())? > amount(sheet.rows.last())?;
    differs.then(|| sheet.rows.reverse())
}

fn bottleneck(sheet: &mut Sheet, column: &str) -> Option<()> {
    let value: f64 = sheet.rows.first().and_then(|row| sheet.cell(row, column).parse().ok()).unwrap_or(0.0);
    sheet.set(0, column, &(value + 1.0).to_string())
}

fn earlier_last_arrival(zones: &mut Sheet) -> Option<()> {
    let time = |row: &Vec<String>| zones.cell(row, "last_arrival_s").parse::<f64>().ok();
    let (at, seconds) = zones.rows.iter().enumerate().find_map(|(at, row)| Some((at, time(row)?)))?;
    zones.set(at, "last_arrival_s", &format!("{:.3}", (seconds - 1.0).max(0.0)))
}
