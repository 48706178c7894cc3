//! The page of an audit: the result first, detail behind it.

use crate::ReportError;
use crate::html::{PageFrame, render};
use clearway_audit::dossier::FigureOrigin;
use clearway_audit::judge::{AuditFinding, FindingOutcome};
use clearway_audit::places::PlaceFinding;
use clearway_audit::profile::{CaseBound, MapLever};
use clearway_audit::rule::RuleSeverity;
use clearway_audit::verdict::RequiredMeasure;
use clearway_audit::{AuditReport, found};
use clearway_formats::short;
use clearway_model::number::{float, length};
use clearway_model::{hours, whole_people};
use serde::Serialize;

/// One finding in a list.
#[derive(Serialize)]
struct FindingLine {
    id: String,
    rule: String,
    outcome: &'static str,
    severity: &'static str,
    axis: &'static str,
    found: String,
    working: String,
    affected: String,
    clears: String,
    source: String,
    verified: bool,
}

/// One bar of the tornado: what a figure's range does to the result.
#[derive(Serialize)]
struct SwingBar {
    name: String,
    words: String,
    from: f64,
    width: f64,
}

/// What the template `audit.html` uses, beside the frame.
#[derive(Serialize)]
struct AuditView<'a> {
    report: &'a AuditReport,
    axes: Vec<(String, &'static str, &'static str, usize, usize)>,
    first: Vec<FindingLine>,
    silent: Vec<(String, Vec<FindingLine>)>,
    all: Vec<FindingLine>,
    bars: Vec<SwingBar>,
    mark: f64,
    tornado_words: String,
    measures: Vec<String>,
    least: Vec<Vec<String>>,
    figures: Vec<Vec<String>>,
    places: Vec<[String; 8]>,
    more_places: usize,
    map_levers: Vec<[String; 5]>,
    map_folders: bool,
    cases: Vec<[String; 4]>,
    cases_computed: bool,
}

/// Width of the thinnest bar, percent: one without any width would not be seen.
const LEAST_BAR: f64 = 0.4;
/// Rows of the table of places; the rest is in the file.
const PLACES: usize = 20;

/// The page of an audit.
///
/// # Errors
/// Only if the built-in template fails.
pub fn audit_page(report: &AuditReport) -> Result<Vec<u8>, ReportError> {
    let lines = |pick: &dyn Fn(&AuditFinding) -> bool| -> Vec<FindingLine> {
        report.findings.iter().filter(|f| pick(f)).map(|f| line(report, f)).collect()
    };
    let is_critical_and_silent = |f: &AuditFinding| {
        f.outcome == FindingOutcome::NotDocumented && f.severity == Some(RuleSeverity::Critical)
    };
    let mut silent: Vec<(String, Vec<FindingLine>)> = Vec::new();
    for finding in report.findings.iter().filter(|f| is_critical_and_silent(f)) {
        let axis = finding.axis.word().to_owned();
        match silent.iter_mut().find(|(known, _)| *known == axis) {
            Some((_, list)) => list.push(line(report, finding)),
            None => silent.push((axis, vec![line(report, finding)])),
        }
    }
    let mut first =
        lines(&|f| f.value.is_some() && f.outcome.is_open() && f.severity >= Some(RuleSeverity::Major));
    first.truncate(10);
    let (bars, mark) = bars(report);
    let view = AuditView {
        axes: report
            .axes
            .iter()
            .map(|a| (a.axis.word().to_owned(), a.axis.question(), a.standing.words(), a.met, a.applicable))
            .collect(),
        first,
        silent,
        all: lines(&|f| f.outcome != FindingOutcome::NotApplicable),
        bars,
        mark,
        tornado_words: report
            .findings
            .iter()
            .find(|f| f.id == report.tornado_of)
            .map_or_else(String::new, |f| format!("{}: {} ({})", f.id, f.formula, f.unit)),
        measures: report.measures.iter().map(|m| measure(report, m)).collect(),
        least: report
            .least
            .iter()
            .map(|l| {
                let (name, unit) = name(report, &l.figure);
                let best = l.at_best.map_or_else(|| "none".to_owned(), short);
                vec![format!("{name}, {unit}"), short(l.now), short(l.central), best]
            })
            .collect(),
        figures: figures(report),
        places: report.places.iter().take(PLACES).map(|p| place(report, p)).collect(),
        more_places: report.places.len().saturating_sub(PLACES),
        map_levers: report.map_levers.iter().map(map_lever).collect(),
        map_folders: report.map_levers.iter().any(|lever| !lever.folders[0].is_empty()),
        cases: report.cases.iter().map(case).collect(),
        cases_computed: report.cases.iter().any(|case| case.computed),
        report,
    };
    let always: Vec<&str> = report.always.iter().map(String::as_str).collect();
    Ok(render("audit.html", &PageFrame::new(&report.name, "Audit", &always), &view)?.into_bytes())
}

