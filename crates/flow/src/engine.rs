//! The threshold earliest-arrival method: maximum flow over time for one step after the other.
//!
//! A visit to vertex v at time t has index (t + d(v)) / step, d being the shortest free-flow time to a terminal, so that a
//! link on a shortest path takes no steps and only detours are rounded. Waiting is free; hence the set of (vertex, index)
//! from which a terminal can still be reached by index T in the residual network is one threshold per vertex. Each phase
//! searches backward from (terminal, T), augments along the tree, and repeats until no waiting source is reached; the
//! thresholds are then a minimum cut over time for T. Sources: Ford and Fulkerson 1958; Baumann and Skutella 2009 for
//! earliest arrival; the threshold form is described in `docs/concepts/bound.md`.

use crate::arc::{Amount, ArcState, UNLIMITED, amount_of};
use crate::bits::{SlotBits, SlotSets};
use crate::distance::{UNREACHED, distances};
use crate::hops::{ArcHop, VertexHops};
use crate::index::{ArcIndex, VertexIndex};
use crate::number::{float, length, place, slot as slot_at, slots, whole};
use crate::search::{ArcDirection, PathStep, ResidualSearch};
use crate::{FlowProblem, FlowSource};

/// How detours are rounded to steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepRounding {
    /// Down: a relaxation, never less than what is possible.
    Down,
    /// Up: executable, never more than what is possible.
    Up,
    /// To the nearest: neither of the two, but closest to what is possible.
    Nearest,
}

impl StepRounding {
    /// A time in steps of the same unit.
    fn steps(self, time: i64, step: i64) -> i64 {
        match self {
            Self::Down => time.div_euclid(step),
            Self::Up => (time + step - 1).div_euclid(step),
            Self::Nearest => (time + step / 2).div_euclid(step),
        }
    }
}

/// People waiting at one vertex, by index.
#[derive(Debug, Clone, Default)]
pub(crate) struct WaitingPeople {
    amount: Vec<Amount>,
    bits: SlotBits,
}

impl WaitingPeople {
    /// The latest index from which waiting since `index` can be cancelled without a gap.
    #[inline]
    pub fn extend(&self, index: i32) -> i32 {
        self.bits.first_unset_from(index)
    }

    /// The least amount waiting throughout [from, until).
    pub fn least(&self, from: i32, until: i32) -> Amount {
        (from..until).map(|i| self.amount.get(place(i)).copied().unwrap_or(0)).min().unwrap_or(UNLIMITED)
    }

    pub fn add(&mut self, from: i32, until: i32, amount: Amount) {
        if self.amount.len() < place(until) {
            self.amount.resize((place(until) / 64 + 1) * 64, 0);
            self.bits.grow(place(until));
        }
        for index in place(from)..place(until) {
            self.amount[index] += amount;
            self.bits.set(index, true);
        }
    }

    pub fn remove(&mut self, from: i32, until: i32, amount: Amount) {
        for index in place(from)..place(until) {
            self.amount[index] -= amount;
            self.bits.set(index, self.amount[index] > 0);
        }
    }
}

/// People of one source who have not left, by index.
#[derive(Debug, Clone)]
pub(crate) struct SourceSupply {
    pub vertex: VertexIndex,
    /// Units of flow, by index from `first` on.
    pub left: Vec<Amount>,
    /// Index of time 0 at the vertex: that of the first of `left`.
    pub first: i32,
    /// No supply is left before this offset.
    pub from: usize,
}

/// Which slots of each arc can take more, and which carry flow.
#[derive(Debug, Default)]
pub(crate) struct ArcSlots {
    pub room: SlotSets,
    pub used: SlotSets,
}

/// How many more a terminal holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TerminalRoom {
    /// It has no capacity: any number.
    Unlimited,
    /// So many units of flow.
    Left(u64),
}

impl TerminalRoom {
    /// Whether it is full.
    #[inline]
    pub fn is_full(self) -> bool {
        self == Self::Left(0)
    }
}

