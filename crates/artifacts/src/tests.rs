use super::*;

type Files<'a> = &'a [(&'a str, &'a [u8])];

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Every file below a folder.
fn tree(dir: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                all.push(path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    all.sort();
    all
}

fn write(dir: &Path, kind: FolderKind, files: Files<'_>, overwrite: Overwrite) -> Result<(), WriteError> {
    OutputFolder::new(dir, kind, overwrite, &[])?.write(files, Disclosure::Full).map(|_| ())
}

fn plan(dir: &Path, files: Files<'_>, overwrite: Overwrite) -> Result<(), WriteError> {
    write(dir, FolderKind::Plan, files, overwrite)
}

fn put(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn writes_folders_within_folders_and_leaves_nothing_beside() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("a/plan");
    plan(&dir, &[("plan.json", b"{}"), ("scenario/node.csv", b"node_id\n")], Overwrite::Refuse).unwrap();
    assert_eq!(names(&dir), ["manifest.json", "plan.json", "scenario"]);
    assert_eq!(fs::read(dir.join("scenario/node.csv")).unwrap(), b"node_id\n");
    assert_eq!(names(&root.path().join("a")), ["plan"]);
}

#[test]
fn files_for_a_folder_of_another_kind_are_not_written() {
    let root = tempfile::tempdir().unwrap();
    let output =
        OutputFolder::new(&root.path().join("plan"), FolderKind::Plan, Overwrite::Refuse, &[]).unwrap();
    let needs = Artifacts::new(FolderKind::Needs, Disclosure::Full, [("needs.json", "{}")]);
    let error = output.write_artifacts(&needs).unwrap_err().to_string();
    assert_eq!(error, "a table of needs is not written into a folder for a plan");
    assert!(names(root.path()).is_empty());
}

#[test]
fn the_manifest_names_every_file_with_its_digest_and_what_it_says_of_itself() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("plan");
    let files: Files<'_> = &[("plan.json", br#"{"schema": "clearway-plan/1"}"#), ("curve.csv", b"abc")];
    plan(&dir, files, Overwrite::Refuse).unwrap();
    let manifest = Manifest::read(&dir).unwrap();
    assert_eq!((manifest.kind, manifest.sensitivity), (FolderKind::Plan, Sensitivity::Exact));
    let listed: Vec<&str> = manifest.files.iter().map(|f| f.file.as_str()).collect();
    assert_eq!(listed, ["curve.csv", "plan.json"]);
    assert_eq!(manifest.files[1].schema.as_deref(), Some("clearway-plan/1"));
    // SHA-256 of "abc", FIPS 180-2, B.1
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((manifest.files[0].sha256.as_str(), manifest.files[0].bytes), (abc, 3));
    assert!(manifest.changed(&dir).is_empty());
    put(&dir, "curve.csv", "abd");
    fs::remove_file(dir.join("plan.json")).unwrap();
    assert_eq!(manifest.changed(&dir), ["curve.csv", "plan.json"]);
}

#[test]
fn refuses_what_is_there_and_what_is_not_ours() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    fs::create_dir(&dir).unwrap();
    let files: Files<'_> = &[("scenario.toml", b"new")];
    let scenario = |dir: &Path, overwrite| write(dir, FolderKind::Scenario, files, overwrite);
    scenario(&dir, Overwrite::Refuse).unwrap(); // an empty folder is nothing to lose
    assert!(matches!(scenario(&dir, Overwrite::Refuse), Err(WriteError::Exists { .. })));
    fs::remove_dir_all(&dir).unwrap();
    put(&dir, "thesis.doc", "x");
    // a manifest of something else does not make it ours
    put(&dir, "manifest.json", r#"{"name": "my web page"}"#);
    assert!(matches!(scenario(&dir, Overwrite::Replace), Err(WriteError::NotOurs { .. })));
    assert_eq!(names(&dir), ["manifest.json", "thesis.doc"]);
    assert!(matches!(scenario(&dir.join("thesis.doc"), Overwrite::Replace), Err(WriteError::IsFile { .. })));
    assert_eq!(names(root.path()), ["d"]);
}

#[test]
fn a_folder_of_another_kind_is_not_replaced() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    plan(&dir, &[("plan.json", b"{}")], Overwrite::Refuse).unwrap();
    let needs = || write(&dir, FolderKind::Needs, &[("needs.json", b"{}")], Overwrite::Replace);
    assert!(matches!(needs(), Err(WriteError::OtherKind { found: FolderKind::Plan, .. })));
    // nor one of an earlier version
    fs::remove_file(dir.join(MANIFEST)).unwrap();
    assert!(matches!(needs(), Err(WriteError::OtherKind { found: FolderKind::Plan, .. })));
    assert_eq!(names(&dir), ["plan.json"]);
}

