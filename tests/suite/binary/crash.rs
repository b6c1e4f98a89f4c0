//! Stopping and being killed: nothing that was answered is lost, nothing is left half-done.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::browser::Browser;
use super::site;

#[test]
fn asked_to_stop_the_server_ends_in_order_and_starts_again_with_everything() {
    let site = site();
    let pass = site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let server = site.serve();
    let guest = server.guest(&pass);
    assert_eq!(guest.get("/").status, 200);
    assert_eq!(server.stop(), Some(0));
    assert!(site.log().contains("stopped"), "{}", site.log());
    let server = site.serve();
    assert_eq!(server.guest(&pass).get("/section/posts").status, 200);
    assert_eq!(
        site.ask(&["grant", "show", "sam@support.example"])["uses"],
        2
    );
    assert_eq!(server.stop(), Some(0));
}

/// People who come in by links, each by their own, until the server is gone.
fn killed_under_load(links: &[String]) {
    let site = site();
    let passes: Vec<_> = links
        .iter()
        .map(|email| site.link(email, &["--role", "editor", "--for", "P7D"]))
        .collect();
    let server = site.serve();
    let address = server.address().to_owned();
    let (answered, gone) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let cookies = Mutex::new(Vec::new());
    let let_in = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for (email, pass) in links.iter().zip(&passes) {
            let let_in = &let_in;
            let (answered, gone, cookies, address) = (&answered, &gone, &cookies, &address);
            scope.spawn(move || {
                while let Some(page) = Browser::new(address).try_enter(pass) {
                    if page.status != 303 {
                        break;
                    }
                    cookies.lock().unwrap().push(page.set_cookies[0].clone());
                    let_in.lock().unwrap().insert(email);
                    answered.fetch_add(1, Ordering::SeqCst);
                }
                gone.fetch_add(1, Ordering::SeqCst);
            });
        }
        while answered.load(Ordering::SeqCst) < 40 && gone.load(Ordering::SeqCst) < passes.len() {
            std::thread::yield_now();
        }
        server.kill();
    });
    let cookies = cookies.into_inner().unwrap();
    assert!(cookies.len() >= 40);

    let verified = site.run(&["history", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    let healthy = site.run(&["doctor"]);
    assert_eq!(healthy.code, Some(0), "{healthy:?}");
    let uses: u64 = site.ask(&["grant", "list"])["grants"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|grant| grant["uses"].as_u64())
        .sum();
    assert!(
        uses >= cookies.len() as u64,
        "{uses} uses for {} that were answered",
        cookies.len()
    );
    let server = site.serve();
    for cookie in &cookies {
        let pair = cookie.split(';').next().unwrap();
        let page = ureq::get(format!("{}/section/posts", server.address()))
            .header("cookie", pair)
            .call();
        assert_eq!(
            page.unwrap().status(),
            200,
            "somebody who was let in is still in"
        );
    }
    let users: Vec<String> = {
        let sql = site.sql();
        let mut query = sql
            .prepare("SELECT email FROM user ORDER BY email")
            .unwrap();
        query
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let let_in = let_in.into_inner().unwrap();
    for email in links {
        let known = users.iter().filter(|known| *known == email).count();
        assert!(
            known == 1 || known == 0 && !let_in.contains(email),
            "{email} among {users:?}; let in: {let_in:?}"
        );
    }
}

#[test]
fn killed_while_many_come_in_it_has_lost_nothing_that_it_answered() {
    let links: Vec<_> = (0..4)
        .map(|number| format!("guest{number}@support.example"))
        .collect();
    killed_under_load(&links);
}
