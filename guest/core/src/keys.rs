//! The layout of the store: every key there is, in one place.
//!
//! | key after `<site> 00` | value |
//! |---|---|
//! | `b` grantor 00 over (1) grant (16) | empty: this user made the grant, which is over (1) or not (0) |
//! | `d` due (8) grant (16) | empty: something is to be done for this grant from then on |
//! | `e` SHA-256 of an address (32) | the newest grant for this address |
//! | `f` chain (16) sequence (8) | the hash of a history record that is not in the log yet |
//! | `g` grant (16) | the grant and the head of its chain |
//! | `h` chain (16) sequence (8) | one history record |
//! | `i` SHA-256 of an address 00 grantor (32) | the newest invitation of this grantor to this address |
//! | `k` grant (16) digest (32) | when this session was last seen, or why it is gone |
//! | `l` | the end of the log of history |
//! | `l` level (1) number (8) | up to 256 entries of that level of the log |
//! | `m` user 00 grant (16) | empty: this user may act by the grant, an accepted invitation that is not over |
//! | `n` chain (16) sequence (8) | where in the log this history record is |
//! | `o` at (8) chain (16) sequence (8) | empty: this history record is to be delivered |
//! | `p` | the site's policy and the head of its chain |
//! | `s` grant (16) digest (32) | one session |
//! | `t` subject | the tries of a client, for a grant or of the whole site that opened nothing |
//! | `u` user id | the grant that this user, who was made for a guest, was last given |
//! | `x` at (8) subject | empty: these tries no longer matter from then on |
//!
//! Numbers are big-endian, so that byte order is their order.

use crate::entry::digest::Digest;
use crate::grant::id::GrantId;
use crate::history::record::{ChainId, hash};
use crate::instant::Instant;
use crate::names::SiteId;
use crate::throttle::subject::Subject;

/// A key of the store.
pub type Key = Vec<u8>;

/// Makes the keys of one site.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a>(pub &'a SiteId);

