//! Guests who sign in by a password: made at once, let in while their grant lasts, and by nothing else.

use guestpass::RefusalKind;
use guestpass::ports::ContentDecision;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{
    DAY, HOUR, Plan, Setting, a_link, a_password, an_invitation, both_ways, from_somewhere, owner,
    user,
};

const ALPHABET: &str = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/// The code of a refusal.
fn code<T: std::fmt::Debug>(answer: Result<T, guestpass::Refusal>) -> String {
    answer.expect_err("a refusal").code
}

#[test]
fn a_user_with_a_password_is_there_at_once_and_comes_in_until_it_ends() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let draft = a_password()
            .called("Sam", "Support")
            .at_home_on("https://support.example")
            .role("editor");
        let issued = setting.link(draft);
        let grant = &issued.grant;
        assert_eq!(
            (grant.kind.as_str(), grant.state.as_str(), grant.uses),
            ("password", "ready", 0)
        );
        assert_eq!(setting.people.guests("main").pop(), grant.user);
        assert_eq!(
            grant.guest.website.as_deref(),
            Some("https://support.example")
        );
        assert!(grant.guest.login.is_some(), "the host proposed a name");
        assert_eq!(issued.pass.len(), 24);
        assert!(issued.pass.chars().all(|c| ALPHABET.contains(c)));

        let entered = setting.enter_by_password(&issued);
        assert_eq!(Some(&entered.user), grant.user.as_ref());
        assert!(
            setting
                .allowed(&entered.session)
                .contains(&"edit_pages".to_owned())
        );
        let shown = setting.get(&owner(), issued.id()).unwrap();
        assert_eq!((shown.state.as_str(), shown.uses), ("active", 1));
        assert_eq!(
            setting.actions(issued.id()),
            ["created", "provisioned", "signed-in"]
        );

        setting.revoke(&owner(), issued.id()).unwrap();
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("grant-ended"),
            "at the very next check"
        );
        assert_eq!(
            setting.people.sessions_ended("main"),
            [entered.user.as_str()]
        );
        let refused = setting.try_password(&issued).unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.kind),
            ("grant-ended", RefusalKind::Gone)
        );
        assert_eq!(
            code(setting.may_sign_in("main", &entered.user)),
            "grant-ended"
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn uses_and_windows_count_by_sign_in_as_they_do_by_link() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let issued = setting.link(a_password().lasting_from_first_use("PT1H").uses(2));
        setting.clock.forward(DAY);
        let began = setting.clock.shows();
        let first = setting.enter_by_password(&issued);
        assert_eq!(first.ends, Some(began + HOUR));
        setting.clock.forward(HOUR / 2);
        assert_eq!(
            setting.enter_by_password(&issued).ends,
            first.ends,
            "it starts once"
        );
        let refused = setting.try_password(&issued).unwrap_err();
        assert_eq!(refused.code, "link-used-up");
        assert!(refused.message.contains("password"), "{}", refused.message);
        assert_eq!(
            code(setting.may_sign_in("main", &first.user)),
            "link-used-up"
        );
        assert_eq!(setting.why_not(&first.session), None, "who is in stays in");
        setting.clock.forward(HOUR / 2);
        assert_eq!(
            setting.why_not(&first.session).as_deref(),
            Some("grant-ended")
        );
        assert_eq!(code(setting.try_password(&issued)), "grant-ended");
    });
}

#[test]
fn whether_somebody_may_sign_in_is_asked_for_everybody_and_changes_nothing() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let issued = setting.link(a_password());
        let guest = issued.grant.user.clone().unwrap();
        let late = setting.link(
            a_password()
                .for_("late@support.example")
                .opening(setting.clock.shows() + DAY),
        );
        let late = late.grant.user.unwrap();
        let before = setting.dump();
        for user in ["olga", "ed", "sue", "nobody", &*guest] {
            assert_eq!(setting.may_sign_in("main", user), Ok(()), "{user}");
        }
        assert_eq!(
            code(setting.may_sign_in("main", &late)),
            "link-not-open-yet"
        );
        assert_eq!(code(setting.may_sign_in("main", "a\nb")), "bad-user");
        assert_eq!(setting.may_sign_in("other", &guest), Ok(()), "another site");
        assert_eq!(setting.dump(), before);

        setting.suspend(&owner(), issued.id()).unwrap();
        assert_eq!(code(setting.may_sign_in("main", &guest)), "grant-suspended");
        assert_eq!(code(setting.try_password(&issued)), "grant-suspended");
        setting.resume(&owner(), issued.id()).unwrap();
        assert_eq!(setting.may_sign_in("main", &guest), Ok(()));
        assert!(
            setting.knows_password(&issued),
            "the password outlives a suspension"
        );
        setting.clock.forward(8 * DAY);
        let before = setting.dump();
        assert_eq!(code(setting.may_sign_in("main", &guest)), "grant-ended");
        assert_eq!(setting.dump(), before, "also when it is over unseen");
    });
}

