//! Invitations: bound to an address, accepted once, as a user who is there or as a new one.

mod interrupted;

use guestpass::{Ending, Filter, Invitee, Refusal, Settings};
use guestpass_tests::strangers::unknown_invitation;
use guestpass_tests::{
    DAY, MINUTE, Plan, a_link, a_password, an_invitation, beginning, both_ways, from_somewhere,
    owner, user,
};

fn code<T>(answer: Result<T, Refusal>) -> String {
    answer
        .err()
        .map_or_else(String::new, |refusal| refusal.code)
}

#[test]
fn a_site_that_lets_no_invitation_be_endless_refuses_one_and_ends_the_others() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let settings = Settings {
            endless_invitations: false,
            longest_window: "P3M".into(),
            default_ending: Ending::AfterFirstUse("P1M".into()),
            ..beginning()
        };
        let before = setting.link(an_invitation().for_("sue@main.example"));
        assert_eq!(before.grant.window.ending, Ending::Never);
        setting.set_policy(&owner(), &settings).unwrap();
        let endless = an_invitation().for_("kim@b.example").ending(Ending::Never);
        let refusal = setting.try_link(endless).unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), refusal.field.as_deref()),
            ("window-too-long", Some("window.ending"))
        );
        let usual = setting.link(an_invitation().for_("kim@b.example").without_a_window());
        assert_eq!(
            usual.grant.window.ending,
            Ending::AfterFirstUse("P1M".into())
        );
        assert_eq!(setting.policy("main").unwrap(), settings);
    });
}

#[test]
fn an_invitation_says_what_it_is_for_waits_a_week_and_does_not_end_by_itself() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let draft = an_invitation().speaking("fr").saying("Bienvenue,\nOlga");
        let invitation = setting.link(draft);
        assert!(invitation.pass.starts_with("gi1_"));
        let now = setting.clock.shows();
        let seen = setting
            .inspect_invitation("main", &invitation.pass)
            .unwrap();
        assert_eq!(
            (seen.account.as_str(), seen.invited_by.as_str()),
            ("olga", "Olga Owner")
        );
        assert_eq!(seen.email, "sue@main.example");
        assert_eq!(seen.scope, "Editor");
        assert_eq!(seen.locale.as_deref(), Some("fr"));
        assert_eq!(seen.message.as_deref(), Some("Bienvenue,\nOlga"));
        assert_eq!((seen.ends, seen.accept_by), (None, Some(now + 7 * DAY)));
        assert!(seen.has_user);

        let grant = setting.get(&owner(), invitation.id()).unwrap();
        assert_eq!(
            (grant.kind.as_str(), grant.state.as_str()),
            ("invitation", "ready")
        );
        assert_eq!(grant.ends_bound_by, "use-within");
        setting.clock.forward(7 * DAY - 1);
        let accepted = setting.join(&invitation, "sue");
        assert_eq!((accepted.account.as_str(), accepted.ends), ("olga", None));
        setting.clock.forward(3650 * DAY);
        assert_eq!(setting.why_not(&setting.act(&accepted).session), None);
    });
}

#[test]
fn who_does_not_accept_in_time_is_too_late() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invitation = setting.link(an_invitation());
        setting.clock.forward(7 * DAY);
        assert_eq!(code(setting.try_join(&invitation, "sue")), "grant-ended");
        assert_eq!(
            code(setting.inspect_invitation("main", &invitation.pass)),
            "grant-ended"
        );
        assert_eq!(setting.actions(invitation.id()), ["created", "expired"]);
        let again = setting.link(an_invitation());
        let _accepted = setting.join(&again, "sue");
    });
}

