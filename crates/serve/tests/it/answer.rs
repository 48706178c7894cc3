//! The main job: a road map, an area and a number of people become an answer.

use crate::client::Client;
use crate::town;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

/// A project with the town and its area, and the number of people.
pub async fn project(client: &Client, people: i64) -> i64 {
    let project =
        client.post("/api/projects", json!({ "name": "Gridtown", "context": "exercise" })).await.is(201);
    let project = project["id"].as_i64().unwrap();
    let given = client.give(project, "town.osm", town::osm().as_bytes()).await;
    let read = client.over(given["job"].as_i64().unwrap()).await;
    assert_eq!(read["state"], "done", "{read}");
    let draft = json!({
        "base": 0,
        "note": "area drawn",
        "draft": {
            "features": { "type": "FeatureCollection", "features": [
                { "type": "Feature", "properties": { "role": "area" }, "geometry": town::area() }
            ] },
            "people": people, "people_source": "census 2024", "zone_count": 6, "mobilization": "instant"
        }
    });
    let path = format!("/api/projects/{project}/draft");
    assert_eq!(client.send(Method::PUT, &path, Some(&draft)).await.is(200)["revision"], 1);
    project
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_and_a_number_become_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 3000).await;

    let info = client.get(&format!("/api/projects/{project}")).await.is(200);
    assert_eq!((&info["people"], &info["draft_revision"]), (&json!(3000), &json!(1)));
    let roads = info["roads"].as_i64().unwrap();
    let map = client.get(&format!("/api/versions/{roads}/map")).await.is(200);
    assert!(map["links"].as_i64().unwrap() > 150, "{map}");
    assert!(map["bounds"][0].as_f64().unwrap() < town::SOUTH_WEST[0], "{map}");

    lines_agree(&client, roads, map["links"].as_u64().unwrap()).await;

    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let plan = client.done(project, json!({ "kind": "plan", "of": scenario, "name": "First plan" })).await;
    let simulation = client.done(project, json!({ "kind": "simulate", "of": plan })).await;

    let overview = client.get(&format!("/api/versions/{plan}/overview")).await.is(200);
    let summary = file(&client, plan, "summary.json").await;
    let clearance = row(&overview, "clearance_s");
    assert_eq!(clearance["plan"]["value"], summary["clearance_s"]["plan"]);
    assert_eq!(clearance["bound"]["value"], summary["clearance_s"]["bound"]);
    assert_eq!(clearance["plan"]["source"]["file"], "summary.json");
    assert!(clearance["plan"]["value"].as_f64() >= clearance["bound"]["value"].as_f64());
    let simulated = file(&client, simulation, "simulation.json").await;
    assert_eq!(clearance["simulated"]["value"], simulated["t100_s"]);
    assert_eq!(clearance["without_plan"]["value"], simulated["baseline"]["t100_s"]);
    assert!(!overview["sentences"].as_array().unwrap().is_empty());
    assert!(!overview["bottlenecks"].as_array().unwrap().is_empty());

    // everybody is in one zone and comes to one site, and the last zone is as late as the plan
    let zones = overview["zones"].as_array().unwrap();
    let sum = |list: &Vec<Value>, key: &str| list.iter().map(|row| row[key].as_i64().unwrap()).sum::<i64>();
    assert_eq!((sum(zones, "people"), sum(zones, "arrived")), (3000, 3000));
    let sites = overview["sites"].as_array().unwrap();
    assert_eq!(sum(sites, "arrived"), 3000);
    let last = zones.iter().map(|zone| zone["t100_s"].as_f64().unwrap()).fold(0.0, f64::max);
    assert_eq!(Some(last), clearance["plan"]["value"].as_f64());
    let order: Vec<f64> = zones.iter().map(|zone| zone["t90_s"].as_f64().unwrap()).collect();
    assert!(order.is_sorted_by(|a, b| a >= b), "{order:?}");

    // what somebody said of the number stands in the tables
    let sources = client.get(&format!("/api/versions/{scenario}/files/sources.csv")).await;
    assert!(String::from_utf8_lossy(&sources.bytes).contains("census 2024"));
    steps_agree(&client, plan, &map).await;
    let steps = client.get(&format!("/api/versions/{simulation}/steps")).await.is(200);
    assert_eq!(steps["simulated"], true);
    let last = &steps["people"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["simulated_least"], &last["simulated_most"]), (&json!(3000), &json!(3000)));
    let flow = client.get(&format!("/api/versions/{simulation}/steps/flow/5")).await;
    assert!(flow.bytes.iter().any(|byte| *byte > 0), "people are on the road after five minutes");
    assert!(zones.iter().all(|zone| zone["simulated_t90_s"].is_number()), "{zones:?}");
    roads_agree(&client, plan, &overview).await;
    moments_agree(&client, plan, simulation).await;
}

