//! Telling plugins what happened: at least once, later and later if that fails, and in the end parked.

use serde::Serialize;

use super::Plugins;
use super::bindings::exports::guestpass::plugin::action::Request;
use super::bindings::guestpass::plugin::types::Event;
use super::capability::Capability;
use super::error::PluginError;
use super::faults::Failure;
use super::hooks::TICK;
use super::running::Live;
use super::state::Delivery;
use crate::{Actor, Guestpass, Origin, Refusal, RefusalKind};

/// How long nobody else takes a delivery that is under way.
const LEASE: u64 = 5 * 60 * 1000;
/// The pause after the first failure; each further one is four times as long.
const FIRST_PAUSE: u64 = 10 * 1000;
/// The longest pause.
const LONGEST_PAUSE: u64 = 6 * 60 * 60 * 1000;
const HOUR: u64 = 60 * 60 * 1000;
/// The most requests in one answer.
const MOST_REQUESTS: usize = 20;

/// What was delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// Deliveries that a plugin has taken.
    pub delivered: u32,
    /// Deliveries that will be tried again.
    pub failed: u32,
    /// Deliveries that were given up until somebody replays them.
    pub parked: u32,
    /// Requests of plugins that were carried out.
    pub requested: u32,
}

impl Plugins {
    /// Remembers an event for each plugin that is to be told of it.
    pub(super) fn enqueue(&self, event: &Event) -> Result<(), PluginError> {
        let running = self.running()?;
        let mut deliveries = Vec::new();
        let mut body = None;
        for live in running.hearing(&event.name) {
            let body: &String = match &body {
                Some(body) => body,
                None => body.insert(serde_json::to_string(event).map_err(PluginError::state)?),
            };
            deliveries.push(Delivery {
                plugin: live.id.clone(),
                site: event.site.clone(),
                event: event.id.clone(),
                at: event.at,
                body: body.clone(),
                tries: 0,
                due: Some(event.at.min(self.now())),
                reason: None,
            });
        }
        if deliveries.is_empty() {
            return Ok(());
        }
        self.state()
            .enqueue(&deliveries)
            .map_err(PluginError::state)
    }

    /// Tells plugins up to `limit` things that are due on this site, and carries out what they request and were approved to.
    /// Called after [`Guestpass::deliver`], again as long as something is delivered; never from within a port.
    ///
    /// # Errors
    /// If the state cannot be read or written. That a plugin fails is no error.
    pub fn deliver(
        &self,
        engine: &Guestpass,
        site: &str,
        limit: u32,
    ) -> Result<Delivered, PluginError> {
        self.begin_hour(site)?;
        let now = self.now();
        let claimed = self
            .state()
            .claim(site, now, now.saturating_add(LEASE), limit)
            .map_err(PluginError::state)?;
        let mut done = Delivered::default();
        for delivery in claimed {
            let running = self.running()?;
            let outcome = match running.find(&delivery.plugin) {
                Some(live) => self.tell(live, &delivery, engine),
                None => Err(Untold::ForNow(format!(
                    "the plugin `{}` is not active",
                    delivery.plugin
                ))),
            };
            match outcome {
                Ok(requested) => {
                    self.state()
                        .delivered(&delivery)
                        .map_err(PluginError::state)?;
                    done.delivered += 1;
                    done.requested += requested;
                }
                Err(Untold::Again(reason)) if delivery.tries + 1 < self.runner().limits().tries => {
                    let due = self.now().saturating_add(pause(delivery.tries));
                    self.state()
                        .failed(&delivery, Some(due), &reason)
                        .map_err(PluginError::state)?;
                    done.failed += 1;
                }
                Err(Untold::Again(reason) | Untold::ForNow(reason)) => {
                    self.state()
                        .failed(&delivery, None, &reason)
                        .map_err(PluginError::state)?;
                    self.note(
                        &delivery.plugin,
                        "parked",
                        &format!("`{}`: {reason}", delivery.event),
                    );
                    done.parked += 1;
                }
            }
        }
        Ok(done)
    }

