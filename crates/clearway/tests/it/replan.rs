//! A plan that is being carried out meets what was counted.

mod exercise;
mod goes_on;
mod options;

use crate::{example, generated_city};
use clearway::{
    EarlyWarningRequest, Error, InputFile, LoadedScenario, MemoryStore, OptionName, PlanRequest,
    ReplanEffort, ReplanRequest, Replanned, Session, Store, UntriedReason, Usage, bound, early_warning, load,
    plan, replan, replan_counts, replan_template, verify,
};
use clearway_formats::scenario_folder;
use clearway_instances::{Calm, small};
use clearway_model::{MobilizationRow, ReportedThing, Scenario, Summary, WindowRow, WindowTarget};
use clearway_replan::{CountOrigin, InstructionChange};

const HOUR_MS: i64 = 3_600_000;

fn planned(loaded: &LoadedScenario, request: &PlanRequest) -> MemoryStore {
    let planned = plan(&Session::new(), loaded, request).unwrap();
    MemoryStore::from(planned.artifacts(Usage::default()).unwrap())
}

fn one_road() -> MemoryStore {
    planned(&example("one-road"), &PlanRequest::default())
}

fn request(at_ms: i64) -> ReplanRequest {
    let mut request = ReplanRequest::default();
    request.at_ms = at_ms;
    request.effort = ReplanEffort::Keep;
    request
}

fn counts(rows: &str) -> Vec<InputFile> {
    let header = "what,id,people,uncertainty_people,age_min,state,for_min,capacity_people,admission_people_h,capacity_pcu_h,source";
    vec![InputFile::new("counts.csv", format!("{header}\n{rows}"))]
}

/// What comes out, which must hold by the independent checker.
fn again(plan: &MemoryStore, rows: &str, request: &ReplanRequest) -> Replanned {
    let given = if rows.is_empty() { Vec::new() } else { counts(rows) };
    let replanned = replan(&Session::new(), plan, &given, request).unwrap();
    let folder = MemoryStore::from(replanned.artifacts(Usage::default()).unwrap());
    let verification = verify(&folder, None).unwrap();
    assert!(verification.holds, "{}", verification.in_words());
    replanned
}

/// A scenario that is made here.
fn loaded(scenario: &Scenario) -> LoadedScenario {
    let (files, _) = scenario_folder(scenario, &[]).unwrap();
    let store: MemoryStore = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    load(&store).unwrap()
}

#[test]
fn half_of_the_people_gone_leaves_what_the_road_still_has_to_take() {
    // 12,000 people, 3,000 people/h, 10 min of road. After 2 h 6,000 have entered; the last of the others enter 2 h later.
    let replanned = again(&one_road(), "", &request(2 * HOUR_MS));
    let report = &replanned.report;
    // a packet of 3 that has begun to enter has entered
    let people = report.people;
    assert_eq!((people.waiting, people.on_the_way + people.arrived), (6_000, 6_000));
    assert!((500 - 3..=500 + 3).contains(&people.on_the_way), "{people:?}");
    let option = &report.options[0];
    assert_eq!((option.option, option.changed_people), (OptionName::Keep, 0));
    let clearance = option.clearance_s.unwrap();
    assert!(
        (7_800.0..7_806.0).contains(&clearance),
        "2 h and the 10 min of the road, and a packet: {clearance}"
    );
    let proven = report.bound.clearance_s.unwrap();
    assert!((7_790.0..7_800.0).contains(&proven), "{proven}");
    assert!(report.holds && report.contradictions.is_empty() && report.places.is_empty());
}

