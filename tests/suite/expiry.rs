//! When access begins and ends: presets, openings, first use. The boundary itself and the calendar are in
//! `properties/p18_time.rs`.

use guestpass::{Ending, Extension, Settings};
use guestpass_tests::{DAY, HOUR, Link, MINUTE, Plan, Setting, a_link, both_ways, instant, owner};

/// Checks that access is there one millisecond before `end` and not at it.
fn ends_exactly_at(setting: &Setting, session: &str, end: u64, what: &str) {
    setting.clock.set(end - 1);
    assert_eq!(
        setting.why_not(session),
        None,
        "{what}: a millisecond before the end"
    );
    setting.clock.set(end);
    assert_eq!(
        setting.why_not(session).as_deref(),
        Some("grant-ended"),
        "{what}: at the end"
    );
}

#[test]
fn each_preset_lasts_as_long_as_it_says() {
    // What people take the titles for, starting on the last day of a January.
    let from = instant("2026-01-31T09:30");
    let lengths = [
        ("1-hour", "One hour", from + HOUR),
        ("3-hours", "Three hours", from + 3 * HOUR),
        ("1-day", "One day", from + DAY),
        ("3-days", "Three days", from + 3 * DAY),
        ("1-week", "One week", from + 7 * DAY),
        ("1-month", "One month", instant("2026-02-28T09:30")),
    ];
    both_ways(|plan: Plan| {
        let setting = plan.beginning(from).build();
        let presets = setting.presets().unwrap();
        assert_eq!(presets.len(), 12);
        for (name, title, end) in lengths {
            for first_use in [false, true] {
                let (name, title) = if first_use {
                    (
                        format!("{name}-from-first-use"),
                        format!("{title} from first use"),
                    )
                } else {
                    (name.to_owned(), title.to_owned())
                };
                let preset = presets
                    .iter()
                    .find(|preset| preset.name == name)
                    .expect("a preset of this name");
                assert_eq!(preset.title, title);
                assert_eq!(matches!(preset.ending, Ending::AfterFirstUse(_)), first_use);
                setting.clock.set(from);
                let link = setting.link(
                    a_link()
                        .for_(&format!("{name}@support.example"))
                        .ending(preset.ending.clone()),
                );
                let entered = setting.enter(&link);
                assert_eq!(entered.ends, Some(end), "{name}");
                ends_exactly_at(&setting, &entered.session, end, &name);
            }
        }
    });
}

#[test]
fn a_link_that_opens_later_says_when_and_opens_then() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let opens = setting.clock.shows() + 2 * DAY;
        let link = setting.link(a_link().opening(opens).lasting("PT1H"));
        assert_eq!(
            (link.grant.opens, link.grant.ends),
            (opens, Some(opens + HOUR))
        );
        setting.clock.set(opens - 1);
        for refusal in [
            setting.try_enter(&link).unwrap_err(),
            setting.inspect("main", &link.pass).unwrap_err(),
        ] {
            assert_eq!(refusal.code, "link-not-open-yet");
            assert!(
                refusal.message.contains("2026-11-24 10:00 UTC"),
                "{}",
                refusal.message
            );
        }
        assert_eq!(setting.people.created("main"), 0);
        setting.clock.set(opens);
        let entered = setting.enter(&link);
        ends_exactly_at(&setting, &entered.session, opens + HOUR, "from its opening");
    });
}

#[test]
fn a_window_from_first_use_starts_then_and_not_before() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let made = setting.clock.shows();
        let link = setting.link(a_link().lasting_from_first_use("PT3H"));
        assert_eq!(
            (link.grant.ends, link.grant.ends_bound_by.as_str()),
            (Some(made + 30 * DAY), "use-within")
        );
        setting.clock.forward(5 * DAY);
        let used = setting.clock.shows();
        assert_eq!(
            setting.inspect("main", &link.pass).unwrap().ends,
            Some(used + 3 * HOUR),
            "if it were redeemed now"
        );
        let entered = setting.enter(&link);
        let grant = setting.get(&owner(), link.id()).unwrap();
        assert_eq!(
            (grant.ends, grant.ends_bound_by.as_str()),
            (Some(used + 3 * HOUR), "first-use")
        );
        setting.clock.forward(HOUR);
        assert_eq!(
            setting.enter(&link).ends,
            Some(used + 3 * HOUR),
            "a second use does not start it again"
        );
        ends_exactly_at(
            &setting,
            &entered.session,
            used + 3 * HOUR,
            "from its first use",
        );
        assert_eq!(setting.try_enter(&link).unwrap_err().code, "grant-ended");
    });
}

