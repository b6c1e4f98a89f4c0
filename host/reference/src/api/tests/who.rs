//! Keys: whose they are, what they open, and what does not.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use guestpass::Origin;
use hyper::body::Frame;

use super::*;
use crate::cms::key_token;

fn ask(setting: &Setting, authorization: &str) -> Reply {
    let request = Request::get("/api/v1/grants").header("authorization", authorization);
    setting.send(request.body(Body::empty()).unwrap())
}

#[test]
fn a_key_tells_whose_it_is_but_not_its_secret() {
    let setting = setting();
    let key = setting.get("/key").given(200);
    assert_eq!(key["user"], setting.owner);
    assert_eq!(
        key["scopes"].as_array().unwrap().len(),
        KeyScope::all().count()
    );
    assert!(!key.to_string().contains(&setting.key[27..70]));
}

#[test]
fn p08_all_that_does_not_open_looks_the_same() {
    let setting = setting();
    let id = |token: &str| key_token::present(token).unwrap().id;
    let revoked = setting.key_for([KeyScope::GrantsRead]);
    keys::revoke(&setting.host.db, &setting.host.site, &id(&revoked)).unwrap();
    let over = setting.key_for([KeyScope::GrantsRead]);
    let sql = format!("UPDATE api_key SET ends = 1 WHERE id = '{}'", id(&over));
    setting.host.db.read(|c| c.execute_batch(&sql)).unwrap();
    let never = key_token::make().unwrap().token;
    let wrong = [
        format!("Bearer {revoked}"),
        format!("Bearer {over}"),
        format!("Bearer {}", never.expose()),
        format!("Bearer {}", &setting.key[..76]),
        format!("Basic {}", setting.key),
        setting.key.clone(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
    ];
    let told: BTreeSet<_> = wrong
        .iter()
        .map(|authorization| {
            let reply = ask(&setting, authorization);
            assert_eq!(reply.refused(401), "no-valid-key", "{authorization}");
            let mut problem = reply.json();
            problem["instance"] = Value::Null;
            (
                problem.to_string(),
                reply.header("www-authenticate").to_owned(),
            )
        })
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let right = format!("bearer  {}", setting.key);
    assert_eq!(ask(&setting, &right).status, 200);
}

#[test]
fn two_keys_in_one_request_are_none() {
    let setting = setting();
    let request = setting.request("GET", "/grants");
    let request = request.header("authorization", format!("Bearer {}", setting.key));
    setting
        .send(request.body(Body::empty()).unwrap())
        .refused(401);
}

#[test]
fn p14_p27_neither_a_cookie_nor_what_a_guest_has_gives_access() {
    let setting = setting();
    let issued = setting.link("sam@support.example");
    let pass = issued["link"].as_str().unwrap().split_once('#').unwrap().1;
    let admission = setting
        .host
        .engine
        .redeem(&setting.host.site, pass, &Origin::unknown())
        .unwrap();
    let session = admission.session.into_inner();
    for authorization in [pass, &session] {
        ask(&setting, &format!("Bearer {authorization}")).refused(401);
    }
    for cookie in [
        format!("guestpass={session}"),
        format!("guestpass={}", setting.key),
        format!("__Host-guestpass={session}"),
    ] {
        let request = Request::get("/api/v1/grants").header("cookie", cookie);
        setting
            .send(request.body(Body::empty()).unwrap())
            .refused(401);
    }
}

#[test]
fn p12_a_key_gives_no_more_than_its_user_may_do_now() {
    let setting = setting();
    let grant = setting.link("sam@support.example")["grant"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let sql = "UPDATE user SET owner = 0, role = 'editor'";
    setting.host.db.read(|c| c.execute_batch(sql)).unwrap();
    let refused = setting.post_json("/grants", &draft("eve@support.example"));
    assert_eq!(refused.refused(403), "may-not-grant");
    let policy = setting.host.engine.policy(&setting.host.site).unwrap();
    let policy = json!(crate::output::json::Policy::from(&policy));
    let request = with_json(setting.request("PUT", "/policy"), &policy);
    setting.send(request).refused(403);
    setting.get("/lockouts").refused(403);
    for path in [
        "/users",
        "/users/x",
        "/history/verification",
        "/history/log",
    ] {
        assert_eq!(setting.get(path).refused(403), "not-the-owner");
    }
    assert_eq!(
        setting.post_json("/backup", &json!({})).refused(403),
        "not-the-owner"
    );
    for path in ["/sweep", "/history/checkpoints"] {
        assert_eq!(setting.post(path).refused(403), "not-the-owner");
    }
    assert_eq!(
        setting
            .post(&format!("/grants/{grant}/revoke"))
            .refused(403),
        "may-not-grant"
    );
}

#[test]
fn p04_too_many_different_wrong_keys_lock_their_address_out_and_no_other() {
    let setting = setting();
    let wrong = || format!("Bearer {}", key_token::make().unwrap().token.expose());
    let ask = |address: u8, authorization: &str| {
        let request = Request::get("/api/v1/grants").header("authorization", authorization);
        setting.send_from([203, 0, 113, address], request.body(Body::empty()).unwrap())
    };
    // Garbage and one and the same key, however often, are no guesses.
    let old = wrong();
    for _ in 0..30 {
        ask(1, &old).refused(401);
        ask(1, "Bearer gk1_garbage").refused(401);
    }
    for _ in 0..9 {
        ask(1, &wrong()).refused(401);
    }
    let right = format!("Bearer {}", setting.key);
    let locked = ask(1, &right);
    assert_eq!(locked.refused(429), "locked-out");
    let seconds: u32 = locked.header("retry-after").parse().unwrap();
    assert!((1_190..=1_200).contains(&seconds), "{seconds}");
    assert_eq!(ask(2, &right).status, 200);
}

/// A body that does something before it arrives.
struct Held<F>(Option<F>, Option<Bytes>);

impl<F: FnOnce() + Unpin> hyper::body::Body for Held<F> {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if let Some(first) = self.0.take() {
            first();
        }
        Poll::Ready(self.1.take().map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[test]
fn p15_a_request_that_was_begun_before_its_key_was_revoked_changes_nothing_after_it() {
    let setting = setting();
    let host = setting.host.clone();
    let id = key_token::present(&setting.key).unwrap().id;
    let revoke = move || {
        assert!(keys::revoke(&host.db, &host.site, &id).unwrap());
    };
    let body = Held(
        Some(revoke),
        Some(draft("sam@support.example").to_string().into()),
    );
    let request = setting
        .request("POST", "/grants")
        .header("content-type", "application/json");
    setting
        .send(request.body(Body::new(body)).unwrap())
        .refused(401);
    let actor = setting.host.actor(&setting.owner, Origin::unknown());
    let all = guestpass::Filter::everything();
    let page = setting.host.engine.list(&actor, &all, None, 100).unwrap();
    assert!(page.grants.is_empty());
}
