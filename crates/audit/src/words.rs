//! The audit as a whole, and in words.

use crate::blueprint::{Blueprint, FigureClaim, ShownEvidence};
use crate::dossier::{Dossier, KnownFigure};
use crate::evaluate::{LeastFigure, least};
use crate::figure::FigureTable;
use crate::judge::{AuditFinding, FindingOutcome, judge, rank};
use crate::places::{PlaceFinding, PlaceSeries, judge_places};
use crate::profile::{CaseBound, MapLever};
use crate::range::FigureRange;
use crate::rule::{RuleSeverity, RuleTest, Rulebook};
use crate::verdict::{
    AxisVerdict, DecidingFigure, FigureDoubt, FigureSwing, PlanStanding, RequiredMeasure, axes, deciding,
    doubts, smallest_set, swings,
};
use clearway_formats::short;
use clearway_model::{Context, TOOL};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The schema of `audit.json`.
pub const SCHEMA: &str = "clearway-audit/2";
/// Rules on roads that need no map.
const ROADS_BY_HAND: [&str; 2] = ["TRA-R2", "TRA-R1"];
/// What page one always lists in an armed conflict.
pub const PROTECTION: [&str; 6] = ["LAW-01", "LAW-07", "LAW-09", "LAW-20", "LAW-25", "LAW-27"];

/// Everything the audit says: `audit.json`.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct AuditReport {
    /// Always [`SCHEMA`], by which programs know the file.
    pub schema: &'static str,
    /// Name of the plan.
    pub name: String,
    /// What plan it is, in a sentence; may be empty.
    pub description: String,
    /// Kind of situation, which decides what page one shows first.
    pub context: Context,
    /// The day for which it is audited.
    pub date: String,
    /// What it comes to.
    pub standing: PlanStanding,
    /// The same as a sentence.
    pub headline: String,
    /// What is said whatever came out.
    pub always: Vec<String>,
    /// In an armed conflict: protection items without full evidence.
    pub protection_not_documented: Vec<String>,
    /// People who stay, in words.
    pub who_stay: String,
    /// What each of the five axes comes to.
    pub axes: Vec<AxisVerdict>,
    /// All findings, worst first.
    pub findings: Vec<AuditFinding>,
    /// What single places do not meet, the weakest first.
    pub places: Vec<PlaceFinding>,
    /// What to ask for, each question with the rules that wait for it; most rules first.
    pub questions: Vec<(String, Vec<String>)>,
    /// Figures within whose stated ranges an outcome changes, those that decide most first.
    pub deciding: Vec<DecidingFigure>,
    /// The computed rule whose result the tornado shows.
    pub tornado_of: String,
    /// How far each figure moves it.
    pub tornado: Vec<FigureSwing>,
    /// The smallest set of measures.
    pub measures: Vec<RequiredMeasure>,
    /// The least of each figure with which the time claimed would suffice.
    pub least: Vec<LeastFigure>,
    /// What it would take by the time claimed, on the map given.
    pub map_levers: Vec<MapLever>,
    /// The bound in harder cases.
    pub cases: Vec<CaseBound>,
    /// What was left out or made coarser so that the audit can be passed on, in words.
    pub left_out: Vec<String>,
    /// Claims that contradict each other, and figures that were old on the day of the audit.
    pub doubts: Vec<FigureDoubt>,
    /// All figures that were known, by id, each with where it comes from.
    pub figures: BTreeMap<String, KnownFigure>,
    /// Names and units of the figures used, for readers.
    pub names: BTreeMap<String, (String, String)>,
    /// All claims of the blueprint, those that later ones replaced among them.
    pub claims: Vec<FigureClaim>,
    /// All evidence of the blueprint.
    pub evidence: Vec<ShownEvidence>,
    /// Open findings whose rule was not read at its source.
    pub unverified: Vec<String>,
    /// Name and version of the program that made it.
    pub tool: &'static str,
}

/// What follows from the map, the plan and the supplies given.
#[derive(Debug, Clone, Default)]
pub struct PlanFacts<'a> {
    /// Figures, each with how.
    pub computed: &'a [(&'a str, FigureRange, String)],
    /// Places over time, where supplies are given by place.
    pub places: &'a [PlaceSeries],
    /// What it would take by the time claimed, on the map.
    pub map_levers: Vec<MapLever>,
    /// The bound in harder cases.
    pub cases: Vec<CaseBound>,
    /// What was left out or made coarser so that the audit can be passed on, in words.
    pub left_out: Vec<String>,
}

