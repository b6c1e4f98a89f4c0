//! What a site allows at all, whoever grants.

pub mod change;
pub(crate) mod domain;
mod read;
pub(crate) mod rules;
mod stored;
pub mod templates;

pub use read::Policies;

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::codec::Kept;
use crate::grant::kind::Kind;
use crate::grant::window::Ending;
use crate::instant::Instant;
use crate::period::Period;
use crate::permissions::PermissionSet;
use crate::throttle::limits::Limits;

/// What becomes of a grant whose grantor is no user of the site any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrantorGone {
    /// It gives nothing while the grantor is gone.
    #[default]
    Withhold,
    /// It ends when that is seen.
    End,
}

impl GrantorGone {
    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withhold => "withhold",
            Self::End => "end",
        }
    }
}

/// Which permissions are handed out only while the site has a fresh backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshBackup {
    /// A backup of this age or older is none.
    pub max_age: Period,
    /// A grant that gives one of these needs it.
    pub permissions: Vec<String>,
}

/// A site's policy, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "stored::Stored", into = "stored::Stored")]
pub struct Policy {
    /// No grant gives more; none: everything but what is reserved.
    pub ceiling: Option<Vec<String>>,
    /// From opening to end.
    pub longest_window: Period,
    /// A grant is one of these roles, or fits in one; none: any.
    pub roles: Option<Vec<String>>,
    /// How often a link may be redeemed at most; none: any number of times.
    pub most_uses: Option<u32>,
    /// How a grant ends whose draft does not say.
    pub default_ending: Ending,
    /// Where a guest goes after signing in if the draft does not say.
    pub default_redirect: Option<String>,
    /// Addresses of these domains get no grant.
    pub forbidden_domains: Vec<String>,
    /// Only addresses of these domains do; none: any.
    pub allowed_domains: Option<Vec<String>>,
    /// What needs a fresh backup.
    pub fresh_backup: Option<FreshBackup>,
    /// What becomes of grants whose grantor is gone.
    pub grantor_gone: GrantorGone,
    /// The kinds of grant there may be; none: all.
    pub kinds: Option<Vec<Kind>>,
    /// A session is over so long after it began; none: with its grant.
    pub session_length: Option<Period>,
    /// A session is over when nothing was asked of it for so long; none: it may rest.
    pub session_idle: Option<Period>,
    /// So long after a grant ended the user that was made for it is retired; none: only by somebody's decision.
    pub retire_after: Option<Period>,
    /// Whether an invitation may be accepted for good; the longest window says nothing to what never ends.
    pub endless_invitations: bool,
    /// How many links that open nothing are too many.
    pub lockout: Limits,
    /// Since when nobody is let in, whatever they hold. No setting: see `lifecycle`.
    pub deactivated: Option<Instant>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            ceiling: None,
            longest_window: Period::months(12),
            roles: None,
            most_uses: None,
            default_ending: Ending::After(Period::days(7)),
            default_redirect: None,
            forbidden_domains: Vec::new(),
            allowed_domains: None,
            fresh_backup: None,
            grantor_gone: GrantorGone::Withhold,
            kinds: None,
            session_length: None,
            session_idle: None,
            retire_after: Some(Period::days(30)),
            endless_invitations: true,
            lockout: Limits::default(),
            deactivated: None,
        }
    }
}

/// Its shapes are told apart by its first byte (`stored`), not by formats.
impl Kept for Policy {}

impl Policy {
    /// The ceiling as a set.
    #[must_use]
    pub fn ceiling(&self, catalogue: &Catalogue) -> PermissionSet {
        self.ceiling
            .as_deref()
            .map_or(catalogue.all(), |names| catalogue.set_of(names))
    }
}
