//! Ways out that share nothing: by hand, by what they claim, and against all ways one by one.

use crate::roads::{Closed, HORIZON, Roads, element};
use clearway_model::{Case, ClosureKind, ClosureTarget, ConnectorPlace};
use clearway_network::ways_out::{DisjointWays, WayCounter, ZoneWays};
use clearway_network::{ElementIndex, ElementKind, Network, NodeIndex, ZoneIndex};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Both directions of roads.
fn two_way(roads: &[(usize, usize)]) -> Vec<(usize, usize, i64)> {
    roads.iter().flat_map(|&(a, b)| [(a, b, 1), (b, a, 1)]).collect()
}

/// A network in which all zones are one, with a connector to each of their nodes.
fn one_zone(roads: &Roads) -> Network {
    let mut scenario = roads.scenario();
    for connector in &mut scenario.connectors {
        if connector.place == ConnectorPlace::Zone {
            connector.place_id = "p0".into();
        }
    }
    Network::new(&scenario, Case::Central).unwrap()
}

fn ways(roads: &Roads, time: Option<i64>) -> ZoneWays {
    WayCounter::new(&one_zone(roads)).ways_out(ZoneIndex::from(0), time)
}

/// Rows of `link.csv`.
fn rows(network: &Network, links: &[ElementIndex]) -> Vec<usize> {
    let row = |&link: &ElementIndex| match network.elements[link].kind {
        ElementKind::Link(row) => row,
        other => panic!("{other:?} is no link"),
    };
    links.iter().map(row).collect()
}

fn nodes(nodes: &[NodeIndex]) -> Vec<usize> {
    nodes.iter().map(|node| node.row()).collect()
}

/// A lane of two roads to a ring of four, from which two roads lead to exits:
///
/// ```text
/// zone 0 - 1 - 2 < 3, 4 > 5 - exit 6, and exit 7 from 4
/// ```
fn lane_and_ring() -> Roads {
    Roads {
        nodes: 8,
        links: two_way(&[(0, 1), (1, 2), (2, 3), (2, 4), (3, 5), (4, 5), (5, 6), (4, 7)]),
        zones: vec![(0, 0)],
        sites: vec![(6, 0), (7, 0)],
        ..Roads::default()
    }
}

#[test]
fn a_lane_into_a_ring_is_the_road_that_all_ways_share() {
    let roads = lane_and_ring();
    let network = one_zone(&roads);
    let found = ways(&roads, None);
    assert_eq!((found.roads.at_least(), found.roads.at_most), (1, 1));
    assert_eq!(rows(&network, &found.roads.shared), [0, 2], "0 to 1 and 1 to 2");
    assert_eq!((found.junctions.at_least(), found.junctions.at_most), (1, 1));
    assert_eq!(nodes(&found.junctions.shared), [1, 2]);
}

#[test]
fn from_the_ring_there_are_two_ways() {
    let roads = Roads { zones: vec![(2, 0)], ..lane_and_ring() };
    let found = ways(&roads, None);
    assert_eq!((found.roads.at_least(), found.roads.at_most), (2, 2));
    assert_eq!((found.junctions.at_least(), found.junctions.at_most), (2, 2));
    let ends: BTreeSet<usize> = found.roads.ways.iter().map(|way| way.site.row()).collect();
    assert_eq!(ends, BTreeSet::from([0, 1]));
}

#[test]
fn two_roads_that_cross_share_a_junction_and_no_road() {
    // 0 - 1 - 2 - 4 and 0 - 3 - 2 - 5
    let roads = Roads {
        nodes: 6,
        links: two_way(&[(0, 1), (1, 2), (0, 3), (3, 2), (2, 4), (2, 5)]),
        zones: vec![(0, 0)],
        sites: vec![(4, 0), (5, 0)],
        ..Roads::default()
    };
    let found = ways(&roads, None);
    assert_eq!((found.roads.at_least(), found.roads.at_most), (2, 2));
    assert_eq!((found.junctions.at_least(), found.junctions.at_most), (1, 1));
    assert_eq!(nodes(&found.junctions.shared), [2]);
}

