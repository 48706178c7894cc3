//! The best thresholds for one time, from those of another time or from nothing.

use crate::descend::OtherThresholds;
use crate::extremes::{ArcsByEnd, AtClosing, earliest_arrivals, latest_departures};
use crate::tables::CutTables;
use crate::{CutDescent, FlowArc, FlowProblem};
use std::sync::Arc;

/// Thresholds that prove a bound at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThresholdCut {
    /// Time before which arrivals are bounded, ms from time 0.
    pub theta: i64,
    /// Threshold of each vertex, 0..=`theta`, ms: whoever is there before it counts as
    /// arriving in time.
    pub alpha: Vec<i64>,
    /// The bound in units of [`crate::CUT_UNITS_PER_PERSON`].
    pub value: i128,
}

/// Which thresholds of a cut go along to another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ThresholdMove {
    /// All: a queue in a steady state.
    All,
    /// Those that are not 0: a threshold at 0 says "this place is cut off altogether".
    Positive,
    /// None: what depends on the beginning or on a closure stays where it is.
    None,
}

const MOVES: [ThresholdMove; 3] = [ThresholdMove::Positive, ThresholdMove::All, ThresholdMove::None];

/// How hard to look; each with the finest step in ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutEffort {
    /// Near what is known.
    Near(i64),
    /// From several beginnings too, as far from each other as there are: what is known may be on the wrong side of a hill.
    Far(i64),
}

impl CutEffort {
    fn finest(self) -> i64 {
        match self {
            Self::Near(finest) | Self::Far(finest) => finest.max(1),
        }
    }
}

/// Value of a cut that proves nothing: every other is better.
const INFINITE: i128 = i128::MAX;

/// Shares of a source's people who are given up as ready before its threshold, for first thresholds.
const SHARES: [f64; 4] = [0.0, 0.3, 0.6, 0.9];

/// Searches cuts of one problem. May be asked from several threads.
#[derive(Debug)]
pub struct CutSearch<'a> {
    tables: Arc<CutTables<'a>>,
    inbound: ArcsByEnd,
    /// When each vertex can be reached at all, and by others than the first ones of each source, ms.
    earliest: Vec<Vec<i64>>,
    descent: CutDescent<'a>,
}

impl<'a> CutSearch<'a> {
    /// Prepares a problem; `free` are its vertices that stand for a choice of tails.
    pub fn new(problem: &'a FlowProblem, free: &'a [u32]) -> Self {
        let tables = Arc::new(CutTables::new(problem, free));
        let outbound = ArcsByEnd::new(problem, FlowArc::tail);
        Self {
            descent: CutDescent::with_tables(Arc::clone(&tables)),
            tables,
            inbound: ArcsByEnd::new(problem, FlowArc::head),
            earliest: SHARES
                .map(|share| earliest_arrivals(problem, &outbound, share, AtClosing::TooLate, |_| true))
                .to_vec(),
        }
    }

