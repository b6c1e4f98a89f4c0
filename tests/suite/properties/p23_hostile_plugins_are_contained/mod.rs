//! 23: a hostile plugin is contained and named: the engine's answer stays right, nobody else notices, and the owner sees which
//! plugin it was and what it did.

mod capabilities;
mod packages;

use guestpass::plugins::{Hook, Package};
use guestpass_tests::a_link;
use guestpass_tests::corpus::{NO_OBJECTION, made, veto_grant};

use crate::plugins::world::World;

const LOOPS: &str = "(loop $l (br $l)) (unreachable)";
const TRAPS: &str = "(unreachable)";
const GROWS: &str =
    "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)";
const DESCENDS: &str = "(call $deep (i32.const 0))";
const DEEP: &str = "(func $deep (param i32) (result i32) (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))";

/// Every body that is wrong at any hook, with what the owner is told.
fn wrong_everywhere() -> Vec<(&'static str, &'static str, String)> {
    let answer = |set: &str| format!("{set} (i32.const 2048)");
    vec![
        ("loops", "it took longer than a call may", LOOPS.to_owned()),
        (
            "traps",
            "it stopped at an error of its own",
            TRAPS.to_owned(),
        ),
        (
            "grows",
            "it needed more memory than it may have",
            GROWS.to_owned(),
        ),
        (
            "descends",
            "it called itself too deeply",
            DESCENDS.to_owned(),
        ),
        // An answer that is neither yes nor no.
        (
            "undecided",
            "cannot be read",
            answer("(i32.store8 (i32.const 2048) (i32.const 7))"),
        ),
        // One that lies outside of all memory.
        ("outside", "cannot be read", "(i32.const -8)".to_owned()),
        // An error of a gigabyte, and one that is no text.
        (
            "endless",
            "cannot be read",
            answer(
                "(i32.store (i32.const 2056) (i32.const 0x3fffffff)) (i32.store (i32.const 2060) (i32.const 0x3fffffff)) (i32.store8 (i32.const 2048) (i32.const 1))",
            ),
        ),
    ]
}

fn hostile(name: &str, hook: Hook, body: &str) -> Package {
    made(name).hook(hook, body).with(DEEP).package()
}

/// The plugin is active; a grant is refused, with its name and this reason, which stand in its journal as well.
fn refuses_grants(world: &World, id: &str, reason: &str) {
    let refusal = world.grant_to("a@b.example").unwrap_err();
    assert_eq!(refusal.code, "hook-failed", "{id}: {refusal:?}");
    assert!(
        refusal.message.contains(&format!("`{id}`")) || refusal.message.contains(id),
        "{id}: {}",
        refusal.message
    );
    assert!(
        refusal.message.contains(reason),
        "{id}: {}",
        refusal.message
    );
    assert!(world.journal(id, "fault")[0].contains(reason), "{id}");
}

#[test]
fn p23_a_grant_filter_that_misbehaves_refuses_grants_and_nothing_else() {
    for (name, reason, body) in wrong_everywhere() {
        let world = World::new();
        let before = world.grant_to("before@b.example").unwrap();
        world.run(&hostile(name, Hook::GrantFilter, &body));
        refuses_grants(&world, name, reason);
        // What was handed out before is as it was.
        let session = world.enter(&before).unwrap();
        assert_eq!(world.allowed(&session), Ok(true), "{name}");
        world.plugins.deactivate(name).unwrap();
        assert!(world.grant_to("after@b.example").is_ok(), "{name}");
    }
}

#[test]
fn p23_an_entry_filter_that_misbehaves_lets_nobody_in_and_uses_up_no_link() {
    for (name, reason, body) in wrong_everywhere() {
        let world = World::new();
        let issued = world
            .grant(a_link().role("editor").lasting("P1D").uses(1))
            .unwrap();
        world.run(&hostile(name, Hook::EntryFilter, &body));
        let refusal = world.enter(&issued).unwrap_err();
        assert_eq!(refusal.code, "hook-failed", "{name}");
        assert!(world.journal(name, "fault")[0].contains(reason), "{name}");
        world.plugins.deactivate(name).unwrap();
        assert!(
            world.enter(&issued).is_ok(),
            "{name}: the one use is still there"
        );
    }
}

