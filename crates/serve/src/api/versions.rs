//! Versions and their files.

use super::body::{At, Body};
use super::problems::Problems;
use crate::app::{Actor, ServeApp, SharedApp, off_thread};
use crate::error::ServeError;
use crate::store::NewVersion;
use crate::types::{Role, VersionChange, VersionFile, VersionInfo, VersionKind, WhatIfOrder};
use crate::views::bounds_of;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clearway::{Session, SubStore, change, load};
use clearway_model::Context;
use std::path::PathBuf;
use tokio::task::spawn_blocking;

/// The version, if whoever asks may see it. Viewers see of an armed conflict what is redacted alone: exact files are not in it.
///
/// # Errors
/// [`ServeError::NotThere`]; [`ServeError::Forbidden`].
pub(super) fn seen(app: &ServeApp, actor: &Actor, version: i64) -> Result<VersionInfo, ServeError> {
    actor.may(Role::Viewer)?;
    let found = app.store.version(version)?;
    if !is_seen(app, actor, &found)? {
        return Err(ServeError::Forbidden(
            "exact places of an armed conflict are not for viewers".to_owned(),
        ));
    }
    Ok(found)
}

/// As [`seen`], for what is made of a version together with those that it was computed of: a redacted list of needs may be seen by whom
/// the exact plan behind it may not.
///
/// # Errors
/// As [`seen`], for each of them.
pub(super) fn seen_with_origin(
    app: &ServeApp,
    actor: &Actor,
    version: i64,
) -> Result<VersionInfo, ServeError> {
    let found = seen(app, actor, version)?;
    let mut parent = found.parent;
    while let Some(version) = parent {
        parent = seen(app, actor, version)?.parent;
    }
    Ok(found)
}

/// Whether a version is one that whoever asks may see.
///
/// # Errors
/// If its project cannot be read.
pub(super) fn is_seen(app: &ServeApp, actor: &Actor, version: &VersionInfo) -> Result<bool, ServeError> {
    if actor.role > Role::Viewer || version.disclosure == "redacted" {
        return Ok(true);
    }
    Ok(app.store.project(version.project)?.context != Context::ArmedConflict)
}

/// The versions of a project, newest first.
#[utoipa::path(
    get, path = "/api/projects/{project}/versions", tag = "versions", params(("project" = i64, Path)),
    responses((status = 200, body = Vec<VersionInfo>), Problems)
)]
pub(super) async fn versions(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
) -> Result<Json<Vec<VersionInfo>>, ServeError> {
    actor.may(Role::Viewer)?;
    let list = off_thread(&app, move |app| {
        let mut seen = Vec::new();
        for version in app.store.versions(project)? {
            if is_seen(app, &actor, &version)? {
                seen.push(version);
            }
        }
        Ok(seen)
    });
    Ok(Json(list.await?))
}

/// A version.
#[utoipa::path(
    get, path = "/api/versions/{version}", tag = "versions", params(("version" = i64, Path)),
    responses((status = 200, body = VersionInfo), Problems)
)]
pub(super) async fn version(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<VersionInfo>, ServeError> {
    Ok(Json(off_thread(&app, move |app| seen(app, &actor, version)).await?))
}

/// Change the name or note of a version, or take it as the baseline.
#[utoipa::path(
    patch, path = "/api/versions/{version}", tag = "versions", params(("version" = i64, Path)), request_body = VersionChange,
    responses((status = 200, body = VersionInfo), Problems)
)]
pub(super) async fn change_version(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
    Body(change): Body<VersionChange>,
) -> Result<Json<VersionInfo>, ServeError> {
    actor.may(Role::Planner)?;
    Ok(Json(off_thread(&app, move |app| app.store.change_version(&actor.name, version, &change)).await?))
}

/// The files of a version.
#[utoipa::path(
    get, path = "/api/versions/{version}/files", tag = "versions", params(("version" = i64, Path)),
    responses((status = 200, body = Vec<VersionFile>), Problems)
)]
pub(super) async fn version_files(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<Vec<VersionFile>>, ServeError> {
    let files = off_thread(&app, move |app| {
        seen(app, &actor, version)?;
        app.store.version_files(version)
    });
    Ok(Json(files.await?))
}

/// A file of a version, byte for byte as the command line writes it. Pages come as downloads: what is in them is not shown as part of the
/// application.
#[utoipa::path(
    get, path = "/api/versions/{version}/files/{*name}", tag = "versions",
    params(("version" = i64, Path), ("name" = String, Path)),
    responses(
        (status = 200, content((Vec<u8> = "application/octet-stream"), (Vec<u8> = "application/json"), (String = "text/csv; charset=utf-8"), (String = "text/plain; charset=utf-8"))),
        Problems
    )
)]
pub(super) async fn version_file(
    State(app): State<SharedApp>,
    actor: Actor,
    At((version, name)): At<(i64, String)>,
) -> Result<Response, ServeError> {
    let wanted = name.clone();
    let path = off_thread(&app, move |app| {
        seen(app, &actor, version)?;
        let files = app.store.version_files(version)?;
        let file = files.into_iter().find(|file| file.name == wanted);
        let file =
            file.ok_or_else(|| ServeError::NotThere(format!("file '{wanted}' of version {version}")))?;
        app.store.blobs().path(&file.digest)
    })
    .await?;
    file_answer(&app, &name, path, AnswerForm::ByName).await
}

