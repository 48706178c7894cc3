//! `clearway completions`

use crate::args::CompletionsArgs;
use crate::failure::Failure;
use crate::help;

pub fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(), "clearway", &mut script);
    tell!("{}", String::from_utf8_lossy(&script));
    Ok(())
}
