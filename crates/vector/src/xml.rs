//! A tree of elements out of XML: names without their prefixes, text, attributes.

use clearway_model::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Elements at most, and how deep they may lie within each other.
const MOST_ELEMENTS: usize = 5_000_000;
const DEEPEST: usize = 200;

/// An element.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct XmlElement {
    /// Name without prefix.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Its own text.
    pub text: String,
    pub children: Vec<XmlElement>,
}

impl XmlElement {
    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name, or nothing.
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// An attribute, or nothing.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// All elements of a name below this one, in the order of the file.
    pub fn below<'a>(&'a self, name: &str, found: &mut Vec<&'a Self>) {
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            child.below(name, found);
        }
    }
}

/// The name of the outermost element, where the bytes are XML.
pub(crate) fn root(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let begin = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if bytes.get(begin) != Some(&b'<') {
        return None;
    }
    let mut reader = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => return Some(local(element.name().as_ref())),
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => buffer.clear(),
        }
    }
}

fn local(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

fn element(start: &BytesStart<'_>) -> XmlElement {
    let attributes = start
        .attributes()
        .flatten()
        .map(|attribute| {
            let value = String::from_utf8_lossy(&attribute.value).into_owned();
            let value =
                quick_xml::escape::unescape(&value).map_or_else(|_| value.clone(), |text| text.into_owned());
            (local(attribute.key.as_ref()), value)
        })
        .collect();
    XmlElement { name: local(start.name().as_ref()), attributes, ..XmlElement::default() }
}

/// What stands for a letter: one of the five names, or its number.
fn letter(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    let name = String::from_utf8_lossy(reference).into_owned();
    match name.as_str() {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        // entities of one's own are not followed
        other => format!("&{other};"),
    }
}

/// The whole document.
pub(crate) fn tree(file: &str, bytes: &[u8]) -> Result<XmlElement, Box<Fault>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line = |at: u64| {
        let upto = usize::try_from(at).unwrap_or(0).min(bytes.len());
        format!("line {}", bytes[..upto].iter().filter(|&&byte| byte == b'\n').count() + 1)
    };
    let fault = |at: u64, expected: &str, hint: String| {
        Box::new(Fault::error(file, line(at), expected.to_owned()).hint(hint))
    };
    let mut reader = Reader::from_reader(bytes);
    let (mut buffer, mut open, mut count) = (Vec::new(), vec![XmlElement::default()], 0);
    loop {
        let event = reader.read_event_into(&mut buffer);
        let at = reader.buffer_position();
        match event.map_err(|error| fault(at, "XML", format!("{error}; is the file cut off?")))? {
            Event::Start(start) => {
                count += 1;
                if open.len() > DEEPEST || count > MOST_ELEMENTS {
                    return Err(fault(
                        at,
                        &format!("at most {MOST_ELEMENTS} elements, {DEEPEST} deep"),
                        String::new(),
                    ));
                }
                open.push(element(&start));
            }
            Event::Empty(start) => {
                count += 1;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element(&start));
                }
            }
            Event::End(_) => {
                if open.len() > 1
                    && let Some(done) = open.pop()
                    && let Some(parent) = open.last_mut()
                {
                    parent.children.push(done);
                }
            }
            Event::Text(text) => {
                let text = text.decode().map_err(|error| fault(at, "text in UTF-8", error.to_string()))?;
                if let Some(inner) = open.last_mut() {
                    inner.text.push_str(&text);
                }
            }
            Event::CData(text) => {
                let text = text.decode().map_err(|error| fault(at, "text in UTF-8", error.to_string()))?;
                if let Some(inner) = open.last_mut() {
                    inner.text.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(inner) = open.last_mut() {
                    inner.text.push_str(&letter(&reference));
                }
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    match open.len() {
        1 => {
            let root = open.pop().and_then(|mut outside| outside.children.pop());
            root.ok_or_else(|| fault(0, "XML with an element", String::new()))
        }
        _ => {
            let name = open.last().map_or(String::new(), |inner| inner.name.clone());
            let at = bytes.len() as u64;
            Err(fault(at, &format!("the end of <{name}>"), "the file is cut off: get it again".to_owned()))
        }
    }
}
