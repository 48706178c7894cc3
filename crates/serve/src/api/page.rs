//! The page: files that are built into the program.

use super::description;
use crate::error::ServeError;
use axum::Json;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};
use serde_json::Value;

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
pub(super) async fn page(uri: Uri) -> Result<Response, ServeError> {
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
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(name)));
    // names of built files have a digest in them, the page's own has not
    let is_named = path.starts_with("assets/") && file.is_some();
    let keep = if is_named { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    Ok(response)
}
