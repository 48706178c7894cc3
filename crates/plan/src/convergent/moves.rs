//! Changes to a forest: a branch grown on elsewhere, a connector taken up, people shifted between connectors.

use crate::convergent::attach::JoiningPeople;
use crate::convergent::forest::PathForest;
use crate::convergent::regrow::regrow;
use crate::convergent::trial::{ForestState, ForestTrial, TrialSlot};
use crate::convergent::{one_of, uniform};
use crate::local_search::quantile_time;
use clearway_model::number::{self, float, truncated};
use clearway_network::{ElementIndex, Network, NodeIndex, PerSite, SiteIndex, ZoneIndex};
use rand_chacha::ChaCha8Rng;

/// What kind of change a round tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoveKind {
    /// People of many zones are shifted between the connectors their zones use.
    Shares,
    /// All who pass a node leave it by another way.
    Branch,
    /// A zone takes up another connector.
    Start,
    /// Some branches are taken off together and grown anew.
    Regrow,
}

impl MoveKind {
    /// The kind that is tried in a round: they take turns.
    pub fn of_round(round: usize) -> Self {
        match round % 8 {
            0 | 4 => Self::Shares,
            2 | 6 => Self::Start,
            1 | 5 => Self::Regrow,
            _ => Self::Branch,
        }
    }
}

/// People of a zone who take another of its connectors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectorShift {
    zone: ZoneIndex,
    from: ElementIndex,
    to: ElementIndex,
    people: f64,
}

/// One change; those that help can be made together.
#[derive(Debug, Clone)]
pub(crate) enum ForestChange {
    /// People shifted between connectors, each zone once.
    Shares(Vec<ConnectorShift>),
    /// The new path from a node on.
    Branch(Vec<ElementIndex>),
    /// Zone, connector people come from, people, and the new path with its connector.
    Start(ZoneIndex, ElementIndex, f64, Vec<ElementIndex>),
    /// Another forest, of which some branches have been grown anew.
    Regrow(PathForest),
}

impl ForestChange {
    /// Makes the change; `false` if it does not fit (any more), the forest is then of no use.
    pub fn apply(&self, network: &Network, forest: &mut PathForest) -> bool {
        match self {
            Self::Shares(shifts) => {
                for &ConnectorShift { zone, from, to, people } in shifts {
                    let has = |connector| forest.starts[zone].iter().find(|s| s.0 == connector).map(|s| s.1);
                    if let (Some(available), Some(_)) = (has(from), has(to)) {
                        forest.shift(zone, from, to, people.min(available));
                    }
                }
                true
            }
            Self::Branch(path) => {
                let node = network.node_before(path[0]);
                let Some(node) = node.filter(|&node| forest.next[node].is_some()) else { return false };
                forest.next[node] = None;
                forest.graft(network, path)
            }
            Self::Regrow(whole) => {
                forest.clone_from(whole);
                true
            }
            Self::Start(zone, from, people, path) => {
                let Some(available) = forest.starts[*zone].iter().find(|s| s.0 == *from).map(|s| s.1) else {
                    return false;
                };
                forest.shift(*zone, *from, path[0], people.min(available));
                // What the zone alone used is free for its new path.
                if people >= &available {
                    let mut rest = forest.clone();
                    rest.starts[*zone].retain(|s| s.0 != path[0]);
                    rest.tidy(network);
                    forest.next = rest.next;
                }
                forest.graft(network, path)
            }
        }
    }
}

/// Proposes a change; `None` if there is none to be had where chance looked.
pub(crate) fn propose(
    kind: MoveKind,
    trial: &ForestTrial<'_>,
    state: &ForestState,
    slot: &mut TrialSlot,
    forest: &PathForest,
    boldness: f64,
    rng: &mut ChaCha8Rng,
) -> Option<ForestChange> {
    match kind {
        MoveKind::Shares => shares(trial, state, forest, boldness, rng),
        MoveKind::Branch => branch(trial, state, slot, forest, rng),
        MoveKind::Start => start(trial, state, slot, forest, rng),
        MoveKind::Regrow => regrow(trial, slot, forest, rng),
    }
}

