//! Files that are given to projects.

use super::body::{Asked, At};
use super::problems::Problems;
use super::versions::file_answer;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::limits::this_minute;
use crate::store::{IncomingBlob, StoredBlob};
use crate::types::{GivenFile, GivenFileKind, JobOrder, ProjectFile, Role};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use clearway_model::Fault;
use clearway_vector::{MapRole, geojson_of};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::Value;
use std::io::{BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FileName {
    /// The file's name; its ending says what it is.
    name: String,
}

/// The files of a project, newest first.
#[utoipa::path(
    get, path = "/api/projects/{project}/files", tag = "projects", params(("project" = i64, Path)),
    responses((status = 200, body = Vec<ProjectFile>), Problems)
)]
pub(super) async fn files(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
) -> Result<Json<Vec<ProjectFile>>, ServeError> {
    actor.may(Role::Planner)?;
    Ok(Json(off_thread(&app, move |app| app.store.files(project)).await?))
}

/// Give a file to a project: its bytes are the body. A road map or an archive is read by a job at once.
#[utoipa::path(
    post, path = "/api/projects/{project}/files", tag = "projects", params(("project" = i64, Path), FileName),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = GivenFile), Problems)
)]
pub(super) async fn give_file(
    State(app): State<SharedApp>,
    actor: Actor,
    At(project): At<i64>,
    Asked(FileName { name }): Asked<FileName>,
    body: Body,
) -> Result<(StatusCode, Json<GivenFile>), ServeError> {
    actor.may(Role::Planner)?;
    if !app.limits.files.take(&actor.name, this_minute()) {
        return Err(ServeError::TooMany);
    }
    off_thread(&app, move |app| app.store.project(project)).await?;
    let blob = taken_in(&app, body).await?;
    let given = off_thread(&app, move |app| {
        let file = app.store.add_file(&actor.name, project, &name, &blob)?;
        let order = match file.kind {
            GivenFileKind::RoadMap => Some(JobOrder::Import { file: file.id }),
            GivenFileKind::Archive if !is_map(&app.store.blobs().path(&blob.digest)?) => {
                Some(JobOrder::Unpack { file: file.id })
            }
            _ => None,
        };
        let job = order.map(|order| app.jobs.order(app, &actor.name, project, order)).transpose()?;
        Ok(GivenFile { file, job: job.map(|job| job.id) })
    });
    Ok((StatusCode::CREATED, Json(given.await?)))
}

/// A file that was given, byte for byte.
#[utoipa::path(
    get, path = "/api/files/{file}", tag = "projects", params(("file" = i64, Path)),
    responses(
        (status = 200, content((Vec<u8> = "application/octet-stream"), (Vec<u8> = "application/json"), (String = "text/csv; charset=utf-8"), (String = "text/plain; charset=utf-8"))),
        Problems
    )
)]
pub(super) async fn file(
    State(app): State<SharedApp>,
    actor: Actor,
    At(file): At<i64>,
) -> Result<Response, ServeError> {
    actor.may(Role::Planner)?;
    let (name, path) = off_thread(&app, move |app| {
        let (_, file) = app.store.file(file)?;
        Ok((file.name, app.store.blobs().path(&file.digest)?))
    })
    .await?;
    file_answer(&app, &name, path, super::versions::AnswerForm::Download).await
}

/// Whether an archive is of a map, e.g. a shapefile, and not of a folder. One that cannot be read is left to who says what is wrong with it.
fn is_map(archive: &Path) -> bool {
    let names =
        std::fs::File::open(archive).ok().and_then(|file| zip::ZipArchive::new(BufReader::new(file)).ok());
    let Some(names) = names else { return false };
    let any = |endings: &[&str]| {
        names.file_names().any(|name| endings.iter().any(|ending| name.to_lowercase().ends_with(ending)))
    };
    any(&[".shp", ".gpkg", ".kml"]) && !any(&["scenario.toml", "plan.json", "multimodal.json"])
}

