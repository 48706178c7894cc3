//! Units of TNTP files: from the caller, else from the file's header, else from what is known of the network.

use super::known::known;
use super::text::TntpText;
use crate::ImportError;
use crate::units::LengthUnit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Unit of the column `length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TntpLength {
    /// Kilometres, 1000 m.
    Kilometre,
    /// Metres, as they are.
    Metre,
    /// Miles of 1609.344 m.
    Mile,
    /// Feet of 0.3048 m.
    Foot,
    /// The column is not a length: the straight line between the nodes is taken.
    Drawn,
}

impl TntpLength {
    /// Metres of one unit; `None` for [`TntpLength::Drawn`].
    pub fn metres(self) -> Option<f64> {
        match self {
            Self::Kilometre => Some(1000.0),
            Self::Metre => Some(1.0),
            Self::Mile => Some(1609.344),
            Self::Foot => Some(0.3048),
            Self::Drawn => None,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Kilometre => "km",
            Self::Metre => "m",
            Self::Mile => "miles",
            Self::Foot => "feet",
            Self::Drawn => "drawn on the map",
        }
    }
}

/// Unit of the column `free_flow_time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TntpTime {
    /// Seconds, 1000 ms.
    Second,
    /// Minutes of 60 s.
    Minute,
    /// Hours of 3600 s.
    Hour,
    /// Hundredths of an hour.
    HundredthHour,
}

impl TntpTime {
    /// Milliseconds of one unit.
    pub fn ms(self) -> f64 {
        match self {
            Self::Second => 1000.0,
            Self::Minute => 60_000.0,
            Self::Hour => 3_600_000.0,
            Self::HundredthHour => 36_000.0,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Second => "seconds",
            Self::Minute => "minutes",
            Self::Hour => "hours",
            Self::HundredthHour => "hundredths of an hour",
        }
    }
}

/// What the coordinates of the nodes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TntpCoordinates {
    /// Degrees of WGS 84, longitude first.
    Degrees,
    /// A plane whose projection is not known, in this unit. The network is put around longitude 0, latitude 0.
    Plane(TntpLength),
}

/// What the caller knows about a TNTP network. `None`: as the file or the list of known networks says.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TntpOptions {
    /// Unit of the column `length`, or that it is to be taken from the map.
    pub length: Option<TntpLength>,
    /// Unit of the column `free_flow_time`.
    pub time: Option<TntpTime>,
    /// Hours in which the stated capacity passes, e.g. 1 for vehicles an hour, 24 for vehicles a day.
    pub capacity_h: Option<f64>,
    /// Unit of the coordinates.
    pub coordinates: Option<TntpCoordinates>,
}

/// Units that hold for one file, and why.
#[derive(Debug, Clone)]
pub(crate) struct TntpUnits {
    pub length: TntpLength,
    pub time: TntpTime,
    pub capacity_h: f64,
    pub coordinates: Option<TntpCoordinates>,
    pub notes: Vec<String>,
}

/// Option, header, known network, in this order. A unit that none of them states is a fault: all such at once.
pub(crate) fn resolve(
    text: &TntpText,
    network: &str,
    options: &TntpOptions,
) -> Result<TntpUnits, ImportError> {
    let header = text.tag("ORIGINAL HEADER").unwrap_or("").to_ascii_lowercase();
    let known = known(network);
    let mut notes = Vec::new();
    let mut faults = Vec::new();
    let mut note =
        |what: &str, words: &str, from: &str| notes.push(format!("{what} taken as {words}: {from}"));

    let stated = stated_after(&header, &["length"]).and_then(|unit| match LengthUnit::from_name(unit)? {
        LengthUnit::Kilometre => Some(TntpLength::Kilometre),
        LengthUnit::Metre => Some(TntpLength::Metre),
        LengthUnit::Mile => Some(TntpLength::Mile),
        LengthUnit::Foot => Some(TntpLength::Foot),
    });
    let length = first(options.length, stated, known.map(|k| k.length));
    let length = length.map_or(TntpLength::Drawn, |(length, from)| {
        note("lengths", length.words(), from);
        length
    });
    let is_length_known = options.length.is_some() || stated.is_some() || known.is_some();

    let stated = stated_after(&header, &["free flow time", "fftt"]).and_then(|unit| match unit {
        "s" | "sec" | "seconds" => Some(TntpTime::Second),
        "min" | "minutes" => Some(TntpTime::Minute),
        "h" | "hr" | "hours" => Some(TntpTime::Hour),
        _ => None,
    });
    let time = first(options.time, stated, known.map(|k| k.time)).map(|(time, from)| {
        note("times", time.words(), from);
        time
    });

    let stated = stated_after(&header, &["capacity"]).and_then(|unit| match unit {
        "veh/h" | "veh/hr" | "vph" | "pcu/h" => Some(1.0),
        "veh/day" | "veh/d" => Some(24.0),
        _ => None,
    });
    let capacity = first(options.capacity_h, stated, known.map(|k| k.capacity_h));
    let capacity_h = match capacity {
        Some((hours, from)) => {
            note("capacities", &format!("vehicles in {hours} h"), from);
            hours
        }
        None => {
            note(
                "capacities",
                "vehicles in 1 h",
                "nothing else is stated (--tntp-capacity-hours can say it)",
            );
            1.0
        }
    };

    let unstated = |quantity, option, expected| ImportError::UnstatedUnit {
        path: text.path.clone(),
        quantity,
        option,
        expected,
    };
    if !is_length_known {
        faults.push(unstated("length", "--tntp-length-unit", "km, m, miles, feet or drawn"));
    }
    let Some(time) = time else {
        faults.push(unstated("free_flow_time", "--tntp-time-unit", "s, min, h or 0.01h"));
        return Err(ImportError::several(faults));
    };
    if !faults.is_empty() {
        return Err(ImportError::several(faults));
    }
    Ok(TntpUnits { length, time, capacity_h, coordinates: options.coordinates, notes })
}

/// The first that is there, with its ground in words.
fn first<T>(
    caller: Option<T>,
    header: Option<T>,
    known: Option<(T, &'static str)>,
) -> Option<(T, &'static str)> {
    let of = |value: Option<T>, from| value.map(|value| (value, from));
    of(caller, "as asked for").or(of(header, "as the file's header says")).or(known)
}

/// What stands in brackets behind one of these words, as in `length (km)` or `fftt(min)`.
fn stated_after<'a>(header: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| {
        let rest = header[header.find(word)? + word.len()..].trim_start();
        Some(rest.strip_prefix('(')?.split_once(')')?.0.trim())
    })
}
