//! Speeds: `maxspeed` in all its common forms.

use crate::osm::conditional::values_for_cars;
use crate::osm::data::OsmTags;
use crate::travel::fastest_km_h;

/// km/h of one mph.
const MPH: f64 = 1.609_344;
/// km/h of one knot.
const KNOT: f64 = 1.852;
/// Free speed where there is no limit (`none`), km/h. Assumed.
const NO_LIMIT_KM_H: f64 = 130.0;
/// Words for no limit.
const NO_LIMIT: [&str; 3] = ["none", "no", "unlimited"];
/// `walk` (pace of walking), km/h. Assumed, as courts of German-speaking countries read it (4 to 7).
const WALKING_PACE_KM_H: f64 = 7.0;

/// Limits by kind of place (`RU:urban`, `DE:motorway`), km/h: country, urban, rural, trunk (or dual carriageway), motorway.
/// From the traffic rules of the countries as listed on the OpenStreetMap wiki, page `Default speed limits`; not verified
/// at the law. The first row stands for all countries that are not listed.
const BY_PLACE: [(&str, f64, f64, f64, f64); 29] = [
    ("", 50.0, 90.0, 110.0, 120.0),
    ("AT", 50.0, 100.0, 100.0, 130.0),
    ("BE", 50.0, 90.0, 120.0, 120.0),
    ("BG", 50.0, 90.0, 120.0, 140.0),
    ("BY", 60.0, 90.0, 90.0, 110.0),
    ("CH", 50.0, 80.0, 100.0, 120.0),
    ("CZ", 50.0, 90.0, 110.0, 130.0),
    ("DE", 50.0, 100.0, 100.0, NO_LIMIT_KM_H),
    ("DK", 50.0, 80.0, 80.0, 130.0),
    ("ES", 50.0, 90.0, 90.0, 120.0),
    ("FI", 50.0, 80.0, 100.0, 120.0),
    ("FR", 50.0, 80.0, 110.0, 130.0),
    ("GB", 30.0 * MPH, 60.0 * MPH, 70.0 * MPH, 70.0 * MPH),
    ("GR", 50.0, 90.0, 110.0, 130.0),
    ("HU", 50.0, 90.0, 110.0, 130.0),
    ("IT", 50.0, 90.0, 110.0, 130.0),
    ("LI", 50.0, 80.0, 100.0, 120.0),
    ("NL", 50.0, 80.0, 100.0, 100.0),
    ("NO", 50.0, 80.0, 80.0, 110.0),
    ("PL", 50.0, 90.0, 100.0, 140.0),
    ("PT", 50.0, 90.0, 100.0, 120.0),
    ("RO", 50.0, 90.0, 100.0, 130.0),
    ("RS", 50.0, 80.0, 100.0, 130.0),
    ("RU", 60.0, 90.0, 90.0, 110.0),
    ("SE", 50.0, 70.0, 70.0, 110.0),
    ("SI", 50.0, 90.0, 110.0, 130.0),
    ("TR", 50.0, 90.0, 110.0, 130.0),
    ("UA", 50.0, 90.0, 110.0, 130.0),
    ("UK", 30.0 * MPH, 60.0 * MPH, 70.0 * MPH, 70.0 * MPH),
];

/// What a `maxspeed` says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MaxSpeed {
    /// A speed that the tag states, in km/h whatever its unit was.
    KmH(f64),
    /// It depends (`signals`, `variable`): take the default of the class.
    Variable,
    /// Text that is no speed: counted as not followed, and the default of the class taken.
    NotUnderstood,
}

/// What a text says of speeds, km/h.
#[derive(Debug, Clone, Copy, PartialEq)]
struct SpeedReading {
    least: f64,
    most: f64,
    /// All of it was understood.
    is_sure: bool,
    /// It says that there is no limit.
    is_unlimited: bool,
}

impl SpeedReading {
    fn exactly(speed: f64) -> Self {
        Self { least: speed, most: speed, is_sure: true, is_unlimited: false }
    }

    /// Both ways to read it.
    fn or(self, other: Self) -> Self {
        Self {
            least: self.least.min(other.least),
            most: self.most.max(other.most),
            is_sure: self.is_sure && other.is_sure,
            is_unlimited: self.is_unlimited || other.is_unlimited,
        }
    }
}

