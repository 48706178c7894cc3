//! Small networks by hand: nodes by number, links by number, times in ms.

use clearway_model::{
    Case, ClassOfUsers, ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, Context,
    LinkRow, Mode, MovementRow, NodeRow, Scenario, Settings, SiteRow, ZoneRow,
};
use clearway_network::{ElementKind, Network};

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
            closure(ClosureTarget::Link, format!("l{}", c.link), (c.from, c.until), kind)
        });
        let node_closures = self.closed_nodes.iter().map(|&(node, from, until)| {
            closure(ClosureTarget::Node, format!("n{node}"), (from, until), ClosureKind::Presence)
        });
        Scenario {
            settings: settings(),
            nodes: (0..self.nodes)
                .map(|n| NodeRow { node_id: format!("n{n}"), ..NodeRow::default() })
                .collect(),
            links: self.links.iter().enumerate().map(link).collect(),
            movements: self.banned.iter().enumerate().map(turn).collect(),
            zones: (0..self.zones.len())
                .map(|i| ZoneRow { zone_id: format!("p{i}"), people: 1, ..ZoneRow::default() })
                .collect(),
            releases: Vec::new(),
            sites: (0..self.sites.len())
                .map(|i| SiteRow { site_id: format!("p{i}"), ..SiteRow::default() })
                .collect(),
            connectors: zones.chain(sites).collect(),
            closures: link_closures.chain(node_closures).collect(),
            windows: Vec::new(),
            sources: Vec::new(),
            assumptions: Vec::new(),
            digest: String::new(),
        }
    }
}

/// The element of a link.
pub fn element(network: &Network, link: usize) -> u32 {
    let is_it = |kind: ElementKind| kind == ElementKind::Link(link as u32);
    network.elements.iter().position(|element| is_it(element.kind)).unwrap() as u32
}

fn settings() -> Settings {
    Settings {
        schema: Settings::SCHEMA.into(),
        name: "roads".into(),
        description: String::new(),
        context: Context::Exercise,
        start: "2026-01-01T00:00:00+00:00".into(),
        time_zone: "UTC".into(),
        horizon_ms: HORIZON,
        margin_share: 0.25,
        attribution: Vec::new(),
        class: vec![ClassOfUsers {
            id: "car".into(),
            mode: Mode::Vehicle,
            people_per_vehicle: Some(1.0),
            people_per_vehicle_low: None,
            people_per_vehicle_high: None,
            pcu_per_vehicle: 1.0,
        }],
    }
}

fn link((index, &(from, to, time)): (usize, &(usize, usize, i64))) -> LinkRow {
    LinkRow {
        link_id: format!("l{index}"),
        from_node_id: format!("n{from}"),
        to_node_id: format!("n{to}"),
        capacity_pcu_h: Some(100.0),
        time_ms: Some(time),
        ..LinkRow::default()
    }
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

fn closure(target: ClosureTarget, id: String, times: (i64, i64), kind: ClosureKind) -> ClosureRow {
    ClosureRow {
        closure_id: format!("{id} at {}", times.0),
        target,
        target_id: id,
        from_ms: times.0,
        until_ms: Some(times.1),
        kind,
        ..ClosureRow::default()
    }
}
