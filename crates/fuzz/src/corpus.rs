//! Cases that once went wrong, as edits by hand of a folder that holds: `corpus/TARGET/NAME.txt`.
//!
//! ```text
//! # why the case is kept
//! file scenario/link.csv
//! - 1200,600000
//! + 1200,-600000
//! ```
//!
//! `-` is a text that is replaced, all the times that it stands there, and `+` what it is replaced by (`\n`, `\r`, `\t` and `\\` as usual, `\xNN` a
//! byte); a `+` without a `-` before it replaces the whole file. `sign` at the end makes the digests fit again. `expect` says what both must
//! say: `holds`, `unreadable`, or a code.

use crate::base::{self, Files};

/// A case of the corpus.
#[derive(Debug)]
pub struct Case {
    /// The folder with its edits.
    pub files: Files,
    /// `holds`, `unreadable` or the code of a finding; several may be given.
    pub expect: Vec<String>,
}

/// Applies a case to a folder; the error says which line is wrong.
///
/// # Errors
/// A line that is none of the described ones, a file or text that is not there.
pub fn apply(text: &str, mut files: Files) -> Result<Case, String> {
    let old = base::digest(&files);
    let (mut name, mut from, mut expect) = (String::new(), None, Vec::new());
    for (number, line) in text.lines().enumerate() {
        let bad = |what: &str| format!("line {}: {what}", number + 1);
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "" | "#" => {}
            "file" => name = rest.to_owned(),
            "remove" => drop(files.remove(rest).ok_or_else(|| bad("no such file"))?),
            "-" => from = Some(unescape(rest)),
            "+" => {
                let to = unescape(rest);
                let old = files.entry(name.clone()).or_default();
                match from.take() {
                    None => *old = to,
                    Some(from) => {
                        *old = replace(old, &from, &to).ok_or_else(|| bad("the text is not there"))?
                    }
                }
            }
            "sign" => base::sign_again(&mut files, &old),
            "expect" => expect = rest.split_ascii_whitespace().map(str::to_owned).collect(),
            _ => return Err(bad("none of file, remove, -, +, sign, expect, #")),
        }
    }
    Ok(Case { files, expect })
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut at, mut found) = (Vec::new(), 0, false);
    while at < text.len() {
        if !from.is_empty() && text[at..].starts_with(from) {
            out.extend_from_slice(to);
            at += from.len();
            found = true;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    found.then_some(out)
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (byte, step) = match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(b'n')) => (b'\n', 2),
            (b'\\', Some(b'r')) => (b'\r', 2),
            (b'\\', Some(b't')) => (b'\t', 2),
            (b'\\', Some(b'\\')) => (b'\\', 2),
            (b'\\', Some(b'x')) => {
                let hex = text.get(at + 2..at + 4).and_then(|hex| u8::from_str_radix(hex, 16).ok());
                (hex.unwrap_or(b'?'), 4)
            }
            (byte, _) => (byte, 1),
        };
        out.push(byte);
        at += step;
    }
    out
}
