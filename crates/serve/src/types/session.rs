//! Who asks, and what they may do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody may do; each may do what those before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks at what may be passed on.
    Viewer,
    /// Draws, computes and submits.
    Planner,
    /// Accepts and returns what others have submitted.
    Reviewer,
    /// Makes accounts.
    Admin,
}

impl Role {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Planner => "planner",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
        }
    }

    /// The role of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Viewer, Self::Planner, Self::Reviewer, Self::Admin]
            .into_iter()
            .find(|role| role.word() == word)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionInfo {
    /// Name under which what they do is recorded; `null`: nobody has signed in.
    pub name: Option<String>,
    /// What they may do; `null`: nothing before they sign in.
    pub role: Option<Role>,
    /// Whether names are checked by passwords. Without accounts a name is what somebody says of themselves.
    pub accounts: bool,
    /// Version of the program.
    pub version: String,
}

/// Somebody signs in, or says their name where there are no accounts.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Their name, 1 to 80 characters.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Their password, where there are accounts.
    #[serde(default)]
    pub password: Option<String>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountInfo {
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
}

/// An account that is to be made or changed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountOrder {
    /// Name, 1 to 80 characters.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Password of at least 12 characters; left out: as it was.
    #[serde(default)]
    pub password: Option<String>,
    /// Whether they may sign in; left out: yes.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}
