//! Signs on nodes that say who waits at a junction: stop, give way, mini-roundabout.
//!
//! Signals are no signs here: they are in the capacities of the roads that come to them.

use crate::graph::SignDirection;
use crate::osm::data::OsmTags;
use clearway_model::JunctionControl;

/// A sign on a node of a road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeSign {
    pub control: JunctionControl,
    /// Who has to obey it, relative to the way.
    pub direction: SignDirection,
}

impl NodeSign {
    /// Reads the sign of a node; `None` without one.
    pub fn of(tags: &OsmTags) -> Option<Self> {
        let control = match tags.get("highway")? {
            "stop" if matches!(tags.get("stop"), Some("all" | "4way" | "3way" | "all_way")) => {
                JunctionControl::AllWayStop
            }
            "stop" => JunctionControl::Stop,
            "give_way" => JunctionControl::GiveWay,
            "mini_roundabout" => JunctionControl::Roundabout,
            _ => return None,
        };
        let direction = match tags.get("direction") {
            // it is driven round by whoever comes; `direction` says which way round
            _ if control == JunctionControl::Roundabout => SignDirection::Both,
            Some("forward") => SignDirection::Forward,
            Some("backward") => SignDirection::Backward,
            Some("both") => SignDirection::Both,
            _ => SignDirection::Nearest,
        };
        Some(Self { control, direction })
    }

    /// Whether it holds for whoever comes to the node, where that is a junction: a sign for some alone does not say for whom.
    pub fn is_for_all(self) -> bool {
        matches!(self.control, JunctionControl::AllWayStop | JunctionControl::Roundabout)
    }
}
