//! Writes once a week into the log what happened to grants. The counts are kept by the host, since an instance of a plugin
//! forgets; an event that comes twice is counted once.

use std::collections::{BTreeMap, BTreeSet};

use guestpass_plugin::{Event, Plugin, Requests, keyvalue, log};
use serde::{Deserialize, Serialize};

const DAY: u64 = 24 * 60 * 60 * 1000;
const KEY: &str = "week";
/// Ids that are remembered to tell which events came before.
const REMEMBERED: usize = 500;

/// The settings.
#[derive(Deserialize)]
pub struct WeeklyDigest {
    days: u64,
}

/// What was counted since the last digest.
#[derive(Default, Serialize, Deserialize)]
struct Week {
    since: u64,
    counts: BTreeMap<String, u64>,
    seen: BTreeSet<String>,
}

impl WeeklyDigest {
    fn count(&self, event: &Event) -> Result<(), String> {
        let mut week: Week = keyvalue::load(KEY)?.unwrap_or_default();
        if week.since == 0 {
            week.since = event.at;
        }
        if event.name == "tick" {
            if event.at < week.since.saturating_add(self.days.saturating_mul(DAY)) {
                return Ok(());
            }
            log!("the last {} days: {}", self.days, digest(&week.counts));
            week = Week { since: event.at, ..Week::default() };
        } else if week.seen.insert(event.id.clone()) {
            *week.counts.entry(event.name.clone()).or_default() += 1;
            if week.seen.len() > REMEMBERED {
                week.seen.pop_first();
            }
        }
        keyvalue::save(KEY, &week)
    }
}

fn digest(counts: &BTreeMap<String, u64>) -> String {
    if counts.is_empty() {
        return "nothing happened".to_owned();
    }
    let parts: Vec<_> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
    parts.join(", ")
}

impl Plugin for WeeklyDigest {
    fn react(&self, event: &Event) -> Requests {
        self.count(event).into()
    }
}

guestpass_plugin::export!(WeeklyDigest: action);

#[cfg(test)]
mod tests {
    use guestpass_plugin::testing::{self, Bench};

    use super::*;

    fn told(bench: &Bench, name: &str, id: &str, at: u64) {
        let mut event = testing::event(name);
        event.id = id.to_owned();
        event.at = at;
        assert_eq!(bench.react::<WeeklyDigest>(&event), Requests::none());
    }

    #[test]
    fn a_week_is_summed_up_once() {
        let bench = Bench::new(include_str!("../plugin.toml"));
        told(&bench, "created", "a.0", DAY);
        told(&bench, "created", "b.0", 2 * DAY);
        told(&bench, "revoked", "a.1", 3 * DAY);
        // It came twice.
        told(&bench, "created", "b.0", 2 * DAY);
        told(&bench, "tick", "tick.1", 7 * DAY);
        assert!(bench.lines().is_empty());
        told(&bench, "tick", "tick.2", 8 * DAY);
        assert_eq!(bench.lines(), ["the last 7 days: 2 created, 1 revoked"]);
        told(&bench, "tick", "tick.3", 15 * DAY);
        assert_eq!(bench.lines()[1], "the last 7 days: nothing happened");
    }
}
