//! The checker shares nothing with the planner but the data model.

use std::process::Command;

#[test]
fn it_depends_on_the_model_and_readers_alone() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path", manifest])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "clearway-verify").unwrap();
    let mut names: Vec<&str> = package["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["clearway-model", "csv", "serde", "serde_json", "thiserror", "toml"]);
    // and none of our crates even in tests, so that no figure is tested against its own source
    let ours = package["dependencies"].as_array().unwrap().iter().map(|d| d["name"].as_str().unwrap());
    let ours: Vec<&str> = ours.filter(|name| name.starts_with("clearway-")).collect();
    assert!(ours.iter().all(|name| ["clearway-model", "clearway-verify"].contains(name)), "{ours:?}");
}
