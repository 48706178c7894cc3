//! JSON in which no object has a key twice.
//!
//! The standard (RFC 8259) leaves open which of two equal keys counts. Readers take the first or the last, so that the same file has
//! 12,000 people for one and 1 for another. Here it is an error.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The value of a text.
///
/// # Errors
/// Text that is no JSON, or an object with a key twice; the message names the key and the error the line.
pub fn parse_json(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<UniqueJson>(text).map(|once| once.0)
}

/// A value without doubled keys.
struct UniqueJson(Value);

impl<'de> Deserialize<'de> for UniqueJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeyVisitor).map(Self)
    }
}

struct UniqueKeyVisitor;

impl<'de> Visitor<'de> for UniqueKeyVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(UniqueJson(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        // as text, after its escapes: two ways to write a key are one key
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!(
                    "the key '{key}' stands twice in one object: which of the two counts cannot be known"
                )));
            }
            let UniqueJson(value) = entries.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_usual_reader() {
        let text =
            r#"{"a": [1, -2, 1.5, 1e3, true, null, "x\n"], "b": {"a": {}}, "big": 18446744073709551615}"#;
        assert_eq!(parse_json(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        for wrong in ["", "{", "[1,]", "{} x", "nan"] {
            assert!(parse_json(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_key_twice_is_an_error_that_names_it() {
        let error = parse_json("{\"properties\":\n{\"people\": 12000, \"people\": 1}}").unwrap_err();
        assert!(error.to_string().contains("'people' stands twice") && error.line() == 2, "{error}");
        // equal after escapes, at any depth, whatever the values
        assert!(parse_json(r#"[{"x": [{"people": 1, "p\u0065ople": 1}]}]"#).is_err());
        // the same key in two objects is not twice
        assert!(parse_json(r#"[{"people": 1}, {"people": 2}]"#).is_ok());
    }
}
