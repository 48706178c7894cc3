//! Writes the JSON Schemas of all files: `cargo run -p clearway-io --example write_schemas -- docs/reference/schemas`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let dir = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "docs/reference/schemas".into()));
    std::fs::create_dir_all(&dir)?;
    for (name, text) in clearway_io::schemas() {
        std::fs::write(dir.join(name), text)?;
    }
    Ok(())
}
