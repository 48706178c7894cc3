//! What kinds of folders Clearway writes, and which files belong to each: for the manifest of a new folder, and to tell what is
//! ours in a folder of an earlier version, which has none.

use clearway_model::{MULTIMODAL_FILES, RAW_FILES};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a folder of ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FolderKind {
    /// A scenario: tables that somebody may edit.
    Scenario,
    /// A plan, of one class of road users or for everybody.
    Plan,
    /// Bounds with one thing changed.
    #[serde(alias = "measures")]
    Interventions,
    /// What people need, by place and hour.
    Needs,
    /// An audit of somebody's plan.
    Audit,
    /// Reported departures beside those of a plan.
    Observed,
    /// A road map as tables.
    RoadMap,
    /// JSON Schemas of all files.
    Schemas,
    /// Man pages.
    Manual,
    /// A simulated plan.
    Simulation,
    /// A plan as files for other programs.
    Export,
    /// Plans side by side.
    Comparison,
    /// A plan simulated many times under chance.
    Ensemble,
    /// A report to print, or sheets.
    Report,
    /// One scenario with many figures.
    Study,
}

impl FolderKind {
    /// The kind in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Scenario => "a scenario",
            Self::Plan => "a plan",
            Self::Interventions => "a list of interventions",
            Self::Needs => "a table of needs",
            Self::Audit => "an audit",
            Self::Observed => "a page of reported departures",
            Self::RoadMap => "a road map",
            Self::Schemas => "schemas",
            Self::Manual => "man pages",
            Self::Simulation => "a simulation",
            Self::Export => "files for other programs",
            Self::Comparison => "a comparison of plans",
            Self::Ensemble => "an ensemble",
            Self::Report => "a report",
            Self::Study => "a study",
        }
    }

    /// Whether a folder of this kind holds results, nothing that somebody types.
    fn is_result(self) -> bool {
        matches!(self, Self::Plan | Self::Interventions | Self::Needs | Self::Audit)
    }

    /// Files that only a folder of this kind has.
    pub(crate) fn markers(self) -> &'static [&'static str] {
        match self {
            Self::Scenario => &["scenario.toml"],
            Self::Plan => &["plan.json", "multimodal.json", "everyone.json"],
            Self::Interventions => &["interventions.csv", "measures.csv"],
            Self::Needs => &["needs.json"],
            Self::Audit => &["audit.json"],
            Self::Observed => &[],
            Self::RoadMap => &["import.txt"],
            Self::Schemas => &["scenario.schema.json"],
            Self::Manual => &["clearway.1"],
            Self::Simulation => &["simulation.json"],
            // earlier versions wrote none: it is known by its manifest alone
            Self::Export | Self::Comparison | Self::Report => &[],
            Self::Ensemble => &["ensemble.json"],
            Self::Study => &["study.json"],
        }
    }

    /// Whether `name` at the top of the folder is the name of a file that we write or read there.
    pub fn knows(self, name: &str) -> bool {
        match self {
            Self::Scenario => is_scenario_file(name),
            Self::Plan => PLAN_FILES.contains(&name) || name == "multimodal.json",
            Self::Interventions => name == "interventions.csv",
            Self::Needs => NEEDS_FILES.contains(&name),
            Self::Audit => AUDIT_FILES.contains(&name),
            Self::Observed => name == "index.html",
            Self::RoadMap => ROAD_MAP_FILES.contains(&name),
            Self::Schemas => name.ends_with(".schema.json"),
            Self::Manual => is_manual_page(name),
            Self::Simulation => SIMULATION_FILES.contains(&name),
            Self::Export | Self::Comparison | Self::Report => false,
            Self::Ensemble => ENSEMBLE_FILES.contains(&name),
            Self::Study => STUDY_FILES.contains(&name),
        }
    }

    /// All kinds of folders.
    pub(crate) const ALL: [Self; 15] = [
        Self::Scenario,
        Self::Plan,
        Self::Interventions,
        Self::Needs,
        Self::Audit,
        Self::Observed,
        Self::RoadMap,
        Self::Schemas,
        Self::Manual,
        Self::Simulation,
        Self::Export,
        Self::Comparison,
        Self::Ensemble,
        Self::Report,
        Self::Study,
    ];
}

const PLAN_FILES: [&str; 17] = [
    "plan.json",
    "robust.json",
    "replan.json",
    "changes.csv",
    "changed_roads.csv",
    "counts.csv",
    "changes.html",
    "certificate.json",
    "summary.json",
    "orders.csv",
    "zones.csv",
    "curve.csv",
    "bottlenecks.csv",
    "overflow.csv",
    "orders.geojson",
    "bottlenecks.geojson",
    "index.html",
];
const NEEDS_FILES: [&str; 7] = [
    "needs.json",
    "needs.csv",
    "shortfalls.csv",
    "standards.csv",
    "rest_points.csv",
    "convoys.csv",
    "index.html",
];
const AUDIT_FILES: [&str; 4] = ["audit.json", "findings.csv", "places.csv", "index.html"];
const SIMULATION_FILES: [&str; 9] = [
    "losses.csv",
    "simulation.json",
    "links.csv",
    "curve.csv",
    "index.html",
    "ensemble.json",
    "ensemble.html",
    "members.csv",
    "members.parquet",
];
const ENSEMBLE_FILES: [&str; 4] = ["ensemble.json", "members.csv", "members.parquet", "index.html"];
const STUDY_FILES: [&str; 4] = ["study.json", "runs.csv", "runs.parquet", "index.html"];
const REPORT_OF_PLACES: [&str; 4] = ["sites.html", "vehicles.html", "junctions.html", "atlas.html"];
const ROAD_MAP_FILES: [&str; 6] =
    ["node.csv", "link.csv", "movement.csv", "sources.csv", "import.txt", "attribution.txt"];
