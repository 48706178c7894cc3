//! Cuts a cloud of weighted points into compact groups of about equal weight.
//!
//! Recursive bisection: a group that must become k groups is cut across its longer side where the weights are nearest to
//! k/2 : k - k/2, and so on. The same points give the same groups, and each group has a box of its own; the boxes tile the
//! frame without gap or overlap.

use crate::plane::{LonLat, LonLatBox, MetrePlane};

/// A box and the points in it, as indices.
#[derive(Debug, Clone)]
pub(crate) struct PointBox {
    pub(crate) frame: LonLatBox,
    pub(crate) members: Vec<usize>,
}

/// Cuts the points into `count` cells in the order from north-west to south-east. There are fewer if there are too few distinct
/// points. No weight is lost; a cell without weight is possible only where points have none.
pub(crate) fn bisect(
    points: &[LonLat],
    weights: &[u64],
    count: usize,
    frame: LonLatBox,
    plane: MetrePlane,
) -> Vec<PointBox> {
    let mut cells = Vec::with_capacity(count);
    let mut stack = vec![(PointBox { frame, members: (0..points.len()).collect() }, count.max(1))];
    while let Some((cell, count)) = stack.pop() {
        match (count > 1).then(|| cut(&cell, points, weights, count, plane)).flatten() {
            Some((first, second)) => {
                stack.push((second, count - count / 2));
                stack.push((first, count / 2));
            }
            None => cells.push(cell),
        }
    }
    cells
}

/// The northern or western part, to become count/2 cells, and the rest; `None` if all points are in one place.
fn cut(
    cell: &PointBox,
    points: &[LonLat],
    weights: &[u64],
    count: usize,
    plane: MetrePlane,
) -> Option<(PointBox, PointBox)> {
    let extent = LonLatBox::around(cell.members.iter().map(|&i| points[i]))?;
    let (low, high) = (plane.metres(extent.min), plane.metres(extent.max));
    let axes = if high[0] - low[0] >= high[1] - low[1] { [0, 1] } else { [1, 0] };
    axes.into_iter().find_map(|axis| cut_across(cell, points, weights, count, axis))
}

fn cut_across(
    cell: &PointBox,
    points: &[LonLat],
    weights: &[u64],
    count: usize,
    axis: usize,
) -> Option<(PointBox, PointBox)> {
    let northward = axis == 1;
    let mut order = cell.members.clone();
    order.sort_by(|&a, &b| {
        let along = points[a][axis].total_cmp(&points[b][axis]);
        (if northward { along.reverse() } else { along }).then(a.cmp(&b))
    });
    let total: u128 = order.iter().map(|&i| u128::from(weights[i])).sum();
    let target = total * (count / 2) as u128;
    let mut before: u128 = 0;
    let mut best: Option<(u128, usize)> = None;
    for at in 1..order.len() {
        before += u128::from(weights[order[at - 1]]);
        // Points of the same coordinate stay together, else the boxes would not hold their own points.
        if points[order[at - 1]][axis] != points[order[at]][axis] {
            let miss = (before * count as u128).abs_diff(target);
            if best.is_none_or(|(least, _)| miss < least) {
                best = Some((miss, at));
            }
        }
    }
    let (_, at) = best?;
    let line = (points[order[at - 1]][axis] + points[order[at]][axis]) / 2.0;
    let (mut first, mut second) = (cell.frame, cell.frame);
    if northward {
        first.min[1] = line;
        second.max[1] = line;
    } else {
        first.max[0] = line;
        second.min[0] = line;
    }
    let rest = order.split_off(at);
    Some((PointBox { frame: first, members: order }, PointBox { frame: second, members: rest }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FRAME: LonLatBox = LonLatBox { min: [0.0, 0.0], max: [1.0, 1.0] };

    #[test]
    fn four_corners_in_reading_order() {
        let points = [[0.9, 0.1], [0.1, 0.1], [0.9, 0.9], [0.1, 0.9]];
        let cells = bisect(&points, &[1; 4], 4, FRAME, MetrePlane::new([0.5, 0.5]));
        let members: Vec<_> = cells.iter().map(|c| c.members.clone()).collect();
        assert_eq!(members, [[3], [2], [1], [0]], "north first: its degrees are the longer; then west first");
        assert_eq!(cells[0].frame, LonLatBox { min: [0.0, 0.5], max: [0.5, 1.0] });
    }

    #[test]
    fn one_place_cannot_be_cut() {
        assert_eq!(bisect(&[[0.5, 0.5]; 3], &[1; 3], 3, FRAME, MetrePlane::new([0.5, 0.5])).len(), 1);
    }

    proptest! {
        #[test]
        fn every_point_is_in_one_cell_and_in_its_box(
            raw in prop::collection::vec((0u8..20, 0u8..20, 0u64..50), 1..200), count in 1usize..40
        ) {
            let points: Vec<LonLat> = raw.iter().map(|&(x, y, _)| [f64::from(x) / 20.0, f64::from(y) / 20.0]).collect();
            let weights: Vec<u64> = raw.iter().map(|&(_, _, w)| w).collect();
            let cells = bisect(&points, &weights, count, FRAME, MetrePlane::new([0.5, 0.5]));
            prop_assert!(cells.len() <= count);
            let mut seen: Vec<usize> = cells.iter().flat_map(|c| c.members.clone()).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..points.len()).collect::<Vec<_>>());
            for cell in &cells {
                prop_assert!(cell.members.iter().all(|&i| cell.frame.covers(points[i])));
            }
        }
    }
}