#[test]
fn people_who_are_late_take_the_road_as_much_longer() {
    let rows = "waiting,Z1,9000,0,,,,,,,wardens\non_road,1,500,0,,,,,,,\narrived,S1,2500,0,,,,,,,gate\n";
    let replanned = again(&one_road(), rows, &request(2 * HOUR_MS));
    let report = &replanned.report;
    assert_eq!((report.late_people, report.people.unaccounted), (3_000, 0));
    // 9,000 people at 3,000 people/h, and 10 min
    let (plan, proven) = (report.options[0].clearance_s.unwrap(), report.bound.clearance_s.unwrap());
    assert!((11_400.0..11_410.0).contains(&plan), "{plan}");
    assert!((11_390.0..11_400.0).contains(&proven), "{proven}");
    assert_eq!(report.counted_places, 3);
    let place = &report.places[0];
    assert_eq!((place.people, place.expected_people, place.origin), (9_000, 6_000, CountOrigin::Counted));
}

#[test]
fn an_old_count_is_brought_forward_by_the_plan() {
    // half an hour before, 1,500 more were in the zone by the plan
    let rows = "waiting,Z1,10000,50,30,,,,,,\n";
    let report = again(&one_road(), rows, &request(2 * HOUR_MS)).report;
    let place = &report.places[0];
    assert_eq!((place.people, place.brought_forward_people), (8_500, -1_500));
    assert_eq!((place.people_low, place.people_high), (8_450, 8_550));
    // of 3,500 who have left as many are on the road as the plan has among those who left: 1 of 12
    assert_eq!(report.people.on_the_way + report.people.arrived, 3_500);
    assert!((290..=293).contains(&report.people.on_the_way), "{:?}", report.people);
}

#[test]
fn counts_that_contradict_each_other_are_named_with_what_they_would_need() {
    let rows = "waiting,Z1,9000,10,,,,,,,\non_road,1,500,10,,,,,,,\narrived,S1,5500,10,,,,,,,\n";
    let plan = one_road();
    let error = replan(&Session::new(), &plan, &counts(rows), &request(2 * HOUR_MS)).unwrap_err();
    let Error::Invalid { faults, .. } = &error else { panic!("{error}") };
    assert_eq!(faults.0.len(), 1);
    let fault = faults.0[0].to_string();
    for part in ["counts.csv, row 2", "'9000'", "3,000 people more", "2,970 people short", "3000 people"] {
        assert!(fault.contains(part), "{part}: {fault}");
    }
    // as they are, if that is wanted; and without a stated uncertainty it is said and gone on with
    let mut accepting = request(2 * HOUR_MS);
    accepting.accept_contradictions = true;
    let report = again(&plan, rows, &accepting).report;
    assert_eq!((report.people.unaccounted, report.contradictions.len()), (3_000, 1));
    let unsaid = again(&plan, &rows.replace(",10,", ",,"), &request(2 * HOUR_MS));
    assert_eq!(unsaid.report.contradictions[0].stated_uncertainty_people, None);
    assert!(!unsaid.warnings.has_errors() && unsaid.warnings.0.len() == 1);
    // more people than there ever were
    let rows = "waiting,Z1,12500,100,,,,,,,\n";
    let error = replan(&Session::new(), &plan, &counts(rows), &request(2 * HOUR_MS)).unwrap_err();
    assert!(error.to_string().contains("off by 500 people"), "{error}");
}

