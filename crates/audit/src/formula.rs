//! Formulas of rules: sums, differences, products and quotients of figures, `min`, `max` and numbers, as text in a table.
//!
//! Rules are data, so what they compute has to be data too. A formula is evaluated with one number per figure; over ranges it
//! is evaluated at every corner, which is exact where it is monotone in each figure (all that are shipped are; a test checks).

use std::collections::BTreeSet;
use std::fmt;

/// A formula over named figures.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// A number as it stands in the formula.
    Number(f64),
    /// A figure by its id.
    Figure(String),
    /// Left, operator (`+ - * /`), right.
    Of(Box<Formula>, char, Box<Formula>),
    /// The least of all.
    Min(Vec<Formula>),
    /// The greatest of all.
    Max(Vec<Formula>),
}

/// Why a text is no formula: what was expected, and at which character (from 1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at character {at}")]
pub struct NoFormula {
    /// What could stand there instead.
    pub expected: &'static str,
    /// At which character of the text, from 1.
    pub at: usize,
}

impl Formula {
    /// Reads `a * (b + 2) / max(c, d)`; figures are words of `a-z`, digits and `_`.
    ///
    /// # Errors
    /// [`NoFormula`] with the place.
    pub fn parse(text: &str) -> Result<Self, NoFormula> {
        let mut reader = FormulaReader { text: text.as_bytes(), at: 0, terms: 0 };
        let formula = reader.sum(0)?;
        reader.spaces();
        if reader.at < reader.text.len() {
            return Err(reader.expected("an operator or the end"));
        }
        Ok(formula)
    }

    /// Its value; `None` if a figure is not known or a quotient has no value.
    pub fn value(&self, known: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
        let value = match self {
            Self::Number(n) => *n,
            Self::Figure(id) => known(id)?,
            Self::Of(a, op, b) => {
                let (a, b) = (a.value(known)?, b.value(known)?);
                match op {
                    '+' => a + b,
                    '-' => a - b,
                    '*' => a * b,
                    // nothing for nobody is no shortage, and something for nobody is plenty
                    _ if b == 0.0 && a == 0.0 => return None,
                    _ => a / b,
                }
            }
            Self::Min(of) => fold(of, known, f64::min)?,
            Self::Max(of) => fold(of, known, f64::max)?,
        };
        (!value.is_nan()).then_some(value)
    }

    /// The figures in it, each once, in the order of their names.
    pub fn figures(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        match self {
            Self::Number(_) => {}
            Self::Figure(id) => {
                found.insert(id);
            }
            Self::Of(a, _, b) => {
                a.collect(found);
                b.collect(found);
            }
            Self::Min(of) | Self::Max(of) => of.iter().for_each(|f| f.collect(found)),
        }
    }

    /// The formula as text with something in place of each figure.
    pub fn with(&self, shown: &impl Fn(&str) -> String) -> String {
        self.text(shown, 0)
    }

    fn text(&self, shown: &impl Fn(&str) -> String, outer: u8) -> String {
        match self {
            Self::Number(n) => clearway_formats::short(*n),
            Self::Figure(id) => shown(id),
            Self::Of(a, op, b) => {
                let own = strength(*op);
                let sign = match op {
                    '*' => '×',
                    '-' => '−',
                    other => *other,
                };
                // the right side of - and / needs its brackets
                let text = format!("{} {sign} {}", a.text(shown, own), b.text(shown, own + 1));
                if own < outer { format!("({text})") } else { text }
            }
            Self::Min(of) => format!("min({})", list(of, shown)),
            Self::Max(of) => format!("max({})", list(of, shown)),
        }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with(&|id| id.to_owned()))
    }
}

fn fold(of: &[Formula], known: &impl Fn(&str) -> Option<f64>, pick: fn(f64, f64) -> f64) -> Option<f64> {
    let mut values = of.iter().map(|f| f.value(known));
    let first = values.next()??;
    values.try_fold(first, |a, b| Some(pick(a, b?)))
}

fn list(of: &[Formula], shown: &impl Fn(&str) -> String) -> String {
    of.iter().map(|f| f.text(shown, 0)).collect::<Vec<_>>().join(", ")
}

fn strength(op: char) -> u8 {
    if matches!(op, '+' | '-') { 1 } else { 3 }
}

/// Brackets in brackets, at most: deeper ones are a mistake, and the stack has an end.
const DEEPEST: usize = 64;
/// Figures and numbers in a formula, at most: a sum is walked one term after the other, each within the last.
const MOST_TERMS: usize = 1_000;

struct FormulaReader<'a> {
    text: &'a [u8],
    at: usize,
    terms: usize,
}

