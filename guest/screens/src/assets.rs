//! The stylesheet and the script: small, from here, and under names that change with them, so that browsers keep them.

use crate::response::Response;
use crate::texts::unpacked;

/// One of them.
pub(crate) struct Asset {
    /// With a part of its SHA-256 in it.
    pub name: &'static str,
    kind: &'static str,
    packed: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The asset of this name.
pub(crate) fn of_name(name: &str) -> Option<Response> {
    let asset = [STYLE, SCRIPT]
        .into_iter()
        .find(|asset| asset.name == name)?;
    let text = unpacked(asset.packed).into_bytes();
    let year = "public, max-age=31536000, immutable";
    Some(Response::kept(200, asset.kind, text, year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_costs_one_small_stylesheet_and_one_small_script() {
        for (asset, most) in [(STYLE, 20_480), (SCRIPT, 8_192)] {
            let size = unpacked(asset.packed).len();
            assert!((1_000..=most).contains(&size), "{}: {size}", asset.name);
        }
    }
}