fn shares(
    trial: &ForestTrial<'_>,
    state: &ForestState,
    forest: &PathForest,
    boldness: f64,
    rng: &mut ChaCha8Rng,
) -> Option<ForestChange> {
    let network = trial.task.roads.network;
    let zones: Vec<ZoneIndex> = forest.starts.keys().filter(|&z| forest.starts[z].len() > 1).collect();
    if zones.is_empty() {
        return None;
    }
    let share = boldness * (0.1 + 0.9 * uniform(rng));
    let count = number::count((float(zones.len()) * share).round()).max(1);
    let mut room = state.room.clone();
    let mut shifts = Vec::new();
    for _ in 0..count {
        let zone = zones[one_of(rng, zones.len())];
        let starts = &forest.starts[zone];
        let by_cost = |a: &usize, b: &usize| {
            state.marginals[zone][*a].total_cmp(&state.marginals[zone][*b]).then(a.cmp(b))
        };
        let (Some(best), Some(worst)) =
            ((0..starts.len()).min_by(by_cost), (0..starts.len()).max_by(by_cost))
        else {
            continue;
        };
        if state.marginals[zone][worst] - state.marginals[zone][best] < 1000.0 {
            continue;
        }
        let total: f64 = starts.iter().map(|s| s.1).sum();
        let mut people = (total * boldness.sqrt() * uniform(rng)).min(starts[worst].1);
        if starts[worst].1 - people < 0.01 * total {
            people = starts[worst].1;
        }
        let site = |start: usize| forest.site(network, starts[start].0);
        let (Some(from), Some(to)) = (site(worst), site(best)) else { continue };
        if from != to {
            people = people.min(room[to]);
        }
        if people > 0.0 && !shifts.iter().any(|s: &ConnectorShift| s.zone == zone) {
            room[to] -= people;
            room[from] += people;
            shifts.push(ConnectorShift { zone, from: starts[worst].0, to: starts[best].0, people });
        }
    }
    (!shifts.is_empty()).then_some(ForestChange::Shares(shifts))
}

/// A zone and the place of one of its connectors in use, by chance, weighted by people.
pub(crate) fn some_start(forest: &PathForest, rng: &mut ChaCha8Rng) -> Option<(ZoneIndex, usize)> {
    let total: f64 = forest.starts.iter().flatten().map(|s| s.1).sum();
    let mut draw = uniform(rng) * total;
    let mut last = None;
    for (zone, starts) in forest.starts.iter_enumerated() {
        for (at, start) in starts.iter().enumerate() {
            last = Some((zone, at));
            draw -= start.1;
            if draw < 0.0 {
                return last;
            }
        }
    }
    last
}

/// Elements by which a node could be left instead, none of them a prohibited turn for those who come there.
fn others(network: &Network, forest: &PathForest, node: NodeIndex) -> Vec<ElementIndex> {
    let mut inbound = Vec::new();
    if !network.banned.is_empty() {
        let comes = |&e: &ElementIndex| network.node_after(e) == Some(node);
        inbound.extend(forest.next.iter().copied().flatten().filter(comes));
    }
    let allowed = |&out: &ElementIndex| {
        Some(out) != forest.next[node] && !inbound.iter().any(|&e| network.banned.contains(&(e, out)))
    };
    network.out_of(node).iter().copied().filter(allowed).collect()
}

