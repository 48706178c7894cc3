//! The rule by which a quantile of many runs is told, of an ensemble and of a study alike.

/// The smallest value that runs of at least this share of the weight do not exceed (no interpolation: it is the value of a run). `sorted`
/// ascending, of value and weight; what never happens is infinite. `None` without runs, or where it never happens.
pub fn weighted_quantile(sorted: &[(f64, f64)], share: f64) -> Option<f64> {
    let all: f64 = sorted.iter().map(|(_, weight)| weight).sum();
    let mut reached = 0.0;
    let found = sorted.iter().find(|(_, weight)| {
        reached += weight;
        // noise of floating point aside: a tenth of ten runs is one of them
        reached >= share * all - 1e-9 * all
    });
    found.or(sorted.last()).map(|(value, _)| *value).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_of_runs() {
        let values: Vec<(f64, f64)> = (1..=10).map(|value| (f64::from(value), 1.0)).collect();
        assert_eq!(
            [0.05, 0.1, 0.5, 0.9, 0.95].map(|share| weighted_quantile(&values, share)),
            [1.0, 1.0, 5.0, 9.0, 10.0].map(Some)
        );
        assert_eq!(weighted_quantile(&[(1.0, 1.0), (f64::INFINITY, 1.0)], 0.9), None);
        assert_eq!(weighted_quantile(&[], 0.5), None);
    }

    #[test]
    fn weights_count() {
        let values = [(2.0, 0.5), (4.0, 0.2), (f64::INFINITY, 0.3)];
        assert_eq!(
            [0.5, 0.7, 0.75].map(|share| weighted_quantile(&values, share)),
            [Some(2.0), Some(4.0), None]
        );
    }
}
