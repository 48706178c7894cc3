//! Which zones can reach a site: at all, and while roads and sites are open.
//!
//! A search backward from the sites keeps for every link the last moment at which somebody may enter it and still arrive. As
//! waiting is free, later is never worse to come from, so one label per link is exact; closures of nodes, which only matter to
//! who waits there, are left out. This finds zones that no open road connects; how many people get through is the plan's answer.

use super::ScenarioCheck;
use super::closed::ClosedTimes;
use clearway_model::{ConnectorPlace, ConnectorRow, LinkRow, Mode, MovementRow, SiteRow, ZoneRow};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};

/// Which places have a way.
pub(super) struct WaysFound<'s> {
    roads: ClassRoads<'s>,
    /// The zones that can reach a site with everything open.
    always: BTreeMap<&'s str, i64>,
    /// The same, were no turn prohibited.
    freely: BTreeMap<&'s str, i64>,
    /// The same with windows, closures and opening times; `None`: there is no horizon.
    open: Option<BTreeMap<&'s str, i64>>,
    /// Per node, whether somebody from some zone can get there.
    reached: Vec<bool>,
}

impl<'s> WaysFound<'s> {
    /// Searches ways; `None` where nothing can be told, or where there are no roads for the class, which is reported elsewhere. Depends on
    /// the tables alone and not on what was found in them.
    pub(super) fn search(check: &ScenarioCheck<'s>) -> Option<Self> {
        if !can_tell(check) {
            return None;
        }
        let roads = ClassRoads::of(check);
        if roads.links.is_empty() {
            return None;
        }
        let horizon = check.horizon_ms();
        let never = ClosedTimes::never(horizon.unwrap_or(UNBOUNDED_MS));
        let closed = horizon.map(|horizon| ClosedTimes::of(check, horizon));
        let open = || closed.as_ref().map(|closed| roads.last_departures(closed, TurnRule::AsGiven));
        let (always, (freely, open)) = rayon::join(
            || roads.last_departures(&never, TurnRule::AsGiven),
            || rayon::join(|| roads.last_departures(&never, TurnRule::All), open),
        );
        let reached = roads.reached_nodes();
        Some(Self { roads, always, freely, open, reached })
    }
}

pub(super) fn check<'s>(check: &mut ScenarioCheck<'s>, ways: &WaysFound<'s>) {
    zones(check, ways);
    sites(check, ways);
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

fn zones<'s>(check: &mut ScenarioCheck<'s>, ways: &WaysFound<'s>) {
    let WaysFound { roads, always, freely, open, .. } = ways;
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

fn sites<'s>(check: &mut ScenarioCheck<'s>, ways: &WaysFound<'s>) {
    let WaysFound { roads, reached, .. } = ways;
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
        } else if !nodes.iter().any(|&node| reached[node]) {
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

/// A link open to the class; its ends are numbers of nodes.
struct ClassLink<'s> {
    row: &'s LinkRow,
    time: i64,
    from: usize,
    to: usize,
    /// Number of its id among those that `movement.csv` names in a prohibited turn.
    turning: Option<usize>,
}

/// Numbers of ids in the order in which they came.
#[derive(Default)]
struct IdNumbers<'s>(HashMap<&'s str, usize>);

impl<'s> IdNumbers<'s> {
    fn of(&mut self, id: &'s str) -> usize {
        let next = self.0.len();
        *self.0.entry(id).or_insert(next)
    }
}

/// Links by one of their ends.
struct LinksByNode {
    /// Per node, the place of its first link, and of the end of all.
    first: Vec<usize>,
    links: Vec<usize>,
}

