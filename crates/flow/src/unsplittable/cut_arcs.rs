//! Cut arcs: the arcs of a minimum cut between sources and terminals, each arc counted with all that it lets in by a time.

use crate::cut::CUT_UNITS_PER_PERSON;
use crate::extremes::{ArcsByEnd, AtClosing, earliest_arrivals, latest_departures};
use crate::index::{ArcIndex, SourceIndex, VertexIndex};
use crate::number::{float, truncated};
use crate::static_cut::{ArcPlace, BIG, CutNode, StaticCut, UndecidedSide};
use crate::{FlowArc, FlowProblem, FlowSource};

/// Sources count in these parts of a person, so that a stress need not be a whole number.
const PARTS: i64 = 1000;

/// How many people can pass an arc in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ArcRoom {
    /// Neither a rate nor a capacity behind it bounds it.
    AnyNumber,
    /// So many people, rounded down.
    People(i64),
}

/// Arcs, and the sources that reach no terminal without them by the time looked at; both ascend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CutArcSet {
    pub arcs: Vec<ArcIndex>,
    pub sources: Vec<SourceIndex>,
}

/// When places can be reached and left, for one time.
pub(crate) struct ReachTimes<'a> {
    pub problem: &'a FlowProblem,
    pub theta: i64,
    inbound: ArcsByEnd,
    outbound: ArcsByEnd,
    /// Per vertex, when anybody can be there, ms.
    earliest: Vec<i64>,
    /// Per vertex, from when on it is too late to arrive, ms.
    latest: Vec<i64>,
    /// Per vertex, what its terminal holds; `None`: it is no terminal.
    holds: Vec<Option<Option<i64>>>,
    cut: StaticCut,
    /// Per arc, where the graph keeps its cost; `None` for one from a vertex to itself.
    cut_places: Vec<Option<ArcPlace>>,
}

impl<'a> ReachTimes<'a> {
    pub fn new(problem: &'a FlowProblem) -> Self {
        let outbound = ArcsByEnd::new(problem, FlowArc::tail);
        let mut holds = vec![None; problem.vertices];
        for terminal in &problem.terminals {
            holds[terminal.vertex()] = Some(terminal.capacity);
        }
        let ends: Vec<(CutNode, CutNode)> =
            problem.arcs.iter().map(|arc| (node(arc.tail()), node(arc.head()))).collect();
        let (cut, cut_places) = StaticCut::new(problem.vertices, &ends);
        Self {
            problem,
            theta: 0,
            inbound: ArcsByEnd::new(problem, FlowArc::head),
            earliest: earliest_arrivals(problem, &outbound, 0.0, AtClosing::InTime, |_| true),
            outbound,
            latest: Vec::new(),
            holds,
            cut,
            cut_places,
        }
    }

    /// From now on the time looked at is `theta`.
    pub fn look_at(&mut self, theta: i64) {
        self.theta = theta;
        self.latest = latest_departures(self.problem, &self.inbound, theta);
    }

    /// How many people can enter an arc from `earliest` on and still arrive: `None` if nobody can.
    fn room(&self, arc: &FlowArc, earliest: &[i64]) -> Option<ArcRoom> {
        // What takes no time and bounds nobody may stand for a choice of places: whoever is at any of them is at all of them for a
        // checker, so it is passed whatever the times.
        if arc.rate.is_none() && arc.tau == 0 && self.holds[arc.head()].is_none() {
            return Some(ArcRoom::AnyNumber);
        }
        let until = self.latest[arc.head()] - arc.tau;
        let from = earliest[arc.tail()];
        if arc.rate == Some(0) || !arc.open.touches(from, until) {
            return None;
        }
        let length = arc.open.length_within(from, until);
        let admits = arc.rate.and_then(|rate| {
            i64::try_from(i128::from(rate) * i128::from(length) / CUT_UNITS_PER_PERSON).ok()
        });
        let least = [self.holds[arc.head()].flatten(), admits].into_iter().flatten().min();
        Some(least.map_or(ArcRoom::AnyNumber, ArcRoom::People))
    }

