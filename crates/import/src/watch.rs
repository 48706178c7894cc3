//! How far an import is, and whether it is to end.

use crate::ImportError;
use clearway_model::Cancel;

/// Who hears how far an import is, and who may end it.
#[derive(Clone, Copy)]
pub struct ImportWatch<'w> {
    /// Is told what is being done and the share of the import that is done, 0 to 1.
    pub progress: &'w dyn Fn(&str, f64),
    /// Looked at with every element and block of a map and between the steps.
    pub cancel: &'w Cancel,
}

impl ImportWatch<'_> {
    /// Tells that a step begins.
    ///
    /// # Errors
    /// [`ImportError::Cancelled`] if the import is to end.
    pub(crate) fn begin(&self, step: &str, share: f64) -> Result<(), ImportError> {
        (self.progress)(step, share);
        self.go_on()
    }

    /// # Errors
    /// [`ImportError::Cancelled`] if the import is to end.
    pub(crate) fn go_on(&self) -> Result<(), ImportError> {
        if self.cancel.is_cancelled() { Err(ImportError::Cancelled) } else { Ok(()) }
    }
}
