//! Why no scenario is made.

use clearway_model::{Cancel, Faults};

/// Why no scenario is made, and no closures of a hazard.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// Faults in what was given, all of them.
    #[error("{0}")]
    Invalid(Faults),
    /// It was asked to end.
    #[error("ended early")]
    Cancelled,
}

impl From<Faults> for ComposeError {
    fn from(faults: Faults) -> Self {
        Self::Invalid(faults)
    }
}

/// # Errors
/// [`ComposeError::Cancelled`] if the work is to end.
pub(crate) fn go_on(cancel: &Cancel) -> Result<(), ComposeError> {
    if cancel.is_cancelled() { Err(ComposeError::Cancelled) } else { Ok(()) }
}
