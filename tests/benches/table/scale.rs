//! Whether a call costs more in a large site than in a small one.

use std::path::Path;

use guestpass::ports::{Clock as _, SystemClock};

use crate::measure::{nanos, sampled, time};
use crate::report::{Row, Target, Unit};
use crate::site::{GROUP, GROUPS, Site};

/// Links that are redeemed in a sample, and how many samples there are.
const LINKS: usize = 20;
const ROUNDS: usize = 25;

/// Measures all of it in files of this directory.
pub fn rows(directory: &Path, cache: &Path) -> Vec<Row> {
    let start = SystemClock.now();
    let site = |grants| Site::build(directory, cache, start, grants);
    let (thousand, ten_thousand, million) = (site(1_000), site(10_000), site(1_000_000));

    let [of_million, of_thousand] = sampled(
        ROUNDS,
        [&mut || redeem(&million), &mut || redeem(&thousand)],
    );
    let redeem = Row::value(
        "redeem, first use, 1 million grants",
        Unit::Nanos,
        of_million,
    )
    .beside("1 thousand", &of_thousand)
    .target(Target::RatioAtMost(1.3));

    let [of_million, of_ten_thousand] = sampled(
        GROUPS,
        [&mut || sweep(&million), &mut || sweep(&ten_thousand)],
    );
    let sweep = Row::value(
        "sweep of 1,000 due, 1 million grants",
        Unit::Nanos,
        of_million,
    )
    .beside("10 thousand", &of_ten_thousand)
    .target(Target::RatioAtMost(2.0));
    vec![redeem, sweep]
}

/// One call, on average over links from all over the site.
fn redeem(site: &Site) -> f64 {
    let links = site.take_links(LINKS);
    let (took, ()) = time(|| links.iter().for_each(|link| drop(site.world.redeem(link))));
    nanos(took) / LINKS as f64
}

/// One call that finds a group of grants at its end.
fn sweep(site: &Site) -> f64 {
    site.go_on();
    let (took, swept) = time(|| site.world.sweep());
    assert_eq!(
        (swept.expired as usize, swept.failed),
        (GROUP, 0),
        "all that is due is swept"
    );
    nanos(took)
}
