//! Turn restrictions: from relations to banned turns between directed pieces.
//!
//! A turn table can only ban going from one link straight into the next. A restriction over a via way is put down as such
//! a ban where that bans neither more nor less: where the way before the turn is the only one into the via way, or the way
//! behind it the only one out. The others are counted as not honoured.

use std::collections::BTreeSet;
use std::collections::HashMap;

use crate::graph::{RoadGraph, SegmentDirection};
use crate::osm::data::{MemberKind, OsmRelation, OsmTags};
use crate::report::RestrictionCount;

/// What became of one restriction.
#[derive(Debug, PartialEq)]
enum RestrictionOutcome {
    Honoured(Vec<(SegmentDirection, SegmentDirection)>),
    NotForCars,
    Elsewhere,
    NotHonoured(String),
}

/// The way a restriction means, or the reason why it cannot be followed.
type Found<T> = Result<T, RestrictionOutcome>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RestrictionKind {
    No,
    Only,
}

/// Puts the bans of all restrictions into the graph.
pub(crate) fn apply_restrictions(graph: &mut RoadGraph, relations: &[OsmRelation]) -> RestrictionCount {
    let mut count = RestrictionCount { total: relations.len() as u64, ..RestrictionCount::default() };
    let mut bans = BTreeSet::new();
    let network = TurnNetwork::new(graph);
    for relation in relations {
        match network.follow(relation).unwrap_or_else(|outcome| outcome) {
            RestrictionOutcome::Honoured(turns) => {
                count.honoured += 1;
                bans.extend(turns);
            }
            RestrictionOutcome::NotForCars => count.not_for_cars += 1,
            RestrictionOutcome::Elsewhere => count.elsewhere += 1,
            RestrictionOutcome::NotHonoured(reason) => *count.not_honoured.entry(reason).or_insert(0) += 1,
        }
    }
    graph.bans = bans;
    count
}

fn not_honoured<T>(reason: impl Into<String>) -> Found<T> {
    Err(RestrictionOutcome::NotHonoured(reason.into()))
}

struct TurnNetwork<'a> {
    graph: &'a RoadGraph,
    incidence: Vec<Vec<usize>>,
    /// Segments of each way open to vehicles, in the order of the way.
    by_way: HashMap<i64, Vec<usize>>,
}

impl<'a> TurnNetwork<'a> {
    fn new(graph: &'a RoadGraph) -> Self {
        let mut by_way: HashMap<i64, Vec<usize>> = HashMap::new();
        for (index, segment) in graph.segments.iter().enumerate().filter(|(_, s)| s.is_drivable()) {
            by_way.entry(segment.way).or_default().push(index);
        }
        Self { graph, incidence: graph.incidence(), by_way }
    }

