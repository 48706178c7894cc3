//! Every tag rule of ways, one by one.

use super::*;
use crate::osm::barrier::{BarrierEffect, barrier_of};

fn tags(text: &str) -> OsmTags {
    OsmTags::from_pairs(text.split_whitespace().map(|pair| pair.split_once('=').unwrap()))
}

fn read(text: &str) -> (Option<WayUse>, WayNotes) {
    let mut notes = WayNotes::default();
    let used = way_use(&tags(text), &ImportOptions::default(), &mut notes);
    (used, notes)
}

/// Directions open to vehicles.
fn open(text: &str) -> (bool, bool) {
    read(text).0.map_or((false, false), |way| (way.forward.is_some(), way.backward.is_some()))
}

#[test]
fn oneway_in_all_forms() {
    for (text, expected) in [
        ("highway=residential", (true, true)),
        ("highway=residential oneway=yes", (true, false)),
        ("highway=residential oneway=1", (true, false)),
        ("highway=residential oneway=true", (true, false)),
        ("highway=residential oneway=-1", (false, true)),
        ("highway=residential oneway=reverse", (false, true)),
        ("highway=residential oneway=no", (true, true)),
        ("highway=residential oneway=alternating", (true, true)),
        ("highway=residential oneway=yes oneway:motor_vehicle=no", (true, true)),
        ("highway=residential oneway=No", (true, true)),
        ("highway=motorway", (true, false)),
        ("highway=motorway_link", (true, false)),
        ("highway=motorway oneway=no", (true, true)),
        ("highway=trunk", (true, true)),
        ("highway=trunk_link", (true, true)),
        ("highway=primary junction=roundabout", (true, false)),
        ("highway=primary junction=circular", (true, false)),
        ("highway=primary junction=roundabout oneway=-1", (false, true)),
    ] {
        assert_eq!(open(text), expected, "{text}");
    }
}

/// Opening of each direction.
fn openings(text: &str) -> (RoadOpening, RoadOpening) {
    let of = |drive: Option<DriveUse>| drive.map_or(RoadOpening::Closed, |d| d.opening);
    read(text).0.map_or((RoadOpening::Closed, RoadOpening::Closed), |way| (of(way.forward), of(way.backward)))
}

/// Kinds and treatments of what is said about a way.
fn said(text: &str) -> Vec<(RemarkKind, RoadTreatment)> {
    read(text).1.remarks.into_iter().map(|remark| (remark.kind, remark.treatment)).collect()
}

const O: RoadOpening = RoadOpening::Open;
const X: RoadOpening = RoadOpening::Optimistic;
const C: RoadOpening = RoadOpening::Closed;

#[test]
fn directions_that_cannot_be_told_are_open_in_the_optimistic_case_only() {
    for (tags, expected, kind, treatment) in [
        ("oneway=Yes", (O, X), RemarkKind::Direction, RoadTreatment::OneDirectionOptimistic),
        ("oneway=yes;no", (O, X), RemarkKind::Direction, RoadTreatment::OneDirectionOptimistic),
        ("oneway=no;yes", (O, X), RemarkKind::Direction, RoadTreatment::OneDirectionOptimistic),
        ("oneway=yes;-1", (X, X), RemarkKind::Direction, RoadTreatment::OptimisticOnly),
        ("oneway=whatever", (O, X), RemarkKind::Direction, RoadTreatment::OneDirectionOptimistic),
        ("oneway=reversible", (X, X), RemarkKind::Direction, RoadTreatment::OptimisticOnly),
        ("oneway=-1;no", (X, O), RemarkKind::Direction, RoadTreatment::OneDirectionOptimistic),
        (
            "oneway:conditional=yes@(Mo-Fr)",
            (O, X),
            RemarkKind::Direction,
            RoadTreatment::OneDirectionOptimistic,
        ),
        (
            "oneway=yes oneway:conditional=no@(Mo-Fr)",
            (O, X),
            RemarkKind::Direction,
            RoadTreatment::OneDirectionOptimistic,
        ),
        (
            "oneway=yes oneway:conditional=-1@(12:00-24:00)",
            (X, X),
            RemarkKind::Direction,
            RoadTreatment::OptimisticOnly,
        ),
        ("oneway=No", (O, O), RemarkKind::Direction, RoadTreatment::Used),
    ] {
        let text = format!("highway=secondary {tags}");
        assert_eq!(openings(&text), expected, "{text}");
        assert_eq!(said(&text), [(kind, treatment)], "{text}");
    }
    assert_eq!(openings("highway=secondary oneway=1"), (O, C));
    // Lanes of a way that is one-way for all that is known are those of its direction.
    assert_eq!(lanes_of("highway=secondary oneway=Yes lanes=2").0, Some((2.0, 2.0, 2.0)));
    assert_eq!(lanes_of("highway=secondary oneway=yes;no lanes=2").0, Some((1.0, 1.0, 2.0)));
}

