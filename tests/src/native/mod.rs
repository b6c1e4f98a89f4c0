//! The rules without the component: `guestpass-core` on the same ports. What differs between the two ways is the adapter
//! in `guest/component` alone, so a test body that runs both ways tests that adapter too.

mod asked;
mod convert;
mod ports;
mod store;

use std::sync::Arc;

use guestpass::ports as host;
use guestpass_core::Engine;
use guestpass_core::catalogue::Catalogues;
use guestpass_core::plugins::NoPlugins;
use guestpass_core::policy::Policies;

use crate::asked::Answer;
use convert::refused;
use ports::Adapter;

pub use store::StorePort;

/// What an engine is handed.
#[derive(Clone)]
pub struct Ports {
    /// State.
    pub store: Arc<dyn host::Store>,
    /// Users.
    pub directory: Arc<dyn host::Directory>,
    /// Extensions.
    pub hooks: Arc<dyn host::Hooks>,
    /// What time it is.
    pub clock: Arc<dyn host::Clock>,
    /// Randomness.
    pub random: Arc<dyn host::Random>,
    /// The operator.
    pub log: Arc<dyn host::Log>,
}

/// The rules, natively.
pub struct Native(Ports);

impl Native {
    /// On these ports.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self(ports)
    }

    /// Asks the engine itself, which remembers nothing of the calls before.
    pub fn ask<T>(
        &self,
        ask: impl FnOnce(&Engine<'_>) -> Result<T, guestpass_core::Refusal>,
    ) -> Answer<T> {
        let adapter = Adapter(&self.0);
        let store = StorePort(self.0.store.clone());
        let (catalogues, policies) = (Catalogues::default(), Policies::default());
        let engine = Engine {
            clock: &adapter,
            random: &adapter,
            store: &store,
            directory: &adapter,
            hooks: &adapter,
            log: &adapter,
            plugins: &NoPlugins,
            catalogues: &catalogues,
            policies: &policies,
        };
        ask(&engine).map_err(refused)
    }
}
