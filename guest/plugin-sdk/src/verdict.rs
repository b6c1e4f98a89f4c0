//! What the hooks answer. None of them has a way to say more than was asked for.

use crate::{EntryVerdict, GrantVerdict, Named, Request};

/// The answer to a review of a grant.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant(pub(crate) Result<GrantVerdict, String>);

impl Grant {
    /// No objection.
    #[must_use]
    pub fn accept() -> Self {
        Self(Ok(GrantVerdict {
            veto: None,
            except: Vec::new(),
            ends_by: None,
            uses: None,
            more: Vec::new(),
        }))
    }

    /// No, with a sentence for people that says why and what to do.
    #[must_use]
    pub fn veto(sentence: impl Into<String>) -> Self {
        Self::accept().with(|verdict| verdict.veto = Some(sentence.into()))
    }

    /// It cannot be told, with a sentence for the owner. Denies, as a veto does.
    #[must_use]
    pub fn unknown(sentence: impl Into<String>) -> Self {
        Self(Err(sentence.into()))
    }

    /// Without this permission.
    #[must_use]
    pub fn except(self, permission: impl Into<String>) -> Self {
        self.with(|verdict| verdict.except.push(permission.into()))
    }

    /// Only until then at the latest, in milliseconds since the epoch.
    #[must_use]
    pub fn ends_by(self, instant: u64) -> Self {
        self.with(|verdict| {
            verdict.ends_by = Some(verdict.ends_by.map_or(instant, |by| by.min(instant)))
        })
    }

    /// With so many uses at most; not more than the draft says.
    #[must_use]
    pub fn uses(self, uses: u32) -> Self {
        self.with(|verdict| verdict.uses = Some(verdict.uses.map_or(uses, |most| most.min(uses))))
    }

    /// The guest lands there after signing in, wherever the draft would lead: a path on the site, such as `/posts`. It is heard
    /// when a grant is created.
    #[must_use]
    pub fn redirect(self, path: impl Into<String>) -> Self {
        self.with(|verdict| {
            verdict.more.retain(|said| said.name != "redirect");
            verdict.more.push(Named {
                name: "redirect".to_owned(),
                value: path.into(),
            });
        })
    }

    fn with(mut self, change: impl FnOnce(&mut GrantVerdict)) -> Self {
        if let Ok(verdict) = &mut self.0 {
            change(verdict);
        }
        self
    }

    /// What crosses to the host.
    ///
    /// # Errors
    /// The sentence of [`Grant::unknown`].
    pub fn into_verdict(self) -> Result<GrantVerdict, String> {
        self.0
    }
}

/// The answer to a review of a redemption.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry(pub(crate) Result<EntryVerdict, String>);

impl Entry {
    /// No objection.
    #[must_use]
    pub fn accept() -> Self {
        Self(Ok(EntryVerdict {
            veto: None,
            more: Vec::new(),
        }))
    }

    /// Not now, with a sentence for the guest.
    #[must_use]
    pub fn veto(sentence: impl Into<String>) -> Self {
        Self(Ok(EntryVerdict {
            veto: Some(sentence.into()),
            more: Vec::new(),
        }))
    }

    /// It cannot be told, with a sentence for the owner. Denies, as a veto does.
    #[must_use]
    pub fn unknown(sentence: impl Into<String>) -> Self {
        Self(Err(sentence.into()))
    }

    /// What crosses to the host.
    ///
    /// # Errors
    /// The sentence of [`Entry::unknown`].
    pub fn into_verdict(self) -> Result<EntryVerdict, String> {
        self.0
    }
}

/// What a guest may not do this time.
#[derive(Debug, Clone, PartialEq)]
pub struct Withheld(pub(crate) Result<Vec<String>, String>);

impl Withheld {
    /// The guest may do all that the grant allows.
    #[must_use]
    pub fn nothing() -> Self {
        Self(Ok(Vec::new()))
    }

    /// All but these. Each must be one that the guest has: [`Power::has`](crate::Power::has).
    #[must_use]
    pub fn these(permissions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Ok(permissions.into_iter().map(Into::into).collect()))
    }

    /// It cannot be told, with a sentence for the owner. Withholds everything.
    #[must_use]
    pub fn unknown(sentence: impl Into<String>) -> Self {
        Self(Err(sentence.into()))
    }

    /// What crosses to the host.
    ///
    /// # Errors
    /// The sentence of [`Withheld::unknown`].
    pub fn into_permissions(self) -> Result<Vec<String>, String> {
        self.0
    }
}

/// What is to be done about an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Requests(pub(crate) Result<Vec<Request>, String>);

impl Requests {
    /// Nothing; the event is dealt with.
    #[must_use]
    pub fn none() -> Self {
        Self(Ok(Vec::new()))
    }

    /// It could not be dealt with, with a sentence for the owner. The event comes again later.
    #[must_use]
    pub fn later(sentence: impl Into<String>) -> Self {
        Self(Err(sentence.into()))
    }

    /// Take this grant back. Needs `requests = ["revoke"]` in the manifest.
    #[must_use]
    pub fn revoke(self, grant: impl Into<String>, reason: impl Into<String>) -> Self {
        self.and("revoke", grant, reason)
    }

    /// Suspend this grant. Needs `requests = ["suspend"]` in the manifest.
    #[must_use]
    pub fn suspend(self, grant: impl Into<String>, reason: impl Into<String>) -> Self {
        self.and("suspend", grant, reason)
    }

    fn and(mut self, name: &str, grant: impl Into<String>, reason: impl Into<String>) -> Self {
        if let Ok(requests) = &mut self.0 {
            requests.push(Request {
                name: name.to_owned(),
                grant: grant.into(),
                reason: reason.into(),
                more: Vec::new(),
            });
        }
        self
    }

    /// What crosses to the host.
    ///
    /// # Errors
    /// The sentence of [`Requests::later`].
    pub fn into_requests(self) -> Result<Vec<Request>, String> {
        self.0
    }
}

/// `Ok` is an event that is dealt with, `Err` one that is not, so that an action can end with a `Result` and `.into()`.
impl From<Result<(), String>> for Requests {
    fn from(outcome: Result<(), String>) -> Self {
        Self(outcome.map(|()| Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_leads_to_one_place_the_last_that_was_said() {
        let verdict = Grant::accept().redirect("/a").redirect("/b").into_verdict();
        let more = verdict.unwrap().more;
        assert_eq!(more.len(), 1);
        assert_eq!(
            (more[0].name.as_str(), more[0].value.as_str()),
            ("redirect", "/b")
        );
    }
}