#[test]
fn all_faults_of_a_table_are_said_at_once() {
    let rows = "waiting,Z9,10,,,,,,,,\nwaiting,Z1,10,,900,,,,,,\non_road,1,5,,,lost,,,,,\nsite,S1,,,,lost,,,,,\nroad,1,7,,,lost,,,,,\narrived,S1,1,,,,,,,,\narrived,S1,2,,,,,,,,\nwalking,Z1,1,,,,,,,,\n";
    let error = replan(&Session::new(), &one_road(), &counts(rows), &request(2 * HOUR_MS)).unwrap_err();
    let text = error.to_string();
    for part in [
        "an id of zones.csv",
        "at most 120 min",
        "a state stands in a row of 'road' or 'site'",
        "'closed', 'full' or 'open'",
        "people are counted in rows of 'on_road'",
        "each place once",
        "'waiting', 'on_road', 'arrived'",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn people_on_a_road_that_is_not_for_them_are_not_lost_in_silence() {
    let mut scenario = (*example("one-road").scenario).clone();
    let mut path = scenario.links[0].clone();
    path.link_id = "path".to_owned();
    (path.capacity_pcu_h, path.capacity, path.walk_capacity_people_h) = (None, None, Some(1_000.0));
    path.walk_time_ms = Some(7_200_000);
    scenario.links.push(path);
    let plan = planned(&loaded(&scenario), &PlanRequest::default());
    let rows = "on_road,path,40,,,,,,,,wardens\n";
    let error = replan(&Session::new(), &plan, &counts(rows), &request(2 * HOUR_MS)).unwrap_err();
    assert!(error.to_string().contains("no capacity for them"), "{error}");
}

#[test]
fn the_template_filled_in_as_the_plan_expects_changes_nothing() {
    let plan = one_road();
    let table = replan_template(&Session::new(), &plan, 2 * HOUR_MS).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_slice());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let mut filled = csv::Writer::from_writer(Vec::new());
    filled.write_record(&header).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
        cells[column("people")] = cells[column("expected_people")].clone();
        filled.write_record(&cells).unwrap();
    }
    let given = vec![InputFile::new("counts.csv", filled.into_inner().unwrap())];
    let replanned = replan(&Session::new(), &plan, &given, &request(2 * HOUR_MS)).unwrap();
    let report = &replanned.report;
    assert_eq!(
        (report.counted_places, report.options[0].changed_people, report.people.unaccounted),
        (3, 0, 0)
    );
    let clearance = report.options[0].clearance_s.unwrap();
    assert!((7_800.0..7_806.0).contains(&clearance), "{clearance}");
    // the table as it is written says nothing, and nothing is counted
    let given = vec![InputFile::new("counts.csv", table)];
    let empty = replan(&Session::new(), &plan, &given, &request(2 * HOUR_MS)).unwrap();
    assert_eq!(empty.report.counted_places, 0);
}

#[test]
fn the_rest_is_a_scenario_that_can_be_planned_alone() {
    let folder = planned(&generated_city(10, 8_000), &PlanRequest::default());
    let replanned = again(&folder, "", &request(HOUR_MS));
    let proven = bound(&Session::new(), &replanned.loaded, &Default::default()).unwrap();
    let with_orders = replanned.report.bound.clearance_s;
    assert_eq!(proven.bounds().clearance_s.is_some(), with_orders.is_some());
    let files: MemoryStore = replanned.loaded.files.iter().cloned().collect();
    assert!(load(&files).unwrap().warnings.0.len() < 20);
}

/// Two zones on one road: Z1 with 1,000 people who are ready from 2 h to 3 h, Z2 with 6,000 of whom 500 stay, ready from the start to 4 h; the
/// site admits from 30 min on.
fn two() -> MemoryStore {
    let mut scenario = (*example("one-road").scenario).clone();
    let mut second = scenario.zones[0].clone();
    (second.zone_id, second.people, second.stay_people) = ("Z2".to_owned(), 6_000, Some(500));
    (second.people_low, second.people_high, second.mobilization_id) = (None, None, "all".to_owned());
    let first = &mut scenario.zones[0];
    (first.people, first.people_low, first.people_high) = (1_000, None, None);
    first.mobilization_id = "late".to_owned();
    scenario.zones.push(second);
    let mut connector = scenario.connectors.iter().find(|row| row.place_id == "Z1").unwrap().clone();
    (connector.connector_id, connector.place_id) = ("Z2-A".to_owned(), "Z2".to_owned());
    scenario.connectors.push(connector);
    scenario.releases = [("late", 2, 0.0), ("late", 3, 1.0), ("all", 0, 0.0), ("all", 4, 1.0)]
        .map(|(id, hour, share)| MobilizationRow {
            mobilization_id: id.to_owned(),
            time_ms: hour * HOUR_MS,
            share,
        })
        .into();
    scenario.windows.push(WindowRow {
        window_id: "S1-opens".to_owned(),
        target: WindowTarget::Site,
        target_id: "S1".to_owned(),
        from_ms: HOUR_MS / 2,
        ..WindowRow::default()
    });
    scenario.sources.clear();
    planned(&loaded(&scenario), &PlanRequest::default())
}

