//! Who may have a password checked now. Each check takes 19 MiB and a core, so few run at once and few wait, of one address
//! fewer still; and an address that got ten wrong is locked out for a while. The user it was about is not: else anybody could
//! keep an owner out.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::StatusCode;
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::failure::Failure;
use crate::secret::TokenDigest;
use crate::shares::{Share, Shares};
use crate::tries::WrongTries;

/// Checks under way at once.
const RUNNING: usize = 2;
/// Checks that wait for their turn; whoever comes then is sent away.
const WAITING: usize = 16;
/// Checks of one address, under way or waiting.
const OF_ONE: usize = 4;
/// Checks of one wide network of IPv6.
const OF_WIDE: usize = 6;

/// The places there are.
#[derive(Debug)]
pub struct PasswordChecks {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
    shares: Shares,
    wrong: WrongTries,
}

/// A place. Goes with the check to where it runs, because the check goes on when the browser hangs up.
#[derive(Debug)]
#[must_use]
pub struct Place {
    _of_address: Option<Share>,
    _admitted: OwnedSemaphorePermit,
    _running: OwnedSemaphorePermit,
}

impl Default for PasswordChecks {
    fn default() -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(RUNNING + WAITING)),
            running: Arc::new(Semaphore::new(RUNNING)),
            shares: Shares::new(OF_ONE).wide(OF_WIDE),
            wrong: WrongTries::new("passwords"),
        }
    }
}

impl PasswordChecks {
    /// Waits for a place; refused at once when too many wait already, or this address got too many wrong.
    pub async fn place(&self, address: Option<IpAddr>, now: u64) -> Result<Place, Failure> {
        if let Some(seconds) = self.wrong.locked(address, now) {
            return Err(Failure::new(
                StatusCode::TOO_MANY_REQUESTS,
                "locked-out",
                format!(
                    "Too many wrong passwords came from this address. Try again in {}.",
                    minutes(seconds)
                ),
            ));
        }
        let full = || {
            Failure::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-passwords",
                "Too many people sign in at this moment. Try again in a few seconds.",
            )
        };
        let share = match address {
            Some(address) => Some(self.shares.take(address).ok_or_else(full)?),
            None => None,
        };
        let admitted = Arc::clone(&self.admitted).try_acquire_owned();
        let admitted = admitted.map_err(|_| full())?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        Ok(Place {
            _of_address: share,
            _admitted: admitted,
            _running: running.map_err(|_| Failure::broken())?,
        })
    }

    /// What was tried was wrong. The same again is one try.
    pub fn count_wrong(&self, address: Option<IpAddr>, tried: &TokenDigest, now: u64) {
        self.wrong.count(address, tried, now);
    }
}

/// A password and whose it should be, as it is remembered when it was wrong.
pub fn tried(whose: &str, password: &str) -> TokenDigest {
    let parts = Sha256::new().chain_update(whose).chain_update([0]);
    parts.chain_update(password).finalize().into()
}

fn minutes(seconds: u64) -> String {
    match seconds.div_ceil(60) {
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
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
                let place = checks.place(None, 0).await.unwrap();
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
            assert!(timeout(soon, checks.place(None, 0)).await.is_err());
            drop(end);
            drop(checks.place(None, 0).await.unwrap());
        });
    }

    #[test]
    fn who_comes_when_too_many_wait_is_sent_away_and_who_leaves_makes_room() {
        run(async {
            let checks = Arc::new(PasswordChecks::default());
            let running = [
                checks.place(None, 0).await.unwrap(),
                checks.place(None, 0).await.unwrap(),
            ];
            let wait = || {
                let checks = Arc::clone(&checks);
                tokio::spawn(async move { checks.place(None, 0).await })
            };
            let mut waiting: Vec<_> = (0..WAITING).map(|_| wait()).collect();
            tokio::task::yield_now().await;
            assert_eq!(
                checks.place(None, 0).await.unwrap_err().code(),
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

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, last]))
    }

    #[test]
    fn one_address_does_not_take_the_places_of_all() {
        run(async {
            let checks = Arc::new(PasswordChecks::default());
            let mut all = Vec::new();
            for _ in 0..OF_ONE {
                let checks = Arc::clone(&checks);
                all.push(tokio::spawn(
                    async move { checks.place(address(9), 0).await },
                ));
            }
            tokio::task::yield_now().await;
            let refused = checks.place(address(9), 0).await.unwrap_err();
            assert_eq!(refused.code(), "too-many-passwords");
            let other = {
                let checks = Arc::clone(&checks);
                tokio::spawn(async move { checks.place(address(10), 0).await })
            };
            for one in all {
                drop(one.await.unwrap().unwrap());
            }
            drop(other.await.unwrap().unwrap());
            drop(checks.place(address(9), 0).await.unwrap());
        });
    }

    #[test]
    fn a_wide_network_of_ipv6_does_not_take_the_places_of_all() {
        run(async {
            let checks = Arc::new(PasswordChecks::default());
            let ask = |network: String| {
                let checks = Arc::clone(&checks);
                let address = network.parse().ok();
                tokio::spawn(async move { checks.place(address, 0).await })
            };
            let all: Vec<_> = (0..OF_WIDE)
                .map(|n| ask(format!("2001:db8:0:{n}::1")))
                .collect();
            tokio::task::yield_now().await;
            let refused = ask("2001:db8:0:ff::1".to_owned()).await.unwrap();
            assert_eq!(refused.unwrap_err().code(), "too-many-passwords");
            let other = ask("2001:db8:1::1".to_owned());
            for one in all {
                drop(one.await.unwrap().unwrap());
            }
            drop(other.await.unwrap().unwrap());
        });
    }

    #[test]
    fn p04_ten_wrong_passwords_lock_their_address_out_and_no_other() {
        run(async {
            let checks = PasswordChecks::default();
            for number in 0..10 {
                drop(checks.place(address(9), 0).await.unwrap());
                let wrong = tried("owner@site.example", &number.to_string());
                checks.count_wrong(address(9), &wrong, 0);
            }
            let refused = checks.place(address(9), 0).await.unwrap_err();
            assert_eq!(refused.code(), "locked-out");
            drop(checks.place(address(10), 0).await.unwrap());
            drop(checks.place(address(9), 20 * 60 * 1000).await.unwrap());
        });
    }
}
