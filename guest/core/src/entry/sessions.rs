//! The sessions of a grant, for those who manage it: seen and ended one by one.

use crate::codec;
use crate::engine::Engine;
use crate::entry::digest::Digest;
use crate::entry::mark::{self, Mark, Over};
use crate::entry::resting::decoded;
use crate::entry::session::Session;
use crate::entry::token::Presented;
use crate::grant::Grant;
use crate::grant::authority::{Authority, grant_id};
use crate::grant::id::GrantId;
use crate::grant::list::{bad_start, page_size};
use crate::history::record::{Action, ChainId};
use crate::instant::Instant;
use crate::keys::{Key, Keys};
use crate::names::{Actor, Origin, SiteId};
use crate::policy::Policy;
use crate::ports::Entry;
use crate::refusal::{Code, Refusal, quoted};
use crate::transaction::Note;

/// So many sessions are read at once when one is looked for.
const PAGE: u32 = 256;

/// A session that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// What history calls it.
    pub name: String,
    /// The host's user who acts.
    pub user: String,
    /// When it began.
    pub started: Instant,
    /// When it was last seen, as far as that is noted.
    pub seen: Option<Instant>,
    /// From where it began.
    pub origin: Origin,
    /// When it ends by itself, if that is before its grant does.
    pub ends: Option<Instant>,
}

/// A page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// In no order that says anything.
    pub sessions: Vec<Running>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl Engine<'_> {
    /// The sessions of a grant that go on, or would if it were not suspended.
    ///
    /// # Errors
    /// [`Code::BadPage`], [`Code::UnknownGrant`], or if the actor may not.
    pub fn sessions(
        &self,
        actor: &Actor,
        grant: &str,
        start: Option<&str>,
        limit: u32,
    ) -> Result<Sessions, Refusal> {
        let limit = page_size(limit, 100)?;
        let authority = Authority::of(self, actor)?;
        let id = grant_id(grant)?;
        let (grant, policy, now) = self.transact(&actor.site, |transaction| {
            let grant = authority.grant(transaction, id)?.into_grant();
            Ok((grant, transaction.policy()?, transaction.now()))
        })?;
        let policy = &policy.body;
        let mut page = Sessions {
            sessions: Vec::new(),
            next: None,
        };
        if grant.state.is_ended() || grant.is_over(now) {
            return Ok(page);
        }
        let (mut from, end) = span(&actor.site, id);
        if let Some(start) = start {
            let digest: [u8; 16] = unhex(start).ok_or_else(bad_start)?;
            from.extend_from_slice(&digest);
        }
        let entries = self.scan(&from, &end, limit.saturating_add(1), false)?;
        for (number, entry) in (0..).zip(&entries) {
            let Some(shown) = named_by(&actor.site, id, entry) else {
                continue;
            };
            if number == limit {
                page.next = shown.digest.bytes().first_chunk::<16>().map(hex);
                break;
            }
            page.sessions
                .extend(self.running(&actor.site, &shown, entry, &grant, policy, now)?);
        }
        Ok(page)
    }

    /// The session as it is shown; none if it opens nothing any more.
    fn running(
        &self,
        site: &SiteId,
        shown: &Presented,
        entry: &Entry,
        grant: &Grant,
        policy: &Policy,
        now: Instant,
    ) -> Result<Option<Running>, Refusal> {
        let session: Session = codec::decode(&entry.value, || "a session".to_owned())?;
        let key = Keys(site).mark(shown.grant, &shown.digest);
        let mark = self.get(&[key])?.pop().flatten();
        let seen = match mark.map(|stored| decoded(&stored.value)).transpose()? {
            Some(Mark::Seen(at)) => Some(at),
            _ => None,
        };
        let end = mark::end(policy, session.started, seen.unwrap_or(session.started));
        if session.issue != grant.issue || end.is_some_and(|(at, _)| now >= at) {
            return Ok(None);
        }
        let by_itself = end.map(|(at, _)| at);
        Ok(Some(Running {
            name: shown.digest.name_of(&entry.value),
            user: session.user,
            started: session.started,
            seen,
            origin: session.origin,
            ends: by_itself.filter(|at| grant.end().is_none_or(|(end, _)| *at < end)),
        }))
    }

    /// Ends one session of a grant, by the name that the list gives it. What is over already is no error.
    ///
    /// # Errors
    /// [`Code::UnknownGrant`], [`Code::SessionUnknown`], or if the actor may not.
    pub fn end_session(&self, actor: &Actor, grant: &str, name: &str) -> Result<(), Refusal> {
        let authority = Authority::of(self, actor)?;
        let id = grant_id(grant)?;
        self.transact(&actor.site, |transaction| {
            authority.grant(transaction, id).map(drop)
        })?;
        let Some(shown) = self.session_named(&actor.site, id, name)? else {
            return Err(Code::SessionUnknown
                .because(format!(
                    "This grant has no session {} that goes on.",
                    quoted(name)
                ))
                .about("name"));
        };
        self.transact(&actor.site, |transaction| {
            authority.grant(transaction, id)?;
            let note = Note::by(&actor.user, Action::SignedOut);
            transaction.end_session(&shown, Over::Ended, note)
        })
    }

    fn session_named(
        &self,
        site: &SiteId,
        id: GrantId,
        name: &str,
    ) -> Result<Option<Presented>, Refusal> {
        let (mut from, end) = span(site, id);
        loop {
            let entries = self.scan(&from, &end, PAGE, false)?;
            for entry in &entries {
                let shown = named_by(site, id, entry);
                let found = shown.filter(|shown| shown.digest.name_of(&entry.value) == name);
                if found.is_some() {
                    return Ok(found);
                }
                from.clone_from(&entry.key);
            }
            if entries.len() < PAGE as usize {
                return Ok(None);
            }
            from.push(0);
        }
    }
}

/// All sessions of a grant: from the first key to the second, which is not included.
pub(crate) fn span(site: &SiteId, grant: GrantId) -> (Key, Key) {
    let keys = Keys(site);
    let end = ChainId::from(grant).next().map_or_else(
        || keys.sessions_end(),
        |next| keys.sessions(GrantId::from_bytes(*next.bytes())),
    );
    (keys.sessions(grant), end)
}

/// The session whose record this is.
fn named_by(site: &SiteId, grant: GrantId, entry: &Entry) -> Option<Presented> {
    let digest = Keys(site).tail(&entry.key)?.last_chunk::<32>()?;
    Some(Presented {
        grant,
        digest: Digest::from_bytes(*digest),
    })
}

fn hex(bytes: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*bytes))
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let digits = text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = digits
        .then(|| u128::from_str_radix(text, 16).ok())
        .flatten()?;
    Some(number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_begins_is_32_hexadecimal_digits_and_nothing_else() {
        let bytes = *b"\0\x01sixteen of it.";
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        let digits = "0123456789abcdef0123456789ABCDEF";
        assert!(unhex(digits).is_some());
        for bad in [
            "",
            &digits[1..],
            &format!("0{digits}"),
            &format!("+{}", &digits[1..]),
            &format!("g{}", &digits[1..]),
        ] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
