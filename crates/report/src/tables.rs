//! The tables of a plan folder as CSV. Columns are those of `docs/reference/plan.md`.

use crate::clock::ScenarioClock;
use crate::lookup::RowLookup;
use crate::number::decimals;
use crate::{PlanReport, ReportError, routes};
use clearway_model::{Bottleneck, CurvePoint, OverflowingLink, Reason, ZoneOutcome, spreadsheet_cell};
use std::collections::BTreeMap;

fn table(
    file: &'static str,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, ReportError> {
    let fail = |source| ReportError::Table { file, source };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(fail)?;
    for row in rows {
        writer.write_record(&row).map_err(fail)?;
    }
    writer.into_inner().map_err(|e| ReportError::Flush { file, reason: e.error().to_string() })
}

/// A name as it stands in a table for a spreadsheet. Ids stand as they are: `check` refuses those that would be formulas.
fn shown(name: &str) -> String {
    spreadsheet_cell(name).into_owned()
}

fn seconds(value: f64) -> String {
    decimals(value, 3)
}

/// `orders.csv`: one row per order, in the order of the plan.
pub fn orders_csv(
    report: &PlanReport<'_>,
    lookup: &RowLookup<'_>,
    clock: &ScenarioClock,
) -> Result<Vec<u8>, ReportError> {
    let header = [
        "order_id",
        "zone_id",
        "zone_name",
        "site_id",
        "site_name",
        "route_id",
        "group",
        "class",
        "people",
        "depart_from_ms",
        "depart_until_ms",
        "depart_from",
        "depart_until",
        "via",
    ];
    let known: BTreeMap<&str, (&str, String)> = report
        .plan
        .routes
        .iter()
        .map(|r| (r.route_id.as_str(), (r.site_id.as_str(), routes::via(r, lookup).join("; "))))
        .collect();
    table(
        "orders.csv",
        &header,
        report.plan.orders.iter().map(|order| {
            let (site, via) = known.get(order.route_id.as_str()).cloned().unwrap_or_default();
            vec![
                order.order_id.to_string(),
                order.zone_id.clone(),
                lookup.zones.get(order.zone_id.as_str()).map(|z| shown(&z.name)).unwrap_or_default(),
                site.to_owned(),
                lookup.sites.get(site).map(|s| shown(&s.name)).unwrap_or_default(),
                order.route_id.clone(),
                order.group.clone(),
                order.class.clone(),
                order.people.to_string(),
                order.depart_from_ms.to_string(),
                order.depart_until_ms.to_string(),
                clock.rfc3339(order.depart_from_ms),
                clock.rfc3339(order.depart_until_ms),
                shown(&via),
            ]
        }),
    )
}

/// `curve.csv`: one row per time of the curve.
pub fn curve_csv(curve: &[CurvePoint]) -> Result<Vec<u8>, ReportError> {
    table(
        "curve.csv",
        &["time_s", "arrived_people", "bound_people", "departed_people"],
        curve.iter().map(|p| {
            vec![
                seconds(p.time_s),
                p.arrived_people.to_string(),
                p.bound_people.to_string(),
                p.departed_people.to_string(),
            ]
        }),
    )
}

/// The word a reason has in files.
pub fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::Stays => "stays",
        Reason::NoRoad => "no_road",
        Reason::Closed => "closed",
        Reason::NoPlace => "no_place",
        Reason::Hazard => "hazard",
        Reason::Horizon => "horizon",
        Reason::Interrupted => "interrupted",
    }
}

/// A zone's reasons, largest first: `no_place:120; stays:30`.
pub fn reasons(zone: &ZoneOutcome) -> String {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, reason, people) in &zone.not_moved {
        *sums.entry(reason_key(*reason)).or_default() += people;
    }
    let mut list: Vec<(&str, i64)> = sums.into_iter().filter(|(_, n)| *n > 0).collect();
    list.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    list.iter().map(|(reason, n)| format!("{reason}:{n}")).collect::<Vec<_>>().join("; ")
}

/// `zones.csv`: one row per zone.
pub fn zones_csv(zones: &[ZoneOutcome]) -> Result<Vec<u8>, ReportError> {
    let header = [
        "zone_id",
        "name",
        "people",
        "arrived",
        "overtaken",
        "not_evacuated",
        "reasons",
        "first_departure_s",
        "last_departure_s",
        "last_arrival_s",
        "hazard_s",
        "latest_departure_bound_s",
        "latest_departure_plan_s",
        "latest_order_bound_s",
        "latest_order_plan_s",
    ];
    let optional = |value: Option<f64>| value.map(seconds).unwrap_or_default();
    table(
        "zones.csv",
        &header,
        zones.iter().map(|z| {
            // Without a hazard there is no latest time, whatever the fields hold.
            let latest =
                |value: Option<f64>| if z.hazard_s.is_some() { optional(value) } else { String::new() };
            vec![
                z.zone_id.clone(),
                shown(&z.name),
                z.people.to_string(),
                z.arrived.to_string(),
                z.overtaken.to_string(),
                z.not_evacuated.to_string(),
                reasons(z),
                optional(z.first_departure_s),
                optional(z.last_departure_s),
                optional(z.last_arrival_s),
                z.hazard_s.map_or_else(|| "none".to_owned(), seconds),
                latest(z.latest_departure_bound_s),
                latest(z.latest_departure_plan_s),
                latest(z.latest_order_bound_s),
                latest(z.latest_order_plan_s),
            ]
        }),
    )
}

/// `overflow.csv`: one row per link that holds more vehicles than fit there.
pub fn overflow_csv(links: &[OverflowingLink]) -> Result<Vec<u8>, ReportError> {
    let header =
        ["link_id", "name", "room_vehicles", "peak_vehicles", "overflow_vehicle_min", "from_s", "until_s"];
    table(
        "overflow.csv",
        &header,
        links.iter().map(|link| {
            vec![
                link.link_id.clone(),
                shown(&link.name),
                link.room_vehicles.to_string(),
                decimals(link.peak_vehicles, 3),
                decimals(link.overflow_vehicle_min, 3),
                decimals(link.from_s, 3),
                decimals(link.until_s, 3),
            ]
        }),
    )
}

/// `bottlenecks.csv`: one row per term of the cut that sets the bound.
pub fn bottlenecks_csv(bottlenecks: &[Bottleneck]) -> Result<Vec<u8>, ReportError> {
    let header = [
        "rank",
        "element",
        "id",
        "name",
        "from_s",
        "until_s",
        "capacity_people_h",
        "people",
        "extra_lane_people",
    ];
    // An unlimited rate (a site that holds few but admits at once) is an empty cell.
    let finite = |value: f64| if value.is_finite() { decimals(value, 3) } else { String::new() };
    table(
        "bottlenecks.csv",
        &header,
        bottlenecks.iter().map(|b| {
            vec![
                b.rank.to_string(),
                b.element.to_string(),
                b.id.clone(),
                shown(&b.name),
                seconds(b.from_s),
                seconds(b.until_s),
                finite(b.capacity_people_h),
                finite(b.people),
                b.extra_lane_people.map(finite).unwrap_or_default(),
            ]
        }),
    )
}
