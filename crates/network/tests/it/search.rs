//! The one search for ways: by hand here, by chance against a search through every millisecond in `search/by_chance.rs`.

mod by_chance;

use crate::roads::{Closed, Roads, element};
use clearway_flow::TimeSet;
use clearway_network::search::{
    ArrivalSearch, JourneyStart, LatestEntry, SettleBy, TurnRule, free_times_to_sites, latest_entries,
    latest_entry, next_entry,
};
use clearway_network::{ElementIndex, Network, NodeIndex};

/// Earliest entries of somebody who is at a node at a time.
pub fn from_node(network: &Network, node: usize, t: i64, settle_by: SettleBy) -> ArrivalSearch {
    let mut search = ArrivalSearch::default();
    run(&mut search, network, node, t, settle_by);
    search
}

fn run(search: &mut ArrivalSearch, network: &Network, node: usize, t: i64, settle_by: SettleBy) {
    let starts: Vec<(ElementIndex, i64)> =
        network.out_of(node.into()).iter().map(|&element| (element, t)).collect();
    let departure = JourneyStart { starts: &starts, settle_by, target: None };
    search.run(network, departure, |element, t| network.entry_after(element, t));
}

/// A road over nodes 0, 1, 2, of 5 and 7 ms.
fn one_road() -> Roads {
    Roads { nodes: 3, links: vec![(0, 1, 5), (1, 2, 7)], ..Roads::default() }
}

fn closed(link: usize, from: i64, until: i64, to_presence: bool) -> Closed {
    Closed { link, from, until, to_presence }
}

/// When links are entered by somebody who is at node 0 at a time.
fn entered(roads: &Roads, t: i64) -> Vec<Option<i64>> {
    let network = roads.network();
    let search = from_node(&network, 0, t, SettleBy::Entry);
    (0..roads.links.len()).map(|link| search.entered(element(&network, link))).collect()
}

#[test]
fn entry_times_in_an_open_set_are_those_found_by_trying_every_time() {
    let open = TimeSet::union(vec![(3, 6), (9, 10), (12, 20)]);
    let is_open = |t: i64| (3..6).contains(&t) || t == 9 || (12..20).contains(&t);
    for t in 0..25 {
        assert_eq!(next_entry(&open, t), (t..25).find(|&t| is_open(t)), "at {t}");
        let last = (0..=t).rev().find(|&t| is_open(t));
        assert_eq!(latest_entry(&open, t).map(|entry| entry.time), last, "at {t}");
    }
    assert_eq!(latest_entry(&open, 9), Some(LatestEntry { time: 9, closing: None }));
    assert_eq!(latest_entry(&open, 10), Some(LatestEntry { time: 9, closing: Some(10) }));
    assert_eq!(latest_entry(&open, 2), None);
    assert_eq!(next_entry(&TimeSet::default(), 0), None);
}

#[test]
fn an_open_road_is_gone_without_a_wait() {
    assert_eq!(entered(&one_road(), 4), [Some(4), Some(9)]);
}

#[test]
fn somebody_waits_for_the_end_of_a_closure_and_no_longer() {
    let roads = Roads { closed: vec![closed(1, 3, 20, false)], ..one_road() };
    assert_eq!(entered(&roads, 0), [Some(0), Some(20)]);
    assert_eq!(entered(&roads, 15), [Some(15), Some(20)]);
    assert_eq!(entered(&roads, 16), [Some(16), Some(21)]);
}

#[test]
fn a_road_closed_to_presence_is_entered_only_if_the_whole_travel_time_fits() {
    // 7 ms on the second link: entered by 20 - 7 - 1 at the latest, or from 30 on.
    let roads = Roads { closed: vec![closed(1, 20, 30, true)], ..one_road() };
    assert_eq!(entered(&roads, 7), [Some(7), Some(12)]);
    assert_eq!(entered(&roads, 8), [Some(8), Some(30)]);
}

#[test]
fn what_never_opens_again_is_never_entered() {
    let roads = Roads { closed: vec![closed(1, 10, 90, false)], ..one_road() };
    assert_eq!(entered(&roads, 4), [Some(4), Some(9)]);
    assert_eq!(entered(&roads, 5), [Some(5), None]);
}

