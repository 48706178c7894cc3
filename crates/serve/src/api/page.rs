//! The page: files that are built into the program.

use super::description;
use crate::app::SharedApp;
use crate::error::ServeError;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

static ASSETS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// What is shown where the page was not built into the program.
const NO_PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Clearway</title>\
                       <p>The map application was not built into this program. Its interface is described at <a href=\"/api/openapi.json\">/api/openapi.json</a>.</p></html>";

/// The description of the interface.
pub(super) async fn openapi() -> Result<Json<Value>, ServeError> {
    Ok(Json(description()?))
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// A file of the page. Every other address outside `/api/` is the page itself, which knows what to show there.
pub(super) async fn page(
    State(app): State<SharedApp>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ServeError> {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Err(ServeError::NotThere("such address".to_owned()));
    }
    let file = ASSETS.get_file(path);
    let (name, bytes) = match file.or_else(|| ASSETS.get_file("index.html")) {
        Some(file) => (file.path().to_str().unwrap_or_default(), file.contents()),
        None => ("index.html", NO_PAGE.as_bytes()),
    };
    let mut response = bytes.into_response();
    let known = app.page_tags.get(name);
    if let Some(tag) = known
        && headers.get(header::IF_NONE_MATCH) == Some(tag)
    {
        response = StatusCode::NOT_MODIFIED.into_response();
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(name)));
    // names stay the same when the program is another: asked for again each time, and sent only where it differs
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.extend(known.map(|tag| (header::ETAG, tag.clone())));
    Ok(response)
}

/// The tag of every file of the page, by which a browser knows whether it has it.
pub(crate) fn page_tags() -> HashMap<String, HeaderValue> {
    let mut tags = HashMap::new();
    let mut folders = vec![&ASSETS];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let digest = Sha256::digest(file.contents());
            let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            if let (Some(name), Ok(tag)) =
                (file.path().to_str(), HeaderValue::from_str(&format!("\"{hex}\"")))
            {
                tags.insert(name.to_owned(), tag);
            }
        }
    }
    tags
}