/// Puts every rule to what a blueprint states and what was computed beside it. The same input gives the same report.
pub fn audit(
    blueprint: &Blueprint,
    figures: &FigureTable,
    rules: &Rulebook,
    facts: PlanFacts<'_>,
) -> AuditReport {
    let mut dossier = Dossier::new(figures, blueprint);
    for (id, range, how) in facts.computed {
        dossier.offer(id, *range, how.clone());
    }
    dossier.fill();
    let mut findings = judge(rules, &dossier, blueprint);
    let (places, weakest) = judge_places(rules, &dossier, facts.places, blueprint.context);
    for finding in weakest {
        // a plan is as good as its weakest place
        if let Some(whole) = findings.iter_mut().find(|whole| whole.id == finding.id) {
            *whole = finding;
        }
    }
    // where the bound is known for a map, arithmetic with lanes and hours adds nothing to ask for
    let is_proved = |f: &AuditFinding| matches!(f.id.as_str(), "PROOF-01" | "PROOF-03") && f.value.is_some();
    if findings.iter().any(is_proved) {
        for finding in findings.iter_mut().filter(|f| ROADS_BY_HAND.contains(&f.id.as_str())) {
            if finding.outcome == FindingOutcome::NotDocumented {
                (finding.outcome, finding.severity) = (FindingOutcome::NotApplicable, None);
                finding.missing.clear();
            }
        }
    }
    rank(&mut findings);
    let standing = PlanStanding::of(findings.iter());
    let conflict = blueprint.context == Context::ArmedConflict;
    let is_shown = |id: &str| findings.iter().any(|f| f.id == id && f.outcome == FindingOutcome::Documented);
    let protection: Vec<String> = PROTECTION
        .iter()
        .filter(|id| conflict && !is_shown(id))
        .map(|id| match findings.iter().find(|f| f.id == **id) {
            Some(f) => {
                let source = if f.verified { "" } else { "; source not verified" };
                format!("{id}: {} ({}{source})", f.rule, f.outcome.words())
            }
            None => format!("{id}: not among the rules chosen"),
        })
        .collect();
    let tornado_of = ["TRA-R2", "SHE-06", "SIT-02", "WAT-01"]
        .into_iter()
        .find(|id| findings.iter().any(|f| f.id == *id && f.value.is_some_and(|v| !v.is_exact())))
        .unwrap_or("")
        .to_owned();
    let tornado = rules.get(&tornado_of).map_or_else(Vec::new, |rule| match &rule.test {
        RuleTest::Quantitative { formula, .. } => swings(&dossier, formula),
        RuleTest::Qualitative { .. } => Vec::new(),
    });
    let least = rules.get("TRA-R2").map_or_else(Vec::new, |rule| match &rule.test {
        RuleTest::Quantitative { formula, threshold, .. } => least(&dossier, formula, *threshold),
        RuleTest::Qualitative { .. } => Vec::new(),
    });
    AuditReport {
        schema: SCHEMA,
        name: blueprint.name.clone(),
        description: blueprint.description.clone(),
        context: blueprint.context,
        date: blueprint.date.clone(),
        headline: headline(standing, &findings),
        standing,
        always: always(conflict),
        protection_not_documented: protection,
        who_stay: who_stay(&dossier),
        axes: axes(&findings),
        places,
        questions: questions(&findings),
        deciding: deciding(&findings),
        tornado_of,
        tornado,
        measures: smallest_set(&findings),
        least,
        map_levers: facts.map_levers,
        cases: facts.cases,
        left_out: facts.left_out,
        doubts: doubts(blueprint, &dossier),
        names: dossier
            .figures
            .0
            .iter()
            .map(|(id, kind)| (id.clone(), (kind.name.clone(), kind.unit.clone())))
            .collect(),
        figures: dossier.known,
        claims: blueprint.claims.clone(),
        evidence: blueprint.evidence.clone(),
        unverified: findings
            .iter()
            .filter(|f| f.outcome.is_open() && !f.verified)
            .map(|f| f.id.clone())
            .collect(),
        findings,
        tool: TOOL,
    }
}

fn always(conflict: bool) -> Vec<String> {
    let mut all = Vec::new();
    if conflict {
        all.push("Feasible does not mean lawful, voluntary or advisable.".to_owned());
    }
    all.push(
        "Nothing here says that people should move or stay, and no place is called safe. A criterion that is not documented may still be met: \
         what was given does not say so."
            .to_owned(),
    );
    all
}

fn who_stay(dossier: &Dossier<'_>) -> String {
    dossier.known.get("people_stay").map_or_else(
        || "The number of people staying is not stated.".to_owned(),
        |known| {
            let FigureRange { low, central, high } = known.range;
            let ends = if known.range.is_exact() {
                String::new()
            } else {
                format!("{} to {}; ", short(low), short(high))
            };
            format!(
                "People staying: {} ({ends}{}). They are part of every plan.",
                short(central),
                known.source
            )
        },
    )
}

