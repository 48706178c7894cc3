//! A project as one file, and back.

use super::body::At;
use super::files::taken_in;
use super::problems::Problems;
use super::versions::{seen, zip_answer};
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::transfer;
use crate::types::{ProjectInfo, Role};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

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
    let blob = taken_in(&app, body).await?;
    let made = off_thread(&app, move |app| {
        let bytes = app.store.blobs().read(&blob.digest)?;
        let id = transfer::import(&app.store, &actor.name, &bytes)?;
        app.store.project(id)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}