#[test]
fn replaces_what_the_manifest_names_and_keeps_everything_else() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    let old: Files<'_> = &[("plan.json", b"old"), ("curve.csv", b"old"), ("roads-bound/plan.json", b"old")];
    plan(&dir, old, Overwrite::Refuse).unwrap();
    put(&dir, "notes.txt", "mine");
    put(&dir, "walk/photo.jpg", "mine");
    put(&dir, "roads-bound/mine.txt", "mine");
    fs::create_dir(dir.join("empty")).unwrap();
    plan(&dir, &[("plan.json", b"new")], Overwrite::Replace).unwrap();
    let left = ["manifest.json", "notes.txt", "plan.json", "roads-bound/mine.txt", "walk/photo.jpg"];
    assert_eq!(tree(&dir), left);
    assert!(dir.join("empty").is_dir());
    assert_eq!(fs::read(dir.join("plan.json")).unwrap(), b"new");
    assert_eq!(fs::read(dir.join("notes.txt")).unwrap(), b"mine");
    assert_eq!(names(root.path()), ["d"]);
}

#[test]
fn of_an_earlier_version_only_what_it_wrote_is_removed() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    let ours = ["scenario.toml", "node.csv", "groups.csv", "import.txt"];
    let theirs = [
        "walk/notes.txt",
        "fleet/trips.csv",
        "limits/a.csv",
        "vehicle/plan.json",
        "scenario/node.csv",
        "thesis.doc",
    ];
    for name in ours.iter().chain(&theirs) {
        put(&dir, name, "x");
    }
    write(&dir, FolderKind::Scenario, &[("scenario.toml", b"new")], Overwrite::Replace).unwrap();
    let mut left: Vec<&str> = theirs.iter().copied().chain(["manifest.json", "scenario.toml"]).collect();
    left.sort_unstable();
    assert_eq!(tree(&dir), left);
}

#[test]
fn what_an_earlier_version_left_of_other_runs_goes_too() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    let proof = |folder: &str| {
        for name in ["certificate.json", "orders.csv", "scenario/scenario.toml", "scenario/node.csv"] {
            put(&dir, &format!("{folder}/{name}"), "exact");
        }
    };
    put(&dir, "audit.json", "{}");
    put(&dir, "rest_points.csv", "exact");
    for folder in ["limit", "cases/1", "deadline/hours-enough", "price/with-convoys", "roads-bound"] {
        proof(folder);
    }
    put(&dir, "cases/mine.txt", "mine");
    // it has no proof and no scenario in it: nobody of ours left it
    put(&dir, "deadline/mine/orders.csv", "mine");
    let output = OutputFolder::new(&dir, FolderKind::Audit, Overwrite::Replace, &[]).unwrap();
    let files: Files<'_> = &[("audit.json", b"{}"), ("cases/1/plan.json", b"exact")];
    let notes = output.write(files, Disclosure::Redacted).unwrap();
    assert_eq!(tree(&dir), ["audit.json", "cases/mine.txt", "deadline/mine/orders.csv", "manifest.json"]);
    assert!(notes[0].contains("cases/mine.txt"), "{notes:?}");
    assert_eq!(Manifest::read(&dir).unwrap().sensitivity, Sensitivity::Public);
}

#[test]
fn what_would_be_read_as_part_of_the_result_is_not_passed_over() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    let scenario = |files| write(&dir, FolderKind::Scenario, files, Overwrite::Replace);
    scenario(&[("scenario.toml", b"old")]).unwrap();
    put(&dir, "closures.csv", "typed by hand");
    let Err(WriteError::Foreign { names, .. }) = scenario(&[("scenario.toml", b"new")]) else {
        panic!("written over");
    };
    assert_eq!(names, ["'closures.csv'"]);
    assert_eq!(fs::read(dir.join("scenario.toml")).unwrap(), b"old");
}

#[test]
fn an_update_changes_what_it_names_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    let files: Files<'_> = &[("scenario.toml", b"s"), ("closures.csv", b"old")];
    write(&dir, FolderKind::Scenario, files, Overwrite::Refuse).unwrap();
    for name in ["walk/a", "fleet/a", "limits/a", "vehicle/a", "scenario/a", "groups.csv"] {
        put(&dir, name, "mine");
    }
    let before = tree(&dir);
    OutputFolder::of(&dir, FolderKind::Scenario).unwrap().update(&[("closures.csv", b"new")]).unwrap();
    assert_eq!(tree(&dir), before);
    assert_eq!(fs::read(dir.join("closures.csv")).unwrap(), b"new");
    assert!(Manifest::read(&dir).unwrap().changed(&dir).is_empty());
    assert_eq!(names(root.path()), ["d"]);
}