fn place(report: &AuditReport, p: &PlaceFinding) -> [String; 8] {
    let is_verified = report.findings.iter().any(|f| f.id == p.rule && f.verified);
    [
        p.rule.clone(),
        format!("{}, {}", p.outcome.words(), p.severity.word()),
        format!("{} {}", p.kind, p.place_id),
        match p.hours {
            0 => format!("in hour {}", short(float(p.first_h))),
            count => format!("from hour {}, {}", short(float(p.first_h)), hours(length(count))),
        },
        format!("{} {} in hour {}", short(p.value), p.unit, short(float(p.worst_h))),
        short(p.threshold),
        short(float(p.people)),
        if is_verified { String::new() } else { "source not verified".to_owned() },
    ]
}

fn map_lever(lever: &MapLever) -> [String; 5] {
    let least = |x: Option<f64>| x.map_or_else(|| "more than the most examined".to_owned(), short);
    let folders: Vec<&str> = lever.folders.iter().map(String::as_str).filter(|f| !f.is_empty()).collect();
    [lever.what.clone(), short(lever.now), least(lever.central), least(lever.best), folders.join(", ")]
}

fn case(case: &CaseBound) -> [String; 4] {
    let hours = |s: Option<f64>| match s {
        Some(s) => format!("{} h", short((s / 36.0).round() / 100.0)),
        None if case.computed => "after the planning horizon".to_owned(),
        None => "not computed".to_owned(),
    };
    let verified = if case.verified { "" } else { " (source not verified)" };
    [case.name.clone(), hours(case.t90_s), hours(case.clearance_s), format!("{}{verified}", case.source)]
}

fn name<'a>(report: &'a AuditReport, id: &'a str) -> (&'a str, &'a str) {
    report.names.get(id).map_or((id, ""), |(name, unit)| (name.as_str(), unit.as_str()))
}

fn line(report: &AuditReport, finding: &AuditFinding) -> FindingLine {
    // a number without limit is no count of people
    let whole = |x: f64| if x.is_finite() { whole_people(x) } else { format!("{} people", short(x)) };
    let people = finding.affected_people.map(|range| match range.is_exact() {
        true => whole(range.central),
        false => {
            format!("{} ({} to {})", whole(range.central), short(range.low.ceil()), short(range.high.ceil()))
        }
    });
    FindingLine {
        id: finding.id.clone(),
        rule: finding.rule.clone(),
        outcome: finding.outcome.words(),
        severity: finding.severity.map_or("", RuleSeverity::word),
        axis: finding.axis.word(),
        found: found(report, finding),
        working: finding.working.clone(),
        affected: people.unwrap_or_else(|| finding.affected.clone()),
        clears: finding.clears.clone(),
        source: finding.source.clone(),
        verified: finding.verified,
    }
}

fn measure(report: &AuditReport, measure: &RequiredMeasure) -> String {
    let (name, unit) = name(report, &measure.figure);
    let means = if measure.within_range { "within the range given" } else { "beyond the range given" };
    format!(
        "{name}: {} {unit} instead of {}, {means}; clears {}",
        short(measure.needed),
        short(measure.now),
        measure.clears.join(", ")
    )
}

/// Bars of the tornado in percent of the width, and where the threshold is.
fn bars(report: &AuditReport) -> (Vec<SwingBar>, f64) {
    let Some(finding) = report.findings.iter().find(|f| f.id == report.tornado_of) else {
        return (Vec::new(), 0.0);
    };
    let threshold = finding.threshold.unwrap_or(0.0);
    let ends = || report.tornado.iter().flat_map(|s| [s.at_low, s.at_high]).filter(|x| x.is_finite());
    let least = ends().fold(threshold, f64::min);
    let most = ends().fold(threshold, f64::max);
    let at =
        |x: f64| if most > least { (x.clamp(least, most) - least) / (most - least) * 100.0 } else { 0.0 };
    let bars = report
        .tornado
        .iter()
        .map(|swing| {
            let (a, b) = (at(swing.at_low), at(swing.at_high));
            let range = report.figures.get(&swing.figure).map(|known| known.range);
            let (name, unit) = name(report, &swing.figure);
            let words = range.map_or_else(String::new, |r| {
                format!(
                    "{} to {} {unit}: result {} to {}",
                    short(r.low),
                    short(r.high),
                    short(swing.at_low),
                    short(swing.at_high)
                )
            });
            SwingBar { name: name.to_owned(), words, from: a.min(b), width: (b - a).abs().max(LEAST_BAR) }
        })
        .collect();
    (bars, at(threshold))
}

fn figures(report: &AuditReport) -> Vec<Vec<String>> {
    report
        .figures
        .iter()
        .map(|(id, known)| {
            let (name, unit) = name(report, id);
            let range = known.range;
            let ends = if range.is_exact() {
                String::new()
            } else {
                format!("{} to {}", short(range.low), short(range.high))
            };
            let origin = match known.origin {
                FigureOrigin::Claimed => "stated",
                FigureOrigin::Computed => "computed",
                FigureOrigin::Default => "default",
                FigureOrigin::NotNamed => "not named",
            };
            vec![
                name.to_owned(),
                short(range.central),
                ends,
                unit.to_owned(),
                origin.to_owned(),
                known.source.clone(),
            ]
        })
        .collect()
}
