//! The contract in `wit/access` as Rust types and traits, generated so that neither can drift from the other. Nothing
//! outside this crate sees this module: what embedders need is re-exported under plain names.
#![allow(
    missing_docs,
    reason = "generated; the documentation of the WIT is carried over wherever it has any"
)]
#![allow(
    unsafe_code,
    reason = "the derives of wasmtime's component types are unsafe impls, written by its macro"
)]
#![allow(
    unused_qualifications,
    reason = "generated paths are spelled out in full"
)]

wasmtime::component::bindgen!({
    path: "../../wit/access",
    world: "engine",
    // A clock or a source of randomness that fails must stop the call: there is no weaker answer to give.
    imports: {
        "guestpass:access/clock": trappable,
        "guestpass:access/random": trappable,
    },
    additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
});
