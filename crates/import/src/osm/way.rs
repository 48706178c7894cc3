//! What a way is to vehicles and walkers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ImportOptions;
use crate::capacity::{RoadClass, SIDEWALK_WIDTH_M};
use crate::opening::RoadOpening;
use crate::osm::access::{AccessRule, CAR_KEYS, FOOT_KEYS, access};
use crate::osm::data::OsmTags;
use crate::osm::lanes::{CarLanes, lanes, unclear_counts};
use crate::osm::oneway::directions;
use crate::osm::speed::speed;
use crate::osm::state::{state, state_of_class};
use crate::remark::{RemarkKind, RoadTreatment};

/// Driving in one direction of a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DriveUse {
    /// Open, or open in the optimistic case only.
    pub opening: RoadOpening,
    pub lanes: CarLanes,
    pub speed_km_h: f64,
    /// The most that the map says.
    pub most_km_h: f64,
    /// The fastest that somebody drives.
    pub fastest_km_h: f64,
    /// The map states the speed.
    pub speed_stated: bool,
}

/// A way that somebody may use.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WayUse {
    pub class: RoadClass,
    pub name: Arc<str>,
    pub forward: Option<DriveUse>,
    pub backward: Option<DriveUse>,
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
    /// Of the way that was read last, until they are taken.
    pub remarks: Vec<WayRemark>,
}

/// What has to be said about one way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WayRemark {
    pub kind: RemarkKind,
    pub treatment: RoadTreatment,
    pub tag: String,
}

fn note(map: &mut BTreeMap<String, u64>, key: impl Into<String>) {
    *map.entry(key.into()).or_insert(0) += 1;
}

/// Reads the tags of a way; `None` if nobody of the chosen road users may use it, with the reason noted.
pub(crate) fn way_use(tags: &OsmTags, options: &ImportOptions, notes: &mut WayNotes) -> Option<WayUse> {
    let Some(highway) = tags.get("highway") else {
        note(&mut notes.excluded, "route=ferry");
        return None;
    };
    let Some(class) = RoadClass::from_highway(highway) else {
        note(&mut notes.excluded, format!("highway={}", shortened(highway)));
        if let Some(kind) = state_of_class(highway) {
            let of = tags.get(highway).map_or_else(String::new, |class| format!(" {highway}={class}"));
            let tag = format!("highway={highway}{of}");
            notes.remarks.push(WayRemark { kind, treatment: RoadTreatment::LeftOut, tag });
        }
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
        return Some(use_of_way);
    }
    note(&mut notes.excluded, reason.unwrap_or_else(|| format!("highway={}", class.as_str())));
    None
}

/// Values typed by hand can be anything; the report stays readable.
fn shortened(value: &str) -> String {
    value.chars().take(30).collect()
}

/// Something that opens or closes the directions of a way, and what is to be said of it.
struct OpeningCause {
    opening: [RoadOpening; 2],
    remark: Option<(RemarkKind, String)>,
}

impl OpeningCause {
    /// What was made of the way because of this; `None` if it only closes the one of two directions.
    fn treatment(&self, made: [RoadOpening; 2]) -> Option<RoadTreatment> {
        let least = |of: [RoadOpening; 2]| of[0].min(of[1]);
        let most = |of: [RoadOpening; 2]| of[0].max(of[1]);
        if most(made) == RoadOpening::Closed {
            return (least(self.opening) < RoadOpening::Open).then_some(RoadTreatment::LeftOut);
        }
        match (least(self.opening), most(self.opening)) {
            (_, RoadOpening::Optimistic | RoadOpening::Closed) => Some(RoadTreatment::OptimisticOnly),
            (RoadOpening::Optimistic, RoadOpening::Open) => Some(RoadTreatment::OneDirectionOptimistic),
            (RoadOpening::Closed, RoadOpening::Open) => None,
            (RoadOpening::Open, RoadOpening::Open) => Some(RoadTreatment::Used),
        }
    }
}

