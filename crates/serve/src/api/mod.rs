//! The HTTP interface: routes, each with its description.

mod accounts;
mod body;
mod drafts;
mod figures;
mod files;
mod guard;
mod jobs;
mod map;
mod page;
mod problems;
mod projects;
mod replan;
mod review;
mod transfer;
mod versions;
mod whole;

pub(crate) use page::page_tags;

use crate::app::SharedApp;
use crate::library;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Largest body that is not a file, bytes.
const MOST_JSON_BYTES: usize = 16 << 20;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Clearway",
        description = "Projects, drafts, computations and their answers. Requests and answers of computations are those of the library; every figure has a unit and a source.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(crate::error::Problem, files::ShapesRole, crate::types::StepMeasureName, crate::types::SituationKind)),
    tags(
        (name = "session", description = "Who asks"),
        (name = "projects", description = "Projects, files given to them, drafts"),
        (name = "jobs", description = "Computations"),
        (name = "versions", description = "What was made or computed"),
        (name = "map", description = "Roads and places to be drawn"),
        (name = "figures", description = "Figures of plans and simulations"),
        (name = "review", description = "Review, comments, the record of who did what"),
    )
)]
struct Description;

fn router() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(accounts::session, accounts::sign_in, accounts::sign_out))
        .routes(routes!(accounts::accounts, accounts::put_account))
        .routes(routes!(projects::projects, projects::add_project))
        .routes(routes!(projects::project, projects::change_project))
        .routes(routes!(files::files, files::give_file))
        .routes(routes!(files::file))
        .routes(routes!(files::file_shapes))
        .routes(routes!(drafts::draft, drafts::save_draft))
        .routes(routes!(drafts::draft_revisions))
        .routes(routes!(jobs::jobs, jobs::order_job))
        .routes(routes!(jobs::job, jobs::cancel_job))
        .routes(routes!(jobs::job_events))
        .routes(routes!(jobs::job_order))
        .routes(routes!(versions::versions))
        .routes(routes!(versions::version, versions::change_version))
        .routes(routes!(versions::version_files))
        .routes(routes!(versions::version_file))
        .routes(routes!(versions::version_archive))
        .routes(routes!(versions::what_if))
        .routes(routes!(map::map_info))
        .routes(routes!(map::tile))
        .routes(routes!(map::lines))
        .routes(routes!(map::map_shapes))
        .routes(routes!(map::find_place))
        .routes(routes!(replan::counts))
        .routes(routes!(replan::replanned))
        .routes(routes!(figures::overview))
        .routes(routes!(figures::link))
        .routes(routes!(figures::curve))
        .routes(routes!(figures::steps))
        .routes(routes!(figures::step))
        .routes(routes!(figures::compare))
        .routes(routes!(review::review))
        .routes(routes!(review::comments, review::add_comment))
        .routes(routes!(review::record))
        .routes(routes!(transfer::export_project))
        .routes(routes!(transfer::import_project))
        .routes(routes!(transfer::export_plan))
}

/// The description of the interface (OpenAPI 3.1), as JSON.
///
/// # Errors
/// If it cannot be put into JSON.
pub fn description() -> Result<Value, serde_json::Error> {
    let mut described = serde_json::to_value(router().into_openapi())?;
    if let Some(schemas) = described.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in library::schemas() {
            schemas.entry(name).or_insert(schema);
        }
    }
    // the rest of an address is one part of it to those who read the description
    if let Some(paths) = described.pointer_mut("/paths").and_then(Value::as_object_mut) {
        let renamed = std::mem::take(paths).into_iter().map(|(path, item)| (path.replace("{*", "{"), item));
        paths.extend(renamed);
    }
    Ok(sorted(described))
}

/// With the keys of all objects in order, whatever keeps them in the program that this is built into.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(sorted).collect(),
        Value::Object(object) => {
            let mut pairs: Vec<(String, Value)> =
                object.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(pairs.into_iter().collect())
        }
        other => other,
    }
}

/// All routes over what they share.
pub fn routes(app: SharedApp) -> Router {
    let (router, _) = router().split_for_parts();
    router
        .route("/api/openapi.json", axum::routing::get(page::openapi))
        .fallback(page::page)
        .layer(DefaultBodyLimit::max(MOST_JSON_BYTES))
        .layer(axum::middleware::from_fn_with_state(std::sync::Arc::clone(&app), guard::guard))
        .with_state(app)
}
