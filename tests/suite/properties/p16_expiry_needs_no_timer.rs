//! Property 16: expiry needs no timer. Nothing in here ever sweeps or delivers.

use guestpass_tests::{DAY, HOUR, Plan, a_link, both_ways, owner};

#[test]
fn p16_what_is_over_is_refused_though_nobody_ever_sweeps() {
    both_ways(|plan: Plan| {
        let setting = plan.on_sqlite().build();
        let mut sessions = Vec::new();
        for hours in 1..=20 {
            let link = setting.link(
                a_link()
                    .for_(&format!("g{hours}@support.example"))
                    .lasting(&format!("PT{hours}H")),
            );
            sessions.push((hours, setting.enter(&link).session, link));
        }
        let began = setting.clock.shows();
        for now in 0..=21 {
            setting.clock.set(began + now * HOUR);
            for (hours, session, link) in &sessions {
                let over = now >= *hours;
                assert_eq!(
                    setting.why_not(session).is_some(),
                    over,
                    "{hours} hours, after {now}"
                );
                let state = setting.get(&owner(), link.id()).unwrap().state;
                assert_eq!(state, if over { "ended" } else { "active" });
            }
        }
        setting.clock.forward(1000 * DAY);
        for (_, session, link) in &sessions {
            assert_eq!(setting.why_not(session).as_deref(), Some("grant-ended"));
            assert_eq!(setting.try_enter(link).unwrap_err().code, "grant-ended");
            assert_eq!(
                setting
                    .actions(link.id())
                    .iter()
                    .filter(|action| *action == "expired")
                    .count(),
                1
            );
        }
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn p16_a_store_that_cannot_write_does_not_keep_anybody_in() {
    use guestpass_tests::faults::{Counting, Fault};
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let entered = setting.enter(&setting.link(a_link().lasting("PT1H")));
        setting.clock.forward(HOUR);
        setting.faults.plan(0, Fault::Fails, Counting::Writes);
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("grant-ended")
        );
        assert!(setting.faults.recover(), "recording the end was tried");
        assert_eq!(
            setting.actions(&entered.grant).last().map(String::as_str),
            Some("redeemed")
        );
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("grant-ended")
        );
        assert_eq!(
            setting.actions(&entered.grant).last().map(String::as_str),
            Some("expired")
        );
    });
}
