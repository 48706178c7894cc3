//! Which values the inputs have in each run. A design follows from its settings, the seed and the names of the inputs alone: any run can be
//! made again without the others, and one input more leaves the draws of the others as they are.

use crate::morris;
use crate::spread::InputSpread;
use clearway_model::number::{count, float};
use clearway_simulate::chance::{MemberSeed, Stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the values of the inputs are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StudyDesign {
    /// Every value of every input with every other: for few inputs.
    Factorial,
    /// Drawn over all spreads at once (Latin hypercube): quantiles.
    Sample,
    /// Drawn so that variance-based indices can be told (Saltelli): quantiles, and which input matters most, alone and with others.
    Sobol,
    /// Steps of one input after the other (Morris): which input matters, with few runs.
    Morris,
}

/// An input as a design sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DesignInput<'a> {
    /// Its name, by which its draws are told from those of others.
    pub name: &'a str,
    /// Which values it may have.
    pub spread: &'a InputSpread,
}

/// How large a design is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DesignSize {
    /// Rows of a sample; of a Sobol design there are `inputs + 2` runs for each.
    pub samples: u32,
    /// Trajectories of a Morris design, each of `inputs + 1` runs.
    pub trajectories: u32,
    /// Values of a range in a factorial design.
    pub levels: u32,
}

/// One run: the value of each input, in their order.
pub type RunValues = Vec<f64>;

