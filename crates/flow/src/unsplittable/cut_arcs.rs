//! CutArcs: the arcs of a minimum cut between sources and terminals, each arc counted with all that it lets in by a time.

use crate::cut::CUT_UNITS_PER_PERSON;
use crate::extremes::{AtClosing, Ends, earliest_arrivals, latest_departures};
use crate::static_cut::{BIG, Rest, StaticCut};
use crate::{FlowArc, FlowProblem, Source};

/// Sources count in these parts of a person, so that a stress need not be a whole number.
const PARTS: f64 = 1000.0;

/// Arcs, and the sources that reach no terminal without them by the time looked at; both ascend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CutArcs {
    pub arcs: Vec<u32>,
    pub sources: Vec<u32>,
}

/// When places can be reached and left, for one time.
pub(crate) struct Times<'a> {
    pub problem: &'a FlowProblem,
    pub theta: i64,
    inbound: Ends,
    outbound: Ends,
    /// Per vertex, when anybody can be there, ms.
    earliest: Vec<i64>,
    /// Per vertex, from when on it is too late to arrive, ms.
    latest: Vec<i64>,
    /// Per vertex, what its terminal holds; `None`: it is no terminal.
    holds: Vec<Option<Option<i64>>>,
    cut: StaticCut,
}

impl<'a> Times<'a> {
    pub fn new(problem: &'a FlowProblem) -> Self {
        let outbound = Ends::new(problem, |arc| arc.tail);
        let mut holds = vec![None; problem.vertices];
        for terminal in &problem.terminals {
            holds[terminal.vertex as usize] = Some(terminal.capacity);
        }
        Self {
            problem,
            theta: 0,
            inbound: Ends::new(problem, |arc| arc.head),
            earliest: earliest_arrivals(problem, &outbound, 0.0, AtClosing::InTime, |_| true),
            outbound,
            latest: Vec::new(),
            holds,
            cut: StaticCut::default(),
        }
    }

    /// From now on the time looked at is `theta`.
    pub fn look_at(&mut self, theta: i64) {
        self.theta = theta;
        self.latest = latest_departures(self.problem, &self.inbound, theta);
    }

    /// How many people can enter an arc from `earliest` on and still arrive: `None` if nobody can, `i64::MAX` if nothing bounds it.
    fn room(&self, arc: &FlowArc, earliest: &[i64]) -> Option<i64> {
        // What takes no time and bounds nobody may stand for a choice of places: whoever is at any of them is at all of them for a
        // checker, so it is passed whatever the times.
        if arc.rate.is_none() && arc.tau == 0 && self.holds[arc.head as usize].is_none() {
            return Some(i64::MAX);
        }
        let until = self.latest[arc.head as usize] - arc.tau;
        let from = earliest[arc.tail as usize];
        if arc.rate == Some(0) || !arc.open.touches(from, until) {
            return None;
        }
        let length = arc.open.length_within(from, until);
        let admits = arc.rate.map_or(i64::MAX, |rate| {
            (i128::from(rate) * i128::from(length) / CUT_UNITS_PER_PERSON).min(i128::from(i64::MAX)) as i64
        });
        Some(self.holds[arc.head as usize].flatten().unwrap_or(i64::MAX).min(admits))
    }

    /// The cut_arcs nearest to the terminals and nearest to the sources, if there are any that bound anything.
    pub fn cut_arcs(&mut self, stress: f64) -> Vec<CutArcs> {
        let mut cut = std::mem::take(&mut self.cut);
        cut.clear(self.problem.vertices);
        for source in &self.problem.sources {
            cut.add_cost_of_sink(source.vertex, (source.people as f64 * stress * PARTS) as i64);
        }
        for terminal in &self.problem.terminals {
            cut.add_cost_of_sink(terminal.vertex, -BIG);
        }
        for arc in &self.problem.arcs {
            if let Some(room) = self.room(arc, &self.earliest) {
                cut.add_arc(arc.tail, arc.head, room.saturating_mul(PARTS as i64).min(BIG));
            }
        }
        cut.solve();
        let found = [Rest::WithSource, Rest::WithSink].map(|rest| self.crossed(&cut, rest));
        self.cut = cut;
        found.into()
    }

    fn crossed(&self, cut: &StaticCut, rest: Rest) -> CutArcs {
        let is_behind = |vertex: u32| !cut.is_with_sink(vertex, rest);
        let arcs = self.problem.arcs.iter().enumerate().filter(|(_, arc)| {
            is_behind(arc.tail) && !is_behind(arc.head) && self.room(arc, &self.earliest).is_some()
        });
        let sources = self.problem.sources.iter().enumerate();
        let sources = sources.filter(|(_, source)| source.people > 0 && is_behind(source.vertex));
        CutArcs {
            arcs: arcs.map(|(index, _)| index as u32).collect(),
            sources: sources.map(|(index, _)| index as u32).collect(),
        }
    }

    /// The cut_arcs that are too small for a source, if no way is wide enough for it.
    pub fn too_small_for(&self, source: u32) -> Option<CutArcs> {
        let Source { vertex, people, .. } = self.problem.sources[source as usize];
        let mut seen = vec![false; self.problem.vertices];
        let mut open = vec![vertex];
        let mut small = Vec::new();
        while let Some(vertex) = open.pop() {
            if std::mem::replace(&mut seen[vertex as usize], true) {
                continue;
            }
            if self.holds[vertex as usize].is_some() {
                return None;
            }
            for &index in self.outbound.of(vertex) {
                let arc = &self.problem.arcs[index as usize];
                match self.room(arc, &self.earliest) {
                    Some(room) if room < people => small.push(index),
                    Some(_) => open.push(arc.head),
                    None => {}
                }
            }
        }
        small.retain(|&arc| !seen[self.problem.arcs[arc as usize].head as usize]);
        small.sort_unstable();
        Some(CutArcs { arcs: small, sources: vec![source] })
    }

    /// Whether there is no way from the sources to a terminal without the cut_arcs by the time looked at.
    pub fn are_needed(&self, cut_arcs: &CutArcs) -> bool {
        let mut seen = vec![false; self.problem.vertices];
        let mut open: Vec<u32> =
            cut_arcs.sources.iter().map(|&source| self.problem.sources[source as usize].vertex).collect();
        while let Some(vertex) = open.pop() {
            if std::mem::replace(&mut seen[vertex as usize], true) {
                continue;
            }
            if self.holds[vertex as usize].is_some() {
                return false;
            }
            let may = |&&arc: &&u32| {
                let room = self.room(&self.problem.arcs[arc as usize], &self.earliest);
                room.is_some() && cut_arcs.arcs.binary_search(&arc).is_err()
            };
            open.extend(
                self.outbound.of(vertex).iter().filter(may).map(|&arc| self.problem.arcs[arc as usize].head),
            );
        }
        true
    }

    /// People for whom each cut_arc has room, counted from when the first of its sources' people can be there; `None` if one has
    /// room for any number.
    pub fn rooms(&self, cut_arcs: &CutArcs) -> Option<Vec<i64>> {
        let is_meant = |source: usize| cut_arcs.sources.binary_search(&(source as u32)).is_ok();
        let earliest = earliest_arrivals(self.problem, &self.outbound, 0.0, AtClosing::InTime, is_meant);
        let room = |&arc: &u32| self.room(&self.problem.arcs[arc as usize], &earliest).unwrap_or(0);
        let rooms: Vec<i64> = cut_arcs.arcs.iter().map(room).collect();
        (!rooms.contains(&i64::MAX)).then_some(rooms)
    }
}
