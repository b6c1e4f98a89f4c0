//! How much of what there is little of one address may have at once.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// An address as it is counted: of IPv6 the first 64 bits, which are one customer's.
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Who has how many.
#[derive(Clone, Debug)]
pub struct Shares {
    most: usize,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One of the places that an address may have. Given back when dropped.
#[derive(Debug)]
#[must_use]
pub struct Share {
    address: IpAddr,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Shares {
    /// So many at most for each address.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            taken: Arc::default(),
        }
    }

    /// One more for this address. None: it has as many as it may.
    pub fn take(&self, address: IpAddr) -> Option<Share> {
        let address = counted(address);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let has = taken.get(&address).copied().unwrap_or(0);
        if has >= self.most {
            return None;
        }
        taken.insert(address, has + 1);
        Some(Share {
            address,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.address) {
            Some(has) if *has > 1 => *has -= 1,
            _ => _ = taken.remove(&self.address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_and_what_is_given_back_is_free_again() {
        let shares = Shares::new(2);
        let take = |address: &str| shares.take(address.parse().unwrap());
        let first = take("2001:db8::1").unwrap();
        let second = take("2001:db8::2").unwrap();
        assert!(take("2001:db8::3").is_none(), "one network is one");
        assert!(take("2001:db8:0:1::1").is_some());
        drop(first);
        let third = take("2001:db8::3").unwrap();
        assert!(take("2001:db8::4").is_none());
        drop((second, third));
        assert!(shares.taken.lock().unwrap().is_empty());
    }
}