#[test]
fn roads_that_are_not_there_all_the_time_are_open_in_the_optimistic_case_only() {
    for (tags, kind) in [
        ("ice_road=yes", RemarkKind::Ice),
        ("winter_road=yes", RemarkKind::Ice),
        ("surface=ice", RemarkKind::Ice),
        ("seasonal=winter", RemarkKind::Seasonal),
        ("seasonal=yes", RemarkKind::Seasonal),
        ("tidal=yes", RemarkKind::Tidal),
        ("flood_prone=yes", RemarkKind::FloodProne),
        ("smoothness=impassable", RemarkKind::Impassable),
        ("smoothness=very_horrible", RemarkKind::Impassable),
        ("disused=yes", RemarkKind::Disused),
        ("abandoned=yes", RemarkKind::Disused),
        ("construction=yes", RemarkKind::Unbuilt),
        ("proposed=yes", RemarkKind::Unbuilt),
        ("opening_hours=06:00-22:00", RemarkKind::ConditionalAccess),
        ("access:conditional=no@(May-Oct)", RemarkKind::ConditionalAccess),
        ("access=no access:conditional=yes@(May-Oct)", RemarkKind::ConditionalAccess),
        ("motor_vehicle:conditional=no@(22:00-06:00)", RemarkKind::ConditionalAccess),
        ("access=yes;no", RemarkKind::LimitedAccess),
        ("vehicle=delivery", RemarkKind::LimitedAccess),
    ] {
        let text = format!("highway=secondary {tags}");
        assert_eq!(openings(&text), (X, X), "{text}");
        assert_eq!(said(&text), [(kind, RoadTreatment::OptimisticOnly)], "{text}");
    }
    for (tags, kind) in [
        ("razed=yes", RemarkKind::Disused),
        ("access=private", RemarkKind::Private),
        ("vehicle=private;delivery", RemarkKind::Private),
        ("motor_vehicle=agricultural;forestry", RemarkKind::NoAccess),
    ] {
        let text = format!("highway=secondary {tags}");
        assert_eq!(openings(&text), (C, C), "{text}");
        assert_eq!(said(&text), [(kind, RoadTreatment::LeftOut)], "{text}");
    }
    for tags in ["tidal=no", "seasonal=no", "smoothness=bad", "access:conditional=no@(weight>7.5)"] {
        let text = format!("highway=secondary {tags}");
        assert_eq!((openings(&text), said(&text)), ((O, O), vec![]), "{text}");
    }
    for tags in ["construction=secondary", "construction=minor", "proposed=removal"] {
        let text = format!("highway=secondary {tags}");
        assert_eq!(
            (openings(&text), said(&text)),
            ((O, O), vec![(RemarkKind::Unbuilt, RoadTreatment::Used)]),
            "{text}"
        );
    }
    // A more specific key decides before a condition of a general one.
    assert_eq!(openings("highway=secondary motor_vehicle=yes access:conditional=no@(May-Oct)"), (O, O));
    assert_eq!(openings("highway=secondary motor_vehicle:forward:conditional=no@(Mo-Fr)"), (X, O));
    let remarks = read("highway=construction construction=primary").1.remarks;
    assert_eq!(remarks[0].tag, "highway=construction construction=primary");
}

