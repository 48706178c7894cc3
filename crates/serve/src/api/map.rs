//! Roads and places to be drawn.

use super::body::{Asked, At};
use super::problems::Problems;
use super::versions::seen_with_origin;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::types::{FoundPlace, MapInfo, MapShapesInfo};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Bounds, counts and what to print beside the map of a version.
#[utoipa::path(
    get, path = "/api/versions/{version}/map", tag = "map", params(("version" = i64, Path)),
    responses((status = 200, body = MapInfo), Problems)
)]
pub(super) async fn map_info(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<MapInfo>, ServeError> {
    let info = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        Ok(app.views.roads(app, version)?.info())
    });
    Ok(Json(info.await?))
}

/// A digest by which an answer is known.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct KnownDigest {
    /// The digest of the version, by which the browser may keep the tile; left out: it asks again each time.
    digest: Option<String>,
}

/// A vector tile (MVT) with the layers `links` (id: row of `link.csv`; `link_id`, `name`, `class`, `lanes`, `capacity_pcu_h`, `speed_km_h`)
/// and, from zoom 14, `nodes` (id: row of `node.csv`; `node_id`). Where there are very many links, those of the smaller classes are left
/// out of tiles of low zoom. An empty tile is 204.
#[utoipa::path(
    get, path = "/api/versions/{version}/tiles/{z}/{x}/{y}", tag = "map",
    params(("version" = i64, Path), ("z" = u8, Path), ("x" = u32, Path), ("y" = u32, Path), KnownDigest),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile"), (status = 204), (status = 304), Problems)
)]
pub(super) async fn tile(
    State(app): State<SharedApp>,
    actor: Actor,
    At((version, z, x, y)): At<(i64, u8, u32, u32)>,
    Asked(KnownDigest { digest }): Asked<KnownDigest>,
    headers: HeaderMap,
) -> Result<Response, ServeError> {
    let (found, bytes) = off_thread(&app, move |app| {
        let found = seen_with_origin(app, &actor, version)?;
        let bytes = app.views.tile(app, version, (z, x, y))?;
        Ok((found, bytes))
    })
    .await?;
    let tag = format!("{}-{z}-{x}-{y}", found.digest);
    let is_same = digest.is_some_and(|digest| digest == found.digest);
    kept_answer(&headers, &tag, is_same, bytes, "application/vnd.mapbox-vector-tile")
}

/// The courses of all links at once, in whole numbers of four bytes, the lowest first: how many links there are; of each, in the order of
/// `link.csv`, how many points it has; then longitude and latitude of all points, in 10^-7 degrees, with sign.
#[utoipa::path(
    get, path = "/api/versions/{version}/lines", tag = "map", params(("version" = i64, Path), KnownDigest),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 304), Problems)
)]
pub(super) async fn lines(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
    Asked(KnownDigest { digest }): Asked<KnownDigest>,
    headers: HeaderMap,
) -> Result<Response, ServeError> {
    let (found, bytes) = off_thread(&app, move |app| {
        let found = seen_with_origin(app, &actor, version)?;
        Ok((found, app.views.roads(app, version)?.lines()))
    })
    .await?;
    let is_same = digest.is_some_and(|digest| digest == found.digest);
    kept_answer(&headers, &format!("{}-lines", found.digest), is_same, bytes, "application/octet-stream")
}

/// An answer that a browser may keep.
fn kept_answer(
    headers: &HeaderMap,
    tag: &str,
    for_good: bool,
    bytes: Arc<[u8]>,
    kind: &'static str,
) -> Result<Response, ServeError> {
    let tag = HeaderValue::from_str(&format!("\"{tag}\""))
        .map_err(|_| ServeError::Internal("a tag that is none".to_owned()))?;
    let is_known = headers.get(header::IF_NONE_MATCH) == Some(&tag);
    let mut response = match (is_known, bytes.is_empty()) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, true) => StatusCode::NO_CONTENT.into_response(),
        (false, false) => {
            let mut response = axum::body::Bytes::from_owner(SharedBytes(bytes)).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            response
        }
    };
    // a version never changes, but another folder may have another of the same number
    let keep = if for_good { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

/// Bytes that several answers share.
pub(super) struct SharedBytes(pub Arc<[u8]>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Zones, sites and hazards of a version as GeoJSON. The id of a feature of `zones` and `sites` is its row from 0; those without a shape
/// are points.
#[utoipa::path(
    get, path = "/api/versions/{version}/shapes", tag = "map", params(("version" = i64, Path)),
    responses((status = 200, body = MapShapesInfo), Problems)
)]
pub(super) async fn map_shapes(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
) -> Result<Json<MapShapesInfo>, ServeError> {
    let shapes = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        crate::views::shapes(app, version)
    });
    Ok(Json(shapes.await?))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WantedText {
    /// Part of a name, or an id.
    text: String,
}

/// Roads, zones and sites by a part of their name, or by their id; at most 50.
#[utoipa::path(
    get, path = "/api/versions/{version}/find", tag = "map", params(("version" = i64, Path), WantedText),
    responses((status = 200, body = Vec<FoundPlace>), Problems)
)]
pub(super) async fn find_place(
    State(app): State<SharedApp>,
    actor: Actor,
    At(version): At<i64>,
    Asked(WantedText { text }): Asked<WantedText>,
) -> Result<Json<Vec<FoundPlace>>, ServeError> {
    let found = off_thread(&app, move |app| {
        seen_with_origin(app, &actor, version)?;
        Ok(app.views.roads(app, version)?.find(&text))
    });
    Ok(Json(found.await?))
}
