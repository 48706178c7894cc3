//! One road with a zone and a site, which the tests change.

use clearway_flow::TimeSet;
use clearway_model::{
    Case, ClassOfUsers, ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, Context,
    LinkRow, Mode, NodeRow, Scenario, Settings, SiteRow, WindowRow, WindowTarget, ZoneRow,
};
use clearway_network::{ElementKind, Network, NetworkElement};

/// Ten hours of 60 units.
pub const HORIZON: i64 = 600;

/// Cars of one person each.
pub fn cars() -> ClassOfUsers {
    ClassOfUsers {
        id: "car".into(),
        mode: Mode::Vehicle,
        people_per_vehicle: Some(1.0),
        people_per_vehicle_low: None,
        people_per_vehicle_high: None,
        pcu_per_vehicle: 1.0,
    }
}

pub fn link(id: &str, from: &str, to: &str, capacity_pcu_h: f64, time_ms: i64) -> LinkRow {
    LinkRow {
        link_id: id.into(),
        from_node_id: from.into(),
        to_node_id: to.into(),
        capacity_pcu_h: Some(capacity_pcu_h),
        time_ms: Some(time_ms),
        ..LinkRow::default()
    }
}

pub fn connector(place: ConnectorPlace, of: &str, node: &str) -> ConnectorRow {
    ConnectorRow {
        connector_id: format!("{of}-{node}"),
        place,
        place_id: of.into(),
        node_id: node.into(),
        ..ConnectorRow::default()
    }
}

/// Zone Z at A, site S at B, link `road` from A to B: 100 people/h, 7 ms. Times are a few hundred ms, so that every one of them
/// can be looked at.
pub fn one_road() -> Scenario {
    Scenario {
        settings: Settings {
            schema: Settings::SCHEMA.into(),
            name: "one road".into(),
            description: String::new(),
            context: Context::Exercise,
            start: "2026-01-01T07:00:00+00:00".into(),
            time_zone: "UTC".into(),
            horizon_ms: HORIZON,
            margin_share: 0.25,
            attribution: Vec::new(),
            class: vec![cars()],
        },
        nodes: ["A", "B"].map(|id| NodeRow { node_id: id.into(), ..NodeRow::default() }).into(),
        links: vec![link("road", "A", "B", 100.0, 7)],
        zones: vec![ZoneRow { zone_id: "Z".into(), people: 50, ..ZoneRow::default() }],
        sites: vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }],
        connectors: vec![
            connector(ConnectorPlace::Zone, "Z", "A"),
            connector(ConnectorPlace::Site, "S", "B"),
        ],
        movements: Vec::new(),
        releases: Vec::new(),
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
    }
}

/// A row of `closures.csv` that is not repeated.
pub fn closed(
    target: ClosureTarget,
    id: &str,
    from_ms: i64,
    until_ms: Option<i64>,
    kind: ClosureKind,
) -> ClosureRow {
    ClosureRow { target, target_id: id.into(), from_ms, until_ms, kind, ..ClosureRow::default() }
}

/// A row of `windows.csv` that is not repeated.
pub fn window(
    target: WindowTarget,
    id: &str,
    from_ms: i64,
    until_ms: Option<i64>,
    kind: ClosureKind,
) -> WindowRow {
    WindowRow { target, target_id: id.into(), from_ms, until_ms, kind, ..WindowRow::default() }
}

pub fn central(scenario: &Scenario) -> Network {
    Network::new(scenario, Case::Central).unwrap()
}

/// The element of a row.
pub fn element(network: &Network, kind: ElementKind) -> &NetworkElement {
    network.elements.iter().find(|element| element.kind == kind).unwrap()
}

/// When the road, the zone's connector and the admission may be entered.
pub fn open(scenario: &Scenario, kind: ElementKind) -> Vec<(i64, i64)> {
    element(&central(scenario), kind).open.intervals().to_vec()
}

pub fn is_open(set: &TimeSet, t: i64) -> bool {
    set.intervals().iter().any(|&(from, until)| from <= t && t < until)
}
