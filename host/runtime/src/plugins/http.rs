//! Requests of plugins to the outside.

use std::time::Duration;

use ureq::http::{Method, Request, Uri};
use ureq::unversioned::resolver::{DefaultResolver, Resolver};
use ureq::unversioned::transport::DefaultConnector;

pub use super::bindings::guestpass::plugin::http::{
    Request as HttpRequest, Response as HttpResponse,
};
use super::bindings::guestpass::plugin::types::Named;
use super::reach::{NotPublic, Reachable};

/// The largest body, either way, in bytes.
pub(super) const LARGEST_BODY: usize = 1 << 20;
/// The most headers of one request.
const MOST_HEADERS: usize = 50;
/// The methods that a plugin may use.
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
/// What the client decides by itself.
const NOT_FOR_PLUGINS: [&str; 6] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "expect",
];

/// A client for the requests of plugins. The one built in, [`PlainHttp`], speaks no TLS; a host that has a client which does
/// hands it over.
///
/// Whether the plugin may ask this host at all was checked before. Where the host's name leads is the client's to check, of the
/// address that it connects to: [`may_lead_to`](super::may_lead_to) says it.
pub trait Http: Send + Sync + 'static {
    /// Sends one request and reads the answer, within this time and without following redirects. A body longer than `largest`
    /// bytes is an error. Errors are sentences.
    fn send(
        &self,
        request: &HttpRequest,
        timeout: Duration,
        largest: usize,
    ) -> Result<HttpResponse, String>;
}

/// Plain HTTP. An address of `https://` is refused: nothing in this crate speaks TLS.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainHttp;

impl Http for PlainHttp {
    fn send(
        &self,
        request: &HttpRequest,
        timeout: Duration,
        largest: usize,
    ) -> Result<HttpResponse, String> {
        sent_by(DefaultResolver::default(), request, timeout, largest)
    }
}

/// Sends a request to where this resolver says that its host is.
fn sent_by(
    resolver: impl Resolver,
    request: &HttpRequest,
    timeout: Duration,
    largest: usize,
) -> Result<HttpResponse, String> {
    if !request.url.starts_with("http://") {
        return Err(
            "this host speaks plain HTTP only; use an address of `http://`, or a host with TLS"
                .to_owned(),
        );
    }
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(timeout))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // A proxy of the environment would be asked instead of the host that was approved.
        .proxy(None)
        .user_agent("guestpass-plugin")
        .build();
    let mut sent = Request::builder()
        .method(request.method.as_str())
        .uri(&request.url);
    for header in &request.headers {
        sent = sent.header(&header.name, &header.value);
    }
    let sent = sent
        .body(request.body.as_slice())
        .map_err(|error| format!("the request is wrong: {error}"))?;
    let resolver = Reachable(resolver);
    let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
    let failed = |error: ureq::Error| match error {
        ureq::Error::Other(why) if why.is::<NotPublic>() => why.to_string(),
        error => format!("the host did not answer as it should: {error}"),
    };
    let mut response = if request.body.is_empty()
        && matches!(request.method.as_str(), "GET" | "HEAD" | "DELETE")
    {
        agent.run(sent.map(|_| ()))
    } else {
        agent.run(sent)
    }
    .map_err(failed)?;
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| Named {
            name: name.to_string(),
            value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
        })
        .collect();
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(largest as u64)
        .read_to_vec()
        .map_err(failed)?;
    Ok(HttpResponse {
        status,
        headers,
        body,
        more: Vec::new(),
    })
}

/// The host of an address, as capabilities name it; `None` if the address is none of a host.
pub(super) fn host_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    // `http://approved@other/` goes to the other one.
    let authority = uri
        .authority()
        .filter(|authority| !authority.as_str().contains('@'))?;
    let usual = match uri.scheme_str() {
        Some("http") => 80,
        Some("https") => 443,
        _ => return None,
    };
    let name = authority.host().to_ascii_lowercase();
    Some(match authority.port_u16() {
        Some(port) if port != usual => format!("{name}:{port}"),
        _ => name,
    })
}

