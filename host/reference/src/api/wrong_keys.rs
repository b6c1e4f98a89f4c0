//! Who tries keys that open nothing, by client address. A key cannot be guessed; but whoever tries must not keep the
//! database busy with it, nor go unnoticed.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderValue, StatusCode, header};

use super::failure::Failure;
use crate::secret::TokenDigest;

const MINUTE: u64 = 60 * 1000;
/// Different wrong keys that lock an address out. More than a program with an old key in each of its places has.
const TRIES: usize = 10;
/// In which time they must be tried.
const WITHIN: u64 = 10 * MINUTE;
/// For how long.
const LOCK: u64 = 20 * MINUTE;
/// Addresses that are remembered; beyond them, those that were heard of longest ago are forgotten.
const REMEMBERED: usize = 10_000;

/// The tries of one address.
#[derive(Debug, Default)]
struct Tries {
    /// When, and which key. The same wrong key counts once.
    wrong: Vec<(u64, TokenDigest)>,
    locked: Option<u64>,
    last: u64,
}

/// The tries of all addresses. Forgotten when the server stops: nobody waits longer than the lock for that.
#[derive(Debug, Default)]
pub struct WrongKeys(Mutex<HashMap<IpAddr, Tries>>);

impl WrongKeys {
    /// Refuses while the address is locked out, whatever key it shows.
    pub fn check(&self, address: Option<IpAddr>, now: u64) -> Result<(), Failure> {
        let Some(address) = address.map(counted) else {
            return Ok(());
        };
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = tries.get(&address).and_then(|tries| tries.locked);
        // A clock that went back to before the lock lifts it: nobody waits longer than was meant.
        match until.filter(|until| now < *until && until.saturating_sub(LOCK) <= now) {
            None => Ok(()),
            Some(until) => Err(Failure::new(
                StatusCode::TOO_MANY_REQUESTS,
                "locked-out",
                "Too many wrong keys came from this address. Look at the key and try again later.",
            )
            .with(
                header::RETRY_AFTER,
                HeaderValue::from((until - now).div_ceil(1000)),
            )),
        }
    }

    /// One more that opened nothing.
    pub fn count(&self, address: Option<IpAddr>, key: &TokenDigest, now: u64) {
        let Some(address) = address.map(counted) else {
            return;
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED && !all.contains_key(&address) {
            forget(&mut all, now);
        }
        let tries = all.entry(address).or_default();
        tries.last = now;
        tries.locked = None;
        tries
            .wrong
            .retain(|(at, _)| *at <= now && now < at.saturating_add(WITHIN));
        if tries.wrong.iter().all(|(_, known)| known != key) {
            tries.wrong.push((now, *key));
        }
        if tries.wrong.len() >= TRIES {
            tries.wrong.clear();
            tries.locked = Some(now.saturating_add(LOCK));
            tracing::warn!(
                "{TRIES} wrong keys of the API came from {address}, which is locked out"
            );
        }
    }
}

/// An address as it is counted: of IPv6 the first 64 bits, which are one customer's.
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Makes room: for all that is over, else for whoever was heard of longest ago.
fn forget(all: &mut HashMap<IpAddr, Tries>, now: u64) {
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

    fn try_all(keys: &WrongKeys, address: Option<IpAddr>, count: usize, now: u64) {
        for number in 0..count {
            keys.count(address, &[u8::try_from(number).unwrap(); 32], now);
        }
    }

    #[test]
    fn p04_ten_different_wrong_keys_lock_their_address_out_for_twenty_minutes_and_no_other() {
        let keys = WrongKeys::default();
        try_all(&keys, someone(), TRIES - 1, MINUTE);
        assert!(keys.check(someone(), MINUTE).is_ok());
        try_all(&keys, someone(), TRIES, MINUTE);
        assert!(keys.check(someone(), 2 * MINUTE).is_err());
        assert!(keys.check(someone(), MINUTE + LOCK - 1).is_err());
        assert!(keys.check(someone(), MINUTE + LOCK).is_ok());
        let other = Some(IpAddr::from([203, 0, 113, 10]));
        assert!(keys.check(other, 2 * MINUTE).is_ok());
        assert!(keys.check(someone(), 0).is_ok(), "the clock went back");
    }

    #[test]
    fn the_same_key_again_is_one_try_and_old_ones_do_not_count() {
        let keys = WrongKeys::default();
        for _ in 0..100 {
            try_all(&keys, someone(), 1, MINUTE);
        }
        assert!(keys.check(someone(), MINUTE).is_ok());
        try_all(&keys, someone(), TRIES - 1, MINUTE);
        keys.count(someone(), &[99; 32], MINUTE + WITHIN);
        assert!(keys.check(someone(), MINUTE + WITHIN).is_ok());
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        let keys = WrongKeys::default();
        for number in 0..u8::try_from(TRIES).unwrap() {
            let address: IpAddr = format!("2001:db8::{number:x}").parse().unwrap();
            keys.count(Some(address), &[number; 32], MINUTE);
        }
        let check = |address: &str| keys.check(address.parse().ok(), MINUTE);
        assert!(check("2001:db8::ffff").is_err());
        assert!(check("2001:db8:0:1::1").is_ok());
    }

    #[test]
    fn no_more_addresses_are_remembered_than_there_is_room_for() {
        let keys = WrongKeys::default();
        for number in 0..u32::try_from(REMEMBERED).unwrap() + 10 {
            let address = Some(IpAddr::from(number.to_be_bytes()));
            keys.count(address, &[0; 32], MINUTE + u64::from(number));
        }
        assert_eq!(keys.0.lock().unwrap().len(), REMEMBERED);
    }
}
