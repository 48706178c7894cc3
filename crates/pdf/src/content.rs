//! A page as what is typeset: its elements as JSON, which the template `report.typ` walks through.

use crate::isolate::{around_code, around_name};
use crate::markup::{Element, Node, parse, single_spaces};
use crate::picture::Picture;
use crate::style::PageStyle;
use crate::table::{ColumnWidths, texts};
use crate::{Paper, PdfError};
use serde_json::{Value, json};

/// Elements with texts in a line; in all others spaces between elements mean nothing.
const LINES: [&str; 12] = ["p", "li", "h1", "h2", "h3", "td", "th", "dt", "dd", "figcaption", "bdi", "data"];
/// Elements that are shown as they are, beside those that have a place of their own below.
const KNOWN: [&str; 20] = [
    "section",
    "div",
    "p",
    "ul",
    "li",
    "h1",
    "h2",
    "h3",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "bdi",
    "data",
    "span",
    "strong",
    "header",
    "main",
    "footer",
];
/// What stands in a legend beside a word.
const MARKS: [&str; 17] = [
    "way-mark",
    "used-mark",
    "critical-mark",
    "zone-mark",
    "own-mark",
    "site-mark",
    "hazard-mark",
    "road-mark",
    "arrived-mark",
    "bound-mark",
    "departed-mark",
    "evacuees-mark",
    "g0-mark",
    "g1-mark",
    "g2-mark",
    "single-mark",
    "single-later-mark",
];
/// Margins of a page, both sides together, pt.
const MARGINS_PT: f64 = 79.37;
/// Space between two columns, pt.
const GUTTER_PT: f64 = 18.0;
/// A word of more letters may be broken anywhere.
const LONG_WORD: usize = 24;
/// Letters of a part of it.
const PART: usize = 8;
/// A cell with more letters may be broken over two pages.
const LONG_CELL: usize = 600;

/// What the elements of a page are made with.
struct Maker {
    style: PageStyle,
    is_rtl: bool,
    paper: Paper,
}

/// Where an element stands.
#[derive(Clone, Copy)]
struct Place {
    /// Width that there is, pt.
    width_pt: f64,
    /// Width of the map around it, px.
    map_px: Option<f64>,
    /// Whether texts stand in a line.
    is_line: bool,
}

fn wrong(what: impl Into<String>) -> PdfError {
    PdfError::Page(what.into())
}

pub(crate) fn page_content(page: &str, paper: Paper) -> Result<Value, PdfError> {
    let page = parse(page)?;
    let root = page.find("html").ok_or_else(|| wrong("it has no root"))?;
    let missing = |tag: &str| wrong(format!("it has no <{tag}>"));
    let find = |tag: &str| root.find(tag).ok_or_else(|| missing(tag));
    let style = PageStyle::new(&find("style")?.text_as_written());
    let margins = ["top-left", "top-right", "bottom-left"].map(|place| style.margin(place));
    let [head_start, head_end, foot_start] = margins;
    let is_rtl = root.attribute("dir") == "rtl";
    let maker = Maker { style, is_rtl, paper };
    let [short, _] = paper.sides_pt();
    let place = Place { width_pt: short - MARGINS_PT, map_px: None, is_line: false };
    let part = |tag: &str| maker.children(find(tag)?, place);
    let main = maker.main(find("main")?, place)?;
    Ok(json!({
        "language": root.attribute("lang"),
        "is_rtl": is_rtl,
        "paper": paper.name(),
        "title": find("title")?.text(),
        "tool": generator(root),
        "head": [head_start?, head_end?],
        "foot": foot_start?,
        "colours": maker.style.colours,
        "header": part("header")?,
        "main": main,
        "footer": part("footer")?,
    }))
}

/// The program that has made the page.
fn generator(root: &Element) -> &str {
    let head = root.find("head");
    let mut metas = head.into_iter().flat_map(Element::elements);
    metas.find(|meta| meta.attribute("name") == "generator").map_or("", |meta| meta.attribute("content"))
}

impl Maker {
    /// The sections, those that need the long side of the paper together with their neighbours that do.
    fn main(&self, main: &Element, place: Place) -> Result<Vec<Value>, PdfError> {
        let [_, long] = self.paper.sides_pt();
        let mut made: Vec<Value> = Vec::new();
        let mut wide: Vec<Value> = Vec::new();
        for section in main.elements() {
            if section.has_class("wide") {
                wide.push(self.element(section, Place { width_pt: long - MARGINS_PT, ..place })?);
                continue;
            }
            if !wide.is_empty() {
                made.push(json!({ "tag": "wide", "class": "", "children": std::mem::take(&mut wide) }));
            }
            made.push(self.element(section, place)?);
        }
        if !wide.is_empty() {
            made.push(json!({ "tag": "wide", "class": "", "children": wide }));
        }
        Ok(made)
    }

    fn children(&self, parent: &Element, place: Place) -> Result<Vec<Value>, PdfError> {
        let is_line = place.is_line || LINES.contains(&parent.tag.as_str());
        let mut made = Vec::new();
        let last = parent.children.len().saturating_sub(1);
        for (at, child) in parent.children.iter().enumerate() {
            match child {
                Node::Element(element) => made.push(self.element(element, Place { is_line, ..place })?),
                Node::Text(text) => {
                    let mut text = single_spaces(text);
                    // at the ends of what is a line of its own spaces mean nothing
                    if !place.is_line && at == 0 {
                        text = text.trim_start_matches(' ').to_owned();
                    }
                    if !place.is_line && at == last {
                        text = text.trim_end_matches(' ').to_owned();
                    }
                    if text.is_empty() || (!is_line && text == " ") {
                        continue;
                    }
                    made.push(Value::String(text));
                }
            }
        }
        Ok(made)
    }

