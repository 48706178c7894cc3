//! Who may do what, and from where.

use crate::client::Client;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use clearway_serve::{AccountOrder, Role, ServeSettings};
use serde_json::{Value, json};

fn account(name: &str, role: Role) -> AccountOrder {
    let password = Some(format!("{name} has a long password"));
    AccountOrder { name: name.to_owned(), role, password, active: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_tells_browsers_to_load_from_here_alone() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    for path in ["/", "/some/place", "/api/projects", "/api/nothing", "/api/versions/7/files/../../x"] {
        let answer = client.get(path).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{path}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
    }
    assert!(client.get("/").await.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    client.get("/api/nothing").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_names_and_other_pages_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let ask = |host: &str, origin: Option<&str>| {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri("/api/projects")
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        client.request(request.body(Body::from(r#"{"name":"x"}"#)).unwrap())
    };
    assert_eq!(ask("localhost:8080", None).await.status, StatusCode::CREATED);
    assert_eq!(ask("127.0.0.1:8080", Some("http://127.0.0.1:8080")).await.status, StatusCode::CREATED);
    assert_eq!(ask("rebound.example:8080", None).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask("localhost:8080", Some("http://evil.example")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask("localhost:8080", Some("null")).await.status, StatusCode::FORBIDDEN);
    // a form of another page cannot send JSON, and what is no JSON is not read
    let form = client.raw(Method::POST, "/api/projects", "text/plain", br#"{"name":"x"}"#.to_vec()).await;
    assert_eq!(form.status, StatusCode::BAD_REQUEST);
    // nor is a list without names
    let list = client.raw(Method::POST, "/api/projects", "application/json", br#"["x"]"#.to_vec()).await;
    assert_eq!(list.status, StatusCode::BAD_REQUEST);
    assert_eq!(client.get("/api/projects").await.is(200).as_array().unwrap().len(), 2);
}

/// What each role may do: method, address, body, the least role. Ids are those that [`prepared`] makes.
fn rights() -> Vec<(Method, &'static str, Option<Value>, Role)> {
    use Role::{Admin, Planner, Reviewer, Viewer};
    let (get, post, put, patch) = (Method::GET, Method::POST, Method::PUT, Method::PATCH);
    vec![
        (get.clone(), "/api/session", None, Viewer),
        (get.clone(), "/api/projects", None, Viewer),
        (get.clone(), "/api/projects/1", None, Viewer),
        (get.clone(), "/api/projects/1/versions", None, Viewer),
        (post.clone(), "/api/projects", Some(json!({ "name": "n" })), Planner),
        (patch.clone(), "/api/projects/1", Some(json!({ "name": "n" })), Planner),
        (get.clone(), "/api/projects/1/files", None, Planner),
        (get.clone(), "/api/files/1", None, Planner),
        (get.clone(), "/api/files/1/shapes?role=area", None, Planner),
        (get.clone(), "/api/projects/1/draft", None, Planner),
        (get.clone(), "/api/projects/1/draft/revisions", None, Planner),
        (put, "/api/projects/1/draft", Some(json!({ "base": 99, "draft": {} })), Planner),
        (get.clone(), "/api/projects/1/jobs", None, Planner),
        (post.clone(), "/api/projects/1/jobs", Some(json!({ "kind": "plan", "of": 99 })), Planner),
        (get.clone(), "/api/jobs/1", None, Planner),
        (Method::DELETE, "/api/jobs/1", None, Planner),
        (get.clone(), "/api/jobs/1/events", None, Planner),
        (get.clone(), "/api/jobs/1/order", None, Planner),
        (
            post.clone(),
            "/api/projects/1/jobs",
            Some(json!({ "kind": "replan", "of": 99, "request": { "at_ms": 0 } })),
            Planner,
        ),
        (post.clone(), "/api/versions/1/review", Some(json!({ "action": "discard" })), Planner),
        (get.clone(), "/api/projects/1/record", None, Planner),
        (get.clone(), "/api/projects/1/export.zip", None, Planner),
        (post.clone(), "/api/projects/import", Some(json!({})), Planner),
        (get.clone(), "/api/versions/1", None, Viewer),
        (patch, "/api/versions/1", Some(json!({ "note": "n" })), Planner),
        (get.clone(), "/api/versions/1/files", None, Viewer),
        (get.clone(), "/api/versions/1/files/node.csv", None, Viewer),
        (get.clone(), "/api/versions/1/archive.zip", None, Viewer),
        (get.clone(), "/api/versions/1/export?format=gpkg", None, Viewer),
        (get.clone(), "/api/versions/1/export?format=gpkg&full=true", None, Planner),
        (get.clone(), "/api/versions/1/map", None, Viewer),
        (get.clone(), "/api/versions/1/tiles/10/500/300", None, Viewer),
        (get.clone(), "/api/versions/1/lines", None, Viewer),
        (get.clone(), "/api/versions/1/shapes", None, Viewer),
        (get.clone(), "/api/versions/1/find?text=a", None, Viewer),
        (get.clone(), "/api/versions/1/overview", None, Viewer),
        (get.clone(), "/api/versions/1/replanned", None, Viewer),
        (post.clone(), "/api/versions/1/counts", Some(json!({})), Planner),
        (get.clone(), "/api/versions/1/links/0", None, Viewer),
        (get.clone(), "/api/versions/1/curve", None, Viewer),
        (get.clone(), "/api/versions/1/steps", None, Viewer),
        (get.clone(), "/api/versions/1/steps/flow/0", None, Viewer),
        (get.clone(), "/api/compare?plans=1,1", None, Viewer),
        (get.clone(), "/api/versions/1/comments", None, Viewer),
        (
            post.clone(),
            "/api/versions/1/comments",
            Some(json!({ "pin": { "kind": "version" }, "text": "t" })),
            Planner,
        ),
        (post.clone(), "/api/versions/1/what-if", Some(json!({ "name": "n", "changes": [] })), Planner),
        (post.clone(), "/api/versions/1/review", Some(json!({ "action": "submit" })), Planner),
        (
            post.clone(),
            "/api/versions/1/review",
            Some(json!({ "action": "return", "reason": "r" })),
            Reviewer,
        ),
        (get, "/api/accounts", None, Admin),
        (post, "/api/accounts", Some(json!({ "name": "x", "role": "viewer" })), Admin),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_is_held_to_its_rights_on_every_route() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = client.post("/api/projects", json!({ "name": "p" })).await.is(201);
    assert_eq!(project["id"], 1);
    let given = client.give(1, "town.osm", crate::town::osm().as_bytes()).await;
    client.over(given["job"].as_i64().unwrap()).await;
    let roles = [Role::Viewer, Role::Planner, Role::Reviewer, Role::Admin];
    client.app.store.put_account("test", &account("Ada", Role::Admin)).unwrap();
    for (name, role) in ["Vi", "Pat", "Rob"].iter().zip(roles) {
        client.app.store.put_account("test", &account(name, role)).unwrap();
    }
    let described = clearway_serve::description().unwrap();
    let mut paths: Vec<String> = described["paths"].as_object().unwrap().keys().cloned().collect();
    for (method, path, body, least) in rights() {
        // without an account nothing but the way in is open
        let nobody = client.send(method.clone(), path, body.as_ref()).await;
        let expected = if path == "/api/session" { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(nobody.status, expected, "nobody: {method} {path}");
        paths.retain(|known| !fits(known, path.split('?').next().unwrap()));
        for (name, role) in ["Vi", "Pat", "Rob", "Ada"].iter().zip(roles) {
            let somebody = client.named(name, Some(&format!("{name} has a long password"))).await;
            let answer = somebody.send(method.clone(), path, body.as_ref()).await;
            let is_refused =
                answer.status == StatusCode::FORBIDDEN || answer.status == StatusCode::UNAUTHORIZED;
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            assert_eq!(is_refused, role < least, "{name}: {method} {path}: {} {text}", answer.status);
            assert!(!answer.status.is_server_error(), "{name}: {method} {path}: {text}");
        }
    }
    paths.retain(|path| path != "/api/projects/{project}/files");
    assert!(paths.is_empty(), "routes that the table leaves out: {paths:?}");
}

/// Whether an address is one of a route.
fn fits(route: &str, path: &str) -> bool {
    let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    route.len() == path.len() && route.iter().zip(&path).all(|(a, b)| a.starts_with('{') || a == b)
}

#[tokio::test(flavor = "multi_thread")]
async fn viewers_see_nothing_exact_of_an_armed_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    client.post("/api/projects", json!({ "name": "p", "context": "armed_conflict" })).await.is(201);
    let given = client.give(1, "town.osm", crate::town::osm().as_bytes()).await;
    client.over(given["job"].as_i64().unwrap()).await;
    client.app.store.put_account("test", &account("Ada", Role::Admin)).unwrap();
    client.app.store.put_account("test", &account("Vi", Role::Viewer)).unwrap();
    let viewer = client.named("Vi", Some("Vi has a long password")).await;
    assert_eq!(viewer.get("/api/projects/1/versions").await.is(200), json!([]));
    for (method, path, _, least) in rights() {
        if method == Method::GET && least == Role::Viewer && path.contains("versions/1") {
            let answer = viewer.get(path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    // a redacted version is for viewers, but not the exact one behind it, which maps and figures are made of
    let database = rusqlite::Connection::open(folder.path().join("clearway.sqlite")).unwrap();
    database
        .execute(
            "INSERT INTO versions (project, kind, parent, name, note, digest, disclosure, baseline, made_by, made_at, review, words, submitted_by, bounds)
             SELECT project, 'needs', id, 'needs', '', digest, 'redacted', 0, made_by, made_at, review, '', '', '' FROM versions WHERE id = 1",
            [],
        )
        .unwrap();
    let id = database.last_insert_rowid();
    drop(database);
    assert_eq!(viewer.get("/api/projects/1/versions").await.is(200)[0]["id"], id);
    viewer.get(&format!("/api/versions/{id}")).await.is(200);
    let made_of_more = [
        "map",
        "lines",
        "shapes",
        "find?text=a",
        "tiles/0/0/0",
        "overview",
        "curve",
        "steps",
        "links/0",
        "replanned",
    ];
    for what in made_of_more {
        let answer = viewer.get(&format!("/api/versions/{id}/{what}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
    }
    let project = viewer.get("/api/projects/1").await.is(200);
    assert_eq!([&project["bounds"], &project["people"], &project["roads"]], [&Value::Null; 3]);
    assert_eq!(project["newest"].as_array().unwrap().len(), 1, "{project}");
    assert_eq!(viewer.get("/api/projects").await.is(200)[0], project);
    let admin = client.named("Ada", Some("Ada has a long password")).await;
    admin.get("/api/versions/1/map").await.is(200);
    admin.get(&format!("/api/versions/{id}/map")).await.is(200);
    assert!(admin.get("/api/projects/1").await.is(200)["bounds"].is_array());
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_checked_and_guessing_ends() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    // before there are accounts a name is what somebody says
    assert_eq!(client.named("Pat", None).await.get("/api/session").await.is(200)["role"], "admin");
    let short = json!({ "name": "Ada", "role": "admin", "password": "short" });
    client.post("/api/accounts", short).await.is(400);
    let viewer_first = json!({ "name": "Vi", "role": "viewer", "password": "a long password" });
    client.post("/api/accounts", viewer_first).await.is(409);
    client.app.store.put_account("test", &account("Ada", Role::Admin)).unwrap();
    client.get("/api/projects").await.is(401);
    let wrong = json!({ "name": "Ada", "password": "not the password" });
    // ten tries in a minute, which may begin in between
    let mut tries = 0;
    while client.post("/api/session", wrong.clone()).await.status != StatusCode::TOO_MANY_REQUESTS {
        tries += 1;
        assert!(tries < 200, "guessing goes on");
    }
    assert!(tries >= 10, "{tries}");
    // somebody else is not kept out by it
    client.app.store.put_account("test", &account("Grace", Role::Viewer)).unwrap();
    let right = json!({ "name": "Grace", "password": "Grace has a long password" });
    client.post("/api/session", right).await.is(200);
    let record = std::fs::read(folder.path().join("clearway.sqlite")).unwrap();
    let wal = std::fs::read(folder.path().join("clearway.sqlite-wal")).unwrap_or_default();
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    for bytes in [record, wal] {
        assert!(!has(&bytes, "Ada has a long password"), "passwords are not kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_jobs_come_no_faster_than_they_may() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        ServeSettings { most_files_a_minute: 3, most_jobs_a_minute: 4, ..ServeSettings::default() };
    let client = Client::with(folder.path(), settings);
    client.post("/api/projects", json!({ "name": "p" })).await.is(201);
    for (path, body, most) in [
        ("/api/projects/1/files?name=a.csv", json!("x"), 3),
        ("/api/projects/1/jobs", json!({ "kind": "plan", "of": 99 }), 4),
    ] {
        // a minute may begin in between
        let mut before = 0;
        let refused = loop {
            let answer = client.post(path, body.clone()).await;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                break answer;
            }
            before += 1;
            assert!(before <= 2 * most, "{path}");
        };
        assert!(before >= most, "{path}: {before}");
        assert_eq!(refused.headers[header::RETRY_AFTER], "60");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let client =
        Client::with(folder.path(), ServeSettings { most_file_bytes: 1000, ..ServeSettings::default() });
    client.post("/api/projects", json!({ "name": "p" })).await.is(201);
    let path = "/api/projects/1/files?name=a.csv";
    let kind = "application/octet-stream";
    client.raw(Method::POST, path, kind, vec![b'x'; 1000]).await.is(201);
    client.raw(Method::POST, path, kind, vec![b'x'; 1001]).await.is(413);
    assert_eq!(client.get("/api/projects/1/files").await.is(200).as_array().unwrap().len(), 1);
    let long = json!({ "name": "x".repeat(20 << 20) });
    client.post("/api/projects", long).await.is(413);
    for name in ["", " ", "a\u{0}b"] {
        client.post("/api/projects", json!({ "name": name })).await.is(400);
    }
    // nothing that was refused is left on the disk
    assert_eq!(std::fs::read_dir(folder.path().join("files/incoming")).unwrap().count(), 0);
}
