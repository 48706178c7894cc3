//! The fields of a mass evacuation plan, of one plan of one class of road users or of several travel modes.

use super::source::ReportSource;
use super::{ReportAnswer, ReportRequest, med_tables};
use crate::error::Error;
use crate::session::Session;
use crate::verify::must_hold;
use clearway_artifacts::Disclosure;
use clearway_formats::{part_folders, read_scenario_with_groups, read_table};
use clearway_model::time::{MS_PER_HOUR, seconds};
use clearway_model::{
    ClosureKind, ClosureTarget, Faults, Means, MultimodalSummary, Scenario, Store, SubStore, TripRow,
    file_digest,
};
use clearway_report::reports::{
    MedFacts, MedGroup, MedHazard, MedOrder, MedRoute, MedTransport, MedZone, ReportOrigin, ReportedSite,
    med_report_page,
};
use clearway_report::{RowLookup, route_via, standing_sentences};
use std::collections::{BTreeMap, BTreeSet};

/// One plan, with its parts.
struct MedSource {
    scenario: Scenario,
    multimodal: Option<MultimodalSummary>,
    /// How the people of a part leave; `None`: the class of the scenario.
    parts: Vec<(Option<Means>, ReportSource)>,
    trips: Vec<TripRow>,
    digest: String,
    orders: Vec<MedOrder>,
}

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
    let source = read(session, *plan)?;
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
    let zones = zones(&source);
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
        orders: source.orders.clone(),
        sites: sites(&source),
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

