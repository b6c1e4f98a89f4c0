//! Verifying one chain, in as many pieces as it takes.
//!
//! Others may write while this reads. What was written before it began is fixed: a fault in that is one. What only fits if
//! nothing happened meanwhile counts if nothing did; otherwise the chain is read again, or left to the next time.

use serde::{Deserialize, Serialize};

use crate::codec::{self, Kept};
use crate::engine::Engine;
use crate::entry::digest::Digest;
use crate::entry::session::Session;
use crate::grant::Grant;
use crate::history::record::{ChainId, Hash, Head};
use crate::keys::Keys;
use crate::names::SiteId;
use crate::policy::Policy;
use crate::ports::{Entry, Stored};
use crate::refusal::{Code, Refusal};
use crate::transaction::{Chained, stored_head};

use super::logged::Batch;
use super::marks;
use super::rows::Rows;
use super::told::Told;
use super::{Call, Fault, READ_AGAIN};

/// So many rows are read before what was read is looked up in the log.
const PIECE: u32 = 2_000;
/// So many faults that may be none are kept from one call to the next.
const MOST_MEANWHILE: usize = 16;

/// What was found in chains.
#[derive(Default)]
pub(super) struct Findings {
    /// What does not fit.
    pub(super) faults: Vec<Fault>,
    /// What does not fit if nothing happened meanwhile.
    pub(super) meanwhile: Vec<Fault>,
    /// Records read.
    pub(super) records: u64,
}

impl Findings {
    /// Tells what does not fit.
    pub(super) fn fault(&mut self, chain: ChainId, sequence: Option<u64>, message: &str) {
        self.faults.push(fault(chain, sequence, message));
    }

    pub(super) fn meanwhile(&mut self, chain: ChainId, message: &str) {
        self.meanwhile.push(fault(chain, None, message));
    }

    /// Whether everything fits.
    pub(super) fn are_none(&self) -> bool {
        self.faults.is_empty() && self.meanwhile.is_empty()
    }
}

pub(super) fn fault(chain: ChainId, sequence: Option<u64>, message: &str) -> Fault {
    Fault {
        chain,
        sequence,
        message: message.to_owned(),
    }
}

/// A chain that is being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub(super) chain: ChainId,
    /// The version of what the chain is about when reading began; 0 if that was not there.
    version: u64,
    /// What that said of its history, and its own hash; or what is wrong with it.
    about: Result<(Head, Hash), String>,
    told: Told,
    /// The tails of the keys from which to go on.
    records: Vec<u8>,
    sessions: Vec<u8>,
    /// Records found in the log so far.
    found: u64,
    /// What does not fit if nothing happened meanwhile.
    meanwhile: Vec<String>,
}

/// The head of the chain and the hash of what it is about, as that is stored, or what is wrong with it.
fn about(chain: ChainId, stored: Option<&Stored>) -> Result<Result<(Head, Hash), String>, Refusal> {
    let what = if chain.grant().is_some() {
        "grant"
    } else {
        "policy"
    };
    let Some(entry) = stored else {
        return Ok(Err(format!(
            "the {what} is gone, though its history is there"
        )));
    };
    let name = || format!("the {what}");
    let payload = match chain.grant() {
        Some(_) => codec::payload::<Chained<Grant>>(&entry.value, name),
        None => codec::payload::<Chained<Policy>>(&entry.value, name),
    };
    match payload {
        Err(refusal) if refusal.code == Code::RecordTooNew => Err(refusal),
        Err(refusal) => Ok(Err(refusal.message)),
        Ok(payload) => Ok(stored_head(payload).ok_or_else(|| changed(chain))),
    }
}

fn changed(chain: ChainId) -> String {
    let what = if chain.grant().is_some() {
        "grant"
    } else {
        "policy"
    };
    format!("the {what} was changed without a record of it")
}

impl Reading {
    /// Of a chain that is about this.
    pub(super) fn of(chain: ChainId, stored: Option<&Stored>) -> Result<Self, Refusal> {
        Ok(Self {
            chain,
            version: stored.map_or(0, |stored| stored.version),
            about: about(chain, stored)?,
            told: Told::default(),
            records: chain.bytes().to_vec(),
            sessions: chain.bytes().to_vec(),
            found: 0,
            meanwhile: Vec::new(),
        })
    }

