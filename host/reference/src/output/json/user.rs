//! A user of the site.

use serde::Serialize;
use utoipa::ToSchema;

use crate::cms::users;

/// A user of the site, guests included.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct User {
    id: String,
    email: String,
    /// The name to sign in by, beside the address; only guests with a password have one.
    login: Option<String>,
    /// How to call this person.
    name: String,
    /// Holds every permission.
    owner: bool,
    /// None for the owner and for guests.
    role: Option<String>,
    /// The grant this user was created for: a guest.
    created_for: Option<String>,
}

impl From<&users::User> for User {
    fn from(user: &users::User) -> Self {
        Self {
            id: user.id.clone(),
            email: user.email.clone(),
            login: user.login.clone(),
            name: user.name.clone(),
            owner: user.owner,
            role: user.role.clone(),
            created_for: user.created_for.clone(),
        }
    }
}
