//! Where a request came from: the other end of the connection, or what the site's own proxy says of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::http::HeaderMap;

/// What proxies append the address of their client to.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address. Only a request that comes from the proxy is believed, and of that only what the proxy itself
/// appended, which is the last: everything before it is the client's own to make up. None where the proxy names nobody, whose
/// tries are then not counted by address: counted as the proxy's they would lock everybody out.
pub(crate) fn address(peer: IpAddr, headers: &HeaderMap, proxy: Option<IpAddr>) -> Option<IpAddr> {
    let peer = peer.to_canonical();
    if proxy.map(|proxy| proxy.to_canonical()) != Some(peer) {
        return Some(peer);
    }
    let Some(last) = headers.get_all(FORWARDED_FOR).iter().next_back() else {
        return Some(peer);
    };
    let named = last
        .to_str()
        .ok()
        .and_then(|value| named(value.rsplit(',').next()?));
    // Once: it is the proxy's setting, and each request would say the same.
    static TOLD: Once = Once::new();
    if named.is_none() {
        TOLD.call_once(|| {
            tracing::warn!("the proxy's X-Forwarded-For does not end with an address; tries of such clients are not counted by address");
        });
    }
    named
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn named(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let alone = bare.unwrap_or(text).parse().ok();
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    alone
        .or_else(with_port)
        .map(|address: IpAddr| address.to_canonical())
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
        let address = address(peer.parse().unwrap(), &headers, proxy);
        address.map_or_else(|| "nobody".to_owned(), |address| address.to_string())
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
        assert_eq!(from("127.0.0.1", &[], proxy), "127.0.0.1");
    }

    /// Counts the lines of a log.
    #[derive(Clone, Default)]
    struct Counted(std::sync::Arc<std::sync::atomic::AtomicUsize>);

    impl std::io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
            self.0.fetch_add(lines, std::sync::atomic::Ordering::SeqCst);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_proxy_that_names_nobody_is_told_of_once() {
        let told = Counted::default();
        let writer = told.clone();
        let log = tracing_subscriber::fmt().with_writer(move || writer.clone());
        tracing::subscriber::with_default(log.finish(), || {
            for _ in 0..3 {
                let nobody = from("127.0.0.1", &["unknown"], Some("127.0.0.1"));
                assert_eq!(nobody, "nobody");
            }
        });
        // None, where another test came first.
        assert!(told.0.load(std::sync::atomic::Ordering::SeqCst) <= 1);
    }

    #[test]
    fn a_port_is_not_part_of_it_and_who_is_not_named_is_not_the_proxy() {
        let proxy = Some("127.0.0.1");
        for (written, meant) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
        ] {
            assert_eq!(from("127.0.0.1", &[written], proxy), meant);
        }
        for nobody in ["", "unknown", "203.0.113.9,"] {
            assert_eq!(from("127.0.0.1", &[nobody], proxy), "nobody");
        }
    }
}
