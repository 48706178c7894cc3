//! Runs that are killed while they write, and disks that are full: what was there before is whole, or what is new is.

#![cfg(unix)]

use crate::common::{assert_holds, clearway_in, copy, example, tree};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Digests of the files that a folder's manifest names, and whether they are those of the files.
fn is_whole(dir: &Path) -> bool {
    clearway_artifacts::Manifest::read(dir).is_some_and(|manifest| manifest.changed(dir).is_empty())
}

fn child(dir: &Path, args: &[&str]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_clearway"))
        .args(args)
        .current_dir(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn hidden(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(".clearway-")).collect()
}

/// Starts a command again and again and kills it at moments spread over the time that it takes; after each the folder `out` must be
/// whole, with the file of somebody else that is in it.
fn kill_at_many_moments(dir: &Path, args: &[&str], out: &str, kills: u32) {
    let begun = Instant::now();
    assert!(child(dir, args).wait().unwrap().code().is_some_and(|code| code < 2), "{args:?}");
    let takes = begun.elapsed();
    let own = dir.join(out).join("own/notes.txt");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, "mine").unwrap();
    let again = [args, &["--replace"]].concat();
    for n in 0..kills {
        let mut running = child(dir, &again);
        // most of them late, when folders are written
        let share = 1.0 - f64::from(n * n) / f64::from(kills * kills);
        std::thread::sleep(Duration::from_secs_f64(takes.as_secs_f64() * (0.2 + 0.85 * share)));
        running.kill().unwrap();
        running.wait().unwrap();
        assert!(is_whole(&dir.join(out)), "{args:?} after kill {n}");
        assert_eq!(fs::read(&own).unwrap(), b"mine", "{args:?} after kill {n}");
    }
    // the next run clears up what is left of them
    assert!(child(dir, &again).wait().unwrap().code().is_some_and(|code| code < 2));
    assert!(is_whole(&dir.join(out)));
    assert_eq!(fs::read(&own).unwrap(), b"mine");
    assert_eq!(hidden(dir), Vec::<String>::new());
}

#[test]
fn a_killed_run_leaves_the_old_folder_or_the_new_one() {
    let dir = tempfile::tempdir().unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    kill_at_many_moments(dir.path(), &["plan", "road", "--out", "plan"], "plan", 12);
    assert_holds(dir.path(), "plan");
    kill_at_many_moments(dir.path(), &["needs", "plan", "--out", "needs"], "needs", 6);
    kill_at_many_moments(dir.path(), &["audit", "plan", "--out", "audit", "--full"], "audit", 6);
    kill_at_many_moments(dir.path(), &["groups", "road", "--out", "groups", "--walk", "0.1"], "groups", 8);
}

/// Runs a command in a shell that may write no file longer than `blocks` of 512 bytes; as on a full disk, writing fails.
fn with_little_room(dir: &Path, blocks: u32, command: &str) -> (Option<i32>, String) {
    let binary = env!("CARGO_BIN_EXE_clearway");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{binary}' {command}");
    let output = Command::new("sh").args(["-c", &script]).current_dir(dir).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_full_disk_leaves_what_was_there_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    let map = |from: u32| {
        let mut text = "<osm version=\"0.6\">".to_owned();
        for n in 0..200 {
            text.push_str(&format!("<node id=\"{n}\" lat=\"0\" lon=\"{}\"/>", f64::from(n) / 1000.0));
        }
        for n in 1..200u32 {
            let (a, b) = (n - 1, n);
            text.push_str(&format!(
                "<way id=\"{}\"><nd ref=\"{a}\"/><nd ref=\"{b}\"/><tag k=\"highway\" v=\"secondary\"/><tag k=\"name\" v=\"Road {}\"/></way>",
                from + n,
                from + n
            ));
        }
        text + "</osm>"
    };
    fs::write(dir.path().join("a.osm"), map(1000)).unwrap();
    fs::write(dir.path().join("b.osm"), map(2000)).unwrap();
    clearway_in(dir.path(), &["import", "a.osm", "--out", "map"]).code(0);
    clearway_in(dir.path(), &["plan", "road", "--out", "plan"]).code(0);
    clearway_in(dir.path(), &["schema", "--out", "schemas"]).code(0);
    let before: BTreeMap<String, Vec<u8>> = tree(dir.path());
    for command in [
        "import b.osm --out map --replace",
        "import b.osm --out new-map",
        "plan road --out plan --replace --window 1h",
        "plan road --out new-plan",
        "schema --out schemas",
        "schema --out new-schemas",
        "needs plan --out needs",
        "groups road --out groups --walk 0.1",
    ] {
        let blocks = if command.starts_with("groups") { 0 } else { 4 };
        let (code, said) = with_little_room(dir.path(), blocks, command);
        assert_eq!(code, Some(2), "{command}: {said}");
        assert!(said.contains("failed to "), "{command}: {said}");
        assert_eq!(tree(dir.path()), before, "{command}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_no_success() {
    let dir = tempfile::tempdir().unwrap();
    copy(&example("one-road"), &dir.path().join("road"));
    for args in
        [&["audit", "--rules"][..], &["audit", "--form"], &["check", "road"], &["needs", "--people", "9"]]
    {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_clearway"))
            .args(args)
            .current_dir(dir.path())
            .stdout(full)
            .output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("cannot write to standard output"), "{args:?}: {said}");
    }
    // a reader that has seen enough is no reason to fail
    let binary = env!("CARGO_BIN_EXE_clearway");
    let script = format!("'{binary}' audit --rules | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}");
    if let Ok(status) = Command::new("bash").args(["-c", &script]).status() {
        assert_eq!(status.code(), Some(0));
    }
}
