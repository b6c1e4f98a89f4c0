//! What is asked for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Guest, Instant, Period, Scope, Window, count};
use crate::invitations::BY_MAIL;
use crate::problem::Problem;

/// A grant that is asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// `link`, which is what it is if it does not say, `password` or `invitation`. New kinds may come.
    kind: Option<String>,
    guest: Guest,
    scope: Scope,
    /// None: from now on, for as long as the policy says.
    window: Option<Window>,
    /// What it is for, one of the catalogue's purposes: refused if the scope does not give what that needs.
    purpose: Option<String>,
    /// What is done although the engine advises against it: `lacking-permissions` or `without-backup`.
    #[serde(default)]
    knowingly: Vec<String>,
    /// How often the link may be used. None: as often as the policy allows.
    #[serde(default, deserialize_with = "count::optional")]
    #[schema(maximum = 4294967295_u64)]
    uses: Option<u32>,
    /// Where to go after signing in: a path on the site.
    redirect: Option<String>,
    /// For the owner's eyes.
    note: Option<String>,
    /// What the invited person is to read.
    message: Option<String>,
    /// Whether the link or password is mailed to the guest as well, where whoever reads that mail can use it. An invitation
    /// always is.
    #[serde(default)]
    mail: bool,
}

impl Draft {
    /// The draft of a grant of this kind, unless it says another one.
    pub fn of_kind(self, kind: &str) -> Result<guestpass::Draft, Problem> {
        if self.kind.as_deref().is_some_and(|said| said != kind) {
            let message = format!("What is made here is of the kind `{kind}`.");
            return Err(Problem::usage("other-kind", message).at("kind"));
        }
        let kind = Some(kind.to_owned());
        Ok(Self { kind, ..self }.into())
    }
}

impl From<Draft> for guestpass::Draft {
    fn from(draft: Draft) -> Self {
        let mut knowingly = draft.knowingly;
        if draft.mail && draft.kind.as_deref() != Some("invitation") {
            knowingly.push(BY_MAIL.to_owned());
        }
        Self {
            kind: draft.kind.unwrap_or_else(|| "link".to_owned()),
            guest: draft.guest.into(),
            scope: draft.scope.into(),
            window: draft.window.map(Into::into),
            purpose: draft.purpose,
            knowingly,
            uses: draft.uses,
            redirect: draft.redirect,
            note: draft.note,
            message: draft.message,
        }
    }
}

/// Another scope for a grant.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScope {
    /// The whole scope.
    pub scope: Scope,
    /// What is done although the engine advises against it: `without-backup`.
    #[serde(default)]
    pub knowingly: Vec<String>,
}

/// How to move the end of a grant.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Extension {
    /// This is added to the present end.
    By(Period),
    /// The new end. May be earlier than the present one, but not in the past.
    To(Instant),
}

impl From<Extension> for guestpass::Extension {
    fn from(extension: Extension) -> Self {
        match extension {
            Extension::By(period) => Self::By(period.into()),
            Extension::To(Instant(end)) => Self::To(end),
        }
    }
}
