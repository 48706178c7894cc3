//! Every rule against one plan: findings, worst first.

use crate::blueprint::{Blueprint, HowShown};
use crate::dossier::{Dossier, FigureOrigin, KnownFigure};
use crate::evaluate::{FigureLever, OutcomeFlip, flips, levers};
use crate::formula::Formula;
use crate::range::FigureRange;
use crate::rule::{ReviewAxis, Rule, RuleSeverity, RuleTest, RuleThreshold, Rulebook};
use clearway_formats::short;
use clearway_model::Context;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingOutcome {
    /// Fails over the whole range of the figures.
    NotMet,
    /// Figures for it, or evidence, are not in what was given.
    NotDocumented,
    /// Holds at one end of the range and fails at the other.
    DependsOn,
    /// Evidence is there in part.
    PartlyDocumented,
    /// Holds over the whole range of the figures.
    Met,
    /// Evidence is there. Whether it is true, or enough, is not judged.
    Documented,
    /// The rule is not about this plan: its condition is not met, or a bound for the map says more.
    NotApplicable,
}

impl FindingOutcome {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotMet => "not met",
            Self::NotDocumented => "not documented",
            Self::DependsOn => "depends",
            Self::PartlyDocumented => "documented in part",
            Self::Met => "met",
            Self::Documented => "documented",
            Self::NotApplicable => "not applicable",
        }
    }

    /// Whether somebody has to do something about it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::NotMet | Self::NotDocumented | Self::DependsOn | Self::PartlyDocumented)
    }
}

/// What one rule says of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct AuditFinding {
    /// Id of the rule that was put to the plan.
    pub id: String,
    /// What the rule says, as a sentence for people.
    pub rule: String,
    /// What came of it.
    pub outcome: FindingOutcome,
    /// How bad; `None` where nothing is open.
    pub severity: Option<RuleSeverity>,
    /// Under which of the five questions of a review it counts.
    pub axis: ReviewAxis,
    /// Phases that it is about, with a space between: O origin, R on the way, T transit, D1 and D2 destination, ALL.
    pub phase: String,
    /// The figure found, with its range; for computed rules.
    pub value: Option<FigureRange>,
    /// `at least` or `at most`.
    pub side: &'static str,
    /// Where it is met, in `unit`; `None` for a criterion that is documented or not.
    pub threshold: Option<f64>,
    /// Unit of figure and threshold.
    pub unit: String,
    /// Central figure less the threshold.
    pub gap: Option<f64>,
    /// How many people it concerns, at the least and at the most; never below none.
    pub affected_people: Option<FigureRange>,
    /// Whom it concerns, in words.
    pub affected: String,
    /// The formula with names, and with the central figures put in.
    pub formula: String,
    /// The same with the central figures in place of the names, and what comes out.
    pub working: String,
    /// Figures on which the outcome depends.
    pub flips: Vec<OutcomeFlip>,
    /// Figures that would clear it, each by itself.
    pub levers: Vec<FigureLever>,
    /// Figures that rest on nothing that was given: taken as none, or a default.
    pub assumed: Vec<String>,
    /// Figures that are missing, as questions.
    pub missing: Vec<String>,
    /// What is shown, and by whom; for rules that are asked.
    pub evidence: String,
    /// The weakest place and hour, where it was judged by place; empty: for the plan as a whole.
    pub place: String,
    /// What would clear it.
    pub clears: String,
    /// Where the rule comes from.
    pub source: String,
    /// Whether that source was read, not remembered.
    pub verified: bool,
    /// How it was read.
    pub basis: String,
}

/// All findings: what is not met first, then what is not shown, then what depends, worst first; ties in the order of the rules.
pub fn judge(rules: &Rulebook, dossier: &Dossier<'_>, blueprint: &Blueprint) -> Vec<AuditFinding> {
    let mut findings: Vec<AuditFinding> = rules
        .0
        .iter()
        .map(|rule| match &rule.test {
            RuleTest::Quantitative { .. } => measured(rule, dossier, blueprint.context),
            RuleTest::Qualitative { .. } => asked(rule, blueprint),
        })
        .collect();
    rank(&mut findings);
    findings
}

