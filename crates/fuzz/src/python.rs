//! The checker in Python, in one process that is asked again and again.

use serde_json::Value;
use std::io::{BufRead, BufReader, Error, Result, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The running checker.
#[derive(Debug)]
pub struct Python {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Python {
    /// Starts it; needs `python3`, 3.11 or later.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new("python3")
            .arg(here.join("check_server.py"))
            .arg(here.join("../../docs/reference"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = child.stdin.take().ok_or_else(|| Error::other("no way to write to python3"))?;
        let from = child.stdout.take().ok_or_else(|| Error::other("no way to read from python3"))?;
        Ok(Self { child, to, from: BufReader::new(from) })
    }

    /// What it says of a plan folder.
    ///
    /// # Errors
    /// Where it has ended.
    pub fn check(&mut self, dir: &Path) -> Result<Value> {
        writeln!(self.to, "{}", dir.display())?;
        self.to.flush()?;
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        serde_json::from_str(&line)
            .map_err(|error| Error::other(format!("the checker in Python ended: {error}")))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // it ends when nothing more can come; that it has ended already is no fault
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
