//! `link_states.json` and the tables of who passes which link and who arrives when: what is written of a
//! [`crate::recording::Recording`] and of all journeys. Columns and bytes are explained in `docs/reference/simulation.md`.

use crate::recording::{HourOnLink, LinkStates, Passages, StateKind};
use crate::simulation::Simulation;
use crate::traffic::{Fate, Journey, Vehicle};
use clearway_model::number::{float, index, length};
use clearway_model::{ConnectorPlace, Scenario};
use clearway_network::{ElementKind, Network};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows that `link_zone_hours.csv` has at most.
const ZONE_HOUR_ROWS: usize = 200_000;

/// `link_states.json`: how to read `link_states.bin`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct LinkStatesIndex {
    /// Always `clearway-link-states/1`.
    pub schema: String,
    /// Digest of the scenario.
    pub scenario: String,
    /// Where the bytes are.
    pub file: String,
    /// Where the figures come from, in words.
    pub source: String,
    /// Length of a step, s. The first begins at the start of the scenario.
    pub step_s: f64,
    /// Steps.
    pub steps: u64,
    /// Where a byte stands, in words.
    pub order: String,
    /// What is recorded, in the order of the file.
    pub kinds: Vec<LinkStateKind>,
    /// The byte of a link that is closed during the whole step; in the kinds `room` and `standing` only if nobody is on it at the end
    /// of the step.
    pub closed: u8,
    /// The byte of a link of which it is not known how many vehicles fit on it.
    pub unknown: u8,
    /// Ids of the links, in the order of the bytes of a step: those on a way that somebody has.
    pub links: Vec<String>,
}

/// One kind of figure in `link_states.bin`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct LinkStateKind {
    /// `flow`, `room` or `standing`.
    pub key: String,
    /// What it is, in words.
    pub what: String,
    /// Its unit.
    pub unit: String,
    /// How a byte from 0 to 250 becomes the figure. Bytes are rounded up, so that only nothing is 0.
    pub scale: LinkStateScale,
    /// The figure of the byte 250.
    pub most: f64,
    /// Byte of the file at which it begins.
    pub offset: u64,
}

/// How a byte becomes a figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkStateScale {
    /// byte / `per_unit`.
    Linear {
        /// Bytes a unit.
        per_unit: f64,
    },
    /// 10^(byte / `per_tenfold`) - 1.
    DecimalLogarithm {
        /// Bytes from a figure (plus one) to its tenfold.
        per_tenfold: f64,
    },
}

impl LinkStatesIndex {
    /// The value of `schema` that this version writes.
    pub const SCHEMA: &'static str = "clearway-link-states/1";
    /// Name of the file with the bytes.
    pub const FILE: &'static str = "link_states.bin";

    /// How to read the states of a simulation with this digest.
    pub fn new(
        simulation: &Simulation,
        states: &LinkStates,
        scenario: &Scenario,
        network: &Network,
        digest: &str,
    ) -> Self {
        let link_id = |&street: &u32| match network.elements[simulation.streets.elements[index(street)]].kind
        {
            ElementKind::Link(row) => scenario.links[row].link_id.clone(),
            ElementKind::Connector(_) | ElementKind::Admission(_) => String::new(),
        };
        let of_kind = states.steps * states.links.len();
        let kinds = StateKind::ALL.iter().enumerate();
        Self {
            schema: Self::SCHEMA.to_owned(),
            scenario: digest.to_owned(),
            file: Self::FILE.to_owned(),
            source:
                "simulated, as docs/reference/simulation.md says; capacity and room are those of the scenario"
                    .to_owned(),
            step_s: float(states.step_us) / 1e6,
            steps: u64::try_from(states.steps).unwrap_or(u64::MAX),
            order: "one byte per kind, step and link: (kind * steps + step) * links + link".to_owned(),
            kinds: kinds
                .map(|(place, &kind)| {
                    LinkStateKind::new(kind, u64::try_from(place * of_kind).unwrap_or(u64::MAX))
                })
                .collect(),
            closed: LinkStates::CLOSED,
            unknown: LinkStates::UNKNOWN_ROOM,
            links: states.links.iter().map(link_id).collect(),
        }
    }
}

