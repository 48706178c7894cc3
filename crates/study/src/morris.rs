//! Elementary effects: what a figure changes when one input makes a step and the others stay, over the whole spread of all of them.
//!
//! M. D. Morris, Technometrics 33 (1991) 161-174, with the mean of absolute effects by F. Campolongo, J. Cariboni, A. Saltelli, Environmental
//! Modelling & Software 22 (2007) 1509-1518. A range has 4 levels, and a step is two thirds of it, so that all levels are equally likely
//! (Morris, section 3). Of a list a step goes to any other of its values, of a chance to the other one. An effect is scaled to a step from
//! the smallest value of an input to its largest.

use crate::design::{DesignInput, RunValues, below, shuffled, stream};
use crate::report::ElementaryEffect;
use crate::spread::InputSpread;
use clearway_model::number::float;

/// Levels of a range.
const LEVELS: u32 = 4;

/// Runs of some trajectories, one after the other, each of `inputs + 1` runs: from any point each input makes one step, in any order.
pub(crate) fn trajectories(inputs: &[DesignInput<'_>], count: u32, seed: u64) -> Vec<RunValues> {
    let mut runs = Vec::new();
    for number in 0..count {
        let mut order = stream(seed, "morris order", &number.to_string());
        let steps: Vec<[f64; 2]> = inputs
            .iter()
            .map(|input| {
                let mut stream = stream(seed, &format!("morris {number}"), input.name);
                let mut ends = step(input.spread, &mut stream);
                if stream.uniform() < 0.5 {
                    ends.reverse();
                }
                ends
            })
            .collect();
        let mut values: RunValues = steps.iter().map(|step| step[0]).collect();
        runs.push(values.clone());
        let length = u32::try_from(inputs.len()).unwrap_or(u32::MAX);
        for moved in shuffled(length, &mut order) {
            let moved = usize::try_from(moved).unwrap_or(usize::MAX);
            values[moved] = steps[moved][1];
            runs.push(values.clone());
        }
    }
    runs
}

/// Two different values of an input between which a step is made.
fn step(spread: &InputSpread, stream: &mut clearway_simulate::chance::Stream) -> [f64; 2] {
    match spread {
        InputSpread::Range([low, high]) => {
            let half = LEVELS / 2;
            let from = u32::try_from(below(usize::try_from(half).unwrap_or(1), stream)).unwrap_or(0);
            let at = |level: u32| low + (high - low) * f64::from(level) / f64::from(LEVELS - 1);
            [at(from), at(from + half)]
        }
        InputSpread::List(values) if values.len() > 1 => {
            let from = below(values.len(), stream);
            let to = (from + 1 + below(values.len() - 1, stream)) % values.len();
            [values[from], values[to]]
        }
        InputSpread::List(values) => [values.first().copied().unwrap_or(0.0); 2],
        InputSpread::Chance(_) => [0.0, 1.0],
    }
}

/// Effects of all inputs on one figure. `figures` of all runs in the order of the design; `None`: it failed, or never happens; a step with
/// such an end has no effect that could be told.
pub fn effects(
    inputs: &[DesignInput<'_>],
    figure: &str,
    points: &[RunValues],
    figures: &[Option<f64>],
) -> Vec<ElementaryEffect> {
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); inputs.len()];
    let mut left_out = vec![0_u32; inputs.len()];
    let length = inputs.len() + 1;
    for (path, figures) in points.chunks_exact(length).zip(figures.chunks_exact(length)) {
        for at in 1..length {
            let (before, after) = (&path[at - 1], &path[at]);
            let Some(moved) = (0..inputs.len()).find(|&input| before[input] != after[input]) else {
                continue;
            };
            let [low, high] = inputs[moved].spread.ends();
            let step = (after[moved] - before[moved]) / (high - low);
            match (figures[at - 1], figures[at]) {
                (Some(from), Some(to)) => found[moved].push((to - from) / step),
                _ => left_out[moved] += 1,
            }
        }
    }
    inputs
        .iter()
        .zip(found)
        .zip(left_out)
        .filter(|((_, effects), left_out)| !effects.is_empty() || *left_out > 0)
        .map(|((input, effects), left_out)| {
            let count = float(effects.len());
            let mean_of = |of: &dyn Fn(f64) -> f64| {
                (!effects.is_empty()).then(|| effects.iter().map(|&effect| of(effect)).sum::<f64>() / count)
            };
            let mean = mean_of(&|effect| effect);
            let squares: f64 = effects.iter().map(|effect| (effect - mean.unwrap_or(0.0)).powi(2)).sum();
            ElementaryEffect {
                input: input.name.to_owned(),
                figure: figure.to_owned(),
                mean_absolute: mean_of(&f64::abs),
                mean,
                deviation: (effects.len() > 1).then(|| (squares / (count - 1.0)).sqrt()),
                steps: u32::try_from(effects.len()).unwrap_or(u32::MAX),
                left_out,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(spreads: &[InputSpread]) -> Vec<DesignInput<'_>> {
        ["x", "y", "z"].into_iter().zip(spreads).map(|(name, spread)| DesignInput { name, spread }).collect()
    }

    fn run(spreads: &[InputSpread], of: impl Fn(&[f64]) -> f64) -> Vec<ElementaryEffect> {
        let inputs = inputs(spreads);
        let points = trajectories(&inputs, 12, 5);
        let figures: Vec<Option<f64>> = points.iter().map(|point| Some(of(point))).collect();
        effects(&inputs, "f", &points, &figures)
    }

    #[test]
    fn of_a_linear_model_the_effect_is_the_slope_over_the_whole_spread() {
        let spreads = [
            InputSpread::Range([1.0, 3.0]),
            InputSpread::List(vec![0.0, 5.0, 20.0]),
            InputSpread::Chance(0.1),
        ];
        let found = run(&spreads, |x| 10.0 * x[0] - 2.0 * x[1] + 7.0 * x[2]);
        // slope times the length of the spread: 10 x 2, -2 x 20, 7 x 1
        for (effect, expected) in found.iter().zip([20.0, -40.0, 7.0]) {
            assert!((effect.mean.unwrap() - expected).abs() < 1e-9, "{effect:?}");
            assert!((effect.mean_absolute.unwrap() - expected.abs()).abs() < 1e-9 && effect.steps == 12);
            assert!(effect.deviation.unwrap() < 1e-9, "{effect:?}");
        }
    }

    #[test]
    fn what_acts_with_another_has_a_deviation_and_signs_that_cancel_do_not_hide() {
        let spreads = [InputSpread::Range([-1.0, 1.0]), InputSpread::Range([-1.0, 1.0])];
        let found = run(&spreads, |x| x[0] * x[1]);
        // y is -1, -1/3, 1/3 or 1 while x makes its step: the effect over the whole of x is twice that
        assert!(found.iter().all(|effect| (0.6..2.0 + 1e-9).contains(&effect.mean_absolute.unwrap())));
        assert!(found.iter().all(|effect| effect.mean.unwrap().abs() < effect.mean_absolute.unwrap()));
        assert!(found.iter().all(|effect| effect.deviation.unwrap() > 0.6), "{found:?}");
    }

    #[test]
    fn each_step_moves_one_input_and_each_moves_once() {
        let spreads = [
            InputSpread::Range([0.0, 3.0]),
            InputSpread::List(vec![1.0, 2.0, 3.0]),
            InputSpread::Chance(0.5),
        ];
        let points = trajectories(&inputs(&spreads), 20, 2);
        let mut starts = std::collections::BTreeSet::new();
        for path in points.chunks(4) {
            let moved: Vec<usize> = path
                .windows(2)
                .map(|pair| {
                    let moved: Vec<usize> = (0..3).filter(|&at| pair[0][at] != pair[1][at]).collect();
                    assert_eq!(moved.len(), 1);
                    moved[0]
                })
                .collect();
            assert_eq!(moved.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
            assert!(((path[0][0] - path[3][0]).abs() - 2.0).abs() < 1e-12, "two thirds of the range");
            starts.insert(path[0][0].to_bits());
        }
        assert_eq!(starts.len(), 4, "all levels come");
    }

    #[test]
    fn a_step_to_what_never_happens_is_left_out() {
        let spreads = [InputSpread::Chance(0.5)];
        let inputs = inputs(&spreads);
        let points = vec![vec![0.0], vec![1.0], vec![1.0], vec![0.0]];
        let found = effects(&inputs, "f", &points, &[Some(1.0), None, Some(5.0), Some(2.0)]);
        assert_eq!((found[0].mean, found[0].steps, found[0].left_out), (Some(3.0), 1, 1));
        assert_eq!(found[0].deviation, None);
        // an input of which no step can be told is there even so
        let found = effects(&inputs, "f", &points, &[Some(1.0), None, None, Some(2.0)]);
        assert_eq!(
            (found[0].mean, found[0].mean_absolute, found[0].steps, found[0].left_out),
            (None, None, 0, 2)
        );
    }
}
