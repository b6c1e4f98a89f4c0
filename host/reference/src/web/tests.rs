//! The pages as browsers meet them: over a real connection, on a real site.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::sleep;

use axum::body::Body;
use axum::extract::Request;
use guestpass::{Draft, Guest, Issued, Origin, Scope, Window};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;

use super::*;
use crate::cms::posts;
use crate::cms::testing::hosted;
use crate::connections::{self, Limits};

/// The owner's link for an editor.
fn link(host: &Host) -> Issued {
    let guest = Guest {
        email: "sam@support.example".to_owned(),
        first_name: None,
        last_name: None,
        locale: None,
        website: None,
        login: None,
    };
    let ending = host.engine.presets().unwrap().remove(0).ending;
    let draft = Draft::new(guest, Scope::role("editor"), Window::new(ending));
    host.engine.create(&owner(host), &draft).unwrap()
}

fn owner(host: &Host) -> guestpass::Actor {
    let owner = host.acting_user(None).unwrap();
    host.actor(&owner.id, Origin::unknown())
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test);
}

/// Serves the pages while the test talks to them.
fn served(web: Web, test: impl FnOnce(SocketAddr) + Send + 'static) {
    run(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let test = tokio::task::spawn_blocking(move || {
            // Stops the server also when the test fails.
            let _stop = stop;
            test(address);
        });
        connections::serve(listener, router(web), Limits::default(), stopped).await;
        test.await.unwrap();
    });
}

/// A form under way: all of it but its last byte is sent.
struct Posted {
    stream: TcpStream,
    last: u8,
}

impl Posted {
    fn new(address: SocketAddr, path: &str, session: &str, fields: &str) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let form = format!("csrf={}&{fields}", csrf::token(session));
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: guestpass={session}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
            form.len()
        );
        let (last, start) = form.as_bytes().split_last().unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(start).unwrap();
        Self {
            stream,
            last: *last,
        }
    }

    fn answer(mut self) -> String {
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn finish(mut self) -> String {
        self.stream.write_all(&[self.last]).unwrap();
        self.answer()
    }
}

#[test]
fn p15_a_form_that_was_begun_before_a_revocation_changes_nothing_after_it() {
    let (host, _directory) = hosted();
    let issued = link(&host);
    let pass = issued.secret.into_inner();
    let admission = host
        .engine
        .redeem(&host.site, &pass, &Origin::unknown())
        .unwrap();
    let session = admission.session.into_inner();
    let web = Web::new(host.clone(), "http://127.0.0.1", false);
    served(web, move |address| {
        let write = || Posted::new(address, "/posts/new", &session, "title=Mine&body=text");
        let before = write().finish();
        assert!(before.starts_with("HTTP/1.1 303"), "{before}");
        assert_eq!(posts::list(&host.db, &host.site).unwrap().len(), 1);

        let held = write();
        // Long enough for the server to take up what was sent.
        sleep(Duration::from_millis(300));
        host.engine.revoke(&owner(&host), &issued.grant.id).unwrap();
        let after = held.finish();
        assert!(after.starts_with("HTTP/1.1 410"), "{after}");
        assert_eq!(posts::list(&host.db, &host.site).unwrap().len(), 1);
    });
}

#[test]
fn a_form_that_does_not_arrive_is_given_up_with_a_sentence() {
    let (host, _directory) = hosted();
    let mut web = Web::new(host, "http://127.0.0.1", false);
    web.body_time = Duration::from_millis(200);
    served(web, |address| {
        for path in [
            "/posts/new",
            "/sign-in",
            "/access/enter",
            "/access/enter/inspect",
        ] {
            let answer = Posted::new(address, path, "nobody", "title=Mine").answer();
            assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
            assert!(answer.contains("took too long"), "{path}: {answer}");
        }
    });
}

/// Where the log goes in a test.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn p03_a_secret_in_a_mangled_address_does_not_reach_the_log() {
    let (host, _directory) = hosted();
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let pages = TowerToHyperService::new(router(Web::new(host, "http://127.0.0.1", false)));
    tracing::subscriber::with_default(subscriber, || {
        run(async {
            for address in [
                "/access/enter%23gp1_hidden",
                "/access/enter/gp1_hidden",
                "/access/grants/gp1_hidden",
                "/elsewhere/gp1_hidden",
                "/access/enter?pass=gp1_hidden",
            ] {
                let request = Request::get(address).body(Body::empty()).unwrap();
                let answer = pages.call(request).await.unwrap();
                assert_eq!(answer.headers()["referrer-policy"], "strict-origin");
            }
        });
    });
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(!log.contains("hidden"), "{log}");
    for said in [
        "GET (no such page) 404",
        "GET /access/{*page} 303",
        "GET /access/{*page} 404",
    ] {
        assert!(log.contains(said), "{said}: {log}");
    }
}

/// The page at this address, as somebody with this session is shown it.
fn got(address: SocketAddr, path: &str, session: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: guestpass={session}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn who_is_suspended_is_told_so_and_may_leave() {
    let (host, _directory) = hosted();
    let issued = link(&host);
    let (owner, grant) = (owner(&host), issued.grant.id.clone());
    let pass = issued.secret.into_inner();
    let admission = host.engine.redeem(&host.site, &pass, &Origin::unknown());
    let session = admission.unwrap().session.into_inner();
    let web = Web::new(host.clone(), "http://127.0.0.1", false);
    served(web, move |address| {
        host.engine.suspend(&owner, &grant).unwrap();
        let page = got(address, "/", &session);
        assert!(page.starts_with("HTTP/1.1 403"), "{page}");
        assert!(page.contains(&host.site().unwrap().title), "{page}");
        assert!(page.contains("action=\"/sign-out\""), "{page}");
        let stranger = Posted::new(address, "/sign-out", "another session", "").finish();
        assert!(stranger.starts_with("HTTP/1.1 303"), "{stranger}");
        host.engine.resume(&owner, &grant).unwrap();
        assert!(host.engine.resolve(&host.site, &session).is_ok());
        host.engine.suspend(&owner, &grant).unwrap();
        let left = Posted::new(address, "/sign-out", &session, "").finish();
        assert!(left.starts_with("HTTP/1.1 303"), "{left}");
        host.engine.resume(&owner, &grant).unwrap();
        assert!(host.engine.resolve(&host.site, &session).is_err());
    });
}

#[test]
fn what_is_published_is_what_the_form_says() {
    let (host, _directory) = hosted();
    let pass = link(&host).secret.into_inner();
    let admission = host.engine.redeem(&host.site, &pass, &Origin::unknown());
    let session = admission.unwrap().session.into_inner();
    let web = Web::new(host.clone(), "http://127.0.0.1", false);
    served(web, move |address| {
        Posted::new(address, "/posts/new", &session, "title=Old&body=text").finish();
        let stored = || posts::list(&host.db, &host.site).unwrap().remove(0);
        let path = format!("/posts/{}/publish", stored().id);
        let answer = Posted::new(address, &path, &session, "title=New&body=text").finish();
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let post = stored();
        assert!(post.title == "New" && post.published.is_some());
    });
}