#[test]
fn a_prohibited_turn_is_gone_around_even_over_the_same_node() {
    // From 0 to 1; the turn to 3 is prohibited, but not after a loop over 2.
    let links = vec![(0, 1, 5), (1, 3, 5), (1, 2, 2), (2, 1, 2)];
    let roads = Roads { nodes: 4, links, banned: vec![(0, 1)], ..Roads::default() };
    assert_eq!(entered(&roads, 0), [Some(0), Some(9), Some(5), Some(7)]);
    let network = roads.network();
    let way = from_node(&network, 0, 0, SettleBy::Exit).way_to(element(&network, 1));
    assert_eq!(way, [0, 2, 3, 1].map(|link| element(&network, link)));
}

#[test]
fn who_waits_at_a_node_when_it_closes_to_presence_does_not_get_on() {
    // The second link opens at 20, and node 1 is closed from 12 to 15.
    let roads =
        Roads { closed: vec![closed(1, 0, 20, false)], closed_nodes: vec![(1, 12, 15)], ..one_road() };
    assert_eq!(entered(&roads, 0), [Some(0), None]);
    // Whoever would get there while it is closed waits before the first link.
    assert_eq!(entered(&roads, 7), [Some(10), Some(20)]);
    let network = roads.network();
    assert_eq!(network.closure_in_wait(element(&network, 1), 5, 20), Some((12, 15)));
    assert_eq!(network.closure_in_wait(element(&network, 1), 5, 12), Some((12, 15)));
    assert_eq!(network.closure_in_wait(element(&network, 1), 5, 11), None);
    assert_eq!(network.closure_in_wait(element(&network, 1), 15, 20), None);
    assert_eq!(network.times_along(&[element(&network, 0), element(&network, 1)], 0), None);
}

#[test]
fn the_times_along_a_way_are_those_of_the_search() {
    let roads = Roads { closed: vec![closed(1, 3, 20, false)], ..one_road() };
    let network = roads.network();
    let way = [element(&network, 0), element(&network, 1)];
    assert_eq!(network.times_along(&way, 2), Some((vec![2, 20], 27)));
    assert_eq!(network.times_along(&[], 2), Some((vec![], 2)));
    assert_eq!(network.free_time(&way), 12);
}

#[test]
fn of_ways_as_long_as_each_other_the_one_settled_first_is_found() {
    // Over 1 or over 2 it is 10 ms to node 3; the last link over 1 is entered later, the one over 2 has the greater number.
    let links = vec![(0, 1, 8), (0, 2, 4), (1, 3, 2), (2, 3, 6), (3, 4, 1)];
    let network = Roads { nodes: 5, links, ..Roads::default() }.network();
    let last = element(&network, 4);
    assert_eq!(
        from_node(&network, 0, 0, SettleBy::Exit).node_arrivals(&network)[NodeIndex::from(3)],
        Some((10, element(&network, 2)))
    );
    let by = |settle_by| from_node(&network, 0, 0, settle_by).way_to(last);
    assert_eq!(by(SettleBy::Exit), [0, 2, 4].map(|link| element(&network, link)));
    assert_eq!(by(SettleBy::Entry), [1, 3, 4].map(|link| element(&network, link)));
}

#[test]
fn nobody_drives_around_while_a_road_is_still_closed() {
    // Link 0 leads in a circle over node 1; link 2 opens at 40. To wait for it is the way, whatever the numbers say.
    let links = vec![(0, 1, 3), (1, 0, 3), (0, 2, 5)];
    let roads = Roads { nodes: 3, links, closed: vec![closed(2, 0, 40, false)], ..Roads::default() };
    let network = roads.network();
    for settle_by in [SettleBy::Entry, SettleBy::Exit] {
        let search = from_node(&network, 0, 0, settle_by);
        assert_eq!(search.way_to(element(&network, 2)), [element(&network, 2)]);
        assert_eq!(search.node_arrivals(&network)[NodeIndex::from(2)], Some((45, element(&network, 2))));
    }
}

