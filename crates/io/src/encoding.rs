//! Bytes to text: UTF-8 with or without byte-order mark, and nothing else; says which line is not.

use clearway_model::Fault;

const SAVE_AS: &str = "save it again as UTF-8; in a spreadsheet choose 'CSV UTF-8 (comma delimited)'";

/// The text of a file without its byte-order mark, or the fault that names the first line that is not UTF-8.
pub(crate) fn decode<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b str, Box<Fault>> {
    let wrong = |place: String, found: String, hint: &str| {
        Box::new(Fault::error(file, place, "text in UTF-8").field("encoding", found).hint(hint))
    };
    if bytes.starts_with(b"PK\x03\x04") {
        let hint = "it is a zip archive or a spreadsheet workbook under another name; save the sheet as CSV";
        return Err(wrong("line 1".into(), "zip archive".into(), hint));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || looks_like_utf16(bytes) {
        return Err(wrong("line 1".into(), "UTF-16".into(), SAVE_AS));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes[..at].iter().filter(|&&b| b == b'\n').count() + 1;
            let others = invalid_lines(bytes).saturating_sub(1);
            let mut found = format!("byte 0x{:02X} after {:?}", bytes[at], text_before(bytes, at));
            if others > 0 {
                found.push_str(&format!(", and {others} more line(s)"));
            }
            Err(wrong(format!("line {line}"), found, SAVE_AS))
        }
    }
}

/// UTF-16 of mostly Latin text has a zero byte in every second place.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1000)];
    head.len() >= 4 && head.iter().filter(|&&b| b == 0).count() * 3 >= head.len()
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

    #[test]
    fn latin_1_is_named_with_its_line() {
        let fault = decode("zones.csv", b"zone_id,name\nZ1,Caf\xe9\nZ2,ok\nZ3,\xe9\n").unwrap_err();
        assert_eq!((fault.file.as_str(), fault.place.as_str()), ("zones.csv", "line 2"));
        assert_eq!(fault.found, "byte 0xE9 after \"Z1,Caf\", and 1 more line(s)");
    }

    #[test]
    fn utf_16_and_workbooks_are_recognised() {
        let utf16: Vec<u8> = "zone_id,name\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode("zones.csv", &utf16).unwrap_err().found, "UTF-16");
        assert_eq!(decode("zones.csv", &[0xfe, 0xff, 0, 65]).unwrap_err().found, "UTF-16");
        assert_eq!(decode("zones.csv", b"PK\x03\x04....").unwrap_err().found, "zip archive");
        assert_eq!(decode("zones.csv", b"\xef\xbb\xbfa").unwrap(), "a");
    }
}
