//! What becomes of the content of a user who is deleted.

use guestpass::ports::ContentDecision;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What becomes of the content of a user who is deleted. It must be said: nothing deletes it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// It belongs to this user from then on: a user's id, no guest's.
    HandOver(String),
    /// It stays under an author that cannot sign in.
    Keep,
}

/// What is asked for when a grant is retired.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retirement {
    /// What becomes of all that the guest's user wrote.
    pub content: Content,
}

impl From<Content> for ContentDecision {
    fn from(content: Content) -> Self {
        match content {
            Content::HandOver(heir) => Self::HandOver(heir),
            Content::Keep => Self::Keep,
        }
    }
}
