//! The rulebook: quantitative criteria, which are computed (`data/quantitative.csv`), and qualitative criteria, which are documented or not (`data/qualitative.csv`).

use crate::figure::{FigureTable, rows};
use crate::formula::Formula;
use clearway_model::{Context, Fault, Faults};
use serde::Serialize;

/// The tables that come with the program.
pub const QUANTITATIVE: &str = include_str!("../data/quantitative.csv");
/// The shipped table of criteria that are documented or not.
pub const QUALITATIVE: &str = include_str!("../data/qualitative.csv");

/// How much depends on a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleSeverity {
    /// It is a matter of quality: the plan works without.
    Minor,
    /// Needs improvement or a reason.
    Major,
    /// A plan that fails it, or is silent on it, cannot be called credible and workable.
    Critical,
}

impl RuleSeverity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}

/// The five axes of FEMA's CPG 101 on which plans are reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewAxis {
    /// Would it cover the need?
    Adequacy,
    /// Can it be done with the means named?
    Feasibility,
    /// Protection, free will, taking part.
    Acceptability,
    /// Are all parts there?
    Completeness,
    /// Does it meet the stated standards?
    Compliance,
}

impl ReviewAxis {
    /// All, in the order of the report.
    pub const ALL: [Self; 5] =
        [Self::Adequacy, Self::Feasibility, Self::Acceptability, Self::Completeness, Self::Compliance];

    /// Its name, as CPG 101 has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Adequacy => "adequacy",
            Self::Feasibility => "feasibility",
            Self::Acceptability => "acceptability",
            Self::Completeness => "completeness",
            Self::Compliance => "compliance",
        }
    }

    /// The question that it stands for, as a heading of the page.
    pub fn question(self) -> &'static str {
        match self {
            Self::Adequacy => "Would it cover what people need?",
            Self::Feasibility => "Can it be done with the resources named?",
            Self::Acceptability => "Are protection, family and free will shown?",
            Self::Completeness => "Are all parts of a plan there?",
            Self::Compliance => "Does it reach the standards?",
        }
    }
}

/// The side of a threshold on which it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RuleThreshold {
    /// Holds from here on up.
    AtLeast(f64),
    /// Holds up to here.
    AtMost(f64),
}

impl RuleThreshold {
    /// The number on whose one side it holds.
    pub fn value(self) -> f64 {
        match self {
            Self::AtLeast(t) | Self::AtMost(t) => t,
        }
    }

    /// Whether a value holds. A billionth is rounding.
    pub fn holds(self, value: f64) -> bool {
        let slack = self.value().abs() * 1e-9;
        match self {
            Self::AtLeast(t) => value >= t - slack,
            Self::AtMost(t) => value <= t + slack,
        }
    }

    /// The same side of another number.
    #[must_use]
    pub fn at(self, other: f64) -> Self {
        match self {
            Self::AtLeast(_) => Self::AtLeast(other),
            Self::AtMost(_) => Self::AtMost(other),
        }
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleTest {
    /// A formula against a threshold.
    Quantitative {
        /// What is computed from the plan's figures, in `unit`.
        formula: Formula,
        /// On which side of which number the plan meets it.
        threshold: RuleThreshold,
        /// Failing this as well makes it critical, whatever its severity.
        critical_at: Option<f64>,
        /// Unit of formula and threshold.
        unit: String,
        /// Severity if the figures are missing; `None`: then it does not apply.
        silent: Option<RuleSeverity>,
        /// Applies where this is above 0.
        applies: Option<Formula>,
        /// How many people it concerns.
        affected: Option<Formula>,
    },
    /// Evidence that a plan shows or does not show.
    Qualitative {
        /// Whom it concerns, in words.
        affected: String,
    },
}

/// One criterion that plans are put to, a row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Id, the same in every report.
    pub id: String,
    /// What it says, as a sentence for people.
    pub rule: String,
    /// Phases: O origin, R on the way, T transit, D1 destination at first, D2 later, ALL.
    pub phase: String,
    /// Only in an armed conflict.
    pub in_conflict_only: bool,
    /// How much depends on it.
    pub severity: RuleSeverity,
    /// The same in an armed conflict.
    pub severity_in_conflict: RuleSeverity,
    /// Under which of the five questions of a review it counts.
    pub axis: ReviewAxis,
    /// What would clear a finding.
    pub clears: String,
    /// Where it comes from.
    pub source: String,
    /// Whether the source was read, not remembered.
    pub verified: bool,
    /// How it was read: publisher, quoted, memory, derived.
    pub basis: String,
    /// What it looks at.
    pub test: RuleTest,
}

impl Rule {
    /// Its severity in a context.
    pub fn severity(&self, context: Context) -> RuleSeverity {
        if context == Context::ArmedConflict { self.severity_in_conflict } else { self.severity }
    }
}

/// All rules, in the order of the tables.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rulebook(pub Vec<Rule>);

impl Rulebook {
    /// The rules that come with the program.
    pub fn shipped(figures: &FigureTable, faults: &mut Faults) -> Self {
        let mut book = Self::default();
        book.add("quantitative.csv", QUANTITATIVE, figures, faults);
        book.add("qualitative.csv", QUALITATIVE, figures, faults);
        book
    }

