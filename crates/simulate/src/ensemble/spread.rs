//! How the figures of members are spread, and how sure that is.

use super::MemberRow;
use crate::quantile::weighted_quantile;
use clearway_model::number::float;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Quantiles of one figure over all members. A member in which something never happens counts as infinitely late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuantileRow {
    /// Which figure.
    pub figure: String,
    /// Its unit.
    pub unit: String,
    /// Mean of the members that have the figure; `None`: none has.
    pub mean: Option<f64>,
    /// 5 of 100 members have no more; `None` here and below: it does not happen in them.
    pub p5: Option<f64>,
    /// 10 of 100.
    pub p10: Option<f64>,
    /// Half of them.
    pub p50: Option<f64>,
    /// 90 of 100.
    pub p90: Option<f64>,
    /// 95 of 100.
    pub p95: Option<f64>,
    /// Members in which it never happens.
    pub never: u32,
}

/// How much a quantile still moves with more members.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Convergence {
    /// The first so many members.
    pub members: u32,
    /// Half of them have 90 % of their evacuees there by then, s.
    pub t90_p50_s: Option<f64>,
    /// 90 of 100 have, s.
    pub t90_p90_s: Option<f64>,
    /// With 95 % confidence the 90th percentile of all possible members is not below this, s; `None`: too few members to say, or never.
    pub t90_p90_least_s: Option<f64>,
    /// With 95 % confidence it is not above this, s; `None`: too few members to say, or never.
    pub t90_p90_most_s: Option<f64>,
}

/// Everything that is said of all members together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EnsembleSpread {
    /// By figure.
    pub quantiles: Vec<QuantileRow>,
    /// By number of members.
    pub convergence: Vec<Convergence>,
}

/// The figures whose quantiles are told: name, unit, and the figure of a member.
type Told = (&'static str, &'static str, fn(&MemberRow) -> Option<f64>);

const TOLD: [Told; 13] = [
    ("t90_s", "s", |row| row.t90_s),
    ("t100_s", "s", |row| row.t100_s),
    ("mean_s", "s", |row| row.mean_s),
    ("not_arrived", "people", |row| Some(float(row.not_arrived))),
    ("overtaken", "people", |row| Some(float(row.overtaken))),
    ("stayed", "people", |row| Some(float(row.stayed))),
    ("detoured", "people", |row| Some(float(row.detoured))),
    ("turned_back", "people", |row| Some(float(row.turned_back))),
    ("beyond_capacity", "people", |row| Some(float(row.beyond_capacity))),
    ("waiting_mean_min", "min", |row| Some(row.waiting_mean_min)),
    ("waiting_longest_min", "min", |row| Some(row.waiting_longest_min)),
    ("person_hours", "person-hours", |row| Some(row.person_hours)),
    ("incidents", "incidents", |row| Some(f64::from(row.incidents))),
];

/// Quantiles and how they converge; `rows` by number.
pub fn spread(rows: &[MemberRow]) -> EnsembleSpread {
    let quantiles = TOLD
        .iter()
        .map(|&(figure, unit, of)| {
            let values = sorted(rows.iter().map(of));
            let there = values.iter().map(|(value, _)| value).filter(|value| value.is_finite());
            let number = there.clone().count();
            QuantileRow {
                figure: figure.to_owned(),
                unit: unit.to_owned(),
                mean: (number > 0).then(|| there.sum::<f64>() / float(number)),
                p5: weighted_quantile(&values, 0.05),
                p10: weighted_quantile(&values, 0.1),
                p50: weighted_quantile(&values, 0.5),
                p90: weighted_quantile(&values, 0.9),
                p95: weighted_quantile(&values, 0.95),
                never: u32::try_from(values.len() - number).unwrap_or(u32::MAX),
            }
        })
        .collect();
    EnsembleSpread { quantiles, convergence: convergence(rows) }
}

/// Ascending, with what never happens as infinity; each member weighs the same.
fn sorted(values: impl Iterator<Item = Option<f64>>) -> Vec<(f64, f64)> {
    let mut values: Vec<(f64, f64)> = values.map(|value| (value.unwrap_or(f64::INFINITY), 1.0)).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    values
}

/// After 10, 20, 50, 100, 200, ... members, and after all.
fn convergence(rows: &[MemberRow]) -> Vec<Convergence> {
    let mut numbers: Vec<usize> = (0..7)
        .flat_map(|power| [1, 2, 5].map(|digit| digit * 10usize.pow(power + 1)))
        .take_while(|&number| number < rows.len())
        .collect();
    if !rows.is_empty() {
        numbers.push(rows.len());
    }
    numbers
        .into_iter()
        .map(|number| {
            let values = sorted(rows[..number].iter().map(|row| row.t90_s));
            let (least, most) = confidence_ranks(number, 0.9);
            let at = |rank: Option<usize>| rank.map(|rank| values[rank].0).filter(|value| value.is_finite());
            Convergence {
                members: u32::try_from(number).unwrap_or(u32::MAX),
                t90_p50_s: weighted_quantile(&values, 0.5),
                t90_p90_s: weighted_quantile(&values, 0.9),
                t90_p90_least_s: at(least),
                t90_p90_most_s: at(most),
            }
        })
        .collect()
}

/// Ranks (from 0) of `n` sorted draws between which a quantile lies with at least 95 % confidence, 2.5 % left on each side: how many draws
/// are below it is binomial, whatever the distribution (e.g. Conover, Practical Nonparametric Statistics). `None`: no draw is far enough
/// out.
fn confidence_ranks(n: usize, share: f64) -> (Option<usize>, Option<usize>) {
    // probability that exactly k of n draws are below the quantile, from k - 1; in logarithms, since (1 - share)^n may be very small
    let mut log = float(n) * (1.0 - share).ln();
    let (mut cumulative, mut least, mut most) = (0.0, None, None);
    for k in 0..=n {
        // the draw of rank k is above the quantile if at most k draws are below it
        if cumulative <= 0.025 {
            least = k.checked_sub(1);
        }
        cumulative += log.exp();
        if cumulative >= 0.975 && k < n {
            most = Some(k);
            break;
        }
        log += (float(n - k) / float(k + 1)).ln() + (share / (1.0 - share)).ln();
    }
    (least, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_of_a_known_table() {
        // of 5 draws the median lies between the first and the last with 1 - 2 / 32 = 93.75 %: not enough; of 6 with 96.9 %
        assert_eq!(confidence_ranks(5, 0.5), (None, None));
        assert_eq!(confidence_ranks(6, 0.5), (Some(0), Some(5)));
        // of 100 draws, the 90th percentile: between the 84th and the 96th: P(B <= 83) = 0.021, P(B <= 95) = 0.976
        let (least, most) = confidence_ranks(100, 0.9);
        assert_eq!((least, most), (Some(83), Some(95)));
    }
}
