//! What all requests share.

use crate::api::page_tags;
use crate::error::ServeError;
use crate::jobs::JobQueue;
use crate::limits::Limits;
use crate::store::ProjectStore;
use crate::tls::TlsFiles;
use crate::types::Role;
use crate::views::Views;
use axum::http::HeaderValue;
use std::collections::HashMap;
use std::sync::Arc;

/// How a server is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeSettings {
    /// Names by which browsers may call it, each with or without a port, lower case: others are refused (DNS rebinding).
    pub hosts: Vec<String>,
    /// Whether it stands behind a proxy that speaks TLS.
    pub behind_proxy: bool,
    /// The certificate with which it speaks TLS itself.
    pub tls: Option<TlsFiles>,
    /// Largest file that is taken, bytes.
    pub most_file_bytes: u64,
    /// Files that one person may give in a minute.
    pub most_files_a_minute: u32,
    /// Jobs that one person may order in a minute.
    pub most_jobs_a_minute: u32,
    /// Jobs that run at the same time.
    pub workers: usize,
    /// Threads of one job; `None`: as many as there are cores.
    pub threads: Option<usize>,
    /// Memory that one job may use, bytes; `None`: as much as it takes.
    pub memory_bytes: Option<u64>,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            hosts: vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned()],
            behind_proxy: false,
            tls: None,
            most_file_bytes: 4 << 30,
            most_files_a_minute: 120,
            most_jobs_a_minute: 120,
            workers: 1,
            threads: None,
            memory_bytes: None,
        }
    }
}

impl ServeSettings {
    /// Whether browsers reach it by TLS: cookies are for TLS alone then.
    pub fn is_encrypted(&self) -> bool {
        self.behind_proxy || self.tls.is_some()
    }
}

/// What all requests share.
pub struct ServeApp {
    /// How it is set up.
    pub settings: ServeSettings,
    /// The project folder.
    pub store: ProjectStore,
    /// Computations.
    pub jobs: JobQueue,
    /// What is made of versions to be looked at.
    pub views: Views,
    /// Tags of the files of the page.
    pub(crate) page_tags: HashMap<String, HeaderValue>,
    /// How often somebody may do something.
    pub(crate) limits: Limits,
}

/// The shared state as handlers have it.
pub type SharedApp = Arc<ServeApp>;

impl ServeApp {
    /// All that requests share, over an open project folder. Jobs that wait go on.
    ///
    /// # Errors
    /// If the project folder cannot be used.
    pub fn new(store: ProjectStore, settings: ServeSettings) -> Result<SharedApp, ServeError> {
        let waiting = store.jobs_after_restart()?;
        let app = Arc::new(Self {
            jobs: JobQueue::new(waiting),
            views: Views::default(),
            page_tags: page_tags(),
            limits: Limits::new(settings.most_files_a_minute, settings.most_jobs_a_minute),
            settings,
            store,
        });
        JobQueue::start(&app)?;
        Ok(app)
    }
}

/// Does work that waits for the disk or computes, beside the threads that answer requests.
pub(crate) async fn off_thread<T: Send + 'static>(
    app: &SharedApp,
    work: impl FnOnce(&SharedApp) -> Result<T, ServeError> + Send + 'static,
) -> Result<T, ServeError> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || work(&app))
        .await
        .map_err(|_| ServeError::Internal("the request could not be finished".to_owned()))?
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Name under which what they do is recorded.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they have signed in, or said their name.
    pub is_named: bool,
}

impl Actor {
    /// # Errors
    /// [`ServeError::Forbidden`] if they may not do what needs a role.
    pub fn may(&self, role: Role) -> Result<(), ServeError> {
        if self.role >= role {
            return Ok(());
        }
        Err(ServeError::Forbidden(format!(
            "this is for a {}, and you are a {}",
            role.word(),
            self.role.word()
        )))
    }
}
