//! Which zones can reach a site: at all, and while roads and sites are open.
//!
//! A search backward from the sites keeps for every link the last moment at which somebody may enter it and still arrive. As
//! waiting is free, later is never worse to come from, so one label per link is exact; closures of nodes, which only matter to
//! who waits there, are left out. This finds zones that no open road connects; how many people get through is the plan's answer.

use super::ScenarioCheck;
use super::closed::ClosedTimes;
use clearway_model::{ConnectorPlace, ConnectorRow, LinkRow, Mode, MovementRow, SiteRow, ZoneRow};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

pub(super) fn check(check: &mut ScenarioCheck<'_>) {
    if !can_tell(check) {
        return;
    }
    let roads = ClassRoads::of(check);
    if roads.links.is_empty() {
        // that there are no roads for the class has been reported
        return;
    }
    zones(check, &roads);
    sites(check, &roads);
}

/// Whether no rows are missing that could be the road in question.
fn can_tell(check: &ScenarioCheck<'_>) -> bool {
    let origin = check.origin;
    origin.is_whole::<LinkRow>()
        && origin.is_whole::<ConnectorRow>()
        && origin.is_whole::<ZoneRow>()
        && origin.is_whole::<SiteRow>()
        && origin.is_whole::<MovementRow>()
        && check.class().is_some()
}

/// Indices of the zones from which no site can be reached with everything open.
pub(super) fn zones_without_way(check: &ScenarioCheck<'_>) -> Vec<usize> {
    if check.class().is_none() {
        return Vec::new();
    }
    let roads = ClassRoads::of(check);
    let horizon = check.horizon_ms().map_or(UNBOUNDED_MS, |horizon| horizon.max(ENDLESS_MS));
    let always = roads.last_departures(&ClosedTimes::never(horizon), TurnRule::AsGiven);
    let zones = check.scenario.zones.iter().enumerate();
    zones.filter(|(_, row)| !always.contains_key(row.zone_id.as_str())).map(|(index, _)| index).collect()
}

/// Where no horizon can be read, ms: later than any way ends, and sums of a few still do not overflow.
const UNBOUNDED_MS: i64 = i64::MAX / 4;

/// Longer than any way takes, ms: 317 years. A way that takes longer than there is time is a way all the same.
const ENDLESS_MS: i64 = 10_000_000_000_000;

fn zones(check: &mut ScenarioCheck<'_>, roads: &ClassRoads<'_>) {
    let horizon = check.horizon_ms();
    let always =
        roads.last_departures(&ClosedTimes::never(horizon.unwrap_or(UNBOUNDED_MS)), TurnRule::AsGiven);
    let freely = roads.last_departures(&ClosedTimes::never(horizon.unwrap_or(UNBOUNDED_MS)), TurnRule::All);
    let closed = horizon.map(|horizon| ClosedTimes::of(check, horizon));
    let open = closed.as_ref().map(|closed| roads.last_departures(closed, TurnRule::AsGiven));
    let faulty = faulty_places(check, ConnectorPlace::Zone);
    let zones = &check.scenario.zones;
    for (index, row) in check.sound(zones) {
        let id = row.zone_id.as_str();
        let people = row.people_high.unwrap_or(row.people).max(row.people);
        if people <= 0 || id.is_empty() || faulty.contains(id) {
            continue;
        }
        let cell = ("zone_id", id);
        if roads.nodes_of(ConnectorPlace::Zone, id).is_empty() {
            let hint =
                format!("{people} people are on no road: add a row to connectors.csv with place 'zone'");
            check.warning(index, row, cell, "a connector that joins the zone to a road", hint);
        } else if !always.contains_key(id) && freely.contains_key(id) {
            let hint = format!("for {people} people every way uses a turn that movement.csv prohibits");
            check.warning(index, row, cell, "a way along roads to some site", hint);
        } else if !always.contains_key(id) {
            let hint = format!(
                "{people} people have no way: links are directed; are rows or the other direction missing?"
            );
            check.warning(index, row, cell, "a way along roads to some site", hint);
        } else if open.as_ref().is_some_and(|open| !open.contains_key(id)) {
            let hint =
                format!("for {people} people every way is closed, or no site admits them, until the horizon");
            check.warning(index, row, cell, "a way to some site that is open at some time", hint);
        }
    }
}

