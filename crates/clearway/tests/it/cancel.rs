//! A session that is cancelled gives back its threads and what is proved by then.

use crate::generated_city;
use clearway::{
    Cancel, Error, Event, LoadedScenario, MemoryStore, Partial, PlanRequest, Session, SimulateRequest, Stage,
    Usage, plan, simulate,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A session that is cancelled when a stage begins, and how many events it told after that.
fn cancelled_at(stage: Stage) -> (Session, Arc<AtomicUsize>) {
    let cancel = Cancel::default();
    let after = Arc::new(AtomicUsize::new(0));
    let (wish, count) = (cancel.clone(), Arc::clone(&after));
    let hear = move |event: &Event| {
        if wish.is_cancelled() {
            count.fetch_add(1, Ordering::Relaxed);
        }
        if matches!(event, Event::Progress { stage: now, .. } if *now == stage) {
            wish.cancel();
        }
    };
    (Session::new().with_threads(2).with_cancel(cancel).with_observer(Arc::new(hear)), after)
}

#[test]
fn a_search_that_is_cancelled_stops_at_once_and_leaves_the_bound() {
    let loaded = generated_city(12, 20_000);
    for stage in [Stage::Orders, Stage::Departures] {
        stops_at_once(&loaded, stage);
    }
}

fn stops_at_once(loaded: &LoadedScenario, stage: Stage) {
    let (session, after) = cancelled_at(stage);
    match plan(&session, loaded, &PlanRequest::default()) {
        Err(Error::Cancelled(Some(so_far))) => {
            let Partial::Plan(so_far) = *so_far else { panic!("{so_far:?}") };
            let answer = so_far.answer().unwrap();
            assert!(answer.summary.interrupted && answer.summary.orders == 0);
            assert!(answer.summary.clearance_s.bound.unwrap() > 0.0);
            let folder = so_far.artifacts(Usage::default()).unwrap();
            assert!(folder.get("certificate.json").is_some());
        }
        other => panic!("{other:?}"),
    }
    // Rounds that were under way may end; of the hundreds that were to come, none begins.
    assert!(after.load(Ordering::Relaxed) < 20, "{after:?}");
    // Who ran beside it has gone: the session alone still holds the observer's counter.
    drop(session);
    assert_eq!(Arc::strong_count(&after), 1);
}

#[test]
fn cancelled_before_it_begins_there_is_nothing_and_no_panic() {
    let session = Session::new();
    session.cancel().cancel();
    let result = plan(&session, &generated_city(6, 1_000), &PlanRequest::default());
    assert!(matches!(result, Err(Error::Cancelled(_))), "{result:?}");
}

#[test]
fn one_session_is_cancelled_and_the_other_goes_on() {
    let loaded = generated_city(6, 1_000);
    let (first, _) = cancelled_at(Stage::Bound);
    let second = Session::new().with_threads(1);
    std::thread::scope(|scope| {
        let cancelled = scope.spawn(|| plan(&first, &loaded, &PlanRequest::default()).is_err());
        let planned = scope.spawn(|| plan(&second, &loaded, &PlanRequest::default()).is_ok());
        assert!(cancelled.join().unwrap() && planned.join().unwrap());
    });
}

#[test]
fn a_simulation_that_is_cancelled_stops_and_gives_no_answer() {
    let loaded = generated_city(6, 20_000);
    let planned = plan(&Session::new().with_threads(2), &loaded, &PlanRequest::default()).unwrap();
    let folder = MemoryStore::from(planned.artifacts(Usage::default()).unwrap());
    let (session, _) = cancelled_at(Stage::from("simulation"));
    let result = simulate(&session, &folder, &SimulateRequest::default());
    assert!(matches!(result, Err(Error::Cancelled(None))), "{result:?}");
    let simulated = simulate(&Session::new(), &folder, &SimulateRequest::default()).unwrap();
    let people = simulated.report.arrived + simulated.report.not_arrived;
    assert_eq!(people, 20_000);
    assert!(simulated.curve.iter().all(|point| Some(point.simulated_people) <= point.bound_people));
}
