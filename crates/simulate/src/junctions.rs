//! What junctions let through from each approach: the rows of `junctions.csv` on the roads of a scenario.
//!
//! A road lets out no more than its junction lets through from it, in the mean: a signal is its saturation flow for the share of the time
//! that is green, without its cycle. Who has the right of way and how much traffic crosses is in the figures of the table and not looked
//! at from moment to moment.

use crate::streets::Streets;
use crate::traffic::StreetTraffic;
use clearway_model::{JunctionRow, LinkRow, Mode, Scenario};
use clearway_network::{ElementKind, Network, link_rate};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a simulation says of junctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JunctionFigures {
    /// Links that a junction at their end lets through a stated number of vehicles from.
    pub approaches: u64,
    /// Of these, links that somebody used.
    pub used: u64,
    /// Of those, links from which the junction lets through less than the road could carry.
    pub narrower: u64,
}

impl JunctionFigures {
    /// Those of streets, with what happened on each; `None` where no junction holds anybody up.
    pub(crate) fn of(streets: &Streets, traffic: &[StreetTraffic]) -> Option<Self> {
        let mut figures = Self { approaches: 0, used: 0, narrower: 0 };
        for (street, traffic) in streets.streets.iter().zip(traffic) {
            let Some(junction) = street.junction_rate else { continue };
            figures.approaches += 1;
            if traffic.vehicles > 0 {
                figures.used += 1;
                figures.narrower += u64::from(street.rate.is_none_or(|rate| junction < rate));
            }
        }
        (figures.approaches > 0).then_some(figures)
    }
}

/// The rows of a scenario by approach.
struct Controls<'a> {
    of_link: BTreeMap<&'a str, &'a JunctionRow>,
    of_node: BTreeMap<&'a str, &'a JunctionRow>,
}

impl<'a> Controls<'a> {
    fn new(rows: &'a [JunctionRow]) -> Self {
        let (nodes, links): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.link_id.is_empty());
        Self {
            of_link: links.into_iter().map(|row| (row.link_id.as_str(), row)).collect(),
            of_node: nodes.into_iter().map(|row| (row.node_id.as_str(), row)).collect(),
        }
    }

    /// The row of an approach: its own, else that of the junction where it ends.
    fn of(&self, link: &LinkRow) -> Option<&'a JunctionRow> {
        let of_node = || self.of_node.get(link.to_node_id.as_str());
        self.of_link.get(link.link_id.as_str()).or_else(of_node).copied()
    }
}

/// Gives streets the rate at which the junction at their end lets out, in the case of the network. On foot junctions hold nobody up.
pub(crate) fn set_junction_rates(streets: &mut Streets, scenario: &Scenario, network: &Network) {
    let Some(class) = scenario.settings.class.first().filter(|class| class.mode == Mode::Vehicle) else {
        return;
    };
    let controls = Controls::new(&scenario.junctions);
    for (street, &element) in streets.streets.iter_mut().zip(&streets.elements) {
        let ElementKind::Link(row) = network.elements[element].kind else { continue };
        let link = &scenario.links[row];
        let approach = controls
            .of(link)
            .and_then(|row| row.approach_pcu_h(link.lanes.unwrap_or(1.0).max(0.5), network.case));
        street.junction_rate = approach.map(|pcu_h| {
            // as many people as so many passenger-car units hold on a road
            let road = LinkRow { capacity_pcu_h: Some(pcu_h), ..LinkRow::default() };
            link_rate(&road, class, network.case)
        });
    }
}
