//! 26: content is never deleted without an explicit decision: no default path exists. There is no decision that deletes it
//! either.

use guestpass::ports::ContentDecision;
use guestpass_tests::{DAY, Setting, a_link, a_password, owner};
use serde_json::json;

use crate::binary::program::Program;
use crate::binary::{Site, site};

/// A guest of this site who has written a post, by the address and the post's title.
fn guest_with_a_post(site: &Site, email: &str, title: &str) {
    let pass = site.link(email, &["--role", "author", "--for", "P7D"]);
    let server = site.serve();
    let guest = server.guest(&pass);
    let form = guest.get("/posts/new");
    let post = [("csrf", &*form.csrf()), ("title", title), ("body", "text")];
    assert_eq!(guest.post("/posts/new", &post).status, 303);
    assert_eq!(server.stop(), Some(0));
}

/// What the engine keeps, the users, and what they wrote.
fn rows(site: &Site) -> Vec<String> {
    let mut rows = site.every_row();
    rows.retain(|row| {
        ["guestpass_entry: ", "user: ", "post: "]
            .iter()
            .any(|table| row.starts_with(table))
    });
    rows
}

/// Each post with what is left of its author: title, address, whether it is an author that cannot sign in.
fn posts(site: &Site) -> Vec<(String, Option<String>, bool)> {
    let sql = site.sql();
    let mut query = sql
        .prepare(
            "SELECT post.title, user.email, user.tombstone FROM post JOIN user ON user.id = post.author \
             ORDER BY post.id",
        )
        .unwrap();
    let posts = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    posts.unwrap().map(Result::unwrap).collect()
}

#[test]
fn p26_who_does_not_decide_deletes_nothing_by_any_way_there_is() {
    let site = site();
    let email = "sam@support.example";
    guest_with_a_post(&site, email, "Kept");
    let grant = site.ask(&["grant", "show", email])["id"].clone();
    let grant = grant.as_str().unwrap();
    let key = site.key();
    // Delivers what waits, so that nothing is left for the server to do by itself.
    site.ask(&["sweep"]);
    let server = site.serve();
    let owner = server.browser();
    let arrived = [("token", server.owner_token())];
    assert_eq!(owner.post("/arrive", &arrived).status, 303);
    let before = rows(&site);

    let commands: [&[&str]; 3] = [
        &["grant", "retire", email],
        &["grant", "retire", email, "--hand-over"],
        &[
            "grant",
            "retire",
            email,
            "--keep",
            "--hand-over",
            "owner@site.example",
        ],
    ];
    for command in commands {
        assert_eq!(site.run(command).code, Some(2), "{command:?}");
    }
    let program = Program::new(server.address(), &key);
    let path = format!("/grants/{grant}/retire");
    for body in [
        json!({}),
        json!({ "content": null }),
        json!({ "content": "delete" }),
        json!({ "content": { "delete": true } }),
        json!({ "content": { "hand_over": null } }),
        json!({ "content": { "hand_over": "nobody" } }),
    ] {
        let refused = program.post_json(&path, &body);
        assert!(
            matches!(refused.status, 400 | 404 | 422),
            "{body}: {refused:?}"
        );
    }
    let nothing = program.post(&path);
    assert!(matches!(nothing.status, 400 | 415 | 422), "{nothing:?}");
    let csrf = owner.get(&format!("/access/grants/{grant}")).csrf();
    let page = format!("/access/grants/{grant}/retire");
    for fields in [
        &[][..],
        &[("confirm", "yes")],
        &[("content", "keep")],
        &[("content", "delete"), ("confirm", "yes")],
        &[("content", "hand-over"), ("confirm", "yes"), ("heir", "")],
        &[("content", "hand-over"), ("confirm", "yes")],
        &[
            ("content", "keep"),
            ("content", "hand-over"),
            ("confirm", "yes"),
        ],
    ] {
        let form = [&[("csrf", csrf.as_str())], fields].concat();
        let answer = owner.post(&page, &form);
        assert!(
            (400..500).contains(&answer.status),
            "{fields:?}: {}",
            answer.body
        );
    }
    assert!(rows(&site) == before, "nothing was done");
    drop(server);
    assert_eq!(
        posts(&site),
        [("Kept".to_owned(), Some(email.to_owned()), false)]
    );
}

