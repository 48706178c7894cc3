//! What a verb hands back to Python.

use crate::folder::Folder;
use clearway_artifacts::Artifacts;
use pyo3::prelude::*;
use serde::Serialize;

/// An answer: files, what is said on a terminal, and what no file holds, as JSON.
#[pyclass(frozen, module = "clearway._clearway")]
#[derive(Debug, Clone, Default)]
pub struct Answer {
    folder: Option<Folder>,
    words: String,
    facts: serde_json::Value,
}

impl Answer {
    /// An answer that is said.
    pub fn new(words: impl Into<String>) -> Self {
        Self { folder: None, words: words.into(), facts: serde_json::Value::Null }
    }

    /// With the files of a folder.
    pub fn with_files(self, artifacts: Artifacts) -> Self {
        Self { folder: Some(Folder::from(artifacts)), ..self }
    }

    /// With what no file holds.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn with_facts(self, facts: &impl Serialize) -> Result<Self, clearway::Error> {
        Ok(Self { facts: serde_json::to_value(facts)?, ..self })
    }
}

#[pymethods]
impl Answer {
    /// The files, where there are any.
    #[getter]
    fn folder(&self) -> Option<Folder> {
        self.folder.clone()
    }

    /// What is said on a terminal.
    #[getter]
    fn words(&self) -> String {
        self.words.clone()
    }

    /// What no file holds, as JSON.
    #[getter]
    fn facts(&self) -> String {
        self.facts.to_string()
    }
}
