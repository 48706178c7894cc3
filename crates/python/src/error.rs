//! Errors of the library as exceptions of the package.

use crate::answer::Answer;
use clearway::{Error, Partial, Usage};
use pyo3::prelude::*;
use serde_json::{Value, json};

/// The exception of an error: `clearway._errors.raised` makes it of its kind, what it says, and what belongs to it.
pub fn raised(py: Python<'_>, error: Error) -> PyErr {
    let text = error.to_string();
    let (kind, facts, partial) = match error {
        Error::Invalid { of, faults } => ("invalid", json!({"of": of, "faults": faults.0}), None),
        Error::DoesNotHold(_) => ("does_not_hold", Value::Null, None),
        Error::Request(_) | Error::Network(_) => ("request", Value::Null, None),
        Error::Import(_) => ("road_map", Value::Null, None),
        Error::Replay(_) => ("does_not_hold", Value::Null, None),
        Error::TooLarge { usual_bytes, least_bytes, allowed_bytes } => {
            let bytes = json!({"usual_bytes": usual_bytes, "least_bytes": least_bytes, "allowed_bytes": allowed_bytes});
            ("too_large", bytes, None)
        }
        Error::Cancelled(partial) => ("cancelled", Value::Null, partial),
        Error::Read { path, .. } => ("unreadable", json!({"path": path.display().to_string()}), None),
        Error::Unreadable(_) => ("unreadable", Value::Null, None),
        Error::Write(_) => ("unwritten", Value::Null, None),
        _ => ("internal", Value::Null, None),
    };
    let partial = partial.and_then(|partial| proved(&partial));
    made(py, kind, &text, &facts, partial)
}

/// What was proved before a verb was ended, with its kind.
pub fn proved(partial: &Partial) -> Option<(&'static str, Answer)> {
    let kind = match partial {
        Partial::Plan(_) => "plan",
        Partial::Interventions(_) => "interventions",
        Partial::Map(_) => "map",
        Partial::Audit(_) => "audit",
        _ => return None,
    };
    let artifacts = partial.artifacts(Usage::default()).ok()?;
    Some((kind, Answer::new(partial.in_words()).with_files(artifacts)))
}

/// An exception of the package.
pub fn made(
    py: Python<'_>,
    kind: &str,
    text: &str,
    facts: &Value,
    partial: Option<(&'static str, Answer)>,
) -> PyErr {
    let make = || -> PyResult<Bound<'_, PyAny>> {
        let errors = py.import("clearway._errors")?;
        errors.getattr("raised")?.call1((kind, text, facts.to_string(), partial))
    };
    match make() {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
