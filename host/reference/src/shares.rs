//! How much of what there is little of one address may have at once.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// A network whose addresses are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, bits } = self;
        match first {
            IpAddr::V4(first) => first.fmt(f),
            IpAddr::V6(first) => write!(f, "{first}/{bits}"),
        }
    }
}

impl Network {
    fn of(address: Ipv6Addr, bits: u8) -> Self {
        let rest = 128 - u32::from(bits);
        let first = u128::from(address) >> rest << rest;
        Self {
            first: IpAddr::V6(Ipv6Addr::from(first)),
            bits,
        }
    }

    /// An address as it is counted: of IPv6 the first 64 bits, which are one customer's.
    pub fn near(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self::of(address, 64),
            first @ IpAddr::V4(_) => Self { first, bits: 32 },
        }
    }

    /// Of IPv6 also the first 48 bits, since that much is given to anybody who asks a provider for it.
    pub fn wide(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V6(address) => Some(Self::of(address, 48)),
            IpAddr::V4(_) => None,
        }
    }
}

/// Who has how many.
#[derive(Clone, Debug)]
pub struct Shares {
    most: usize,
    most_wide: Option<usize>,
    taken: Arc<Mutex<HashMap<Network, usize>>>,
}

/// One of the places that an address may have. Given back when dropped.
#[derive(Debug)]
#[must_use]
pub struct Share {
    networks: Vec<Network>,
    taken: Arc<Mutex<HashMap<Network, usize>>>,
}

impl Shares {
    /// So many at most for each address.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            most_wide: None,
            taken: Arc::default(),
        }
    }

    /// And so many for a [wide network](Network::wide).
    pub fn wide(self, most: usize) -> Self {
        Self {
            most_wide: Some(most),
            ..self
        }
    }

    /// One more for this address. None: it has as many as it may.
    pub fn take(&self, address: IpAddr) -> Option<Share> {
        let near = (Network::near(address), self.most);
        let wide = Network::wide(address).zip(self.most_wide);
        let counted: Vec<_> = std::iter::once(near).chain(wide).collect();
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |network: &Network| taken.get(network).copied().unwrap_or(0);
        if counted.iter().any(|(network, most)| has(network) >= *most) {
            return None;
        }
        let networks: Vec<_> = counted.into_iter().map(|(network, _)| network).collect();
        for network in &networks {
            *taken.entry(*network).or_default() += 1;
        }
        Some(Share {
            networks,
            taken: Arc::clone(&self.taken),
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        for network in &self.networks {
            match taken.get_mut(network) {
                Some(has) if *has > 1 => *has -= 1,
                _ => _ = taken.remove(network),
            }
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

    #[test]
    fn a_wide_network_has_its_share_too_but_only_of_ipv6() {
        let shares = Shares::new(2).wide(3);
        let take = |address: &str| shares.take(address.parse().unwrap());
        let held: Vec<_> = (0..3)
            .map(|n| take(&format!("2001:db8:0:{n}::1")))
            .collect();
        assert!(held.iter().all(Option::is_some));
        assert!(take("2001:db8:0:9::1").is_none());
        assert!(take("2001:db8::1").is_none());
        assert!(take("2001:db8:1::1").is_some(), "another network");
        drop(held);
        let four: Vec<_> = (1..5).map(|n| take(&format!("203.0.113.{n}"))).collect();
        let mapped = take("::ffff:203.0.113.1").zip(take("::ffff:203.0.113.1"));
        assert!(four.iter().all(Option::is_some) && mapped.is_none());
        drop(four);
        assert!(shares.taken.lock().unwrap().is_empty());
    }
}