#[test]
fn p23_a_permission_filter_that_misbehaves_withholds_everything() {
    for (name, reason, body) in wrong_everywhere() {
        let world = World::new();
        let session = world
            .enter(&world.grant_to("a@b.example").unwrap())
            .unwrap();
        world.run(&hostile(name, Hook::PermissionFilter, &body));
        assert!(world.allowed(&session).is_err(), "{name}");
        assert!(world.journal(name, "fault")[0].contains(reason), "{name}");
        world.plugins.deactivate(name).unwrap();
        assert_eq!(world.allowed(&session), Ok(true), "{name}");
    }
}

#[test]
fn p23_an_action_that_misbehaves_delays_nobody_but_itself() {
    for (name, reason, body) in wrong_everywhere() {
        let world = World::new();
        world.run(&hostile(name, Hook::Action, &body));
        world.run(&made("quiet").hook(Hook::Action, NO_OBJECTION).package());
        world.grant_to("a@b.example").unwrap();
        let done = world.deliver();
        assert_eq!((done.delivered, done.failed), (1, 1), "{name}");
        assert!(world.journal(name, "fault")[0].contains(reason), "{name}");
        assert_eq!(
            world.plugins.inspect(name).unwrap().deliveries.len(),
            1,
            "{name}"
        );
    }
}

#[test]
fn p23_what_widens_or_is_not_understood_is_refused_and_counted() {
    let uses = "(i32.store8 (i32.const 2096) (i32.const 1)) (i32.store (i32.const 2100) (i32.const 100)) (i32.const 2048)";
    let more = "(i32.store (i32.const 2104) (i32.const 1024)) (i32.store (i32.const 2108) (i32.const 1)) (i32.const 2048)";
    let names = "(i32.store (i32.const 2068) (i32.const 2500)) (i32.store (i32.const 2072) (i32.const 1)) \
                 (i32.store (i32.const 2500) (i32.const 2600)) (i32.store (i32.const 2504) (i32.const 3)) (i32.const 2048)";
    for (name, body, reason) in [
        ("widens", uses, "would widen the grant"),
        ("mumbles", more, "does not know"),
        ("invents", names, "no permission"),
    ] {
        let world = World::new();
        world.run(
            &made(name)
                .hook(Hook::GrantFilter, body)
                .text(2600, "a b")
                .package(),
        );
        let refusal = world
            .grant(a_link().role("editor").lasting("P1D").uses(2))
            .unwrap_err();
        assert!(
            refusal.message.contains(reason) && refusal.message.contains(name),
            "{}",
            refusal.message
        );
        assert_eq!(world.journal(name, "fault").len(), 1);
    }

    // A permission filter that withholds what is not there.
    let world = World::new();
    let session = world
        .enter(&world.grant_to("a@b.example").unwrap())
        .unwrap();
    let body = "(i32.store (i32.const 2052) (i32.const 2500)) (i32.store (i32.const 2056) (i32.const 1)) \
                (i32.store (i32.const 2500) (i32.const 2600)) (i32.store (i32.const 2504) (i32.const 4)) (i32.const 2048)";
    world.run(
        &made("takes-more")
            .hook(Hook::PermissionFilter, body)
            .text(2600, "root")
            .package(),
    );
    assert!(world.allowed(&session).unwrap_err().contains("takes-more"));
    assert!(world.journal("takes-more", "fault")[0].contains("not there to withhold"));
}

