//! Strict reading of JSON (`docs/reference/plan.md`, JSON): whatever a lenient reader would take in one of two ways is refused, in keys
//! that nobody asks for as well. No key twice, no list for an object, a word as a text, no number beyond the range of doubles.
//!
//! [`StrictJson`] stands around serde_json's own reader, so that nothing is held in memory twice.

use crate::Unreadable;
use crate::table::text;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use std::collections::BTreeSet;

/// Reads one file whole: anything after the value is an error.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(file: &str, bytes: &[u8]) -> Result<T, Unreadable> {
    let mut inner = serde_json::Deserializer::from_str(text(file, bytes)?);
    let value = T::deserialize(StrictJson(&mut inner)).map_err(|e| Unreadable::format(file, e))?;
    inner.end().map_err(|e| Unreadable::format(file, e))?;
    Ok(value)
}

/// A reader, or what a reader asks, that passes strictness on to what is inside.
struct StrictJson<T>(T);

macro_rules! as_they_are {
    ($($name:ident)*) => { $(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$name(visitor)
        }
    )* };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for StrictJson<D> {
    type Error = D::Error;

    as_they_are! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(StrictJson(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(StrictJson(visitor))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_seq(StrictJson(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(len, StrictJson(visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(StrictJson(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, StrictJson(visitor))
    }

    /// An object and nothing else: a list would be taken for the values of the keys in their order.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(StrictJson(visitor))
    }

    /// One of a few words, as a text: `{"central": null}` is not one.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_str(EnumWord(visitor))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(len, StrictJson(visitor))
    }

    /// What nobody asks for is looked at all the same.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(StrictJson(visitor))
    }
}

macro_rules! scalars {
    ($($name:ident: $type:ty),*) => { $(
        fn $name<E: de::Error>(self, value: $type) -> Result<V::Value, E> {
            self.0.$name(value)
        }
    )* };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for StrictJson<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(f)
    }

    scalars! { visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str, visit_string: String }

    fn visit_borrowed_str<E: de::Error>(self, value: &'de str) -> Result<V::Value, E> {
        self.0.visit_borrowed_str(value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(StrictJson(inner))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(StrictJson(inner))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(StrictJson(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(UniqueKeys { map, seen: BTreeSet::new() })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for StrictJson<A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        self.0.next_element_seed(StrictJson(seed))
    }
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for StrictJson<T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<T::Value, D::Error> {
        self.0.deserialize(StrictJson(inner))
    }
}

/// An object of which no key may stand twice: of two figures a reader could take either.
struct UniqueKeys<A> {
    map: A,
    seen: BTreeSet<String>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for UniqueKeys<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(key) = self.map.next_key::<String>()? else { return Ok(None) };
        let read = seed.deserialize(IntoDeserializer::<A::Error>::into_deserializer(key.as_str()))?;
        if let Some(twice) = self.seen.replace(key) {
            return Err(de::Error::custom(format_args!("key '{twice}' twice")));
        }
        Ok(Some(read))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.map.next_value_seed(StrictJson(seed))
    }
}

/// The visitor of one of a few words, given a text.
struct EnumWord<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for EnumWord<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("one of a few words, as text")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<V::Value, E> {
        self.0.visit_enum(EnumText(word.into_deserializer()))
    }
}

/// The word itself, as serde asks for it.
struct EnumText<'a, E>(StrDeserializer<'a, E>);

impl<'de, E: de::Error> EnumAccess<'de> for EnumText<'_, E> {
    type Error = E;
    type Variant = <StrDeserializer<'static, E> as EnumAccess<'de>>::Variant;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self::Variant), E> {
        EnumAccess::variant_seed(self.0, seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::Plan;
    use serde_json::Value;

    const PLAN: &str = r#"{"schema": "s", "scenario": "d", "case": "central", "routes_per_zone": null, "window_ms": 1, "packet_people": 1,
        "routes": [], "orders": [], "not_moved": [{"zone_id": "Z", "people": 1, "outcome": "overtaken", "reason": "hazard"}], "more": {"a": [1]}}"#;

    fn plan(from: &str, to: &str) -> Result<Plan, String> {
        assert!(PLAN.contains(from));
        read("plan.json", PLAN.replace(from, to).as_bytes()).map_err(|e| e.to_string())
    }

    #[test]
    fn a_plan_is_read_and_unknown_keys_are_passed_over() {
        let read = plan("{\"a\": [1]}", "[1, {\"b\": null}, -2.5e3, \"\\u00e9\"]").unwrap();
        assert_eq!(read.not_moved[0].people, 1);
        assert_eq!(read.routes_per_zone, None);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for (from, to) in [
            ("\"schema\": \"s\"", "\"schema\": \"s\", \"schema\": \"s\""),
            ("{\"a\": [1]}", "{\"a\": 1, \"a\": 1}"),
            ("\"more\": {\"a\": [1]}", "\"more\": 1, \"more\": 1"),
            (
                "{\"zone_id\": \"Z\", \"people\": 1, \"outcome\": \"overtaken\", \"reason\": \"hazard\"}",
                "[\"Z\", 1, \"overtaken\", \"hazard\"]",
            ),
            ("\"central\"", "{\"central\": null}"),
            ("\"people\": 1", "\"people\": -0"),
            ("\"people\": 1", "\"people\": 1.0"),
            ("[1]", "1e400"),
            ("[1]", "\"\\ud800\""),
            ("[1]", "NaN"),
        ] {
            assert!(plan(from, to).is_err(), "{to}");
        }
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        // the object around it and 126 lists are 127 levels
        assert!(plan("{\"a\": [1]}", &deep(126)).is_ok());
        assert!(plan("{\"a\": [1]}", &deep(127)).is_err());
        assert!(read::<Value>("x", b"{} x").is_err());
        assert!(read::<Plan>("x", b"[]").is_err());
    }

    #[test]
    fn any_value_can_be_read() {
        let text = r#"{"a": [1, -2, 0.5, "x", null, true, {"b": {}}]}"#;
        assert_eq!(
            read::<Value>("x", text.as_bytes()).unwrap().to_string(),
            text.replace(": ", ":").replace(", ", ",")
        );
        assert!(read::<Value>("x", br#"{"a": {"b": 1, "b": 1}}"#).is_err());
    }
}