impl LinksByNode {
    fn new(nodes: usize, links: &[ClassLink<'_>], end: impl Fn(&ClassLink<'_>) -> usize) -> Self {
        let mut first = vec![0; nodes + 1];
        for link in links {
            first[end(link) + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut by_node = vec![0; links.len()];
        for (number, link) in links.iter().enumerate() {
            let place = &mut next[end(link)];
            by_node[*place] = number;
            *place += 1;
        }
        Self { first, links: by_node }
    }

    fn at(&self, node: usize) -> &[usize] {
        &self.links[self.first[node]..self.first[node + 1]]
    }
}

/// The links open to the class, by their ends.
struct ClassRoads<'s> {
    links: Vec<ClassLink<'s>>,
    /// How many nodes links and connectors name.
    nodes: usize,
    into: LinksByNode,
    out_of: LinksByNode,
    /// Prohibited turns, by the numbers of the ids of links.
    banned: HashSet<(usize, usize)>,
    /// Connectors, each with its node.
    connectors: Vec<(&'s ConnectorRow, usize)>,
    /// The nodes that a zone or site is joined to.
    joined: BTreeMap<(JoinedPlace, &'s str), Vec<usize>>,
}

impl<'s> ClassRoads<'s> {
    fn of(check: &ScenarioCheck<'s>) -> Self {
        let scenario = check.scenario;
        let is_walk = check.class().is_some_and(|class| class.mode == Mode::Walk);
        let (mut nodes, mut turning) = (IdNumbers::default(), IdNumbers::default());
        let banned = scenario.movements.iter().filter(|row| row.prohibited == "1");
        let banned = banned.map(|row| (turning.of(&row.ib_link_id), turning.of(&row.ob_link_id))).collect();
        let mut links = Vec::new();
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
            links.push(ClassLink {
                row,
                time: time.unwrap_or(0).max(0),
                from: nodes.of(&row.from_node_id),
                to: nodes.of(&row.to_node_id),
                turning: turning.0.get(row.link_id.as_str()).copied(),
            });
        }
        let connectors: Vec<(&ConnectorRow, usize)> =
            scenario.connectors.iter().map(|row| (row, nodes.of(&row.node_id))).collect();
        let mut joined: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for &(row, node) in &connectors {
            joined.entry((row.place.into(), row.place_id.as_str())).or_default().push(node);
        }
        let nodes = nodes.0.len();
        Self {
            into: LinksByNode::new(nodes, &links, |link| link.to),
            out_of: LinksByNode::new(nodes, &links, |link| link.from),
            links,
            nodes,
            banned,
            connectors,
            joined,
        }
    }

    fn nodes_of(&self, place: ConnectorPlace, id: &'s str) -> &[usize] {
        self.joined.get(&(place.into(), id)).map_or(&[], Vec::as_slice)
    }

    fn connectors_of(&self, place: ConnectorPlace) -> impl Iterator<Item = (&'s ConnectorRow, usize)> {
        self.connectors.iter().copied().filter(move |(row, _)| row.place == place)
    }

    /// For each zone that can reach a site, the last moment at which somebody may leave it and still arrive.
    fn last_departures(&self, closed: &ClosedTimes<'s>, turns: TurnRule) -> BTreeMap<&'s str, i64> {
        let mut heap: BinaryHeap<(i64, SearchStep)> = BinaryHeap::new();
        for (row, node) in self.connectors_of(ConnectorPlace::Site) {
            if let Some(last) = closed.last_admission(&row.place_id) {
                heap.push((last - row.time_ms.max(0), SearchStep::Node(node)));
            }
        }
        let mut is_labelled = vec![false; self.links.len()];
        // the best label that anybody at the node itself, out of a zone, can use
        let mut at_node: Vec<Option<i64>> = vec![None; self.nodes];
        while let Some((last, step)) = heap.pop() {
            let (node, next) = match step {
                SearchStep::Node(node) => (node, None),
                SearchStep::Link(number) => (self.links[number].from, self.links[number].turning),
            };
            if last < 0 {
                break;
            }
            at_node[node].get_or_insert(last);
            for &number in self.into.at(node) {
                let link = &self.links[number];
                let is_banned = || link.turning.zip(next).is_some_and(|turn| self.banned.contains(&turn));
                if is_labelled[number] || (turns == TurnRule::AsGiven && is_banned()) {
                    continue;
                }
                // labels are settled in descending order, so the first offer is the best
                if let Some(entry) = closed.link(&link.row.link_id).last_entry(last - link.time, link.time) {
                    is_labelled[number] = true;
                    heap.push((entry, SearchStep::Link(number)));
                }
            }
        }
        let mut zones: BTreeMap<&str, i64> = BTreeMap::new();
        for (row, node) in self.connectors_of(ConnectorPlace::Zone) {
            let last = at_node[node].map(|last| last - row.time_ms.max(0));
            if let Some(last) = last.and_then(|last| closed.last_departure(&row.place_id, last)) {
                let best = zones.entry(&row.place_id).or_insert(last);
                *best = (*best).max(last);
            }
        }
        zones
    }

    /// Per node, whether somebody from some zone can get there, turn bans aside.
    fn reached_nodes(&self) -> Vec<bool> {
        let mut reached = vec![false; self.nodes];
        let mut stack: Vec<usize> = self.connectors_of(ConnectorPlace::Zone).map(|(_, node)| node).collect();
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut reached[node], true) {
                stack.extend(self.out_of.at(node).iter().map(|&number| self.links[number].to));
            }
        }
        reached
    }
}

/// Where the search stands: before a site's connector at a node, or before a link.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SearchStep {
    Node(usize),
    Link(usize),
}
