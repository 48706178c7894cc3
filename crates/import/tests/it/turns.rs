//! Turn restrictions.

use crate::common::{Osm, bans, node_ids};

/// A crossing at node 5: way 11 from the west (1), 12 from the east (2), 13 from the north (3), 14 from the south (4).
fn crossing() -> Osm {
    Osm::new()
        .nodes(&[(1, -100, 0), (2, 100, 0), (3, 0, 100), (4, 0, -100), (5, 0, 0)])
        .way(11, &[1, 5], "highway=tertiary")
        .way(12, &[2, 5], "highway=tertiary")
        .way(13, &[3, 5], "highway=tertiary")
        .way(14, &[4, 5], "highway=tertiary")
}

#[test]
fn no_turn_bans_one_turn() {
    let map = crossing().turn(1, "from:way:11 via:node:5 to:way:13", "restriction=no_left_turn").import();
    assert_eq!(bans(&map), ["1>5>3"]);
    assert_eq!(map.movements[0].mvmt_id, "w11-1:w13-1r");
    assert_eq!((map.report.restrictions.total, map.report.restrictions.honoured), (1, 1));
}

#[test]
fn only_turn_bans_all_others() {
    let map = crossing().turn(1, "from:way:11 via:node:5 to:way:12", "restriction=only_straight_on").import();
    assert_eq!(bans(&map), ["1>5>1", "1>5>3", "1>5>4"]);
}

#[test]
fn no_u_turn_bans_turning_round() {
    let map = crossing().turn(1, "from:way:11 via:node:5 to:way:11", "restriction=no_u_turn").import();
    assert_eq!(bans(&map), ["1>5>1"]);
}

#[test]
fn no_exit_and_no_entry_have_several_members() {
    let map =
        crossing().turn(1, "from:way:11 via:node:5 to:way:13 to:way:14", "restriction=no_exit").import();
    assert_eq!(bans(&map), ["1>5>3", "1>5>4"]);
    let map =
        crossing().turn(1, "from:way:11 from:way:12 via:node:5 to:way:14", "restriction=no_entry").import();
    assert_eq!(bans(&map), ["1>5>4", "2>5>4"]);
}

#[test]
fn restrictions_for_others_or_at_times_are_counted() {
    let members = "from:way:11 via:node:5 to:way:13";
    for tags in [
        "restriction:hgv=no_left_turn",
        "restriction=no_left_turn except=motorcar",
        "restriction=no_left_turn except=bicycle;motor_vehicle",
    ] {
        let map = crossing().turn(1, members, tags).import();
        assert_eq!((map.report.restrictions.not_for_cars, map.movements.len()), (1, 0), "{tags}");
    }
    for (tags, reason) in [
        (
            "restriction:conditional=no_left_turn@(07:00-09:00)",
            "at certain times or on certain conditions only",
        ),
        ("restriction=no_left_turn hour_on=7", "at certain times or on certain conditions only"),
        ("restriction=maybe", "of a kind that is not known"),
        ("note=x", "without a kind"),
    ] {
        let map = crossing().turn(1, members, tags).import();
        let found: Vec<&str> = map.report.restrictions.not_honoured.keys().map(String::as_str).collect();
        assert_eq!((found, map.movements.len()), (vec![reason], 0), "{tags}");
    }
    let map = crossing().turn(1, members, "restriction:motorcar=no_left_turn except=bicycle").import();
    assert_eq!(map.movements.len(), 1);
}

#[test]
fn broken_restrictions_are_counted() {
    for (members, reason) in [
        ("from:way:11 to:way:13", "without a way from, a via or a way to"),
        ("via:node:5 to:way:13", "without a way from, a via or a way to"),
        ("from:way:11 via:node:3 to:way:13", "of which a way does not meet the via"),
        ("from:way:11 via:node:5 via:node:3 to:way:13", "with several members in one role"),
    ] {
        let map = crossing().turn(1, members, "restriction=no_left_turn").import();
        let found: Vec<&str> = map.report.restrictions.not_honoured.keys().map(String::as_str).collect();
        assert_eq!(found, [reason], "{members}");
    }
    let map = crossing().turn(1, "from:way:77 via:node:5 to:way:13", "restriction=no_left_turn").import();
    assert_eq!(map.report.restrictions.elsewhere, 1);
}