#[test]
fn a_second_search_knows_nothing_of_the_first() {
    let (network, other) =
        (one_road().network(), Roads { nodes: 2, links: vec![(0, 1, 5)], ..Roads::default() });
    let mut search = ArrivalSearch::default();
    run(&mut search, &network, 0, 0, SettleBy::Entry);
    assert_eq!(search.entered(element(&network, 1)), Some(5));
    run(&mut search, &network, 1, 30, SettleBy::Entry);
    assert_eq!(search.entered(element(&network, 0)), None);
    assert_eq!(search.entered(element(&network, 1)), Some(30));
    let other = other.network();
    run(&mut search, &other, 0, 7, SettleBy::Entry);
    assert_eq!(search.entered(0.into()), Some(7));
    assert_eq!(search.entered(1.into()), None);
    assert!(search.way_to(1.into()).is_empty());
}

#[test]
fn a_search_with_a_target_finds_the_same_way_there() {
    // The straight road is entered first and takes long; the way over 1 and 2 is found only after it.
    let links = vec![(0, 3, 30), (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 40), (4, 5, 1), (5, 0, 1)];
    let network = Roads { nodes: 6, links, ..Roads::default() }.network();
    for settle_by in [SettleBy::Entry, SettleBy::Exit] {
        let whole = from_node(&network, 0, 0, settle_by);
        let starts: Vec<(ElementIndex, i64)> =
            network.out_of(0.into()).iter().map(|&element| (element, 0)).collect();
        let mut search = ArrivalSearch::default();
        let departure = JourneyStart { starts: &starts, settle_by, target: Some(3.into()) };
        search.run(&network, departure, |element, t| network.entry_after(element, t));
        let arrival = search.node_arrivals(&network)[NodeIndex::from(3)];
        assert_eq!(arrival, Some((9, element(&network, 3))));
        assert_eq!(search.way_to(arrival.unwrap().1), whole.way_to(element(&network, 3)));
        assert_eq!(search.entered(element(&network, 6)), None, "node 5 is far behind the target");
    }
}

#[test]
fn the_latest_entry_beats_a_closure_and_says_what_it_waits_for() {
    let roads = Roads { closed: vec![closed(1, 20, 90, true)], zones: vec![(0, 1)], ..one_road() };
    let network = roads.network();
    let last = element(&network, 1);
    let back = |element: ElementIndex, out: i64| {
        let data = &network.elements[element];
        latest_entry(&data.open, out - data.tau).map(|entry| entry.time)
    };
    let labels = latest_entries(&network, &[(last, back(last, 50).unwrap())], TurnRule::AsGiven, back);
    // 12 into the second link, 7 into the first, 6 out of the zone.
    assert_eq!(labels[last], Some(12));
    assert_eq!(labels[element(&network, 0)], Some(7));
    assert_eq!(labels[network.zones.raw[0].connectors[0]], Some(6));
}

#[test]
fn prohibited_turns_count_backwards_too_unless_a_bound_is_wanted() {
    let roads = Roads { banned: vec![(0, 1)], ..one_road() };
    let network = roads.network();
    let back = |element: ElementIndex, out: i64| Some(out - network.elements[element].tau);
    let ends = [(element(&network, 1), 40)];
    let first = element(&network, 0);
    assert_eq!(latest_entries(&network, &ends, TurnRule::AsGiven, back)[first], None);
    assert_eq!(latest_entries(&network, &ends, TurnRule::All, back)[first], Some(35));
}

#[test]
fn free_times_to_sites_know_no_waits_and_no_turns_but_roads_closed_for_good() {
    let roads = Roads {
        nodes: 5,
        links: vec![(0, 1, 5), (1, 2, 7), (0, 3, 1), (3, 2, 1)],
        closed: vec![closed(1, 0, 50, false), closed(2, 0, 99, false)],
        banned: vec![(0, 1)],
        zones: vec![(0, 1)],
        sites: vec![(2, 2), (1, 30)],
        ..Roads::default()
    };
    let times = free_times_to_sites(&roads.network());
    assert_eq!(times.raw, [Some(14), Some(9), Some(2), Some(3), None]);
}
