//! Review, comments, and the record of who did what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of the review of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Nobody has been asked.
    Draft,
    /// Somebody else is asked to look at it.
    Submitted,
    /// Somebody else than its author has accepted it.
    Accepted,
    /// Somebody else than its author has returned it.
    Returned,
    /// It is not to be used.
    Discarded,
}

impl ReviewState {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Discarded => "discarded",
        }
    }

    /// The state of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Draft, Self::Submitted, Self::Accepted, Self::Returned, Self::Discarded]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// A step of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewAction {
    /// Ask somebody else to look at it.
    Submit,
    /// Accept it. Not by its author, nor by whoever submitted it.
    Accept,
    /// Return it with a reason. Not by its author, nor by whoever submitted it.
    Return,
    /// Say that it is not to be used. It stays where it is, and can be submitted all the same. Not what was accepted.
    Discard,
}

/// A step of a review that is to be taken.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewOrder {
    /// The step.
    pub action: ReviewAction,
    /// Why; needed to return something.
    #[serde(default)]
    pub reason: String,
    /// With [`ReviewAction::Accept`]: it becomes the baseline at once, and of a plan no other plan that it goes on from is one any more.
    #[serde(default)]
    pub baseline: bool,
}

/// What a comment is pinned to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentPin {
    /// What kind of thing.
    pub kind: PinKind,
    /// Its id: of a zone, site or link in its table, of a finding in `findings.csv`; empty for the whole version.
    #[serde(default)]
    pub id: String,
}

/// What kind of thing a comment is pinned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PinKind {
    /// The whole version.
    Version,
    /// A zone.
    Zone,
    /// A road.
    Road,
    /// A site.
    Site,
    /// A finding of an audit.
    Finding,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CommentInfo {
    /// Number of the comment.
    pub id: i64,
    /// The version.
    pub version: i64,
    /// What it is pinned to.
    pub pin: CommentPin,
    /// What it says.
    pub text: String,
    /// The comment that it answers.
    pub answers: Option<i64>,
    /// Who wrote it.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
}

/// A comment that is to be written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentOrder {
    /// What it is pinned to.
    pub pin: CommentPin,
    /// What it says, 1 to 4,000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
    /// The comment that it answers.
    #[serde(default)]
    pub answers: Option<i64>,
}

/// One line of the record of who did what. Each line has the digest of the one before, so that no line can be changed or taken out
/// without all later ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordLine {
    /// Number of the line, from 1 without gaps over all projects.
    pub number: i64,
    /// The project; `null`: none.
    pub project: Option<i64>,
    /// Who.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// What, e.g. `plan ordered`.
    pub what: String,
    /// More of it, as JSON.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
    /// `sha256:...` over the line before and this one.
    pub digest: String,
}
