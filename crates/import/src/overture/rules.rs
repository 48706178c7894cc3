//! What the rules of a segment say of a part of it, as tags of OpenStreetMap.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Columns whose entries may hold on a part of a segment only.
pub(super) const RULES: [&str; 6] =
    ["access_restrictions", "speed_limits", "subclass_rules", "road_flags", "width_rules", "road_surface"];

/// Rules that no tag says, by what they are: how many.
pub(super) type Unused = BTreeMap<String, u64>;

/// The shares of a segment at which a rule begins or ends.
pub(super) fn cuts(columns: &Map<String, Value>) -> Vec<f64> {
    let entries = RULES.iter().flat_map(|name| entries(columns, name));
    entries.filter_map(between).flatten().filter(|share| *share > 0.0 && *share < 1.0).collect()
}

fn entries<'c>(columns: &'c Map<String, Value>, name: &str) -> &'c [Value] {
    columns.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Begin and end of the part on which an entry holds; `None`: all of the segment.
fn between(entry: &Value) -> Option<[f64; 2]> {
    let ends = entry.get("between")?.as_array()?;
    Some([ends.first()?.as_f64()?, ends.get(1)?.as_f64()?])
}

/// Tags of the part of a segment around a share of its length; `None` where there is no road.
pub(super) fn tags(
    columns: &Map<String, Value>,
    share: f64,
    unused: &mut Unused,
) -> Option<Vec<(String, String)>> {
    let text = |name: &str| columns.get(name).and_then(Value::as_str).unwrap_or_default();
    let here = |name: &str| {
        let holds =
            move |entry: &&Value| between(entry).is_none_or(|[from, to]| from <= share && share <= to);
        entries(columns, name).iter().filter(holds)
    };
    let mut tags: Vec<(String, String)> = Vec::new();
    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            tags.retain(|(name, _)| name != key);
            tags.push((key.to_owned(), value.to_owned()));
        }
    };
    let flags: Vec<&str> = here("road_flags")
        .filter_map(|entry| entry.get("values").and_then(Value::as_array))
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let subclass = here("subclass_rules").filter_map(|entry| entry.get("value")?.as_str()).next_back();
    let subclass = subclass.unwrap_or_else(|| text("subclass"));
    if flags.contains(&"is_abandoned") {
        return None;
    }
    let class = match text("class") {
        "unknown" | "" => "road",
        class => class,
    };
    let is_link = flags.contains(&"is_link") || subclass == "link";
    let has_links = ["motorway", "trunk", "primary", "secondary", "tertiary"].contains(&class);
    let class = if is_link && has_links { format!("{class}_link") } else { class.to_owned() };
    if flags.contains(&"is_under_construction") {
        put("highway", "construction");
        put("construction", &class);
    } else {
        put("highway", &class);
    }
    match subclass {
        "alley" | "driveway" | "parking_aisle" => put("service", subclass),
        "sidewalk" => put("footway", "sidewalk"),
        "crosswalk" => put("footway", "crossing"),
        _ => {}
    }
    if let Some(name) = columns.get("names").and_then(|names| names.get("primary")).and_then(Value::as_str) {
        put("name", name);
    }
    for (flag, key) in [("is_bridge", "bridge"), ("is_tunnel", "tunnel")] {
        if flags.contains(&flag) {
            put(key, "yes");
        }
    }
    if let Some(surface) = here("road_surface").filter_map(|entry| entry.get("value")?.as_str()).next_back() {
        put("surface", surface);
    }
    if let Some(width) = here("width_rules").filter_map(|entry| entry.get("value")?.as_f64()).next_back() {
        put("width", &width.to_string());
    }
    for limit in here("speed_limits") {
        match speed(limit) {
            Some((key, value)) => put(&key, &value),
            None => *unused.entry("speed limits at times or for some".to_owned()).or_default() += 1,
        }
    }
    for restriction in here("access_restrictions") {
        match access(restriction) {
            Some((key, value)) => put(&key, &value),
            None => {
                *unused.entry("access rules for others than cars and walkers".to_owned()).or_default() += 1
            }
        }
    }
    Some(tags)
}

/// A speed limit as a tag; `None` for one that holds at times, or for some vehicles only.
fn speed(limit: &Value) -> Option<(String, String)> {
    let when = limit.get("when").filter(|when| !when.is_null());
    let is_set = |name: &str| when.and_then(|when| when.get(name)).is_some_and(|value| !is_empty(value));
    if ["during", "mode", "using", "recognized", "vehicle"].iter().any(|name| is_set(name)) {
        return None;
    }
    let max = limit.get("max_speed")?;
    let number = max.get("value")?.as_f64()?;
    let unit = if max.get("unit").and_then(Value::as_str) == Some("mph") { " mph" } else { "" };
    let key = match when.and_then(|when| when.get("heading")).and_then(Value::as_str) {
        Some("forward") => "maxspeed:forward",
        Some("backward") => "maxspeed:backward",
        _ => "maxspeed",
    };
    Some((key.to_owned(), format!("{number}{unit}")))
}

