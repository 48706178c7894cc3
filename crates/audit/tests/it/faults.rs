//! A complete plan has no open finding; each fault put into it is found by the id of its rule.

use clearway_audit::blueprint::{FigureClaim, HowShown, ShownEvidence};
use clearway_audit::figure::FigureTable;
use clearway_audit::formula::Formula;
use clearway_audit::judge::FindingOutcome;
use clearway_audit::range::FigureRange;
use clearway_audit::rule::{RuleSeverity, RuleTest, Rulebook};
use clearway_audit::verdict::PlanStanding;
use clearway_audit::{AuditReport, Blueprint, Dossier, PlanFacts, audit};
use clearway_model::{Context, Faults};
use std::collections::BTreeMap;

fn shipped() -> (FigureTable, Rulebook) {
    let mut faults = Faults::default();
    let figures = FigureTable::shipped(&mut faults);
    let rules = Rulebook::shipped(&figures, &mut faults);
    assert!(faults.0.is_empty(), "{faults}");
    (figures, rules)
}

fn claim(figure: &str, low: f64, central: f64, high: f64) -> FigureClaim {
    FigureClaim {
        figure: figure.to_owned(),
        range: FigureRange { low, central, high },
        who: "test".to_owned(),
        when: "2026-01-01".to_owned(),
        url: String::new(),
        status: String::new(),
        note: String::new(),
        superseded: false,
    }
}

/// 10,000 people, 12,000 with those already there; every figure is met with room.
const COMPLETE: &[(&str, f64)] = &[
    ("people", 10_000.0),
    ("people_stay", 1_000.0),
    ("people_there_before", 2_000.0),
    ("days", 2.0),
    ("hours_a_day", 12.0),
    ("t90_h", 30.0),
    ("t100_h", 40.0),
    ("available_h", 60.0),
    ("share_at_start", 0.05),
    ("worst_case_t90_h", 50.0),
    ("lanes", 2.0),
    ("vehicles_h_lane", 600.0),
    ("people_a_vehicle", 3.0),
    ("walk_width_m", 0.0),
    ("buses", 10.0),
    ("bus_round_trip_h", 3.0),
    ("admission_people_h", 1_000.0),
    ("route_km", 20.0),
    ("fuel_l", 50_000.0),
    ("people_without_means", 800.0),
    ("free_seats", 1_000.0),
    ("bus_first_pickup_min", 120.0),
    ("scenario_runs", 12.0),
    ("shadow_share", 0.2),
    ("phased_compliance_share", 0.7),
    ("t90_growth_share", 0.1),
    ("water_m3_day", 400.0),
    ("water_loss_planned_share", 0.2),
    ("water_origin_m3_day", 200.0),
    ("water_route_l_person_day", 6.0),
    ("water_transit_l_person_day", 20.0),
    ("taps", 130.0),
    ("tap_hours", 8.0),
    ("water_point_distance_m", 150.0),
    ("water_queue_min", 15.0),
    ("laundry", 200.0),
    ("bathing", 700.0),
    ("soap_g_person_month", 500.0),
    ("water_health_m3_day", 5.0),
    ("outpatients_day", 100.0),
    ("toilets_women", 600.0),
    ("toilets_men", 200.0),
    ("toilets_origin", 300.0),
    ("toilet_distance_m", 30.0),
    ("toilet_water_distance_m", 50.0),
    ("pit_above_water_m", 2.0),
    ("transit_people", 500.0),
    ("transit_toilets", 20.0),
    ("transit_days", 3.0),
    ("health_toilets", 5.0),
    ("refuse_containers", 300.0),
    ("route_rest_people", 400.0),
    ("route_toilets", 10.0),
    ("food_t_day", 8.0),
    ("trucks_day", 2.0),
    ("crossings", 2.0),
    ("distribution_points", 5.0),
    ("temperature_c", 15.0),
    ("tents", 3_000.0),
    ("people_a_tent", 5.0),
    ("tent_floor_m2", 20.0),
    ("cold", 1.0),
    ("ceiling_m", 2.2),
    ("refuge_m2_person", 0.5),
    ("site_area_km2", 0.6),
    ("firebreak_m", 30.0),
    ("structure_gap_m", 3.0),
    ("slope_percent", 4.0),
    ("water_table_m", 5.0),
    ("military_distance_km", 3.0),
    ("dump_distance_km", 3.0),
    ("largest_site_people", 12_000.0),
    ("schools", 4.0),
    ("health_posts", 3.0),
    ("dispersed_rural", 1.0),
    ("hospitals", 1.0),
    ("beds", 40.0),
    ("doctors", 5.0),
    ("clinical_officers", 3.0),
    ("nurses", 20.0),
    ("midwives", 6.0),
    ("health_workers", 20.0),
    ("consultations_clinician_day", 40.0),
    ("obstetric_basic", 1.0),
    ("obstetric_comprehensive", 1.0),
    ("measles_share", 0.97),
    ("patients_assigned_share", 1.0),
    ("hospital_close_day", 3.0),
    ("receiving_open_day", 1.0),
    ("deaths_10000_day", 0.3),
    ("deaths_under5_10000_day", 0.5),
    ("malnutrition_share", 0.05),
    ("not_evacuated", 0.0),
    ("overtaken", 0.0),
    ("verify_findings", 0.0),
    ("longest_walk_km", 20.0),
    ("walk_water_points", 5.0),
    ("hot", 1.0),
    ("site_places", 15_000.0),
    ("bound_days", 1.0),
    ("bound_t90_h", 15.0),
    ("bound_t100_h", 24.0),
];

