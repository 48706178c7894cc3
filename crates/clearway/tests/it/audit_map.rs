//! What a map says of somebody's plan, through the library: a run that is cancelled leaves the bound and the cases it has proved.

use clearway::{
    AuditMapRequest, Cancel, Error, Event, FolderStore, LoadedScenario, MapFacts, Partial, Session, Stage,
    Usage, audit_map, load,
};
use std::sync::Arc;

fn one_road() -> LoadedScenario {
    load(&FolderStore::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road"))).unwrap()
}

/// Two harder cases, and a deadline that the road is too narrow for.
fn request() -> AuditMapRequest {
    serde_json::from_value(serde_json::json!({
        "cases": [{"name": "rain", "capacity": 0.8}, {"name": "more people", "people": 1.2}],
        "deadline_days": 0.1,
    }))
    .unwrap()
}

/// What was proved by a run that is cancelled when it tells what `ends` knows.
fn ended(ends: impl Fn(&Event) -> bool + Send + Sync + 'static) -> MapFacts {
    let cancel = Cancel::default();
    let hear = {
        let cancel = cancel.clone();
        move |event: &Event| {
            let is_over = cancel.is_cancelled();
            assert!(!(is_over && matches!(event, Event::VariationBegun { .. })), "{event:?} after the end");
            if ends(event) {
                cancel.cancel();
            }
        }
    };
    let session = Session::new().with_cancel(cancel).with_observer(Arc::new(hear));
    match audit_map(&session, &one_road(), &request()) {
        Err(Error::Cancelled(Some(partial))) => match *partial {
            Partial::Map(facts) => facts,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn has(facts: &MapFacts, name: &str) -> bool {
    facts.artifacts(Usage::default()).unwrap().get(name).is_some()
}

#[test]
fn a_whole_run_proves_the_bound_the_cases_and_what_the_deadline_takes() {
    let facts = audit_map(&Session::new(), &one_road(), &request()).unwrap();
    assert_eq!(facts.cases.len(), 2);
    assert!(facts.cases.iter().all(|case| case.computed && case.clearance_s.is_some()));
    let roads = facts.levers.iter().find(|lever| lever.folders[0].starts_with("deadline/")).unwrap();
    assert!(roads.central > Some(roads.now), "{roads:?}");
    for folder in ["bound", "cases/1", "cases/2", &roads.folders[0], &roads.folders[1]] {
        assert!(has(&facts, &format!("{folder}/certificate.json")), "{folder}");
        assert!(has(&facts, &format!("{folder}/scenario/link.csv")), "{folder}");
    }
}

#[test]
fn cancelled_in_a_case_it_leaves_the_bound_and_the_cases_before() {
    let facts = ended(|event| matches!(event, Event::VariationBegun { number: 2, .. }));
    assert!(has(&facts, "bound/certificate.json") && has(&facts, "cases/1/certificate.json"));
    assert!(!has(&facts, "cases/2/certificate.json"));
    assert!(facts.computed.iter().any(|(figure, _, _)| *figure == "bound_days"));
    assert!(facts.cases[0].computed && !facts.cases[1].computed, "{:?}", facts.cases);
    assert_eq!(facts.cases[1].name, "more people (ended before it was computed)");
}

#[test]
fn cancelled_while_the_deadline_is_looked_at_it_ends_before_the_next_proof() {
    let is_deadline = |event: &Event| matches!(event, Event::Progress { stage: Stage::Preparing(word), .. } if word == "deadline");
    let facts = ended(is_deadline);
    assert!(facts.levers.is_empty());
    assert!(facts.cases.iter().all(|case| case.computed));
    assert!(
        !facts
            .artifacts(Usage::default())
            .unwrap()
            .files()
            .iter()
            .any(|file| file.name.starts_with("deadline/"))
    );
}
