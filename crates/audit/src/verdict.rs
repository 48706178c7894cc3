//! The sum of the findings: five axes, what decides, the smallest set of measures, doubtful figures.

use crate::blueprint::Blueprint;
use crate::dossier::{Dossier, said};
use crate::judge::{AuditFinding, FindingOutcome};
use crate::rule::{ReviewAxis, RuleSeverity};
use clearway_formats::short;
use clearway_model::number::index;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What an axis, or all of them, comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanStanding {
    /// No rule could be looked at with what was given, or none applies: nothing is said for or against it.
    NotAssessed,
    /// Nothing is open by the rules that apply.
    NothingOpen,
    /// Something needs improvement or a reason; nothing critical is open.
    NeedsImprovement,
    /// A condition holds or fails with figures inside their range.
    Depends,
    /// A condition that decides is not shown.
    NotDemonstrated,
    /// A condition that decides fails over the whole range of the figures.
    DoesNotHold,
}

impl PlanStanding {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotAssessed => "not assessed",
            Self::NothingOpen => "nothing open",
            Self::NeedsImprovement => "needs improvement",
            Self::Depends => "depends on figures within their range",
            Self::NotDemonstrated => "not demonstrated",
            Self::DoesNotHold => "does not hold as given",
        }
    }

    /// Of a set of findings. Where not one of them could be looked at, they say nothing, unless one decides.
    pub fn of<'a>(findings: impl Iterator<Item = &'a AuditFinding>) -> Self {
        let (mut worst, mut is_assessed) = (Self::NotAssessed, false);
        for f in findings {
            is_assessed |=
                !matches!(f.outcome, FindingOutcome::NotDocumented | FindingOutcome::NotApplicable);
            worst = worst.max(match (f.outcome, f.severity) {
                (FindingOutcome::NotApplicable, _) => Self::NotAssessed,
                (FindingOutcome::NotMet, Some(RuleSeverity::Critical)) => Self::DoesNotHold,
                (FindingOutcome::NotDocumented, Some(RuleSeverity::Critical)) => Self::NotDemonstrated,
                (FindingOutcome::DependsOn, Some(RuleSeverity::Major)) => Self::Depends,
                (_, Some(_)) => Self::NeedsImprovement,
                _ => Self::NothingOpen,
            });
        }
        if is_assessed || worst >= Self::NotDemonstrated { worst } else { Self::NotAssessed }
    }
}

/// What the rules of one axis come to.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct AxisVerdict {
    /// Which of the five axes it is.
    pub axis: ReviewAxis,
    /// What it comes to.
    pub standing: PlanStanding,
    /// Critical criteria that fail.
    pub critical_not_met: usize,
    /// Critical criteria that are not documented.
    pub critical_not_documented: usize,
    /// Outcomes that depend on figures.
    pub depends: usize,
    /// Rules that are met or shown.
    pub met: usize,
    /// How many rules of the axis apply to the plan.
    pub applicable: usize,
}

/// What every axis comes to, in the order of the report.
pub fn axes(findings: &[AuditFinding]) -> Vec<AxisVerdict> {
    ReviewAxis::ALL
        .into_iter()
        .map(|axis| {
            let of_axis = || findings.iter().filter(move |f| f.axis == axis);
            let count = |outcome: FindingOutcome, severity: Option<RuleSeverity>| {
                of_axis()
                    .filter(|f| f.outcome == outcome && (severity.is_none() || f.severity == severity))
                    .count()
            };
            AxisVerdict {
                axis,
                standing: PlanStanding::of(of_axis()),
                critical_not_met: count(FindingOutcome::NotMet, Some(RuleSeverity::Critical)),
                critical_not_documented: count(FindingOutcome::NotDocumented, Some(RuleSeverity::Critical)),
                depends: count(FindingOutcome::DependsOn, None),
                met: count(FindingOutcome::Met, None) + count(FindingOutcome::Documented, None),
                applicable: of_axis().filter(|f| f.outcome != FindingOutcome::NotApplicable).count(),
            }
        })
        .collect()
}

/// A figure that takes part in open findings.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DecidingFigure {
    /// Id of the figure.
    pub figure: String,
    /// Rules whose outcome it alone changes.
    pub decides: Vec<String>,
}

/// Which figures decide: most rules first.
pub fn deciding(findings: &[AuditFinding]) -> Vec<DecidingFigure> {
    let mut by_figure: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in findings {
        for flip in &finding.flips {
            by_figure.entry(&flip.figure).or_default().push(finding.id.clone());
        }
    }
    let mut all: Vec<DecidingFigure> = by_figure
        .into_iter()
        .map(|(figure, decides)| DecidingFigure { figure: figure.to_owned(), decides })
        .collect();
    all.sort_by_key(|d| Reverse(d.decides.len()));
    all
}

/// One bar of the tornado: how far a figure alone moves the result.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FigureSwing {
    /// Id of the figure.
    pub figure: String,
    /// Result at its low end, all others central.
    pub at_low: f64,
    /// Result at its high end.
    pub at_high: f64,
}

