//! Somebody's plan audited through the library: from memory, beside other audits, ended early, and with faults in what is given.

use crate::example;
use clearway::{
    Artifacts, AuditRequest, AuditSubject, Audited, Cancel, Error, Event, InputFile, MemoryStore, Partial,
    PlanRequest, Session, Usage, audit, audit_inputs, plan,
};
use clearway_audit::{AuditFinding, FindingOutcome};
use std::sync::Arc;

const BLUEPRINT: &str = r#"schema = "clearway-blueprint/1"
name = "Said of the village"
context = "exercise"
scenario = ".."
rules = "../tables/rules.csv"
profile = "own.toml"

[[claim]]
figure = "days"
value = 0.1
who = "the village"
when = "2024"
"#;
const RULES: &str = "id,name,rule,formula,at_most,unit,severity,axis,source\n\
                     OWN-01,own,A day is enough,days,1,days,major,feasibility,the village\n";
const PROFILE: &str = r#"name = "own"
about = "what this test looks at"
keep = ["OWN-01", "PROOF-*"]
[[case]]
name = "rain"
capacity = 0.8
[[case]]
name = "more people"
people = 1.2
"#;

/// The scenario of one road with a blueprint in a folder of its own, all in memory.
fn village() -> MemoryStore {
    let mut files: MemoryStore = example("one-road").files.into_iter().collect();
    files.insert("tables/rules.csv", RULES);
    files.insert("claims/own.toml", PROFILE);
    files
}

fn request(blueprint: &str) -> AuditRequest {
    let mut request = AuditRequest::default();
    request.subject = AuditSubject::Blueprint(InputFile::new("claims/b.toml", blueprint));
    request
}

/// The folder of a plan for one road, in memory.
fn plan_folder() -> MemoryStore {
    let planned =
        plan(&Session::new().with_threads(1), &example("one-road"), &PlanRequest::default()).unwrap();
    planned.artifacts(Usage::default()).unwrap().into()
}

fn finding<'a>(audited: &'a Audited, id: &str) -> &'a AuditFinding {
    audited.report.findings.iter().find(|finding| finding.id == id).unwrap()
}

