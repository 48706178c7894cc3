//! Folders of which nothing can be said: both checkers say so, and neither gives a verdict.

use crate::fixture;
use clearway_model::{FolderStore, MemoryStore, SubStore};
use clearway_verify::verify;

/// (file, text to be replaced, by what); an empty text stands for the whole file.
const FAULTS: &[(&str, &str, &str)] = &[
    ("plan.json", "", "{"),
    ("plan.json", "clearway-plan/2", "clearway-plan/9"),
    ("plan.json", "\"people\": 12000", "\"people\": 12000.5"),
    ("plan.json", "\"people\": 12000", "\"people\": \"12000\""),
    ("plan.json", "\"people\": 12000", "\"people\": 12000, \"people\": 1"),
    ("plan.json", "\"case\": \"central\"", "\"case\": \"best\""),
    ("plan.json", "\"reason\": \"stays\"", "\"reason\": \"because\""),
    ("plan.json", "\"not_moved\"", "\"not_here\""),
    ("certificate.json", "\"grid_ms\": 60000", "\"grid_ms\": null"),
    ("certificate.json", "[1, 0]", "[1, 0, 0]"),
    ("certificate.json", "[1, 0]", "[-1, 0]"),
    ("summary.json", "clearway-summary/2", ""),
    ("summary.json", "\"orders\": 1", "\"orders\": 1, \"orders\": 1"),
    ("summary.json", "\"orders\": 1", "\"orders\": NaN"),
    ("curve.csv", "bound_people", "bound"),
    ("orders.csv", "order_id,", "order_id,order_id,"),
    ("zones.csv", "Z2,Hut", "Z2"),
    ("scenario/scenario.toml", "name = ", "nickname = "),
    ("scenario/scenario.toml", "horizon_ms = 43200000", "horizon_ms = 0"),
    ("scenario/scenario.toml", "people_per_vehicle = 2.5", ""),
    ("scenario/scenario.toml", "[[class]]", "[class]"),
    ("scenario/link.csv", "2,The road back", "1,The road back"),
    ("scenario/link.csv", "1,The road,1,2", "1,The road,1,7"),
    ("scenario/link.csv", "1200,600000", "-1200,600000"),
    ("scenario/link.csv", "1200,600000", "1200,0"),
    ("scenario/link.csv", "1200,600000", "1200,"),
    ("scenario/link.csv", "1200,600000", "inf,600000"),
    ("scenario/link.csv", "The road,1,2,true", "The road,1,2,false"),
    ("scenario/movement.csv", "M1,2,3,2", "M1,1,3,2"),
    ("scenario/zones.csv", "12000", "12_000"),
    ("scenario/zones.csv", "12000", "12000000000000"),
    ("scenario/sites.csv", "site_id", "id"),
    ("scenario/connectors.csv", "C1,zone", "C1,house"),
    ("scenario/connectors.csv", "C3,zone,Z2", "C3,zone,Z9"),
];

#[test]
fn both_checkers_give_no_verdict() {
    let sound = fixture::one_road();
    for (name, text, by) in FAULTS {
        let mut files = sound.clone();
        let file = files.get_mut(*name).unwrap();
        assert!(file.contains(text), "{name}: {text}");
        *file = if text.is_empty() { (*by).to_owned() } else { file.replacen(text, by, 1) };
        let dir = tempfile::tempdir().unwrap();
        fixture::write(dir.path(), &files);
        assert!(verify(&FolderStore::new(dir.path()), None).is_err(), "{name}: {text} -> {by}");
        let (code, value) = fixture::python(dir.path());
        assert_eq!(code, 2, "{name}: {text} -> {by}: {value}");
    }
}

#[test]
fn a_missing_file_or_folder_gives_no_verdict() {
    for name in fixture::one_road().keys().filter(|name| !name.ends_with("movement.csv")) {
        let mut files = fixture::one_road();
        files.remove(name);
        let dir = tempfile::tempdir().unwrap();
        fixture::write(dir.path(), &files);
        assert!(verify(&FolderStore::new(dir.path()), None).is_err(), "{name}");
        let (code, _) = fixture::python(dir.path());
        assert_eq!(code, 2, "{name}");
    }
    assert!(verify(&FolderStore::new("no such folder"), None).is_err());
}

#[test]
fn marks_rows_of_tags_and_other_columns_are_no_fault() {
    let mut files = fixture::one_road();
    let curve = files["curve.csv"].replacen('\n', "\n#date,#reached,#bound,#left\n", 1);
    files.insert("curve.csv".into(), format!("\u{feff}{}", curve.replace('\n', "\r\n")));
    let dir = tempfile::tempdir().unwrap();
    fixture::write(dir.path(), &files);
    let result = verify(&FolderStore::new(dir.path()), None).unwrap();
    assert!(result.holds, "{:#?}", result.findings);
    let (code, value) = fixture::python(dir.path());
    assert_eq!(code, 0, "{value:#}");
}

#[test]
fn a_plan_of_an_earlier_version_gets_one_word_on_what_to_do() {
    for (name, now, then) in [
        ("plan.json", "clearway-plan/2", "clearway-plan/1"),
        ("certificate.json", "clearway-certificate/2", "clearway-certificate/1"),
        ("summary.json", "clearway-summary/2", "clearway-summary/1"),
        ("plan.json", "packet_people", "platoon_people"),
    ] {
        let mut files = fixture::one_road();
        let file = files.get_mut(name).unwrap();
        assert!(file.contains(now), "{name}: {now}");
        *file = file.replacen(now, then, 1);
        let store: MemoryStore = files.into_iter().collect();
        let said = verify(&store, None).unwrap_err().to_string();
        assert!(
            said.contains("made by an earlier version (clearway-") && said.contains("`clearway plan`"),
            "{said}"
        );
    }
    let mut files = fixture::one_road();
    files.insert("everyone.json".into(), r#"{"schema": "clearway-everyone-plan/1"}"#.into());
    files.remove("plan.json");
    let store: MemoryStore = files.into_iter().collect();
    let said = verify(&store, None).unwrap_err().to_string();
    assert!(said.contains("memory: ") && said.contains("(clearway-everyone-plan/1)"), "{said}");
}

#[test]
fn a_plan_in_memory_is_checked_as_one_in_a_folder() {
    let store: MemoryStore = fixture::one_road().into_iter().collect();
    let result = verify(&store, None).unwrap();
    assert!(result.holds, "{:#?}", result.findings);
    assert_eq!(result.figures.clearance_s.plan, Some(15_000.0));
    let scenario = SubStore::new(&store, "scenario");
    assert!(verify(&store, Some(&scenario)).unwrap().holds);
}
