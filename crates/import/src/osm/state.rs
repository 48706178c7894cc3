//! Roads that are not there, not there all the time, or no roads for cars: season, ice, tide, flood, state of the road.

use crate::opening::RoadOpening;
use crate::osm::data::OsmTags;
use crate::remark::RemarkKind;

/// Keys whose value, whatever it is but `no`, closes a road, and how far.
const KEYS: [(&str, RemarkKind, RoadOpening); 13] = [
    ("ice_road", RemarkKind::Ice, RoadOpening::Optimistic),
    ("winter_road", RemarkKind::Ice, RoadOpening::Optimistic),
    ("seasonal", RemarkKind::Seasonal, RoadOpening::Optimistic),
    ("tidal", RemarkKind::Tidal, RoadOpening::Optimistic),
    ("flood_prone", RemarkKind::FloodProne, RoadOpening::Optimistic),
    ("impassable", RemarkKind::Impassable, RoadOpening::Optimistic),
    ("4wd_only", RemarkKind::Impassable, RoadOpening::Optimistic),
    ("disused", RemarkKind::Disused, RoadOpening::Optimistic),
    ("abandoned", RemarkKind::Disused, RoadOpening::Optimistic),
    ("destroyed", RemarkKind::Disused, RoadOpening::Closed),
    ("demolished", RemarkKind::Disused, RoadOpening::Closed),
    ("razed", RemarkKind::Disused, RoadOpening::Closed),
    ("removed", RemarkKind::Disused, RoadOpening::Closed),
];

/// Keys that say what a road is to be. Beside a class in `highway` only a plain yes says that it is not there; `highway=motorway
/// construction=motorway` is a road whose works are over, `proposed=removal` one that still stands: used, and remarked on.
const PLANS: [&str; 2] = ["construction", "proposed"];

/// Values of `smoothness` that no ordinary car passes (wiki of OpenStreetMap: "horrible" is for heavy off-road vehicles).
const TOO_ROUGH: [&str; 3] = ["horrible", "very_horrible", "impassable"];

/// What the state of a road or gate says: the least open of its tags, and that tag; open without any.
pub(crate) fn state(tags: &OsmTags) -> (RoadOpening, Option<(RemarkKind, String)>) {
    let mut found = (RoadOpening::Open, None);
    let mut see = |kind: RemarkKind, opening: RoadOpening, key: &str, value: &str| {
        if opening < found.0 || found.1.is_none() {
            found = (opening, Some((kind, format!("{key}={value}"))));
        }
    };
    for (key, kind, opening) in KEYS {
        if let Some(value) = tags.get(key).filter(|value| !says_no(value)) {
            see(kind, opening, key, value);
        }
    }
    if let Some(value) =
        tags.get("smoothness").filter(|v| TOO_ROUGH.contains(&v.to_ascii_lowercase().as_str()))
    {
        see(RemarkKind::Impassable, RoadOpening::Optimistic, "smoothness", value);
    }
    if let Some(value) = tags.get("surface").filter(|v| matches!(*v, "ice" | "snow")) {
        see(RemarkKind::Ice, RoadOpening::Optimistic, "surface", value);
    }
    if let Some(value) = tags.get("ford").filter(|v| matches!(*v, "stepping_stones" | "boat")) {
        see(RemarkKind::Impassable, RoadOpening::Optimistic, "ford", value);
    }
    if let Some(value) = tags.get("opening_hours").filter(|v| *v != "24/7" && !says_no(v)) {
        see(RemarkKind::ConditionalAccess, RoadOpening::Optimistic, "opening_hours", value);
    }
    for key in PLANS {
        if let Some(value) = tags.get(key).filter(|value| !says_no(value)) {
            let is_plain = matches!(value.to_ascii_lowercase().as_str(), "yes" | "true" | "1");
            let opening = if is_plain { RoadOpening::Optimistic } else { RoadOpening::Open };
            see(RemarkKind::Unbuilt, opening, key, value);
        }
    }
    found
}

fn says_no(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "no" | "none" | "false" | "0" | "")
}

/// Values of `highway` that stand for a road that is not there yet or any more.
pub(crate) fn state_of_class(highway: &str) -> Option<RemarkKind> {
    match highway {
        "construction" | "proposed" | "planned" => Some(RemarkKind::Unbuilt),
        "disused" | "abandoned" | "razed" | "demolished" | "dismantled" | "removed" | "destroyed" => {
            Some(RemarkKind::Disused)
        }
        "ice_road" | "winter_road" => Some(RemarkKind::Ice),
        _ => None,
    }
}