#[test]
fn access_of_vehicles() {
    for (text, expected) in [
        ("access=yes", (true, true)),
        ("access=no", (false, false)),
        ("access=private", (false, false)),
        ("access=private motor_vehicle=yes", (true, true)),
        ("access=no vehicle=no motorcar=designated", (true, true)),
        ("vehicle=no", (false, false)),
        ("motor_vehicle=no", (false, false)),
        ("motorcar=no", (false, false)),
        ("motor_vehicle=agricultural", (false, false)),
        ("access=destination", (true, true)),
        ("access=delivery;permit", (false, false)),
        ("access=delivery;destination", (true, true)),
        ("access=customers", (true, true)),
        ("motor_vehicle:forward=no", (false, true)),
        ("access:backward=no", (true, false)),
        ("foot=no", (true, true)),
        ("access=emergency", (false, false)),
    ] {
        assert_eq!(open(&format!("highway=residential {text}")), expected, "{text}");
    }
    let (_, notes) = read("highway=residential access=destination");
    assert_eq!(notes.limited_access["access=destination"], 1);
    let (_, notes) = read("highway=residential access=private");
    assert_eq!(notes.excluded["access=private"], 1);
    let private = ImportOptions { private_roads: true, ..ImportOptions::default() };
    let mut notes = WayNotes::default();
    assert!(way_use(&tags("highway=residential access=private"), &private, &mut notes).is_some());
}

#[test]
fn classes_that_are_read_and_left_out() {
    for class in [
        "motorway",
        "trunk_link",
        "primary",
        "secondary",
        "tertiary",
        "unclassified",
        "road",
        "living_street",
    ] {
        assert!(read(&format!("highway={class}")).0.is_some(), "{class}");
    }
    for (text, reason) in [
        ("highway=construction", "highway=construction"),
        ("highway=footway", "highway=footway"),
        ("highway=track", "highway=track"),
        ("highway=pedestrian area=yes", "areas (area=yes)"),
        ("highway=service service=driveway", "service=driveway"),
        ("highway=service service=parking_aisle", "service=parking_aisle"),
        ("route=ferry", "route=ferry"),
    ] {
        let (used, notes) = read(text);
        assert!(used.is_none(), "{text}");
        assert_eq!(notes.excluded.keys().collect::<Vec<_>>(), [reason], "{text}");
    }
    let (used, _) = read("highway=service service=alley");
    assert_eq!(used.unwrap().class, RoadClass::Service);
    let options = ImportOptions { tracks: true, parking: true, ..ImportOptions::default() };
    for text in ["highway=track", "highway=service service=driveway"] {
        assert!(way_use(&tags(text), &options, &mut WayNotes::default()).is_some(), "{text}");
    }
}

/// (least, usual, most) forward and backward.
type Three = (f64, f64, f64);

fn lanes_of(text: &str) -> (Option<Three>, Option<Three>) {
    let way = read(text).0.unwrap();
    let three = |drive: Option<DriveUse>| drive.map(|d| (d.lanes.least, d.lanes.usual, d.lanes.most));
    (three(way.forward), three(way.backward))
}