fn sites(check: &mut ScenarioCheck<'_>, roads: &ClassRoads<'_>) {
    let reached = roads.reached_nodes();
    let faulty = faulty_places(check, ConnectorPlace::Site);
    let sites = &check.scenario.sites;
    for (index, row) in check.sound(sites) {
        let id = row.site_id.as_str();
        if id.is_empty() || faulty.contains(id) {
            continue;
        }
        let nodes = roads.nodes_of(ConnectorPlace::Site, id);
        if nodes.is_empty() {
            let hint = "nobody gets there: add a row to connectors.csv with place 'site'";
            check.warning(index, row, ("site_id", id), "a connector that joins the site to a road", hint);
        } else if !nodes.iter().any(|node| reached.contains(node)) {
            let hint = "no zone has a way to this site: are rows or the other direction of a road missing?";
            check.warning(index, row, ("site_id", id), "a way along roads from some zone", hint);
        }
    }
}

/// Places with a connector that could not be read or leads to no node: that is the fault, and what follows from it is not said.
fn faulty_places<'s>(check: &ScenarioCheck<'s>, place: ConnectorPlace) -> BTreeSet<&'s str> {
    let scenario = check.scenario;
    let nodes: BTreeSet<&str> = scenario.nodes.iter().map(|row| row.node_id.as_str()).collect();
    let rows = scenario.connectors.iter().enumerate();
    rows.filter(|(index, row)| {
        let is_damaged = check.origin.is_damaged::<ConnectorRow>(*index);
        is_damaged || (row.place == place && !nodes.contains(row.node_id.as_str()))
    })
    .map(|(_, row)| row.place_id.as_str())
    .collect()
}

/// Zone or site, with an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum JoinedPlace {
    Zone,
    Site,
}

impl From<ConnectorPlace> for JoinedPlace {
    fn from(place: ConnectorPlace) -> Self {
        match place {
            ConnectorPlace::Zone => Self::Zone,
            ConnectorPlace::Site => Self::Site,
        }
    }
}

/// Which turns may be made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TurnRule {
    AsGiven,
    All,
}

