//! Computations.

use super::body::{At, Body};
use super::problems::Problems;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::jobs::JobWatch;
use crate::limits::this_minute;
use crate::types::{JobEvent, JobInfo, JobOrder, Role};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The jobs of a project, newest first, at most 200.
#[utoipa::path(
    get, path = "/api/projects/{project}/jobs", tag = "jobs", params(("project" = i64, Path)),
    responses((status = 200, body = Vec<JobInfo>), Problems)
)]
pub(super) async fn jobs(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
) -> Result<Json<Vec<JobInfo>>, ServeError> {
    actor.may(Role::Planner)?;
    Ok(Json(off_thread(&app, move |app| app.jobs.of_project(app, project)).await?))
}

/// Order a job.
#[utoipa::path(
    post, path = "/api/projects/{project}/jobs", tag = "jobs", params(("project" = i64, Path)), request_body = JobOrder,
    responses((status = 202, body = JobInfo), Problems)
)]
pub(super) async fn order_job(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
    Body(order): Body<JobOrder>,
) -> Result<(StatusCode, Json<JobInfo>), ServeError> {
    actor.may(Role::Planner)?;
    if !app.limits.jobs.take(&actor.name, this_minute()) {
        return Err(ServeError::TooMany);
    }
    let ordered = off_thread(&app, move |app| app.jobs.order(app, &actor.name, project, order));
    Ok((StatusCode::ACCEPTED, Json(ordered.await?)))
}

/// A job.
#[utoipa::path(
    get, path = "/api/jobs/{job}", tag = "jobs", params(("job" = i64, Path)),
    responses((status = 200, body = JobInfo), Problems)
)]
pub(super) async fn job(
    State(app): State<SharedApp>,
    actor: Actor,
    At(job): At<i64>,
) -> Result<Json<JobInfo>, ServeError> {
    actor.may(Role::Planner)?;
    Ok(Json(off_thread(&app, move |app| app.jobs.info(app, job)).await?))
}

/// What was ordered, with all that was given with it: to order it again with something changed.
#[utoipa::path(
    get, path = "/api/jobs/{job}/order", tag = "jobs", params(("job" = i64, Path)),
    responses((status = 200, body = JobOrder), Problems)
)]
pub(super) async fn job_order(
    State(app): State<SharedApp>,
    actor: Actor,
    At(job): At<i64>,
) -> Result<Json<JobOrder>, ServeError> {
    actor.may(Role::Planner)?;
    let order = off_thread(&app, move |app| app.store.job(job)).await?.order;
    let nothing =
        || ServeError::NotThere(format!("order of job {job} that this version of the program knows"));
    Ok(Json(order.ok_or_else(nothing)?))
}

/// End a job. It ends within about a second, and keeps what is proved by then.
#[utoipa::path(
    delete, path = "/api/jobs/{job}", tag = "jobs", params(("job" = i64, Path)),
    responses((status = 200, body = JobInfo), Problems)
)]
pub(super) async fn cancel_job(
    State(app): State<SharedApp>,
    actor: Actor,
    At(job): At<i64>,
) -> Result<Json<JobInfo>, ServeError> {
    actor.may(Role::Planner)?;
    Ok(Json(off_thread(&app, move |app| app.jobs.cancel(app, &actor.name, job)).await?))
}

/// How a job gets on, as server-sent events named `job`: each holds the whole of it. The first comes at once, the last when it is over.
#[utoipa::path(
    get, path = "/api/jobs/{job}/events", tag = "jobs", params(("job" = i64, Path)),
    responses((status = 200, body = JobEvent, content_type = "text/event-stream"), Problems)
)]
pub(super) async fn job_events(
    State(app): State<SharedApp>,
    actor: Actor,
    At(job): At<i64>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ServeError> {
    actor.may(Role::Planner)?;
    let watch = JobWatch::begin(app, job).await?;
    let events =
        watch.into_stream(|info| Ok(Event::default().event("job").json_data(info).unwrap_or_default()));
    Ok(Sse::new(Events(Box::pin(events))).keep_alive(KeepAlive::default()))
}

/// A stream that may be moved.
struct Events<S>(Pin<Box<S>>);

impl<S: Stream> Stream for Events<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.0.as_mut().poll_next(context)
    }
}