    fn follow(&self, relation: &OsmRelation) -> Found<RestrictionOutcome> {
        let kind = kind_of(&relation.tags)?;
        let member = |role: &'static str, kind: MemberKind| {
            relation.members.iter().filter(move |m| m.role == role && m.kind == kind).map(|m| m.id)
        };
        let from: Vec<i64> = member("from", MemberKind::Way).collect();
        let to: Vec<i64> = member("to", MemberKind::Way).collect();
        let via_nodes: Vec<i64> = member("via", MemberKind::Node).collect();
        let via_ways: Vec<i64> = member("via", MemberKind::Way).collect();
        if from.is_empty() || to.is_empty() || via_nodes.len() + via_ways.len() == 0 {
            return not_honoured("without a way from, a via or a way to");
        }
        let in_network = |way: &i64| self.by_way.contains_key(way);
        if !via_ways.iter().all(in_network) || !from.iter().any(in_network) || !to.iter().any(in_network) {
            return Err(RestrictionOutcome::Elsewhere);
        }
        match (via_nodes.as_slice(), via_ways.as_slice()) {
            (&[via], []) => self.at_node(kind, &from, via, &to),
            ([], via) if from.len() == 1 && to.len() == 1 => self.over_ways(kind, from[0], via, to[0]),
            _ => not_honoured("with several members in one role"),
        }
    }

    /// Directions open to vehicles that end (`into`) or begin at a node, of one way.
    fn at(&self, way: i64, node: i64, into: bool) -> Vec<SegmentDirection> {
        let mut found = Vec::new();
        for &segment in self.by_way.get(&way).map_or(&[][..], Vec::as_slice) {
            for forward in [true, false] {
                let direction = SegmentDirection { segment, forward };
                let end = if into { self.graph.head(direction) } else { self.graph.tail(direction) };
                if self.graph.travel(direction).drive.is_some() && self.graph.junctions[end].number == node {
                    found.push(direction);
                }
            }
        }
        found
    }

    fn touches(&self, way: i64, node: i64) -> bool {
        self.by_way.get(&way).is_some_and(|segments| {
            segments.iter().any(|&s| {
                let segment = &self.graph.segments[s];
                [segment.from, segment.to].iter().any(|&j| self.graph.junctions[j].number == node)
            })
        })
    }

    /// The one direction of a way into or out of a node; `None` if its direction of travel does not allow it.
    fn one(&self, way: i64, node: i64, into: bool) -> Found<Option<SegmentDirection>> {
        match self.at(way, node, into).as_slice() {
            [] if self.touches(way, node) => Ok(None),
            [] => not_honoured("of which a way does not meet the via"),
            [one] => Ok(Some(*one)),
            _ => not_honoured("of which a way goes on beyond the via, so that its side is not clear"),
        }
    }

    fn at_node(
        &self,
        kind: RestrictionKind,
        from: &[i64],
        via: i64,
        to: &[i64],
    ) -> Found<RestrictionOutcome> {
        let all = |ways: &[i64], into| -> Found<Vec<SegmentDirection>> {
            let used = ways.iter().filter(|way| self.by_way.contains_key(way));
            let found: Found<Vec<_>> = used.map(|way| self.one(*way, via, into)).collect();
            Ok(found?.into_iter().flatten().collect())
        };
        let (into, out) = (all(from, true)?, all(to, false)?);
        if kind == RestrictionKind::Only && out.is_empty() {
            return not_honoured("that allow only a way on which nobody may drive away");
        }
        let mut bans = Vec::new();
        for &inbound in &into {
            // The far side of a barrier is another place.
            for outbound in self.out_of(self.graph.head(inbound)) {
                if out.contains(&outbound) == (kind == RestrictionKind::No) {
                    bans.push((inbound, outbound));
                }
            }
        }
        Ok(RestrictionOutcome::Honoured(bans))
    }

    /// All directions open to vehicles that begin at a junction.
    fn out_of(&self, junction: usize) -> Vec<SegmentDirection> {
        let mut found = Vec::new();
        for &segment in &self.incidence[junction] {
            let direction =
                SegmentDirection { segment, forward: self.graph.segments[segment].from == junction };
            if self.graph.travel(direction).drive.is_some() {
                found.push(direction);
            }
        }
        found
    }

    /// All directions open to vehicles that end at a junction.
    fn into(&self, junction: usize) -> Vec<SegmentDirection> {
        let mut found = Vec::new();
        for &segment in &self.incidence[junction] {
            let direction =
                SegmentDirection { segment, forward: self.graph.segments[segment].to == junction };
            if self.graph.travel(direction).drive.is_some() {
                found.push(direction);
            }
        }
        found
    }

    fn over_ways(&self, kind: RestrictionKind, from: i64, via: &[i64], to: i64) -> Found<RestrictionOutcome> {
        let (begin, chain, end) = self.chain(from, via, to)?;
        let Some(chain) = chain else { return Ok(RestrictionOutcome::Honoured(Vec::new())) };
        let (Some(inbound), outbound) = (self.one(from, begin, true)?, self.one(to, end, false)?) else {
            return Ok(RestrictionOutcome::Honoured(Vec::new()));
        };
        let last = chain[chain.len() - 1];
        let forbidden: Vec<SegmentDirection> = match kind {
            RestrictionKind::No => outbound.into_iter().collect(),
            RestrictionKind::Only => {
                if outbound.is_none() {
                    return not_honoured("that allow only a way on which nobody may drive away");
                }
                self.out_of(self.graph.head(last)).into_iter().filter(|d| Some(*d) != outbound).collect()
            }
        };
        let mut path = vec![inbound];
        path.extend(chain);
        let mut bans = Vec::new();
        for out in forbidden {
            path.push(out);
            match self.equivalent_ban(&path) {
                Some(ban) => bans.push(ban),
                None => return not_honoured("over a way that other traffic uses too"),
            }
            path.pop();
        }
        Ok(RestrictionOutcome::Honoured(bans))
    }

    /// A turn of the path that is taken by those who take the whole path, and by nobody else. Turning round is left out of
    /// account.
    fn equivalent_ban(&self, path: &[SegmentDirection]) -> Option<(SegmentDirection, SegmentDirection)> {
        let only_way_in = |i: usize| {
            self.into(self.graph.tail(path[i + 1]))
                .iter()
                .all(|d| *d == path[i] || d.segment == path[i + 1].segment)
        };
        let only_way_out = |i: usize| {
            self.out_of(self.graph.head(path[i]))
                .iter()
                .all(|d| *d == path[i + 1] || d.segment == path[i].segment)
        };
        // The first turn first: those who start behind it stay free to take the others.
        (0..path.len() - 1)
            .find(|&turn| (0..turn).all(only_way_in) && (turn + 1..path.len() - 1).all(only_way_out))
            .map(|turn| (path[turn], path[turn + 1]))
    }

    /// The directed pieces over the via ways with the nodes at which they begin and end; no pieces if their direction of
    /// travel does not allow it.
    #[allow(clippy::type_complexity)]
    fn chain(&self, from: i64, via: &[i64], to: i64) -> Found<(i64, Option<Vec<SegmentDirection>>, i64)> {
        let ends = |way: i64| {
            let segments = &self.by_way[&way];
            let number = |j: usize| self.graph.junctions[j].number;
            let (first, last) = (segments[0], segments[segments.len() - 1]);
            (number(self.graph.segments[first].from), number(self.graph.segments[last].to))
        };
        let first = ends(via[0]);
        let begins: Vec<i64> = [first.0, first.1].into_iter().filter(|n| self.touches(from, *n)).collect();
        let next = |node: i64, way: i64| match ends(way) {
            (a, b) if a == node => Some(b),
            (a, b) if b == node => Some(a),
            _ => None,
        };
        // A from way may meet both ends of the via way; the one from which the to way is reached is meant.
        let mut fitting = begins.into_iter().filter_map(|begin| {
            let end = via.iter().try_fold(begin, |node, way| next(node, *way))?;
            self.touches(to, end).then_some((begin, end))
        });
        let (Some((begin, end)), None) = (fitting.next(), fitting.next()) else {
            return not_honoured("of which a way does not meet the via");
        };
        let mut chain = Vec::new();
        let mut node = begin;
        for &way in via {
            let forward = ends(way).0 == node;
            let mut pieces: Vec<SegmentDirection> =
                self.by_way[&way].iter().map(|&segment| SegmentDirection { segment, forward }).collect();
            if !forward {
                pieces.reverse();
            }
            chain.append(&mut pieces);
            node = next(node, way).unwrap_or(node);
        }
        let joined = chain.windows(2).all(|w| self.graph.head(w[0]) == self.graph.tail(w[1]));
        let open = chain.iter().all(|d| self.graph.travel(*d).drive.is_some());
        Ok((begin, (joined && open).then_some(chain), end))
    }
}

