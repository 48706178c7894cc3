//! Counts that are made up for an exercise.

use super::*;
use clearway::{ExerciseRequest, exercise};
use std::collections::BTreeMap;

fn exercise_at(at_ms: i64, member: Option<u32>) -> ExerciseRequest {
    let mut request = ExerciseRequest::default();
    (request.at_ms, request.member) = (at_ms, member);
    request
}

#[test]
fn people_who_do_as_ordered_are_counted_where_the_closed_form_has_them() {
    // 12,000 people, 3,000 people/h, 10 min of road: after 2 h 6,000 have entered, and those of the last 10 min are on it
    let made_up = exercise(&Session::new(), &one_road(), &exercise_at(2 * HOUR_MS, None)).unwrap();
    assert!((made_up.waiting - 6_000).abs() <= 5, "{made_up:?}");
    assert!((made_up.on_road - 500).abs() <= 5, "{made_up:?}");
    assert!((made_up.arrived - 5_500).abs() <= 5, "{made_up:?}");
    assert_eq!(made_up.waiting + made_up.on_road + made_up.arrived + made_up.uncounted, 12_000);
}

#[test]
fn before_the_start_all_wait_and_at_the_end_all_are_there() {
    let plan = one_road();
    let at_start = exercise(&Session::new(), &plan, &exercise_at(0, None)).unwrap();
    assert!(at_start.waiting >= 11_994, "{at_start:?}");
    let at_end = exercise(&Session::new(), &plan, &exercise_at(10 * HOUR_MS, None)).unwrap();
    assert_eq!((at_end.waiting, at_end.on_road, at_end.arrived), (0, 0, 12_000));
    let late = exercise(&Session::new(), &plan, &exercise_at(1_000 * HOUR_MS, None)).unwrap_err();
    assert!(matches!(late, Error::Request(_)), "{late:?}");
}

#[test]
fn a_member_is_counted_the_same_each_time_and_says_that_nobody_counted() {
    let plan = planned(&generated_city(12, 20_000), &PlanRequest::default());
    let made_up = |number| exercise(&Session::new(), &plan, &exercise_at(HOUR_MS, Some(number))).unwrap();
    let (one, again_one, two) = (made_up(1), made_up(1), made_up(2));
    assert_eq!(one, again_one);
    assert_ne!(one.counts_csv, two.counts_csv);
    assert!(one.arrived > 0 && one.waiting > 0, "{one:?}");
    let mut reader = csv::Reader::from_reader(one.counts_csv.as_slice());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        assert!(row[column("source")].contains("nobody counted"), "{row:?}");
        *sums.entry(row[column("what")].to_owned()).or_default() +=
            row[column("people")].parse::<i64>().unwrap();
    }
    let sum = |what: &str| sums.get(what).copied().unwrap_or(0);
    assert_eq!((sum("waiting"), sum("on_road"), sum("arrived")), (one.waiting, one.on_road, one.arrived));
}

/// Every hour a new plan against what is made up: it holds by the independent checker, and no bound is ahead of it.
#[test]
fn a_plan_is_made_again_every_hour_against_what_is_made_up() {
    let mut plan = planned(&generated_city(12, 20_000), &PlanRequest::default());
    for number in 0..3 {
        let made_up = exercise(&Session::new(), &plan, &exercise_at(HOUR_MS / 4, Some(number))).unwrap();
        let counts = vec![InputFile::new("counts.csv", made_up.counts_csv)];
        let replanned = replan(&Session::new(), &plan, &counts, &request(HOUR_MS / 4)).unwrap();
        let report = &replanned.report;
        let kept = &report.options[0];
        if let (Some(proven), Some(made)) = (report.bound.clearance_s, kept.clearance_s) {
            assert!(proven <= made, "{number}: {proven} {made}");
        }
        plan = MemoryStore::from(replanned.artifacts(Usage::default()).unwrap());
        let verification = verify(&plan, None).unwrap();
        assert!(verification.holds, "{number}: {}", verification.in_words());
    }
}
