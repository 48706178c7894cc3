//! What no crate below the program may do: print, read the environment, end the process, hold state of its own.

use std::fs;
use std::path::{Path, PathBuf};

/// Crates that are programs, or serve tests and measurements alone.
const ABOVE: [&str; 4] = ["cli", "fuzz", "benchmarks", "instances"];
/// What is not to be found in the code of the others, and why.
const FORBIDDEN: [(&str, &str); 14] = [
    ("println!", "prints"),
    ("eprintln!", "prints"),
    ("print!(", "prints"),
    ("eprint!(", "prints"),
    ("dbg!(", "prints"),
    ("std::env::", "reads the environment"),
    ("use std::env", "reads the environment"),
    ("process::exit", "ends the process"),
    ("process::abort", "ends the process"),
    ("process::Command", "starts a process"),
    ("static mut", "holds state"),
    ("thread_local!", "holds state"),
    (": Mutex<", "may hold state"),
    (": OnceLock<", "may hold state"),
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let name = path.file_name().unwrap().to_str().unwrap();
            if name != "tests.rs" && !name.ends_with("_tests.rs") {
                found.push(path);
            }
        }
    }
}

/// The code of a file: without comments, doc examples and the unit tests at its end.
fn code(text: &str) -> String {
    let product = text.split("#[cfg(test)]").next().unwrap_or(text);
    product.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_crate_below_the_program_prints_reads_the_environment_ends_the_process_or_holds_state() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut wrong = Vec::new();
    let mut files = 0;
    for entry in fs::read_dir(&crates).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let src = entry.path().join("src");
        if ABOVE.contains(&name.as_str()) || !src.is_dir() {
            continue;
        }
        let mut found = Vec::new();
        sources(&src, &mut found);
        files += found.len();
        for path in found {
            let code = code(&fs::read_to_string(&path).unwrap());
            for (what, why) in FORBIDDEN {
                // A lock inside a value belongs to that value; a static one belongs to the process.
                let is_state = why == "may hold state";
                let found =
                    code.lines().any(|line| line.contains(what) && (!is_state || line.contains("static ")));
                if found {
                    wrong.push(format!("{}: {what} ({why})", path.display()));
                }
            }
        }
    }
    assert!(files > 200, "{files} files looked at");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_program_knows_a_terminal() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut looked_at = 0;
    for entry in fs::read_dir(&crates).unwrap().map(Result::unwrap) {
        let Ok(manifest) = fs::read_to_string(entry.path().join("Cargo.toml")) else { continue };
        let name = entry.file_name().into_string().unwrap();
        // Dependencies of the product come before those of its tests.
        let product = manifest.split("[dev-dependencies]").next().unwrap();
        let terminal: Vec<&str> = ["clap", "indicatif", "ctrlc"]
            .into_iter()
            .filter(|one| {
                product
                    .lines()
                    .any(|line| line.starts_with(&format!("{one} ")) || line.starts_with(&format!("{one}.")))
            })
            .collect();
        match name.as_str() {
            "cli" => assert_eq!(terminal, ["clap", "indicatif", "ctrlc"]),
            _ => assert!(terminal.is_empty(), "{name}: {terminal:?}"),
        }
        looked_at += 1;
    }
    assert!(looked_at > 15, "{looked_at} crates looked at");
}

#[test]
fn only_the_server_knows_a_network() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for entry in fs::read_dir(&crates).unwrap().map(Result::unwrap) {
        let Ok(manifest) = fs::read_to_string(entry.path().join("Cargo.toml")) else { continue };
        let name = entry.file_name().into_string().unwrap();
        for one in ["axum", "hyper", "tokio", "tower", "utoipa"] {
            let is_there = manifest.lines().any(|line| line.split([' ', '.', '=']).next() == Some(one));
            assert!(!is_there || name == "serve", "{name} depends on {one}");
        }
    }
}
