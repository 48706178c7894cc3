//! One arc in steps of time: how much may enter per slot, and how much does.
//!
//! Slot k of an arc is the time [k·step - d, (k+1)·step - d) at its tail, d being the tail's distance to the terminals.

use crate::index::VertexIndex;
use crate::number::{float, place, slot, whole_amount};
use crate::{FlowArc, TimeSet};

/// Units of flow; the engine scales thousandths of a person so that totals stay below 2^31.
pub(crate) type Amount = u32;

/// What an arc without a limit takes, and the least of no amounts at all: totals are below it by construction, so that it never
/// decides which of several amounts is the smallest.
pub(crate) const UNLIMITED: Amount = Amount::MAX;

/// Sets of 64 slots of which all let something in.
const ALL_OPEN: u64 = !0;

/// One arc of the network that the engine works on.
#[derive(Debug, Clone)]
pub(crate) struct ArcState {
    pub tail: VertexIndex,
    pub head: VertexIndex,
    /// Steps of reduced time that a traversal takes.
    pub shift: i32,
    /// What enters in a slot in which the arc is open throughout, units of flow.
    capacity: Amount,
    /// Thousandths of a person per ms, for slots that are open in part; rate / 3.6e6.
    per_ms: f64,
    /// When it may be entered; `None`: always, so that most slots need no search among intervals.
    open: Option<TimeSet>,
    /// When slot 0 begins at the tail, ms: -d(tail).
    start: i64,
    /// Length of a slot, ms.
    step: i64,
    /// Units of flow that enter, by slot; slots beyond its end have none.
    flow: Vec<Amount>,
}

impl ArcState {
    /// `start` = -d(tail), ms; `unit` = thousandths of a person per unit of flow.
    pub fn new(arc: &FlowArc, shift: i32, start: i64, step: i64, unit: f64, horizon: i64) -> Self {
        let per_ms = arc.rate.map_or(f64::INFINITY, |rate| float(rate) / 3.6e6 / unit);
        let capacity = slot_amount(per_ms, step);
        let always = arc.open.intervals() == [(0, horizon)];
        Self {
            tail: arc.tail(),
            head: arc.head(),
            shift,
            capacity,
            per_ms,
            open: (!always).then(|| arc.open.clone()),
            start,
            step,
            flow: Vec::new(),
        }
    }

    fn capacity_at(&self, slot: i32) -> Amount {
        // Time before 0 does not exist: slots before it hold nothing, the one across it a part.
        let from = self.start + i64::from(slot) * self.step;
        match &self.open {
            None if from >= 0 => self.capacity,
            None => slot_amount(self.per_ms, (from + self.step).clamp(0, self.step)),
            Some(open) => slot_amount(self.per_ms, open.length_within(from, from + self.step)),
        }
    }

    /// Which of 64 slots from `first` on let anything in.
    pub fn open_slots(&self, first: i32) -> u64 {
        if self.open.is_none() && self.start + i64::from(first) * self.step >= 0 {
            return if self.capacity > 0 { ALL_OPEN } else { 0 };
        }
        (0..64).fold(0, |word, bit| word | u64::from(self.capacity_at(first + bit) > 0) << bit)
    }

    /// How much more a slot can take.
    pub fn residual(&self, slot: i32) -> Amount {
        self.capacity_at(slot).saturating_sub(self.flow(slot))
    }

    /// How much a slot carries.
    pub fn flow(&self, slot: i32) -> Amount {
        self.flow.get(place(slot)).copied().unwrap_or(0)
    }

    /// All slots that carry anything, as (slot, amount).
    pub fn flows(&self) -> impl Iterator<Item = (i32, Amount)> + '_ {
        self.flow
            .iter()
            .enumerate()
            .filter(|(_, amount)| **amount > 0)
            .map(|(place, amount)| (slot(place), *amount))
    }

    /// Puts flow into a slot.
    pub fn add(&mut self, slot: i32, amount: Amount) {
        let place = place(slot);
        if self.flow.len() <= place {
            self.flow.resize((place / 64 + 1) * 64, 0);
        }
        self.flow[place] += amount;
    }

    /// Takes flow out of a slot.
    pub fn remove(&mut self, slot: i32, amount: Amount) {
        self.flow[place(slot)] -= amount;
    }
}

/// A number of units of flow as an amount: exact, as totals stay below [`UNLIMITED`], which stands for all above it.
pub(crate) fn amount_of(units: u64) -> Amount {
    Amount::try_from(units).unwrap_or(UNLIMITED)
}

/// Units of flow that enter within `length` ms, rounded down; one below [`UNLIMITED`] at the most, as a limit stays one.
fn slot_amount(per_ms: f64, length: i64) -> Amount {
    if length <= 0 {
        0
    } else if per_ms.is_infinite() {
        UNLIMITED
    } else {
        // The floor keeps exact instances exact: whole amounts per slot stay whole.
        whole_amount((per_ms * float(length) + 1e-6).floor().min(f64::from(UNLIMITED - 1)))
    }
}