/// How far each figure alone moves the result of one computed rule; widest first.
pub fn swings(dossier: &Dossier<'_>, formula: &crate::formula::Formula) -> Vec<FigureSwing> {
    let (base, _) = dossier.base(formula);
    let mut all: Vec<FigureSwing> = base
        .iter()
        .filter_map(|id| {
            let range = dossier.known.get(id)?.range;
            let at = |value: f64| dossier.value(formula, &BTreeMap::from([(id.as_str(), value)]));
            let (at_low, at_high) = (at(range.low)?, at(range.high)?);
            (at_low != at_high).then(|| FigureSwing { figure: id.clone(), at_low, at_high })
        })
        .collect();
    all.sort_by(|a, b| (b.at_high - b.at_low).abs().total_cmp(&(a.at_high - a.at_low).abs()));
    all
}

/// A measure of the smallest set.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RequiredMeasure {
    /// Id of the figure.
    pub figure: String,
    /// Its central value as known, in its own unit.
    pub now: f64,
    /// What it has to be for all the rules it clears, all others central.
    pub needed: f64,
    /// Whether that is within the range given.
    pub within_range: bool,
    /// The rules it clears.
    pub clears: Vec<String>,
}

/// Figures tried together; more than these are taken one after the other.
const MOST_LEVERS: usize = 16;

/// The smallest set of figures whose change clears every computed finding of at least major severity that any single figure
/// can clear: fewest figures, then most of them within the ranges given. Empty if there is none.
pub fn smallest_set(findings: &[AuditFinding]) -> Vec<RequiredMeasure> {
    let open: Vec<&AuditFinding> = findings
        .iter()
        .filter(|f| {
            f.outcome == FindingOutcome::NotMet
                && f.severity >= Some(RuleSeverity::Major)
                && !f.levers.is_empty()
        })
        .collect();
    let mut names: Vec<&str> = open.iter().flat_map(|f| f.levers.iter().map(|l| l.figure.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(MOST_LEVERS);
    let clears = |name: &str, f: &AuditFinding| f.levers.iter().any(|l| l.figure == name);
    let mut best: Option<(usize, usize, u32)> = None;
    for set in 1u32..1 << names.len() {
        let has = |i: usize| set >> i & 1 == 1;
        let covers = open.iter().all(|f| names.iter().enumerate().any(|(i, name)| has(i) && clears(name, f)));
        if covers {
            let far = open
                .iter()
                .flat_map(|f| &f.levers)
                .filter(|l| !l.within_range && names.iter().position(|n| *n == l.figure).is_some_and(has))
                .count();
            let candidate = (index(set.count_ones()), far, set);
            best = Some(best.map_or(candidate, |known| known.min(candidate)));
        }
    }
    let Some((_, _, set)) = best else { return Vec::new() };
    let chosen = names.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, name)| *name);
    chosen
        .filter_map(|name| {
            let of: Vec<(&AuditFinding, &crate::evaluate::FigureLever)> = open
                .iter()
                .filter_map(|f| f.levers.iter().find(|l| l.figure == name).map(|l| (*f, l)))
                .collect();
            let (_, most) = of.iter().max_by(|a, b| a.1.needed.total_cmp(&b.1.needed))?;
            Some(RequiredMeasure {
                figure: name.to_owned(),
                now: most.now,
                needed: most.needed,
                within_range: most.within_range,
                clears: of.iter().map(|(f, _)| f.id.clone()).collect(),
            })
        })
        .collect()
}

/// Something doubtful about the figures given.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FigureDoubt {
    /// Id of the figure.
    pub figure: String,
    /// What is doubtful, in words.
    pub words: String,
}

/// Days after which a figure is called old: situations of this kind change within weeks.
pub const OLD_AFTER_DAYS: i32 = 30;

/// Figures that contradict each other and figures older than [`OLD_AFTER_DAYS`] on the day of the audit.
pub fn doubts(blueprint: &Blueprint, dossier: &Dossier<'_>) -> Vec<FigureDoubt> {
    let mut all = Vec::new();
    let claims = &blueprint.claims;
    for (i, a) in claims.iter().enumerate() {
        for b in claims.iter().skip(i + 1).filter(|b| b.figure == a.figure && a.range.is_apart_from(&b.range))
        {
            let kept = if a.superseded || b.superseded {
                "the later one is used"
            } else {
                "the range that holds both is used"
            };
            let words = format!(
                "{} differs: {} ({}) and {} ({}); {kept}",
                dossier.figures.name(&a.figure),
                short(a.range.central),
                said(a),
                short(b.range.central),
                said(b)
            );
            all.push(FigureDoubt { figure: a.figure.clone(), words });
        }
    }
    let Ok(today) = blueprint.date.parse::<jiff::civil::Date>() else { return all };
    for claim in claims.iter().filter(|claim| !claim.superseded && !claim.when.is_empty()) {
        let missing = 2usize.saturating_sub(claim.when.matches('-').count());
        // a month or year is taken at its end: a figure is called old only if it must be
        let last = ["", "-28", "-12-31"].get(missing).copied().unwrap_or("");
        let Ok(when) = format!("{}{last}", claim.when).parse::<jiff::civil::Date>() else { continue };
        let days = (today - when).get_days();
        if days > OLD_AFTER_DAYS {
            let words = format!(
                "{} is {days} days old on {} ({})",
                dossier.figures.name(&claim.figure),
                blueprint.date,
                said(claim)
            );
            all.push(FigureDoubt { figure: claim.figure.clone(), words });
        }
    }
    all
}
