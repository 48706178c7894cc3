//! The schemas in `docs/reference/schemas/` are those of the code, and name every column that the reference names.

use clearway_formats::schemas;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn reference() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference"))
}

#[test]
fn the_schemas_in_the_docs_are_not_stale() {
    let again = "cargo run -- schema --out docs/reference/schemas";
    let dir = reference().join("schemas");
    for (name, text) in schemas() {
        let stored = std::fs::read_to_string(dir.join(name)).unwrap_or_default();
        assert!(stored == text, "{name} is not what the code says; write it again: {again}");
    }
    let stored: BTreeSet<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut known: BTreeSet<String> = schemas().iter().map(|(name, _)| (*name).to_string()).collect();
    // written by other crates; that they are not stale is a test of the program
    known.extend(
        ["audit", "ensemble", "link_states", "needs", "replan", "simulation", "study"]
            .map(|name| format!("{name}.schema.json")),
    );
    assert_eq!(stored, known, "a schema of no file");
}

/// Names in backticks in the first cell of the rows of the table under a heading, with the `_low` and `_high` in brackets.
fn columns_under(text: &str, heading: &str) -> BTreeSet<String> {
    let section = text.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let mut names = BTreeSet::new();
    for cell in
        section.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split(" | ").next())
    {
        let words: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        let mut figure = "";
        for word in words {
            if word.starts_with('_') {
                names.insert(format!("{figure}{word}"));
            } else {
                figure = word;
                names.insert(word.to_string());
            }
        }
    }
    names
}

#[test]
fn schemas_and_reference_name_the_same_columns() {
    let text = std::fs::read_to_string(reference().join("scenario.md")).unwrap();
    for (schema, heading) in [
        ("node.schema.json", "`node.csv`"),
        ("link.schema.json", "`link.csv`"),
        ("movement.schema.json", "`movement.csv`"),
        ("zones.schema.json", "`zones.csv`"),
        ("mobilization.schema.json", "`mobilization.csv`"),
        ("junctions.schema.json", "`junctions.csv`"),
        ("sites.schema.json", "`sites.csv`"),
        ("connectors.schema.json", "`connectors.csv`"),
        ("closures.schema.json", "`closures.csv`"),
        ("sources.schema.json", "`sources.csv`"),
    ] {
        let (_, json) = schemas().into_iter().find(|(name, _)| *name == schema).unwrap();
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let have: BTreeSet<String> = value["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(have, columns_under(&text, heading), "{schema}");
    }
}
