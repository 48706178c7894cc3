//! The last few of something that takes long to make.

use crate::error::ServeError;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// The last few of something, by version.
pub(super) struct Kept<T> {
    most: usize,
    /// Oldest first.
    kept: Mutex<VecDeque<(i64, Arc<T>)>>,
    /// One is made at a time, so that many who ask for the same do not make it many times.
    making: Mutex<()>,
}

impl<T> Kept<T> {
    /// Keeps at most so many.
    pub fn at_most(most: usize) -> Self {
        Self { most, kept: Mutex::default(), making: Mutex::default() }
    }

    fn known(&self, version: i64) -> Option<Arc<T>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| *known == version)?;
        let found = kept.remove(at)?;
        let value = Arc::clone(&found.1);
        kept.push_back(found);
        Some(value)
    }

    /// What was made of a version, or is made now.
    pub fn get(
        &self,
        version: i64,
        make: impl FnOnce() -> Result<T, ServeError>,
    ) -> Result<Arc<T>, ServeError> {
        if let Some(known) = self.known(version) {
            return Ok(known);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.known(version) {
            return Ok(known);
        }
        let made = Arc::new(make()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.most {
            kept.pop_front();
        }
        kept.push_back((version, Arc::clone(&made)));
        Ok(made)
    }
}
