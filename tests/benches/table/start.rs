//! What it costs until the engine can be asked: compiling it, loading what was compiled before, and making an instance.

use std::path::Path;
use std::sync::Arc;

use guestpass::ports::{NoLog, Random};
use guestpass::store::MemoryStore;
use guestpass::{Actor, Builder, Draft, Guest, Guestpass, Window};
use guestpass_tests::catalogue::wordpress;

use crate::measure::{Samples, nanos, sampled, time};
use crate::report::{Row, Unit};
use crate::town::{OWNER, SITE, Town};
use crate::world::{administrator, email};

const COMPILATIONS: usize = 3;
const ROUNDS: usize = 41;

/// Measures all of it; compiled code is kept in this directory.
pub fn rows(cache: &Path) -> Vec<Row> {
    let town = Town::new(wordpress());
    // Filled before it is measured.
    drop(build(builder(&town).cache_dir(cache)));
    let [compiled, loaded] = sampled(
        COMPILATIONS,
        [&mut || nanos(time(|| build(builder(&town))).0), &mut || {
            nanos(time(|| build(builder(&town).cache_dir(cache))).0)
        }],
    );
    let (fresh, warm) = instances(&build(builder(&town).cache_dir(cache)));
    vec![
        Row::value("handle, engine compiled", Unit::Nanos, compiled.clone()),
        Row::value(
            "handle, compiled engine deserialised from the cache",
            Unit::Nanos,
            loaded,
        )
        .beside("compiled", &compiled),
        Row::value("call that instantiates first", Unit::Nanos, fresh).beside("warm", &warm),
    ]
}

fn builder(town: &Arc<Town>) -> Builder {
    let builder = Guestpass::builder()
        .store(MemoryStore::default())
        .directory(town.clone());
    builder.random(NoRandom).log(NoLog)
}

fn build(builder: Builder) -> Guestpass {
    builder.build().expect("a handle is built")
}

/// A call that the engine answers without asking any port, on a fresh instance and on a warm one.
fn instances(guestpass: &Guestpass) -> (Samples, Samples) {
    let owner = Actor::new(SITE, OWNER);
    let draft = Draft::new(
        Guest::new(email(0)),
        administrator(),
        Window::lasting("P7D"),
    );
    let ask = || nanos(time(|| guestpass.inspect(SITE, "no link").expect_err("no link")).0);
    let (mut fresh, mut warm) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        let fault = guestpass
            .create(&owner, &draft)
            .expect_err("no link without randomness");
        assert_eq!(
            fault.code, "engine-fault",
            "the only instance is thrown away"
        );
        fresh.push(ask());
        warm.push(ask());
    }
    (fresh, warm)
}

/// Has no random bytes, which breaks off every call that needs some.
struct NoRandom;

impl Random for NoRandom {
    fn fill(&self, _bytes: &mut [u8]) -> Result<(), String> {
        Err("none, on purpose".to_owned())
    }
}