#[test]
fn orders_that_were_given_stay_when_more_people_are_found() {
    let plan = two();
    let before = again(&plan, "", &request(HOUR_MS)).report;
    assert_eq!((before.people.waiting, before.options[0].changed_people), (5_625, 0));
    let report = again(&plan, "at_start,Z2,9000,,,,,,,,\n", &request(HOUR_MS)).report;
    // nobody is late: nobody should have left of whom the plan did not know
    assert_eq!((report.late_people, report.added_people), (0, 3_000));
    let option = &report.options[0];
    assert_eq!((option.changed_people, option.changed_order_people), (3_000, 3_000), "{option:?}");
    assert!(report.instructions.iter().all(|row| row.change == InstructionChange::New));
    let report = again(&plan, "waiting,Z2,5000,0,,,,,,,\n", &request(HOUR_MS)).report;
    assert_eq!((report.late_people, report.added_people), (375, 0));
    let option = &report.options[0];
    assert_eq!((option.changed_people, option.changed_time_people), (375, 375), "{option:?}");
    let past = report.instructions.iter().all(|row| row.old.as_ref().unwrap().depart_from_ms <= 0);
    assert!(past, "{:?}", report.instructions);
}

#[test]
fn people_of_whom_the_plan_has_nobody_elsewhere_are_not_put_into_another_zone() {
    let plan = two();
    let rows = "waiting,Z1,800,0,,,,,,,wardens\n";
    let error = replan(&Session::new(), &plan, &counts(rows), &request(HOUR_MS)).unwrap_err().to_string();
    for part in ["counts.csv, row 2", "'800'", "200 people have left zone Z1"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let mut accepting = request(HOUR_MS);
    accepting.accept_contradictions = true;
    let report = again(&plan, rows, &accepting).report;
    assert_eq!((report.people.waiting, report.people.unaccounted), (800 + 4_625, -200));
    assert_eq!(report.contradictions.len(), 1, "{:?}", report.contradictions);
    // somebody has found them on the road
    let on_the_way = report.people.on_the_way;
    let rows = format!("{rows}on_road,1,{},0,,,,,,,\n", on_the_way + 200);
    let report = again(&plan, &rows, &request(HOUR_MS)).report;
    assert_eq!((report.people.waiting, report.people.unaccounted), (800 + 4_625, 0));
    assert!(report.contradictions.is_empty(), "{:?}", report.contradictions);
}

#[test]
fn people_are_counted_on_a_road_where_other_counts_leave_nobody() {
    let report = again(&one_road(), "waiting,Z1,12000,,,,,,,,\non_road,1,50,,,,,,,,\n", &request(HOUR_MS));
    assert_eq!((report.report.people.on_the_way, report.report.people.unaccounted), (50, 50));
}

#[test]
fn a_site_that_is_open_is_not_held_to_its_windows_and_a_length_of_time_needs_a_closure() {
    let plan = two();
    let replanned = again(&plan, "site,S1,,,,open,,,,,gate\n", &request(HOUR_MS / 4));
    assert!(replanned.loaded.scenario.windows.is_empty());
    let said = &replanned.report.reported[0];
    assert!(said.contains("0 closures and 1 window taken out"), "{said}");
    let rows = "site,S1,,,,open,30,,,,\nwaiting,Z1,1000,,,,30,,,,\nroad,1,,,,closed,0.000001,,,,\n";
    let error = replan(&Session::new(), &plan, &counts(rows), &request(HOUR_MS)).unwrap_err().to_string();
    for part in ["only a closure has an end", "durations stand in a row", "at least 1 ms"] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn a_deadline_that_is_over_is_refused() {
    let mut over = request(2 * HOUR_MS);
    over.deadline_ms = Some(2 * HOUR_MS);
    let error = replan(&Session::new(), &one_road(), &[], &over).unwrap_err();
    assert!(matches!(&error, Error::Request(text) if text.contains("the deadline is 120 min")), "{error}");
}

#[test]
fn an_early_warning_counts_those_who_stay_as_counts_do() {
    let mut request = EarlyWarningRequest::default();
    request.deadline_ms = 5 * HOUR_MS;
    let warning = early_warning(&Session::new(), &two(), &request).unwrap();
    assert_eq!(warning.times[0].waiting_by_plan, 7_000);
    assert_eq!((warning.times[1].waiting_by_plan, warning.times[1].left_by_plan), (5_625, 1_375));
}

#[test]
fn the_option_that_is_wanted_is_taken_and_one_that_is_not_tried_is_refused() {
    let plan = planned(&generated_city(6, 1_000), &PlanRequest::default());
    let mut wanted = request(10 * 60_000);
    wanted.take = Some(OptionName::Free);
    let error = replan(&Session::new(), &plan, &[], &wanted).unwrap_err();
    assert!(matches!(error, Error::Request(_)) && error.to_string().contains("have all tried"), "{error}");
    wanted.effort = ReplanEffort::All;
    let free = again(&plan, "", &wanted);
    assert_eq!((free.report.chosen, free.report.options.len()), (OptionName::Free, 3));
    wanted.take = Some(OptionName::Keep);
    let kept = again(&plan, "", &wanted);
    assert_eq!((kept.report.chosen, kept.report.instructions.len()), (OptionName::Keep, 0));
    assert_eq!(kept.report.options, free.report.options, "what is taken changes nothing of what is tried");
}

#[test]
fn roads_that_change_have_the_people_of_the_new_orders() {
    let plan = planned(&generated_city(6, 1_000), &PlanRequest::default());
    let table = replan_counts(&Session::new(), &plan, &[], &request(10 * 60_000)).unwrap();
    let busiest = table.rows.iter().find(|row| row.row.what == ReportedThing::OnRoad).unwrap();
    let lost = &busiest.row.id;
    let replanned = again(&plan, &format!("road,{lost},,,,lost,,,,,police\n"), &request(10 * 60_000));
    let folder = MemoryStore::from(replanned.artifacts(Usage::default()).unwrap());
    let text = String::from_utf8(folder.read("changed_roads.csv").unwrap().unwrap()).unwrap();
    let made = &replanned.answer().plan;
    let by_orders = |link: &str| -> i64 {
        let passes = |route: &str| {
            made.routes.iter().any(|one| one.route_id == route && one.links.iter().any(|at| at == link))
        };
        made.orders.iter().filter(|order| passes(&order.route_id)).map(|order| order.people).sum()
    };
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert!(!rows.is_empty() && text.starts_with("link_id,name,given_people,new_people\n"), "{text}");
    let number = |cell: &str| cell.parse::<i64>().unwrap();
    for row in &rows {
        assert_eq!(number(row[3]), by_orders(row[0]), "{row:?}");
        assert_ne!(row[2], row[3], "{row:?}");
    }
    let on_lost = rows.iter().find(|row| row[0] == lost).unwrap();
    assert!(number(on_lost[2]) > 0 && number(on_lost[3]) == 0, "{on_lost:?}");
    let by = |row: &Vec<&str>| (number(row[3]) - number(row[2])).abs();
    assert!(rows.is_sorted_by(|a, b| by(a) >= by(b)), "{text}");
}

#[test]
fn a_table_of_counts_is_filled_in_and_said_to_be_wrong_without_a_new_plan() {
    let plan = one_road();
    let at = request(2 * HOUR_MS);
    let table = replan_counts(&Session::new(), &plan, &[], &at).unwrap();
    let template = replan_template(&Session::new(), &plan, at.at_ms).unwrap();
    assert_eq!(table.rows.len() + 1, String::from_utf8(template).unwrap().lines().count());
    assert!(table.faults.is_empty() && table.rows.iter().all(|row| row.place.is_none()));
    // by the plan 6,000 wait; three counts that cannot all be right are named before anything is planned
    let rows = "waiting,Z1,9000,10,,,,,,,warden\non_road,1,500,10,,,,,,,\narrived,S1,5500,10,,,,,,,\nroad,1,,,,open,,,,2500,\n";
    let table = replan_counts(&Session::new(), &plan, &counts(rows), &at).unwrap();
    let zone = &table.rows[0];
    assert_eq!((zone.row.people, zone.row.expected_people), (Some(9_000), Some(6_000)));
    assert!(zone.place.as_deref().is_some_and(|place| place.starts_with("row 2")));
    let road = table.rows.last().unwrap();
    assert_eq!((road.row.what, road.row.capacity_pcu_h), (ReportedThing::Road, Some(2_500.0)));
    assert_eq!(table.faults.len(), 1);
    assert!(table.faults[0].hint.contains("uncertainty of"), "{}", table.faults[0]);
    // a cell that is no number is no count, and two rows about one place both stand there
    let rows = "waiting,Z1,many,,,,,,,,\narrived,S1,1,,,,,,,,\narrived,S1,2,,,,,,,,\n";
    let table = replan_counts(&Session::new(), &plan, &counts(rows), &at).unwrap();
    assert_eq!(table.faults.len(), 2);
    assert_eq!(table.rows[0].row.people, None);
    let arrived: Vec<Option<i64>> = table
        .rows
        .iter()
        .filter(|row| row.row.what == ReportedThing::Arrived)
        .map(|row| row.row.people)
        .collect();
    assert_eq!(arrived, [Some(1), Some(2)]);
}

#[test]
fn people_on_a_road_where_the_plan_has_nobody_are_given_a_way_though_queues_do_not_fit() {
    // Everybody comes by a street of 1 min to the road, which takes 3,000 people/h; those who are late fill the street beyond its room. A
    // lane leads to the road as well, where the plan has nobody.
    let mut scenario = (*example("one-road").scenario).clone();
    let road = scenario.links[0].clone();
    let mut node = scenario.nodes[0].clone();
    for (at, name) in [("C", "street"), ("D", "lane")] {
        let mut link = road.clone();
        (link.link_id, link.name, link.from_node_id) = (name.to_owned(), name.to_owned(), at.to_owned());
        link.to_node_id.clone_from(&road.from_node_id);
        (link.time_ms, link.length, link.free_speed) = (Some(60_000), None, None);
        (link.length_m, link.storage_pcu) = (Some(700.0), Some(100.0));
        (link.capacity_pcu_h, link.capacity) = (link.capacity_pcu_h.map(|pcu_h| 4.0 * pcu_h), None);
        scenario.links.push(link);
        node.node_id = at.to_owned();
        scenario.nodes.push(node.clone());
    }
    for connector in scenario.connectors.iter_mut().filter(|row| row.place_id == "Z1") {
        connector.node_id = "C".to_owned();
    }
    scenario.sources.clear();
    let plan = planned(&loaded(&scenario), &PlanRequest::default());
    let rows = "waiting,Z1,11000,0,,,,,,,\non_road,lane,600,0,,,,,,,wardens\n";
    let made = again(&plan, rows, &request(HOUR_MS));
    let report = &made.report;
    assert!(report.holds, "{report:?}");
    let option = &report.options[0];
    assert_eq!(option.arrived, report.people.waiting + report.people.on_the_way);
    assert_eq!(option.spill_free, Some(false), "{option:?}");
    // what overflows is said with what the plan changes
    assert_eq!(option.option, report.chosen);
    let words = made.in_words();
    assert!(words.contains("The new plan is not spill-free: "), "{words}");
    // they are told for the first time, and nobody else is put off for them by an order
    assert_eq!(option.changed_order_people, 600, "{option:?}");
}
