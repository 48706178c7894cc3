//! Many readers at once while jobs run. `CLEARWAY_CITY_SIDE=137` makes it a city of 75,000 links; how long things take is printed and not
//! judged.

use crate::client::Client;
use clearway::{Artifacts, Disclosure, FolderKind};
use clearway_formats::scenario_text;
use clearway_instances::{CityRequest, city};
use clearway_serve::ServeSettings;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A synthetic city as an archive.
fn archive(side: u32) -> Vec<u8> {
    let scenario = city(&CityRequest { side, zones_side: 6, people: 60_000, ..CityRequest::default() });
    let files = scenario_text(&scenario).unwrap();
    Artifacts::new(FolderKind::Scenario, Disclosure::Full, files).zip().unwrap()
}

/// The tile at a zoom that holds a place.
fn tile_of(z: u32, lon: f64, lat: f64) -> (u32, u32) {
    let scale = f64::from(1_u32 << z);
    let sine = lat.to_radians().sin();
    let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * std::f64::consts::PI);
    (((lon / 360.0 + 0.5) * scale) as u32, (y * scale) as u32)
}

/// Times of all readers, ascending.
async fn read_by_many(client: &Arc<Client>, version: i64, bounds: [f64; 4], readers: u32) -> Vec<Duration> {
    let tasks = (0..readers).map(|reader| {
        let client = Arc::clone(client);
        tokio::spawn(async move {
            let mut times = Vec::new();
            for step in 0..10 {
                let z = 10 + (reader + step) % 5;
                let share = f64::from((reader * 7 + step * 13) % 100) / 100.0;
                let lon = bounds[0] + (bounds[2] - bounds[0]) * share;
                let lat = bounds[1] + (bounds[3] - bounds[1]) * (1.0 - share);
                let (x, y) = tile_of(z, lon, lat);
                let begun = Instant::now();
                let answer = client.get(&format!("/api/versions/{version}/tiles/{z}/{x}/{y}")).await;
                times.push(begun.elapsed());
                assert!(matches!(answer.status.as_u16(), 200 | 204), "{z}/{x}/{y}: {}", answer.status);
            }
            times
        })
    });
    let mut times = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        times.extend(task.await.unwrap());
    }
    times.sort();
    times
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_readers_are_answered_while_two_jobs_run() {
    let side = std::env::var("CLEARWAY_CITY_SIDE").ok().and_then(|side| side.parse().ok()).unwrap_or(40);
    let folder = tempfile::tempdir().unwrap();
    let settings = ServeSettings { workers: 2, threads: Some(1), ..ServeSettings::default() };
    let client = Arc::new(Client::with(folder.path(), settings));
    client.post("/api/projects", json!({ "name": "City" })).await.is(201);
    let given = client.give(1, "city.zip", &archive(side)).await;
    let unpacked = client.over(given["job"].as_i64().unwrap()).await;
    let scenario = unpacked["result"].as_i64().unwrap_or_else(|| panic!("{unpacked}"));
    let begun = Instant::now();
    let map = client.get(&format!("/api/versions/{scenario}/map")).await.is(200);
    println!("{} links; first look at the map: {:?}", map["links"], begun.elapsed());
    let bounds: Vec<f64> = map["bounds"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    let bounds: [f64; 4] = bounds.try_into().unwrap();
    let begun = Instant::now();
    let lines = client.get(&format!("/api/versions/{scenario}/lines")).await;
    println!("all lines: {} bytes in {:?}", lines.bytes.len(), begun.elapsed());

    let percent =
        |times: &[Duration], percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let alone = read_by_many(&client, scenario, bounds, 100).await;
    println!("tiles, first time: half {:?}, 99 % {:?}", percent(&alone, 50), percent(&alone, 99));
    let alone = read_by_many(&client, scenario, bounds, 100).await;
    println!("tiles again: half {:?}, 99 % {:?}", percent(&alone, 50), percent(&alone, 99));
    let order = json!({ "kind": "plan", "of": scenario, "request": { "effort": 100 } });
    let mut jobs = Vec::new();
    for _ in 0..2 {
        jobs.push(client.post("/api/projects/1/jobs", order.clone()).await.is(202)["id"].as_i64().unwrap());
    }
    for job in &jobs {
        while client.get(&format!("/api/jobs/{job}")).await.is(200)["state"] != "running" {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    let beside = read_by_many(&client, scenario, bounds, 100).await;
    println!("tiles while two jobs run: half {:?}, 99 % {:?}", percent(&beside, 50), percent(&beside, 99));
    for job in jobs {
        client.send(axum::http::Method::DELETE, &format!("/api/jobs/{job}"), None).await.is(200);
        assert_eq!(client.over(job).await["state"], "cancelled");
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    }
}
