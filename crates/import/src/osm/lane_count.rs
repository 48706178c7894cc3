//! A number of lanes as people write it: `2`, `2;3`, `5 lanes`, `1.5`, `2+1`.

/// A number of lanes with the ends of what the text leaves open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LaneReading {
    pub least: f64,
    pub most: f64,
    /// A plain whole number.
    pub is_plain: bool,
}

/// More lanes than these in one direction are a slip, or the lanes of a toll station.
const MOST: f64 = 20.0;
/// Up to so many may be the lanes of a toll station.
const MOST_TOLL: f64 = 60.0;

impl LaneReading {
    pub fn exactly(lanes: f64) -> Self {
        Self { least: lanes, most: lanes, is_plain: true }
    }

    /// Both ways to read it.
    pub fn or(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most), is_plain: false }
    }
}

/// Reads a number of lanes; `None` where there is none from 0 to 60. Of several the smallest is the least and the largest the most; `2+1` is at
/// most 3, `2x2` at most 4, `2+` and `>2` at most 3. A number above 20 is 1 at least and 20 at most.
pub(crate) fn parse_count(text: &str) -> Option<LaneReading> {
    let text = text.trim();
    if text.starts_with('-') {
        return None;
    }
    if let Ok(plain) = text.parse::<u32>() {
        let plain = f64::from(plain);
        return match plain {
            _ if plain <= MOST => Some(LaneReading::exactly(plain)),
            _ if plain <= MOST_TOLL => Some(LaneReading { least: 1.0, most: MOST, is_plain: false }),
            _ => None,
        };
    }
    let numbers: Vec<f64> = text
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .filter_map(|part| part.trim_matches('.').parse::<f64>().ok())
        .filter(|number| (0.0..=MOST).contains(number))
        .collect();
    let least = numbers.iter().copied().reduce(f64::min)?;
    let largest = numbers.iter().copied().reduce(f64::max)?;
    let lower = text.to_ascii_lowercase();
    let several = numbers.len() > 1;
    let most = match () {
        () if several && lower.contains('+') => numbers.iter().sum(),
        () if several && (lower.contains('x') || lower.contains('*')) => numbers.iter().product(),
        () if !several && (lower.ends_with('+') || lower.starts_with('>')) => largest + 1.0,
        () => largest,
    };
    let least = if lower.starts_with('<') { 1.0 } else { least };
    Some(LaneReading { least: least.floor(), most: f64::min(most.ceil(), MOST), is_plain: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_with_both_their_ends() {
        for (text, expected) in [
            ("2", Some((2.0, 2.0))),
            ("2;3", Some((2.0, 3.0))),
            ("5 lanes", Some((5.0, 5.0))),
            ("1.5", Some((1.0, 2.0))),
            ("2-3", Some((2.0, 3.0))),
            ("2|1", Some((1.0, 2.0))),
            ("3 (4 in summer)", Some((3.0, 4.0))),
            ("2+1", Some((1.0, 3.0))),
            ("2x2", Some((2.0, 4.0))),
            ("2+", Some((2.0, 3.0))),
            ("0", Some((0.0, 0.0))),
            ("25", Some((1.0, 20.0))),
            ("999", None),
            ("-1", None),
            ("many", None),
            ("", None),
        ] {
            assert_eq!(parse_count(text).map(|c| (c.least, c.most)), expected, "{text}");
        }
    }
}