#[test]
fn a_link_that_is_not_used_in_time_ends_unused() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let made = setting.clock.shows();
        for (email, draft, bound) in [
            (
                "a@support.example",
                a_link().lasting_from_first_use("P1D"),
                made + 30 * DAY,
            ),
            (
                "b@support.example",
                a_link()
                    .lasting_from_first_use("P1D")
                    .to_be_used_within("PT2H"),
                made + 2 * HOUR,
            ),
            (
                "c@support.example",
                a_link().lasting("P9D").to_be_used_within("PT10M"),
                made + 10 * MINUTE,
            ),
        ] {
            setting.clock.set(made);
            let late = setting.link(draft.clone().for_(&format!("late-{email}")));
            let early = setting.link(draft.for_(email));
            setting.clock.set(bound - 1);
            let entered = setting.enter(&early);
            setting.clock.set(bound);
            assert_eq!(
                setting.try_enter(&late).unwrap_err().code,
                "grant-ended",
                "{email}"
            );
            assert_eq!(
                setting.why_not(&entered.session),
                None,
                "used in time, {email} goes on"
            );
            let grant = setting.get(&owner(), late.id()).unwrap();
            assert_eq!(
                (grant.state.as_str(), grant.ends_bound_by.as_str()),
                ("ended", "use-within")
            );
        }
        assert_eq!(
            setting.people.created("main"),
            3,
            "no user for a link that was never used"
        );
    });
}

#[test]
fn the_longest_window_bounds_what_is_asked_for() {
    let setting = Setting::new();
    setting
        .set_policy(
            &owner(),
            &Settings {
                ceiling: None,
                longest_window: "P3D".into(),
                ..guestpass_tests::beginning()
            },
        )
        .unwrap();
    for draft in [
        a_link().lasting("P3DT1S"),
        a_link().lasting_from_first_use("P4D"),
        a_link().until(setting.clock.shows() + 3 * DAY + 1),
    ] {
        let refusal = setting.try_link(draft).unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), refusal.field.as_deref()),
            ("window-too-long", Some("window.ending"))
        );
        assert!(refusal.message.contains("P3D"), "{}", refusal.message);
    }
    assert!(setting.try_link(a_link().lasting("P3D")).is_ok());
}

#[test]
fn a_shorter_policy_bounds_a_window_that_did_not_start_yet() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link().lasting_from_first_use("P7D"));
        setting
            .set_policy(
                &owner(),
                &Settings {
                    ceiling: None,
                    longest_window: "P1D".into(),
                    ..guestpass_tests::beginning()
                },
            )
            .unwrap();
        let entered = setting.enter(&link);
        assert_eq!(entered.ends, Some(setting.clock.shows() + DAY));
        let grant = setting.get(&owner(), link.id()).unwrap();
        assert_eq!(grant.ends_bound_by, "longest-window");
    });
}

#[test]
fn a_plugins_word_shortens_a_window_from_first_use_and_never_lengthens_it() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let now = setting.clock.shows();
        for (says, until, bound) in [
            (now + 20 * DAY, now + HOUR, "first-use"),
            (now + 30 * MINUTE, now + 30 * MINUTE, "plugin"),
        ] {
            setting.clock.set(now);
            setting.hooks.say(|script| {
                script.review_grant.as_mut().unwrap().ends_by = Some(says);
            });
            let email = format!("{bound}@support.example");
            let link = setting.link(a_link().for_(&email).lasting_from_first_use("PT1H"));
            assert_eq!(
                (link.grant.ends, link.grant.ends_bound_by.as_str()),
                (Some(says), "plugin"),
                "as long as it is not used"
            );
            let entered = setting.enter(&link);
            assert_eq!(entered.ends, Some(until));
            let grant = setting.get(&owner(), link.id()).unwrap();
            assert_eq!(grant.ends_bound_by, bound);
            ends_exactly_at(&setting, &entered.session, until, bound);
        }
    });
}

/// A link for three hours from its first use, one of them from the beginning.
fn extended_before_its_first_use(setting: &Setting) -> Link {
    let link = setting.link(a_link().lasting_from_first_use("PT1H"));
    setting
        .extend(&owner(), link.id(), &Extension::By("PT2H".into()))
        .unwrap();
    link
}

#[test]
fn extending_before_the_first_use_lengthens_what_will_run() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = extended_before_its_first_use(&setting);
        setting.clock.forward(DAY);
        let used = setting.clock.shows();
        assert_eq!(setting.enter(&link).ends, Some(used + 3 * HOUR));
    });
}

#[test]
fn history_tells_the_length_from_the_first_use_only_where_it_changed() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = extended_before_its_first_use(&setting);
        setting.suspend(&owner(), link.id()).unwrap();
        let told: Vec<_> = setting
            .whole_history(link.id())
            .into_iter()
            .map(|record| {
                let mut details = record.details.into_iter();
                let length = details.find(|(name, _)| name == "from-first-use");
                (record.action, length.map(|(_, length)| length))
            })
            .filter(|(action, _)| matches!(action.as_str(), "extended" | "suspended"))
            .collect();
        assert_eq!(
            told,
            [
                ("extended".to_owned(), Some("PT3H".to_owned())),
                ("suspended".to_owned(), None)
            ]
        );
    });
}
