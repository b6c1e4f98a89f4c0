//! 23: a hostile plugin is contained and named: the engine's answer stays right, nobody else notices, and the owner sees which
//! plugin it was and what it did.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use guestpass::plugins::{Hook, Package, PluginLimits};
use guestpass_tests::a_link;

use crate::plugins::world::{World, limits};
use guestpass_tests::corpus::{
    CLOCK, KEEP, LOG, Made, NO_OBJECTION, WASI, asking, made, veto_grant,
};

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
fn p23_a_flood_of_log_lines_is_cut_off_and_counted() {
    let body = format!(
        "(local $n i32) (loop $l (call $write (i32.const 1) (i32.const 3000) (i32.const 4000))\n\
         (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 5000)))) {NO_OBJECTION}"
    );
    let world = World::new();
    let flood = made("flood")
        .hook(Hook::GrantFilter, body)
        .imports(LOG.0, LOG.1)
        .asks("log")
        .text(3000, [b'\n'; 4000]);
    world.run(&flood.package());
    world.grant_to("a@b.example").unwrap();
    let lines: Vec<_> = world
        .log
        .lines()
        .into_iter()
        .filter(|line| line.contains("`flood`"))
        .collect();
    assert_eq!(
        lines.len(),
        21,
        "twenty, and one that says how many more there were"
    );
    assert!(lines[20].contains("4980 more lines"), "{}", lines[20]);
    assert!(
        lines
            .iter()
            .all(|line| line.len() < 1100 && !line.contains('\n'))
    );
}

#[test]
fn p23_a_memory_of_its_own_is_bounded() {
    // Keeps the same 64 KiB under ever new keys until it is refused, and then lets the grant pass.
    let body = format!(
        "(local $n i32) (loop $l (i32.store (i32.const 3000) (i32.or (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 0x30303030)))\n\
         (call $set (i32.const 3000) (i32.const 4) (i32.const 8192) (i32.const 65536) (i32.const 3400))\n\
         (br_if $l (i32.and (i32.eqz (i32.load8_u (i32.const 3400))) (i32.lt_u (local.get $n) (i32.const 16))))) {NO_OBJECTION}"
    );
    let world = World::with(|plugins| {
        plugins.limits(PluginLimits {
            decide: Duration::from_secs(5),
            ..limits()
        })
    });
    let keeper = made("keeper")
        .hook(Hook::GrantFilter, body)
        .imports(KEEP.0, KEEP.1)
        .asks("keyvalue")
        .pages(8);
    world.run(&keeper.package());
    assert!(
        world.grant_to("a@b.example").is_ok(),
        "what is too much is told to the plugin, and is no fault"
    );
}

/// Answers each connection with these bytes, or with nothing at all; gives its address, and stops with the test.
fn receiver(answer: Option<String>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            match &answer {
                Some(answer) => {
                    let _ = stream.read(&mut [0; 1024]);
                    let _ = stream.write_all(answer.as_bytes());
                }
                None => held.push(stream),
            }
        }
    });
    address
}

#[test]
fn p23_only_approved_hosts_are_asked_and_redirects_are_not_followed() {
    let other = receiver(Some(
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
    ));
    let redirecting = receiver(Some(format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{other}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )));
    for (name, url, host, said) in [
        (
            "elsewhere",
            format!("http://{other}/"),
            redirecting.clone(),
            Some("were not approved"),
        ),
        (
            "disguised",
            format!("http://{redirecting}@{other}/"),
            redirecting.clone(),
            Some("without a user name"),
        ),
        (
            "redirected",
            format!("http://{redirecting}/"),
            redirecting.clone(),
            Some("redirected"),
        ),
        (
            "encrypted",
            format!("https://{other}/"),
            other.clone(),
            Some("plain HTTP only"),
        ),
        ("allowed", format!("http://{other}/"), other.clone(), None),
    ] {
        let world = World::new();
        world.run(&asking(name, &url, &host).package());
        let entered = world.enter(&world.grant_to("a@b.example").unwrap());
        match said {
            None => assert!(entered.is_ok(), "{name}"),
            Some(said) => {
                let refusal = entered.unwrap_err();
                assert_eq!(refusal.code, "vetoed", "{name}");
                assert!(
                    refusal.message.contains(said),
                    "{name}: {}",
                    refusal.message
                );
            }
        }
    }
}

