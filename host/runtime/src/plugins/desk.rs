//! The plugins of a host in the hands of whoever owns a site: the port behind the page *Plugins*.

use serde_json::{Map, Value};

use super::approval::{Hosts, asking, hosts, reached};
use super::bindings::guestpass::plugin::types::Event;
use super::capability::Capability;
use super::error::PluginError;
use super::manifest::Manifest;
use super::running::read_manifest;
use super::settings;
use super::state::{Installed, Status};
use super::{Data, Package, Plugins};
use crate::Refusal;
use crate::ports::extensions::{self, Extensions};

/// The most deliveries and notes that are shown.
const MOST: u32 = 30;

impl From<PluginError> for Refusal {
    fn from(error: PluginError) -> Self {
        Self {
            kind: error.kind(),
            code: error.code().to_owned(),
            message: error.to_string(),
            field: error.field().map(str::to_owned),
        }
    }
}

/// The plugins are those of the whole host: one that has several sites with owners who do not trust each other wraps this,
/// and answers `available` for whose word counts.
impl Extensions for Plugins {
    fn available(&self, _site: &str) -> bool {
        true
    }

    fn list(&self, _site: &str) -> Result<Vec<extensions::Summary>, Refusal> {
        let mut list = Vec::new();
        // `Plugins::list` knows the order.
        for known in Plugins::list(self)? {
            let plugin = self.find(&known.id)?;
            list.push(summary(&plugin, &read_manifest(&plugin.current)));
        }
        Ok(list)
    }

    fn get(&self, _site: &str, id: &str) -> Result<extensions::Plugin, Refusal> {
        let plugin = self.find(id)?;
        let read = read_manifest(&plugin.current);
        let summary = summary(&plugin, &read);
        let deliveries = self.state().deliveries(id, MOST);
        let deliveries = deliveries.map_err(PluginError::state)?;
        let deliveries = deliveries.into_iter().map(|one| extensions::Delivery {
            event: serde_json::from_str::<Event>(&one.body).map_or(one.event, |event| event.name),
            at: one.at,
            parked: one.due.is_none(),
            reason: one.reason,
        });
        let journal = self.state().notes(id, MOST).map_err(PluginError::state)?;
        let journal = journal.into_iter().map(|note| extensions::Note {
            at: note.at,
            about: note.about,
            text: note.text,
        });
        // A manifest that this host cannot read any more does not keep an owner from removing the plugin.
        let asking = asking(&plugin).ok();
        let waits = asking.as_ref().filter(|_| plugin.pending.is_some());
        let added = waits.map(|asking| shown(&asking.added, &asking.hosts));
        let manifest = read.ok();
        let manifest = manifest.as_ref();
        let settings = manifest.map(|one| shown_settings(&plugin, one));
        Ok(extensions::Plugin {
            summary,
            author: manifest.map_or_else(String::new, |one| one.author.clone()),
            licence: manifest.map_or_else(String::new, |one| one.licence.clone()),
            signed: plugin.public_key.is_some(),
            digest: asking.map_or_else(String::new, |asking| asking.digest),
            asks: manifest.map_or_else(Vec::new, |one| {
                shown(&one.asks(), &hosts(&plugin.settings, one))
            }),
            approved_by: plugin.current.approved_by.clone(),
            waiting_added: added.unwrap_or_default(),
            previous: plugin.previous.map(|version| version.version),
            settings: settings.unwrap_or_default(),
            deliveries: deliveries.collect(),
            journal: journal.collect(),
        })
    }

    fn install(
        &self,
        _site: &str,
        _by: &str,
        archive: &[u8],
    ) -> Result<extensions::Installed, Refusal> {
        let package = Package::from_archive(archive)?;
        let id = package.manifest().id.clone();
        if self
            .find(&id)
            .is_err_and(|error| error.code() == "unknown-plugin")
        {
            Plugins::install(self, &package)?;
            return Ok(extensions::Installed {
                id,
                upgraded_from: None,
                waits: false,
            });
        }
        let upgrade = self.upgrade(&package)?;
        Ok(extensions::Installed {
            id,
            upgraded_from: Some(upgrade.from),
            waits: upgrade.waits,
        })
    }