#[test]
fn the_way_that_the_first_one_takes_is_given_up_for_two() {
    // the shortest way 0 1 2 5 crosses over; the two are 0 1 4 5' and 0 3 2 5
    let roads = Roads {
        nodes: 8,
        links: two_way(&[(0, 1), (1, 2), (2, 6), (0, 3), (3, 4), (4, 2), (1, 5), (5, 7), (7, 6)]),
        zones: vec![(0, 0)],
        sites: vec![(6, 0)],
        ..Roads::default()
    };
    let found = ways(&roads, None);
    assert_eq!((found.roads.at_least(), found.junctions.at_least()), (2, 2));
    assert_eq!((found.roads.at_most, found.junctions.at_most), (2, 2));
}

#[test]
fn hazards_take_ways_away_one_by_one_and_give_none_back() {
    let mut roads = Roads { zones: vec![(2, 0)], ..lane_and_ring() };
    // the road to exit 7 from 10 to 12, the junction 5 from 20 on
    roads.closed = vec![Closed { link: 14, from: 10, until: 12, to_presence: true }];
    roads.closed_nodes = vec![(5, 20, 60)];
    let network = one_zone(&roads);
    let counter = WayCounter::new(&network);
    let changes = counter.over_time(ZoneIndex::from(0));
    let counts: Vec<(Option<i64>, usize, usize)> = changes
        .iter()
        .map(|(from, ways)| (*from, ways.roads.at_least(), ways.junctions.at_least()))
        .collect();
    assert_eq!(counts, [(None, 2, 2), (Some(10), 1, 1), (Some(20), 0, 0)]);
    assert_eq!(rows(&network, &changes[1].1.roads.shared), [12], "5 to 6");
    // what would lead on: 3 to 5, 4 to 5, 4 to 7
    assert_eq!(rows(&network, &changes[2].1.closed), [8, 10, 14]);
}

#[test]
fn a_road_that_is_closed_by_a_gate_counts_until_it_is_never_open() {
    let gate = |until: i64| Roads {
        zones: vec![(2, 0)],
        closed: vec![Closed { link: 14, from: 0, until, to_presence: false }],
        ..lane_and_ring()
    };
    assert_eq!(ways(&gate(HORIZON - 1), Some(HORIZON)).roads.at_least(), 2);
    assert_eq!(ways(&gate(HORIZON + 1), None).roads.at_least(), 1);
}

#[test]
fn a_site_that_a_hazard_closes_is_no_end_of_a_way() {
    let roads = Roads { zones: vec![(2, 0)], ..lane_and_ring() };
    let mut scenario = roads.scenario();
    scenario.closures.push(crate::made::closed(ClosureTarget::Site, "p1", 30, None, ClosureKind::Presence));
    let network = Network::new(&scenario, Case::Central).unwrap();
    let counter = WayCounter::new(&network);
    let roads_left = |time| counter.ways_out(ZoneIndex::from(0), time).roads.at_least();
    assert_eq!((roads_left(Some(29)), roads_left(Some(30))), (2, 1));
}

#[test]
fn a_zone_at_a_site_needs_no_road() {
    let roads = Roads { zones: vec![(6, 0)], ..lane_and_ring() };
    assert!(ways(&roads, None).needs_no_road);
}

#[test]
fn a_prohibited_turn_ends_a_way() {
    // from 2 by 4 to exit 7; turning there is prohibited, so that all go by 5
    let roads = Roads { zones: vec![(2, 0)], banned: vec![(6, 14), (11, 14)], ..lane_and_ring() };
    let network = one_zone(&roads);
    let found = ways(&roads, None);
    // but not for those who come back to 4 from the exit at 7, which is no way to it
    assert_eq!((found.roads.at_least(), found.roads.at_most), (1, 1));
    assert_eq!(rows(&network, &found.roads.shared), [12]);
}

