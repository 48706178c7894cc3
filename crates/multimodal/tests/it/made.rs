//! One road with people and a fleet, and small random cases, which the tests change.

use clearway_instances::{Calm, small};
use clearway_model::{
    Case, ClassOfUsers, ConnectorPlace, ConnectorRow, Context, GroupRow, LinkRow, Means, Mode, Modes,
    MultimodalSettings, NodeRow, PopulationGroups, Scenario, Settings, SiteRow, VehicleRow, YesNo, ZoneRow,
};
use clearway_multimodal::blocks::{VehicleBlocks, lean_blocks};
use clearway_multimodal::bound::CarriedBound;
use clearway_multimodal::fleet::VehicleFleet;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;

/// Zone Z at A, site S at B, `there` and `back` of so many minutes between them, 1,800 pcu/h and 3 km each, a day long.
pub fn one_road(people: i64, minutes: i64) -> Scenario {
    let link = |id: &str, from: &str, to: &str| LinkRow {
        link_id: id.into(),
        from_node_id: from.into(),
        to_node_id: to.into(),
        lanes: Some(2.0),
        length_m: Some(3000.0),
        capacity_pcu_h: Some(1800.0),
        time_ms: Some(minutes * MINUTE),
        ..LinkRow::default()
    };
    Scenario {
        settings: Settings {
            schema: Settings::SCHEMA.into(),
            name: "one road".into(),
            description: String::new(),
            context: Context::Exercise,
            start: "2026-01-01T08:00:00+00:00".into(),
            time_zone: "UTC".into(),
            horizon_ms: 24 * HOUR,
            margin_share: 0.25,
            attribution: Vec::new(),
            class: vec![ClassOfUsers {
                id: "car".into(),
                mode: Mode::Vehicle,
                people_per_vehicle: Some(2.0),
                people_per_vehicle_low: None,
                people_per_vehicle_high: None,
                pcu_per_vehicle: 1.0,
            }],
        },
        nodes: ["A", "B"].map(|id| NodeRow { node_id: id.into(), ..NodeRow::default() }).into(),
        links: vec![link("there", "A", "B"), link("back", "B", "A")],
        movements: Vec::new(),
        zones: vec![ZoneRow { zone_id: "Z".into(), people, ..ZoneRow::default() }],
        releases: Vec::new(),
        sites: vec![SiteRow { site_id: "S".into(), ..SiteRow::default() }],
        connectors: vec![
            connector(ConnectorPlace::Zone, "Z", "A"),
            connector(ConnectorPlace::Site, "S", "B"),
        ],
        closures: Vec::new(),
        windows: Vec::new(),
        junctions: Vec::new(),
        sources: Vec::new(),
        assumptions: Vec::new(),
        groups: None,
        digest: String::new(),
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

/// One more zone at the junction of the first one.
pub fn add_zone(scenario: &mut Scenario, id: &str, people: i64) {
    scenario.zones.push(ZoneRow { zone_id: id.into(), people, ..ZoneRow::default() });
    scenario.connectors.push(connector(ConnectorPlace::Zone, id, "A"));
}

pub fn group(zone: &str, means: Means, people: i64) -> GroupRow {
    GroupRow { zone_id: zone.into(), means, people, ..GroupRow::default() }
}

/// So many buses of so many seats at a node; 10 min to load, 5 to unload.
pub fn buses(count: i64, seats: i64, depot: &str) -> VehicleRow {
    VehicleRow {
        vehicle_type_id: "bus".into(),
        count,
        seats,
        pcu_per_vehicle: 2.0,
        load_ms: 10 * MINUTE,
        unload_ms: 5 * MINUTE,
        depot_node_id: depot.into(),
        ..VehicleRow::default()
    }
}

pub fn population(groups: Vec<GroupRow>, fleet: Vec<VehicleRow>) -> PopulationGroups {
    let settings =
        MultimodalSettings { schema: MultimodalSettings::SCHEMA.into(), walk: None, fleet_share: 0.5 };
    PopulationGroups { settings, rows: groups, fleet, modes: Modes::default(), digest: String::new() }
}

/// The blocks of a fleet within the share that the settings state.
pub fn blocks(scenario: &Scenario, population: &PopulationGroups) -> VehicleBlocks {
    lean_blocks(
        &VehicleFleet::new(scenario, population, Case::Central).unwrap(),
        population.settings.fleet_share,
    )
}

/// What the bound of a fleet proves for one kind of people: when the last of them are received at the earliest, s.
pub fn cleared_at_the_earliest(
    scenario: &Scenario,
    population: &PopulationGroups,
    means: Means,
) -> Option<f64> {
    let fleet = VehicleFleet::new(scenario, population, Case::Central).unwrap();
    let bound = CarriedBound::new(&fleet, means);
    bound.earliest_s(bound.evacuees())
}

/// A small random scenario for vehicles, its people divided into groups, and a fleet of three types at one of its nodes; `None` where
/// the scenario of the seed is one of people on foot.
pub fn random(seed: u64) -> Option<(Scenario, PopulationGroups)> {
    let mut scenario = small(seed, if seed.is_multiple_of(3) { Calm::Open } else { Calm::Closing });
    if scenario.settings.class[0].mode != Mode::Vehicle {
        return None;
    }
    let mut groups = Vec::new();
    for (index, zone) in scenario.zones.iter_mut().enumerate() {
        (zone.people_low, zone.people_high) = (None, None);
        (zone.stay_people, zone.stay_people_low, zone.stay_people_high) = (None, None, None);
        let kinds = [zone.people / 4, zone.people / 40, zone.people / 60];
        let rest = zone.people - kinds.iter().sum::<i64>();
        groups.push(group(&zone.zone_id, Means::Vehicle, rest));
        for (slot, (&means, people)) in Means::FLEET.iter().zip(kinds).enumerate() {
            groups.push(GroupRow {
                priority: seed.is_multiple_of(2).then_some(3 - slot as i64),
                weight: (seed.is_multiple_of(5) && index == 1).then_some(4.0),
                together: (index == 0 && seed % 3 == 1).then_some(YesNo::Yes),
                stay_people: seed.is_multiple_of(7).then_some(people / 3),
                ..group(&zone.zone_id, means, people)
            });
        }
    }
    let depot = scenario.nodes[seed as usize % scenario.nodes.len()].node_id.clone();
    let bus = VehicleRow { load_ms: 2 * MINUTE, unload_ms: MINUTE, ..buses(3, 20, &depot) };
    let tired = VehicleRow {
        vehicle_type_id: "minibus".into(),
        wheelchair_places: Some(2),
        pcu_per_vehicle: 1.5,
        speed_share: Some(0.7),
        duty_max_ms: Some(40 * MINUTE),
        rest_ms: (!seed.is_multiple_of(4)).then_some(10 * MINUTE),
        ..VehicleRow { count: 2, seats: 6, ..bus.clone() }
    };
    let ambulance = VehicleRow {
        vehicle_type_id: "ambulance".into(),
        wheelchair_places: Some(1),
        stretcher_places: Some(2),
        pcu_per_vehicle: 1.0,
        available_from_ms: seed.is_multiple_of(3).then_some(5 * MINUTE),
        available_until_ms: (seed % 5 == 1).then_some(100 * MINUTE),
        range_m: (seed % 4 == 1).then_some(20_000.0),
        ..VehicleRow { count: 2, seats: 0, ..bus.clone() }
    };
    let mut all = population(groups, vec![bus, tired, ambulance]);
    all.settings.fleet_share = if seed.is_multiple_of(2) { 0.5 } else { 0.2 };
    Some((scenario, all))
}
