//! 10: no token in the referrer, the history, a proxy's log or a third party's request after landing. Shown with a real
//! browser, whose every request goes through a proxy that writes down what proxies do. History is that of the tab, where
//! the back button leads: the list of visits that a browser keeps for its user is out of every page's reach.

use serde_json::{Value, json};

use crate::binary::chromium::{Chromium, found};
use crate::binary::site;
use crate::search::Traces;
use guestpass_tests::skipped;

/// What the page knows of where it came from and where it is.
const PLACE: &str = "JSON.stringify([location.href, document.referrer, history.length])";

#[test]
fn p10_no_token_is_in_the_referrer_the_history_a_proxys_log_or_a_foreign_request() {
    let Some(program) = found() else {
        return skipped("p10_no_token_leaks", "there is no chromium");
    };
    let site = site();
    let pass = site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let sent = site.ask(&[
        "invite",
        "send",
        "--email",
        "bea@new.example",
        "--role",
        "editor",
    ]);
    let invitation = crate::binary::invitations::token_in(sent["file"].as_str().expect("a file"));
    let server = site.serve();
    let owner = server.owner_token().to_owned();
    let address = server.address().to_owned();

    let mut browser = Chromium::start(&program, site.directory());
    let landed = "document.querySelector('form[data-once] button')";
    let arrived = "!document.getElementById('invitation').hidden";
    for (path, token, press, shown) in [
        ("/access/enter", &pass, true, landed),
        ("/arrive", &owner, true, arrived),
        ("/access/invitation", &invitation, false, landed),
    ] {
        browser.open(&format!("{address}{path}#{token}"));
        browser.until(shown);
        let place = browser.evaluate(PLACE);
        assert!(!place.contains(token.as_str()), "{path}: {place}");
        if press {
            browser.evaluate("document.querySelector('form[data-secret] button').click()");
            browser.until(&format!(
                "location.pathname !== '{path}' && document.readyState === 'complete'"
            ));
            let after = browser.evaluate(PLACE);
            assert!(!after.contains(token.as_str()), "{path}: {after}");
            // On to a further page, as a link on the site leads.
            browser.evaluate("location.href = '/posts/new'");
            browser
                .until("location.pathname === '/posts/new' && document.readyState === 'complete'");
        }
    }
    let history = browser.ask("Page.getNavigationHistory", &json!({}));
    let kept = history["entries"].as_array().expect("entries");
    assert!(kept.len() >= 5, "{history}");
    // What the address bar was given the browser writes down for its own user, and no page can keep it from that; what
    // pages, the back button and other sites see is this.
    let shown = |entry: &Value| format!("{} {}", entry["url"], entry["title"]);
    let history = kept.iter().map(shown).collect::<Vec<_>>().join("\n");
    let (requests, logged) = browser.stop();
    assert!(
        logged
            .iter()
            .any(|head| head.starts_with(&format!("POST {address}/access/enter HTTP"))),
        "the proxy saw the landing: {logged:#?}"
    );
    let own = |url: &Value| url.as_str().is_some_and(|url| url.starts_with(&address));
    for request in &requests {
        assert!(
            own(&request["url"]),
            "nothing is asked of anybody else: {request}"
        );
    }
    assert!(requests.len() > 8, "{requests:#?}");
    let of_owner = Traces::of_password(&owner);
    for (what, traces) in [
        ("the link", Traces::of(&pass)),
        ("the invitation", Traces::of(&invitation)),
        ("the owner's link", of_owner),
    ] {
        assert_eq!(
            traces.found_in(history.as_bytes()),
            None,
            "{what} in the history"
        );
        for head in &logged {
            assert_eq!(
                traces.found_in(head.as_bytes()),
                None,
                "{what} in the proxy's log: {head}"
            );
        }
        for request in &requests {
            let headers = request["headers"].to_string();
            assert_eq!(
                traces.found_in(headers.as_bytes()),
                None,
                "{what} in a header"
            );
        }
    }
}
