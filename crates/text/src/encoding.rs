//! Bytes to text: UTF-8 with or without byte-order mark, and nothing else; says what it is instead, and which line is not.

use crate::kind::{WantedFile, wrong_kind};
use chardetng::EncodingDetector;
use clearway_model::Fault;

const SAVE_AS: &str = "save it again as UTF-8; in a spreadsheet choose 'CSV UTF-8 (comma delimited)'";

/// The text of a file without its byte-order mark.
///
/// # Errors
/// A file of another kind, by name and with the command that converts it; or the fault that names the first line that is not UTF-8
/// and the encoding that it looks like.
pub fn decode<'b>(file: &str, bytes: &'b [u8], wanted: WantedFile) -> Result<&'b str, Box<Fault>> {
    let wrong = |place: String, found: String, hint: &str| {
        Box::new(Fault::error(file, place, "text in UTF-8").field("encoding", found).hint(hint))
    };
    if let Some(fault) = wrong_kind(file, bytes, wanted) {
        return Err(fault);
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || looks_like_utf16(bytes) {
        return Err(wrong("line 1".into(), "UTF-16".into(), &iconv(file, "UTF-16")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes[..at].iter().filter(|&&b| b == b'\n').count() + 1;
            // one line is shown; whether it is a slip or the whole file is another encoding, their number tells
            let others = invalid_lines(bytes).saturating_sub(1);
            let mut found = format!("byte 0x{:02X} after {:?}", bytes[at], text_before(bytes, at));
            if others > 0 {
                found.push_str(&format!(", and {others} more line(s)"));
            }
            let hint = guess(bytes).map_or_else(
                || SAVE_AS.to_owned(),
                |name| format!("it looks like {name}: {}", iconv(file, name)),
            );
            Err(wrong(format!("line {line}"), found, &hint))
        }
    }
}

/// The command that makes UTF-8 of a file, and the way of a spreadsheet.
fn iconv(file: &str, from: &str) -> String {
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, "txt"));
    format!("iconv -f {from} -t UTF-8 '{file}' > '{stem}-utf8.{ending}', or {SAVE_AS}")
}

/// The encoding that text which is not UTF-8 is most likely in, as iconv names it. Bytes of many zeros are no text.
fn guess(bytes: &[u8]) -> Option<&'static str> {
    if bytes.iter().take(4096).filter(|b| **b < 9).count() > 2 {
        return None;
    }
    let mut detector = EncodingDetector::new();
    detector.feed(bytes, true);
    Some(detector.guess(None, false).name()).filter(|name| *name != "UTF-8")
}

/// UTF-16 of mostly Latin text has a zero byte in every second place.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1000)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&b| b == 0).count() * 3;
    head.len() >= 4 && zeros(0).max(zeros(1)) >= head.len() && zeros(0).min(zeros(1)) * 4 < head.len()
}

fn invalid_lines(bytes: &[u8]) -> usize {
    bytes.split(|&b| b == b'\n').filter(|line| std::str::from_utf8(line).is_err()).count()
}

/// Up to 20 characters of the same line before the bad byte.
fn text_before(bytes: &[u8], at: usize) -> String {
    let begin = bytes[..at].iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
    let text = String::from_utf8_lossy(&bytes[begin..at]);
    let skip = text.chars().count().saturating_sub(20);
    text.chars().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &[u8]) -> Result<&str, Box<Fault>> {
        decode("zones.csv", bytes, WantedFile::Table)
    }

    #[test]
    fn latin_1_is_named_with_its_line() {
        let fault = table(b"zone_id,name\nZ1,Caf\xe9\nZ2,ok\nZ3,\xe9\n").unwrap_err();
        assert_eq!((fault.file.as_str(), fault.place.as_str()), ("zones.csv", "line 2"));
        assert_eq!(fault.found, "byte 0xE9 after \"Z1,Caf\", and 1 more line(s)");
        assert!(
            fault.hint.starts_with("it looks like windows-1252: iconv -f windows-1252"),
            "{}",
            fault.hint
        );
    }

    #[test]
    fn shift_jis_and_others_are_called_by_name() {
        // 避難所 (shelter), 東京都 (Tokyo) in Shift-JIS
        let bytes = b"zone_id,name\nZ1,\x94\xf0\x93\xef\x8f\x8a\nZ2,\x93\x8c\x8b\x9e\x93s\n";
        let fault = table(bytes).unwrap_err();
        assert!(fault.hint.contains("iconv -f Shift_JIS -t UTF-8 'zones.csv'"), "{}", fault.hint);
        // Привет, район in Windows-1251
        let bytes =
            b"zone_id,name\nZ1,\xcf\xf0\xe8\xe2\xe5\xf2 \xf0\xe0\xe9\xee\xed \xe3\xee\xf0\xee\xe4\xe0\n";
        let fault = table(bytes).unwrap_err();
        assert!(fault.hint.contains("windows-1251"), "{}", fault.hint);
    }

    #[test]
    fn utf_16_and_workbooks_are_recognised() {
        let utf16: Vec<u8> = "zone_id,name\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(table(&utf16).unwrap_err().found, "UTF-16");
        assert_eq!(table(&[0xfe, 0xff, 0, 65]).unwrap_err().found, "UTF-16");
        assert_eq!(table(b"PK\x03\x04....").unwrap_err().found, "a zip archive");
        assert_eq!(table(b"\xef\xbb\xbfa").unwrap(), "a");
    }
}
