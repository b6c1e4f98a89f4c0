//! The plugins in `examples/plugins`, built as their authors would, tried by their own tests, and run with the engine.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{OnceLock, mpsc};

use guestpass::Draft;
use guestpass::plugins::{Facts, Package, PluginLimits};
use guestpass_tests::{DAY, HOUR, instant, owner};
use serde_json::{Value, json};

use super::world::{World, limits};

pub fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/plugins")
}

fn cargo(arguments: &[&str]) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(arguments)
        .arg("--locked")
        .current_dir(examples());
    for flags in [
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_TARGET_DIR",
    ] {
        cargo.env_remove(flags);
    }
    assert!(cargo.status().unwrap().success(), "{arguments:?}");
}

/// One of the examples, built with all of them.
fn example(name: &str) -> Package {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        cargo(&[
            "build",
            "--quiet",
            "--release",
            "--target",
            "wasm32-unknown-unknown",
        ])
    });
    let module = format!(
        "target/wasm32-unknown-unknown/release/{}.wasm",
        name.replace('-', "_")
    );
    let module = std::fs::read(examples().join(module)).unwrap();
    let component = wit_component::ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .unwrap()
        .encode()
        .unwrap();
    let manifest = std::fs::read_to_string(examples().join(name).join("plugin.toml")).unwrap();
    Package::new(&manifest, component, None).unwrap()
}

/// A world in which decisions may take as long as a busy machine needs for them.
fn world() -> World {
    World::with(|plugins| {
        plugins.limits(PluginLimits {
            decide: std::time::Duration::from_secs(10),
            ..limits()
        })
    })
}

#[test]
fn the_examples_pass_their_own_tests() {
    cargo(&["test", "--quiet", "--workspace"]);
}

/// A host that knows of a backup.
struct BackedUp(u64);

impl Facts for BackedUp {
    fn about_draft(&self, _: &str, _: &Draft) -> Vec<(String, String)> {
        vec![
            ("role-permission".into(), "edit_files".into()),
            ("last-backup".into(), self.0.to_string()),
        ]
    }
}

#[test]
fn require_backup_wants_one_that_is_fresh() {
    let world = World::with(|plugins| plugins.facts(BackedUp(instant("2026-11-22T09:00"))));
    world.run(&example("require-backup"));
    assert!(world.grant_to("a@b.example").is_ok());
    world.clock.forward(DAY);
    let refusal = world.grant_to("b@b.example").unwrap_err();
    assert!(
        refusal.message.contains("older than 24 hours"),
        "{}",
        refusal.message
    );
    world
        .plugins
        .set_setting("require-backup", "within-hours", Some(json!(72)))
        .unwrap();
    assert!(world.grant_to("b@b.example").is_ok());
}

#[test]
fn office_hours_open_and_close_the_door() {
    let world = world();
    world.run(&example("office-hours"));
    let issued = world.grant_to("a@b.example").unwrap();
    let refusal = world.enter(&issued).unwrap_err();
    assert!(
        refusal.message.contains("09:00 to 17:00"),
        "it is a Sunday: {}",
        refusal.message
    );
    world
        .plugins
        .set_setting("office-hours", "days", Some(json!([7])))
        .unwrap();
    let session = world.enter(&issued).unwrap();
    world.clock.forward(10 * HOUR);
    assert_eq!(world.allowed(&session), Ok(true), "who is in may finish");
    world
        .plugins
        .set_setting("office-hours", "finish-work", Some(json!(false)))
        .unwrap();
    assert_ne!(world.allowed(&session), Ok(true));
    world.clock.back(10 * HOUR);
    assert_eq!(world.allowed(&session), Ok(true));
}

#[test]
fn email_domains_bind_links_that_are_out_already() {
    let world = world();
    world.run(&example("email-domains"));
    assert_eq!(
        world.grant_to("a@mailinator.com").unwrap_err().code,
        "vetoed"
    );
    let issued = world.grant_to("a@b.example").unwrap();
    world
        .plugins
        .set_setting("email-domains", "allowed", Some(json!(["c.example"])))
        .unwrap();
    assert_eq!(world.enter(&issued).unwrap_err().code, "vetoed");
    world
        .plugins
        .set_setting("email-domains", "allowed", Some(json!(["b.example"])))
        .unwrap();
    assert!(world.enter(&issued).is_ok());
}

/// Takes requests, answers each with this status, and hands on its head and body.
pub fn receiver(statuses: Vec<u16>) -> (String, mpsc::Receiver<(String, Value)>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for (status, stream) in statuses.into_iter().zip(listener.incoming()) {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line == "\r\n" {
                    break;
                }
                head += &line;
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer =
                format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
            sender
                .send((head, serde_json::from_slice(&body).unwrap()))
                .unwrap();
        }
    });
    (address, receiver)
}

#[test]
fn notify_webhook_tells_a_receiver_until_it_listens() {
    let (address, received) = receiver(vec![500, 204]);
    let world = world();
    world.plugins.install(&example("notify-webhook")).unwrap();
    world
        .plugins
        .set_setting(
            "notify-webhook",
            "url",
            Some(json!(format!("http://{address}/hook"))),
        )
        .unwrap();
    world
        .plugins
        .set_setting(
            "notify-webhook",
            "secret",
            Some(json!("a secret of some length")),
        )
        .unwrap();
    world.plugins.approve("notify-webhook", "olga").unwrap();
    world.plugins.activate("notify-webhook").unwrap();
    let issued = world.grant_to("a@b.example").unwrap();
    assert_eq!(world.deliver().failed, 1);
    world.clock.forward(HOUR);
    assert_eq!(world.deliver().delivered, 1);
    let told: Vec<_> = received.iter().take(2).collect();
    assert_eq!(told[0].1, told[1].1, "the same event, with the same id");
    assert_eq!(
        (&told[0].1["event"], &told[0].1["grant"]),
        (&json!("created"), &json!(issued.grant.id))
    );
    assert!(
        told[0]
            .0
            .to_ascii_lowercase()
            .contains("guestpass-signature: t="),
        "{}",
        told[0].0
    );
    assert!(
        !format!("{told:?}").contains(issued.secret.expose()),
        "no event holds a secret"
    );
}

#[test]
fn weekly_digest_remembers_across_instances_and_sums_up() {
    let world = world();
    world.run(&example("weekly-digest"));
    let issued = world.grant_to("a@b.example").unwrap();
    world.engine.revoke(&owner(), &issued.grant.id).unwrap();
    world.deliver();
    world.clock.forward(7 * DAY + HOUR);
    world.deliver();
    let lines = world.log.lines();
    assert!(
        lines
            .iter()
            .any(|line| line.contains("the last 7 days: 1 created, 1 revoked")),
        "{lines:?}"
    );
}
