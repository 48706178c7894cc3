//! Answering requests until it is told to stop.

use crate::api::routes;
use crate::app::{ServeApp, ServeSettings};
use crate::error::ServeError;
use crate::store::ProjectStore;
use crate::tls::{self, TlsListener};
use clearway::Cancel;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// A server that answers.
#[derive(Debug, Clone)]
pub struct ServeReady {
    /// The address on which it listens, with the port that it has.
    pub address: SocketAddr,
}

/// How long requests that are being answered may still take when it is told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Serves a project folder on an address until the wish to end is heard. `ready` is told once requests are answered.
///
/// # Errors
/// [`ServeError::Forbidden`] for an address that others can reach, without TLS and accounts; [`ServeError::Request`] if the certificate
/// cannot be used; [`ServeError::Conflict`] if another process
/// has the folder open; [`ServeError::Store`] if folder or address cannot be used.
pub fn serve(
    folder: &Path,
    address: SocketAddr,
    settings: ServeSettings,
    stop: &Cancel,
    ready: impl FnOnce(&ServeReady, &Arc<ServeApp>),
) -> Result<(), ServeError> {
    let store = ProjectStore::open(folder)?;
    let is_reachable = settings.behind_proxy || !address.ip().is_loopback();
    if is_reachable && !(settings.is_encrypted() && store.has_accounts()?) {
        return Err(ServeError::Forbidden(
            "others can reach this address: that takes TLS (--tls-cert FILE --tls-key FILE --tls-name NAME, or a proxy \
             that speaks it and --behind-proxy NAME) and accounts (make the first one, of an admin, with --add-admin NAME)"
                .to_owned(),
        ));
    }
    let encrypted = settings.tls.as_ref().map(tls::acceptor).transpose()?;
    let app = ServeApp::new(store, settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        ready(&ServeReady { address: listener.local_addr()? }, &app);
        let routes = routes(Arc::clone(&app));
        let answering: Pin<Box<dyn Future<Output = std::io::Result<()>>>> = match encrypted {
            Some(acceptor) => {
                Box::pin(axum::serve(TlsListener::begin(listener, acceptor)?, routes).into_future())
            }
            None => Box::pin(axum::serve(listener, routes).into_future()),
        };
        tokio::select! {
            answered = answering => answered.map_err(ServeError::from),
            () = told(stop) => Ok(()),
        }
    });
    app.jobs.stop();
    let patience = std::time::Instant::now();
    // what runs ends within a second, and is written down as interrupted
    while !app.jobs.is_idle() && patience.elapsed() < LAST_ANSWERS {
        std::thread::sleep(Duration::from_millis(20));
    }
    runtime.shutdown_timeout(LAST_ANSWERS);
    served
}

/// Comes back when the wish to end is heard.
async fn told(stop: &Cancel) {
    while !stop.is_cancelled() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