/// The longest shift of an arc, steps. With as many as the horizon has or more the arc is of no use to anybody; a quarter of what an
/// i32 holds leaves room to add slots and labels to it.
const LONGEST_SHIFT: i64 = (1 << 29) - 1;

/// The engine: state of the flow after the phases run so far.
#[derive(Debug)]
pub struct EarliestArrival {
    /// Length of a step, ms.
    step: i64,
    /// End of the planning horizon, ms: nothing after it counts.
    horizon: i64,
    /// Thousandths of a person per unit of flow.
    unit: f64,
    /// Per vertex, free-flow time to the nearest terminal, ms.
    pub(crate) distance: Vec<i64>,
    pub(crate) arcs: Vec<ArcState>,
    slots: ArcSlots,
    /// Index of each engine arc in the problem.
    pub(crate) arc_of: Vec<ArcIndex>,
    pub(crate) outbound: VertexHops,
    pub(crate) inbound: VertexHops,
    pub(crate) waiting: Vec<WaitingPeople>,
    pub(crate) supplies: Vec<SourceSupply>,
    /// Per vertex: room left at a terminal; `None` for other vertices.
    pub(crate) terminal_room: Vec<Option<TerminalRoom>>,
    has_capacities: bool,
    /// Thresholds of the last finished phase, -1 where a terminal cannot be reached.
    thresholds: Vec<i32>,
    /// Whether what was cut off in the last phase stays cut off, so that thresholds need not be searched anew.
    frozen: bool,
    phase: i32,
    phases: i32,
    arrived: u64,
    released: u64,
    search: ResidualSearch,
    path: Vec<PathStep>,
    /// Labels that a blocking pass lowers as it fails.
    ceiling: Vec<i32>,
}

impl EarliestArrival {
    /// Prepares the engine for steps of `step` ms.
    pub fn new(problem: &FlowProblem, step: i64, rounding: StepRounding) -> Self {
        let distance = distances(problem);
        // Amounts are u32: scale thousandths of a person so that all people together stay below 2^31.
        let total = float(problem.people().max(1)) * 1000.0;
        let unit = (total / f64::from(1u32 << 31)).ceil().max(1.0);
        let reach = |vertex: VertexIndex| distance[vertex] != UNREACHED;
        let mut arcs = Vec::new();
        let mut arc_of = Vec::new();
        for (index, arc) in problem.numbered_arcs() {
            if arc.rate == Some(0) || arc.open.is_empty() || !reach(arc.head()) || !reach(arc.tail()) {
                continue;
            }
            let (from, to) = (distance[arc.tail()], distance[arc.head()]);
            let shift = rounding.steps(arc.tau + to - from, step);
            arcs.push(ArcState::new(
                arc,
                slots(shift.min(LONGEST_SHIFT)),
                -from,
                step,
                unit,
                problem.horizon,
            ));
            arc_of.push(index);
        }
        let outbound = VertexHops::new(problem.vertices, &arcs, |arc| (arc.tail, arc.head));
        let inbound = VertexHops::new(problem.vertices, &arcs, |arc| (arc.head, arc.tail));
        let mut supplies = Vec::new();
        for source in problem.sources.iter().filter(|s| reach(s.vertex()) && s.people > 0) {
            supplies.push(supply(source, distance[source.vertex()], step, unit, rounding, problem.horizon));
        }
        let released = supplies.iter().flat_map(|s| &s.left).map(|&a| u64::from(a)).sum();
        let mut terminal_room = vec![None; problem.vertices];
        for terminal in &problem.terminals {
            let room = |people: i64| TerminalRoom::Left(whole(float(people) * 1000.0 / unit));
            terminal_room[terminal.vertex()] = Some(terminal.capacity.map_or(TerminalRoom::Unlimited, room));
        }
        Self {
            step,
            horizon: problem.horizon,
            unit,
            arcs,
            slots: ArcSlots::default(),
            arc_of,
            outbound,
            inbound,
            waiting: vec![WaitingPeople::default(); problem.vertices],
            supplies,
            terminal_room,
            has_capacities: problem.terminals.iter().any(|t| t.capacity.is_some()),
            thresholds: vec![-1; problem.vertices],
            frozen: true,
            phase: -1,
            phases: slots((problem.horizon + step - 1).div_euclid(step)),
            arrived: 0,
            released,
            search: ResidualSearch::new(problem.vertices),
            path: Vec::new(),
            ceiling: Vec::new(),
            distance,
        }
    }

