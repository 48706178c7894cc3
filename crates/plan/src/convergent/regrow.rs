//! Taking off several branches at once and growing them anew, one after the other, each after a look at the queues that
//! the others leave. This gets out of forests that no single change improves.

use crate::convergent::forest::PathForest;
use crate::convergent::grow::{ZoneJoining, join};
use crate::convergent::moves::{ForestChange, some_start};
use crate::convergent::trial::{ForestTrial, TrialSlot};
use crate::convergent::{one_of, uniform};
use clearway_network::{ElementIndex, NodeIndex, ZoneIndex};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};

/// Most starts taken off at once.
const MOST: usize = 12;
/// Replays while they are grown anew.
const LOOKS: usize = 4;

/// Takes off starts whose people meet at a node and grows them anew.
pub(crate) fn regrow(
    trial: &ForestTrial<'_>,
    slot: &mut TrialSlot,
    forest: &PathForest,
    rng: &mut ChaCha8Rng,
) -> Option<ForestChange> {
    let network = trial.task.roads.network;
    let (zone, at) = some_start(forest, rng)?;
    let path = forest.path(network, forest.starts[zone][at].0);
    let most = 2 + one_of(rng, MOST - 1);
    // Whoever joins their way, the nearest to its begin first.
    // The node before the last element, an admission, is none: all paths end alike.
    let nodes = path[1..].iter().map(|&e| network.node_before(e));
    let place: BTreeMap<Option<NodeIndex>, usize> =
        nodes.enumerate().map(|(position, node)| (node, position)).collect();
    let mut met: BTreeSet<(usize, ZoneIndex, ElementIndex)> = BTreeSet::new();
    for (zone, starts) in forest.starts.iter_enumerated() {
        for &(connector, _) in starts {
            let path = forest.path(network, connector);
            let meets = path[1..].iter().find_map(|&e| place.get(&network.node_before(e)));
            met.extend(meets.map(|&position| (position, zone, connector)));
        }
    }
    let mut rest = forest.clone();
    let mut off: Vec<(ZoneIndex, f64)> = Vec::new();
    for (_, zone, connector) in met.into_iter().take(most) {
        if let Some(index) = rest.starts[zone].iter().position(|s| s.0 == connector) {
            off.push((zone, rest.starts[zone].remove(index).1));
        }
    }
    rest.tidy(network);
    for last in (1..off.len()).rev() {
        off.swap(last, one_of(rng, last + 1));
    }
    for batch in off.chunks(off.len().div_ceil(LOOKS).max(1)) {
        let (busy, mut room) = trial.look(slot, &rest);
        for &(zone, people) in batch {
            let joins =
                ZoneJoining { zone, people, quantile: 0.2 + 0.7 * uniform(rng), charge: uniform(rng) };
            join(trial, slot, &mut rest, joins, &busy, &mut room);
        }
    }
    Some(ForestChange::Regrow(rest))
}
