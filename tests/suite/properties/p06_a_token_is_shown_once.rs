//! Property 6: a token is in exactly one response, the one that issues it.

use guestpass::{Extension, Filter, Settings};
use guestpass_tests::{HOUR, Setting, a_link, a_password, an_invitation, owner};
use serde::Serialize;

use crate::search::Traces;

/// Every response, as a host would send it on.
#[derive(Default)]
struct Responses(Vec<(String, String)>);

impl Responses {
    fn keep<T: Serialize>(&mut self, name: &str, response: &T) {
        let text = serde_json::to_string(response).expect("a response can be sent on");
        self.0.push((name.to_owned(), text));
    }
}

#[test]
fn p06_each_token_is_in_the_response_that_issues_it_and_in_no_other() {
    let setting = Setting::plan()
        .through_the_component()
        .on_sqlite()
        .truly_random()
        .build();
    let mut responses = Responses::default();
    let mut issued: Vec<(&str, String)> = Vec::new();

    let link = setting.link(a_link().uses(3));
    responses.keep("create", &link);
    issued.push(("create", link.pass.clone()));
    responses.keep("inspect", &setting.inspect("main", &link.pass).unwrap());
    let first = setting.enter(&link);
    responses.keep("redeem 1", &first);
    issued.push(("redeem 1", first.session.clone()));
    let second = setting.enter(&link);
    responses.keep("redeem 2", &second);
    issued.push(("redeem 2", second.session.clone()));
    responses.keep("resolve", &setting.resolve("main", &first.session).unwrap());
    responses.keep(
        "check",
        &setting.check("main", &first.session, "read").unwrap(),
    );
    let new = setting.reissue(&owner(), link.id()).unwrap();
    responses.keep("reissue", &new);
    issued.push(("reissue", new.pass.clone()));

    let invitation = setting.link(an_invitation());
    responses.keep("invite", &invitation);
    issued.push(("invite", invitation.pass.clone()));
    let token = &invitation.pass;
    responses.keep(
        "inspect an invitation",
        &setting.inspect_invitation("main", token).unwrap(),
    );
    responses.keep(
        "a wrong user",
        &setting.try_join(&invitation, "ed").unwrap_err(),
    );
    let accepted = setting.join(&invitation, "sue");
    responses.keep("accept", &accepted);
    responses.keep(
        "accept again",
        &setting.try_join(&invitation, "sue").unwrap_err(),
    );
    let acting = setting.act(&accepted);
    responses.keep("switch", &acting);
    issued.push(("switch", acting.session.clone()));
    responses.keep(
        "memberships",
        &setting.memberships("main", "sue", None, 10).unwrap(),
    );
    responses.keep(
        "return",
        &setting.return_to_own("main", &acting.session).unwrap(),
    );

    responses.keep(
        "old link",
        &setting.inspect("main", &link.pass).unwrap_err(),
    );
    responses.keep("old link redeemed", &setting.try_enter(&link).unwrap_err());
    responses.keep(
        "superseded",
        &setting.resolve("main", &second.session).unwrap_err(),
    );
    responses.keep("get", &setting.get(&owner(), link.id()).unwrap());
    responses.keep(
        "list",
        &setting
            .list(&owner(), &Filter::everything(), None, 100)
            .unwrap(),
    );
    responses.keep(
        "explain",
        &setting.explain(&owner(), link.id(), "read").unwrap(),
    );
    responses.keep(
        "extend",
        &setting
            .extend(&owner(), link.id(), &Extension::By("P1D".into()))
            .unwrap(),
    );
    responses.keep("suspend", &setting.suspend(&owner(), link.id()).unwrap());
    responses.keep("suspended", &setting.try_enter(&new).unwrap_err());
    responses.keep("resume", &setting.resume(&owner(), link.id()).unwrap());
    setting
        .set_policy(
            &owner(),
            &Settings {
                ceiling: None,
                longest_window: "P30D".into(),
                ..guestpass_tests::beginning()
            },
        )
        .unwrap();
    responses.keep("policy", &setting.policy("main").unwrap());
    responses.keep("revoke", &setting.revoke(&owner(), link.id()).unwrap());
    responses.keep("revoked", &setting.try_enter(&new).unwrap_err());
    responses.keep(
        "ended",
        &setting.resolve("main", &first.session).unwrap_err(),
    );
    setting.clock.forward(HOUR);
    responses.keep("sweep", &setting.sweep("main", 100).unwrap());
    responses.keep("history", &setting.whole_history(link.id()));
    responses.keep("verify", &setting.verify("main", None, 100).unwrap());
    responses.keep("checkpoint", &setting.checkpoint("main").unwrap());
    responses.keep("log", &setting.log("main", 0, 1000).unwrap());
    responses.keep("drain", &setting.drain("main", 100).unwrap());
    setting.guestpass().deliver("main", 100).unwrap();
    responses.keep("delivered", &setting.hooks.heard());
    responses.keep("log", &setting.log.lines());

    for (issuer, token) in &issued {
        let traces = Traces::of(token);
        for (name, response) in &responses.0 {
            let found = traces.found_in(response.as_bytes());
            assert_eq!(
                found.is_some(),
                name == issuer,
                "the token of {issuer} in {name}: {found:?}"
            );
        }
    }
    assert_eq!(issued.len(), 6);
}

