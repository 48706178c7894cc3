//! What is kept: versions, review, comments, the record, projects as one file, and all of it when the process is killed.

use crate::answer::project;
use crate::client::Client;
use clearway::{Store, SubStore, ZipStore, verify};
use clearway_serve::ProjectStore;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_reviewed_by_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 500).await;
    let (ann, ben) = (client.named("Ann", None).await, client.named("Ben", None).await);
    let scenario = ann.done(project, json!({ "kind": "compose" })).await;
    let path = format!("/api/versions/{scenario}/review");
    ben.post(&path, json!({ "action": "accept" })).await.is(409);
    ann.post(&path, json!({ "action": "submit" })).await.is(200);
    ann.post(&path, json!({ "action": "submit" })).await.is(409);
    ann.post(&path, json!({ "action": "accept" })).await.is(403);
    ben.post(&path, json!({ "action": "return" })).await.is(400);
    let returned =
        ben.post(&path, json!({ "action": "return", "reason": "the bridge is closed" })).await.is(200);
    assert_eq!(returned["review"], "returned");
    let baseline = json!({ "baseline": true });
    let own = format!("/api/versions/{scenario}");
    ann.send(axum::http::Method::PATCH, &own, Some(&baseline)).await.is(409);
    ann.post(&path, json!({ "action": "submit" })).await.is(200);
    assert_eq!(ben.post(&path, json!({ "action": "accept" })).await.is(200)["review"], "accepted");
    assert_eq!(ann.send(axum::http::Method::PATCH, &own, Some(&baseline)).await.is(200)["baseline"], true);
    let comment = json!({ "pin": { "kind": "zone", "id": "Z1" }, "text": "a school is here" });
    let comments = format!("/api/versions/{scenario}/comments");
    let written = ben.post(&comments, comment).await.is(201);
    let answer = json!({ "pin": { "kind": "zone", "id": "Z1" }, "text": "seen", "answers": written["id"] });
    ann.post(&comments, answer).await.is(201);
    assert_eq!(ann.get(&comments).await.is(200).as_array().unwrap().len(), 2);

    let record = ann.get(&format!("/api/projects/{project}/record")).await.is(200);
    let said: Vec<String> = record
        .as_array()
        .unwrap()
        .iter()
        .map(|line| format!("{}: {}", line["by"].as_str().unwrap(), line["what"].as_str().unwrap()))
        .collect();
    for line in
        ["Ann: version submitted", "Ben: version returned", "Ben: version accepted", "Ben: comment written"]
    {
        assert!(said.contains(&line.to_owned()), "{line}: {said:?}");
    }
    assert_eq!(client.app.store.check_record().unwrap().broken_at, None);
}

