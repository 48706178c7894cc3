//! Changes to a forest: a branch grown on elsewhere, a connector taken up, people shifted between connectors.

use crate::convergent::attach::Joining;
use crate::convergent::forest::{Forest, NONE};
use crate::convergent::regrow::regrow;
use crate::convergent::trial::{Slot, State, Trial};
use crate::convergent::{one_of, uniform};
use crate::local_search::quantile_time;
use clearway_network::Network;
use rand_chacha::ChaCha8Rng;

/// What kind of change a round tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// People of many zones are shifted between the connectors their zones use.
    Shares,
    /// All who pass a node leave it by another way.
    Branch,
    /// A zone takes up another connector.
    Start,
    /// Some branches are taken off together and grown anew.
    Regrow,
}

impl Kind {
    /// Kinds take turns.
    pub fn of_round(round: usize) -> Self {
        match round % 8 {
            0 | 4 => Self::Shares,
            2 | 6 => Self::Start,
            1 | 5 => Self::Regrow,
            _ => Self::Branch,
        }
    }
}

/// One change; those that help can be made together.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Zone, from connector, to connector, people.
    Shares(Vec<(usize, u32, u32, f64)>),
    /// The new path from a node on.
    Branch(Vec<u32>),
    /// Zone, connector people come from, people, and the new path with its connector.
    Start(usize, u32, f64, Vec<u32>),
    /// Another forest altogether.
    Regrow(Forest),
}