/// Whether a turn is forbidden or the only one allowed, for cars at all times.
fn kind_of(tags: &OsmTags) -> Found<RestrictionKind> {
    let for_cars =
        ["restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle", "restriction"];
    let Some(value) = for_cars.iter().find_map(|key| tags.get(key)) else {
        let conditional = for_cars.iter().any(|key| tags.get(&format!("{key}:conditional")).is_some());
        if conditional {
            return not_honoured("at certain times or on certain conditions only");
        }
        let others = tags.iter().any(|(key, _)| key.starts_with("restriction:"));
        return if others { Err(RestrictionOutcome::NotForCars) } else { not_honoured("without a kind") };
    };
    if tags
        .get("type")
        .and_then(|t| t.strip_prefix("restriction:"))
        .is_some_and(|who| !["motorcar", "motor_vehicle", "vehicle"].contains(&who))
    {
        return Err(RestrictionOutcome::NotForCars);
    }
    let excepted = tags.get("except").unwrap_or("");
    if excepted.split([';', ',']).any(|who| ["motorcar", "motor_vehicle", "vehicle"].contains(&who.trim())) {
        return Err(RestrictionOutcome::NotForCars);
    }
    if ["day_on", "day_off", "hour_on", "hour_off"].iter().any(|key| tags.get(key).is_some()) {
        return not_honoured("at certain times or on certain conditions only");
    }
    match value {
        v if v.starts_with("no_") => Ok(RestrictionKind::No),
        v if v.starts_with("only_") => Ok(RestrictionKind::Only),
        _ => not_honoured("of a kind that is not known"),
    }
}
