//! Sessions, as they are kept.

use serde::{Deserialize, Serialize};

use crate::codec::{self, Kept};
use crate::engine::Engine;
use crate::entry::token::{self, Kind};
use crate::history::record::Action;
use crate::instant::Instant;
use crate::names::{Origin, SiteId};
use crate::refusal::Refusal;
use crate::transaction::Note;

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
            let key = transaction.keys().session(shown.grant, &shown.digest);
            let Some(kept) = transaction.entry(key.clone())? else {
                return Ok(());
            };
            let session: Session = codec::decode(&kept.value, || "a session".to_owned())?;
            let Some(mut loaded) = transaction.grant(shown.grant)? else {
                return Ok(());
            };
            transaction.delete(key);
            let name = shown.digest.name_of(&kept.value);
            let note = Note::by(&session.user, Action::SignedOut).with("session", name);
            transaction.save(&mut loaded, note)
        })
    }
}
