//! What an owner allows on a site, and what a purpose asks for.

use guestpass::ports::{Catalogue, Purpose, Put, Store as _};
use guestpass::{Ending, LockoutLimits, Settings};
use guestpass_core::keys::Keys;
use guestpass_core::names::SiteId;
use guestpass_tests::{
    DAY, Plan, Setting, a_link, beginning, both_ways, instant, lockout_after, owner,
};

fn set(setting: &Setting, settings: &Settings) {
    setting.set_policy(&owner(), settings).unwrap();
}

#[test]
fn a_draft_without_a_window_gets_the_default_cut_to_the_longest() {
    let setting = Setting::new();
    let now = setting.clock.shows();
    let link = setting.link(a_link().without_a_window());
    assert_eq!(link.grant.ends, Some(now + 7 * DAY));
    set(
        &setting,
        &Settings {
            longest_window: "P2D".into(),
            default_redirect: Some("/desk".into()),
            ..beginning()
        },
    );
    let link = setting.link(a_link().for_("kim@support.example").without_a_window());
    assert_eq!(link.grant.ends, Some(now + 2 * DAY));
    assert_eq!(link.grant.redirect.as_deref(), Some("/desk"));
}

#[test]
fn a_default_that_the_longest_window_does_not_cut_stays_as_it_is_written() {
    let setting = Setting::new();
    // From here a month is thirty days.
    setting.clock.set(instant("2027-04-02T00:00"));
    let default_ending = Ending::AfterFirstUse("P30D".into());
    let settings = Settings {
        longest_window: "P1M".into(),
        default_ending: default_ending.clone(),
        ..beginning()
    };
    set(&setting, &settings);
    let link = setting.link(a_link().without_a_window());
    assert_eq!(link.grant.window.ending, default_ending);
}

#[test]
fn the_least_role_that_serves_a_purpose_is_one_that_the_site_allows() {
    let setting = Setting::new();
    let settings = Settings {
        roles: Some(vec!["author".into(), "administrator".into()]),
        ..beginning()
    };
    set(&setting, &settings);
    let refusal = setting
        .try_link(a_link().role("author").serving("review"))
        .unwrap_err();
    assert!(
        refusal
            .message
            .contains("that has it all is `administrator`"),
        "{refusal:?}"
    );
}

#[test]
fn a_role_that_does_not_serve_the_purpose_is_refused_with_the_least_that_does() {
    let setting = Setting::new();
    let refusal = setting
        .try_link(a_link().role("author").serving("review"))
        .unwrap_err();
    assert_eq!(refusal.code, "role-lacks-permission");
    assert!(
        refusal
            .message
            .contains("lacks edit_others_posts, moderate_comments. ")
            && refusal.message.contains("`editor`"),
        "{refusal:?}"
    );
    setting
        .people
        .change_catalogue("main", |catalogue: &mut Catalogue| {
            catalogue.purposes.push(Purpose {
                name: "users".into(),
                title: "Manage users".into(),
                permissions: vec!["create_users".into()],
            });
        });
    let refusal = setting.try_link(a_link().serving("users")).unwrap_err();
    assert!(
        refusal.message.contains("No role that you may give"),
        "{refusal:?}"
    );
    let link = setting.link(
        a_link()
            .role("author")
            .serving("review")
            .knowingly("lacking-permissions"),
    );
    let records = setting.history(&owner(), link.id(), 0, 10).unwrap();
    assert!(
        records[0]
            .details
            .contains(&("knowingly".into(), "lacking-permissions".into()))
    );
}

#[test]
fn templates_leave_out_what_the_catalogue_does_not_know_and_can_be_set() {
    let setting = Setting::new();
    let templates = setting.policy_templates("main").unwrap();
    let names: Vec<_> = templates.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["wordpress-support", "agency", "hosting-panel"]);
    assert!(templates[0].settings.fresh_backup.is_some());
    assert!(templates[2].settings.fresh_backup.is_none());
    for template in templates {
        set(&setting, &template.settings);
        assert_eq!(setting.policy("main").unwrap(), template.settings);
    }
}

#[test]
fn a_default_ending_is_a_length() {
    let setting = Setting::new();
    for default_ending in [Ending::Never, Ending::At(5)] {
        let settings = Settings {
            default_ending,
            ..beginning()
        };
        let refusal = setting.set_policy(&owner(), &settings).unwrap_err();
        assert_eq!(refusal.code, "link-must-end");
    }
}

