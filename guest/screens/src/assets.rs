//! The stylesheet and the script: small, from here, and under names that change with them, so that browsers keep them.

use crate::response::Response;

/// One of them.
pub(crate) struct Asset {
    /// With a part of its SHA-256 in it.
    pub name: &'static str,
    kind: &'static str,
    text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The asset of this name.
pub(crate) fn of_name(name: &str) -> Option<Response> {
    let asset = [STYLE, SCRIPT]
        .into_iter()
        .find(|asset| asset.name == name)?;
    let text = asset.text.as_bytes().to_vec();
    let year = "public, max-age=31536000, immutable";
    Some(Response::kept(200, asset.kind, text, year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_costs_one_small_stylesheet_and_one_small_script() {
        assert!(STYLE.text.len() <= 20_480, "{}", STYLE.text.len());
        assert!(SCRIPT.text.len() <= 8_192, "{}", SCRIPT.text.len());
    }
}
