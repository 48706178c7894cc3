//! Open sets by hand: each rule of `docs/reference/semantics.md`, Elements, alone and at its edges.

use crate::made::{HORIZON, central, closed, one_road, open, window};
use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, Scenario, WindowRow, WindowTarget};
use clearway_network::ElementKind;

use ClosureKind::{Entry, Presence};

const ROAD: ElementKind = ElementKind::Link(0);
const OUT_OF_ZONE: ElementKind = ElementKind::Connector(0);
const INTO_SITE: ElementKind = ElementKind::Connector(1);
const INTAKE: ElementKind = ElementKind::Admission(0);

fn with_closures(rows: Vec<ClosureRow>) -> Scenario {
    Scenario { closures: rows, ..one_road() }
}

fn with_windows(rows: Vec<WindowRow>) -> Scenario {
    Scenario { windows: rows, ..one_road() }
}

#[test]
fn where_nothing_closes_everything_is_open_until_the_horizon() {
    for kind in [ROAD, OUT_OF_ZONE, INTO_SITE, INTAKE] {
        assert_eq!(open(&one_road(), kind), [(0, HORIZON)], "{kind:?}");
    }
}

#[test]
fn a_closure_of_entering_lets_those_go_on_who_are_on_the_road() {
    let scenario = with_closures(vec![closed(ClosureTarget::Link, "road", 100, Some(200), Entry)]);
    assert_eq!(open(&scenario, ROAD), [(0, 100), (200, HORIZON)]);
}

#[test]
fn a_closure_of_presence_lets_nobody_enter_who_would_not_be_through_in_time() {
    let scenario = with_closures(vec![closed(ClosureTarget::Link, "road", 100, Some(200), Presence)]);
    // 7 ms on the road
    assert_eq!(open(&scenario, ROAD), [(0, 93), (200, HORIZON)]);
}

#[test]
fn a_closure_without_an_end_is_for_good() {
    let scenario = with_closures(vec![closed(ClosureTarget::Link, "road", 100, None, Entry)]);
    assert_eq!(open(&scenario, ROAD), [(0, 100)]);
}

#[test]
fn closures_that_meet_are_one() {
    let row = |from, until, kind| closed(ClosureTarget::Link, "road", from, Some(until), kind);
    let scenario = with_closures(vec![row(150, 200, Entry), row(50, 60, Entry), row(100, 157, Presence)]);
    assert_eq!(open(&scenario, ROAD), [(0, 50), (60, 93), (200, HORIZON)]);
}

#[test]
fn a_road_is_open_while_any_of_its_windows_is() {
    let row = |from, until| window(WindowTarget::Link, "road", from, Some(until), Entry);
    let scenario = with_windows(vec![row(300, 400), row(50, 100), row(100, 120)]);
    assert_eq!(open(&scenario, ROAD), [(50, 120), (300, 400)]);
}

#[test]
fn windows_of_presence_are_joined_before_they_are_shortened() {
    let row = |from, until| window(WindowTarget::Link, "road", from, Some(until), Presence);
    // [50, 120) joined; the third is over before anybody is through
    let scenario = with_windows(vec![row(50, 100), row(100, 120), row(200, 207)]);
    assert_eq!(open(&scenario, ROAD), [(50, 113)]);
}

#[test]
fn windows_of_the_two_kinds_must_both_be_open() {
    let scenario = with_windows(vec![
        window(WindowTarget::Link, "road", 50, Some(200), Entry),
        window(WindowTarget::AllLinks, "*", 100, None, Presence),
    ]);
    assert_eq!(open(&scenario, ROAD), [(100, 200)]);
}

#[test]
fn a_window_for_all_links_adds_to_those_of_one_and_is_none_of_a_zone_or_site() {
    let scenario = with_windows(vec![
        window(WindowTarget::Link, "road", 50, Some(60), Entry),
        window(WindowTarget::AllLinks, "*", 100, Some(200), Entry),
    ]);
    assert_eq!(open(&scenario, ROAD), [(50, 60), (100, 200)]);
    assert_eq!(open(&scenario, OUT_OF_ZONE), [(0, HORIZON)]);
    assert_eq!(open(&scenario, INTAKE), [(0, HORIZON)]);
}

#[test]
fn a_window_that_never_opens_within_the_horizon_keeps_its_target_closed() {
    for kind in [Entry, Presence] {
        let late = |target, id| with_windows(vec![window(target, id, HORIZON, Some(HORIZON + 50), kind)]);
        assert_eq!(open(&late(WindowTarget::Link, "road"), ROAD), []);
        assert_eq!(open(&late(WindowTarget::AllLinks, "*"), ROAD), []);
        assert_eq!(open(&late(WindowTarget::Zone, "Z"), OUT_OF_ZONE), []);
        assert_eq!(open(&late(WindowTarget::Site, "S"), INTAKE), []);
    }
}

#[test]
fn closures_that_begin_at_the_horizon_do_not_count() {
    for (target, id) in
        [(ClosureTarget::Link, "road"), (ClosureTarget::Node, "B"), (ClosureTarget::Site, "S")]
    {
        let scenario = with_closures(vec![closed(target, id, HORIZON, None, Presence)]);
        assert_eq!(open(&scenario, ROAD), [(0, HORIZON)], "{id}");
        assert_eq!(open(&scenario, INTAKE), [(0, HORIZON)], "{id}");
        assert!(central(&scenario).hazards.is_empty(), "{id}");
    }
}

