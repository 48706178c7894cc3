//! Reading the answer's JSON files; a fault names the key, what was found and what was expected.

use crate::encoding::decode;
use clearway_model::{Certificate, Fault, Faults, Plan, Summary};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// Reads a plan: `plan.json` itself, or the folder it is in.
///
/// # Errors
/// The first fault, with key, value and what was expected. Whether the plan holds is not looked at.
pub fn read_plan(path: &Path) -> Result<Plan, Faults> {
    read_json(path, "plan.json", Plan::SCHEMA)
}

/// Reads a certificate: `certificate.json` itself, or the folder it is in.
///
/// # Errors
/// As [`read_plan`].
pub fn read_certificate(path: &Path) -> Result<Certificate, Faults> {
    read_json(path, "certificate.json", Certificate::SCHEMA)
}

/// Reads a summary: `summary.json` itself, or the folder it is in.
///
/// # Errors
/// As [`read_plan`].
pub fn read_summary(path: &Path) -> Result<Summary, Faults> {
    read_json(path, "summary.json", Summary::SCHEMA)
}

/// The one key that says what a file is.
#[derive(Deserialize)]
struct Tag {
    schema: Option<serde_json::Value>,
}

fn read_json<T: DeserializeOwned>(path: &Path, name: &str, schema: &str) -> Result<T, Faults> {
    let path = if path.is_dir() { path.join(name) } else { path.to_path_buf() };
    let file = path.file_name().map_or_else(|| name.to_string(), |name| name.to_string_lossy().into_owned());
    let bytes = std::fs::read(&path).map_err(|error| {
        let fault = Fault::error(path.display().to_string(), "", format!("a readable file, {name}"));
        Faults(vec![fault.field("error", error)])
    })?;
    parse_json(&file, &bytes, schema).map_err(|fault| Faults(vec![*fault]))
}

fn parse_json<T: DeserializeOwned>(file: &str, bytes: &[u8], schema: &str) -> Result<T, Box<Fault>> {
    let text = decode(file, bytes)?;
    if !text.trim_start().starts_with('{') {
        // an array would otherwise be taken for the values of an object's keys in order
        let begin: String = text.trim_start().chars().take(20).collect();
        return Err(Box::new(Fault::error(file, "line 1", "a JSON object").field("text", begin)));
    }
    let tag: Result<Tag, _> = serde_json::from_str(text);
    if let Ok(tag) = &tag {
        check_tag(file, tag.schema.as_ref(), schema)?;
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let key = error.path().to_string();
        json_fault(file, if key == "." { String::new() } else { key }, error.inner())
    })?;
    deserializer.end().map_err(|error| json_fault(file, String::new(), &error))?;
    Ok(value)
}

fn check_tag(file: &str, found: Option<&serde_json::Value>, schema: &str) -> Result<(), Box<Fault>> {
    let found =
        found.map_or_else(String::new, |value| value.as_str().map_or_else(|| value.to_string(), Into::into));
    if found == schema {
        return Ok(());
    }
    let kind = |schema: &str| schema.split('/').next().unwrap_or_default().replace("clearway-", "");
    let hint = if found.is_empty() {
        format!("not a {}: nothing says what this file is", kind(schema))
    } else if kind(&found) == kind(schema) {
        "written by another version of the program".to_string()
    } else {
        format!("not a {}, but a {}", kind(schema), kind(&found))
    };
    Err(Box::new(Fault::error(file, "", format!("'{schema}'")).field("schema", found).hint(hint)))
}

/// Puts a message such as "invalid type: string \"x\", expected i64 at line 3 column 4" into its parts.
fn json_fault(file: &str, key: String, error: &serde_json::Error) -> Box<Fault> {
    let mut message = error.to_string();
    let mut place = String::new();
    if let Some(at) = message.rfind(" at line ") {
        place = message.split_off(at)[" at ".len()..].replace(" column", ", column");
    }
    if let Some(name) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        let key = if key.is_empty() { name.to_string() } else { format!("{key}.{name}") };
        let fault = Fault::error(file, place, "the key to be there").field(key, "");
        return Box::new(fault.hint("the key is missing"));
    }
    let (found, expected) = match message.split_once(", expected ") {
        Some((found, expected)) => (found.to_string(), expected.to_string()),
        None => (message.clone(), "JSON as docs/reference/plan.md says".to_string()),
    };
    let hint = if error.is_eof() { "the file is cut off" } else { "" };
    let expected = match expected.as_str() {
        "i64" | "u64" | "u32" => "a whole number".to_string(),
        "f64" => "a number".to_string(),
        "a string" => "text".to_string(),
        _ => expected.replace('`', "'"),
    };
    let found = found.trim_start_matches("invalid type: ").trim_start_matches("invalid value: ").to_string();
    let field = if key.is_empty() { "text".to_string() } else { key };
    Box::new(Fault::error(file, place, expected).field(field, found).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"{"schema": "clearway-plan/2", "scenario": "sha256:0", "case": "central", "routes_per_zone": null,
"window_ms": 900000, "packet_people": 5, "routes": [], "not_moved": [], "more": 1,
"orders": [{"order_id": 1, "zone_id": "Z1", "group": "all", "class": "car", "people": 120, "depart_from_ms": 0,
"depart_until_ms": 900000, "route_id": "R1"}]}"#;

    fn fault(text: &str) -> Fault {
        *parse_json::<Plan>("plan.json", text.as_bytes(), Plan::SCHEMA).unwrap_err()
    }

    #[test]
    fn unknown_keys_are_ignored_and_keys_are_named() {
        let plan: Plan = parse_json("plan.json", PLAN.as_bytes(), Plan::SCHEMA).unwrap();
        assert_eq!(plan.orders[0].people, 120);
        let got = fault(&PLAN.replace("120", "\"many\""));
        assert_eq!(got.place, "line 3, column 92");
        let got = (got.field.as_str(), got.found.as_str(), got.expected.as_str());
        assert_eq!(got, ("orders[0].people", "string \"many\"", "a whole number"));
        let got = fault(&PLAN.replace("\"central\"", "\"middle\""));
        assert_eq!((got.field.as_str(), got.found.as_str()), ("case", "unknown variant `middle`"));
        let got = fault(&PLAN.replace("\"zone_id\": \"Z1\",", ""));
        assert_eq!((got.field.as_str(), got.hint.as_str()), ("orders[0].zone_id", "the key is missing"));
        assert_eq!(fault(&PLAN.replace("120", "120.5")).expected, "a whole number");
    }

    #[test]
    fn another_file_is_named_for_what_it_is() {
        let got = fault(&PLAN.replace("clearway-plan/2", "clearway-certificate/2"));
        assert_eq!((got.field.as_str(), got.hint.as_str()), ("schema", "not a plan, but a certificate"));
        let got = fault(&PLAN.replace("clearway-plan/2", "clearway-plan/9"));
        assert_eq!(got.hint, "written by another version of the program");
        assert_eq!(fault("{}").hint, "not a plan: nothing says what this file is");
        assert_eq!(fault(&PLAN[..300]).hint, "the file is cut off");
        assert_eq!(fault(&format!("{PLAN} x")).place, "line 4, column 48");
        assert_eq!(fault("[1, 2]").field, "text");
    }
}
