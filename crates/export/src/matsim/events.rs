//! Events of our simulation: what `clearway simulate` does with the same vehicles.

use crate::format::ExportError;
use crate::tables::PlanFacts;
use crate::trips::{EdgeKind, TrafficEdge, TrafficPlan};
use crate::xml::XmlText;
use clearway_model::number::index;
use clearway_network::{ElementKind, RoomFigures};
use clearway_simulate::streets::{QueueModel, Streets};
use clearway_simulate::traffic::{Demand, Fate, Passage, Turns, Watch, run};
use clearway_simulate::trips::Trips;

/// A vehicle enters a street, or is admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    time_us: i64,
    vehicle: u32,
    /// Place of the street on its way.
    place: usize,
}

/// Notes who enters what.
struct Recorder {
    moments: Vec<Moment>,
    /// Per vehicle, where the streets of its way begin among those of all.
    begins: Vec<usize>,
}

impl Watch for Recorder {
    fn entered(&mut self, passage: Passage, time_us: i64) {
        let place = index(passage.place) - self.begins[index(passage.vehicle)];
        self.moments.push(Moment { time_us, vehicle: passage.vehicle, place });
    }
}

/// The events of the simulation, in the order of time.
pub(super) fn events(facts: &PlanFacts<'_>, traffic: &TrafficPlan) -> Result<Vec<u8>, ExportError> {
    let (scenario, network) = (&facts.source.scenario, &facts.figures.network);
    let per_vehicle = facts.figures.people_per_vehicle;
    let streets = Streets::new(scenario, network, per_vehicle, QueueModel::Spatial(RoomFigures::default()));
    let trips = Trips::new(scenario, &facts.source.plan, network, &streets, per_vehicle).map_err(|part| {
        ExportError::Plan(format!("route {}: '{}' is not in the scenario", part.route_id, part.id))
    })?;
    let mut begins = vec![0];
    for path in &trips.paths {
        begins.push(begins[begins.len() - 1] + path.len());
    }
    let begins = trips.vehicles.iter().map(|vehicle| begins[index(vehicle.path)]).collect();
    let mut recorder = Recorder { moments: Vec::new(), begins };
    let demand = Demand {
        streets: &streets.streets,
        paths: &trips.paths,
        vehicles: &trips.vehicles,
        end_us: network.horizon * 1000,
        turns: Turns::Shared,
    };
    let ended = || ExportError::Internal("the simulation ended early".to_owned());
    let movement = run(demand, &mut recorder).ok_or_else(ended)?;
    let mut moments = recorder.moments;
    moments.sort_unstable();
    let arrivals = movement.journeys.iter().map(|journey| match journey.fate {
        Fate::Arrived(time_us) => Some(time_us),
        Fate::Underway(_) | Fate::Overtaken(..) => None,
    });
    let edge_of = edges_of_streets(facts, traffic, &streets);
    Ok(written(traffic, &trips, &moments, &arrivals.collect::<Vec<_>>(), &edge_of))
}

/// The name of the edge that each street is.
fn edges_of_streets(facts: &PlanFacts<'_>, traffic: &TrafficPlan, streets: &Streets) -> Vec<Option<usize>> {
    let scenario = &facts.source.scenario;
    let find = |kinds: &[EdgeKind]| -> std::collections::BTreeMap<&str, usize> {
        let edges = traffic.edges.iter().enumerate().filter(|(_, edge)| kinds.contains(&edge.kind));
        edges.map(|(at, edge)| (edge.original.as_str(), at)).collect()
    };
    let roads = find(&[EdgeKind::Road]);
    let connectors = find(&[EdgeKind::Start, EdgeKind::Approach]);
    // where admission is not limited there is no gate: whoever is admitted is at the end
    let mut sites = find(&[EdgeKind::End]);
    sites.extend(find(&[EdgeKind::Gate]));
    let kinds = streets.elements.iter().map(|&element| facts.figures.network.elements[element].kind);
    kinds
        .map(|kind| match kind {
            ElementKind::Link(row) => roads.get(scenario.links[row].link_id.as_str()),
            ElementKind::Connector(row) => connectors.get(scenario.connectors[row].connector_id.as_str()),
            ElementKind::Admission(row) => sites.get(scenario.sites[row].site_id.as_str()),
        })
        .map(Option::<&usize>::copied)
        .collect()
}

/// The edge at a site behind its gate; `None`: the edge is no gate.
fn behind_gate(traffic: &TrafficPlan, edge: Option<usize>) -> Option<&str> {
    let gate = traffic.edges.get(edge?).filter(|edge| edge.kind == EdgeKind::Gate)?;
    let is_end = |edge: &&TrafficEdge| edge.kind == EdgeKind::End && edge.original == gate.original;
    Some(traffic.edges.iter().find(is_end)?.id.as_str())
}

fn written(
    traffic: &TrafficPlan,
    trips: &Trips,
    moments: &[Moment],
    arrivals: &[Option<i64>],
    edge_of: &[Option<usize>],
) -> Vec<u8> {
    let mut xml = XmlText::new("");
    xml.open("events", &[("version", "1.0")]);
    let name = |street: u32| edge_of[index(street)].map_or("", |edge| traffic.edges[edge].id.as_str());
    for moment in moments {
        let vehicle = index(moment.vehicle);
        let (person, path) =
            (traffic.trips[vehicle].id.as_str(), &trips.paths[index(trips.vehicles[vehicle].path)]);
        let time = format!("{:.3}", crate::trips::seconds_of(moment.time_us));
        let link = name(path[moment.place]);
        let mut event = |kind: &str, more: &[(&str, &str)]| {
            let mut attributes = vec![("time", time.as_str()), ("type", kind)];
            attributes.extend_from_slice(more);
            xml.empty("event", &attributes);
        };
        if moment.place == 0 {
            event("actend", &[("person", person), ("link", link), ("actType", "zone")]);
            event("departure", &[("person", person), ("link", link), ("legMode", "car")]);
            event("PersonEntersVehicle", &[("person", person), ("vehicle", person)]);
            event(
                "vehicle enters traffic",
                &[
                    ("person", person),
                    ("link", link),
                    ("vehicle", person),
                    ("networkMode", "car"),
                    ("relativePosition", "1.0"),
                ],
            );
            continue;
        }
        event("left link", &[("vehicle", person), ("link", name(path[moment.place - 1]))]);
        event("entered link", &[("vehicle", person), ("link", link)]);
        if moment.place + 1 == path.len() && arrivals[vehicle].is_some() {
            // where admission is limited people are admitted by a gate, and are at the end behind it
            let link = behind_gate(traffic, edge_of[index(path[moment.place])]).map_or(link, |end| {
                event("left link", &[("vehicle", person), ("link", link)]);
                event("entered link", &[("vehicle", person), ("link", end)]);
                end
            });
            event(
                "vehicle leaves traffic",
                &[
                    ("person", person),
                    ("link", link),
                    ("vehicle", person),
                    ("networkMode", "car"),
                    ("relativePosition", "1.0"),
                ],
            );
            event("PersonLeavesVehicle", &[("person", person), ("vehicle", person)]);
            event("arrival", &[("person", person), ("link", link), ("legMode", "car")]);
            event("actstart", &[("person", person), ("link", link), ("actType", "site")]);
        }
    }
    xml.finish()
}
