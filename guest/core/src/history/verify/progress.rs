//! Where verifying goes on. For a host it is a text to be handed back.

use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::codec::{self, Kept};
use crate::engine::Engine;
use crate::history::checkpoint::Checkpoint;
use crate::history::log::{Leaf, Log};
use crate::history::merkle::Frontier;
use crate::history::record::{ChainId, Hash};
use crate::names::SiteId;
use crate::refusal::{Code, Refusal};

use super::Report;
use super::chain::{Reading, fault};

/// What is known so far, and what is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The log as it was when verifying began; none if there was none.
    log: Option<Log>,
    /// It cannot be read.
    unreadable: bool,
    /// Size and root of what somebody kept.
    checkpoint: Option<(u64, Hash)>,
    /// The next chain; none when all were seen.
    pub(super) from: Option<ChainId>,
    /// Chains to be read by themselves.
    pub(super) again: Vec<ChainId>,
    /// The chain that was broken off.
    pub(super) reading: Option<Box<Reading>>,
    /// How many entries of the log were found to be those of a record.
    pub(super) found: u64,
    /// What the entries of the log that were read lead to.
    pub(super) read: Frontier,
}

impl Kept for Progress {}

impl Progress {
    /// Whether it began with this checkpoint.
    pub(super) fn is_against(&self, checkpoint: Option<&Checkpoint>) -> bool {
        self.checkpoint == checkpoint.map(|checkpoint| (checkpoint.size, checkpoint.root))
    }

    pub(super) fn has_seen_all_chains(&self) -> bool {
        self.from.is_none() && self.again.is_empty() && self.reading.is_none()
    }

    /// How many entries the log had.
    pub(super) fn size(&self) -> u64 {
        self.log.as_ref().map_or(0, |log| log.frontier.size())
    }

    /// The root that the log had.
    pub(super) fn root(&self) -> Hash {
        self.log
            .as_ref()
            .map_or_else(|| Frontier::default().root(), |log| log.frontier.root())
    }

    pub(super) fn checkpoint(&self) -> Option<(u64, Hash)> {
        self.checkpoint
    }

    /// Whether nothing can be said of the log.
    pub(super) fn is_without_log(&self) -> bool {
        self.unreadable
    }

    pub(super) fn is_log_begun(&self) -> bool {
        self.log.is_some()
    }

    /// Whether a young log had not come to this record yet.
    pub(super) fn is_behind(&self, leaf: &Leaf) -> bool {
        let tail = [&leaf.chain.bytes()[..], &leaf.sequence.to_be_bytes()].concat();
        let behind = self.log.as_ref().and_then(|log| log.behind.as_ref());
        behind.is_some_and(|behind| tail >= *behind)
    }
}

impl Engine<'_> {
    /// Where verifying begins.
    pub(super) fn begin_to_verify(
        &self,
        site: &SiteId,
        checkpoint: Option<Checkpoint>,
        report: &mut Report,
    ) -> Result<Progress, Refusal> {
        let log = match self.end_of_log(site) {
            Err(refusal) if refusal.code == Code::RecordDamaged => {
                report
                    .faults
                    .push(fault(ChainId::POLICY, None, &refusal.message));
                Err(())
            }
            read => Ok(read?),
        };
        Ok(Progress {
            unreadable: log.is_err(),
            log: log.ok().flatten(),
            checkpoint: checkpoint.map(|checkpoint| (checkpoint.size, checkpoint.root)),
            from: Some(ChainId::POLICY),
            again: Vec::new(),
            reading: None,
            found: 0,
            read: Frontier::default(),
        })
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = codec::encode(self).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for Progress {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        bytes
            .and_then(|bytes| codec::decode(&bytes, String::new).ok())
            .ok_or_else(|| {
                Code::BadPage
                    .because("Verifying goes on where the call before said it would.")
                    .about("start")
            })
    }
}
