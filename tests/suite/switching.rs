//! Acting in the account of somebody else: which accounts there are, switching to one, and coming back.

use guestpass::{Memberships, Refusal};
use guestpass_tests::{
    DAY, DraftBuilder, Plan, Setting, a_link, an_invitation, both_ways, owner, user,
};

fn code<T>(answer: Result<T, Refusal>) -> String {
    answer
        .err()
        .map_or_else(String::new, |refusal| refusal.code)
}

/// An invitation from this user, accepted by this one. Gives the grant's id.
fn joined(setting: &Setting, grantor: &str, draft: DraftBuilder, guest: &str) -> String {
    let invitation = setting.create(&user(grantor), &draft.draft()).unwrap();
    setting.join(&invitation, guest).grant
}

/// A person made by an invitation from this user. Gives user and grant.
fn newcomer(setting: &Setting, grantor: &str) -> (String, String) {
    let draft = an_invitation().for_("bea@new.example").draft();
    let invitation = setting.create(&user(grantor), &draft).unwrap();
    let accepted = setting.try_join_anew(&invitation).unwrap();
    (accepted.user, accepted.grant)
}

fn accounts(setting: &Setting, user: &str) -> Memberships {
    setting.memberships("main", user, None, 100).unwrap()
}

/// Whose accounts these are, in order.
fn whose(page: &Memberships) -> Vec<&str> {
    page.accounts
        .iter()
        .map(|account| account.account.as_str())
        .collect()
}

#[test]
fn the_own_account_comes_first_and_alone_if_there_is_no_other() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let _pending = setting.link(an_invitation());
        let page = accounts(&setting, "sue");
        assert_eq!(whose(&page), ["sue"], "what is not accepted is not there");
        assert_eq!(page.accounts[0].grant, None);
        assert_eq!(page.accounts[0].name, "Sue Subscriber");

        let by_ed = joined(&setting, "ed", an_invitation().role("author"), "sue");
        setting.clock.forward(1);
        let invitation = setting.reissue(&owner(), _pending.id()).unwrap();
        let _accepted = setting.join(&invitation, "sue");
        let page = accounts(&setting, "sue");
        assert_eq!(whose(&page), ["sue", "olga", "ed"], "then the oldest grant");
        let of_ed = &page.accounts[2];
        assert_eq!(of_ed.grant.as_deref(), Some(by_ed.as_str()));
        assert_eq!(of_ed.name, "Ed Editor");
        assert_eq!(of_ed.scope.as_deref(), Some("Author"));
        assert!(of_ed.open && of_ed.ends.is_none());
        assert_eq!(page.enter, None, "there is an own account to be in");
        assert_eq!(
            code(setting.memberships("main", "nobody", None, 10)),
            "unknown-actor"
        );
    });
}

#[test]
fn who_was_made_for_it_has_no_own_account_and_goes_into_the_only_one() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let (bea, grant) = newcomer(&setting, "olga");
        let page = accounts(&setting, &bea);
        assert_eq!(whose(&page), ["olga"]);
        assert_eq!(page.enter.as_deref(), Some(grant.as_str()));

        let second = an_invitation().for_("bea@new.example");
        let by_ed = joined(&setting, "ed", second, &bea);
        assert_eq!(
            accounts(&setting, &bea).enter,
            None,
            "now there is a choice"
        );
        let first = setting.memberships("main", &bea, None, 1).unwrap();
        assert_eq!((first.accounts.len(), first.enter), (1, None), "and more");
        setting.revoke(&owner(), &grant).unwrap();
        let page = accounts(&setting, &bea);
        assert_eq!(whose(&page), ["ed"]);
        assert_eq!(page.enter.as_deref(), Some(by_ed.as_str()));
        setting.suspend(&owner(), &by_ed).unwrap();
        let page = accounts(&setting, &bea);
        assert!(!page.accounts[0].open && page.enter.is_none());
        setting.revoke(&owner(), &by_ed).unwrap();
        assert_eq!(whose(&accounts(&setting, &bea)), [""; 0]);
    });
}

#[test]
fn an_account_whose_time_is_over_is_not_there_though_nobody_swept() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let _for_a_day = joined(&setting, "ed", an_invitation().lasting("P1D"), "sue");
        setting.clock.forward(DAY - 1);
        assert_eq!(whose(&accounts(&setting, "sue")), ["sue", "ed"]);
        setting.clock.forward(1);
        assert_eq!(whose(&accounts(&setting, "sue")), ["sue"]);
    });
}

