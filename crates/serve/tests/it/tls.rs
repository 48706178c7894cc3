//! TLS without a proxy. The certificate and its key under `tests/data` are for these tests alone.

use clearway::Cancel;
use clearway_serve::{AccountOrder, ProjectStore, Role, ServeError, ServeSettings, TlsFiles, serve};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn files() -> TlsFiles {
    TlsFiles { certificates: data("certificate.pem"), key: data("key.pem") }
}

fn settings(tls: TlsFiles) -> ServeSettings {
    ServeSettings { tls: Some(tls), ..ServeSettings::default() }
}

/// Asks over a connection; the answer as text.
async fn ask(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin), what: &str) -> String {
    stream.write_all(what.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // a peer that does not say goodbye has said what it had to say
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

async fn encrypted(address: SocketAddr, what: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(data("certificate.pem")).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    ask(&mut stream, what).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_asked_by_others_answers_encrypted_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let everywhere: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let refused = serve(&path, everywhere, settings(files()), &Cancel::default(), |_, _| {});
    assert!(matches!(refused, Err(ServeError::Forbidden(_))), "without accounts");
    let password = Some("a long password".to_owned());
    let admin = AccountOrder { name: "Ada".to_owned(), role: Role::Admin, password, active: true };
    ProjectStore::open(&path).unwrap().put_account("test", &admin).unwrap();
    let refused = serve(&path, everywhere, ServeSettings::default(), &Cancel::default(), |_, _| {});
    assert!(matches!(refused, Err(ServeError::Forbidden(_))), "without TLS");

    let stop = Cancel::default();
    let (ready, is_ready) = mpsc::channel();
    let served = std::thread::spawn({
        let stop = stop.clone();
        move || serve(&path, everywhere, settings(files()), &stop, |at, _| ready.send(at.address).unwrap())
    });
    let port = is_ready.recv().unwrap().port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    // somebody who connects and says nothing holds up nobody
    let silent = TcpStream::connect(address).await.unwrap();
    let get = "GET /api/projects HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    assert!(encrypted(address, get).await.starts_with("HTTP/1.1 401"));
    let body = r#"{"name":"Ada","password":"a long password"}"#;
    let post = format!(
        "POST /api/session HTTP/1.1\r\nhost: localhost\r\norigin: https://localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let signed_in = encrypted(address, &post).await;
    assert!(signed_in.starts_with("HTTP/1.1 200"), "{signed_in}");
    assert!(signed_in.contains("; Secure"), "{signed_in}");
    // and without TLS nothing is answered
    let mut plain = TcpStream::connect(address).await.unwrap();
    assert!(!ask(&mut plain, get).await.contains("HTTP/1.1"));
    drop(silent);
    stop.cancel();
    served.join().unwrap().unwrap();
}

#[test]
fn a_certificate_that_cannot_be_used_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let here: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "nothing").unwrap();
    for (certificates, key, named) in [
        (data("none.pem"), data("key.pem"), "none.pem"),
        (empty.clone(), data("key.pem"), "empty.pem"),
        (data("certificate.pem"), empty, "empty.pem"),
        (data("certificate.pem"), data("certificate.pem"), "certificate.pem"),
    ] {
        let settings = settings(TlsFiles { certificates, key });
        let error = serve(&folder.path().join("projects"), here, settings, &Cancel::default(), |_, _| {});
        let said = error.unwrap_err().to_string();
        assert!(said.contains(named) && said.contains("TLS"), "{said}");
    }
}
