//! How much memory may be used, and what to do with a plan that needs more.

use crate::failure::Failure;
use crate::usage::{available_bytes, rss_bytes};
use bytesize::ByteSize;
use clearway_model::Scenario;
use clearway_plan::PlanOptions;
use clearway_plan::memory::{at_least, estimate, finest_that_fits};
use std::io::Read;
use std::path::Path;

/// How many times as long as usual the steps must be for a plan to fit; says so if it is more than once.
///
/// # Errors
/// [`Failure::Memory`] if it does not fit at all.
pub fn coarser(scenario: &Scenario, options: &PlanOptions, given: Option<ByteSize>) -> Result<u32, Failure> {
    // What this process has already is part of the estimate.
    let system = || available_bytes().map(|bytes| ByteSize(bytes + rss_bytes()));
    let Some(allowed) = given.or_else(system) else { return Ok(1) };
    let usual = ByteSize(estimate(scenario, options, 1));
    match finest_that_fits(scenario, options, allowed.as_u64()) {
        Ok(1) => Ok(1),
        Ok(times) => {
            eprintln!("{}", coarser_words(usual, allowed, times));
            Ok(times)
        }
        Err(least) => Err(Failure::Memory { usual, least: ByteSize(least), allowed }),
    }
}

/// Refuses a folder whose tables have so many rows that no plan fits, before they are read: reading takes memory too.
///
/// # Errors
/// [`Failure::Memory`].
pub fn refuse_before_reading(dir: &Path, given: Option<ByteSize>) -> Result<(), Failure> {
    let Some(allowed) = given else { return Ok(()) };
    let rows = |name: &str| rows(&dir.join(name)).unwrap_or(0);
    let [usual, least] = at_least(rows("link.csv") + rows("connectors.csv"), rows("zones.csv"));
    if least <= allowed.as_u64() {
        return Ok(());
    }
    Err(Failure::Memory { usual: ByteSize(usual), least: ByteSize(least), allowed })
}

/// Rows of a table below its header: ends of lines that are not in quotes.
fn rows(path: &Path) -> std::io::Result<u64> {
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; 64 << 10];
    let (mut rows, mut is_quoted) = (0u64, false);
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(rows.saturating_sub(1));
        }
        for byte in &buffer[..n] {
            match byte {
                b'"' => is_quoted = !is_quoted,
                b'\n' if !is_quoted => rows += 1,
                _ => {}
            }
        }
    }
}

fn coarser_words(usual: ByteSize, allowed: ByteSize, times: u32) -> String {
    format!(
        "a plan of this size takes about {} of memory, and {} may be used: planning with steps {times} times as long; \
         the bound holds all the same, it may be lower",
        usual.display().si(),
        allowed.display().si(),
    )
}

/// Reads `4GiB`, `800MB`.
pub fn size(text: &str) -> Result<ByteSize, String> {
    text.parse().map_err(|_| "expected an amount of memory, e.g. 4GiB, 800MB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("4GiB"), Ok(ByteSize(4 << 30)));
        assert_eq!(size("800MB"), Ok(ByteSize(800_000_000)));
        assert!(size("much").is_err_and(|text| text.contains("800MB")));
    }

    #[test]
    fn rows_are_counted_without_reading_the_table() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("link.csv");
        std::fs::write(&path, "link_id,name\n1,\"a\nb\"\n2,\"say \"\"so\"\"\"\n").unwrap();
        assert_eq!(rows(&path).unwrap(), 2);
    }

    #[test]
    fn what_is_coarser_says_so() {
        let words = coarser_words(ByteSize::mb(900), ByteSize::mb(700), 2);
        assert!(
            words.contains("900.0 MB") && words.contains("700.0 MB") && words.contains("2 times"),
            "{words}"
        );
    }
}
