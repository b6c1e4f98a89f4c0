//! Reading every chain of a site and telling what does not fit.
//!
//! A chain fits if its records follow each other without a gap, each holds the hash of the one before, the last is the one
//! its grant names as the head, and that one's hash of the grant is the hash of the grant. Sessions must be those that
//! history says began and did not end.

use std::collections::BTreeSet;

use crate::codec;
use crate::engine::Engine;
use crate::entry::digest::Digest;
use crate::entry::session::Session;
use crate::grant::Grant;
use crate::grant::create::address_of;
use crate::grant::id::GrantId;
use crate::grant::list::page_size;
use crate::history::list::happening;
use crate::history::record::{self, Action, ChainId, Happening, Hash, Head};
use crate::keys::{Key, Keys, RECORD_TAIL, chain_and_sequence};
use crate::names::{SiteId, folded_email};
use crate::policy::Policy;
use crate::ports::{Entry, Stored};
use crate::refusal::{Code, Refusal};
use crate::transaction::{Chained, stored_head};

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whose chain.
    pub chain: ChainId,
    /// Which record, where it is one.
    pub sequence: Option<u64>,
    /// What does not fit.
    pub message: String,
}

/// What was read and what did not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Grants read.
    pub grants: u32,
    /// Records read.
    pub records: u64,
    /// What does not fit.
    pub faults: Vec<Fault>,
    /// Where to go on.
    pub next: Option<ChainId>,
}

/// What the records of a chain say when read from first to last.
#[derive(Default)]
struct Told {
    head: Head,
    left: Option<Hash>,
    /// Records after the last one that was known when reading began.
    beyond: u64,
    /// The names of sessions that began and did not end.
    sessions: BTreeSet<String>,
}

const PAGE: u32 = 256;
/// How often a chain that others are writing to is read, at most.
const READ_AGAIN: u32 = 8;
/// So many records are read in one call, and the chain that goes beyond to its end.
const ENOUGH: u64 = 20_000;

impl Told {
    /// Takes in the next record.
    fn read(
        &mut self,
        chain: ChainId,
        known: u64,
        entry: &Entry,
        tail: Option<&[u8]>,
        report: &mut Report,
    ) -> Result<(), Refusal> {
        let place = tail
            .filter(|tail| tail.len() == RECORD_TAIL)
            .and_then(chain_and_sequence);
        let sequence = place.map(|(_, sequence)| sequence);
        let mut fault = |message: String| {
            report.faults.push(Fault {
                chain,
                sequence,
                message,
            })
        };
        report.records = report.records.saturating_add(1);
        let Some(sequence) = sequence else {
            fault("there is something among the records that is none".to_owned());
            return Ok(());
        };
        if sequence >= known {
            self.beyond = self.beyond.saturating_add(1);
            return Ok(());
        }
        let expected = self.head.length;
        if sequence != expected {
            fault(format!(
                "record {expected} is missing: the next one there is {sequence}"
            ));
        }
        self.head.length = sequence.saturating_add(1);
        let Happening { record, hash } = match happening(&entry.value) {
            Ok(happening) => happening,
            Err(refusal) if refusal.code == Code::RecordTooNew => return Err(refusal),
            Err(refusal) => {
                fault(refusal.message);
                self.head.hash = record::hash(&entry.value);
                return Ok(());
            }
        };
        if (record.chain, record.sequence) != (chain, sequence) {
            fault("this record belongs to another place".to_owned());
        }
        if record.previous != self.head.hash {
            fault("the record before it is not the one it was written after".to_owned());
        }
        self.head.hash = hash;
        self.left = Some(record.left);
        let session = record
            .details
            .into_iter()
            .find(|(name, _)| name == "session");
        match (record.action, session) {
            (Action::Redeemed | Action::Switched, Some((_, session))) => {
                _ = self.sessions.insert(session)
            }
            (_, Some((_, session))) => _ = self.sessions.remove(&session),
            (_, None) => {}
        }
        Ok(())
    }
}

/// What a chain is about as it is stored, without format and checksum.
fn payload<'a>(entry: &'a Stored, chain: ChainId, what: &str) -> Result<&'a [u8], Refusal> {
    let what = || format!("the {what}");
    match chain.grant() {
        Some(_) => codec::payload::<Chained<Grant>>(&entry.value, what),
        None => codec::payload::<Chained<Policy>>(&entry.value, what),
    }
}

/// How many records something says there are of it.
fn known_length(entry: &Stored, chain: ChainId) -> Option<u64> {
    let payload = payload(entry, chain, "chain").ok()?;
    stored_head(payload).map(|(head, _)| head.length)
}

