//! The scenario of what is left: people where they are at a time, which becomes time 0.

use crate::balance::{Situation, ZoneNow};
use crate::counts::Observations;
use crate::reported::apply_reported;
use crate::rest_sources::sources;
use crate::road_zones::{RoadZone, onward_names, pieces};
use crate::tally::Tally;
use crate::time_shift::{shifted_closures, shifted_start, shifted_windows};
use clearway_model::number::float;
use clearway_model::{
    ClosureKind, ClosureRow, ClosureTarget, ConnectorPlace, ConnectorRow, MobilizationRow, NodeRow, Scenario,
    SiteRow, ZoneRow,
};
use clearway_network::{ElementEnds, ElementIndex, ElementKind, Network, ZoneIndex};
use std::collections::BTreeSet;

/// What the scenario of the rest is made of.
#[derive(Debug, Clone, Copy)]
pub struct RestTask<'a> {
    /// The scenario of the plan.
    pub scenario: &'a Scenario,
    /// Its network in the case of the plan.
    pub network: &'a Network,
    /// Where everybody is.
    pub situation: &'a Situation,
    /// What was counted and reported.
    pub observed: &'a Observations,
}

/// A scenario that begins in the middle of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct RestScenario {
    /// The scenario. Its zones are those of the plan in their order, and then those of people who are on the way.
    pub scenario: Scenario,
    /// People on the way, each group as a zone; in the order of these zones.
    pub road_zones: Vec<RoadZone>,
    /// What has become of roads and sites, a sentence each.
    pub sentences: Vec<String>,
}

/// Why there is no scenario of the rest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestError {
    /// The time is not within the plan.
    #[error(
        "the new plan begins at {at_ms} ms; it must begin after 0 and before the horizon, {horizon_ms} ms"
    )]
    Time {
        /// The time asked for, ms.
        at_ms: i64,
        /// The horizon of the scenario, ms.
        horizon_ms: i64,
    },
    /// The scenario's start cannot be moved.
    #[error("the start '{0}' cannot be moved")]
    Start(String),
}

/// Makes the scenario of the rest.
///
/// # Errors
/// [`RestError`] if the time is not within the planning horizon, or the start of the scenario is no time.
pub fn rest_scenario(task: RestTask<'_>) -> Result<RestScenario, RestError> {
    let RestTask { scenario, situation, observed, .. } = task;
    let (at, horizon) = (situation.at, scenario.settings.horizon_ms);
    if !(0..horizon).contains(&at) {
        return Err(RestError::Time { at_ms: at, horizon_ms: horizon });
    }
    let mut rest = scenario.clone();
    let settings = &mut rest.settings;
    settings.start = shifted_start(&scenario.settings.start, at)
        .ok_or_else(|| RestError::Start(scenario.settings.start.clone()))?;
    settings.horizon_ms = horizon - at;
    settings.name = format!("{}, what is left after {} min", scenario.settings.name, at / 60_000);
    rest.digest = String::new();
    rest.closures = shifted_closures(&scenario.closures, at, horizon);
    rest.windows = shifted_windows(&scenario.windows, at, horizon);
    once_each(rest.closures.iter_mut().map(|row| &mut row.closure_id));
    once_each(rest.windows.iter_mut().map(|row| &mut row.window_id));
    rest.releases.clear();
    zones(task, &mut rest);
    sites(task, &mut rest);
    let mut road_zones = Vec::new();
    for group in 0..situation.road.len() {
        if situation.road[group].people.high > 0 {
            road_zones.push(road_zone(task, &mut rest, group));
        }
    }
    sources(task, &mut rest);
    let arrived: Vec<i64> = situation.sites.iter().map(|site| site.arrived.people).collect();
    let sentences = apply_reported(&mut rest, &observed.changes, &arrived);
    Ok(RestScenario { scenario: rest, road_zones, sentences })
}

/// Makes ids that stand twice differ.
fn once_each<'a>(ids: impl Iterator<Item = &'a mut String>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        while !seen.insert(id.clone()) {
            id.push('+');
        }
    }
}

/// Low and high end of a range; `None` where they are the figure itself.
fn ends(tally: Tally) -> (Option<i64>, Option<i64>) {
    let end = |end: i64| (end != tally.people).then_some(end);
    (end(tally.low), end(tally.high))
}