/// Puts findings in order: worst first.
pub(crate) fn rank(findings: &mut [AuditFinding]) {
    let rank = |f: &AuditFinding| {
        let severity = f.severity.map_or(3, |s| 2 - s as u8);
        let outcome = match f.outcome {
            FindingOutcome::NotMet => 0,
            FindingOutcome::NotDocumented => 1,
            FindingOutcome::PartlyDocumented => 2,
            FindingOutcome::DependsOn => 3,
            _ => 4,
        };
        (severity, outcome)
    };
    findings.sort_by_key(rank);
}

fn blank(rule: &Rule) -> AuditFinding {
    AuditFinding {
        id: rule.id.clone(),
        rule: rule.rule.clone(),
        outcome: FindingOutcome::NotApplicable,
        severity: None,
        axis: rule.axis,
        phase: rule.phase.clone(),
        value: None,
        side: "",
        threshold: None,
        unit: String::new(),
        gap: None,
        affected_people: None,
        affected: String::new(),
        formula: String::new(),
        working: String::new(),
        flips: Vec::new(),
        levers: Vec::new(),
        assumed: Vec::new(),
        missing: Vec::new(),
        evidence: String::new(),
        place: String::new(),
        clears: rule.clears.clone(),
        source: rule.source.clone(),
        verified: rule.verified,
        basis: rule.basis.clone(),
    }
}

fn asked(rule: &Rule, blueprint: &Blueprint) -> AuditFinding {
    let mut finding = blank(rule);
    if let RuleTest::Qualitative { affected } = &rule.test {
        finding.affected.clone_from(affected);
    }
    if rule.in_conflict_only && blueprint.context != Context::ArmedConflict {
        return finding;
    }
    // the last word counts: later entries are later evidence
    let evidence = blueprint.evidence.iter().rfind(|evidence| evidence.rule == rule.id);
    let shown = evidence.map_or(HowShown::No, |evidence| evidence.shown);
    finding.outcome = match shown {
        HowShown::Yes => FindingOutcome::Documented,
        HowShown::Partial => FindingOutcome::PartlyDocumented,
        HowShown::No => FindingOutcome::NotDocumented,
    };
    if finding.outcome.is_open() {
        let severity = rule.severity(blueprint.context);
        // what is there in part is not silence
        finding.severity =
            Some(if shown == HowShown::Partial { severity.min(RuleSeverity::Major) } else { severity });
    }
    if let Some(evidence) = evidence {
        let said: Vec<&str> = [&evidence.what, &evidence.who, &evidence.when]
            .iter()
            .map(|s| s.as_str())
            .filter(|s| !s.is_empty())
            .collect();
        finding.evidence = said.join("; ");
    }
    finding
}

