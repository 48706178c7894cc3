//! The project folder: a data base of what there is, and files by their digests.
//!
//! Nothing is written over. A file is written whole and flushed to the disk before the data base names it, and what belongs together is
//! written to the data base in one transaction, which is on the disk before anybody is told: a process that is killed has lost nothing that
//! somebody was told was kept.

mod accounts;
mod blobs;
mod drafts;
mod jobs;
mod projects;
mod record;
mod review;
mod schema;
mod version_store;
mod versions;

pub use blobs::{Blobs, IncomingBlob, StoredBlob};
pub use jobs::{JobEnd, StoredJob};
pub use record::{RecordCheck, record_digest};
pub use version_store::VersionStore;
pub use versions::{NewFile, NewVersion};

use crate::error::ServeError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A project folder that is open. Only one process has it open at a time.
pub struct ProjectStore {
    folder: PathBuf,
    blobs: Blobs,
    connection: Mutex<Connection>,
    // holds the lock on the folder for as long as the store lives
    _lock: File,
}

impl ProjectStore {
    /// Opens a project folder; makes it where there is none.
    ///
    /// # Errors
    /// [`ServeError::Conflict`] if another process has it open; [`ServeError::Store`] if it cannot be used, or was made by a later version.
    pub fn open(folder: &Path) -> Result<Self, ServeError> {
        std::fs::create_dir_all(folder).map_err(|error| {
            let name = folder.display();
            ServeError::Store(format!(
                "'{name}', expected a folder, or a name at which one can be made: {error}"
            ))
        })?;
        let lock =
            File::options().create(true).truncate(false).write(true).open(folder.join("clearway.lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ServeError::Conflict(format!(
                    "another clearway serve has '{}' open",
                    folder.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let blobs = Blobs::open(&folder.join("files"))?;
        let connection = Connection::open(folder.join("clearway.sqlite"))?;
        schema::prepare(&connection)?;
        Ok(Self { folder: folder.to_owned(), blobs, connection: Mutex::new(connection), _lock: lock })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its files by digest.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // a panic elsewhere rolled its transaction back: the data base is as it was
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, ServeError>,
    ) -> Result<T, ServeError> {
        read(&self.connection())
    }

    /// Writes all or nothing; what is written is on the disk when this returns.
    pub(crate) fn write<T>(
        &self,
        by: &str,
        write: impl FnOnce(&Writing<'_>) -> Result<T, ServeError>,
    ) -> Result<T, ServeError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let writing = Writing { transaction, by: by.to_owned(), at: now() };
        let value = write(&writing)?;
        writing.transaction.commit()?;
        Ok(value)
    }
}

/// A transaction, with who writes and when.
pub(crate) struct Writing<'c> {
    pub transaction: Transaction<'c>,
    pub by: String,
    pub at: String,
}

/// The time, RFC 3339 in UTC, whole seconds.
pub(crate) fn now() -> String {
    let second = jiff::Timestamp::now().as_second();
    jiff::Timestamp::from_second(second).map_or_else(|_| String::new(), |time| time.to_string())
}
