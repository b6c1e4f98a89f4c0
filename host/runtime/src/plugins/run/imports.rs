//! The capabilities, as far as a plugin was given them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use wasmtime::component::{HasSelf, Linker};

use super::fault::HostFailed;
use super::inside::Inside;
use super::prepared::Facilities;
use crate::plain;
use crate::plugins::bindings::guestpass::plugin::{clock, http, keyvalue, log, settings, types};
use crate::plugins::capability::{Capabilities, Capability};
use crate::plugins::http::{HttpRequest, HttpResponse, LARGEST_BODY, check};
use crate::plugins::state::{LARGEST_VALUE, MOST_BYTES};
use crate::ports::Level;

/// Lines in one call.
pub(super) const MOST_LINES: u32 = 20;
/// Bytes in one line.
const LONGEST_LINE: usize = 1000;
/// Bytes in one key.
const LONGEST_KEY: usize = 256;
/// Keys in one answer.
const MOST_KEYS: u32 = 1000;
/// The time for one request to another host.
const ONE_REQUEST: Duration = Duration::from_secs(5);

/// Links what was approved and nothing else, so that there is nothing to call that was not given.
pub(super) fn link(linker: &mut Linker<Inside>, given: &Capabilities) -> wasmtime::Result<()> {
    types::add_to_linker::<_, HasSelf<Inside>>(linker, |inside| inside)?;
    settings::add_to_linker::<_, HasSelf<Inside>>(linker, |inside| inside)?;
    if given.contains(&Capability::Log) {
        log::add_to_linker::<_, HasSelf<Inside>>(linker, |inside| inside)?;
    }
    if given.contains(&Capability::KeyValue) {
        keyvalue::add_to_linker::<_, HasSelf<Inside>>(linker, |inside| inside)?;
    }
    if given.contains(&Capability::Clock) {
        clock::add_to_linker::<_, HasSelf<Inside>>(linker, |inside| inside)?;
    }
    if given.iter().any(|one| matches!(one, Capability::Http(_))) {
        http::add_to_linker::<_, HasSelf<Inside>>(linker, |inside| inside)?;
    }
    Ok(())
}

impl Inside {
    /// Asks something of the host's; `None` if it panicked. The time it takes is not the plugin's.
    fn ask<T>(&mut self, question: impl FnOnce(&Facilities, &str) -> T) -> Option<T> {
        let before = self.time.now();
        let answer = catch_unwind(AssertUnwindSafe(|| question(&self.facilities, &self.site))).ok();
        self.time.waited_since(before);
        answer
    }

    fn ask_state<T>(
        &mut self,
        question: impl FnOnce(&Facilities, &str) -> Result<T, String>,
    ) -> Result<T, String> {
        self.ask(question)
            .unwrap_or_else(|| Err("what plugins keep cannot be read".to_owned()))
    }
}

impl types::Host for Inside {}

impl settings::Host for Inside {
    fn all(&mut self) -> String {
        self.facilities.settings.clone()
    }
}

impl log::Host for Inside {
    fn write(&mut self, level: log::Level, message: String) {
        self.lines = self.lines.saturating_add(1);
        if self.lines > MOST_LINES {
            return;
        }
        let level = match level {
            log::Level::Debug => Level::Debug,
            log::Level::Info => Level::Info,
            log::Level::Warn => Level::Warn,
            log::Level::Error => Level::Error,
        };
        let line = one_line(&message);
        let _ = self.ask(|facilities, _| facilities.log(level, &line));
    }
}

/// What a plugin wrote, so short that it fits and without anything that speaks to a terminal or pretends to be another line.
fn one_line(message: &str) -> String {
    let end = message.floor_char_boundary(LONGEST_LINE);
    plain::one_line(&message[..end])
}

impl clock::Host for Inside {
    fn now(&mut self) -> wasmtime::Result<u64> {
        self.ask(|facilities, _| facilities.ports.clock.now())
            .ok_or_else(|| wasmtime::Error::new(HostFailed("the host's clock panicked".to_owned())))
    }
}

fn checked_key(key: &str) -> Result<(), String> {
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(format!("a key has 1 to {LONGEST_KEY} bytes"));
    }
    Ok(())
}

impl keyvalue::Host for Inside {
    fn get(&mut self, key: String) -> Result<Option<Vec<u8>>, String> {
        checked_key(&key)?;
        self.ask_state(|own, site| {
            own.ports
                .state
                .value(&own.id, site, &key)
                .map_err(|error| error.to_string())
        })
    }

    fn set(&mut self, key: String, value: Vec<u8>) -> Result<(), String> {
        checked_key(&key)?;
        if value.len() > LARGEST_VALUE {
            return Err(format!("a value has at most {LARGEST_VALUE} bytes"));
        }
        self.ask_state(|own, site| {
            let kept = own
                .ports
                .state
                .set_value(&own.id, site, &key, &value)
                .map_err(|error| error.to_string())?;
            if kept {
                Ok(())
            } else {
                Err(format!(
                    "all values together have at most {MOST_BYTES} bytes"
                ))
            }
        })
    }

    fn delete(&mut self, key: String) -> Result<(), String> {
        checked_key(&key)?;
        self.ask_state(|own, site| {
            own.ports
                .state
                .delete_value(&own.id, site, &key)
                .map_err(|error| error.to_string())
        })
    }

    fn keys(&mut self, prefix: String, limit: u32) -> Result<Vec<String>, String> {
        let limit = limit.min(MOST_KEYS);
        self.ask_state(|own, site| {
            own.ports
                .state
                .keys(&own.id, site, &prefix, limit)
                .map_err(|error| error.to_string())
        })
    }
}

impl http::Host for Inside {
    fn send(&mut self, request: HttpRequest) -> Result<HttpResponse, String> {
        check(&request, self.facilities.hosts.iter().map(String::as_str))?;
        if self.patience.is_zero() {
            return Err("this call has waited for other hosts as long as it may".to_owned());
        }
        let timeout = self.patience.min(ONE_REQUEST);
        #[allow(
            clippy::disallowed_methods,
            reason = "measures how long another host took, which no port can tell"
        )]
        let began = std::time::Instant::now();
        let answer = self.ask(|own, _| own.ports.http.send(&request, timeout, LARGEST_BODY));
        self.patience = self.patience.saturating_sub(began.elapsed());
        answer.unwrap_or_else(|| Err("the host's client panicked".to_owned()))
    }
}