fn drives(
    tags: &OsmTags,
    class: RoadClass,
    options: &ImportOptions,
    notes: &mut WayNotes,
    reason: &mut Option<String>,
) -> (Option<DriveUse>, Option<DriveUse>) {
    if !class.is_road() || (class == RoadClass::Track && !options.tracks) {
        return (None, None);
    }
    let directions = directions(tags);
    let along = [directions.forward, directions.backward];
    let (state, state_remark) = state(tags);
    let by_access = ["forward", "backward"].map(|d| access(tags, &CAR_KEYS, d, RoadOpening::Open, options));
    let defaults = class.defaults();
    let is_backward = along[0] < along[1];
    let (forward, backward) = lanes(tags, directions.lanes, is_backward, &defaults, options);
    let by_lanes = [forward, backward].map(|lanes| match () {
        () if lanes.usual > 0.0 => RoadOpening::Open,
        () if lanes.most > 0.0 => RoadOpening::Optimistic,
        () => RoadOpening::Closed,
    });
    let made = [0, 1].map(|d| along[d].min(state).min(by_access[d].opening).min(by_lanes[d]));
    // A direction that nobody drives in has nothing to say about the other.
    let of_open = |opening: [RoadOpening; 2]| {
        [0, 1].map(|d| if along[d] == RoadOpening::Closed { opening[1 - d] } else { opening[d] })
    };
    let access_opening = of_open([by_access[0].opening, by_access[1].opening]);
    let mut causes = vec![
        OpeningCause { opening: [state; 2], remark: state_remark },
        OpeningCause { opening: along, remark: directions.unclear.map(|tag| (RemarkKind::Direction, tag)) },
    ];
    causes.extend(access_causes(by_access, along, access_opening));
    if by_lanes != [RoadOpening::Open; 2] {
        let tag = "all lanes closed to cars lane by lane".to_string();
        causes.push(OpeningCause { opening: of_open(by_lanes), remark: Some((RemarkKind::NoAccess, tag)) });
    }
    let is_closed = made == [RoadOpening::Closed; 2];
    for cause in causes {
        let treatment = cause.treatment(made);
        let (Some((kind, tag)), Some(treatment)) = (cause.remark, treatment) else { continue };
        if treatment == RoadTreatment::LeftOut {
            *reason = Some(shortened_tag(kind, &tag));
        }
        if kind == RemarkKind::LimitedAccess && !is_closed {
            note(&mut notes.limited_access, shortened_tag(kind, &tag));
        }
        notes.remarks.push(WayRemark { kind, treatment, tag });
    }
    if is_closed {
        return (None, None);
    }
    let treatment =
        if made.contains(&RoadOpening::Open) { RoadTreatment::Used } else { RoadTreatment::OptimisticOnly };
    if let Some(tag) = unclear_counts(tags) {
        notes.remarks.push(WayRemark { kind: RemarkKind::Lanes, treatment, tag });
    }
    let mut unclear_speed = None;
    let mut drive = |lanes: CarLanes, direction: usize| {
        let speed = speed(tags, ["forward", "backward"][direction], defaults.speed_km_h);
        if !speed.stated
            && let Some(tag) = &speed.unclear
        {
            note(&mut notes.not_understood, shortened(tag));
        }
        unclear_speed = unclear_speed.take().or(speed.unclear);
        // A direction of which no lane is surely open is closed but in the optimistic case: the figures of that.
        let lanes = if lanes.usual > 0.0 {
            lanes
        } else {
            CarLanes { least: lanes.most, usual: lanes.most, ..lanes }
        };
        DriveUse {
            opening: made[direction],
            lanes,
            speed_km_h: speed.usual_km_h,
            most_km_h: speed.most_km_h,
            fastest_km_h: speed.fastest_km_h,
            speed_stated: speed.stated,
        }
    };
    let is_open = |direction: usize| made[direction] != RoadOpening::Closed;
    let both = (is_open(0).then(|| drive(forward, 0)), is_open(1).then(|| drive(backward, 1)));
    if let Some(tag) = unclear_speed {
        notes.remarks.push(WayRemark { kind: RemarkKind::Speed, treatment, tag });
    }
    both
}

