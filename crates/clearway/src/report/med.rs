//! The fields of a mass evacuation plan, of one plan of one class of road users or of several travel modes.

use super::parts::{PlanWithParts, later, passengers};
use super::{ReportAnswer, ReportRequest, med_tables};
use crate::error::Error;
use crate::session::Session;
use clearway_artifacts::Disclosure;
use clearway_model::time::{MS_PER_HOUR, seconds};
use clearway_model::{ClosureKind, ClosureTarget, Means, Scenario, Store};
use clearway_report::reports::{
    MedFacts, MedHazard, MedOrder, MedRoute, MedTransport, ReportOrigin, med_report_page,
};
use clearway_report::{RowLookup, route_via, standing_sentences};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn med_report(
    session: &Session,
    plans: &[&dyn Store],
    request: &ReportRequest,
) -> Result<ReportAnswer, Error> {
    let [plan] = plans else {
        return Err(Error::Request(format!(
            "a report of kind med is of one plan folder, and {} are given",
            plans.len()
        )));
    };
    let source = PlanWithParts::read(session, *plan)?;
    let orders = match source.multimodal {
        Some(_) => Vec::new(),
        None => orders(&zone_table(*plan)?),
    };
    let context = source.scenario.settings.context;
    if request.disclosure(context) == Disclosure::Redacted {
        return Err(Error::Request(format!(
            "{} is of an armed conflict, and this kind of report is made of exact places, roads and times: --full (\"full\": true) writes \
             it all the same, --kind plan has a redacted form",
            plan.label()
        )));
    }
    let Some((_, first)) = source.parts.first() else {
        return Err(Error::Request(format!("{} has no part with orders", plan.label())));
    };
    let summary = &first.source.summary;
    let scenario_digest = match &source.multimodal {
        Some(whole) => whole.scenario.as_str(),
        None => summary.scenario.as_str(),
    };
    let zones = source.zones();
    let earliest = |moments: &mut dyn Iterator<Item = f64>| moments.reduce(f64::min);
    let facts = MedFacts {
        scenario: &source.scenario,
        shapes: &first.source.map,
        people: source.multimodal.as_ref().map_or(summary.people, |whole| whole.people),
        clearance_s: source.multimodal.as_ref().map_or(summary.clearance_s, |whole| whole.clearance_s),
        t90_s: source.multimodal.is_none().then_some(summary.t90_s),
        means: source.multimodal.as_ref().map(|whole| whole.means.clone()).unwrap_or_default(),
        fleet: source.multimodal.as_ref().and_then(|whole| whole.fleet.clone()),
        hazards: hazards(&source.scenario),
        orders,
        sites: source.sites(),
        peak_arrivals_h: peak_arrivals(&source),
        routes: routes(&source),
        transport: transport(&source),
        first_departure_s: earliest(&mut zones.iter().filter_map(|zone| zone.first_departure_s)),
        last_departure_s: last_departure(&source),
        zones,
        summaries: source.parts.iter().map(|(means, part)| (*means, &part.source.summary)).collect(),
        origin: ReportOrigin { date: &request.date, plan_digest: &source.digest, scenario_digest },
    };
    let people = &facts.people;
    let mut words = vec![format!(
        "Report by the fields of a mass evacuation plan: {}, of whom {} arrive.",
        clearway_model::people(people.total),
        clearway_model::grouped(people.arrived)
    )];
    words.push("It holds exact places, roads and times.".to_owned());
    words.extend(standing_sentences(context).into_iter().map(str::to_owned));
    let files = vec![
        ("index.html".to_owned(), med_report_page(&facts, request.language)?),
        ("zones.csv".to_owned(), med_tables::zones_csv(&facts)),
        ("sites.csv".to_owned(), med_tables::sites_csv(&facts)),
        ("routes.csv".to_owned(), med_tables::routes_csv(&facts)),
    ];
    Ok(ReportAnswer { disclosure: Disclosure::Full, files, words })
}

/// `zones.csv` of a plan.
fn zone_table(plan: &dyn Store) -> Result<Vec<u8>, Error> {
    let name = "zones.csv";
    let table = plan.read(name).map_err(|source| Error::Read { path: name.into(), source })?;
    Ok(table.unwrap_or_default().to_vec())
}

/// Latest moments out of `zones.csv` of a plan of one class.
fn orders(table: &[u8]) -> Vec<MedOrder> {
    let mut reader = csv::Reader::from_reader(table);
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let place = |name: &str| header.iter().position(|column| column == name);
    let names = ["zone_id", "hazard_s", "latest_order_bound_s", "latest_order_plan_s"].map(place);
    let [Some(zone), Some(hazard), Some(bound), Some(own)] = names else { return Vec::new() };
    let order = |record: csv::StringRecord| {
        // what is no number says that there is no hazard, or that it is too late
        let number = |place: usize| record.get(place).and_then(|cell| cell.parse::<f64>().ok());
        MedOrder {
            zone_id: record.get(zone).unwrap_or_default().to_owned(),
            hazard_s: number(hazard),
            latest_bound_s: number(bound),
            latest_plan_s: number(own),
        }
    };
    reader.records().filter_map(Result::ok).map(order).collect()
}

