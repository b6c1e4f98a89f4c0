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

    /// What a stylesheet says of left or right, in which pages of the two directions would differ.
    fn sides(style: &str) -> Vec<String> {
        let crooked = |declaration: &&str| {
            let mut words = declaration.split(|c: char| !c.is_ascii_alphabetic());
            let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
            let values: Vec<_> = value.split_whitespace().collect();
            let uneven = match (name, values.as_slice()) {
                // Corners go around, beginning at the top left.
                ("border-radius", [a, b, c, d]) => a != b || c != d,
                ("border-radius", [a, b, ..]) => a != b,
                ("margin" | "padding" | "inset" | "border-width", [_, right, _, left]) => {
                    right != left
                }
                _ => false,
            };
            uneven || words.any(|word| matches!(word, "left" | "right" | "translateX"))
        };
        let declarations = style.split(['{', '}', ';']).map(str::trim);
        declarations.filter(crooked).map(str::to_owned).collect()
    }

    #[test]
    fn the_stylesheet_is_the_same_from_right_to_left() {
        let style = "a { margin-left: 1px; padding: 0 1px 0 2px } b { float: right; border-radius: 1px 2px }";
        assert_eq!(sides(style).len(), 4);
        let found = sides(&unpacked(STYLE.packed));
        assert!(found.is_empty(), "{found:#?}");
    }

    #[test]
    fn the_first_page_costs_one_small_stylesheet_and_one_small_script() {
        for (asset, most) in [(STYLE, 20_480), (SCRIPT, 8_192)] {
            let size = unpacked(asset.packed).len();
            assert!((1_000..=most).contains(&size), "{}: {size}", asset.name);
        }
    }
}