fn complete(rules: &Rulebook) -> Blueprint {
    let mut blueprint = Blueprint::empty("complete", Context::ArmedConflict);
    blueprint.claims = COMPLETE.iter().map(|(id, value)| claim(id, *value, *value, *value)).collect();
    for rule in rules.0.iter().filter(|rule| matches!(rule.test, RuleTest::Qualitative { .. })) {
        blueprint.evidence.push(ShownEvidence {
            rule: rule.id.clone(),
            shown: HowShown::Yes,
            what: "annex".to_owned(),
            who: String::new(),
            when: String::new(),
            url: String::new(),
        });
    }
    blueprint
}

fn open(report: &AuditReport) -> Vec<&str> {
    report.findings.iter().filter(|f| f.outcome.is_open()).map(|f| f.id.as_str()).collect()
}

fn set(blueprint: &mut Blueprint, id: &str, value: f64) {
    let claim = blueprint.claims.iter_mut().find(|claim| claim.figure == id).unwrap();
    claim.range = FigureRange::exact(value);
}

#[test]
fn nothing_is_found_in_a_complete_plan() {
    let (figures, rules) = shipped();
    let report = audit(&complete(&rules), &figures, &rules, PlanFacts::default());
    assert_eq!(open(&report), Vec::<&str>::new());
    assert_eq!(report.standing, PlanStanding::NothingOpen);
    assert!(report.protection_not_documented.is_empty());
    assert!(report.always[0].contains("lawful, voluntary or advisable"));
}