/// How a file is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerForm {
    /// Tables and documents to be read by the application, all else to be kept.
    ByName,
    /// To be kept.
    Download,
}

/// What a file is, for browsers. Nothing here is a page or a program to them.
fn kind_of(name: &str) -> (&'static str, bool) {
    let ending = name.rsplit('.').next().unwrap_or_default();
    match ending {
        "json" | "geojson" => ("application/json", true),
        "csv" => ("text/csv; charset=utf-8", true),
        "txt" | "toml" => ("text/plain; charset=utf-8", true),
        _ => ("application/octet-stream", false),
    }
}

/// The answer with a file.
pub(super) async fn file_answer(
    _: &SharedApp,
    name: &str,
    path: PathBuf,
    form: AnswerForm,
) -> Result<Response, ServeError> {
    let bytes = spawn_blocking(move || std::fs::read(path))
        .await
        .map_err(|_| ServeError::Internal("the file could not be read".to_owned()))??;
    let (kind, is_shown) = kind_of(name);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if form == AnswerForm::Download || !is_shown {
        headers.insert(header::CONTENT_DISPOSITION, attachment(name)?);
    }
    Ok(response)
}

/// What names a download.
pub(super) fn attachment(name: &str) -> Result<HeaderValue, ServeError> {
    let last = name.rsplit('/').next().unwrap_or_default();
    let plain: String =
        last.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\""))
        .map_err(|_| ServeError::Internal("a name that cannot be said".to_owned()))
}

/// All files of a version as a ZIP archive. That of a plan is one that `clearway verify` reads.
#[utoipa::path(
    get, path = "/api/versions/{version}/archive.zip", tag = "versions", params(("version" = i64, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), Problems)
)]
pub(super) async fn version_archive(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Response, ServeError> {
    let (name, bytes) = off_thread(&app, move |app| {
        let found = seen(app, &actor, version)?;
        Ok((found.name, super::transfer::version_zip(app, version)?))
    })
    .await?;
    zip_answer(&name, bytes)
}

/// The answer with an archive.
pub(super) fn zip_answer(name: &str, bytes: Vec<u8>) -> Result<Response, ServeError> {
    let mut response = bytes.into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_DISPOSITION, attachment(&format!("{name}.zip"))?);
    Ok(response)
}

/// What if: a scenario with something changed, as a new version. Of a plan its scenario is taken.
#[utoipa::path(
    post, path = "/api/versions/{version}/what-if", tag = "versions", params(("version" = i64, Path)), request_body = WhatIfOrder,
    responses((status = 201, body = VersionInfo), Problems)
)]
pub(super) async fn what_if(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
    Body(order): Body<WhatIfOrder>,
) -> Result<(StatusCode, Json<VersionInfo>), ServeError> {
    actor.may(Role::Planner)?;
    let made = off_thread(&app, move |app| {
        let of = app.store.version(version)?;
        if !matches!(of.kind, VersionKind::Scenario | VersionKind::Plan) {
            return Err(ServeError::Request(format!(
                "a scenario or plan is changed, and version {version} is a {}",
                of.kind.word()
            )));
        }
        if order.changes.is_empty() {
            return Err(ServeError::Request("say what is to be changed".to_owned()));
        }
        let store = app.store.version_store(version)?;
        let inside = SubStore::new(&store, "scenario");
        let loaded = load(if of.kind == VersionKind::Plan { &inside } else { &store })?;
        let changed = change(&Session::new(), &loaded, &order.changes)?;
        let artifacts = changed.artifacts();
        let new = NewVersion {
            project: of.project,
            kind: VersionKind::Scenario,
            parent: Some(version),
            job: None,
            draft_revision: of.draft_revision,
            name: order.name.clone(),
            disclosure: artifacts.disclosure(),
            words: changed.sentences.join("\n"),
            bounds: bounds_of(&changed.loaded.scenario.nodes),
            files: NewVersion::files_of(&artifacts),
        };
        app.store.add_version(&actor.name, &new, |_, _| Ok(()))
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}