#[test]
fn p23_a_receiver_that_never_answers_is_not_waited_for_long() {
    let silent = receiver(None);
    let world = World::new();
    world.run(&asking("patient", &format!("http://{silent}/"), &silent).package());
    let refusal = world
        .enter(&world.grant_to("a@b.example").unwrap())
        .unwrap_err();
    assert_eq!(refusal.code, "vetoed");
    assert!(
        refusal.message.contains("did not answer"),
        "{}",
        refusal.message
    );
}

/// Why a package is not installed; nothing is left of it then.
fn not_installed(world: &World, package: &Package) -> (String, String) {
    let error = world.plugins.install(package).unwrap_err();
    assert!(world.plugins.list().unwrap().is_empty());
    (error.code().to_owned(), error.to_string())
}

#[test]
fn p23_what_is_no_plugin_or_not_what_it_says_is_not_installed() {
    let quiet = || made("quiet").hook(Hook::GrantFilter, NO_OBJECTION);
    let calls = |made: Made, import: (&'static str, &'static str), call: &str| {
        let body = format!("(drop (call {call})) {NO_OBJECTION}");
        made.hook(Hook::EntryFilter, body)
            .imports(import.0, import.1)
    };
    let world = World::new();
    let no_component =
        |bytes: &[u8]| Package::new(&quiet().manifest(), bytes.to_vec(), None).unwrap();
    for (what, package, code, said) in [
        (
            "no wasm",
            no_component(b"hello"),
            "no-component",
            "no WebAssembly component",
        ),
        (
            "a core module",
            no_component(b"\0asm\x01\0\0\0"),
            "no-component",
            "no WebAssembly component",
        ),
        (
            "cut short",
            no_component(&quiet().component()[..200]),
            "no-component",
            "no WebAssembly component",
        ),
        (
            "imports of wasi",
            calls(made("wasi"), WASI, "$wasi_now").package(),
            "foreign-import",
            "wasi:clocks/wall@0.2.0",
        ),
        (
            "a clock it does not ask for",
            calls(made("clock"), CLOCK, "$now").package(),
            "capability-not-named",
            "guestpass:plugin/clock@0.1.0",
        ),
        (
            "http it does not ask for",
            asking("web", "http://a.example/", "a.example")
                .lying(|text| text.replace("\"a.example\"", "")),
            "capability-not-named",
            "guestpass:plugin/http@0.1.0",
        ),
        (
            "a hook it does not have",
            quiet()
                .lying(|text| text.replace("[\"grant-filter\"]", "[\"grant-filter\", \"action\"]")),
            "manifest-lies",
            "`action`, which the component does not export",
        ),
        (
            "a hook it does not name",
            quiet()
                .hook(Hook::Action, NO_OBJECTION)
                .lying(|text| text.replace(", \"action\"", "")),
            "manifest-lies",
            "`action`, which its manifest does not name",
        ),
        (
            "a trap at the start",
            quiet().with("(func $s (unreachable)) (start $s)").package(),
            "does-not-start",
            "an error of its own",
        ),
        (
            "a loop at the start",
            quiet()
                .with("(func $s (loop $l (br $l))) (start $s)")
                .package(),
            "does-not-start",
            "longer than a call may",
        ),
        (
            "too much memory at the start",
            quiet().pages(200).package(),
            "no-component",
            "memory",
        ),
    ] {
        let (found, message) = not_installed(&world, &package);
        assert_eq!(found, code, "{what}: {message}");
        assert!(message.contains(said), "{what}: {message}");
    }
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
