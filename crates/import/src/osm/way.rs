//! What a way is to vehicles and walkers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ImportOptions;
use crate::capacity::{RoadClass, SIDEWALK_WIDTH_M};
use crate::osm::access::{Access, CAR_KEYS, FOOT_KEYS, access_value, deciding_value};
use crate::osm::data::Tags;
use crate::osm::lanes::{Lanes, lanes};
use crate::osm::oneway::{Directions, directions};
use crate::osm::speed::tagged_speed;

/// Driving in one direction of a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Drive {
    pub lanes: Lanes,
    pub speed_km_h: f64,
    /// The map states the speed.
    pub speed_stated: bool,
}

/// A way that somebody may use.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WayUse {
    pub class: RoadClass,
    pub name: Arc<str>,
    pub forward: Option<Drive>,
    pub backward: Option<Drive>,
    /// Usable width for walkers, both directions together, m.
    pub walk_width_m: Option<f64>,
}

impl WayUse {
    pub fn is_drivable(&self) -> bool {
        self.forward.is_some() || self.backward.is_some()
    }
}

/// What has to be said about the ways that were read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct WayNotes {
    pub excluded: BTreeMap<String, u64>,
    pub limited_access: BTreeMap<String, u64>,
    pub not_understood: BTreeMap<String, u64>,
}

fn note(map: &mut BTreeMap<String, u64>, key: impl Into<String>) {
    *map.entry(key.into()).or_insert(0) += 1;
}

/// Reads the tags of a way; `None` if nobody of the chosen road users may use it, with the reason noted.
pub(crate) fn way_use(tags: &Tags, options: &ImportOptions, notes: &mut WayNotes) -> Option<WayUse> {
    let Some(highway) = tags.get("highway") else {
        note(&mut notes.excluded, "route=ferry");
        return None;
    };
    let Some(class) = RoadClass::from_highway(highway) else {
        note(&mut notes.excluded, format!("highway={}", shortened(highway)));
        return None;
    };
    if tags.is("area", "yes") {
        note(&mut notes.excluded, "areas (area=yes)");
        return None;
    }
    if class == RoadClass::Service
        && !options.parking
        && let Some(kind @ ("parking_aisle" | "driveway" | "drive-through" | "emergency_access")) =
            tags.get("service")
    {
        note(&mut notes.excluded, format!("service={kind}"));
        return None;
    }
    let mut reason = None;
    let (forward, backward) = drives(tags, class, options, notes, &mut reason);
    let walk_width_m = walk_width(tags, class, options);
    let use_of_way = WayUse { class, name: name(tags), forward, backward, walk_width_m };
    if use_of_way.is_drivable() || (options.walk && walk_width_m.is_some()) {
        for (key, value) in tags.iter() {
            let conditional = key.ends_with(":conditional")
                && ["access", "vehicle", "motor_vehicle", "motorcar", "oneway", "maxspeed", "lanes"]
                    .contains(&key.split(':').next().unwrap_or(key));
            if conditional && use_of_way.is_drivable() && value != "no" {
                note(&mut notes.not_understood, key);
            }
        }
        return Some(use_of_way);
    }
    note(&mut notes.excluded, reason.unwrap_or_else(|| format!("highway={}", class.as_str())));
    None
}

/// Values typed by hand can be anything; the report stays readable.
fn shortened(value: &str) -> String {
    value.chars().take(30).collect()
}