/// How many runs a design has, without making it; `None`: more than can be counted.
pub fn runs(design: StudyDesign, inputs: &[DesignInput<'_>], size: DesignSize) -> Option<u64> {
    let inputs_count = u64::try_from(inputs.len()).ok()?;
    match design {
        StudyDesign::Factorial => inputs.iter().try_fold(1_u64, |runs, input| {
            runs.checked_mul(u64::try_from(input.spread.grid(size.levels).len()).ok()?)
        }),
        StudyDesign::Sample => Some(u64::from(size.samples)),
        StudyDesign::Sobol => u64::from(size.samples).checked_mul(inputs_count + 2),
        StudyDesign::Morris => u64::from(size.trajectories).checked_mul(inputs_count + 1),
    }
}

/// All runs of a design, in the order in which their figures are looked at: rows of a sample one after the other; of a Sobol design per row
/// the first base run, one run per input, the second base run ([`crate::sobol`]); of a Morris design trajectory by trajectory
/// ([`crate::morris`]); of a factorial one with the last input moving first.
pub fn points(
    design: StudyDesign,
    inputs: &[DesignInput<'_>],
    size: DesignSize,
    seed: u64,
) -> Vec<RunValues> {
    match design {
        StudyDesign::Factorial => factorial(inputs, size.levels),
        StudyDesign::Sample => {
            let columns = hypercube(inputs, size.samples, seed, "sample");
            (0..columns.first().map_or(0, Vec::len)).map(|row| row_of(inputs, &columns, row)).collect()
        }
        StudyDesign::Sobol => sobol(inputs, size.samples, seed),
        StudyDesign::Morris => morris::trajectories(inputs, size.trajectories, seed),
    }
}

/// The weight of each run of a design in quantiles, and whether it stands for a draw at all. Of a factorial design the product of the
/// weights of its values; of a Sobol design the base runs count, those with one input exchanged do not; trajectories are no draws.
pub fn weights(design: StudyDesign, inputs: &[DesignInput<'_>], size: DesignSize) -> Vec<f64> {
    let total = runs(design, inputs, size).and_then(|runs| usize::try_from(runs).ok()).unwrap_or(0);
    match design {
        StudyDesign::Factorial => {
            let mut weights = vec![1.0];
            for input in inputs {
                let grid = input.spread.grid(size.levels);
                weights = weights
                    .iter()
                    .flat_map(|&before| grid.iter().map(move |point| before * point.1))
                    .collect();
            }
            weights
        }
        StudyDesign::Sample => vec![1.0; total],
        StudyDesign::Sobol => {
            let row = inputs.len() + 2;
            (0..total).map(|run| f64::from(u8::from(run % row == 0 || run % row == row - 1))).collect()
        }
        StudyDesign::Morris => vec![0.0; total],
    }
}

fn factorial(inputs: &[DesignInput<'_>], levels: u32) -> Vec<RunValues> {
    let mut runs: Vec<RunValues> = vec![Vec::new()];
    for input in inputs {
        let grid = input.spread.grid(levels);
        runs = runs
            .iter()
            .flat_map(|run| {
                grid.iter().map(move |(value, _)| run.iter().copied().chain([*value]).collect::<RunValues>())
            })
            .collect();
    }
    runs
}

/// A Latin hypercube: of the distribution of each input every one of `rows` equally likely parts is drawn from once, in any order.
///
/// Source: M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239-245. Shares of the distributions, by input and row.
pub fn hypercube(inputs: &[DesignInput<'_>], rows: u32, seed: u64, which: &str) -> Vec<Vec<f64>> {
    inputs
        .iter()
        .map(|input| {
            let mut stream = stream(seed, which, input.name);
            shuffled(rows, &mut stream)
                .into_iter()
                .map(|part| (f64::from(part) + stream.uniform()) / f64::from(rows))
                .collect()
        })
        .collect()
}

/// The values of a row of shares.
pub fn row_of(inputs: &[DesignInput<'_>], columns: &[Vec<f64>], row: usize) -> RunValues {
    inputs.iter().zip(columns).map(|(input, column)| input.spread.at(column[row])).collect()
}

/// Saltelli's design: two samples A and B that have nothing to do with each other, and for each input A with that input's column from B.
fn sobol(inputs: &[DesignInput<'_>], rows: u32, seed: u64) -> Vec<RunValues> {
    let a = hypercube(inputs, rows, seed, "sobol a");
    let b = hypercube(inputs, rows, seed, "sobol b");
    let mut runs = Vec::new();
    for row in 0..count(f64::from(rows)) {
        let (of_a, of_b) = (row_of(inputs, &a, row), row_of(inputs, &b, row));
        runs.push(of_a.clone());
        for (at, &exchanged) in of_b.iter().enumerate() {
            let mut values = of_a.clone();
            values[at] = exchanged;
            runs.push(values);
        }
        runs.push(of_b);
    }
    runs
}

/// Random numbers of one kind for one input.
pub(crate) fn stream(seed: u64, kind: &str, id: &str) -> Stream {
    MemberSeed { seed, member: 0 }.stream(&format!("study {kind}"), id)
}

/// The numbers below `length` in any order, all equally likely (Fisher and Yates).
pub(crate) fn shuffled(length: u32, stream: &mut Stream) -> Vec<u32> {
    let mut order: Vec<u32> = (0..length).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, below(last + 1, stream));
    }
    order
}

/// A whole number from 0 to `end - 1`, all equally likely.
pub(crate) fn below(end: usize, stream: &mut Stream) -> usize {
    count(stream.uniform() * float(end)).min(end.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: DesignSize = DesignSize { samples: 50, trajectories: 4, levels: 3 };

    fn spreads() -> [InputSpread; 3] {
        [InputSpread::Range([0.0, 1.0]), InputSpread::List(vec![1.0, 2.0]), InputSpread::Chance(0.2)]
    }

    fn inputs(spreads: &[InputSpread]) -> Vec<DesignInput<'_>> {
        ["x", "y", "z"].into_iter().zip(spreads).map(|(name, spread)| DesignInput { name, spread }).collect()
    }

    #[test]
    fn of_each_range_every_equal_part_is_drawn_once() {
        let spreads = spreads();
        let mut drawn: Vec<i64> = points(StudyDesign::Sample, &inputs(&spreads), SIZE, 1)
            .iter()
            .map(|run| clearway_model::number::floor(run[0] * 50.0))
            .collect();
        drawn.sort_unstable();
        assert_eq!(drawn, (0..50).collect::<Vec<i64>>());
        // and what happens in a fifth of all cases happens in a fifth of the rows
        let happens = points(StudyDesign::Sample, &inputs(&spreads), SIZE, 1)
            .iter()
            .filter(|run| run[2] == 1.0)
            .count();
        assert_eq!(happens, 10);
    }

    #[test]
    fn every_design_has_as_many_runs_and_weights_as_it_says() {
        let spreads = spreads();
        let inputs = inputs(&spreads);
        for (design, expected) in [
            (StudyDesign::Factorial, 12),
            (StudyDesign::Sample, 50),
            (StudyDesign::Sobol, 250),
            (StudyDesign::Morris, 16),
        ] {
            assert_eq!(runs(design, &inputs, SIZE), Some(expected), "{design:?}");
            let runs = points(design, &inputs, SIZE, 7);
            assert_eq!(
                (runs.len() as u64, weights(design, &inputs, SIZE).len() as u64),
                (expected, expected)
            );
            assert!(
                runs.iter().all(|run| run.iter().zip(&spreads).all(|(value, spread)| spread.has(*value)))
            );
            assert_eq!(runs, points(design, &inputs, SIZE, 7));
        }
        let factorial: f64 = weights(StudyDesign::Factorial, &inputs, SIZE).iter().sum();
        assert!((factorial - 1.0).abs() < 1e-12);
    }

    #[test]
    fn one_input_more_leaves_the_draws_of_the_others() {
        let spreads = spreads();
        let all = inputs(&spreads);
        let two = points(StudyDesign::Sample, &all[..2], SIZE, 3);
        let three = points(StudyDesign::Sample, &all, SIZE, 3);
        assert!(two.iter().zip(&three).all(|(two, three)| two[..] == three[..2]));
        assert_ne!(two, points(StudyDesign::Sample, &all[..2], SIZE, 4));
    }

    #[test]
    fn of_a_sobol_row_each_run_between_has_one_input_from_the_other_base() {
        let spreads = spreads();
        for row in points(StudyDesign::Sobol, &inputs(&spreads), SIZE, 1).chunks(5) {
            for at in 0..3 {
                for other in 0..3 {
                    let base = if other == at { &row[4] } else { &row[0] };
                    assert_eq!(row[at + 1][other], base[other]);
                }
            }
        }
    }

    #[test]
    fn without_inputs_a_factorial_design_is_the_one_run_as_it_is() {
        assert_eq!(points(StudyDesign::Factorial, &[], SIZE, 1), [Vec::<f64>::new()]);
        assert_eq!(points(StudyDesign::Sample, &[], SIZE, 1).len(), 0);
    }
}
