//! A project as one file, and back.

use super::body::{Asked, At};
use super::files::taken_in;
use super::problems::Problems;
use super::versions::{attachment, seen, zip_answer};
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::limits::this_minute;
use crate::transfer;
use crate::types::{ProjectInfo, Role};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clearway::{ExportFormat, ExportRequest, Session, export};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

/// All files of a version as an archive.
pub(super) fn version_zip(app: &SharedApp, version: i64) -> Result<Vec<u8>, ServeError> {
    transfer::version_zip(&app.store, version)
}

/// The whole project as one ZIP archive: what was given, drafts, versions, comments, the record. `clearway verify` checks every plan in it.
#[utoipa::path(
    get, path = "/api/projects/{project}/export.zip", tag = "projects", params(("project" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), Problems)
)]
pub(super) async fn export_project(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
) -> Result<Response, ServeError> {
    actor.may(Role::Planner)?;
    let (name, bytes) = off_thread(&app, move |app| {
        for version in app.store.versions(project)? {
            seen(app, &actor, version.id)?;
        }
        let name = app.store.project(project)?.name;
        Ok((name, transfer::export(&app.store, &actor.name, project)?))
    })
    .await?;
    zip_answer(&name, bytes)
}

/// Take in a project that was exported. Versions come in with new numbers and without their review.
#[utoipa::path(
    post, path = "/api/projects/import", tag = "projects",
    request_body(content = Vec<u8>, content_type = "application/zip"),
    responses((status = 201, body = ProjectInfo), Problems)
)]
pub(super) async fn import_project(
    State(app): State<SharedApp>,
    actor: Actor,
    body: Body,
) -> Result<(StatusCode, Json<ProjectInfo>), ServeError> {
    actor.may(Role::Planner)?;
    if !app.limits.files.take(&actor.name, this_minute()) {
        return Err(ServeError::TooMany);
    }
    let blob = taken_in(&app, body).await?;
    let made = off_thread(&app, move |app| {
        let bytes = app.store.blobs().read(&blob.digest)?;
        let id = transfer::import(&app.store, &actor.name, &bytes)?;
        app.store.project(id)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// In which form, and how much of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportForm {
    /// `gpkg` (QGIS), `xlsx` (spreadsheets), `kml`, `gmns`, `sumo`, `matsim`, `geoparquet` or `cap` (drafts of alerts).
    format: String,
    /// Exact places, roads and times also in an armed conflict; left out: no.
    #[serde(default)]
    full: bool,
}

/// A plan as a file for other programs, verified first: one file, or a ZIP archive where the format has several.
#[utoipa::path(
    get, path = "/api/versions/{version}/export", tag = "versions", params(("version" = i64, Path), ExportForm),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Problems)
)]
pub(super) async fn export_plan(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
    Asked(ExportForm { format, full }): Asked<ExportForm>,
) -> Result<Response, ServeError> {
    let (name, bytes) = off_thread(&app, move |app| {
        let found = seen(app, &actor, version)?;
        if full {
            actor.may(Role::Planner)?;
        }
        let format: ExportFormat = serde_json::from_value(Value::String(format.clone()))
            .map_err(|_| ServeError::Request(format!("there is no format '{format}'")))?;
        let mut request = ExportRequest::new(format);
        request.full = full;
        let exported = export(&Session::new(), &app.store.version_store(version)?, &request)
            .map_err(|error| ServeError::Request(error.to_string()))?
            .artifacts();
        app.store.write(&actor.name, |writing| {
            let details = json!({ "version": version, "format": format, "full": full });
            writing.record(Some(found.project), "plan exported", details)
        })?;
        match (format.ending(), exported.files()) {
            (Some(ending), [file]) => Ok((format!("{}.{ending}", found.name), file.bytes.clone())),
            _ => Ok((format!("{}.zip", found.name), exported.zip()?)),
        }
    })
    .await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, attachment(&name)?);
    Ok(response)
}
