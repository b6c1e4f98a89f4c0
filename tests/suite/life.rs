//! The life of a link, from its making to its end, on SQLite through the component.

use guestpass::ports::ContentDecision;
use guestpass::{Extension, RefusalKind, Settings};
use guestpass_tests::{DAY, HOUR, Plan, Setting, a_link, a_password, both_ways, owner};

fn world() -> Setting {
    Setting::plan().on_sqlite().truly_random().build()
}

#[test]
fn a_guest_comes_in_by_a_link_and_has_the_power_of_its_role() {
    let setting = world();
    let link = setting.link(
        a_link()
            .called("Sam", "Support")
            .speaking("pt-BR")
            .role("editor")
            .uses(1)
            .leading_to("/posts")
            .noted("ticket 4711"),
    );
    assert_eq!(
        (link.grant.state.as_str(), link.grant.user.as_deref()),
        ("ready", None)
    );
    assert_eq!(
        setting.people.created("main"),
        0,
        "nobody waits to be stolen before the first use"
    );

    let preview = setting.inspect("main", &link.pass).unwrap();
    assert_eq!(
        (preview.invited_by.as_str(), preview.scope.as_str()),
        ("Olga Owner", "Editor")
    );
    assert_eq!(
        (preview.email.as_str(), preview.locale.as_deref()),
        ("sam@support.example", Some("pt-BR"))
    );
    assert_eq!(
        (preview.uses_left, preview.ends),
        (Some(1), Some(setting.clock.shows() + 7 * DAY))
    );

    let entered = setting.enter(&link);
    assert_eq!(
        (entered.redirect.as_deref(), entered.locale.as_deref()),
        (Some("/posts"), Some("pt-BR"))
    );
    let guest = setting
        .people
        .user("main", &entered.user)
        .expect("the first use creates the user");
    assert_eq!(
        (guest.email.as_str(), guest.name.as_str()),
        ("sam@support.example", "Sam")
    );
    assert!(
        guest.standing.roles.is_empty()
            && guest.standing.permissions.is_empty()
            && !guest.standing.owner,
        "no stored power: {guest:?}"
    );

    let access = setting.resolve("main", &entered.session).unwrap();
    assert_eq!(
        (access.user.as_str(), access.grantor.as_str()),
        (entered.user.as_str(), "olga")
    );
    assert_eq!(
        access.permissions.len(),
        26,
        "an editor of the catalogue has 26 permissions"
    );
    assert!(access.may("edit_others_posts") && !access.may("manage_options"));
    assert_eq!(
        setting.check("main", &entered.session, "edit_pages"),
        Ok(true)
    );
    assert_eq!(
        setting.check("main", &entered.session, "update_core"),
        Ok(false)
    );

    let grant = setting.get(&owner(), link.id()).unwrap();
    assert_eq!(
        (grant.state.as_str(), grant.uses, grant.user),
        ("active", 1, Some(entered.user))
    );
    assert_eq!(
        (grant.first_used, grant.note.as_deref()),
        (Some(setting.clock.shows()), Some("ticket 4711"))
    );
    assert_eq!(
        setting.actions(link.id()),
        ["created", "provisioning", "redeemed"]
    );
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

#[test]
fn whoever_signs_out_is_out_and_may_come_back_while_the_link_is_good() {
    let setting = world();
    let link = setting.link(a_link());
    let first = setting.enter(&link);
    let second = setting.enter(&link);
    assert_ne!(first.session, second.session);
    assert_eq!(first.user, second.user, "one grant has one user");
    setting.sign_out("main", &first.session).unwrap();
    assert_eq!(
        setting.why_not(&first.session).as_deref(),
        Some("session-unknown")
    );
    assert_eq!(setting.why_not(&second.session), None, "others stay in");
    setting.sign_out("main", &first.session).unwrap();
    setting.sign_out("main", "no session at all").unwrap();
    assert_eq!(setting.why_not(&setting.enter(&link).session), None);
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

#[test]
fn suspending_stops_at_once_and_resuming_brings_back_the_same_session() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let link = setting.link(a_link());
        let entered = setting.enter(&link);
        let suspended = setting.suspend(&owner(), link.id()).unwrap();
        assert_eq!(suspended.state, "suspended");
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("grant-suspended")
        );
        assert_eq!(
            setting.try_enter(&link).unwrap_err().code,
            "grant-suspended"
        );
        assert_eq!(
            setting.inspect("main", &link.pass).unwrap_err().code,
            "grant-suspended"
        );
        assert_eq!(
            setting.people.sessions_ended("main"),
            [entered.user.as_str()],
            "whatever the host itself gave this user ends too"
        );
        let resumed = setting.resume(&owner(), link.id()).unwrap();
        assert_eq!(
            (resumed.state.as_str(), resumed.ends),
            ("active", link.grant.ends),
            "the end does not move"
        );
        assert_eq!(setting.why_not(&entered.session), None);
        assert_eq!(setting.actions(link.id())[3..], ["suspended", "resumed"]);
    });
}

