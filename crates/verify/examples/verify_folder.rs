//! `verify_folder PLAN`: checks a plan folder, prints what was found and how long it took.

use clearway_model::FolderStore;
use std::process::ExitCode;
use std::time::Instant;

#[allow(clippy::print_stdout, clippy::print_stderr)]
fn main() -> ExitCode {
    let Some(dir) = std::env::args().nth(1) else {
        eprintln!("usage: verify_folder PLAN");
        return ExitCode::from(2);
    };
    let start = Instant::now();
    match clearway_verify::verify(&FolderStore::new(&dir), None) {
        Ok(result) => {
            result.findings.iter().take(20).for_each(|finding| println!("{finding}"));
            println!(
                "{:?} in {:.2} s, holds: {}",
                result.checked,
                start.elapsed().as_secs_f64(),
                result.holds
            );
            ExitCode::from(u8::from(!result.holds))
        }
        Err(error) => {
            eprintln!("unreadable: {error}");
            ExitCode::from(2)
        }
    }
}
