//! Property 18: the boundary instant, UTC, month ends, leap days, and a clock that goes back.

use guestpass_tests::{DAY, DraftBuilder, HOUR, Plan, a_link, both_ways, instant, owner};

/// When it begins, how long it lasts, when it must end. The ends are written down by hand from the calendar.
const TABLE: [(&str, &str, &str); 22] = [
    // Month ends: the day is kept, or becomes the month's last one.
    ("2026-01-28T10:00", "P1M", "2026-02-28T10:00"),
    ("2026-01-29T10:00", "P1M", "2026-02-28T10:00"),
    ("2026-01-31T10:00", "P1M", "2026-02-28T10:00"),
    ("2026-03-31T23:59:59.999", "P1M", "2026-04-30T23:59:59.999"),
    ("2026-05-31T00:00", "P1M", "2026-06-30T00:00"),
    ("2026-02-28T10:00", "P1M", "2026-03-28T10:00"),
    ("2026-12-31T10:00", "P2M", "2027-02-28T10:00"),
    ("2026-10-31T10:00", "P4M", "2027-02-28T10:00"),
    ("2026-12-15T10:00", "P1M", "2027-01-15T10:00"),
    // Leap days, and the century that has none.
    ("2028-01-31T10:00", "P1M", "2028-02-29T10:00"),
    ("2028-02-29T10:00", "P1M", "2028-03-29T10:00"),
    ("2028-02-29T10:00", "P1Y", "2029-02-28T10:00"),
    ("2027-02-28T10:00", "P1Y", "2028-02-28T10:00"),
    ("2028-02-28T10:00", "P1D", "2028-02-29T10:00"),
    ("2028-02-28T10:00", "P2D", "2028-03-01T10:00"),
    ("2099-12-31T10:00", "P2M", "2100-02-28T10:00"),
    // Days are 24 hours and weeks are seven of them, also over a change of clocks and a year's end.
    ("2026-03-28T12:00", "P1D", "2026-03-29T12:00"),
    ("2026-10-24T12:00", "P2D", "2026-10-26T12:00"),
    ("2026-12-28T10:00", "P1W", "2027-01-04T10:00"),
    ("2026-11-22T23:30", "PT1H", "2026-11-23T00:30"),
    // Months first, then days.
    ("2026-01-31T10:00", "P1M1D", "2026-03-01T10:00"),
    ("2026-11-22T10:00", "P1M1W2DT3H4M5S", "2026-12-31T13:04:05"),
];

#[test]
fn p18_access_is_open_until_the_boundary_and_closed_at_it() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let mut number = 0;
        for (begins, length, ends) in TABLE {
            let (begins, ends) = (instant(begins), instant(ends));
            // The same length three ways: from opening, from a later opening, from first use.
            type Asking = fn(DraftBuilder, &str, u64, u64) -> DraftBuilder;
            let ways: [(&str, u64, Asking); 4] = [
                ("from now", 0, |draft, length, _, _| draft.lasting(length)),
                ("from its opening", 3 * HOUR, |draft, length, begins, _| {
                    draft.opening(begins).lasting(length)
                }),
                ("from first use", 5 * HOUR, |draft, length, _, _| {
                    draft.lasting_from_first_use(length)
                }),
                ("until then", 0, |draft, _, _, ends| draft.until(ends)),
            ];
            for (way, earlier, ask) in ways {
                number += 1;
                let what = format!("{begins} + {length} {way}");
                setting.clock.set(begins - earlier);
                let draft = ask(
                    a_link().for_(&format!("g{number}@support.example")),
                    length,
                    begins,
                    ends,
                );
                let link = setting.link(draft);
                setting.clock.set(begins);
                let entered = setting.enter(&link);
                assert_eq!(entered.ends, Some(ends), "{what}");
                for (offset, open) in [(-1_i64, true), (0, false), (1, false)] {
                    // Each on a session of its own, since what was seen as over stays over.
                    setting.clock.set(ends.saturating_add_signed(offset));
                    let answer = setting.resolve("main", &entered.session);
                    assert_eq!(answer.is_ok(), open, "{what}: {offset} ms from the end");
                    if let Ok(answer) = answer {
                        assert_eq!((answer.ends, answer.until), (Some(ends), ends), "{what}");
                    }
                }
            }
        }
    });
}

