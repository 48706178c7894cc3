//! The markup of report pages as a tree. Not HTML at large: what our templates write, with every element closed and every attribute in
//! double quotes.

use crate::PdfError;
use std::fmt::Write;

/// Elements without content.
const VOID: [&str; 2] = ["meta", "br"];

/// A piece of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Text(String),
    Element(Element),
}

/// An element with what is in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Element {
    pub tag: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

impl Element {
    /// The value of an attribute; empty where it has none.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").split(' ').any(|one| one == class)
    }

    /// The elements in it, without the texts between them.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of a tag in it, however deep.
    pub fn find(&self, tag: &str) -> Option<&Self> {
        self.elements().find_map(|child| if child.tag == tag { Some(child) } else { child.find(tag) })
    }

    /// All text in it, with single spaces.
    pub fn text(&self) -> String {
        single_spaces(&self.text_as_written()).trim_matches(' ').to_owned()
    }

    /// The text in it with all its spaces.
    pub fn text_as_written(&self) -> String {
        let own = |child: &Node| match child {
            Node::Text(text) => text.clone(),
            Node::Element(element) => element.text_as_written(),
        };
        self.children.iter().map(own).collect()
    }

    /// As XML.
    pub fn write_xml(&self, out: &mut String) {
        let _ = write!(out, "<{}", self.tag);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"{}\"", escaped(value));
        }
        out.push('>');
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(&escaped(text)),
                Node::Element(element) => element.write_xml(out),
            }
        }
        let _ = write!(out, "</{}>", self.tag);
    }
}

/// Runs of spaces and ends of lines as one space; a space that does not break stays.
pub(crate) fn single_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_ascii_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn wrong(what: impl Into<String>) -> PdfError {
    PdfError::Page(what.into())
}

/// Reads a page.
pub(crate) fn parse(page: &str) -> Result<Element, PdfError> {
    let rest = page.trim_start();
    let mut rest = rest.strip_prefix("<!doctype html>").ok_or_else(|| wrong("it does not begin as one"))?;
    let mut open = vec![Element::default()];
    while let Some((text, markup)) = rest.split_once('<') {
        add(&mut open, Node::Text(unescaped(text)?));
        let end = tag_end(markup).ok_or_else(|| wrong("a tag is not closed"))?;
        let tag = &markup[..end];
        rest = &markup[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            close(&mut open, name)?;
            continue;
        }
        let (tag, is_empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let mut element = element(tag)?;
        if element.tag == "style" {
            let (style, after) = rest.split_once("</style>").ok_or_else(|| wrong("a style has no end"))?;
            element.children.push(Node::Text(style.to_owned()));
            rest = after;
            add(&mut open, Node::Element(element));
        } else if is_empty || VOID.contains(&element.tag.as_str()) {
            add(&mut open, Node::Element(element));
        } else {
            open.push(element);
        }
    }
    match (open.pop(), open.pop()) {
        (Some(page), None) => Ok(page),
        (Some(element), _) => Err(wrong(format!("<{}> is not closed", element.tag))),
        _ => Err(wrong("it is empty")),
    }
}

/// Where a tag ends: at the first `>` outside quotes.
fn tag_end(markup: &str) -> Option<usize> {
    let mut is_quoted = false;
    markup.find(|c| {
        is_quoted ^= c == '"';
        c == '>' && !is_quoted
    })
}

fn add(open: &mut [Element], node: Node) {
    let is_nothing = matches!(&node, Node::Text(text) if text.is_empty());
    if let Some(parent) = open.last_mut().filter(|_| !is_nothing) {
        parent.children.push(node);
    }
}

fn close(open: &mut Vec<Element>, name: &str) -> Result<(), PdfError> {
    match open.pop() {
        Some(element) if element.tag == name && !open.is_empty() => {
            add(open, Node::Element(element));
            Ok(())
        }
        Some(element) => Err(wrong(format!("</{name}> closes <{}>", element.tag))),
        None => Err(wrong(format!("</{name}> closes nothing"))),
    }
}

/// An element of what stands between `<` and `>`.
fn element(tag: &str) -> Result<Element, PdfError> {
    let (name, mut rest) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
    let mut element = Element { tag: name.to_owned(), ..Element::default() };
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(element);
        }
        let attribute = rest.split_once("=\"").and_then(|(name, rest)| {
            let (value, rest) = rest.split_once('"')?;
            Some((name, value, rest))
        });
        let Some((name, value, after)) = attribute else {
            return Err(wrong(format!("<{tag}> has an attribute without a value")));
        };
        element.attributes.push((name.to_owned(), unescaped(value)?));
        rest = after;
    }
}

/// A text with its references resolved.
fn unescaped(text: &str) -> Result<String, PdfError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) =
            after.split_once(';').ok_or_else(|| wrong("a reference to a letter has no end"))?;
        out.push(letter(name).ok_or_else(|| wrong(format!("&{name}; is not known")))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn letter(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        "middot" => Some('\u{b7}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(number) => u32::from_str_radix(number, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Element, PdfError> {
        parse(&format!("<!doctype html>\n<body>{body}</body>"))
    }

    #[test]
    fn texts_and_attributes_are_what_they_stand_for() {
        let page =
            read("<p class=\"a b\" title=\"1 &gt; 0 >\">x &amp; <bdi>&#x27;&#39;&lt;i&gt;</bdi><br>y</p>")
                .unwrap();
        let paragraph = page.find("p").unwrap();
        assert!(paragraph.has_class("a") && paragraph.has_class("b") && !paragraph.has_class("a b"));
        assert_eq!(paragraph.attribute("title"), "1 > 0 >");
        assert_eq!(paragraph.text(), "x & ''<i>y");
        let mut xml = String::new();
        page.find("bdi").unwrap().write_xml(&mut xml);
        assert_eq!(xml, "<bdi>''&lt;i&gt;</bdi>");
    }

    #[test]
    fn what_our_templates_never_write_is_refused() {
        for body in ["<p>", "<p></i>", "</p>", "<p class=a></p>", "&copy;", "&amp", "<p", "<style>"] {
            assert!(read(body).is_err(), "{body}");
        }
        assert!(parse("<html></html>").is_err());
    }
}
