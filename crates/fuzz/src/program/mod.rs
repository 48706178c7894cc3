//! Campaigns against the program as users run it: damaged files for every command that reads ([`mutants`]), kills at any moment and
//! full disks for every command that writes ([`kills`], [`disk`]).
//!
//! What is looked for: an exit code other than 0, 1 and 2, a panic, more memory than a laptop has, an output that is half there, and
//! anything of the user's that is gone afterwards.

pub mod case;
pub mod damage;
pub mod disk;
pub mod kills;
pub mod mutants;

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Which campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Damaged files.
    Mutants,
    /// Kills while writing.
    Kills,
    /// A full disk.
    Disk,
}

impl Which {
    /// By its name on the command line.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "mutants" => Some(Self::Mutants),
            "kills" => Some(Self::Kills),
            "disk" => Some(Self::Disk),
            _ => None,
        }
    }
}

/// Makes the folders that the cases read.
///
/// # Errors
/// What the system says, or a command that does not do what the cases need.
pub fn prepare(program: &Path, folder: &Path) -> io::Result<()> {
    case::write_inputs(folder)?;
    for command in case::MAKE {
        let arguments: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
        let output = limited(program, folder, &arguments).output()?;
        if !output.status.success() {
            let err = String::from_utf8_lossy(&output.stderr);
            return Err(io::Error::other(format!("{}: {}\n{err}", command.join(" "), output.status)));
        }
    }
    Ok(())
}

/// Runs a campaign in a folder that is prepared; `None` where a small disk cannot be mounted.
///
/// # Errors
/// What the system says; faults of the program are in the report.
pub fn campaign(
    program: &Path,
    folder: &Path,
    which: Which,
    seed: u64,
    count: u64,
) -> io::Result<Option<Report>> {
    match which {
        Which::Mutants => mutants::campaign(program, folder, seed, count).map(Some),
        Which::Kills => kills::campaign(program, folder, seed, count).map(Some),
        Which::Disk => disk::campaign(program, folder),
    }
}

/// Memory that a run on a small input may ask for, kB of address space.
pub const MOST_KB: u64 = 3_000_000;

/// What went wrong in a run; empty if nothing did.
#[derive(Debug, Default)]
pub struct Report {
    /// How many runs.
    pub runs: u64,
    /// How many of them ended with code 0, 1 and 2.
    pub codes: [u64; 3],
    /// One line for each fault, with what it takes to see it again.
    pub faults: Vec<String>,
}

impl Report {
    /// Adds another report's figures.
    pub fn add(&mut self, other: Self) {
        self.runs += other.runs;
        for (sum, more) in self.codes.iter_mut().zip(other.codes) {
            *sum += more;
        }
        self.faults.extend(other.faults);
    }

    /// Counts a run and says what is wrong with how it ended.
    pub fn ended(&mut self, what: &str, status: ExitStatus, err: &[u8]) {
        self.runs += 1;
        let text = String::from_utf8_lossy(err);
        match status.code() {
            Some(code @ 0..=2) => self.codes[code as usize] += 1,
            code => {
                self.faults.push(format!("{what}: ended with {code:?} ({status}): {}", first_line(&text)))
            }
        }
        if text.contains("panicked at") {
            self.faults.push(format!("{what}: panic: {}", first_line(&text)));
        }
    }
}

fn first_line(text: &str) -> String {
    let line =
        text.lines().find(|line| line.contains("panicked") || line.contains("error")).or(text.lines().next());
    line.unwrap_or("").chars().take(200).collect()
}

/// The program with arguments in a folder, under a limit of memory, with nothing to read.
pub fn limited(program: &Path, folder: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -v \"$1\"; shift; exec \"$@\"", "sh"])
        .arg(MOST_KB.to_string())
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}
