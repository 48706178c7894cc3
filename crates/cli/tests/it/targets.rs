//! Every test that is written is run: no target that is told to have none has one, and no file is left out of its program.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All files of Rust in a folder and below it.
fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = std::fs::read_dir(dir) else { return files };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn lines_of(dir: &Path) -> Vec<String> {
    let texts = rust_files(dir).into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    texts.flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()).collect()
}

/// Whether comments have an example that cargo would run: a block that is not said to be in another language.
fn has_example(lines: &[String]) -> bool {
    let comments =
        lines.iter().filter_map(|line| line.strip_prefix("///").or_else(|| line.strip_prefix("//!")));
    let fences = comments.filter_map(|comment| comment.trim().strip_prefix("```"));
    // every second one ends a block
    fences.step_by(2).any(|language| language.is_empty() || language.starts_with("rust"))
}

/// The crates of the workspace, with what they are made of.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn kind(target: &Value) -> &str {
    target["kind"][0].as_str().unwrap()
}

#[test]
fn targets_without_tests_have_none() {
    let mut without = 0;
    for package in packages() {
        let dir = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().join("src");
        let lines = lines_of(&dir);
        let (tests, examples) = (lines.iter().any(|line| line == "#[test]"), has_example(&lines));
        let targets = package["targets"].as_array().unwrap();
        let is_library = targets.iter().any(|target| kind(target) == "lib");
        for target in targets {
            let name = format!("{} of {}", kind(target), package["name"]);
            if ["lib", "bin"].contains(&kind(target)) {
                // what a program has beside a library is a few lines
                let has_tests = tests && (kind(target) == "lib" || !is_library);
                assert!(!has_tests || target["test"] == true, "{name}: its tests are not run");
                without += i32::from(target["test"] == false);
            }
            let is_lib = kind(target) == "lib";
            assert!(!is_lib || !examples || target["doctest"] == true, "{name}: its examples are not run");
        }
    }
    assert!(without > 0, "nothing was looked at");
}

#[test]
fn a_crate_has_one_program_of_tests_and_every_file_is_in_it() {
    let mut programs = 0;
    for package in packages() {
        let targets = package["targets"].as_array().unwrap();
        let tests: Vec<&Value> = targets.iter().filter(|target| kind(target) == "test").collect();
        assert!(tests.len() <= 1, "{}: {} programs of tests", package["name"], tests.len());
        let Some(main) = tests.first().map(|target| Path::new(target["src_path"].as_str().unwrap())) else {
            continue;
        };
        programs += 1;
        let dir = main.parent().unwrap();
        for path in rust_files(dir) {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let (name, parent) = match stem {
                "main" => continue,
                "mod" => {
                    let dir = path.parent().unwrap();
                    (dir.file_name().unwrap().to_str().unwrap(), dir.parent().unwrap())
                }
                stem => (stem, path.parent().unwrap()),
            };
            let of = if parent == dir { main.to_path_buf() } else { parent.with_extension("rs") };
            let of = if of.exists() { of } else { parent.join("mod.rs") };
            let text = std::fs::read_to_string(&of).unwrap();
            let is_named = text.lines().any(|line| line.trim_start_matches("pub ") == format!("mod {name};"));
            assert!(is_named, "{} is in no program: {} does not name it", path.display(), of.display());
        }
    }
    assert!(programs > 10, "{programs}");
}