/// What a step says is how things are at its end, as in the curve, also at the steps of a simulation; all sites together have who arrived.
async fn moments_agree(client: &Client, plan: i64, simulation: i64) {
    let curve = client.get(&format!("/api/versions/{plan}/curve")).await.is(200);
    let times: Vec<f64> =
        curve["time_s"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect();
    for version in [plan, simulation] {
        let steps = client.get(&format!("/api/versions/{version}/steps")).await.is(200);
        let step_s = steps["step_s"].as_f64().unwrap();
        let sites = steps["sites"].as_array().unwrap();
        let mut compared = 0;
        for (step, people) in steps["people"].as_array().unwrap().iter().enumerate() {
            let there: i64 = sites.iter().map(|site| site["people"][step].as_i64().unwrap()).sum();
            assert_eq!(json!(there), people["arrived"], "step {step}");
            let (least, most) = (&people["simulated_least"], &people["simulated_most"]);
            assert!(least.as_i64() <= most.as_i64(), "{people}");
            let end_s = step_s * (step + 1) as f64;
            let Some(row) = times.iter().position(|time_s| *time_s == end_s) else { continue };
            assert_eq!(curve["plan"][row], people["arrived"], "at {end_s} s");
            if version == simulation {
                assert_eq!([&curve["simulated"][row]; 2], [least, most], "at {end_s} s");
            } else {
                assert!(least.is_null() && most.is_null());
            }
            compared += 1;
        }
        assert!(compared > 5, "{compared} moments in both");
    }
}

/// All lines at once: the number of links, the points of each, and all points within the map.
async fn lines_agree(client: &Client, roads: i64, links: u64) {
    let answer = client.get(&format!("/api/versions/{roads}/lines")).await;
    let words: Vec<i32> =
        answer.bytes.chunks_exact(4).map(|four| i32::from_le_bytes(four.try_into().unwrap())).collect();
    assert_eq!(words[0] as u64, links);
    let counts = &words[1..=words[0] as usize];
    let points = &words[1 + counts.len()..];
    assert_eq!(points.len() as i64, 2 * counts.iter().map(|count| i64::from(*count)).sum::<i64>());
    for pair in points.chunks_exact(2) {
        let [lon, lat] = [f64::from(pair[0]) / 1e7, f64::from(pair[1]) / 1e7];
        assert!((9.9..10.1).contains(&lon) && (49.9..50.1).contains(&lat), "{lon} {lat}");
    }
}

fn row<'v>(overview: &'v Value, measure: &str) -> &'v Value {
    let rows = overview["rows"].as_array().unwrap();
    rows.iter().find(|row| row["measure"] == measure).unwrap()
}

pub async fn file(client: &Client, version: i64, name: &str) -> Value {
    client.get(&format!("/api/versions/{version}/files/{name}")).await.is(200)
}

