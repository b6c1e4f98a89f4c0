//! A plugin that is ready to be called: compiled, linked with what it was given, and known to start.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::component::{Component, InstancePre, Linker};

use super::Runner;
use super::imports;
use super::inside::Inside;
use super::instance::Instance;
use crate::engine::compiled;
use crate::plugins::approval::Hosts;
use crate::plugins::bindings::exports::guestpass::plugin::{
    action, entry_filter, grant_filter, permission_filter,
};
use crate::plugins::capability::{Capabilities, Capability};
use crate::plugins::contract;
use crate::plugins::error::PluginError;
use crate::plugins::hooks::Hook;
use crate::plugins::manifest::Manifest;
use crate::plugins::ports::PluginPorts;
use crate::ports::Level;

/// What a plugin's instances reach of the host.
pub(super) struct Facilities {
    pub(super) id: String,
    /// Its settings as one JSON object.
    pub(super) settings: String,
    /// The hosts that it may send requests to.
    pub(super) hosts: Vec<String>,
    pub(super) ports: Arc<PluginPorts>,
}

impl Facilities {
    pub(super) fn log(&self, level: Level, line: &str) {
        self.ports
            .log
            .write(level, &format!("plugin `{}`: {line}", self.id));
    }
}

/// The hosts that were approved. One that a setting names is that to which it leads.
fn hosts(given: &Capabilities, by_setting: &Hosts) -> Vec<String> {
    let host = |one: &Capability| match one {
        Capability::Http(host) if one.setting().is_none() => Some(host.clone()),
        _ => one.host_in(by_setting).map(str::to_owned),
    };
    given.iter().filter_map(host).collect()
}

/// Where the hooks' functions are in the component; `None` for hooks it does not have.
#[derive(Default)]
pub(super) struct Exports {
    pub(super) grant: Option<grant_filter::GuestIndices>,
    pub(super) entry: Option<entry_filter::GuestIndices>,
    pub(super) permission: Option<permission_filter::GuestIndices>,
    pub(super) action: Option<action::GuestIndices>,
}

/// A plugin that is ready to be called.
pub(in crate::plugins) struct Prepared {
    pub(super) pre: InstancePre<Inside>,
    pub(super) exports: Exports,
    pub(super) facilities: Arc<Facilities>,
    /// Instances waiting for a call; only those of a plugin that says that it is stateless.
    pub(super) warm: Option<Warm>,
}

/// Instances of one plugin that wait for their next call; the one used last goes first.
pub(super) struct Warm {
    waiting: Mutex<Vec<Instance>>,
    /// How many wait in all, those of other plugins included.
    of_all: Arc<AtomicU32>,
}

impl Warm {
    pub(super) fn take(&self) -> Option<Instance> {
        let warm = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()?;
        self.of_all.fetch_sub(1, Ordering::Relaxed);
        Some(warm)
    }

    /// Keeps an instance unless so many are kept already.
    pub(super) fn keep(&self, instance: Instance, most: u32) {
        if self.of_all.load(Ordering::Relaxed) < most {
            self.of_all.fetch_add(1, Ordering::Relaxed);
            self.waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(instance);
        }
    }
}

impl Drop for Warm {
    fn drop(&mut self) {
        let waiting = self
            .waiting
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .len();
        self.of_all.fetch_sub(
            u32::try_from(waiting).unwrap_or(u32::MAX),
            Ordering::Relaxed,
        );
    }
}

impl Runner {
    /// Compiles a component or takes it compiled from the cache.
    pub(in crate::plugins) fn compile(&self, bytes: &[u8]) -> Result<Component, PluginError> {
        compiled::component(
            self.engine(),
            bytes,
            self.cache_dir.as_deref(),
            &*self.ports.log,
        )
        .map_err(|error| {
            PluginError::new(
                "no-component",
                format!("This is no WebAssembly component that can run here: {error:#}."),
            )
        })
    }

    /// Checks a component against its manifest, links it with what it is given, and starts it once, so that what cannot run is
    /// found now.
    pub(in crate::plugins) fn prepare(
        &self,
        component: &Component,
        manifest: &Manifest,
        given: &Capabilities,
        by_setting: &Hosts,
        settings: String,
    ) -> Result<Prepared, PluginError> {
        contract::check(self.engine(), component, manifest)?;
        let mut linker = Linker::new(self.engine());
        let misfit = |error: wasmtime::Error| {
            PluginError::new(
                "misfit",
                format!(
                    "The component does not fit guestpass:plugin {}: {error:#}.",
                    contract::VERSION
                ),
            )
        };
        imports::link(&mut linker, given).map_err(misfit)?;
        let pre = linker.instantiate_pre(component).map_err(misfit)?;
        let has = |hook: Hook| manifest.hooks.contains(&hook);
        let exports = Exports {
            grant: has(Hook::GrantFilter)
                .then(|| grant_filter::GuestIndices::new(&pre))
                .transpose()
                .map_err(misfit)?,
            entry: has(Hook::EntryFilter)
                .then(|| entry_filter::GuestIndices::new(&pre))
                .transpose()
                .map_err(misfit)?,
            permission: has(Hook::PermissionFilter)
                .then(|| permission_filter::GuestIndices::new(&pre))
                .transpose()
                .map_err(misfit)?,
            action: has(Hook::Action)
                .then(|| action::GuestIndices::new(&pre))
                .transpose()
                .map_err(misfit)?,
        };
        Ok(Prepared {
            pre,
            exports,
            facilities: Arc::new(Facilities {
                id: manifest.id.clone(),
                hosts: hosts(given, by_setting),
                settings,
                ports: self.ports.clone(),
            }),
            warm: manifest.stateless.then(|| Warm {
                waiting: Mutex::default(),
                of_all: self.warm.clone(),
            }),
        })
    }
}
