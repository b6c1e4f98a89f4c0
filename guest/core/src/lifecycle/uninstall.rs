//! Leaving a site: every user that was made for a guest is deleted by an explicit decision about the content, then the store
//! of the site is emptied.
//!
//! It is done in bounded steps, each of which may break off: a user is deleted at the host before what names it is removed
//! here, so nobody is left behind, and deleting one who is gone already is no error. The policy goes last, since it says that the
//! site is deactivated.

use crate::codec;
use crate::engine::Engine;
use crate::grant::Grant;
use crate::grant::id::GrantId;
use crate::grant::list::page_size;
use crate::keys::{Key, Keys};
use crate::names::SiteId;
use crate::ports::{ContentDecision, Entry};
use crate::refusal::{Code, Refusal};
use crate::transaction::Chained;

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Users of guests that were deleted at the host.
    pub retired: u32,
    /// Entries of the store that were removed.
    pub removed: u32,
    /// There is more to do.
    pub more: bool,
}

impl Engine<'_> {
    /// The next step of uninstalling, of `limit` entries at most. Again and again until nothing is left.
    ///
    /// # Errors
    /// [`Code::BadPage`], [`Code::NotDeactivated`], [`Code::UnknownHeir`], or if the host would not delete a user.
    pub fn uninstall(
        &self,
        site: &SiteId,
        content: &ContentDecision,
        limit: u32,
    ) -> Result<Progress, Refusal> {
        let limit = page_size(limit, 1_000)?;
        self.catalogue(site, None)?;
        let keys = Keys(site);
        let (start, end) = keys.everything();
        if self.scan(&start, &end, 1, false)?.is_empty() {
            return Ok(Progress::default());
        }
        self.transact(site, |transaction| transaction.deactivated())?;
        self.heir(site, content, None)?;
        let mut progress = Progress::default();
        let (grants, users) = (keys.grants_all(), keys.users_all());
        for (start, end) in [grants, users] {
            let left = limit.saturating_sub(progress.removed);
            for entry in self.scan(&start, &end, left, false)? {
                self.settled(site, &entry)?;
                if let Some(user) = self.user_of(site, &entry)?
                    && self.delete_guest(site, &user, content)?
                {
                    progress.retired = progress.retired.saturating_add(1);
                }
                self.remove(site, vec![entry.key])?;
                progress.removed = progress.removed.saturating_add(1);
            }
            if progress.removed >= limit {
                progress.more = true;
                return Ok(progress);
            }
        }
        let left = limit.saturating_sub(progress.removed);
        let rest = self.scan(&start, &end, left.saturating_add(1), false)?;
        progress.more = rest.len() > left as usize;
        let policy = keys.policy();
        let rest = rest.into_iter().map(|entry| entry.key);
        let rest: Vec<Key> = rest
            .filter(|key| !progress.more || *key != policy)
            .take(left as usize)
            .collect();
        progress.removed = progress
            .removed
            .saturating_add(u32::try_from(rest.len()).unwrap_or(u32::MAX));
        self.remove(site, rest)?;
        Ok(progress)
    }

    /// Whether nobody can be about to make a user for this grant: that one would be left behind.
    fn settled(&self, site: &SiteId, entry: &Entry) -> Result<(), Refusal> {
        if Keys(site).users_all().0 <= entry.key {
            return Ok(());
        }
        match codec::decode::<Chained<Grant>>(&entry.value, String::new) {
            Ok(Chained { body: grant, .. })
                if grant.loose_since.is_some() && !grant.left_half_made(self.now()) =>
            {
                Err(Code::Contended.because(format!(
                    "The user of grant `{}` is being made or cleared up at this moment. What was uninstalled so far stays so; go on in a few minutes.",
                    grant.id
                )))
            }
            _ => Ok(()),
        }
    }

    /// The user that this entry, a grant or the mark of a guest, holds. A record that cannot be read holds the one that was
    /// made under its key.
    fn user_of(&self, site: &SiteId, entry: &Entry) -> Result<Option<String>, Refusal> {
        let keys = Keys(site);
        let tail = keys.tail(&entry.key).unwrap_or_default();
        if keys.users_all().0 <= entry.key {
            return Ok(core::str::from_utf8(tail).ok().map(str::to_owned));
        }
        let grant = codec::decode::<Chained<Grant>>(&entry.value, String::new);
        let grant = grant.map(|chained| chained.body);
        match grant {
            Ok(Grant { borrowed: true, .. }) => Ok(None),
            Ok(Grant {
                user: Some(user), ..
            }) => Ok(Some(user)),
            Ok(Grant {
                loose_since: None, ..
            }) => Ok(None),
            Ok(_) | Err(_) => {
                let id = tail.first_chunk::<16>().map(|id| GrantId::from_bytes(*id));
                let id = id.map(|id| id.to_string()).unwrap_or_default();
                self.directory(site, |directory, site| directory.find_by_key(site, &id))
            }
        }
    }

    fn remove(&self, site: &SiteId, keys: Vec<Key>) -> Result<(), Refusal> {
        self.transact(site, |transaction| {
            transaction.deactivated()?;
            keys.iter().for_each(|key| transaction.delete(key.clone()));
            Ok(())
        })
    }
}
