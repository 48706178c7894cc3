//! Values of a study file: numbers, lists, changes.

use crate::change::{ChangedThing, ScenarioChange};
use serde::Deserialize;
use toml::Value;

/// A value as somebody would write it, on one line.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A finite number.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(whole) => Some(clearway_model::number::float(*whole)),
        Value::Float(number) => Some(*number).filter(|number| number.is_finite()),
        _ => None,
    }
}

/// A list of finite numbers.
pub(super) fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(number).collect()
}

/// Whether a list has two values or more, all different.
pub(super) fn is_proper_list(values: &[f64]) -> bool {
    values.len() > 1 && (1..values.len()).all(|at| !values[..at].contains(&values[at]))
}

/// A change as it stands in a file: flat, with its source and note beside.
pub(super) fn change_of(value: &Value) -> Result<ScenarioChange, String> {
    let mut row = value.as_table().cloned().ok_or("a change in braces")?;
    let mut text = |key: &str| match row.remove(key) {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(format!("as {key} a text in quotes")),
    };
    let (source, note) = (text("source")?, text("note")?);
    let what = ChangedThing::deserialize(Value::Table(row))
        .map_err(|problem| format!("a change as the reference lists them: {}", problem.message()))?;
    Ok(ScenarioChange { what, source, note })
}