#[test]
fn an_extension_moves_the_end_and_says_what_bounds_it() {
    let setting = world();
    let link = setting.link(a_link().lasting("P7D"));
    let entered = setting.enter(&link);
    let began = setting.clock.shows();
    let longer = setting
        .extend(&owner(), link.id(), &Extension::By("P2D".into()))
        .unwrap();
    assert_eq!(
        (longer.ends, longer.ends_bound_by.as_str()),
        (Some(began + 9 * DAY), "window")
    );
    setting.clock.forward(8 * DAY);
    assert_eq!(
        setting.why_not(&entered.session),
        None,
        "it would have ended a day ago"
    );

    let policy = Settings {
        ceiling: None,
        longest_window: "P10D".into(),
        ..guestpass_tests::beginning()
    };
    setting.set_policy(&owner(), &policy).unwrap();
    let bounded = setting
        .extend(&owner(), link.id(), &Extension::By("P9D".into()))
        .unwrap();
    assert_eq!(
        (bounded.ends, bounded.ends_bound_by.as_str()),
        (Some(began + 10 * DAY), "longest-window")
    );
    let refusal = setting
        .extend(&owner(), link.id(), &Extension::By("P1D".into()))
        .unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.code.as_str()),
        (RefusalKind::Conflict, "window-at-ceiling")
    );

    let shorter = setting
        .extend(
            &owner(),
            link.id(),
            &Extension::To(setting.clock.shows() + HOUR),
        )
        .unwrap();
    assert_eq!(shorter.ends, Some(began + 8 * DAY + HOUR));
    setting.clock.forward(HOUR);
    assert_eq!(
        setting.why_not(&entered.session).as_deref(),
        Some("grant-ended")
    );
    let refusal = setting
        .extend(&owner(), link.id(), &Extension::By("P1D".into()))
        .unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.code.as_str()),
        (RefusalKind::Gone, "grant-ended")
    );
}

#[test]
fn a_reissued_link_is_dead_and_so_are_the_sessions_begun_with_it() {
    let setting = world();
    let old = setting.link(a_link());
    let entered = setting.enter(&old);
    let new = setting.reissue(&owner(), old.id()).unwrap();
    assert_eq!(new.id(), old.id());
    assert_ne!(new.pass, old.pass);
    assert_eq!(
        setting.try_enter(&old).unwrap_err().code,
        "link-not-valid",
        "as if it had never been"
    );
    assert_eq!(
        setting.why_not(&entered.session).as_deref(),
        Some("session-superseded")
    );
    assert_eq!(
        setting.people.sessions_ended("main"),
        [entered.user.as_str()]
    );
    assert_eq!(setting.enter(&new).user, entered.user);
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

#[test]
fn revoking_ends_everything_at_once_and_twice_is_no_error() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let link = setting.link(a_link());
        let entered = setting.enter(&link);
        setting.clock.forward(HOUR);
        let revoked = setting.revoke(&owner(), link.id()).unwrap();
        assert_eq!(
            (revoked.state.as_str(), revoked.ended_because.as_deref()),
            ("ended", Some("revoked"))
        );
        assert_eq!(
            (revoked.ends, revoked.ends_bound_by.as_str()),
            (Some(setting.clock.shows()), "ended")
        );
        let refusal = setting.resolve("main", &entered.session).unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.code.as_str()),
            (RefusalKind::Gone, "grant-ended")
        );
        assert!(
            refusal
                .message
                .contains("taken back at 2026-11-22 11:00 UTC"),
            "{}",
            refusal.message
        );
        assert_eq!(
            setting.people.sessions_ended("main"),
            [entered.user.as_str()]
        );
        let records = setting.actions(link.id()).len();
        setting.clock.forward(HOUR);
        assert_eq!(setting.revoke(&owner(), link.id()).unwrap(), revoked);
        assert_eq!(setting.actions(link.id()).len(), records);
        for refusal in [
            setting.suspend(&owner(), link.id()).unwrap_err(),
            setting.resume(&owner(), link.id()).unwrap_err(),
            setting.reissue(&owner(), link.id()).unwrap_err(),
            setting
                .extend(&owner(), link.id(), &Extension::By("P1D".into()))
                .unwrap_err(),
        ] {
            assert_eq!(refusal.code, "grant-ended", "there is no way back");
        }
    });
}

