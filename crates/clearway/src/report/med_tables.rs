//! Tables beside the report by the fields of a mass evacuation plan.

use clearway_formats::csv_for_spreadsheets;
use clearway_report::reports::MedFacts;

fn cell(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// One row per zone and way of leaving; of a zone whose people are not told apart one.
pub(super) fn zones_csv(facts: &MedFacts<'_>) -> Vec<u8> {
    let header = [
        "zone_id",
        "means",
        "people",
        "staying",
        "zone_arrived",
        "zone_first_departure_s",
        "zone_last_arrival_s",
        "loading_points",
        "assembly_point",
        "latest_order_bound_s",
        "latest_order_plan_s",
    ];
    let mut rows = Vec::new();
    for zone in &facts.zones {
        let order = facts.orders.iter().find(|order| order.zone_id == zone.zone_id);
        let mut row = |means: &str, people: i64, staying: i64| {
            rows.push(vec![
                zone.zone_id.clone(),
                means.to_owned(),
                people.to_string(),
                staying.to_string(),
                zone.arrived.to_string(),
                cell(zone.first_departure_s),
                cell(zone.last_arrival_s),
                zone.loading_points.join("; "),
                String::new(),
                cell(order.and_then(|order| order.latest_bound_s)),
                cell(order.and_then(|order| order.latest_plan_s)),
            ]);
        };
        if zone.groups.is_empty() {
            row("", zone.people, zone.staying);
        }
        for group in &zone.groups {
            row(group.means.word(), group.people, group.staying);
        }
    }
    csv_for_spreadsheets(&header, rows)
}

/// One row per site.
pub(super) fn sites_csv(facts: &MedFacts<'_>) -> Vec<u8> {
    let header = [
        "site_id",
        "name",
        "capacity_people",
        "area_m2",
        "arrived",
        "first_arrival_s",
        "last_arrival_s",
        "peak_arrivals_people_h",
        "admission_people_h",
        "registration_people_h",
    ];
    let rows = facts.sites.iter().zip(&facts.scenario.sites).zip(&facts.peak_arrivals_h);
    let rows = rows.map(|((site, row), peak)| {
        vec![
            site.site_id.clone(),
            row.name.clone(),
            row.capacity_people.map(|people| people.to_string()).unwrap_or_default(),
            cell(row.area_m2),
            site.arrived.to_string(),
            cell(site.first_arrival_s),
            cell(site.last_arrival_s),
            peak.map(|people| people.to_string()).unwrap_or_default(),
            cell(row.admission_people_h),
            String::new(),
        ]
    });
    csv_for_spreadsheets(&header, rows)
}

/// One row per zone, site and way of leaving.
pub(super) fn routes_csv(facts: &MedFacts<'_>) -> Vec<u8> {
    let header = ["zone_id", "site_id", "means", "via", "people", "depart_from_s", "depart_until_s"];
    let rows = facts.routes.iter().map(|route| {
        vec![
            route.zone_id.clone(),
            route.site_id.clone(),
            route.means.as_ref().map(|means| means.word().to_owned()).unwrap_or_default(),
            route.via.clone(),
            route.people.to_string(),
            route.from_s.to_string(),
            route.until_s.to_string(),
        ]
    });
    csv_for_spreadsheets(&header, rows)
}
