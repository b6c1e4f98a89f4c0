//! The contract in `wit/plugin` as Rust types and traits, generated so that neither can drift from the other.
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
    path: "../../wit/plugin",
    world: "plugin",
    imports: {
        "guestpass:plugin/clock": trappable,
    },
    additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
});