#[test]
fn each_fault_is_found_by_its_id() {
    let (figures, rules) = shipped();
    let faults: &[(&str, &str, f64, &str)] = &[
        ("the time does not fit roads and hours", "days", 0.1, "TRA-R2"),
        ("even the bound is later", "bound_days", 3.0, "PROOF-01"),
        ("even the bound for 90 % is later", "bound_t90_h", 40.0, "PROOF-02"),
        ("even the bound for all is later", "bound_t100_h", 72.0, "PROOF-03"),
        ("a lane that carries too much", "lanes", 0.05, "TRA-R1"),
        ("reception slower than arrivals", "admission_people_h", 100.0, "TRA-R4"),
        ("fuel for one way", "fuel_l", 10_000.0, "TRA-R5"),
        ("too few free seats", "free_seats", 10.0, "TRA-R7"),
        ("overfull sites", "site_places", 9_000.0, "CAP-01"),
        ("the hazard is there first", "available_h", 20.0, "TIM-02"),
        ("all leave at t = 0", "share_at_start", 1.0, "TIM-05"),
        ("buses appear at once", "bus_first_pickup_min", 0.0, "TIM-07"),
        ("bad weather does not fit", "worst_case_t90_h", 100.0, "TIM-08-W"),
        ("one case", "scenario_runs", 1.0, "TIM-10"),
        ("nobody outside leaves", "shadow_share", 0.0, "BEH-01"),
        ("everybody goes", "people_stay", 0.0, "BEH-03"),
        ("everybody keeps to the time", "phased_compliance_share", 1.0, "BEH-04"),
        ("no water at the receiving places", "water_m3_day", 0.0, "WAT-01"),
        ("water cut at the origin", "water_origin_m3_day", 0.0, "WAT-01-O"),
        ("water to survive only", "water_m3_day", 60.0, "WAT-04"),
        ("no water on the way", "water_route_l_person_day", 0.0, "WAT-01-R"),
        ("no water at rest points", "water_route_l_person_day", 0.0, "WAT-08"),
        ("no water on a 20 km walk", "walk_water_points", 0.0, "WALK-01"),
        ("no losses counted", "water_loss_planned_share", 0.0, "WAT-09"),
        ("few taps", "taps", 10.0, "WAT-10"),
        ("taps of the emergency phase for good", "taps", 60.0, "WAT-10-D2"),
        ("far water", "water_point_distance_m", 900.0, "WAT-13"),
        ("far water after the emergency", "water_point_distance_m", 300.0, "WAT-13-D2"),
        ("few bathing places after the emergency", "bathing", 300.0, "WAT-16-D2"),
        ("a refuse container for 80 people", "refuse_containers", 150.0, "SAN-10"),
        ("few toilets", "toilets_women", 5.0, "SAN-01"),
        ("no toilets at the origin", "toilets_origin", 0.0, "SAN-01-O"),
        ("no toilets for women", "toilets_women", 100.0, "SAN-03"),
        ("toilets beside the well", "toilet_water_distance_m", 5.0, "SAN-05"),
        ("half a ration", "food_t_day", 3.0, "FOO-01"),
        ("too few trucks", "trucks_day", 0.2, "FOO-01-T"),
        ("one crossing feeds all", "crossings", 1.0, "RES-01-C"),
        ("tents for a third", "tents", 800.0, "SHE-06"),
        ("small tents", "tent_floor_m2", 4.0, "SHE-01"),
        ("a month in transit", "transit_days", 30.0, "SHE-05"),
        ("too little land", "site_area_km2", 0.1, "SIT-02"),
        ("a site beside a base", "military_distance_km", 0.2, "SIT-10"),
        ("no health post", "health_posts", 0.0, "HEA-01"),
        ("few beds", "beds", 3.0, "HEA-04"),
        ("no doctor", "doctors", 0.0, "HEA-07"),
        ("patients without a place", "patients_assigned_share", 0.8, "HEA-13"),
        ("hospital closed before beds are open", "receiving_open_day", 5.0, "HEA-14"),
        ("people not evacuated", "not_evacuated", 40.0, "PLAN-02"),
        ("people overtaken", "overtaken", 1.0, "PLAN-03"),
        ("a plan that does not follow", "verify_findings", 2.0, "PLAN-01"),
    ];
    for (name, figure, value, id) in faults {
        let mut blueprint = complete(&rules);
        set(&mut blueprint, figure, *value);
        let report = audit(&blueprint, &figures, &rules, PlanFacts::default());
        let finding = report.findings.iter().find(|f| f.id == *id).unwrap();
        assert_eq!(finding.outcome, FindingOutcome::NotMet, "{name}: {}", finding.working);
    }
}