    /// When something is due on this site next, in milliseconds since the epoch; `None` if nothing is.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn next_due(&self, site: &str) -> Result<Option<u64>, PluginError> {
        let waiting = self.state().next_due(site).map_err(PluginError::state)?;
        let ticks = self.running()?.hearing(TICK).next().is_some();
        let hour = ticks.then(|| (self.now() / HOUR + 1).saturating_mul(HOUR));
        Ok([waiting, hour].into_iter().flatten().min())
    }

    /// Makes what is parked for a plugin due now, and gives how much that is.
    ///
    /// # Errors
    /// If there is no such plugin, or the state cannot be written.
    pub fn replay(&self, id: &str) -> Result<u32, PluginError> {
        self.find(id)?;
        let count = self
            .state()
            .replay(id, self.now())
            .map_err(PluginError::state)?;
        self.note(id, "replayed", &format!("{count} deliveries"));
        Ok(count)
    }

    fn begin_hour(&self, site: &str) -> Result<(), PluginError> {
        if self.running()?.hearing(TICK).next().is_none() {
            return Ok(());
        }
        let hour = self.now() / HOUR;
        if self
            .state()
            .begin_hour(site, hour)
            .map_err(PluginError::state)?
        {
            self.enqueue(&Event {
                id: format!("{TICK}.{hour}"),
                site: site.to_owned(),
                name: TICK.to_owned(),
                at: hour.saturating_mul(HOUR),
                grant: None,
                actor: None,
                subject: None,
                more: Vec::new(),
            })?;
        }
        Ok(())
    }

    /// Tells one plugin of one event, and gives how many requests of its were carried out.
    fn tell(&self, live: &Live, delivery: &Delivery, engine: &Guestpass) -> Result<u32, Untold> {
        let event: Event = serde_json::from_str(&delivery.body)
            .map_err(|error| Untold::ForNow(format!("the event cannot be read: {error}")))?;
        // It waits since another version was in force, which was approved to be told of other things.
        if live.body.is_ok() && !live.hears(&event.name) {
            let reason = "the version in force is not told of this";
            return Err(Untold::ForNow(reason.to_owned()));
        }
        let requests = self
            .ask(
                live,
                |plugin| self.runner().react(plugin, &event),
                |requests| Ok(check_requests(live, requests)?),
            )
            .map_err(|failure| match failure {
                // A plugin that is switched off is not to be waited for.
                Failure::Uncallable(reason) if live.body.is_err() => Untold::ForNow(reason),
                other => Untold::Again(other.into_reason()),
            })?;
        let mut done = 0;
        for request in requests {
            match carry_out(live, &event.site, &request, engine) {
                Ok(()) => {
                    self.note(
                        &live.id,
                        "requested",
                        &format!(
                            "`{}` of {}: {}",
                            request.name, request.grant, request.reason
                        ),
                    );
                    done += 1;
                }
                Err(refusal) if refusal.kind == RefusalKind::Unavailable => {
                    return Err(Untold::Again(format!(
                        "what it requested was not done: {refusal}"
                    )));
                }
                // Asked again, it would be refused again.
                Err(refusal) => self.note(
                    &live.id,
                    "requested",
                    &format!(
                        "`{}` of {} was refused: {refusal}",
                        request.name, request.grant
                    ),
                ),
            }
        }
        Ok(done)
    }
}

/// Why an event was not delivered.
enum Untold {
    /// It may go better the next time.
    Again(String),
    /// It will not, until somebody does something.
    ForNow(String),
}

fn pause(tries: u32) -> u64 {
    FIRST_PAUSE
        .saturating_mul(4_u64.saturating_pow(tries))
        .min(LONGEST_PAUSE)
}

fn check_requests(live: &Live, requests: &[Request]) -> Result<(), String> {
    if requests.len() > MOST_REQUESTS {
        return Err(format!(
            "it made more than {MOST_REQUESTS} requests at once"
        ));
    }
    for request in requests {
        if !request.more.is_empty() {
            return Err("its request says what this host does not know".to_owned());
        }
        if !live
            .given
            .contains(&Capability::Requests(request.name.clone()))
        {
            return Err(format!(
                "it requested `{}`, which nobody has approved",
                super::run::shortened(&request.name)
            ));
        }
    }
    Ok(())
}

/// Does what was requested in the name of who approved the plugin, and says in the history which plugin it was.
fn carry_out(
    live: &Live,
    site: &str,
    request: &Request,
    engine: &Guestpass,
) -> Result<(), Refusal> {
    let actor = Actor {
        site: site.to_owned(),
        user: live.approved_by.clone().unwrap_or_default(),
        origin: Origin {
            address: None,
            agent: Some(format!("plugin {}", live.id)),
        },
    };
    let done = match request.name.as_str() {
        "revoke" => engine.revoke(&actor, &request.grant).map(drop),
        _ => engine.suspend(&actor, &request.grant).map(drop),
    };
    match done {
        // What is over, or suspended already, is as it was requested; a request may come twice.
        Err(refusal)
            if refusal.kind == RefusalKind::Gone || refusal.code == "already-suspended" =>
        {
            Ok(())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_and_stay_bounded() {
        let pauses: Vec<_> = (0..8).map(pause).collect();
        assert!(pauses.is_sorted());
        assert_eq!(
            (pauses[0], pauses[1], pauses[7]),
            (10_000, 40_000, LONGEST_PAUSE)
        );
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