    /// Step of time, ms.
    pub fn step(&self) -> i64 {
        self.step
    }

    /// Thousandths of a person per unit of flow.
    pub fn unit(&self) -> f64 {
        self.unit
    }

    /// Number of phases up to the horizon.
    pub fn phases(&self) -> i32 {
        self.phases
    }

    /// The time up to which the phases run so far count, ms: (phase + 1) · step, the horizon at most.
    pub fn time(&self) -> i64 {
        (i64::from(self.phase + 1) * self.step).min(self.horizon)
    }

    /// People arrived by [`Self::time`] at most, in units of flow.
    pub fn arrived(&self) -> u64 {
        self.arrived
    }

    /// People who will ever be ready and have a way, in units of flow.
    pub fn released(&self) -> u64 {
        self.released
    }

    /// Whether everyone with a way has arrived.
    pub fn is_done(&self) -> bool {
        self.arrived == self.released || self.phase + 1 >= self.phases
    }

    /// Runs the next phase: a maximum flow for one step more.
    pub fn advance(&mut self) {
        self.phase += 1;
        let arcs = &self.arcs;
        self.slots.room.grow(arcs.len(), self.phase, |arc, first| arcs[arc].open_slots(first));
        self.slots.used.grow(arcs.len(), self.phase, |_, _| 0);
        loop {
            let frozen = if self.frozen { Some(self.thresholds.as_slice()) } else { None };
            let mut search = std::mem::take(&mut self.search);
            search.run(
                &self.slots,
                &self.waiting,
                &self.terminal_room,
                &self.inbound,
                &self.outbound,
                self.phase,
                frozen,
            );
            let gained = self.augment_all(&search);
            self.search = search;
            if gained == 0 {
                break;
            }
            self.arrived += gained;
            if self.has_capacities && self.terminal_room.contains(&Some(TerminalRoom::Left(0))) {
                // A full site lets later arrivals swap with earlier ones: what was cut off may open again.
                self.frozen = false;
            }
        }
        self.thresholds.copy_from_slice(self.search.labels());
    }

    /// Sources that the search reached, those with the least time to spare first. Who has time to spare can take many
    /// ways, also later; what is left over in the end then needs few searches (in the order of the sources it were
    /// twice as many).
    fn tightest_first(&self, search: &ResidualSearch) -> Vec<usize> {
        let spare = |s: &SourceSupply| search.labels()[s.vertex] - s.first;
        let mut order: Vec<usize> = (0..self.supplies.len())
            .filter(|&index| {
                search.is_fresh(self.supplies[index].vertex) && spare(&self.supplies[index]) >= 0
            })
            .collect();
        order.sort_by_key(|&index| spare(&self.supplies[index]));
        order
    }

    fn augment_all(&mut self, search: &ResidualSearch) -> u64 {
        let mut gained = 0;
        for index in self.tightest_first(search) {
            let label = search.labels()[self.supplies[index].vertex];
            while let Some(offset) = self.supplies[index].latest(label) {
                let amount = self.augment(search, index, offset);
                if amount == 0 {
                    break;
                }
                gained += u64::from(amount);
            }
        }
        if gained > 0 { gained + self.block(search) } else { gained }
    }

