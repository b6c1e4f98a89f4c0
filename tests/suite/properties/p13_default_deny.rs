//! Property 13: what is not allowed is denied, what fails denies, and the order in which things are written down decides
//! nothing.

use guestpass::Settings;
use guestpass_tests::catalogue::wordpress;
use guestpass_tests::faults::{Counting, Fault};
use guestpass_tests::{Plan, Setting, a_link, both_ways, owner};

#[test]
fn p13_who_is_refused_because_a_plugin_failed_reads_its_whole_sentence() {
    let setting = Setting::new();
    let why = "The plugin `hours` took longer than the 200 milliseconds that this site gives it, three times in a row, \
               so it was switched off; its author is told, and an owner can switch it on again.";
    setting
        .hooks
        .say(|script| script.review_grant = Err(why.into()));
    let refusal = setting.try_link(a_link()).unwrap_err();
    assert!(
        refusal.message.contains(&why.replace('`', "")),
        "{refusal:?}"
    );
    setting
        .hooks
        .say(|script| script.review_grant = Err("x".repeat(10_000).into()));
    let refusal = setting.try_link(a_link()).unwrap_err();
    assert!(refusal.message.chars().count() < 400, "{refusal:?}");
}

#[test]
fn p13_every_failure_of_store_and_directory_gives_a_refusal_and_never_more_power() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link().role("editor"));
        let entered = setting.enter(&link);
        let healthy = setting.allowed(&entered.session);
        let mut refused = 0;
        for fault in [Fault::Fails, Fault::DiesBefore, Fault::Conflicts] {
            for n in 0.. {
                // The revision moves, so that the catalogue has to be read as well.
                setting.people.change_catalogue("main", |_| {});
                setting.faults.plan(n, fault, Counting::Everything);
                let answer = setting.resolve("main", &entered.session);
                let struck = setting.faults.recover();
                match answer {
                    Ok(answer) => {
                        assert!(answer.permissions.iter().all(|name| healthy.contains(name)))
                    }
                    Err(refusal) => {
                        assert!(
                            ["store-unavailable", "directory-unavailable"]
                                .contains(&refusal.code.as_str()),
                            "{refusal:?}"
                        );
                        refused += 1;
                    }
                }
                if !struck {
                    break;
                }
                setting.faults.plan(n, fault, Counting::Everything);
                let may = setting.check("main", &entered.session, "manage_options");
                setting.faults.recover();
                assert_ne!(may, Ok(true), "call {n} {fault:?}");
            }
        }
        assert!(
            refused >= 9,
            "the store, the grantor and the catalogue were asked: {refused} refusals"
        );
        assert_eq!(
            setting.allowed(&entered.session),
            healthy,
            "all is well again"
        );
    });
}

#[test]
fn p13_a_failing_store_or_directory_lets_nobody_in_and_gives_nothing_out() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        for (number, fault) in [Fault::Fails, Fault::DiesBefore].into_iter().enumerate() {
            for n in 0.. {
                let draft = || a_link().for_(&format!("g{number}-{n}@support.example"));
                setting.people.change_catalogue("main", |_| {});
                setting.faults.plan(n, fault, Counting::Everything);
                let made = setting.try_link(draft());
                if !setting.faults.recover() {
                    made.unwrap();
                    break;
                }
                let code = made.unwrap_err().code;
                assert!(
                    ["store-unavailable", "directory-unavailable"].contains(&code.as_str()),
                    "{code}"
                );
                setting
                    .try_link(draft())
                    .expect("nothing is left of what was refused");
            }
        }
        let link = setting.link(a_link().for_("last@support.example"));
        for n in 0.. {
            setting
                .faults
                .plan(n, Fault::DiesBefore, Counting::Everything);
            let entered = setting.try_enter(&link);
            if !setting.faults.recover() {
                assert_eq!(setting.why_not(&entered.unwrap().session), None);
                break;
            }
            entered.unwrap_err();
            let sessions = setting
                .dump()
                .into_iter()
                .filter(|(key, _)| key[5] == b's')
                .count();
            assert_eq!(sessions, 0, "call {n}");
        }
    });
}

#[test]
fn p13_a_hook_that_fails_or_panics_denies() {
    for panics in [false, true] {
        let setting = Setting::plan().through_the_component().build();
        let link = setting.link(a_link());
        let entered = setting.enter(&link);
        setting.hooks.say(|script| {
            script.panics = panics;
            script.review_grant = Err("broken".into());
            script.review_entry = Err("broken".into());
            script.narrow = Err("broken".into());
        });
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("hook-failed")
        );
        assert_eq!(
            setting
                .check("main", &entered.session, "read")
                .unwrap_err()
                .code,
            "hook-failed"
        );
        assert_eq!(setting.try_enter(&link).unwrap_err().code, "hook-failed");
        assert_eq!(
            setting
                .try_link(a_link().for_("kim@support.example"))
                .unwrap_err()
                .code,
            "hook-failed"
        );
        assert_eq!(
            setting
                .explain(&owner(), link.id(), "read")
                .unwrap_err()
                .code,
            "hook-failed"
        );
        let uses = setting.get(&owner(), link.id()).unwrap().uses;
        assert_eq!(uses, 1, "what was refused was not counted");
        setting
            .hooks
            .say(|script| *script = guestpass_tests::hooks::Script::default());
        assert_eq!(setting.why_not(&entered.session), None);
    }
}

