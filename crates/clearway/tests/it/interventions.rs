//! Interventions through the library: sessions do not disturb each other, and one that is cancelled leaves what it has proved.

use clearway::{
    Cancel, Error, Event, FolderStore, InterventionsRequest, LoadedScenario, Partial, Session, Usage,
    interventions, load,
};
use std::sync::{Arc, Mutex};

fn one_road() -> LoadedScenario {
    load(&FolderStore::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/one-road"))).unwrap()
}

#[test]
fn two_sessions_at_once_give_the_same_bytes() {
    let loaded = one_road();
    let tried = |threads: usize| {
        let session = Session::new().with_threads(threads);
        let tried = interventions(&session, &loaded, &InterventionsRequest::default()).unwrap();
        tried.artifacts(Usage::default()).unwrap()
    };
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| tried(1));
        let other = scope.spawn(|| tried(1));
        (one.join().unwrap(), other.join().unwrap())
    });
    for name in ["interventions.csv", "bounds/intervention-1/certificate.json"] {
        assert!(one.get(name).is_some(), "{name}");
    }
    assert_eq!(one.files().len(), other.files().len());
    for (a, b) in one.files().iter().zip(other.files()) {
        assert!(a == b, "{} differs", a.name);
    }
}

/// A session that is cancelled when the computation of that number begins, and what it says begins.
fn cancelled_at(number: usize) -> (Session, Arc<Mutex<Vec<String>>>) {
    let (cancel, begun) = (Cancel::default(), Arc::new(Mutex::new(Vec::new())));
    let hear = {
        let (cancel, begun) = (cancel.clone(), begun.clone());
        move |event: &Event| {
            if let Event::VariationBegun { name, number: begins, .. } = event {
                begun.lock().unwrap().push(name.clone());
                if *begins == number {
                    cancel.cancel();
                }
            }
        }
    };
    (Session::new().with_cancel(cancel).with_observer(Arc::new(hear)), begun)
}

#[test]
fn cancelled_they_end_before_the_next_proof_with_what_was_proved() {
    let loaded = one_road();
    let request = InterventionsRequest::default();
    let whole = interventions(&Session::new(), &loaded, &request).unwrap();
    let (session, begun) = cancelled_at(2);
    let Err(Error::Cancelled(Some(partial))) = interventions(&session, &loaded, &request) else {
        panic!("it was not ended")
    };
    assert_eq!(begun.lock().unwrap().len(), 2, "nothing begins after the wish to end");
    let Partial::Interventions(tried) = &*partial else { panic!("{partial:?}") };
    assert_eq!(tried.base, whole.base);
    assert!(tried.gains.is_empty() && !whole.gains.is_empty());
    let ended = partial.artifacts(Usage::default()).unwrap();
    assert!(ended.get("bounds/as-it-is/certificate.json").is_some());
    assert!(!ended.files().iter().any(|file| file.name.contains("intervention-1")));
    let whole = whole.artifacts(Usage::default()).unwrap();
    // Pages link to all others that there are.
    let is_proof = |name: &str| name.starts_with("bounds/") && !name.ends_with(".html");
    for file in ended.files().iter().filter(|file| is_proof(&file.name)) {
        assert!(whole.files().contains(file), "{} is not that of the whole run", file.name);
    }
}

#[test]
fn cancelled_before_the_bound_as_it_is_there_is_nothing() {
    let (session, begun) = cancelled_at(1);
    let ended = interventions(&session, &one_road(), &InterventionsRequest::default());
    assert!(matches!(ended, Err(Error::Cancelled(None))), "{ended:?}");
    assert_eq!(*begun.lock().unwrap(), ["as it is"]);
}

#[test]
fn a_bridge_to_nowhere_is_refused() {
    let loaded = one_road();
    let mut request = InterventionsRequest::default();
    let known = loaded.scenario.nodes[0].node_id.clone();
    request.bridge = vec![[known.clone(), "nowhere".to_owned()], [known.clone(), known]];
    let refused = interventions(&Session::new(), &loaded, &request).unwrap_err();
    let words = refused.to_string();
    assert!(matches!(refused, Error::Request(_)) && words.contains("'nowhere'"), "{words}");
}