#[cfg(unix)]
#[test]
fn an_output_that_is_or_contains_or_lies_in_an_input_is_refused() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    put(&at("s"), "scenario.toml", "x");
    put(&at("maps"), "a/map.osm", "x");
    symlink(at("s"), at("link")).unwrap();
    symlink(at("maps"), at("other-maps")).unwrap();
    let refused = |out: &str, input: &str| {
        let result =
            OutputFolder::new(&at(out), FolderKind::Scenario, Overwrite::Replace, &[at(input).as_path()]);
        matches!(result, Err(WriteError::Overlaps { .. }))
    };
    for (out, input) in [
        ("s", "s"),
        ("s", "link"),
        ("link", "s"),
        ("s/new/deep", "s"),
        ("link/new", "s"),
        ("s/../s", "s"),
        (".", "s"),
        ("maps", "maps/a/map.osm"),
        ("other-maps", "maps/a/map.osm"),
        ("maps/a", "other-maps/a/map.osm"),
    ] {
        assert!(refused(out, input), "{out} with {input}");
    }
    for (out, input) in [("new", "s"), ("s2", "s"), ("maps/b", "maps/a/map.osm"), ("new", "nowhere")] {
        assert!(!refused(out, input), "{out} with {input}");
    }
}

#[cfg(unix)]
#[test]
fn a_manifest_of_a_stranger_reaches_nothing_outside_its_folder() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    put(root.path(), "precious.txt", "x");
    put(root.path(), "elsewhere/precious.txt", "x");
    plan(&dir, &[("plan.json", b"{}")], Overwrite::Refuse).unwrap();
    std::os::unix::fs::symlink(root.path().join("elsewhere"), dir.join("link")).unwrap();
    let mut manifest = Manifest::read(&dir).unwrap();
    for name in ["../precious.txt", "link/precious.txt", "/etc/hostname", ".", ""] {
        let mut file = manifest.files[0].clone();
        file.file = name.to_owned();
        manifest.files.push(file);
    }
    fs::write(dir.join(MANIFEST), manifest.text().unwrap()).unwrap();
    plan(&dir, &[("plan.json", b"{}")], Overwrite::Replace).unwrap();
    assert!(dir.join("link").is_symlink());
    assert!(root.path().join("precious.txt").exists() && root.path().join("elsewhere/precious.txt").exists());
}

#[cfg(unix)]
#[test]
fn a_folder_closed_to_others_stays_closed() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    plan(&dir, &[("plan.json", b"{}")], Overwrite::Refuse).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
    plan(&dir, &[("plan.json", b"{}")], Overwrite::Replace).unwrap();
    assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_failure_leaves_what_was_there() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    plan(&dir, &[("plan.json", b"old")], Overwrite::Refuse).unwrap();
    // a file cannot also be a folder: writing fails half way
    let bad: Files<'_> = &[("plan.json", b"new"), ("x", b""), ("x/y", b"")];
    assert!(matches!(plan(&dir, bad, Overwrite::Replace), Err(WriteError::System { .. })));
    assert_eq!(fs::read(dir.join("plan.json")).unwrap(), b"old");
    assert_eq!(names(root.path()), ["d"]);
}

#[cfg(unix)]
#[test]
fn what_a_killed_run_left_is_cleared_up_and_what_a_live_one_needs_is_not() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    // dead: its lock is not held
    for name in [".clearway-1-0", ".clearway-2-0"] {
        put(root.path(), &format!("{name}/lock"), "clearway output in the making\nd");
        put(root.path(), &format!("{name}/new/orders.csv"), "exact");
    }
    // killed between two renames: the old folder waits for its name
    put(root.path(), ".clearway-2-0/old/plan.json", "{\"old\": true}");
    // not ours
    put(root.path(), ".clearway-3-0/lock", "somebody's");
    put(root.path(), ".clearway-notes", "somebody's");
    put(root.path(), ".clearway-4-0/lock", "clearway output in the making\n../elsewhere");
    let live = OutputWorkshop::open(&dir).unwrap();
    let live_name = live.new_folder().parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
    let output = OutputFolder::new(&dir, FolderKind::Plan, Overwrite::Replace, &[]).unwrap();
    assert_eq!(fs::read(dir.join("plan.json")).unwrap(), b"{\"old\": true}");
    assert!(output.notes().iter().any(|note| note.contains("brought back")), "{:?}", output.notes());
    assert!(output.notes().iter().any(|note| note.contains(".clearway-1-0")), "{:?}", output.notes());
    let mut left = vec![".clearway-3-0", ".clearway-4-0", ".clearway-notes", "d", live_name.as_str()];
    left.sort_unstable();
    assert_eq!(names(root.path()), left);
    drop(live);
    assert!(!names(root.path()).contains(&live_name));
}

#[test]
fn names_must_stay_inside() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("d");
    for name in ["../x", "/x", "", "a/../b", "x/"] {
        let result = plan(&dir, &[(name, b"")], Overwrite::Refuse);
        assert!(matches!(result, Err(WriteError::Name { .. })), "{name}");
    }
    let result = plan(&dir, &[("x", b""), ("x", b"")], Overwrite::Refuse);
    assert!(matches!(result, Err(WriteError::Twice { .. })));
}
