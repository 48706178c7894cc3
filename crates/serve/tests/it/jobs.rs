//! Jobs: one after the other, ended, watched, interrupted, and two at once.

use crate::answer::project;
use crate::client::Client;
use clearway_serve::ServeSettings;
use serde_json::json;
use std::time::Duration;

/// A plan that takes long enough to be ended.
fn long_plan(of: i64) -> serde_json::Value {
    json!({ "kind": "plan", "of": of, "request": { "effort": 100, "packet_people": 1 } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_ended_and_what_waits_is_taken_out() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 20_000).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let path = format!("/api/projects/{project}/jobs");
    let running = client.post(&path, long_plan(scenario)).await.is(202)["id"].as_i64().unwrap();
    let waiting = client.post(&path, long_plan(scenario)).await.is(202)["id"].as_i64().unwrap();
    // until its bound is known, so that something is left of it
    let mut info = client.get(&format!("/api/jobs/{running}")).await.is(200);
    while info["bound_so_far"].is_null() && info["state"] != "done" {
        tokio::time::sleep(Duration::from_millis(20)).await;
        info = client.get(&format!("/api/jobs/{running}")).await.is(200);
    }
    assert_eq!(info["state"], "running", "the plan takes longer than its bound: {info}");
    let bound = info["bound_so_far"]["clearance_s"].as_f64().unwrap();
    assert_eq!(client.get(&format!("/api/jobs/{waiting}")).await.is(200)["ahead"], 0);
    client.send(axum::http::Method::DELETE, &format!("/api/jobs/{waiting}"), None).await.is(200);
    assert_eq!(client.over(waiting).await["state"], "cancelled");
    client.send(axum::http::Method::DELETE, &format!("/api/jobs/{running}"), None).await.is(200);
    let ended = client.over(running).await;
    assert_eq!(ended["state"], "cancelled", "{ended}");
    let kept = ended["result"].as_i64().unwrap();
    let overview = client.get(&format!("/api/versions/{kept}/overview")).await.is(200);
    assert_eq!(overview["has_orders"], false);
    let row =
        overview["rows"].as_array().unwrap().iter().find(|row| row["measure"] == "clearance_s").unwrap();
    assert!(row["bound"]["value"].as_f64().unwrap() >= bound, "what was proved so far is not taken back");
    client.send(axum::http::Method::DELETE, &format!("/api/jobs/{running}"), None).await.is(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_watched_from_its_order_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 3000).await;
    let path = format!("/api/projects/{project}/jobs");
    let job = client.post(&path, json!({ "kind": "compose" })).await.is(202)["id"].as_i64().unwrap();
    let events = client.get(&format!("/api/jobs/{job}/events")).await;
    assert_eq!(events.headers["content-type"], "text/event-stream");
    let text = String::from_utf8(events.bytes).unwrap();
    let last = text.lines().rfind(|line| line.starts_with("data:")).unwrap();
    let last: serde_json::Value = serde_json::from_str(last.trim_start_matches("data:")).unwrap();
    assert_eq!((&last["state"], &last["id"]), (&json!("done"), &json!(job)));
    assert!(text.lines().filter(|line| line.starts_with("event:")).all(|line| line.contains("job")));
    // after the end there is one event
    let again = client.get(&format!("/api/jobs/{job}/events")).await;
    assert_eq!(String::from_utf8(again.bytes).unwrap().matches("event:").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_it_is_said_what_became_of_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 20_000).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let path = format!("/api/projects/{project}/jobs");
    let running = client.post(&path, long_plan(scenario)).await.is(202)["id"].as_i64().unwrap();
    let waiting =
        client.post(&path, json!({ "kind": "bound", "of": scenario })).await.is(202)["id"].as_i64().unwrap();
    while client.get(&format!("/api/jobs/{running}")).await.is(200)["state"] != "running" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    client.app.jobs.stop();
    while client.get(&format!("/api/jobs/{running}")).await.is(200)["state"] == "running" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let ended = std::sync::Arc::downgrade(&client.app);
    drop(client);
    while ended.upgrade().is_some() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let client = Client::new(folder.path());
    let said = client.get(&format!("/api/jobs/{running}")).await.is(200);
    assert_eq!(said["state"], "interrupted", "{said}");
    assert_eq!(client.over(waiting).await["state"], "done", "what waited goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_give_the_same_as_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ServeSettings { workers: 2, threads: Some(1), ..ServeSettings::default() };
    let client = Client::with(folder.path(), settings);
    let project = project(&client, 3000).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let order = json!({ "kind": "plan", "of": scenario });
    let alone = client.done(project, order.clone()).await;
    let both = tokio::join!(client.done(project, order.clone()), client.done(project, order));
    for name in ["plan.json", "certificate.json", "orders.csv", "curve.csv"] {
        let path = |version: i64| format!("/api/versions/{version}/files/{name}");
        let first = client.get(&path(alone)).await.bytes;
        for other in [both.0, both.1] {
            assert!(client.get(&path(other)).await.bytes == first, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_with_all_its_faults() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    client.post("/api/projects", json!({ "name": "p" })).await.is(201);
    client.post("/api/projects/1/jobs", json!({ "kind": "compose" })).await.is(400);
    client.post("/api/projects/1/jobs", json!({ "kind": "plan", "of": 5 })).await.is(404);
    client.post("/api/projects/9/jobs", json!({ "kind": "compose" })).await.is(404);
    client.post("/api/projects/1/jobs", json!({ "kind": "fly" })).await.is(400);
    let broken = client.give(1, "town.osm", b"<osm><node id='1' lat='x'/></osm>").await;
    let info = client.over(broken["job"].as_i64().unwrap()).await;
    assert_eq!(info["state"], "failed", "{info}");
    assert!(!info["words"].as_str().unwrap().is_empty());
    let zip = client.give(1, "plan.zip", b"no archive").await;
    assert_eq!(client.over(zip["job"].as_i64().unwrap()).await["state"], "failed");
    // a draft without people or area says both
    client.give(1, "town.osm", crate::town::osm().as_bytes()).await;
    let draft = json!({ "base": 0, "draft": { "features": { "type": "FeatureCollection", "features": [
        { "type": "Feature", "properties": { "role": "lake" }, "geometry": null }
    ] } } });
    client.send(axum::http::Method::PUT, "/api/projects/1/draft", Some(&draft)).await.is(200);
    let job = client.post("/api/projects/1/jobs", json!({ "kind": "compose" })).await.is(202);
    let info = client.over(job["id"].as_i64().unwrap()).await;
    assert_eq!(info["faults"][0]["field"], "role", "{info}");
    // JSON has one kind of number: a client may write 543 as 543.0, and a number with a fraction is refused as before
    let draft = |numbers: &str| format!("{{\"base\": 1.0, \"draft\": {{{numbers}}}}}").into_bytes();
    let save = |numbers: &str| {
        client.raw(axum::http::Method::PUT, "/api/projects/1/draft", "application/json", draft(numbers))
    };
    let saved = save("\"people\": 543.0, \"horizon_ms\": 8.64e7, \"people_per_vehicle\": 2.0").await.is(200);
    let read = &saved["draft"];
    assert_eq!((&read["people"], &read["horizon_ms"]), (&json!(543), &json!(86_400_000)), "{saved}");
    assert_eq!(read["people_per_vehicle"], json!(2.0));
    let refused = save("\"people\": 543.5").await.is(400);
    assert!(refused.to_string().contains("people"), "{refused}");
    let stale = json!({ "base": 0, "draft": {} });
    client.send(axum::http::Method::PUT, "/api/projects/1/draft", Some(&stale)).await.is(409);
}