/// Whether what a chain is about is what its last record left.
fn compare(
    stored: Option<&Stored>,
    chain: ChainId,
    told: &Told,
    report: &mut Report,
) -> Result<(), Refusal> {
    let what = if chain.grant().is_some() {
        "grant"
    } else {
        "policy"
    };
    let mut fault = |message: String| {
        report.faults.push(Fault {
            chain,
            sequence: None,
            message,
        });
    };
    let Some(entry) = stored else {
        fault(format!("the {what} is gone, though its history is there"));
        return Ok(());
    };
    let payload = match payload(entry, chain, what) {
        Ok(payload) => payload,
        Err(refusal) if refusal.code == Code::RecordTooNew => return Err(refusal),
        Err(refusal) => {
            fault(refusal.message);
            return Ok(());
        }
    };
    let Some((head, left)) = stored_head(payload) else {
        fault(format!("the {what} was changed without a record of it"));
        return Ok(());
    };
    if head.length > told.head.length {
        let gone = head.length.saturating_sub(told.head.length);
        fault(format!("the last {gone} records are gone"));
    } else if head != told.head {
        fault(format!(
            "its history does not end as the {what} says it does"
        ));
    }
    if told.left != Some(left) {
        fault(format!("the {what} was changed without a record of it"));
    }
    Ok(())
}