/// What hazards close, by when each begins.
fn hazards(scenario: &Scenario) -> Vec<MedHazard> {
    let mut hazards: BTreeMap<&str, (i64, BTreeMap<u8, BTreeSet<&str>>)> = BTreeMap::new();
    let horizon = scenario.settings.horizon_ms;
    for row in
        scenario.closures.iter().filter(|row| row.kind == ClosureKind::Presence && row.from_ms < horizon)
    {
        let hazard = hazards.entry(row.cause.trim()).or_insert((row.from_ms, BTreeMap::new()));
        hazard.0 = hazard.0.min(row.from_ms);
        let kind = match row.target {
            ClosureTarget::Link => 0,
            ClosureTarget::Node => 1,
            ClosureTarget::Zone => 2,
            ClosureTarget::Site => 3,
        };
        hazard.1.entry(kind).or_default().insert(&row.target_id);
    }
    let mut rows: Vec<MedHazard> = hazards
        .into_iter()
        .map(|(cause, (from, closed))| {
            let count = |kind: u8| closed.get(&kind).map_or(0, BTreeSet::len);
            MedHazard {
                cause: cause.to_owned(),
                from_s: seconds(from),
                links: count(0),
                nodes: count(1),
                zones: count(2),
                sites: count(3),
            }
        })
        .collect();
    rows.sort_by(|a, b| a.from_s.total_cmp(&b.from_s).then_with(|| a.cause.cmp(&b.cause)));
    rows
}

fn last_departure(source: &PlanWithParts) -> Option<f64> {
    let parts = source.parts.iter().flat_map(|(_, part)| part.zones());
    let by_parts = parts.filter_map(|zone| zone.last_departure_s).reduce(f64::max);
    let trips = source.trips.iter().filter(|trip| passengers(trip) > 0);
    later(by_parts, trips.map(|trip| seconds(trip.depart_ms)).reduce(f64::max))
}

/// Most people admitted within one hour since the start, per site; of several parts together by their hours.
fn peak_arrivals(source: &PlanWithParts) -> Vec<Option<i64>> {
    let mut hours: Vec<BTreeMap<i64, i64>> = vec![BTreeMap::new(); source.scenario.sites.len()];
    let place: BTreeMap<&str, usize> =
        source.scenario.sites.iter().enumerate().map(|(at, site)| (site.site_id.as_str(), at)).collect();
    for (_, part) in &source.parts {
        for (site, used) in part.source.scenario.sites.iter().zip(&part.figures.admissions) {
            let Some(&at) = place.get(site.site_id.as_str()) else { continue };
            for (hour, people) in &used.by_hour {
                *hours[at].entry(*hour).or_default() += people;
            }
        }
    }
    for trip in &source.trips {
        let Some(&at) = place.get(trip.site_id.as_str()) else { continue };
        *hours[at].entry((trip.end_ms - 1).max(0) / MS_PER_HOUR).or_default() += passengers(trip);
    }
    hours.iter().map(|hours| hours.values().copied().max()).collect()
}

/// From where to where, by which means: people, the main roads of the route with most of them, and when they leave.
fn routes(source: &PlanWithParts) -> Vec<MedRoute> {
    let mut rows: BTreeMap<(String, String, Option<Means>), (MedRoute, i64)> = BTreeMap::new();
    for (means, part) in &source.parts {
        let lookup = RowLookup::new(&part.source.scenario, None);
        let mut by_route: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
        for order in &part.source.plan.orders {
            let of = by_route.entry(order.route_id.as_str()).or_insert((0, i64::MAX, 0));
            *of = (of.0 + order.people, of.1.min(order.depart_from_ms), of.2.max(order.depart_until_ms));
        }
        for route in &part.source.plan.routes {
            let Some(&(people, from, until)) = by_route.get(route.route_id.as_str()) else { continue };
            let key = (route.zone_id.clone(), route.site_id.clone(), *means);
            let made = || {
                let row = MedRoute {
                    zone_id: route.zone_id.clone(),
                    site_id: route.site_id.clone(),
                    means: *means,
                    via: String::new(),
                    people: 0,
                    from_s: seconds(from),
                    until_s: seconds(until),
                };
                (row, 0)
            };
            let (row, most) = rows.entry(key).or_insert_with(made);
            row.people += people;
            row.from_s = row.from_s.min(seconds(from));
            row.until_s = row.until_s.max(seconds(until));
            if people > *most {
                *most = people;
                row.via = route_via(route, &lookup).join("; ");
            }
        }
    }
    rows.into_values().map(|(row, _)| row).collect()
}

/// The fleet by type.
fn transport(source: &PlanWithParts) -> Vec<MedTransport> {
    let fleet = source.scenario.groups.as_ref().map(|groups| groups.fleet.as_slice()).unwrap_or_default();
    let mut types: Vec<MedTransport> = Vec::new();
    for row in fleet {
        let of_type = || source.trips.iter().filter(|trip| trip.vehicle_type_id == row.vehicle_type_id);
        let loaded = || of_type().filter(|trip| passengers(trip) > 0);
        let used: BTreeSet<&str> = of_type().map(|trip| trip.vehicle_id.as_str()).collect();
        types.push(MedTransport {
            vehicle_type_id: row.vehicle_type_id.clone(),
            name: row.name.clone(),
            vehicles: row.count,
            used: clearway_model::number::length(used.len()),
            trips: clearway_model::number::length(loaded().count()),
            carried: [
                loaded().map(|trip| trip.seat_people).sum(),
                loaded().map(|trip| trip.wheelchair_people).sum(),
                loaded().map(|trip| trip.stretcher_people).sum(),
            ],
            first_s: of_type().map(|trip| seconds(trip.from_ms)).reduce(f64::min),
            last_s: loaded().map(|trip| seconds(trip.end_ms)).reduce(f64::max),
        });
    }
    types
}
