//! `clearway-fuzz [--target checkers] [--seed N] [--from N] [--count N] [--keep DIR]`
//!
//! Exit codes: 0 nothing found, 1 something is wrong, 2 it could not be run.

use clearway_fuzz::base;
use clearway_fuzz::campaign::{Target, run};
use clearway_fuzz::checkers::Checkers;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// What was asked for.
struct Asked {
    target: String,
    seed: u64,
    from: u64,
    count: u64,
    keep: Option<PathBuf>,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked { target: "checkers".to_owned(), seed: 1, from: 0, count: 1000, keep: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("{word}: a value is missing"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("{word} {value}: a whole number"));
        match word.as_str() {
            "--target" => asked.target = value,
            "--seed" => asked.seed = number()?,
            "--from" => asked.from = number()?,
            "--count" => asked.count = number()?,
            "--keep" => asked.keep = Some(PathBuf::from(value)),
            _ => return Err(format!("{word}: --target, --seed, --from, --count or --keep")),
        }
    }
    Ok(asked)
}

fn target(name: &str) -> Result<Box<dyn Target>, String> {
    match name {
        "checkers" => Ok(Box::new(Checkers::start().map_err(|error| format!("python3: {error}"))?)),
        _ => Err(format!("--target {name}: checkers")),
    }
}

fn make() -> Result<usize, String> {
    let asked = asked()?;
    let mut target = target(&asked.target)?;
    let mut out = std::io::stdout();
    let faults = run(target.as_mut(), asked.seed, asked.from, asked.count, |fault| {
        // a closed pipe is nobody who reads
        let _ = writeln!(out, "mutant {} of seed {}: {}", fault.number, asked.seed, fault.what);
        if let Some(dir) = &asked.keep {
            let _ = base::write(&dir.join(fault.number.to_string()), &fault.files);
        }
    })
    .map_err(|error| error.to_string())?;
    let _ = writeln!(out, "{} of {} mutants: something is wrong", faults.len(), asked.count);
    Ok(faults.len())
}

fn main() -> ExitCode {
    match make() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}
