//! What a site allows at all, whoever grants.

use crate::{Actor, Guestpass, Preset, Refusal, Settings, Template};

/// What a site allows at all, whoever grants.
impl Guestpass {
    /// The site's settings.
    pub fn policy(&self, site: &str) -> Result<Settings, Refusal> {
        let site = site.to_owned();
        self.runtime
            .call(|engine, store| engine.guestpass_access_policy().call_get(store, &site))
    }

    /// Owners only. Binds existing grants too: the ceiling at their next check, the longest window at their next
    /// extension, the most uses when they are reissued, `grantor_gone` when they are next used, the limits of sessions at
    /// the next check of each.
    pub fn set_policy(&self, actor: &Actor, settings: &Settings) -> Result<(), Refusal> {
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_policy()
                .call_set(store, actor, settings)
        })
    }

    /// Settings to start from, without what this site's catalogue does not know.
    pub fn policy_templates(&self, site: &str) -> Result<Vec<Template>, Refusal> {
        let site = site.to_owned();
        self.runtime.call(|engine, store| {
            engine
                .guestpass_access_policy()
                .call_templates(store, &site)
        })
    }

    /// One hour, three hours, one day, three days, one week and one month, each from opening and from first use.
    pub fn presets(&self) -> Result<Vec<Preset>, Refusal> {
        self.runtime
            .call(|engine, store| engine.guestpass_access_policy().call_presets(store).map(Ok))
    }
}
