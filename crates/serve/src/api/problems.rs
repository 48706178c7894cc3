//! The answers that say why something cannot be done.

use crate::error::Problem;
use utoipa::IntoResponses;

/// Why a request cannot be done.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "describes answers; they are made of errors")]
pub enum Problems {
    /// The request makes no sense.
    #[response(status = 400)]
    Request(Problem),
    /// Nobody has signed in.
    #[response(status = 401)]
    SignedOut(Problem),
    /// Whoever asks may not do it.
    #[response(status = 403)]
    Forbidden(Problem),
    /// There is no such thing.
    #[response(status = 404)]
    NotThere(Problem),
    /// Somebody else was faster, or it is not the time for it.
    #[response(status = 409)]
    Conflict(Problem),
    /// Larger than what is taken.
    #[response(status = 413)]
    TooLarge(Problem),
    /// Faults in what was given.
    #[response(status = 422)]
    Faults(Problem),
    /// Too many tries in a short time.
    #[response(status = 429)]
    TooMany(Problem),
    /// Something that should not happen.
    #[response(status = 500)]
    Internal(Problem),
}