#[test]
fn a_record_that_was_changed_shows() {
    let folder = tempfile::tempdir().unwrap();
    let store = ProjectStore::open(folder.path()).unwrap();
    for name in ["a", "b", "c"] {
        store.add_project("Ann", name, clearway_model::Context::Other).unwrap();
    }
    drop(store);
    let connection = rusqlite::Connection::open(folder.path().join("clearway.sqlite")).unwrap();
    let change = "UPDATE record SET made_by = 'Ben' WHERE number = 2";
    assert!(connection.execute(change, []).unwrap_err().to_string().contains("kept as they are"));
    assert!(connection.execute("DELETE FROM record", []).is_err());
    connection.execute_batch("DROP TRIGGER record_no_UPDATE").unwrap();
    connection.execute(change, []).unwrap();
    drop(connection);
    let check = ProjectStore::open(folder.path()).unwrap().check_record().unwrap();
    assert_eq!((check.lines, check.broken_at), (3, Some(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_goes_out_as_one_file_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    let project = project(&client, 500).await;
    let scenario = client.done(project, json!({ "kind": "compose" })).await;
    let plan = client.done(project, json!({ "kind": "plan", "of": scenario })).await;
    let comment = json!({ "pin": { "kind": "road", "id": "w300-1" }, "text": "narrow" });
    client.post(&format!("/api/versions/{plan}/comments"), comment).await.is(201);
    let out = client.get(&format!("/api/projects/{project}/export.zip")).await;
    let archive = ZipStore::new("out.zip", &out.bytes).unwrap();
    assert!(archive.names().unwrap().contains(&"project.json".to_owned()));
    let inside = SubStore::new(&archive, "versions/3");
    assert!(verify(&inside, None).unwrap().holds);

    let elsewhere = tempfile::tempdir().unwrap();
    let other = Client::new(elsewhere.path());
    let path = "/api/projects/import";
    let method = axum::http::Method::POST;
    let brought = other.raw(method.clone(), path, "application/zip", out.bytes.clone()).await.is(201);
    assert_eq!((&brought["name"], &brought["people"]), (&json!("Gridtown"), &json!(500)));
    let versions = other.get(&format!("/api/projects/{}/versions", brought["id"])).await.is(200);
    let same = versions.as_array().unwrap().iter().find(|version| version["kind"] == "plan").unwrap();
    let digest = client.get(&format!("/api/versions/{plan}")).await.is(200)["digest"].clone();
    assert_eq!(same["digest"], digest, "the same files, byte for byte");
    let comments = other.get(&format!("/api/versions/{}/comments", same["id"])).await.is(200);
    assert!(comments[0]["by"].as_str().unwrap().contains("brought by"), "{comments}");
    other.get(&format!("/api/versions/{}/overview", same["id"])).await.is(200);
    other.raw(method.clone(), path, "application/zip", b"nothing".to_vec()).await.is(400);

    // for other programs
    let gpkg = client.get(&format!("/api/versions/{plan}/export?format=gpkg")).await;
    assert!(gpkg.bytes.starts_with(b"SQLite format 3"), "{}", gpkg.status);
    let gmns = client.get(&format!("/api/versions/{plan}/export?format=gmns")).await;
    assert!(ZipStore::new("gmns.zip", &gmns.bytes).unwrap().names().unwrap().len() > 2);
    client.get(&format!("/api/versions/{plan}/export?format=doc")).await.is(400);
    client.get(&format!("/api/versions/{scenario}/export?format=gpkg")).await.is(400);

    // a plan by itself goes out and in as well
    let plan = client.get(&format!("/api/versions/{plan}/archive.zip")).await.bytes;
    let given = other.give(1, "plan.zip", &plan).await;
    let job = other.over(given["job"].as_i64().unwrap()).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(other.get(&format!("/api/versions/{}", job["result"])).await.is(200)["digest"], digest);
}

#[test]
fn one_process_at_a_time_has_a_folder_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = ProjectStore::open(folder.path()).unwrap();
    assert!(ProjectStore::open(folder.path()).is_err());
    drop(store);
    assert!(ProjectStore::open(folder.path()).is_ok());
}

/// Name of the variable by which the test program is told to write.
const WRITER: &str = "CLEARWAY_TEST_WRITER";

/// Not a test by itself: the process that is killed. It says each number once it was told that it is kept.
#[test]
fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(WRITER) else { return };
    let store = ProjectStore::open(Path::new(&folder)).unwrap();
    for number in 0.. {
        let blob =
            store.blobs().put(format!("{} {number}", std::process::id()).repeat(200).as_bytes()).unwrap();
        let project =
            store.add_project("writer", &format!("p{number}"), clearway_model::Context::Other).unwrap();
        let file = store.add_file("writer", project, "a.csv", &blob).unwrap();
        println!("kept {project} {} {}", file.id, file.digest);
    }
}

/// Writers are killed at any moment; whatever they were told is kept is there, whole, and the record has no gap.
#[test]
fn nothing_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept: Vec<(i64, i64, String)> = Vec::new();
    for round in 0..200_u64 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kept::writes_until_it_is_killed", "--nocapture"])
            .env(WRITER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // killed in the middle of some write, each time of another
        let reader = BufReader::new(writer.stdout.take().unwrap());
        let mut lines = reader.lines().map_while(Result::ok);
        for line in lines.by_ref() {
            if line.starts_with("kept ") {
                take_note(&line, &mut kept);
                break;
            }
        }
        std::thread::sleep(std::time::Duration::from_micros(700 * (round % 17)));
        writer.kill().unwrap();
        writer.wait().unwrap();
        for line in lines {
            take_note(&line, &mut kept);
        }
    }
    assert!(kept.len() >= 200, "{}", kept.len());
    let store = ProjectStore::open(folder.path()).unwrap();
    for (project, file, digest) in &kept {
        assert!(store.project(*project).is_ok(), "project {project}");
        let (of, found) = store.file(*file).unwrap();
        assert_eq!((of, &found.digest), (*project, digest));
        let bytes = store.blobs().read(digest).unwrap();
        assert_eq!(&store.blobs().put(&bytes).unwrap().digest, digest, "the file is whole");
    }
    let check = store.check_record().unwrap();
    assert_eq!(check.broken_at, None);
    assert!(check.lines >= 2 * i64::try_from(kept.len()).unwrap());
}

/// A line that came through whole.
fn take_note(line: &str, kept: &mut Vec<(i64, i64, String)>) {
    let mut words = line.split_whitespace();
    if words.next() != Some("kept") {
        return;
    }
    let (Some(project), Some(file), Some(digest)) = (words.next(), words.next(), words.next()) else {
        return;
    };
    if digest.len() == "sha256:".len() + 64 {
        kept.push((project.parse().unwrap(), file.parse().unwrap(), digest.to_owned()));
    }
}
