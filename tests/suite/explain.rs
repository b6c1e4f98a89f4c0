//! What bounds the end of access and what a grant gives, told to who manages it, and to guests who are refused.

use guestpass::{EndExplanation, EndLimit, Extension, Grant, GrantorGone, Refusal, Settings};
use guestpass_tests::{
    DAY, HOUR, Link, Plan, a_link, an_invitation, beginning, both_ways, from_somewhere, owner, user,
};

fn named<'a>(said: &'a EndExplanation, name: &str) -> &'a EndLimit {
    let mut limits = said.limits.iter().filter(|limit| limit.name == name);
    let limit = limits
        .next()
        .unwrap_or_else(|| panic!("no limit `{name}`: {said:?}"));
    assert!(limits.next().is_none(), "`{name}` is told once: {said:?}");
    limit
}

/// The names of what binds.
fn binding(said: &EndExplanation) -> Vec<&str> {
    let binds = said.limits.iter().filter(|limit| limit.binds);
    binds.map(|limit| limit.name.as_str()).collect()
}

#[test]
fn the_ending_names_every_limit_which_one_binds_and_who_could_change_it() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let now = setting.clock.shows();
        let asked = setting.link(a_link().lasting("P7D"));
        let said = setting.explain_ending(&owner(), asked.id()).unwrap();
        assert_eq!(
            (said.ends, said.ends_bound_by.as_str()),
            (Some(now + 7 * DAY), "window")
        );
        assert_eq!(binding(&said), ["window"]);
        assert!(
            named(&said, "longest-window")
                .at
                .is_some_and(|at| at > now + 364 * DAY)
        );
        assert!(named(&said, "window").message.contains("can extend it"));
        assert!(
            named(&said, "longest-window")
                .message
                .contains("in the policy")
        );
        for limit in &said.limits {
            assert!(limit.message.ends_with('.'), "{limit:?}");
        }

        let unused = setting.link(
            a_link()
                .for_("a@b.example")
                .lasting_from_first_use("P3D")
                .to_be_used_within("P2D"),
        );
        let said = setting.explain_ending(&owner(), unused.id()).unwrap();
        assert_eq!(binding(&said), ["use-within"]);
        assert_eq!(named(&said, "use-within").at, Some(now + 2 * DAY));
        assert_eq!(named(&said, "first-use").at, None);
        assert!(named(&said, "first-use").message.contains("P3D"));

        setting.clock.forward(HOUR);
        let _entered = setting.enter(&unused);
        let said = setting.explain_ending(&owner(), unused.id()).unwrap();
        assert_eq!(binding(&said), ["first-use"]);
        assert_eq!(said.ends, Some(now + HOUR + 3 * DAY));
        assert_eq!(named(&said, "use-within").at, None);
    });
}

#[test]
fn the_ending_tells_of_policies_plugins_sessions_and_a_grantor_who_left() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let latest = setting.clock.shows() + DAY;
        setting.hooks.say(|script| {
            script.review_grant.as_mut().unwrap().ends_by = Some(latest);
        });
        let draft = a_link().role("author").draft();
        let link = setting.create(&user("ed"), &draft).unwrap();
        let settings = Settings {
            longest_window: "P3M".into(),
            session_length: Some("PT8H".into()),
            session_idle: Some("PT1H".into()),
            grantor_gone: GrantorGone::End,
            ..beginning()
        };
        setting.set_policy(&owner(), &settings).unwrap();
        let said = setting.explain_ending(&owner(), link.id()).unwrap();
        assert_eq!(binding(&said), ["plugin"]);
        assert_eq!(named(&said, "plugin").at, Some(latest));
        assert!(named(&said, "session-length").message.contains("PT8H"));
        assert!(named(&said, "session-idle").message.contains("PT1H"));
        assert!(named(&said, "grantor").message.contains("`Ed Editor`"));
        setting.people.remove("main", "ed");
        let said = setting.explain_ending(&owner(), link.id()).unwrap();
        assert!(binding(&said).contains(&"grantor"));
        assert!(
            named(&said, "grantor")
                .message
                .contains("it ends when it is next used")
        );
    });
}

#[test]
fn the_ending_of_what_was_taken_back_is_bound_by_that_alone() {
    let setting = guestpass_tests::Setting::new();
    let link = setting.link(a_link());
    setting.suspend(&owner(), link.id()).unwrap();
    let said = setting.explain_ending(&owner(), link.id()).unwrap();
    assert_eq!(binding(&said), ["state", "window"]);
    assert!(named(&said, "state").message.contains("can resume it"));
    setting.clock.forward(HOUR);
    let at = setting.clock.shows();
    setting.revoke(&owner(), link.id()).unwrap();
    let said = setting.explain_ending(&owner(), link.id()).unwrap();
    assert_eq!(binding(&said), ["state"]);
    assert_eq!((said.ends, named(&said, "state").at), (Some(at), Some(at)));
}