#[test]
fn only_guests_with_a_password_are_let_in_by_one() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let sign_in = |user: &str| setting.sign_in("main", user, &from_somewhere());
        for user in ["olga", "sue", "nobody"] {
            assert_eq!(code(sign_in(user)), "not-a-guest", "{user}");
        }
        let by_link = setting.enter(&setting.link(a_link())).user;
        assert_eq!(setting.may_sign_in("main", &by_link), Ok(()));
        assert_eq!(code(sign_in(&by_link)), "no-password-guest");
        let issued = setting.link(a_password().for_("kim@support.example"));
        let guest = issued.grant.user.clone().unwrap();
        assert_eq!(
            code(setting.sign_in("other", &guest, &from_somewhere())),
            "not-a-guest"
        );
        setting.people.remove("main", &guest);
        assert_eq!(code(sign_in(&guest)), "user-gone");
        assert_eq!(
            code(setting.reissue(&owner(), issued.id())),
            "user-gone",
            "nor can there be a new password for nobody"
        );
    });
}

#[test]
fn who_was_made_to_accept_an_invitation_may_sign_in_while_there_is_an_account_to_act_in() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invite = |by: &str, role: &str| {
            let draft = an_invitation().for_("new@support.example").role(role);
            setting.create(&user(by), &draft.draft()).unwrap()
        };
        let first = invite("olga", "editor");
        let member = setting.try_join_anew(&first).unwrap().user;
        assert_eq!(setting.may_sign_in("main", &member), Ok(()));
        assert_eq!(
            code(setting.sign_in("main", &member, &from_somewhere())),
            "not-a-guest",
            "the host lets them in itself, and then they switch"
        );
        let second = invite("ed", "author");
        let _joined = setting.join(&second, &member);
        setting.revoke(&owner(), first.id()).unwrap();
        assert_eq!(setting.may_sign_in("main", &member), Ok(()), "by the other");
        setting.revoke(&owner(), second.id()).unwrap();
        assert_eq!(code(setting.may_sign_in("main", &member)), "grant-ended");
    });
}

#[test]
fn a_plugin_is_asked_before_a_guest_signs_in() {
    let setting = Setting::new();
    let issued = setting.link(a_password());
    setting
        .hooks
        .say(|script| script.review_entry = Ok(Some("Not on a Sunday.".into())));
    let refused = setting.try_password(&issued).unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.message.as_str()),
        ("vetoed", "Not on a Sunday.")
    );
    assert_eq!(setting.get(&owner(), issued.id()).unwrap().uses, 0);
}

#[test]
fn a_new_password_kills_the_earlier_one_and_its_sessions() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let first = setting.link(a_password().uses(1));
        let entered = setting.enter_by_password(&first);
        let second = setting.reissue(&owner(), first.id()).unwrap();
        assert_ne!(first.pass, second.pass);
        assert_eq!(first.grant.guest.login, second.grant.guest.login);
        assert!(!setting.knows_password(&first), "the host forgot it");
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("session-superseded")
        );
        let again = setting.enter_by_password(&second);
        assert_eq!(again.user, entered.user);
        assert_eq!(setting.why_not(&again.session), None);
        assert_eq!(second.grant.ends, first.grant.ends, "the end does not move");
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn of_many_who_reissue_at_once_one_has_the_password_in_force() {
    const RACERS: usize = 16;
    let setting = Setting::plan().on_sqlite().truly_random().build();
    let first = setting.link(a_password());
    let start = std::sync::Barrier::new(RACERS);
    let issued: Vec<_> = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..RACERS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    setting.reissue(&owner(), first.id()).unwrap()
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().expect("each gets one"))
            .collect()
    });
    let in_force: Vec<_> = issued
        .iter()
        .filter(|issued| setting.knows_password(issued))
        .collect();
    assert_eq!(in_force.len(), 1, "and nobody else's opens anything");
    let entered = setting.enter_by_password(in_force[0]);
    assert_eq!(setting.why_not(&entered.session), None);
}