/// An access rule as a tag: who may not, in one direction or both, or only for a purpose.
fn access(rule: &Value) -> Option<(String, String)> {
    let when = rule.get("when").filter(|when| !when.is_null());
    let words = |name: &str| -> Vec<&str> {
        let list = when.and_then(|when| when.get(name)).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    };
    if when.and_then(|when| when.get("vehicle")).is_some_and(|value| !is_empty(value)) {
        return None;
    }
    let modes = words("mode");
    // the widest of the road users that the rule names and that matter here
    let user =
        [("vehicle", "vehicle"), ("motor_vehicle", "motor_vehicle"), ("car", "motorcar"), ("foot", "foot")];
    let key = if modes.is_empty() {
        "access"
    } else {
        user.iter().find(|(mode, _)| modes.contains(mode)).map(|(_, key)| *key)?
    };
    let purpose = purpose(&words("using"), &words("recognized"));
    let heading = when.and_then(|when| when.get("heading")).and_then(Value::as_str);
    let value = match (rule.get("access_type")?.as_str()?, purpose) {
        ("denied", None) => "no",
        ("allowed", Some(purpose)) => purpose,
        ("allowed", None) => "yes",
        ("designated", _) => "designated",
        _ => return None,
    };
    let during = when.and_then(|when| when.get("during")).and_then(Value::as_str);
    match (heading, value, during) {
        // walkers are not bound by the direction of a road
        (Some(_), _, _) if key == "foot" => None,
        (Some("backward"), "no", None) => Some(("oneway".to_owned(), "yes".to_owned())),
        (Some("forward"), "no", None) => Some(("oneway".to_owned(), "-1".to_owned())),
        (Some(_), _, _) => None,
        (None, value, Some(during)) => Some((format!("{key}:conditional"), format!("{value} @ ({during})"))),
        (None, value, None) => Some((key.to_owned(), value.to_owned())),
    }
}

/// What a way may be used for, in words of OpenStreetMap.
fn purpose(using: &[&str], recognized: &[&str]) -> Option<&'static str> {
    let word = |word: &&str| match *word {
        "as_customer" => Some("customers"),
        "at_destination" | "to_farm" | "for_forestry" => Some("destination"),
        "to_deliver" => Some("delivery"),
        "as_permitted" => Some("permit"),
        "as_private" => Some("private"),
        "as_disabled" | "as_employee" | "as_student" => Some("private"),
        _ => None,
    };
    using.iter().chain(recognized).find_map(word)
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(columns: Value, share: f64) -> Vec<String> {
        let mut unused = Unused::new();
        let tags = tags(columns.as_object().unwrap(), share, &mut unused);
        tags.into_iter().flatten().map(|(key, value)| format!("{key}={value}")).collect()
    }

    #[test]
    fn rules_hold_on_their_part_and_in_their_direction() {
        let columns = json!({
            "class": "primary", "subclass": null, "names": {"primary": "High Street"},
            "access_restrictions": [
                {"access_type": "denied", "when": {"heading": "backward"}, "between": null},
                {"access_type": "denied", "when": {"mode": ["bicycle"]}, "between": null},
            ],
            "speed_limits": [
                {"max_speed": {"value": 50, "unit": "km/h"}, "when": null, "between": [0.0, 0.5]},
                {"max_speed": {"value": 20, "unit": "mph"}, "when": {"heading": "forward"}, "between": [0.5, 1.0]},
                {"max_speed": {"value": 30, "unit": "km/h"}, "when": {"during": "Mo-Fr 07:00-16:00"}, "between": null},
            ],
            "road_flags": [{"values": ["is_bridge"], "between": [0.2, 0.3]}],
            "width_rules": [{"value": 7.5, "between": null}],
        });
        assert_eq!(cuts(columns.as_object().unwrap()), [0.5, 0.5, 0.2, 0.3]);
        let common = ["highway=primary", "name=High Street", "width=7.5"];
        assert_eq!(said(columns.clone(), 0.1), [&common[..], &["maxspeed=50", "oneway=yes"]].concat());
        assert!(said(columns.clone(), 0.25).contains(&"bridge=yes".to_owned()));
        assert!(said(columns, 0.7).contains(&"maxspeed:forward=20 mph".to_owned()));
    }

    #[test]
    fn who_may_not_and_who_may_for_a_purpose() {
        let with = |rules: Value| said(json!({"class": "service", "access_restrictions": rules}), 0.5);
        let denied = json!({"access_type": "denied", "when": null});
        assert_eq!(with(json!([denied])), ["highway=service", "access=no"]);
        let private = json!({"access_type": "allowed", "when": {"recognized": ["as_private"]}});
        assert_eq!(with(json!([denied, private])), ["highway=service", "access=private"]);
        let cars = json!({"access_type": "denied", "when": {"mode": ["motor_vehicle"], "using": []}});
        assert_eq!(with(json!([cars])), ["highway=service", "motor_vehicle=no"]);
        let times = json!({"access_type": "denied", "when": {"during": "22:00-06:00"}});
        assert_eq!(with(json!([times])), ["highway=service", "access:conditional=no @ (22:00-06:00)"]);
        let high = json!({"access_type": "denied", "when": {"vehicle": [{"dimension": "height"}]}});
        assert_eq!(with(json!([high])), ["highway=service"]);
    }

    #[test]
    fn classes_are_those_of_openstreetmap() {
        for (columns, expected) in [
            (json!({"class": "motorway", "subclass": "link"}), "highway=motorway_link"),
            (json!({"class": "unknown"}), "highway=road"),
            (
                json!({"class": "primary", "road_flags": [{"values": ["is_under_construction"]}]}),
                "highway=construction",
            ),
        ] {
            assert_eq!(said(columns, 0.5)[0], expected);
        }
        let gone = json!({"class": "primary", "road_flags": [{"values": ["is_abandoned"]}]});
        assert!(said(gone, 0.5).is_empty());
    }
}
