//! A limit of the policy is the engine's, not a form's: each is passed by through the API, and refused.

use guestpass::{FreshBackup, GrantorGone, Settings};
use guestpass_tests::{DAY, DraftBuilder, Setting, a_link, a_password, beginning, owner, user};

fn under(settings: &Settings) -> Setting {
    let setting = Setting::new();
    setting.set_policy(&owner(), settings).unwrap();
    setting
}

fn refused(setting: &Setting, draft: DraftBuilder) -> String {
    setting.try_link(draft).unwrap_err().code
}

#[test]
fn p29_roles_bind_every_kind_of_scope() {
    let setting = under(&Settings {
        roles: Some(vec!["author".into()]),
        ..beginning()
    });
    for draft in [
        a_link().role("editor"),
        a_link().role("subscriber"),
        a_link().everything(),
        a_link().chosen(&["update_core"]),
        a_link().role("author").also(&["export"]),
    ] {
        assert_eq!(refused(&setting, draft), "role-not-allowed");
    }
    let _link = setting.link(a_link().role("author"));
}

#[test]
fn p29_uses_bind_new_links_and_reissued_ones() {
    let setting = under(&beginning());
    let free = setting.link(a_link());
    let limited = Settings {
        most_uses: Some(2),
        ..beginning()
    };
    setting.set_policy(&owner(), &limited).unwrap();
    let kim = || a_link().for_("kim@support.example");
    assert_eq!(refused(&setting, kim().uses(3)), "too-many-uses");
    assert_eq!(setting.link(kim()).grant.uses_allowed, Some(2));
    let again = setting.reissue(&owner(), free.id()).unwrap();
    assert_eq!(again.grant.uses_allowed, Some(2));
}

#[test]
fn p29_domains_bind_however_they_are_written() {
    let setting = under(&Settings {
        forbidden_domains: vec!["*.Bücher.example".into(), "bücher.example".into()],
        allowed_domains: Some(vec!["*.example".into()]),
        ..beginning()
    });
    for email in [
        "a@bücher.example",
        "a@XN--bcher-kva.example",
        "a@mail.BÜCHER.example",
        "a@elsewhere.test",
    ] {
        assert_eq!(
            refused(&setting, a_link().for_(email)),
            "domain-not-allowed"
        );
    }
    let _link = setting.link(a_link());
}

#[test]
fn p29_kinds_that_the_site_does_not_hand_out_are_not_made() {
    let setting = under(&Settings {
        kinds: Some(vec!["password".into(), "invitation".into()]),
        ..beginning()
    });
    assert_eq!(refused(&setting, a_link()), "kind-not-allowed");
    let none = under(&Settings {
        kinds: Some(Vec::new()),
        ..beginning()
    });
    assert_eq!(refused(&none, a_link()), "kind-not-allowed");
}

#[test]
fn p29_a_backup_must_be_fresh_where_the_power_needs_it() {
    let setting = under(&Settings {
        fresh_backup: Some(FreshBackup {
            max_age: "P1D".into(),
            permissions: vec!["update_core".into()],
        }),
        ..beginning()
    });
    assert_eq!(refused(&setting, a_link()), "backup-too-old");
    let _weak = setting.link(a_link().role("editor").for_("a@b.example"));
    let _known = setting.link(a_link().for_("c@b.example").knowingly("without-backup"));
    setting.people.back_up("main", setting.clock.shows());
    let _fresh = setting.link(a_link());
    setting.clock.forward(DAY);
    assert_eq!(
        refused(&setting, a_link().for_("d@b.example")),
        "backup-too-old"
    );
}

#[test]
fn p29_a_grant_ends_with_its_grantor_where_the_site_says_so() {
    for (grantor_gone, enters) in [(GrantorGone::Withhold, true), (GrantorGone::End, false)] {
        let setting = under(&Settings {
            grantor_gone,
            ..beginning()
        });
        let by_ed = |email: &str| {
            let draft = a_link().role("author").for_(email).draft();
            setting.create(&user("ed"), &draft).unwrap()
        };
        let (used, unused) = (by_ed("a@b.example"), by_ed("c@b.example"));
        let entered = setting.enter(&used);
        let draft = a_password().role("author").for_("e@b.example").draft();
        let by_password = setting
            .create(&user("ed"), &draft)
            .unwrap()
            .grant
            .user
            .unwrap();
        assert_eq!(setting.may_sign_in("main", &by_password), Ok(()));
        setting.people.remove("main", "ed");
        assert_eq!(setting.may_sign_in("main", &by_password).is_ok(), enters);
        let seen = setting.resolve("main", &entered.session);
        assert_eq!(seen.is_ok(), enters);
        assert_eq!(setting.try_enter(&unused).is_ok(), enters);
        for link in [used, unused] {
            let grant = setting.get(&owner(), link.id()).unwrap();
            let expected = (!enters).then_some("grantor-gone");
            assert_eq!(grant.ended_because.as_deref(), expected, "{grant:?}");
        }
    }
}