/// Reads a value of `maxspeed`. Of several (`50;60`, `30 mph|40 mph`, `80/60`) the smallest counts.
///
/// Units: none or `km/h`, `kmh`, `kph`: km/h; `mph`; `knots`. `none` is 130 km/h, `walk` 7 km/h. Kinds of place such as
/// `RU:urban`, `DE:zone:30`, `FR:zone30`, `GB:nsl_single` follow the table of countries in `docs/reference/import.md`.
///
/// ```
/// use clearway_import::osm::parse_maxspeed;
/// use clearway_import::osm::MaxSpeed::*;
/// assert_eq!(parse_maxspeed("50"), KmH(50.0));
/// assert_eq!(parse_maxspeed("RU:urban"), KmH(60.0));
/// assert_eq!(parse_maxspeed("soon"), NotUnderstood);
/// ```
pub fn parse_maxspeed(value: &str) -> MaxSpeed {
    let mut least: Option<f64> = None;
    for part in parts(value) {
        match one(&part) {
            MaxSpeed::KmH(speed) => least = Some(least.map_or(speed, |l| l.min(speed))),
            other => return other,
        }
    }
    least.map_or(MaxSpeed::NotUnderstood, MaxSpeed::KmH)
}

/// The single values of a text. A unit behind the last number holds for those before it that have none: `30/40 mph`.
fn parts(value: &str) -> Vec<String> {
    let value = value.to_ascii_lowercase().replace("km/h", "kmh").replace("mi/h", "mph");
    let is_place = value.contains(':');
    let is_range =
        |c: char| matches!(c, '-' | '\u{2013}') && !is_place && !value.trim_start().starts_with('-');
    let parts: Vec<&str> = value
        .split(|c: char| matches!(c, ';' | '|' | '/' | ',') || is_range(c))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let unit =
        parts.last().and_then(|last| last.find(|c: char| c.is_ascii_alphabetic()).map(|at| &last[at..]));
    let lacks_unit = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let unit = unit.filter(|unit| matches!(*unit, "mph" | "knots" | "knot" | "kn"));
    parts
        .iter()
        .map(|part| match unit {
            Some(unit) if lacks_unit(part) => format!("{part} {unit}"),
            _ => (*part).to_string(),
        })
        .collect()
}

/// All that a text says. Where a part of it cannot be read, every number of it that a road may have as its limit (5 to 200) counts.
fn speeds(value: &str) -> Option<SpeedReading> {
    let mut found: Option<SpeedReading> = None;
    let mut is_sure = true;
    let mut see = |one: SpeedReading| found = Some(found.map_or(one, |all| all.or(one)));
    for part in parts(value) {
        match one(&part) {
            MaxSpeed::KmH(speed) => {
                let is_unlimited =
                    speed >= NO_LIMIT_KM_H && (NO_LIMIT.contains(&&*part) || part == "de:motorway");
                see(SpeedReading { is_unlimited, ..SpeedReading::exactly(speed) });
            }
            MaxSpeed::Variable => is_sure = false,
            MaxSpeed::NotUnderstood => {
                is_sure = false;
                let unit = if part.contains("mph") { MPH } else { 1.0 };
                part.split(|c: char| !(c.is_ascii_digit() || c == '.'))
                    .filter_map(|number| number.trim_matches('.').parse::<f64>().ok())
                    .map(|number| number * unit)
                    .filter(|speed| (5.0..=200.0).contains(speed))
                    .for_each(|speed| see(SpeedReading::exactly(speed)));
            }
        }
    }
    found.map(|all| SpeedReading { is_sure, ..all })
}

fn one(value: &str) -> MaxSpeed {
    match value {
        _ if NO_LIMIT.contains(&value) => return MaxSpeed::KmH(NO_LIMIT_KM_H),
        "walk" | "walking" | "foot" => return MaxSpeed::KmH(WALKING_PACE_KM_H),
        "signals" | "variable" | "default" | "implicit" | "unposted" | "sign" => return MaxSpeed::Variable,
        _ => {}
    }
    if let Some((country, kind)) = value.split_once(':') {
        return by_place(country, kind);
    }
    let end = value.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "km/h" | "kmh" | "kph" | "kmph" | "km\\h" => 1.0,
        "mph" | "mi/h" => MPH,
        "knots" | "knot" | "kn" => KNOT,
        _ => return MaxSpeed::NotUnderstood,
    };
    match number.parse::<f64>() {
        Ok(number) if (1.0..=200.0).contains(&(number * factor)) => MaxSpeed::KmH(number * factor),
        _ => MaxSpeed::NotUnderstood,
    }
}

