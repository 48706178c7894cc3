//! What is asked of an audit.

use crate::error::Error;
use crate::input::InputFile;
use clearway_model::Context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked of an audit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AuditRequest {
    /// What is audited: a blueprint, a table of movements or a plan folder.
    pub subject: AuditSubject,
    /// Profiles besides those of the blueprint: `ete`, `camp`, `wildfire`, `conflict`, or files that end in `.toml`. With any, only
    /// their rules are looked at.
    pub profiles: Vec<String>,
    /// What would it take by this time? Days, from one hour to 1,000 days; it takes the place of the length that is claimed.
    pub deadline_days: Option<f64>,
    /// What is there by place (`supplies.csv`), in place of the table that the blueprint names. Only with a plan folder.
    pub supplies: Option<InputFile>,
    /// What trucks can bring (`aid.csv`), in place of the table that the blueprint names. Only with a plan folder.
    pub aid: Option<InputFile>,
    /// Leave out exact places and groups of fewer than 10 people; `None`: in an armed conflict.
    pub redacted: Option<bool>,
}

/// What is audited. Names are those of the files beside the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuditSubject {
    /// A blueprint (`blueprint.toml`). What it names is looked for from the folder in which its own name lies.
    Blueprint(InputFile),
    /// A table of movements (CSV, XLSX, ODS) that says nothing else.
    Movements {
        /// The table, with a row per movement.
        table: InputFile,
        /// The kind of situation, which no table says.
        context: Context,
    },
    /// A plan folder by its name; with an empty name the files are those of the plan folder.
    Plan(String),
}

impl Default for AuditSubject {
    /// The files are those of a plan folder.
    fn default() -> Self {
        Self::Plan(String::new())
    }
}

impl AuditRequest {
    /// Refuses what makes no sense.
    pub(super) fn check(&self) -> Result<(), Error> {
        match self.deadline_days {
            Some(days) if !(1.0 / 24.0..=1000.0).contains(&days) => {
                Err(Error::Request("deadline_days: expected a number from one hour to 1,000".to_owned()))
            }
            _ => Ok(()),
        }
    }
}
