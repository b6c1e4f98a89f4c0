//! Taking back all that somebody handed out: as much in one call as is asked for, and as often as it takes.

use crate::engine::Engine;
use crate::grant::authority::Authority;
use crate::grant::id::GrantId;
use crate::grant::list::{named_by, page_size};
use crate::grant::state::{Event, Reason};
use crate::history::record::Action;
use crate::keys::Keys;
use crate::names::{Actor, user_id};
use crate::ports::Level;
use crate::refusal::{Code, Refusal};
use crate::transaction::Note;

/// What was taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RevokedAll {
    /// Grants that ended now.
    pub revoked: u32,
    /// Grants that could not be read. They give no access.
    pub failed: u32,
    /// There are more to take back.
    pub more: bool,
}

/// So many that cannot be read are passed over in one call.
const MOST_FAILED: u32 = 1_000;

impl Engine<'_> {
    /// Revokes up to `limit` grants that this user made and are not over.
    ///
    /// # Errors
    /// [`Code::OwnersOnly`] for the grants of others; [`Code::BadPage`]; if the store fails, after some may have been
    /// revoked.
    pub fn revoke_all(
        &self,
        actor: &Actor,
        grantor: &str,
        limit: u32,
    ) -> Result<RevokedAll, Refusal> {
        let limit = page_size(limit, 1_000)?;
        user_id(grantor)?;
        let authority = Authority::of(self, actor)?;
        if !authority.standing.owner && grantor != actor.user {
            return Err(Code::OwnersOnly.because(
                "Only an owner of the site may take back what somebody else handed out.",
            ));
        }
        let keys = Keys(&actor.site);
        let mut start = keys.made_by(grantor, false, GrantId::from_bytes([0; 16]));
        let end = keys.made_by_end(grantor, false);
        let mut done = RevokedAll::default();
        let mut handled = 0_u32;
        // What cannot be read stays in front, so it must not use up the limit of those behind it.
        loop {
            let wanted = limit.saturating_sub(handled);
            let open = self.scan(&start, &end, wanted, false)?;
            let Some(last) = open.last() else {
                return Ok(done);
            };
            start.clone_from(&last.key);
            start.push(0);
            for id in open.iter().filter_map(|entry| named_by(keys, &entry.key)) {
                match self.revoke_one(actor, id) {
                    Ok(ended) => {
                        handled = handled.saturating_add(1);
                        done.revoked = done.revoked.saturating_add(ended.into());
                    }
                    Err(refusal) if refusal.code == Code::RecordDamaged => {
                        done.failed = done.failed.saturating_add(1);
                        let message = format!("grant {id} could not be revoked: {refusal}");
                        self.log.write(Level::Warn, &message);
                    }
                    Err(refusal) => return Err(refusal),
                }
            }
            if handled >= limit || done.failed >= MOST_FAILED {
                done.more = !self.scan(&start, &end, 1, false)?.is_empty();
                return Ok(done);
            }
        }
    }

    /// Tells whether it ended now.
    fn revoke_one(&self, actor: &Actor, id: GrantId) -> Result<bool, Refusal> {
        self.transact(&actor.site, |transaction| {
            let Some(mut loaded) = transaction.grant(id)? else {
                return Ok(false);
            };
            if loaded.grant().state.is_ended() || transaction.settle(&mut loaded)? {
                return Ok(false);
            }
            let now = transaction.now();
            loaded.grant_mut().apply(Event::End(Reason::Revoked, now))?;
            transaction.save(&mut loaded, Note::by(&actor.user, Action::Revoked))?;
            Ok(true)
        })
    }
}
