//! What a bound says at any time, between its cuts too, and summed over all times.

use crate::certify::{CertifiedBound, whole_people};
use clearway_flow::{BetweenCuts, CUT_UNITS_PER_PERSON, ShiftedCut, ThresholdCut};
use clearway_model::number::float;
use clearway_model::time::MS_PER_HOUR;
use rayon::prelude::*;

impl CertifiedBound {
    /// L(t) at ascending times, in cut units.
    pub fn at(&self, times: impl Iterator<Item = i64>) -> Vec<i128> {
        let times: Vec<i64> = times.collect();
        let cuts = &self.curve.cuts;
        let next_cut = |t: &i64| cuts.partition_point(|cut| cut.theta < *t);
        // The times before one cut and after the one before share what is worked out of the two.
        let spans: Vec<&[i64]> = times.chunk_by(|a, b| next_cut(a) == next_cut(b)).collect();
        let values: Vec<Vec<i128>> = spans.par_iter().map(|span| self.before_cut(span)).collect();
        values.concat()
    }

    /// [`Self::at`] for ascending times between the same two cuts.
    fn before_cut(&self, times: &[i64]) -> Vec<i128> {
        let all = i128::from(self.people()) * CUT_UNITS_PER_PERSON;
        let (problem, cuts) = (&self.places.problem, &self.curve.cuts);
        let Some(&last) = times.last() else { return Vec::new() };
        let index = cuts.partition_point(|cut| cut.theta < last);
        let Some(cut) = cuts.get(index) else { return vec![all; times.len()] };
        // Before the first cut thresholds grow from nothing.
        let begin = ThresholdCut { theta: 0, alpha: vec![0; problem.vertices], value: 0 };
        let low = index.checked_sub(1).map_or(&begin, |i| &cuts[i]);
        let is_asked_between = times.iter().any(|&t| t != cut.theta);
        let prepared = is_asked_between.then(|| {
            let between =
                (low.theta < cut.theta).then(|| BetweenCuts::new(problem, &self.places.free, low, cut));
            (ShiftedCut::new(problem, &cut.alpha, cut.theta), between)
        });
        times
            .iter()
            .map(|&t| {
                let Some((shifted, between)) = prepared.as_ref().filter(|_| t != cut.theta) else {
                    return all.min(cut.value);
                };
                let shifted = shifted.value(t).unwrap_or(all);
                let between = between.as_ref().and_then(|b| b.value(t)).unwrap_or(all);
                all.min(cut.value).min(shifted).min(between)
            })
            .collect()
    }

    /// L(t) in whole people, rounded up.
    pub fn people_at(&self, times: impl Iterator<Item = i64>) -> Vec<i64> {
        self.at(times).into_iter().map(whole_people).collect()
    }

    /// The bound on person-hours on a grid of `grid` ms.
    pub fn person_hours(&self, grid: i64) -> f64 {
        let horizon = self.network.horizon;
        let mut times: Vec<i64> =
            self.curve.cuts.iter().map(|cut| cut.theta).filter(|t| *t < horizon).collect();
        times.extend((1..=horizon / grid).map(|k| k * grid));
        times.push(horizon);
        times.sort_unstable();
        times.dedup();
        let all = i128::from(self.people()) * CUT_UNITS_PER_PERSON;
        let (mut sum, mut before) = (0i128, 0);
        for (&t, bound) in times.iter().zip(self.at(times.iter().copied())) {
            sum += (all - bound) * i128::from(t - before);
            before = t;
        }
        float(sum) / float(CUT_UNITS_PER_PERSON * i128::from(MS_PER_HOUR))
    }
}
