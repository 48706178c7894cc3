//! People on the way as zones of their own: each begins where its people come to the end of what they are on.
//!
//! Who is on a link or connector has entered it and needs none of its rate any more. When they come to its end is told by the loading;
//! it is put down in a few pieces of time. All of a piece are ready when it begins, so that no bound of the rest is later than what
//! the people can do; they are ordered evenly over it, so that no plan is much sooner.

use crate::balance::RoadPeople;
use crate::tally::Tally;
use crate::whole::share_out;
use clearway_model::Scenario;
use clearway_model::number::float;
use clearway_model::time::{MICROS_PER_MS, MS_PER_SECOND};
use clearway_network::{ElementIndex, ElementKind, Network};

/// Pieces of time at the most, and how long each is at the least, ms.
const MOST_PIECES: i64 = 8;
const LEAST_PIECE_MS: i64 = 10_000;

/// Some of the people of a road zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadyPiece {
    /// When they are ready, and when the first of them go on, ms from the new time 0; a whole second.
    pub from: i64,
    /// When the last of them go on, ms; a whole second.
    pub until: i64,
    /// How many they are.
    pub people: i64,
}

/// A zone whose people are on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadZone {
    /// Its id in the new scenario.
    pub zone_id: String,
    /// Its name.
    pub name: String,
    /// Number in the list of those who are on the way.
    pub group: usize,
    /// How many there are.
    pub people: Tally,
    /// When they come to the end of what they are on.
    pub pieces: Vec<ReadyPiece>,
    /// Id of the connector that leads from it, and of the node to which it leads.
    pub connector_id: String,
    /// The node.
    pub node_id: String,
    /// Id of the site's connector, where they are on it already.
    pub door: Option<String>,
    /// What lies ahead of them by the plan.
    pub onward: OnwardNames,
}

/// When people come to the end of what they are on, in pieces of whole seconds from `at` (ms of the plan) on.
pub(crate) fn pieces(network: &Network, group: &RoadPeople, at: i64) -> Vec<ReadyPiece> {
    let people = group.people.people;
    let until_of = |last_us: i64| {
        let ms = (last_us + MICROS_PER_MS - 1) / MICROS_PER_MS - at;
        (ms + MS_PER_SECOND - 1) / MS_PER_SECOND * MS_PER_SECOND
    };
    if group.packets.is_empty() {
        // anywhere on it: all may be at its end, and on average they are in the middle
        let until = until_of((at + network.elements[group.element].tau) * MICROS_PER_MS).max(MS_PER_SECOND);
        return vec![ReadyPiece { from: 0, until, people }];
    }
    let last = group.packets.iter().map(|packet| packet.last).max().unwrap_or(0);
    let long = until_of(last).max(MS_PER_SECOND);
    let count = (long / LEAST_PIECE_MS).clamp(1, MOST_PIECES);
    let seconds = long / MS_PER_SECOND;
    let begin = |piece: i64| seconds * piece / count * MS_PER_SECOND;
    let mut weights = vec![0.0; usize::try_from(count).unwrap_or(1)];
    for packet in &group.packets {
        // a packet counts where its last person is; who is ready before belongs to a piece before, of which all are ready sooner
        let ready = (packet.first.max(at * MICROS_PER_MS) / MICROS_PER_MS - at).max(0);
        let piece = (0..count).rev().find(|&piece| begin(piece) <= ready).unwrap_or(0);
        weights[usize::try_from(piece).unwrap_or(0)] += float(packet.people);
    }
    (0..count)
        .zip(share_out(people, &weights))
        .map(|(piece, people)| ReadyPiece { from: begin(piece), until: begin(piece + 1), people })
        .filter(|piece| piece.people > 0)
        .collect()
}

/// Names of what lies ahead of people who are on the way.
pub(crate) fn onward_names(scenario: &Scenario, network: &Network, onward: &[ElementIndex]) -> OnwardNames {
    let mut names = OnwardNames::default();
    for &element in onward {
        match network.elements[element].kind {
            ElementKind::Link(row) => names.links.push(scenario.links[row].link_id.clone()),
            ElementKind::Connector(row) => {
                names.to_connector = scenario.connectors[row].connector_id.clone();
            }
            ElementKind::Admission(row) => names.site_id = scenario.sites[row].site_id.clone(),
        }
    }
    names
}

/// What lies ahead of people who are on the way, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnwardNames {
    /// Links, in the order of travel.
    pub links: Vec<String>,
    /// Connector of the site; empty where they are on it.
    pub to_connector: String,
    /// Site where they are received; empty where the plan has no way for them.
    pub site_id: String,
}
