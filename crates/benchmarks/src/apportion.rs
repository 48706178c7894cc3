//! Whole numbers in proportion to weights.

use clearway_model::number::{float, floor};

/// Shares out a total by the largest remainder: everyone gets the whole part of their share, those with the largest
/// remainders one more, ties to the earlier. The sum is exactly the total. Without weight all count alike.
///
/// ```
/// assert_eq!(clearway_benchmarks::apportion::apportion(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
/// ```
pub fn apportion(total: i64, weights: &[f64]) -> Vec<i64> {
    let sum: f64 = weights.iter().sum();
    let weight = |at: usize| if sum > 0.0 { weights[at] / sum } else { 1.0 / float(weights.len()) };
    let exact: Vec<f64> = (0..weights.len()).map(|at| float(total) * weight(at)).collect();
    let mut shares: Vec<i64> = exact.iter().map(|share| floor(*share)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| {
        (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b))
    });
    let missing = total - shares.iter().sum::<i64>();
    for &at in order.iter().cycle().take(usize::try_from(missing).unwrap_or(0)) {
        shares[at] += 1;
    }
    shares
}
