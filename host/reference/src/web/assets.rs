//! The stylesheet and the script, both small and both from here.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

pub async fn style() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("../../assets/style.css"),
    )
}

pub async fn script() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../assets/page.js"),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// The colours of a stylesheet, those of the dark among them.
    fn colours(style: &str) -> BTreeSet<&str> {
        let declarations = style.split(['{', '}', ';']).map(str::trim);
        declarations
            .filter(|one| one.starts_with("--") && one.contains('#'))
            .collect()
    }

    #[test]
    fn the_colours_are_those_of_the_engines_pages() {
        let own = colours(include_str!("../../assets/style.css"));
        let engine = include_str!("../../../../guest/screens/assets/style.css");
        assert!(own.len() > 20, "{own:?}");
        assert!(own.is_subset(&colours(engine)), "{own:?}");
    }
}
