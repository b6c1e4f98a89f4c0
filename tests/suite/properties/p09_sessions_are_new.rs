//! Property 9: a new session id on redemption, on switch and on return; none is ever taken from outside or used again. (The
//! cookies of the host: `binary/invitations.rs`.)

use std::collections::BTreeSet;

use guestpass_tests::{Plan, a_link, an_invitation, both_ways};

#[test]
fn p09_each_way_in_gives_a_session_that_never_was() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let mut seen = BTreeSet::new();
        let mut new = |session: &str| {
            assert!(seen.insert(session.to_owned()), "this session was before");
        };
        let link = setting.link(a_link());
        for _ in 0..3 {
            new(&setting.enter(&link).session);
        }
        let accepted = setting.join(&setting.link(an_invitation()), "sue");
        let mut browser: Option<String> = None;
        for round in 0..6 {
            let entered = setting
                .try_switch("sue", &accepted.grant, browser.as_deref())
                .unwrap();
            new(&entered.session);
            if let Some(left) = browser.replace(entered.session) {
                assert_eq!(
                    setting.why_not(&left).as_deref(),
                    Some("session-unknown"),
                    "what was left opens nothing"
                );
            }
            if round % 3 == 2 {
                let session = browser.take().unwrap();
                assert_eq!(setting.return_to_own("main", &session).unwrap(), "sue");
                assert_eq!(
                    setting.why_not(&session).as_deref(),
                    Some("session-unknown")
                );
            }
        }
    });
}

#[test]
fn p09_a_session_made_up_elsewhere_is_not_taken_over() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let accepted = setting.join(&setting.link(an_invitation()), "sue");
        let fixed = setting.beside();
        let other = fixed.act(&accepted).session;
        setting.sign_out("main", &other).unwrap();
        // Well-formed, and nobody's: it is not brought back to life by being switched from.
        let entered = setting
            .try_switch("sue", &accepted.grant, Some(&other))
            .unwrap();
        assert_ne!(entered.session, other);
        assert_eq!(setting.why_not(&other).as_deref(), Some("session-unknown"));
        assert_eq!(setting.why_not(&entered.session), None);
    });
}