impl LinkStateKind {
    fn new(kind: StateKind, offset: u64) -> Self {
        let full = f64::from(LinkStates::FULL);
        let (key, what, unit) = match kind {
            StateKind::Flow => (
                "flow",
                "people who enter the link in the step, over those who can",
                "share of the capacity of the link",
            ),
            StateKind::Room => (
                "room",
                "vehicles on the link at the end of the step, over those that fit on it",
                "share of the room of the link",
            ),
            StateKind::Standing => (
                "standing",
                "people at the end of the step who have come to the end of the link and have not left it",
                "people",
            ),
        };
        let (scale, most) = match kind {
            StateKind::Flow | StateKind::Room => (LinkStateScale::Linear { per_unit: full }, 1.0),
            StateKind::Standing => {
                let per_tenfold = LinkStates::PER_TENFOLD;
                (LinkStateScale::DecimalLogarithm { per_tenfold }, 10f64.powf(full / per_tenfold) - 1.0)
            }
        };
        Self { key: key.to_owned(), what: what.to_owned(), unit: unit.to_owned(), scale, most, offset }
    }
}

/// A row of `link_hours.csv` or, with a zone, of `link_zone_hours.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkHourRow {
    /// The link.
    pub link_id: String,
    /// When the hour begins, s.
    pub from_s: i64,
    /// The zone of origin; empty: all.
    pub zone_id: String,
    /// Vehicles that enter the link within the hour.
    pub vehicles: u64,
    /// People in them.
    pub people: u64,
}

/// Who passes which link, hour by hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkHours {
    /// From all zones together; by link and hour.
    pub all: Vec<LinkHourRow>,
    /// By link, hour and zone of origin; of `zone_links` links, those at whose end people wait most.
    pub by_zone: Vec<LinkHourRow>,
    /// Of how many links `by_zone` tells.
    pub zone_links: u64,
    /// How many links somebody passes.
    pub links: u64,
}

/// Who passes which link, by hour; by zone for all links where that makes a table of at most 200,000 rows, else for as many as fit into
/// one, those at whose end people wait most first.
pub fn link_hours(
    simulation: &Simulation,
    passages: &Passages,
    scenario: &Scenario,
    network: &Network,
) -> LinkHours {
    let link = |street: u32| match kind_of(simulation, network, street) {
        Some(ElementKind::Link(row)) => Some(scenario.links[row].link_id.as_str()),
        _ => None,
    };
    let row = |street: u32, hour: usize, zone: &str, on: HourOnLink| {
        Some(LinkHourRow {
            link_id: link(street)?.to_owned(),
            from_s: length(hour) * 3600,
            zone_id: zone.to_owned(),
            vehicles: on.vehicles,
            people: on.people,
        })
    };
    let mut all: Vec<LinkHourRow> =
        passages.by_hour().into_iter().filter_map(|((street, hour), on)| row(street, hour, "", on)).collect();
    let asked = shown_by_zone(simulation, passages, |street| link(street).is_some());
    let origins = origins(simulation, scenario, network);
    let by_origin =
        passages.by_origin(&origins, |street| asked.shown.binary_search(&street).is_ok()).into_iter();
    let zone = |origin: u32| scenario.zones.get(index(origin)).map_or("", |zone| zone.zone_id.as_str());
    let mut by_zone: Vec<LinkHourRow> =
        by_origin.filter_map(|((street, hour, origin), on)| row(street, hour, zone(origin), on)).collect();
    let key = |row: &LinkHourRow| (row.link_id.clone(), row.from_s, row.zone_id.clone());
    all.sort_by_cached_key(key);
    by_zone.sort_by_cached_key(key);
    let links = u64::try_from(asked.all).unwrap_or(u64::MAX);
    LinkHours { all, by_zone, zone_links: u64::try_from(asked.shown.len()).unwrap_or(u64::MAX), links }
}