/// Every step has a byte for each link; everybody is somewhere, and at the end all have arrived.
async fn steps_agree(client: &Client, plan: i64, map: &Value) {
    let steps = client.get(&format!("/api/versions/{plan}/steps")).await.is(200);
    let own = client.get(&format!("/api/versions/{plan}/map")).await.is(200);
    assert_eq!(steps["links"], own["links"]);
    assert!(own["links"].as_i64() <= map["links"].as_i64());
    let count = steps["count"].as_u64().unwrap();
    let people = steps["people"].as_array().unwrap();
    for moment in people {
        let sum: i64 =
            ["at_home", "on_the_way", "arrived"].iter().map(|key| moment[key].as_i64().unwrap()).sum();
        assert_eq!(sum, 3000, "{moment}");
    }
    assert_eq!(people.last().unwrap()["arrived"], 3000);
    let mut used = 0;
    for measure in ["flow", "room", "standing"] {
        for step in [0, count / 2, count - 1] {
            let answer = client.get(&format!("/api/versions/{plan}/steps/{measure}/{step}")).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.bytes.len() as u64, steps["links"].as_u64().unwrap());
            used += answer.bytes.iter().filter(|byte| **byte > 0).count();
        }
    }
    assert!(used > 0, "some road is used");
    // what enters the last roads of a plan is what its sites receive: a full byte is what the road lets in
    let flow = client.get(&format!("/api/versions/{plan}/steps/flow/{}", count / 2)).await;
    assert!(
        flow.bytes.iter().all(|byte| *byte <= 250),
        "nothing is closed, and nothing lets in more than it can"
    );
    client.get(&format!("/api/versions/{plan}/steps/flow/{count}")).await.is(404);
    client.get(&format!("/api/versions/{plan}/steps/heat/0")).await.is(404);
}

