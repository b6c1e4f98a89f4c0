//! Who tries secrets that open nothing, by client address: keys of the API, and passwords. Whoever guesses must not go on for
//! ever, keep the server busy with it, nor go unnoticed. Nobody else is locked out by it, whoever the guesses are about.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::secret::TokenDigest;
use crate::shares::Network;

const MINUTE: u64 = 60 * 1000;
/// Different wrong ones that lock an address out. More than a program with an old key in each of its places has.
const TRIES: usize = 10;
/// Different wrong ones that lock a wide network of IPv6 out, since whoever has one has 65,536 of the usual.
const TRIES_WIDE: usize = 40;
/// In which time they must be tried.
const WITHIN: u64 = 10 * MINUTE;
/// For how long.
const LOCK: u64 = 20 * MINUTE;
/// Addresses that are remembered; beyond them, those that were heard of longest ago are forgotten.
const REMEMBERED: usize = 10_000;

/// The tries of one network.
#[derive(Debug, Default)]
struct Tries {
    /// When, and which. The same wrong one counts once.
    wrong: Vec<(u64, TokenDigest)>,
    locked: Option<u64>,
    last: u64,
}

/// The tries of all addresses. Forgotten when the server stops: nobody waits longer than the lock for that.
#[derive(Debug)]
pub struct WrongTries {
    /// What is tried, for the operator.
    what: &'static str,
    of: Mutex<HashMap<Network, Tries>>,
}

impl WrongTries {
    /// Nobody has tried one of these yet.
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            of: Mutex::default(),
        }
    }

    /// In how many seconds this address may try again, while it is locked out. No address is never locked out.
    pub fn locked(&self, address: Option<IpAddr>, now: u64) -> Option<u64> {
        let address = address?;
        let of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let until = |network: Network| of.get(&network)?.locked;
        let near = until(Network::near(address));
        let locks = near
            .into_iter()
            .chain(Network::wide(address).and_then(until));
        // A clock that went back to before the lock lifts it: nobody waits longer than was meant.
        let hold = locks.filter(|until| now < *until && until.saturating_sub(LOCK) <= now);
        hold.map(|until| (until - now).div_ceil(1000)).max()
    }

    /// One more that opened nothing.
    pub fn count(&self, address: Option<IpAddr>, tried: &TokenDigest, now: u64) {
        let Some(address) = address else {
            return;
        };
        self.count_in(Network::near(address), TRIES, tried, now);
        if let Some(network) = Network::wide(address) {
            self.count_in(network, TRIES_WIDE, tried, now);
        }
    }

    fn count_in(&self, network: Network, most: usize, tried: &TokenDigest, now: u64) {
        let mut all = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED && !all.contains_key(&network) {
            forget(&mut all, now);
        }
        let tries = all.entry(network).or_default();
        tries.last = now;
        tries.locked = None;
        tries
            .wrong
            .retain(|(at, _)| *at <= now && now < at.saturating_add(WITHIN));
        if tries.wrong.iter().all(|(_, known)| known != tried) {
            tries.wrong.push((now, *tried));
        }
        if tries.wrong.len() >= most {
            tries.wrong.clear();
            tries.locked = Some(now.saturating_add(LOCK));
            tracing::warn!(
                "{most} wrong {} came from {network}, which is locked out",
                self.what
            );
        }
    }
}

/// Makes room: for all that is over, else for whoever was heard of longest ago.
fn forget(all: &mut HashMap<Network, Tries>, now: u64) {
    all.retain(|_, tries| now < tries.last.saturating_add(LOCK));
    if all.len() >= REMEMBERED {
        let oldest = all.iter().min_by_key(|(_, tries)| tries.last);
        if let Some(oldest) = oldest.map(|(address, _)| *address) {
            all.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn someone() -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, 9]))
    }

    fn try_all(keys: &WrongTries, address: Option<IpAddr>, count: usize, now: u64) {
        for number in 0..count {
            keys.count(address, &[u8::try_from(number).unwrap(); 32], now);
        }
    }

    #[test]
    fn p04_ten_different_wrong_keys_lock_their_address_out_for_twenty_minutes_and_no_other() {
        let keys = WrongTries::new("keys");
        try_all(&keys, someone(), TRIES - 1, MINUTE);
        assert!(keys.locked(someone(), MINUTE).is_none());
        try_all(&keys, someone(), TRIES, MINUTE);
        assert!(keys.locked(someone(), 2 * MINUTE).is_some());
        assert!(keys.locked(someone(), MINUTE + LOCK - 1).is_some());
        assert!(keys.locked(someone(), MINUTE + LOCK).is_none());
        let other = Some(IpAddr::from([203, 0, 113, 10]));
        assert!(keys.locked(other, 2 * MINUTE).is_none());
        assert!(keys.locked(someone(), 0).is_none(), "the clock went back");
    }

    #[test]
    fn the_same_key_again_is_one_try_and_old_ones_do_not_count() {
        let keys = WrongTries::new("keys");
        for _ in 0..100 {
            try_all(&keys, someone(), 1, MINUTE);
        }
        assert!(keys.locked(someone(), MINUTE).is_none());
        try_all(&keys, someone(), TRIES - 1, MINUTE);
        keys.count(someone(), &[99; 32], MINUTE + WITHIN);
        assert!(keys.locked(someone(), MINUTE + WITHIN).is_none());
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        let keys = WrongTries::new("keys");
        for number in 0..u8::try_from(TRIES).unwrap() {
            let address: IpAddr = format!("2001:db8::{number:x}").parse().unwrap();
            keys.count(Some(address), &[number; 32], MINUTE);
        }
        let locked = |address: &str| keys.locked(address.parse().ok(), MINUTE).is_some();
        assert!(locked("2001:db8::ffff"));
        assert!(!locked("2001:db8:0:1::1"));
    }

    #[test]
    fn p04_whoever_takes_another_ipv6_network_for_each_try_is_locked_out_with_all_of_them() {
        let keys = WrongTries::new("keys");
        let count = |number: u8| {
            let address: IpAddr = format!("2001:db8:0:{number:x}::1").parse().unwrap();
            keys.count(Some(address), &[number; 32], MINUTE);
        };
        let locked = |address: &str, now| keys.locked(address.parse().ok(), now).is_some();
        let last = u8::try_from(TRIES_WIDE).unwrap() - 1;
        (0..last).for_each(count);
        assert!(!locked("2001:db8:0:ffff::1", MINUTE));
        count(last);
        assert!(locked("2001:db8:0:ffff::1", MINUTE));
        assert!(!locked("2001:db8:0:ffff::1", MINUTE + LOCK));
        assert!(!locked("2001:db8:1::1", MINUTE));
        // Of IPv4 each address is one of its own.
        for number in 0..=last {
            let address = Some(IpAddr::from([203, 0, 113, number]));
            keys.count(address, &[number; 32], MINUTE);
        }
        assert!(!locked("203.0.113.1", MINUTE));
    }

    #[test]
    fn no_more_addresses_are_remembered_than_there_is_room_for() {
        let keys = WrongTries::new("keys");
        for number in 0..u32::try_from(REMEMBERED).unwrap() + 10 {
            let address = Some(IpAddr::from(number.to_be_bytes()));
            keys.count(address, &[0; 32], MINUTE + u64::from(number));
        }
        assert_eq!(keys.of.lock().unwrap().len(), REMEMBERED);
    }
}
