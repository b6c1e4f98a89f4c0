//! A key of the API, without its secret.

use serde::Serialize;
use utoipa::ToSchema;

use super::Instant;
use crate::cms::keys;

/// A key of the API, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Key {
    id: String,
    /// What its maker calls it.
    name: String,
    /// The user whom it acts as.
    user: String,
    /// What it may be used for.
    scopes: Vec<&'static str>,
    created: Instant,
    /// None: when it is revoked.
    ends: Option<Instant>,
    /// To the minute.
    last_used: Option<Instant>,
}

impl From<&keys::Key> for Key {
    fn from(key: &keys::Key) -> Self {
        Self {
            id: key.id.clone(),
            name: key.name.clone(),
            user: key.user.clone(),
            scopes: key.scopes.iter().map(|scope| scope.word()).collect(),
            created: Instant(key.created),
            ends: key.ends.map(Instant),
            last_used: key.last_used.map(Instant),
        }
    }
}
