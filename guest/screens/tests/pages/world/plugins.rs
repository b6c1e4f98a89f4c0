//! The plugins of a host in memory: three that are there, each in another state.

use std::cell::{Cell, RefCell};

use guestpass_core::plugins::*;
use guestpass_core::{Instant, Kind};

use super::NOW;

/// The plugins.
pub struct Shelf {
    pub there: Cell<bool>,
    plugins: RefCell<Vec<Plugin>>,
    /// What was asked of it.
    pub asked: RefCell<Vec<String>>,
}

fn plugin(id: &str, description: &str, state: &str) -> Plugin {
    Plugin {
        summary: Summary {
            id: id.to_owned(),
            version: "0.1.0".to_owned(),
            description: description.to_owned(),
            state: state.to_owned(),
            reason: None,
            faults: 0,
            approved: true,
            waiting: None,
        },
        author: "The <b>authors</b>".to_owned(),
        licence: "MIT".to_owned(),
        signed: false,
        digest: format!("digest-of-{id}"),
        asks: vec![
            capability("clock", "know the time"),
            capability("hook:grant-filter", "be called before a grant"),
            capability("hook:of-tomorrow", "be called tomorrow"),
        ],
        approved_by: Some("olivia".to_owned()),
        waiting_added: Vec::new(),
        previous: None,
        settings: Vec::new(),
        deliveries: Vec::new(),
        journal: vec![note("installed", "version 0.1.0")],
    }
}

fn capability(name: &str, meaning: &str) -> Capability {
    Capability {
        name: name.to_owned(),
        meaning: meaning.to_owned(),
        host: None,
    }
}

fn note(about: &str, text: &str) -> Note {
    Note {
        at: Instant::from_millis(NOW),
        about: about.to_owned(),
        text: text.to_owned(),
    }
}

fn setting(name: &str, kind: &str, value: &str, default: &str, description: &str) -> Setting {
    Setting {
        name: name.to_owned(),
        kind: kind.to_owned(),
        value: value.to_owned(),
        default: default.to_owned(),
        description: description.to_owned(),
    }
}

impl Shelf {
    pub fn new() -> Self {
        let mut hours = plugin(
            "office-hours",
            "Lets guests in in office hours only",
            "active",
        );
        hours.summary.waiting = Some("0.2.0".to_owned());
        hours.waiting_added = vec![
            capability("http:setting:url", "send what it learns somewhere"),
            capability("requests:revoke", "revoke grants in your name"),
            capability("of:tomorrow", "do what nobody knows yet"),
        ];
        let url = Capability {
            host: Some("hooks.example.com".to_owned()),
            ..capability(
                "http:setting:to",
                "send what it learns to hooks.example.com",
            )
        };
        hours.waiting_added.insert(1, url);
        hours.previous = Some("0.0.9".to_owned());
        hours.settings = vec![
            setting(
                "zone",
                "text",
                "Europe/Paris",
                "UTC",
                "Where the office is.",
            ),
            setting("late", "number", "2", "0", ""),
            setting(
                "finish-work",
                "yes-no",
                "true",
                "false",
                "Whether they may go on.",
            ),
            setting("days", "list", "1\n2", "1\n2\n3", ""),
            setting("deep", "other", "{\"a\":1}", "{}", ""),
        ];
        let mut digest = plugin("digest", "Writes a digest", "switched-off");
        digest.summary.reason = Some("it failed 5 times without a good call between".to_owned());
        digest.summary.faults = 5;
        digest.signed = true;
        digest.deliveries = vec![Delivery {
            event: "revoked".to_owned(),
            at: Instant::from_millis(NOW),
            parked: true,
            reason: Some("it took longer than 5s".to_owned()),
        }];
        digest
            .journal
            .insert(0, note("fault", "it took longer than 5s"));
        let mut fresh = plugin("fresh", "Is new", "inactive");
        fresh.summary.approved = false;
        fresh.approved_by = None;
        Self {
            there: Cell::new(true),
            plugins: RefCell::new(vec![hours, digest, fresh]),
            asked: RefCell::default(),
        }
    }

    /// What an owner is told of one.
    pub fn find(&self, id: &str) -> Option<Plugin> {
        let plugins = self.plugins.borrow();
        plugins.iter().find(|one| one.summary.id == id).cloned()
    }

    /// Does away with all of them.
    pub fn clear(&self) {
        self.plugins.borrow_mut().clear();
    }

    fn failure<T>(kind: Kind, code: &str, field: Option<&str>) -> Result<T, Failure> {
        Err(Failure {
            kind,
            code: code.to_owned(),
            message: format!("The host says <{code}>."),
            field: field.map(str::to_owned),
        })
    }
}

impl Plugins for Shelf {
    fn available(&self, _: &str) -> bool {
        self.there.get()
    }

    fn list(&self, _: &str) -> Result<Vec<Summary>, Failure> {
        let plugins = self.plugins.borrow();
        Ok(plugins.iter().map(|one| one.summary.clone()).collect())
    }

    fn get(&self, _: &str, id: &str) -> Result<Plugin, Failure> {
        match self.find(id) {
            Some(plugin) => Ok(plugin),
            None => Self::failure(Kind::NotFound, "unknown-plugin", None),
        }
    }

    fn install(&self, _: &str, by: &str, upload: &str) -> Result<Installed, Failure> {
        self.asked
            .borrow_mut()
            .push(format!("{by} installs {upload}"));
        match upload {
            "upload-broken" => Self::failure(Kind::Invalid, "bad-package", None),
            "upload-odd" => Self::failure(Kind::Invalid, "bad-manifest", None),
            "upload-waits" => Ok(Installed {
                id: "office-hours".to_owned(),
                upgraded_from: Some("0.1.0".to_owned()),
                waits: true,
            }),
            _ => Ok(Installed {
                id: "fresh".to_owned(),
                upgraded_from: None,
                waits: false,
            }),
        }
    }

    fn change(&self, _: &str, by: &str, id: &str, change: Change<'_>) -> Result<(), Failure> {
        self.asked
            .borrow_mut()
            .push(format!("{by} {id} {change:?}"));
        if self.find(id).is_none() {
            return Self::failure(Kind::NotFound, "unknown-plugin", None);
        }
        match change {
            Change::Set(values) => match values.iter().find(|(_, value)| value == "wrong") {
                Some((name, _)) => Self::failure(Kind::Invalid, "bad-setting", Some(name)),
                None => Ok(()),
            },
            Change::Approve(digest) if digest != format!("digest-of-{id}") => {
                Self::failure(Kind::Conflict, "other-version", None)
            }
            _ => Ok(()),
        }
    }
}
