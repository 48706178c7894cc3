//! Variance-based indices: which share of the variance of a figure goes back to an input alone (first order), and which to it together with
//! whatever acts with it (total).
//!
//! Of a sample the estimators of A. Saltelli, P. Annoni, I. Azzini, F. Campolongo, M. Ratto, S. Tarantola, Computer Physics Communications
//! 181 (2010) 259-270: first order by equation (b) of their table 2, total by equation (f), which is of M. J. W. Jansen, Computer Physics
//! Communications 117 (1999) 35-43. With runs `a`, `b` of the two base samples and `ab` of the first with the input from the second, and
//! `V` the variance of all base runs,
//!
//! ```text
//! first = mean(b (ab - a)) / V        total = mean((a - ab)^2) / (2 V)
//! ```
//!
//! of figures less the mean of all runs, which changes nothing in the mean and makes the first less spread. Intervals are percentiles of a
//! bootstrap over the rows (B. Efron, Annals of Statistics 7 (1979) 1-26). Rows of a Latin hypercube are spread more evenly than the
//! bootstrap takes them to be, so that intervals are rather too wide than too narrow.
//!
//! Of a factorial design with weights both are what their definition says, exactly: variances of means over the grid.

use crate::design::{DesignInput, below, stream};
use crate::report::SobolIndex;
use clearway_model::number::float;

/// Draws of the bootstrap.
const RESAMPLES: usize = 1000;
/// Fewer rows than this have no interval.
const FEWEST_ROWS: usize = 8;

/// A row of the design with all its figures.
struct FigureRow {
    a: f64,
    b: f64,
    exchanged: Vec<f64>,
}

