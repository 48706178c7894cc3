//! Review, comments, the record of who did what.

use super::body::{At, Body};
use super::problems::Problems;
use super::versions::seen;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::types::{CommentInfo, CommentOrder, RecordLine, ReviewAction, ReviewOrder, Role, VersionInfo};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

/// Lines of the record that are shown at most.
const MOST_LINES: usize = 1000;

/// Submit, accept, return or discard a version. Accepted or returned by somebody else than who made or submitted it.
#[utoipa::path(
    post, path = "/api/versions/{version}/review", tag = "review", params(("version" = i64, Path)), request_body = ReviewOrder,
    responses((status = 200, body = VersionInfo), Problems)
)]
pub(super) async fn review(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
    Body(order): Body<ReviewOrder>,
) -> Result<Json<VersionInfo>, ServeError> {
    actor.may(match order.action {
        ReviewAction::Submit | ReviewAction::Discard => Role::Planner,
        ReviewAction::Accept | ReviewAction::Return => Role::Reviewer,
    })?;
    Ok(Json(off_thread(&app, move |app| app.store.review(&actor.name, version, &order)).await?))
}

/// The comments of a version, oldest first.
#[utoipa::path(
    get, path = "/api/versions/{version}/comments", tag = "review", params(("version" = i64, Path)),
    responses((status = 200, body = Vec<CommentInfo>), Problems)
)]
pub(super) async fn comments(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<Vec<CommentInfo>>, ServeError> {
    let list = off_thread(&app, move |app| {
        seen(app, &actor, version)?;
        app.store.comments(version)
    });
    Ok(Json(list.await?))
}

/// Write a comment, pinned to a zone, road, site or finding.
#[utoipa::path(
    post, path = "/api/versions/{version}/comments", tag = "review", params(("version" = i64, Path)), request_body = CommentOrder,
    responses((status = 201, body = CommentInfo), Problems)
)]
pub(super) async fn add_comment(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
    Body(order): Body<CommentOrder>,
) -> Result<(StatusCode, Json<CommentInfo>), ServeError> {
    actor.may(Role::Planner)?;
    let written = off_thread(&app, move |app| app.store.add_comment(&actor.name, version, &order));
    Ok((StatusCode::CREATED, Json(written.await?)))
}

/// Who did what in a project, newest first, at most 1,000 lines.
#[utoipa::path(
    get, path = "/api/projects/{project}/record", tag = "review", params(("project" = i64, Path)),
    responses((status = 200, body = Vec<RecordLine>), Problems)
)]
pub(super) async fn record(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
) -> Result<Json<Vec<RecordLine>>, ServeError> {
    actor.may(Role::Planner)?;
    let lines = off_thread(&app, move |app| {
        app.store.project(project)?;
        app.store.record_of(project, MOST_LINES)
    });
    Ok(Json(lines.await?))
}
