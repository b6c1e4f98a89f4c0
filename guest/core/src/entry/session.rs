//! Sessions, as they are kept.

use serde::{Deserialize, Serialize};

use crate::codec::{self, Kept};
use crate::engine::Engine;
use crate::entry::mark::{Mark, Over};
use crate::entry::token::{self, Kind, Presented};
use crate::grant::Grant;
use crate::history::record::Action;
use crate::instant::Instant;
use crate::names::{Origin, SiteId};
use crate::refusal::Refusal;
use crate::transaction::{Note, Transaction};

/// A session. Its key holds the grant and the digest of its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The host's user who acts.
    pub user: String,
    /// Which secret of the grant it was begun with.
    pub issue: u32,
    /// When it began.
    pub started: Instant,
    /// From where.
    pub origin: Origin,
}

impl Kept for Session {}

/// Begins a session of this user by this grant, in the decision under way. Gives its secret, and its name in history.
pub(crate) fn begin(
    engine: &Engine<'_>,
    transaction: &mut Transaction<'_>,
    grant: &Grant,
    user: &str,
    origin: &Origin,
) -> Result<(token::Issued, String), Refusal> {
    let (session, digest) = token::issue(Kind::Session, grant.id, engine.random);
    let kept = codec::encode(&Session {
        user: user.to_owned(),
        issue: grant.issue,
        started: transaction.now(),
        origin: origin.clone(),
    })?;
    let name = digest.name_of(&kept);
    let key = transaction.keys().session(grant.id, &digest);
    transaction.put(key, kept);
    Ok((session, name))
}

/// A session that was taken out in the decision under way.
pub(crate) struct Left {
    /// Whose it was.
    pub(crate) user: String,
    /// Its name in history.
    pub(crate) name: String,
}

/// Takes a session out, in the decision under way; none if there is no such session. That it ended is to be recorded with
/// its grant. `over` is what its holder will be told; without it they are told of no session at all.
pub(crate) fn take_out(
    transaction: &mut Transaction<'_>,
    shown: &Presented,
    over: Option<Over>,
) -> Result<Option<Left>, Refusal> {
    let key = transaction.keys().session(shown.grant, &shown.digest);
    let Some(kept) = transaction.entry(key.clone())? else {
        return Ok(None);
    };
    let session: Session = codec::decode(&kept.value, || "a session".to_owned())?;
    transaction.delete(key);
    let mark = transaction.keys().mark(shown.grant, &shown.digest);
    match over {
        Some(over) => transaction.put(mark, codec::encode(&Mark::Over(over))?),
        None => transaction.delete(mark),
    }
    Ok(Some(Left {
        user: session.user,
        name: shown.digest.name_of(&kept.value),
    }))
}

impl Engine<'_> {
    /// Ends a session. What is no session, or none any more, is no error.
    ///
    /// # Errors
    /// If the store fails.
    pub fn sign_out(&self, site: &SiteId, session: &str) -> Result<(), Refusal> {
        let Some(shown) = token::present(Kind::Session, session) else {
            return Ok(());
        };
        self.transact(site, |transaction| {
            let Some(mut loaded) = transaction.grant(shown.grant)? else {
                return Ok(());
            };
            let Some(left) = take_out(transaction, &shown, None)? else {
                return Ok(());
            };
            let note = Note::by(&left.user, Action::SignedOut).with("session", left.name);
            transaction.save(&mut loaded, note)
        })
    }
}
