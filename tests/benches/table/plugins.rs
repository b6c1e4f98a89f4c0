//! What plugins cost: a filter that objects to nothing, on an instance made for the call and on one kept warm, ten of them,
//! and fifty that are installed.

use std::path::Path;

use guestpass::plugins::{Hook, Plugins, SqlitePlugins};
use guestpass::ports::{Hooks as _, NoLog};
use guestpass_tests::corpus::{NO_OBJECTION, made};
use guestpass_tests::{a_link, owner};

use crate::measure::{Samples, in_turns, nanos, sampled, time};
use crate::report::{Row, Target, Unit};
use crate::resident::{self, Resident};

const ROUNDS: usize = 41;
const STARTS: usize = 7;
const MANY: usize = 50;

/// Measures all of it; databases and compiled code are kept in these directories.
pub fn rows(directory: &Path, cache: &Path) -> Vec<Row> {
    let one = plugins("one", 1, false, directory, cache);
    let warm = plugins("warm", 1, true, directory, cache);
    let ten = plugins("ten", 10, false, directory, cache);
    let (actor, draft) = (owner(), a_link().draft());
    let review = |plugins: &Plugins| {
        plugins.review_grant(&actor, &draft).expect("an answer");
    };
    let [fresh, warm, ten] = in_turns(
        ROUNDS,
        [&mut || review(&one), &mut || review(&warm), &mut || {
            review(&ten)
        }],
    );
    let many = directory.join("many.db");
    drop(plugins("many", MANY, false, directory, cache));
    let resident = || resident::of("self", Resident::Now);
    let before = resident();
    let started = open(&many, cache);
    let memory = resident()
        .zip(before)
        .map(|(after, before)| (after - before).max(0.0));
    let [start] = sampled(STARTS, [&mut || nanos(time(|| open(&many, cache)).0)]);
    drop(started);
    vec![
        Row::value(
            "a filter's review, instance made for it",
            Unit::Nanos,
            fresh.clone(),
        )
        .target(Target::AtMost(20_000.0)),
        Row::value("a filter's review, warm instance", Unit::Nanos, warm)
            .beside("made for it", &fresh)
            .target(Target::AtMost(2_000.0)),
        Row::value("ten filters' reviews", Unit::Nanos, ten)
            .beside("one", &fresh)
            .target(Target::RatioAtMost(10.0)),
        Row::value("start with 50 plugins, compiled before", Unit::Nanos, start)
            .target(Target::AtMost(300e6)),
        match memory {
            Some(bytes) => Row::value("memory of 50 plugins", Unit::Bytes, Samples::exactly(bytes))
                .target(Target::AtMost(100e6)),
            None => Row::skipped("memory of 50 plugins", "this system does not tell"),
        },
    ]
}

fn open(file: &Path, cache: &Path) -> Plugins {
    let state = SqlitePlugins::open(file).expect("a database");
    Plugins::builder(state)
        .log(NoLog)
        .cache_dir(cache)
        .build()
        .expect("plugins start")
}

/// So many plugins that object to nothing, each a component of its own.
fn plugins(name: &str, count: usize, stateless: bool, directory: &Path, cache: &Path) -> Plugins {
    let plugins = open(&directory.join(format!("{name}.db")), cache);
    for n in 0..count {
        let made = made(&format!("{name}-{n}"))
            .saying(&format!("stateless = {stateless}"))
            .hook(Hook::GrantFilter, NO_OBJECTION)
            .text(3000, format!("{name}-{n}"));
        let package = made.package();
        let id = &package.manifest().id;
        plugins.install(&package).expect("it is installed");
        plugins.approve(id, "olga").expect("it is approved");
        plugins.activate(id).expect("it is activated");
    }
    plugins
}