    fn element(&self, element: &Element, place: Place) -> Result<Value, PdfError> {
        let tag = element.tag.as_str();
        match tag {
            "table" => return self.table(element, place),
            "svg" => return self.picture(element, place),
            "code" => return Ok(self.code(element)),
            "br" => return Ok(json!({ "tag": "br", "class": "", "children": [] })),
            "i" => {
                let class = element.attribute("class");
                if !MARKS.contains(&class) {
                    return Err(wrong(format!("the mark {class:?} of a legend is not known")));
                }
                return Ok(json!({ "tag": "mark", "class": class, "children": [] }));
            }
            "div" if element.has_class("map-sheet") => return self.map_sheet(element, place),
            _ if !KNOWN.contains(&tag) => return Err(wrong(format!("<{tag}> is not known"))),
            _ => {}
        }
        let mut inner = place;
        if element.has_class("mapped") {
            let style = element.attribute("style");
            let px = style.strip_prefix("max-width: ").and_then(|rest| rest.strip_suffix("px"));
            inner.map_px =
                Some(px.and_then(|px| px.parse().ok()).ok_or_else(|| wrong("a map has no width"))?);
        }
        if element.has_class("columns") {
            inner.width_pt = (place.width_pt - GUTTER_PT) / 2.0;
        }
        let mut children = self.children(element, inner)?;
        if tag == "bdi" {
            isolate(&mut children, around_name(&element.text(), self.is_rtl));
        }
        Ok(json!({ "tag": tag, "class": element.attribute("class"), "children": children }))
    }

    /// A command, a digest or the name of a file. Digests are broken over lines without a letter that a copy would have.
    fn code(&self, element: &Element) -> Value {
        let text = element.text();
        let letters: Vec<char> = text.chars().collect();
        let is_one_word = !text.contains(' ') && letters.len() > LONG_WORD;
        let mut parts: Vec<Value> = if is_one_word {
            letters.chunks(PART).map(|part| json!({ "part": part.iter().collect::<String>() })).collect()
        } else {
            vec![Value::String(text.clone())]
        };
        isolate(&mut parts, around_code(&text, self.is_rtl || is_one_word));
        json!({ "tag": "code", "class": "", "children": parts })
    }

    fn picture(&self, svg: &Element, place: Place) -> Result<Value, PdfError> {
        let picture = Picture::new(svg, place.map_px, &self.style)?;
        Ok(json!({
            "tag": "svg", "class": svg.attribute("class"), "children": [],
            "svg": picture.svg, "label": picture.label, "size_px": picture.size_px,
        }))
    }

    /// A map with its arrow to the north and its scale bar.
    fn map_sheet(&self, sheet: &Element, place: Place) -> Result<Value, PdfError> {
        let svg = sheet.find("svg").ok_or_else(|| wrong("a map has no picture"))?;
        let of = |class: &str| sheet.elements().find(|element| element.has_class(class));
        let bar = of("bar").ok_or_else(|| wrong("a map has no scale bar"))?;
        let percent = bar.attribute("style").strip_prefix("width: ").and_then(|rest| rest.strip_suffix('%'));
        let percent: f64 = percent
            .and_then(|percent| percent.parse().ok())
            .ok_or_else(|| wrong("a scale bar has no length"))?;
        let north = of("north").map(|north| north.text().replace('\u{25b2}', "").trim().to_owned());
        Ok(json!({
            "tag": "map", "class": "", "children": [], "picture": self.picture(svg, place)?,
            "bar_percent": percent, "bar_label": bar.text(), "north": north.unwrap_or_default(),
        }))
    }

    fn table(&self, table: &Element, place: Place) -> Result<Value, PdfError> {
        let rows_of = |tag: &str| -> Vec<&Element> {
            table.find(tag).map(|part| part.elements().collect()).unwrap_or_default()
        };
        let (heads, bodies) = (rows_of("thead"), rows_of("tbody"));
        let all: Vec<&Element> = heads.iter().chain(&bodies).copied().collect();
        let columns = texts(&all);
        if all.iter().any(|row| row.elements().count() != columns.len()) {
            return Err(wrong("the rows of a table differ in length"));
        }
        let widths = ColumnWidths::new(&columns, place.width_pt);
        let rows = |rows: &[&Element]| -> Result<Vec<Value>, PdfError> {
            let row = |row: &&Element| {
                let cells: Result<Vec<Value>, PdfError> =
                    row.elements().map(|cell| self.cell(cell, place)).collect();
                cells.map(Value::Array)
            };
            rows.iter().map(row).collect()
        };
        Ok(json!({
            "tag": "table", "class": table.attribute("class"), "children": [],
            "widths": widths.widths, "scale": widths.scale, "heads": rows(&heads)?, "rows": rows(&bodies)?,
        }))
    }

    fn cell(&self, cell: &Element, place: Place) -> Result<Value, PdfError> {
        if !["td", "th"].contains(&cell.tag.as_str()) {
            return Err(wrong(format!("<{}> stands in a row", cell.tag)));
        }
        Ok(json!({
            "children": self.children(cell, place)?,
            "is_number": cell.has_class("n"),
            "is_head": cell.tag == "th",
            "is_long": cell.text().chars().count() > LONG_CELL,
        }))
    }
}

/// Puts marks around what is to keep its own direction.
fn isolate(children: &mut Vec<Value>, marks: Option<[String; 2]>) {
    if let Some([begin, end]) = marks {
        children.insert(0, Value::String(begin));
        children.push(Value::String(end));
    }
}