#[test]
fn a_user_who_was_there_before_accepts_once_and_is_touched_by_nothing_after() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invitation = setting.link(an_invitation());
        let accepted = setting.join(&invitation, "sue");
        assert_eq!(accepted.user, "sue");
        let grant = setting.get(&owner(), invitation.id()).unwrap();
        assert_eq!(grant.state, "active");
        assert!(grant.borrowed);
        assert_eq!(
            code(setting.try_join(&invitation, "sue")),
            "already-accepted"
        );
        assert_eq!(
            code(setting.decline("main", &invitation.pass, &from_somewhere())),
            "already-accepted"
        );
        let acting = setting.act(&accepted);
        setting.revoke(&owner(), invitation.id()).unwrap();
        assert_eq!(
            setting.why_not(&acting.session).as_deref(),
            Some("grant-ended")
        );
        assert_eq!(
            setting.people.sessions_ended("main"),
            [""; 0],
            "Sue's own sessions are hers"
        );
        assert!(setting.people.user("main", "sue").is_some());
        // Nor is she a guest, who may hand out nothing: that she may not is for another reason.
        let refusal = setting.create(&user("sue"), &a_link().draft()).unwrap_err();
        assert_eq!(refusal.code, "may-not-grant");
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn a_new_user_is_made_with_the_acceptance_and_marked_as_a_guest() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invitation = setting.link(an_invitation().for_("bea@new.example"));
        let seen = setting
            .inspect_invitation("main", &invitation.pass)
            .unwrap();
        assert!(!seen.has_user);
        assert_eq!(setting.people.guests("main"), [""; 0], "not before");
        let accepted = setting.try_join_anew(&invitation).unwrap();
        assert_eq!(setting.people.guests("main"), [accepted.user.as_str()]);
        assert!(!setting.get(&owner(), invitation.id()).unwrap().borrowed);
        assert_eq!(
            setting.actions(invitation.id()),
            ["created", "provisioning", "accepted"]
        );
        let refusal = setting
            .create(&user(&accepted.user), &a_link().draft())
            .unwrap_err();
        assert_eq!(refusal.code, "guest-may-not-grant");
        assert_eq!(code(setting.try_join_anew(&invitation)), "already-accepted");
        setting.revoke(&owner(), invitation.id()).unwrap();
        assert_eq!(
            setting.people.sessions_ended("main"),
            [accepted.user.as_str()]
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn a_wrong_session_is_told_what_to_do_and_not_whom_it_is_for() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invitation = setting.link(an_invitation());
        let before = setting.dump();
        let refusal = setting.try_join(&invitation, "ed").unwrap_err();
        assert_eq!(refusal.code, "wrong-user");
        assert!(
            refusal.message.contains("`ed@main.example`") && refusal.message.contains("Sign out"),
            "{}",
            refusal.message
        );
        assert!(!refusal.message.contains("sue"), "{}", refusal.message);
        assert_eq!(
            code(setting.try_join(&invitation, "nobody")),
            "unknown-actor"
        );
        assert_eq!(code(setting.try_join_anew(&invitation)), "sign-in-first");
        assert_eq!(setting.dump(), before, "nothing was changed");
        // Bound to the address, however it is written, at the moment of accepting.
        setting.people.change("main", "sue", |sue| {
            sue.email = "SUE@Main.Example".to_owned();
        });
        let _accepted = setting.join(&invitation, "sue");
    });
}

#[test]
fn who_changed_their_address_does_not_accept_what_was_sent_to_the_old_one() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invitation = setting.link(an_invitation());
        setting.people.change("main", "sue", |sue| {
            sue.email = "susan@main.example".to_owned();
        });
        assert_eq!(code(setting.try_join(&invitation, "sue")), "wrong-user");
        setting.people.change("main", "ed", |ed| {
            ed.email = "sue@main.example".to_owned();
        });
        assert_eq!(setting.join(&invitation, "ed").user, "ed");
    });
}

#[test]
fn nobody_invites_themselves_or_an_owner_not_even_by_changing_an_address_later() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for (by, address, expected) in [
            ("olga", "Olga@main.example", "self-invitation"),
            ("ed", "ed@main.example", "self-invitation"),
            ("ed", "olga@main.example", "owner-invited"),
        ] {
            let draft = an_invitation().for_(address).draft();
            assert_eq!(
                code(setting.create(&user(by), &draft)),
                expected,
                "{address}"
            );
        }
        let draft = an_invitation().for_("later@main.example").draft();
        let invitation = setting.create(&user("ed"), &draft).unwrap();
        for (id, expected) in [("ed", "self-invitation"), ("olga", "owner-invited")] {
            setting.people.change("main", id, |user| {
                user.email = "later@main.example".to_owned();
            });
            assert_eq!(code(setting.try_join(&invitation, id)), expected);
            setting.people.change("main", id, |user| {
                user.email = format!("{id}@main.example");
            });
        }
    });
}

