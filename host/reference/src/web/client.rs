//! Where a request came from: the other end of the connection, or what the site's own proxy says of it.

use std::net::IpAddr;

use axum::http::HeaderMap;

/// What proxies append the address of their client to.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address. Only a request that comes from the proxy is believed, and of that only what the proxy itself
/// appended, which is the last: everything before it is the client's own to make up.
pub(crate) fn address(peer: IpAddr, headers: &HeaderMap, proxy: Option<IpAddr>) -> IpAddr {
    let peer = peer.to_canonical();
    if proxy.map(|proxy| proxy.to_canonical()) != Some(peer) {
        return peer;
    }
    let last = headers.get_all(FORWARDED_FOR).iter().next_back();
    last.and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|address| address.trim().parse().ok())
        .map_or(peer, |address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&'static str], proxy: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let proxy = proxy.map(|proxy| proxy.parse().unwrap());
        address(peer.parse().unwrap(), &headers, proxy).to_string()
    }

    #[test]
    fn nobody_but_the_proxy_is_believed() {
        let told = ["203.0.113.9"];
        assert_eq!(from("198.51.100.1", &told, None), "198.51.100.1");
        assert_eq!(
            from("198.51.100.1", &told, Some("127.0.0.1")),
            "198.51.100.1"
        );
        assert_eq!(from("127.0.0.1", &told, Some("127.0.0.1")), "203.0.113.9");
        assert_eq!(
            from("::ffff:127.0.0.1", &told, Some("127.0.0.1")),
            "203.0.113.9"
        );
    }

    #[test]
    fn of_what_the_proxy_says_only_the_last_is_its_own() {
        let proxy = Some("127.0.0.1");
        let one = ["10.9.9.9, 203.0.113.9"];
        assert_eq!(from("127.0.0.1", &one, proxy), "203.0.113.9");
        let two = ["10.9.9.9", "2001:db8::1"];
        assert_eq!(from("127.0.0.1", &two, proxy), "2001:db8::1");
        for nothing in ["", "unknown", "203.0.113.9,"] {
            assert_eq!(from("127.0.0.1", &[nothing], proxy), "127.0.0.1");
        }
    }
}