    /// A blocking pass after the tree has been used up: walks from the sources that are left over along whatever the
    /// labels of the search still allow, always nearer to a terminal by the search's count of arcs. Where a walk ends, the
    /// label is lowered for the rest of the pass. What this misses the next search finds; it saves most searches.
    fn block(&mut self, search: &ResidualSearch) -> u64 {
        let mut ceiling = std::mem::take(&mut self.ceiling);
        ceiling.clear();
        ceiling.extend_from_slice(search.labels());
        let mut gained = 0;
        // Dead ends cost more than they bring after a while: then a new search is cheaper.
        let mut patience = length(self.waiting.len()) / 4;
        for index in self.tightest_first(search) {
            let vertex = self.supplies[index].vertex;
            if patience < 0 {
                break;
            }
            while let Some(offset) = self.supplies[index].latest(ceiling[vertex]) {
                let start = self.supplies[index].first + slot_at(offset);
                match self.walk(search, &mut ceiling, &mut patience, vertex, start) {
                    Some(end) => {
                        let amount = self.push(index, offset, end);
                        if amount == 0 {
                            break;
                        }
                        gained += u64::from(amount);
                    }
                    None => break,
                }
            }
        }
        self.ceiling = ceiling;
        gained
    }

    /// Finds a way from (vertex, index) to a terminal with room into `self.path`.
    fn walk(
        &mut self,
        search: &ResidualSearch,
        ceiling: &mut [i32],
        patience: &mut i64,
        vertex: VertexIndex,
        index: i32,
    ) -> Option<VertexIndex> {
        self.path.clear();
        let (mut v, mut k) = (vertex, index);
        loop {
            if self.terminal_room[v].is_some_and(|room| !room.is_full()) {
                return Some(v);
            }
            match self.next_step(search, ceiling, v, k) {
                Some((step, next, at)) => {
                    self.path.push(step);
                    (v, k) = (next, at);
                }
                None => {
                    ceiling[v] = ceiling[v].min(k - 1);
                    *patience -= 1;
                    if *patience < 0 {
                        return None;
                    }
                    let step = self.path.pop()?;
                    let arc = &self.arcs[step.arc];
                    v = match step.way {
                        ArcDirection::Along => arc.tail,
                        ArcDirection::Back => arc.head,
                    };
                    k = step.arrive;
                }
            }
        }
    }

    fn next_step(
        &self,
        search: &ResidualSearch,
        ceiling: &[i32],
        v: VertexIndex,
        k: i32,
    ) -> Option<(PathStep, VertexIndex, i32)> {
        let hops = search.hops();
        let waiting = &self.waiting[v];
        for &ArcHop { arc, end: head, shift } in self.outbound.of(v) {
            if !search.is_fresh(head) && self.terminal_room[head].is_none() || hops[head] >= hops[v] {
                continue;
            }
            if self.terminal_room[head].is_some_and(TerminalRoom::is_full) {
                continue;
            }
            if let Some(slot) = self.slots.room.last_up_to(arc, ceiling[head] - shift)
                && (slot >= k || waiting.extend(slot) >= k)
            {
                let at = slot + shift;
                return Some((
                    PathStep { arc, way: ArcDirection::Along, slot, arrive: k, leave: slot },
                    head,
                    at,
                ));
            }
        }
        for &ArcHop { arc, end: tail, shift } in self.inbound.of(v) {
            if !search.is_fresh(tail) || hops[tail] >= hops[v] {
                continue;
            }
            if let Some(slot) = self.slots.used.last_up_to(arc, ceiling[tail]) {
                let leave = slot + shift;
                if leave >= k || waiting.extend(leave) >= k {
                    return Some((
                        PathStep { arc, way: ArcDirection::Back, slot, arrive: k, leave },
                        tail,
                        slot,
                    ));
                }
            }
        }
        None
    }

    /// Pushes as much as possible from one source and index along the search tree.
    fn augment(&mut self, search: &ResidualSearch, supply: usize, offset: usize) -> Amount {
        let start = self.supplies[supply].vertex;
        let index = self.supplies[supply].first + slot_at(offset);
        let mut path = std::mem::take(&mut self.path);
        let end = search.path(&self.arcs, &self.terminal_room, start, index, &mut path);
        self.path = path;
        self.push(supply, offset, end)
    }