#[test]
fn p23_a_sentence_is_cut_and_a_text_that_is_none_is_a_fault() {
    let world = World::new();
    world.run(
        &made("not-text")
            .hook(Hook::GrantFilter, veto_grant(3000, 2))
            .text(3000, [0xff, 0xfe])
            .package(),
    );
    refuses_grants(&world, "not-text", "cannot be read");
    // Two megabytes where one is allowed, all of it there.
    let world = World::new();
    world.run(
        &made("long-winded")
            .pages(64)
            .hook(Hook::GrantFilter, veto_grant(0, 2 << 20))
            .package(),
    );
    refuses_grants(&world, "long-winded", "cannot be read, or more than");
    // Half a kilobyte is what people are shown, and no control characters.
    let world = World::new();
    let sentence = "no\n".repeat(400);
    let len = u32::try_from(sentence.len()).unwrap();
    world.run(
        &made("chatty")
            .hook(Hook::GrantFilter, veto_grant(3000, len))
            .text(3000, sentence)
            .package(),
    );
    let refusal = world.grant_to("a@b.example").unwrap_err();
    assert_eq!(refusal.code, "vetoed");
    assert!(
        refusal.message.len() < 600 && !refusal.message.contains('\n'),
        "{}",
        refusal.message
    );
}

#[test]
fn p23_a_plugin_that_contradicts_itself_binds_each_time() {
    // Kept warm, so that it remembers how often it was asked.
    let body = format!(
        "(global.set $calls (i32.add (global.get $calls) (i32.const 1)))\n\
         (if (result i32) (i32.and (global.get $calls) (i32.const 1)) (then {}) (else {NO_OBJECTION}))",
        veto_grant(3000, 2)
    );
    let world = World::new();
    world.run(
        &made("moody")
            .saying("stateless = true")
            .hook(Hook::GrantFilter, body)
            .text(3000, "no")
            .package(),
    );
    let codes: Vec<_> = (0..4)
        .map(|n| {
            world
                .grant_to(&format!("a{n}@b.example"))
                .map_or_else(|refusal| refusal.code, |_| "given".to_owned())
        })
        .collect();
    assert_eq!(codes, ["vetoed", "given", "vetoed", "given"]);
    assert!(world.journal("moody", "fault").is_empty());
}

#[test]
fn p23_a_plugin_that_keeps_failing_is_switched_off_and_what_it_decides_stays_denied() {
    let world = World::new();
    let issued = world.grant_to("a@b.example").unwrap();
    world.run(&hostile("failing", Hook::EntryFilter, TRAPS));
    world.run(
        &made("quiet")
            .hook(Hook::EntryFilter, NO_OBJECTION)
            .package(),
    );
    for _ in 0..5 {
        assert_eq!(world.status("failing"), "active");
        assert!(world.enter(&issued).is_err());
    }
    assert_eq!(world.status("failing"), "switched-off");
    assert_eq!(world.status("quiet"), "active");
    let reason = world.plugins.list().unwrap()[0].reason.clone().unwrap();
    assert!(
        reason.contains("5 times") && reason.contains("an error of its own"),
        "{reason}"
    );
    // It is not called any more, and a filter cannot be got rid of by making it fail.
    let refusal = world.enter(&issued).unwrap_err();
    assert!(
        refusal.message.contains("was switched off"),
        "{}",
        refusal.message
    );
    assert_eq!(world.journal("failing", "fault").len(), 5);
    // Until the owner says otherwise.
    world.plugins.deactivate("failing").unwrap();
    assert!(world.enter(&issued).is_ok());
    world.plugins.activate("failing").unwrap();
    assert!(world.enter(&issued).is_err());
    assert_eq!(world.status("failing"), "active");
}

#[test]
fn p23_a_good_call_ends_a_row_of_faults() {
    // Fails for everybody whose address is longer than seven bytes.
    let body = format!(
        "(if (i32.gt_u (i32.load offset=20 (local.get 0)) (i32.const 7)) (then (unreachable))) {NO_OBJECTION}"
    );
    let world = World::new();
    world.run(&made("picky").hook(Hook::GrantFilter, body).package());
    for n in 0..4 {
        for _ in 0..4 {
            assert!(world.grant_to("somebody@b.example").is_err());
        }
        assert!(world.grant_to(&format!("{n}@b.ex")).is_ok());
    }
    assert_eq!(world.status("picky"), "active");
}