#[test]
fn p06_each_password_is_in_the_response_that_issues_it_and_in_no_other() {
    let setting = Setting::plan().on_sqlite().truly_random().build();
    let mut responses = Responses::default();
    let first = setting.link(a_password());
    responses.keep("create", &first);
    let second = setting.reissue(&owner(), first.id()).unwrap();
    responses.keep("reissue", &second);
    responses.keep("get", &setting.get(&owner(), first.id()).unwrap());
    responses.keep("the old one", &setting.knows_password(&first));
    responses.keep("sign in", &setting.enter_by_password(&second));
    let twice = setting.try_link(a_password()).unwrap_err();
    responses.keep("once more", &twice);
    let filter = Filter::everything();
    responses.keep("list", &setting.list(&owner(), &filter, None, 100).unwrap());
    responses.keep("power", &setting.power(&owner(), first.id()).unwrap());
    responses.keep("history", &setting.whole_history(first.id()));
    responses.keep("drain", &setting.drain("main", 100).unwrap());
    responses.keep("revoke", &setting.revoke(&owner(), first.id()).unwrap());
    let back = setting.link(a_password());
    responses.keep("come back", &back);
    responses.keep("log", &setting.log.lines());
    for (issuer, issued) in [
        ("create", &first),
        ("reissue", &second),
        ("come back", &back),
    ] {
        let traces = Traces::of_password(&issued.pass);
        for (name, response) in &responses.0 {
            let found = traces.found_in(response.as_bytes());
            assert_eq!(
                found.is_some(),
                name == issuer,
                "the password of {issuer} in {name}: {found:?}"
            );
        }
    }
}

#[test]
fn p06_every_token_is_another_one() {
    let setting = Setting::plan().truly_random().build();
    let link = setting.link(a_link());
    let mut secrets = std::collections::BTreeSet::new();
    for _ in 0..200 {
        secrets.insert(crate::search::secret_bytes(&setting.enter(&link).session));
    }
    for _ in 0..50 {
        secrets.insert(crate::search::secret_bytes(
            &setting.reissue(&owner(), link.id()).unwrap().pass,
        ));
    }
    assert_eq!(secrets.len(), 250);
}

#[test]
fn p06_without_randomness_nothing_is_issued() {
    struct Empty;
    impl guestpass::ports::Random for Empty {
        fn fill(&self, _bytes: &mut [u8]) -> Result<(), String> {
            Err("the well is dry".to_owned())
        }
    }
    let setting = Setting::plan()
        .through_the_component()
        .random_from(Empty)
        .build();
    let refusal = setting.try_link(a_link()).unwrap_err();
    assert_eq!(refusal.code, "engine-fault");
    assert!(setting.dump().is_empty());
}
