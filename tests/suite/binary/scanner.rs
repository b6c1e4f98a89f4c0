//! Property 1 over HTTP: GET, HEAD and OPTIONS change nothing, not even a cookie.

use super::site;

#[test]
fn p01_a_hundred_requests_of_a_mail_scanner_change_nothing_and_then_a_person_comes_in() {
    let site = site();
    let pass = site.link(
        "sam@support.example",
        &[
            "--role",
            "editor",
            "--for",
            "PT3H",
            "--from-first-use",
            "--uses",
            "1",
        ],
    );
    // Delivers what waits, so that nothing is left for the server to do by itself.
    site.ask(&["sweep"]);
    let server = site.serve();
    let before = site.every_row();
    assert!(before.iter().any(|row| row.starts_with("guestpass_entry")));
    let address = format!("/access/enter?pass={pass}");
    let scanner = server.browser();
    for round in 0..34 {
        let pages = [
            scanner.get(&address),
            scanner.head(&address),
            scanner.options(&address),
        ];
        for (page, status) in pages.iter().zip([200, 200, 204]) {
            assert_eq!(page.status, status, "round {round}");
            assert_eq!(page.set_cookies, [""; 0], "round {round}");
            assert!(!page.says(&pass), "the page does not repeat the secret");
        }
        assert!(pages[0].says("Enter"));
        for path in [
            "/access/enter",
            "/arrive",
            "/",
            "/access/enter/inspect",
            &format!("/access/enter/{pass}"),
        ] {
            for page in [scanner.get(path), scanner.head(path), scanner.options(path)] {
                assert_eq!(page.set_cookies, [""; 0], "{path}");
            }
        }
        let looked = scanner.post("/access/enter/inspect", &[("pass", &pass)]);
        assert_eq!(
            (looked.status, looked.set_cookies.len()),
            (200, 0),
            "what the page's script asks is a look too"
        );
    }
    let after = site.every_row();
    assert!(
        before == after,
        "{:?}",
        before
            .iter()
            .zip(&after)
            .find(|(before, after)| before != after)
    );

    // A browser without scripts sends the form to the page's own address.
    let person = server.browser();
    let entered = person.post(&address, &[]);
    assert_eq!(
        (entered.status, entered.location.as_deref()),
        (303, Some("/"))
    );
    assert!(person.get("/").says("26 permissions"));
    let shown = site.ask(&["grant", "show", "sam@support.example"]);
    assert_eq!(
        (shown["uses"].as_u64(), shown["ends_bound_by"].as_str()),
        (Some(1), Some("first-use"))
    );
    assert_eq!(server.browser().post(&address, &[]).status, 410, "used up");
}

#[test]
fn p01_looking_with_a_session_that_is_over_changes_nothing_and_says_why_each_time() {
    let site = site();
    let pass = site.link("sam@support.example", &["--role", "editor", "--for", "P1D"]);
    let server = site.serve();
    let guest = server.browser();
    let entered = guest.post("/access/enter", &[("pass", &pass)]);
    let kept = entered.set_cookies.iter().find(|kept| kept.contains("Lax"));
    let cookie = kept.and_then(|kept| kept.split(';').next()).unwrap();
    assert_eq!(guest.look_with(cookie, "GET", "/").status, 200);
    let revoked = site.run(&["grant", "revoke", "sam@support.example"]);
    assert_eq!(revoked.code, Some(0));
    site.ask(&["sweep"]);
    let before = site.every_row();
    for path in ["/access/accounts", "/access/", "/"] {
        for method in ["HEAD", "GET"] {
            let page = guest.look_with(cookie, method, path);
            assert_eq!(page.status, 410, "{method} {path}");
        }
    }
    assert!(before == site.every_row());
}
