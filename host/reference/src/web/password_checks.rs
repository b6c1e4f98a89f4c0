//! Who may have a password checked now. Each check takes 19 MiB and a core, so few run at once and few wait.

use std::sync::Arc;

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::failure::Failure;

/// Checks under way at once.
const RUNNING: usize = 2;
/// Checks that wait for their turn; whoever comes then is sent away.
const WAITING: usize = 16;

/// The places there are.
#[derive(Debug)]
pub struct PasswordChecks {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A place. Goes with the check to where it runs, because the check goes on when the browser hangs up.
#[derive(Debug)]
#[must_use]
pub struct Place {
    _admitted: OwnedSemaphorePermit,
    _running: OwnedSemaphorePermit,
}

impl Default for PasswordChecks {
    fn default() -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(RUNNING + WAITING)),
            running: Arc::new(Semaphore::new(RUNNING)),
        }
    }
}

impl PasswordChecks {
    /// Waits for a place; refused at once when too many wait already.
    pub async fn place(&self) -> Result<Place, Failure> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned();
        let admitted = admitted.map_err(|_| {
            Failure::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-passwords",
                "Too many people sign in at this moment. Try again in a few seconds.",
            )
        })?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        Ok(Place {
            _admitted: admitted,
            _running: running.map_err(|_| Failure::broken())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(test);
    }

    #[test]
    fn a_check_keeps_its_place_when_the_browser_hangs_up() {
        run(async {
            let checks = Arc::new(PasswordChecks::default());
            let mut browsers = Vec::new();
            let (end, ended) = std::sync::mpsc::channel::<()>();
            let ended = Arc::new(std::sync::Mutex::new(ended));
            for _ in 0..RUNNING {
                let place = checks.place().await.unwrap();
                let ended = Arc::clone(&ended);
                browsers.push(tokio::spawn(async move {
                    let check = tokio::task::spawn_blocking(move || {
                        let _place = place;
                        let _ = ended.lock().map(|ended| ended.recv());
                    });
                    check.await
                }));
            }
            tokio::task::yield_now().await;
            for browser in browsers {
                browser.abort();
            }
            let soon = Duration::from_millis(50);
            assert!(timeout(soon, checks.place()).await.is_err());
            drop(end);
            drop(checks.place().await.unwrap());
        });
    }

    #[test]
    fn who_comes_when_too_many_wait_is_sent_away_and_who_leaves_makes_room() {
        run(async {
            let checks = Arc::new(PasswordChecks::default());
            let running = [checks.place().await.unwrap(), checks.place().await.unwrap()];
            let wait = || {
                let checks = Arc::clone(&checks);
                tokio::spawn(async move { checks.place().await })
            };
            let mut waiting: Vec<_> = (0..WAITING).map(|_| wait()).collect();
            tokio::task::yield_now().await;
            assert_eq!(
                checks.place().await.unwrap_err().code(),
                "too-many-passwords"
            );
            let left = waiting.remove(0);
            left.abort();
            assert!(left.await.is_err());
            let later = wait();
            tokio::task::yield_now().await;
            drop(running);
            waiting.push(later);
            for each in waiting {
                drop(each.await.unwrap().unwrap());
            }
        });
    }
}
