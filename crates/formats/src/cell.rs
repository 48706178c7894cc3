//! Typed cells: what the text of one cell means, and how a value is written so that it is read back exactly.

use clearway_model::number::float;
use clearway_model::{
    BottleneckKind, ClosureKind, ClosureTarget, ConnectorPlace, JunctionControl, Means, ModeKind,
    ReportedState, ReportedThing, SourceStatus, SupplyForm, WindowTarget, YesNo,
};
use clearway_text::{amount_hint, thousands};

/// A value that a cell can hold.
pub trait CellValue {
    /// The cell's text; empty where nothing is given. Numbers as the shortest text that reads back to the same number.
    fn write(&self) -> String;
    /// The number, for cells that hold one.
    fn number(&self) -> Option<f64>;
    /// Whether the cell holds anything.
    fn is_given(&self) -> bool;
}

/// A value that can be read from a cell.
pub trait ReadCell: CellValue + Default {
    /// What the cell should hold, in words.
    const EXPECTED: &'static str;

    /// The value of a text that is not empty.
    ///
    /// # Errors
    /// A hint, may be empty, where the text is not what [`Self::EXPECTED`] says.
    fn read(text: &str) -> Result<Self, String>;
}

impl CellValue for String {
    fn write(&self) -> String {
        self.clone()
    }
    fn number(&self) -> Option<f64> {
        None
    }
    fn is_given(&self) -> bool {
        !self.is_empty()
    }
}

impl ReadCell for String {
    const EXPECTED: &'static str = "text";
    fn read(text: &str) -> Result<Self, String> {
        Ok(text.to_string())
    }
}

macro_rules! number {
    ($type:ty, $expected:literal, $read:path, $real:path) => {
        impl CellValue for $type {
            fn write(&self) -> String {
                self.to_string()
            }
            fn number(&self) -> Option<f64> {
                Some($real(*self))
            }
            fn is_given(&self) -> bool {
                true
            }
        }

        impl ReadCell for $type {
            const EXPECTED: &'static str = $expected;
            fn read(text: &str) -> Result<Self, String> {
                $read(text.trim_matches(' ')).ok_or_else(|| number_hint(text))
            }
        }

        impl CellValue for Option<$type> {
            fn write(&self) -> String {
                self.map_or_else(String::new, |number| number.to_string())
            }
            fn number(&self) -> Option<f64> {
                self.map($real)
            }
            fn is_given(&self) -> bool {
                self.is_some()
            }
        }

        impl ReadCell for Option<$type> {
            const EXPECTED: &'static str = $expected;
            fn read(text: &str) -> Result<Self, String> {
                <$type>::read(text).map(Some)
            }
        }
    };
}

number!(f64, "a number", read_number, f64::from);
number!(i64, "a whole number", read_whole, float);
number!(u64, "a whole number", read_whole, float);

/// A finite number with a point as decimal mark.
pub(crate) fn read_number(text: &str) -> Option<f64> {
    // `parse` also takes "inf", "nan" and "infinity", which are no figures
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A whole number written without decimals, or with `.0` as spreadsheets and other programs write it. `1.000` is none: it may be a
/// thousand.
fn read_whole<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

/// What is probably meant by a text that is not a number, or not a whole one.
fn number_hint(text: &str) -> String {
    let text = text.trim();
    let lower = text.to_lowercase();
    if text.is_empty()
        || ["na", "n/a", "nan", "null", "none", "-", "–", "?", "unknown"].contains(&lower.as_str())
    {
        return "leave the cell empty where nothing is known".into();
    }
    if let Some(number) = read_number(text) {
        if number.fract() == 0.0 && number.abs() < 1e15 {
            return format!("write {number}, without decimals or exponent");
        }
        return amount_hint(text);
    }
    let bare: String =
        text.chars().filter(|c| !matches!(c, ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}')).collect();
    if thousands(text).is_some() || (bare != text && read_number(&bare).is_some()) {
        return amount_hint(text);
    }
    if text.starts_with('\u{2212}') {
        return "the minus sign is not the one of the keyboard".into();
    }
    if text.contains(':') {
        return "times are whole milliseconds since the start: 1 min = 60000, 1 h = 3600000".into();
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return "write the number alone; the unit is in the column's name".into();
    }
    String::new()
}

macro_rules! choice {
    ($type:ty, $expected:literal, $( $variant:ident = $word:literal ),+) => {
        impl CellValue for $type {
            fn write(&self) -> String {
                match self { $( <$type>::$variant => $word, )+ }.to_string()
            }
            fn number(&self) -> Option<f64> {
                None
            }
            fn is_given(&self) -> bool {
                true
            }
        }

        impl ReadCell for $type {
            const EXPECTED: &'static str = $expected;
            fn read(text: &str) -> Result<Self, String> {
                match text {
                    $( $word => Ok(<$type>::$variant), )+
                    _ => Err(crate::nearest::nearest(text, [$($word),+])
                        .map_or_else(String::new, |word| format!("did you mean '{word}'?"))),
                }
            }
        }
    };
}

impl CellValue for Option<YesNo> {
    fn write(&self) -> String {
        match self {
            None => String::new(),
            Some(YesNo::No) => "0".to_owned(),
            Some(YesNo::Yes) => "1".to_owned(),
        }
    }
    fn number(&self) -> Option<f64> {
        None
    }
    fn is_given(&self) -> bool {
        self.is_some()
    }
}

impl ReadCell for Option<YesNo> {
    const EXPECTED: &'static str = "'1' or '0'";
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "0" => Ok(Some(YesNo::No)),
            "1" => Ok(Some(YesNo::Yes)),
            _ => Err(String::new()),
        }
    }
}

