//! Speeds: `maxspeed` in all its common forms.

use crate::osm::data::Tags;

/// km/h of one mph.
const MPH: f64 = 1.609_344;
/// km/h of one knot.
const KNOT: f64 = 1.852;
/// Free speed where there is no limit (`none`), km/h. Assumed.
const NO_LIMIT_KM_H: f64 = 130.0;
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
    /// A speed, km/h.
    KmH(f64),
    /// It depends (`signals`, `variable`): take the default of the class.
    Variable,
    /// Not a speed.
    NotUnderstood,
}

/// Reads a value of `maxspeed`. Of several (`50;60`, `30 mph|40 mph`) the smallest counts.
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
    for part in value.split([';', '|']).map(str::trim).filter(|part| !part.is_empty()) {
        match one(part) {
            MaxSpeed::KmH(speed) => least = Some(least.map_or(speed, |l| l.min(speed))),
            other => return other,
        }
    }
    least.map_or(MaxSpeed::NotUnderstood, MaxSpeed::KmH)
}

fn one(value: &str) -> MaxSpeed {
    match value {
        "none" | "no" | "unlimited" => return MaxSpeed::KmH(NO_LIMIT_KM_H),
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

/// Speed of a direction (`forward` or `backward`): the tagged limit, or `None` for the class default. The flag says that
/// a tag was there and not understood.
pub(crate) fn tagged_speed(tags: &Tags, direction: &str) -> (Option<f64>, bool) {
    let keys = [
        format!("maxspeed:motorcar:{direction}"),
        format!("maxspeed:{direction}"),
        "maxspeed:motorcar".to_string(),
        "maxspeed".to_string(),
        "maxspeed:type".to_string(),
    ];
    let mut odd = false;
    for key in keys {
        match tags.get(&key).map(|value| (parse_maxspeed(value), key.ends_with(":type"))) {
            Some((MaxSpeed::KmH(speed), _)) => return (Some(speed), false),
            Some((MaxSpeed::NotUnderstood, false)) => odd = true,
            Some(_) | None => {}
        }
    }
    (None, odd)
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

    #[test]
    fn directions_come_first() {
        let tags = Tags::from_pairs([("maxspeed", "50"), ("maxspeed:backward", "30")]);
        assert_eq!(tagged_speed(&tags, "forward"), (Some(50.0), false));
        assert_eq!(tagged_speed(&tags, "backward"), (Some(30.0), false));
        let tags = Tags::from_pairs([("maxspeed", "fast"), ("maxspeed:type", "DE:urban")]);
        assert_eq!(tagged_speed(&tags, "forward"), (Some(50.0), false));
        assert_eq!(tagged_speed(&Tags::from_pairs([("maxspeed", "fast")]), "forward"), (None, true));
    }
}
