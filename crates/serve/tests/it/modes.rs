//! Plans of population groups: several travel modes in one scenario.

use crate::answer::file;
use crate::client::Client;
use clearway::{Artifacts, Disclosure, FolderKind, FolderStore, Store};
use serde_json::json;

/// An example as an archive.
fn archive(example: &str) -> Vec<u8> {
    let store = FolderStore::new(format!("{}/../../examples/{example}", env!("CARGO_MANIFEST_DIR")));
    let names = store.names_at("").unwrap();
    let files: Vec<(String, Vec<u8>)> =
        names.into_iter().map(|name| (name.clone(), store.read(&name).unwrap().unwrap())).collect();
    Artifacts::new(FolderKind::Scenario, Disclosure::Full, files).zip().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_multimodal_plan_is_shown_with_its_own_figures() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    client.post("/api/projects", json!({ "name": "Train" })).await.is(201);
    let given = client.give(1, "train.zip", &archive("train")).await;
    let unpacked = client.over(given["job"].as_i64().unwrap()).await;
    assert_eq!(unpacked["state"], "done", "{unpacked}");
    let plan = client.done(1, json!({ "kind": "plan", "of": unpacked["result"] })).await;
    let overview = client.get(&format!("/api/versions/{plan}/overview")).await.is(200);
    let summary = file(&client, plan, "multimodal.json").await;
    let rows = overview["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["measure"] == "clearance_s").unwrap();
    assert_eq!(row["bound"]["value"], summary["clearance_s"]["bound"]);
    assert_eq!(row["plan"]["value"], summary["clearance_s"]["plan"]);
    assert_eq!(row["plan"]["source"]["file"], "multimodal.json");
    // some of the people are none of the whole zone
    for zone in overview["zones"].as_array().unwrap() {
        assert!(zone["t90_s"].is_null(), "{zone}");
    }
    client.get(&format!("/api/versions/{plan}/map")).await.is(200);
    client.get(&format!("/api/versions/{plan}/curve")).await.is(200);
}
