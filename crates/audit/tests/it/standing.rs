//! What axes and the whole come to, and how that is said.

use clearway_audit::blueprint::{Claim, Evidence, Shown};
use clearway_audit::figure::Figures;
use clearway_audit::judge::Outcome;
use clearway_audit::range::Range;
use clearway_audit::rule::{Axis, Rulebook};
use clearway_audit::verdict::Standing;
use clearway_audit::{Blueprint, Facts, Report, audit, in_words};
use clearway_model::{Context, Faults};

fn shipped(keep: &[&str]) -> (Figures, Rulebook) {
    let mut faults = Faults::default();
    let figures = Figures::shipped(&mut faults);
    let mut rules = Rulebook::shipped(&figures, &mut faults);
    rules.keep(&keep.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    (figures, rules)
}

fn of(keep: &[&str], blueprint: &Blueprint) -> Report {
    let (figures, rules) = shipped(keep);
    audit(blueprint, &figures, &rules, Facts::default())
}

fn claim(figure: &str, value: f64) -> Claim {
    Claim {
        figure: figure.to_owned(),
        range: Range::exact(value),
        who: "test".to_owned(),
        when: String::new(),
        url: String::new(),
        status: String::new(),
        note: String::new(),
        superseded: false,
    }
}

fn standing(report: &Report, axis: Axis) -> Standing {
    report.axes.iter().find(|a| a.axis == axis).unwrap().standing
}

#[test]
fn an_axis_of_which_nothing_was_looked_at_is_not_assessed() {
    let mut blueprint = Blueprint::empty("one figure", Context::Disaster);
    blueprint.claims = vec![claim("water_queue_min", 10.0)];
    // WAT-14 holds (compliance); TRA-R5 is not shown (feasibility); no rule of the other three axes is kept
    let report = of(&["WAT-14", "TRA-R5"], &blueprint);
    assert_eq!(standing(&report, Axis::Compliance), Standing::NothingOpen);
    for axis in [Axis::Feasibility, Axis::Acceptability, Axis::Completeness, Axis::Adequacy] {
        assert_eq!(standing(&report, axis), Standing::NotAssessed, "{}", axis.word());
    }
    assert_eq!(in_words(&report).matches("not assessed").count(), 4);
    // rules that do not apply are no assessment either
    let report = of(&["SHE-05"], &blueprint);
    assert_eq!(
        (standing(&report, Axis::Adequacy), report.standing),
        (Standing::NotAssessed, Standing::NotAssessed)
    );
    assert!(report.headline.starts_with("Not assessed"), "{}", report.headline);
}

#[test]
fn what_is_critical_and_not_documented_is_said_even_if_nothing_was_looked_at() {
    let blueprint = Blueprint::empty("silent", Context::Disaster);
    let report = of(&["WRN-01", "WRN-02"], &blueprint);
    assert_eq!(standing(&report, Axis::Completeness), Standing::NotDemonstrated);
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
    assert_eq!(standing(&report, Axis::Compliance), Standing::NeedsImprovement);
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
    blueprint.evidence.push(Evidence {
        rule: "LAW-01".to_owned(),
        shown: Shown::Yes,
        what: "annex".to_owned(),
        who: String::new(),
        when: String::new(),
        url: String::new(),
    });
    let report = of(&["HEA-10", "BEH-01", "WRN-01", "LAW-*"], &blueprint);
    assert_eq!(report.findings.iter().find(|f| f.id == "BEH-01").unwrap().outcome, Outcome::NotMet);
    // LAW-09 was read
    assert!(
        report
            .protection_not_documented
            .iter()
            .any(|line| line.starts_with("LAW-09") && line.ends_with("(not documented)"))
    );
    assert!(in_words(&report).contains("source not verified"));
}