#[test]
fn numbers_out_of_their_range_are_refused_by_name() {
    let setting = Setting::new();
    type Change = fn(&mut Settings);
    let changes: [(&str, Change); 7] = [
        ("session-length", |s| {
            s.session_length = Some("PT59S".into())
        }),
        ("session-idle", |s| s.session_idle = Some("P13M".into())),
        ("lockout.within", |s| s.lockout.within = "PT25H".into()),
        ("lockout.address.tries", |s| s.lockout.address.tries = 0),
        ("lockout.site.tries", |s| s.lockout.site.tries = 1001),
        ("lockout.grant.lock", |s| {
            s.lockout.grant.lock = "P1M".into()
        }),
        ("lockout.site.lock", |s| s.lockout.site.lock = "PT1S".into()),
    ];
    for (field, change) in changes {
        let mut settings = beginning();
        change(&mut settings);
        let refusal = setting.set_policy(&owner(), &settings).unwrap_err();
        assert_eq!(
            (refusal.code.as_str(), refusal.field.as_deref()),
            ("out-of-range", Some(field))
        );
    }
    let unknown = Settings {
        kinds: Some(vec!["promise".into()]),
        ..beginning()
    };
    let refusal = setting.set_policy(&owner(), &unknown).unwrap_err();
    assert_eq!(refusal.code, "unknown-kind");
    assert_eq!(setting.policy("main").unwrap(), beginning());
}

#[test]
fn every_setting_is_kept_and_told_in_history() {
    let setting = Setting::new();
    let settings = Settings {
        kinds: Some(vec!["link".into(), "invitation".into()]),
        session_length: Some("PT8H".into()),
        session_idle: Some("PT30M".into()),
        lockout: LockoutLimits {
            within: "PT5M".into(),
            address: lockout_after(5, "PT1H"),
            ..beginning().lockout
        },
        endless_invitations: false,
        ..beginning()
    };
    set(&setting, &settings);
    assert_eq!(setting.policy("main").unwrap(), settings);
    let told = setting.drain("main", 10).unwrap();
    let detail = |name: &str| {
        let mut details = told[0].details.iter();
        details
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(detail("kinds"), Some("link invitation"));
    assert_eq!(detail("session-length"), Some("PT8H"));
    assert_eq!(detail("session-idle"), Some("PT30M"));
    assert_eq!(detail("endless-invitations"), Some("no"));
    assert_eq!(
        detail("lockout"),
        Some("within PT5M address 5 PT1H grant 20 PT20M site 300 PT5M")
    );
}

fn with_ceiling(of: &[&str]) -> Settings {
    Settings {
        ceiling: Some(of.iter().map(|name| (*name).to_owned()).collect()),
        ..beginning()
    }
}

#[test]
fn what_others_change_binds_whoever_has_read_the_policy_before() {
    both_ways(|plan: Plan| {
        let here = plan.on_sqlite().build();
        let there = here.beside();
        let session = here.enter(&here.link(a_link())).session;
        // Ceilings of one length: their records differ in nothing but a few letters.
        for name in ["export", "import", "export"] {
            set(&here, &with_ceiling(&[name]));
            for setting in [&here, &there] {
                let answer = setting.resolve("main", &session).unwrap();
                assert_eq!(answer.permissions, [name]);
            }
        }
    });
}

#[test]
fn a_policy_that_is_damaged_after_it_was_read_decides_nothing_more() {
    let setting = Setting::new();
    let session = setting.enter(&setting.link(a_link())).session;
    set(&setting, &with_ceiling(&["export"]));
    assert_eq!(setting.why_not(&session), None);
    let key = Keys(&SiteId::parse("main").unwrap()).policy();
    let stored = setting.store.get(std::slice::from_ref(&key)).unwrap();
    let mut value = stored[0].clone().unwrap().value;
    let at = value.windows(6).position(|bytes| bytes == b"export");
    value[at.unwrap()] = b'E';
    setting
        .store
        .commit(&[], &[Put { key, value }], &[])
        .unwrap();
    assert_eq!(setting.why_not(&session).as_deref(), Some("record-damaged"));
}