const NODES: usize = 7;

fn any_roads() -> impl Strategy<Value = Roads> {
    let link = (0..NODES, 0..NODES, Just(1i64)).prop_filter("no loops", |link| link.0 != link.1);
    let links = proptest::collection::vec(link, 4..13);
    let banned = proptest::collection::vec((0usize..13, 0usize..13), 0..6);
    let starts = proptest::collection::btree_set(0..NODES, 1..3);
    let ends = proptest::collection::btree_set(0..NODES, 1..3);
    let closed = proptest::collection::vec((0usize..13, 1i64..HORIZON), 0..4);
    let closed_nodes = proptest::collection::vec((0..NODES, 1i64..HORIZON, Just(2 * HORIZON)), 0..2);
    (links, banned, starts, ends, closed, closed_nodes).prop_map(
        |(links, banned, starts, ends, closed, closed_nodes)| {
            let count = links.len();
            Roads {
                nodes: NODES,
                banned: banned.into_iter().map(|turn| (turn.0 % count, turn.1 % count)).collect(),
                zones: starts.into_iter().map(|node| (node, 0)).collect(),
                sites: ends.into_iter().map(|node| (node, 0)).collect(),
                closed: closed
                    .into_iter()
                    .map(|(link, from)| Closed {
                        link: link % count,
                        from,
                        until: 2 * HORIZON,
                        to_presence: true,
                    })
                    .collect(),
                closed_nodes,
                links,
            }
        },
    )
}

/// All ways as links, each link at most once, ended where a site is first come to.
fn all_ways(roads: &Roads, time: Option<i64>) -> Vec<Vec<usize>> {
    let by_then = |from: i64| time.is_some_and(|time| from <= time);
    let has_node =
        |node: usize| !roads.closed_nodes.iter().any(|closed| closed.0 == node && by_then(closed.1));
    let has = |link: usize| {
        let (from, to, _) = roads.links[link];
        has_node(from) && has_node(to) && !roads.closed.iter().any(|c| c.link == link && by_then(c.from))
    };
    let is_site = |node: usize| roads.sites.iter().any(|site| site.0 == node) && has_node(node);
    let mut ways = Vec::new();
    let mut begun: Vec<Vec<usize>> = Vec::new();
    let starts: BTreeSet<usize> = roads.zones.iter().map(|zone| zone.0).collect();
    begun.extend(
        (0..roads.links.len()).filter(|&l| has(l) && starts.contains(&roads.links[l].0)).map(|l| vec![l]),
    );
    while let Some(way) = begun.pop() {
        let last = way[way.len() - 1];
        if is_site(roads.links[last].1) {
            ways.push(way);
            continue;
        }
        for next in (0..roads.links.len()).filter(|&next| has(next)) {
            let goes_on = roads.links[next].0 == roads.links[last].1 && !roads.banned.contains(&(last, next));
            if goes_on && !way.contains(&next) {
                begun.push(way.iter().copied().chain([next]).collect());
            }
        }
    }
    ways
}

/// The most ways of which no two are in conflict.
fn most(ways: &[Vec<usize>], conflict: &dyn Fn(&[usize], &[usize]) -> bool) -> usize {
    let Some((first, rest)) = ways.split_first() else { return 0 };
    let free: Vec<Vec<usize>> = rest.iter().filter(|way| !conflict(first, way)).cloned().collect();
    (1 + most(&free, conflict)).max(most(rest, conflict))
}

fn inner(roads: &Roads, way: &[usize]) -> BTreeSet<usize> {
    way[..way.len() - 1].iter().map(|&link| roads.links[link].1).collect()
}

fn share_a_road(roads: &Roads, a: &[usize], b: &[usize]) -> bool {
    let ends = |link: usize| (roads.links[link].0, roads.links[link].1);
    a.iter().any(|&x| b.iter().any(|&y| x == y || ends(x) == (ends(y).1, ends(y).0)))
}

