//! Telling plugins what happened: at least once, later and later, and in the end parked.

use guestpass::plugins::Hook;
use guestpass_tests::{HOUR, MINUTE, SECOND};

use super::world::World;
use guestpass_tests::corpus::{LOG, Made, NO_OBJECTION, made, veto_grant};

/// Fails with a sentence.
const FAILS: &str = "(i32.store8 (i32.const 2048) (i32.const 1)) (i32.store (i32.const 2052) (i32.const 3000)) \
                     (i32.store (i32.const 2056) (i32.const 4)) (i32.const 2048)";

/// Logs the name of each event: `name` is the third field.
fn hears(id: &str) -> Made {
    let body = format!(
        "(call $write (i32.const 1) (i32.load offset=16 (local.get 0)) (i32.load offset=20 (local.get 0))) {NO_OBJECTION}"
    );
    made(id)
        .hook(Hook::Action, body)
        .imports(LOG.0, LOG.1)
        .asks("log")
}

fn heard(world: &World, id: &str) -> Vec<String> {
    let lines = world.log.lines();
    let said = format!("plugin `{id}`: ");
    lines
        .iter()
        .filter_map(|line| Some(line.split_once(&said)?.1.to_owned()))
        .collect()
}

#[test]
fn an_action_hears_what_happens_in_order_and_what_it_named_alone() {
    let world = World::new();
    world.run(&hears("all").package());
    world.run(&hears("some").saying("events = [\"revoked\"]").package());
    let issued = world.grant_to("a@b.example").unwrap();
    world.enter(&issued).unwrap();
    world
        .engine
        .revoke(&guestpass_tests::owner(), &issued.grant.id)
        .unwrap();
    world.deliver();
    assert_eq!(
        heard(&world, "all"),
        ["created", "provisioning", "redeemed", "revoked"]
    );
    assert_eq!(heard(&world, "some"), ["revoked"]);
    assert_eq!(world.deliver().delivered, 0, "nothing comes twice");
}

#[test]
fn an_action_hears_what_filters_said_no_to_once_a_minute() {
    let world = World::new();
    world.run(&hears("all").package());
    world.run(
        &made("strict")
            .hook(Hook::GrantFilter, veto_grant(3000, 2))
            .text(3000, "no")
            .package(),
    );
    for _ in 0..3 {
        assert!(world.grant_to("a@b.example").is_err());
    }
    assert!(world.grant_to("b@b.example").is_err());
    world.deliver();
    assert_eq!(heard(&world, "all"), ["refused", "refused"]);
    world.plugins.deactivate("strict").unwrap();
    let issued = world.grant_to("a@b.example").unwrap();
    world.run(
        &made("broken")
            .hook(Hook::EntryFilter, "unreachable")
            .package(),
    );
    assert!(world.enter(&issued).is_err());
    world.deliver();
    assert_eq!(heard(&world, "all")[2..], ["refused", "created"]);
}

#[test]
fn what_fails_is_told_later_and_later_then_parked_and_replayed() {
    let world = World::new();
    world.run(
        &made("deaf")
            .hook(Hook::Action, FAILS)
            .text(3000, "deaf")
            .package(),
    );
    world.grant_to("a@b.example").unwrap();
    assert_eq!(world.deliver().failed, 1);
    assert_eq!(world.deliver().failed, 0, "not before its time");
    for pause in [
        10 * SECOND,
        40 * SECOND,
        160 * SECOND,
        640 * SECOND,
        2560 * SECOND,
        10_240 * SECOND,
    ] {
        world.clock.forward(pause - 1);
        assert_eq!(world.deliver().failed, 0);
        world.clock.forward(1);
        assert_eq!(world.deliver().failed, 1);
    }
    world.clock.forward(6 * HOUR);
    assert_eq!(world.deliver().parked, 1);
    let parked = &world.plugins.inspect("deaf").unwrap().deliveries[0];
    assert_eq!((parked.due, parked.tries), (None, 8));
    assert!(parked.reason.as_deref().unwrap().contains("deaf"));
    assert_eq!(
        world.status("deaf"),
        "active",
        "that a receiver is down is no fault"
    );

    world.clock.forward(100 * HOUR);
    assert_eq!(world.deliver().delivered + world.deliver().failed, 0);
    assert_eq!(world.plugins.replay("deaf").unwrap(), 1);
    assert_eq!(world.deliver().failed, 1);
}

