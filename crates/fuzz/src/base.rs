//! The folders that are changed: the plan by hand of the checkers' tests, and random plans whose figures are those that the checker in
//! Rust recomputes.

use std::collections::BTreeMap;
use std::path::Path;

#[path = "../../verify/tests/it/fixture/mod.rs"]
#[allow(missing_docs, clippy::expect_used, clippy::panic, unreachable_pub)]
mod fixture;

/// File name in the folder -> contents.
pub type Files = BTreeMap<String, Vec<u8>>;

fn bytes(files: fixture::Files) -> Files {
    files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

/// The plan of one road, which holds.
pub fn one_road() -> Files {
    bytes(fixture::one_road())
}

/// A random plan folder, which may hold or not; `scratch` is written to.
pub fn random(seed: u64, scratch: &Path) -> Files {
    bytes(fixture::random::folder(seed, scratch).0)
}

/// Writes a folder, all of it; what stood in it before goes.
///
/// # Errors
/// What the system says.
pub fn write(dir: &Path, files: &Files) -> std::io::Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    for (name, contents) in files {
        let path = dir.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, contents)?;
    }
    Ok(())
}

/// Makes the digests fit the scenario as it now stands, by text, so that a file that is no JSON any more stays as it is.
pub fn sign_again(files: &mut Files, old: &str) {
    let inside =
        files.iter().filter_map(|(name, bytes)| Some((name.strip_prefix("scenario/")?, bytes.as_slice())));
    let new = clearway_model::scenario_digest(inside);
    for name in ["plan.json", "certificate.json", "summary.json"] {
        let Some(contents) = files.get_mut(name) else { continue };
        if let Ok(text) = std::str::from_utf8(contents) {
            *contents = text.replace(old, &new).into_bytes();
        }
    }
}

/// The digest that a folder claims.
pub fn digest(files: &Files) -> String {
    let inside =
        files.iter().filter_map(|(name, bytes)| Some((name.strip_prefix("scenario/")?, bytes.as_slice())));
    clearway_model::scenario_digest(inside)
}
