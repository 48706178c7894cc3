//! Sessions beside each other in one process do not know of each other.

use crate::{example, generated, generated_city};
use clearway::{Artifacts, Event, LoadedScenario, PlanRequest, Session, Usage, plan};
use clearway_instances::CityRequest;
use std::sync::{Arc, Mutex};

fn planned(loaded: &LoadedScenario, threads: usize) -> Artifacts {
    let session = Session::new().with_threads(threads);
    plan(&session, loaded, &PlanRequest::default()).unwrap().artifacts(Usage::default()).unwrap()
}

/// The number of threads stands in the summary, and its digest nowhere.
fn without_threads(folder: &Artifacts) -> Vec<(&str, Vec<u8>)> {
    let line = |text: &str| !text.trim_start().starts_with("\"threads\"");
    let kept = |name: &str, bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) if name.ends_with("summary.json") => {
            let lines: Vec<&str> = text.lines().filter(|text| line(text)).collect();
            lines.join("\n").into_bytes()
        }
        _ => bytes.to_vec(),
    };
    folder.files().iter().map(|file| (file.name.as_str(), kept(&file.name, &file.bytes))).collect()
}

#[test]
fn two_sessions_at_once_give_the_same_bytes_as_one_after_the_other() {
    let (city, road) = (generated_city(6, 2_000), example("one-road"));
    let one_after_the_other = [planned(&city, 2), planned(&road, 1)];
    let at_once = std::thread::scope(|scope| {
        let first = scope.spawn(|| planned(&city, 2));
        let second = scope.spawn(|| planned(&road, 1));
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert_eq!(one_after_the_other, at_once);
    assert_eq!(without_threads(&planned(&city, 1)), without_threads(&planned(&city, 2)));
}

/// Closures, sites that fill up, one route per zone, a bound of its own for few routes, and a network that is large enough for choices
/// of thresholds to be made side by side.
#[test]
fn a_bound_has_the_same_bytes_for_any_number_of_threads() {
    let small = CityRequest { seed: 3, side: 12, zones_side: 4, people: 30_000, ..CityRequest::default() };
    let fleeing = CityRequest { capacity_ratio: Some(1.0), front_m_s: Some(0.8), ..small };
    let large = CityRequest { side: 48, people: 200_000, front_m_s: Some(2.0), ..small };
    let cases = [
        ("one-road", example("one-road"), Some(3)),
        ("small", generated(&small), None),
        ("one route per zone", generated(&small), Some(1)),
        ("fleeing", generated(&fleeing), Some(2)),
        ("large", generated(&large), Some(3)),
    ];
    for (name, loaded, routes) in cases {
        let mut request = PlanRequest::default();
        (request.bound_only, request.routes_per_zone) = (true, routes);
        let proved = |threads: usize| {
            let session = Session::new().with_threads(threads);
            plan(&session, &loaded, &request).unwrap().artifacts(Usage::default()).unwrap()
        };
        let alone = proved(1);
        let cuts = alone.get("certificate.json").unwrap().split(|&byte| byte == b'\n').count();
        assert!(cuts > 10, "{name}: {cuts}");
        for threads in [2, 3] {
            let beside = proved(threads);
            for ((file, bytes), (_, also)) in without_threads(&alone).iter().zip(without_threads(&beside)) {
                assert!(*bytes == also, "{name}: {file} with {threads} threads");
            }
            assert_eq!(alone.files().len(), beside.files().len());
        }
    }
}

#[test]
fn progress_of_a_session_is_heard_by_its_own_observer_alone_and_never_falls() {
    let heard: [Arc<Mutex<Vec<Event>>>; 2] = Default::default();
    let session = |events: &Arc<Mutex<Vec<Event>>>| {
        let events = Arc::clone(events);
        let hear = move |event: &Event| events.lock().unwrap().push(event.clone());
        Session::new().with_threads(1).with_observer(Arc::new(hear))
    };
    let (city, road) = (generated_city(6, 1_000), example("one-road"));
    let [first, second] = [session(&heard[0]), session(&heard[1])];
    std::thread::scope(|scope| {
        scope.spawn(|| plan(&first, &city, &PlanRequest::default()).unwrap());
        scope.spawn(|| plan(&second, &road, &PlanRequest::default()).unwrap());
    });
    for events in &heard {
        let events = events.lock().unwrap();
        let done: Vec<f64> = events
            .iter()
            .filter_map(|event| match event {
                Event::Progress { done, .. } => Some(*done),
                Event::BoundSoFar { .. } => None,
                other => panic!("{other:?}"),
            })
            .collect();
        let bounds = events.iter().filter(|event| matches!(event, Event::BoundSoFar { .. })).count();
        assert_eq!(bounds, 1, "the bound is told once it is proved");
        assert!(
            done.len() > 3 && done.is_sorted() && done.iter().all(|done| (0.0..=1.0).contains(done)),
            "{done:?}"
        );
    }
}

#[test]
fn a_plan_that_does_not_fit_into_the_memory_is_refused_with_the_three_amounts() {
    let session = Session::new().with_memory(1_000_000);
    match plan(&session, &example("one-road"), &PlanRequest::default()) {
        Err(clearway::Error::TooLarge { usual_bytes, least_bytes, allowed_bytes }) => {
            assert_eq!(allowed_bytes, 1_000_000);
            assert!(allowed_bytes < least_bytes && least_bytes <= usual_bytes);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_is_plain_data_with_defaults() {
    let request: PlanRequest = serde_json::from_str(r#"{"routes_per_zone": 1, "window_ms": 60000}"#).unwrap();
    assert_eq!((request.routes_per_zone, request.window_ms, request.effort), (Some(1), 60_000, 1));
    let back: PlanRequest = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
    assert_eq!(request, back);
    assert!(serde_json::from_str::<PlanRequest>(r#"{"routes": 1}"#).is_err(), "an unknown key is refused");
}
