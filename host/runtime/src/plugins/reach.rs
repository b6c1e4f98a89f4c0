//! Where requests of plugins may lead: a name that an owner approved is a name of the public Internet. Whoever decides what it
//! resolves to must not reach what only this machine and its network reach: the host's own pages, a database, the metadata of
//! a cloud.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Whether a request to this host, as its address names it, may be sent to where that resolves. An IP address is the one that
/// was approved, and `localhost` is this machine; any other name leads to addresses of the public Internet only.
///
/// For clients of a host's own ([`Http`](super::Http)), which have to ask for the address that they then connect to, so that no
/// second look-up can answer otherwise.
pub fn may_lead_to(host: &str, address: IpAddr) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return address.to_canonical().is_loopback();
    }
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    bare.unwrap_or(host).parse::<IpAddr>().is_ok() || is_public(address)
}

/// Whether an address is one of the public Internet, by the registries of special-purpose addresses (RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, 6to4 relays, benchmarks, shared by a provider's customers, protocols.
        [0, ..] | [192, 88, 99, _] | [198, 18..=19, ..] | [100, 64..=127, ..] | [192, 0, 0, _] => {
            true
        }
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => address.is_documentation(),
    };
    !special && !address.is_loopback() && !address.is_private() && !address.is_link_local()
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // What NAT64 and 6to4 lead to.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => embedded(high, low),
        // Protocols (Teredo among them) and documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // All that is given out. Loopback, link-local, unique local and multicast lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// A name that leads where it must not.
#[derive(Debug)]
pub(super) struct NotPublic {
    host: String,
    address: IpAddr,
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, address } = self;
        write!(
            f,
            "the name `{host}` leads to {address}, which is no address of the public Internet; for a receiver on this machine or in \
             its network, its IP address or `localhost` has to be approved instead of a name"
        )
    }
}

impl std::error::Error for NotPublic {}

/// A resolver that gives only addresses to which a request may lead. What it gives is what is connected to.
#[derive(Debug)]
pub(super) struct Reachable<R>(pub(super) R);

impl<R: Resolver> Resolver for Reachable<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let found = self.0.resolve(uri, config, timeout)?;
        match found.iter().find(|one| !may_lead_to(host, one.ip())) {
            None => Ok(found),
            Some(one) => Err(ureq::Error::Other(Box::new(NotPublic {
                host: host.to_owned(),
                address: one.ip(),
            }))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        for public in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "223.255.255.254",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for own in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(own.parse().unwrap()), "{own}");
        }
    }

    #[test]
    fn what_was_approved_literally_is_reached_and_what_only_looks_so_is_not() {
        let here = "127.0.0.1".parse().unwrap();
        for literal in ["127.0.0.1", "[::1]", "10.0.0.1", "localhost", "LOCALHOST"] {
            assert!(may_lead_to(literal, here), "{literal}");
        }
        assert!(!may_lead_to("localhost", "10.0.0.1".parse().unwrap()));
        for name in [
            "a.example",
            "localhost.",
            "a.localhost",
            "2130706433",
            "127.1",
            "0x7f.1",
            "",
        ] {
            assert!(!may_lead_to(name, here), "{name}");
        }
    }
}
