//! What TOML 1.0 does not know. Settings are read by several programs, some of which know only that version.

/// The first line on which a text uses what only later versions of TOML allow: a line break or a comma at the end within `{ }`,
/// the escapes `\e` and `\x`. `None` if there is none; whether the rest is TOML is not looked at.
///
/// ```
/// assert_eq!(clearway_model::newer_toml("a = {b = 1}\n# {,}\nc = 'x\\e'"), None);
/// assert_eq!(clearway_model::newer_toml("d = 1\na = {b = 1,}"), Some(2));
/// ```
pub fn newer_toml(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut line) = (0, 1);
    let mut open: Vec<u8> = Vec::new();
    let mut last = b' ';
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' if open.last() == Some(&b'{') => return Some(line),
            b'}' if last == b',' => return Some(line),
            b'\n' => line += 1,
            b'#' => {
                at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'{' | b'[' => open.push(byte),
            b'}' | b']' => drop(open.pop()),
            b'"' | b'\'' => {
                let text = &bytes[at..];
                let quotes = if text.starts_with(&[byte; 3]) { 3 } else { 1 };
                let mut end = quotes;
                while end < text.len() && !text[end..].starts_with(&[byte; 3][..quotes]) {
                    match text[end] {
                        b'\n' => line += 1,
                        b'\\' if byte == b'"' => {
                            end += 1;
                            if matches!(text.get(end), Some(b'e' | b'x')) {
                                return Some(line);
                            }
                            line += usize::from(text.get(end) == Some(&b'\n'));
                        }
                        _ => {}
                    }
                    end += 1;
                }
                at += end + quotes;
                last = byte;
                continue;
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::newer_toml;

    #[test]
    fn what_only_later_versions_allow_is_found_with_its_line() {
        assert_eq!(newer_toml("a = 1\nb = {c = 1,\n d = 2}"), Some(2));
        assert_eq!(newer_toml("a = 1\nb = {c = 1, }"), Some(2));
        assert_eq!(newer_toml("a = \"x\\e\""), Some(1));
        assert_eq!(newer_toml("a = \"\"\"\nx\\x41\"\"\""), Some(2));
    }

    #[test]
    fn what_the_first_version_allows_is_left_alone() {
        for text in [
            "a = [1,\n 2, # }\n]\n[[class]]\nid = \"{\"\n",
            "b = {c = [1,\n2,], d = \"}\"}",
            "c = '\\e'\nd = '''\n\\x\n'''\ne = \"\\\\e \\u00e9\"",
            "f = \"never closed",
            "",
        ] {
            assert_eq!(newer_toml(text), None, "{text}");
        }
    }
}