fn zones(task: RestTask<'_>, rest: &mut Scenario) {
    for (row, now) in task.situation.zones.iter().enumerate() {
        let zone = &mut rest.zones[row];
        zone.people = now.waiting.people;
        (zone.people_low, zone.people_high) = ends(now.waiting);
        let is_counted = task.observed.staying.contains_key(&row);
        if is_counted || zone.stay_people.unwrap_or(0) > now.staying {
            (zone.stay_people, zone.stay_people_low, zone.stay_people_high) = (Some(now.staying), None, None);
        }
        // who stays is among the people, at either end
        let least = now.waiting.low.max(now.staying);
        zone.people_low = zone.people_low.map(|_| least).filter(|low| *low != zone.people);
        zone.stay_people_high = zone.stay_people_high.map(|high| high.min(least.max(now.staying)));
        let curve = waiting_curve(task.network, row, *now, task.situation.at);
        zone.mobilization_id = if curve.is_empty() { String::new() } else { format!("of-{}", zone.zone_id) };
        let id = &zone.mobilization_id;
        rest.releases.extend(curve.into_iter().map(|(time_ms, share)| MobilizationRow {
            mobilization_id: id.clone(),
            time_ms,
            share,
        }));
    }
}

/// When those who are still in a zone are ready, as time (ms from the new time 0) and share; empty: all at once. Who was ready and has not
/// left is ready; the others become so as the curve says, now that it has come so far.
fn waiting_curve(network: &Network, row: usize, now: ZoneNow, at: i64) -> Vec<(i64, f64)> {
    let release = &network.zones[ZoneIndex::from(row)].release;
    let evacuees = (now.at_start - now.staying).max(0);
    let waiting = now.waiting.people - now.staying;
    let share = release.share(at);
    if waiting <= 0 || share >= 1.0 {
        return Vec::new();
    }
    let left = float(evacuees - waiting);
    let ready = (float(evacuees) * share - left).clamp(0.0, float(waiting)) / float(waiting);
    if ready >= 1.0 {
        return Vec::new();
    }
    let mut curve = vec![(0, ready)];
    for &(time, later) in release.points().iter().filter(|point| point.0 > at) {
        let part = ((later - share) / (1.0 - share)).clamp(0.0, 1.0);
        curve.push((time - at, (ready + (1.0 - ready) * part).min(1.0)));
    }
    if let Some(last) = curve.last_mut() {
        last.1 = 1.0;
    }
    curve
}

fn sites(task: RestTask<'_>, rest: &mut Scenario) {
    let at = task.situation.at;
    for (row, now) in task.situation.sites.iter().enumerate() {
        let site = &mut rest.sites[row];
        let Tally { people, low, high, .. } = now.arrived;
        let places = |capacity: Option<i64>, there: i64| capacity.map(|places| (places - there).max(0));
        let most = site.capacity_people_high.or(site.capacity_people);
        let least = site.capacity_people_low.or(site.capacity_people);
        let left = places(site.capacity_people, people);
        let end = |end: Option<i64>| end.filter(|end| Some(*end) != left);
        (site.capacity_people_low, site.capacity_people_high) =
            (end(places(least, high)), end(places(most, low)));
        site.capacity_people = left;
        site.open_from_ms = site.open_from_ms.map(|from| from - at).filter(|from| *from > 0);
        let SiteRow { site_id, open_until_ms, .. } = site;
        if open_until_ms.is_some_and(|until| until <= at) {
            *open_until_ms = None;
            rest.closures.push(ClosureRow {
                closure_id: format!("over-{site_id}"),
                target: ClosureTarget::Site,
                target_id: site_id.clone(),
                kind: ClosureKind::Entry,
                cause: "it had closed".to_owned(),
                ..ClosureRow::default()
            });
        } else {
            *open_until_ms = open_until_ms.map(|until| until - at);
        }
    }
    once_each(rest.closures.iter_mut().map(|row| &mut row.closure_id));
}

