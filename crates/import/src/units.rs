//! Units of GMNS tables: from `config.csv`, else from what fits the coordinates.

use crate::ImportError;
use crate::map_file::MapFile;
use crate::table::CsvTable;

/// Unit of the column `length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LengthUnit {
    Kilometre,
    Metre,
    Mile,
    Foot,
}

impl LengthUnit {
    const ALL: [Self; 4] = [Self::Kilometre, Self::Metre, Self::Mile, Self::Foot];

    pub fn metres(self) -> f64 {
        match self {
            Self::Kilometre => 1000.0,
            Self::Metre => 1.0,
            Self::Mile => 1609.344,
            Self::Foot => 0.3048,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Kilometre => "km",
            Self::Metre => "m",
            Self::Mile => "miles",
            Self::Foot => "feet",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "km" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => Some(Self::Kilometre),
            "m" | "meter" | "meters" | "metre" | "metres" => Some(Self::Metre),
            "mi" | "mile" | "miles" => Some(Self::Mile),
            "ft" | "foot" | "feet" => Some(Self::Foot),
            _ => None,
        }
    }
}

/// Units of one set of tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TableUnits {
    pub length: LengthUnit,
    /// km/h of one unit of `free_speed`.
    pub speed_km_h: f64,
}

impl Default for TableUnits {
    fn default() -> Self {
        Self { length: LengthUnit::Kilometre, speed_km_h: 1.0 }
    }
}

/// What `config.csv` says, where it says it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct StatedUnits {
    pub length: Option<LengthUnit>,
    pub speed_km_h: Option<f64>,
}

/// Reads `long_length` and `speed` of `config.csv`, if there is one.
pub(crate) fn stated_units(config: &MapFile<'_>) -> Result<StatedUnits, ImportError> {
    let mut stated = StatedUnits::default();
    if !config.is_there() {
        return Ok(stated);
    }
    let table = CsvTable::read(config)?;
    let Some(row) = table.rows().next() else { return Ok(stated) };
    if !row.text("long_length").is_empty() {
        let unit = LengthUnit::from_name(row.text("long_length"));
        stated.length = Some(unit.ok_or_else(|| row.fault("long_length", "km, m, mile or feet"))?);
    }
    stated.speed_km_h = match row.text("speed").to_ascii_lowercase().replace(' ', "").as_str() {
        "" => None,
        "km/h" | "kmh" | "kph" | "kmph" | "km/hr" => Some(1.0),
        "mph" | "mi/h" | "mile/h" | "miles/h" => Some(1.609_344),
        "m/s" => Some(3.6),
        _ => return Err(row.fault("speed", "kph, mph or m/s")),
    };
    Ok(stated)
}

/// The unit in which stated lengths come closest to the lengths drawn on the map, and why it was chosen in words.
///
/// `pairs` are (stated, drawn in m), both above 0. Roads are a little longer than their drawn course; half to three times is accepted.
pub(crate) fn fitting_unit(pairs: &[(f64, f64)]) -> Option<(LengthUnit, String)> {
    let mut ratios: Vec<f64> = pairs.iter().map(|(stated, drawn)| stated / drawn).collect();
    ratios.sort_by(f64::total_cmp);
    let median = *ratios.get(ratios.len() / 2)?;
    let misfit = |unit: LengthUnit| (median * unit.metres()).ln().abs();
    let unit = LengthUnit::ALL.into_iter().min_by(|a, b| misfit(*a).total_cmp(&misfit(*b)))?;
    let fit = median * unit.metres();
    (0.5..=3.0).contains(&fit).then(|| {
        let why = format!(
            "lengths are taken as {}: so the middle one is {fit:.2} times as long as the line drawn on the map",
            unit.words()
        );
        (unit, why)
    })
}

/// km/h of one unit of speed that goes with a unit of length.
pub(crate) fn speed_with(unit: LengthUnit) -> (f64, &'static str) {
    match unit {
        LengthUnit::Kilometre | LengthUnit::Metre => (1.0, "km/h"),
        LengthUnit::Mile | LengthUnit::Foot => (1.609_344, "mph"),
    }
}