    /// The cut arcs nearest to the terminals and nearest to the sources, if there are any that bound anything.
    pub fn cut_arcs(&mut self, stress: f64) -> Vec<CutArcSet> {
        let mut cut = std::mem::take(&mut self.cut);
        cut.clear();
        for source in &self.problem.sources {
            let parts = truncated(float(source.people) * stress * float(PARTS));
            cut.add_cost_of_sink(node(source.vertex()), parts);
        }
        for terminal in &self.problem.terminals {
            cut.add_cost_of_sink(node(terminal.vertex()), -BIG);
        }
        for (arc, &place) in self.problem.arcs.iter().zip(&self.cut_places) {
            if let (Some(place), Some(room)) = (place, self.room(arc, &self.earliest)) {
                let parts = match room {
                    ArcRoom::AnyNumber => BIG,
                    ArcRoom::People(people) => people.saturating_mul(PARTS).min(BIG),
                };
                cut.add_cost_of_arc(place, parts);
            }
        }
        cut.solve();
        let found = [UndecidedSide::WithSource, UndecidedSide::WithSink].map(|rest| self.crossed(&cut, rest));
        self.cut = cut;
        found.into()
    }

    fn crossed(&self, cut: &StaticCut, rest: UndecidedSide) -> CutArcSet {
        let is_behind = |vertex: VertexIndex| !cut.is_with_sink(node(vertex), rest);
        let arcs = self.problem.numbered_arcs().filter(|(_, arc)| {
            is_behind(arc.tail()) && !is_behind(arc.head()) && self.room(arc, &self.earliest).is_some()
        });
        let sources = self.problem.sources.iter().enumerate();
        let sources = sources.filter(|(_, source)| source.people > 0 && is_behind(source.vertex()));
        CutArcSet {
            arcs: arcs.map(|(index, _)| index).collect(),
            sources: sources.map(|(index, _)| SourceIndex::at(index)).collect(),
        }
    }

    /// The cut arcs that are too small for a source, if no way is wide enough for it.
    pub fn too_small_for(&self, source: SourceIndex) -> Option<CutArcSet> {
        let FlowSource { people, .. } = self.problem.sources[source];
        let mut seen = vec![false; self.problem.vertices];
        let mut open = vec![self.problem.sources[source].vertex()];
        let mut small = Vec::new();
        while let Some(vertex) = open.pop() {
            if std::mem::replace(&mut seen[vertex], true) {
                continue;
            }
            if self.holds[vertex].is_some() {
                return None;
            }
            for &index in self.outbound.of(vertex) {
                let arc = &self.problem.arcs[index];
                match self.room(arc, &self.earliest) {
                    Some(ArcRoom::People(room)) if room < people => small.push(index),
                    Some(_) => open.push(arc.head()),
                    None => {}
                }
            }
        }
        small.retain(|&arc| !seen[self.problem.arcs[arc].head()]);
        small.sort_unstable();
        Some(CutArcSet { arcs: small, sources: vec![source] })
    }

    /// Whether there is no way from the sources to a terminal without the cut arcs by the time looked at.
    pub fn are_needed(&self, cut_arcs: &CutArcSet) -> bool {
        let mut seen = vec![false; self.problem.vertices];
        let mut open: Vec<VertexIndex> =
            cut_arcs.sources.iter().map(|&source| self.problem.sources[source].vertex()).collect();
        while let Some(vertex) = open.pop() {
            if std::mem::replace(&mut seen[vertex], true) {
                continue;
            }
            if self.holds[vertex].is_some() {
                return false;
            }
            let may = |&&arc: &&ArcIndex| {
                let room = self.room(&self.problem.arcs[arc], &self.earliest);
                room.is_some() && cut_arcs.arcs.binary_search(&arc).is_err()
            };
            open.extend(
                self.outbound.of(vertex).iter().filter(may).map(|&arc| self.problem.arcs[arc].head()),
            );
        }
        true
    }

    /// People for whom each cut arc has room, counted from when the first of its sources' people can be there; `None` if one has
    /// room for any number.
    pub fn rooms(&self, cut_arcs: &CutArcSet) -> Option<Vec<i64>> {
        let is_meant = |source: usize| cut_arcs.sources.binary_search(&SourceIndex::at(source)).is_ok();
        let earliest = earliest_arrivals(self.problem, &self.outbound, 0.0, AtClosing::InTime, is_meant);
        let room = |&arc: &ArcIndex| match self.room(&self.problem.arcs[arc], &earliest) {
            Some(ArcRoom::AnyNumber) => None,
            Some(ArcRoom::People(people)) => Some(people),
            None => Some(0),
        };
        cut_arcs.arcs.iter().map(room).collect()
    }
}

/// The graph has a node for each vertex, with the same number.
fn node(vertex: VertexIndex) -> CutNode {
    CutNode::at(vertex.place())
}
