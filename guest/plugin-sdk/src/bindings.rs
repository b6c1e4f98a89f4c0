//! The contract in `wit/plugin`, generated: a world for what may be imported, and one for each hook, so that a plugin exports
//! the hooks it has and no others. Authors use what the crate offers beside this.
#![allow(
    missing_docs,
    reason = "generated; the documentation of the WIT is carried over wherever it has any"
)]
#![allow(
    unsafe_code,
    reason = "generated; the calls across the component's boundary"
)]
#![allow(
    unused_qualifications,
    reason = "generated paths are spelled out in full"
)]

pub mod capabilities {
    wit_bindgen::generate!({
        path: "../../wit/plugin",
        world: "capabilities",
        additional_derives: [PartialEq],
    });
}

/// Makes the module of one hook's world, which shares the types of the capabilities.
macro_rules! hook {
    ($name:ident, $world:literal, $export:literal, $module:literal) => {
        pub mod $name {
            wit_bindgen::generate!({
                path: "../../wit/plugin",
                world: $world,
                additional_derives: [PartialEq],
                pub_export_macro: true,
                export_macro_name: $export,
                default_bindings_module: $module,
                with: {
                    "guestpass:plugin/types@0.1.0": crate::bindings::capabilities::guestpass::plugin::types,
                    "guestpass:plugin/log@0.1.0": crate::bindings::capabilities::guestpass::plugin::log,
                    "guestpass:plugin/keyvalue@0.1.0": crate::bindings::capabilities::guestpass::plugin::keyvalue,
                    "guestpass:plugin/settings@0.1.0": crate::bindings::capabilities::guestpass::plugin::settings,
                    "guestpass:plugin/http@0.1.0": crate::bindings::capabilities::guestpass::plugin::http,
                    "guestpass:plugin/clock@0.1.0": crate::bindings::capabilities::guestpass::plugin::clock,
                },
            });
        }
    };
}

hook!(
    grant_filter,
    "filters-grants",
    "export_grant_filter",
    "guestpass_plugin::bindings::grant_filter"
);
hook!(
    entry_filter,
    "filters-entries",
    "export_entry_filter",
    "guestpass_plugin::bindings::entry_filter"
);
hook!(
    permission_filter,
    "filters-permissions",
    "export_permission_filter",
    "guestpass_plugin::bindings::permission_filter"
);
hook!(
    action,
    "acts",
    "export_action",
    "guestpass_plugin::bindings::action"
);
