//! The words of reports, by language.
//!
//! One file per language and section. A text has places such as `{people}` that are filled in; a test holds that every language has
//! the same keys and places. Sentences are made so that they fit any number, as rules for plurals differ by language.

use super::frame::Html;
use crate::ReportError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, in which the texts are written.
    #[default]
    En,
    /// Arabic, from right to left.
    Ar,
    /// Spanish.
    Es,
    /// French.
    Fr,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::En, Self::Ar, Self::Es, Self::Fr];

    /// Its code (BCP 47).
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ar => "ar",
            Self::Es => "es",
            Self::Fr => "fr",
        }
    }
}

/// Name and text of each section of a language. Another section is one more line here.
macro_rules! sections {
    ($language:literal) => {
        &[
            ("common", include_str!(concat!("../../data/messages/", $language, "/common.toml"))),
            ("form", include_str!(concat!("../../data/messages/", $language, "/form.toml"))),
            ("ab747", include_str!(concat!("../../data/messages/", $language, "/ab747.toml"))),
            ("ete", include_str!(concat!("../../data/messages/", $language, "/ete.toml"))),
            ("med", include_str!(concat!("../../data/messages/", $language, "/med.toml"))),
            ("multimodal", include_str!(concat!("../../data/messages/", $language, "/multimodal.toml"))),
            ("plan", include_str!(concat!("../../data/messages/", $language, "/plan.toml"))),
            ("sheets", include_str!(concat!("../../data/messages/", $language, "/sheets.toml"))),
        ]
    };
}

fn files(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::En => sections!("en"),
        Language::Ar => sections!("ar"),
        Language::Es => sections!("es"),
        Language::Fr => sections!("fr"),
    }
}

/// The key of a file that names who has reviewed it.
const REVIEWED_BY: &str = "reviewed_by";

/// All texts of a language, by `section.key`.
///
/// # Errors
/// If a built-in file of messages is no TOML of texts.
pub fn message_texts(language: Language) -> Result<BTreeMap<String, String>, ReportError> {
    let mut texts = BTreeMap::new();
    for (section, text) in files(language) {
        let broken = |why: String| ReportError::Messages { section, language: language.code(), why };
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| broken(error.to_string()))?;
        flatten(section, &toml::Value::Table(table), &mut texts).map_err(broken)?;
    }
    Ok(texts)
}

fn flatten(key: &str, value: &toml::Value, texts: &mut BTreeMap<String, String>) -> Result<(), String> {
    match value {
        toml::Value::String(text) => {
            texts.insert(key.to_owned(), text.clone());
        }
        toml::Value::Table(table) => {
            for (name, value) in table {
                flatten(&format!("{key}.{name}"), value, texts)?;
            }
        }
        toml::Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                flatten(&format!("{key}.{place}"), value, texts)?;
            }
        }
        other => return Err(format!("{key} is no text but {}", other.type_str())),
    }
    Ok(())
}

/// The texts of some sections in one language.
#[derive(Debug)]
pub(crate) struct Messages {
    language: Language,
    texts: BTreeMap<String, String>,
    is_reviewed: bool,
}

impl Messages {
    /// Those of a language; `common` and the sections named decide whether the page is marked as not reviewed.
    pub fn new(language: Language, sections: &[&str]) -> Result<Self, ReportError> {
        let texts = message_texts(language)?;
        let reviewed = |section: &&str| {
            texts.get(&format!("{section}.{REVIEWED_BY}")).is_some_and(|name| !name.trim().is_empty())
        };
        let is_reviewed = language == Language::En || ["common"].iter().chain(sections).all(reviewed);
        Ok(Self { language, texts, is_reviewed })
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether a named person has reviewed every section of the page, or no one needs to.
    pub fn is_reviewed(&self) -> bool {
        self.is_reviewed
    }

    /// The text of a key.
    pub fn text(&self, key: &str) -> Result<&str, ReportError> {
        let missing = || ReportError::Message { key: key.to_owned(), language: self.language.code() };
        self.texts.get(key).map(String::as_str).ok_or_else(missing)
    }

    /// A text as HTML, its places filled.
    pub fn html(&self, key: &str, values: &[(&str, Html)]) -> Result<Html, ReportError> {
        Ok(Html::raw(filled(
            self.text(key)?,
            |text| Html::text(text).into_string(),
            |name| {
                values.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str().to_owned())
            },
        )))
    }

