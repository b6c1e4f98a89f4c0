//! Whose tries are counted together.

use core::fmt;
use core::net::{IpAddr, Ipv6Addr};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::grant::id::GrantId;
use crate::names::Origin;

/// Whose tries are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// A client: an IPv4 address, or the first half of an IPv6 address, which one client has for itself.
    Address(IpAddr),
    /// The grant that the link names, whether it exists or not.
    Grant(GrantId),
    /// Everybody.
    Site,
}

impl Subject {
    /// The client of a request, if its address is known.
    #[must_use]
    pub fn from_origin(origin: &Origin) -> Option<Self> {
        let address: IpAddr = origin.address.as_deref()?.parse().ok()?;
        Some(Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 => v4,
        }))
    }
}

/// `address:203.0.113.9`, `address:2001:db8::`, `grant:<id>` or `site`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => write!(f, "address:{address}"),
            Self::Grant(grant) => write!(f, "grant:{grant}"),
            Self::Site => f.write_str("site"),
        }
    }
}

/// The text names nothing whose tries are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASubject;

impl FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Self, NotASubject> {
        match text.split_once(':') {
            None if text == "site" => Ok(Self::Site),
            Some(("address", address)) => {
                address.parse().map(Self::Address).map_err(|_| NotASubject)
            }
            Some(("grant", grant)) => GrantId::parse(grant).map(Self::Grant).ok_or(NotASubject),
            _ => Err(NotASubject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Option<String> {
        Subject::from_origin(&Origin::new(Some(address), None)).map(|subject| subject.to_string())
    }

    #[test]
    fn one_client_is_one_subject_however_its_address_is_written() {
        assert_eq!(from("203.0.113.9").unwrap(), "address:203.0.113.9");
        assert_eq!(from("::ffff:203.0.113.9").unwrap(), "address:203.0.113.9");
        assert_eq!(from("2001:db8::1").unwrap(), "address:2001:db8::");
        assert_eq!(from("2001:db8::1"), from("2001:0DB8:0:0:ffff::2"));
        assert_ne!(from("2001:db8::1"), from("2001:db8:0:1::1"));
        assert_eq!(from("somewhere"), None);
    }

    #[test]
    fn is_read_back_as_it_is_written() {
        let grant = Subject::Grant(GrantId::from_bytes([7; 16]));
        for subject in [
            Subject::Site,
            grant,
            Subject::from_origin(&Origin::new(Some("2001:db8::1"), None)).unwrap(),
        ] {
            assert_eq!(subject.to_string().parse(), Ok(subject));
        }
        for text in [
            "",
            "Site",
            "site:",
            "address:",
            "address:x",
            "grant:x",
            "x:y",
        ] {
            assert_eq!(text.parse::<Subject>(), Err(NotASubject), "{text}");
        }
    }
}