#[test]
fn a_plugin_that_was_turned_off_is_told_nothing_and_its_events_are_parked() {
    let world = World::new();
    world.run(&hears("sleeper").package());
    world.grant_to("a@b.example").unwrap();
    world.engine.deliver("main", 100).unwrap();
    world.plugins.deactivate("sleeper").unwrap();
    assert_eq!(world.deliver().parked, 1);
    world.plugins.activate("sleeper").unwrap();
    world.plugins.replay("sleeper").unwrap();
    assert_eq!(world.deliver().delivered, 1);
    assert_eq!(heard(&world, "sleeper"), ["created"]);
}

#[test]
fn who_names_the_tick_hears_it_once_an_hour() {
    let world = World::new();
    world.run(&hears("clockwork").saying("events = [\"tick\"]").package());
    assert_eq!(world.deliver().delivered, 1);
    world.clock.forward(MINUTE);
    let next = world.plugins.next_due("main").unwrap().unwrap();
    assert_eq!(next % HOUR, 0);
    world.clock.set(next - 1);
    assert_eq!(world.deliver().delivered, 0);
    world.clock.set(next);
    assert_eq!(world.deliver().delivered, 1);
    assert_eq!(heard(&world, "clockwork"), ["tick", "tick"]);
}

/// Requests that the grant which an event is about be revoked: `grant` is an option behind `at`.
fn revoking() -> Made {
    let body = "(if (i32.eqz (i32.load8_u offset=32 (local.get 0))) (then (return (i32.const 1024))))\n\
        (i32.store (i32.const 2052) (i32.const 2500)) (i32.store (i32.const 2056) (i32.const 1))\n\
        (i32.store (i32.const 2500) (i32.const 3000)) (i32.store (i32.const 2504) (i32.const 6))\n\
        (i32.store (i32.const 2508) (i32.load offset=36 (local.get 0))) (i32.store (i32.const 2512) (i32.load offset=40 (local.get 0)))\n\
        (i32.store (i32.const 2516) (i32.const 3010)) (i32.store (i32.const 2520) (i32.const 7)) (i32.const 2048)";
    made("warden")
        .hook(Hook::Action, body)
        .text(3000, "revoke")
        .text(3010, "because")
        .saying("events = [\"redeemed\"]")
}

#[test]
fn what_an_action_requests_is_done_in_the_name_of_who_approved_it() {
    let world = World::new();
    world.run(&revoking().asks("requests:revoke").package());
    let issued = world.grant_to("a@b.example").unwrap();
    let session = world.enter(&issued).unwrap();
    assert_eq!(world.deliver().requested, 1);
    assert!(world.allowed(&session).is_err());
    let grant = world
        .engine
        .get(&guestpass_tests::owner(), &issued.grant.id)
        .unwrap();
    assert_eq!(grant.ended_because.as_deref(), Some("revoked"));
    let history = world
        .engine
        .history(&guestpass_tests::owner(), &issued.grant.id, 0, 100)
        .unwrap();
    assert_eq!(history.last().unwrap().actor.as_deref(), Some("olga"));
    assert!(world.journal("warden", "requested")[0].contains("because"));
}

#[test]
fn what_was_not_approved_cannot_be_requested() {
    let world = World::new();
    world.run(&revoking().package());
    let session = world
        .enter(&world.grant_to("a@b.example").unwrap())
        .unwrap();
    let done = world.deliver();
    assert_eq!((done.requested, done.failed), (0, 1));
    assert_eq!(world.allowed(&session), Ok(true));
    assert!(world.journal("warden", "fault")[0].contains("nobody has approved"));
}

#[test]
fn what_waits_is_told_to_no_version_that_nobody_approved_to_be_told_of_it() {
    let world = World::new();
    world.run(&hears("ears").package());
    world.grant_to("a@b.example").unwrap();
    while world.engine.deliver("main", 100).unwrap() > 0 {}
    let less = hears("ears").version("1.1.0");
    let less = less.saying("events = [\"revoked\"]").package();
    assert!(!world.plugins.upgrade(&less).unwrap().waits);
    let done = world.plugins.deliver(&world.engine, "main", 100).unwrap();
    assert_eq!((done.delivered, done.failed, done.parked), (0, 0, 1));
    assert!(heard(&world, "ears").is_empty());
    assert_eq!(world.status("ears"), "active", "it did nothing wrong");
    // Nor is who is not asked any more at fault for it.
    world.plugins.rollback("ears").unwrap();
    assert_eq!(world.plugins.replay("ears").unwrap(), 1);
    world.plugins.deliver(&world.engine, "main", 100).unwrap();
    assert_eq!(heard(&world, "ears"), ["created"]);
}
