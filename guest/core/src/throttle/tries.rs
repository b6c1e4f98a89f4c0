//! The tries of one subject, as they are kept.

use serde::{Deserialize, Serialize};

use crate::codec::Kept;
use crate::entry::digest::Digest;
use crate::instant::Instant;
use crate::period::Period;
use crate::throttle::limits::Limits;
use crate::throttle::subject::Subject;

/// Enough of a digest to tell one link from another, and not enough to be one.
type Mark = u64;

/// The tries of one subject. One and the same wrong link counts once, however often it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// Whose.
    pub subject: Subject,
    /// Those that count, the oldest first.
    wrong: Vec<(Instant, Mark)>,
    /// Since when and until when the subject is locked out.
    locked: Option<(Instant, Instant)>,
    /// For how long they count, as the policy said when the last one was added.
    within: Period,
}

impl Kept for Tries {
    /// Format 1 counted them for ten minutes.
    const GREW: &'static [&'static [u8]] = &[&[0, 0xc0, 0xcf, 0x24]];
}

impl Tries {
    /// None yet.
    #[must_use]
    pub const fn new(subject: Subject) -> Self {
        Self {
            subject,
            wrong: Vec::new(),
            locked: None,
            within: Period::minutes(10),
        }
    }

    /// Until when it is locked out. A clock that went back to before the lock lifts it: nobody may be locked out for longer
    /// than was meant.
    #[must_use]
    pub fn locked_until(&self, now: Instant) -> Option<Instant> {
        self.locked
            .filter(|(since, until)| (*since..*until).contains(&now))
            .map(|(_, until)| until)
    }

    /// How many count at this moment.
    #[must_use]
    pub fn counting(&self, now: Instant) -> usize {
        self.wrong
            .iter()
            .filter(|(at, _)| self.counts(*at, now))
            .count()
    }

    /// One more, under these limits. Tells until when it locks, if it does.
    pub fn add(&mut self, digest: &Digest, limits: &Limits, now: Instant) -> Option<Instant> {
        let limit = limits.of(&self.subject);
        self.within = limits.within;
        let mut wrong = core::mem::take(&mut self.wrong);
        wrong.retain(|(at, _)| self.counts(*at, now));
        let mark = mark(digest);
        if wrong.iter().all(|(_, known)| *known != mark) {
            wrong.push((now, mark));
        }
        self.wrong = wrong;
        self.locked = None;
        if self.wrong.len() >= limit.tries as usize {
            let until = limit.lock.after(now);
            self.locked = Some((now, until));
            // After the lock the count begins anew.
            self.wrong.clear();
            return Some(until);
        }
        None
    }

    /// From when on none of it matters.
    #[must_use]
    pub fn stale_from(&self) -> Instant {
        let last = self.wrong.last().map(|(at, _)| self.within.after(*at));
        let locked = self.locked.map(|(_, until)| until);
        last.max(locked).unwrap_or(Instant::from_millis(0))
    }

    fn counts(&self, at: Instant, now: Instant) -> bool {
        at <= now && now < self.within.after(at)
    }
}

fn mark(digest: &Digest) -> Mark {
    let first = digest.bytes().first_chunk::<8>();
    first.map_or(0, |bytes| Mark::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::throttle::limits::Limit;

    const MINUTE: u64 = 60_000;

    fn at(minute: u64) -> Instant {
        Instant::from_millis(minute * MINUTE)
    }

    fn link(number: u8) -> Digest {
        Digest::of(&[number; 32])
    }

    fn usual() -> Limits {
        Limits::default()
    }

    fn someone() -> Tries {
        Tries::new(Subject::Address([203, 0, 113, 9].into()))
    }

    #[test]
    fn three_different_ones_in_ten_minutes_lock_for_twenty() {
        let mut tries = someone();
        assert_eq!(tries.add(&link(1), &usual(), at(0)), None);
        assert_eq!(tries.add(&link(2), &usual(), at(9)), None);
        assert_eq!(tries.counting(at(9)), 2);
        assert_eq!(tries.add(&link(3), &usual(), at(9)), Some(at(29)));
        assert_eq!(tries.locked_until(at(28)), Some(at(29)));
        assert_eq!(tries.locked_until(at(29)), None);
        assert_eq!(tries.stale_from(), at(29));
    }

    #[test]
    fn the_same_one_again_is_one_and_old_ones_do_not_count() {
        let mut tries = someone();
        for minute in 0..5 {
            assert_eq!(tries.add(&link(1), &usual(), at(minute)), None);
        }
        assert_eq!(tries.add(&link(2), &usual(), at(9)), None);
        assert_eq!(
            tries.add(&link(3), &usual(), at(10)),
            None,
            "the first is too old"
        );
        assert_eq!(tries.add(&link(4), &usual(), at(11)), Some(at(31)));
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_for_longer() {
        let mut tries = someone();
        for number in 0..3 {
            tries.add(&link(number), &usual(), at(100));
        }
        assert_eq!(tries.locked_until(at(50)), None);
        assert_eq!(
            tries.add(&link(9), &usual(), at(50)),
            None,
            "and counts anew"
        );
        assert_eq!(tries.stale_from(), at(60));
    }

    #[test]
    fn how_many_are_too_many_and_for_how_long_is_the_policys() {
        let few = Limits {
            within: Period::minutes(2),
            address: Limit {
                tries: 2,
                lock: Period::hours(1),
            },
            ..usual()
        };
        let mut tries = someone();
        assert_eq!(tries.add(&link(1), &usual(), at(0)), None);
        assert_eq!(
            tries.add(&link(2), &few, at(5)),
            None,
            "the first is too old now"
        );
        assert_eq!(tries.stale_from(), at(7));
        assert_eq!(tries.add(&link(3), &few, at(6)), Some(at(66)));
    }
}