fn branch(
    trial: &ForestTrial<'_>,
    state: &ForestState,
    slot: &mut TrialSlot,
    forest: &PathForest,
    rng: &mut ChaCha8Rng,
) -> Option<ForestChange> {
    let task = trial.task;
    let network = task.roads.network;
    let (zone, at) = some_start(forest, rng)?;
    let way = forest.path(network, forest.starts[zone][at].0);
    let links = way.len().checked_sub(2)?;
    let position = 1 + one_of(rng, links);
    // The first node from there on that can be left another way.
    let (position, node, firsts) = (position..=links).find_map(|position| {
        let node = network.node_before(way[position])?;
        let firsts = others(network, forest, node);
        let turns_back = |&e: &ElementIndex| {
            let back = network.node_before(way[position - 1]);
            position > 1 && back.is_some() && network.node_after(e) == back
        };
        (!firsts.iter().all(turns_back)).then_some((position, node, firsts))
    })?;
    let people = forest.people_through(network, node);
    let departure = quantile_time(&task.schedules[zone], 0.1 + 0.8 * uniform(rng));
    // People pass the node between when they would without any queue and when one more person would.
    let lone: i64 = way[..position].iter().map(|&e| network.elements[e].tau).sum();
    let queued = march(state, trial, &way[..position], departure).unwrap_or(departure + lone);
    let t = departure + lone + truncated(float((queued - departure - lone).max(0)) * uniform(rng));
    let [early, late] = [0.05, 0.95].map(|q| quantile_time(&task.schedules[zone], q));
    let span = float((late - early).max(queued - departure - lone));
    let full = state.full_but_for(network.site_of(way[way.len() - 1]), people);
    let joining = JoiningPeople {
        roads: task.roads,
        busy: &state.busy,
        to_sites: trial.to_sites,
        next: &forest.next,
        full: &full,
        own: &way[position..],
        people,
        span,
        charge: uniform(rng),
    };
    let path = slot.search.best(&joining, &firsts, t, Some(node))?;
    Some(ForestChange::Branch(path))
}

impl ForestState {
    /// Per site, whether it has no room for so many people; where they go now they have room.
    fn full_but_for(&self, now: Option<SiteIndex>, people: f64) -> PerSite<bool> {
        let rooms = self.room.iter_enumerated();
        rooms.map(|(site, &room)| Some(site) != now && room < people - 0.5).collect()
    }
}

/// When one more person has passed some elements.
fn march(
    state: &ForestState,
    trial: &ForestTrial<'_>,
    elements: &[ElementIndex],
    departure: i64,
) -> Option<i64> {
    let roads = trial.task.roads;
    let mut t = departure;
    for &element in elements {
        t = state.busy[element].busy_until(t).unwrap_or(t);
        t = roads.next_open(element, t)? + roads.network.elements[element].tau;
    }
    Some(t)
}

fn start(
    trial: &ForestTrial<'_>,
    state: &ForestState,
    slot: &mut TrialSlot,
    forest: &PathForest,
    rng: &mut ChaCha8Rng,
) -> Option<ForestChange> {
    let task = trial.task;
    let network = task.roads.network;
    let (zone, _) = some_start(forest, rng)?;
    let starts = &forest.starts[zone];
    let unused: Vec<ElementIndex> = network.zones[zone]
        .connectors
        .iter()
        .copied()
        .filter(|c| !starts.iter().any(|s| s.0 == *c))
        .collect();
    if unused.is_empty() {
        return None;
    }
    let by_cost =
        |a: &usize, b: &usize| state.marginals[zone][*a].total_cmp(&state.marginals[zone][*b]).then(a.cmp(b));
    let worst = (0..starts.len()).max_by(by_cost)?;
    let (from, available) = starts[worst];
    let all = starts.len() >= task.ways || uniform(rng) < 0.3;
    let people = if all { available } else { available * (0.2 + 0.6 * uniform(rng)) };
    let departure = quantile_time(&task.schedules[zone], 0.1 + 0.8 * uniform(rng));
    let [early, late] = [0.05, 0.95].map(|q| quantile_time(&task.schedules[zone], q));
    let own = forest.path(network, from);
    let full = state.full_but_for(network.site_of(own[own.len() - 1]), people);
    // What only the people who change use is free.
    let mut rest = forest.clone();
    if all {
        rest.starts[zone].retain(|s| s.0 != from);
        rest.tidy(network);
    }
    let joining = JoiningPeople {
        roads: task.roads,
        busy: &state.busy,
        to_sites: trial.to_sites,
        next: &rest.next,
        full: &full,
        own: &own,
        people,
        span: float(late - early),
        charge: uniform(rng),
    };
    let path = slot.search.best(&joining, &unused, departure, None)?;
    Some(ForestChange::Start(zone, from, people, path))
}
