//! The export `policy`.

use guestpass_core::grant::window::PRESETS;
use guestpass_core::names::{SiteId, period};
use guestpass_core::policy::Policy;

use crate::Component;
use crate::bindings::exports::guestpass::access::policy::{Guest, Preset, Settings};
use crate::bindings::guestpass::access::types::{Actor, Refusal};
use crate::convert::{self, to_wit};
use crate::ports::engine;

impl Guest for Component {
    fn get(site: String) -> Result<Settings, Refusal> {
        let policy =
            engine(|engine| engine.policy(&SiteId::parse(&site)?)).map_err(to_wit::<_, Refusal>)?;
        Ok(Settings {
            ceiling: policy.ceiling,
            longest_window: policy.longest_window.to_string(),
        })
    }

    fn set(actor: Actor, settings: Settings) -> Result<(), Refusal> {
        engine(|engine| {
            let longest_window = period(&settings.longest_window, "longest-window")?;
            engine.set_policy(
                &convert::actor(actor)?,
                Policy {
                    ceiling: settings.ceiling,
                    longest_window,
                },
            )
        })
        .map_err(to_wit)
    }

    fn presets() -> Vec<Preset> {
        let presets = PRESETS.iter();
        presets
            .map(|preset| Preset {
                name: preset.name.to_owned(),
                title: preset.title.to_owned(),
                ending: to_wit(preset.ending),
            })
            .collect()
    }
}