    /// Adds a table; a rule with a known id replaces it (a national standard, say). A table with a column `formula` holds
    /// quantitative criteria, else qualitative ones.
    pub fn add(&mut self, file: &str, text: &str, figures: &FigureTable, faults: &mut Faults) {
        for row in rows(file, text, &["id", "rule", "severity", "axis", "source"], faults) {
            let Some((severity, severity_in_conflict)) = severities(row.cell("severity")) else {
                faults.push(row.fault("severity", "minor, major, critical or major/critical"));
                continue;
            };
            let Some(axis) = ReviewAxis::ALL.into_iter().find(|axis| axis.word() == row.cell("axis")) else {
                faults.push(
                    row.fault("axis", "adequacy, feasibility, acceptability, completeness or compliance"),
                );
                continue;
            };
            let test = match row.formula("formula", faults) {
                None if !row.cell("formula").is_empty() => continue,
                None => RuleTest::Qualitative { affected: row.cell("affected").to_owned() },
                Some(formula) => {
                    let threshold = match (row.number("at_least", faults), row.number("at_most", faults)) {
                        (Some(t), None) => RuleThreshold::AtLeast(t),
                        (None, Some(t)) => RuleThreshold::AtMost(t),
                        _ => {
                            faults.push(row.fault("at_least", "a number in either at_least or at_most"));
                            continue;
                        }
                    };
                    for id in formula.figures().into_iter().filter(|id| !figures.0.contains_key(*id)) {
                        faults.push(row.fault("formula", &format!("figures of figures.csv; '{id}' is none")));
                    }
                    RuleTest::Quantitative {
                        formula,
                        threshold,
                        // tables of earlier versions call it `blocker_at`
                        critical_at: row
                            .number("critical_at", faults)
                            .or_else(|| row.number("blocker_at", faults)),
                        unit: row.cell("unit").to_owned(),
                        silent: match row.cell("silent") {
                            "skip" => None,
                            text => Some(severities(text).map_or(severity, |(s, _)| s)),
                        },
                        applies: row.formula("applies", faults),
                        affected: row.formula("affected", faults),
                    }
                }
            };
            let clears =
                if row.cell("clears").is_empty() { row.cell("evidence") } else { row.cell("clears") };
            let rule = Rule {
                id: row.cell("id").to_owned(),
                rule: row.cell("rule").to_owned(),
                phase: row.cell("phase").to_owned(),
                in_conflict_only: row.cell("context") == "armed_conflict",
                severity,
                severity_in_conflict,
                axis,
                clears: clears.to_owned(),
                source: row.cell("source").to_owned(),
                verified: row.cell("verified") != "false",
                basis: row.cell("basis").to_owned(),
                test,
            };
            match self.0.iter_mut().find(|known| known.id == rule.id) {
                Some(known) => *known = rule,
                None => self.0.push(rule),
            }
        }
    }

    /// Leaves only rules whose ids match one of the patterns (`TIM-*`, `WAT-01`).
    pub fn keep(&mut self, patterns: &[String]) {
        self.0.retain(|rule| patterns.iter().any(|pattern| matches(pattern, &rule.id)));
    }

    /// The rule of an id; `None` where there is none, e.g. since a profile has left it out.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.id == id)
    }
}

fn matches(pattern: &str, id: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == id, |start| id.starts_with(start))
}

fn severities(text: &str) -> Option<(RuleSeverity, RuleSeverity)> {
    match text {
        "minor" => Some((RuleSeverity::Minor, RuleSeverity::Minor)),
        "major" => Some((RuleSeverity::Major, RuleSeverity::Major)),
        "critical" | "blocker" => Some((RuleSeverity::Critical, RuleSeverity::Critical)),
        "major/critical" | "major/blocker" => Some((RuleSeverity::Major, RuleSeverity::Critical)),
        _ => None,
    }
}

/// A fault for a rule id nobody knows.
pub(crate) fn unknown(file: &str, place: String, id: &str) -> Fault {
    Fault::error(file, place, "the id of a rule").field("rule", id).hint("clearway audit --rules lists them")
}
