//! A plan of which people leave by one means or by several: its parts, its fleet, and who leaves from where to where in all of them.

use super::source::{ReportSource, verified};
use crate::error::Error;
use crate::session::Session;
use clearway_formats::{part_folders, read_scenario_with_groups, read_table};
use clearway_model::time::seconds;
use clearway_model::{Faults, Means, MultimodalSummary, Scenario, Store, SubStore, TripRow, file_digest};
use clearway_report::reports::{MedGroup, MedZone, ReportedSite};
use std::collections::BTreeMap;

/// A plan, with its parts where people leave by several means.
pub(super) struct PlanWithParts {
    pub scenario: Scenario,
    pub multimodal: Option<MultimodalSummary>,
    /// How the people of a part leave; `None`: the class of the scenario.
    pub parts: Vec<(Option<Means>, ReportSource)>,
    pub trips: Vec<TripRow>,
    /// Digest of `plan.json` or `multimodal.json`.
    pub digest: String,
}

impl PlanWithParts {
    /// Reads a plan, verified as a whole.
    pub fn read(session: &Session, plan: &dyn Store) -> Result<Self, Error> {
        let bytes = |name: &str| plan.read(name).map_err(|source| Error::Read { path: name.into(), source });
        let invalid = |faults: Faults| Error::Invalid { of: plan.label(), faults };
        let Some(whole) = bytes("multimodal.json")? else {
            let part = ReportSource::read(session, plan)?;
            let (scenario, digest) = (part.source.scenario.clone(), part.plan_digest.clone());
            let (multimodal, trips) = (None, Vec::new());
            return Ok(Self { scenario, multimodal, parts: vec![(None, part)], trips, digest });
        };
        verified(session, plan)?;
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
        Ok(Self { scenario, multimodal: Some(multimodal), parts, trips, digest })
    }

    /// Zones with their groups, and what becomes of their people in all parts and in the fleet.
    pub fn zones(&self) -> Vec<MedZone> {
        let scenario = &self.scenario;
        let names: BTreeMap<&str, &str> =
            scenario.nodes.iter().map(|node| (node.node_id.as_str(), node.name.trim())).collect();
        let mut zones: Vec<MedZone> = scenario
            .zones
            .iter()
            .map(|row| {
                let connectors = scenario.connectors.iter().filter(|connector| {
                    connector.place == clearway_model::ConnectorPlace::Zone
                        && connector.place_id == row.zone_id
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
        for (_, part) in &self.parts {
            for outcome in part.zones() {
                let Some(&at) = place.get(&outcome.zone_id) else { continue };
                let zone = &mut zones[at];
                zone.arrived += outcome.arrived;
                zone.first_departure_s = earlier(zone.first_departure_s, outcome.first_departure_s);
                zone.last_arrival_s = later(zone.last_arrival_s, outcome.last_arrival_s);
            }
        }
        for trip in &self.trips {
            let Some(&at) = place.get(&trip.zone_id) else { continue };
            let zone = &mut zones[at];
            zone.arrived += passengers(trip);
            zone.first_departure_s = earlier(zone.first_departure_s, Some(seconds(trip.depart_ms)));
            zone.last_arrival_s = later(zone.last_arrival_s, Some(seconds(trip.end_ms)));
        }
        zones
    }

    /// Who comes to each site, from all parts and by the fleet.
    pub fn sites(&self) -> Vec<ReportedSite> {
        let mut sites: BTreeMap<String, ReportedSite> = BTreeMap::new();
        let mut add = |site_id: &str, people: i64, first: Option<f64>, last: Option<f64>| {
            let site = sites.entry(site_id.to_owned()).or_default();
            site.arrived += people;
            site.first_arrival_s = earlier(site.first_arrival_s, first);
            site.last_arrival_s = later(site.last_arrival_s, last);
        };
        for (_, part) in &self.parts {
            for site in part.sites() {
                add(&site.site_id, site.arrived, site.first_arrival_s, site.last_arrival_s);
            }
        }
        for trip in self.trips.iter().filter(|trip| passengers(trip) > 0) {
            let end = Some(seconds(trip.end_ms));
            add(&trip.site_id, passengers(trip), end, end);
        }
        let row = |row: &clearway_model::SiteRow| {
            let found = sites.remove(&row.site_id).unwrap_or_default();
            ReportedSite { site_id: row.site_id.clone(), ..found }
        };
        self.scenario.sites.iter().map(row).collect()
    }
}

/// People whom a trip carries.
pub(super) fn passengers(trip: &TripRow) -> i64 {
    trip.seat_people + trip.wheelchair_people + trip.stretcher_people
}

fn earlier(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    [one, other].into_iter().flatten().reduce(f64::min)
}

pub(super) fn later(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    [one, other].into_iter().flatten().reduce(f64::max)
}
