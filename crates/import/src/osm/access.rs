//! Who may use a way: the access tags.

use crate::ImportOptions;
use crate::osm::data::Tags;

/// What an access tag means for the public in cars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anyone.
    Open,
    /// Those who have business there; used, and counted.
    Limited,
    /// Nobody that matters here.
    Closed,
}

/// Reads one value. Several values (`a;b`) are as open as the most open of them.
pub(crate) fn access_value(value: &str, options: &ImportOptions) -> Access {
    let one = |value: &str| match value.trim() {
        "yes" | "permissive" | "designated" | "official" | "public" | "unknown" | "1" | "true" => {
            Access::Open
        }
        "destination" | "delivery" | "discouraged" | "tolerated" | "customers" => Access::Limited,
        "private" | "permit" | "residents" | "employees" if options.private_roads => Access::Limited,
        _ => Access::Closed,
    };
    let mut best = Access::Closed;
    for part in value.split(';') {
        match one(part) {
            Access::Open => return Access::Open,
            Access::Limited => best = Access::Limited,
            Access::Closed => {}
        }
    }
    best
}

/// Keys for cars, the most specific first.
pub(crate) const CAR_KEYS: [&str; 4] = ["motorcar", "motor_vehicle", "vehicle", "access"];
/// Keys for people on foot.
pub(crate) const FOOT_KEYS: [&str; 2] = ["foot", "access"];

/// The value that decides for cars in a direction (`forward` or `backward`): the most specific key wins, with its
/// directional form before its plain form.
pub(crate) fn deciding_value<'a>(tags: &'a Tags, keys: &[&str], direction: &str) -> Option<&'a str> {
    keys.iter().find_map(|key| tags.get(&format!("{key}:{direction}")).or_else(|| tags.get(key)))
}