#[test]
fn one_address_is_invited_once_by_each_grantor() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let first = setting.link(an_invitation());
        let refusal = setting
            .try_link(an_invitation().for_("SUE@main.example"))
            .unwrap_err();
        assert_eq!(refusal.code, "guest-has-access");
        assert!(refusal.message.contains(first.id()), "{}", refusal.message);
        let second = setting
            .create(&user("ed"), &an_invitation().draft())
            .unwrap();
        let (first, second) = (setting.join(&first, "sue"), setting.join(&second, "sue"));
        assert_eq!(
            (first.account.as_str(), second.account.as_str()),
            ("olga", "ed")
        );
        assert_eq!(
            code(setting.try_link(an_invitation())),
            "guest-has-access",
            "accepted ones count too"
        );
        setting.revoke(&owner(), &first.grant).unwrap();
        let _again = setting.link(an_invitation());
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn who_became_a_guest_by_a_link_or_a_password_accepts_no_invitation_sent_before() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for (draft, email) in [
            (a_link(), "lin@support.example"),
            (a_password(), "pat@support.example"),
        ] {
            let invitation = setting.link(an_invitation().for_(email));
            let issued = setting.link(draft.for_(email));
            let user = match &issued.grant.user {
                Some(user) => user.clone(),
                None => setting.enter(&issued).user,
            };
            assert_eq!(code(setting.try_join(&invitation, &user)), "email-in-use");
        }
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn an_invitation_has_one_use() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        assert_eq!(code(setting.try_link(an_invitation().uses(2))), "bad-uses");
        let _once = setting.link(an_invitation().uses(1));
    });
}

#[test]
fn who_is_a_guest_by_a_link_is_not_invited_and_who_was_invited_gets_no_link() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let _entered = setting.enter(&setting.link(a_link()));
        let refusal = setting
            .try_link(an_invitation().for_("sam@support.example"))
            .unwrap_err();
        assert_eq!(refusal.code, "email-in-use");
        let invitation = setting.link(an_invitation().for_("bea@new.example"));
        setting.try_join_anew(&invitation).unwrap();
        assert_eq!(
            code(setting.try_link(a_link().for_("bea@new.example"))),
            "email-in-use"
        );
        // But somebody whom an invitation made can be invited by others.
        let other = setting
            .create(
                &user("ed"),
                &an_invitation().for_("bea@new.example").draft(),
            )
            .unwrap();
        let bea = setting.people.guests("main").pop().unwrap();
        assert!(setting.join(&other, "guest-2").user == bea);
    });
}

#[test]
fn sent_anew_the_old_token_is_dead_and_the_week_begins_again() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let old = setting.link(an_invitation());
        setting.clock.forward(6 * DAY);
        let new = setting.reissue(&owner(), old.id()).unwrap();
        assert!(new.pass.starts_with("gi1_") && new.pass != old.pass);
        assert_eq!(code(setting.try_join(&old, "sue")), "link-not-valid");
        assert_eq!(
            code(setting.inspect_invitation("main", &old.pass)),
            "link-not-valid"
        );
        setting.clock.forward(7 * DAY - 1);
        let _accepted = setting.join(&new, "sue");
        assert_eq!(
            code(setting.reissue(&owner(), new.id())),
            "already-accepted"
        );
        let once = setting.link(an_invitation().for_("bea@new.example").lasting("P10D"));
        let ends = setting.clock.shows() + 10 * DAY;
        setting.clock.forward(6 * DAY);
        let again = setting.reissue(&owner(), once.id()).unwrap();
        setting.clock.forward(3 * DAY);
        let accepted = setting.try_join_anew(&again).unwrap();
        assert_eq!(accepted.ends, Some(ends), "the end does not move");
    });
}

