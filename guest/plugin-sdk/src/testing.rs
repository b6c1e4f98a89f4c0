//! A bench on which `cargo test` tries a plugin, natively and without a host.
//!
//! ```
//! use guestpass_plugin::testing::{self, Bench};
//! use guestpass_plugin::{Draft, Grant, Plugin};
//!
//! #[derive(serde::Deserialize)]
//! struct Shortly {
//!     uses: u32,
//! }
//!
//! impl Plugin for Shortly {
//!     fn review_grant(&self, _: &Draft) -> Grant {
//!         Grant::accept().uses(self.uses)
//!     }
//! }
//!
//! let bench = Bench::new("[settings]\nuses = 1").set("uses", 3);
//! assert_eq!(bench.review_grant::<Shortly>(&testing::draft()), Grant::accept().uses(3));
//! ```

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::http::{Request as HttpRequest, Response as HttpResponse};
use crate::log::Level;
use crate::settings;
use crate::{Attempt, Draft, Entry, Event, Grant, Plugin, Power, Requests, Withheld};

type Answer = Box<dyn Fn(&HttpRequest) -> Result<HttpResponse, String>>;

#[derive(Default)]
struct State {
    settings: Map<String, Value>,
    now: u64,
    lines: Vec<(Level, String)>,
    kept: BTreeMap<String, Vec<u8>>,
    sent: Vec<HttpRequest>,
    answer: Option<Answer>,
}

thread_local! {
    // A test has a thread of its own, so benches do not get in each other's way.
    static STATE: RefCell<State> = RefCell::default();
}

/// What surrounds a plugin in a test: its settings, the time, what it keeps, and who answers its requests. There is one for a
/// thread at a time; a new one begins with nothing.
#[derive(Debug)]
pub struct Bench(());

impl Bench {
    /// A bench with the settings of this manifest: `Bench::new(include_str!("../plugin.toml"))`. It is 2026-11-24, noon, UTC.
    ///
    /// # Panics
    /// If the manifest is no TOML.
    #[must_use]
    pub fn new(manifest: &str) -> Self {
        #[derive(serde::Deserialize)]
        struct Manifest {
            #[serde(default)]
            settings: Map<String, Value>,
        }
        let manifest: Manifest = toml::from_str(manifest).expect("the manifest is TOML");
        STATE.with_borrow_mut(|state| {
            *state = State {
                settings: manifest.settings,
                now: 1_795_521_600_000,
                ..State::default()
            };
        });
        Self(())
    }

    /// With another value of a setting.
    #[must_use]
    pub fn set(self, name: &str, value: impl Into<Value>) -> Self {
        STATE.with_borrow_mut(|state| state.settings.insert(name.to_owned(), value.into()));
        self
    }

    /// At this instant, in milliseconds since the epoch.
    #[must_use]
    pub fn at(self, now: u64) -> Self {
        self.move_to(now);
        self
    }

    /// Moves the clock.
    pub fn move_to(&self, now: u64) {
        STATE.with_borrow_mut(|state| state.now = now);
    }

    /// With somebody who answers requests; without, nobody does.
    #[must_use]
    pub fn answering(
        self,
        answer: impl Fn(&HttpRequest) -> Result<HttpResponse, String> + 'static,
    ) -> Self {
        STATE.with_borrow_mut(|state| state.answer = Some(Box::new(answer)));
        self
    }

    /// Asks the plugin to review a grant.
    pub fn review_grant<P: Plugin>(&self, draft: &Draft) -> Grant {
        match settings::read::<P>() {
            Ok(plugin) => plugin.review_grant(draft),
            Err(sentence) => Grant::unknown(sentence),
        }
    }

    /// Asks the plugin to review a redemption.
    pub fn review_entry<P: Plugin>(&self, attempt: &Attempt) -> Entry {
        match settings::read::<P>() {
            Ok(plugin) => plugin.review_entry(attempt),
            Err(sentence) => Entry::unknown(sentence),
        }
    }

    /// Asks the plugin what to withhold.
    pub fn narrow<P: Plugin>(&self, power: &Power) -> Withheld {
        match settings::read::<P>() {
            Ok(plugin) => plugin.narrow(power),
            Err(sentence) => Withheld::unknown(sentence),
        }
    }

