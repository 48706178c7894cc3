//! The network between reading a map and writing its tables: junctions, segments with two directions, banned turns.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::capacity::RoadClass;
use crate::travel::DirectionTravel;
use clearway_model::JunctionControl;

/// Where roads meet, end or are broken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RoadJunction {
    /// Number of the map's node.
    pub number: i64,
    /// 0, or 1 for the far side of a barrier that breaks the road at this node.
    pub side: u8,
    pub lon: f64,
    pub lat: f64,
    /// A road is cut here at the map's edge.
    pub is_edge: bool,
    /// Stays a junction whatever is contracted.
    pub is_pinned: bool,
    /// A sign that holds for whoever comes to it.
    pub control: Option<JunctionControl>,
}

impl RoadJunction {
    /// The id in the tables: the map's number, with `b` on the far side of a barrier.
    pub fn id(&self) -> String {
        if self.side == 0 { self.number.to_string() } else { format!("{}b", self.number) }
    }
}

/// Who has to obey a sign, relative to the road that it stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignDirection {
    Forward,
    Backward,
    Both,
    /// It is not said: whoever comes to the end of the road that is nearer.
    Nearest,
}

/// A sign at a road.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RoadSign {
    pub control: JunctionControl,
    pub direction: SignDirection,
    /// How far from the beginning of the road, m.
    pub at_m: f64,
}

impl RoadSign {
    /// The same of a road in which its own has been turned round or put behind others: `before_m` of road come first.
    pub fn within(self, forward: bool, before_m: f64, length_m: f64) -> Self {
        let direction = match (forward, self.direction) {
            (false, SignDirection::Forward) => SignDirection::Backward,
            (false, SignDirection::Backward) => SignDirection::Forward,
            (_, direction) => direction,
        };
        let at_m = if forward { self.at_m } else { length_m - self.at_m };
        Self { direction, at_m: before_m + at_m, ..self }
    }

    /// Whether those who drive in a direction of a road of this length have to obey it; `is_one_way`: nobody drives in the other.
    pub fn holds(self, forward: bool, length_m: f64, is_one_way: bool) -> bool {
        match self.direction {
            SignDirection::Forward => forward,
            SignDirection::Backward => !forward,
            SignDirection::Both => true,
            SignDirection::Nearest => is_one_way || forward == (self.at_m * 2.0 > length_m),
        }
    }
}

/// A road piece between two junctions, never from a junction to itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RoadSegment {
    /// Number of the map's way.
    pub way: i64,
    /// Place among the pieces of that way, from 1; 0 for the foot passage through a barrier.
    pub piece: u32,
    pub from: usize,
    pub to: usize,
    pub class: RoadClass,
    pub name: Arc<str>,
    /// Course from `from` to `to`, (longitude, latitude).
    pub line: Vec<(f64, f64)>,
    pub length_m: f64,
    pub forward: DirectionTravel,
    pub backward: DirectionTravel,
    /// The map does not state the lanes of a direction open to vehicles.
    pub lanes_assumed: bool,
    /// The map does not state the speed of a direction open to vehicles.
    pub speed_assumed: bool,
    /// Part of a roundabout.
    pub is_round: bool,
    /// Signs along it, and at ends where nothing but another piece of the road begins.
    pub signs: Vec<RoadSign>,
}

impl RoadSegment {
    pub fn is_drivable(&self) -> bool {
        self.forward.drive.is_some() || self.backward.drive.is_some()
    }
}

/// One direction of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SegmentDirection {
    pub segment: usize,
    /// From `from` to `to`, in the order of the line.
    pub forward: bool,
}

/// A network of segments.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RoadGraph {
    /// Ascending by number and side.
    pub junctions: Vec<RoadJunction>,
    /// Ascending by way and piece.
    pub segments: Vec<RoadSegment>,
    /// Turns straight from the first into the second that are banned.
    pub bans: BTreeSet<(SegmentDirection, SegmentDirection)>,
}

impl RoadGraph {
    pub fn travel(&self, direction: SegmentDirection) -> &DirectionTravel {
        let segment = &self.segments[direction.segment];
        if direction.forward { &segment.forward } else { &segment.backward }
    }

    pub fn tail(&self, direction: SegmentDirection) -> usize {
        let segment = &self.segments[direction.segment];
        if direction.forward { segment.from } else { segment.to }
    }

    pub fn head(&self, direction: SegmentDirection) -> usize {
        self.tail(SegmentDirection { forward: !direction.forward, ..direction })
    }

    /// Segments at each junction, ascending.
    pub fn incidence(&self) -> Vec<Vec<usize>> {
        let mut at = vec![Vec::new(); self.junctions.len()];
        for (index, segment) in self.segments.iter().enumerate() {
            at[segment.from].push(index);
            at[segment.to].push(index);
        }
        at
    }

    /// Keeps the segments for which `keep` is true, the junctions at their ends and the bans between them.
    pub fn retain(&mut self, keep: &[bool]) {
        let mut new_segment = vec![usize::MAX; self.segments.len()];
        let mut used = vec![false; self.junctions.len()];
        let kept = self.segments.iter().enumerate().filter(|(index, _)| keep[*index]);
        for (new, (index, segment)) in kept.enumerate() {
            new_segment[index] = new;
            used[segment.from] = true;
            used[segment.to] = true;
        }
        let moved = |d: SegmentDirection| SegmentDirection { segment: new_segment[d.segment], ..d };
        self.bans = self
            .bans
            .iter()
            .filter(|(a, b)| keep[a.segment] && keep[b.segment])
            .map(|(a, b)| (moved(*a), moved(*b)))
            .collect();
        let mut index = 0;
        self.segments.retain(|_| {
            index += 1;
            keep[index - 1]
        });
        self.retain_junctions(&used);
    }

    /// Drops the junctions that no segment touches.
    pub fn retain_junctions(&mut self, used: &[bool]) {
        let mut new_junction = vec![usize::MAX; self.junctions.len()];
        for (new, (index, _)) in used.iter().enumerate().filter(|(_, used)| **used).enumerate() {
            new_junction[index] = new;
        }
        let mut index = 0;
        self.junctions.retain(|_| {
            index += 1;
            used[index - 1]
        });
        for segment in &mut self.segments {
            segment.from = new_junction[segment.from];
            segment.to = new_junction[segment.to];
        }
    }
}