/// Who passes a bottleneck by hour is who passes it from all zones, and no more than it lets in.
async fn roads_agree(client: &Client, plan: i64, overview: &Value) {
    let bottlenecks = overview["bottlenecks"].as_array().unwrap();
    let road = bottlenecks.iter().find(|bottleneck| bottleneck["element"] == "link").unwrap();
    let row = road["row"].as_u64().unwrap();
    let link = client.get(&format!("/api/versions/{plan}/links/{row}")).await.is(200);
    assert_eq!(link["id"], road["id"]);
    assert_eq!(link["bottleneck_rank"], road["rank"]);
    let sum = |list: &Value| {
        list.as_array().unwrap().iter().map(|row| row["people"].as_i64().unwrap()).sum::<i64>()
    };
    assert!(sum(&link["by_hour"]) > 0);
    assert_eq!(sum(&link["by_hour"]), sum(&link["zones"]));
    for hour in link["by_hour"].as_array().unwrap() {
        // a packet counts whole in the hour in which its last person enters
        assert!(hour["people"].as_i64().unwrap() <= hour["most_people"].as_i64().unwrap() + 50, "{hour}");
    }
    let lanes = link["figures"].as_array().unwrap().iter().find(|figure| figure["field"] == "lanes").unwrap();
    assert_eq!(lanes["unit"], "lanes");
    let capacity = link["figures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|figure| figure["field"] == "capacity_pcu_h")
        .unwrap();
    // of a road without a signal the rule for signals is none, and nothing says so: all rules are there, none alone
    let rules = capacity["sources"].as_array().unwrap();
    assert!(
        rules.len() > 1 && rules.iter().all(|rule| !rule["source"].as_str().unwrap().is_empty()),
        "{capacity}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_scenario_is_planned_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 3000).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let before = client.done(project, json!({ "kind": "plan", "of": scenario, "name": "Both roads" })).await;
    let found = client.get(&format!("/api/versions/{scenario}/find?text=eastern")).await.is(200);
    let road = found.as_array().unwrap().iter().find(|place| place["kind"] == "road").unwrap();
    let row = road["row"].as_u64().unwrap();
    let link = client.get(&format!("/api/versions/{scenario}/links/{row}")).await.is(200);
    let close = json!({
        "name": "Eastern Road closed",
        "changes": [{ "what": { "change": "close_link", "link_id": link["id"], "both_directions": true }, "source": "road works" }]
    });
    let changed = client.post(&format!("/api/versions/{before}/what-if"), close).await.is(201);
    assert_eq!((&changed["kind"], &changed["parent"]), (&json!("scenario"), &json!(before)));
    let changed = changed["id"].as_i64().unwrap();
    let after = client.done(project, json!({ "kind": "plan", "of": changed, "name": "One road" })).await;
    let compared = client.get(&format!("/api/compare?plans={before},{after}")).await.is(200);
    let clearance =
        compared["measures"].as_array().unwrap().iter().find(|m| m["measure"] == "clearance_s.bound");
    let values = &clearance.unwrap()["values"];
    assert!(
        values[1].as_f64() > values[0].as_f64(),
        "with one road in place of two it takes longer: {values}"
    );
    let said = compared["differences"].to_string();
    assert!(said.contains("Eastern Road") && said.contains("closed"), "{said}");
    let scenarios = client.get(&format!("/api/compare?plans={scenario},{changed}")).await.is(200);
    assert_eq!(scenarios["measures"], json!([]), "scenarios have no figures of plans");
    assert!(scenarios["differences"].to_string().contains("is closed"), "{scenarios}");
    let roads = compared["roads"].as_array().unwrap();
    assert!(roads.iter().any(|road| road["name"] == "Western Road"), "more people go west");
    let closed = client.get(&format!("/api/versions/{changed}/links/{row}")).await.is(200);
    assert_eq!(closed["closures"][0]["cause"], "road works");

    // what makes no sense is a list of faults
    let wrong = json!({ "name": "x", "changes": [
        { "what": { "change": "close_link", "link_id": "no such" } },
        { "what": { "change": "road", "link_id": link["id"], "lanes": -1 } }
    ] });
    let faults = client.post(&format!("/api/versions/{before}/what-if"), wrong).await.is(422);
    assert_eq!(faults["faults"].as_array().unwrap().len(), 2, "{faults}");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_and_audit_come_out_of_a_plan() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 1000).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let plan = client.done(project, json!({ "kind": "plan", "of": scenario })).await;
    let needs = client.done(project, json!({ "kind": "needs", "of": plan })).await;
    assert!(file(&client, needs, "needs.json").await["totals"].is_array());
    let audit = client.done(project, json!({ "kind": "audit", "of": plan })).await;
    assert!(file(&client, audit, "audit.json").await.is_object());
    let bound = client.done(project, json!({ "kind": "bound", "of": scenario })).await;
    let overview = client.get(&format!("/api/versions/{bound}/overview")).await.is(200);
    assert_eq!(overview["has_orders"], false);
    assert_eq!(row(&overview, "clearance_s")["plan"], Value::Null);
    assert!(row(&overview, "clearance_s")["bound"]["value"].is_number());
    // of a bound nothing says who arrives: that is neither nobody nor never
    for zone in overview["zones"].as_array().unwrap() {
        for key in ["arrived", "not_arrived", "t90_s", "t100_s", "simulated_t90_s"] {
            assert_eq!(zone[key], Value::Null, "{key}: {zone}");
        }
    }
    let compared = client.get(&format!("/api/compare?plans={plan},{bound}")).await.is(200);
    for road in compared["roads"].as_array().unwrap() {
        assert_eq!(road["people"][1], Value::Null, "{road}");
    }
    let measures = compared["measures"].as_array().unwrap();
    let clearance = measures.iter().find(|one| one["measure"] == "clearance_s.plan").unwrap();
    assert!(clearance["values"][0].is_number() && clearance["values"][1].is_null(), "{clearance}");
    // a bound has no steps, and a scenario is not simulated
    client.get(&format!("/api/versions/{bound}/steps")).await.is(400);
    client
        .post(&format!("/api/projects/{project}/jobs"), json!({ "kind": "simulate", "of": scenario }))
        .await
        .is(400);
    let verify =
        client.post(&format!("/api/projects/{project}/jobs"), json!({ "kind": "verify", "of": plan })).await;
    let checked = client.over(verify.is(202)["id"].as_i64().unwrap()).await;
    assert_eq!(checked["state"], "done", "{checked}");
    assert!(checked["words"].as_str().unwrap().starts_with("holds"), "{checked}");
}
