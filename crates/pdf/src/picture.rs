//! Pictures of a page as files of their own.

use crate::PdfError;
use crate::markup::{Element, Node};
use crate::style::PageStyle;

/// A picture that needs nothing around it.
pub(crate) struct Picture {
    /// As SVG.
    pub svg: String,
    /// What it is, for those who cannot see it.
    pub label: String,
    /// Width and height, px.
    pub size_px: [f64; 2],
}

impl Picture {
    /// A picture of a page; a map is `width_px` wide, whatever units it is drawn in.
    pub fn new(svg: &Element, width_px: Option<f64>, style: &PageStyle) -> Result<Self, PdfError> {
        let wrong = || PdfError::Page("a picture has no size".to_owned());
        let view: Vec<f64> = svg
            .attribute("viewBox")
            .split(' ')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| wrong())?;
        let &[_, _, width, height] = view.as_slice() else { return Err(wrong()) };
        if !(width > 0.0 && height > 0.0) {
            return Err(wrong());
        }
        let cell = width_px.filter(|px| *px >= 1.0).map_or(1.0, |px| (width / px).round().max(1.0));
        let mut drawn = svg.clone();
        if cell > 1.0 {
            in_pixels(&mut drawn, cell);
        }
        let size_px = [width / cell, height / cell];
        set(&mut drawn, "xmlns", "http://www.w3.org/2000/svg");
        set(&mut drawn, "width", &size_px[0].to_string());
        set(&mut drawn, "height", &size_px[1].to_string());
        let rules = Node::Text(style.picture_rules.clone());
        let style = Element { tag: "style".to_owned(), children: vec![rules], ..Element::default() };
        drawn.children.insert(0, Node::Element(style));
        let mut xml = String::new();
        drawn.write_xml(&mut xml);
        Ok(Self { svg: xml, label: svg.attribute("aria-label").to_owned(), size_px })
    }
}

/// Sets an attribute that an element may have already.
fn set(element: &mut Element, name: &str, value: &str) {
    element.attributes.retain(|(key, _)| key != name);
    element.attributes.push((name.to_owned(), value.to_owned()));
}

/// Redraws a map in pixels. Maps are drawn in cells, many to a pixel, with strokes that keep their width (`vector-effect`); that is not
/// known to every reader of pictures, so that here the lines get smaller instead. Marks are drawn in pixels already, as large as a scale
/// makes them.
fn in_pixels(element: &mut Element, cell: f64) {
    for (name, value) in &mut element.attributes {
        match (element.tag.as_str(), name.as_str()) {
            (_, "viewBox" | "d") | ("pattern" | "rect", "width" | "height") => *value = divided(value, cell),
            ("g", "transform") => {
                let place = value.split_once(" scale(").map_or(value.as_str(), |(place, _)| place);
                *value = divided(place, cell);
            }
            _ => {}
        }
    }
    // what stands within a mark is in pixels
    let is_mark = element.tag == "g";
    for child in element.children.iter_mut().filter(|_| !is_mark) {
        if let Node::Element(child) = child {
            in_pixels(child, cell);
        }
    }
}

/// A text with every number in it divided.
fn divided(text: &str, by: f64) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut number = String::new();
    for c in text.chars().chain([' ']) {
        let begins = c == '-' && !number.is_empty();
        if (c.is_ascii_digit() || c == '.' || c == '-') && !begins {
            number.push(c);
            continue;
        }
        push_divided(&mut out, &number, by);
        number.clear();
        if begins { number.push(c) } else { out.push(c) }
    }
    out.pop();
    out
}

fn push_divided(out: &mut String, number: &str, by: f64) {
    match number.parse::<f64>() {
        // a thousandth of a pixel is less than any printer shows
        Ok(value) => out.push_str(&format!("{}", (value / by * 1000.0).round() / 1000.0)),
        Err(_) => out.push_str(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_divided_one_by_one() {
        assert_eq!(divided("M8 16-4-8h.8z", 8.0), "M1 2-0.5-1h0.1z");
        assert_eq!(divided("translate(12 -8)", 8.0), "translate(1.5 -1)");
        assert_eq!(divided("", 8.0), "");
    }

    #[test]
    fn a_map_is_redrawn_in_pixels_and_its_marks_stay() {
        let page = "<!doctype html><svg class=\"map\" viewBox=\"0 0 800 400\" aria-label=\"x &lt; y\"><path class=\"road\" d=\"M8 8l-16 0\"/><g transform=\"translate(80 40) scale(8)\"><circle r=\"8\"/></g></svg>";
        let page = crate::markup::parse(page).unwrap();
        let style = PageStyle::new(".map .road { stroke-width: 2 }");
        let picture = Picture::new(page.find("svg").unwrap(), Some(100.0), &style).unwrap();
        assert_eq!(picture.size_px, [100.0, 50.0]);
        assert_eq!(picture.label, "x < y");
        assert_eq!(
            picture.svg,
            "<svg class=\"map\" viewBox=\"0 0 100 50\" aria-label=\"x &lt; y\" xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"50\"><style>.map .road {stroke-width: 2}\n</style><path class=\"road\" d=\"M1 1l-2 0\"></path><g transform=\"translate(10 5)\"><circle r=\"8\"></circle></g></svg>"
        );
    }
}
