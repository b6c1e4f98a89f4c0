//! What filters are asked, in which order, and what becomes of their answers.

use guestpass::Draft;
use guestpass::plugins::{Facts, Hook};
use guestpass_tests::{a_link, instant};

use super::world::World;
use guestpass_tests::corpus::{made, veto_entry, veto_grant};

/// Takes one permission out of a grant.
fn except(name: &str) -> String {
    format!(
        "(i32.store (i32.const 2068) (i32.const 2500)) (i32.store (i32.const 2072) (i32.const 1)) \
         (i32.store (i32.const 2500) (i32.const 2600)) (i32.store (i32.const 2504) (i32.const {})) (i32.const 2048)",
        name.len()
    )
}

#[test]
fn a_veto_refuses_a_grant_with_its_sentence_and_the_plugins_name() {
    let world = World::new();
    world.run(
        &made("strict")
            .hook(Hook::GrantFilter, veto_grant(3000, 10))
            .text(3000, "Not today.")
            .package(),
    );
    let refusal = world.grant_to("a@b.example").unwrap_err();
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("vetoed", "Not today. (plugin `strict`)")
    );
    assert!(
        world.journal("strict", "fault").is_empty(),
        "a veto is no fault"
    );
}

#[test]
fn a_veto_keeps_a_guest_out_and_the_link_stays_good() {
    let world = World::new();
    let issued = world
        .grant(a_link().role("editor").lasting("P1D").uses(1))
        .unwrap();
    let body = veto_entry("(i32.const 3000)", "(i32.const 16)");
    world.run(
        &made("door")
            .hook(Hook::EntryFilter, body)
            .text(3000, "Come back later.")
            .package(),
    );
    let refusal = world.enter(&issued).unwrap_err();
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("vetoed", "Come back later.")
    );
    world.plugins.deactivate("door").unwrap();
    assert!(world.enter(&issued).is_ok());
}

#[test]
fn several_narrow_together_and_the_narrowest_of_each_counts() {
    let at = instant("2026-03-01T00:00");
    let ends = |at: u64| {
        format!(
            "(i32.store8 (i32.const 2080) (i32.const 1)) (i64.store (i32.const 2088) (i64.const {at}))"
        )
    };
    let uses = |n: u32| {
        format!(
            "(i32.store8 (i32.const 2096) (i32.const 1)) (i32.store (i32.const 2100) (i32.const {n}))"
        )
    };
    let world = World::new();
    world.clock.set(instant("2026-02-01T00:00"));
    let one = format!("{} {} {}", ends(at), uses(5), except("export"));
    let two = format!("{} {} {}", ends(at + 1), uses(3), except("edit_posts"));
    world.run(
        &made("one")
            .hook(Hook::GrantFilter, one)
            .text(2600, "export")
            .package(),
    );
    world.run(
        &made("two")
            .hook(Hook::GrantFilter, two)
            .text(2600, "edit_posts")
            .package(),
    );
    let issued = world
        .grant(a_link().role("editor").lasting("P40D").uses(9))
        .unwrap();
    assert_eq!(
        (issued.grant.ends, issued.grant.ends_bound_by.as_str()),
        (Some(at), "plugin")
    );
    assert_eq!(issued.grant.uses_allowed, Some(3));
    assert!(!issued.permissions.may("edit_posts") && issued.permissions.may("publish_posts"));
}

/// Answers one thing under a name: where the text at 2600 names it, and that at 2700 is its value.
fn more(name: &str, value: &str) -> String {
    format!(
        "(i32.store (i32.const 2104) (i32.const 2500)) (i32.store (i32.const 2108) (i32.const 1)) \
         (i32.store (i32.const 2500) (i32.const 2600)) (i32.store (i32.const 2504) (i32.const {})) \
         (i32.store (i32.const 2508) (i32.const 2700)) (i32.store (i32.const 2512) (i32.const {})) (i32.const 2048)",
        name.len(),
        value.len()
    )
}

#[test]
fn a_filter_says_where_the_guest_lands_and_only_on_this_site() {
    let leading = |id: &str, path: &str| {
        made(id)
            .hook(Hook::GrantFilter, more("redirect", path))
            .text(2600, "redirect")
            .text(2700, path)
            .package()
    };
    let world = World::new();
    world.run(&leading("guide", "/welcome"));
    let issued = world
        .grant(a_link().role("editor").lasting("P1D").leading_to("/posts"))
        .unwrap();
    let entered = world.enter(&issued).unwrap();
    assert_eq!(entered.redirect.as_deref(), Some("/welcome"));

    for path in [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "",
        "/a b",
    ] {
        let world = World::new();
        world.run(&leading("lures", path));
        let refusal = world.grant_to("a@b.example").unwrap_err();
        assert_eq!(refusal.code, "hook-failed", "{path}");
        assert!(
            refusal.message.contains("away from this site"),
            "{path}: {}",
            refusal.message
        );
        assert_eq!(world.journal("lures", "fault").len(), 1, "{path}");
    }
}

