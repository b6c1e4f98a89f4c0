//! A site in memory, with people who do what a test says: enough of a host to ask for pages.

mod plugins;
mod ports;

use guestpass_core::catalogue::Catalogues;
use guestpass_core::names::Origin;
use guestpass_core::policy::Policies;
use guestpass_core::{Engine, Instant};
use guestpass_screens::{Effect, Offset, Request, Response, Visitor, Zone, handle};

use plugins::Shelf;
use ports::Host;

/// 24 November 2026, 10:00 UTC.
pub const NOW: u64 = 1_795_514_400_000;
/// An hour, in milliseconds.
pub const HOUR: u64 = 3_600_000;
/// A day, in milliseconds.
pub const DAY: u64 = 24 * HOUR;

/// What stands in the forms of everybody.
pub const PROOF: &str = "proof-of-this-session";

/// A site with an owner, Olivia, and an administrator, Ada.
pub struct World {
    host: Host,
    shelf: Shelf,
    catalogues: Catalogues,
    policies: Policies,
    /// What browsers would like to read.
    pub languages: &'static str,
}

/// What came back.
pub struct Page {
    pub status: u16,
    pub body: String,
    pub location: Option<String>,
    pub response: Response,
}

impl World {
    pub fn new() -> Self {
        Self {
            host: Host::new(NOW),
            shelf: Shelf::new(),
            catalogues: Catalogues::default(),
            policies: Policies::default(),
            languages: "en",
        }
    }

    /// Time goes by.
    pub fn forward(&self, millis: u64) {
        self.host.forward(millis);
    }

    /// Asks the engine itself.
    pub fn ask<T>(&self, ask: impl FnOnce(&Engine<'_>) -> T) -> T {
        ask(&Engine {
            clock: &self.host,
            random: &self.host,
            store: &self.host,
            directory: &self.host,
            hooks: &self.host,
            log: &self.host,
            plugins: &self.shelf,
            catalogues: &self.catalogues,
            policies: &self.policies,
        })
    }

    /// A request of Olivia's, to be changed at will.
    pub fn request(&self, method: &str, address: &str) -> Request {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let offset = |since: u64, minutes| Offset {
            since: Instant::from_millis(since),
            minutes,
        };
        Request {
            site: "main".to_owned(),
            title: "Harbour News".to_owned(),
            method: method.to_owned(),
            mount: "/access".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            form: Vec::new(),
            upload: None,
            visitor: Visitor::User("olivia".to_owned()),
            proof: Some(PROOF.to_owned()),
            foreign: false,
            origin: Origin::new(Some("203.0.113.9"), Some("A browser")),
            languages: self.languages.to_owned(),
            zone: Zone {
                name: "Europe/Paris".to_owned(),
                offsets: vec![
                    offset(1_792_890_000_000, 60),
                    offset(1_806_195_600_000, 120),
                ],
            },
            base_url: "https://harbour.example".to_owned(),
            home: "/".to_owned(),
            sign_in: "/sign-in".to_owned(),
            mails: false,
            shortest_password: 12,
        }
    }

    /// What is answered to this.
    pub fn send(&self, request: &Request) -> Page {
        let response = self.ask(|engine| handle(engine, request));
        let location = response
            .headers
            .iter()
            .find(|(name, _)| *name == "location");
        Page {
            status: response.status,
            body: String::from_utf8(response.body.clone()).expect("pages are UTF-8"),
            location: location.map(|(_, path)| path.clone()),
            response,
        }
    }

    /// Olivia looks at a page.
    pub fn get(&self, address: &str) -> Page {
        self.send(&self.request("GET", address))
    }

    /// Somebody looks at a page.
    pub fn get_as(&self, visitor: Visitor, address: &str) -> Page {
        self.send(&Request {
            visitor,
            ..self.request("GET", address)
        })
    }

    /// Olivia sends a form from one of the pages.
    pub fn post(&self, address: &str, fields: &str) -> Page {
        self.post_as(Visitor::User("olivia".to_owned()), address, fields)
    }

    /// Somebody sends a form from one of the pages.
    pub fn post_as(&self, visitor: Visitor, address: &str, fields: &str) -> Page {
        let form = format!("csrf={PROOF}&{fields}");
        self.send(&Request {
            visitor,
            form: form.into_bytes(),
            ..self.request("POST", address)
        })
    }

    /// What Olivia gives by this form: the page that shows it.
    pub fn give(&self, fields: &str) -> Page {
        let made = self.post("/give", fields);
        assert_eq!(made.status, 200, "{}", made.body);
        made
    }

    /// Somebody comes in by a link: their session.
    pub fn enter(&self, pass: &str) -> String {
        let page = self.send(&Request {
            visitor: Visitor::Nobody,
            proof: None,
            form: format!("pass={pass}").into_bytes(),
            ..self.request("POST", "/enter")
        });
        match page.response.effect {
            Effect::Begin(session) => session,
            other => panic!("nobody came in: {other:?} {}", page.body),
        }
    }

    /// Folds what happened into the log, as hosts do now and then.
    pub fn sweep(&self) {
        let site = guestpass_core::names::SiteId::parse("main").expect("a site");
        self.ask(|engine| engine.sweep(&site, 100)).expect("swept");
    }

    /// The plugins.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Everything that is stored.
    pub fn dump(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.host.dump()
    }
}

impl Page {
    /// The secret that this page shows.
    pub fn secret(&self) -> String {
        let (_, after) = self.body.split_once("#g").expect("a link");
        format!("g{}", after.split('"').next().unwrap_or_default())
    }

    /// The id of the grant that this page leads to.
    pub fn grant(&self) -> String {
        let (_, after) = self
            .body
            .split_once("class=\"button primary\" href=\"/access/grants/")
            .expect("a grant");
        after.split('"').next().unwrap_or_default().to_owned()
    }
}
