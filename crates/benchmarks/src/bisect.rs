//! Compact groups of about equal weight, as `clearway new` makes its zones.

use clearway_model::number::float;

/// Cuts points, given by index, into at most `count` groups: across the longer side of their box, where the weights are
/// nearest to floor(k/2) : ceil(k/2). Points of one place stay together.
pub(crate) fn bisect(
    points: &[(f64, f64)],
    weights: &[f64],
    members: Vec<usize>,
    count: usize,
) -> Vec<Vec<usize>> {
    let mut groups = Vec::with_capacity(count);
    let mut stack = vec![(members, count.max(1))];
    while let Some((group, count)) = stack.pop() {
        if group.is_empty() {
            continue;
        }
        match (count > 1).then(|| cut(points, weights, &group, count)).flatten() {
            Some((first, second)) => {
                stack.push((second, count - count / 2));
                stack.push((first, count / 2));
            }
            None => groups.push(group),
        }
    }
    groups
}

fn cut(
    points: &[(f64, f64)],
    weights: &[f64],
    group: &[usize],
    count: usize,
) -> Option<(Vec<usize>, Vec<usize>)> {
    let extent = |of: fn(&(f64, f64)) -> f64| {
        let values = || group.iter().map(|&at| of(&points[at]));
        values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
    };
    let by_x = extent(|p| p.0) >= extent(|p| p.1);
    let place = |at: usize| if by_x { points[at].0 } else { -points[at].1 };
    let mut order = group.to_vec();
    order.sort_by(|&a, &b| place(a).total_cmp(&place(b)).then(a.cmp(&b)));
    let total: f64 = order.iter().map(|&at| weights[at]).sum();
    let target = total * float(count / 2) / float(count);
    let (mut before, mut best) = (0.0, None);
    for at in 1..order.len() {
        before += weights[order[at - 1]];
        let miss = (before - target).abs();
        // never between two points of one place
        if place(order[at - 1]) < place(order[at]) && best.is_none_or(|(least, _)| miss < least) {
            best = Some((miss, at));
        }
    }
    let second = order.split_off(best?.1);
    Some((order, second))
}