    /// Tells the plugin of an event.
    pub fn react<P: Plugin>(&self, event: &Event) -> Requests {
        match settings::read::<P>() {
            Ok(plugin) => plugin.react(event),
            Err(sentence) => Requests::later(sentence),
        }
    }

    /// What it wrote to the log.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        STATE.with_borrow(|state| state.lines.iter().map(|(_, line)| line.clone()).collect())
    }

    /// What it sent.
    #[must_use]
    pub fn sent(&self) -> Vec<HttpRequest> {
        STATE.with_borrow(|state| state.sent.clone())
    }

    /// What it keeps under this key.
    #[must_use]
    pub fn kept(&self, key: &str) -> Option<Vec<u8>> {
        kept(key)
    }
}

/// An answer of this status, with nothing in it.
#[must_use]
pub fn status(status: u16) -> HttpResponse {
    HttpResponse {
        status,
        headers: Vec::new(),
        body: Vec::new(),
        more: Vec::new(),
    }
}

/// An ordinary draft: the role `editor` for `agent@support.example`, for three days.
#[must_use]
pub fn draft() -> Draft {
    Draft {
        site: "main".to_owned(),
        actor: "olivia".to_owned(),
        email: "agent@support.example".to_owned(),
        base: "role".to_owned(),
        role: Some("editor".to_owned()),
        chosen: Vec::new(),
        also: Vec::new(),
        except: Vec::new(),
        opens: None,
        ending: "after".to_owned(),
        ends: None,
        period: Some("P3D".to_owned()),
        uses: None,
        more: Vec::new(),
    }
}

/// An ordinary redemption, the first.
#[must_use]
pub fn attempt() -> Attempt {
    Attempt {
        site: "main".to_owned(),
        grant: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        grantor: "olivia".to_owned(),
        email: "agent@support.example".to_owned(),
        uses: 0,
        address: Some("203.0.113.9".to_owned()),
        agent: None,
        more: Vec::new(),
    }
}

/// A guest with these permissions, in ascending order with spaces between them.
#[must_use]
pub fn power(permissions: &str) -> Power {
    Power {
        site: "main".to_owned(),
        grant: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        user: "guest".to_owned(),
        permissions: permissions.to_owned(),
        more: Vec::new(),
    }
}

/// Something of this name that `olivia` did to a grant.
#[must_use]
pub fn event(name: &str) -> Event {
    Event {
        id: "AAAAAAAAAAAAAAAAAAAAAA.0".to_owned(),
        site: "main".to_owned(),
        name: name.to_owned(),
        at: now(),
        grant: Some("AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
        actor: Some("olivia".to_owned()),
        subject: None,
        more: Vec::new(),
    }
}

pub(crate) fn write(level: Level, message: &str) {
    STATE.with_borrow_mut(|state| state.lines.push((level, message.to_owned())));
}

pub(crate) fn now() -> u64 {
    STATE.with_borrow(|state| state.now)
}

pub(crate) fn settings() -> String {
    STATE.with_borrow(|state| Value::Object(state.settings.clone()).to_string())
}

pub(crate) fn kept(key: &str) -> Option<Vec<u8>> {
    STATE.with_borrow(|state| state.kept.get(key).cloned())
}

pub(crate) fn keep(key: &str, value: Option<&[u8]>) {
    STATE.with_borrow_mut(|state| match value {
        Some(value) => drop(state.kept.insert(key.to_owned(), value.to_vec())),
        None => drop(state.kept.remove(key)),
    });
}

pub(crate) fn keys(prefix: &str, limit: u32) -> Vec<String> {
    STATE.with_borrow(|state| {
        let keys = state.kept.keys().filter(|key| key.starts_with(prefix));
        keys.take(limit as usize).cloned().collect()
    })
}

pub(crate) fn send(request: &HttpRequest) -> Result<HttpResponse, String> {
    STATE.with_borrow_mut(|state| state.sent.push(request.clone()));
    STATE.with_borrow(|state| match &state.answer {
        Some(answer) => answer(request),
        None => Err("nobody answers on this bench; see `Bench::answering`".to_owned()),
    })
}
