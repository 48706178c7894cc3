//! Small networks by hand: nodes by number, links by number, times in ms.

use crate::made::{closed, link, one_road};
use clearway_model::{
    Case, ClosureKind, ClosureTarget, ConnectorPlace, ConnectorRow, MovementRow, NodeRow, Scenario, Settings,
    SiteRow, ZoneRow,
};
use clearway_network::{ElementIndex, ElementKind, Network};

/// Nothing counts from here on, ms.
pub const HORIZON: i64 = 60;

/// A link that is closed from a time until another.
#[derive(Debug, Clone, Copy)]
pub struct Closed {
    pub link: usize,
    pub from: i64,
    pub until: i64,
    /// Whether nobody may be on it; else nobody may enter it.
    pub to_presence: bool,
}

/// Roads between nodes 0, 1, ...
#[derive(Debug, Clone, Default)]
pub struct Roads {
    pub nodes: usize,
    /// From, to, travel time.
    pub links: Vec<(usize, usize, i64)>,
    pub closed: Vec<Closed>,
    /// Node, from, until: nobody may be there.
    pub closed_nodes: Vec<(usize, i64, i64)>,
    /// Links that may not follow each other.
    pub banned: Vec<(usize, usize)>,
    /// Nodes of zones and travel times of their connectors.
    pub zones: Vec<(usize, i64)>,
    /// Nodes of sites and travel times of their connectors.
    pub sites: Vec<(usize, i64)>,
}

impl Roads {
    /// As a network.
    pub fn network(&self) -> Network {
        Network::new(&self.scenario(), Case::Central).unwrap()
    }

    /// As a scenario.
    pub fn scenario(&self) -> Scenario {
        let zones = self.zones.iter().enumerate().map(|(i, z)| connector(ConnectorPlace::Zone, i, *z));
        let sites = self.sites.iter().enumerate().map(|(i, s)| connector(ConnectorPlace::Site, i, *s));
        let link_closures = self.closed.iter().map(|c| {
            let kind = if c.to_presence { ClosureKind::Presence } else { ClosureKind::Entry };
            closed(ClosureTarget::Link, &format!("l{}", c.link), c.from, Some(c.until), kind)
        });
        let node_closures = self.closed_nodes.iter().map(|&(node, from, until)| {
            closed(ClosureTarget::Node, &format!("n{node}"), from, Some(until), ClosureKind::Presence)
        });
        let made = one_road();
        Scenario {
            settings: Settings { horizon_ms: HORIZON, ..made.settings },
            nodes: (0..self.nodes)
                .map(|n| NodeRow { node_id: format!("n{n}"), ..NodeRow::default() })
                .collect(),
            links: (0..)
                .zip(&self.links)
                .map(|(i, l)| link(&format!("l{i}"), &format!("n{}", l.0), &format!("n{}", l.1), 100.0, l.2))
                .collect(),
            movements: self.banned.iter().enumerate().map(turn).collect(),
            zones: (0..self.zones.len())
                .map(|i| ZoneRow { zone_id: format!("p{i}"), people: 1, ..ZoneRow::default() })
                .collect(),
            sites: (0..self.sites.len())
                .map(|i| SiteRow { site_id: format!("p{i}"), ..SiteRow::default() })
                .collect(),
            connectors: zones.chain(sites).collect(),
            closures: link_closures.chain(node_closures).collect(),
            ..made
        }
    }
}

/// The element of a link.
pub fn element(network: &Network, link: usize) -> ElementIndex {
    let is_it = |kind: ElementKind| kind == ElementKind::Link(link);
    network.elements.iter().position(|element| is_it(element.kind)).unwrap().into()
}

fn turn((index, &(inbound, outbound)): (usize, &(usize, usize))) -> MovementRow {
    MovementRow {
        mvmt_id: format!("m{index}"),
        ib_link_id: format!("l{inbound}"),
        ob_link_id: format!("l{outbound}"),
        prohibited: "1".into(),
        ..MovementRow::default()
    }
}

fn connector(place: ConnectorPlace, index: usize, (node, time): (usize, i64)) -> ConnectorRow {
    ConnectorRow {
        connector_id: format!("c{place:?}{index}"),
        place,
        place_id: format!("p{index}"),
        node_id: format!("n{node}"),
        time_ms: time,
        ..ConnectorRow::default()
    }
}
