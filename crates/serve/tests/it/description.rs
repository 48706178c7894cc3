//! The description of the interface is the one from which the page's types are made.

use std::path::Path;

/// With `UPDATE_OPENAPI` set the file is written anew.
#[test]
fn the_description_is_the_one_of_the_page() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let text =
        format!("{}\n", serde_json::to_string_pretty(&clearway_serve::description().unwrap()).unwrap());
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "web/openapi.json is not what the code says; write it with: clearway serve --openapi > web/openapi.json"
    );
}

/// Every schema that is named is there.
#[test]
fn nothing_that_is_named_is_missing() {
    let description = clearway_serve::description().unwrap();
    let text = description.to_string();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    let mut named = 0;
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
        named += 1;
    }
    assert!(named > 100, "{named}");
}
