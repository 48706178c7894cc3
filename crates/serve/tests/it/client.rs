//! A browser without a screen: requests to the routes, in memory.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use clearway_serve::{ProjectStore, ServeApp, ServeSettings, SharedApp, routes};
use http_body_util::BodyExt;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;

/// A server over a folder, and whoever asks it.
pub struct Client {
    pub app: SharedApp,
    router: Router,
    pub cookie: Option<String>,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub bytes: Vec<u8>,
    pub headers: axum::http::HeaderMap,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, String::from_utf8_lossy(&self.bytes)))
    }

    /// The JSON of an answer that has a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }
}

impl Client {
    pub fn new(folder: &Path) -> Self {
        Self::with(folder, ServeSettings { threads: Some(2), ..ServeSettings::default() })
    }

    pub fn with(folder: &Path, settings: ServeSettings) -> Self {
        let app = ServeApp::new(ProjectStore::open(folder).unwrap(), settings).unwrap();
        Self { router: routes(Arc::clone(&app)), app, cookie: None }
    }

    /// The same server, asked by somebody who has said a name.
    pub async fn named(&self, name: &str, password: Option<&str>) -> Self {
        let mut other = Self { app: Arc::clone(&self.app), router: self.router.clone(), cookie: None };
        let order = serde_json::json!({ "name": name, "password": password });
        let answer = other.send(Method::POST, "/api/session", Some(&order)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.bytes));
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        other.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        other
    }

    pub async fn raw(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::CONTENT_TYPE, kind);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.request(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn request(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Answer { status, bytes, headers }
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        self.raw(method, path, "application/json", bytes).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(&body)).await
    }

    pub async fn give(&self, project: i64, name: &str, bytes: &[u8]) -> Value {
        let path = format!("/api/projects/{project}/files?name={name}");
        self.raw(Method::POST, &path, "application/octet-stream", bytes.to_vec()).await.is(201)
    }

    /// Waits until a job is over.
    pub async fn over(&self, job: i64) -> Value {
        loop {
            let info = self.get(&format!("/api/jobs/{job}")).await.is(200);
            if !matches!(info["state"].as_str().unwrap(), "queued" | "running") {
                return info;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Orders a job and waits until it is done; the version that came out.
    #[track_caller]
    pub fn done(&self, project: i64, order: Value) -> impl Future<Output = i64> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            let job = self.post(&format!("/api/projects/{project}/jobs"), order).await.is(202);
            let info = self.over(job["id"].as_i64().unwrap()).await;
            assert_eq!(info["state"], "done", "{caller}: {info}");
            info["result"].as_i64().unwrap()
        }
    }
}
