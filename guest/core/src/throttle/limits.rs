//! How many tries are too many: numbers of the site's policy.

use serde::{Deserialize, Serialize};

use crate::period::Period;
use crate::refusal::{Code, Refusal};
use crate::throttle::subject::Subject;

/// As many tries as are kept of one subject: the record of them is read whenever a link opens nothing.
const MOST_TRIES: u32 = 1_000;
const SHORTEST: Period = Period::minutes(1);
const LONGEST: Period = Period::days(1);

/// So many distinct links that open nothing are too many, and then nobody is let in for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// So many lock.
    pub tries: u32,
    /// For how long.
    pub lock: Period,
}

/// The limits of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Tries count for so long.
    pub within: Period,
    /// From one client address.
    pub address: Limit,
    /// For one grant.
    pub grant: Limit,
    /// On the whole site.
    pub site: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        let limit = |tries, minutes| Limit {
            tries,
            lock: Period::minutes(minutes),
        };
        Self {
            within: Period::minutes(10),
            address: limit(3, 20),
            grant: limit(20, 20),
            site: limit(300, 5),
        }
    }
}

impl Limits {
    /// The limit for this subject.
    #[must_use]
    pub const fn of(&self, subject: &Subject) -> Limit {
        match subject {
            Subject::Address(_) => self.address,
            Subject::Grant(_) => self.grant,
            Subject::Site => self.site,
        }
    }

    /// Whether every number is one with which tries are still stopped and nobody is locked out for days.
    ///
    /// # Errors
    /// [`Code::OutOfRange`], about the number.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        self.within
            .check_range(SHORTEST, LONGEST, "lockout.within")?;
        for (limit, tries, lock) in [
            (
                self.address,
                "lockout.address.tries",
                "lockout.address.lock",
            ),
            (self.grant, "lockout.grant.tries", "lockout.grant.lock"),
            (self.site, "lockout.site.tries", "lockout.site.lock"),
        ] {
            if !(1..=MOST_TRIES).contains(&limit.tries) {
                return Err(Code::OutOfRange
                    .because(format!(
                        "A lock comes after 1 to {MOST_TRIES} links that open nothing, not after {}.",
                        limit.tries
                    ))
                    .about(tries));
            }
            limit.lock.check_range(SHORTEST, LONGEST, lock)?;
        }
        Ok(())
    }

    /// What history says of them.
    #[must_use]
    pub(crate) fn noted(&self) -> String {
        let said = |limit: Limit| format!("{} {}", limit.tries, limit.lock);
        format!(
            "within {} address {} grant {} site {}",
            self.within,
            said(self.address),
            said(self.grant),
            said(self.site)
        )
    }
}
