//! The engine against an executable model of it.
//!
//! [`rules`] is the whole engine once more, written from the contract and the design. [`draw`] draws sequences of everything
//! that can be asked and happen ([`ops`]) in the small [`world`]; [`play`] plays them with both and compares every answer. A
//! sequence with which they differ is made as short as it can be and written to `tests/traces/`, where every trace is played
//! again for ever, on all three subjects.
//!
//! `GUESTPASS_MODEL_STEPS` says how many steps are played in all (a sequence has up to 150), and `GUESTPASS_MODEL_SEED` which ones; without
//! it they are the same in each run. The long run:
//!
//! ```sh
//! GUESTPASS_MODEL_STEPS=1000000 cargo test --release -p guestpass-tests --test model natively
//! GUESTPASS_MODEL_STEPS=100000 cargo test --release -p guestpass-tests --test model through_the_component
//! ```

mod calendar;
mod codes;
mod draw;
mod ops;
mod play;
mod rules;
mod world;

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::{Path, PathBuf};

use guestpass_tests::{Plan, Setting};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use sha2::{Digest as _, Sha256};

use ops::Trace;
use play::Tally;

/// A sequence has so many steps at most.
const LONGEST: usize = 150;

fn traces() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("traces")
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is no number")),
    )
}

/// Plays so many steps, unless the environment says how many.
fn differ_nowhere(plan: impl Fn() -> Plan, steps: u64) {
    let steps = number("GUESTPASS_MODEL_STEPS").unwrap_or(steps);
    let played = Cell::new(0);
    let sum = RefCell::new(Tally::new());
    let seed = number("GUESTPASS_MODEL_SEED").unwrap_or(2026);
    let mut round = 0_u64;
    while played.get() < steps {
        let seed: [u8; 32] =
            Sha256::digest([seed.to_be_bytes(), round.to_be_bytes()].concat()).into();
        round += 1;
        let config = Config {
            cases: 20,
            failure_persistence: None,
            max_shrink_iters: 20_000,
            ..Config::default()
        };
        let mut runner =
            TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
        let found = runner.run(&draw::traces(LONGEST), |trace| {
            played.set(played.get() + trace.steps.len() as u64);
            let tally = play::play(plan(), &trace).map_err(TestCaseError::fail)?;
            let mut sum = sum.borrow_mut();
            for (answer, count) in tally {
                *sum.entry(answer).or_default() += count;
            }
            Ok(())
        });
        if let Err(TestError::Fail(why, trace)) = found {
            let (trace, why) = without_idle_steps(trace, why.to_string(), &plan);
            let path = keep(&trace);
            panic!(
                "the engine and the model differ, see {}: {why}",
                path.display()
            );
        }
    }
    for ((op, answer), count) in sum.into_inner() {
        eprintln!("{count:8} {op} {answer}");
    }
    eprintln!("{} steps", played.get());
}

/// Takes out whatever step it needs not to fail: shrinking tries that only at first.
fn without_idle_steps(
    mut trace: Trace,
    mut why: String,
    plan: &impl Fn() -> Plan,
) -> (Trace, String) {
    let mut at = trace.steps.len();
    while at > 0 {
        at -= 1;
        let mut shorter = trace.clone();
        shorter.steps.remove(at);
        if let Err(still) = play::play(plan(), &shorter) {
            (trace, why) = (shorter, still);
            at = trace.steps.len();
        }
    }
    (trace, why)
}

/// Writes a trace to where it will be played again.
fn keep(trace: &Trace) -> PathBuf {
    let json = |step| serde_json::to_string(step).expect("a step is written");
    let steps: Vec<_> = trace
        .steps
        .iter()
        .map(|step| format!("    {}", json(step)))
        .collect();
    let text = format!(
        "{{\n  \"about\": \"\",\n  \"begins\": {},\n  \"steps\": [\n{}\n  ]\n}}\n",
        trace.begins,
        steps.join(",\n")
    );
    let digest = Sha256::digest(&text);
    let path = traces().join(format!(
        "found-{:02x}{:02x}{:02x}.json",
        digest[0], digest[1], digest[2]
    ));
    fs::write(&path, text).expect("a trace is kept");
    path
}

#[test]
fn natively() {
    differ_nowhere(|| Setting::plan().natively(), 10_000);
}

#[test]
fn through_the_component() {
    differ_nowhere(Setting::plan, 1_000);
}

#[test]
fn on_sqlite() {
    differ_nowhere(|| Setting::plan().on_sqlite(), 500);
}

#[test]
fn every_trace_that_was_kept() {
    let mut kept: Vec<_> = fs::read_dir(traces())
        .expect("the directory of traces")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    kept.sort();
    for path in kept {
        let text = fs::read_to_string(&path).expect("a trace is read");
        let trace: Trace = serde_json::from_str(&text).expect("a trace is understood");
        for plan in [
            Setting::plan().natively(),
            Setting::plan(),
            Setting::plan().on_sqlite(),
        ] {
            let (way, name) = (plan.way(), path.display());
            play::play(plan, &trace).unwrap_or_else(|why| panic!("{name}, {way:?}: {why}"));
        }
    }
}
