//! Where extensions are asked before a decision and told after one. What they can answer only ever narrows or vetoes:
//! there is no answer that widens.

use std::sync::Arc;

pub use crate::bindings::guestpass::access::hooks::{
    Attempt, Failure as HookFailure, GrantReview, Widening,
};
use crate::{Actor, Draft, Happening};

/// Extensions of the rules. Every method has a default that takes nothing away.
///
/// # Errors
/// An error denies: the grant or the redemption is refused, the session may do nothing. It is a sentence for the operator; that
/// of a reviewed draft can also say that an extension would have widened it, which is written into the site's history.
pub trait Hooks: Send + Sync + 'static {
    /// Asked before a grant is created: veto it, or take some of it away.
    fn review_grant(&self, actor: &Actor, draft: &Draft) -> Result<GrantReview, HookFailure> {
        let _ = (actor, draft);
        Ok(GrantReview {
            veto: None,
            except: Vec::new(),
            ends_by: None,
            uses: None,
            redirect: None,
        })
    }

    /// Asked before a link is redeemed; a sentence (for people) vetoes it.
    fn review_entry(&self, site: &str, attempt: &Attempt) -> Result<Option<String>, String> {
        let _ = (site, attempt);
        Ok(None)
    }

    /// Whether [`narrow`](Self::narrow) might withhold anything on this site at this moment. Asked on every resolve: a host
    /// whose extensions do not narrow says no, and spares itself the other question. When in doubt, yes.
    fn narrows(&self, site: &str) -> bool {
        let _ = site;
        true
    }

    /// Asked on every resolve, unless nobody [`narrows`](Self::narrows): which of these permissions to withhold.
    /// `permissions` is a permission set: names in ascending byte order with one space between two of them.
    fn narrow(
        &self,
        site: &str,
        grant: &str,
        user: &str,
        permissions: &str,
    ) -> Result<Vec<String>, String> {
        let _ = (site, grant, user, permissions);
        Ok(Vec::new())
    }

    /// Told what happened, after it was committed, by [`Guestpass::deliver`](crate::Guestpass::deliver). At least once:
    /// deduplicate by `happening.id`. An error leaves it to be delivered again.
    fn react(&self, site: &str, happening: &Happening) -> Result<(), String> {
        let _ = (site, happening);
        Ok(())
    }
}

impl<T: Hooks + ?Sized> Hooks for Arc<T> {
    fn review_grant(&self, actor: &Actor, draft: &Draft) -> Result<GrantReview, HookFailure> {
        (**self).review_grant(actor, draft)
    }

    fn review_entry(&self, site: &str, attempt: &Attempt) -> Result<Option<String>, String> {
        (**self).review_entry(site, attempt)
    }

    fn narrows(&self, site: &str) -> bool {
        (**self).narrows(site)
    }

    fn narrow(
        &self,
        site: &str,
        grant: &str,
        user: &str,
        permissions: &str,
    ) -> Result<Vec<String>, String> {
        (**self).narrow(site, grant, user, permissions)
    }

    fn react(&self, site: &str, happening: &Happening) -> Result<(), String> {
        (**self).react(site, happening)
    }
}

impl From<String> for HookFailure {
    fn from(why: String) -> Self {
        Self {
            why,
            widening: None,
        }
    }
}

impl From<&str> for HookFailure {
    fn from(why: &str) -> Self {
        Self::from(why.to_owned())
    }
}

/// No extensions.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHooks;

impl Hooks for NoHooks {
    fn narrows(&self, _site: &str) -> bool {
        false
    }
}
