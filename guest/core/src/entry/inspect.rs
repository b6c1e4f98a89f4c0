//! What a link would open. Changes nothing.

use crate::engine::Engine;
use crate::entry::token::{self, Kind};
use crate::entry::{link_not_valid, proven, uses_left};
use crate::grant::id::GrantId;
use crate::grant::kind::Kind as GrantKind;
use crate::instant::Instant;
use crate::names::SiteId;
use crate::refusal::Refusal;

/// What a link would open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Which grant.
    pub grant: GrantId,
    /// How the grantor is called.
    pub invited_by: String,
    /// Whom it is for.
    pub email: String,
    /// The guest's language.
    pub locale: Option<String>,
    /// The role's title, or what else it is.
    pub scope: String,
    /// When access ends if it is redeemed now.
    pub ends: Option<Instant>,
    /// Redemptions left.
    pub uses_left: Option<u32>,
}

/// How a grantor is called who is no user of the site any more.
pub(crate) const GONE: &str = "somebody who has left";

impl Engine<'_> {
    /// What this link would open, for whoever holds it.
    ///
    /// # Errors
    /// [`crate::Code::LinkNotValid`] for strangers; the reason for who holds the right secret.
    pub fn inspect(&self, site: &SiteId, pass: &str) -> Result<Preview, Refusal> {
        let shown = token::present(Kind::Pass, pass).ok_or_else(link_not_valid)?;
        // Where it is asked from is not known here; that lock is for who redeems.
        self.not_locked_out(site, shown.grant, None)?;
        self.transact(site, |transaction| {
            let grant =
                proven(transaction.grant(shown.grant)?, &shown, GrantKind::Link)?.into_grant();
            let now = transaction.now();
            grant.usable(now)?;
            let uses_left = uses_left(&grant)?;
            let policy = &transaction.policy()?.body;
            policy.active()?;
            let longest = policy.longest_window;
            let grantor = self.user(site, &grant.grantor)?;
            let catalogue =
                self.catalogue(site, grantor.as_ref().map(|user| user.standing.catalogue))?;
            Ok(Preview {
                grant: grant.id,
                invited_by: grantor.map_or_else(|| GONE.to_owned(), |user| user.name),
                scope: grant.scope.title(&catalogue),
                ends: grant.term.end_if_begun(now, longest),
                uses_left,
                locale: grant.guest.locale,
                email: grant.guest.email,
            })
        })
    }
}
