//! The trait that is a plugin.

use serde::de::DeserializeOwned;

use crate::{Attempt, Draft, Entry, Event, Grant, Power, Requests, Withheld};

/// A plugin. Its fields are its settings, as the manifest names them; each method is a hook, and has a default that objects to
/// nothing.
///
/// Methods that return early with `?` fail, which denies; [`Grant::unknown`] and its like say so in words.
pub trait Plugin: DeserializeOwned {
    /// Reviews a grant that is about to be handed out.
    fn review_grant(&self, draft: &Draft) -> Grant {
        let _ = draft;
        Grant::accept()
    }

    /// Reviews a redemption that is about to happen.
    fn review_entry(&self, attempt: &Attempt) -> Entry {
        let _ = attempt;
        Entry::accept()
    }

    /// Says what a guest may not do this time. Asked on each request of a guest.
    fn narrow(&self, power: &Power) -> Withheld {
        let _ = power;
        Withheld::nothing()
    }

    /// Reacts to something that happened.
    fn react(&self, event: &Event) -> Requests {
        let _ = event;
        Requests::none()
    }
}