#[test]
fn pages_of_accounts_join_without_gap_or_repetition() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let mut expected = vec!["sue".to_owned()];
        for number in 0..7 {
            let id = format!("client{number}");
            setting.people.put_client("main", &id);
            joined(&setting, &id, an_invitation(), "sue");
            setting.clock.forward(1);
            expected.push(id);
        }
        let mut seen = Vec::new();
        let mut start: Option<String> = None;
        loop {
            let page = setting
                .memberships("main", "sue", start.as_deref(), 3)
                .unwrap();
            assert_eq!(page.enter, None, "there are others");
            seen.extend(page.accounts.into_iter().map(|account| account.account));
            start = page.next;
            if start.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected);
        let all = setting.memberships("main", "sue", None, 7).unwrap();
        assert_eq!((all.accounts.len(), all.next), (8, None), "its own and all");
        assert_eq!(
            code(setting.memberships("main", "sue", None, 0)),
            "bad-page"
        );
        assert_eq!(
            code(setting.memberships("main", "sue", Some("x"), 3)),
            "bad-page"
        );
    });
}

#[test]
fn a_switched_session_acts_for_the_account_and_history_tells_both() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let grant = joined(&setting, "ed", an_invitation().role("author"), "sue");
        let acting = setting.try_switch("sue", &grant, None).unwrap();
        let access = setting.resolve("main", &acting.session).unwrap();
        assert_eq!(
            (access.user.as_str(), access.grantor.as_str()),
            ("sue", "ed")
        );
        assert!(access.may("publish_posts") && !access.may("edit_others_posts"));
        assert!(access.switched && !access.may("promote_users"));
        assert_eq!(
            setting
                .return_to_own("main", &acting.session)
                .as_deref()
                .unwrap(),
            "sue"
        );
        assert_eq!(
            setting.why_not(&acting.session).as_deref(),
            Some("session-unknown")
        );
        assert_eq!(
            code(setting.return_to_own("main", &acting.session)),
            "session-unknown"
        );
        let told: Vec<_> = setting
            .whole_history(&grant)
            .into_iter()
            .map(|line| (line.action, line.actor, line.subject))
            .collect();
        let line = |action: &str, actor: &str, subject: &str| {
            let some = |id: &str| (!id.is_empty()).then(|| id.to_owned());
            (action.to_owned(), some(actor), some(subject))
        };
        assert_eq!(
            told,
            [
                line("created", "ed", ""),
                line("accepted", "sue", "ed"),
                line("switched", "sue", "ed"),
                line("returned", "sue", "ed"),
            ]
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn the_session_that_is_left_is_over_and_must_be_ones_own() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let by_ed = joined(&setting, "ed", an_invitation(), "sue");
        let by_olga = joined(&setting, "olga", an_invitation(), "sue");
        let first = setting.try_switch("sue", &by_ed, None).unwrap().session;
        let second = setting
            .try_switch("sue", &by_olga, Some(&first))
            .unwrap()
            .session;
        assert_eq!(setting.why_not(&first).as_deref(), Some("session-unknown"));
        assert_eq!(setting.why_not(&second), None);
        // Into the same account again, and from a session that is gone.
        let third = setting
            .try_switch("sue", &by_olga, Some(&second))
            .unwrap()
            .session;
        let fourth = setting
            .try_switch("sue", &by_ed, Some(&second))
            .unwrap()
            .session;
        assert_eq!(setting.why_not(&second).as_deref(), Some("session-unknown"));
        assert_eq!(
            (setting.why_not(&third), setting.why_not(&fourth)),
            (None, None)
        );
        // Olga is in no session of Sue's, nor is anybody in what is no session.
        let to_ed = an_invitation().for_("ed@main.example");
        let olgas = joined(&setting, "olga", to_ed, "ed");
        for from in [fourth.as_str(), "gs1_nothing"] {
            assert_eq!(
                code(setting.try_switch("ed", &olgas, Some(from))),
                "session-unknown"
            );
        }
        assert_eq!(setting.why_not(&fourth), None, "nothing was ended");
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn nobody_switches_to_what_they_did_not_accept() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let pending = setting.link(an_invitation());
        let link = setting.link(a_link());
        let sam = setting.enter(&link).user;
        let grant = joined(&setting, "ed", an_invitation(), "sue");
        for (who, id) in [
            ("sue", pending.id()),
            ("sue", link.id()),
            (sam.as_str(), link.id()),
            ("ed", grant.as_str()),
            ("olga", grant.as_str()),
            ("sue", "AAAAAAAAAAAAAAAAAAAAAA"),
            ("sue", "no grant"),
        ] {
            assert_eq!(
                code(setting.try_switch(who, id, None)),
                "unknown-grant",
                "{who}"
            );
        }
    });
}

