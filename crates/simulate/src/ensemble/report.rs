//! `ensemble.json`: what is written of an ensemble. Keys are explained in `docs/reference/ensemble.md`.

use super::spread::{Convergence, EnsembleSpread, QuantileRow, spread};
use super::{EnsembleRows, FailedMember, MemberRow};
use crate::behaviour::{Behaviour, DrawnBehaviour};
use crate::member::{FigurePlaces, MemberFigures, MemberMaker};
use crate::report::{ArrivalTimes, QueueFigures};
use clearway_model::number::float;
use clearway_model::{Case, Context};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the members of an ensemble have in common, and what they are held against. Two parts belong together if this is equal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EnsembleHead {
    /// Always `clearway-ensemble/1`.
    pub schema: String,
    /// Program and version that simulated the members.
    pub tool: String,
    /// Digest of the scenario.
    pub scenario: String,
    /// Digest of the plan's orders, `sha256:` of `plan.json`.
    pub plan_digest: String,
    /// Name of the scenario.
    pub name: String,
    /// Kind of situation.
    pub context: Context,
    /// Which value of each range the plan assumes; members have values of their own.
    pub case: Case,
    /// Seed of all chance.
    pub seed: u64,
    /// Which figures of the scenario members have.
    pub figures: MemberFigures,
    /// How queues stand.
    pub queues: QueueFigures,
    /// What behaviour was drawn from.
    pub behaviour: Behaviour,
    /// All who are to evacuate by the figures of the plan, people.
    pub evacuees: i64,
    /// Links that vehicles use of which neither length nor speed is known: they hold any number of vehicles, and nothing happens on them.
    pub links_without_length: u64,
    /// The times that no plan can beat by the figures of the plan.
    pub bound: ArrivalTimes,
    /// The times by the plan.
    pub plan: ArrivalTimes,
    /// The plan simulated as ordered.
    pub as_ordered: AsOrdered,
}

/// The plan simulated as ordered: everybody obeys and nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AsOrdered {
    /// When 90 % of the evacuees have arrived, s; `None`: never.
    pub t90_s: Option<f64>,
    /// When all have, s; `None`: never.
    pub t100_s: Option<f64>,
    /// Mean arrival of those who arrive, s.
    pub mean_s: Option<f64>,
    /// People who arrive.
    pub arrived: i64,
    /// Mean waiting after departure, min.
    pub waiting_mean_min: f64,
}

impl AsOrdered {
    /// The figures of the simulation that a maker of members begins with.
    pub fn new(maker: &MemberMaker<'_>) -> Self {
        let simulation = maker.as_ordered();
        let ArrivalTimes { t90_s, t100_s } = ArrivalTimes::new(simulation);
        let outcome = &simulation.outcome;
        Self {
            t90_s,
            t100_s,
            mean_s: outcome.mean_s(),
            arrived: outcome.people_arrived,
            waiting_mean_min: outcome.waiting.mean_min,
        }
    }
}

/// What goes with what: rank correlation of a drawn figure with the person-hours a person of a member, which also tell of those who never arrive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Driver {
    /// The figure, `behaviour.NAME` or `figures.NAME`.
    pub figure: String,
    /// Spearman's rank correlation, -1 to 1: 1 if the members with more of it are the slower ones, without exception.
    pub rank_correlation: f64,
}

/// The figures of an ensemble.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct EnsembleReport {
    /// What members have in common.
    #[serde(flatten)]
    pub head: EnsembleHead,
    /// Members that were simulated.
    pub members: u32,
    /// Members that could not be.
    pub failed: Vec<FailedMember>,
    /// Numbers that are missing between 0 and the last, as `from..until`.
    pub missing: Vec<String>,
    /// Quantiles by figure.
    pub quantiles: Vec<QuantileRow>,
    /// How sure they are by number of members.
    pub convergence: Vec<Convergence>,
    /// What goes with many person-hours, the strongest first.
    pub drivers: Vec<Driver>,
}

impl EnsembleHead {
    /// The value of `schema` that this version writes.
    pub const SCHEMA: &'static str = "clearway-ensemble/1";
}

