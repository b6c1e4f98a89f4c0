//! The API explored by schemathesis: requests that fit its description and requests that do not, alone and in sequences,
//! each answer held against the description.
//!
//! `GUESTPASS_SCHEMATHESIS` names the program, as `.ci/run` installs it. Where it is not named the test is skipped and says
//! so; in the gate (`CI` is set) that is a failure. `GUESTPASS_SCHEMATHESIS_EXAMPLES` (25 if not set) is how many requests
//! each operation gets of each sort, `GUESTPASS_SCHEMATHESIS_SEED` (1) where they begin.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use guestpass_tests::skipped;

use super::{Ran, site};

fn setting(name: &str, usual: &str) -> OsString {
    std::env::var_os(name).unwrap_or_else(|| usual.into())
}

#[test]
fn nothing_is_found() {
    let Some(program) = std::env::var_os("GUESTPASS_SCHEMATHESIS") else {
        return skipped(
            "binary::schemathesis::nothing_is_found",
            "GUESTPASS_SCHEMATHESIS does not name the program",
        );
    };
    let site = site();
    for number in 0..3 {
        let email = format!("guest{number}@support.example");
        site.link(&email, &["--role", "editor", "--for", "P7D"]);
    }
    let key = site.key();
    let server = site.serve();
    let output = Command::new(program)
        .arg("--config-file")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/binary/schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", server.address()))
        .args(["--checks", "all", "--continue-on-failure", "--no-color"])
        .args(["--workers", "2", "--max-examples"])
        .arg(setting("GUESTPASS_SCHEMATHESIS_EXAMPLES", "25"))
        .arg("--seed")
        .arg(setting("GUESTPASS_SCHEMATHESIS_SEED", "1"))
        .env("GUESTPASS_KEY", &key)
        .current_dir(site.directory())
        .stdin(Stdio::null())
        .output()
        .expect("the program that GUESTPASS_SCHEMATHESIS names runs");
    let found = Ran::new(&output);
    assert_eq!(found.code, Some(0), "{}\n{}", found.out, found.err);
    // It has really looked: every operation, in each of its ways.
    assert!(found.out.contains("Stateful"), "{}", found.out);
    assert!(!site.log().contains(" 500"), "{}", site.log());
    assert!(!found.out.contains(&key), "the key is not in the report");
}
