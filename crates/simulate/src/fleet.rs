//! The trips of a fleet as vehicles on the same streets as all others.
//!
//! A vehicle of the fleet drives one long path: empty to the zone, a bay there in which it loads, on with its passengers, a bay at the
//! site, and the next trip. Bays and gates are streets of its own, on which it stands in nobody's way: a gate opens when its timetable says
//! that it sets out or leaves, so that it is never early, and if it is late all that follows is late. Nothing is turned round: passengers
//! wait for their vehicle.

use crate::streets::{Street, Streets};
use crate::traffic::Vehicle;
use crate::trips::{StreetIds, UnknownPart};
use clearway_model::number::{ceil, compact, float, index as at, round};
use clearway_model::{ConnectorPlace, Scenario, TripRow, VehicleRow};
use clearway_network::Network;
use std::collections::BTreeMap;

/// What a fleet has to do.
#[derive(Debug, Clone, Copy)]
pub struct FleetTask<'a> {
    /// The types of its vehicles.
    pub types: &'a [VehicleRow],
    /// All trips of all vehicles.
    pub trips: &'a [TripRow],
}

/// A street on the way of a vehicle of the fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Its trip, by row.
    pub trip: u32,
    /// People on board.
    pub on_board: u32,
    /// Its place on the way of the passengers of the trip; `None`: it is empty then, or stands in a bay or at a gate.
    pub place: Option<u32>,
    /// What happens there.
    pub kind: StageKind,
}

/// What happens on a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StageKind {
    /// It drives.
    Driving,
    /// It stands on a street of its own.
    Standing,
    /// It leaves the zone with its passengers.
    Leaving,
    /// Its passengers get off and are received.
    Unloading,
}

/// All that one vehicle does.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    /// Streets, those of its own included.
    pub path: Vec<u32>,
    /// What each is.
    pub stages: Vec<Stage>,
    /// When it first sets out, µs.
    pub begin_us: i64,
    /// What it takes of the capacity of a street, as people of others.
    pub load: u32,
}

/// The fleet on its streets.
#[derive(Debug, Clone, Default)]
pub(crate) struct FleetOnRoads {
    /// The streets of all, then those of the fleet alone.
    pub streets: Vec<Street>,
    /// One per vehicle, by its id.
    pub chains: Vec<Chain>,
    /// Per trip, the way of its passengers: connector, links, connector, admission.
    pub ways: Vec<Vec<u32>>,
}

/// Always: from long before the start until long after every horizon, µs.
const ALWAYS_US: (i64, i64) = (0, i64::MAX / 8);

struct ChainBuilder<'a> {
    scenario: &'a Scenario,
    streets: Vec<Street>,
    ids: StreetIds<'a>,
    path: Vec<u32>,
    stages: Vec<Stage>,
}

impl FleetOnRoads {
    /// Chains of all vehicles. `people_per_pcu`: what a street's people an hour are made of.
    ///
    /// # Errors
    /// A trip that names what the network does not have.
    pub fn new(
        scenario: &Scenario,
        network: &Network,
        streets: &Streets,
        task: FleetTask<'_>,
        people_per_pcu: f64,
    ) -> Result<Self, UnknownPart> {
        let mut builder = ChainBuilder::new(scenario, network, streets);
        let mut by_vehicle: BTreeMap<&str, Vec<(u32, &TripRow)>> = BTreeMap::new();
        for (row, trip) in (0..).zip(task.trips) {
            by_vehicle.entry(trip.vehicle_id.as_str()).or_default().push((row, trip));
        }
        let mut ways = vec![Vec::new(); task.trips.len()];
        let mut chains = Vec::new();
        for trips in by_vehicle.values_mut() {
            trips.sort_by_key(|&(row, trip)| (trip.from_ms, trip.end_ms, row));
            let mut before: Option<&TripRow> = None;
            let mut load = 1;
            for &(row, trip) in trips.iter() {
                let of_type = |kind: &&VehicleRow| kind.vehicle_type_id == trip.vehicle_type_id;
                let kind =
                    task.types.iter().find(of_type).ok_or_else(|| unknown(trip, &trip.vehicle_type_id))?;
                let share = ceil(kind.pcu_per_vehicle * people_per_pcu - 1e-9).max(1);
                load = u32::try_from(share).unwrap_or(u32::MAX);
                builder.set_out(row, trip, kind, before)?;
                ways[at(row)] = builder.carry(row, trip, kind)?;
                before = Some(trip);
            }
            let begin_us = trips.first().map_or(0, |one| one.1.from_ms * 1000);
            let (path, stages) = (std::mem::take(&mut builder.path), std::mem::take(&mut builder.stages));
            chains.push(Chain { path, stages, begin_us, load });
        }
        Ok(Self { streets: builder.streets, chains, ways })
    }

