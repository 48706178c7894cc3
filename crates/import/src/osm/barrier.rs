//! Barriers on nodes.

use crate::ImportOptions;
use crate::osm::access::{Access, CAR_KEYS, access_value, deciding_value};
use crate::osm::data::Tags;

/// What a node's barrier does to vehicles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Barrier {
    /// There is none.
    #[default]
    None,
    /// It can be passed.
    Open,
    /// It can be passed where private access is allowed by the options, else not.
    Private,
    /// It breaks the road.
    Closing,
}

/// Reads the barrier of a node. An explicit access tag decides; without one the kind of barrier does.
pub(crate) fn barrier_of(tags: &Tags) -> Barrier {
    let Some(kind) = tags.get("barrier") else {
        return Barrier::None;
    };
    if kind == "no" {
        return Barrier::None;
    }
    if let Some(value) = deciding_value(tags, &CAR_KEYS, "") {
        let usual = ImportOptions::default();
        let generous = ImportOptions { private_roads: true, ..ImportOptions::default() };
        return match (access_value(value, &usual), access_value(value, &generous)) {
            (Access::Closed, Access::Closed) => Barrier::Closing,
            (Access::Closed, _) => Barrier::Private,
            _ => Barrier::Open,
        };
    }
    if tags.is("locked", "yes") {
        return Barrier::Closing;
    }
    match kind {
        "gate" | "lift_gate" | "swing_gate" | "sliding_gate" | "hampshire_gate" | "cattle_grid"
        | "toll_booth" | "border_control" | "checkpoint" | "sally_port" | "entrance" | "kerb"
        | "height_restrictor" | "rumble_strip" | "coupure" | "guard_stone" | "yes" => Barrier::Open,
        _ => Barrier::Closing,
    }
}
