//! Who may use a way: the access tags.

use crate::ImportOptions;
use crate::opening::RoadOpening;
use crate::osm::conditional::values_for_cars;
use crate::osm::data::OsmTags;
use crate::remark::RemarkKind;

/// Keys for cars, the most specific first.
pub(crate) const CAR_KEYS: [&str; 4] = ["motorcar", "motor_vehicle", "vehicle", "access"];
/// Keys for people on foot.
pub(crate) const FOOT_KEYS: [&str; 2] = ["foot", "access"];

/// What the access tags say of one direction.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AccessRule {
    pub opening: RoadOpening,
    /// What is to be said of it, and the tag that says it; `None` if it is simply open.
    pub remark: Option<(RemarkKind, String)>,
}

/// What one value means for the public in cars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AccessWord {
    /// Anybody may use the road.
    Open,
    /// Those who have business there: used.
    Limited,
    /// Those who deliver: no way through.
    Delivery,
    /// Those who live or work there.
    Private,
    /// Nobody that matters here.
    Closed,
}

fn word(value: &str) -> AccessWord {
    match value {
        "yes" | "permissive" | "designated" | "official" | "public" | "unknown" | "1" | "true" => {
            AccessWord::Open
        }
        "destination" | "discouraged" | "tolerated" | "customers" => AccessWord::Limited,
        "delivery" => AccessWord::Delivery,
        "private" | "permit" | "residents" | "employees" => AccessWord::Private,
        _ => AccessWord::Closed,
    }
}

/// Reads a value. Several (`a;b`) are as open as the least open of them; where one of them opens the way to anyone it is open in the
/// optimistic case.
fn read(value: &str, options: &ImportOptions) -> (RoadOpening, Option<RemarkKind>) {
    let value = value.to_ascii_lowercase();
    let words: Vec<AccessWord> = value.split(';').map(|part| word(part.trim())).collect();
    let has = |one: AccessWord| words.contains(&one);
    let private_is_open = options.private_roads && !has(AccessWord::Closed);
    if has(AccessWord::Closed) || (has(AccessWord::Private) && !private_is_open) {
        let kind = if has(AccessWord::Closed) { RemarkKind::NoAccess } else { RemarkKind::Private };
        return if has(AccessWord::Open) {
            (RoadOpening::Optimistic, Some(RemarkKind::LimitedAccess))
        } else {
            (RoadOpening::Closed, Some(kind))
        };
    }
    if has(AccessWord::Private) {
        return (RoadOpening::Open, Some(RemarkKind::Private));
    }
    if has(AccessWord::Limited) {
        return (RoadOpening::Open, Some(RemarkKind::LimitedAccess));
    }
    if has(AccessWord::Delivery) {
        return (RoadOpening::Optimistic, Some(RemarkKind::LimitedAccess));
    }
    (RoadOpening::Open, None)
}

/// What a value says to cars, without a remark.
pub(crate) fn opening_of(value: &str, options: &ImportOptions) -> RoadOpening {
    read(value, options).0
}

/// The access of road users in a direction (`forward`, `backward`; empty for nodes): the most specific key that is there decides, with its
/// directional form before its plain form; `usual` where there is none. Conditional forms of that key and of more specific ones are
/// other ways to read the map.
pub(crate) fn access(
    tags: &OsmTags,
    keys: &[&str],
    direction: &str,
    usual: RoadOpening,
    options: &ImportOptions,
) -> AccessRule {
    let mut readings = Vec::new();
    let mut remark = None;
    for key in keys {
        let directed = format!("{key}:{direction}");
        for form in [&directed, *key] {
            let conditional = format!("{form}:conditional");
            let Some(text) = tags.get(&conditional) else { continue };
            let values = values_for_cars(text);
            if !values.is_empty() {
                remark.get_or_insert((RemarkKind::ConditionalAccess, format!("{conditional}={text}")));
            }
            readings.extend(values.into_iter().map(|value| opening_of(value, options)));
        }
        let plain = tags.get(&directed).map(|value| (directed.as_str(), value));
        if let Some((key, value)) = plain.or_else(|| tags.get(key).map(|value| (*key, value))) {
            let (opening, kind) = read(value, options);
            readings.push(opening);
            let opening = RoadOpening::of_readings(readings.iter().copied());
            let base = kind.map(|kind| (kind, format!("{key}={value}")));
            // The tag that closes the way for good is named before one that opens it at times.
            return AccessRule {
                opening,
                remark: if opening == RoadOpening::Closed { base.or(remark) } else { remark.or(base) },
            };
        }
    }
    readings.push(usual);
    AccessRule { opening: RoadOpening::of_readings(readings), remark }
}
