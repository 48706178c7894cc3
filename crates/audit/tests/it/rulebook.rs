//! Tables that others add, and the form.

use clearway_audit::figure::FigureTable;
use clearway_audit::rule::{RuleSeverity, RuleTest, RuleThreshold, Rulebook};
use clearway_audit::{Blueprint, form};
use clearway_model::Faults;

#[test]
fn a_national_standard_replaces_a_rule() {
    let mut faults = Faults::default();
    let figures = FigureTable::shipped(&mut faults);
    let mut rules = Rulebook::shipped(&figures, &mut faults);
    let count = rules.0.len();
    let table = "id,rule,formula,at_least,at_most,severity,axis,source\n\
                 WAT-05,water by national standard,water_l_person_day,25,,blocker,compliance,national code\n\
                 NAT-01,ambulances,people / hospitals,,1000,minor,adequacy,national code\n";
    rules.add("national.csv", table, &figures, &mut faults);
    assert!(faults.0.is_empty(), "{faults}");
    assert_eq!(rules.0.len(), count + 1);
    let rule = rules.get("WAT-05").unwrap();
    assert_eq!(rule.severity, RuleSeverity::Critical);
    assert!(
        matches!(&rule.test, RuleTest::Quantitative { threshold: RuleThreshold::AtLeast(t), .. } if *t == 25.0)
    );
}

#[test]
fn faults_of_a_table_are_all_named() {
    let mut faults = Faults::default();
    let figures = FigureTable::shipped(&mut faults);
    let mut rules = Rulebook::shipped(&figures, &mut faults);
    let table = "id,rule,formula,at_least,at_most,severity,axis,source\n\
                 A,a,people /,1,,minor,adequacy,s\nB,b,people / camels,1,,minor,adequacy,s\n\
                 C,c,people,1,2,minor,adequacy,s\nD,d,people,x,,minor,adequacy,s\nE,e,people,1,,bad,adequacy,s\nF,,people,1,,minor,adequacy,s\n";
    rules.add("own.csv", table, &figures, &mut faults);
    let all = faults.to_string();
    for part in
        ["line 2 (A)", "'camels' is none", "line 4 (C)", "at_least = 'x'", "severity = 'bad'", "line 7 (F)"]
    {
        assert!(all.contains(part), "{part} in\n{all}");
    }
}

#[test]
fn the_form_is_a_blueprint() {
    let mut faults = Faults::default();
    let figures = FigureTable::shipped(&mut faults);
    let rules = Rulebook::shipped(&figures, &mut faults);
    let text = form(&figures, &rules).replace("context = \"\"", "context = \"other\"");
    let blank = Blueprint::read("form.toml", &text, &mut faults).unwrap();
    assert!(blank.claims.is_empty());
    // with every # before a key taken away it asks for everything
    let keys = [
        "[[", "figure =", "value =", "low =", "high =", "who =", "when =", "url =", "rule =", "shown =",
        "what =",
    ];
    let open: String = text
        .lines()
        .map(|line| {
            let bare = line.strip_prefix("# ").filter(|bare| keys.iter().any(|key| bare.starts_with(key)));
            format!("{}\n", bare.unwrap_or(line).replace("what = \"\"", "what = \"annex\""))
        })
        .collect();
    let full = Blueprint::read("form.toml", &open, &mut faults).unwrap();
    full.check("form.toml", &figures, &rules, &mut faults);
    assert!(!faults.has_errors(), "{faults}");
    assert!(
        full.claims.len() > 60 && full.evidence.len() > 60,
        "{} {}",
        full.claims.len(),
        full.evidence.len()
    );
}