const FLEET_FILES: [&str; 3] = ["trips.csv", "timetable.html", "without-priorities.csv"];
/// Parts of a multimodal plan.
pub(crate) const PARTS: [&str; 5] = ["vehicle", "walk", "vehicle-bound", "walk-bound", "roads-bound"];
/// What earlier versions called tables, results and parts.
const EARLIER_TABLES: [&str; 2] = ["release.csv", "everyone.toml"];
const EARLIER_RESULTS: [&str; 2] = ["everyone.json", "measures.csv"];
const EARLIER_PARTS: [&str; 3] = ["vehicle-limit", "walk-limit", "roads-limit"];
/// Folders of proofs that hold one folder per proof.
const PROOFS: [&str; 5] = ["bounds", "limits", "cases", "deadline", "price"];

fn is_scenario_file(name: &str) -> bool {
    RAW_FILES.contains(&name)
        || MULTIMODAL_FILES.contains(&name)
        || ["sources.csv", "assumptions.csv", "exits.csv", "hazards.geojson", "import.txt"].contains(&name)
}

/// `clearway.1`, `clearway-plan.1`.
fn is_manual_page(name: &str) -> bool {
    name.starts_with("clearway") && name.ends_with(".1")
}

/// A file in a plan folder that holds nothing but a plan and the copy of its scenario.
fn is_of_plan(inside: &[&str]) -> bool {
    match inside {
        [name] => PLAN_FILES.contains(name),
        ["scenario", name] => is_scenario_file(name) || EARLIER_TABLES.contains(name),
        _ => false,
    }
}

/// Whether a file of a folder without a manifest was written by an earlier version. Only names that such a version wrote, in folders
/// that look as it left them: somebody's own folder called `walk` or `limits` is theirs. Earlier versions also left `cases/`,
/// `deadline/`, `price/` and `roads-bound/` of another run in the folder of a result; those go too.
pub(crate) fn is_of_earlier_version(dir: &Path, kind: FolderKind, parts: &[&str]) -> bool {
    let is_plan_folder = |folder: &Path| {
        folder.join("certificate.json").is_file() && folder.join("scenario").join("scenario.toml").is_file()
    };
    let is_multimodal = ["multimodal.json", "everyone.json"].iter().any(|name| dir.join(name).is_file());
    match parts {
        [name] if kind.is_result() => {
            EARLIER_RESULTS.contains(name)
                || FolderKind::ALL.iter().any(|other| other.is_result() && other.knows(name))
        }
        [name] if kind == FolderKind::Scenario && EARLIER_TABLES.contains(name) => true,
        [name] => kind.knows(name),
        // folders within scenarios and road maps were never written
        _ if !kind.is_result() => false,
        ["fleet", name] => FLEET_FILES.contains(name) && is_multimodal,
        ["scenario", name] => {
            (is_scenario_file(name) || EARLIER_TABLES.contains(name)) && kind == FolderKind::Plan
        }
        // somebody's own folder may have such a name: it is ours only where a proof and the copy of its scenario lie in it
        [part, inside @ ..] if PARTS.contains(part) || EARLIER_PARTS.contains(part) => {
            (["roads-bound", "roads-limit"].contains(part) || is_multimodal)
                && is_plan_folder(&dir.join(part))
                && is_of_plan(inside)
        }
        [bound @ ("bound" | "limit"), inside @ ..] => {
            kind == FolderKind::Audit && is_plan_folder(&dir.join(bound)) && is_of_plan(inside)
        }
        [proofs, one, inside @ ..] if PROOFS.contains(proofs) => {
            (!["bounds", "limits"].contains(proofs) || kind == FolderKind::Interventions)
                && is_plan_folder(&dir.join(proofs).join(one))
                && is_of_plan(inside)
        }
        _ => false,
    }
}

/// What a file is for, in a few words.
pub(crate) fn role(name: &str) -> &'static str {
    let last = name.rsplit('/').next().unwrap_or(name);
    match last {
        "scenario.toml" | "multimodal.toml" => "settings",
        "plan.json" => "orders",
        "certificate.json" => "proof",
        "summary.json" | "multimodal.json" => "figures",
        "audit.json" | "needs.json" | "simulation.json" | "ensemble.json" | "robust.json" | "replan.json"
        | "study.json" => "result",
        "index.html" | "changes.html" | "ensemble.html" | "timetable.html" => "page",
        "sources.csv" | "import.txt" | "attribution.txt" => "record of sources",
        _ if last.ends_with(".schema.json") => "schema",
        _ if is_manual_page(last) => "man page",
        _ if last.ends_with(".geojson") => "shapes",
        _ if last.ends_with(".csv") || last.ends_with(".parquet") => "table",
        _ => "file",
    }
}

/// Whether a file holds exact places, roads or whole scenarios whatever else is left out, so that it is never in a redacted folder.
pub(crate) fn is_exact_always(kind: FolderKind, name: &str) -> bool {
    match kind {
        FolderKind::Needs => name.contains('/') || ["rest_points.csv", "convoys.csv"].contains(&name),
        FolderKind::Audit => name.contains('/'),
        // sheets for those who run it are of exact places, whatever is left out of them
        FolderKind::Report => REPORT_OF_PLACES.contains(&name.rsplit('/').next().unwrap_or(name)),
        FolderKind::RoadMap | FolderKind::Schemas | FolderKind::Manual => false,
        FolderKind::Scenario
        | FolderKind::Plan
        | FolderKind::Interventions
        | FolderKind::Observed
        | FolderKind::Simulation
        | FolderKind::Export
        | FolderKind::Comparison => true,
        FolderKind::Ensemble | FolderKind::Study => false,
    }
}
