//! What a climb goes on from: the best mix so far, one from before, or several changes together.

use super::{Group, LocalSearch, Mix};

/// Who takes which way, and what that costs.
#[derive(Debug, Clone)]
pub struct State {
    groups: Vec<Group>,
    mix: Mix,
    cost: f64,
}

/// [`Effort::hump`] by which the climb gets over small humps (record-to-record travel, Dueck 1993).
pub const ACCEPTANCE_THRESHOLD: f64 = 0.0002;

/// The best mix so far.
pub(super) struct Record {
    pub(super) cost: f64,
    pub(super) mix: Mix,
    pub(super) hump: f64,
}

impl Record {
    pub(super) fn allows(&self, cost: f64) -> bool {
        cost < self.cost * (1.0 + self.hump)
    }

    /// What a change has to be below so that it helps: what there is `now`, or clearly less than the best where only clear gains count.
    pub(super) fn enough(&self, now: f64) -> f64 {
        if self.hump < 0.0 { now.min(self.cost * (1.0 + self.hump)) } else { now }
    }

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
        let changed = |mix: &Mix, zone: usize| self.groups_in[zone].iter().any(|&g| mix[g] != self.mix[g]);
        let mut is_more = false;
        for mix in mixes {
            let zones: Vec<usize> = (0..self.groups_in.len())
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
    pub fn state(&self) -> State {
        State { groups: self.groups.clone(), mix: self.mix.clone(), cost: self.cost(&self.outcome) }
    }

    /// Goes on from another state of the same groups, with at most `ways` ways per zone, if it costs less.
    pub fn take_if_better_with(&mut self, state: &State, ways: usize) {
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
    pub(super) fn back_to(&mut self, record: Record) {
        if record.cost < self.cost(&self.outcome) {
            self.mix = record.mix;
            self.replay();
        }
    }
}