impl Keys<'_> {
    fn key(self, tag: u8, parts: &[&[u8]]) -> Key {
        let site = self.0.as_str().as_bytes();
        let mut key = Key::with_capacity(128);
        key.extend_from_slice(site);
        key.extend_from_slice(&[0, tag]);
        parts.iter().for_each(|part| key.extend_from_slice(part));
        key
    }

    /// The end of everything under a tag.
    fn end(self, tag: u8) -> Key {
        self.key(tag.saturating_add(1), &[])
    }

    /// A grant.
    #[must_use]
    pub fn grant(self, id: GrantId) -> Key {
        self.key(b'g', &[id.bytes()])
    }

    /// The end of all grants.
    #[must_use]
    pub fn grants_end(self) -> Key {
        self.end(b'g')
    }

    /// One history record.
    #[must_use]
    pub fn record(self, chain: ChainId, sequence: u64) -> Key {
        self.key(b'h', &[chain.bytes(), &sequence.to_be_bytes()])
    }

    /// The end of all history.
    #[must_use]
    pub fn records_end(self) -> Key {
        self.end(b'h')
    }

    /// The first record whose key has this tail or a later one.
    #[must_use]
    pub fn records_from(self, tail: &[u8]) -> Key {
        self.key(b'h', &[tail])
    }

    /// A record that is not in the log yet.
    #[must_use]
    pub fn waiting(self, chain: ChainId, sequence: u64) -> Key {
        self.key(b'f', &[chain.bytes(), &sequence.to_be_bytes()])
    }

    /// All that is not in the log yet.
    #[must_use]
    pub fn waiting_all(self) -> (Key, Key) {
        (self.key(b'f', &[]), self.end(b'f'))
    }

    /// Where in the log a record is.
    #[must_use]
    pub fn place(self, chain: ChainId, sequence: u64) -> Key {
        self.key(b'n', &[chain.bytes(), &sequence.to_be_bytes()])
    }

    /// The place of the first record whose key has this tail or a later one.
    #[must_use]
    pub fn places_from(self, tail: &[u8]) -> Key {
        self.key(b'n', &[tail])
    }

    /// The end of the places of all records.
    #[must_use]
    pub fn places_end(self) -> Key {
        self.end(b'n')
    }

    /// The end of the log of history.
    #[must_use]
    pub fn log(self) -> Key {
        self.key(b'l', &[])
    }

    /// Up to 256 entries of a level of the log.
    #[must_use]
    pub fn tile(self, level: u8, number: u64) -> Key {
        self.key(b'l', &[&[level], &number.to_be_bytes()])
    }

    /// One session.
    #[must_use]
    pub fn session(self, grant: GrantId, digest: &Digest) -> Key {
        self.key(b's', &[grant.bytes(), digest.bytes()])
    }

    /// Where the sessions of a grant begin.
    #[must_use]
    pub fn sessions(self, grant: GrantId) -> Key {
        self.key(b's', &[grant.bytes()])
    }

    /// The first session whose key has this tail or a later one.
    #[must_use]
    pub fn sessions_from(self, tail: &[u8]) -> Key {
        self.key(b's', &[tail])
    }

    /// The end of all sessions.
    #[must_use]
    pub fn sessions_end(self) -> Key {
        self.end(b's')
    }

    /// What is kept of a session beside its record.
    #[must_use]
    pub fn mark(self, grant: GrantId, digest: &Digest) -> Key {
        self.key(b'k', &[grant.bytes(), digest.bytes()])
    }

    /// Where what is kept beside the sessions of a grant begins.
    #[must_use]
    pub fn marks(self, grant: GrantId) -> Key {
        self.key(b'k', &[grant.bytes()])
    }

    /// The end of all that is kept beside sessions.
    #[must_use]
    pub fn marks_end(self) -> Key {
        self.end(b'k')
    }

    /// The site's policy.
    #[must_use]
    pub fn policy(self) -> Key {
        self.key(b'p', &[])
    }

    /// Everything there is of the site: from the first key to the second, which is not included.
    #[must_use]
    pub fn everything(self) -> (Key, Key) {
        let site = self.0.as_str().as_bytes();
        ([site, &[0]].concat(), [site, &[1]].concat())
    }

    /// All grants.
    #[must_use]
    pub fn grants_all(self) -> (Key, Key) {
        (self.key(b'g', &[]), self.end(b'g'))
    }

    /// All users who were made for guests.
    #[must_use]
    pub fn users_all(self) -> (Key, Key) {
        (self.key(b'u', &[]), self.end(b'u'))
    }

    /// The grant that a guest's user was last given.
    #[must_use]
    pub fn user(self, id: &str) -> Key {
        self.key(b'u', &[id.as_bytes()])
    }

    /// The newest grant for an address, written in small letters.
    #[must_use]
    pub fn email(self, address: &str) -> Key {
        self.key(b'e', &[&hash(address.as_bytes())])
    }

    /// The newest invitation of a grantor to an address, written in small letters. Neither holds a zero byte.
    #[must_use]
    pub fn invited(self, address: &str, grantor: &str) -> Key {
        let both = [address.as_bytes(), &[0], grantor.as_bytes()].concat();
        self.key(b'i', &[&hash(&both)])
    }

    /// A grant among those that its grantor made. No user id holds a zero byte.
    #[must_use]
    pub fn made_by(self, grantor: &str, over: bool, grant: GrantId) -> Key {
        self.key(
            b'b',
            &[grantor.as_bytes(), &[0, over.into()], grant.bytes()],
        )
    }

    /// The end of all that a grantor made and is over, or is not.
    #[must_use]
    pub fn made_by_end(self, grantor: &str, over: bool) -> Key {
        let next = u8::from(over).saturating_add(1);
        self.key(b'b', &[grantor.as_bytes(), &[0, next]])
    }

    /// A grant among those by which a user may act.
    #[must_use]
    pub fn member(self, user: &str, grant: GrantId) -> Key {
        self.key(b'm', &[user.as_bytes(), &[0], grant.bytes()])
    }

    /// The end of all by which a user may act.
    #[must_use]
    pub fn member_end(self, user: &str) -> Key {
        self.key(b'm', &[user.as_bytes(), &[1]])
    }

    /// A due thing.
    #[must_use]
    pub fn due(self, at: Instant, grant: GrantId) -> Key {
        self.key(b'd', &[&at.millis().to_be_bytes(), grant.bytes()])
    }

    /// All that is due at `now` or before: from the first key to the second, which is not included.
    #[must_use]
    pub fn due_by(self, now: Instant) -> (Key, Key) {
        let end = now.millis().saturating_add(1).to_be_bytes();
        (self.key(b'd', &[]), self.key(b'd', &[&end]))
    }

    /// The end of all due things.
    #[must_use]
    pub fn due_end(self) -> Key {
        self.end(b'd')
    }

    /// A record to be delivered.
    #[must_use]
    pub fn outbox(self, at: Instant, chain: ChainId, sequence: u64) -> Key {
        self.key(
            b'o',
            &[
                &at.millis().to_be_bytes(),
                chain.bytes(),
                &sequence.to_be_bytes(),
            ],
        )
    }

    /// All that is to be delivered.
    #[must_use]
    pub fn outbox_all(self) -> (Key, Key) {
        (self.key(b'o', &[]), self.end(b'o'))
    }

    /// The tries of a subject.
    #[must_use]
    pub fn tries(self, subject: &Subject) -> Key {
        self.tries_of(subject.to_string().as_bytes())
    }

    /// The tries of a subject as it stands in a key.
    #[must_use]
    pub fn tries_of(self, subject: &[u8]) -> Key {
        self.key(b't', &[subject])
    }

    /// All tries.
    #[must_use]
    pub fn tries_all(self) -> (Key, Key) {
        (self.key(b't', &[]), self.end(b't'))
    }

    /// Tries that no longer matter from then on.
    #[must_use]
    pub fn stale(self, at: Instant, subject: &Subject) -> Key {
        let subject = subject.to_string();
        self.key(b'x', &[&at.millis().to_be_bytes(), subject.as_bytes()])
    }

    /// All that no longer matters at `now`.
    #[must_use]
    pub fn stale_by(self, now: Instant) -> (Key, Key) {
        let end = now.millis().saturating_add(1).to_be_bytes();
        (self.key(b'x', &[]), self.key(b'x', &[&end]))
    }

    /// What kind of thing a key is for: its tag.
    #[must_use]
    pub fn tag(self, key: &[u8]) -> Option<u8> {
        key.get(self.0.as_str().len().checked_add(1)?).copied()
    }

    /// What follows the site and the tag.
    #[must_use]
    pub fn tail(self, key: &[u8]) -> Option<&[u8]> {
        key.get(self.0.as_str().len().checked_add(2)?..)
    }
}

/// Bytes of the tail of a record's key.
pub const RECORD_TAIL: usize = 24;

/// The last eight bytes as a number and the 16 before them as a chain: the tail of a record's or an outbox key.
#[must_use]
pub fn chain_and_sequence(tail: &[u8]) -> Option<(ChainId, u64)> {
    let (rest, sequence) = tail.split_last_chunk::<8>()?;
    let (_, chain) = rest.split_last_chunk::<16>()?;
    Some((ChainId::from_bytes(*chain), u64::from_be_bytes(*sequence)))
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