fn share_a_junction(roads: &Roads, a: &[usize], b: &[usize]) -> bool {
    a.iter().any(|link| b.contains(link)) || !inner(roads, a).is_disjoint(&inner(roads, b))
}

/// What is claimed holds, whatever the way in which it was found.
fn holds<S>(
    found: &DisjointWays<S>,
    network: &Network,
    all: &[Vec<usize>],
    conflict: &dyn Fn(&[usize], &[usize]) -> bool,
) {
    let witnesses: Vec<Vec<usize>> = found.ways.iter().map(|way| rows(network, &way.links)).collect();
    for (at, way) in witnesses.iter().enumerate() {
        assert!(all.contains(way), "{way:?} is no way");
        assert!(witnesses[..at].iter().all(|other| !conflict(way, other)), "{witnesses:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn as_many_ways_are_found_as_trying_all_of_them_finds(roads in any_roads(), time in proptest::option::of(0..HORIZON)) {
        let starts: BTreeSet<usize> = roads.zones.iter().map(|zone| zone.0).collect();
        prop_assume!(roads.sites.iter().all(|site| !starts.contains(&site.0)));
        let all = all_ways(&roads, time);
        // the brute force takes too long on more
        prop_assume!(all.len() < 40);
        let network = one_zone(&roads);
        let found = WayCounter::new(&network).ways_out(ZoneIndex::from(0), time);
        let by_road = |a: &[usize], b: &[usize]| share_a_road(&roads, a, b);
        let by_junction = |a: &[usize], b: &[usize]| share_a_junction(&roads, a, b);
        holds(&found.roads, &network, &all, &by_road);
        holds(&found.junctions, &network, &all, &by_junction);
        let (roads_most, junctions_most) = (most(&all, &by_road), most(&all, &by_junction));
        prop_assert!(found.roads.at_least() <= roads_most && roads_most <= found.roads.at_most);
        prop_assert!(found.junctions.at_least() <= junctions_most && junctions_most <= found.junctions.at_most);
        prop_assert_eq!(found.roads.at_least() == 0, all.is_empty());
        if roads.banned.is_empty() {
            prop_assert_eq!((found.roads.at_least(), found.roads.at_most), (roads_most, roads_most));
            prop_assert_eq!((found.junctions.at_least(), found.junctions.at_most), (junctions_most, junctions_most));
        }
        if found.roads.at_least() == 1 && found.roads.at_most == 1 {
            let common: BTreeSet<usize> = (0..roads.links.len()).filter(|link| all.iter().all(|way| way.contains(link))).collect();
            prop_assert_eq!(rows(&network, &found.roads.shared).into_iter().collect::<BTreeSet<_>>(), common);
        }
        if found.junctions.at_least() == 1 && found.junctions.at_most == 1 {
            for node in nodes(&found.junctions.shared) {
                prop_assert!(all.iter().all(|way| inner(&roads, way).contains(&node)), "{} is passed by all", node);
            }
        }
        if found.roads.at_least() == 2 && found.roads.at_most == 2 {
            let cut = rows(&network, &found.roads.shared);
            prop_assert_eq!(cut.len(), 2);
            prop_assert!(all.iter().all(|way| way.iter().any(|link| cut.contains(link))), "the cut disconnects");
        }
    }

    #[test]
    fn counts_over_time_are_those_of_each_moment(roads in any_roads()) {
        let network = one_zone(&roads);
        let counter = WayCounter::new(&network);
        let changes = counter.over_time(ZoneIndex::from(0));
        for time in 0..HORIZON {
            let now = counter.ways_out(ZoneIndex::from(0), Some(time));
            let latest = changes.iter().rev().find(|change| change.0.is_none_or(|from| from <= time)).unwrap();
            prop_assert_eq!(latest.1.roads.at_most, now.roads.at_most, "at {}", time);
            prop_assert_eq!(latest.1.needs_no_road, now.needs_no_road);
        }
        let first = element(&network, 0);
        prop_assert!(network.is_link(first));
    }
}