/// The links open to the class, by their ends.
struct ClassRoads<'s> {
    links: Vec<(&'s LinkRow, i64)>,
    into: BTreeMap<&'s str, Vec<usize>>,
    out_of: BTreeMap<&'s str, Vec<usize>>,
    banned: BTreeSet<(&'s str, &'s str)>,
    connectors: &'s [ConnectorRow],
    /// The nodes that a zone or site is joined to.
    joined: BTreeMap<(JoinedPlace, &'s str), Vec<&'s str>>,
}

impl<'s> ClassRoads<'s> {
    fn of(check: &ScenarioCheck<'s>) -> Self {
        let scenario = check.scenario;
        let is_walk = check.class().is_some_and(|class| class.mode == Mode::Walk);
        let mut roads = Self {
            links: Vec::new(),
            into: BTreeMap::new(),
            out_of: BTreeMap::new(),
            banned: BTreeSet::new(),
            connectors: &scenario.connectors,
            joined: BTreeMap::new(),
        };
        for (index, row) in scenario.links.iter().enumerate() {
            let (is_open, time) = if is_walk {
                (row.walk_capacity_people_h.is_some(), row.walk_time_ms)
            } else {
                let left = row.capacity_pcu_h.unwrap_or(0.0) - row.reserved_pcu_h.unwrap_or(0.0);
                (left > 0.0, row.time_ms)
            };
            // a link whose cells could not be read may well be open: nothing is concluded from it
            if !is_open && !check.origin.is_damaged::<LinkRow>(index) {
                continue;
            }
            let number = roads.links.len();
            roads.into.entry(&row.to_node_id).or_default().push(number);
            roads.out_of.entry(&row.from_node_id).or_default().push(number);
            roads.links.push((row, time.unwrap_or(0).max(0)));
        }
        for row in &scenario.connectors {
            roads.joined.entry((row.place.into(), &row.place_id)).or_default().push(&row.node_id);
        }
        let banned = scenario.movements.iter().filter(|row| row.prohibited == "1");
        roads.banned = banned.map(|row| (row.ib_link_id.as_str(), row.ob_link_id.as_str())).collect();
        roads
    }

    fn nodes_of(&self, place: ConnectorPlace, id: &'s str) -> &[&'s str] {
        self.joined.get(&(place.into(), id)).map_or(&[], Vec::as_slice)
    }

    fn site_connectors(&self) -> impl Iterator<Item = &'s ConnectorRow> {
        self.connectors.iter().filter(|row| row.place == ConnectorPlace::Site)
    }

    /// For each zone that can reach a site, the last moment at which somebody may leave it and still arrive.
    fn last_departures(&self, closed: &ClosedTimes<'s>, turns: TurnRule) -> BTreeMap<&'s str, i64> {
        let mut heap: BinaryHeap<(i64, SearchStep<'s>)> = BinaryHeap::new();
        for row in self.site_connectors() {
            if let Some(last) = closed.last_admission(&row.place_id) {
                heap.push((last - row.time_ms.max(0), SearchStep::Node(&row.node_id)));
            }
        }
        let mut labels: Vec<Option<i64>> = vec![None; self.links.len()];
        // the best label that anybody at the node itself, out of a zone, can use
        let mut at_node: BTreeMap<&str, i64> = BTreeMap::new();
        while let Some((last, step)) = heap.pop() {
            let (node, next) = match step {
                SearchStep::Node(node) => (node, None),
                SearchStep::Link(number) => {
                    let Some((row, _)) = self.links.get(number) else { continue };
                    (row.from_node_id.as_str(), Some(row.link_id.as_str()))
                }
            };
            if last < 0 {
                break;
            }
            at_node.entry(node).or_insert(last);
            for &number in self.into.get(node).map_or(&[][..], Vec::as_slice) {
                let (Some((row, time)), Some(None)) = (self.links.get(number), labels.get(number)) else {
                    continue;
                };
                let is_banned = next.is_some_and(|next| self.banned.contains(&(row.link_id.as_str(), next)));
                if is_banned && turns == TurnRule::AsGiven {
                    continue;
                }
                // labels are settled in descending order, so the first offer is the best
                if let Some(entry) = closed.link(&row.link_id).last_entry(last - time, *time) {
                    labels[number] = Some(entry);
                    heap.push((entry, SearchStep::Link(number)));
                }
            }
        }
        let mut zones: BTreeMap<&str, i64> = BTreeMap::new();
        for row in self.connectors.iter().filter(|row| row.place == ConnectorPlace::Zone) {
            let last = at_node.get(row.node_id.as_str()).map(|last| last - row.time_ms.max(0));
            if let Some(last) = last.and_then(|last| closed.last_departure(&row.place_id, last)) {
                let best = zones.entry(&row.place_id).or_insert(last);
                *best = (*best).max(last);
            }
        }
        zones
    }

    /// Nodes that somebody from some zone can get to, turn bans aside.
    fn reached_nodes(&self) -> BTreeSet<&'s str> {
        let starts = self.connectors.iter().filter(|row| row.place == ConnectorPlace::Zone);
        let mut stack: Vec<&str> = starts.map(|row| row.node_id.as_str()).collect();
        let mut reached: BTreeSet<&str> = stack.iter().copied().collect();
        while let Some(node) = stack.pop() {
            for &number in self.out_of.get(node).map_or(&[][..], Vec::as_slice) {
                if let Some((row, _)) = self.links.get(number)
                    && reached.insert(&row.to_node_id)
                {
                    stack.push(&row.to_node_id);
                }
            }
        }
        reached
    }
}

/// Where the search stands: before a site's connector at a node, or before a link.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SearchStep<'s> {
    Node(&'s str),
    Link(usize),
}
