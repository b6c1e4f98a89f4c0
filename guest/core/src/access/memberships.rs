//! The accounts in which a user may act: the own one first, then those of others who invited them.

use crate::codec;
use crate::engine::Engine;
use crate::entry::inspect::GONE;
use crate::grant::Grant;
use crate::grant::authority::grant_id;
use crate::grant::id::GrantId;
use crate::grant::list::{bad_start, named_by, page_size};
use crate::instant::Instant;
use crate::keys::Keys;
use crate::names::{SiteId, user_id};
use crate::order;
use crate::refusal::{Code, Refusal, quoted};
use crate::transaction::Chained;

/// An account in which a user may act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// By which grant; none: it is the user's own.
    pub grant: Option<GrantId>,
    /// Whose account it is.
    pub account: String,
    /// How that user is called.
    pub name: String,
    /// What may be done there; none for the own one.
    pub scope: Option<String>,
    /// Whether it may be entered now. A suspended one may not.
    pub open: bool,
    /// When that ends.
    pub ends: Option<Instant>,
}

/// A page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memberships {
    /// The own one first, on the first page, if there is one; then the others, the oldest first.
    pub accounts: Vec<Membership>,
    /// The one grant to switch to right after signing in.
    pub enter: Option<GrantId>,
    /// Where the next page begins.
    pub next: Option<GrantId>,
}

impl Engine<'_> {
    /// The accounts in which this user may act.
    ///
    /// # Errors
    /// [`Code::BadPage`], [`Code::UnknownActor`], or if something cannot be read.
    pub fn memberships(
        &self,
        site: &SiteId,
        user: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Memberships, Refusal> {
        let limit = page_size(limit, 1_000)?;
        user_id(user)?;
        let keys = Keys(site);
        let first = match start {
            Some(id) => keys.member(user, grant_id(id).map_err(|_| bad_start())?),
            None => keys.member(user, GrantId::from_bytes([0; 16])),
        };
        // Before the user: whoever is retired in between is gone, and no user of their own.
        let is_guest = self.is_guest(site, user)?;
        let Some(known) = self.user(site, user)? else {
            return Err(
                Code::UnknownActor.because(format!("This site has no user {}.", quoted(user)))
            );
        };
        let mut page = Memberships::default();
        if start.is_none() && !is_guest {
            page.accounts.push(Membership {
                grant: None,
                account: known.id,
                name: known.name,
                scope: None,
                open: true,
                ends: None,
            });
        }
        let has_own = !page.accounts.is_empty();
        let listed = self.scan(
            &first,
            &keys.member_end(user),
            limit.saturating_add(1),
            false,
        )?;
        let mut ids: Vec<GrantId> = listed
            .iter()
            .filter_map(|entry| named_by(keys, &entry.key))
            .collect();
        if ids.len() > limit as usize {
            page.next = ids.pop();
        }
        let grants = self.by_which(site, user, &ids)?;
        let names = self.names_of(site, &grants)?;
        let catalogue = self.catalogue(site, Some(known.standing.catalogue))?;
        let now = self.now();
        let policy = self.transact(site, |transaction| transaction.policy())?;
        let active = policy.body.active().is_ok();
        let others = grants.into_iter().map(|grant| Membership {
            grant: Some(grant.id),
            name: called(&names, &grant.grantor).unwrap_or(GONE).to_owned(),
            scope: Some(grant.scope.title(&catalogue)),
            open: active && grant.usable(now).is_ok(),
            ends: grant.end().map(|(at, _)| at),
            account: grant.grantor,
        });
        page.accounts.extend(others);
        page.enter = match page.accounts.as_slice() {
            [only] if start.is_none() && page.next.is_none() && !has_own && only.open => only.grant,
            _ => None,
        };
        Ok(page)
    }

    /// Those of these grants by which this user may still act, seen as over or not. One that cannot be read gives no
    /// access, so it is left out: verifying the history tells of it.
    fn by_which(&self, site: &SiteId, user: &str, ids: &[GrantId]) -> Result<Vec<Grant>, Refusal> {
        let keys: Vec<_> = ids.iter().map(|id| Keys(site).grant(*id)).collect();
        let now = self.now();
        let stored = self.get(&keys)?.into_iter().flatten();
        let grants = stored.filter_map(|entry| {
            let read = codec::decode::<Chained<Grant>>(&entry.value, || "a grant".to_owned());
            read.ok().map(|chained| chained.body)
        });
        Ok(grants
            .filter(|grant| grant.member() == Some(user) && !grant.is_over(now))
            .collect())
    }

    /// How the grantors of these grants are called, in ascending order of them. Those who are gone are called nothing.
    fn names_of(
        &self,
        site: &SiteId,
        grants: &[Grant],
    ) -> Result<Vec<(String, Option<String>)>, Refusal> {
        let mut ids: Vec<String> = grants.iter().map(|grant| grant.grantor.clone()).collect();
        order::sort_and_dedup(&mut ids);
        let names = if ids.is_empty() {
            Vec::new()
        } else {
            self.directory(site, |directory, site| directory.names_of(site, &ids))?
        };
        Ok(ids.into_iter().zip(names).collect())
    }
}

fn called<'n>(names: &'n [(String, Option<String>)], id: &str) -> Option<&'n str> {
    let at = names
        .binary_search_by(|(known, _)| known.as_str().cmp(id))
        .ok()?;
    names.get(at)?.1.as_deref()
}