    /// Reads on, as long as there is room. Tells whether all was read.
    pub(super) fn read(
        &mut self,
        keys: Keys<'_>,
        rows: &mut Rows<'_>,
        batch: &mut Batch,
        findings: &mut Findings,
        room: &mut u32,
    ) -> Result<bool, Refusal> {
        let chain = self.chain;
        let known = self
            .about
            .as_ref()
            .map_or(u64::MAX, |(head, _)| head.length);
        while let Some(tail) = rows.records.tail_of(chain)? {
            if *room == 0 {
                self.records = tail.to_vec();
                return Ok(false);
            }
            let Some(entry) = rows.records.next_of(chain)? else {
                break;
            };
            *room = room.saturating_sub(1);
            findings.records = findings.records.saturating_add(1);
            let tail = keys.tail(&entry.key).unwrap_or_default();
            let leaf = self.told.read(chain, known, (&entry, tail), findings)?;
            let place = self.place(keys, rows, tail, findings)?;
            if let Some(leaf) = leaf {
                batch.push(leaf, place.as_ref());
            }
        }
        self.records = past(chain);
        while let Some(tail) = rows.places.tail_of(chain)? {
            self.stray(tail, known, findings);
            rows.places.next_of(chain)?;
        }
        while let Some(tail) = rows.sessions.tail_of(chain)? {
            if *room == 0 {
                self.sessions = tail.to_vec();
                return Ok(false);
            }
            let Some(entry) = rows.sessions.next_of(chain)? else {
                break;
            };
            *room = room.saturating_sub(1);
            self.session(keys, &entry, findings)?;
        }
        Ok(true)
    }

