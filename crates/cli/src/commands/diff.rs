//! `clearway diff`: what a changed figure changes.

use crate::args::Diff;
use crate::failure::Failure;
use clearway_formats::short;
use clearway_model::{Fault, Faults};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

pub fn run(args: &Diff) -> Result<(), Failure> {
    let (a, b) = (read(&args.before)?, read(&args.after)?);
    let mut lines = Vec::new();
    if a["headline"] != b["headline"] {
        lines.push(format!("before: {}", text(&a["headline"])));
        lines.push(format!("after:  {}", text(&b["headline"])));
    }
    let known = |audit: &Value| -> BTreeMap<String, String> {
        let figures = audit["figures"].as_object();
        figures.into_iter().flatten().map(|(id, known)| (id.clone(), figure(known))).collect()
    };
    changes("figure", &known(&a), &known(&b), &mut lines);
    let outcomes = |audit: &Value| -> BTreeMap<String, String> {
        let findings = audit["findings"].as_array();
        findings.into_iter().flatten().map(|f| (text(&f["id"]).to_owned(), outcome(f))).collect()
    };
    changes("rule", &outcomes(&a), &outcomes(&b), &mut lines);
    if lines.is_empty() {
        say!("no figure and no outcome differs");
    }
    for line in lines {
        say!("{line}");
    }
    Ok(())
}

fn changes(what: &str, a: &BTreeMap<String, String>, b: &BTreeMap<String, String>, lines: &mut Vec<String>) {
    let mut ids: Vec<&String> = a.keys().chain(b.keys()).collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        let side =
            |map: &BTreeMap<String, String>| map.get(id).cloned().unwrap_or_else(|| "not there".to_owned());
        let (before, after) = (side(a), side(b));
        if before != after {
            lines.push(format!("{what} {id}: {before} -> {after}"));
        }
    }
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
fn read(dir: &Path) -> Result<Value, Failure> {
    let path = dir.join("audit.json");
    let not_ours = |hint: String| {
        let mut faults = Faults::default();
        faults.push(Fault::error("audit.json", "", "an audit made by clearway audit").hint(hint));
        Failure::Faults { what: dir.display().to_string(), faults }
    };
    let value: Value =
        serde_json::from_slice(&super::read(&path)?).map_err(|error| not_ours(error.to_string()))?;
    if value["schema"] != clearway_audit::SCHEMA {
        return Err(not_ours(format!("schema is {}", value["schema"])));
    }
    Ok(value)
}
