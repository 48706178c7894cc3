//! Ways joined to rings, and rings with the holes in them.

use std::collections::{HashMap, HashSet};

/// Ways joined end to end to closed rings, in the order of the ways; `None` where an end is left open or a ring has no three corners.
pub(crate) fn joined(ways: Vec<Vec<i64>>) -> Option<Vec<Vec<i64>>> {
    let mut at_end: HashMap<i64, Vec<usize>> = HashMap::new();
    for (way, nodes) in ways.iter().enumerate() {
        for end in [nodes.first()?, nodes.last()?] {
            at_end.entry(*end).or_default().push(way);
        }
    }
    let mut used = vec![false; ways.len()];
    let mut rings = Vec::new();
    for begin in 0..ways.len() {
        if std::mem::replace(&mut used[begin], true) {
            continue;
        }
        let mut ring = ways[begin].clone();
        while ring.first() != ring.last() {
            let end = *ring.last()?;
            let next = *at_end.get(&end)?.iter().find(|way| !used[**way])?;
            used[next] = true;
            let mut more = ways[next].clone();
            if more.first() != Some(&end) {
                more.reverse();
            }
            ring.extend(more.into_iter().skip(1));
        }
        for loop_ in loops(ring) {
            if loop_.len() < 4 {
                return None;
            }
            rings.push(loop_);
        }
    }
    Some(rings)
}

/// A closed ring as the loops that it makes: rings that touch in a node may have been joined to one.
fn loops(ring: Vec<i64>) -> Vec<Vec<i64>> {
    let mut found = Vec::new();
    let mut open: Vec<i64> = Vec::new();
    let mut at: HashMap<i64, usize> = HashMap::new();
    for node in ring {
        let Some(&begin) = at.get(&node) else {
            at.insert(node, open.len());
            open.push(node);
            continue;
        };
        let mut closed = open.split_off(begin + 1);
        for node in &closed {
            at.remove(node);
        }
        closed.insert(0, node);
        closed.push(node);
        // the same node twice in a row is no loop
        if closed.len() > 2 {
            found.push(closed);
        }
    }
    found
}

type Corner = [f64; 2];

/// Outer rings, each with the holes that lie in it; `None` where a hole lies in none of them or a ring encloses nothing.
pub(crate) fn with_holes(outer: Vec<Vec<Corner>>, holes: Vec<Vec<Corner>>) -> Option<Vec<Vec<Vec<Corner>>>> {
    if outer.iter().chain(&holes).any(|ring| twice_area(ring) == 0.0) {
        return None;
    }
    let mut polygons: Vec<Vec<Vec<Corner>>> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        let around = polygons
            .iter()
            .enumerate()
            .filter(|(_, polygon)| lies_in(&hole, &polygon[0]))
            .min_by(|(_, a), (_, b)| twice_area(&a[0]).abs().total_cmp(&twice_area(&b[0]).abs()))
            .map(|(at, _)| at)?;
        polygons[around].push(hole);
    }
    Some(polygons)
}

/// Whether a ring lies in another, by its first corner that is none of the other's.
fn lies_in(hole: &[Corner], ring: &[Corner]) -> bool {
    let corners: HashSet<[u64; 2]> = ring.iter().map(|corner| corner.map(f64::to_bits)).collect();
    let own = hole.iter().find(|corner| !corners.contains(&corner.map(f64::to_bits)));
    own.is_none_or(|&[x, y]| {
        let crosses = |pair: &&[Corner]| {
            let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
            (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
        };
        ring.windows(2).filter(crosses).count() % 2 == 1
    })
}

fn twice_area(ring: &[Corner]) -> f64 {
    let Some(&[x0, y0]) = ring.first() else { return 0.0 };
    ring.windows(2)
        .map(|pair| (pair[0][0] - x0) * (pair[1][1] - y0) - (pair[1][0] - x0) * (pair[0][1] - y0))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_joined_whichever_way_they_run() {
        let rings = joined(vec![vec![1, 2, 3], vec![5, 4, 3], vec![7, 8, 9, 7], vec![1, 6, 5]]).unwrap();
        assert_eq!(rings, [vec![1, 2, 3, 4, 5, 6, 1], vec![7, 8, 9, 7]]);
        assert_eq!(joined(vec![vec![1, 2, 3], vec![3, 4]]), None, "an open end");
        assert_eq!(joined(vec![vec![1, 2, 1]]), None, "nothing inside");
        assert_eq!(joined(vec![vec![]]), None);
    }

    #[test]
    fn rings_that_touch_in_a_node_stay_two() {
        // two loops that meet in node 3, by ways of which the second could go on with either
        let rings = joined(vec![vec![1, 2, 3], vec![3, 5, 6], vec![3, 4, 1], vec![6, 7, 3]]).unwrap();
        assert_eq!(rings, [vec![3, 5, 6, 7, 3], vec![1, 2, 3, 4, 1]]);
    }

    fn square(from: f64, to: f64) -> Vec<Corner> {
        vec![[from, from], [to, from], [to, to], [from, to], [from, from]]
    }

    #[test]
    fn a_hole_goes_to_the_smallest_ring_around_it() {
        let polygons =
            with_holes(vec![square(0.0, 9.0), square(2.0, 7.0)], vec![square(3.0, 4.0), square(0.0, 1.0)]);
        let polygons = polygons.unwrap();
        assert_eq!(polygons.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(polygons[1][1], square(3.0, 4.0));
        assert_eq!(polygons[0][1], square(0.0, 1.0), "a hole that shares a corner with its ring");
        assert_eq!(with_holes(vec![square(0.0, 1.0)], vec![square(5.0, 6.0)]), None);
        assert_eq!(with_holes(vec![vec![[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 0.0]]], vec![]), None);
    }
}