#[test]
fn a_guest_who_comes_back_is_the_same_user_whichever_way_they_came() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let by_link = setting.link(a_link());
        let user = setting.enter(&by_link).user;
        setting.revoke(&owner(), by_link.id()).unwrap();
        let by_password = setting.link(a_password().signing_in_as("sam"));
        assert_eq!(by_password.grant.user.as_ref(), Some(&user));
        assert_eq!(by_password.grant.guest.login.as_deref(), Some("sam"));
        assert_eq!(setting.people.created("main"), 1);
        assert_eq!(setting.enter_by_password(&by_password).user, user);

        setting.revoke(&owner(), by_password.id()).unwrap();
        let anew = setting.link(a_password());
        assert_eq!(anew.grant.guest.login.as_deref(), Some("sam"));
        assert!(!setting.knows_password(&by_password), "a new password");
        setting.revoke(&owner(), anew.id()).unwrap();

        let last = setting.link(a_link());
        assert_eq!(last.grant.user.as_ref(), Some(&user));
        assert_eq!(
            code(setting.try_password(&anew)),
            "no-password-guest",
            "the password of before opens nothing"
        );
        assert_eq!(setting.enter(&last).user, user);
        assert_eq!(code(setting.try_password(&anew)), "no-password-guest");
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn somebody_who_has_access_under_another_address_gets_none_beside_it() {
    let setting = Setting::new();
    let issued = setting.link(a_password());
    let user = issued.grant.user.clone().unwrap();
    setting.people.change("main", &user, |user| {
        user.email = "new@support.example".into()
    });
    let refused = setting
        .try_link(a_link().for_("new@support.example"))
        .unwrap_err();
    assert_eq!(refused.code, "guest-has-access");
    assert!(refused.message.contains(issued.id()), "{}", refused.message);
}

#[test]
fn what_the_host_does_not_want_is_over_at_once_and_in_nobodys_way() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let _first = setting.link(a_password().signing_in_as("sam"));
        let kim = || a_password().for_("kim@support.example");
        let refused = setting.try_link(kim().signing_in_as("sam")).unwrap_err();
        assert_eq!(refused.code, "user-rejected");
        assert!(refused.message.contains("`sam` is taken"), "{refused:?}");
        let filter = guestpass::Filter {
            email: Some("kim@support.example".into()),
            state: None,
            kind: None,
        };
        let listed = setting.list(&owner(), &filter, None, 10).unwrap().grants;
        assert_eq!(
            (
                listed[0].state.as_str(),
                listed[0].ended_because.as_deref(),
                &listed[0].user
            ),
            ("ended", Some("abandoned"), &None)
        );
        assert_eq!(setting.actions(&listed[0].id), ["created", "abandoned"]);
        let issued = setting.link(kim());
        assert_eq!(
            setting.people.guests("main").len(),
            2,
            "as many as have access"
        );
        let _in = setting.enter_by_password(&issued);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn a_grant_revoked_before_its_user_was_ready_lets_nobody_in() {
    let setting = Setting::new();
    setting.faults.plan(2, Fault::DiesBefore, Counting::Writes);
    setting.try_link(a_password()).unwrap_err();
    assert!(setting.faults.recover());
    let grants = setting
        .list(&owner(), &guestpass::Filter::everything(), None, 10)
        .unwrap()
        .grants;
    assert_eq!(grants[0].state, "provisioning");
    let refused = setting.reissue(&owner(), &grants[0].id).unwrap_err();
    assert_eq!(refused.code, "contended");
    setting.revoke(&owner(), &grants[0].id).unwrap();
    setting.clock.forward(HOUR);
    assert_eq!(setting.sweep("main", 10).unwrap().repaired, 1);
    assert_eq!(setting.people.guests("main"), [""; 0]);
    assert_eq!(setting.next_due("main"), Ok(None));
    let _again = setting.link(a_password());
}

#[test]
fn a_name_to_sign_in_by_is_for_guests_with_a_password() {
    let setting = Setting::new();
    let refused = setting.try_link(a_link().signing_in_as("sam")).unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.field.as_deref()),
        ("bad-login", Some("guest.login"))
    );
    let refused = setting
        .try_link(a_password().signing_in_as("ed@main.example"))
        .unwrap_err();
    assert_eq!(
        refused.code, "bad-login",
        "it would be taken for somebody's address"
    );
}

#[test]
fn a_guest_whose_new_password_came_to_nothing_is_told_so_and_can_still_be_retired() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let before = setting.enter(&setting.link(a_link()));
        setting.clock.forward(8 * DAY);
        setting.sweep("main", 10).unwrap();
        // The host gives no new password.
        setting.faults.plan(1, Fault::Fails, Counting::Writes);
        let refused = setting.try_link(a_password()).unwrap_err();
        assert_eq!(refused.code, "directory-unavailable");
        assert!(setting.faults.recover());
        let refusal = setting.may_sign_in("main", &before.user).unwrap_err();
        assert_eq!(refusal.code, "grant-ended");
        let told = "This access never came to be";
        assert!(refusal.message.starts_with(told), "{}", refusal.message);
        setting
            .retire(&owner(), &before.grant, &ContentDecision::Keep)
            .unwrap();
        assert_eq!(setting.people.deleted("main"), [before.user]);
    });
}
