//! Projects.

use super::body::{At, Body};
use super::problems::Problems;
use super::versions::is_seen;
use crate::app::{Actor, ServeApp, SharedApp, off_thread};
use crate::error::ServeError;
use crate::types::{ProjectChange, ProjectInfo, ProjectOrder, Role};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use clearway_model::Context;

/// A project without what whoever asks may not see: of an armed conflict viewers learn neither where it is nor how many people are there,
/// and of versions those alone that are redacted.
fn as_seen(app: &ServeApp, actor: &Actor, mut project: ProjectInfo) -> Result<ProjectInfo, ServeError> {
    if actor.role > Role::Viewer || project.context != Context::ArmedConflict {
        return Ok(project);
    }
    (project.roads, project.bounds, project.people) = (None, None, None);
    let mut newest = Vec::new();
    for version in project.newest {
        if is_seen(app, actor, &app.store.version(version.id)?)? {
            newest.push(version);
        }
    }
    Ok(ProjectInfo { newest, ..project })
}

/// All projects, newest first.
#[utoipa::path(get, path = "/api/projects", tag = "projects", responses((status = 200, body = Vec<ProjectInfo>), Problems))]
pub(super) async fn projects(
    State(app): State<SharedApp>,
    actor: Actor,
) -> Result<Json<Vec<ProjectInfo>>, ServeError> {
    actor.may(Role::Viewer)?;
    let list = off_thread(&app, move |app| {
        app.store.projects()?.into_iter().map(|project| as_seen(app, &actor, project)).collect()
    });
    Ok(Json(list.await?))
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
    let found = off_thread(&app, move |app| as_seen(app, &actor, app.store.project(project)?));
    Ok(Json(found.await?))
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
