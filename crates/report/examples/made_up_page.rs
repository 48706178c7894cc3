//! Writes the files a person reads of a synthetic plan into a folder, to look at them:
//! `cargo run -p clearway-report --example made_up_page -- FOLDER`.

#[path = "../tests/it/made_up/mod.rs"]
mod made_up;

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("no folder given")?);
    std::fs::create_dir_all(&folder)?;
    let island = made_up::island();
    for (name, bytes) in clearway_report::files(&island.report())? {
        std::fs::write(folder.join(name), bytes)?;
    }
    let mut text = clearway_report::terminal_table(&island.summary, &island.scenario.settings);
    text.push_str(&clearway_report::terminal_curve(&island.curve, 80, 18));
    text.push_str(&clearway_report::answer_in_words(&island.report()).join("\n"));
    std::fs::write(folder.join("terminal.txt"), text)?;
    Ok(())
}
