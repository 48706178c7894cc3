//! How much memory may be used.

use crate::failure::Failure;
use crate::usage::{available_bytes, rss_bytes};
use bytesize::ByteSize;
use clearway_plan::memory::at_least;
use std::io::Read;
use std::path::Path;

/// Memory that may be used: as given, else what the system has, with what this process has already; `None` where nothing is known.
pub fn allowed(given: Option<ByteSize>) -> Option<ByteSize> {
    given.or_else(|| available_bytes().map(|bytes| ByteSize(bytes + rss_bytes())))
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

/// Says that a plan is made with longer steps.
pub fn coarser_words(usual_bytes: u64, allowed_bytes: u64, times: u32) -> String {
    let (usual, allowed) = (ByteSize(usual_bytes), ByteSize(allowed_bytes));
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
        let words = coarser_words(900_000_000, 700_000_000, 2);
        assert!(
            words.contains("900.0 MB") && words.contains("700.0 MB") && words.contains("2 times"),
            "{words}"
        );
    }
}
