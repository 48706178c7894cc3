//! Readers that are not ours: Python with geopandas, openpyxl, lxml, pyarrow and SUMO, as `scripts/readers.sh` puts them together.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The Python that has them; the first test makes it.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/readers.sh");
        let output = Command::new("bash").arg(&script).output().expect("bash runs scripts/readers.sh");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the readers cannot be made: {said}");
        PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
    })
}

/// Runs a script of `tests/readers` and returns what it prints.
pub fn run(script: &str, arguments: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers").join(script);
    let output = Command::new(python()).arg(&script).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {arguments:?}: {said}", script.display());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a reader finds in an export.
pub fn found(format: &str, path: &Path) -> serde_json::Value {
    serde_json::from_str(&run("read.py", &[format, &path.display().to_string()])).unwrap()
}
