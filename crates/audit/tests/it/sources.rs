//! What was found when the rules were read against their sources: thresholds, severities, words of the law, and whether the source
//! was read at all.

use clearway_audit::figure::FigureTable;
use clearway_audit::rule::{Rule, RuleSeverity, RuleTest, RuleThreshold, Rulebook};
use clearway_model::Faults;

fn shipped() -> Rulebook {
    let mut faults = Faults::default();
    let figures = FigureTable::shipped(&mut faults);
    let rules = Rulebook::shipped(&figures, &mut faults);
    assert!(faults.0.is_empty(), "{faults}");
    rules
}

fn rule<'a>(rules: &'a Rulebook, id: &str) -> &'a Rule {
    rules.get(id).unwrap_or_else(|| panic!("{id} is missing"))
}

/// Id, threshold, phase: figures as found.
const FOUND: &[(&str, RuleThreshold, &str)] = &[
    ("WAT-01", RuleThreshold::AtLeast(3.0), "D1"),
    ("WAT-01-O", RuleThreshold::AtLeast(3.0), "O"),
    ("WAT-01-R", RuleThreshold::AtLeast(3.0), "R"),
    ("WAT-04", RuleThreshold::AtLeast(7.5), "D1"),
    ("WAT-05", RuleThreshold::AtLeast(15.0), "D1 D2"),
    ("WAT-06", RuleThreshold::AtLeast(20.0), "D2"),
    ("WAT-10", RuleThreshold::AtMost(1.0), "D1"),
    ("WAT-10-D2", RuleThreshold::AtMost(1.0), "D2"),
    ("WAT-13", RuleThreshold::AtMost(500.0), "D1"),
    ("WAT-13-D2", RuleThreshold::AtMost(200.0), "D2"),
    ("WAT-16", RuleThreshold::AtMost(50.0), "D1"),
    ("WAT-16-D2", RuleThreshold::AtMost(20.0), "D2"),
    ("WAT-20", RuleThreshold::AtLeast(250.0), "D1 D2"),
    ("WAT-21", RuleThreshold::AtLeast(1.0), "O D1"),
    ("SAN-01", RuleThreshold::AtMost(50.0), "T D1"),
    ("SAN-02", RuleThreshold::AtMost(20.0), "D1 D2"),
    ("SAN-04", RuleThreshold::AtMost(50.0), "D1 D2"),
    ("SAN-05", RuleThreshold::AtLeast(30.0), "D1 D2"),
    ("SAN-10", RuleThreshold::AtMost(50.0), "D2"),
    ("FOO-01", RuleThreshold::AtLeast(2100.0), "T D1 D2"),
    ("SHE-01", RuleThreshold::AtLeast(3.5), "D1 D2"),
    ("SHE-02", RuleThreshold::AtLeast(4.5), "D1 D2"),
    ("SIT-01", RuleThreshold::AtLeast(45.0), "D1 D2"),
    ("SIT-02", RuleThreshold::AtLeast(30.0), "D1 D2"),
    ("SIT-06", RuleThreshold::AtLeast(30.0), "D1 D2"),
    ("SIT-07", RuleThreshold::AtLeast(2.0), "D1 D2"),
    ("SIT-13", RuleThreshold::AtMost(20_000.0), "D2"),
    ("HEA-08", RuleThreshold::AtLeast(23.0), "D2"),
    ("HEA-09", RuleThreshold::AtLeast(1.0), "D1 D2"),
    ("HEA-11", RuleThreshold::AtLeast(4.0), "O D1"),
    ("HEA-11-C", RuleThreshold::AtLeast(1.0), "O D1"),
    ("HEA-12", RuleThreshold::AtLeast(0.95), "T D1"),
    ("MOR-01", RuleThreshold::AtMost(1.0), "ALL"),
    ("MOR-02", RuleThreshold::AtMost(2.0), "ALL"),
];

#[test]
fn figures_are_those_that_were_found_and_their_source_counts_as_read() {
    let rules = shipped();
    for (id, threshold, phase) in FOUND {
        let rule = rule(&rules, id);
        let RuleTest::Quantitative { threshold: given, .. } = &rule.test else { panic!("{id} is asked") };
        assert_eq!((given, rule.phase.as_str(), rule.verified), (threshold, *phase, true), "{id}");
    }
}

