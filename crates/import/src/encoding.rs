//! Which encoding a text has that is not UTF-8.

use std::path::Path;

use crate::ImportError;

/// The fault of a text that is not UTF-8 from byte `at` on.
pub(crate) fn fault(path: &Path, bytes: &[u8], at: usize) -> ImportError {
    let line = bytes[..at.min(bytes.len())].iter().filter(|b| **b == b'\n').count() + 1;
    let (found, name) = guess(bytes);
    named(path, format!("line {line}"), found, name)
}

/// The fault of a text at some place, of which some bytes are known and the encoding that it says it has.
pub(crate) fn fault_at(path: &Path, place: String, bytes: &[u8], stated: Option<&str>) -> ImportError {
    let (found, name) = guess(bytes);
    match stated {
        Some(stated) => named(path, place, stated, stated),
        None => named(path, place, found, name),
    }
}

fn named(path: &Path, place: String, found: &str, name: &str) -> ImportError {
    let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let sheet = if file.to_ascii_lowercase().ends_with(".csv") {
        ", or save it in a spreadsheet as 'CSV UTF-8 (comma delimited)'"
    } else {
        ""
    };
    ImportError::Encoding {
        path: path.to_path_buf(),
        place,
        found: found.into(),
        hint: format!("`iconv -f {name} -t UTF-8 {file} > new-{file}` makes UTF-8 of it{sheet}"),
    }
}

/// In words, and the name that `iconv` has for it. Which letters were meant cannot be told from bytes alone: the words say what is likely.
fn guess(bytes: &[u8]) -> (&'static str, &'static str) {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return ("UTF-16", "UTF-16");
    }
    // Each way of writing two bytes a letter is followed to the end.
    let sjis = is_pairs(
        bytes,
        |b| matches!(b, 0x81..=0x9f | 0xe0..=0xfc),
        |b| matches!(b, 0x40..=0x7e | 0x80..=0xfc),
        |b| matches!(b, 0xa1..=0xdf),
    );
    let euc = is_pairs(bytes, |b| matches!(b, 0xa1..=0xfe), |b| matches!(b, 0xa1..=0xfe), |_| false);
    let gbk =
        is_pairs(bytes, |b| matches!(b, 0x81..=0xfe), |b| matches!(b, 0x40..=0x7e | 0x80..=0xfe), |_| false);
    // Codes that are control characters in Latin-1. In western texts letters beyond ASCII stand alone.
    let low_lead = bytes.iter().any(|b| matches!(b, 0x81..=0x9f));
    if !bytes.windows(2).any(|pair| pair.iter().all(|b| *b >= 0x80)) {
        return WESTERN;
    }
    if sjis && low_lead {
        ("most likely Shift-JIS (CP932), as spreadsheets in Japan save it", "CP932")
    } else if euc {
        ("most likely an East Asian encoding (GB 18030, EUC-KR or EUC-JP; for Japan try EUC-JP)", "GB18030")
    } else if gbk && low_lead {
        ("most likely GB 18030, as spreadsheets in China save it", "GB18030")
    } else {
        WESTERN
    }
}

const WESTERN: (&str, &str) =
    ("most likely Windows-1252 or Latin-1, as spreadsheets in western Europe save it", "WINDOWS-1252");

/// Whether a text is ASCII, single bytes and pairs of a leading and a trailing byte.
fn is_pairs(bytes: &[u8], lead: fn(u8) -> bool, trail: fn(u8) -> bool, single: fn(u8) -> bool) -> bool {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 || single(byte) {
            at += 1;
        } else if lead(byte) && bytes.get(at + 1).is_some_and(|b| trail(*b)) {
            at += 2;
        } else {
            return false;
        }
    }
    true
}