fn names(folder: &Artifacts) -> Vec<&str> {
    folder.files().iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn a_blueprint_is_audited_with_what_lies_beside_it_in_memory() {
    let audited = audit(&Session::new(), &village(), &request(BLUEPRINT)).unwrap();
    // 12,000 people, a road for 3,000 people/h that takes 10 min: 4 h 10 min, and 0.1 d are 2 h 24 min
    assert_eq!(finding(&audited, "PROOF-01").outcome, FindingOutcome::NotMet);
    assert_eq!(finding(&audited, "OWN-01").outcome, FindingOutcome::Met);
    assert!(!audited.holds());
    assert!(audited.report.cases.iter().all(|case| case.computed), "{:?}", audited.report.cases);
    let files = audited.artifacts(Usage::default()).unwrap();
    for name in ["audit.json", "findings.csv", "index.html", "bound/certificate.json", "cases/2/plan.json"] {
        assert!(names(&files).contains(&name), "{name}");
    }
    let words = audited.in_words();
    assert!(words.contains("claimed 2 h 24 min; proven minimum 4 h 9 min"), "{words}");
}

#[test]
fn a_plan_folder_in_memory_is_verified_and_audited() {
    let request = AuditRequest::default();
    let audited = audit(&Session::new(), &plan_folder(), &request).unwrap();
    for id in ["PLAN-01", "PLAN-02", "PLAN-03", "TIM-01"] {
        assert_eq!(finding(&audited, id).outcome, FindingOutcome::Met, "{id}");
    }
    let files = audited.artifacts(Usage::default()).unwrap();
    assert_eq!(names(&files), ["audit.json", "findings.csv", "index.html"]);
    let nothing = audit(&Session::new(), &MemoryStore::new("nothing"), &request).unwrap_err();
    assert!(matches!(&nothing, Error::Invalid { of, .. } if of == "nothing/scenario"), "{nothing}");
}

#[test]
fn supplies_given_with_the_request_are_judged_by_place() {
    let mut request = AuditRequest::default();
    let table = "place_id,kind,item,amount,from_h,until_h\nS1,flow,water,30,,\n";
    request.supplies = Some(InputFile::new("given/supplies.csv", table));
    let audited = audit(&Session::new(), &plan_folder(), &request).unwrap();
    let water = audited.report.places.iter().find(|place| place.rule == "WAT-01").unwrap();
    assert_eq!((water.kind, water.place_id.as_str()), ("site", "S1"));
    assert!(names(&audited.artifacts(Usage::default()).unwrap()).contains(&"places.csv"));
    request.supplies = Some(InputFile::new("given/supplies.csv", "place_id,item,amount\nS9,water,1\n"));
    let refused = audit(&Session::new(), &plan_folder(), &request).unwrap_err();
    assert!(matches!(&refused, Error::Invalid { of, .. } if of == "given/supplies.csv"), "{refused}");
}

#[test]
fn a_redacted_audit_holds_no_exact_place() {
    let mut request = request(BLUEPRINT);
    request.redacted = Some(true);
    let audited = audit(&Session::new(), &village(), &request).unwrap();
    assert_eq!(
        names(&audited.artifacts(Usage::default()).unwrap()),
        ["audit.json", "findings.csv", "index.html"]
    );
    assert!(audited.report.cases.iter().all(|case| case.computed && case.folder.is_empty()));
    assert!(audited.in_words().contains("are left out"));
}

#[test]
fn two_audits_at_once_give_the_same_bytes_as_one_after_the_other() {
    let (village, folder) = (village(), plan_folder());
    let mut by_deadline = request(BLUEPRINT);
    by_deadline.deadline_days = Some(0.1);
    let of_village =
        || audit(&Session::new(), &village, &by_deadline).unwrap().artifacts(Usage::default()).unwrap();
    let of_plan = || {
        let audited = audit(&Session::new(), &folder, &AuditRequest::default()).unwrap();
        audited.artifacts(Usage::default()).unwrap()
    };
    let one_after_the_other = [of_village(), of_plan()];
    let at_once = std::thread::scope(|scope| {
        let (first, second) = (scope.spawn(of_village), scope.spawn(of_plan));
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert!(names(&at_once[0]).iter().any(|name| name.starts_with("deadline/")));
    assert_eq!(one_after_the_other, at_once);
}

/// 4 h for all are less than the 4 h 10 min that the road takes, and 4 h 12 min are not; where no time for all is claimed nothing is said of it.
#[test]
fn a_time_stated_for_all_is_held_against_the_bound() {
    let claimed = |hours: f64| format!("{BLUEPRINT}\n[[claim]]\nfigure = \"t100_h\"\nvalue = {hours}\n");
    for (hours, outcome) in [(4.0, FindingOutcome::NotMet), (4.2, FindingOutcome::Met)] {
        let audited = audit(&Session::new(), &village(), &request(&claimed(hours))).unwrap();
        assert_eq!(finding(&audited, "PROOF-03").outcome, outcome, "{hours}");
    }
    let audited = audit(&Session::new(), &village(), &request(BLUEPRINT)).unwrap();
    assert!(
        audited.report.findings.iter().all(|finding| finding.id != "PROOF-03" || finding.value.is_none())
    );
}

/// A session that is cancelled when it tells what `ends` knows.
fn ending(ends: impl Fn(&Event) -> bool + Send + Sync + 'static) -> Session {
    let cancel = Cancel::default();
    let wish = cancel.clone();
    let hear = move |event: &Event| {
        if ends(event) {
            wish.cancel();
        }
    };
    Session::new().with_cancel(cancel).with_observer(Arc::new(hear))
}

#[test]
fn cancelled_in_a_case_it_leaves_an_audit_with_what_was_proved() {
    let session = ending(|event| matches!(event, Event::VariationBegun { number: 2, .. }));
    let mut by_deadline = request(BLUEPRINT);
    by_deadline.deadline_days = Some(0.1);
    let Err(Error::Cancelled(Some(partial))) = audit(&session, &village(), &by_deadline) else {
        panic!("not cancelled")
    };
    let files = partial.artifacts(Usage::default()).unwrap();
    let Partial::Audit(audited) = *partial else { panic!("{partial:?}") };
    assert_eq!(finding(&audited, "PROOF-01").outcome, FindingOutcome::NotMet);
    let cases: Vec<(&str, bool)> =
        audited.report.cases.iter().map(|case| (case.name.as_str(), case.computed)).collect();
    assert_eq!(cases, [("rain", true), ("more people (ended before it was computed)", false)]);
    assert!(audited.report.map_levers.is_empty());
    for (name, is_there) in [
        ("audit.json", true),
        ("bound/plan.json", true),
        ("cases/1/plan.json", true),
        ("cases/2/plan.json", false),
    ] {
        assert_eq!(names(&files).contains(&name), is_there, "{name}");
    }
}

#[test]
fn cancelled_before_anything_is_proved_there_is_no_answer() {
    let at_once = Session::new();
    at_once.cancel().cancel();
    let in_verify =
        ending(|event| matches!(event, Event::Progress { stage, .. } if stage.word() == "verify"));
    for (session, files, request) in
        [(at_once, village(), request(BLUEPRINT)), (in_verify, plan_folder(), AuditRequest::default())]
    {
        let ended = audit(&session, &files, &request);
        assert!(matches!(ended, Err(Error::Cancelled(None))), "{ended:?}");
    }
}

#[test]
fn all_faults_of_a_blueprint_and_its_tables_are_listed_with_file_row_and_value() {
    let mut files = village();
    files.insert(
        "tables/rules.csv",
        "id,rule,severity,axis,source\nX-1,x,grave,feasibility,x\nX-2,x,major,time,x\n",
    );
    let blueprint = BLUEPRINT
        .replace("\"exercise\"", "\"flood\"")
        .replace("figure = \"days\"", "figure = \"dais\"")
        .replace("rules = ", "figures = \"none.csv\"\nrules = ")
        + "[[evidence]]\nrule = \"X-9\"\nshown = \"maybe\"\nwhat = \"x\"\n[[claim]]\nfigure = \"people\"\nvalue = -5\n\
           [[claim]]\nfigure = \"tent\"\nvalue = 5\n";
    let Err(Error::Invalid { of, faults }) = audit(&Session::new(), &files, &request(&blueprint)) else {
        panic!("not refused")
    };
    assert_eq!(of, "memory/claims/b.toml");
    let found: Vec<(&str, &str, &str)> = faults
        .0
        .iter()
        .map(|fault| (fault.file.as_str(), fault.place.as_str(), fault.found.as_str()))
        .collect();
    for expected in [
        ("b.toml", "", "flood"),
        ("b.toml", "claim 1", "dais"),
        ("b.toml", "claim 2 (people)", "-5"),
        // the claim before it is no claim, and counts all the same
        ("b.toml", "claim 3", "tent"),
        ("b.toml", "evidence 1", "maybe"),
        ("b.toml", "", "none.csv"),
        ("../tables/rules.csv", "line 2 (X-1)", "grave"),
        ("../tables/rules.csv", "line 3 (X-2)", "time"),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:#?}");
    }
}

#[test]
fn what_is_no_error_is_told_and_the_audit_goes_on() {
    let told: Arc<std::sync::Mutex<Vec<(String, usize)>>> = Arc::default();
    let hear = {
        let told = Arc::clone(&told);
        move |event: &Event| {
            if let Event::Warnings { of, faults } = event {
                told.lock().unwrap().push((of.clone(), faults.0.len()));
            }
        }
    };
    let session = Session::new().with_observer(Arc::new(hear));
    let blueprint = BLUEPRINT.replace("who = \"the village\"\n", "");
    audit(&session, &village(), &request(&blueprint)).unwrap();
    assert_eq!(*told.lock().unwrap(), [("memory/claims/b.toml".to_owned(), 1)]);
}

#[test]
fn the_inputs_of_an_audit_are_all_that_it_names() {
    let inputs = audit_inputs(&village(), &request(BLUEPRINT)).unwrap();
    assert_eq!(inputs, ["", "tables/rules.csv", "claims/own.toml", "claims/b.toml"]);
}

#[test]
fn a_request_is_plain_data_with_defaults() {
    let request: AuditRequest = serde_json::from_str(
        r#"{"subject": {"blueprint": {"name": "b.toml", "content": "name = \"x\""}}, "deadline_days": 14}"#,
    )
    .unwrap();
    assert_eq!((request.deadline_days, request.redacted), (Some(14.0), None));
    let back: AuditRequest = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
    assert_eq!(request, back);
    assert!(
        serde_json::from_str::<AuditRequest>(r#"{"deadline": 14}"#).is_err(),
        "an unknown key is refused"
    );
    for days in [0.0, -1.0, 1_001.0, f64::NAN] {
        let mut request = AuditRequest::default();
        request.deadline_days = Some(days);
        let refused = audit(&Session::new(), &MemoryStore::default(), &request);
        assert!(matches!(refused, Err(Error::Request(_))), "{days}: {refused:?}");
    }
}
