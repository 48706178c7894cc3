//! Computations.

use clearway::{
    AuditRequest, BoundRequest, InputFile, InterventionsRequest, NeedsRequest, PlanRequest, ReplanRequest,
    SimulateRequest,
};
use clearway_model::{Bounds, Fault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is to be computed. `of` is the version that it is computed of; `request` is the library's request, of which each field has a
/// default.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum JobOrder {
    /// Reads a road map: its roads can be looked at.
    Import {
        /// The file of the project.
        file: i64,
    },
    /// Takes in an archive of a scenario or plan folder.
    Unpack {
        /// The file of the project.
        file: i64,
    },
    /// Makes a scenario of a draft.
    Compose {
        /// Revision of the draft; left out: the newest.
        #[serde(default)]
        revision: Option<i64>,
        /// Name of the version that comes out; left out: one is made.
        #[serde(default)]
        name: Option<String>,
    },
    /// Looks in the road map of the newest draft for places around its area that might receive people: a table, which becomes a file of the
    /// project with the name `proposed sites.csv`. None of them counts before somebody takes it over.
    ProposeSites {
        /// Farthest from the area, m; left out: 20,000.
        #[serde(default)]
        within_m: Option<f64>,
    },
    /// Proves the bound of a scenario.
    Bound {
        /// A scenario.
        of: i64,
        /// The library's request.
        #[serde(default)]
        #[schema(schema_with = crate::library::bound_request)]
        request: BoundRequest,
        /// Name of the version that comes out.
        #[serde(default)]
        name: Option<String>,
    },
    /// Plans a scenario and proves its bound.
    Plan {
        /// A scenario.
        of: i64,
        /// The library's request.
        #[serde(default)]
        #[schema(schema_with = crate::library::plan_request)]
        request: Box<PlanRequest>,
        /// Name of the version that comes out.
        #[serde(default)]
        name: Option<String>,
    },
    /// Simulates a plan.
    Simulate {
        /// A plan.
        of: i64,
        /// The library's request.
        #[serde(default)]
        #[schema(schema_with = crate::library::simulate_request)]
        request: SimulateRequest,
        /// Name of the version that comes out.
        #[serde(default)]
        name: Option<String>,
    },
    /// What the people of a plan need.
    Needs {
        /// A plan.
        of: i64,
        /// The library's request.
        #[serde(default)]
        #[schema(schema_with = crate::library::needs_request)]
        request: Box<NeedsRequest>,
        /// Name of the version that comes out.
        #[serde(default)]
        name: Option<String>,
    },
    /// Audits a plan.
    Audit {
        /// A plan.
        of: i64,
        /// The library's request; its subject is the plan.
        #[serde(default)]
        #[schema(schema_with = crate::library::audit_request)]
        request: Box<AuditRequest>,
        /// Name of the version that comes out.
        #[serde(default)]
        name: Option<String>,
    },
    /// What might be changed, and what it gains by the bound.
    Interventions {
        /// A scenario or plan.
        of: i64,
        /// The library's request.
        #[serde(default)]
        #[schema(schema_with = crate::library::interventions_request)]
        request: InterventionsRequest,
        /// Name of the version that comes out.
        #[serde(default)]
        name: Option<String>,
    },
    /// Makes a new plan of what is left of one that is being carried out.
    Replan {
        /// A plan.
        of: i64,
        /// The library's request.
        #[serde(default)]
        #[schema(schema_with = crate::library::replan_request)]
        request: ReplanRequest,
        /// Files of the project with counts, read before `counts`.
        #[serde(default)]
        files: Vec<i64>,
        /// Tables of counts.
        #[serde(default)]
        #[schema(schema_with = crate::library::input_files)]
        counts: Vec<InputFile>,
        /// Name of the version that comes out.
        #[serde(default)]
        name: Option<String>,
    },
    /// Recomputes a plan with the independent checker. What comes out is in the job's `words`.
    Verify {
        /// A plan.
        of: i64,
    },
}

impl JobOrder {
    /// The word in files.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Import { .. } => "import",
            Self::Unpack { .. } => "unpack",
            Self::Compose { .. } => "compose",
            Self::ProposeSites { .. } => "propose_sites",
            Self::Bound { .. } => "bound",
            Self::Plan { .. } => "plan",
            Self::Simulate { .. } => "simulate",
            Self::Needs { .. } => "needs",
            Self::Audit { .. } => "audit",
            Self::Interventions { .. } => "interventions",
            Self::Replan { .. } => "replan",
            Self::Verify { .. } => "verify",
        }
    }

    /// The version that it is computed of, where it is of one.
    pub fn of(&self) -> Option<i64> {
        match self {
            Self::Import { .. } | Self::Unpack { .. } | Self::Compose { .. } | Self::ProposeSites { .. } => {
                None
            }
            Self::Bound { of, .. }
            | Self::Plan { of, .. }
            | Self::Simulate { of, .. }
            | Self::Needs { of, .. }
            | Self::Audit { of, .. }
            | Self::Interventions { of, .. }
            | Self::Replan { of, .. }
            | Self::Verify { of } => Some(*of),
        }
    }
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for others.
    Queued,
    /// It runs.
    Running,
    /// It is done.
    Done,
    /// It could not be done; `words` and `faults` say why.
    Failed,
    /// Somebody ended it; where something was proved by then, `result` has it.
    Cancelled,
    /// The server was ended while it ran. Order it again.
    Interrupted,
}

impl JobState {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }

    /// The state of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Interrupted]
            .into_iter()
            .find(|state| state.word() == word)
    }

    /// Whether nothing more will come.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// A job. The events of `/api/jobs/{job}/events` are each the whole of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct JobInfo {
    /// Number of the job.
    pub id: i64,
    /// Its project.
    pub project: i64,
    /// What is computed: `import`, `unpack`, `compose`, `propose_sites`, `bound`, `plan`, `simulate`, `needs`, `audit`, `interventions`,
    /// `replan`, `verify`.
    pub kind: String,
    /// The version that it is computed of.
    pub of: Option<i64>,
    /// What became of it.
    pub state: JobState,
    /// How many jobs are before it, where it is queued.
    pub ahead: Option<usize>,
    /// Who ordered it.
    pub by: String,
    /// When it was ordered, RFC 3339.
    pub ordered_at: String,
    /// When it began, RFC 3339.
    pub begun_at: Option<String>,
    /// When it was over, RFC 3339.
    pub over_at: Option<String>,
    /// How far it is; `null` before the first word.
    pub progress: Option<JobProgress>,
    /// The bounds that are proved so far.
    #[schema(schema_with = crate::library::bounds)]
    pub bound_so_far: Option<Bounds>,
    /// What else was said while it ran, oldest first.
    pub notes: Vec<String>,
    /// What came out in words, or why nothing did; empty before it is over.
    pub words: String,
    /// Faults in what was given, errors and warnings.
    #[schema(schema_with = crate::library::faults)]
    pub faults: Vec<Fault>,
    /// The version that came out.
    pub result: Option<i64>,
}

/// A server-sent event of a job.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct JobEvent {
    /// `job`.
    pub event: String,
    /// The job as it is then, a `JobInfo` in JSON.
    pub data: String,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct JobProgress {
    /// What is being done, in a word or some words.
    pub stage: String,
    /// Which of several computations it is, e.g. the name of an intervention.
    pub variation: Option<String>,
    /// Share of the whole that is done, 0 to 1.
    pub done: f64,
    /// Seconds since it began.
    pub elapsed_s: f64,
    /// Seconds that it may still take, as far as can be said.
    pub left_s: Option<f64>,
}