/// What access says of the directions in which somebody drives: one cause if both say the same.
fn access_causes(
    by_access: [AccessRule; 2],
    along: [RoadOpening; 2],
    opening: [RoadOpening; 2],
) -> Vec<OpeningCause> {
    let [forward, backward] = by_access;
    let mut remarks: Vec<(RemarkKind, String)> = Vec::new();
    for (remark, along) in [(forward.remark, along[0]), (backward.remark, along[1])] {
        if let Some(remark) =
            remark.filter(|remark| along != RoadOpening::Closed && !remarks.contains(remark))
        {
            remarks.push(remark);
        }
    }
    remarks.into_iter().map(|remark| OpeningCause { opening, remark: Some(remark) }).collect()
}

/// For counts: access tags by their value alone.
fn shortened_tag(kind: RemarkKind, tag: &str) -> String {
    let by_access = matches!(kind, RemarkKind::Private | RemarkKind::NoAccess | RemarkKind::LimitedAccess);
    match tag.split_once('=') {
        Some((_, value)) if by_access => format!("access={}", shortened(value)),
        _ => shortened(tag),
    }
}

/// Name of the road, or its number.
fn name(tags: &OsmTags) -> Arc<str> {
    Arc::from(tags.get("name").or_else(|| tags.get("ref")).unwrap_or(""))
}

/// Usable width for walkers, both directions together; `None` where nobody may walk.
///
/// `width` where tagged; else the lanes (both directions) times the lane width of the class, or the width of a path of the
/// class; plus sidewalks where tagged. Motorways, their ramps and `motorroad=yes` are closed to walkers unless `foot` says otherwise.
fn walk_width(tags: &OsmTags, class: RoadClass, options: &ImportOptions) -> Option<f64> {
    let access = access(tags, &FOOT_KEYS, "", RoadOpening::Open, options).opening;
    let walkers_by_default = !class.is_motorway()
        && !tags.is("motorroad", "yes")
        && (class != RoadClass::Cycleway || tags.get("foot").is_some() || options.walk);
    // The tables know no walkers in the optimistic case alone: what is not open in all is closed to them. Walkers pass what is too
    // rough for a car.
    let (state, why) = state(tags);
    let is_there = state == RoadOpening::Open || why.is_some_and(|(kind, _)| kind == RemarkKind::Impassable);
    if access != RoadOpening::Open || !(walkers_by_default || tags.get("foot").is_some()) || !is_there {
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
    let is_backward = directions.forward < directions.backward;
    let (forward, backward) = lanes(tags, directions.lanes, is_backward, &defaults, options);
    let of =
        |opening: RoadOpening, lanes: CarLanes| if opening == RoadOpening::Open { lanes.usual } else { 0.0 };
    let lanes = (of(directions.forward, forward) + of(directions.backward, backward)).max(1.0);
    Some(lanes * defaults.lane_width_m + sidewalks(tags))
}

/// Width of tagged sidewalks, m.
fn sidewalks(tags: &OsmTags) -> f64 {
    let count = match tags.get("sidewalk") {
        Some("both") => 2.0,
        Some("left" | "right" | "yes") => 1.0,
        _ if tags.is("sidewalk:both", "yes") => 2.0,
        _ => ["sidewalk:left", "sidewalk:right"].iter().filter(|key| tags.is(key, "yes")).count() as f64,
    };
    count * SIDEWALK_WIDTH_M
}

/// A width from 0.5 to 60 m: `3.5`, `3,5`, `3.5 m`, `12'`, `12 ft`.
pub(crate) fn parse_width(value: &str) -> Option<f64> {
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
