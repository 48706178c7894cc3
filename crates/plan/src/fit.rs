//! Whole people at full sites: rounding may send a few more to a site than it holds; they go where there is room.

use crate::orders::PathStream;
use clearway_loading::path::PathPool;
use clearway_network::{Network, PerSite, SiteIndex};
use std::collections::VecDeque;

/// More people than there are: what a site without a capacity holds.
const ANY_NUMBER: i64 = 1 << 61;

/// Moves people between paths of the same zone and departures until no site gets more than it holds; whoever finds no room
/// that way is taken off, the last streams first.
pub fn fit_sites(network: &Network, pool: &PathPool, streams: &mut [PathStream]) {
    let site_of: Vec<SiteIndex> = streams.iter().map(|s| pool.get(s.path).site).collect();
    let departures = departures_of(streams);
    let mut people: Vec<i64> = streams.iter().map(|s| s.people).collect();
    fit_people(network, &mut people, &site_of, &departures);
    for (stream, people) in streams.iter_mut().zip(people) {
        stream.people = people;
    }
}

/// [`fit_sites`] of numbers of people, each with the site they go to and a number that is the same for those who may change places.
pub(crate) fn fit_people(network: &Network, people: &mut [i64], site_of: &[SiteIndex], group: &[usize]) {
    let mut over: PerSite<i64> =
        network.sites.iter().map(|site| -site.capacity.unwrap_or(ANY_NUMBER)).collect();
    for (people, &site) in people.iter().zip(site_of) {
        over[site] += people;
    }
    for full in over.keys() {
        while over[full] > 0 {
            let Some(moves) = path_to_room(full, &over, people, site_of, group) else { break };
            let end = moves.last().map_or(full, |m| site_of[m.1]);
            let least = moves.iter().map(|m| people[m.0]).min().unwrap_or(0);
            let moved = least.min(over[full]).min(-over[end]);
            for (from, to) in moves {
                people[from] -= moved;
                people[to] += moved;
            }
            over[full] -= moved;
            over[end] += moved;
        }
        for (people, _) in people.iter_mut().zip(site_of).rev().filter(|(_, site)| **site == full) {
            let less = over[full].clamp(0, *people);
            *people -= less;
            over[full] -= less;
        }
    }
}

/// Number of the departures of each stream: streams of one zone that leave alike have the same.
fn departures_of(streams: &[PathStream]) -> Vec<usize> {
    let mut numbers = Vec::with_capacity(streams.len());
    for (index, stream) in streams.iter().enumerate() {
        let alike = |other: &PathStream| other.zone == stream.zone && other.schedule == stream.schedule;
        // Streams of a zone stand together.
        let zone = streams[..index].iter().rposition(|s| s.zone != stream.zone).map_or(0, |at| at + 1);
        numbers.push(zone + streams[zone..].iter().position(alike).unwrap_or(index - zone));
    }
    numbers
}

/// The shortest chain of moves (from stream, to stream) that ends at a site with room; breadth first over sites.
fn path_to_room(
    full: SiteIndex,
    over: &PerSite<i64>,
    people: &[i64],
    site_of: &[SiteIndex],
    group: &[usize],
) -> Option<Vec<(usize, usize)>> {
    let mut alike: Vec<Vec<usize>> = vec![Vec::new(); people.len()];
    for (index, &number) in group.iter().enumerate() {
        alike[number].push(index);
    }
    let mut at_site: PerSite<Vec<usize>> = vec![Vec::new(); over.len()].into();
    for (index, &site) in site_of.iter().enumerate() {
        at_site[site].push(index);
    }
    let mut came: PerSite<Option<(usize, usize)>> = vec![None; over.len()].into();
    let mut queue = VecDeque::from([full]);
    while let Some(site) = queue.pop_front() {
        for &from in at_site[site].iter().rev().filter(|&&from| people[from] > 0) {
            for &to in &alike[group[from]] {
                let next = site_of[to];
                if next == full || came[next].is_some() {
                    continue;
                }
                came[next] = Some((from, to));
                if over[next] < 0 {
                    return Some(chain(full, next, &came, site_of));
                }
                queue.push_back(next);
            }
        }
    }
    None
}

/// The moves by which the search came from the full site to another, the first one first.
fn chain(
    full: SiteIndex,
    end: SiteIndex,
    came: &PerSite<Option<(usize, usize)>>,
    site_of: &[SiteIndex],
) -> Vec<(usize, usize)> {
    let mut moves = Vec::new();
    let mut site = end;
    while site != full {
        let Some(step) = came[site] else { break };
        moves.push(step);
        site = site_of[step.0];
    }
    moves.reverse();
    moves
}