fn by_place(country: &str, kind: &str) -> MaxSpeed {
    // `BE-VLG:rural`, `AU-QLD:urban`: the country decides.
    let country = country.split('-').next().unwrap_or(country);
    if country.len() != 2 || !country.chars().all(|c| c.is_ascii_alphabetic()) {
        return MaxSpeed::NotUnderstood;
    }
    let (_, urban, rural, trunk, motorway) =
        BY_PLACE.into_iter().find(|row| row.0.eq_ignore_ascii_case(country)).unwrap_or(BY_PLACE[0]);
    let kind = kind.trim().to_ascii_lowercase();
    match kind.as_str() {
        "urban" | "nsl_restricted" | "built_up" => return MaxSpeed::KmH(urban),
        "rural" | "nsl_single" => return MaxSpeed::KmH(rural),
        "trunk" | "nsl_dual" | "dual_carriageway" | "expressway" => return MaxSpeed::KmH(trunk),
        "motorway" => return MaxSpeed::KmH(motorway),
        "living_street" | "walk" | "pedestrian_zone" => return MaxSpeed::KmH(WALKING_PACE_KM_H),
        "school_zone" => return MaxSpeed::KmH(30.0),
        "bicycle_road" => return MaxSpeed::KmH(30.0),
        _ => {}
    }
    let digits = kind.trim_start_matches("zone").trim_start_matches([':', '_']);
    if digits.contains(':') {
        return MaxSpeed::NotUnderstood;
    }
    match one(digits) {
        // Zones of the United Kingdom are in mph.
        MaxSpeed::KmH(speed)
            if digits.bytes().all(|b| b.is_ascii_digit())
                && matches!(country.to_ascii_uppercase().as_str(), "GB" | "UK" | "US") =>
        {
            MaxSpeed::KmH(speed * MPH)
        }
        other => other,
    }
}

/// Speed of a direction.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WaySpeed {
    /// What a careful reader takes: the least that the tags say; the speed of the class where they say none.
    pub usual_km_h: f64,
    /// The most that the tags say; the speed of the class where they say none.
    pub most_km_h: f64,
    /// The fastest that somebody drives.
    pub fastest_km_h: f64,
    /// The map states it.
    pub stated: bool,
    /// The tag that leaves it open or cannot be read.
    pub unclear: Option<String>,
}

