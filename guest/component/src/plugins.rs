//! The import `plugins`.

use guestpass_core::plugins::{
    Capability, Change, Delivery, Failure, Installed, Note, Plugin, Plugins, Setting, Summary,
};
use guestpass_core::{Instant, Kind};

use crate::bindings::guestpass::access::plugins as wit;
use crate::bindings::guestpass::access::types::{Refusal, RefusalKind};
use crate::ports::Host;

impl Plugins for Host {
    fn available(&self, site: &str) -> bool {
        wit::available(site)
    }

    fn list(&self, site: &str) -> Result<Vec<Summary>, Failure> {
        let list = wit::list(site).map_err(failure)?;
        Ok(list.into_iter().map(summary).collect())
    }

    fn get(&self, site: &str, id: &str) -> Result<Plugin, Failure> {
        let found = wit::get(site, id).map_err(failure)?;
        let settings = found.settings.into_iter().map(|one| Setting {
            name: one.name,
            kind: one.kind,
            value: one.value,
            default: one.default,
            description: one.description,
        });
        let deliveries = found.deliveries.into_iter().map(|one| Delivery {
            event: one.event,
            at: Instant::from_millis(one.at),
            parked: one.parked,
            reason: one.reason,
        });
        let journal = found.journal.into_iter().map(|one| Note {
            at: Instant::from_millis(one.at),
            about: one.about,
            text: one.text,
        });
        Ok(Plugin {
            summary: summary(found.summary),
            author: found.author,
            licence: found.licence,
            signed: found.signed,
            digest: found.digest,
            asks: capabilities(found.asks),
            approved_by: found.approved_by,
            waiting_added: capabilities(found.waiting_added),
            previous: found.previous,
            settings: settings.collect(),
            deliveries: deliveries.collect(),
            journal: journal.collect(),
        })
    }

    fn install(&self, site: &str, by: &str, upload: &str) -> Result<Installed, Failure> {
        let done = wit::install(site, by, upload).map_err(failure)?;
        Ok(Installed {
            id: done.id,
            upgraded_from: done.upgraded_from,
            waits: done.waits,
        })
    }

    fn change(&self, site: &str, by: &str, id: &str, change: Change<'_>) -> Result<(), Failure> {
        match change {
            Change::Approve(digest) => wit::approve(site, by, id, digest),
            Change::SetActive(active) => wit::set_active(site, by, id, active),
            Change::Set(values) => wit::set_settings(site, by, id, values),
            Change::RollBack => wit::roll_back(site, by, id),
            Change::Replay => wit::replay(site, by, id),
            Change::Uninstall { delete_data } => wit::uninstall(site, by, id, delete_data),
        }
        .map_err(failure)
    }
}

fn summary(wit: wit::Summary) -> Summary {
    Summary {
        id: wit.id,
        version: wit.version,
        description: wit.description,
        state: wit.state,
        reason: wit.reason,
        faults: wit.faults,
        approved: wit.approved,
        waiting: wit.waiting,
    }
}

fn capabilities(wit: Vec<wit::Capability>) -> Vec<Capability> {
    let capability = |one: wit::Capability| Capability {
        name: one.name,
        meaning: one.meaning,
        host: one.host,
    };
    wit.into_iter().map(capability).collect()
}

fn failure(wit: Refusal) -> Failure {
    Failure {
        kind: match wit.kind {
            RefusalKind::Invalid => Kind::Invalid,
            RefusalKind::Forbidden => Kind::Forbidden,
            RefusalKind::NotFound => Kind::NotFound,
            RefusalKind::Conflict => Kind::Conflict,
            RefusalKind::Throttled => Kind::Throttled,
            RefusalKind::Gone => Kind::Gone,
            RefusalKind::Unavailable => Kind::Unavailable,
        },
        code: wit.code,
        message: wit.message,
        field: wit.field,
    }
}