#[test]
fn lanes_in_each_direction() {
    let same = |n: f64| Some((n, n, n));
    for (text, expected) in [
        ("highway=residential", (same(1.0), same(1.0))),
        ("highway=primary", (Some((1.0, 1.0, 2.0)), Some((1.0, 1.0, 2.0)))),
        ("highway=motorway", (Some((2.0, 2.0, 3.0)), None)),
        ("highway=primary lanes=2", (same(1.0), same(1.0))),
        ("highway=primary lanes=4", (same(2.0), same(2.0))),
        ("highway=primary lanes=3", (Some((1.0, 1.5, 2.0)), Some((1.0, 1.5, 2.0)))),
        ("highway=residential lanes=1", (Some((0.5, 0.5, 1.0)), Some((0.5, 0.5, 1.0)))),
        ("highway=residential oneway=alternating", (Some((0.5, 0.5, 1.0)), Some((0.5, 0.5, 1.0)))),
        ("highway=residential passing_places=yes", (Some((0.5, 0.5, 1.0)), Some((0.5, 0.5, 1.0)))),
        ("highway=residential width=3", (Some((0.5, 0.5, 1.0)), Some((0.5, 0.5, 1.0)))),
        ("highway=residential width=5", (same(1.0), same(1.0))),
        ("highway=residential oneway=yes lanes=1", (same(1.0), None)),
        ("highway=primary lanes=3 lanes:forward=2", (same(2.0), same(1.0))),
        ("highway=primary lanes=3 lanes:backward=2", (same(1.0), same(2.0))),
        ("highway=primary lanes:forward=3 lanes:backward=1", (same(3.0), same(1.0))),
        ("highway=primary lanes=5 lanes:both_ways=1", (Some((2.0, 2.0, 3.0)), Some((2.0, 2.0, 3.0)))),
        ("highway=primary lanes=5 turn:lanes:both_ways=left", (same(2.0), same(2.0))),
        ("highway=primary lanes=3 turn:lanes:both_ways=left", (same(1.0), same(1.0))),
        ("highway=primary lanes=3 lanes:both_ways=1 turn:lanes:both_ways=left", (same(1.0), same(1.0))),
        ("highway=primary oneway=yes lanes=3", (same(3.0), None)),
        ("highway=primary oneway=-1 lanes=3", (None, same(3.0))),
        ("highway=primary oneway=yes lanes=3 lanes:psv=1", (same(2.0), None)),
        ("highway=primary oneway=yes lanes=3 lanes:bus:forward=1", (same(2.0), None)),
        (
            "highway=primary lanes=4 lanes:psv:backward=1 lanes:forward=2 lanes:backward=2",
            (same(2.0), same(1.0)),
        ),
        ("highway=primary lanes=2;3", (Some((1.0, 1.0, 2.0)), Some((1.0, 1.0, 2.0)))),
        ("highway=primary oneway=yes lanes=2;3", (Some((2.0, 2.0, 3.0)), None)),
        ("highway=primary oneway=yes lanes=2 lanes:conditional=3@(Mo-Fr)", (Some((2.0, 2.0, 3.0)), None)),
        ("highway=primary oneway=yes turn:lanes=left|through|right", (Some((1.0, 3.0, 3.0)), None)),
        ("highway=primary turn:lanes:forward=left|through", (Some((1.0, 2.0, 2.0)), Some((1.0, 1.0, 2.0)))),
        ("highway=primary oneway=yes lanes=3 vehicle:lanes=yes|yes|no", (same(2.0), None)),
        ("highway=primary oneway=yes vehicle:lanes=yes|yes|no", (Some((1.0, 2.0, 2.0)), None)),
        ("highway=primary oneway=yes lanes=3 bus:lanes=designated||", (same(2.0), None)),
        ("highway=primary oneway=yes lanes=3 access:lanes=no|yes|yes", (same(2.0), None)),
        ("highway=primary oneway=yes lanes=3 psv:lanes=||designated lanes:psv=1", (same(2.0), None)),
        (
            "highway=primary oneway=yes lanes=3 bus:lanes=designated|| motor_vehicle:lanes=yes|yes|yes",
            (same(3.0), None),
        ),
        // A cycle lane is among the bars and not among the lanes.
        (
            "highway=primary oneway=yes lanes=2 bicycle:lanes=||designated vehicle:lanes=||no",
            (same(2.0), None),
        ),
        (
            "highway=primary oneway=yes lanes=3 bus:lanes:conditional=designated||@(Mo-Fr) turn:lanes=||",
            (Some((2.0, 2.0, 3.0)), None),
        ),
        (
            "highway=primary lanes=4 vehicle:lanes:forward=no|yes lanes:forward=2 lanes:backward=2",
            (same(1.0), same(2.0)),
        ),
        ("highway=primary oneway=yes lanes=2 busway=lane", (Some((1.0, 1.0, 2.0)), None)),
        (
            "highway=primary lanes=1 lanes:forward=1",
            (Some((2.0 / 3.0, 2.0 / 3.0, 1.0)), Some((1.0 / 3.0, 1.0 / 3.0, 2.0))),
        ),
        ("highway=residential lanes=many", (same(1.0), same(1.0))),
        ("highway=residential lanes=0", (same(1.0), same(1.0))),
        ("highway=motorway_link lanes=2", (same(2.0), None)),
    ] {
        assert_eq!(lanes_of(text), expected, "{text}");
    }
}

#[test]
fn speeds_by_direction_and_class() {
    let speeds = |text: &str| {
        let way = read(text).0.unwrap();
        (way.forward.map(|d| d.speed_km_h), way.backward.map(|d| d.speed_km_h))
    };
    assert_eq!(speeds("highway=residential"), (Some(30.0), Some(30.0)));
    assert_eq!(speeds("highway=motorway"), (Some(110.0), None));
    assert_eq!(speeds("highway=residential maxspeed=RO:urban"), (Some(50.0), Some(50.0)));
    assert_eq!(speeds("highway=residential maxspeed=walk"), (Some(7.0), Some(7.0)));
    assert_eq!(speeds("highway=motorway maxspeed=none"), (Some(130.0), None));
    assert_eq!(speeds("highway=primary maxspeed=70 maxspeed:backward=50"), (Some(70.0), Some(50.0)));
    assert_eq!(speeds("highway=primary maxspeed=signals"), (Some(60.0), Some(60.0)));
    let (way, notes) = read("highway=primary maxspeed=fast");
    assert!(!way.unwrap().forward.unwrap().speed_stated);
    assert_eq!(notes.not_understood["maxspeed=fast"], 2);
}