fn headline(standing: PlanStanding, findings: &[AuditFinding]) -> String {
    let count = |outcome: FindingOutcome, is_critical: bool| {
        let is = |f: &&AuditFinding| {
            f.outcome == outcome && (f.severity == Some(RuleSeverity::Critical)) == is_critical
        };
        findings.iter().filter(is).count()
    };
    let criteria = |n: usize, kind: &str| match n {
        1 => format!("1 {kind} criterion"),
        n => format!("{n} {kind} criteria"),
    };
    let is_or_are = |n: usize| if n == 1 { "is" } else { "are" };
    let [fails, silent] =
        [FindingOutcome::NotMet, FindingOutcome::NotDocumented].map(|outcome| count(outcome, true));
    let depends = findings.iter().filter(|f| f.outcome == FindingOutcome::DependsOn).count();
    let mut critical = Vec::new();
    match fails {
        0 => {}
        1 => critical.push("1 critical criterion fails for every value in the stated ranges".to_owned()),
        n => critical.push(format!("{n} critical criteria fail for every value in the stated ranges")),
    }
    match (silent, fails) {
        (0, _) => {}
        (n, 0) => critical.push(format!("{} {} not documented", criteria(n, "critical"), is_or_are(n))),
        (n, _) => critical.push(format!("{n} {} not documented", is_or_are(n))),
    }
    let mut others = Vec::new();
    if depends > 0 {
        others.push(format!("{depends} met or failed depending on values within the stated ranges"));
    }
    for (outcome, words) in [
        (FindingOutcome::NotMet, "not met"),
        (FindingOutcome::NotDocumented, "not documented"),
        (FindingOutcome::PartlyDocumented, "documented in part"),
    ] {
        match count(outcome, false) {
            0 => {}
            n => others.push(format!("{n} {words}")),
        }
    }
    let mut parts = critical;
    if !others.is_empty() {
        parts.push(format!("other criteria: {}", others.join(", ")));
    }
    let text = parts.join("; ");
    match standing {
        PlanStanding::DoesNotHold => format!("Does not hold as given: {text}."),
        PlanStanding::NotDemonstrated => format!("Not demonstrated: {text}."),
        PlanStanding::Depends => format!("Depends on values within the stated ranges: {text}."),
        PlanStanding::NeedsImprovement => {
            format!("Needs improvement; no critical criterion is open; {text}.")
        }
        PlanStanding::NothingOpen => "No criterion is open by these rules and figures.".to_owned(),
        PlanStanding::NotAssessed => {
            "Not assessed: what was given does not say enough for any of the criteria.".to_owned()
        }
    }
}

fn questions(findings: &[AuditFinding]) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for finding in findings {
        for question in &finding.missing {
            match all.iter_mut().find(|(known, _)| known == question) {
                Some((_, rules)) => rules.push(finding.id.clone()),
                None => all.push((question.clone(), vec![finding.id.clone()])),
            }
        }
    }
    all.sort_by_key(|(_, rules)| Reverse(rules.len()));
    all
}

/// What a finding found, in words.
pub fn found(report: &AuditReport, finding: &AuditFinding) -> String {
    let name = |id: &str| report.names.get(id).map_or_else(|| id.to_owned(), |(name, _)| name.clone());
    let unit = |id: &str| report.names.get(id).map_or("", |(_, unit)| unit.as_str());
    let Some(value) = finding.value else {
        return match finding.outcome {
            FindingOutcome::NotDocumented if finding.missing.is_empty() => {
                "not documented in what was given".to_owned()
            }
            FindingOutcome::NotDocumented => format!("not stated: {}", finding.missing.join("; ")),
            _ => finding.evidence.clone(),
        };
    };
    if let Some(text) = claimed_and_proven(report, finding) {
        return text;
    }
    let range = if value.is_exact() {
        String::new()
    } else {
        format!(" (range {} to {})", short(value.low), short(value.high))
    };
    let mut text = format!(
        "{}{range} {}; needed {} {}",
        short(value.central),
        finding.unit,
        finding.side,
        short(finding.threshold.unwrap_or(0.0))
    );
    for flip in &finding.flips {
        let side = if flip.holds_above { "from" } else { "up to" };
        text.push_str(&format!(
            "; met {side} {} {} of {}",
            short(flip.at),
            unit(&flip.figure),
            name(&flip.figure)
        ));
    }
    if finding.outcome == FindingOutcome::DependsOn && finding.flips.is_empty() {
        let why = if value.high.is_finite() {
            "no figure alone changes the outcome, several together do"
        } else {
            "the high end is not known"
        };
        text.push_str(&format!("; {why}"));
    }
    if !finding.place.is_empty() {
        text.push_str(&format!("; weakest: {}", finding.place));
    }
    if !finding.assumed.is_empty() && finding.outcome.is_open() {
        text.push_str(&format!("; not stated ({})", finding.assumed.join("; ")));
    }
    text
}

