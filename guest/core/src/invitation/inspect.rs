//! What an invitation is for. Changes nothing.

use crate::engine::Engine;
use crate::entry::inspect::GONE;
use crate::entry::token::{self, Kind};
use crate::entry::{link_not_valid, proven};
use crate::grant::id::GrantId;
use crate::grant::kind::Kind as GrantKind;
use crate::instant::Instant;
use crate::invitation::already_accepted;
use crate::names::SiteId;
use crate::refusal::Refusal;

/// What an invitation is for, as whoever holds its token may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Which grant.
    pub grant: GrantId,
    /// Whose account it opens.
    pub account: String,
    /// How that user is called.
    pub invited_by: String,
    /// Whom it is for.
    pub email: String,
    /// The invited person's language.
    pub locale: Option<String>,
    /// What the grantor wrote.
    pub message: Option<String>,
    /// The role's title, or what else it is.
    pub scope: String,
    /// When access ends if it is accepted now.
    pub ends: Option<Instant>,
    /// Until when it can be accepted.
    pub accept_by: Option<Instant>,
    /// Whether the site has a user of this address.
    pub has_user: bool,
}

impl Engine<'_> {
    /// What this invitation is for.
    ///
    /// # Errors
    /// [`crate::Code::LinkNotValid`] for strangers; the reason for who holds the right token.
    pub fn inspect_invitation(&self, site: &SiteId, token: &str) -> Result<Invitation, Refusal> {
        let shown = token::present(Kind::Invitation, token).ok_or_else(link_not_valid)?;
        self.not_locked_out(site, shown.grant, None)?;
        self.transact(site, |transaction| {
            let stored = transaction.grant(shown.grant)?;
            let grant = proven(stored, &shown, GrantKind::Invitation)?.into_grant();
            let now = transaction.now();
            grant.usable(now)?;
            if grant.user.is_some() {
                return Err(already_accepted());
            }
            let policy = &transaction.policy()?.body;
            policy.active()?;
            let longest = policy.longest_window;
            let grantor = self.user(site, &grant.grantor)?;
            let revision = grantor.as_ref().map(|user| user.standing.catalogue);
            let catalogue = self.catalogue(site, revision)?;
            let known = self.directory(site, |directory, site| {
                directory.find_by_email(site, &grant.guest.email)
            })?;
            Ok(Invitation {
                grant: grant.id,
                invited_by: grantor.map_or_else(|| GONE.to_owned(), |user| user.name),
                scope: grant.scope.title(&catalogue),
                ends: grant.term.end_if_begun(now, longest),
                accept_by: grant.end().map(|(at, _)| at),
                has_user: known.is_some(),
                account: grant.grantor,
                email: grant.guest.email,
                locale: grant.guest.locale,
                message: grant.message,
            })
        })
    }
}
