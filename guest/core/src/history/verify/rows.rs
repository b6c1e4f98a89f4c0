//! What lies in the store about chains, read side by side in the order of the chains, a page at a time.

use std::collections::VecDeque;

use crate::engine::Engine;
use crate::grant::id::GrantId;
use crate::history::record::ChainId;
use crate::keys::{Key, Keys};
use crate::names::SiteId;
use crate::ports::{Entry, Stored};
use crate::refusal::Refusal;

const PAGE: u32 = 256;

/// The entries from one key to another.
pub(super) struct Stream<'e> {
    engine: &'e Engine<'e>,
    keys: Keys<'e>,
    /// Where the next page begins.
    start: Key,
    end: Key,
    page: VecDeque<Entry>,
}

impl<'e> Stream<'e> {
    fn new(engine: &'e Engine<'e>, keys: Keys<'e>, start: Key, end: Key) -> Self {
        Self {
            engine,
            keys,
            start,
            end,
            page: VecDeque::new(),
        }
    }

    /// The next entry, which stays.
    pub(super) fn peek(&mut self) -> Result<Option<&Entry>, Refusal> {
        if self.page.is_empty() && self.start < self.end {
            let page = self.engine.scan(&self.start, &self.end, PAGE, false)?;
            match page.last() {
                Some(last) if page.len() >= PAGE as usize => {
                    self.start.clone_from(&last.key);
                    self.start.push(0);
                }
                _ => self.start.clone_from(&self.end),
            }
            self.page = page.into();
        }
        Ok(self.page.front())
    }

    /// The next entry, if it is one of this chain.
    pub(super) fn next_of(&mut self, chain: ChainId) -> Result<Option<Entry>, Refusal> {
        Ok(match self.chain()? {
            Some(next) if next == chain => self.page.pop_front(),
            _ => None,
        })
    }

    /// What follows site and tag in the key of the next entry, if that is one of this chain.
    pub(super) fn tail_of(&mut self, chain: ChainId) -> Result<Option<&[u8]>, Refusal> {
        let keys = self.keys;
        let tail = self.peek()?.and_then(|entry| keys.tail(&entry.key));
        Ok(tail.filter(|tail| chain_of(tail) == chain))
    }

    /// The chain of the next entry.
    fn chain(&mut self) -> Result<Option<ChainId>, Refusal> {
        let keys = self.keys;
        let tail = self.peek()?.and_then(|entry| keys.tail(&entry.key));
        Ok(tail.map(chain_of))
    }

    /// Passes over what comes before this key.
    fn seek(&mut self, key: Key) {
        while self.page.front().is_some_and(|entry| entry.key < key) {
            self.page.pop_front();
        }
        if self.page.is_empty() {
            self.start = core::mem::take(&mut self.start).max(key);
        }
    }
}

/// The chain that a key belongs to. One that is too short for it belongs to the first that it could be of.
fn chain_of(tail: &[u8]) -> ChainId {
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(tail)
        .for_each(|(byte, given)| *byte = *given);
    ChainId::from_bytes(bytes)
}

/// Everything about some chains.
pub(super) struct Rows<'e> {
    keys: Keys<'e>,
    policy: Option<Stored>,
    grants: Stream<'e>,
    /// History records.
    pub(super) records: Stream<'e>,
    /// Where in the log they are.
    pub(super) places: Stream<'e>,
    /// Sessions.
    pub(super) sessions: Stream<'e>,
}

impl<'e> Rows<'e> {
    /// Of all chains from this one on.
    pub(super) fn of_all(
        engine: &'e Engine<'e>,
        site: &'e SiteId,
        from: ChainId,
    ) -> Result<Self, Refusal> {
        let keys = Keys(site);
        let tail = from.bytes();
        let mut rows = Self::new(engine, keys, tail, tail);
        if from == ChainId::POLICY {
            rows.policy = engine.get(&[keys.policy()])?.pop().flatten();
        }
        let grants = keys.grant(GrantId::from_bytes(*tail));
        rows.grants = Stream::new(engine, keys, grants, keys.grants_end());
        Ok(rows)
    }

    /// The records and sessions from these tails of their keys on. What the chain is about is not among them.
    pub(super) fn new(
        engine: &'e Engine<'e>,
        keys: Keys<'e>,
        records: &[u8],
        sessions: &[u8],
    ) -> Self {
        let stream = |start, end| Stream::new(engine, keys, start, end);
        Self {
            keys,
            policy: None,
            grants: stream(Key::new(), Key::new()),
            records: stream(keys.records_from(records), keys.records_end()),
            places: stream(keys.places_from(records), keys.places_end()),
            sessions: stream(keys.sessions_from(sessions), keys.sessions_end()),
        }
    }

    /// The first chain of which anything is left.
    pub(super) fn first(&mut self) -> Result<Option<ChainId>, Refusal> {
        let policy = self.policy.as_ref().map(|_| ChainId::POLICY);
        let found = [
            policy,
            self.grants.chain()?,
            self.records.chain()?,
            self.places.chain()?,
            self.sessions.chain()?,
        ];
        Ok(found.into_iter().flatten().min())
    }

    /// What the chain is about.
    pub(super) fn about(&mut self, chain: ChainId) -> Result<Option<Stored>, Refusal> {
        let mut about = None;
        if chain == ChainId::POLICY {
            about = self.policy.take();
        }
        while let Some(Entry {
            key,
            value,
            version,
        }) = self.grants.next_of(chain)?
        {
            let is_grant = self
                .keys
                .tail(&key)
                .is_some_and(|tail| tail == chain.bytes());
            if is_grant && chain != ChainId::POLICY {
                about = Some(Stored { value, version });
            }
        }
        Ok(about)
    }

    /// Passes over what is left of a chain.
    pub(super) fn pass(&mut self, chain: ChainId) {
        let keys = self.keys;
        let [records, places, sessions] = match chain.next() {
            Some(next) => [
                keys.records_from(next.bytes()),
                keys.places_from(next.bytes()),
                keys.sessions_from(next.bytes()),
            ],
            None => [keys.records_end(), keys.places_end(), keys.sessions_end()],
        };
        self.records.seek(records);
        self.places.seek(places);
        self.sessions.seek(sessions);
    }
}
