//! Which directions of a way are open to vehicles.

use crate::osm::data::Tags;

/// Directions open to vehicles, relative to the order of the way's nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Directions {
    Both,
    Forward,
    Backward,
    /// Changes over time, nobody knows which way: closed.
    Neither,
}

/// Reads `oneway` (the most specific form for cars first) and what is implied by the class and by roundabouts.
pub(crate) fn directions(tags: &Tags) -> Directions {
    let stated = ["oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"]
        .iter()
        .find_map(|key| tags.get(key))
        .and_then(|value| match value {
            "yes" | "1" | "true" => Some(Directions::Forward),
            "-1" | "reverse" => Some(Directions::Backward),
            "no" | "0" | "false" | "alternating" => Some(Directions::Both),
            "reversible" => Some(Directions::Neither),
            _ => None,
        });
    stated.unwrap_or_else(|| {
        let implied = matches!(tags.get("junction"), Some("roundabout" | "circular"))
            || matches!(tags.get("highway"), Some("motorway" | "motorway_link"));
        if implied { Directions::Forward } else { Directions::Both }
    })
}