#[test]
fn the_window_is_told_as_it_is_before_it_opens_while_it_is_open_and_after() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let window = |id: &str| {
            let said = setting.explain(&owner(), id, "read").unwrap();
            let mut limits = said.limits.into_iter();
            let limit = limits.find(|limit| limit.name == "window").unwrap();
            (limit.allows, limit.message)
        };
        let opens = setting.clock.shows() + HOUR;
        let link = setting.link(a_link().opening(opens).lasting("PT2H"));
        let (allows, message) = window(link.id());
        assert!(!allows && message.starts_with("It opens at "), "{message}");
        setting.clock.forward(HOUR);
        let (allows, message) = window(link.id());
        assert!(allows && message.contains("can extend it"), "{message}");
        setting.clock.forward(2 * HOUR);
        let (allows, message) = window(link.id());
        assert!(
            !allows && message.starts_with("It was open until "),
            "{message}"
        );

        let early = setting.link(a_link().for_("a@b.example").lasting("P1D"));
        setting.revoke(&owner(), early.id()).unwrap();
        let (allows, message) = window(early.id());
        assert!(
            allows && message.contains("but the grant ended before"),
            "{message}"
        );

        let endless = setting.link(an_invitation());
        let _accepted = setting.join(&endless, "sue");
        let (allows, message) = window(endless.id());
        assert!(allows && message.contains("no end of its own"), "{message}");
    });
}

#[test]
fn power_is_what_resolve_gives_and_names_what_takes_the_rest_away() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let ceiling = ["read", "edit_posts", "publish_posts", "create_users"];
        let settings = Settings {
            ceiling: Some(ceiling.map(str::to_owned).to_vec()),
            ..beginning()
        };
        setting.set_policy(&owner(), &settings).unwrap();
        let link = setting.link(a_link().role("administrator"));
        let entered = setting.enter(&link);
        setting
            .hooks
            .say(|script| script.narrow = Ok(vec!["publish_posts".into()]));
        let power = setting.power(&owner(), link.id()).unwrap();
        assert!(power.now);
        assert_eq!(power.permissions, ["edit_posts", "read"]);
        assert_eq!(power.permissions, setting.allowed(&entered.session));
        let bound = |permission: &str| {
            let mut all = power.withheld.iter();
            all.find(|one| one.permission == permission)
                .map(|one| one.bound_by.clone())
        };
        assert_eq!(bound("publish_posts").as_deref(), Some("plugin"));
        assert_eq!(bound("create_users").as_deref(), Some("reserved"));
        assert_eq!(bound("update_core").as_deref(), Some("ceiling"));
        assert_eq!(bound("read"), None);
        setting.suspend(&owner(), link.id()).unwrap();
        let suspended = setting.power(&owner(), link.id()).unwrap();
        assert!(!suspended.now, "it gives nothing now");
        assert_eq!(
            suspended.permissions, power.permissions,
            "and this again then"
        );
    });
}

#[test]
fn a_guest_reads_why_access_is_refused() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let settings = Settings {
            grantor_gone: GrantorGone::End,
            ..beginning()
        };
        setting.set_policy(&owner(), &settings).unwrap();
        let told = |link: &Link| setting.try_enter(link).unwrap_err().message;
        let link = |email: &str| setting.link(a_link().for_(email).lasting("P1D"));

        let suspended = link("a@b.example");
        setting.suspend(&owner(), suspended.id()).unwrap();
        assert!(told(&suspended).contains("is suspended for now"));
        let revoked = link("b@b.example");
        setting.revoke(&owner(), revoked.id()).unwrap();
        assert!(told(&revoked).contains("was taken back at"));
        for (uses, told_so) in [(1, "was used once"), (2, "was used 2 times")] {
            let email = format!("{uses}@b.example");
            let used = setting.link(a_link().for_(&email).uses(uses));
            for _ in 0..uses {
                let _entered = setting.enter(&used);
            }
            assert!(told(&used).contains(told_so));
        }
        let expired = link("c@b.example");
        let of_ed = a_link().for_("d@b.example").role("author").draft();
        let of_ed = setting.create(&user("ed"), &of_ed).unwrap();
        setting.people.remove("main", "ed");
        assert!(told(&of_ed).contains("is no longer with this site"));
        let invited = setting.link(an_invitation());
        setting
            .decline("main", &invited.pass, &from_somewhere())
            .unwrap();
        let declined = setting.try_join(&invited, "sue").unwrap_err().message;
        assert!(declined.contains("was declined at"), "{declined}");
        setting.clock.forward(DAY);
        assert!(told(&expired).contains("ended at 2026-11-23"));
    });
}

#[test]
fn whoever_manages_a_grant_reads_why_it_cannot_be_changed() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link().lasting("P1D"));
        let id = link.id();
        let more = Extension::By("P1D".into());
        let told = |answer: Result<Grant, Refusal>| answer.unwrap_err().message;
        assert!(told(setting.resume(&owner(), id)).contains("is not suspended"));
        setting.suspend(&owner(), id).unwrap();
        assert!(told(setting.suspend(&owner(), id)).contains("is suspended already"));
        setting.resume(&owner(), id).unwrap();
        setting.clock.forward(DAY);
        let ended = told(setting.extend(&owner(), id, &more));
        assert!(
            ended.contains("at 2026-11-23 10:00 UTC (bound by window)"),
            "{ended}"
        );
    });
}

#[test]
fn an_ended_grant_tells_its_owner_something_else_than_its_guest() {
    let setting = guestpass_tests::Setting::new();
    let link = setting.link(a_link());
    setting.revoke(&owner(), link.id()).unwrap();
    let guests = setting.try_enter(&link).unwrap_err().message;
    let owners = setting.suspend(&owner(), link.id()).unwrap_err().message;
    assert!(guests.contains("Ask the person who gave it to you"));
    assert!(
        owners.contains("(revoked)") && owners.contains("Make a new one"),
        "{owners}"
    );
}