#[test]
fn missing_evidence_and_figures_are_found_by_id() {
    let (figures, rules) = shipped();
    let whole = complete(&rules);
    for i in 0..whole.evidence.len() {
        let mut blueprint = whole.clone();
        let gone = blueprint.evidence.remove(i);
        assert_eq!(open(&audit(&blueprint, &figures, &rules, PlanFacts::default())), [gone.rule.as_str()]);
    }
    // without a return plan, page one says so in a conflict
    let mut blueprint = whole.clone();
    blueprint.evidence.retain(|evidence| evidence.rule != "LAW-07");
    let report = audit(&blueprint, &figures, &rules, PlanFacts::default());
    assert_eq!(report.protection_not_documented.len(), 1);
    assert_eq!(report.standing, PlanStanding::NotDemonstrated);
    let mut blueprint = whole;
    blueprint.claims.retain(|claim| claim.figure != "water_m3_day");
    let report = audit(&blueprint, &figures, &rules, PlanFacts::default());
    let finding = report.findings.iter().find(|f| f.id == "WAT-01").unwrap();
    assert_eq!(
        (finding.outcome, finding.severity),
        (FindingOutcome::NotDocumented, Some(RuleSeverity::Critical))
    );
    assert!(report.questions.iter().any(|(question, _)| question.contains("how much water a day")));
}

#[test]
fn every_computed_rule_can_hold_and_can_fail() {
    let (figures, rules) = shipped();
    let blueprint = complete(&rules);
    let mut dossier = Dossier::new(&figures, &blueprint);
    dossier.fill();
    for rule in &rules.0 {
        let RuleTest::Quantitative { formula, threshold, .. } = &rule.test else { continue };
        let value = dossier.value(formula, &BTreeMap::new()).unwrap();
        assert!(threshold.holds(value), "{}: {value}", rule.id);
        let (base, _) = dossier.base(formula);
        let fails = base.iter().any(|id| {
            [0.0, 1e-6, 1e6].iter().any(|factor| {
                let now = dossier.known[id].range.central;
                let at = BTreeMap::from([(id.as_str(), if now == 0.0 { *factor } else { now * factor })]);
                dossier.value(formula, &at).is_some_and(|value| !threshold.holds(value))
            })
        });
        // times stated are either there or not
        assert!(fails || rule.id == "TIM-01", "{} can never fail", rule.id);
    }
}

#[test]
fn formulas_are_monotone_in_each_figure_so_that_corners_are_enough() {
    let (figures, rules) = shipped();
    let blueprint = complete(&rules);
    let mut dossier = Dossier::new(&figures, &blueprint);
    dossier.fill();
    for rule in &rules.0 {
        let RuleTest::Quantitative { formula, .. } = &rule.test else { continue };
        let (base, _) = dossier.base(formula);
        for id in &base {
            let now = dossier.known[id].range.central.max(0.1);
            let values: Vec<f64> = (1..=40)
                .filter_map(|i| {
                    dossier.value(formula, &BTreeMap::from([(id.as_str(), now * f64::from(i) / 10.0)]))
                })
                .collect();
            let rises = values.windows(2).all(|w| w[1] >= w[0] - 1e-9 * w[0].abs());
            let falls = values.windows(2).all(|w| w[1] <= w[0] + 1e-9 * w[0].abs());
            assert!(rises || falls, "{} in {id}", rule.id);
        }
    }
}

#[test]
fn a_range_across_the_threshold_depends_and_says_where_it_flips() {
    let (figures, rules) = shipped();
    let mut blueprint = complete(&rules);
    // 12,000 people: 2,400 tents of 5 are exactly enough
    blueprint.claims.retain(|claim| claim.figure != "tents");
    blueprint.claims.push(claim("tents", 1_000.0, 2_000.0, 3_000.0));
    let report = audit(&blueprint, &figures, &rules, PlanFacts::default());
    let finding = report.findings.iter().find(|f| f.id == "SHE-06").unwrap();
    assert_eq!((finding.outcome, finding.severity), (FindingOutcome::DependsOn, Some(RuleSeverity::Major)));
    let [flip] = finding.flips.as_slice() else { panic!("{:?}", finding.flips) };
    assert_eq!(flip.figure, "tents");
    assert!((flip.at - 2_400.0).abs() < 1e-3 && flip.holds_above);
    let lever = finding.levers.iter().find(|lever| lever.figure == "tents").unwrap();
    assert!(lever.within_range && (lever.needed - 2_400.0).abs() < 1e-3);
    let affected = finding.affected_people.unwrap();
    assert_eq!((affected.low, affected.central, affected.high), (0.0, 2_000.0, 7_000.0));
}