    /// Vehicles of the chains, on paths whose numbers begin with `first_path`.
    pub fn vehicles(&self, first_path: u32) -> impl Iterator<Item = Vehicle> {
        (first_path..).zip(&self.chains).map(|(path, chain)| Vehicle {
            path,
            people: chain.load,
            first_us: chain.begin_us,
            last_us: chain.begin_us,
        })
    }
}

fn unknown(trip: &TripRow, id: &str) -> UnknownPart {
    UnknownPart { route_id: trip.trip_id.clone(), id: id.to_owned() }
}

/// People in a trip.
pub(crate) fn people_of(trip: &TripRow) -> u32 {
    let people = trip.seat_people + trip.wheelchair_people + trip.stretcher_people;
    u32::try_from(people.max(0)).unwrap_or(u32::MAX)
}

impl<'a> ChainBuilder<'a> {
    fn new(scenario: &'a Scenario, network: &Network, streets: &Streets) -> Self {
        Self {
            scenario,
            streets: streets.streets.clone(),
            ids: StreetIds::new(scenario, network, streets),
            path: Vec::new(),
            stages: Vec::new(),
        }
    }

    fn push(&mut self, street: u32, stage: Stage) {
        self.path.push(street);
        self.stages.push(stage);
    }

    /// A street of its own, which opens at `open_us` and takes `travel_us`.
    fn stand(&mut self, open_us: Vec<(i64, i64)>, travel_us: i64, stage: Stage) {
        let street = compact(self.streets.len());
        self.streets.push(Street { travel_us, lane_groups: u32::MAX, open_us, ..Street::default() });
        self.push(street, stage);
    }

    /// Links one after the other; a slower vehicle spends what it is slower after each of them, out of the way of others.
    fn drive(
        &mut self,
        trip: &TripRow,
        links: &str,
        kind: &VehicleRow,
        stage: Stage,
        mut place: Option<u32>,
    ) -> Result<Vec<u32>, UnknownPart> {
        let share = kind.speed_share.unwrap_or(1.0);
        let mut way = Vec::new();
        for id in links.split(';').map(str::trim).filter(|id| !id.is_empty()) {
            let street = self.ids.link(id).ok_or_else(|| unknown(trip, id))?;
            self.push(street, Stage { place, ..stage });
            way.push(street);
            let travel_us = self.streets[at(street)].travel_us;
            let slower_us = round(float(travel_us) / share) - travel_us;
            if slower_us > 0 {
                self.stand(vec![ALWAYS_US], slower_us, Stage { kind: StageKind::Standing, place, ..stage });
            }
            place = place.map(|place| place + 1);
        }
        Ok(way)
    }