/// A claimed time beside its bound: `claimed 3 h; proven minimum 4 h 10 min`. `None` for all other rules.
fn claimed_and_proven(report: &AuditReport, finding: &AuditFinding) -> Option<String> {
    let (claimed, proven, hours) = match finding.id.as_str() {
        "PROOF-01" => ("days", "bound_days", 24.0),
        "PROOF-02" => ("t90_h", "bound_t90_h", 1.0),
        "PROOF-03" => ("t100_h", "bound_t100_h", 1.0),
        _ => return None,
    };
    let range = |id: &str| report.figures.get(id).map(|known| known.range);
    let (claimed, proven) = (range(claimed)?, range(proven)?);
    // a claim is rounded up and a bound down, so that neither is said to be worse than it is
    let (up, down) = (|x: f64| length(x * hours, f64::ceil), |x: f64| length(x * hours, f64::floor));
    let ends = |range: FigureRange, of: &dyn Fn(f64) -> String| match range.is_exact() {
        true => of(range.central),
        false => format!("{} ({} to {})", of(range.central), of(range.low), of(range.high)),
    };
    Some(format!("claimed {}; proven minimum {}", ends(claimed, &up), ends(proven, &down)))
}

/// A length of time for people: `45 min`, `4 h 10 min`, `3 d 6 h`.
fn length(hours: f64, round: fn(f64) -> f64) -> String {
    // noise of floating point is no minute
    let tidy = |x: f64| round((x * 1e6).round() / 1e6);
    if !hours.is_finite() {
        return "no limit known".to_owned();
    }
    if hours >= 48.0 {
        let whole = tidy(hours);
        let (days, rest) = ((whole / 24.0).floor(), whole % 24.0);
        return if rest == 0.0 { format!("{days} d") } else { format!("{days} d {rest} h") };
    }
    let minutes = tidy(hours * 60.0);
    match ((minutes / 60.0).floor(), minutes % 60.0) {
        (0.0, minutes) => format!("{minutes} min"),
        (hours, 0.0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The first lines of the audit for a terminal.
pub fn in_words(report: &AuditReport) -> String {
    let mut text = format!("{}\n{}\n", report.name, report.headline);
    for line in &report.always {
        text.push_str(&format!("{line}\n"));
    }
    for line in &report.protection_not_documented {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str(&format!("{}\n", report.who_stay));
    for axis in &report.axes {
        text.push_str(&format!(
            "  {:<14} {}; {} of {} met or documented\n",
            axis.axis.word(),
            axis.standing.words(),
            axis.met,
            axis.applicable
        ));
    }
    let worst = report.findings.iter().filter(|f| f.value.is_some() && f.outcome.is_open());
    for finding in worst.take(8) {
        text.push_str(&format!(
            "  {} {}, {}: {}; {}\n    {}\n",
            finding.id,
            finding.outcome.words(),
            finding.severity.map_or("", RuleSeverity::word),
            finding.rule,
            found(report, finding),
            finding.working
        ));
        if !finding.verified {
            text.push_str(&format!("    source not verified: {}\n", finding.source));
        }
    }
    for lever in &report.map_levers {
        let least = |x: Option<f64>| x.map_or_else(|| "more than the most examined".to_owned(), short);
        text.push_str(&format!(
            "  required change by the deadline: at least {} {} (now {}; {} at optimistic values)\n",
            least(lever.central),
            lever.what,
            short(lever.now),
            least(lever.best)
        ));
    }
    if !report.questions.is_empty() {
        text.push_str("Ask first:\n");
        for (question, rules) in report.questions.iter().take(6) {
            text.push_str(&format!("  {question} ({})\n", rules.join(", ")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_length_of_time_is_rounded_to_what_people_use() {
        assert_eq!(length(25.0 / 6.0, f64::floor), "4 h 10 min");
        assert_eq!(length(3.0, f64::ceil), "3 h");
        assert_eq!(length(0.75, f64::ceil), "45 min");
        assert_eq!(length(4.169, f64::floor), "4 h 10 min");
        assert_eq!(length(4.169, f64::ceil), "4 h 11 min");
        assert_eq!(length(78.2, f64::floor), "3 d 6 h");
        assert_eq!(length(240.0, f64::ceil), "10 d");
        assert_eq!(length(f64::INFINITY, f64::floor), "no limit known");
    }
}