#[test]
fn p18_what_was_seen_as_ended_stays_ended_when_the_clock_goes_back() {
    both_ways(|plan: Plan| {
        type Seeing = fn(&guestpass_tests::Setting, &guestpass_tests::Link, &str);
        let ways: [(&str, Seeing); 5] = [
            ("a resolve", |setting, _, session| {
                drop(setting.resolve("main", session).unwrap_err())
            }),
            ("a check", |setting, _, session| {
                drop(setting.check("main", session, "read").unwrap_err())
            }),
            ("a redemption", |setting, link, _| {
                drop(setting.try_enter(link).unwrap_err())
            }),
            ("a sweep", |setting, _, _| {
                assert!(setting.sweep("main", 100).unwrap().expired > 0)
            }),
            ("a suspension", |setting, link, _| {
                drop(setting.suspend(&owner(), link.id()).unwrap_err())
            }),
        ];
        let setting = plan.build();
        for (number, (way, see)) in ways.into_iter().enumerate() {
            let link = setting.link(
                a_link()
                    .for_(&format!("g{number}@support.example"))
                    .lasting("P1D"),
            );
            let entered = setting.enter(&link);
            setting.clock.forward(DAY);
            see(&setting, &link, &entered.session);
            setting.clock.back(2 * HOUR);
            assert_eq!(
                setting.why_not(&entered.session).as_deref(),
                Some("grant-ended"),
                "seen by {way}"
            );
            assert_eq!(
                setting.try_enter(&link).unwrap_err().code,
                "grant-ended",
                "seen by {way}"
            );
            let grant = setting.get(&owner(), link.id()).unwrap();
            assert_eq!(
                (grant.state.as_str(), grant.ended_because.as_deref()),
                ("ended", Some("expired"))
            );
            assert_eq!(
                setting.inspect("main", &link.pass).unwrap_err().code,
                "grant-ended"
            );
        }
        assert_eq!(setting.faults_in_history(), [""; 0]);
    });
}

#[test]
fn p18_a_clock_that_goes_back_before_anybody_saw_the_end_gives_no_more_than_the_window() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let opened = setting.clock.shows();
        let link = setting.link(a_link().lasting("P1D"));
        let entered = setting.enter(&link);
        setting.clock.forward(2 * DAY);
        setting.clock.back(DAY + HOUR);
        assert_eq!(
            setting.why_not(&entered.session),
            None,
            "nobody looked: it is one hour before the end"
        );
        setting.clock.forward(HOUR);
        assert_eq!(setting.clock.shows(), opened + DAY);
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("grant-ended")
        );
    });
}

#[test]
fn p18_a_clock_that_goes_back_before_the_opening_closes_what_is_not_open_yet() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link().lasting("P1D"));
        let entered = setting.enter(&link);
        setting.clock.back(HOUR);
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("link-not-open-yet")
        );
        assert_eq!(
            setting
                .check("main", &entered.session, "read")
                .unwrap_err()
                .code,
            "link-not-open-yet"
        );
        setting.clock.forward(HOUR);
        assert_eq!(setting.why_not(&entered.session), None);
        assert_eq!(
            setting.faults_in_history(),
            [""; 0],
            "and history bears a clock that goes back"
        );
    });
}

#[test]
fn p18_the_end_of_all_calendars_is_no_way_around() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for (draft, code) in [
            (a_link().until(u64::MAX), "window-too-long"),
            (a_link().opening(u64::MAX), "opens-too-late"),
            (a_link().lasting("P100Y"), "window-too-long"),
            (a_link().lasting("P101Y"), "bad-period"),
            (a_link().lasting("PT4294967295H"), "bad-period"),
            (a_link().until(0), "window-in-the-past"),
        ] {
            assert_eq!(setting.try_link(draft).unwrap_err().code, code);
        }
        let link = setting.link(a_link());
        let entered = setting.enter(&link);
        setting.clock.set(u64::MAX);
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("grant-ended")
        );
        setting.clock.set(0);
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("grant-ended")
        );
    });
}