    fn approve(&self, _site: &str, by: &str, id: &str, digest: &str) -> Result<(), Refusal> {
        self.approve_shown(id, by, digest)?;
        Ok(())
    }

    fn set_active(&self, _site: &str, _by: &str, id: &str, active: bool) -> Result<(), Refusal> {
        if active {
            self.activate(id)?;
        } else {
            self.deactivate(id)?;
        }
        Ok(())
    }

    fn set_settings(
        &self,
        _site: &str,
        _by: &str,
        id: &str,
        values: &[(String, String)],
    ) -> Result<(), Refusal> {
        let plugin = self.find(id)?;
        let known = read_manifest(&plugin.current)?.settings;
        let mut set = Map::new();
        for (name, typed) in values {
            let Some(default) = known.get(name) else {
                // What there is no setting of is refused below.
                set.insert(name.clone(), typed.as_str().into());
                continue;
            };
            let own = plugin.settings.get(name);
            let own = own.filter(|own| settings::is_like(default, own));
            let value = settings::read(default, own.unwrap_or(default), typed)
                .ok_or_else(|| PluginError::bad_setting(name, default))?;
            // Left out, it follows the manifest of a later version. What an owner chose is not left out by chance.
            if value != *default || own.is_some() {
                set.insert(name.clone(), value);
            }
        }
        Plugins::set_settings(self, id, set)?;
        Ok(())
    }

    fn roll_back(&self, _site: &str, _by: &str, id: &str) -> Result<(), Refusal> {
        self.rollback(id)?;
        Ok(())
    }

    fn replay(&self, _site: &str, _by: &str, id: &str) -> Result<(), Refusal> {
        Plugins::replay(self, id)?;
        Ok(())
    }

    fn uninstall(
        &self,
        _site: &str,
        _by: &str,
        id: &str,
        delete_data: bool,
    ) -> Result<(), Refusal> {
        let data = if delete_data {
            Data::Delete
        } else {
            Data::Keep
        };
        Plugins::uninstall(self, id, data)?;
        Ok(())
    }
}

fn summary(plugin: &Installed, manifest: &Result<Manifest, PluginError>) -> extensions::Summary {
    let reason = match (&plugin.status, manifest) {
        (Status::SwitchedOff { reason, .. }, _) => Some(reason.clone()),
        (_, Err(error)) => Some(error.to_string()),
        _ => None,
    };
    let sends_as_approved = manifest.as_ref().map_or(true, |one| {
        reached(plugin, one) == hosts(&plugin.settings, one)
    });
    extensions::Summary {
        id: plugin.id.clone(),
        version: plugin.current.version.clone(),
        description: manifest
            .as_ref()
            .map_or_else(|_| String::new(), |one| one.description.clone()),
        state: plugin.status.word().to_owned(),
        reason,
        faults: plugin.faults,
        approved: plugin.current.approved.is_some() && sends_as_approved,
        waiting: plugin.pending.as_ref().map(|one| one.version.clone()),
    }
}

fn shown<'c>(
    these: impl IntoIterator<Item = &'c Capability>,
    hosts: &Hosts,
) -> Vec<extensions::Capability> {
    let shown = |one: &Capability| extensions::Capability {
        name: one.to_string(),
        meaning: one.meaning_at(hosts),
        host: one.host_in(hosts).map(str::to_owned),
    };
    these.into_iter().map(shown).collect()
}

fn shown_settings(plugin: &Installed, manifest: &Manifest) -> Vec<extensions::Setting> {
    let described = settings::described(&plugin.current.manifest);
    let place = |name: &str| described.iter().position(|(known, _)| known == name);
    let told = settings::told(&manifest.settings, &plugin.settings);
    let setting = |(name, default): (&String, &Value)| {
        let present = told.get(name).unwrap_or(default);
        let said = place(name).and_then(|at| described.get(at));
        extensions::Setting {
            name: name.clone(),
            kind: settings::kind(default).to_owned(),
            value: settings::written(default, present),
            default: settings::written(default, default),
            description: said.map(|(_, said)| said.clone()).unwrap_or_default(),
        }
    };
    let mut shown: Vec<_> = manifest.settings.iter().map(setting).collect();
    shown.sort_by_key(|one| place(&one.name));
    shown
}
