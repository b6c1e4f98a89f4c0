//! What the records of a chain say when they are read from the first to the last.

use serde::{Deserialize, Serialize};

use crate::history::list::happening;
use crate::history::log::Leaf;
use crate::history::record::{self, Action, ChainId, Happening, Hash, Head};
use crate::keys::{RECORD_TAIL, chain_and_sequence};
use crate::ports::Entry;
use crate::refusal::{Code, Refusal};

use super::chain::Findings;
use super::sessions::Sessions;

/// What they said so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// The end of the chain.
    pub(super) head: Head,
    /// The hash of what it is about, as the last one left it.
    pub(super) left: Option<Hash>,
    /// Records after the last one that was known when reading began.
    pub(super) beyond: u64,
    /// Which sessions there are.
    pub(super) sessions: Sessions,
}

impl Told {
    /// Takes in the next record, of which so many were known when reading began. Gives what the log must hold of it.
    pub(super) fn read(
        &mut self,
        chain: ChainId,
        known: u64,
        (entry, tail): (&Entry, &[u8]),
        findings: &mut Findings,
    ) -> Result<Option<Leaf>, Refusal> {
        let place = (tail.len() == RECORD_TAIL).then(|| chain_and_sequence(tail));
        let Some((_, sequence)) = place.flatten() else {
            findings.fault(
                chain,
                None,
                "there is something among the records that is none",
            );
            return Ok(None);
        };
        if sequence >= known {
            self.beyond = self.beyond.saturating_add(1);
            return Ok(None);
        }
        let mut fault = |message: &str| findings.fault(chain, Some(sequence), message);
        let expected = self.head.length;
        if sequence != expected {
            fault(&format!(
                "record {expected} is missing: the next one there is {sequence}"
            ));
        }
        self.head.length = sequence.saturating_add(1);
        let (record, hash) = match happening(&entry.value) {
            Ok(Happening { record, hash }) => (record, hash),
            Err(refusal) if refusal.code == Code::RecordTooNew => return Err(refusal),
            Err(refusal) => {
                fault(&refusal.message);
                let hash = record::hash(&entry.value);
                self.head.hash = hash;
                return Ok(Some(Leaf {
                    chain,
                    sequence,
                    hash,
                }));
            }
        };
        if (record.chain, record.sequence) != (chain, sequence) {
            fault("this record belongs to another place");
        }
        if record.previous != self.head.hash {
            fault("the record before it is not the one it was written after");
        }
        self.head.hash = hash;
        self.left = Some(record.left);
        let session = record
            .details
            .into_iter()
            .find(|(name, _)| name == "session");
        match (record.action, session) {
            (Action::Redeemed | Action::Switched | Action::SignedIn, Some((_, session))) => {
                self.sessions.began(session);
            }
            (_, Some((_, session))) => self.sessions.ended(&session),
            (_, None) => {}
        }
        Ok(Some(Leaf {
            chain,
            sequence,
            hash,
        }))
    }
}