impl Engine<'_> {
    /// Verifies up to `limit` chains from `start` on.
    ///
    /// # Errors
    /// If something cannot be read at all; what can be read and does not fit is a fault, not an error.
    pub fn verify(
        &self,
        site: &SiteId,
        start: Option<ChainId>,
        limit: u32,
    ) -> Result<Report, Refusal> {
        let limit = page_size(limit, 1_000)?;
        let mut report = Report::default();
        let mut at = Some(start.unwrap_or(ChainId::POLICY));
        for _ in 0..limit {
            let Some(from) = at else { break };
            let Some(chain) = self.next_chain(site, from)? else {
                return Ok(report);
            };
            self.verify_chain(site, chain, &mut report)?;
            at = chain.next();
            if report.records >= ENOUGH {
                break;
            }
        }
        report.next = at;
        Ok(report)
    }

    /// The first chain from `from` on of which anything is left: a grant, a record or a session.
    fn next_chain(&self, site: &SiteId, from: ChainId) -> Result<Option<ChainId>, Refusal> {
        let keys = Keys(site);
        if from == ChainId::POLICY && self.get(&[keys.policy()])?.iter().any(Option::is_some) {
            return Ok(Some(from));
        }
        let grant = GrantId::from_bytes(*from.bytes());
        let first = |start: Key, end: Key| -> Result<Option<ChainId>, Refusal> {
            let entry = self.scan(&start, &end, 1, false)?.pop();
            let chain = entry
                .as_ref()
                .and_then(|entry| keys.tail(&entry.key)?.first_chunk::<16>());
            Ok(chain.map(|bytes| ChainId::from_bytes(*bytes)))
        };
        let found = [
            first(keys.grant(grant), keys.grants_end())?,
            first(keys.record(from, 0), keys.records_end())?,
            first(keys.sessions(grant), keys.sessions_end())?,
        ];
        Ok(found.into_iter().flatten().min())
    }

    /// Others may write while this reads. What was written before it began is fixed: a fault in that is one. What only fits
    /// if nothing happened meanwhile is read again until nothing did, or left to the next time.
    fn verify_chain(
        &self,
        site: &SiteId,
        chain: ChainId,
        report: &mut Report,
    ) -> Result<(), Refusal> {
        let keys = Keys(site);
        let about = [chain
            .grant()
            .map_or_else(|| keys.policy(), |grant| keys.grant(grant))];
        let mut before = self.get(&about)?.pop().flatten();
        let mut attempts = 1_u32;
        loop {
            let mut read = Report::default();
            let known = before
                .as_ref()
                .and_then(|entry| known_length(entry, chain))
                .unwrap_or(u64::MAX);
            let told = self.read_chain(site, chain, known, &mut read)?;
            compare(before.as_ref(), chain, &told, &mut read)?;
            let mut meanwhile = Report::default();
            if told.beyond > 0 {
                let message = format!("there are {} records more than the last one", told.beyond);
                meanwhile.faults.push(Fault {
                    chain,
                    sequence: Some(known),
                    message,
                });
            }
            if let Some(grant) = chain.grant() {
                read.grants = 1;
                self.verify_sessions(site, grant, told.sessions, &mut meanwhile)?;
                self.verify_indexes(site, before.as_ref(), &mut meanwhile)?;
            }
            let after = self.get(&about)?.pop().flatten();
            let stood_still = before == after;
            if stood_still || attempts >= READ_AGAIN {
                report.grants = report.grants.saturating_add(read.grants);
                report.records = report.records.saturating_add(read.records);
                report.faults.append(&mut read.faults);
                if stood_still {
                    report.faults.append(&mut meanwhile.faults);
                }
                return Ok(());
            }
            before = after;
            attempts = attempts.saturating_add(1);
        }
    }

    /// Whether a grant is found by its guest's address, by its user, by who made it, and among the due things.
    fn verify_indexes(
        &self,
        site: &SiteId,
        stored: Option<&Stored>,
        report: &mut Report,
    ) -> Result<(), Refusal> {
        let decoded =
            stored.map(|entry| codec::decode::<Chained<Grant>>(&entry.value, String::new));
        // What cannot be read was told already.
        let Some(Ok(Chained { body: grant, .. })) = decoded else {
            return Ok(());
        };
        let keys = Keys(site);
        let chain = ChainId::from(grant.id);
        let mut fault = |message: &str| {
            report.faults.push(Fault {
                chain,
                sequence: None,
                message: message.to_owned(),
            });
        };
        // A later grant of the same guest takes the place.
        let named = |key: Key, same: &dyn Fn(&Grant) -> bool| -> Result<bool, Refusal> {
            let entry = self.get(&[key])?.pop().flatten();
            let id =
                entry.and_then(|entry| codec::decode::<GrantId>(&entry.value, String::new).ok());
            let Some(id) = id.filter(|id| *id != grant.id) else {
                return Ok(id.is_some());
            };
            let entry = self.get(&[keys.grant(id)])?.pop().flatten();
            let other =
                entry.map(|entry| codec::decode::<Chained<Grant>>(&entry.value, String::new));
            Ok(other.is_some_and(|other| other.is_ok_and(|other| same(&other.body))))
        };
        let address = folded_email(&grant.guest.email);
        if !named(address_of(keys, &grant), &|other| {
            folded_email(&other.guest.email) == address
        })? {
            fault("it is not found by its guest's address any more");
        }
        // Who was there before is no guest.
        if let (Some(user), Some(_), false) = (&grant.user, grant.first_used, grant.borrowed)
            && !named(keys.user(user), &|other| other.user.as_ref() == Some(user))?
        {
            fault("its user is not known as a guest any more");
        }
        for place in grant.places(keys) {
            let missing = match keys.tag(&place) {
                Some(b'd') => "the sweep does not know any more when it is due",
                Some(b'm') => "who accepted it cannot switch to it any more",
                _ => "it is not found by who made it any more",
            };
            if self.get(&[place])?.pop().flatten().is_none() {
                fault(missing);
            }
        }
        Ok(())
    }

    fn read_chain(
        &self,
        site: &SiteId,
        chain: ChainId,
        known: u64,
        report: &mut Report,
    ) -> Result<Told, Refusal> {
        let keys = Keys(site);
        let mut told = Told::default();
        let mut start = keys.record(chain, 0);
        loop {
            let entries = self.records(site, chain, &start, PAGE)?;
            for entry in &entries {
                told.read(chain, known, entry, keys.tail(&entry.key), report)?;
                start.clone_from(&entry.key);
            }
            if entries.len() < PAGE as usize {
                return Ok(told);
            }
            start.push(0);
        }
    }

    fn verify_sessions(
        &self,
        site: &SiteId,
        grant: GrantId,
        mut known: BTreeSet<String>,
        report: &mut Report,
    ) -> Result<(), Refusal> {
        let keys = Keys(site);
        let chain = ChainId::from(grant);
        let end = chain.next().map_or_else(
            || keys.sessions_end(),
            |next| keys.sessions(GrantId::from_bytes(*next.bytes())),
        );
        let mut start = keys.sessions(grant);
        loop {
            let entries = self.scan(&start, &end, PAGE, false)?;
            for entry in &entries {
                let digest = keys
                    .tail(&entry.key)
                    .and_then(<[u8]>::last_chunk::<32>)
                    .map(|bytes| Digest::from_bytes(*bytes));
                // The name holds all of the record, so an edited session is one that never began.
                let name = digest
                    .map(|digest| digest.name_of(&entry.value))
                    .unwrap_or_default();
                let mut fault = |message: String| {
                    report.faults.push(Fault {
                        chain,
                        sequence: None,
                        message,
                    })
                };
                if !known.remove(&name) {
                    fault(format!(
                        "no record says that session {name} began as it is stored"
                    ));
                }
                if let Err(refusal) =
                    codec::decode::<Session>(&entry.value, || format!("session {name}"))
                {
                    fault(refusal.message);
                }
                start.clone_from(&entry.key);
            }
            if entries.len() < PAGE as usize {
                break;
            }
            start.push(0);
        }
        for name in known {
            report.faults.push(Fault {
                chain,
                sequence: None,
                message: format!("session {name} is gone without a record of it"),
            });
        }
        Ok(())
    }
}
