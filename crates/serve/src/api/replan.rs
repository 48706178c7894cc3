//! Re-planning: counts that are looked at before a new plan is made, and what a new plan changes.

use super::body::{At, Body};
use super::problems::Problems;
use super::versions::seen_with_origin;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::jobs::given_counts;
use crate::types::{CountsInfo, CountsOrder, ReplannedInfo, Role, VersionKind};
use crate::views;
use axum::Json;
use axum::extract::State;
use clearway::{CountsTable, Session, replan_counts};

/// Counts beside what a plan expects at a time, with what is wrong with them; without counts a table to fill in. Nothing is kept. A new
/// plan is made of them by a job (`replan`).
#[utoipa::path(
    post, path = "/api/versions/{version}/counts", tag = "versions", params(("version" = i64, Path)), request_body = CountsOrder,
    responses((status = 200, body = CountsInfo), Problems)
)]
pub(super) async fn counts(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
    Body(order): Body<CountsOrder>,
) -> Result<Json<CountsInfo>, ServeError> {
    actor.may(Role::Planner)?;
    let table = off_thread(&app, move |app| {
        let plan = app.store.version(version)?;
        if plan.kind != VersionKind::Plan {
            return Err(ServeError::Request(format!(
                "counts are held against a plan, and version {version} is a {}",
                plan.kind.word()
            )));
        }
        let given = given_counts(app, plan.project, &order.files, &order.counts)?;
        let store = app.store.version_store(version)?;
        let table = replan_counts(&Session::new(), &store, &given, &order.request)?;
        let CountsTable { at_ms, rows, faults } = table;
        Ok(CountsInfo { at_ms, rows, faults })
    });
    Ok(Json(table.await?))
}

/// What a plan that was made of what was left of another changes: figures of both, options with what each gains, who is told something
/// else, roads that more or fewer people take.
#[utoipa::path(
    get, path = "/api/versions/{version}/replanned", tag = "figures", params(("version" = i64, Path)),
    responses((status = 200, body = ReplannedInfo), Problems)
)]
pub(super) async fn replanned(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<ReplannedInfo>, ServeError> {
    let info = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        views::replanned(app, version)
    });
    Ok(Json(info.await?))
}