    /// The problem whose cuts are searched.
    pub fn problem(&self) -> &'a FlowProblem {
        self.tables.problem
    }

    /// Nothing after this counts, ms.
    pub fn horizon(&self) -> i64 {
        self.tables.problem.horizon
    }

    /// A cut's thresholds for another time.
    fn moved(&self, cut: &ThresholdCut, theta: i64, moving: ThresholdMove) -> Vec<i64> {
        let by = theta - cut.theta;
        let mut moved: Vec<i64> = cut
            .alpha
            .iter()
            .map(|&a| match moving {
                ThresholdMove::All => a + by,
                ThresholdMove::Positive => a + if a == 0 { 0 } else { by },
                ThresholdMove::None => a,
            })
            .map(|a| a.clamp(0, theta))
            .collect();
        self.tables.repair(&mut moved, theta);
        moved
    }

    /// What thresholds prove at a time; infinite ones prove that no more than everybody arrives.
    fn stated(&self, alpha: Vec<i64>, theta: i64) -> Option<ThresholdCut> {
        self.tables.value(&alpha, theta).map(|value| ThresholdCut { theta, alpha, value })
    }

    /// The best cut for `theta` that is found beginning at the better of `near` (cuts for other times) and of what latest
    /// departures prove. There is always one: latest departures cross no arc while it is open.
    pub fn at(&self, theta: i64, near: &[&ThresholdCut], effort: CutEffort) -> ThresholdCut {
        let finest = effort.finest();
        let latest = latest_departures(self.tables.problem, &self.inbound, theta);
        let mut best = self.begun(latest.clone(), theta);
        for cut in near {
            best = self.nearer(best, cut);
        }
        let whole = vec![theta; best.alpha.len()];
        let none = vec![0; best.alpha.len()];
        let earliest: Vec<Vec<i64>> =
            self.earliest.iter().map(|list| list.iter().map(|e| (*e).min(theta)).collect()).collect();
        let farthest = near.iter().map(|cut| (theta - cut.theta).abs()).min().unwrap_or(theta / 2);
        let CutEffort::Far(_) = effort else {
            self.fuse_all(&mut best, &[&none, &earliest[0]]);
            self.descend(&mut best, farthest.clamp(finest, theta.max(1)), finest);
            return best;
        };
        // A second beginning, from the other end: nobody is given up, and only the terminals hold people back.
        let mut second = self.begun(earliest[0].clone(), theta);
        let others: Vec<&Vec<i64>> = earliest[1..].iter().chain([&whole, &latest]).collect();
        self.fuse_all(&mut second, &others);
        self.descend(&mut second, theta / 2, (theta / 64).max(finest));
        self.fuse_all(&mut best, &[&second.alpha]);
        // Closures and releases make hills that small steps do not get over: some places altogether behind the line or
        // ahead of it. Once more after the small steps, as long as that helps.
        let others: Vec<&Vec<i64>> = [&whole, &none, &latest].into_iter().chain(&earliest).collect();
        for round in 0..3 {
            let before = best.value;
            self.fuse_all(&mut best, &others);
            if round > 0 && best.value == before {
                break;
            }
            self.descend(&mut best, theta / 2, finest);
            // Once more would be the same again.
            if best.value == before {
                break;
            }
        }
        best
    }

    /// A cut improved by what another, for another time, says when it is moved to this one.
    pub fn nearer(&self, mut best: ThresholdCut, cut: &ThresholdCut) -> ThresholdCut {
        let theta = best.theta;
        let moved = MOVES.map(|moving| move |_: &[i64]| self.moved(cut, theta, moving));
        let others = [&moved[0] as OtherThresholds<'_>, &moved[1], &moved[2]];
        if let Some(value) = self.descent.fuse_all(&mut best.alpha, theta, Some(best.value), &others) {
            best.value = value;
        }
        best
    }

    fn begun(&self, mut alpha: Vec<i64>, theta: i64) -> ThresholdCut {
        self.tables.repair(&mut alpha, theta);
        let value = self.tables.value(&alpha, theta).unwrap_or(INFINITE);
        ThresholdCut { theta, alpha, value }
    }

    /// Improves a cut by each of other thresholds, one after the other.
    fn fuse_all(&self, cut: &mut ThresholdCut, others: &[&Vec<i64>]) {
        let others: Vec<_> = others.iter().map(|&other| move |_: &[i64]| other.clone()).collect();
        let others: Vec<OtherThresholds<'_>> = others.iter().map(|other| other as _).collect();
        if let Some(value) = self.descent.fuse_all(&mut cut.alpha, cut.theta, Some(cut.value), &others) {
            cut.value = value;
        }
    }

    /// Steps of `from` ms down to `to` ms.
    pub(crate) fn descend(&self, cut: &mut ThresholdCut, from: i64, to: i64) {
        if let Some(value) = self.descent.descend(&mut cut.alpha, cut.theta, from, to) {
            cut.value = value;
        }
    }

    /// The latest time up to `until` at which a cut's thresholds, moved as a whole, still prove less than `need`.
    pub fn latest_proof(&self, cut: &ThresholdCut, until: i64, need: i128) -> Option<ThresholdCut> {
        if cut.value >= need {
            return None;
        }
        let proof =
            |at: i64, moving| self.stated(self.moved(cut, at, moving), at).filter(|cut| cut.value < need);
        let mut best = cut.theta;
        let mut kind = ThresholdMove::None;
        for moving in MOVES {
            let (mut low, mut high) = (best, until + 1);
            while high - low > 1 {
                let middle = if low == best { low + 1 + (high - low) / 64 } else { low + (high - low) / 2 };
                if proof(middle.min(until), moving).is_some() {
                    low = middle.min(until)
                } else {
                    high = middle
                }
                if low >= until {
                    break;
                }
            }
            if low > best {
                (best, kind) = (low, moving);
            }
        }
        if best == cut.theta { Some(cut.clone()) } else { proof(best, kind) }
    }
}
