//! What can be asked and what can happen, small enough to be drawn at random ([`crate::draw`]), and written down as JSON.
//!
//! Grants, links and sessions are named by how many were made after them: 0 is the newest. So a trace stays meaningful when
//! steps are taken out of it.

use serde::{Deserialize, Serialize};

/// Counted from the newest of this site, round and round; from 128 on, of the other site.
pub type Which = u8;

/// Some of [`crate::world::PERMISSIONS`], as bits.
pub type Permissions = u16;

/// A sequence to be played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Why it is kept.
    #[serde(default)]
    pub about: String,
    /// Which of [`crate::world::BEGINNINGS`] the clock starts at.
    pub begins: u8,
    pub steps: Vec<Step>,
}

/// One step, on the site `main` unless `elsewhere`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
    pub op: Op,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Who {
    Olga,
    Ed,
    Ann,
    Sue,
    Nobody,
    /// The user whom the host made for a guest.
    Guest(Which),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Base {
    /// One of [`crate::world::ROLES`].
    Role(u8),
    All,
    Chosen(Permissions),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ends {
    /// So many milliseconds from now.
    At(i64),
    /// One of [`crate::world::PERIODS`].
    After(u8),
    AfterFirstUse(u8),
    Never,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// So many milliseconds from now.
    pub opens: Option<i64>,
    pub ends: Ends,
    pub use_within: Option<u8>,
}

/// A draft in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sketch {
    /// One of [`crate::world::ADDRESSES`].
    pub address: u8,
    pub base: Base,
    pub also: Permissions,
    pub except: Permissions,
    pub window: Option<Window>,
    pub uses: Option<u32>,
    /// One of [`crate::world::PURPOSES`].
    pub purpose: Option<u8>,
    /// Two bits: lacking permissions, without a backup. A third: a word that nobody knows.
    pub knowingly: u8,
    /// One of [`crate::world::REDIRECTS`].
    pub redirect: Option<u8>,
    /// One of [`crate::world::WAYS`].
    #[serde(default)]
    pub way: u8,
    /// No kind that there is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub odd_kind: bool,
}

/// A policy in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    pub ceiling: Option<Permissions>,
    /// One of [`crate::world::PERIODS`].
    pub longest: u8,
    /// Of [`crate::world::ROLES`], as bits.
    pub roles: Option<u8>,
    pub most_uses: Option<u32>,
    pub ends: Ends,
    pub redirect: Option<u8>,
    /// One of [`crate::world::DOMAINS`].
    pub forbidden: u8,
    pub allowed: Option<u8>,
    pub backup: Option<(u8, Permissions)>,
    pub end_when_grantor_gone: bool,
    /// One of [`crate::world::KINDS`].
    #[serde(default)]
    pub kinds: u8,
    /// One of [`crate::world::LOCKOUTS`].
    #[serde(default)]
    pub lockout: u8,
    /// One of [`crate::world::GRACES`].
    #[serde(default)]
    pub retire: u8,
    /// How long a session lasts and rests: of [`crate::world::PERIODS`].
    #[serde(default)]
    pub sessions: (Option<u8>, Option<u8>),
}

/// As whom an invitation is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum As {
    Existing(Who),
    New,
}

/// A link that somebody tries.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Pass {
    /// One that was issued.
    Issued(Which),
    /// Well-formed, of a grant that does not exist.
    Unknown(u16),
    /// Of a grant, but never issued.
    Wrong(Which, u16),
    /// No token at all.
    Garbage,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Locked {
    /// One of [`crate::world::CLIENTS`].
    Address(u8),
    Grant(Which),
    Site,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Longer {
    By(u8),
    /// So many milliseconds from now.
    To(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Move {
    Forward(u64),
    Back(u64),
    /// To where this grant ends, or so many milliseconds from there.
    ToTheEnd(Which, i8),
    /// To where this grant opens, or so many milliseconds from there.
    ToTheOpening(Which, i8),
}

/// What the hooks say from now on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Say {
    Nothing,
    VetoGrants,
    Except(Permissions),
    /// So many milliseconds from now.
    EndsBy(u64),
    Uses(u32),
    FailGrants,
    VetoEntries,
    FailEntries,
    Narrow(Permissions),
    FailNarrow,
}

/// What goes wrong at a write.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Wrong {
    /// It fails, without effect.
    Fails,
    /// Somebody else was faster, as the store says.
    Conflicts,
    /// It is done and the process dies.
    Dies,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Op {
    // The contract.
    Create(Who, Sketch),
    Get(Who, Which),
    List {
        by: Who,
        /// One of [`crate::world::STATES`].
        state: Option<u8>,
        address: Option<u8>,
        limit: u32,
    },
    Extend(Who, Which, Longer),
    Suspend(Who, Which),
    Resume(Who, Which),
    Revoke(Who, Which),
    Reissue(Who, Which),
    /// The content is kept, or handed over to somebody.
    Retire(Who, Which, Option<Who>),
    Inspect(Pass),
    /// From one of [`crate::world::CLIENTS`].
    Redeem(Pass, u8),
    SignOut(Which),
    Resolve(Which),
    /// One of [`crate::world::PERMISSIONS`].
    Check(Which, u8),
    Explain(Who, Which, u8),
    /// Who signs in by a password, from one of [`crate::world::CLIENTS`].
    SignIn(Who, u8),
    MaySignIn(Who),
    LookAt(Pass),
    Accept(Pass, As, u8),
    Decline(Pass, u8),
    Memberships(Who),
    /// Into an account, out of one of the sessions.
    Switch(Who, Which, Option<Which>),
    ReturnToOwn(Which),
    ChangeScope {
        by: Who,
        grant: Which,
        base: Base,
        also: Permissions,
        except: Permissions,
        knowingly: u8,
    },
    /// Of what the second handed out, so many at a time.
    RevokeAll(Who, Who, u32),
    Deactivate,
    Activate,
    Policy,
    SetPolicy(Who, Rules),
    History {
        by: Who,
        grant: Which,
        first: u64,
        limit: u32,
    },
    Lockouts(Who, u32),
    Lift(Who, Locked),
    /// Until nothing more is due, so many at a time.
    Sweep(u32),
    NextDue,
    Drain(u32),
    /// The oldest so many.
    Acknowledge(u32),
    /// Everything there is, compared.
    Audit,
    // The world.
    Clock(Move),
    /// The host gives this user a role of [`crate::world::ROLES`], with the permission to hand out access or without.
    Role(Who, u8, bool),
    Owner(Who),
    Remove(Who),
    Return(Who),
    /// The host takes a permission out of a role of the catalogue, or puts it there.
    RoleOfCatalogue(u8, u8),
    /// The host reserves a permission, or does so no more.
    Reserve(u8),
    RejectUsers(bool),
    BackUp(u64),
    Hooks(Say),
    // Trouble.
    /// At the n-th write of it, something goes wrong.
    Aborted(u8, Wrong, Box<Op>),
    /// The second happens just before the n-th call that the first makes of the store.
    Meanwhile(u8, Box<Op>, Box<Op>),
}
