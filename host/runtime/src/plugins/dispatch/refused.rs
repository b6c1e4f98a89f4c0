//! Telling actions what a filter said no to.

use super::sentence;
use crate::plugins::Plugins;
use crate::plugins::bindings::guestpass::plugin::types::{Event, Named};
use crate::plugins::hooks::{Hook, REFUSED};
use crate::plugins::package::hex_sha256;
use crate::plugins::running::{Live, Running};

const MINUTE: u64 = 60 * 1000;

/// What was refused.
pub(super) struct Refused<'a> {
    pub(super) site: &'a str,
    pub(super) hook: Hook,
    /// Whom it was for.
    pub(super) email: &'a str,
    /// The grant, if there is one already.
    pub(super) grant: Option<&'a str>,
    /// Who would have handed it out.
    pub(super) actor: Option<&'a str>,
}

impl Plugins {
    /// Remembers for each action that hears of such things that this plugin said no. If that cannot be remembered, it is no all
    /// the same.
    pub(super) fn tell_refused(
        &self,
        running: &Running,
        live: &Live,
        what: &Refused<'_>,
        why: &str,
    ) {
        if running.hearing(REFUSED).next().is_none() {
            return;
        }
        let (now, hook) = (self.now(), what.hook.name());
        let minute = (now / MINUTE).to_string();
        // Whoever tries again and again is told of once a minute.
        let name = [
            hook,
            &live.id,
            what.email,
            what.grant.unwrap_or("-"),
            &minute,
        ]
        .join(" ");
        let name: String = hex_sha256(name.as_bytes()).chars().take(32).collect();
        let why = sentence(why);
        let more = [
            ("plugin", live.id.as_str()),
            ("hook", hook),
            ("email", what.email),
            ("why", &why),
        ];
        let told = self.enqueue(&Event {
            id: format!("{REFUSED}.{name}"),
            site: what.site.to_owned(),
            name: REFUSED.to_owned(),
            at: now,
            grant: what.grant.map(str::to_owned),
            actor: what.actor.map(str::to_owned),
            subject: None,
            more: more
                .map(|(name, value)| Named {
                    name: name.to_owned(),
                    value: value.to_owned(),
                })
                .into(),
        });
        if let Err(error) = told {
            self.complain(&error);
        }
    }
}
