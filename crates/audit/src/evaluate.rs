//! One computed rule against what is known: its range, where it flips, what would clear it.

use crate::dossier::Dossier;
use crate::figure::MoreIs;
use crate::formula::Formula;
use crate::range::FigureRange;
use crate::rule::RuleThreshold;
use serde::Serialize;
use std::collections::BTreeMap;

/// A figure on which the outcome depends.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OutcomeFlip {
    /// Id of the figure.
    pub figure: String,
    /// Where the outcome changes, all others central.
    pub at: f64,
    /// Whether it holds above that value, or below.
    pub holds_above: bool,
    /// The ends of its range.
    pub range: FigureRange,
}

/// A figure that would clear a finding by itself.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FigureLever {
    /// Id of the figure.
    pub figure: String,
    /// Its central value as known, in its own unit.
    pub now: f64,
    /// The value from which on it holds, all others central.
    pub needed: f64,
    /// Whether that is within the range given.
    pub within_range: bool,
}

/// Steps of a bisection: enough for all digits of a 64-bit number between any two sensible figures.
const HALVINGS: usize = 200;
/// Levers are moved by no more than this factor: a measure beyond it is no measure.
const FARTHEST: f64 = 1e6;

/// Where the outcome changes with one figure alone, for each figure whose range alone changes it.
pub fn flips(dossier: &Dossier<'_>, formula: &Formula, threshold: RuleThreshold) -> Vec<OutcomeFlip> {
    let (base, _) = dossier.base(formula);
    let mut found = Vec::new();
    for id in &base {
        // between a number and "not known how much" there is nothing to halve
        let wide = |range: &FigureRange| !range.is_exact() && range.high.is_finite();
        let Some(range) = dossier.known.get(id).map(|known| known.range).filter(wide) else { continue };
        let holds = |value: f64| holds(dossier, formula, threshold, id, value);
        let (low, high) = (holds(range.low), holds(range.high));
        if low == high {
            continue;
        }
        let at = bisect(range.low, range.high, |value| holds(value) == low);
        found.push(OutcomeFlip { figure: id.clone(), at, holds_above: high == Some(true), range });
    }
    found
}

/// What each figure that a measure may change would have to be for the rule to hold, all others central.
pub fn levers(dossier: &Dossier<'_>, formula: &Formula, threshold: RuleThreshold) -> Vec<FigureLever> {
    let (base, _) = dossier.base(formula);
    let mut found = Vec::new();
    for id in &base {
        let Some((kind, known)) = dossier.figures.0.get(id).zip(dossier.known.get(id)) else { continue };
        if !kind.is_lever || kind.more != MoreIs::Better {
            continue;
        }
        let now = known.range.central;
        let holds = |value: f64| holds(dossier, formula, threshold, id, value) == Some(true);
        let far = if now > 0.0 { now * FARTHEST } else { FARTHEST };
        if holds(now) || !holds(far) {
            continue;
        }
        let needed = bisect(now, far, |value| !holds(value));
        found.push(FigureLever { figure: id.clone(), now, needed, within_range: needed <= known.range.high });
    }
    found
}

fn holds(
    dossier: &Dossier<'_>,
    formula: &Formula,
    threshold: RuleThreshold,
    id: &str,
    value: f64,
) -> Option<bool> {
    let at = BTreeMap::from([(id, value)]);
    dossier.value(formula, &at).map(|value| threshold.holds(value))
}

/// The value between two where `is_before` turns false; the end at which it is false.
fn bisect(mut before: f64, mut after: f64, is_before: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..HALVINGS {
        let middle = before + (after - before) / 2.0;
        if middle <= before.min(after) || middle >= before.max(after) {
            break;
        }
        if is_before(middle) {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

/// The least of one figure with which a rule holds.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct LeastFigure {
    /// Id of the figure.
    pub figure: String,
    /// Its central value as known, in its own unit.
    pub now: f64,
    /// With all others central.
    pub central: f64,
    /// With all others at the end of their range that helps: with less, it cannot hold on these inputs. `None` if it holds with
    /// none at all.
    pub at_best: Option<f64>,
}

/// The least of each figure that a measure may change. It answers the question from the other end: what would it take?
pub fn least(dossier: &Dossier<'_>, formula: &Formula, threshold: RuleThreshold) -> Vec<LeastFigure> {
    let (base, missing) = dossier.base(formula);
    if !missing.is_empty() {
        return Vec::new();
    }
    let best = best_ends(dossier, formula, threshold, &base);
    let mut found = Vec::new();
    for id in &base {
        let Some((kind, known)) = dossier.figures.0.get(id).zip(dossier.known.get(id)) else { continue };
        if !kind.is_lever || kind.more != MoreIs::Better {
            continue;
        }
        let now = known.range.central;
        let far = if now > 0.0 { now * FARTHEST } else { FARTHEST };
        let needed = |others: &BTreeMap<&str, f64>| {
            let holds = |value: f64| {
                let mut at = others.clone();
                at.insert(id.as_str(), value);
                dossier.value(formula, &at).is_some_and(|value| threshold.holds(value))
            };
            (holds(far) && !holds(0.0)).then(|| bisect(0.0, far, |value| !holds(value)))
        };
        if let Some(central) = needed(&BTreeMap::new()) {
            found.push(LeastFigure { figure: id.clone(), now, central, at_best: needed(&best) });
        }
    }
    found
}

/// For each figure with a range the end that helps, all others central.
fn best_ends<'a>(
    dossier: &Dossier<'_>,
    formula: &Formula,
    threshold: RuleThreshold,
    base: &'a std::collections::BTreeSet<String>,
) -> BTreeMap<&'a str, f64> {
    let mut best = BTreeMap::new();
    for id in base {
        let Some(range) = dossier.known.get(id).map(|known| known.range).filter(|range| !range.is_exact())
        else {
            continue;
        };
        let at = |value: f64| dossier.value(formula, &BTreeMap::from([(id.as_str(), value)]));
        if let (Some(low), Some(high)) = (at(range.low), at(range.high)) {
            let low_helps = match threshold {
                RuleThreshold::AtLeast(_) => low >= high,
                RuleThreshold::AtMost(_) => low <= high,
            };
            best.insert(id.as_str(), if low_helps { range.low } else { range.high });
        }
    }
    best
}
