//! An empty blueprint to fill in, and the list of rules.

use crate::figure::FigureTable;
use crate::rule::{RuleTest, Rulebook};

/// A blueprint that asks for everything: each figure and each piece of evidence as a comment with its question.
pub fn form(figures: &FigureTable, rules: &Rulebook) -> String {
    let mut text = String::from(
        "schema = \"clearway-blueprint/1\"\nname = \"\"\ndescription = \"\"\n# disaster, armed_conflict, exercise or other\ncontext = \"\"\n\
         # the day for which figures are to be right\ndate = \"\"\n\
         # kinds of plan, if only their rules are to be looked at: ete, camp, wildfire, conflict\n# profile = [\"\"]\n\
         # what there is as files, relative to this one: a map with people (scenario), a plan folder with what is at its places and\n\
         # what trucks can bring, a table of who leaves when for where (CSV, XLSX, ODS)\n\
         # scenario = \"\"\n# plan = \"\"\n# supplies = \"\"\n# aid = \"\"\n# movements = \"\"\n\n# Take the # away from what you know. Leave out what is not stated: it will be asked for by name.\n",
    );
    for kind in figures.0.values().filter(|kind| !kind.asks.is_empty()) {
        let unit = if kind.unit.is_empty() { String::new() } else { format!(" [{}]", kind.unit) };
        text.push_str(&format!(
            "\n# {}{unit}: {}\n# [[claim]]\n# figure = \"{}\"\n# value = 0\n# low = 0\n# high = 0\n# who = \"\"\n# when = \"\"\n# url = \"\"\n",
            kind.name, kind.asks, kind.id
        ));
    }
    for rule in &rules.0 {
        if matches!(rule.test, RuleTest::Qualitative { .. }) {
            text.push_str(&format!(
                "\n# {}: {}; {}\n# [[evidence]]\n# rule = \"{}\"\n# shown = \"yes\"  # yes, partial or no\n# what = \"\"\n# who = \"\"\n# when = \"\"\n",
                rule.id, rule.rule, rule.clears, rule.id
            ));
        }
    }
    text
}

/// The rules as a table for a spreadsheet.
pub fn rules_list(rules: &Rulebook) -> Vec<u8> {
    let header = [
        "id",
        "rule",
        "side",
        "threshold",
        "unit",
        "phase",
        "severity",
        "in_conflict",
        "axis",
        "source",
        "verified",
        "basis",
    ];
    let rows = rules.0.iter().map(|rule| {
        let (side, threshold, unit) = match &rule.test {
            RuleTest::Quantitative { threshold, unit, .. } => {
                let side = if matches!(threshold, crate::rule::RuleThreshold::AtLeast(_)) {
                    "at least"
                } else {
                    "at most"
                };
                (side.to_owned(), threshold.value().to_string(), unit.clone())
            }
            RuleTest::Qualitative { .. } => ("documented".to_owned(), String::new(), String::new()),
        };
        vec![
            rule.id.clone(),
            rule.rule.clone(),
            side,
            threshold,
            unit,
            rule.phase.clone(),
            rule.severity.word().to_owned(),
            rule.severity_in_conflict.word().to_owned(),
            rule.axis.word().to_owned(),
            rule.source.clone(),
            rule.verified.to_string(),
            rule.basis.clone(),
        ]
    });
    clearway_formats::csv_text(&header, rows.collect::<Vec<_>>())
}