/// Links of which it is told which zones pass them.
struct ShownByZone {
    /// Ascending.
    shown: Vec<u32>,
    /// How many links are passed at all.
    all: usize,
}

fn shown_by_zone(simulation: &Simulation, passages: &Passages, is_link: impl Fn(u32) -> bool) -> ShownByZone {
    // as many rows as there are paths by hour, or fewer
    let mut rows: BTreeMap<u32, usize> = BTreeMap::new();
    for (_, _, street, _) in passages.each() {
        if is_link(street) {
            *rows.entry(street).or_default() += 1;
        }
    }
    let all = rows.len();
    let mut ranked: Vec<(u32, usize)> = rows.into_iter().collect();
    let load = |street: u32| {
        let traffic = &simulation.traffic[index(street)];
        (traffic.waiting, traffic.people)
    };
    ranked.sort_by(|a, b| (load(b.0), a.0).cmp(&(load(a.0), b.0)));
    let mut sum = 0;
    let mut shown: Vec<u32> = ranked
        .into_iter()
        .take_while(|&(_, rows)| {
            sum += rows;
            sum <= ZONE_HOUR_ROWS
        })
        .map(|(street, _)| street)
        .collect();
    shown.sort_unstable();
    ShownByZone { shown, all }
}

/// What a street is; `None`: one of the fleet alone.
fn kind_of(simulation: &Simulation, network: &Network, street: u32) -> Option<ElementKind> {
    simulation.streets.elements.get(index(street)).map(|&element| network.elements[element].kind)
}

/// Of each path, the row of the zone where it begins.
pub(crate) fn origins(simulation: &Simulation, scenario: &Scenario, network: &Network) -> Vec<u32> {
    let row_of: BTreeMap<&str, u32> =
        (0..).zip(&scenario.zones).map(|(row, z)| (z.zone_id.as_str(), row)).collect();
    let origin = |path: &Vec<u32>| {
        let &first = path.first()?;
        match kind_of(simulation, network, first) {
            Some(ElementKind::Connector(row)) if scenario.connectors[row].place == ConnectorPlace::Zone => {
                row_of.get(scenario.connectors[row].place_id.as_str()).copied()
            }
            _ => None,
        }
    };
    simulation.trips.paths.iter().map(|path| origin(path).unwrap_or(u32::MAX)).collect()
}

/// Whether all who evacuate by the scenario are to move in a simulation: not where some of them go by other means, or stay by chance.
pub(crate) fn is_of_all(simulation: &Simulation, network: &Network) -> bool {
    simulation.evacuees == network.evacuees()
}

/// A row of `zone_arrivals.csv` or `site_arrivals.csv`: when the people of a zone arrive, or those who go to a site.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrivalRow {
    /// The zone or site.
    pub id: String,
    /// Its name, may be empty.
    pub name: String,
    /// Of a zone all who evacuate from it, in an order or not; of a site those who are to go there.
    pub people: i64,
    /// Of these, people who arrive within the planning horizon.
    pub arrived: i64,
    /// When the first arrives, s; `None`: nobody does.
    pub first_s: Option<f64>,
    /// When half of the people have arrived, s; `None`: never.
    pub t50_s: Option<f64>,
    /// When 90 % have, s; `None`: never.
    pub t90_s: Option<f64>,
    /// When the last of those arrives who arrive at all, s; `None`: nobody does.
    pub last_s: Option<f64>,
}

impl ArrivalRow {
    /// `arrivals`: (when, µs; people), in any order.
    fn new(id: &str, name: &str, people: i64, mut arrivals: Vec<(i64, i64)>) -> Self {
        arrivals.sort_unstable();
        let arrived = arrivals.iter().map(|one| one.1).sum();
        let time_of = |wanted: i64| {
            let mut sum = 0;
            let at = arrivals.iter().find(|one| {
                sum += one.1;
                sum >= wanted
            });
            at.map(|one| float(one.0) / 1e6)
        };
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            people,
            arrived,
            first_s: time_of(1),
            t50_s: time_of((people + 1) / 2),
            t90_s: time_of((people * 9 + 9) / 10),
            last_s: time_of(arrived).filter(|_| arrived > 0),
        }
    }
}