fn drives(
    tags: &Tags,
    class: RoadClass,
    options: &ImportOptions,
    notes: &mut WayNotes,
    reason: &mut Option<String>,
) -> (Option<Drive>, Option<Drive>) {
    if !class.is_road() {
        return (None, None);
    }
    if class == RoadClass::Track && !options.tracks {
        return (None, None);
    }
    let directions = directions(tags);
    let open = (
        matches!(directions, Directions::Both | Directions::Forward),
        matches!(directions, Directions::Both | Directions::Backward),
    );
    if directions == Directions::Neither {
        *reason = Some("oneway=reversible".into());
    }
    let mut limited = None;
    let mut access = |direction: &str| match deciding_value(tags, &CAR_KEYS, direction) {
        None => true,
        Some(value) => match access_value(value, options) {
            Access::Open => true,
            Access::Limited => {
                limited = Some(format!("access={}", shortened(value)));
                true
            }
            Access::Closed => {
                *reason = Some(format!("access={}", shortened(value)));
                false
            }
        },
    };
    let open = (open.0 && access("forward"), open.1 && access("backward"));
    if (open.0 || open.1) && limited.is_some() {
        note(&mut notes.limited_access, limited.unwrap_or_default());
    }
    let effective = match open {
        (true, true) => Directions::Both,
        (true, false) => Directions::Forward,
        (false, true) => Directions::Backward,
        (false, false) => return (None, None),
    };
    // A road closed to cars in one direction only (by access) still has its lanes shared with the other.
    let lane_directions = if directions == Directions::Both { Directions::Both } else { effective };
    let defaults = class.defaults();
    let (lanes_forward, lanes_backward) = lanes(tags, lane_directions, &defaults);
    let mut drive = |lanes: Lanes, direction: &str| {
        let (speed, odd) = tagged_speed(tags, direction);
        if odd {
            let value = tags.get("maxspeed").unwrap_or("");
            note(&mut notes.not_understood, format!("maxspeed={}", shortened(value)));
        }
        Drive { lanes, speed_km_h: speed.unwrap_or(defaults.speed_km_h), speed_stated: speed.is_some() }
    };
    (open.0.then(|| drive(lanes_forward, "forward")), open.1.then(|| drive(lanes_backward, "backward")))
}

/// Name of the road, or its number.
fn name(tags: &Tags) -> Arc<str> {
    Arc::from(tags.get("name").or_else(|| tags.get("ref")).unwrap_or(""))
}

/// Usable width for walkers, both directions together; `None` where nobody may walk.
///
/// `width` where tagged; else the lanes (both directions) times the lane width of the class, or the width of a path of the
/// class; plus sidewalks where tagged. Motorways, their ramps and `motorroad=yes` are closed to walkers unless `foot` says otherwise.
fn walk_width(tags: &Tags, class: RoadClass, options: &ImportOptions) -> Option<f64> {
    let access = deciding_value(tags, &FOOT_KEYS, "").map(|value| access_value(value, options));
    let walkers_by_default = !class.is_motorway()
        && !tags.is("motorroad", "yes")
        && (class != RoadClass::Cycleway || tags.get("foot").is_some() || options.walk);
    let open = match access {
        Some(access) => access != Access::Closed && (walkers_by_default || tags.get("foot").is_some()),
        None => walkers_by_default,
    };
    if !open {
        return None;
    }
    if let Some(width) = tags.get("width").and_then(parse_width) {
        return Some(width + sidewalks(tags));
    }
    let defaults = class.defaults();
    if !class.is_road() {
        return Some(defaults.path_width_m);
    }
    let directions = directions(tags);
    let (forward, backward) = lanes(tags, directions, &defaults);
    let lanes = match directions {
        Directions::Both => match tags.get("lanes").and_then(|n| n.parse::<f64>().ok()) {
            Some(1.0) => 1.0,
            _ => forward.usual + backward.usual,
        },
        _ => forward.usual,
    };
    Some(lanes * defaults.lane_width_m + sidewalks(tags))
}

/// Width of tagged sidewalks, m.
fn sidewalks(tags: &Tags) -> f64 {
    let count = match tags.get("sidewalk") {
        Some("both") => 2.0,
        Some("left" | "right" | "yes") => 1.0,
        _ if tags.is("sidewalk:both", "yes") => 2.0,
        _ => ["sidewalk:left", "sidewalk:right"].iter().filter(|key| tags.is(key, "yes")).count() as f64,
    };
    count * SIDEWALK_WIDTH_M
}

/// A width from 0.5 to 60 m: `3.5`, `3,5`, `3.5 m`, `12'`, `12 ft`.
fn parse_width(value: &str) -> Option<f64> {
    let value = value.trim().replace(',', ".");
    let end = value.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let factor = match unit.trim() {
        "" | "m" | "meter" | "metre" | "meters" | "metres" => 1.0,
        "'" | "ft" | "feet" => 0.3048,
        _ => return None,
    };
    let width = number.parse::<f64>().ok()? * factor;
    (0.5..=60.0).contains(&width).then_some(width)
}

#[cfg(test)]
#[path = "way_tests.rs"]
mod tests;