/// Indices of one figure for all inputs. `figures` of all runs in the order of [`crate::design::points`]; `None`: it failed, or never
/// happens. Rows in which one is missing are left out. Empty where the figure does not vary.
pub fn indices(
    inputs: &[DesignInput<'_>],
    figure: &str,
    figures: &[Option<f64>],
    seed: u64,
) -> Vec<SobolIndex> {
    let rows: Vec<FigureRow> = figures.chunks_exact(inputs.len() + 2).filter_map(FigureRow::of).collect();
    let all = figures.len() / (inputs.len() + 2);
    let order: Vec<usize> = (0..rows.len()).collect();
    let Some(found) = estimates(&rows, &order, inputs.len()) else { return Vec::new() };
    let resampled = if rows.len() < FEWEST_ROWS { Vec::new() } else { resamples(&rows, inputs.len(), seed) };
    inputs
        .iter()
        .enumerate()
        .map(|(at, input)| {
            let [first_low, first_high] = interval(&resampled, |of| of[at].0);
            let [total_low, total_high] = interval(&resampled, |of| of[at].1);
            SobolIndex {
                input: input.name.to_owned(),
                figure: figure.to_owned(),
                first: found[at].0,
                first_low,
                first_high,
                total: found[at].1,
                total_low,
                total_high,
                rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
                left_out: u32::try_from(all - rows.len()).unwrap_or(u32::MAX),
            }
        })
        .collect()
}

impl FigureRow {
    fn of(figures: &[Option<f64>]) -> Option<Self> {
        let figures: Vec<f64> = figures.iter().copied().collect::<Option<_>>()?;
        let (a, rest) = figures.split_first()?;
        let (b, exchanged) = rest.split_last()?;
        Some(Self { a: *a, b: *b, exchanged: exchanged.to_vec() })
    }
}

/// First and total index of each input from some rows; `None`: the figure does not vary in them.
fn estimates(rows: &[FigureRow], order: &[usize], inputs: usize) -> Option<Vec<(f64, f64)>> {
    let count = float(order.len());
    let mean = order.iter().map(|&row| rows[row].a + rows[row].b).sum::<f64>() / (2.0 * count);
    let sum = |row: &usize| rows[*row].a + rows[*row].b + rows[*row].exchanged.iter().sum::<f64>();
    let centre = order.iter().map(sum).sum::<f64>() / (count * float(inputs + 2));
    let squares = |row: &usize| (rows[*row].a - mean).powi(2) + (rows[*row].b - mean).powi(2);
    let variance = order.iter().map(squares).sum::<f64>() / (2.0 * count);
    // a figure that is the same but for noise of floating point has no variance to share out
    if order.is_empty() || variance <= (1e-12 * mean).powi(2) {
        return None;
    }
    let of = |input: usize| {
        let (mut first, mut total) = (0.0, 0.0);
        for &row in order {
            let FigureRow { a, b, exchanged } = &rows[row];
            first += (b - centre) * (exchanged[input] - a);
            total += (a - exchanged[input]).powi(2);
        }
        (first / count / variance, total / (2.0 * count) / variance)
    };
    Some((0..inputs).map(of).collect())
}

fn resamples(rows: &[FigureRow], inputs: usize, seed: u64) -> Vec<Vec<(f64, f64)>> {
    let mut stream = stream(seed, "sobol", "bootstrap");
    (0..RESAMPLES)
        .filter_map(|_| {
            let order: Vec<usize> = rows.iter().map(|_| below(rows.len(), &mut stream)).collect();
            estimates(rows, &order, inputs)
        })
        .collect()
}

/// Between what 95 of 100 resamples lie.
fn interval(resampled: &[Vec<(f64, f64)>], of: impl Fn(&Vec<(f64, f64)>) -> f64) -> [Option<f64>; 2] {
    let mut values: Vec<f64> = resampled.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    let tail = values.len() / 40;
    [values.get(tail).copied(), values.len().checked_sub(tail + 1).and_then(|at| values.get(at).copied())]
}

/// Indices of one figure over a factorial design, exactly. `points` and `weights` of [`crate::design`]; empty where a run is missing or
/// never happens, since the grid then is not whole, and where the figure does not vary.
pub fn indices_of_grid(
    inputs: &[DesignInput<'_>],
    figure: &str,
    points: &[Vec<f64>],
    weights: &[f64],
    figures: &[Option<f64>],
) -> Vec<SobolIndex> {
    let Some(figures) = figures.iter().copied().collect::<Option<Vec<f64>>>() else { return Vec::new() };
    let mean: f64 = figures.iter().zip(weights).map(|(figure, weight)| figure * weight).sum();
    let variance: f64 =
        figures.iter().zip(weights).map(|(figure, weight)| weight * (figure - mean).powi(2)).sum();
    if figures.is_empty() || variance <= (1e-12 * mean).powi(2) {
        return Vec::new();
    }
    // variance of the means over all runs that are alike in some inputs
    let of_means = |is_alike: &dyn Fn(usize) -> bool| {
        let key = |point: &Vec<f64>| -> Vec<u64> {
            point
                .iter()
                .enumerate()
                .filter(|(at, _)| is_alike(*at))
                .map(|(_, value)| value.to_bits())
                .collect()
        };
        let mut cells: std::collections::BTreeMap<Vec<u64>, (f64, f64)> = std::collections::BTreeMap::new();
        for ((point, weight), figure) in points.iter().zip(weights).zip(&figures) {
            let cell = cells.entry(key(point)).or_insert((0.0, 0.0));
            (cell.0, cell.1) = (cell.0 + weight, cell.1 + weight * figure);
        }
        let filled = cells.into_values().filter(|(weight, _)| *weight > 0.0);
        filled.map(|(weight, sum)| weight * (sum / weight - mean).powi(2)).sum::<f64>()
    };
    let rows = u32::try_from(figures.len()).unwrap_or(u32::MAX);
    inputs
        .iter()
        .enumerate()
        .map(|(at, input)| SobolIndex {
            input: input.name.to_owned(),
            figure: figure.to_owned(),
            first: of_means(&|other| other == at) / variance,
            first_low: None,
            first_high: None,
            total: 1.0 - of_means(&|other| other != at) / variance,
            total_low: None,
            total_high: None,
            rows,
            left_out: 0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{DesignSize, StudyDesign, points, weights};
    use crate::spread::InputSpread;
    use std::f64::consts::PI;

    fn size(samples: u32, levels: u32) -> DesignSize {
        DesignSize { samples, trajectories: 0, levels }
    }

    fn inputs(spreads: &[InputSpread]) -> Vec<DesignInput<'_>> {
        ["x1", "x2", "x3"]
            .into_iter()
            .zip(spreads)
            .map(|(name, spread)| DesignInput { name, spread })
            .collect()
    }

    fn estimated(spreads: &[InputSpread], samples: u32, of: impl Fn(&[f64]) -> f64) -> Vec<SobolIndex> {
        let inputs = inputs(spreads);
        let runs = points(StudyDesign::Sobol, &inputs, size(samples, 0), 1);
        let figures: Vec<Option<f64>> = runs.iter().map(|run| Some(of(run))).collect();
        indices(&inputs, "figure", &figures, 1)
    }

    fn assert_near(found: &[SobolIndex], first: [f64; 3], total: [f64; 3], within: f64) {
        for (at, index) in found.iter().enumerate() {
            assert!((index.first - first[at]).abs() < within, "{index:?}, expected {}", first[at]);
            assert!((index.total - total[at]).abs() < within, "{index:?}, expected {}", total[at]);
            for (low, value, high) in [
                (index.first_low, first[at], index.first_high),
                (index.total_low, total[at], index.total_high),
            ] {
                let (low, high) = (low.unwrap(), high.unwrap());
                assert!(low <= value + 1e-9 && value <= high + 1e-9, "{index:?}: {value}");
            }
        }
    }

    /// The function of T. Ishigami and T. Homma (1990), whose indices are known in closed form: sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1.
    #[test]
    fn indices_of_the_ishigami_function() {
        let (a, b) = (7.0, 0.1);
        let spreads = [(); 3].map(|()| InputSpread::Range([-PI, PI]));
        let of = |x: &[f64]| x[0].sin() + a * x[1].sin().powi(2) + b * x[2].powi(4) * x[0].sin();
        let (v1, v2) = (0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2), a * a / 8.0);
        let v13 = b * b * PI.powi(8) * 8.0 / 225.0;
        let all = v1 + v2 + v13;
        assert!((v1 / all - 0.3139).abs() < 5e-5 && (v2 / all - 0.4424).abs() < 5e-5);
        let found = estimated(&spreads, 4096, of);
        assert_near(&found, [v1 / all, v2 / all, 0.0], [(v1 + v13) / all, v2 / all, v13 / all], 0.05);
        assert!(found.iter().all(|index| index.rows == 4096 && index.left_out == 0));
    }

    /// a x + b y + c z: each has its share a^2 Var(x) of the variance, alone and in all. Of a chance p the variance is p (1 - p).
    #[test]
    fn indices_of_a_linear_model_with_a_list_and_a_chance() {
        let spreads = [
            InputSpread::Range([0.0, 1.0]),
            InputSpread::List(vec![0.0, 1.0, 2.0]),
            InputSpread::Chance(0.3),
        ];
        let of = |x: &[f64]| 100.0 + 3.0 * x[0] + 1.0 * x[1] - 2.0 * x[2];
        let parts = [9.0 / 12.0, 2.0 / 3.0, 4.0 * 0.3 * 0.7];
        let all: f64 = parts.iter().sum();
        assert_near(&estimated(&spreads, 2048, of), parts.map(|v| v / all), parts.map(|v| v / all), 0.04);
    }

    #[test]
    fn the_estimators_by_hand() {
        // two rows of one input: a = 0, 4; ab = b = 2, 6; mean of base runs 3, of all 10/3; V = (9 + 1 + 1 + 9) / 4 = 5
        let spread = InputSpread::Range([0.0, 1.0]);
        let inputs = [DesignInput { name: "x", spread: &spread }];
        let figures = [0.0, 2.0, 2.0, 4.0, 6.0, 6.0].map(Some);
        let found = &indices(&inputs, "f", &figures, 1)[0];
        // ((2 - 10/3) (2 - 0) + (6 - 10/3) (6 - 4)) / 2 / 5 and (4 + 4) / 4 / 5
        assert!((found.first - 4.0 / 15.0).abs() < 1e-12 && (found.total - 0.4).abs() < 1e-12, "{found:?}");
        assert_eq!(found.first_low, None, "too few rows for an interval");
    }

    #[test]
    fn rows_with_something_missing_are_left_out_and_what_does_not_vary_has_no_index() {
        let spread = InputSpread::Range([0.0, 1.0]);
        let inputs = [DesignInput { name: "x", spread: &spread }];
        let figures =
            [Some(0.0), Some(2.0), Some(2.0), Some(1.0), None, Some(1.0), Some(4.0), Some(6.0), Some(6.0)];
        let found = &indices(&inputs, "f", &figures, 1)[0];
        assert_eq!((found.rows, found.left_out), (2, 1));
        assert!((found.first - 4.0 / 15.0).abs() < 1e-12);
        assert!(indices(&inputs, "f", &[Some(5.0); 9], 1).is_empty());
        assert!(indices(&inputs, "f", &[], 1).is_empty());
    }

    #[test]
    fn a_grid_gives_indices_exactly() {
        // x y over {0, 1} x {0, 1, 2} with weights: worked out from the definition
        let spreads = [InputSpread::Chance(0.25), InputSpread::List(vec![0.0, 1.0, 2.0])];
        let inputs = inputs(&spreads);
        let runs = points(StudyDesign::Factorial, &inputs, size(0, 0), 1);
        let weights = weights(StudyDesign::Factorial, &inputs, size(0, 0));
        let figures: Vec<Option<f64>> = runs.iter().map(|run| Some(run[0] * run[1])).collect();
        let found = indices_of_grid(&inputs, "f", &runs, &weights, &figures);
        // E f = 1/4; Var f = 1/4 (0 + 1 + 4)/3 - 1/16 = 17/48; Var E[f|x] = 1 * 3/16; Var E[f|y] = 1/16 * 2/3
        let all = 17.0 / 48.0;
        let (x, y) = (3.0 / 16.0 / all, 1.0 / 24.0 / all);
        assert!((found[0].first - x).abs() < 1e-12 && (found[1].first - y).abs() < 1e-12, "{found:?}");
        assert!((found[0].total - (1.0 - y)).abs() < 1e-12 && (found[1].total - (1.0 - x)).abs() < 1e-12);
        let mut hole = figures;
        hole[2] = None;
        assert!(indices_of_grid(&inputs, "f", &runs, &weights, &hole).is_empty());
    }
}