#[test]
fn p13_whoever_begins_to_narrow_is_asked_on_the_very_next_request() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link().role("author"));
        let entered = setting.enter(&link);
        let plain = setting.allowed(&entered.session);
        setting.hooks.say(|script| {
            script.narrows = false;
            script.narrow = Err("who does not narrow is not asked".into());
        });
        assert_eq!(setting.allowed(&entered.session), plain);
        setting.hooks.say(|script| {
            script.narrows = true;
            script.narrow = Ok(vec!["read".into()]);
        });
        let narrowed = setting.allowed(&entered.session);
        assert_eq!(narrowed.len() + 1, plain.len());
        assert!(!narrowed.contains(&"read".to_owned()));
    });
}

#[test]
fn p13_hooks_cannot_widen() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let link = setting.link(a_link().role("author"));
        let entered = setting.enter(&link);
        let plain = setting.allowed(&entered.session);
        for said in [
            vec!["+manage_options".to_owned()],
            vec![
                "manage_options".to_owned(),
                "no_such_permission".to_owned(),
                String::new(),
            ],
            vec!["read edit_posts".to_owned()],
            vec!["x".repeat(100_000)],
        ] {
            setting.hooks.say(|script| script.narrow = Ok(said));
            assert_eq!(setting.allowed(&entered.session), plain);
        }
        setting
            .hooks
            .say(|script| script.narrow = Ok(vec!["read".to_owned(); 3]));
        assert!(
            !setting
                .allowed(&entered.session)
                .contains(&"read".to_owned())
        );
        setting.hooks.say(|script| {
            let review = script.review_grant.as_mut().unwrap();
            (review.ends_by, review.uses) = (Some(u64::MAX), Some(u32::MAX));
        });
        let link = setting.link(a_link().for_("kim@support.example").lasting("PT1H").uses(1));
        assert_eq!(
            (link.grant.ends, link.grant.uses_allowed),
            (Some(setting.clock.shows() + 3_600_000), Some(1))
        );
    });
}

#[test]
fn p13_a_bad_catalogue_denies() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let entered = setting.enter(&setting.link(a_link()));
        setting.people.change_catalogue("main", |catalogue| {
            catalogue.permissions[3].name = "two words".into()
        });
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("bad-catalogue")
        );
        setting
            .people
            .change_catalogue("main", |catalogue| *catalogue = wordpress());
        setting
            .people
            .change_catalogue("main", |catalogue| catalogue.revision = 100);
        assert_eq!(setting.why_not(&entered.session), None);
        setting.people.change_catalogue("main", |catalogue| {
            let more = (0..1025).map(|number| guestpass::ports::PermissionEntry {
                name: format!("p{number}"),
                title: String::new(),
                reserved: false,
            });
            catalogue.permissions = more.collect();
        });
        assert_eq!(
            setting.why_not(&entered.session).as_deref(),
            Some("bad-catalogue")
        );
    });
}

#[test]
fn p13_the_order_of_what_is_written_down_decides_nothing() {
    both_ways(|plan: Plan| {
        let setting = plan.build();
        let also = ["export", "import", "edit_posts", "upload_files"];
        let except = ["read", "import", "edit_pages"];
        let mut answers = Vec::new();
        for turn in 0..4 {
            let turned = |names: &[&'static str]| {
                let mut names = names.to_vec();
                let length = names.len();
                names.rotate_left(turn % length);
                if turn % 2 == 1 {
                    names.reverse();
                    names.push(names[0]);
                }
                names
            };
            setting.people.change_catalogue("main", |catalogue| {
                catalogue.permissions.rotate_left(turn * 7);
                catalogue.roles.rotate_left(turn);
                catalogue
                    .roles
                    .iter_mut()
                    .for_each(|role| role.permissions.reverse());
            });
            let ceiling = turned(&["export", "import", "edit_posts", "edit_pages", "read"]);
            let ceiling = ceiling
                .into_iter()
                .map(str::to_owned)
                .chain(["upload_files".to_owned()])
                .collect();
            setting
                .set_policy(
                    &owner(),
                    &Settings {
                        ceiling: Some(ceiling),
                        longest_window: "P1Y".into(),
                        ..guestpass_tests::beginning()
                    },
                )
                .unwrap();
            let draft = a_link()
                .for_(&format!("g{turn}@support.example"))
                .role("author")
                .also(&turned(&also));
            let link = setting.link(draft.except(&turned(&except)));
            answers.push((
                link.permissions.clone(),
                setting.allowed(&setting.enter(&link).session),
            ));
        }
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{answers:?}"
        );
        assert_eq!(answers[0].1, ["edit_posts", "export", "upload_files"]);
    });
}
