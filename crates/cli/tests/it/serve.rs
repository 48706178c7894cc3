//! `clearway serve`, as a process.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

fn clearway() -> Command {
    Command::new(env!("CARGO_BIN_EXE_clearway"))
}

/// A server that is ended with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn new(folder: &Path, options: &[&str]) -> Self {
        let mut child = clearway()
            .args(["serve", "--port", "0"])
            .args(options)
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let address = lines
            .filter_map(|line| Some(line.split_once("http://")?.1.trim_end_matches('/').to_owned()))
            .next()
            .unwrap();
        Self { child, address }
    }

    /// The status and the body of an answer.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split_whitespace().nth(1).unwrap().parse().unwrap();
        (status, answer[end + 4..].to_vec())
    }

    fn json(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, "");
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_description_is_printed() {
    let printed = clearway().args(["serve", "--openapi"]).output().unwrap();
    assert!(printed.status.success());
    let kept = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json")).unwrap();
    assert!(printed.stdout == kept, "web/openapi.json is not what the program prints");
}

#[test]
fn other_addresses_need_a_proxy_and_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let ended = |options: &[&str]| {
        let output =
            clearway().args(["serve", "--port", "0"]).args(options).arg(folder.path()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for options in [vec!["--address", "0.0.0.0"], vec!["--behind-proxy", "plans.example"]] {
        let (code, said) = ended(&options);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("--behind-proxy") && said.contains("--add-admin"), "{said}");
    }
    let mut adding = clearway()
        .args(["serve", "--add-admin", "Ada"])
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    adding.stdin.take().unwrap().write_all(b"a password of Ada\n").unwrap();
    assert!(adding.wait().unwrap().success());
    let server = Server::new(folder.path(), &[]);
    assert_eq!(server.ask("GET", "/api/projects", "").0, 401);
    // another server does not get the folder
    assert_eq!(ended(&[]).0, Some(2));
}

#[test]
fn the_demo_is_planned_simulated_and_its_export_verified() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(folder.path(), &["--demo"]);
    let project = &server.json("/api/projects")[0];
    assert_eq!(project["name"], "Helsinki");
    let versions = loop {
        let versions = server.json(&format!("/api/projects/{}/versions", project["id"]));
        let has = |kind: &str| versions.as_array().unwrap().iter().any(|version| version["kind"] == kind);
        if ["plan", "simulation", "needs", "audit"].into_iter().all(has) {
            break versions;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    let plan = versions.as_array().unwrap().iter().find(|version| version["kind"] == "plan").unwrap();
    let overview = server.json(&format!("/api/versions/{}/overview", plan["id"]));
    let row =
        overview["rows"].as_array().unwrap().iter().find(|row| row["measure"] == "clearance_s").unwrap();
    // as the README says: 2 h 47 min 10 s by the plan, rounded up, and 2 h 15 min 21 s by the bound, rounded down
    assert_eq!(row["plan"]["value"].as_f64().unwrap().ceil(), 10_030.0, "{row}");
    assert_eq!(row["bound"]["value"].as_f64().unwrap().floor(), 8_121.0, "{row}");
    let (status, page) = server.ask("GET", "/", "");
    assert_eq!(status, 200);
    assert!(page.starts_with(b"<!doctype html>"), "{}", String::from_utf8_lossy(&page));
    let (_, archive) = server.ask("GET", &format!("/api/projects/{}/export.zip", project["id"]), "");
    let path = folder.path().join("project.zip");
    std::fs::write(&path, &archive).unwrap();
    let verified = clearway().arg("verify").arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success() && said.contains("holds"), "{said}");
    let made = server.ask("POST", "/api/projects", &json!({ "name": "Mine" }).to_string());
    assert_eq!(made.0, 201);
}