/// Reads the speed of a direction (`forward` or `backward`): the limit of the most specific key that can be read, the limits of single lanes,
/// and those that hold at times.
pub(crate) fn speed(tags: &OsmTags, direction: &str, class_km_h: f64) -> WaySpeed {
    let directed = format!("maxspeed:{direction}");
    let keys = [
        &*format!("maxspeed:motorcar:{direction}"),
        &*directed,
        "maxspeed:motorcar",
        "maxspeed",
        "maxspeed:type",
    ];
    let mut unclear = None;
    let mut base: Option<SpeedReading> = None;
    // Parts of texts that say more than they can be read to say.
    let mut hints: Option<SpeedReading> = None;
    let join =
        |all: &mut Option<SpeedReading>, one: SpeedReading| *all = Some(all.map_or(one, |all| all.or(one)));
    for key in keys {
        let Some(value) = tags.get(key) else { continue };
        let said = speeds(value);
        let is_variable = parse_maxspeed(value) == MaxSpeed::Variable;
        if !key.ends_with(":type") && !is_variable && said.is_none_or(|s| !s.is_sure || s.least < s.most) {
            unclear.get_or_insert(format!("{key}={value}"));
        }
        match said {
            Some(said) if said.is_sure => {
                base = Some(said);
                break;
            }
            Some(said) => join(&mut hints, said),
            None => {}
        }
    }
    let lanes = [format!("maxspeed:lanes:{direction}"), "maxspeed:lanes".to_string()];
    for key in lanes {
        let Some(value) = tags.get(&key) else { continue };
        if let Some(said) = speeds(value) {
            unclear.get_or_insert(format!("{key}={value}"));
            // Lanes say what the whole road does not.
            if base.is_some() || hints.is_some() { join(&mut hints, said) } else { base = Some(said) }
        }
        break;
    }
    if let Some(said) = tags.get("maxspeed:variable:max").and_then(speeds) {
        join(&mut hints, said);
    }
    let conditional = [
        format!("{directed}:conditional"),
        "maxspeed:motorcar:conditional".to_string(),
        "maxspeed:conditional".to_string(),
        "maxspeed:lanes:conditional".to_string(),
    ];
    for key in conditional {
        let Some(text) = tags.get(&key) else { continue };
        for said in values_for_cars(text).into_iter().filter_map(speeds) {
            unclear.get_or_insert(format!("{key}={text}"));
            join(&mut hints, said);
        }
    }
    let stated = base.is_some();
    let base = base.unwrap_or(SpeedReading::exactly(class_km_h));
    let fastest_of = |said: SpeedReading, stated: bool| fastest_km_h(said.most, stated && !said.is_unlimited);
    let fastest = fastest_of(base, stated);
    let all = hints.map_or(base, |hints| base.or(hints));
    WaySpeed {
        usual_km_h: all.least,
        most_km_h: all.most,
        fastest_km_h: hints.map_or(fastest, |hints| fastest.max(fastest_of(hints, true))),
        stated,
        unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_forms_are_read() {
        let km_h = |value: &str| match parse_maxspeed(value) {
            MaxSpeed::KmH(speed) => (speed * 1000.0).round() / 1000.0,
            other => panic!("{value}: {other:?}"),
        };
        for (value, expected) in [
            ("50", 50.0),
            ("50 km/h", 50.0),
            ("50kmh", 50.0),
            ("30 mph", 48.28),
            ("30mph", 48.28),
            ("20 knots", 37.04),
            ("RU:urban", 60.0),
            ("DE:motorway", 130.0),
            ("DE:rural", 100.0),
            ("XX:rural", 90.0),
            ("DE:zone:30", 30.0),
            ("FR:zone30", 30.0),
            ("IT:30", 30.0),
            ("GB:nsl_single", 96.561),
            ("GB:zone20", 32.187),
            ("BE-VLG:urban", 50.0),
            ("DE:living_street", 7.0),
            ("walk", 7.0),
            ("none", 130.0),
            ("50;60", 50.0),
            ("60; 50", 50.0),
            ("30 mph|45 mph", 48.28),
            ("7.5", 7.5),
        ] {
            assert_eq!(km_h(value), expected, "{value}");
        }
    }

    #[test]
    fn the_rest_is_left_to_the_class() {
        assert_eq!(parse_maxspeed("signals"), MaxSpeed::Variable);
        for value in ["", "fast", "50 furlongs", "0", "-30", "9999", "RU:", ":", "é:urban", "1e3", "DE:"] {
            assert_eq!(parse_maxspeed(value), MaxSpeed::NotUnderstood, "{value}");
        }
    }

    fn of(pairs: &[(&str, &str)], direction: &str) -> (f64, f64, f64, bool) {
        let speed = speed(&OsmTags::from_pairs(pairs.iter().copied()), direction, 60.0);
        (speed.usual_km_h, speed.most_km_h, speed.fastest_km_h, speed.unclear.is_some())
    }

    #[test]
    fn directions_come_first() {
        let tags = [("maxspeed", "50"), ("maxspeed:backward", "30")];
        assert_eq!(of(&tags, "forward"), (50.0, 50.0, 58.0, false));
        assert_eq!(of(&tags, "backward"), (30.0, 30.0, 38.0, false));
        let typed = [("maxspeed", "fast"), ("maxspeed:type", "DE:urban")];
        assert_eq!(of(&typed, "forward"), (50.0, 50.0, 58.0, true));
        assert_eq!(of(&[("maxspeed", "fast")], "forward"), (60.0, 60.0, 75.0, true));
    }

    #[test]
    fn the_least_of_several_is_usual_and_the_most_is_the_fastest() {
        for (key, value, usual, most) in [
            ("maxspeed", "60|100", 60.0, 100.0),
            ("maxspeed", "80/60", 60.0, 80.0),
            ("maxspeed", "50-70", 50.0, 70.0),
            ("maxspeed", "50,60 km/h", 50.0, 60.0),
            ("maxspeed", "50 (wet 40)", 40.0, 60.0),
            ("maxspeed", "ca 90", 60.0, 90.0),
            ("maxspeed:lanes", "80|60", 60.0, 80.0),
            ("maxspeed:lanes:forward", "80|60", 60.0, 80.0),
            ("maxspeed:conditional", "100 @ (20:00-06:00)", 60.0, 100.0),
            ("maxspeed:forward:conditional", "40 @ wet", 40.0, 60.0),
            ("maxspeed:conditional", "30 @ (weight>7.5)", 60.0, 60.0),
            ("maxspeed", "1e3", 60.0, 60.0),
        ] {
            let (found, upper, _, _) = of(&[(key, value)], "forward");
            assert_eq!((found, upper), (usual, most), "{key}={value}");
        }
        // Above a posted limit of 100 by 8 km/h; where nothing is posted by a quarter.
        assert_eq!(
            of(&[("maxspeed", "30"), ("maxspeed:conditional", "100 @ (20:00-06:00)")], "forward").2,
            108.0
        );
        assert_eq!(of(&[("maxspeed", "none")], "forward"), (130.0, 130.0, 162.5, false));
        let mph = of(&[("maxspeed", "30/40 mph")], "forward");
        assert!((mph.0 - 48.28032).abs() < 1e-9 && (mph.1 - 64.37376).abs() < 1e-9);
    }
}