    /// Where in the log the record with this tail is said to be. Places of records that are not there come before it.
    fn place(
        &self,
        keys: Keys<'_>,
        rows: &mut Rows<'_>,
        record: &[u8],
        findings: &mut Findings,
    ) -> Result<Option<Entry>, Refusal> {
        while let Some(tail) = rows.places.tail_of(self.chain)? {
            if tail > record {
                break;
            }
            if tail < record {
                self.stray(tail, u64::MAX, findings);
            }
            let Some(entry) = rows.places.next_of(self.chain)? else {
                break;
            };
            if keys.tail(&entry.key) == Some(record) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// A record is said to be in the log and is not there, though it was known.
    fn stray(&self, tail: &[u8], known: u64, findings: &mut Findings) {
        let sequence = tail.last_chunk().map(|bytes| u64::from_be_bytes(*bytes));
        if sequence.is_none_or(|sequence| sequence < known) {
            let message = "this record is in the log and gone from the history";
            findings.fault(self.chain, sequence, message);
        }
    }

    fn session(
        &mut self,
        keys: Keys<'_>,
        entry: &Entry,
        findings: &mut Findings,
    ) -> Result<(), Refusal> {
        let digest = keys
            .tail(&entry.key)
            .and_then(<[u8]>::last_chunk::<32>)
            .map(|bytes| Digest::from_bytes(*bytes));
        let session = codec::decode::<Session>(&entry.value, || "a session".to_owned());
        // The name holds all of the record, so an edited session is one that never began.
        let name = digest
            .map(|digest| digest.name_of(&entry.value))
            .unwrap_or_default();
        if !self.told.sessions.is_stored(&name) {
            let message = format!("no record says that session {name} began as it is stored");
            findings.meanwhile(self.chain, &message);
        }
        match session {
            Err(refusal) if refusal.code == Code::RecordTooNew => return Err(refusal),
            Err(refusal) => findings.meanwhile(self.chain, &refusal.message),
            Ok(_) => {}
        }
        Ok(())
    }

    /// Whether what was read is what the chain is about, and that is found where it should be.
    pub(super) fn finish(
        self,
        engine: &Engine<'_>,
        site: &SiteId,
        stored: Option<&Stored>,
        findings: &mut Findings,
    ) -> Result<u64, Refusal> {
        let Self {
            chain, told, about, ..
        } = self;
        let mut is_as_left = false;
        match about {
            Err(message) => findings.fault(chain, None, &message),
            Ok((head, left)) => {
                is_as_left = told.left == Some(left);
                if head.length > told.head.length {
                    let gone = head.length.saturating_sub(told.head.length);
                    findings.fault(chain, None, &format!("the last {gone} records are gone"));
                } else if head != told.head {
                    findings.fault(chain, None, "its history does not end as it says itself");
                }
                if !is_as_left {
                    findings.fault(chain, None, &changed(chain));
                }
            }
        }
        if told.beyond > 0 {
            let message = format!("there are {} records more than the last one", told.beyond);
            findings.meanwhile(chain, &message);
        }
        for message in self.meanwhile.into_iter().chain(told.sessions.faults()) {
            findings.meanwhile(chain, &message);
        }
        let is_read = match (chain.grant(), stored) {
            (Some(_), Some(stored)) => match read::<Grant>(stored) {
                Some(grant) => {
                    for message in engine.missing_indexes(site, &grant)? {
                        findings.meanwhile(chain, message);
                    }
                    true
                }
                None => false,
            },
            (None, Some(stored)) => read::<Policy>(stored).is_some(),
            (_, None) => true,
        };
        // What is not as it was left was told above. The number of its format is no part of what its history knows.
        if is_as_left && !is_read {
            findings.meanwhile(chain, "it cannot be read, though it is as it was left");
        }
        if let Some(grant) = chain.grant() {
            marks::verify(engine, site, grant, findings)?;
        }
        Ok(self.found)
    }
}

/// What is stored of this; none if it cannot be read.
fn read<T: Kept>(stored: &Stored) -> Option<T> {
    let decoded = codec::decode::<Chained<T>>(&stored.value, String::new);
    decoded.ok().map(|chained| chained.body)
}

/// A tail behind every key of a chain.
fn past(chain: ChainId) -> Vec<u8> {
    chain
        .next()
        .map_or_else(|| vec![u8::MAX; 64], |next| next.bytes().to_vec())
}

impl Call<'_> {
    /// Reads a chain by itself, so that what it is about is read before all the rest.
    pub(super) fn alone(&mut self, chain: ChainId) -> Result<(), Refusal> {
        for attempt in 1.. {
            let stored = self.about(chain)?;
            let reading = Reading::of(chain, stored.as_ref())?;
            if self.go_on(reading, attempt < READ_AGAIN)? {
                break;
            }
        }
        Ok(())
    }

    /// Goes on with a chain. Tells whether it is worth no other try: if it may be tried again and something happened
    /// meanwhile, nothing of what was found counts.
    pub(super) fn go_on(&mut self, mut reading: Reading, again: bool) -> Result<bool, Refusal> {
        let (engine, site, chain) = (self.engine, self.site, reading.chain);
        let mut rows = Rows::new(engine, Keys(site), &reading.records, &reading.sessions);
        let mut findings = Findings::default();
        let mut batch = Batch::default();
        let mut whole = false;
        while !whole && self.left > 0 {
            let mut room = self.left.min(PIECE);
            self.left = self.left.saturating_sub(room);
            whole = reading.read(Keys(site), &mut rows, &mut batch, &mut findings, &mut room)?;
            self.left = self.left.saturating_add(room);
            let mut looked_up = batch.look_up(engine, site, &self.progress)?;
            let found = looked_up.found.len() as u64;
            reading.found = reading.found.saturating_add(found);
            findings.faults.append(&mut looked_up.faults);
        }
        if !whole {
            let messages = findings.meanwhile.into_iter().map(|fault| fault.message);
            reading.meanwhile.extend(messages);
            reading.meanwhile.truncate(MOST_MEANWHILE);
            reading.told.sessions.shorten(engine.random);
            self.report.faults.append(&mut findings.faults);
            self.report.records = self.report.records.saturating_add(findings.records);
            self.progress.reading = Some(Box::new(reading));
            return Ok(true);
        }
        let version = reading.version;
        let stored = self.about(chain)?;
        let found = reading.finish(engine, site, stored.as_ref(), &mut findings)?;
        let stood_still = stored.map_or(0, |stored| stored.version) == version;
        if !stood_still && again {
            return Ok(false);
        }
        self.progress.found = self.progress.found.saturating_add(found);
        self.report.faults.append(&mut findings.faults);
        if stood_still {
            self.report.faults.append(&mut findings.meanwhile);
        }
        self.count(chain, findings.records);
        Ok(true)
    }

    /// What a chain is about.
    fn about(&self, chain: ChainId) -> Result<Option<Stored>, Refusal> {
        let keys = Keys(self.site);
        let key = chain
            .grant()
            .map_or_else(|| keys.policy(), |grant| keys.grant(grant));
        Ok(self.engine.get(&[key])?.pop().flatten())
    }
}
