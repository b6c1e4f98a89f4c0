//! Tidying up, by command and in the background. No access depends on it: what is over is refused whether it runs or not.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::cms::{requests, sessions};
use crate::host::Host;
use crate::problem::Problem;

/// How much one call of the engine handles.
const BATCH: u32 = 200;
/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The shortest, so that something that stays due does not keep a core busy.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// What was tidied up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    /// Grants that are now recorded as ended.
    pub expired: u32,
    /// Half-made users that were undone.
    pub repaired: u32,
    /// Grants whose user is gone now.
    pub retired: u32,
    /// Records put into the log of history.
    pub logged: u32,
    /// What stays due.
    pub failed: u32,
    /// Happenings that were announced.
    pub delivered: u32,
    /// When to look again.
    pub next_due: Option<u64>,
}

/// Handles all that is due, announces what happened, and forgets sessions and kept answers that are over.
pub fn sweep(host: &Host) -> Result<Done, Problem> {
    let mut done = handle(host)?;
    done.delivered = deliver(host)?;
    tell_plugins(host)?;
    sessions::tidy(&host.db, host.clock.now())?;
    requests::tidy(&host.db, host.clock.now())?;
    let due = [
        host.engine.next_due(&host.site)?,
        host.plugins.next_due(&host.site)?,
    ];
    done.next_due = due.into_iter().flatten().min();
    Ok(done)
}

/// Handles all that is due, and puts all that happened into the log of history.
pub fn handle(host: &Host) -> Result<Done, Problem> {
    let mut done = Done::default();
    loop {
        let swept = host.engine.sweep(&host.site, BATCH)?;
        let handled = swept.expired + swept.repaired + swept.retired + swept.logged;
        done.expired += swept.expired;
        done.repaired += swept.repaired;
        done.retired += swept.retired;
        done.logged += swept.logged;
        done.failed += swept.failed;
        // A round that only failed would fail again at once.
        if !swept.more || handled == 0 {
            return Ok(done);
        }
    }
}

fn deliver(host: &Host) -> Result<u32, Problem> {
    let mut delivered: u32 = 0;
    loop {
        match host.engine.deliver(&host.site, BATCH)? {
            0 => return Ok(delivered),
            count => delivered = delivered.saturating_add(count),
        }
    }
}

/// Tells plugins what is due. What fails comes again by itself, so a round in which nothing went well is the last.
fn tell_plugins(host: &Host) -> Result<(), Problem> {
    while host
        .plugins
        .deliver(&host.engine, &host.site, BATCH)?
        .delivered
        > 0
    {}
    Ok(())
}

/// Sweeps whenever something is due, and at least every minute, until `stop` changes.
pub async fn run(host: Host, mut stop: watch::Receiver<bool>) {
    loop {
        let sweeping = host.clone();
        let pause = match tokio::task::spawn_blocking(move || sweep(&sweeping)).await {
            Ok(Ok(done)) => pause(host.clock.now(), done.next_due),
            Ok(Err(problem)) => {
                tracing::warn!("upkeep failed and will be tried again: {problem}");
                LONGEST_PAUSE
            }
            Err(error) => {
                tracing::error!("upkeep broke off and will be tried again: {error}");
                LONGEST_PAUSE
            }
        };
        if timeout(pause, stop.changed()).await.is_ok() {
            return;
        }
    }
}

fn pause(now: u64, due: Option<u64>) -> Duration {
    let until = due.map_or(LONGEST_PAUSE, |due| {
        Duration::from_millis(due.saturating_sub(now))
    });
    until.clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_when_something_is_due_but_neither_too_often_nor_too_rarely() {
        assert_eq!(pause(1_000, None), LONGEST_PAUSE);
        assert_eq!(pause(1_000, Some(6_000)), Duration::from_secs(5));
        assert_eq!(pause(1_000, Some(500)), SHORTEST_PAUSE);
        assert_eq!(pause(1_000, Some(u64::MAX)), LONGEST_PAUSE);
    }
}
