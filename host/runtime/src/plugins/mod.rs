//! Plugins: components of anybody's that veto, narrow and react, and that cannot do anything else.
//!
//! [`Plugins`] is the [`Hooks`](crate::ports::Hooks) of a host that has plugins. It keeps them installed, asks those that
//! filter before a decision, checks what they say, and tells the others what happened, once it is committed:
//!
//! ```
//! use guestpass::plugins::{Plugins, SqlitePlugins};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let plugins = Plugins::builder(SqlitePlugins::in_memory()?).build()?;
//! let builder = guestpass::Guestpass::builder().hooks(plugins.clone());
//! assert!(plugins.list()?.is_empty());
//! # let _ = builder;
//! # Ok(())
//! # }
//! ```
//!
//! # The life of a plugin
//!
//! A [`Package`] is [installed](Plugins::install), which runs nothing of it but its start. Its owner reads what it asks for
//! ([`Plugins::inspect`]: what it may do, where it is called, what it is told), [approves](Plugins::approve) that, and
//! [activates](Plugins::activate) it. An [upgrade](Plugins::upgrade) that asks for no more takes over at once; one that asks
//! for more waits for approval while the old version runs on. Calls under way keep the version they began with. Several
//! processes may share one state: what one of them changes, the others see with the first call more than a second later.
//!
//! # What a plugin cannot do
//!
//! It is given what was approved and nothing else, so there is nothing else to call. Each call has a time, a memory and an
//! amount of output ([`PluginLimits`]), and an instance of its own, unless the plugin declares itself stateless. Filters
//! answer in types that only take away, and answers are checked again: a filter that allows more uses than were asked for,
//! withholds what the guest does not have, or uses words that this host does not know has failed.
//!
//! A filter that fails denies. A plugin that fails [`PluginLimits::faults`] times without a good call between is switched off:
//! it is not called any more, and what it would have decided stays denied, with its name and the reason, until the owner
//! activates or deactivates it. To let everything pass instead would make every filter one that can be got rid of by making it
//! fail. An action that fails is told again later and later, and in the end parked, to be [replayed](Plugins::replay).

mod approval;
mod bindings;
mod builder;
mod capability;
mod contract;
mod delivery;
mod desk;
mod dispatch;
mod error;
mod faults;
pub mod hooks;
mod http;
mod lifecycle;
mod limits;
mod manifest;
mod package;
mod ports;
mod reach;
mod run;
mod running;
mod settings;
mod state;
mod trial;
mod view;

use std::fmt;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Instant;

use run::Runner;
use running::Running;

pub use approval::{Asking, Hosts};
pub use builder::PluginsBuilder;
pub use capability::{Capabilities, Capability};
pub use contract::VERSION;
pub use delivery::Delivered;
pub use error::PluginError;
pub use hooks::Hook;
pub use http::{Http, HttpRequest, HttpResponse, PlainHttp};
pub use lifecycle::{Data, Upgrade};
pub use limits::PluginLimits;
pub use manifest::{MANIFEST, Manifest, ManifestFault};
pub use package::{COMPONENT, LARGEST_ARCHIVE, Package, SIGNATURE, sign, verifying_key};
pub use ports::{Facts, NoFacts};
pub use reach::may_lead_to;
pub use state::{
    Delivery, Installed, Note, PluginState, SqlitePlugins, StateFailure, Status, Version,
};
pub use trial::{Trial, Tried, example};
pub use view::{Inspection, Pending, Summary};

/// The plugins of a host. Cloning is cheap and shares everything.
#[derive(Clone)]
pub struct Plugins {
    inner: Arc<Inner>,
}

struct Inner {
    runner: Runner,
    /// The plugins that are asked; swapped as a whole.
    running: RwLock<Arc<Running>>,
    /// Held while another list is put together, so that of two lists the later one stays.
    loading: Mutex<()>,
    /// When it was last looked whether another process changed something.
    looked: Mutex<Instant>,
}

impl Plugins {
    /// Begins to set plugins up. `state` is where they are kept.
    pub fn builder(state: impl PluginState) -> PluginsBuilder {
        PluginsBuilder::new(state)
    }

    fn runner(&self) -> &Runner {
        &self.inner.runner
    }

    fn state(&self) -> &dyn PluginState {
        &*self.inner.runner.ports().state
    }

    fn now(&self) -> u64 {
        self.inner.runner.ports().clock.now()
    }
}

impl fmt::Debug for Plugins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugins").finish_non_exhaustive()
    }
}