/// Checks a request before it is sent: whether it may go to its host, and whether it is one at all.
pub(super) fn check<'a>(
    request: &HttpRequest,
    mut hosts: impl Iterator<Item = &'a str>,
) -> Result<(), String> {
    if !METHODS.contains(&request.method.as_str())
        || Method::from_bytes(request.method.as_bytes()).is_err()
    {
        return Err(format!("the method must be one of {}", METHODS.join(", ")));
    }
    let target = host_of(&request.url).ok_or(
        "the url must be an address such as `http://hooks.example.com/path`, without a user name",
    )?;
    if !hosts.any(|host| host == target) {
        return Err(format!("requests to `{target}` were not approved"));
    }
    if request.body.len() > LARGEST_BODY {
        return Err(format!("the body has more than {LARGEST_BODY} bytes"));
    }
    if request.headers.len() > MOST_HEADERS {
        return Err(format!("there are more than {MOST_HEADERS} headers"));
    }
    for header in &request.headers {
        if NOT_FOR_PLUGINS.contains(&header.name.to_ascii_lowercase().as_str()) {
            return Err(format!("the header `{}` is set by the host", header.name));
        }
    }
    if let Some(unknown) = request.more.first() {
        return Err(format!("this host does not know `{}`", unknown.name));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpListener};

    use ureq::unversioned::resolver::ResolvedSocketAddrs;
    use ureq::unversioned::transport::NextTimeout;

    use super::*;

    fn asking(url: &str) -> HttpRequest {
        HttpRequest {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            more: Vec::new(),
        }
    }

    fn may(url: &str) -> Result<(), String> {
        check(&asking(url), ["a.example", "b.example:9000"].into_iter())
    }

    /// Says of every name that it is this.
    #[derive(Debug)]
    struct Lying(SocketAddr);

    impl Resolver for Lying {
        fn resolve(
            &self,
            _: &Uri,
            _: &ureq::config::Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, ureq::Error> {
            let mut found = self.empty();
            found.push(self.0);
            Ok(found)
        }
    }

    #[test]
    fn a_name_that_leads_to_this_machine_is_refused_before_anything_is_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap();
        let mapped = format!("[::ffff:127.0.0.1]:{}", here.port());
        let second = Duration::from_secs(1);
        for answer in [here, mapped.parse().unwrap()] {
            let said = sent_by(Lying(answer), &asking("http://a.example/"), second, 10);
            let said = said.err().unwrap();
            assert!(
                said.starts_with("the name `a.example` leads to ")
                    && said.contains("no address of the public Internet"),
                "{said}"
            );
        }
        listener.set_nonblocking(true).unwrap();
        assert!(listener.accept().is_err(), "nobody came");
    }

    #[test]
    fn a_receiver_on_this_machine_is_reached_where_it_was_approved_as_such() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let answering = std::thread::spawn(move || {
            for _ in 0..2 {
                let (mut client, _) = listener.accept().unwrap();
                let _ = client.read(&mut [0; 1024]).unwrap();
                let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                client.write_all(answer).unwrap();
            }
        });
        let here = SocketAddr::from(([127, 0, 0, 1], port));
        for host in ["127.0.0.1", "localhost"] {
            let request = asking(&format!("http://{host}:{port}/"));
            let answer = sent_by(Lying(here), &request, Duration::from_secs(10), 10);
            assert_eq!(answer.unwrap().status, 204, "{host}");
        }
        answering.join().unwrap();
    }

    #[test]
    fn only_the_approved_hosts_are_asked() {
        for url in [
            "http://a.example",
            "http://A.example/x?y",
            "https://a.example:443/",
            "http://b.example:9000/",
        ] {
            assert_eq!(may(url), Ok(()), "{url}");
        }
        for url in [
            "http://other.example/",
            "http://a.example.other.example/",
            "http://a.example@other.example/",
            "http://a.example:8080/",
            "http://b.example/",
            "http://sub.a.example/",
            "ftp://a.example/",
            "//a.example/",
            "/x",
            "",
            "http://",
            "http://other.example#a.example",
            "http://other.example/a.example",
            "http://other.example\\@a.example/",
        ] {
            assert!(may(url).is_err(), "{url}");
        }
    }
}