    /// Pushes as much as possible along `self.path` to the terminal `end`.
    fn push(&mut self, supply: usize, offset: usize, end: VertexIndex) -> Amount {
        let path = std::mem::take(&mut self.path);
        let mut amount = self.supplies[supply].left[offset];
        if let Some(TerminalRoom::Left(room)) = self.terminal_room[end] {
            amount = amount.min(amount_of(room));
        }
        for step in &path {
            let state = &self.arcs[step.arc];
            let vertex = match step.way {
                ArcDirection::Along => state.tail,
                ArcDirection::Back => state.head,
            };
            if step.leave < step.arrive {
                amount = amount.min(self.waiting[vertex].least(step.leave, step.arrive));
            }
            amount = amount.min(match step.way {
                ArcDirection::Along => state.residual(step.slot),
                ArcDirection::Back => state.flow(step.slot),
            });
            if amount == 0 {
                break;
            }
        }
        if amount > 0 {
            // Only now, as a later step of the path may have been the narrowest.
            self.supplies[supply].left[offset] -= amount;
            for step in &path {
                self.apply(step, amount);
            }
            if let Some(TerminalRoom::Left(room)) = &mut self.terminal_room[end] {
                *room -= u64::from(amount);
            }
        }
        self.path = path;
        amount
    }

    fn apply(&mut self, step: &PathStep, amount: Amount) {
        let state = &mut self.arcs[step.arc];
        let vertex = match step.way {
            ArcDirection::Along => state.tail,
            ArcDirection::Back => state.head,
        };
        match step.way {
            ArcDirection::Along => state.add(step.slot, amount),
            ArcDirection::Back => state.remove(step.slot, amount),
        }
        self.slots.used.set(step.arc, step.slot, state.flow(step.slot) > 0);
        self.slots.room.set(step.arc, step.slot, state.residual(step.slot) > 0);
        let waiting = &mut self.waiting[vertex];
        if step.arrive < step.leave {
            waiting.add(step.arrive, step.leave, amount);
        } else if step.leave < step.arrive {
            waiting.remove(step.leave, step.arrive, amount);
        }
    }

    /// Thresholds of the last finished phase as times at each vertex, clamped to [0, [`Self::time`]], ms.
    pub fn threshold_times(&self) -> Vec<i64> {
        let theta = self.time();
        self.thresholds
            .iter()
            .zip(&self.distance)
            .map(|(&label, &d)| match d {
                UNREACHED => 0,
                // The end of what the index stands for: from there on no terminal can be reached in time.
                d => (i64::from(label + 1) * self.step - d).clamp(0, theta),
            })
            .collect()
    }
}

/// The people of a source by the index from which they can leave; rounded so that all indices together have all people.
fn supply(
    source: &FlowSource,
    d: i64,
    step: i64,
    unit: f64,
    rounding: StepRounding,
    horizon: i64,
) -> SourceSupply {
    let units = |share: f64| whole((float(source.people) * 1000.0 / unit * share).round());
    let first = slots(rounding.steps(d, step));
    let mut left = Vec::new();
    let mut before = 0;
    let mut slot = first;
    // Index k takes those who become ready in the time that `rounding` maps to it.
    let end = source.release.end().min(horizon - 1);
    loop {
        let until = i64::from(slot + 1) * step - d;
        let upto = match rounding {
            StepRounding::Down => units(source.release.share_before(until.max(0))),
            StepRounding::Up => units(source.release.share((until - step).max(0))),
            StepRounding::Nearest => units(source.release.share((until - step / 2).max(0))),
        };
        let upto = if until > end + step { units(source.release.share(horizon - 1)) } else { upto };
        left.push(amount_of(upto - before));
        before = upto;
        if until > end + step {
            break;
        }
        slot += 1;
    }
    SourceSupply { vertex: source.vertex(), left, first, from: 0 }
}

impl SourceSupply {
    /// The latest offset at or before index `label` with people left.
    fn latest(&mut self, label: i32) -> Option<usize> {
        while self.left.get(self.from) == Some(&0) {
            self.from += 1;
        }
        let last = (label - self.first).min(slot_at(self.left.len()) - 1);
        (slot_at(self.from)..=last).rev().map(place).find(|&offset| self.left[offset] > 0)
    }
}
