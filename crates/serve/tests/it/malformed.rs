//! Ten thousand requests that make little sense: each is answered, none with an error of the program, and everything goes on afterwards.

use crate::answer::project;
use crate::client::Client;
use axum::http::Method;
use clearway_serve::ServeSettings;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};

/// How many requests.
const REQUESTS: usize = 10_000;

struct Draw(ChaCha8Rng);

impl Draw {
    fn below(&mut self, most: usize) -> usize {
        (self.0.next_u64() % most as u64) as usize
    }

    fn of<'v, T>(&mut self, list: &'v [T]) -> &'v T {
        &list[self.below(list.len())]
    }

    /// A part of an address.
    fn part(&mut self) -> String {
        let odd = [
            "1",
            "2",
            "3",
            "0",
            "-1",
            "99",
            "9223372036854775807",
            "9223372036854775808",
            "1e3",
            "NaN",
            "%00",
            "..%2f..%2f",
            "%F0%9F%92%A5",
            "flow",
            "room",
            "a".repeat(2000).as_str(),
            "null",
            "'",
            "1;DROP TABLE projects",
            "node.csv",
        ]
        .map(str::to_owned);
        self.of(&odd).clone()
    }

    /// JSON of any kind, with the words of the interface in it.
    fn value(&mut self, depth: usize) -> Value {
        let words = [
            "kind",
            "plan",
            "of",
            "request",
            "name",
            "base",
            "draft",
            "features",
            "changes",
            "what",
            "change",
            "close_link",
            "link_id",
            "w300-1",
            "pin",
            "zone",
            "text",
            "action",
            "submit",
            "accept",
            "people",
            "role",
            "area",
            "",
            "\u{0}",
            "\u{202e}x",
            "lanes",
            "road",
            "project",
            "admin",
            "password",
            "type",
            "Feature",
        ];
        match self.below(if depth > 3 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(5)),
            3 => json!([-1.5, 1e300, -9e18, 0.1][self.below(4)]),
            4 | 5 => json!(*self.of(&words)),
            6 => (0..self.below(4)).map(|_| self.value(depth + 1)).collect(),
            _ => {
                let pairs =
                    (0..self.below(5)).map(|_| ((*self.of(&words)).to_owned(), self.value(depth + 1)));
                Value::Object(pairs.collect())
            }
        }
    }

    /// A body that is nearly right, or anything.
    fn body(&mut self) -> Vec<u8> {
        let right = [
            json!({ "name": "x", "context": "other" }),
            json!({ "base": 1, "draft": { "people": 5, "features": { "type": "FeatureCollection", "features": [] } } }),
            json!({ "kind": "bound", "of": 2, "request": { "routes_per_zone": 1 } }),
            json!({ "kind": "compose", "revision": 1 }),
            json!({ "name": "w", "changes": [{ "what": { "change": "road", "link_id": "w300-1", "lanes": 2 } }] }),
            json!({ "name": "w", "changes": [{ "what": { "change": "open_site", "site_id": "N", "lon": 10.0, "lat": 50.0 } }] }),
            json!({ "pin": { "kind": "zone", "id": "Z1" }, "text": "t" }),
            json!({ "action": "submit" }),
            json!({ "name": "a" }),
        ];
        let mut bytes = match self.below(3) {
            0 => self.value(0).to_string().into_bytes(),
            1 => {
                let mut value = self.of(&right).clone();
                let keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
                let key = self.of(&keys).clone();
                value[key] = self.value(1);
                value.to_string().into_bytes()
            }
            _ => self.of(&right).to_string().into_bytes(),
        };
        if self.below(4) == 0 && !bytes.is_empty() {
            let at = self.below(bytes.len());
            match self.below(3) {
                0 => bytes.truncate(at),
                1 => bytes[at] = self.below(256) as u8,
                _ => bytes.insert(at, b'{'),
            }
        }
        bytes
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    // it has to be asked more often than anybody may
    let settings = ServeSettings {
        threads: Some(2),
        most_files_a_minute: u32::MAX,
        most_jobs_a_minute: u32::MAX,
        ..ServeSettings::default()
    };
    let client = Client::with(folder.path(), settings);
    let project = project(&client, 300).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let plan = client.done(project, json!({ "kind": "plan", "of": scenario })).await;
    let described = clearway_serve::description().unwrap();
    let mut routes: Vec<(Method, String)> = Vec::new();
    for (path, item) in described["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            // who makes an account has to sign in from then on
            let is_left_out = path == "/api/accounts" || path == "/api/jobs/{job}/events";
            if item.get(method).is_some() && !is_left_out {
                routes.push((method.to_uppercase().parse().unwrap(), path.clone()));
            }
        }
    }
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(7));
    let mut seen = std::collections::BTreeMap::new();
    for number in 0..REQUESTS {
        let (method, route) = draw.of(&routes).clone();
        let mut path = String::new();
        for part in route.split('/').skip(1) {
            path.push('/');
            let given = if part.starts_with('{') { draw.part() } else { part.to_owned() };
            path.push_str(&given);
        }
        if draw.below(3) == 0 {
            let (key, value) = (*draw.of(&["name", "text", "plans", "revision", "digest", "%"]), draw.part());
            path.push_str(&format!("?{key}={value},{}", draw.below(9)));
        }
        let kind =
            *draw.of(&["application/json", "application/json", "application/octet-stream", "text/plain", ""]);
        let body = draw.body();
        let Ok(uri) = path.parse::<axum::http::Uri>() else { continue };
        let answer = client.raw(method.clone(), &uri.to_string(), kind, body.clone()).await;
        let status = answer.status.as_u16();
        *seen.entry(status).or_insert(0) += 1;
        let said = || format!("{number}: {method} {path} {:?}", String::from_utf8_lossy(&body));
        assert!(status < 500, "{status} {}: {}", said(), String::from_utf8_lossy(&answer.bytes));
        if status >= 400 && status != 405 {
            assert!(answer.json()["message"].is_string(), "{status} {}", said());
        }
        // what was ordered by chance would take the time of the others
        if number % 200 == 0 {
            for job in client.get(&format!("/api/projects/{project}/jobs")).await.is(200).as_array().unwrap()
            {
                if matches!(job["state"].as_str(), Some("queued" | "running")) {
                    client.send(Method::DELETE, &format!("/api/jobs/{}", job["id"]), None).await;
                }
            }
        }
    }
    println!("{seen:?}");
    assert!(seen.len() > 4, "{seen:?}");
    client.get(&format!("/api/versions/{plan}/overview")).await.is(200);
    assert_eq!(client.app.store.check_record().unwrap().broken_at, None);
}
