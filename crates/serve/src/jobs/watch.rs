//! Watching a job: a stream of what is known of it, one item at once and one for each change, not more often than people can read.

use super::live::LiveJob;
use crate::app::{SharedApp, off_thread};
use crate::error::ServeError;
use crate::types::JobInfo;
use futures_util::Stream;
use futures_util::stream::unfold;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Two items of a stream are at least so far apart.
const CALM: Duration = Duration::from_millis(200);

/// Somebody who watches a job.
pub struct JobWatch {
    app: SharedApp,
    id: i64,
    first: Option<JobInfo>,
    changes: Option<watch::Receiver<u64>>,
}

impl JobWatch {
    /// Begins to watch a job.
    ///
    /// # Errors
    /// [`ServeError::NotThere`].
    pub async fn begin(app: SharedApp, id: i64) -> Result<Self, ServeError> {
        // listened to before it is looked at, so that no change falls between the two
        let live: Option<Arc<LiveJob>> = app.jobs.live(id);
        let changes = live.map(|live| live.watch());
        let first = off_thread(&app, move |app| app.jobs.info(app, id)).await?;
        Ok(Self { app, id, first: Some(first), changes })
    }

    /// What is known of it, from now until it is over.
    pub fn into_stream<T>(self, item: impl Fn(&JobInfo) -> T) -> impl Stream<Item = T> {
        unfold((self, item), |(mut watch, item)| async move {
            let info = watch.next().await?;
            let made = item(&info);
            Some((made, (watch, item)))
        })
    }

    async fn next(&mut self) -> Option<JobInfo> {
        let info = match self.first.take() {
            Some(first) => first,
            None => {
                let changes = self.changes.as_mut()?;
                // the sender is gone when the job is over, which is a change, too
                let _ = changes.changed().await;
                tokio::time::sleep(CALM).await;
                changes.mark_unchanged();
                let id = self.id;
                off_thread(&self.app, move |app| app.jobs.info(app, id)).await.ok()?
            }
        };
        if info.state.is_over() {
            self.changes = None;
        }
        Some(info)
    }
}
