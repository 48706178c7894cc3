//! Drafts.

use super::body::{Asked, At, Body};
use super::problems::Problems;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::types::{DraftOrder, DraftRevision, Role, StoredDraft};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which revision.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichRevision {
    /// Number of the revision; left out: the newest.
    revision: Option<i64>,
}

/// The draft of a project.
#[utoipa::path(
    get, path = "/api/projects/{project}/draft", tag = "projects", params(("project" = i64, Path), WhichRevision),
    responses((status = 200, body = StoredDraft), Problems)
)]
pub(super) async fn draft(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
    Asked(WhichRevision { revision }): Asked<WhichRevision>,
) -> Result<Json<StoredDraft>, ServeError> {
    actor.may(Role::Planner)?;
    Ok(Json(off_thread(&app, move |app| app.store.draft(project, revision)).await?))
}

/// Save the draft as a new revision.
#[utoipa::path(
    put, path = "/api/projects/{project}/draft", tag = "projects", params(("project" = i64, Path)), request_body = DraftOrder,
    responses((status = 200, body = StoredDraft), Problems)
)]
pub(super) async fn save_draft(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
    Body(order): Body<DraftOrder>,
) -> Result<Json<StoredDraft>, ServeError> {
    actor.may(Role::Planner)?;
    Ok(Json(off_thread(&app, move |app| app.store.save_draft(&actor.name, project, &order)).await?))
}

/// All revisions of the draft, newest first.
#[utoipa::path(
    get, path = "/api/projects/{project}/draft/revisions", tag = "projects", params(("project" = i64, Path)),
    responses((status = 200, body = Vec<DraftRevision>), Problems)
)]
pub(super) async fn draft_revisions(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
) -> Result<Json<Vec<DraftRevision>>, ServeError> {
    actor.may(Role::Planner)?;
    Ok(Json(off_thread(&app, move |app| app.store.draft_revisions(project)).await?))
}
