//! One line of history and how lines hang together.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::codec::Kept;
use crate::grant::id::GrantId;
use crate::instant::Instant;

/// SHA-256.
pub type Hash = [u8; 32];

/// How the chain of the site's policy is called.
const POLICY: &str = "policy";

/// A chain of records: a grant's, or that of the site's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChainId([u8; 16]);

impl ChainId {
    /// The chain of the site's policy. No grant has this id: none was made at the epoch.
    pub const POLICY: Self = Self([0; 16]);

    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The grant whose chain it is; none for the policy's.
    #[must_use]
    pub fn grant(self) -> Option<GrantId> {
        (self != Self::POLICY).then_some(GrantId::from_bytes(self.0))
    }

    /// The chain that sorts right after this one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        u128::from_be_bytes(self.0)
            .checked_add(1)
            .map(|next| Self(next.to_be_bytes()))
    }
}

/// The grant's id, or `policy`.
impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.grant() {
            Some(grant) => grant.fmt(f),
            None => f.write_str(POLICY),
        }
    }
}

/// The text is neither a grant's id nor `policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAChain;

impl FromStr for ChainId {
    type Err = NotAChain;

    fn from_str(text: &str) -> Result<Self, NotAChain> {
        match text {
            POLICY => Ok(Self::POLICY),
            grant => GrantId::parse(grant).map(Self::from).ok_or(NotAChain),
        }
    }
}

impl From<GrantId> for ChainId {
    fn from(id: GrantId) -> Self {
        Self(*id.bytes())
    }
}

/// What happened. Stored by position: new ones go to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// A grant was made.
    Created,
    /// Its user is about to be created.
    Provisioning,
    /// A link was redeemed and a session began.
    Redeemed,
    /// It was suspended.
    Suspended,
    /// It was resumed.
    Resumed,
    /// Its end was moved.
    Extended,
    /// Its secret was replaced.
    Reissued,
    /// It was taken back.
    Revoked,
    /// It was seen to be over.
    Expired,
    /// A half-done creation of its user was undone.
    Repaired,
    /// A guest left.
    SignedOut,
    /// The site's policy was changed.
    PolicyChanged,
    /// Too many links that open nothing were tried.
    LockedOut,
    /// An owner lifted a lock.
    LockLifted,
    /// An invitation was accepted.
    Accepted,
    /// An invitation was declined.
    Declined,
    /// What it gives was changed.
    ScopeChanged,
    /// Somebody began to act for its grantor.
    Switched,
    /// Somebody stopped acting for its grantor.
    Returned,
    /// Nobody is let in any more.
    Deactivated,
    /// Guests are let in again.
    Activated,
    /// The user of a grant with a password was made.
    Provisioned,
    /// A grant is over because its user could not be made.
    Abandoned,
    /// A guest signed in by a password and a session began.
    SignedIn,
    /// What becomes of its user was decided.
    Retiring,
    /// Its user is gone, or not its own any more.
    Retired,
    /// An extension would have widened a draft.
    WideningRefused,
}

impl Action {
    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Provisioning => "provisioning",
            Self::Redeemed => "redeemed",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::Extended => "extended",
            Self::Reissued => "reissued",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Repaired => "repaired",
            Self::SignedOut => "signed-out",
            Self::PolicyChanged => "policy-changed",
            Self::LockedOut => "locked-out",
            Self::LockLifted => "lock-lifted",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::ScopeChanged => "scope-changed",
            Self::Switched => "switched",
            Self::Returned => "returned",
            Self::Deactivated => "deactivated",
            Self::Activated => "activated",
            Self::Provisioned => "provisioned",
            Self::Abandoned => "abandoned",
            Self::SignedIn => "signed-in",
            Self::Retiring => "retiring",
            Self::Retired => "retired",
            Self::WideningRefused => "widening-refused",
        }
    }
}

/// Names and values that say more about an action.
pub type Details = Vec<(String, String)>;

/// One line of history, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which chain.
    pub chain: ChainId,
    /// 0 for the first, then without a gap.
    pub sequence: u64,
    /// When.
    pub at: Instant,
    /// The user who did it; none: the engine.
    pub actor: Option<String>,
    /// The user it was done to.
    pub subject: Option<String>,
    /// What.
    pub action: Action,
    /// What else is known. Never a secret.
    pub details: Details,
    /// The hash of the record before; zeros for the first.
    pub previous: Hash,
    /// The SHA-256 of what the chain is about, as it was left.
    pub left: Hash,
}

impl Kept for Record {}

/// The end of a chain, kept beside what the chain is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// How many records there are.
    pub length: u64,
    /// The hash of the last one.
    pub hash: Hash,
}

/// The hash of a record or of what a chain is about: SHA-256 of its stored bytes.
#[must_use]
pub fn hash(stored: &[u8]) -> Hash {
    Sha256::digest(stored).into()
}

/// A record with its id and hash, for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// The record.
    pub record: Record,
    /// Its hash.
    pub hash: Hash,
}

impl Happening {
    /// `<chain>.<sequence>`.
    #[must_use]
    pub fn id(&self) -> String {
        id(self.record.chain, self.record.sequence)
    }

    /// Reads what [`Self::id`] writes.
    #[must_use]
    pub fn parse_id(id: &str) -> Option<(ChainId, u64)> {
        let (chain, sequence) = id.rsplit_once('.')?;
        Some((chain.parse().ok()?, sequence.parse().ok()?))
    }
}

/// The name of a record: `<chain>.<sequence>`.
#[must_use]
pub fn id(chain: ChainId, sequence: u64) -> String {
    format!("{chain}.{sequence}")
}
