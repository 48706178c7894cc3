//! Quantiles of a figure over the runs of a design.

use crate::report::StudyQuantiles;
use clearway_simulate::quantile::weighted_quantile;

/// Quantiles of figures with weights; `None` is never, which is later than everything. `None` for no runs at all.
pub fn quantiles(figure: &str, unit: &str, values: &[(Option<f64>, f64)]) -> Option<StudyQuantiles> {
    let mut sorted: Vec<(f64, f64)> = values
        .iter()
        .filter(|(_, weight)| *weight > 0.0)
        .map(|&(value, weight)| (value.unwrap_or(f64::INFINITY), weight))
        .collect();
    if sorted.is_empty() {
        return None;
    }
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: f64| weighted_quantile(&sorted, share);
    let never: f64 = sorted.iter().filter(|(value, _)| value.is_infinite()).map(|(_, weight)| weight).sum();
    let all: f64 = sorted.iter().map(|(_, weight)| weight).sum();
    let there = || sorted.iter().filter(|(value, _)| value.is_finite());
    let there_weight: f64 = there().map(|(_, weight)| weight).sum();
    Some(StudyQuantiles {
        figure: figure.to_owned(),
        unit: unit.to_owned(),
        mean: (there_weight > 0.0)
            .then(|| there().map(|(value, weight)| value * weight).sum::<f64>() / there_weight),
        p5: at(0.05),
        p10: at(0.1),
        p25: at(0.25),
        p50: at(0.5),
        p75: at(0.75),
        p90: at(0.9),
        p95: at(0.95),
        never_share: never / all,
        runs: u32::try_from(sorted.len()).unwrap_or(u32::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_of_runs() {
        let values: Vec<(Option<f64>, f64)> =
            (1..=10).rev().map(|value| (Some(f64::from(value)), 1.0)).collect();
        let found = quantiles("t90_s", "s", &values).unwrap();
        assert_eq!(
            [found.p5, found.p10, found.p25, found.p50, found.p75, found.p90, found.p95],
            [1.0, 1.0, 3.0, 5.0, 8.0, 9.0, 10.0].map(Some)
        );
        assert_eq!((found.mean, found.never_share, found.runs), (Some(5.5), 0.0, 10));
        assert_eq!(quantiles("t90_s", "s", &[(Some(1.0), 0.0)]), None);
    }

    #[test]
    fn what_never_happens_is_later_than_all_and_weights_count() {
        let found = quantiles("t90_s", "s", &[(None, 0.3), (Some(4.0), 0.2), (Some(2.0), 0.5)]).unwrap();
        assert_eq!((found.p50, found.p75, found.p90), (Some(2.0), None, None));
        assert_eq!(found.mean, Some((0.2 * 4.0 + 0.5 * 2.0) / 0.7));
        assert!((found.never_share - 0.3).abs() < 1e-12);
    }
}
