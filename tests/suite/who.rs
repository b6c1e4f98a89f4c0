//! Who sees and changes which grants: owners, other grantors, guests, and people of another site.

use guestpass::{Extension, Filter, RefusalKind, Settings};
use guestpass_tests::{Plan, Setting, a_link, both_ways, from_somewhere, owner, user};

fn world() -> Setting {
    Setting::plan().on_sqlite().truly_random().build()
}

#[test]
fn grants_are_listed_newest_first_page_by_page() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let ids: Vec<String> = (0..25)
            .map(|number| {
                setting.clock.forward(1);
                setting
                    .link(a_link().for_(&format!("guest{number}@support.example")))
                    .grant
                    .id
            })
            .collect();
        let mut seen = Vec::new();
        let mut start = None;
        loop {
            let page = setting
                .list(&owner(), &Filter::everything(), start.as_deref(), 10)
                .unwrap();
            seen.extend(page.grants.into_iter().map(|grant| grant.id));
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        seen.reverse();
        assert_eq!(seen, ids);
        let all = setting.list(&owner(), &Filter::everything(), None, 25);
        assert_eq!(all.unwrap().next, None, "there are no more");
        let oldest = Filter {
            email: Some("guest0@support.example".into()),
            ..Filter::everything()
        };
        let first = setting.list(&owner(), &oldest, None, 1).unwrap();
        assert_eq!(first.grants[0].id, ids[0], "it is looked for among all");
        assert_eq!(first.next, None);

        setting.suspend(&owner(), &ids[3]).unwrap();
        let only = |filter: Filter| -> Vec<String> {
            let page = setting.list(&owner(), &filter, None, 100).unwrap();
            page.grants.into_iter().map(|grant| grant.id).collect()
        };
        assert_eq!(
            only(Filter {
                state: Some("suspended".into()),
                ..Filter::everything()
            }),
            [ids[3].as_str()]
        );
        assert_eq!(
            only(Filter {
                email: Some("GUEST7@support.example".into()),
                ..Filter::everything()
            }),
            [ids[7].as_str()]
        );
        let unheard_of = Filter {
            state: Some("activ".into()),
            ..Filter::everything()
        };
        let refusal = setting.list(&owner(), &unheard_of, None, 100).unwrap_err();
        assert_eq!(refusal.code, "unknown-state");
        assert!(
            refusal.message.contains("`active`, `suspended`"),
            "{refusal:?}"
        );
    });
}

#[test]
fn one_of_very_many_grants_is_found_on_a_later_page() {
    let setting = Setting::plan().natively().build();
    // One page looks at a thousand of them.
    for number in 0..1_010 {
        let _link = setting.link(a_link().for_(&format!("guest{number}@support.example")));
        setting.clock.forward(1);
    }
    let oldest = Filter {
        email: Some("guest0@support.example".into()),
        ..Filter::everything()
    };
    let first = setting.list(&owner(), &oldest, None, 10).unwrap();
    assert!(first.grants.is_empty());
    let start = first.next.expect("not all were looked at");
    let second = setting.list(&owner(), &oldest, Some(&start), 10).unwrap();
    assert_eq!((second.grants.len(), second.next), (1, None));
}

#[test]
fn who_is_no_owner_sees_and_changes_only_their_own_grants() {
    let setting = world();
    let hers = setting.link(a_link());
    let his = setting
        .create(
            &user("ed"),
            &a_link().for_("kim@support.example").role("author").draft(),
        )
        .unwrap();
    let seen = setting
        .list(&user("ed"), &Filter::everything(), None, 100)
        .unwrap();
    assert_eq!(
        seen.grants
            .iter()
            .map(|grant| grant.id.as_str())
            .collect::<Vec<_>>(),
        [his.id()]
    );
    for refusal in [
        setting.get(&user("ed"), hers.id()).unwrap_err(),
        setting.revoke(&user("ed"), hers.id()).unwrap_err(),
        setting.suspend(&user("ed"), hers.id()).unwrap_err(),
        setting.reissue(&user("ed"), hers.id()).unwrap_err(),
        setting
            .extend(&user("ed"), hers.id(), &Extension::By("P1D".into()))
            .unwrap_err(),
        setting.history(&user("ed"), hers.id(), 0, 10).unwrap_err(),
        setting.explain(&user("ed"), hers.id(), "read").unwrap_err(),
    ] {
        assert_eq!(
            (refusal.kind, refusal.code.as_str()),
            (RefusalKind::NotFound, "unknown-grant")
        );
    }
    assert_eq!(
        setting.revoke(&owner(), his.id()).unwrap().state,
        "ended",
        "an owner may"
    );
}

#[test]
fn a_guest_hands_nothing_on_whatever_the_host_says_they_hold() {
    let setting = world();
    let entered = setting.enter(&setting.link(a_link()));
    setting.people.change("main", &entered.user, |guest| {
        guest.standing.permissions.push("promote_users".into())
    });
    let guest = user(&entered.user);
    for refusal in [
        setting
            .create(&guest, &a_link().for_("helper@support.example").draft())
            .unwrap_err(),
        setting
            .list(&guest, &Filter::everything(), None, 10)
            .unwrap_err(),
        setting
            .extend(&guest, &entered.grant, &Extension::By("P1D".into()))
            .unwrap_err(),
        setting
            .set_policy(
                &guest,
                &Settings {
                    ceiling: None,
                    longest_window: "P1Y".into(),
                    ..guestpass_tests::beginning()
                },
            )
            .unwrap_err(),
    ] {
        assert_eq!(
            (refusal.kind, refusal.code.as_str()),
            (RefusalKind::Forbidden, "guest-may-not-grant")
        );
    }
}

#[test]
fn sites_know_nothing_of_each_other() {
    let setting = world();
    let link = setting.link(a_link());
    let entered = setting.enter(&link);
    assert_eq!(
        setting
            .redeem("other", &link.pass, &from_somewhere())
            .unwrap_err()
            .code,
        "link-not-valid"
    );
    assert_eq!(
        setting.resolve("other", &entered.session).unwrap_err().code,
        "session-unknown"
    );
    setting.sign_out("other", &entered.session).unwrap();
    assert_eq!(setting.why_not(&entered.session), None);
    let elsewhere = guestpass::Actor::new("other", "olga");
    assert_eq!(
        setting.revoke(&elsewhere, link.id()).unwrap_err().code,
        "unknown-grant"
    );
    let policy = Settings {
        ceiling: Some(vec!["read".into()]),
        longest_window: "PT1H".into(),
        ..guestpass_tests::beginning()
    };
    setting.set_policy(&elsewhere, &policy).unwrap();
    assert!(
        setting
            .check("main", &entered.session, "edit_pages")
            .unwrap()
    );
}
