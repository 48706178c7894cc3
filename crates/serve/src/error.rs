//! What goes wrong, and the answer that says so.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clearway_model::Fault;
use serde::Serialize;
use utoipa::ToSchema;

/// The answer to a request that cannot be done.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// What is wrong, in a sentence.
    pub message: String,
    /// Faults in what was given, with file, place, value and what was expected.
    #[schema(schema_with = crate::library::faults)]
    pub faults: Vec<Fault>,
}

/// Why a request cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// There is no such thing.
    #[error("there is no {0}")]
    NotThere(String),
    /// What was asked makes no sense.
    #[error("{0}")]
    Request(String),
    /// Faults in what was given.
    #[error("{message}")]
    Faults {
        /// What has them.
        message: String,
        /// All of them.
        faults: Vec<Fault>,
    },
    /// Somebody else was faster, or it is not the time for it.
    #[error("{0}")]
    Conflict(String),
    /// Nobody has signed in.
    #[error("sign in first")]
    SignedOut,
    /// Whoever asks may not do it.
    #[error("{0}")]
    Forbidden(String),
    /// Larger than what is taken.
    #[error("{0}")]
    TooLarge(String),
    /// Too many requests in a short time.
    #[error("too many in this minute; wait for the next")]
    TooMany,
    /// The disk or the data base.
    #[error("the project folder cannot be used: {0}")]
    Store(String),
    /// Something that should not happen.
    #[error("{0}")]
    Internal(String),
}

impl ServeError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotThere(_) => StatusCode::NOT_FOUND,
            Self::Request(_) => StatusCode::BAD_REQUEST,
            Self::Faults { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for ServeError {
    fn into_response(self) -> Response {
        let status = self.status();
        let message = self.to_string();
        let faults = match self {
            Self::Faults { faults, .. } => faults,
            _ => Vec::new(),
        };
        let mut response = (status, Json(Problem { message, faults })).into_response();
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}

impl From<rusqlite::Error> for ServeError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<std::io::Error> for ServeError {
    fn from(error: std::io::Error) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<serde_json::Error> for ServeError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("JSON: {error}"))
    }
}

impl From<clearway::Error> for ServeError {
    fn from(error: clearway::Error) -> Self {
        match error {
            clearway::Error::Invalid { of, faults } => {
                Self::Faults { message: format!("faults in {of}"), faults: faults.0 }
            }
            clearway::Error::Request(text) => Self::Request(text),
            other => Self::Internal(other.to_string()),
        }
    }
}
