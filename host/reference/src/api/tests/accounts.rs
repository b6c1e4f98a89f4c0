//! Access to an account, as its holder and the people in it see it.

use guestpass::{Invitee, Origin};

use super::*;
use crate::cms::users::{self, NewUser};

/// A regular user, and their key for everything.
fn client(setting: &Setting, id: &str, role: &str) -> String {
    let email = format!("{id}@clients.example");
    let new = NewUser {
        email: &email,
        role: Some(role),
        ..NewUser::default()
    };
    let site = &setting.host.site;
    let db = &setting.host.db;
    db.write(|tx| users::insert(tx, site, id, &new, setting.host.clock.now()))
        .unwrap();
    setting.key_of(id, KeyScope::all())
}

/// The same site, asked with another key.
fn by(setting: &Setting, key: &str, method: &str, path: &str, body: Option<&Value>) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(format!("{ROOT}{path}"))
        .header("authorization", format!("Bearer {key}"));
    match body {
        Some(body) => setting.send(with_json(request, body)),
        None => setting.send(request.body(Body::empty()).unwrap()),
    }
}

fn invitation(email: &str) -> Value {
    json!({
        "kind": "invitation",
        "guest": { "email": email },
        "scope": { "base": { "chosen": ["edit_posts", "publish_posts"] } },
        "message": "Please look after my posts.",
    })
}

