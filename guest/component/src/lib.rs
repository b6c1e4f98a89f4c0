//! The engine as a component: what the WIT says in Rust's terms, and nothing more.
//!
//! Exports call [`guestpass_core::Engine`] and [`guestpass_screens::handle`], imports implement its ports, and `convert` maps
//! the types. A rule that stands here is in the wrong room.

#![deny(unsafe_code)]

mod bindings {
    #![allow(
        unsafe_code,
        missing_docs,
        unused_qualifications,
        clippy::all,
        reason = "generated from the WIT"
    )]

    wit_bindgen::generate!({
        path: "../../wit/access",
        world: "engine",
        generate_all,
    });
}

mod access;
mod convert;
mod entry;
mod grants;
mod history;
mod invitations;
mod lifecycle;
mod lockouts;
mod plugins;
mod policy;
mod ports;
mod screens;
mod upkeep;

struct Component;

#[allow(
    unsafe_code,
    reason = "generated: the functions that the canonical ABI calls"
)]
mod exports {
    crate::bindings::export!(Component with_types_in crate::bindings);
    use crate::Component;
}
