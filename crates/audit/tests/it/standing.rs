//! What axes and the whole come to, and how that is said.

use clearway_audit::blueprint::{FigureClaim, HowShown, ShownEvidence};
use clearway_audit::figure::FigureTable;
use clearway_audit::judge::FindingOutcome;
use clearway_audit::range::FigureRange;
use clearway_audit::rule::{ReviewAxis, Rulebook};
use clearway_audit::verdict::PlanStanding;
use clearway_audit::{AuditReport, Blueprint, PlanFacts, audit, in_words};
use clearway_model::{Context, Faults};

fn shipped(keep: &[&str]) -> (FigureTable, Rulebook) {
    let mut faults = Faults::default();
    let figures = FigureTable::shipped(&mut faults);
    let mut rules = Rulebook::shipped(&figures, &mut faults);
    rules.keep(&keep.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    (figures, rules)
}

fn of(keep: &[&str], blueprint: &Blueprint) -> AuditReport {
    let (figures, rules) = shipped(keep);
    audit(blueprint, &figures, &rules, PlanFacts::default())
}

fn claim(figure: &str, value: f64) -> FigureClaim {
    FigureClaim {
        figure: figure.to_owned(),
        range: FigureRange::exact(value),
        who: "test".to_owned(),
        when: String::new(),
        url: String::new(),
        status: String::new(),
        note: String::new(),
        superseded: false,
    }
}

fn standing(report: &AuditReport, axis: ReviewAxis) -> PlanStanding {
    report.axes.iter().find(|a| a.axis == axis).unwrap().standing
}

#[test]
fn an_axis_of_which_nothing_was_looked_at_is_not_assessed() {
    let mut blueprint = Blueprint::empty("one figure", Context::Disaster);
    blueprint.claims = vec![claim("water_queue_min", 10.0)];
    // WAT-14 holds (compliance); TRA-R5 is not shown (feasibility); no rule of the other three axes is kept
    let report = of(&["WAT-14", "TRA-R5"], &blueprint);
    assert_eq!(standing(&report, ReviewAxis::Compliance), PlanStanding::NothingOpen);
    for axis in
        [ReviewAxis::Feasibility, ReviewAxis::Acceptability, ReviewAxis::Completeness, ReviewAxis::Adequacy]
    {
        assert_eq!(standing(&report, axis), PlanStanding::NotAssessed, "{}", axis.word());
    }
    assert_eq!(in_words(&report).matches("not assessed").count(), 4);
    // rules that do not apply are no assessment either
    let report = of(&["SHE-05"], &blueprint);
    assert_eq!(
        (standing(&report, ReviewAxis::Adequacy), report.standing),
        (PlanStanding::NotAssessed, PlanStanding::NotAssessed)
    );
    assert!(report.headline.starts_with("Not assessed"), "{}", report.headline);
}

#[test]
fn what_is_critical_and_not_documented_is_said_even_if_nothing_was_looked_at() {
    let blueprint = Blueprint::empty("silent", Context::Disaster);
    let report = of(&["WRN-01", "WRN-02"], &blueprint);
    assert_eq!(standing(&report, ReviewAxis::Completeness), PlanStanding::NotDemonstrated);
    assert_eq!(
        report.headline,
        "Not demonstrated: 1 critical criterion is not documented; other criteria: 1 not documented."
    );
}

#[test]
fn a_minor_fault_is_open_too() {
    let mut blueprint = Blueprint::empty("minor", Context::Disaster);
    blueprint.claims = vec![claim("slope_percent", 12.0), claim("water_queue_min", 10.0)];
    let report = of(&["SIT-08", "WAT-14"], &blueprint);
    assert_eq!(standing(&report, ReviewAxis::Compliance), PlanStanding::NeedsImprovement);
    assert_eq!(
        report.headline,
        "Needs improvement; no critical criterion is open; other criteria: 1 not met."
    );
}

#[test]
fn a_finding_on_a_source_that_was_not_read_says_so_wherever_it_stands() {
    let mut blueprint = Blueprint::empty("unread", Context::ArmedConflict);
    blueprint.claims =
        vec![claim("consultations_clinician_day", 80.0), claim("people", 100.0), claim("shadow_share", 0.0)];
    blueprint.evidence.push(ShownEvidence {
        rule: "LAW-01".to_owned(),
        shown: HowShown::Yes,
        what: "annex".to_owned(),
        who: String::new(),
        when: String::new(),
        url: String::new(),
    });
    let report = of(&["HEA-10", "BEH-01", "WRN-01", "LAW-*"], &blueprint);
    assert_eq!(report.findings.iter().find(|f| f.id == "BEH-01").unwrap().outcome, FindingOutcome::NotMet);
    // LAW-09 was read
    assert!(
        report
            .protection_not_documented
            .iter()
            .any(|line| line.starts_with("LAW-09") && line.ends_with("(not documented)"))
    );
    assert!(in_words(&report).contains("source not verified"));
}
