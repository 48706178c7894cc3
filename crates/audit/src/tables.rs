//! The audit as tables for a spreadsheet.

use crate::judge::FindingOutcome;
use crate::rule::RuleSeverity;
use crate::words::AuditReport;
use clearway_formats::csv_for_spreadsheets;

/// `findings.csv`: all findings, for a spreadsheet.
pub fn findings_csv(report: &AuditReport) -> Vec<u8> {
    let header = [
        "id",
        "outcome",
        "severity",
        "axis",
        "rule",
        "low",
        "central",
        "high",
        "side",
        "threshold",
        "unit",
        "gap",
        "affected_people",
        "working",
        "missing",
        "evidence",
        "clears",
        "source",
        "verified",
    ];
    let number = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x}"));
    let rows = report.findings.iter().filter(|f| f.outcome != FindingOutcome::NotApplicable).map(|f| {
        vec![
            f.id.clone(),
            f.outcome.words().to_owned(),
            f.severity.map_or("", RuleSeverity::word).to_owned(),
            f.axis.word().to_owned(),
            f.rule.clone(),
            number(f.value.map(|v| v.low)),
            number(f.value.map(|v| v.central)),
            number(f.value.map(|v| v.high)),
            f.side.to_owned(),
            number(f.threshold),
            f.unit.clone(),
            number(f.gap),
            number(f.affected_people.map(|r| r.central.round())),
            f.working.clone(),
            f.missing.join("; "),
            f.evidence.clone(),
            f.clears.clone(),
            f.source.clone(),
            f.verified.to_string(),
        ]
    });
    csv_for_spreadsheets(&header, rows.collect::<Vec<_>>())
}

/// `places.csv`: what single places do not meet.
pub fn places_csv(report: &AuditReport) -> Vec<u8> {
    let header = [
        "id",
        "kind",
        "place_id",
        "outcome",
        "severity",
        "first_hour",
        "hours",
        "worst_hour",
        "value",
        "threshold",
        "unit",
        "people",
    ];
    let rows = report.places.iter().map(|p| {
        vec![
            p.rule.clone(),
            p.kind.to_owned(),
            p.place_id.clone(),
            p.outcome.words().to_owned(),
            p.severity.word().to_owned(),
            p.first_h.to_string(),
            p.hours.to_string(),
            p.worst_h.to_string(),
            p.value.to_string(),
            p.threshold.to_string(),
            p.unit.clone(),
            p.people.to_string(),
        ]
    });
    csv_for_spreadsheets(&header, rows.collect::<Vec<_>>())
}
