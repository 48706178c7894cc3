//! Reading the answer's JSON files; a fault names the key, what was found and what was expected.

use crate::encoding::decode;
use clearway_model::{Certificate, Fault, Faults, Plan, Store, Summary};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Reads `plan.json` of a plan folder.
///
/// # Errors
/// The first fault, with key, value and what was expected. Whether the plan holds is not looked at.
pub fn read_plan(store: &dyn Store) -> Result<Plan, Faults> {
    read_json(store, "plan.json", Plan::SCHEMA)
}

/// Reads `certificate.json` of a plan folder.
///
/// # Errors
/// As [`read_plan`].
pub fn read_certificate(store: &dyn Store) -> Result<Certificate, Faults> {
    read_json(store, "certificate.json", Certificate::SCHEMA)
}

/// Reads `summary.json` of a plan folder.
///
/// # Errors
/// As [`read_plan`].
pub fn read_summary(store: &dyn Store) -> Result<Summary, Faults> {
    read_json(store, "summary.json", Summary::SCHEMA)
}

/// The one key that says what a file is.
#[derive(Deserialize)]
struct SchemaTag {
    schema: Option<serde_json::Value>,
}

fn read_json<T: DeserializeOwned>(store: &dyn Store, name: &str, schema: &str) -> Result<T, Faults> {
    let missing = || Err(std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such file"));
    let bytes = store.read(name).and_then(|bytes| bytes.map_or_else(missing, Ok)).map_err(|error| {
        let fault = Fault::error(format!("{}/{name}", store.label()), "", format!("a readable file, {name}"));
        Faults(vec![fault.field("error", error)])
    })?;
    parse_json(name, &bytes, schema).map_err(|fault| Faults(vec![*fault]))
}

fn parse_json<T: DeserializeOwned>(file: &str, bytes: &[u8], schema: &str) -> Result<T, Box<Fault>> {
    let text = decode(file, bytes)?;
    if !text.trim_start().starts_with('{') {
        // an array would otherwise be taken for the values of an object's keys in order
        let begin: String = text.trim_start().chars().take(20).collect();
        return Err(Box::new(Fault::error(file, "line 1", "a JSON object").field("text", begin)));
    }
    let tag: Result<SchemaTag, _> = serde_json::from_str(text);
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
    } else if is_older(&found, schema) {
        format!("made by an earlier version ({found}): make it again with `clearway plan`")
    } else if kind(&found) == kind(schema) {
        "written by another version of the program".to_string()
    } else {
        format!("not a {}, but a {}", kind(schema), kind(&found))
    };
    Err(Box::new(Fault::error(file, "", format!("'{schema}'")).field("schema", found).hint(hint)))
}

/// Whether a `schema` is that of an earlier version of the same file.
fn is_older(found: &str, schema: &str) -> bool {
    let parts = |schema: &str| {
        let (kind, number) = schema.split_once('/')?;
        Some((kind.to_owned(), number.parse::<u32>().ok()?))
    };
    let (found, current) = (parts(found), parts(schema));
    found.zip(current).is_some_and(|(found, current)| found.0 == current.0 && found.1 < current.1)
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
        let got = fault(&PLAN.replace("clearway-plan/2", "clearway-plan/1"));
        let hint = "made by an earlier version (clearway-plan/1): make it again with `clearway plan`";
        assert_eq!((got.field.as_str(), got.hint.as_str()), ("schema", hint));
        assert_eq!(fault("{}").hint, "not a plan: nothing says what this file is");
        assert_eq!(fault(&PLAN[..300]).hint, "the file is cut off");
        assert_eq!(fault(&format!("{PLAN} x")).place, "line 4, column 48");
        assert_eq!(fault("[1, 2]").field, "text");
    }
}