#[test]
fn what_is_over_suspended_or_without_grantor_cannot_be_switched_to() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let grant = joined(&setting, "ed", an_invitation().lasting("P10D"), "sue");
        setting.suspend(&owner(), &grant).unwrap();
        assert_eq!(
            code(setting.try_switch("sue", &grant, None)),
            "grant-suspended"
        );
        setting.resume(&owner(), &grant).unwrap();
        setting.clock.forward(10 * DAY);
        assert_eq!(code(setting.try_switch("sue", &grant, None)), "grant-ended");
        assert_eq!(whose(&accounts(&setting, "sue")), ["sue"]);

        let settings = guestpass::Settings {
            grantor_gone: guestpass::GrantorGone::End,
            ..guestpass_tests::beginning()
        };
        setting.set_policy(&owner(), &settings).unwrap();
        let again = joined(&setting, "ed", an_invitation(), "sue");
        let (bea, hers) = newcomer(&setting, "ed");
        let acting = setting.try_switch(&bea, &hers, None).unwrap();
        setting.people.remove("main", "ed");
        assert_eq!(code(setting.try_switch("sue", &again, None)), "grant-ended");
        assert_eq!(
            setting.why_not(&acting.session).as_deref(),
            Some("grant-ended")
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn extensions_are_asked_before_somebody_accepts_or_switches() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let invitation = setting.link(an_invitation());
        let refuse = |why: Option<&str>| {
            let why = why.map(str::to_owned);
            setting.hooks.say(|script| script.review_entry = Ok(why));
        };
        refuse(Some("Not on a Sunday."));
        assert_eq!(code(setting.try_join(&invitation, "sue")), "vetoed");
        refuse(None);
        let accepted = setting.join(&invitation, "sue");
        refuse(Some("Not on a Sunday."));
        assert_eq!(
            code(setting.try_switch("sue", &accepted.grant, None)),
            "vetoed"
        );
    });
}

#[test]
fn coming_back_is_for_switched_sessions_and_for_those_who_may_still_be_let_in() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let entered = setting.enter(&setting.link(a_link()));
        assert_eq!(
            code(setting.return_to_own("main", &entered.session)),
            "wrong-state",
            "no way from a link to a session of the host's own"
        );
        assert_eq!(setting.why_not(&entered.session), None);

        // Sue was there before: she comes back although the grant is over.
        let grant = joined(&setting, "ed", an_invitation(), "sue");
        let acting = setting.try_switch("sue", &grant, None).unwrap();
        setting.revoke(&owner(), &grant).unwrap();
        assert_eq!(
            setting.return_to_own("main", &acting.session).unwrap(),
            "sue"
        );

        // Bea was made for it: she comes back while there is somewhere else to go, and with it over there is nowhere.
        let (bea, grant) = newcomer(&setting, "olga");
        let second = an_invitation().for_("bea@new.example");
        let by_ed = joined(&setting, "ed", second, &bea);
        let acting = setting.try_switch(&bea, &by_ed, None).unwrap();
        setting.suspend(&owner(), &by_ed).unwrap();
        assert_eq!(setting.return_to_own("main", &acting.session).unwrap(), bea);
        let acting = setting.try_switch(&bea, &grant, None).unwrap();
        setting.revoke(&owner(), &grant).unwrap();
        assert_eq!(
            code(setting.return_to_own("main", &acting.session)),
            "grant-ended"
        );
        assert_eq!(
            code(setting.return_to_own("main", &acting.session)),
            "session-unknown",
            "it is over all the same"
        );

        let grant = joined(&setting, "olga", an_invitation(), "sue");
        let acting = setting.try_switch("sue", &grant, None).unwrap();
        setting.people.remove("main", "sue");
        assert_eq!(
            code(setting.return_to_own("main", &acting.session)),
            "user-gone"
        );
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}
