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
