//! A plan that is being carried out meets what was counted: template, faults, new plan, options, review.

use crate::answer::{file, project};
use crate::client::Client;
use axum::http::Method;
use serde_json::{Value, json};

const AT_MS: i64 = 600_000;
const HEADER: &str = "what,id,people,uncertainty_people,age_min,state,source";

/// A table of counts as part of a request.
fn counts(rows: &str) -> Value {
    json!([{ "name": "counts.csv", "content": format!("{HEADER}\n{rows}") }])
}

/// A project with a simulated plan of 3,000 people, who leave over more than ten minutes.
async fn planned(client: &Client) -> (i64, i64) {
    let project = project(client, 3000).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let plan = client.done(project, json!({ "kind": "plan", "of": scenario, "name": "First plan" })).await;
    client.done(project, json!({ "kind": "simulate", "of": plan })).await;
    (project, plan)
}

async fn table(client: &Client, plan: i64, given: Value) -> Value {
    client.post(&format!("/api/versions/{plan}/counts"), given).await.is(200)
}

fn rows<'t>(table: &'t Value, what: &str) -> Vec<&'t Value> {
    table["rows"].as_array().unwrap().iter().filter(|row| row["row"]["what"] == what).collect()
}

fn people(rows: &[&Value], key: &str) -> i64 {
    rows.iter().filter_map(|row| row["row"][key].as_i64()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_looked_at_before_a_new_plan_is_made_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let (project, plan) = planned(&client).await;
    // a table to fill in: everybody is in a zone, on a road or at a site, but for those on connectors
    let at = json!({ "at_ms": AT_MS });
    let empty = table(&client, plan, json!({ "request": at })).await;
    let (waiting, on_road, arrived) =
        (rows(&empty, "waiting"), rows(&empty, "on_road"), rows(&empty, "arrived"));
    let expected: i64 =
        [&waiting, &on_road, &arrived].iter().map(|rows| people(rows, "expected_people")).sum();
    assert!(expected <= 3000 && expected > 2700 && !on_road.is_empty(), "{expected}");
    assert!(people(&waiting, "expected_people") > 0, "people still leave: {empty}");
    assert_eq!((&empty["faults"], &waiting[0]["file"]), (&json!([]), &Value::Null));

    // faults stand beside the rows that can be read, and all are said at once
    let zone = waiting[0]["row"]["id"].as_str().unwrap().to_owned();
    let wrong = format!("waiting,{zone},40,,,,warden\nwaiting,Z99,1,,,,\narrived,S1,many,,,,\n");
    let found = table(&client, plan, json!({ "request": at, "counts": counts(&wrong) })).await;
    let faults: Vec<(&str, &str)> = found["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["place"].as_str().unwrap(), fault["field"].as_str().unwrap()))
        .collect();
    assert_eq!(faults.len(), 2, "{found}");
    assert!(faults.iter().any(|(place, field)| place.starts_with("row 3") && *field == "id"), "{faults:?}");
    assert!(
        faults.iter().any(|(place, field)| place.starts_with("row 4") && *field == "people"),
        "{faults:?}"
    );
    let filled = rows(&found, "waiting").into_iter().find(|row| row["row"]["id"] == *zone).unwrap();
    assert_eq!((&filled["row"]["people"], &filled["row"]["source"]), (&json!(40), &json!("warden")));
    assert_eq!(filled["row"]["expected_people"], waiting[0]["row"]["expected_people"]);
    assert!(filled["place"].as_str().unwrap().starts_with("row 2"), "{filled}");
    assert!(
        !rows(&found, "arrived").iter().any(|row| row["file"].is_string()),
        "what is no number is no count"
    );

    // the same from a file of the project, and of another project not
    let given = client.give(project, "counts.csv", format!("{HEADER}\n{wrong}").as_bytes()).await;
    let id = given["file"]["id"].as_i64().unwrap();
    assert_eq!(
        table(&client, plan, json!({ "request": at, "files": [id] })).await["faults"],
        found["faults"]
    );
    client.post(&format!("/api/versions/{plan}/counts"), json!({ "files": [99] })).await.is(404);
    let path = format!("/api/projects/{project}/jobs");
    client.post(&path, json!({ "kind": "replan", "of": plan, "files": [99] })).await.is(404);
    let scenario = client.get(&format!("/api/versions/{plan}")).await.is(200)["parent"].as_i64().unwrap();
    client.post(&format!("/api/versions/{scenario}/counts"), json!({})).await.is(400);
    client.post(&path, json!({ "kind": "replan", "of": scenario })).await.is(400);

    // a job of wrong counts fails with the same faults
    let order = json!({ "kind": "replan", "of": plan, "request": at, "counts": counts(&wrong) });
    let job = client.post(&path, order).await.is(202)["id"].as_i64().unwrap();
    let info = client.over(job).await;
    assert_eq!((&info["state"], &info["faults"]), (&json!("failed"), &found["faults"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_plan_stands_beside_the_old_one_on_one_clock() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let (project, plan) = planned(&client).await;
    let empty = table(&client, plan, json!({ "request": { "at_ms": AT_MS } })).await;
    // a fifth more than the plan expects are still in the zones, and the fullest road is lost
    let late: String = rows(&empty, "waiting")
        .iter()
        .map(|row| {
            let expected = row["row"]["expected_people"].as_i64().unwrap();
            format!("waiting,{},{},0,,,warden\n", row["row"]["id"].as_str().unwrap(), expected + expected / 5)
        })
        .collect();
    let lost = rows(&empty, "on_road")[0]["row"]["id"].as_str().unwrap().to_owned();
    let given = counts(&format!("{late}road,{lost},,,,lost,police\n"));
    let request = json!({ "at_ms": AT_MS, "effort": "all" });
    let order = json!({ "kind": "replan", "of": plan, "request": request, "counts": given });
    let new = client.done(project, order.clone()).await;

    let version = client.get(&format!("/api/versions/{new}")).await.is(200);
    assert_eq!((&version["parent"], &version["kind"]), (&json!(plan), &json!("plan")));
    assert_eq!(version["name"], "First plan, re-planned at 10 min");
    let (old_summary, summary) =
        (file(&client, plan, "summary.json").await, file(&client, new, "summary.json").await);
    let info = client.get(&format!("/api/versions/{new}/replanned")).await.is(200);
    assert_eq!((&info["old"], &info["at_s"]), (&json!(plan), &json!(600.0)));
    assert_eq!(info["report"], file(&client, new, "replan.json").await);
    for (at, key) in ["bound", "plan"].iter().enumerate() {
        let row = &info["clearance"][at];
        assert_eq!(row["old"]["value"], old_summary["clearance_s"][key], "{row}");
        let own = summary["clearance_s"][key].as_f64().unwrap();
        assert_eq!(row["new"]["value"].as_f64(), Some(own + 600.0), "{row}");
        assert_eq!(
            (&row["old"]["source"]["version"], &row["new"]["source"]["version"]),
            (&json!(plan), &json!(new))
        );
    }
    assert!(info["clearance"][2]["old"]["value"].is_number() && info["clearance"][2]["new"].is_null());
    let names: Vec<&str> =
        info["options"].as_array().unwrap().iter().map(|option| option["option"].as_str().unwrap()).collect();
    assert_eq!(names, ["keep", "near", "free"]);
    assert_eq!(
        (&info["options"][0]["saved_person_hours"], &info["options"][0]["more_people"]),
        (&json!(0.0), &json!(0))
    );
    let roads = info["roads"].as_array().unwrap();
    let on_lost = roads.iter().find(|road| road["id"] == *lost).unwrap();
    assert_eq!(on_lost["new_people"], 0, "nobody enters a road that is lost");
    assert!(on_lost["given_people"].as_i64().unwrap() > 0);
    let link = client.get(&format!("/api/versions/{new}/links/{}", on_lost["row"])).await.is(200);
    assert_eq!(link["id"], *lost);

    // what is shown over time knows when it begins; a table of both would mix two clocks
    assert_eq!(client.get(&format!("/api/versions/{new}/overview")).await.is(200)["begins_s"], 600.0);
    assert_eq!(client.get(&format!("/api/versions/{plan}/overview")).await.is(200)["begins_s"], 0.0);
    let refused = client.get(&format!("/api/compare?plans={plan},{new}")).await.is(400);
    assert!(refused["message"].as_str().unwrap().contains("begin at different times"), "{refused}");
    client.get(&format!("/api/versions/{plan}/replanned")).await.is(404);

    // the same order again with another option, from what was ordered; both begin at one time
    let job = version["job"].as_i64().unwrap();
    let mut again = client.get(&format!("/api/jobs/{job}/order")).await.is(200);
    assert_eq!(again["counts"], order["counts"]);
    again["request"]["take"] = json!("free");
    let free = client.done(project, again).await;
    assert_eq!(
        client.get(&format!("/api/versions/{free}/replanned")).await.is(200)["report"]["chosen"],
        "free"
    );
    client.get(&format!("/api/compare?plans={new},{free}")).await.is(200);
    let checked =
        client.post(&format!("/api/projects/{project}/jobs"), json!({ "kind": "verify", "of": free })).await;
    assert_eq!(client.over(checked.is(202)["id"].as_i64().unwrap()).await["state"], "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_plan_is_accepted_by_somebody_else_in_place_of_the_old_one_or_discarded() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let (project, plan) = planned(&client).await;
    let ada = client.named("Ada", None).await;
    let grace = client.named("Grace", None).await;
    let order = json!({ "kind": "replan", "of": plan, "request": { "at_ms": AT_MS, "effort": "keep" } });
    let [first, second] = [ada.done(project, order.clone()).await, ada.done(project, order).await];
    let review = async |who: &Client, version: i64, step: Value, status: u16| {
        who.post(&format!("/api/versions/{version}/review"), step).await.is(status)
    };
    review(&ada, plan, json!({ "action": "submit" }), 200).await;
    let accepted = review(&grace, plan, json!({ "action": "accept", "baseline": true }), 200).await;
    assert_eq!((&accepted["baseline"], &accepted["review"]), (&json!(true), &json!("accepted")));

    let discarded =
        review(&ada, first, json!({ "action": "discard", "reason": "counts were of another day" }), 200)
            .await;
    assert_eq!(discarded["review"], "discarded");
    review(&ada, first, json!({ "action": "discard" }), 409).await;
    review(&grace, first, json!({ "action": "accept" }), 409).await;

    review(&ada, second, json!({ "action": "submit", "baseline": true }), 400).await;
    review(&ada, second, json!({ "action": "submit" }), 200).await;
    review(&ada, second, json!({ "action": "accept", "baseline": true }), 403).await;
    let now = review(&grace, second, json!({ "action": "accept", "baseline": true }), 200).await;
    assert_eq!(now["baseline"], true);
    let before = client.get(&format!("/api/versions/{plan}")).await.is(200);
    assert_eq!((&before["baseline"], &before["review"]), (&json!(false), &json!("accepted")));
    review(&ada, second, json!({ "action": "discard" }), 409).await;
    let record = client.get(&format!("/api/projects/{project}/record")).await.is(200);
    let lines: Vec<&str> =
        record.as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert!(lines.contains(&"version discarded") && lines.contains(&"version accepted"), "{lines:?}");
    // what was accepted survives the way out and in as a file
    let archive = client.get(&format!("/api/projects/{project}/export.zip")).await.bytes;
    let brought = client.raw(Method::POST, "/api/projects/import", "application/zip", archive).await.is(201);
    let path = format!("/api/projects/{}/versions", brought["id"]);
    let versions = client.get(&path).await.is(200);
    let again = versions
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["kind"] == "plan")
        .max_by_key(|one| one["id"].as_i64());
    let new = again.unwrap()["id"].as_i64().unwrap();
    assert_eq!(client.get(&format!("/api/versions/{new}/overview")).await.is(200)["begins_s"], 600.0);
}