impl Change {
    /// Makes the change; `false` if it does not fit (any more), the forest is then of no use.
    pub fn apply(&self, network: &Network, forest: &mut Forest) -> bool {
        match self {
            Self::Shares(shifts) => {
                for &(zone, from, to, people) in shifts {
                    let has = |connector| forest.starts[zone].iter().find(|s| s.0 == connector).map(|s| s.1);
                    if let (Some(available), Some(_)) = (has(from), has(to)) {
                        forest.shift(zone, from, to, people.min(available));
                    }
                }
                true
            }
            Self::Branch(path) => {
                let node = network.from_node[path[0] as usize] as usize;
                if forest.next[node] == NONE {
                    return false;
                }
                forest.next[node] = NONE;
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
    kind: Kind,
    trial: &Trial<'_>,
    state: &State,
    slot: &mut Slot,
    forest: &Forest,
    boldness: f64,
    rng: &mut ChaCha8Rng,
) -> Option<Change> {
    match kind {
        Kind::Shares => shares(trial, state, forest, boldness, rng),
        Kind::Branch => branch(trial, state, slot, forest, rng),
        Kind::Start => start(trial, state, slot, forest, rng),
        Kind::Regrow => regrow(trial, slot, forest, rng),
    }
}

fn shares(
    trial: &Trial<'_>,
    state: &State,
    forest: &Forest,
    boldness: f64,
    rng: &mut ChaCha8Rng,
) -> Option<Change> {
    let network = trial.task.roads.network;
    let zones: Vec<usize> = (0..forest.starts.len()).filter(|&z| forest.starts[z].len() > 1).collect();
    if zones.is_empty() {
        return None;
    }
    let share = boldness * (0.1 + 0.9 * uniform(rng));
    let count = ((zones.len() as f64 * share).round() as usize).max(1);
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
        let site = |start: usize| forest.site(network, starts[start].0).map(|s| s as usize);
        let (Some(from), Some(to)) = (site(worst), site(best)) else { continue };
        if from != to {
            people = people.min(room[to]);
        }
        if people > 0.0 && !shifts.iter().any(|s: &(usize, u32, u32, f64)| s.0 == zone) {
            room[to] -= people;
            room[from] += people;
            shifts.push((zone, starts[worst].0, starts[best].0, people));
        }
    }
    (!shifts.is_empty()).then_some(Change::Shares(shifts))
}

/// A zone by chance, weighted by people.
pub(crate) fn some_start(forest: &Forest, rng: &mut ChaCha8Rng) -> Option<(usize, usize)> {
    let total: f64 = forest.starts.iter().flatten().map(|s| s.1).sum();
    let mut draw = uniform(rng) * total;
    let mut last = None;
    for (zone, starts) in forest.starts.iter().enumerate() {
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
fn others(network: &Network, forest: &Forest, node: u32) -> Vec<u32> {
    let mut inbound = Vec::new();
    if !network.banned.is_empty() {
        let comes = |&e: &u32| e != NONE && network.to_node[e as usize] == node;
        inbound.extend(forest.next.iter().copied().filter(comes));
    }
    let allowed = |&out: &u32| {
        out != forest.next[node as usize] && !inbound.iter().any(|&e| network.banned.contains(&(e, out)))
    };
    network.out_of(node).iter().copied().filter(allowed).collect()
}

fn branch(
    trial: &Trial<'_>,
    state: &State,
    slot: &mut Slot,
    forest: &Forest,
    rng: &mut ChaCha8Rng,
) -> Option<Change> {
    let task = trial.task;
    let network = task.roads.network;
    let (zone, at) = some_start(forest, rng)?;
    let way = forest.way(network, forest.starts[zone][at].0);
    let links = way.len().checked_sub(2)?;
    let position = 1 + one_of(rng, links);
    // The first node from there on that can be left another way.
    let (position, node, firsts) = (position..=links).find_map(|position| {
        let node = network.from_node[way[position] as usize];
        let firsts = others(network, forest, node);
        let turns_back = |&e: &u32| {
            position > 1 && network.to_node[e as usize] == network.from_node[way[position - 1] as usize]
        };
        (!firsts.iter().all(turns_back)).then_some((position, node, firsts))
    })?;
    let people = forest.people_through(network, node);
    let departure = quantile_time(&task.schedules[zone], 0.1 + 0.8 * uniform(rng));
    // People pass the node between when they would without any queue and when one more person would.
    let lone: i64 = way[..position].iter().map(|&e| network.elements[e as usize].tau).sum();
    let queued = march(state, trial, &way[..position], departure).unwrap_or(departure + lone);
    let t = departure + lone + ((queued - departure - lone).max(0) as f64 * uniform(rng)) as i64;
    let [early, late] = [0.05, 0.95].map(|q| quantile_time(&task.schedules[zone], q));
    let span = (late - early).max(queued - departure - lone) as f64;
    let admission = way[way.len() - 1];
    let here = network.place[admission as usize] as usize;
    let full: Vec<bool> =
        state.room.iter().enumerate().map(|(site, &r)| site != here && r < people - 0.5).collect();
    let joining = Joining {
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
    Some(Change::Branch(path))
}

/// When one more person has passed some elements.
fn march(state: &State, trial: &Trial<'_>, elements: &[u32], departure: i64) -> Option<i64> {
    let roads = trial.task.roads;
    let mut t = departure;
    for &element in elements {
        t = state.busy[element as usize].busy_until(t).unwrap_or(t);
        t = roads.next_open(element, t)? + roads.network.elements[element as usize].tau;
    }
    Some(t)
}

fn start(
    trial: &Trial<'_>,
    state: &State,
    slot: &mut Slot,
    forest: &Forest,
    rng: &mut ChaCha8Rng,
) -> Option<Change> {
    let task = trial.task;
    let network = task.roads.network;
    let (zone, _) = some_start(forest, rng)?;
    let starts = &forest.starts[zone];
    let unused: Vec<u32> = network.zones[zone]
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
    let own = forest.way(network, from);
    let here = network.place[own[own.len() - 1] as usize] as usize;
    let full: Vec<bool> =
        state.room.iter().enumerate().map(|(site, &r)| site != here && r < people - 0.5).collect();
    // What only the people who change use is free.
    let mut rest = forest.clone();
    if all {
        rest.starts[zone].retain(|s| s.0 != from);
        rest.tidy(network);
    }
    let joining = Joining {
        roads: task.roads,
        busy: &state.busy,
        to_sites: trial.to_sites,
        next: &rest.next,
        full: &full,
        own: &own,
        people,
        span: (late - early) as f64,
        charge: uniform(rng),
    };
    let path = slot.search.best(&joining, &unused, departure, None)?;
    Some(Change::Start(zone, from, people, path))
}
