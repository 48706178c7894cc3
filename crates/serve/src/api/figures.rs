//! Figures of plans and simulations.

use super::body::{Asked, At};
use super::map::SharedBytes;
use super::problems::Problems;
use super::versions::seen_with_origin;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::types::{Comparison, CurveInfo, LinkFigures, PlanOverview, StepMeasureName, StepsInfo};
use crate::views;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

/// The answer of a plan: bound, plan and simulation beside each other, what sets the bound, zones, sites.
#[utoipa::path(
    get, path = "/api/versions/{version}/overview", tag = "figures", params(("version" = i64, Path)),
    responses((status = 200, body = PlanOverview), Problems)
)]
pub(super) async fn overview(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<PlanOverview>, ServeError> {
    let made = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        views::overview(app, version)
    });
    Ok(Json(made.await?))
}

/// A road: its figures with their sources, and in a plan who passes it by hour and from which zones.
#[utoipa::path(
    get, path = "/api/versions/{version}/links/{row}", tag = "figures", params(("version" = i64, Path), ("row" = usize, Path)),
    responses((status = 200, body = LinkFigures), Problems)
)]
pub(super) async fn link(
    State(app): State<SharedApp>,
    actor: Actor,
    At((version, row)): At<(i64, usize)>,
) -> Result<Json<LinkFigures>, ServeError> {
    let made = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        views::link(app, version, row)
    });
    Ok(Json(made.await?))
}

/// People over time: by the bound, the plan and its newest simulation.
#[utoipa::path(
    get, path = "/api/versions/{version}/curve", tag = "figures", params(("version" = i64, Path)),
    responses((status = 200, body = CurveInfo), Problems)
)]
pub(super) async fn curve(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<CurveInfo>, ServeError> {
    let made = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        views::curve(app, version)
    });
    Ok(Json(made.await?))
}

/// What there is for every link over time, of a plan or a simulation.
#[utoipa::path(
    get, path = "/api/versions/{version}/steps", tag = "figures", params(("version" = i64, Path)),
    responses((status = 200, body = StepsInfo), Problems)
)]
pub(super) async fn steps(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<StepsInfo>, ServeError> {
    let made = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        Ok(app.views.steps(app, version)?.info.clone())
    });
    Ok(Json(made.await?))
}

/// One step: a byte per link, in the order of `link.csv`.
#[utoipa::path(
    get, path = "/api/versions/{version}/steps/{measure}/{step}", tag = "figures",
    params(("version" = i64, Path), ("measure" = StepMeasureName, Path), ("step" = usize, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Problems)
)]
pub(super) async fn step(
    State(app): State<SharedApp>,
    actor: Actor,
    At((version, measure, step)): At<(i64, StepMeasureName, usize)>,
) -> Result<Response, ServeError> {
    let bytes = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        app.views.steps(app, version)?.bytes(measure, step)
    })
    .await?;
    let mut response = axum::body::Bytes::from_owner(SharedBytes(bytes)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600"));
    Ok(response)
}

/// Which plans are compared.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WantedPlans {
    /// Numbers of two to six plans or scenarios, with commas between them; differences are to the first.
    plans: String,
}

/// Plans beside each other: measures, zones, roads, and what is different in their scenarios.
#[utoipa::path(
    get, path = "/api/compare", tag = "figures", params(WantedPlans),
    responses((status = 200, body = Comparison), Problems)
)]
pub(super) async fn compare(
    State(app): State<SharedApp>,
    actor: Actor,
    Asked(WantedPlans { plans }): Asked<WantedPlans>,
) -> Result<Json<Comparison>, ServeError> {
    let numbers: Result<Vec<i64>, _> = plans.split(',').map(|number| number.trim().parse::<i64>()).collect();
    let numbers = numbers.ok().filter(|numbers| (2..=6).contains(&numbers.len()));
    let numbers = numbers
        .ok_or_else(|| ServeError::Request("plans: two to six numbers of plans, with commas".to_owned()))?;
    let made = off_thread(&app, move |app| {
        for number in &numbers {
            seen_with_origin(app, &actor, *number)?;
        }
        views::compare(app, &numbers)
    });
    Ok(Json(made.await?))
}
