//! The component that is built in: what it says of itself is so, and it is small. What it may reach is in
//! `properties/p24_reach.rs`.

use guestpass::component;
use sha2::{Digest as _, Sha256};

#[test]
fn it_is_a_component_and_says_the_truth_about_itself() {
    let info = component::info();
    // The preamble of a component: `\0asm`, version 13, layer 1.
    assert_eq!(
        component::BYTES[..8],
        [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]
    );
    assert_eq!(info.size, component::BYTES.len());
    let digest: String = Sha256::digest(component::BYTES)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(info.sha256, digest);
    assert_eq!(info.version, env!("CARGO_PKG_VERSION"));
}

#[test]
fn it_fits_where_a_cms_has_room_for_it() {
    assert!(
        component::BYTES.len() <= 1_128_000,
        "{} bytes",
        component::BYTES.len()
    );
}

#[test]
fn it_holds_no_path_of_the_machine_it_was_built_on() {
    let home = std::env::var("HOME").unwrap_or_default();
    let here = env!("CARGO_MANIFEST_DIR").trim_end_matches("/tests");
    for path in [home.as_str(), here]
        .into_iter()
        .filter(|path| path.len() > 1)
    {
        assert!(
            !crate::search::contains(component::BYTES, path.as_bytes()),
            "{path}"
        );
    }
}
