//! What it was given is no way out either.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use guestpass::plugins::{Hook, PluginLimits};
use guestpass_tests::corpus::{KEEP, LOG, NO_OBJECTION, asking, made};

use crate::plugins::world::{World, limits};

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
