//! Why a command ends without having done its work.

pub use clearway::fault_list as faults_text;
use clearway_model::Faults;
use std::path::PathBuf;

/// Why a command ends without having done its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Faults in what was given, all of them.
    #[error("{}", faults_text(.what, .faults))]
    Faults {
        /// What has them.
        what: String,
        /// The faults.
        faults: Faults,
    },
    /// A check that does not hold.
    #[error("{0}")]
    DoesNotHold(String),
    /// A plan that does not fit.
    #[error(
        "a plan of this size takes about {} of memory, at the least {} with longer steps, and {} may be used; give more with --memory, \
         or plan a smaller area",
        .usual.display().si(), .least.display().si(), .allowed.display().si()
    )]
    Memory {
        /// With the usual steps.
        usual: bytesize::ByteSize,
        /// With the longest.
        least: bytesize::ByteSize,
        /// What may be used.
        allowed: bytesize::ByteSize,
    },
    /// Ended early, with what is known so far.
    #[error("ended early: the bound so far is in {}, without orders", .0.display())]
    EndedEarly(PathBuf),
    /// Ended before anything was known.
    #[error("ended early, before there was a bound; nothing was written")]
    NothingYet,
    /// Ended early, with what was proved by then.
    #[error("ended early: what was proved so far is in {}", .0.display())]
    SoFar(PathBuf),
    /// Ended early, with the runs that were made by then.
    #[error("ended early: the runs so far are in {}; the same command goes on with them", .0.display())]
    RunsSoFar(PathBuf),
    /// A file that cannot be read.
    #[error("cannot read '{}': {source}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An argument that makes no sense.
    #[error("{0}")]
    Argument(String),
    /// A folder that cannot be written.
    #[error(transparent)]
    Write(#[from] clearway_artifacts::WriteError),
    /// Anything else that the library has to say.
    #[error(transparent)]
    Library(clearway::Error),
    /// No plan can be made.
    #[error(transparent)]
    Plan(#[from] clearway_plan::PlanError),
    /// Tables that do not fit together.
    #[error(transparent)]
    Network(#[from] clearway_network::NetworkError),
    /// A report that cannot be made.
    #[error(transparent)]
    Report(#[from] clearway_report::ReportError),
    /// A plan folder that cannot be read.
    #[error(transparent)]
    Unreadable(#[from] clearway_verify::Unreadable),
    /// The map application cannot go on.
    #[error(transparent)]
    Serve(#[from] clearway_serve::ServeError),
    /// Output that cannot be put into JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<clearway::Error> for Failure {
    fn from(error: clearway::Error) -> Self {
        use clearway::Error;
        match error {
            Error::Invalid { of, faults } => Self::Faults { what: of, faults },
            Error::Cancelled(_) => Self::NothingYet,
            Error::DoesNotHold(text) => Self::DoesNotHold(text),
            Error::Replay(error) => Self::Argument(error.to_string()),
            Error::Read { path, source } => Self::Read { path, source },
            Error::Unreadable(unreadable) => Self::Unreadable(unreadable),
            Error::TooLarge { usual_bytes, least_bytes, allowed_bytes } => {
                let [usual, least, allowed] =
                    [usual_bytes, least_bytes, allowed_bytes].map(bytesize::ByteSize);
                Self::Memory { usual, least, allowed }
            }
            other => Self::Library(other),
        }
    }
}
