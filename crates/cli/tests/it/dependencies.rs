//! The policy of `deny.toml` on licences, versions and sources of what the project is built on, checked with what cargo itself says.
//! `cargo deny check` reads the same file and knows more (advisories, licence texts); this runs wherever the tests run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn table(name: &str) -> toml::Table {
    std::fs::read_to_string(root().join(name)).unwrap().parse().unwrap()
}

/// Names, versions and sources of `Cargo.lock`: all packages of all platforms.
fn locked() -> Vec<(String, String, Option<String>)> {
    let lock = table("Cargo.lock");
    let text = |row: &toml::Value, key: &str| row.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let rows = lock["package"].as_array().unwrap().iter();
    rows.map(|row| (text(row, "name").unwrap(), text(row, "version").unwrap(), text(row, "source"))).collect()
}

/// Packages that are there for some others alone, given as `name` or `name:version`, and for none of the rest.
fn only_below(trees: &[String]) -> BTreeSet<(String, String)> {
    let lock = table("Cargo.lock");
    let packages = lock["package"].as_array().unwrap();
    let of = |row: &toml::Value| {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        (text("name"), text("version"))
    };
    let is_top = |(name, version): &(String, String)| {
        trees.iter().any(|tree| {
            let (known, asked) = tree.split_once(':').unwrap_or((tree, version));
            known == name && is_version_of(version, asked)
        })
    };
    for tree in trees {
        let name = tree.split(':').next().unwrap();
        assert!(packages.iter().any(|row| row["name"].as_str() == Some(name)), "there is no {tree}");
    }
    // from our own crates down, and not through the others
    let mut reached = BTreeSet::new();
    let mut open: Vec<(String, String)> =
        packages.iter().filter(|row| row.get("source").is_none()).map(of).collect();
    while let Some(package) = open.pop() {
        if is_top(&package) || !reached.insert(package.clone()) {
            continue;
        }
        let row = packages.iter().find(|row| of(row) == package).unwrap();
        let below = row.get("dependencies").and_then(toml::Value::as_array);
        for name in below.into_iter().flatten().map(|name| name.as_str().unwrap()) {
            // `name`, or `name version` where there are several
            let mut words = name.split(' ');
            let (name, version) = (words.next().unwrap(), words.next());
            let is_it = |row: &&toml::Value| {
                row["name"].as_str() == Some(name)
                    && version.is_none_or(|version| row["version"].as_str() == Some(version))
            };
            open.push(of(packages.iter().find(is_it).unwrap()));
        }
    }
    packages.iter().map(of).filter(|package| !reached.contains(package)).collect()
}

/// `name:0.38` stands for all versions 0.38.x of a package.
fn is_version_of(version: &str, asked: &str) -> bool {
    version == asked || version.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a licence expression can be met by what is allowed: `or` needs one side, `and` both; an exception only allows more.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any(&words, &mut at, allowed);
    assert_eq!(at, words.len(), "'{expression}' is no licence expression");
    met
}

fn any(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        let next = all(words, at, allowed);
        met |= next;
    }
    met
}

fn all(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        let next = one(words, at, allowed);
        met &= next;
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    let met = if *word == "(" {
        let met = any(words, at, allowed);
        assert_eq!(words.get(*at), Some(&")"), "a bracket is open");
        *at += 1;
        met
    } else {
        allowed.contains(word)
    };
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    met
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    let allowed = ["MIT", "Zlib"];
    for met in ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "(GPL-3.0 OR MIT) AND Zlib", "MIT WITH x AND Zlib"]
    {
        assert!(is_allowed(met, &allowed), "{met}");
    }
    for not in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Zlib) AND Unicode-3.0", "mit"] {
        assert!(!is_allowed(not, &allowed), "{not}");
    }
}

#[test]
fn everything_comes_from_crates_io() {
    let policy = table("deny.toml");
    for key in ["unknown-registry", "unknown-git"] {
        assert_eq!(policy["sources"][key].as_str(), Some("deny"));
    }
    for (name, version, source) in locked() {
        let is_ours = source.is_none() && name.starts_with("clearway");
        let is_public =
            source.as_ref().is_some_and(|s| s.starts_with("registry+") && s.ends_with("/crates.io-index"));
        assert!(is_ours || is_public, "{name} {version} comes from {source:?}");
    }
}

#[test]
fn no_package_is_there_twice_unless_the_policy_says_why() {
    let policy = table("deny.toml");
    let skip: Vec<(String, String)> = policy["bans"]["skip"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            assert!(row["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{row}");
            let (name, version) = row["crate"].as_str().unwrap().split_once(':').unwrap();
            (name.to_owned(), version.to_owned())
        })
        .collect();
    let trees: Vec<String> = policy["bans"]["skip-tree"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            assert!(row["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{row}");
            row["crate"].as_str().unwrap().to_owned()
        })
        .collect();
    let apart = only_below(&trees);
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version, _) in locked() {
        if !apart.contains(&(name.clone(), version.clone())) {
            versions.entry(name).or_default().push(version);
        }
    }
    let is_skipped = |name: &str, version: &str| {
        skip.iter().any(|(known, asked)| known == name && is_version_of(version, asked))
    };
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let left: Vec<&String> = versions.iter().filter(|version| !is_skipped(name, version)).collect();
        assert!(left.len() <= 1, "{name} is there as {versions:?}: see [bans] in deny.toml");
    }
    // what is no longer there twice is no longer excused
    for (name, asked) in &skip {
        let there = versions.get(name).map_or(&[][..], Vec::as_slice);
        let is_twice = there.len() > 1 && there.iter().any(|version| is_version_of(version, asked));
        assert!(is_twice, "deny.toml excuses {name}:{asked}, but there is {there:?}");
    }
}

#[test]
fn every_licence_is_one_of_those_allowed() {
    let policy = table("deny.toml");
    let allowed: Vec<&str> =
        policy["licenses"]["allow"].as_array().unwrap().iter().map(|row| row.as_str().unwrap()).collect();
    // licences stand in the packages, of which those of this platform are there
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let said = Command::new(rustc).arg("-vV").output().map(|output| output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    let said = |features: &[&str]| {
        let mut metadata = Command::new(&cargo);
        metadata.current_dir(root()).args(["metadata", "--format-version", "1", "--offline", "--locked"]);
        metadata.args(host.iter().flat_map(|host| ["--filter-platform", host])).args(features);
        match metadata.output() {
            Ok(output) if output.status.success() => Ok(output.stdout),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
            Err(error) => Err(error.to_string()),
        }
    };
    // what features bring is there once somebody has built with them
    let metadata = match said(&["--all-features"]).or_else(|_| said(&[])) {
        Ok(metadata) => metadata,
        Err(why) => {
            eprintln!("skipped: cargo metadata: {why}");
            return;
        }
    };
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "{}", packages.len());
    for package in packages {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or_else(|| panic!("{name} names no licence"));
        assert!(is_allowed(licence, &allowed), "{name}: {licence} is not allowed by deny.toml");
    }
}
