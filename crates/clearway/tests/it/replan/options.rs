//! Options laid side by side, and which is taken.

use super::*;

/// Two roads from one zone to one site: a bridge for 3,000 people/h in 10 min, and a way round for 1,000 people/h in 20 min.
fn bridge_and_way_round() -> MemoryStore {
    let mut scenario = (*example("one-road").scenario).clone();
    let mut round = scenario.links[0].clone();
    round.link_id = "2".to_owned();
    round.name = "The way round".to_owned();
    (round.capacity_pcu_h, round.capacity, round.time_ms) = (Some(400.0), None, Some(1_200_000));
    (round.length, round.free_speed) = (None, None);
    scenario.links.push(round);
    scenario.sources.clear();
    planned(&loaded(&scenario), &PlanRequest::default())
}

#[test]
fn with_the_bridge_lost_all_who_are_left_go_round() {
    let plan = bridge_and_way_round();
    let before = again(&plan, "", &request(HOUR_MS));
    let report = again(&plan, "road,1,,,,lost,,,,,police\n", &request(HOUR_MS)).report;
    let waiting = report.people.waiting;
    assert_eq!(waiting, before.report.people.waiting);
    // closed form: those who are left at 1,000 people/h, and 20 min
    let exact = clearway_model::number::float(waiting) / 1_000.0 * 3_600.0 + 1_200.0;
    let (made, proven) = (report.options[0].clearance_s.unwrap(), report.bound.clearance_s.unwrap());
    assert!(proven <= exact && proven > exact - 20.0, "{proven} {exact}");
    assert!(made >= proven && made < exact + 60.0, "{made} {exact}");
    let option = &report.options[0];
    assert_eq!(option.changed_route_people + option.changed_time_people, option.changed_people);
    assert!(option.changed_route_people > waiting / 2, "those of the bridge: {option:?}");
    assert!(report.reported[0].contains("is closed"), "{:?}", report.reported);
    // a deadline that nobody can keep is told from one that this plan does not keep
    let mut late = request(HOUR_MS);
    late.deadline_ms = Some(HOUR_MS + clearway_model::number::floor(exact * 1000.0) - 60_000);
    let report = again(&plan, "road,1,,,,lost,,,,,police\n", &late).report;
    let deadline = report.deadline.unwrap();
    assert!(!report.holds && !deadline.plan_holds && deadline.is_excluded);
}

#[test]
fn a_site_that_is_full_takes_nobody_and_one_with_less_room_so_many() {
    let plan = one_road();
    let report = again(&plan, "site,S1,,,,full,,,,,gate\n", &request(2 * HOUR_MS)).report;
    assert_eq!((report.options[0].arrived, report.holds), (0, false));
    let report = again(&plan, "site,S1,,,,,,8500,,,gate\n", &request(2 * HOUR_MS)).report;
    // 5,502 are there: a packet that has begun to be admitted has arrived
    assert!((2_998..=3_000).contains(&report.options[0].arrived), "{:?}", report.options[0]);
    let report = again(&plan, "site,S1,,,,,,,1500,,gate\n", &request(2 * HOUR_MS)).report;
    // 6,498 who are left at 1,500 people/h: 15,595.2 s
    let clearance = report.options[0].clearance_s.unwrap();
    assert!((15_590.0..15_720.0).contains(&clearance), "{clearance}");
}

#[test]
fn all_options_are_laid_side_by_side_and_orders_stay_unless_a_change_pays() {
    let plan = bridge_and_way_round();
    let mut all = request(HOUR_MS);
    all.effort = ReplanEffort::All;
    let report = again(&plan, "", &all).report;
    let names: Vec<OptionName> = report.options.iter().map(|option| option.option).collect();
    assert_eq!(names, [OptionName::Keep, OptionName::Near, OptionName::Free]);
    assert_eq!(report.chosen, OptionName::Keep);
    assert!(report.instructions.is_empty());
    assert!(report.price_of_stability.clearance_at_most_h.unwrap() < 0.15, "{:?}", report.price_of_stability);
}

