//! All that is known of a plan: each figure with its range and where it comes from.

use crate::blueprint::{Blueprint, FigureClaim};
use crate::figure::FigureTable;
use crate::formula::Formula;
use crate::range::FigureRange;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureOrigin {
    /// Somebody stated it; a claim goes before what could be computed.
    Claimed,
    /// It follows from the scenario, the plan, the movements or the supplies given.
    Computed,
    /// Nobody stated it; a default with a source.
    Default,
    /// The plan does not name the thing at all.
    NotNamed,
}

/// One figure as known.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct KnownFigure {
    /// The figure with its range.
    #[serde(flatten)]
    pub range: FigureRange,
    /// Where it comes from.
    pub origin: FigureOrigin,
    /// In words: who and when, the source of a default, or how it was computed.
    pub source: String,
}

/// The figures of one plan, or of one place of it.
#[derive(Debug, Clone)]
pub struct Dossier<'a> {
    /// What figures there are.
    pub figures: &'a FigureTable,
    /// Those that are known without a formula.
    pub known: BTreeMap<String, KnownFigure>,
}

/// How deep formulas may rest on formulas; shipped ones need 4.
const DEEPEST: usize = 16;

impl<'a> Dossier<'a> {
    /// From claims: several on one figure give the range that holds them all, with the first one's central value. Superseded
    /// ones do not count. Defaults fill the rest, unless the figure follows from others.
    pub fn new(figures: &'a FigureTable, blueprint: &Blueprint) -> Self {
        let mut dossier = Self { figures, known: BTreeMap::new() };
        for claim in blueprint.claims.iter().filter(|claim| !claim.superseded) {
            let said = said(claim);
            match dossier.known.get_mut(&claim.figure) {
                Some(known) => {
                    known.range = known.range.and(claim.range);
                    known.source = format!("{}; {said}", known.source);
                }
                None => dossier.set(&claim.figure, claim.range, FigureOrigin::Claimed, said),
            }
        }
        dossier
    }

    /// Takes a figure as computed, unless somebody claimed it.
    pub fn offer(&mut self, id: &str, range: FigureRange, source: impl Into<String>) {
        if !self.known.contains_key(id) {
            self.set(id, range, FigureOrigin::Computed, source.into());
        }
    }

    /// Sets a figure whatever was known.
    pub fn set(&mut self, id: &str, range: FigureRange, origin: FigureOrigin, source: String) {
        self.known.insert(id.to_owned(), KnownFigure { range, origin, source });
    }

    /// Fills in defaults for what is neither known nor follows from what is known.
    pub fn fill(&mut self) {
        let figures = self.figures;
        for (id, kind) in &figures.0 {
            if self.known.contains_key(id) || self.follows(id) {
                continue;
            }
            if let Some(range) = kind.default {
                self.set(id, range, FigureOrigin::Default, kind.source.clone());
            } else if let Some(none) = kind.none {
                let text = "not named in the plan: taken as none".to_owned();
                self.set(id, FigureRange::exact(none), FigureOrigin::NotNamed, text);
            }
        }
    }

    fn follows(&self, id: &str) -> bool {
        let mut missing = BTreeSet::new();
        self.figures.0.get(id).is_some_and(|kind| kind.formula.is_some()) && {
            self.base_of(id, 0, &mut BTreeSet::new(), &mut missing);
            missing.is_empty()
        }
    }

    /// The known figures that a formula rests on, and those that would be needed but are not known.
    pub fn base(&self, formula: &Formula) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut base, mut missing) = (BTreeSet::new(), BTreeSet::new());
        for id in formula.figures() {
            self.base_of(id, 0, &mut base, &mut missing);
        }
        (base, missing)
    }

    fn base_of(&self, id: &str, depth: usize, base: &mut BTreeSet<String>, missing: &mut BTreeSet<String>) {
        if self.known.contains_key(id) {
            base.insert(id.to_owned());
            return;
        }
        match self.figures.0.get(id).and_then(|kind| kind.formula.as_ref()) {
            Some(formula) if depth < DEEPEST => {
                let (mut inner, mut lacking) = (BTreeSet::new(), BTreeSet::new());
                for part in formula.figures() {
                    self.base_of(part, depth + 1, &mut inner, &mut lacking);
                }
                // what can be asked for directly is asked for directly
                let asks = self.figures.0.get(id).is_some_and(|kind| !kind.asks.is_empty());
                if lacking.is_empty() || !asks {
                    base.extend(inner);
                    missing.extend(lacking);
                } else {
                    missing.insert(id.to_owned());
                }
            }
            _ => {
                missing.insert(id.to_owned());
            }
        }
    }

    /// The value of a formula with some figures set to what `at` says and all others central.
    pub fn value(&self, formula: &Formula, at: &BTreeMap<&str, f64>) -> Option<f64> {
        formula.value(&|id| self.figure(id, at, 0))
    }

    /// The value of one figure, known or from its formula.
    pub fn figure(&self, id: &str, at: &BTreeMap<&str, f64>, depth: usize) -> Option<f64> {
        if let Some(value) = at.get(id) {
            return Some(*value);
        }
        if let Some(known) = self.known.get(id) {
            return Some(known.range.central);
        }
        let formula = self.figures.0.get(id)?.formula.as_ref()?;
        (depth < DEEPEST).then(|| formula.value(&|part| self.figure(part, at, depth + 1)))?
    }

    /// The range of a formula: the least and the greatest of its values at all corners of the ranges below it, which is exact
    /// for a formula that is monotone in each figure, as all shipped ones are. For rules of others, which may rise and fall, each
    /// figure is looked at inside its range as well, with the others central.
    pub fn range(&self, formula: &Formula) -> Option<FigureRange> {
        let central = self.value(formula, &BTreeMap::new())?;
        let (base, _) = self.base(formula);
        let wide: Vec<(&str, FigureRange)> = base
            .iter()
            .filter_map(|id| self.known.get(id).map(|known| (id.as_str(), known.range)))
            .filter(|(_, range)| !range.is_exact())
            .collect();
        let mut range = FigureRange::exact(central);
        for corner in 0..1u64 << wide.len().min(MOST_WIDE) {
            let mut at = BTreeMap::new();
            for (bit, (id, ends)) in wide.iter().enumerate() {
                at.insert(*id, if corner >> bit & 1 == 0 { ends.low } else { ends.high });
            }
            let value = self.value(formula, &at)?;
            range = FigureRange { low: range.low.min(value), central, high: range.high.max(value) };
        }
        for (id, ends) in &wide {
            for part in 1..INSIDE {
                let at = ends.low + (ends.high - ends.low) * f64::from(part) / f64::from(INSIDE);
                let value = self.value(formula, &BTreeMap::from([(*id, at)]))?;
                range = FigureRange { low: range.low.min(value), central, high: range.high.max(value) };
            }
        }
        Some(range)
    }
}

/// Figures with a range in one formula of which all corners are tried; no shipped rule has as many.
const MOST_WIDE: usize = 16;

/// Parts into which a range is divided to look inside.
const INSIDE: u32 = 16;

/// Who said a claim, and when.
pub fn said(claim: &FigureClaim) -> String {
    let mut text = if claim.who.is_empty() { "nobody named".to_owned() } else { claim.who.clone() };
    if !claim.when.is_empty() {
        text.push_str(&format!(", {}", claim.when));
    }
    if !claim.status.is_empty() && claim.status != "published" {
        text.push_str(&format!(" ({})", claim.status));
    }
    text
}
