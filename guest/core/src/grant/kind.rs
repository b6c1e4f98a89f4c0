//! The kinds of grant: how somebody comes to hold the access.

use serde::{Deserialize, Serialize};

use crate::refusal::{Code, Refusal, quoted};

/// How somebody comes to hold the access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// By a link that lets in whoever holds it; the user is created at its first use.
    #[default]
    Link,
    /// As a user of the host that is created at once, with a password.
    Password,
    /// By accepting an invitation to an address, as a user who is there already or as a new one.
    Invitation,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Link, Self::Password, Self::Invitation];

    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Password => "password",
            Self::Invitation => "invitation",
        }
    }

    /// Reads the word.
    ///
    /// # Errors
    /// [`Code::UnknownKind`], about this field.
    pub fn parse(text: &str, field: &'static str) -> Result<Self, Refusal> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| {
            let kinds = Self::ALL.map(|kind| format!("`{}`", kind.as_str()));
            Code::UnknownKind
                .because(format!(
                    "There is no kind of grant called {}. The kinds are {}.",
                    quoted(text),
                    kinds.join(", ")
                ))
                .about(field)
        })
    }
}
