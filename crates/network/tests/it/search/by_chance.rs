//! Small random roads with closures and prohibited turns, against a search that tries every millisecond.

use super::from_node;
use crate::roads::{Closed, HORIZON, Roads, element};
use clearway_network::search::{
    ArrivalSearch, JourneyStart, SettleBy, TurnRule, free_times_to_sites, latest_entries, latest_entry,
    next_entry,
};
use clearway_network::{ElementIndex, NodeIndex};
use proptest::prelude::*;

const NODES: usize = 5;

fn roads() -> impl Strategy<Value = Roads> {
    let link = (0..NODES, 0..NODES, 1i64..9).prop_filter("no loops", |link| link.0 != link.1);
    let links = proptest::collection::vec(link, 3..10);
    let closed = proptest::collection::vec((0usize..10, 0..HORIZON, 1i64..25, any::<bool>()), 0..6);
    let banned = proptest::collection::vec((0usize..10, 0usize..10), 0..8);
    (links, closed, banned).prop_map(|(links, closed, banned)| {
        let count = links.len();
        let closed = closed.into_iter().map(|(link, from, long, to_presence)| Closed {
            link: link % count,
            from,
            until: from + long,
            to_presence,
        });
        Roads {
            nodes: NODES,
            closed: closed.collect(),
            banned: banned.into_iter().map(|turn| (turn.0 % count, turn.1 % count)).collect(),
            links,
            ..Roads::default()
        }
    })
}

/// Whether a link may be entered at a time, straight from the rules.
fn is_open(roads: &Roads, link: usize, t: i64) -> bool {
    let past = t + roads.links[link].2;
    let is_shut = |c: &Closed| t < c.until && if c.to_presence { past >= c.from } else { t >= c.from };
    (0..HORIZON).contains(&t) && !roads.closed.iter().any(|c| c.link == link && is_shut(c))
}

/// Per link the first time at which it can be entered from node 0, by going through every millisecond in which one may wait or go on.
fn by_every_millisecond(roads: &Roads, start: i64) -> Vec<Option<i64>> {
    let count = roads.links.len();
    let mut first = vec![None; count];
    // Whether one can be at the end of a link at a time; the last row is the beginning.
    let mut there = vec![vec![false; 2 * HORIZON as usize]; count + 1];
    there[count][start as usize] = true;
    for t in start..HORIZON {
        for before in 0..=count {
            if !there[before][t as usize] {
                continue;
            }
            there[before][t as usize + 1] = true;
            let node = roads.links.get(before).map_or(0, |link| link.1);
            for next in 0..count {
                let goes_on = roads.links[next].0 == node && !roads.banned.contains(&(before, next));
                if goes_on && is_open(roads, next, t) {
                    first[next].get_or_insert(t);
                    there[next][(t + roads.links[next].2) as usize] = true;
                }
            }
        }
    }
    first
}

