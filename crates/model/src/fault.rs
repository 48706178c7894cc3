//! A fault in something that was given: where, what was found, what was expected.

use crate::visible::visible_line;
use serde::Serialize;
use std::fmt;

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Planning cannot go on.
    Error,
    /// Worth a look; planning goes on.
    Warning,
}

/// One fault. Messages are lower-case fragments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fault {
    /// Whether planning can go on.
    pub severity: Severity,
    /// File name within the folder.
    pub file: String,
    /// Line (1-based, header included), row id or feature, as text; empty if the whole file is meant.
    pub place: String,
    /// Column or key; may be empty.
    pub field: String,
    /// The value found; may be empty.
    pub found: String,
    /// What was expected there instead.
    pub expected: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl Fault {
    /// An error in a file.
    pub fn error(file: impl Into<String>, place: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            file: file.into(),
            place: place.into(),
            field: String::new(),
            found: String::new(),
            expected: expected.into(),
            hint: String::new(),
        }
    }

    /// A warning about a file.
    pub fn warning(file: impl Into<String>, place: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, place, expected) }
    }

    /// Names the column and the value found in it.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>, found: impl fmt::Display) -> Self {
        self.field = field.into();
        self.found = found.to_string();
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // names and cells are somebody else's: one fault is one line, whatever they hold
        write!(f, "{}", visible_line(&self.file))?;
        if !self.place.is_empty() {
            write!(f, ", {}", visible_line(&self.place))?;
        }
        if !self.field.is_empty() {
            write!(f, ", {} = '{}'", visible_line(&self.field), visible_line(&self.found))?;
        }
        write!(f, ": expected {}", visible_line(&self.expected))?;
        if !self.hint.is_empty() {
            write!(f, " ({})", visible_line(&self.hint))?;
        }
        Ok(())
    }
}

/// All faults found, errors and warnings, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Whether any fault is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|fault| fault.severity == Severity::Error)
    }

    /// Adds a fault at the end.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