    /// Empty to the zone, and loading there.
    fn set_out(
        &mut self,
        row: u32,
        trip: &TripRow,
        kind: &VehicleRow,
        before: Option<&TripRow>,
    ) -> Result<(), UnknownPart> {
        let empty = Stage { trip: row, on_board: 0, place: None, kind: StageKind::Standing };
        let from = |ms: i64| vec![(ms * 1000, ALWAYS_US.1)];
        if let Some(before) = before {
            // whoever rests by the timetable rests as long when late
            let rest_ms = kind.rest_ms.filter(|&rest| rest > 0 && trip.from_ms - before.end_ms >= rest);
            if let Some(rest_ms) = rest_ms {
                self.stand(vec![ALWAYS_US], rest_ms * 1000, empty);
            }
        }
        self.stand(from(trip.from_ms), 0, empty);
        if let Some(before) = before {
            let back_us =
                self.back_us(ConnectorPlace::Site, &before.site_id, self.begins_at(&trip.empty_links));
            self.stand(vec![ALWAYS_US], back_us, empty);
        }
        self.drive(trip, &trip.empty_links, kind, Stage { kind: StageKind::Driving, ..empty }, None)?;
        let end = self.ends_at(&trip.empty_links);
        let into_us = self.back_us(ConnectorPlace::Zone, &trip.zone_id, end);
        self.stand(vec![ALWAYS_US], into_us, empty);
        // loading does not begin before everybody it takes is ready, and it leaves by the timetable or later
        self.stand(from(trip.load_ms), kind.load_ms * 1000, empty);
        self.stand(from(trip.depart_ms), 0, Stage { on_board: people_of(trip), ..empty });
        Ok(())
    }

    /// Loaded to the site, and unloading there; the way of the passengers.
    fn carry(&mut self, row: u32, trip: &TripRow, kind: &VehicleRow) -> Result<Vec<u32>, UnknownPart> {
        let connector = |id: &str| self.ids.connector(id).ok_or_else(|| unknown(trip, id));
        let (out, into) = (connector(&trip.zone_connector)?, connector(&trip.site_connector)?);
        let admission = self.ids.admission(&trip.site_id).ok_or_else(|| unknown(trip, &trip.site_id))?;
        let on_board = people_of(trip);
        let stage = Stage { trip: row, on_board, place: Some(0), kind: StageKind::Driving };
        self.push(out, Stage { kind: StageKind::Leaving, ..stage });
        let links = self.drive(trip, &trip.links, kind, stage, Some(1))?;
        let place = compact(links.len()) + 1;
        self.push(into, Stage { place: Some(place), ..stage });
        let stands = Stage { kind: StageKind::Standing, place: Some(place), ..stage };
        // as the timetable is made: people get off, and are received once the site is open
        self.stand(vec![ALWAYS_US], kind.unload_ms * 1000, stands);
        let open_us = self.streets[at(admission)].open_us.clone();
        let received = Stage { kind: StageKind::Unloading, place: Some(place + 1), ..stage };
        self.stand(open_us, 0, received);
        Ok([out].into_iter().chain(links).chain([into, admission]).collect())
    }

    fn link(&self, id: Option<&str>) -> Option<&'a clearway_model::LinkRow> {
        let id = id?.trim();
        self.scenario.links.iter().find(|link| link.link_id == id)
    }

    /// The node where a run begins; empty where it has no links.
    fn begins_at(&self, links: &str) -> &'a str {
        self.link(links.split(';').next()).map_or("", |link| link.from_node_id.as_str())
    }

    fn ends_at(&self, links: &str) -> &'a str {
        self.link(links.split(';').next_back()).map_or("", |link| link.to_node_id.as_str())
    }

    /// Time from a place to a node, or from there to it, by the fastest of its connectors that are joined there, or where no node is
    /// named by the fastest of all, µs.
    fn back_us(&self, place: ConnectorPlace, id: &str, node: &str) -> i64 {
        let joined = self.scenario.connectors.iter().filter(|connector| {
            connector.place == place
                && connector.place_id == id
                && (node.is_empty() || connector.node_id == node)
        });
        let street = |id: &str| self.ids.connector(id).map(|street| self.streets[at(street)].travel_us);
        joined.filter_map(|connector| street(&connector.connector_id)).min().unwrap_or(0)
    }
}
