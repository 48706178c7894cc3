//! Places of the road map are proposed as a file of the project, and become destinations once somebody accepts them.

use crate::answer::project;
use crate::client::Client;
use crate::town;
use axum::http::Method;
use serde_json::{Value, json};

/// The town with a sports hall of about 100 m x 100 m east of its area, and a stop sign.
fn with_hall() -> String {
    let [west, south] = town::SOUTH_WEST;
    let (west, south) = (west + 0.03, south + 0.002);
    let corners = [(0.0, 0.0), (0.0014, 0.0), (0.0014, 0.0009), (0.0, 0.0009)];
    let nodes: String = corners
        .iter()
        .zip(5001..)
        .map(|((east, north), id)| {
            format!("<node id=\"{id}\" lat=\"{:.6}\" lon=\"{:.6}\"/>\n", south + north, west + east)
        })
        .collect();
    let way = "<way id=\"9001\"><nd ref=\"5001\"/><nd ref=\"5002\"/><nd ref=\"5003\"/><nd ref=\"5004\"/><nd ref=\"5001\"/>\
               <tag k=\"leisure\" v=\"sports_hall\"/><tag k=\"name\" v=\"Hall\"/></way>\n";
    town::osm().replace("</osm>", &format!("{nodes}{way}</osm>"))
}

async fn order(client: &Client, project: i64, order: Value) -> Value {
    let job = client.post(&format!("/api/projects/{project}/jobs"), order).await.is(202);
    client.over(job["id"].as_i64().unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn places_of_the_map_are_proposed_and_count_once_they_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 3000).await;
    let none = order(&client, project, json!({ "kind": "propose_sites" })).await;
    assert_eq!(none["state"], "failed", "a town without such a place: {none}");
    let given = client.give(project, "hall.osm", with_hall().as_bytes()).await;
    client.over(given["job"].as_i64().unwrap()).await;
    let near = order(&client, project, json!({ "kind": "propose_sites", "within_m": 10.0 })).await;
    assert_eq!(near["state"], "failed", "{near}");
    let done = order(&client, project, json!({ "kind": "propose_sites", "within_m": 20000.0 })).await;
    assert_eq!((&done["state"], &done["result"]), (&json!("done"), &Value::Null), "{done}");

    let files = client.get(&format!("/api/projects/{project}/files")).await.is(200);
    let newest = &files[0];
    assert_eq!(newest["name"], "proposed sites.csv");
    let table = client.get(&format!("/api/files/{}", newest["id"])).await;
    let text = String::from_utf8(table.bytes).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("w9001") && text.contains(",Hall,"), "{text}");
    // hazards of a file are told as those that are drawn are, fires with the footprint of a detection
    let [west, south] = town::SOUTH_WEST;
    let (west, south) = (west + 0.02, south - 0.01);
    let outline = json!({ "type": "Polygon", "coordinates": [[[west, south], [west + 0.03, south], [west + 0.03, south + 0.03], [west, south + 0.03], [west, south]]] });
    let fire = |east: f64| {
        let [lon, lat] = [town::SOUTH_WEST[0] + east, town::SOUTH_WEST[1] + 0.0025];
        format!(
            "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence\n{lat},{lon},330,0.4,0.4,2026-06-01,0600,N,nominal\n"
        )
    };
    let mut base = 1;
    for (name, bytes, in_hazard) in [
        ("flood.geojson", outline.to_string(), true),
        ("fires.csv", fire(0.0305), true),
        ("far.csv", fire(0.2), false),
    ] {
        let file = client.give(project, name, bytes.as_bytes()).await;
        let path = format!("/api/projects/{project}/draft");
        let mut draft = client.get(&path).await.is(200)["draft"].clone();
        draft["hazards_file"] = file["file"]["id"].clone();
        let body = json!({ "base": base, "note": "hazards", "draft": draft });
        client.send(Method::PUT, &path, Some(&body)).await.is(200);
        base += 1;
        let done = order(&client, project, json!({ "kind": "propose_sites" })).await;
        assert_eq!(done["state"], "done", "{done}");
        let files = client.get(&format!("/api/projects/{project}/files")).await.is(200);
        let table = client.get(&format!("/api/files/{}", files[0]["id"])).await;
        let mut rows = csv::Reader::from_reader(table.bytes.as_slice());
        let row: std::collections::BTreeMap<String, String> = rows.deserialize().next().unwrap().unwrap();
        assert_eq!(row["in_hazard"] == "yes", in_hazard, "{row:?}");
    }
    // a table in which nothing is accepted is refused, one with the hall has it as its only destination
    let draft = async |sites: &Value, base: i64| {
        let path = format!("/api/projects/{project}/draft");
        let mut draft = client.get(&path).await.is(200)["draft"].clone();
        (draft["sites_file"], draft["junctions"]) = (sites.clone(), json!(true));
        draft["hazards_file"] = Value::Null;
        let body = json!({ "base": base, "note": "sites", "draft": draft });
        client.send(Method::PUT, &path, Some(&body)).await.is(200);
    };
    draft(&newest["id"], base).await;
    assert_eq!(order(&client, project, json!({ "kind": "compose" })).await["state"], "failed");
    let accepted = text.replacen("\nno,", "\nyes,", 1);
    assert_ne!(accepted, text);
    let file = client.give(project, "accepted.csv", accepted.as_bytes()).await;
    draft(&file["file"]["id"], base + 1).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let sites = client.get(&format!("/api/versions/{scenario}/files/sites.csv")).await;
    let sites = String::from_utf8(sites.bytes).unwrap();
    assert!(sites.contains("Hall") && sites.lines().count() == 2, "{sites}");
    let said = client.get(&format!("/api/versions/{scenario}")).await.is(200);
    assert!(
        said["words"].as_str().unwrap().contains("junctions"),
        "what the map says of junctions was asked for: {said}"
    );
}