#[test]
fn width_for_walkers() {
    let width = |text: &str| {
        let options = ImportOptions { walk: true, ..ImportOptions::default() };
        way_use(&tags(text), &options, &mut WayNotes::default()).and_then(|way| way.walk_width_m)
    };
    for (text, expected) in [
        ("highway=footway", Some(2.0)),
        ("highway=path", Some(1.5)),
        ("highway=steps", Some(2.0)),
        ("highway=pedestrian", Some(5.0)),
        ("highway=footway width=3.5", Some(3.5)),
        ("highway=footway width=10'", Some(3.048)),
        ("highway=footway access=no", None),
        ("highway=footway foot=no", None),
        ("highway=footway access=no foot=yes", Some(2.0)),
        ("highway=residential", Some(5.5)),
        ("highway=residential sidewalk=both", Some(8.5)),
        ("highway=residential sidewalk=left", Some(7.0)),
        ("highway=residential lanes=1", Some(2.75)),
        ("highway=residential oneway=yes", Some(2.75)),
        ("highway=motorway", None),
        ("highway=motorway foot=yes", Some(7.0)),
        ("highway=trunk motorroad=yes", None),
    ] {
        let found = width(text);
        let close = match (found, expected) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-9,
            (a, b) => a == b,
        };
        assert!(close, "{text}: {found:?}");
    }
}

#[test]
fn barriers() {
    for (text, expected) in [
        ("highway=crossing", None),
        ("barrier=no", None),
        ("barrier=gate", Some(BarrierEffect::Open)),
        ("barrier=gate locked=yes", Some(BarrierEffect::Closing)),
        ("barrier=gate access=private", Some(BarrierEffect::Private)),
        ("barrier=lift_gate", Some(BarrierEffect::Open)),
        ("barrier=toll_booth", Some(BarrierEffect::Open)),
        ("barrier=cattle_grid", Some(BarrierEffect::Open)),
        ("barrier=border_control", Some(BarrierEffect::Open)),
        ("barrier=bollard", Some(BarrierEffect::Closing)),
        ("barrier=bollard motor_vehicle=yes", Some(BarrierEffect::Open)),
        ("barrier=block", Some(BarrierEffect::Closing)),
        ("barrier=jersey_barrier", Some(BarrierEffect::Closing)),
        ("barrier=gate access=no", Some(BarrierEffect::Closing)),
        ("barrier=gate access:conditional=no@(22:00-06:00)", Some(BarrierEffect::Sometimes)),
        ("barrier=gate access=no access:conditional=yes@(06:00-22:00)", Some(BarrierEffect::Sometimes)),
        ("barrier=gate locked:conditional=yes@(22:00-06:00)", Some(BarrierEffect::Sometimes)),
        ("barrier=gate opening_hours=06:00-22:00", Some(BarrierEffect::Sometimes)),
        ("barrier=gate seasonal=winter", Some(BarrierEffect::Sometimes)),
        ("barrier=gate locked=yes access=yes", Some(BarrierEffect::Sometimes)),
        ("barrier=gate vehicle=private;delivery", Some(BarrierEffect::Private)),
        ("barrier=bollard bollard=rising", Some(BarrierEffect::Sometimes)),
    ] {
        assert_eq!(barrier_of(&tags(text)).map(|gate| gate.barrier), expected, "{text}");
    }
    assert_eq!(barrier_of(&tags("barrier=gate note=x locked=yes")).unwrap().tag, "barrier=gate locked=yes");
}

#[test]
fn names_fall_back_to_numbers() {
    assert_eq!(&*read("highway=primary name=Road ref=A1").0.unwrap().name, "Road");
    assert_eq!(&*read("highway=primary ref=A1").0.unwrap().name, "A1");
    assert_eq!(&*read("highway=primary").0.unwrap().name, "");
}