#[test]
fn what_was_not_found_stays_unverified() {
    let rules = shipped();
    let not_found = [
        "WAT-07",
        "WAT-08",
        "WAT-19",
        "WAT-22",
        "WAT-23",
        "SAN-07",
        "SAN-08",
        "SAN-10-D1",
        "FOO-09",
        "HEA-05",
        "HEA-10",
        "TIM-10",
        "TIM-11",
        "BEH-01",
        "LAW-27",
        "LAW-28",
        "LAW-33",
    ];
    for id in not_found {
        let rule = rule(&rules, id);
        assert!(!rule.verified && rule.basis.contains("memory"), "{id}");
    }
    // every rule says how it was read, and what was remembered is never called read
    for rule in &rules.0 {
        assert!(!rule.basis.is_empty(), "{}", rule.id);
        assert!(!(rule.verified && rule.basis.contains("memory")), "{}: {}", rule.id, rule.basis);
        assert!(rule.verified || ["memory", "derived"].iter().any(|b| rule.basis.contains(b)), "{}", rule.id);
    }
}

#[test]
fn severity_follows_what_was_found() {
    let rules = shipped();
    let of = |id: &str| {
        let rule = rule(&rules, id);
        let RuleTest::Quantitative { critical_at, silent, .. } = &rule.test else { panic!("{id} is asked") };
        (rule.severity, *critical_at, *silent)
    };
    // published bands: up to 20 m2 a person is high congestion
    assert_eq!(of("SIT-02"), (RuleSeverity::Major, Some(20.0), Some(RuleSeverity::Critical)));
    // its source was not found: it decides nothing. Water to survive was found and does
    assert_eq!(of("WAT-08"), (RuleSeverity::Major, None, Some(RuleSeverity::Major)));
    assert_eq!(of("WAT-01-R"), (RuleSeverity::Major, Some(2.5), Some(RuleSeverity::Critical)));
    // the 18 that was found is a cap, not a minimum
    assert_eq!(of("HEA-05"), (RuleSeverity::Minor, None, Some(RuleSeverity::Minor)));
    assert_eq!(of("BEH-01").0, RuleSeverity::Major);
}

#[test]
fn exceptions_stand_in_the_rules_of_law() {
    let rules = shipped();
    for (id, parts) in [
        ("LAW-03", &["impossible to avoid for material reasons", "AP II 17(2) without exception"][..]),
        ("LAW-04", &["greatest practicable extent (GC IV 49(3))"]),
        ("LAW-05", &["greatest practicable extent (GC IV 49(3))", "all possible measures", "shelter"]),
        ("LAW-06", &["greatest practicable extent"]),
        ("LAW-10", &["unless circumstances do not permit", "not the same"]),
        ("LAW-11", &["feasible"]),
        ("LAW-12", &["maximum extent feasible (AP I 58(b))"]),
        ("LAW-14", &["neither covers everybody", "both parties"]),
        ("LAW-15", &["endeavours", "besieged or encircled"]),
        ("LAW-16", &["due warning", "GC IV 19"]),
        ("LAW-17", &["under 15", "under 12", "endeavours"]),
        ("LAW-18", &["not its own nationals", "except in occupied territory", "Protecting Power"]),
        ("LAW-19", &["subject to the right of control"]),
        ("LAW-24", &["as soon as it has taken place"]),
        ("LAW-25", &["unless their security or imperative military reasons so demand"]),
    ] {
        let rule = rule(&rules, id);
        for part in parts {
            assert!(rule.rule.contains(part), "{id}: '{part}' in '{}'", rule.rule);
        }
    }
    assert!(rule(&rules, "LAW-11").source.contains("without prejudice to GC IV 49"));
    assert!(rule(&rules, "LAW-20").source.contains("to cause them to move away"));
    assert!(rule(&rules, "HEA-14").source.contains("57"));
}

#[test]
fn a_standard_names_its_edition_and_phase() {
    let rules = shipped();
    for (id, parts) in [
        ("WAT-01", &["Sphere Handbook 2011"][..]),
        ("WAT-05", &["UNHCR", "emergency phase"]),
        ("WAT-06", &["UNHCR", "post-emergency phase"]),
        ("WAT-17", &["UNHCR", "Sphere 2000"]),
        ("WAT-18", &["UNHCR", "Sphere 2000"]),
        ("WAT-20", &["Sphere 2000"]),
        ("WAT-21", &["Sphere Handbook 2004"]),
        ("SHE-01", &["1999"]),
        ("HEA-12", &["UNHCR"]),
    ] {
        let source = &rule(&rules, id).source;
        assert!(parts.iter().all(|part| source.contains(part)), "{id}: {source}");
    }
    assert!(rule(&rules, "FOO-01").rule.contains("depend on food aid alone"));
}
