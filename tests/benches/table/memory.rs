//! What a call costs without a disk: through the component, beside the same rules linked natively.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use guestpass::ports::SystemClock;
use guestpass::store::MemoryStore;
use guestpass_core::Period;
use guestpass_core::grant::scope::Base;
use guestpass_core::grant::window::Ending;
use guestpass_tests::catalogue::wordpress;

use crate::measure::{alone, in_turns, nanos, sampled, time};
use crate::native::Native;
use crate::report::{Row, Target, Unit};
use crate::town::Town;
use crate::world::{World, administrator};

const ROUNDS: usize = 301;
/// Links redeemed for the first time in one sample.
const LINKS: usize = 30;

/// Measures all of it.
pub fn rows(cache: &Path) -> Vec<Row> {
    let town = Town::new(wordpress());
    let native = Native::new(
        &town,
        &Arc::new(MemoryStore::default()),
        Arc::new(SystemClock),
    );
    let component = World::new(&town, MemoryStore::default(), cache);
    vec![
        resolve(&native, &component),
        check(&component),
        create(&native, &component),
        first_redemption(&native, &component),
        later_redemption(&native, &component),
    ]
}

fn native_link(native: &Native<MemoryStore>) -> String {
    native.create(
        Base::Role("administrator".to_owned()),
        Ending::After(Period::days(7)),
    )
}

fn resolve(native: &Native<MemoryStore>, component: &World) -> Row {
    let native_session = native.redeem(&native_link(native));
    let session = component.redeem(&component.create(administrator()));
    let [native, component] = in_turns(
        ROUNDS,
        [
            &mut || drop(black_box(native.resolve(black_box(&native_session)))),
            &mut || drop(black_box(component.resolve(black_box(&session)))),
        ],
    );
    Row::value("resolve", Unit::Nanos, component)
        .beside("native", &native)
        .target(Target::RatioAtMost(2.5))
}

fn check(component: &World) -> Row {
    let answer = component.resolve(&component.redeem(&component.create(administrator())));
    let asked = [
        "activate_plugins",
        "edit_posts",
        "update_core",
        "create_users",
        "no_such_permission",
    ];
    assert_eq!(
        asked.map(|name| answer.may(name)),
        [true, true, true, false, false]
    );
    let mut turn = 0;
    let check = alone(ROUNDS, || {
        turn = (turn + 1) % asked.len();
        black_box(answer.may(black_box(asked[turn])));
    });
    let held = answer.permissions().len();
    let measure = format!("permission check on an answer that holds {held}");
    Row::value(measure, Unit::Nanos, check).target(Target::AtMost(50.0))
}

fn create(native: &Native<MemoryStore>, component: &World) -> Row {
    let [native, component] = in_turns(
        ROUNDS,
        [&mut || drop(black_box(native_link(native))), &mut || {
            drop(black_box(component.create(administrator())))
        }],
    );
    Row::value("create", Unit::Nanos, component).beside("native", &native)
}

fn first_redemption(native: &Native<MemoryStore>, component: &World) -> Row {
    let [native, component] = sampled(
        ROUNDS,
        [
            &mut || each_link(|| native_link(native), |link| native.redeem(link)),
            &mut || {
                each_link(
                    || component.create(administrator()),
                    |link| component.redeem(link),
                )
            },
        ],
    );
    Row::value("redeem, first use of a link", Unit::Nanos, component).beside("native", &native)
}

/// One redemption, on average over links that nobody used yet.
pub fn each_link(create: impl Fn() -> String, redeem: impl Fn(&str) -> String) -> f64 {
    let links: Vec<_> = (0..LINKS).map(|_| create()).collect();
    let (took, _sessions) = time(|| links.iter().map(|link| redeem(link)).collect::<Vec<_>>());
    nanos(took) / LINKS as f64
}

fn later_redemption(native: &Native<MemoryStore>, component: &World) -> Row {
    let (native_link, link) = (native_link(native), component.create(administrator()));
    let [native, component] = in_turns(
        ROUNDS,
        [
            &mut || drop(black_box(native.redeem(&native_link))),
            &mut || drop(black_box(component.redeem(&link))),
        ],
    );
    Row::value("redeem, later use", Unit::Nanos, component).beside("native", &native)
}
