//! Widths of the columns of a table. A browser finds them from what stands in the cells; here widths of letters are near enough.

use crate::isolate::is_right_to_left;
use crate::markup::Element;

/// Size of the letters of a table, pt.
const LETTERS_PT: f64 = 8.0;
/// Space beside a cell, both sides together, pt.
const PADDING_PT: f64 = 8.0;
/// Letters get no smaller than this share of their size.
const SMALLEST: f64 = 0.6;
/// A text that is no wider than this is better not broken, in the size of its letters.
const PHRASE_EM: f64 = 7.0;
/// How much wider bold letters are.
const BOLD: f64 = 1.14;
/// Words longer than this are broken: as wide as this many letters at most.
const LONGEST_WORD: f64 = 14.0;
/// As wide as a frame.
const FRAME: &str = "\u{a0}\u{a0}\u{a0}";
/// Lines of a cell beyond which its column gets no narrower but for its longest word.
const MOST_LINES: f64 = 10_000.0;
/// Halvings, until the number of lines is known well enough.
const ROUNDS: u32 = 40;

/// A text in a cell.
#[derive(Debug, Clone)]
pub(crate) struct CellText {
    text: String,
    is_head: bool,
}

impl CellText {
    fn new(cell: &Element) -> Self {
        let text = cell.text();
        let is_open = cell.elements().any(|inner| inner.has_class("open"));
        // a place to be filled in has a frame around it and is not broken
        let text = if is_open { text.replace(' ', "\u{a0}") + FRAME } else { text };
        Self { text, is_head: cell.tag == "th" }
    }

    fn factor(&self) -> f64 {
        if self.is_head { BOLD } else { 1.0 }
    }

    /// On one line.
    fn line_em(&self) -> f64 {
        width_em(&self.text) * self.factor()
    }

    /// Its longest word.
    fn word_em(&self) -> f64 {
        self.text.split(' ').map(width_em).fold(0.0, f64::max).min(LONGEST_WORD) * self.factor()
    }

    /// All of a short text, of a long one its longest word.
    fn phrase_em(&self) -> f64 {
        let line = self.line_em();
        if line <= PHRASE_EM && !self.is_head { line } else { self.word_em() }
    }
}

/// How the columns of a table share its width.
#[derive(Debug, PartialEq)]
pub(crate) struct ColumnWidths {
    /// Widths, pt.
    pub widths: Vec<f64>,
    /// Share of their usual size that letters have, 1 unless the longest words need more than there is.
    pub scale: f64,
}

impl ColumnWidths {
    /// Shares a width out over columns, given the texts of each.
    pub fn new(columns: &[Vec<CellText>], available_pt: f64) -> Self {
        let widest = |width: fn(&CellText) -> f64| -> Vec<f64> {
            let of = |column: &Vec<CellText>| column.iter().map(width).fold(1.0, f64::max);
            columns.iter().map(|column| of(column) * LETTERS_PT + PADDING_PT).collect()
        };
        let sum = |widths: &[f64]| widths.iter().sum::<f64>();
        let most = widest(CellText::line_em);
        if sum(&most) <= available_pt {
            return Self { widths: most, scale: 1.0 };
        }
        // a number with its unit and a moment stay together where there is room for that
        let mut least = widest(CellText::phrase_em);
        if sum(&least) > available_pt {
            least = widest(CellText::word_em);
        }
        let least_sum = sum(&least);
        if least_sum > available_pt {
            return Self { widths: least, scale: (available_pt / least_sum).max(SMALLEST) };
        }
        // as few lines as can be for the column with most of them, each as wide as its longest word
        let with_lines = |lines: f64| -> Vec<f64> {
            let width = |(least, most): (&f64, &f64)| least.max(most / lines);
            least.iter().zip(&most).map(width).collect()
        };
        let (mut few, mut enough) = (1.0, MOST_LINES);
        for _ in 0..ROUNDS {
            let lines = (few + enough) / 2.0;
            let fits = with_lines(lines).iter().sum::<f64>() <= available_pt;
            if fits { enough = lines } else { few = lines }
        }
        Self { widths: with_lines(enough), scale: 1.0 }
    }
}

/// About how wide a text is, in the size of its letters.
fn width_em(text: &str) -> f64 {
    let letter = |c: char| match c {
        ' ' | '\u{a0}' | '\u{202f}' | ',' | '.' | ';' | ':' | 'i' | 'l' | 'j' | '\'' | '|' => 0.28,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.9,
        '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' => 0.0,
        c if is_right_to_left(c) => 0.55,
        c if c.is_uppercase() => 0.66,
        '\u{1100}'.. => 1.0,
        _ => 0.57,
    };
    text.chars().map(letter).sum()
}

/// The texts of the columns of a table.
pub(crate) fn texts(rows: &[&Element]) -> Vec<Vec<CellText>> {
    let count = rows.iter().map(|row| row.elements().count()).max().unwrap_or_default();
    let mut columns = vec![Vec::new(); count];
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row.elements()) {
            column.push(CellText::new(cell));
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(texts: &[&str]) -> Vec<Vec<CellText>> {
        texts.iter().map(|text| vec![CellText { text: (*text).to_owned(), is_head: false }]).collect()
    }

    #[test]
    fn what_fits_keeps_its_width_and_the_rest_is_shared() {
        let given = columns(&["aaaa", "aaaa aaaa aaaa aaaa aaaa aaaa"]);
        let free = ColumnWidths::new(&given, 1000.0);
        assert!(free.scale == 1.0 && free.widths[0] < free.widths[1]);
        let tight = ColumnWidths::new(&given, 80.0);
        assert!((tight.widths.iter().sum::<f64>() - 80.0).abs() < 1e-3 && tight.scale == 1.0, "{tight:?}");
        // a column that needs one line gets it
        assert!((tight.widths[0] - free.widths[0]).abs() < 1e-9);
    }

    #[test]
    fn letters_get_smaller_where_the_longest_words_do_not_fit() {
        let given = columns(&["aaaaaaaa"; 10]);
        let scale = ColumnWidths::new(&given, 400.0).scale;
        assert!((0.7..1.0).contains(&scale), "{scale}");
        assert_eq!(ColumnWidths::new(&given, 10.0).scale, SMALLEST);
    }
}