pub(crate) fn measured(rule: &Rule, dossier: &Dossier<'_>, context: Context) -> AuditFinding {
    let mut finding = blank(rule);
    let RuleTest::Quantitative { formula, threshold, critical_at, unit, silent, applies, affected, .. } =
        &rule.test
    else {
        return finding;
    };
    (finding.side, finding.unit) = (side(*threshold), unit.clone());
    finding.threshold = Some(threshold.value());
    finding.formula = formula.with(&|id| dossier.figures.name(id));
    if rule.in_conflict_only && context != Context::ArmedConflict {
        return finding;
    }
    if let Some(applies) = applies
        && dossier.range(applies).is_some_and(|range| range.high <= 0.0)
    {
        return finding;
    }
    let (base, missing) = dossier.base(formula);
    if !missing.is_empty() {
        let Some(silent) = silent else { return finding };
        finding.outcome = FindingOutcome::NotDocumented;
        let severity = if rule.severity(context) > rule.severity { rule.severity(context) } else { *silent };
        finding.severity = Some(severity);
        finding.missing = questions(dossier, &missing);
        return finding;
    }
    // no value although all is known: nothing is needed and nothing is there
    let Some(range) = dossier.range(formula) else { return finding };
    finding.value = Some(range);
    finding.gap = Some(range.central - threshold.value());
    finding.working = working(dossier, formula);
    finding.assumed = assumed(dossier, formula, &base);
    let (best, worst) = match threshold {
        RuleThreshold::AtLeast(_) => (range.high, range.low),
        RuleThreshold::AtMost(_) => (range.low, range.high),
    };
    let severity = rule.severity(context);
    if threshold.holds(worst) {
        finding.outcome = FindingOutcome::Met;
        return finding;
    }
    if threshold.holds(best) {
        finding.outcome = FindingOutcome::DependsOn;
        finding.severity = Some(severity.min(RuleSeverity::Major));
        finding.flips = flips(dossier, formula, *threshold);
    } else {
        finding.outcome = FindingOutcome::NotMet;
        // only what fails even at the best end of the range stops a plan
        let stops = critical_at.is_some_and(|bound| !threshold.at(bound).holds(best));
        finding.severity = Some(if stops { RuleSeverity::Critical } else { severity });
    }
    finding.levers = levers(dossier, formula, *threshold);
    finding.affected_people = affected.as_ref().and_then(|formula| dossier.range(formula)).map(|range| {
        FigureRange { low: range.low.max(0.0), central: range.central.max(0.0), high: range.high.max(0.0) }
    });
    finding
}

fn side(threshold: RuleThreshold) -> &'static str {
    match threshold {
        RuleThreshold::AtLeast(_) => "at least",
        RuleThreshold::AtMost(_) => "at most",
    }
}

/// What a finding rests on that nobody stated; defaults that change nothing here are left out.
fn assumed(dossier: &Dossier<'_>, formula: &Formula, base: &BTreeSet<String>) -> Vec<String> {
    let matters = |id: &String| {
        let value = |x: f64| dossier.value(formula, &BTreeMap::from([(id.as_str(), x)]));
        dossier.known.get(id).is_some_and(|known| value(known.range.low) != value(known.range.high))
    };
    let words = |id: &String| {
        let name = dossier.figures.name(id);
        match dossier.known.get(id)?.origin {
            FigureOrigin::NotNamed => Some(format!("{name}: not stated, taken as none")),
            FigureOrigin::Default if matters(id) => Some(format!("{name}: default")),
            _ => None,
        }
    };
    base.iter().filter_map(words).collect()
}

/// What to ask for, each question once.
pub fn questions(dossier: &Dossier<'_>, missing: &BTreeSet<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for id in missing {
        let question = dossier.figures.0.get(id).map_or(id.as_str(), |kind| kind.question()).to_owned();
        if !all.contains(&question) {
            all.push(question);
        }
    }
    all
}

/// The formula down to figures that are known, with their central values: what a reader types into a calculator.
fn working(dossier: &Dossier<'_>, formula: &Formula) -> String {
    let nothing = BTreeMap::new();
    let result = dossier.value(formula, &nothing).map_or_else(String::new, short);
    format!(
        "{} = {result}",
        expanded(dossier, formula).with(&|id| {
            dossier
                .known
                .get(id)
                .map_or_else(|| id.to_owned(), |known: &KnownFigure| short(known.range.central))
        })
    )
}

/// The formula with derived figures replaced by theirs.
fn expanded(dossier: &Dossier<'_>, formula: &Formula) -> Formula {
    let all = |of: &[Formula]| of.iter().map(|f| expanded(dossier, f)).collect();
    match formula {
        Formula::Figure(id) if !dossier.known.contains_key(id) => {
            let inner = dossier.figures.0.get(id).and_then(|kind| kind.formula.as_ref());
            inner.map_or_else(|| formula.clone(), |inner| expanded(dossier, inner))
        }
        Formula::Of(a, op, b) => {
            Formula::Of(Box::new(expanded(dossier, a)), *op, Box::new(expanded(dossier, b)))
        }
        Formula::Min(of) => Formula::Min(all(of)),
        Formula::Max(of) => Formula::Max(all(of)),
        other => other.clone(),
    }
}