#[test]
fn others_are_tried_unless_the_bound_leaves_too_little_to_win() {
    let plan = bridge_and_way_round();
    let mut as_needed = request(HOUR_MS);
    as_needed.effort = ReplanEffort::AsNeeded;
    let report = again(&plan, "", &as_needed).report;
    let kept = &report.options[0];
    let saved_h = kept.person_hours - report.bound.person_hours.unwrap();
    let saved_min = saved_h * 60.0 / kept.arrived as f64;
    let stated = report.price_of_stability.saved_at_most_min.unwrap();
    assert!((stated - saved_min).abs() < 1e-9 && stated < 15.0, "{stated} {saved_min}");
    assert_eq!((report.options.len(), report.untried), (1, Some(UntriedReason::CannotPay)));
    // less is worth it, but these orders are no farther from the bound than the search left them
    as_needed.worth_min = stated / 2.0;
    let kept_again = again(&plan, "", &as_needed);
    assert_eq!(
        (kept_again.report.options.len(), kept_again.report.untried),
        (1, Some(UntriedReason::NotExpected))
    );
    let told = kept_again.sentences().join(" ");
    assert!(told.contains("none is expected to pay") && told.contains("That is no proof"), "{told}");
    // what the search left is what the first plan says, however often its orders are kept
    let summary: Summary = serde_json::from_slice(&plan.read("summary.json").unwrap().unwrap()).unwrap();
    let hours = summary.person_hours;
    let left = hours.plan.unwrap() / hours.bound.unwrap() - 1.0;
    assert!((kept_again.report.search_excess_share.unwrap() - left).abs() < 1e-9);
    let folder = MemoryStore::from(kept_again.artifacts(Usage::default()).unwrap());
    let third = again(&folder, "", &request(HOUR_MS / 2)).report;
    assert_eq!((third.search_excess_share, third.untried), (Some(left), Some(UntriedReason::NotAsked)));
    // a deadline is looked for that the orders miss and the bound allows
    as_needed.worth_min = 15.0;
    let bound_ms = (report.bound.clearance_s.unwrap() * 1000.0) as i64;
    let kept_ms = (kept.clearance_s.unwrap() * 1000.0) as i64;
    assert!(bound_ms + 2 < kept_ms, "{bound_ms} {kept_ms}");
    as_needed.deadline_ms = Some(HOUR_MS + bound_ms + 2);
    let report = again(&plan, "", &as_needed).report;
    assert_eq!((report.options.len(), report.untried), (3, None));
    // one that no plan keeps is none to look for
    as_needed.deadline_ms = Some(HOUR_MS + bound_ms - 1000);
    assert_eq!(again(&plan, "", &as_needed).report.options.len(), 1);
}

#[test]
fn a_bridge_that_takes_twice_as_many_has_others_tried_and_one_taken() {
    let plan = bridge_and_way_round();
    let mut as_needed = request(HOUR_MS);
    as_needed.effort = ReplanEffort::AsNeeded;
    let report = again(&plan, "road,1,,,,,,,,2400,police\n", &as_needed).report;
    // the orders that were given leave at 4,000 people/h in all; now 7,000 could
    let names: Vec<OptionName> = report.options.iter().map(|option| option.option).collect();
    assert_eq!(names, [OptionName::Keep, OptionName::Near, OptionName::Free]);
    assert_eq!(report.untried, None);
    assert_ne!(report.chosen, OptionName::Keep, "{:?}", report.options);
    let left = clearway_model::number::float(report.people.waiting);
    let taken = report.options.iter().find(|option| option.option == report.chosen).unwrap();
    // closed form: all who are left at 7,000 people/h, the last of them over the bridge
    let exact = (left + 1_000.0 / 6.0) / 7_000.0 * 3_600.0 + 600.0;
    let (made, proven) = (taken.clearance_s.unwrap(), report.bound.clearance_s.unwrap());
    assert!(proven <= exact + 20.0 && made >= proven, "{proven} {exact} {made}");
    assert!(made < report.options[0].clearance_s.unwrap() - 1_200.0, "{:?}", report.options);
}
