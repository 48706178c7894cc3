//! The native module `clearway._clearway` of the Python package (`python/clearway`): it takes requests as JSON, runs the verbs of the
//! library in a thread of their own while the interpreter is released, and hands back answers as folders in memory, words and JSON. What
//! is said to those who write Python, with types and docstrings, is in the package; nothing here is for them to call.
//!
//! Without the feature `extension` the crate is empty: the workspace builds and tests without Python.

#![cfg(feature = "extension")]

mod answer;
mod error;
mod folder;
mod given;
mod run;
mod scenario;
mod table;
mod verbs;

use pyo3::prelude::*;

/// The native module.
#[pymodule]
mod _clearway {
    #[pymodule_export]
    use crate::answer::Answer;
    #[pymodule_export]
    use crate::folder::{Folder, write_file};
    #[pymodule_export]
    use crate::run::{Cancel, Run};
    #[pymodule_export]
    use crate::scenario::{Scenario, bound, change, interventions, load, plan, simulate_baseline};
    #[pymodule_export]
    use crate::table::{Table, csv_of_arrow, plan_tables};
    #[pymodule_export]
    use crate::verbs::{
        audit::{audit, audit_form, audit_rules, diff},
        chance::{
            EnsembleMembers, behaviour_of_toml, behaviour_profile, ensemble, ensemble_head, is_part_of,
            losses, merge_ensemble,
        },
        plans::{
            compare, early_warning, export, needs, needs_of, observed, picture, replan, replan_template,
            replay, report, simulate, verify,
        },
        prepare::{check, compose, connect, groups, import_roads, resolve, upgrade},
        propose::{propose_fleet, propose_people, propose_sites},
        requests::{request_defaults, version},
        study::{merge_study, study, study_part, study_request, study_runs},
    };
}
