//! Projects.

use super::body::{At, Body};
use super::problems::Problems;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::types::{ProjectChange, ProjectInfo, ProjectOrder, Role};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

/// All projects, newest first.
#[utoipa::path(get, path = "/api/projects", tag = "projects", responses((status = 200, body = Vec<ProjectInfo>), Problems))]
pub(super) async fn projects(
    State(app): State<SharedApp>,
    actor: Actor,
) -> Result<Json<Vec<ProjectInfo>>, ServeError> {
    actor.may(Role::Viewer)?;
    Ok(Json(off_thread(&app, |app| app.store.projects()).await?))
}

/// Make a project.
#[utoipa::path(
    post, path = "/api/projects", tag = "projects", request_body = ProjectOrder,
    responses((status = 201, body = ProjectInfo), Problems)
)]
pub(super) async fn add_project(
    State(app): State<SharedApp>,
    actor: Actor,
    Body(order): Body<ProjectOrder>,
) -> Result<(StatusCode, Json<ProjectInfo>), ServeError> {
    actor.may(Role::Planner)?;
    let made = off_thread(&app, move |app| {
        let id = app.store.add_project(&actor.name, &order.name, order.context)?;
        app.store.project(id)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// One project.
#[utoipa::path(
    get, path = "/api/projects/{project}", tag = "projects", params(("project" = i64, Path)),
    responses((status = 200, body = ProjectInfo), Problems)
)]
pub(super) async fn project(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
) -> Result<Json<ProjectInfo>, ServeError> {
    actor.may(Role::Viewer)?;
    Ok(Json(off_thread(&app, move |app| app.store.project(project)).await?))
}

/// Change a project's name or situation.
#[utoipa::path(
    patch, path = "/api/projects/{project}", tag = "projects", params(("project" = i64, Path)), request_body = ProjectChange,
    responses((status = 200, body = ProjectInfo), Problems)
)]
pub(super) async fn change_project(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
    Body(change): Body<ProjectChange>,
) -> Result<Json<ProjectInfo>, ServeError> {
    actor.may(Role::Planner)?;
    let changed = off_thread(&app, move |app| {
        app.store.change_project(&actor.name, project, &change)?;
        app.store.project(project)
    });
    Ok(Json(changed.await?))
}