/// When people arrive, by zone of origin and by site, each in the order of the ids; zones from which nobody evacuates and sites to which
/// nobody is ordered are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arrivals {
    /// By zone.
    pub zones: Vec<ArrivalRow>,
    /// By site.
    pub sites: Vec<ArrivalRow>,
}

/// When people arrive.
pub fn arrivals(simulation: &Simulation, scenario: &Scenario, network: &Network) -> Arrivals {
    let origins = origins(simulation, scenario, network);
    let site_of = |path: &Vec<u32>| {
        let &last = path.last()?;
        match kind_of(simulation, network, last) {
            Some(ElementKind::Admission(row)) => Some(row),
            _ => None,
        }
    };
    let sites: Vec<Option<usize>> = simulation.trips.paths.iter().map(site_of).collect();
    /// People in all, and (when, people) of those who arrive.
    type Counted = (i64, Vec<(i64, i64)>);
    let mut by_zone: BTreeMap<usize, Counted> = BTreeMap::new();
    let mut by_site: BTreeMap<usize, Counted> = BTreeMap::new();
    let evacuees = |of: &(&Vehicle, &Journey)| of.0.path < simulation.trips.unasked_from;
    for (vehicle, journey) in simulation.trips.vehicles.iter().zip(&simulation.journeys).filter(evacuees) {
        let people = i64::from(vehicle.people);
        let zone = by_zone.entry(index(origins[index(vehicle.path)])).or_default();
        let site = sites[index(vehicle.path)].map(|site| by_site.entry(site).or_default());
        for counted in [Some(zone), site].into_iter().flatten() {
            counted.0 += people;
            if let Fate::Arrived(time_us) = journey.fate {
                counted.1.push((time_us, people));
            }
        }
    }
    // a share of those in orders would look like one of all
    if is_of_all(simulation, network) {
        for (row, zone) in network.zones.iter().enumerate().filter(|(_, zone)| zone.evacuees > 0) {
            let counted = by_zone.entry(row).or_default();
            counted.0 = counted.0.max(zone.evacuees);
        }
    }
    let zone = |(row, (people, arrivals)): (usize, Counted)| {
        let zone = scenario.zones.get(row)?;
        Some(ArrivalRow::new(&zone.zone_id, &zone.name, people, arrivals))
    };
    let site = |(row, (people, arrivals)): (usize, Counted)| {
        let site = scenario.sites.get(row)?;
        Some(ArrivalRow::new(&site.site_id, &site.name, people, arrivals))
    };
    let mut zones: Vec<ArrivalRow> = by_zone.into_iter().filter_map(zone).collect();
    let mut sites: Vec<ArrivalRow> = by_site.into_iter().filter_map(site).collect();
    zones.sort_by(|a, b| a.id.cmp(&b.id));
    sites.sort_by(|a, b| a.id.cmp(&b.id));
    Arrivals { zones, sites }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_count_people_and_shares_are_of_all_who_are_to_go() {
        let row = ArrivalRow::new("z", "", 10, vec![(30_000_000, 4), (10_000_000, 1), (20_000_000, 4)]);
        assert_eq!((row.people, row.arrived), (10, 9));
        assert_eq!([row.first_s, row.t50_s, row.t90_s, row.last_s], [10.0, 20.0, 30.0, 30.0].map(Some));
        let row = ArrivalRow::new("z", "", 10, vec![(10_000_000, 8)]);
        assert_eq!([row.t50_s, row.t90_s, row.last_s], [Some(10.0), None, Some(10.0)]);
        let row = ArrivalRow::new("z", "", 10, Vec::new());
        assert_eq!([row.first_s, row.t50_s, row.t90_s, row.last_s], [None; 4]);
    }
}
