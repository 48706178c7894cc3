//! `diff`: what differs between two audits of one plan, e.g. after a figure was changed.

use crate::error::Error;
use clearway_formats::short;
use clearway_model::{Fault, Faults, Store};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The file of an audit folder that is compared.
const FILE: &str = "audit.json";

/// What differs between two audits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct AuditDifference {
    /// The headlines before and after, where they differ.
    pub headline: Option<[String; 2]>,
    /// Figures that differ, by their id.
    pub figures: Vec<AuditChange>,
    /// Rules whose outcome or value differs, by their id.
    pub rules: Vec<AuditChange>,
}

/// Something that differs, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct AuditChange {
    /// Id of the figure or rule.
    pub id: String,
    /// What it was; `None`: it was not there.
    pub before: Option<String>,
    /// What it is; `None`: it is not there.
    pub after: Option<String>,
}

/// Compares two audit folders.
///
/// # Errors
/// [`Error::Read`] if there is no `audit.json` that can be read; [`Error::Invalid`] if it is none of ours.
///
/// ```
/// use clearway::{Error, MemoryStore, diff};
///
/// let empty = MemoryStore::new("an empty folder");
/// assert!(matches!(diff(&empty, &empty), Err(Error::Read { .. })));
/// ```
pub fn diff(before: &dyn Store, after: &dyn Store) -> Result<AuditDifference, Error> {
    let (a, b) = (read(before)?, read(after)?);
    let headlines = [&a, &b].map(|audit| text(&audit["headline"]).to_owned());
    let known = |audit: &Value| -> BTreeMap<String, String> {
        let figures = audit["figures"].as_object();
        figures.into_iter().flatten().map(|(id, known)| (id.clone(), figure(known))).collect()
    };
    let outcomes = |audit: &Value| -> BTreeMap<String, String> {
        let findings = audit["findings"].as_array();
        findings.into_iter().flatten().map(|f| (text(&f["id"]).to_owned(), outcome(f))).collect()
    };
    Ok(AuditDifference {
        headline: Some(headlines).filter(|[before, after]| before != after),
        figures: changes(&known(&a), &known(&b)),
        rules: changes(&outcomes(&a), &outcomes(&b)),
    })
}

impl AuditDifference {
    /// A line for each thing that differs.
    pub fn in_words(&self) -> String {
        let mut lines = Vec::new();
        if let Some([before, after]) = &self.headline {
            lines.extend([format!("before: {before}"), format!("after:  {after}")]);
        }
        let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "not there".to_owned());
        for (what, changes) in [("figure", &self.figures), ("rule", &self.rules)] {
            lines.extend(changes.iter().map(|change| {
                format!("{what} {}: {} -> {}", change.id, side(&change.before), side(&change.after))
            }));
        }
        if lines.is_empty() {
            lines.push("no figure and no outcome differs".to_owned());
        }
        lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

fn changes(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> Vec<AuditChange> {
    let mut ids: Vec<&String> = a.keys().chain(b.keys()).collect();
    ids.sort();
    ids.dedup();
    let change =
        |id: &String| AuditChange { id: id.clone(), before: a.get(id).cloned(), after: b.get(id).cloned() };
    ids.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn range(value: &Value) -> String {
    let end = |name: &str| value[name].as_f64().map_or_else(|| "without limit".to_owned(), short);
    let (low, central, high) = (end("low"), end("central"), end("high"));
    if low == high { central } else { format!("{central} ({low} to {high})") }
}

fn figure(known: &Value) -> String {
    format!("{} {}", range(known), text(&known["origin"]).replace('_', " "))
}

fn outcome(finding: &Value) -> String {
    let mut words = text(&finding["outcome"]).replace('_', " ");
    if let Some(severity) = finding["severity"].as_str() {
        words.push_str(&format!(", {severity}"));
    }
    if finding["value"].is_object() {
        words.push_str(&format!(", {} {}", range(&finding["value"]), text(&finding["unit"])));
    }
    words
}

/// `audit.json` of an audit folder.
fn read(store: &dyn Store) -> Result<Value, Error> {
    let unreadable = |source| Error::Read { path: Path::new(&store.label()).join(FILE), source };
    let not_ours = |hint: String| {
        let mut faults = Faults::default();
        faults.push(Fault::error(FILE, "", "an audit made by clearway audit").hint(hint));
        Error::Invalid { of: store.label(), faults }
    };
    let missing = || unreadable(io::Error::new(io::ErrorKind::NotFound, "there is no such file"));
    let bytes = store.read(FILE).map_err(unreadable)?.ok_or_else(missing)?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| not_ours(error.to_string()))?;
    if value["schema"] != clearway_audit::SCHEMA {
        return Err(not_ours(format!("schema is {}", value["schema"])));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clearway_model::MemoryStore;
    use serde_json::json;

    fn audit(headline: &str, people: f64, outcome: &str) -> MemoryStore {
        let audit = json!({
            "schema": clearway_audit::SCHEMA,
            "headline": headline,
            "figures": {"people": {"low": people, "central": people, "high": people, "origin": "as_claimed"}},
            "findings": [{"id": "TIM-01", "outcome": outcome, "severity": "major"}],
        });
        let mut store = MemoryStore::new("audit");
        store.insert(FILE, audit.to_string());
        store
    }

    #[test]
    fn what_differs_is_said_and_nothing_else() {
        let (a, b) = (audit("fails", 100.0, "does_not_hold"), audit("holds", 90.0, "does_not_hold"));
        assert_eq!(
            diff(&a, &b).unwrap().in_words(),
            "before: fails\nafter:  holds\nfigure people: 100 as claimed -> 90 as claimed\n"
        );
        assert_eq!(diff(&a, &a).unwrap().in_words(), "no figure and no outcome differs\n");
    }

    #[test]
    fn another_file_is_no_audit() {
        let mut other = MemoryStore::new("elsewhere");
        other.insert(FILE, "{\"schema\": \"clearway-plan/1\"}");
        let refused = diff(&other, &other).unwrap_err();
        assert!(matches!(refused, Error::Invalid { .. }), "{refused}");
    }
}