impl CellValue for Means {
    fn write(&self) -> String {
        self.word().to_owned()
    }
    fn number(&self) -> Option<f64> {
        None
    }
    fn is_given(&self) -> bool {
        true
    }
}

impl ReadCell for Means {
    const EXPECTED: &'static str =
        "'vehicle', 'walk', 'seat', 'wheelchair', 'stretcher' or a mode_id of modes.csv";
    fn read(text: &str) -> Result<Self, String> {
        let words = Self::ALL;
        Self::of_word(text).ok_or_else(|| {
            crate::nearest::nearest(text, words.iter().map(Self::word))
                .map_or_else(String::new, |word| format!("did you mean '{word}'?"))
        })
    }
}

choice!(SupplyForm, "'flow', 'stock' or 'kitchen'", Flow = "flow", Stock = "stock", Kitchen = "kitchen");
choice!(ModeKind, "'self_moving' or 'timetable'", SelfMoving = "self_moving", Timetable = "timetable");
choice!(
    BottleneckKind,
    "'link', 'connector' or 'site'",
    Link = "link",
    Connector = "connector",
    Site = "site"
);
choice!(ConnectorPlace, "'zone' or 'site'", Zone = "zone", Site = "site");
choice!(
    ClosureTarget,
    "'link', 'node', 'zone' or 'site'",
    Link = "link",
    Node = "node",
    Zone = "zone",
    Site = "site"
);
choice!(
    ReportedThing,
    "'waiting', 'on_road', 'arrived', 'at_start', 'staying', 'road' or 'site'",
    Waiting = "waiting",
    OnRoad = "on_road",
    Arrived = "arrived",
    AtStart = "at_start",
    Staying = "staying",
    Road = "road",
    Site = "site"
);
choice!(
    ReportedState,
    "'lost', 'closed', 'full', 'open' or an empty cell",
    Unsaid = "",
    Lost = "lost",
    Closed = "closed",
    Full = "full",
    Open = "open"
);
choice!(ClosureKind, "'entry' or 'presence'", Entry = "entry", Presence = "presence");
choice!(
    WindowTarget,
    "'link', 'all_links', 'zone' or 'site'",
    Link = "link",
    AllLinks = "all_links",
    Zone = "zone",
    Site = "site"
);
choice!(
    JunctionControl,
    "'none', 'signals', 'all_way_stop', 'stop', 'give_way' or 'roundabout'",
    None = "none",
    Signals = "signals",
    AllWayStop = "all_way_stop",
    Stop = "stop",
    GiveWay = "give_way",
    Roundabout = "roundabout"
);
choice!(
    SourceStatus,
    "'published', 'derived', 'default' or 'assumed'",
    Published = "published",
    Derived = "derived",
    Default = "default",
    Assumed = "assumed"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_so_that_they_are_read_back() {
        for number in [0.0, 1.0, 0.1, 1.0 / 3.0, 1e-9, 123_456_789.123, 1e15, -2.5, f64::MIN_POSITIVE] {
            assert_eq!(f64::read(&number.write()), Ok(number));
        }
        assert_eq!(1800.0f64.write(), "1800");
        assert_eq!(i64::read(&i64::MIN.write()), Ok(i64::MIN));
    }

    #[test]
    fn what_is_no_number_gets_a_hint() {
        for (text, hint) in [
            ("1,200", "write 1200: digits only"),
            ("1.234", "does the point separate thousands? then write 1234"),
            ("12,5", "write digits only"),
            ("120.00", "write 120, without decimals"),
            ("1.000", "write 1, without decimals"),
            ("1e3", "write 1000,"),
            ("2.5", "this must be whole"),
            ("N/A", "leave the cell empty"),
            ("  ", "leave the cell empty"),
            ("06:30", "times are whole milliseconds"),
            ("500 m", "write the number alone"),
        ] {
            let got = i64::read(text).unwrap_err();
            assert!(got.starts_with(hint), "{text}: {got}");
        }
        assert!(f64::read("nan").is_err() && f64::read("inf").is_err() && f64::read("1e999").is_err());
        assert_eq!(f64::read(" 12.5 "), Ok(12.5));
        assert_eq!((i64::read(" 12000"), i64::read("12000.0 ")), (Ok(12_000), Ok(12_000)));
        assert!(i64::read("\u{a0}1").is_err() && i64::read("\t1").is_err() && i64::read(".0").is_err());
        assert_eq!(ClosureKind::read("Entry"), Err("did you mean 'entry'?".into()));
    }
}
