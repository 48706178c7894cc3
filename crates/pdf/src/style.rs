//! What typesetting takes from the style sheet of a page: its colours, the texts in its margins, the rules of its pictures.

use crate::PdfError;
use std::collections::BTreeMap;

/// The style sheet of a page.
pub(crate) struct PageStyle {
    /// Colours by name, without the dashes.
    pub colours: BTreeMap<String, String>,
    /// Rules for pictures, every colour resolved, as they hold within a picture.
    pub picture_rules: String,
    text: String,
}

impl PageStyle {
    pub fn new(style: &str) -> Self {
        let text = without_comments(style);
        let mut colours = BTreeMap::new();
        let mut picture_rules = String::new();
        for (selectors, declarations) in rules(&text) {
            if selectors == ":root" {
                colours.extend(declared(declarations));
            }
        }
        for (selectors, declarations) in rules(&text) {
            // within a picture there is no figure around it
            let own: Vec<String> = selectors
                .split(',')
                .map(str::trim)
                .filter(|selector| is_of_picture(selector))
                .map(|selector| inside(selector).to_owned())
                .collect();
            if !own.is_empty() {
                picture_rules.push_str(&format!(
                    "{} {{{}}}\n",
                    own.join(", "),
                    resolved(declarations, &colours)
                ));
            }
        }
        Self { colours, picture_rules, text }
    }

    /// The text in a margin of a printed page, e.g. `top-left`.
    pub fn margin(&self, place: &str) -> Result<String, PdfError> {
        let missing = || PdfError::Page(format!("nothing says what stands at {place} of a printed page"));
        let (_, rest) = self.text.split_once(&format!("@{place} {{ content: \"")).ok_or_else(missing)?;
        let (string, _) = rest.split_once('"').ok_or_else(missing)?;
        Ok(unescaped(string))
    }
}

fn without_comments(style: &str) -> String {
    let mut out = String::new();
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

/// Selectors and declarations of the rules that hold on every medium.
fn rules(style: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = style;
    while let Some((selectors, after)) = rest.split_once('{') {
        let selectors = selectors.trim();
        let Some(end) = block_end(after) else { break };
        if !selectors.starts_with('@') {
            found.push((selectors, after[..end].trim()));
        }
        rest = &after[end + 1..];
    }
    found
}

/// Where a block ends whose beginning has been read.
fn block_end(text: &str) -> Option<usize> {
    let mut depth = 1;
    text.find(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

fn declared(declarations: &str) -> Vec<(String, String)> {
    let one = |declaration: &str| {
        let (name, value) = declaration.trim().strip_prefix("--")?.split_once(':')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    declarations.split(';').filter_map(one).collect()
}

/// A selector without the figure around a picture.
fn inside(selector: &str) -> &str {
    selector.strip_prefix(".drawing ").unwrap_or(selector)
}

/// Whether a selector is of a picture: of an element, or of a class of the picture itself.
fn is_of_picture(selector: &str) -> bool {
    let first = inside(selector).split([' ', ':', '[']).next().unwrap_or_default();
    first == "svg" || first.starts_with("svg.") || [".map", ".arrivals", ".hatch"].contains(&first)
}

fn resolved(declarations: &str, colours: &BTreeMap<String, String>) -> String {
    let mut out = declarations.to_owned();
    for (name, value) in colours {
        out = out.replace(&format!("var(--{name})"), value);
    }
    out
}

/// A string of CSS, in which `\22 ` stands for a letter by its number.
fn unescaped(string: &str) -> String {
    let mut out = String::new();
    let mut rest = string;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = after.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(after.len()).min(6);
        let (number, after) = after.split_at(digits);
        out.extend(u32::from_str_radix(number, 16).ok().and_then(char::from_u32));
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_pictures_stand_alone() {
        let style = PageStyle::new(
            "/* .map { } */ :root { --ink: #123; --s0: #456 } p, .map .a { stroke: var(--ink); } @media print { .map { x: y } }\n\
             .drawing svg .c0 { fill: var(--s0) } .mapped { x: y } @page { @top-left { content: \"Old \\22 Town\\22 \\3b  x\"; } }",
        );
        assert_eq!(style.picture_rules, ".map .a {stroke: #123;}\nsvg .c0 {fill: #456}\n");
        assert_eq!(style.colours["ink"], "#123");
        assert_eq!(style.margin("top-left").unwrap(), "Old \"Town\"; x");
        assert!(style.margin("top-right").is_err());
    }
}
