//! Which directions of a way are open to vehicles.

use crate::opening::RoadOpening;
use crate::osm::conditional::values_for_cars;
use crate::osm::data::OsmTags;

/// Directions open to vehicles, relative to the order of the way's nodes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OpenDirections {
    pub forward: RoadOpening,
    pub backward: RoadOpening,
    /// Whose the lanes are.
    pub lanes: LaneSharing,
    /// The tag, where the direction changes or cannot be read.
    pub unclear: Option<String>,
}

/// Whose the lanes of a way are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LaneSharing {
    /// All those of the one direction that is open in all cases.
    OneDirection,
    /// Those of both directions.
    BothDirections,
    /// Both directions in turn.
    InTurn,
    /// The one or the other, it cannot be told.
    Unclear,
}

/// One way to read the direction: (forward, backward) open.
type Reading = (bool, bool);
const ALONG: Reading = (true, false);
const AGAINST: Reading = (false, true);
const BOTH: Reading = (true, true);

/// Reads `oneway` (the most specific form for cars first), its conditional form, and what is implied by the class and by roundabouts.
///
/// A value that is written otherwise than agreed (`Yes`) or unknown is read along the way; against it the way may be open in the optimistic
/// case. Of several values each is a way to read the map.
pub(crate) fn directions(tags: &OsmTags) -> OpenDirections {
    let keys = ["oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"];
    let mut readings: Vec<Reading> = Vec::new();
    let (mut unclear, mut in_turn, mut is_several) = (None, false, false);
    for key in keys {
        let conditional = format!("{key}:conditional");
        if let Some(text) = tags.get(&conditional) {
            for value in values_for_cars(text) {
                readings.extend(read(value).0);
                is_several = true;
                unclear = Some(format!("{conditional}={text}"));
            }
        }
        let Some(value) = tags.get(key).filter(|value| !value.is_empty()) else { continue };
        let (found, how) = read(value);
        readings.extend(found);
        in_turn = value == "alternating";
        is_several |= how == OnewayReading::Several;
        if how != OnewayReading::Plainly {
            unclear = Some(format!("{key}={value}"));
        }
        return of(&readings, in_turn, is_several, unclear);
    }
    let implied = matches!(tags.get("junction"), Some("roundabout" | "circular"))
        || matches!(tags.get("highway"), Some("motorway" | "motorway_link"));
    readings.push(if implied { ALONG } else { BOTH });
    of(&readings, in_turn, is_several, unclear)
}

fn of(readings: &[Reading], in_turn: bool, is_several: bool, unclear: Option<String>) -> OpenDirections {
    let opening = |of: fn(&Reading) -> bool| {
        RoadOpening::of_readings(
            readings.iter().map(|r| if of(r) { RoadOpening::Open } else { RoadOpening::Closed }),
        )
    };
    let (forward, backward) = (opening(|r| r.0), opening(|r| r.1));
    let lanes = match (forward, backward) {
        _ if in_turn => LaneSharing::InTurn,
        (RoadOpening::Open, RoadOpening::Open) => LaneSharing::BothDirections,
        _ if is_several => LaneSharing::Unclear,
        _ => LaneSharing::OneDirection,
    };
    OpenDirections { forward, backward, lanes, unclear }
}

/// How a value reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnewayReading {
    Plainly,
    /// Written otherwise than agreed, or unknown.
    Oddly,
    /// Of several values, or changing.
    Several,
}

fn read(value: &str) -> (Vec<Reading>, OnewayReading) {
    match value {
        "yes" | "1" | "true" => return (vec![ALONG], OnewayReading::Plainly),
        "-1" | "reverse" => return (vec![AGAINST], OnewayReading::Plainly),
        "no" | "0" | "false" | "alternating" => return (vec![BOTH], OnewayReading::Plainly),
        "reversible" => return (vec![ALONG, AGAINST], OnewayReading::Several),
        _ => {}
    }
    let parts: Vec<String> = value.split(';').map(|part| part.trim().to_ascii_lowercase()).collect();
    if parts.len() == 1 {
        return match read_known(&parts[0]) {
            // "No" and "-1 " are two-way and against: only the letters differ.
            Some(reading) if reading != ALONG => (vec![reading], OnewayReading::Oddly),
            _ => (vec![ALONG, BOTH], OnewayReading::Oddly),
        };
    }
    let readings =
        parts.iter().flat_map(|part| read_known(part).map_or_else(|| vec![ALONG, BOTH], |r| vec![r]));
    (readings.collect(), OnewayReading::Several)
}

fn read_known(value: &str) -> Option<Reading> {
    match value {
        "yes" | "1" | "true" => Some(ALONG),
        "-1" | "reverse" => Some(AGAINST),
        "no" | "0" | "false" | "alternating" => Some(BOTH),
        _ => None,
    }
}