#[test]
fn what_was_declined_or_revoked_is_over() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let declined = setting.link(an_invitation());
        for _ in 0..2 {
            setting
                .decline("main", &declined.pass, &from_somewhere())
                .unwrap();
        }
        let grant = setting.get(&owner(), declined.id()).unwrap();
        assert_eq!(grant.ended_because.as_deref(), Some("declined"));
        assert_eq!(setting.actions(declined.id()), ["created", "declined"]);
        assert_eq!(code(setting.try_join(&declined, "sue")), "grant-ended");
        let revoked = setting.link(an_invitation());
        setting.revoke(&owner(), revoked.id()).unwrap();
        assert_eq!(code(setting.try_join(&revoked, "sue")), "grant-ended");
        assert_eq!(
            code(setting.decline("main", &revoked.pass, &from_somewhere())),
            "grant-ended"
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn pending_ones_are_listed_by_kind_and_state() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let _link = setting.link(a_link());
        let pending = setting.link(an_invitation());
        let accepted = setting.link(an_invitation().for_("bea@new.example"));
        setting.try_join_anew(&accepted).unwrap();
        let filter = Filter {
            kind: Some("invitation".to_owned()),
            state: Some("ready".to_owned()),
            ..Filter::everything()
        };
        let page = setting.list(&owner(), &filter, None, 100).unwrap();
        let ids: Vec<_> = page.grants.iter().map(|grant| grant.id.as_str()).collect();
        assert_eq!(ids, [pending.id()]);
    });
}

#[test]
fn a_token_opens_only_what_it_was_made_for() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link());
        let invitation = setting.link(an_invitation());
        // The same secret with the other kind's beginning and the right checksum.
        let as_link = retold(&invitation.pass, "gp1_");
        let as_invitation = retold(&link.pass, "gi1_");
        for pass in [&invitation.pass, &as_link] {
            assert_eq!(
                code(setting.redeem("main", pass, &from_somewhere())),
                "link-not-valid"
            );
            assert_eq!(code(setting.inspect("main", pass)), "link-not-valid");
        }
        for token in [&link.pass, &as_invitation] {
            let sue = Invitee::Existing("sue".to_owned());
            assert_eq!(
                code(setting.accept("main", token, &sue, &from_somewhere())),
                "link-not-valid"
            );
            assert_eq!(
                code(setting.inspect_invitation("main", token)),
                "link-not-valid"
            );
        }
    });
}

/// A token with another beginning and the checksum that fits it.
fn retold(token: &str, prefix: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let grant = &token[4..26];
    let secret = &token[27..70];
    let mut summed = prefix.as_bytes().to_vec();
    summed.extend(URL_SAFE_NO_PAD.decode(grant).unwrap());
    summed.extend(URL_SAFE_NO_PAD.decode(secret).unwrap());
    let sum = URL_SAFE_NO_PAD.encode(crate::tamper::crc32(&summed).to_be_bytes());
    format!("{prefix}{grant}_{secret}_{sum}")
}

#[test]
fn tokens_that_open_nothing_lock_out_who_tries_them() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invitation = setting.link(an_invitation());
        for number in 1..=3 {
            let token = unknown_invitation(number);
            let tried = match number {
                1 => setting.decline("main", &token, &from_somewhere()),
                _ => setting
                    .accept("main", &token, &Invitee::New, &from_somewhere())
                    .map(drop),
            };
            assert_eq!(code(tried), "link-not-valid");
        }
        assert_eq!(code(setting.try_join(&invitation, "sue")), "locked-out");
        setting.clock.forward(20 * MINUTE);
        let _accepted = setting.join(&invitation, "sue");
    });
}

#[test]
fn only_invitations_may_have_no_end() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let never =
            |draft: guestpass_tests::DraftBuilder| setting.try_link(draft.ending(Ending::Never));
        assert_eq!(code(never(a_link())), "link-must-end");
        never(an_invitation()).unwrap();
        // What does end is held to the longest window.
        let settings = Settings {
            longest_window: "P3D".to_owned(),
            ..beginning()
        };
        setting.set_policy(&owner(), &settings).unwrap();
        let draft = an_invitation().for_("bea@new.example");
        assert_eq!(
            code(setting.try_link(draft.clone().lasting("P7D"))),
            "window-too-long"
        );
        let invitation = setting.link(draft);
        let seen = setting
            .inspect_invitation("main", &invitation.pass)
            .unwrap();
        assert_eq!(seen.accept_by, Some(setting.clock.shows() + 3 * DAY));
    });
}
