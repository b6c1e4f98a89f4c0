//! Making a component out of a plugin.

/// Exports the hooks of a plugin: `export!(MyPlugin: grant_filter, action);` with any of `grant_filter`, `entry_filter`,
/// `permission_filter` and `action`. The manifest must name the same.
#[macro_export]
macro_rules! export {
    ($plugin:ty: $($hook:ident),+ $(,)?) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "generated; the calls across the component's boundary")]
        const _: () = {
            struct Exported;
            $($crate::__export_hook!($hook, $plugin, Exported);)+
        };
        // Where there is no component to export from, the plugin is a plugin all the same.
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() = || {
            fn is_a_plugin<T: $crate::Plugin>() {}
            is_a_plugin::<$plugin>();
            $($crate::__is_a_hook!($hook);)+
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __is_a_hook {
    (grant_filter) => {};
    (entry_filter) => {};
    (permission_filter) => {};
    (action) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_hook {
    (grant_filter, $plugin:ty, $exported:ident) => {
        impl $crate::bindings::grant_filter::exports::guestpass::plugin::grant_filter::Guest for $exported {
            fn review(draft: $crate::Draft) -> ::core::result::Result<$crate::GrantVerdict, ::std::string::String> {
                let plugin: $plugin = $crate::settings::read()?;
                $crate::Plugin::review_grant(&plugin, &draft).into_verdict()
            }
        }
        $crate::bindings::grant_filter::export_grant_filter!($exported with_types_in $crate::bindings::grant_filter);
    };
    (entry_filter, $plugin:ty, $exported:ident) => {
        impl $crate::bindings::entry_filter::exports::guestpass::plugin::entry_filter::Guest for $exported {
            fn review(attempt: $crate::Attempt) -> ::core::result::Result<$crate::EntryVerdict, ::std::string::String> {
                let plugin: $plugin = $crate::settings::read()?;
                $crate::Plugin::review_entry(&plugin, &attempt).into_verdict()
            }
        }
        $crate::bindings::entry_filter::export_entry_filter!($exported with_types_in $crate::bindings::entry_filter);
    };
    (permission_filter, $plugin:ty, $exported:ident) => {
        impl $crate::bindings::permission_filter::exports::guestpass::plugin::permission_filter::Guest for $exported {
            fn narrow(power: $crate::Power) -> ::core::result::Result<::std::vec::Vec<::std::string::String>, ::std::string::String> {
                let plugin: $plugin = $crate::settings::read()?;
                $crate::Plugin::narrow(&plugin, &power).into_permissions()
            }
        }
        $crate::bindings::permission_filter::export_permission_filter!($exported with_types_in $crate::bindings::permission_filter);
    };
    (action, $plugin:ty, $exported:ident) => {
        impl $crate::bindings::action::exports::guestpass::plugin::action::Guest for $exported {
            fn react(event: $crate::Event) -> ::core::result::Result<::std::vec::Vec<$crate::Request>, ::std::string::String> {
                let plugin: $plugin = $crate::settings::read()?;
                $crate::Plugin::react(&plugin, &event).into_requests()
            }
        }
        $crate::bindings::action::export_action!($exported with_types_in $crate::bindings::action);
    };
}