#[test]
fn p26_what_was_decided_is_done_by_command_by_api_and_on_the_page() {
    let site = site();
    let (keep, heir) = ("sam@support.example", "owner@site.example");
    guest_with_a_post(&site, keep, "Kept");
    let shown = site.ask(&["grant", "retire", keep, "--keep"]);
    assert_eq!(
        (&shown["state"], &shown["user"]),
        (&json!("retired"), &json!(null))
    );
    assert_eq!(posts(&site), [("Kept".to_owned(), None, true)]);

    guest_with_a_post(&site, "kim@support.example", "By API");
    let grant = site.ask(&["grant", "show", "kim@support.example"])["id"].clone();
    let owner_id = site.ask(&["user", "list"])["users"][0]["id"].clone();
    let key = site.key();
    let server = site.serve();
    let program = Program::new(server.address(), &key);
    let path = format!("/grants/{}/retire", grant.as_str().unwrap());
    let body = json!({ "content": { "hand_over": owner_id } });
    let retired = program
        .ask("POST", &path, Some(&body), Some("once"))
        .given(200);
    assert_eq!(retired["state"], "retired");
    let again = program.ask("POST", &path, Some(&body), Some("once"));
    assert!(again.replayed);
    drop(server);

    guest_with_a_post(&site, "lee@support.example", "On the page");
    let grant = site.ask(&["grant", "show", "lee@support.example"])["id"].clone();
    let server = site.serve();
    let owner = server.browser();
    assert_eq!(
        owner
            .post("/arrive", &[("token", server.owner_token())])
            .status,
        303
    );
    let page = format!("/access/grants/{}", grant.as_str().unwrap());
    let shown = owner.get(&page);
    assert!(
        shown.says("What becomes of what they wrote?"),
        "{}",
        shown.body
    );
    let form = [
        ("csrf", &*shown.csrf()),
        ("content", "hand-over"),
        ("heir", heir),
        ("confirm", "yes"),
    ];
    assert_eq!(owner.post(&format!("{page}/retire"), &form).status, 303);
    let shown = owner.get(&page);
    assert!(
        shown.says("Ended, user deleted") && !shown.says("What becomes of what they wrote?"),
        "{}",
        shown.body
    );
    drop(server);
    let owned = |title: &str| (title.to_owned(), Some(heir.to_owned()), false);
    assert_eq!(
        posts(&site),
        [
            ("Kept".to_owned(), None, true),
            owned("By API"),
            owned("On the page")
        ]
    );
    assert_eq!(site.ask(&["history", "verify"])["sound"], true);
}

/// The engine decides nothing by itself but to keep: whatever ends a grant, and whatever the sweep does.
#[test]
fn p26_nothing_that_happens_by_itself_hands_over_or_deletes() {
    let setting = Setting::new();
    for (number, draft) in [a_link as fn() -> _, a_password].into_iter().enumerate() {
        for how in ["expired", "revoked", "all"] {
            let draft = draft()
                .for_(&format!("{how}{number}@support.example"))
                .lasting("P1D");
            let issued = setting.link(draft);
            if number == 0 {
                let _entered = setting.enter(&issued);
            }
            if how == "revoked" {
                setting.revoke(&owner(), issued.id()).unwrap();
            }
        }
    }
    setting.revoke_all(&owner(), "olga", 2).unwrap();
    setting.clock.forward(DAY);
    while setting.sweep("main", 10).unwrap().more {}
    setting.clock.forward(31 * DAY);
    assert_eq!(setting.sweep("main", 10).unwrap().retired, 6);
    assert_eq!(setting.people.deleted("main").len(), 6);
    assert_eq!(setting.people.heirs("main"), [""; 0]);
    // The whole of what can be decided: a third case would not compile here.
    for decision in [
        ContentDecision::Keep,
        ContentDecision::HandOver("ed".into()),
    ] {
        match decision {
            ContentDecision::Keep | ContentDecision::HandOver(_) => {}
        }
    }
}