#[test]
fn contradictions_and_old_figures_are_named() {
    let (figures, rules) = shipped();
    let mut blueprint = complete(&rules);
    blueprint.date = "2026-03-01".to_owned();
    blueprint.claims.retain(|claim| ["people", "days"].contains(&claim.figure.as_str()));
    blueprint
        .claims
        .push(FigureClaim { when: "2026-03".to_owned(), ..claim("people", 12_000.0, 12_000.0, 12_000.0) });
    let report = audit(&blueprint, &figures, &rules, PlanFacts::default());
    let words: Vec<&str> = report.doubts.iter().map(|doubt| doubt.words.as_str()).collect();
    assert_eq!(words.len(), 3, "{words:?}");
    assert!(words[0].contains("10,000") && words[0].contains("12,000"));
    assert!(words[1].contains("59 days old"));
    assert_eq!(
        report.figures["people"].range,
        FigureRange { low: 10_000.0, central: 10_000.0, high: 12_000.0 }
    );
}

#[test]
fn the_least_that_a_time_would_take() {
    let (figures, rules) = shipped();
    let mut blueprint = Blueprint::empty("by hand", Context::Disaster);
    // 120,000 people in 10 days of 10 h, 600 vehicles/h/lane, 2 people each: 12,000 a day and lane
    for (id, value) in [
        ("people", 120_000.0),
        ("days", 10.0),
        ("hours_a_day", 10.0),
        ("lanes", 0.5),
        ("people_a_vehicle", 2.0),
    ] {
        blueprint.claims.push(claim(id, value, value, value));
    }
    blueprint.claims.push(claim("vehicles_h_lane", 600.0, 600.0, 1_200.0));
    let report = audit(&blueprint, &figures, &rules, PlanFacts::default());
    let least = report.least.iter().find(|least| least.figure == "lanes").unwrap();
    assert!((least.central - 1.0).abs() < 1e-6);
    assert!((least.at_best.unwrap() - 0.5).abs() < 1e-6);
    let days = report.least.iter().find(|least| least.figure == "days").unwrap();
    assert!((days.central - 20.0).abs() < 1e-6);
}

#[test]
fn blueprints_with_faults_are_refused_with_all_of_them() {
    let (figures, rules) = shipped();
    let text = "schema = \"x\"\ncontext = \"war\"\nunknown = 1\n[[claim]]\nfigure = \"tent\"\nvalue = 5\n\
                [[claim]]\nfigure = \"people\"\nvalue = \"many\"\n[[claim]]\nfigure = \"days\"\nvalue = 3\nlow = 4\n\
                [[claim]]\nfigure = \"shadow_share\"\nvalue = 20\nwho = \"a\"\nwhen = \"1 May\"\n\
                [[evidence]]\nrule = \"LAW-99\"\nshown = \"no\"\n[[evidence]]\nrule = \"LAW-07\"\nshown = \"maybe\"\n";
    let mut faults = Faults::default();
    let blueprint = Blueprint::read("b.toml", text, &mut faults).unwrap();
    blueprint.check("b.toml", &figures, &rules, &mut faults);
    let all = faults.to_string();
    for part in [
        "schema = 'x'",
        "context = 'war'",
        "key = 'unknown'",
        "the nearest is 'tents'",
        "value = '\"many\"'",
        "low <= value <= high",
        "20 % is 0.2",
        "when = '1 May'",
        "rule = 'LAW-99'",
        "shown = 'maybe'",
    ] {
        assert!(all.contains(part), "{part} in\n{all}");
    }
    assert!(Blueprint::read("b.toml", "= nonsense", &mut faults).is_none());
}

#[test]
fn a_rule_of_others_that_rises_and_falls_is_looked_at_inside_its_range() {
    let (figures, _) = shipped();
    let mut blueprint = Blueprint::empty("x", Context::Disaster);
    blueprint.claims.push(claim("lanes", 1.0, 1.0, 9.0));
    let dossier = Dossier::new(&figures, &blueprint);
    // highest in the middle: 16 at 5, 0 at both ends
    let formula = Formula::parse("(lanes - 1) * (9 - lanes)").unwrap();
    let range = dossier.range(&formula).unwrap();
    assert_eq!((range.low, range.central, range.high), (0.0, 0.0, 16.0));
}