proptest! {
    #[test]
    fn earliest_entries_are_those_of_a_search_through_every_millisecond(roads in roads(), start in 0..HORIZON) {
        let network = roads.network();
        let expected = by_every_millisecond(&roads, start);
        for settle_by in [SettleBy::Entry, SettleBy::Exit] {
            let search = from_node(&network, 0, start, settle_by);
            for (link, expected) in expected.iter().enumerate() {
                prop_assert_eq!(search.entered(element(&network, link)), *expected, "link {}", link);
            }
        }
    }

    #[test]
    fn every_way_that_is_found_can_be_gone_in_its_time(
        roads in roads(),
        start in 0..HORIZON,
        closed_nodes in proptest::collection::vec((0..NODES, 0..HORIZON, 1i64..20), 0..4),
    ) {
        let without = by_every_millisecond(&roads, start);
        let closed_nodes = closed_nodes.into_iter().map(|(node, from, long)| (node, from, from + long)).collect();
        let roads = Roads { closed_nodes, ..roads };
        let network = roads.network();
        let search = from_node(&network, 0, start, SettleBy::Exit);
        for (link, without) in without.iter().enumerate() {
            let last = element(&network, link);
            let Some(entered) = search.entered(last) else { continue };
            prop_assert!(without.is_some_and(|without| without <= entered), "a closed node makes nothing faster");
            let way = search.way_to(last);
            let (times, end) = network.times_along(&way, start).unwrap();
            prop_assert_eq!(times.last(), Some(&entered));
            prop_assert_eq!(end, entered + roads.links[link].2);
            prop_assert_eq!(network.node_before(way[0]), Some(0.into()));
            for turn in way.windows(2) {
                prop_assert_eq!(network.node_after(turn[0]), network.node_before(turn[1]));
                prop_assert!(!network.banned.contains(&(turn[0], turn[1])));
            }
        }
    }

    #[test]
    fn who_enters_by_the_latest_entry_comes_in_time_and_nobody_later_does(roads in roads(), by in 0..HORIZON) {
        let network = roads.network();
        let back = |element: ElementIndex, out: i64| {
            let data = &network.elements[element];
            latest_entry(&data.open, out - data.tau).map(|entry| entry.time)
        };
        let goal = element(&network, 0);
        let Some(last) = latest_entry(&network.elements[goal].open, by) else { return Ok(()) };
        let labels = latest_entries(&network, &[(goal, last.time)], TurnRule::AsGiven, back);
        let mut search = ArrivalSearch::default();
        for first in network.elements.keys() {
            for t in 0..HORIZON {
                let departure = JourneyStart { starts: &[(first, t)], settle_by: SettleBy::Entry, target: None };
                search.run(&network, departure, |element, t| network.entry_after(element, t));
                let in_time = search.entered(goal).is_some_and(|entered| entered <= by);
                let entered = next_entry(&network.elements[first].open, t);
                let is_early = entered.is_some_and(|entered| labels[first].is_some_and(|l| entered <= l));
                prop_assert_eq!(in_time, is_early, "from element {:?} at {}", first, t);
            }
        }
    }

    #[test]
    fn the_order_of_the_rows_changes_no_time(roads in roads(), start in 0..HORIZON, by in 1usize..9) {
        let count = roads.links.len();
        let moved = |link: usize| (link + by) % count;
        let mut other = roads.clone();
        for (link, row) in roads.links.iter().enumerate() {
            other.links[moved(link)] = *row;
        }
        other.closed = roads.closed.iter().rev().map(|c| Closed { link: moved(c.link), ..*c }).collect();
        other.banned = roads.banned.iter().rev().map(|turn| (moved(turn.0), moved(turn.1))).collect();
        let (network, other) = (roads.network(), other.network());
        let search = from_node(&network, 0, start, SettleBy::Exit);
        let again = from_node(&other, 0, start, SettleBy::Exit);
        for link in 0..count {
            prop_assert_eq!(
                search.entered(element(&network, link)),
                again.entered(element(&other, moved(link)))
            );
        }
    }

    #[test]
    fn no_journey_to_a_site_takes_less_than_the_free_time(
        roads in roads(),
        start in 0..HORIZON,
        sites in proptest::collection::vec((0..NODES, 0i64..5), 1..3),
    ) {
        let roads = Roads { sites, ..roads };
        let network = roads.network();
        let times = free_times_to_sites(&network);
        for node in 0..NODES {
            let search = from_node(&network, node, start, SettleBy::Entry);
            let to_site = network.elements.keys().filter(|&element| network.is_to_site(element));
            let arrivals =
                to_site.filter_map(|e| Some(search.entered(e)? + network.elements[e].tau - start));
            if let Some(least) = arrivals.min() {
                prop_assert!(times[NodeIndex::from(node)].is_some_and(|free| free <= least));
            }
            if roads.closed.is_empty() && roads.banned.is_empty() && start < 5 {
                let arrival = network.elements.keys()
                    .filter(|&element| network.is_to_site(element))
                    .filter_map(|e| Some(search.entered(e)? + network.elements[e].tau - start))
                    .min();
                prop_assert_eq!(times[NodeIndex::from(node)], arrival);
            }
        }
    }
}