impl EnsembleReport {
    /// The figures of members, which are sorted by number here.
    pub fn new(head: EnsembleHead, rows: &mut EnsembleRows) -> Self {
        rows.members.sort_by_key(|row| row.member);
        rows.failed.sort_by_key(|row| row.member);
        let EnsembleSpread { quantiles, convergence } = spread(&rows.members);
        Self {
            head,
            members: u32::try_from(rows.members.len()).unwrap_or(u32::MAX),
            failed: rows.failed.clone(),
            missing: missing(rows),
            quantiles,
            convergence,
            drivers: drivers(&rows.members),
        }
    }

    /// The quantiles of a figure.
    pub fn quantiles_of(&self, figure: &str) -> Option<&QuantileRow> {
        self.quantiles.iter().find(|row| row.figure == figure)
    }
}

/// Gaps between numbers, from 0 on.
fn missing(rows: &EnsembleRows) -> Vec<String> {
    let mut numbers: Vec<u32> =
        rows.members.iter().map(|row| row.member).chain(rows.failed.iter().map(|row| row.member)).collect();
    numbers.sort_unstable();
    let (mut next, mut gaps) = (0, Vec::new());
    for number in numbers {
        if number > next {
            gaps.push(format!("{next}..{number}"));
        }
        next = number + 1;
    }
    gaps
}

/// Weaker correlations than this are left out, and of fewer than a hundred members those that one figure in twenty shows by chance.
const WEAKEST: f64 = 0.2;

/// Rank correlations of all drawn figures with the person-hours of those who evacuate.
fn drivers(rows: &[MemberRow]) -> Vec<Driver> {
    let slow: Vec<f64> = rows.iter().map(|row| row.person_hours / float(row.evacuees.max(1))).collect();
    let slow = ranks(&slow);
    // by chance alone a rank correlation spreads by 1 / sqrt(n - 1)
    let weakest = WEAKEST.max(2.0 / (float(rows.len()) - 1.0).max(1.0).sqrt());
    let behaviour = DrawnBehaviour::NAMES.iter().enumerate().map(|(at, name)| {
        let values: Vec<f64> = rows.iter().map(|row| row.behaviour.values()[at]).collect();
        (format!("behaviour.{name}"), values)
    });
    let figures = FigurePlaces::NAMES.iter().enumerate().filter_map(|(at, name)| {
        let values: Option<Vec<f64>> = rows.iter().map(|row| Some(row.places?.values()[at])).collect();
        Some((format!("figures.{name}"), values?))
    });
    let mut drivers: Vec<Driver> = behaviour
        .chain(figures)
        .filter_map(|(figure, values)| {
            Some(Driver { figure, rank_correlation: correlation(&ranks(&values), &slow)? })
        })
        .filter(|driver| driver.rank_correlation.abs() >= weakest)
        .collect();
    drivers.sort_by(|a, b| b.rank_correlation.abs().total_cmp(&a.rank_correlation.abs()));
    drivers
}

/// Ranks from 1; equal values share the mean of their ranks.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for equal in order.chunk_by(|&a, &b| values[a].total_cmp(&values[b]).is_eq()) {
        let before = order.partition_point(|&at| values[at].total_cmp(&values[equal[0]]).is_lt());
        for &at in equal {
            ranks[at] = float(before) + (float(equal.len()) + 1.0) / 2.0;
        }
    }
    ranks
}

/// Pearson's correlation; `None`: one of them does not vary.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |of: &[f64]| of.iter().sum::<f64>() / float(of.len().max(1));
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        both += (x - mean_a) * (y - mean_b);
        of_a += (x - mean_a) * (x - mean_a);
        of_b += (y - mean_b) * (y - mean_b);
    }
    (of_a > 0.0 && of_b > 0.0).then(|| both / (of_a * of_b).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_and_their_correlation_by_hand() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, f64::INFINITY]), [2.5, 1.0, 2.5, 4.0]);
        let up = [1.0, 2.0, 3.0];
        assert_eq!(correlation(&up, &[2.0, 4.0, 6.0]), Some(1.0));
        assert_eq!(correlation(&up, &[3.0, 2.0, 1.0]), Some(-1.0));
        assert_eq!(correlation(&up, &[5.0, 5.0, 5.0]), None);
    }
}
