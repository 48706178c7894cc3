//! Barriers on nodes.

use crate::ImportOptions;
use crate::opening::RoadOpening;
use crate::osm::access::{CAR_KEYS, access};
use crate::osm::data::OsmTags;
use crate::osm::state::state;

/// What a node's barrier does to vehicles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BarrierEffect {
    /// It can be passed.
    Open,
    /// It can be passed at times or on conditions.
    Sometimes,
    /// It can be passed where private access is allowed by the options, else not.
    Private,
    /// It breaks the road.
    Closing,
}

/// A barrier on a node, with the tags that say what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GateNode {
    pub barrier: BarrierEffect,
    pub tag: String,
}

/// Reads the barrier of a node; `None` without one. An explicit access tag decides; without one `locked` and the kind of barrier do. What
/// is open at times or on conditions, or locked though open, is open in the optimistic case only.
pub(crate) fn barrier_of(tags: &OsmTags) -> Option<GateNode> {
    let kind = tags.get("barrier").filter(|kind| *kind != "no")?;
    let opening = |options: &ImportOptions| access(tags, &CAR_KEYS, "", usual(tags, kind), options).opening;
    let generous = ImportOptions { private_roads: true, ..ImportOptions::default() };
    let (usual, generous) = (opening(&ImportOptions::default()), opening(&generous));
    let state =
        if tags.is("locked", "yes") { state(tags).0.min(RoadOpening::Optimistic) } else { state(tags).0 };
    let barrier = match usual.min(state) {
        RoadOpening::Open => BarrierEffect::Open,
        RoadOpening::Optimistic => BarrierEffect::Sometimes,
        RoadOpening::Closed if generous.min(state) != RoadOpening::Closed => BarrierEffect::Private,
        RoadOpening::Closed => BarrierEffect::Closing,
    };
    Some(GateNode { barrier, tag: said(tags) })
}

/// What a barrier is without an access tag.
fn usual(tags: &OsmTags, kind: &str) -> RoadOpening {
    if tags.is("locked", "yes") {
        return RoadOpening::Closed;
    }
    let by_kind = match kind {
        "gate" | "lift_gate" | "swing_gate" | "sliding_gate" | "hampshire_gate" | "cattle_grid"
        | "toll_booth" | "border_control" | "checkpoint" | "sally_port" | "entrance" | "kerb"
        | "height_restrictor" | "rumble_strip" | "coupure" | "guard_stone" | "yes" => RoadOpening::Open,
        // Bollards that can be taken away.
        "bollard"
            if matches!(tags.get("bollard"), Some("removable" | "rising" | "foldable" | "flexible")) =>
        {
            RoadOpening::Optimistic
        }
        _ => RoadOpening::Closed,
    };
    match tags.get("locked:conditional") {
        Some(_) => by_kind.min(RoadOpening::Optimistic),
        None => by_kind,
    }
}

/// The tags of a barrier that decide.
fn said(tags: &OsmTags) -> String {
    let matters = |key: &str| {
        let stem = key.split(':').next().unwrap_or(key);
        CAR_KEYS.contains(&stem)
            || matches!(stem, "barrier" | "locked" | "bollard" | "opening_hours" | "seasonal")
    };
    let pairs: Vec<String> =
        tags.iter().filter(|(key, _)| matters(key)).map(|(key, value)| format!("{key}={value}")).collect();
    pairs.join(" ")
}