/// Adds a zone, and what joins it to the roads, for people who are on the way.
fn road_zone(task: RestTask<'_>, rest: &mut Scenario, number: usize) -> RoadZone {
    let RestTask { scenario, network, situation, .. } = task;
    let group = &situation.road[number];
    let (id, name) = place_of(scenario, network, group.element);
    let zone_id = free_id(&format!("on-{id}"), |id| rest.zones.iter().rev().any(|zone| zone.zone_id == id));
    let connector_id = free_id(&format!("from-{zone_id}"), |id| {
        rest.connectors.iter().rev().any(|row| row.connector_id == id)
    });
    let (node_id, door) = match (network.node_after(group.element), network.elements[group.element].kind) {
        (Some(node), _) => (scenario.nodes[node.row()].node_id.clone(), None),
        (None, ElementKind::Connector(row)) => door(rest, scenario, row),
        (None, _) => (String::new(), None),
    };
    let pieces = pieces(network, group, situation.at);
    let (people_low, people_high) = ends(group.people);
    let node = rest.nodes.iter().find(|node| node.node_id == node_id);
    let position = node.map(|node| (node.x_coord, node.y_coord));
    let mobilization_id = if pieces.len() > 1 { format!("of-{zone_id}") } else { String::new() };
    let mut sum = 0;
    for piece in pieces.iter().filter(|_| !mobilization_id.is_empty()) {
        let row = |share: f64| MobilizationRow {
            mobilization_id: mobilization_id.clone(),
            time_ms: piece.from,
            share,
        };
        rest.releases.push(row(float(sum) / float(group.people.people)));
        sum += piece.people;
        rest.releases.push(row(float(sum) / float(group.people.people)));
    }
    rest.zones.push(ZoneRow {
        zone_id: zone_id.clone(),
        name: name.clone(),
        people: group.people.people,
        people_low,
        people_high,
        mobilization_id,
        x_coord: position.map(|position| position.0),
        y_coord: position.map(|position| position.1),
        ..ZoneRow::default()
    });
    rest.connectors.push(ConnectorRow {
        connector_id: connector_id.clone(),
        place: ConnectorPlace::Zone,
        place_id: zone_id.clone(),
        node_id: node_id.clone(),
        ..ConnectorRow::default()
    });
    overtaken_there(rest, network, scenario, group.element, &zone_id);
    let onward = onward_names(scenario, network, group.onward.as_deref().unwrap_or_default());
    RoadZone {
        zone_id,
        name,
        group: number,
        people: group.people,
        pieces,
        connector_id,
        node_id,
        door,
        onward,
    }
}

fn free_id(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    let mut number = 2;
    while is_taken(&format!("{wanted}-{number}")) {
        number += 1;
    }
    format!("{wanted}-{number}")
}

/// Id of a link or connector, and what people on it are called.
fn place_of(scenario: &Scenario, network: &Network, element: ElementIndex) -> (String, String) {
    let of_link = |row: usize| {
        let link = &scenario.links[row];
        let road = if link.name.is_empty() { "link" } else { link.name.as_str() };
        (link.link_id.clone(), format!("On the way, {road} {}", link.link_id))
    };
    match network.elements[element].kind {
        ElementKind::Link(row) => of_link(row),
        ElementKind::Connector(row) => {
            let connector = &scenario.connectors[row];
            let words = match network.elements[element].ends {
                ElementEnds::ToSite { .. } => "At the door of",
                _ => "On the way out of",
            };
            (connector.connector_id.clone(), format!("{words} {}", connector.place_id))
        }
        ElementKind::Admission(row) => {
            let site = &scenario.sites[row].site_id;
            (site.clone(), format!("At {site}"))
        }
    }
}

/// The node and the connector of a site's door, for those who are on its connector; made where they are not there yet.
fn door(rest: &mut Scenario, scenario: &Scenario, row: usize) -> (String, Option<String>) {
    let connector = &scenario.connectors[row];
    let id = format!("door-{}", connector.connector_id);
    if !rest.connectors.iter().any(|row| row.connector_id == id) {
        let outside = scenario.nodes.iter().find(|node| node.node_id == connector.node_id);
        rest.nodes.push(NodeRow {
            node_id: id.clone(),
            name: String::new(),
            x_coord: outside.map_or(0.0, |node| node.x_coord),
            y_coord: outside.map_or(0.0, |node| node.y_coord),
        });
        rest.connectors.push(ConnectorRow {
            connector_id: id.clone(),
            place: ConnectorPlace::Site,
            place_id: connector.place_id.clone(),
            node_id: id.clone(),
            ..ConnectorRow::default()
        });
    }
    (id.clone(), Some(id))
}

/// A hazard that reaches a road, or the node at its end, overtakes who is still there.
fn overtaken_there(
    rest: &mut Scenario,
    network: &Network,
    scenario: &Scenario,
    element: ElementIndex,
    zone_id: &str,
) {
    let node = network.node_after(element).map(|node| scenario.nodes[node.row()].node_id.as_str());
    let link = match network.elements[element].kind {
        ElementKind::Link(row) => Some(scenario.links[row].link_id.as_str()),
        _ => None,
    };
    let reaches = |row: &&ClosureRow| {
        row.kind == ClosureKind::Presence
            && match row.target {
                ClosureTarget::Node => node == Some(row.target_id.as_str()),
                ClosureTarget::Link => link == Some(row.target_id.as_str()),
                ClosureTarget::Zone | ClosureTarget::Site => false,
            }
    };
    let first = rest.closures.iter().filter(reaches).min_by_key(|row| row.from_ms);
    let Some((from_ms, cause)) = first.map(|row| (row.from_ms, row.cause.clone())) else { return };
    rest.closures.push(ClosureRow {
        closure_id: format!("reaches-{zone_id}"),
        target: ClosureTarget::Zone,
        target_id: zone_id.to_owned(),
        from_ms,
        kind: ClosureKind::Presence,
        cause,
        ..ClosureRow::default()
    });
}
