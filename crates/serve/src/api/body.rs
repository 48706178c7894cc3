//! What comes in: JSON bodies, numbers in addresses, and who asks.

use super::whole::with_whole_numbers;
use crate::app::{Actor, SharedApp, off_thread};
use crate::error::ServeError;
use crate::types::Role;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

/// Name of the cookie of those who are signed in.
pub(super) const COOKIE: &str = "clearway";

/// A JSON body. What is wrong with it is said in the same form as everything else.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<SharedApp> for Body<T> {
    type Rejection = ServeError;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, ServeError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json")) {
            return Err(ServeError::Request(
                "expected a body with `Content-Type: application/json`".to_owned(),
            ));
        }
        let bytes = Bytes::from_request(request, app).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ServeError::TooLarge("the body is too large".to_owned()),
            _ => ServeError::Request(error.body_text()),
        })?;
        // a list without names would be taken for the fields in their order
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(ServeError::Request("expected a JSON object".to_owned()));
        }
        let read = |bytes: &[u8]| {
            axum::Json::<T>::from_bytes(bytes)
                .map(|axum::Json(value)| Self(value))
                .map_err(|error| ServeError::Request(error.body_text()))
        };
        // what is read as it is stays as it is written
        let first = read(&bytes);
        match with_whole_numbers(&bytes).filter(|_| first.is_err()) {
            Some(bytes) => read(&bytes),
            None => first,
        }
    }
}

/// Parts of the address. What is no such number is not there.
pub(super) struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<SharedApp> for At<T> {
    type Rejection = ServeError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ServeError> {
        match axum::extract::Path::<T>::from_request_parts(parts, app).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(ServeError::NotThere("such address".to_owned())),
        }
    }
}

/// What follows the question mark of the address.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<SharedApp> for Asked<T> {
    type Rejection = ServeError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ServeError> {
        match axum::extract::Query::<T>::from_request_parts(parts, app).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(error) => Err(ServeError::Request(error.body_text())),
        }
    }
}

/// The token in the cookie of a request.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| token.to_owned())
}

/// Name of whoever has not said theirs, where there are no accounts.
const NAMELESS: &str = "somebody at this computer";

/// Who asks; `None` where there are accounts and nobody is signed in.
pub(super) async fn actor(headers: &HeaderMap, app: &SharedApp) -> Result<Option<Actor>, ServeError> {
    let token = token(headers);
    off_thread(app, move |app| {
        if let Some(token) = token
            && let Some(signed_in) = app.store.signed_in(&token)?
        {
            return Ok(Some(Actor { name: signed_in.name, role: signed_in.role, is_named: true }));
        }
        if app.store.has_accounts()? {
            return Ok(None);
        }
        Ok(Some(Actor { name: NAMELESS.to_owned(), role: Role::Admin, is_named: false }))
    })
    .await
}

impl FromRequestParts<SharedApp> for Actor {
    type Rejection = ServeError;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, ServeError> {
        actor(&parts.headers, app).await?.ok_or(ServeError::SignedOut)
    }
}
