//! The tries of one subject, as they are kept.

use serde::{Deserialize, Serialize};

use crate::codec::Kept;
use crate::entry::digest::Digest;
use crate::instant::Instant;
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
}

impl Kept for Tries {}

impl Tries {
    /// None yet.
    #[must_use]
    pub const fn new(subject: Subject) -> Self {
        Self {
            subject,
            wrong: Vec::new(),
            locked: None,
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

    /// One more. Tells until when it locks, if it does.
    pub fn add(&mut self, digest: &Digest, now: Instant) -> Option<Instant> {
        let limits = self.subject.limits();
        let mut wrong = core::mem::take(&mut self.wrong);
        wrong.retain(|(at, _)| self.counts(*at, now));
        let mark = mark(digest);
        if wrong.iter().all(|(_, known)| *known != mark) {
            wrong.push((now, mark));
        }
        self.wrong = wrong;
        self.locked = None;
        if self.wrong.len() >= limits.tries {
            let until = now.plus_millis(limits.lock);
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
        let within = self.subject.limits().within;
        let last = self.wrong.last().map(|(at, _)| at.plus_millis(within));
        let locked = self.locked.map(|(_, until)| until);
        last.max(locked).unwrap_or(Instant::from_millis(0))
    }

    fn counts(&self, at: Instant, now: Instant) -> bool {
        at <= now && now < at.plus_millis(self.subject.limits().within)
    }
}

fn mark(digest: &Digest) -> Mark {
    let first = digest.bytes().first_chunk::<8>();
    first.map_or(0, |bytes| Mark::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;

    fn at(minute: u64) -> Instant {
        Instant::from_millis(minute * MINUTE)
    }

    fn link(number: u8) -> Digest {
        Digest::of(&[number; 32])
    }

    fn someone() -> Tries {
        Tries::new(Subject::Address([203, 0, 113, 9].into()))
    }

    #[test]
    fn three_different_ones_in_ten_minutes_lock_for_twenty() {
        let mut tries = someone();
        assert_eq!(tries.add(&link(1), at(0)), None);
        assert_eq!(tries.add(&link(2), at(9)), None);
        assert_eq!(tries.counting(at(9)), 2);
        assert_eq!(tries.add(&link(3), at(9)), Some(at(29)));
        assert_eq!(tries.locked_until(at(28)), Some(at(29)));
        assert_eq!(tries.locked_until(at(29)), None);
        assert_eq!(tries.stale_from(), at(29));
    }

    #[test]
    fn the_same_one_again_is_one_and_old_ones_do_not_count() {
        let mut tries = someone();
        for minute in 0..5 {
            assert_eq!(tries.add(&link(1), at(minute)), None);
        }
        assert_eq!(tries.add(&link(2), at(9)), None);
        assert_eq!(tries.add(&link(3), at(10)), None, "the first is too old");
        assert_eq!(tries.add(&link(4), at(11)), Some(at(31)));
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_for_longer() {
        let mut tries = someone();
        for number in 0..3 {
            tries.add(&link(number), at(100));
        }
        assert_eq!(tries.locked_until(at(50)), None);
        assert_eq!(tries.add(&link(9), at(50)), None, "and counts anew");
        assert_eq!(tries.stale_from(), at(60));
    }
}