impl FormulaReader<'_> {
    fn expected(&self, expected: &'static str) -> NoFormula {
        NoFormula { expected, at: self.at + 1 }
    }

    fn spaces(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn next_is(&mut self, any: &[u8]) -> Option<char> {
        self.spaces();
        let byte = *self.text.get(self.at).filter(|byte| any.contains(byte))?;
        self.at += 1;
        Some(char::from(byte))
    }

    fn sum(&mut self, depth: usize) -> Result<Formula, NoFormula> {
        let mut left = self.product(depth)?;
        while let Some(op) = self.next_is(b"+-") {
            left = Formula::Of(Box::new(left), op, Box::new(self.product(depth)?));
        }
        Ok(left)
    }

    fn product(&mut self, depth: usize) -> Result<Formula, NoFormula> {
        let mut left = self.atom(depth)?;
        while let Some(op) = self.next_is(b"*/") {
            left = Formula::Of(Box::new(left), op, Box::new(self.atom(depth)?));
        }
        Ok(left)
    }

    fn atom(&mut self, depth: usize) -> Result<Formula, NoFormula> {
        if depth > DEEPEST {
            return Err(self.expected("fewer brackets"));
        }
        self.terms += 1;
        if self.terms > MOST_TERMS {
            return Err(self.expected("at most 1000 figures, numbers and brackets"));
        }
        if self.next_is(b"(").is_some() {
            let inside = self.sum(depth + 1)?;
            return self.next_is(b")").map(|_| inside).ok_or_else(|| self.expected("')'"));
        }
        self.spaces();
        let word = self.word();
        if word.is_empty() {
            return Err(self.expected("a figure, a number or '('"));
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return word.parse().map(Formula::Number).map_err(|_| self.expected("a number"));
        }
        if matches!(word.as_str(), "min" | "max") && self.next_is(b"(").is_some() {
            let mut of = vec![self.sum(depth + 1)?];
            while self.next_is(b",").is_some() {
                of.push(self.sum(depth + 1)?);
            }
            self.next_is(b")").ok_or_else(|| self.expected("')'"))?;
            return Ok(if word == "min" { Formula::Min(of) } else { Formula::Max(of) });
        }
        Ok(Formula::Figure(word))
    }

    fn word(&mut self) -> String {
        let from = self.at;
        let is_part =
            |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
        while self.text.get(self.at).is_some_and(is_part) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.text[from..self.at]).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        Formula::parse(text).unwrap().value(&|id| match id {
            "a" => Some(6.0),
            "b" => Some(2.0),
            "nothing" => Some(0.0),
            _ => None,
        })
    }

    #[test]
    fn products_before_sums_and_left_before_right() {
        assert_eq!(value("a - b - 1"), Some(3.0));
        assert_eq!(value("a / b / 3"), Some(1.0));
        assert_eq!(value("1 + a * b"), Some(13.0));
        assert_eq!(value("(1 + a) * b"), Some(14.0));
        assert_eq!(value("min(a, b, 1.5) + max(a, b)"), Some(7.5));
    }

    #[test]
    fn what_is_not_known_has_no_value() {
        assert_eq!(value("a + c"), None);
        assert_eq!(value("nothing / nothing"), None);
        assert_eq!(value("a / nothing"), Some(f64::INFINITY));
    }

    #[test]
    fn written_back_it_means_the_same() {
        for text in ["a - (b - 1)", "a / (b * 3)", "(a + b) * 2", "min(a, b + 1) / 2"] {
            let formula = Formula::parse(text).unwrap();
            let again = formula.to_string().replace('×', "*").replace('−', "-");
            assert_eq!(Formula::parse(&again).unwrap(), formula, "{text}");
        }
    }

    #[test]
    fn faults_say_where() {
        assert_eq!(Formula::parse("a *").unwrap_err().at, 4);
        assert_eq!(Formula::parse("(a").unwrap_err().expected, "')'");
        assert_eq!(Formula::parse("a b").unwrap_err().at, 3);
        assert!(Formula::parse(&"(".repeat(100_000)).is_err());
        let long = |n: usize| vec!["a"; n].join(" + ");
        assert!(Formula::parse(&long(1_000)).is_ok_and(|f| f.value(&|_| Some(1.0)) == Some(1_000.0)));
        assert_eq!(
            Formula::parse(&long(200_000)).unwrap_err().expected,
            "at most 1000 figures, numbers and brackets"
        );
        assert!(Formula::parse(&format!("min({})", vec!["a"; 200_000].join(", "))).is_err());
        assert!(Formula::parse("1.2.3").is_err());
    }
}