/// What the polygons of a file are read for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ShapesRole {
    /// The area that people leave.
    Area,
    /// Zones.
    Zone,
    /// Places that receive people.
    Site,
    /// Hazards with times.
    Hazard,
}

/// What the polygons of a file are read for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WantedShapes {
    /// Of several layers of a GeoPackage the one that is meant.
    role: ShapesRole,
}

/// Largest map that is turned into GeoJSON for the page, bytes.
const MOST_MAP_BYTES: i64 = 128 << 20;

/// A map that was given, as GeoJSON in WGS 84, so that it can be drawn and changed: GeoJSON itself, a zipped shapefile, a GeoPackage, KML,
/// KMZ or an alert (CAP).
#[utoipa::path(
    get, path = "/api/files/{file}/shapes", tag = "projects", params(("file" = i64, Path), WantedShapes),
    responses((status = 200, body = serde_json::Value, content_type = "application/json"), Problems)
)]
pub(super) async fn file_shapes(
    State(app): State<SharedApp>,
    actor: Actor,
    At(file): At<i64>,
    Asked(WantedShapes { role }): Asked<WantedShapes>,
) -> Result<Json<Value>, ServeError> {
    actor.may(Role::Planner)?;
    let shapes = off_thread(&app, move |app| {
        let (_, file) = app.store.file(file)?;
        if file.bytes > MOST_MAP_BYTES {
            return Err(ServeError::TooLarge(format!(
                "a map of polygons has at most {MOST_MAP_BYTES} bytes"
            )));
        }
        let bytes = app.store.blobs().read(&file.digest)?;
        let role = match role {
            ShapesRole::Area => MapRole::Area,
            ShapesRole::Zone => MapRole::Zones,
            ShapesRole::Site => MapRole::Sites,
            ShapesRole::Hazard => MapRole::Hazards,
        };
        let faulty = |fault: Fault| ServeError::Faults {
            message: format!("faults in {}", file.name),
            faults: vec![fault],
        };
        let read = geojson_of(&file.name, &bytes, role).map_err(|fault| faulty(*fault))?;
        let document: Option<Value> = serde_json::from_slice(read.as_deref().unwrap_or(&bytes)).ok();
        document.filter(|document| document.get("type").is_some_and(Value::is_string)).ok_or_else(|| {
            faulty(Fault::error(
                file.name.clone(),
                "",
                "GeoJSON, a zipped shapefile, GeoPackage, KML, KMZ or CAP",
            ))
        })
    });
    Ok(Json(shapes.await?))
}

/// Takes in a body as a file, piece by piece.
///
/// # Errors
/// [`ServeError::TooLarge`] if it is larger than what is taken.
pub(super) async fn taken_in(app: &SharedApp, mut body: Body) -> Result<StoredBlob, ServeError> {
    let most = app.settings.most_file_bytes;
    let (sender, mut pieces) = tokio::sync::mpsc::channel::<axum::body::Bytes>(16);
    let shared = Arc::clone(app);
    let writing = tokio::task::spawn_blocking(move || -> Result<IncomingBlob, ServeError> {
        let mut incoming = shared.store.blobs().begin()?;
        while let Some(piece) = pieces.blocking_recv() {
            incoming.write_all(&piece)?;
        }
        Ok(incoming)
    });
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| ServeError::Request(format!("the body broke off: {error}")))?;
        let Ok(piece) = frame.into_data() else { continue };
        bytes += piece.len() as u64;
        if bytes > most {
            return Err(ServeError::TooLarge(format!("a file has at most {most} bytes")));
        }
        if sender.send(piece).await.is_err() {
            break;
        }
    }
    drop(sender);
    let incoming =
        writing.await.map_err(|_| ServeError::Internal("the file could not be written".to_owned()))??;
    if incoming.bytes() != bytes {
        return Err(ServeError::Store("the file could not be written whole".to_owned()));
    }
    off_thread(app, move |app| Ok(app.store.blobs().finish(incoming)?)).await
}
