//! Connections as the server takes them: so many at once, of one address fewer, each with so much time to say what it wants
//! and to take what it is answered.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_io_timeout::TimeoutStream;

use crate::shares::Shares;

/// What a stranger may take of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections open at once; further ones wait until one closes.
    pub at_once: usize,
    /// Connections of one address, which is hung up on when it wants more.
    pub of_one: usize,
    /// Whose connections are not counted as one address: the site's own proxy, through which everybody comes.
    pub proxy: Option<IpAddr>,
    /// How long the head of a request may take, and how long a connection may idle before it.
    pub head: Duration,
    /// How long an answer may wait until the other side takes more of it.
    pub answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Leaves room for the database's files below 1024, the usual limit of open ones.
            at_once: 512,
            of_one: 128,
            proxy: None,
            head: Duration::from_secs(10),
            answer: Duration::from_secs(30),
        }
    }
}

/// How long to wait when the system gives no connection, as when no file may be opened any more.
const BREATH: Duration = Duration::from_millis(500);

/// Serves until `stopped` changes, then finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    pages: Router,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(limits.at_once));
    let shares = Shares::new(limits.of_one);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head);
    let pages = TowerToHyperService::new(pages);
    let mut open = JoinSet::new();
    loop {
        let (stream, peer, place) = tokio::select! {
            biased;
            _ = stopped.changed() => break,
            Some(_) = open.join_next() => continue,
            Some(taken) = take(&listener, &places) => taken,
            else => break,
        };
        let share = match peer.ip().to_canonical() {
            address if limits.proxy == Some(address) => None,
            address => match shares.take(address) {
                Some(share) => Some(share),
                None => continue,
            },
        };
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.answer));
        let (http, pages, stopped) = (http.clone(), pages.clone(), stopped.clone());
        open.spawn(async move {
            converse(&http, stream, peer, pages, stopped).await;
            drop((place, share));
        });
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// The next connection and its place. None only if no places are given any more, which never happens.
async fn take(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Some((stream, peer, place)),
            Err(error) if gone_again(&error) => {}
            Err(error) => {
                tracing::warn!("no connection can be taken: {error}");
                sleep(BREATH).await;
            }
        }
    }
}

/// Whether the other side hung up before it was heard.
fn gone_again(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}

async fn converse(
    http: &http1::Builder,
    stream: TimeoutStream<TcpStream>,
    peer: SocketAddr,
    pages: TowerToHyperService<Router>,
    mut stopped: watch::Receiver<bool>,
) {
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        pages.call(request)
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(Box::pin(stream)), answer));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection broke off: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use axum::routing::get;

    use super::*;

    /// Serves `/` with these limits and hands its address to the test, which talks to it as other programs do.
    fn served(limits: Limits, test: impl FnOnce(SocketAddr, watch::Sender<bool>) + Send + 'static) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = watch::channel(false);
            let pages = Router::new().route("/", get(|| async { "here" }));
            let test = tokio::task::spawn_blocking(move || test(address, stop));
            serve(listener, pages, limits, stopped).await;
            test.await.unwrap();
        });
    }

    fn connect(address: SocketAddr) -> std::net::TcpStream {
        let stream = std::net::TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
    }

    fn ask(stream: &mut std::net::TcpStream) -> String {
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn who_never_finishes_a_head_is_cut_off_and_makes_room() {
        let limits = Limits {
            at_once: 1,
            head: Duration::from_millis(200),
            ..Limits::default()
        };
        served(limits, |address, stop| {
            let mut slow = connect(address);
            slow.write_all(b"GET / HTTP/1.1\r\nhost: ").unwrap();
            let mut next = connect(address);
            assert!(ask(&mut next).ends_with("here"));
            let mut rest = Vec::new();
            // Closed, with or without a last word.
            let _ = slow.read_to_end(&mut rest);
            assert!(!String::from_utf8_lossy(&rest).contains("200"));
            drop(stop);
        });
    }

    #[test]
    fn no_more_are_heard_at_once_than_there_are_places() {
        let limits = Limits {
            at_once: 1,
            head: Duration::from_secs(20),
            ..Limits::default()
        };
        served(limits, |address, stop| {
            let mut first = connect(address);
            first.write_all(b"GET ").unwrap();
            // Has the place before the second one asks for it.
            std::thread::sleep(Duration::from_millis(100));
            let mut second = connect(address);
            second
                .write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
                .unwrap();
            second
                .set_read_timeout(Some(Duration::from_millis(200)))
                .unwrap();
            assert!(second.read(&mut [0; 1]).is_err(), "waits for its place");
            drop(first);
            second
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            let mut answer = String::new();
            second.read_to_string(&mut answer).unwrap();
            assert!(answer.ends_with("here"));
            drop(stop);
        });
    }

    #[test]
    fn who_asks_and_does_not_read_is_cut_off_and_makes_room() {
        let limits = Limits {
            at_once: 1,
            answer: Duration::from_millis(200),
            ..Limits::default()
        };
        served(limits, |address, stop| {
            let mut deaf = connect(address);
            deaf.set_nonblocking(true).unwrap();
            let asked = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(1_000);
            // Until neither side takes more, or the other one has hung up.
            let mut idle = 0;
            while idle < 20 {
                match deaf.write(&asked) {
                    Ok(_) => idle = 0,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        idle += 1;
                        std::thread::sleep(Duration::from_millis(10));
                    }
                    Err(_) => break,
                }
            }
            assert!(ask(&mut connect(address)).ends_with("here"));
            drop(stop);
        });
    }

    #[test]
    fn one_address_has_no_more_connections_than_its_share() {
        let limits = Limits {
            of_one: 1,
            ..Limits::default()
        };
        served(limits, |address, stop| {
            let mut first = connect(address);
            first.write_all(b"GET / HTTP/1.1\r\n").unwrap();
            let mut heard = [0; 1];
            let mut second = connect(address);
            assert!(
                !matches!(second.read(&mut heard), Ok(1)),
                "it is hung up on"
            );
            first
                .write_all(b"host: a\r\nconnection: close\r\n\r\n")
                .unwrap();
            let mut answer = String::new();
            first.read_to_string(&mut answer).unwrap();
            assert!(answer.ends_with("here"));
            drop(stop);
        });
    }

    #[test]
    fn told_to_stop_it_hangs_up_on_idle_ones_and_takes_no_more() {
        served(Limits::default(), |address, stop| {
            let mut idle = connect(address);
            idle.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                .unwrap();
            let mut start = [0; 12];
            idle.read_exact(&mut start).unwrap();
            assert_eq!(&start, b"HTTP/1.1 200");
            stop.send(true).unwrap();
            let mut rest = String::new();
            idle.read_to_string(&mut rest).unwrap();
            assert!(rest.ends_with("here"));
            // The one who hangs up and the one who closes the door are two: wait for the second.
            let closed = (0..1_000).any(|_| {
                std::thread::sleep(Duration::from_millis(10));
                std::net::TcpStream::connect(address).is_err()
            });
            assert!(closed);
        });
    }
}