    /// A text without marks, its places filled.
    pub fn plain(&self, key: &str, values: &[(&str, &str)]) -> Result<String, ReportError> {
        Ok(filled(self.text(key)?, str::to_owned, |name| {
            values.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        }))
    }

    /// The texts as templates use them: `t.plan.zones.title`.
    pub fn tree(&self) -> serde_json::Value {
        let mut tree = serde_json::Map::new();
        for (key, text) in &self.texts {
            planted(&mut tree, key, text);
        }
        serde_json::Value::Object(tree)
    }
}

/// Puts a text under its key, each part of which is a map within the map before it.
fn planted(tree: &mut serde_json::Map<String, serde_json::Value>, key: &str, text: &str) {
    match key.split_once('.') {
        None => {
            tree.insert(key.to_owned(), serde_json::Value::String(text.to_owned()));
        }
        Some((name, rest)) => {
            let empty = || serde_json::Value::Object(serde_json::Map::new());
            if let serde_json::Value::Object(inner) = tree.entry(name).or_insert_with(empty) {
                planted(inner, rest, text);
            }
        }
    }
}

/// A text with its places filled; a place without a value stays as it is written.
fn filled(text: &str, kept: impl Fn(&str) -> String, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(&kept(before));
        match after.split_once('}') {
            Some((name, after)) => {
                out.push_str(&value(name).unwrap_or_else(|| format!("{{{name}}}")));
                rest = after;
            }
            None => {
                out.push_str(&kept("{"));
                rest = after;
            }
        }
    }
    out.push_str(&kept(rest));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let mut found: Vec<String> =
            text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0.to_owned())).collect();
        found.sort();
        found
    }

    #[test]
    fn every_language_has_the_same_keys_and_places() {
        let english = message_texts(Language::En).unwrap();
        for language in Language::ALL {
            let texts = message_texts(language).unwrap();
            let keys: Vec<&String> = texts.keys().collect();
            assert_eq!(keys, english.keys().collect::<Vec<_>>(), "{language:?}");
            for (key, text) in &texts {
                assert_eq!(places(text), places(&english[key]), "{language:?}: {key}");
                let is_allowed = key.ends_with(REVIEWED_BY) || english[key].is_empty();
                assert!(is_allowed || !text.is_empty(), "{language:?}: {key} is empty");
            }
        }
    }

    #[test]
    fn no_language_but_english_is_without_a_note_until_somebody_has_reviewed_it() {
        for language in Language::ALL {
            let messages = Messages::new(language, &["plan"]).unwrap();
            let named = messages.text("common.reviewed_by").unwrap().trim().is_empty();
            assert_eq!(messages.is_reviewed(), language == Language::En || !named, "{language:?}");
            assert_eq!(
                messages.text("common.frame.translation").unwrap().is_empty(),
                language == Language::En
            );
        }
    }

    #[test]
    fn places_are_filled_and_texts_escaped() {
        let messages = Messages::new(Language::En, &[]).unwrap();
        let moment = messages
            .html("common.date.moment", &[("clock", Html::text("<b>")), ("after", Html::text("1 h"))]);
        assert_eq!(moment.unwrap().as_str(), "&lt;b&gt; (1 h)");
        assert_eq!(filled("a {x} {", str::to_owned, |_| None), "a {x} {");
        assert!(messages.text("common.nothing").is_err());
    }

    #[test]
    fn english_says_what_every_other_output_says() {
        let messages = Messages::new(Language::En, &[]).unwrap();
        let said = crate::standing_sentences(clearway_model::Context::ArmedConflict);
        assert_eq!(messages.text("common.standing.computation").unwrap(), said[0]);
        assert_eq!(messages.text("common.standing.conflict").unwrap(), said[1]);
        assert_eq!(messages.text("common.map.disclaimer").unwrap(), crate::standing::MAP_DISCLAIMER);
    }
}