#[test]
fn rows_are_repeated_while_they_begin_before_their_end() {
    let hourly = |until: Option<i64>| {
        with_closures(vec![ClosureRow {
            repeat_every_ms: Some(100),
            repeat_until_ms: until,
            ..closed(ClosureTarget::Link, "road", 50, Some(60), Entry)
        }])
    };
    let until = |end: Option<i64>| open(&hourly(end), ROAD).len();
    // at 50, 150, 250, 350, 450 and 550
    assert_eq!(until(None), 7);
    assert_eq!(until(Some(10 * HORIZON)), 7);
    assert_eq!((until(Some(250)), until(Some(251))), (3, 4));
    assert_eq!(open(&hourly(Some(150)), ROAD), [(0, 50), (60, HORIZON)]);
}

#[test]
fn nobody_sets_out_for_a_node_that_is_closed_when_they_get_there() {
    let mut scenario = with_closures(vec![closed(ClosureTarget::Node, "B", 100, Some(200), Presence)]);
    assert_eq!(open(&scenario, ROAD), [(0, 93), (193, HORIZON)]);
    assert_eq!(open(&scenario, OUT_OF_ZONE), [(0, HORIZON)]);
    scenario.connectors[0].time_ms = 20;
    scenario.closures[0].target_id = "A".into();
    assert_eq!(open(&scenario, OUT_OF_ZONE), [(0, 80), (180, HORIZON)]);
    assert_eq!(open(&scenario, ROAD), [(0, HORIZON)]);
    assert_eq!(central(&scenario).node_closed.raw[0].intervals(), [(100, 200)]);
}

#[test]
fn a_node_closed_for_good_is_not_set_out_for_again() {
    let scenario = with_closures(vec![closed(ClosureTarget::Node, "B", 3, None, Presence)]);
    assert_eq!(open(&scenario, ROAD), []);
    let later = with_closures(vec![closed(ClosureTarget::Node, "B", 100, None, Presence)]);
    assert_eq!(open(&later, ROAD), [(0, 93)]);
}

#[test]
fn a_hazard_in_a_zone_closes_it_for_good_from_its_first_begin() {
    let row = |from, until, kind| closed(ClosureTarget::Zone, "Z", from, Some(until), kind);
    let scenario = with_closures(vec![row(400, 420, Presence), row(300, 310, Presence), row(50, 60, Entry)]);
    assert_eq!(open(&scenario, OUT_OF_ZONE), [(0, 50), (60, 300)]);
    assert_eq!(central(&scenario).zones.raw[0].overtaken_from, Some(300));
}

#[test]
fn a_hazard_at_or_after_the_horizon_catches_nobody() {
    let at = |from| with_closures(vec![closed(ClosureTarget::Zone, "Z", from, None, Presence)]);
    assert_eq!(central(&at(HORIZON)).zones.raw[0].overtaken_from, None);
    assert_eq!(central(&at(HORIZON - 1)).zones.raw[0].overtaken_from, Some(HORIZON - 1));
}

#[test]
fn nobody_counts_as_arrived_at_a_site_that_a_hazard_reaches_later() {
    let row = |from, until, kind| closed(ClosureTarget::Site, "S", from, Some(until), kind);
    let scenario = with_closures(vec![row(200, 300, Presence), row(400, 410, Entry)]);
    assert_eq!(open(&scenario, INTAKE), [(300, 400), (410, HORIZON)]);
    assert_eq!(open(&with_closures(vec![closed(ClosureTarget::Site, "S", 200, None, Presence)]), INTAKE), []);
}

#[test]
fn a_site_is_open_within_its_times_and_its_windows() {
    let mut scenario = with_windows(vec![window(WindowTarget::Site, "S", 100, Some(300), Presence)]);
    scenario.sites[0].open_from_ms = Some(150);
    scenario.sites[0].open_until_ms = Some(5 * HORIZON);
    assert_eq!(open(&scenario, INTAKE), [(150, 300)]);
    scenario.sites[0].open_until_ms = Some(200);
    assert_eq!(open(&scenario, INTAKE), [(150, 200)]);
    // the way to it is open all the same: people wait there
    assert_eq!(open(&scenario, INTO_SITE), [(0, HORIZON)]);
}

#[test]
fn hazards_are_listed_by_the_elements_that_they_close_to_presence() {
    let row = |target, id, from, kind| closed(target, id, from, Some(from + 10), kind);
    let network = central(&with_closures(vec![
        row(ClosureTarget::Link, "road", 300, Presence),
        row(ClosureTarget::Link, "road", 100, Presence),
        row(ClosureTarget::Link, "road", 200, Entry),
        row(ClosureTarget::Site, "S", 400, Presence),
    ]));
    let road = network.elements.iter().position(|e| e.kind == ROAD).unwrap().into();
    let admission = network.sites.raw[0].admission;
    assert_eq!(
        network.hazards.into_iter().collect::<Vec<_>>(),
        [(road, vec![100, 300]), (admission, vec![400])]
    );
}