#[test]
fn whoever_accepted_sees_the_account_and_what_is_changed_binds_there() {
    let setting = setting();
    let alice = client(&setting, "alice", "administrator");
    let bob = client(&setting, "bob", "author");
    let invited = by(
        &setting,
        &alice,
        "POST",
        "/grants",
        Some(&invitation("bob@clients.example")),
    );
    let issued = invited.given(201);
    let link = issued["link"].as_str().unwrap();
    let (page, token) = link.split_once('#').unwrap();
    assert_eq!(page, "https://site.example/access/invitation");
    let accounts = |key: &str| {
        let listed = by(&setting, key, "GET", "/memberships", None).given(200);
        let accounts = listed["accounts"].as_array().unwrap().clone();
        accounts
            .iter()
            .map(|one| one["account"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(accounts(&bob), ["bob"]);
    let bob_himself = Invitee::Existing("bob".to_owned());
    let site = &setting.host.site;
    let engine = &setting.host.engine;
    let accepted = engine.accept(site, token, &bob_himself, &Origin::unknown());
    assert_eq!(accepted.unwrap().account, "alice");
    assert_eq!(accounts(&bob), ["bob", "alice"]);
    assert_eq!(accounts(&alice), ["alice"]);

    let grant = format!("/grants/{}", issued["grant"]["id"].as_str().unwrap());
    let allowed = |permission: &str| {
        let path = format!("{grant}/check?permission={permission}");
        let checked = by(&setting, &alice, "GET", &path, None).given(200);
        checked["allowed"].as_bool().unwrap()
    };
    assert!(allowed("publish_posts"));
    let scope = json!({ "scope": { "base": { "chosen": ["edit_posts"] } } });
    let path = format!("{grant}/scope");
    let changed = by(&setting, &alice, "PUT", &path, Some(&scope)).given(200);
    assert_eq!(changed["scope"]["base"], scope["scope"]["base"]);
    assert!(!allowed("publish_posts"));
    // It is Alice's account: Bob neither sees nor widens what he has.
    let wide = json!({ "scope": { "base": "all" } });
    assert!(
        by(&setting, &bob, "PUT", &path, Some(&wide))
            .status
            .is_client_error()
    );
    assert!(
        by(&setting, &bob, "GET", &grant, None)
            .status
            .is_client_error()
    );
    by(&setting, &alice, "POST", &format!("{grant}/revoke"), None).given(200);
    assert_eq!(accounts(&bob), ["bob"]);
}

#[test]
fn a_link_or_password_is_mailed_if_that_was_asked_for_and_never_else() {
    let setting = setting();
    let folder = setting.host.db.path().with_file_name("mail");
    let unasked = setting.link("sam@support.example");
    assert_eq!(unasked["mailed"], Value::Null);
    assert!(!folder.exists(), "nobody asked for mail");
    for kind in ["link", "password"] {
        let mut draft = draft(&format!("{kind}@support.example"));
        draft["kind"] = json!(kind);
        draft["mail"] = json!(true);
        let issued = setting.post_json("/grants", &draft).given(201);
        assert_eq!(issued["mailed"], true, "{issued}");
        let mails = std::fs::read_dir(&folder).unwrap();
        let mail = mails.last().unwrap().unwrap().path();
        let text = std::fs::read_to_string(&mail).unwrap();
        std::fs::remove_file(mail).unwrap();
        let secret = issued["password"].as_str().or(issued["link"].as_str());
        let secret = secret.unwrap();
        assert!(text.contains(&format!("{kind}@support.example")) && text.contains(secret));
        // History says that it was to be mailed, and nothing of what was.
        let grant = issued["grant"]["id"].as_str().unwrap();
        let history = setting.get(&format!("/grants/{grant}/history"));
        let secret = secret.rsplit('#').next().unwrap();
        assert!(history.text.contains("by-mail") && !history.text.contains(secret));
    }
}

/// The secret of the one invitation that was mailed since the last look.
fn mailed(setting: &Setting) -> String {
    let folder = setting.host.db.path().with_file_name("mail");
    let mut mails = std::fs::read_dir(&folder).unwrap();
    let mail = mails.next().unwrap().unwrap().path();
    assert!(mails.next().is_none());
    let text = std::fs::read_to_string(&mail).unwrap();
    std::fs::remove_file(mail).unwrap();
    // Long lines are cut with a `=` at their end, and `=` itself is written `=3D`.
    let text = text.replace("=\r\n", "");
    let (_, token) = text.split_once("/invitation#").unwrap();
    token.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn p06_an_invitation_is_mailed_accepted_and_acted_by_with_each_secret_in_one_place() {
    let setting = setting();
    let alice = client(&setting, "alice", "administrator");
    let bob = client(&setting, "bob", "author");
    let eve = client(&setting, "eve", "author");
    let mut told = Vec::new();
    let mut ask = |key: &str, path: &str, body: Option<&Value>| {
        let reply = by(&setting, key, "POST", path, body);
        told.push(reply.text.clone());
        reply
    };
    let mut wanted = invitation("bob@clients.example");
    let invited = ask(&alice, "/invitations", Some(&wanted));
    let id = invited.given(201)["grant"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(invited.json()["sent"], true);
    assert_eq!(invited.header("location"), format!("{ROOT}/grants/{id}"));
    let first = json!({ "token": mailed(&setting) });
    ask(&alice, &format!("/invitations/{id}/resend"), None).given(200);
    let token = mailed(&setting);
    let second = json!({ "token": token });
    assert_eq!(
        ask(&bob, "/invitations/accept", Some(&first)).refused(404),
        "link-not-valid"
    );
    assert_eq!(
        ask(&eve, "/invitations/accept", Some(&second)).refused(403),
        "wrong-user"
    );
    let accepted = ask(&bob, "/invitations/accept", Some(&second)).given(200);
    assert_eq!(
        (&accepted["user"], &accepted["account"]),
        (&json!("bob"), &json!("alice"))
    );
    assert_eq!(
        ask(&bob, "/invitations/accept", Some(&second)).refused(410),
        "already-accepted"
    );

    let switch = format!("/memberships/{id}/switch");
    assert!(
        ask(&eve, &switch, Some(&json!({})))
            .status
            .is_client_error()
    );
    let request = |name: &str| {
        Request::post(format!("{ROOT}{switch}"))
            .header("authorization", format!("Bearer {bob}"))
            .header("idempotency-key", name)
    };
    let admission = setting
        .send(with_json(request("one"), &json!({})))
        .given(200);
    let session = admission["session"].as_str().unwrap();
    let again = setting
        .send(with_json(request("one"), &json!({})))
        .given(200);
    assert_eq!(
        (&again["session"], &again["grant"]),
        (&Value::Null, &admission["grant"])
    );
    let mut may = |permission: &str| {
        let check = json!({ "session": session, "permission": permission });
        ask(&setting.key, "/sessions/check", Some(&check))
    };
    assert_eq!(may("edit_posts").given(200)["allowed"], true);
    assert_eq!(may("install_plugins").given(200)["allowed"], false);
    assert_eq!(may("fly").refused(422), "unknown-permission");
    let returned = ask(
        &bob,
        "/sessions/return",
        Some(&json!({ "session": session })),
    );
    assert_eq!(returned.given(200)["user"], "bob");
    let over = json!({ "session": session, "permission": "edit_posts" });
    assert_eq!(
        ask(&setting.key, "/sessions/check", Some(&over)).refused(404),
        "session-unknown"
    );

    wanted["kind"] = json!("link");
    assert_eq!(
        ask(&alice, "/invitations", Some(&wanted)).refused(422),
        "other-kind"
    );
    let link = setting.link("sam@support.example")["grant"]["id"].clone();
    let path = format!("/invitations/{}/resend", link.as_str().unwrap());
    assert_eq!(ask(&setting.key, &path, None).refused(409), "no-invitation");
    for secret in [&token[27..39], &session[27..39]] {
        for text in &told {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn an_invitation_can_be_declined() {
    let setting = setting();
    let bob = client(&setting, "bob", "author");
    let issued = setting
        .post_json("/grants", &invitation("bob@clients.example"))
        .given(201);
    let (_, token) = issued["link"].as_str().unwrap().split_once('#').unwrap();
    let shown = json!({ "token": token });
    let declined = by(&setting, &bob, "POST", "/invitations/decline", Some(&shown));
    assert_eq!(
        (declined.status.as_u16(), declined.text.as_str()),
        (204, "")
    );
    let id = issued["grant"]["id"].as_str().unwrap();
    let grant = setting.get(&format!("/grants/{id}")).given(200);
    assert_eq!(grant["ended_because"], "declined");
    by(&setting, &bob, "POST", "/invitations/accept", Some(&shown)).refused(410);
}

#[test]
fn p19_all_that_a_user_handed_out_is_taken_back_by_them_or_an_owner_and_by_nobody_else() {
    let setting = setting();
    let alice = client(&setting, "alice", "administrator");
    let bob = client(&setting, "bob", "administrator");
    let revoke = |key: &str| by(&setting, key, "POST", "/users/alice/revoke-all", None);
    for number in 0..3 {
        let draft = draft(&format!("guest{number}@support.example"));
        by(&setting, &alice, "POST", "/grants", Some(&draft)).given(201);
    }
    let kept = setting.link("other@support.example")["grant"]["id"].clone();
    assert!(revoke(&bob).status.is_client_error());
    let revoked = revoke(&alice).given(200);
    assert_eq!(revoked, json!({ "revoked": 3, "failed": 0, "more": false }));
    assert_eq!(revoke(&setting.key).given(200)["revoked"], 0);
    let left = setting.get(&format!("/grants/{}", kept.as_str().unwrap()));
    assert_eq!(left.given(200)["state"], "ready");
}

#[test]
fn p14_a_user_who_was_made_for_a_guest_has_no_key_whatever_the_kind() {
    let setting = setting();
    let issued = setting
        .post_json("/grants", &invitation("new@clients.example"))
        .given(201);
    let token = issued["link"].as_str().unwrap().split_once('#').unwrap().1;
    let site = &setting.host.site;
    let accepted = setting
        .host
        .engine
        .accept(site, token, &Invitee::New, &Origin::unknown())
        .unwrap();
    let new = NewKey {
        maker: &setting.owner,
        user: &accepted.user,
        name: "x",
        scopes: &[KeyScope::GrantsRead],
        ends: None,
    };
    let refused = keys::make(&setting.host.db, site, &new, 0).unwrap_err();
    assert_eq!(refused.code, "no-key-for-guests");
}
