//! XML text: what may stand in it, and elements one after the other.

use std::fmt::Write;

/// Text for an element or an attribute. What XML 1.0 has no place for (control characters) is spelled out, as everywhere.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A document that is written element by element, indented.
pub(crate) struct XmlText {
    text: String,
    open: Vec<&'static str>,
}

impl XmlText {
    /// A document; `head` stands after the declaration, e.g. a document type.
    pub fn new(head: &str) -> Self {
        Self { text: format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}"), open: Vec::new() }
    }

    fn begin(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        for _ in &self.open {
            self.text.push_str("  ");
        }
        let _ = write!(self.text, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.text, " {key}=\"{}\"", escaped(value));
        }
    }

    /// Opens an element.
    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.text.push_str(">\n");
        self.open.push(name);
    }

    /// Closes the element that was opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            for _ in &self.open {
                self.text.push_str("  ");
            }
            let _ = writeln!(self.text, "</{name}>");
        }
    }

    /// An element with text.
    pub fn element(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.begin(name, attributes);
        let _ = writeln!(self.text, ">{}</{name}>", escaped(text));
    }

    /// An element without contents.
    pub fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.text.push_str("/>\n");
    }

    /// The whole text, with everything closed.
    pub fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_cannot_become_markup() {
        assert_eq!(escaped("a<b>&\"'\u{7}"), "a&lt;b&gt;&amp;&quot;&apos;[U+0007]");
        let mut xml = XmlText::new("");
        xml.open("a", &[("k", "\"x\"")]);
        xml.element("b", &[], "1 < 2");
        let text = String::from_utf8(xml.finish()).unwrap();
        assert_eq!(
            text.lines().skip(1).collect::<Vec<_>>(),
            ["<a k=\"&quot;x&quot;\">", "  <b>1 &lt; 2</b>", "</a>"]
        );
    }
}
