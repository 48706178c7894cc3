//! The page of an audit.

use clearway_audit::blueprint::{FigureClaim, HowShown, ShownEvidence};
use clearway_audit::figure::FigureTable;
use clearway_audit::range::FigureRange;
use clearway_audit::rule::Rulebook;
use clearway_audit::{AuditReport, Blueprint, PlanFacts, audit};
use clearway_model::{Context, Faults};
use clearway_report::audit_page;

fn of(keep: &[&str], blueprint: &Blueprint, computed: &[(&str, FigureRange, String)]) -> AuditReport {
    let mut faults = Faults::default();
    let figures = FigureTable::shipped(&mut faults);
    let mut rules = Rulebook::shipped(&figures, &mut faults);
    rules.keep(&keep.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    audit(blueprint, &figures, &rules, PlanFacts { computed, ..PlanFacts::default() })
}

fn page(report: &AuditReport) -> String {
    String::from_utf8(audit_page(report).unwrap()).unwrap()
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

#[test]
fn an_axis_of_which_nothing_was_looked_at_is_not_assessed_on_the_page() {
    let mut blueprint = Blueprint::empty("one figure", Context::Disaster);
    blueprint.claims = vec![claim("water_queue_min", 10.0)];
    let html = page(&of(&["WAT-14", "TRA-R5"], &blueprint, &[]));
    assert_eq!(html.matches("not assessed").count(), 4);
    assert_eq!(html.matches("<strong>nothing open").count(), 1);
    assert!(html.contains("default-src 'none'") && !html.contains("<script"), "{html}");
}

#[test]
fn a_finding_on_a_source_that_was_not_read_says_so_on_the_page() {
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
    let html = page(&of(&["HEA-10", "BEH-01", "WRN-01", "LAW-*"], &blueprint, &[]));
    // among the quantitative criteria, among the critical ones, above all of them, and in the list of all
    let at = |text: &str| html.find(text).unwrap();
    let first = &html[at("Quantitative criteria, worst first")..at("Critical criteria that are not")];
    assert!(first.contains("source not verified: NUREG&#x2f;CR-7002"), "{first}");
    let silent = &html[at("Critical criteria that are not")..at("All criteria")];
    assert!(silent.contains("WRN-01") && silent.contains("(source not verified)"), "{silent}");
    assert!(html.contains(
        "LAW-27: lets people choose freely, with the information they need (not documented; source not verified)"
    ));
    assert!(html.contains("Feasible does not mean lawful, voluntary or advisable."));
    assert!(html.contains("no place is called safe"));
}

#[test]
fn a_claimed_time_stands_beside_the_proven_minimum() {
    let mut blueprint = Blueprint::empty("too fast", Context::Disaster);
    blueprint.claims = vec![claim("t90_h", 3.0), claim("people", 100.0)];
    let computed = [("bound_t90_h", FigureRange::exact(25.0 / 6.0), "by hand".to_owned())];
    let report = of(&["PROOF-02"], &blueprint, &computed);
    assert!(page(&report).contains("claimed 3 h; proven minimum 4 h 10 min"));
    assert_eq!(
        report.headline,
        "Does not hold as given: 1 critical criterion fails for every value in the stated ranges."
    );
}
