//! The wish that a computation ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shared by a computation, which looks at it all the time, and whoever may end it. Copies are of the same wish; once asked for, it stays.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks the computation to end: within a second, with all its threads.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the computation is to end.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