#[test]
fn whom_the_site_made_a_user_itself_is_no_guest_who_comes_back() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        // A link for the address was never used, and is over.
        let link = setting.link(a_link().for_("ada@main.example"));
        setting.revoke(&owner(), link.id()).unwrap();
        setting.people.put_client("main", "ada");
        for draft in [a_link(), a_password()] {
            let refusal = setting
                .try_link(draft.for_("ada@main.example"))
                .unwrap_err();
            assert_eq!(refusal.code, "email-in-use");
        }
    });
}

#[test]
fn a_guest_who_had_access_before_comes_back_as_the_same_user() {
    let setting = world();
    let first = setting.link(a_link());
    let entered = setting.enter(&first);
    let refusal = setting.try_link(a_link()).unwrap_err();
    assert_eq!(refusal.code, "guest-has-access");
    assert!(
        refusal.message.contains(first.id()),
        "it names the grant: {}",
        refusal.message
    );
    setting.revoke(&owner(), first.id()).unwrap();

    let second = setting.link(a_link().for_("Sam@Support.example"));
    let refusal = setting
        .retire(&owner(), first.id(), &ContentDecision::Keep)
        .unwrap_err();
    assert_eq!(refusal.code, "user-held");
    assert!(
        refusal.message.contains("This guest came back"),
        "{refusal:?}"
    );
    assert_eq!(second.grant.user.as_deref(), Some(entered.user.as_str()));
    let again = setting.enter(&second);
    assert_eq!(again.user, entered.user);
    assert_eq!(setting.people.created("main"), 1);
    assert_eq!(
        setting.why_not(&entered.session).as_deref(),
        Some("grant-ended"),
        "the old session stays over"
    );
    assert_eq!(setting.why_not(&again.session), None);

    setting.people.remove("main", &entered.user);
    let refusal = setting.try_enter(&second).unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.code.as_str()),
        (RefusalKind::Gone, "user-gone")
    );
    assert_eq!(setting.faults_in_history(), [""; 0]);
}

#[test]
fn a_host_that_does_not_want_the_user_ends_the_attempt_and_not_the_grant() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let link = setting.link(a_link().uses(1));
        setting
            .people
            .reject_new_users("main", Some("All seats of your plan are taken."));
        let refusal = setting.try_enter(&link).unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.code.as_str()),
            (RefusalKind::Conflict, "user-rejected")
        );
        assert_eq!(refusal.message, "All seats of your plan are taken.");
        assert_eq!(
            setting.get(&owner(), link.id()).unwrap().state,
            "provisioning",
            "others may be about to enter with that user, so it is not undone at once"
        );
        setting.people.reject_new_users("main", None);
        assert_eq!(setting.why_not(&setting.enter(&link).session), None);
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn extensions_narrow_a_grant_and_veto_it() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let by = setting.clock.shows() + HOUR;
        setting.hooks.say(|script| {
            let review = script.review_grant.as_mut().unwrap();
            review.except = vec!["unfiltered_html".into(), "not_in_this_catalogue".into()];
            review.ends_by = Some(by);
            review.uses = Some(2);
        });
        let link = setting.link(a_link().role("editor").uses(5));
        assert!(!link.permissions.contains(&"unfiltered_html".to_owned()));
        assert_eq!(
            (link.grant.ends, link.grant.ends_bound_by.as_str()),
            (Some(by), "plugin")
        );
        assert_eq!(link.grant.uses_allowed, Some(2));
        let refusal = setting
            .extend(&owner(), link.id(), &Extension::By("P1D".into()))
            .unwrap_err();
        assert_eq!(
            refusal.code, "window-at-ceiling",
            "what a plugin said binds later extensions too"
        );

        setting
            .hooks
            .say(|script| script.review_entry = Ok(Some("Come back in office hours.".into())));
        let refusal = setting.try_enter(&link).unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), refusal.message.as_str()),
            ("vetoed", "Come back in office hours.")
        );
        setting.hooks.say(|script| script.review_entry = Ok(None));
        let entered = setting.enter(&link);

        setting
            .hooks
            .say(|script| script.narrow = Ok(vec!["edit_pages".into()]));
        assert_eq!(
            setting.check("main", &entered.session, "edit_pages"),
            Ok(false)
        );
        let said = setting.explain(&owner(), link.id(), "edit_pages").unwrap();
        let denying: Vec<_> = said
            .limits
            .iter()
            .filter(|limit| !limit.allows)
            .map(|limit| limit.name.as_str())
            .collect();
        assert_eq!((said.allowed, denying), (false, vec!["plugin"]));
    });
}