#[test]
fn who_would_widen_a_grant_is_named_in_history() {
    let world = World::new();
    let uses = "(i32.store8 (i32.const 2096) (i32.const 1)) (i32.store (i32.const 2100) (i32.const 100)) (i32.const 2048)";
    world.run(&made("widens").hook(Hook::GrantFilter, uses).package());
    let refusal = world
        .grant(
            a_link()
                .for_("a@b.example")
                .role("editor")
                .lasting("P1D")
                .uses(2),
        )
        .unwrap_err();
    assert_eq!(refusal.code, "hook-failed");
    let told = world.engine.drain("main", 10).unwrap();
    let newest = &told[0];
    assert_eq!(
        (
            newest.action.as_str(),
            newest.grant.as_deref(),
            newest.actor.as_deref()
        ),
        ("widening-refused", None, None)
    );
    let details: Vec<_> = newest
        .details
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        details,
        [
            ("extension", "widens"),
            ("tried", "100 uses instead of 2"),
            ("email", "a@b.example"),
            ("asked-by", "olga"),
        ]
    );
    assert_eq!(world.journal("widens", "fault").len(), 1);
    // Whatever else goes wrong with a plugin is between it and its owner.
    world.plugins.deactivate("widens").unwrap();
    world.run(
        &made("traps")
            .hook(Hook::GrantFilter, "unreachable")
            .package(),
    );
    world.grant_to("a@b.example").unwrap_err();
    assert_eq!(world.engine.drain("main", 10).unwrap().len(), 1);
}

#[test]
fn the_order_is_priority_then_name_and_a_veto_ends_it() {
    let world = World::new();
    let says = |id: &str, priority: i32| {
        made(id)
            .saying(&format!("priority = {priority}"))
            .hook(
                Hook::GrantFilter,
                veto_grant(3000, u32::try_from(id.len()).unwrap()),
            )
            .text(3000, id)
            .package()
    };
    for (id, priority) in [("bb-second", 5), ("aa-second", 5), ("zz-first", 1)] {
        world.run(&says(id, priority));
    }
    let first = || world.grant_to("a@b.example").unwrap_err().message;
    assert!(first().starts_with("zz-first"));
    world.plugins.deactivate("zz-first").unwrap();
    assert!(first().starts_with("aa-second"));
    world.plugins.set_priority("bb-second", Some(-3)).unwrap();
    assert!(first().starts_with("bb-second"));
    let listed: Vec<_> = world
        .plugins
        .list()
        .unwrap()
        .into_iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(listed, ["bb-second", "zz-first", "aa-second"]);
}

#[test]
fn what_a_permission_filter_withholds_is_withheld_at_once_and_given_back_at_once() {
    let world = World::new();
    let session = world
        .enter(&world.grant_to("a@b.example").unwrap())
        .unwrap();
    assert_eq!(world.allowed(&session), Ok(true));
    let body = "(i32.store (i32.const 2052) (i32.const 2500)) (i32.store (i32.const 2056) (i32.const 1)) \
                (i32.store (i32.const 2500) (i32.const 2600)) (i32.store (i32.const 2504) (i32.const 10)) (i32.const 2048)";
    world.run(
        &made("reader")
            .hook(Hook::PermissionFilter, body)
            .text(2600, "edit_posts")
            .package(),
    );
    assert_eq!(world.allowed(&session), Ok(false));
    world.plugins.deactivate("reader").unwrap();
    assert_eq!(world.allowed(&session), Ok(true));
}

#[test]
fn an_error_of_its_own_denies_with_its_sentence() {
    let body = "(i32.store8 (i32.const 2048) (i32.const 1)) (i32.store (i32.const 2056) (i32.const 3000)) \
                (i32.store (i32.const 2060) (i32.const 7)) (i32.const 2048)";
    let world = World::new();
    world.run(
        &made("unsure")
            .hook(Hook::GrantFilter, body)
            .text(3000, "no data")
            .package(),
    );
    let refusal = world.grant_to("a@b.example").unwrap_err();
    assert_eq!(refusal.code, "hook-failed");
    assert!(
        refusal.message.contains("`unsure` could not tell: no data")
            || refusal.message.contains("could not tell: no data"),
        "{}",
        refusal.message
    );
}

/// Says that the site was never backed up, in many words.
struct Talkative;

impl Facts for Talkative {
    fn about_draft(&self, _: &str, _: &Draft) -> Vec<(String, String)> {
        vec![("last-backup".to_owned(), "x".repeat(7))]
    }
}

#[test]
fn what_the_host_knows_reaches_the_plugin() {
    // Vetoes with the value of one thing known beside the draft, 16 bytes each: `more` is the last field of it.
    let telling = |place: u32| {
        format!(
            "(i32.store8 (i32.const 2056) (i32.const 1))\n\
             (i32.store (i32.const 2060) (i32.load offset={} (i32.load offset=132 (local.get 0))))\n\
             (i32.store (i32.const 2064) (i32.load offset={} (i32.load offset=132 (local.get 0)))) (i32.const 2048)",
            16 * place + 8,
            16 * place + 12
        )
    };
    let mut draft = a_link().role("editor").lasting("P1D").draft();
    draft.note = None;
    draft.message = Some("Welcome".to_owned());
    let mut actor = guestpass_tests::owner();
    actor.origin.address = None;
    for (place, known) in [(0, "link"), (1, "Welcome"), (2, "xxxxxxx")] {
        let world = World::with(|plugins| plugins.facts(Talkative));
        world.run(
            &made("curious")
                .hook(Hook::GrantFilter, telling(place))
                .package(),
        );
        let refusal = world.engine.create(&actor, &draft).unwrap_err();
        assert_eq!(refusal.message, format!("{known} (plugin `curious`)"));
    }
}