/// Reads a plan, verified as a whole.
fn read(session: &Session, plan: &dyn Store) -> Result<MedSource, Error> {
    let bytes = |name: &str| plan.read(name).map_err(|source| Error::Read { path: name.into(), source });
    let invalid = |faults: Faults| Error::Invalid { of: plan.label(), faults };
    let Some(whole) = bytes("multimodal.json")? else {
        let part = ReportSource::read(session, plan)?;
        let (scenario, digest) = (part.source.scenario.clone(), part.plan_digest.clone());
        let orders = orders(&bytes("zones.csv")?.unwrap_or_default());
        let (multimodal, trips) = (None, Vec::new());
        return Ok(MedSource { scenario, multimodal, parts: vec![(None, part)], trips, digest, orders });
    };
    session.progress().tell("verify", 0.0);
    must_hold(plan)?;
    if session.cancel().is_cancelled() {
        return Err(Error::Cancelled(None));
    }
    session.progress().tell("report", 0.0);
    let digest = format!("sha256:{}", file_digest(&whole));
    let multimodal: MultimodalSummary = serde_json::from_slice(&whole)
        .map_err(|error| Error::Request(format!("{}: multimodal.json: {error}", plan.label())))?;
    let (scenario, _) = read_scenario_with_groups(&SubStore::new(plan, "scenario")).map_err(invalid)?;
    let mut parts = Vec::new();
    for name in part_folders(plan) {
        let part = ReportSource::of_verified(&SubStore::new(plan, &name))?;
        parts.push((Means::of_word(&name), part));
    }
    let trips = match bytes("fleet/trips.csv")? {
        Some(table) => {
            let (rows, faults) = read_table::<TripRow>("fleet/trips.csv", &table);
            if faults.has_errors() {
                return Err(invalid(faults));
            }
            rows
        }
        None => Vec::new(),
    };
    Ok(MedSource { scenario, multimodal: Some(multimodal), parts, trips, digest, orders: Vec::new() })
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

fn earlier(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    [one, other].into_iter().flatten().reduce(f64::min)
}

fn later(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    [one, other].into_iter().flatten().reduce(f64::max)
}

/// Zones with their groups, and what becomes of their people in all parts and in the fleet.
fn zones(source: &MedSource) -> Vec<MedZone> {
    let scenario = &source.scenario;
    let names: BTreeMap<&str, &str> =
        scenario.nodes.iter().map(|node| (node.node_id.as_str(), node.name.trim())).collect();
    let mut zones: Vec<MedZone> = scenario
        .zones
        .iter()
        .map(|row| {
            let connectors = scenario.connectors.iter().filter(|connector| {
                connector.place == clearway_model::ConnectorPlace::Zone && connector.place_id == row.zone_id
            });
            let point = |node: &str| match names.get(node) {
                Some(name) if !name.is_empty() => (*name).to_owned(),
                _ => node.to_owned(),
            };
            MedZone {
                zone_id: row.zone_id.clone(),
                people: row.people,
                staying: row.stay_people.unwrap_or(0).min(row.people),
                loading_points: connectors.map(|connector| point(&connector.node_id)).collect(),
                ..MedZone::default()
            }
        })
        .collect();
    let place: BTreeMap<String, usize> =
        zones.iter().enumerate().map(|(at, zone)| (zone.zone_id.clone(), at)).collect();
    if let Some(groups) = &scenario.groups {
        for row in &groups.rows {
            let Some(&at) = place.get(&row.zone_id) else { continue };
            let staying = row.stay_people.unwrap_or(0);
            if zones[at].groups.is_empty() {
                (zones[at].people, zones[at].staying) = (0, 0);
            }
            zones[at].people += row.people;
            zones[at].staying += staying;
            zones[at].groups.push(MedGroup { means: row.means, people: row.people, staying });
        }
    }
    for (_, part) in &source.parts {
        for outcome in part.zones() {
            let Some(&at) = place.get(&outcome.zone_id) else { continue };
            let zone = &mut zones[at];
            zone.arrived += outcome.arrived;
            zone.first_departure_s = earlier(zone.first_departure_s, outcome.first_departure_s);
            zone.last_arrival_s = later(zone.last_arrival_s, outcome.last_arrival_s);
        }
    }
    for trip in &source.trips {
        let Some(&at) = place.get(&trip.zone_id) else { continue };
        let zone = &mut zones[at];
        zone.arrived += passengers(trip);
        zone.first_departure_s = earlier(zone.first_departure_s, Some(seconds(trip.depart_ms)));
        zone.last_arrival_s = later(zone.last_arrival_s, Some(seconds(trip.end_ms)));
    }
    zones
}

fn passengers(trip: &TripRow) -> i64 {
    trip.seat_people + trip.wheelchair_people + trip.stretcher_people
}

fn last_departure(source: &MedSource) -> Option<f64> {
    let parts = source.parts.iter().flat_map(|(_, part)| part.zones());
    let by_parts = parts.filter_map(|zone| zone.last_departure_s).reduce(f64::max);
    let trips = source.trips.iter().filter(|trip| passengers(trip) > 0);
    later(by_parts, trips.map(|trip| seconds(trip.depart_ms)).reduce(f64::max))
}

/// Who comes to each site, from all parts and by the fleet.
fn sites(source: &MedSource) -> Vec<ReportedSite> {
    let mut sites: BTreeMap<String, ReportedSite> = BTreeMap::new();
    let mut add = |site_id: &str, people: i64, first: Option<f64>, last: Option<f64>| {
        let site = sites.entry(site_id.to_owned()).or_default();
        site.arrived += people;
        site.first_arrival_s = earlier(site.first_arrival_s, first);
        site.last_arrival_s = later(site.last_arrival_s, last);
    };
    for (_, part) in &source.parts {
        for site in part.sites() {
            add(&site.site_id, site.arrived, site.first_arrival_s, site.last_arrival_s);
        }
    }
    for trip in source.trips.iter().filter(|trip| passengers(trip) > 0) {
        let end = Some(seconds(trip.end_ms));
        add(&trip.site_id, passengers(trip), end, end);
    }
    let row = |row: &clearway_model::SiteRow| {
        let found = sites.remove(&row.site_id).unwrap_or_default();
        ReportedSite { site_id: row.site_id.clone(), ..found }
    };
    source.scenario.sites.iter().map(row).collect()
}

/// Most people admitted within one hour since the start, per site; of several parts together by their hours.
fn peak_arrivals(source: &MedSource) -> Vec<Option<i64>> {
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
fn routes(source: &MedSource) -> Vec<MedRoute> {
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
fn transport(source: &MedSource) -> Vec<MedTransport> {
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
