//! `clearway-fuzz [--target checkers|mutants|kills|disk] [--seed N] [--from N] [--count N] [--keep DIR] [--program FILE]`
//!
//! `checkers` holds the two checkers against each other. The others run the program itself (`--program`): on damaged files, killed while
//! it writes (`--count` times for each command), on a full disk.
//!
//! Exit codes: 0 nothing found, 1 something is wrong, 2 it could not be run.

use clearway_fuzz::base;
use clearway_fuzz::campaign::{Target, run};
use clearway_fuzz::checkers::Checkers;
use clearway_fuzz::program::{self, Which};
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
    program: PathBuf,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked {
        target: "checkers".to_owned(),
        seed: 1,
        from: 0,
        count: 1000,
        keep: None,
        program: PathBuf::from("target/release/clearway"),
    };
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
            "--program" => asked.program = PathBuf::from(value),
            _ => return Err(format!("{word}: --target, --seed, --from, --count, --keep or --program")),
        }
    }
    Ok(asked)
}

fn target(name: &str) -> Result<Box<dyn Target>, String> {
    match name {
        "checkers" => Ok(Box::new(Checkers::start().map_err(|error| format!("python3: {error}"))?)),
        _ => Err(format!("--target {name}: checkers, mutants, kills or disk")),
    }
}

fn make() -> Result<usize, String> {
    let asked = asked()?;
    if let Some(which) = Which::named(&asked.target) {
        return of_program(&asked, which);
    }
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

/// A campaign against the program in a folder of its own.
fn of_program(asked: &Asked, which: Which) -> Result<usize, String> {
    let program = std::fs::canonicalize(&asked.program).map_err(|error| {
        format!("{}: {error}: build it first, or --program FILE", asked.program.display())
    })?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let found = program::prepare(&program, folder.path()).and_then(|()| {
        program::campaign(&program, folder.path(), which, asked.seed.wrapping_add(asked.from), asked.count)
    });
    let mut out = std::io::stdout();
    let Some(report) = found.map_err(|error| error.to_string())? else {
        return Err("a small disk cannot be mounted here: this campaign needs to be root".to_owned());
    };
    for fault in &report.faults {
        let _ = writeln!(out, "{fault}");
    }
    let [done, fails, refused] = report.codes;
    let _ = writeln!(
        out,
        "{} runs: {done} ended with 0, {fails} with 1, {refused} with 2; {} faults",
        report.runs,
        report.faults.len()
    );
    Ok(report.faults.len())
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
