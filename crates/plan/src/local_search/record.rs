//! What a climb goes on from: the best mix so far, one from before, or several changes together.

use super::{LocalSearch, Mix, ZoneGroup};
use clearway_network::ZoneIndex;

/// Who takes which way, and what that costs.
#[derive(Debug, Clone)]
pub struct MixState {
    groups: Vec<ZoneGroup>,
    mix: Mix,
    cost: f64,
}

/// [`SearchEffort::hump`](super::SearchEffort::hump) by which the climb gets over small humps (record-to-record travel, Dueck 1993).
pub const ACCEPTANCE_THRESHOLD: f64 = 0.0002;

/// The best mix so far.
pub(super) struct BestMix {
    /// What it costs, people x ms.
    pub(super) cost: f64,
    pub(super) mix: Mix,
    /// [`SearchEffort::hump`](super::SearchEffort::hump) of the search.
    pub(super) hump: f64,
}

impl BestMix {
    /// Whether a mix that costs so much is gone on with.
    pub(super) fn allows(&self, cost: f64) -> bool {
        cost < self.cost * (1.0 + self.hump)
    }

    /// What a change has to be below so that it helps: what there is `now`, or clearly less than the best where only clear gains count.
    pub(super) fn enough(&self, now: f64) -> f64 {
        if self.hump < 0.0 { now.min(self.cost * (1.0 + self.hump)) } else { now }
    }

    /// Keeps a mix if it is the best so far.
    pub(super) fn look(&mut self, cost: f64, mix: &Mix) {
        if cost < self.cost {
            *self = Self { cost, mix: mix.clone(), hump: self.hump };
        }
    }
}

impl LocalSearch<'_> {
    /// Goes on from the first of some changed mixes, with what the others change in other zones if that is better still; `cost` is that
    /// of the first one. Returns the cost.
    pub(super) fn take_together(&mut self, mut mixes: impl Iterator<Item = Mix>, cost: f64) -> f64 {
        let Some(first) = mixes.next() else { return cost };
        let mut together = first.clone();
        let changed =
            |mix: &Mix, zone: ZoneIndex| self.groups_in[zone].iter().any(|&g| mix[g] != self.mix[g]);
        let mut is_more = false;
        for mix in mixes {
            let zones: Vec<ZoneIndex> = self
                .groups_in
                .keys()
                .filter(|&zone| changed(&mix, zone) && !changed(&together, zone))
                .collect();
            let mut more = together.clone();
            for &group in zones.iter().flat_map(|&zone| &self.groups_in[zone]) {
                more[group].clone_from(&mix[group]);
            }
            let fits = || {
                let mut rooms = self.room_left(&more).into_iter().zip(self.room_left(&together));
                rooms.all(|(room, before)| room >= before.min(-0.5))
            };
            if !zones.is_empty() && fits() {
                together = more;
                is_more = true;
            }
        }
        if is_more {
            self.mix = together;
            self.replay();
            let both = self.cost(&self.outcome);
            if both < cost {
                return both;
            }
        }
        self.mix = first;
        self.replay();
        cost
    }

    /// What there is, to come back to.
    pub fn state(&self) -> MixState {
        MixState { groups: self.groups.clone(), mix: self.mix.clone(), cost: self.cost(&self.outcome) }
    }

    /// Goes on from another state of the same groups, with at most `ways` ways per zone, if it costs less.
    pub fn take_if_better_with(&mut self, state: &MixState, ways: usize) {
        if state.groups != self.groups {
            return;
        }
        let now = self.state();
        self.mix = state.mix.clone();
        self.replay();
        self.prune(ways);
        if self.cost(&self.outcome) >= now.cost {
            self.mix = now.mix;
            self.replay();
        }
    }

    /// Back to the best mix there was, if the last one is not it.
    pub(super) fn back_to(&mut self, record: BestMix) {
        if record.cost < self.cost(&self.outcome) {
            self.mix = record.mix;
            self.replay();
        }
    }
}