#[test]
fn a_way_that_goes_on_beyond_the_via_is_clear_only_if_oneway() {
    let through = |tags: &str| {
        Osm::new()
            .nodes(&[(1, -100, 0), (2, 100, 0), (3, 0, 100), (5, 0, 0)])
            .way(11, &[1, 5, 2], tags)
            .way(13, &[3, 5], "highway=tertiary")
            .turn(1, "from:way:11 via:node:5 to:way:13", "restriction=no_left_turn")
    };
    let pin = clearway_import::ImportOptions {
        keep_nodes: ["1", "2", "3"].map(String::from).into(),
        ..clearway_import::ImportOptions::default()
    };
    let unclear = through("highway=tertiary").import_with(&pin);
    assert_eq!((unclear.movements.len(), unclear.report.restrictions.not_honoured.len()), (0, 1));
    assert_eq!(bans(&through("highway=tertiary oneway=yes").import_with(&pin)), ["1>5>3"]);
}

#[test]
fn turns_that_are_impossible_anyhow_count_as_honoured() {
    let map = Osm::new()
        .nodes(&[(1, -100, 0), (2, 100, 0), (3, 0, 100), (5, 0, 0)])
        .way(11, &[1, 5], "highway=tertiary")
        .way(12, &[2, 5], "highway=tertiary")
        .way(13, &[3, 5], "highway=tertiary oneway=yes")
        .turn(1, "from:way:11 via:node:5 to:way:13", "restriction=no_left_turn")
        .import();
    assert_eq!((map.movements.len(), map.report.restrictions.honoured), (0, 1));
}

/// Two carriageways (11 to the east, 12 and 13 to the west) joined by way 20 from 5 to 6.
fn carriageways(link: &str) -> Osm {
    Osm::new()
        .nodes(&[
            (1, -100, 0),
            (2, 100, 0),
            (5, 0, 0),
            (6, 0, 10),
            (3, 100, 10),
            (4, -100, 10),
            (8, 0, 50),
            (9, 0, -50),
        ])
        .way(11, &[1, 5], "highway=tertiary oneway=yes")
        .way(21, &[5, 2], "highway=tertiary oneway=yes")
        .way(12, &[3, 6], "highway=tertiary oneway=yes")
        .way(13, &[6, 4], "highway=tertiary oneway=yes")
        .way(20, &[5, 6], link)
        .way(30, &[2, 3], "highway=tertiary")
        .way(31, &[4, 1], "highway=tertiary")
        .turn(1, "from:way:11 via:way:20 to:way:13", "restriction=no_u_turn")
}

#[test]
fn via_ways_are_honoured_where_one_turn_says_the_same() {
    // Whoever takes way 20 can only go on into way 13, so that entering it from way 11 is what is forbidden.
    let map = carriageways("highway=tertiary_link oneway=yes").import();
    assert_eq!(map.report.restrictions.honoured, 1);
    assert_eq!(bans(&map), ["1>5>6"]);
    // With a way out at 6 only the way in is the only one: the turn at its end is banned.
    let map =
        carriageways("highway=tertiary_link oneway=yes").way(22, &[6, 8], "highway=residential").import();
    assert_eq!(bans(&map), ["5>6>4"]);
    // With another way in as well, no single turn says the same.
    let map = carriageways("highway=tertiary_link oneway=yes")
        .way(22, &[6, 8], "highway=residential")
        .way(23, &[9, 5], "highway=residential")
        .import();
    assert_eq!(map.movements.len(), 0);
    assert_eq!(map.report.restrictions.not_honoured["over a way that other traffic uses too"], 1);
}

#[test]
fn via_ways_against_their_direction_are_impossible_anyhow() {
    let map = carriageways("highway=tertiary_link oneway=-1").import();
    assert_eq!((map.movements.len(), map.report.restrictions.honoured), (0, 1));
}

#[test]
fn only_over_a_via_way_bans_the_other_ways_out() {
    let map = Osm::new()
        .nodes(&[(1, -100, 0), (5, 0, 0), (6, 50, 0), (2, 150, 0), (3, 50, 100)])
        .way(11, &[1, 5], "highway=tertiary name=A")
        .way(20, &[5, 6], "highway=tertiary name=B")
        .way(12, &[6, 2], "highway=tertiary name=C")
        .way(13, &[6, 3], "highway=tertiary name=D")
        .turn(1, "from:way:11 via:way:20 to:way:12", "restriction=only_straight_on")
        .import();
    // Not into way 13, and not back.
    assert_eq!(bans(&map), ["5>6>3", "5>6>5"]);
}

#[test]
fn junctions_with_bans_are_not_contracted() {
    let map = Osm::new()
        .nodes(&[(1, -100, 0), (5, 0, 0), (2, 100, 0)])
        .way(11, &[1, 5], "highway=tertiary")
        .way(12, &[5, 2], "highway=tertiary")
        .turn(1, "from:way:11 via:node:5 to:way:11", "restriction=no_u_turn")
        .import();
    assert_eq!(node_ids(&map), ["1", "2", "5"]);
    assert_eq!(bans(&map), ["1>5>1"]);
}
