//! What browsers see: plain pages on the host's tables and the engine's answers.

mod account;
mod arrive;
mod assets;
pub(crate) mod client;
mod cookies;
mod csrf;
mod dashboard;
mod entry;
mod failure;
mod form;
pub(crate) mod headers;
mod pages;
mod password_checks;
mod posts;
mod screens;
mod sections;
mod sign_in;
mod upload;
mod visitor;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, get, post};

use crate::body;
use crate::host::Host;
use crate::links::MOUNT;
use crate::output::Reader;
use failure::Failure;
use password_checks::PasswordChecks;

pub use cookies::needs_secure_cookies;

/// What every page works with.
#[derive(Debug)]
pub struct Web {
    host: Host,
    base_url: String,
    secure: bool,
    own_origin: Option<String>,
    proxy: Option<IpAddr>,
    password_checks: PasswordChecks,
    body_time: Duration,
}

impl Web {
    /// Pages of this host, reached by browsers at `base_url`: at no other address if it is `settled`, else also at whatever
    /// names this machine goes by.
    #[must_use]
    pub fn new(host: Host, base_url: &str, settled: bool) -> Self {
        Self {
            host,
            base_url: base_url.to_owned(),
            secure: needs_secure_cookies(base_url),
            own_origin: settled.then(|| csrf::origin_of(base_url)),
            proxy: None,
            password_checks: PasswordChecks::default(),
            body_time: body::TIME,
        }
    }

    /// Behind this proxy, if there is one.
    #[must_use]
    pub fn behind(self, proxy: Option<IpAddr>) -> Self {
        Self { proxy, ..self }
    }

    /// Runs what may block.
    async fn blocking<T, E>(
        &self,
        work: impl FnOnce(&Host) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Send + 'static,
        Failure: From<E>,
    {
        let done = self.host.blocking(work).await;
        done.ok_or_else(Failure::broken)?.map_err(Failure::from)
    }

    fn now(&self) -> u64 {
        self.host.clock.now()
    }

    fn reader(&self) -> Reader {
        Reader {
            now: self.now(),
            zone: crate::edge::local_zone(),
        }
    }
}

/// Every address of the site.
pub fn router(web: Web) -> Router {
    Router::new()
        .route("/", get(dashboard::show))
        .route(
            "/arrive",
            get(arrive::page).post(arrive::redeem).options(options),
        )
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account", get(account::page))
        .route("/account/password", post(account::set_password))
        .route("/section/{name}", get(sections::show).post(sections::act))
        .route("/posts/new", get(posts::write).post(posts::create))
        .route("/posts/{id}", get(posts::show))
        .route("/posts/{id}/edit", get(posts::edit).post(posts::change))
        .route("/posts/{id}/publish", post(posts::publish))
        .route("/posts/{id}/delete", post(posts::delete))
        .route(MOUNT, any(screens::handle))
        .route(&format!("{MOUNT}/"), any(screens::handle))
        .route(&format!("{MOUNT}/{{*page}}"), any(screens::handle))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/page.js", get(assets::script))
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .layer(axum::middleware::from_fn(headers::guard))
        .with_state(Arc::new(web))
}

/// Says that there is no such page.
async fn nowhere(State(web): State<Arc<Web>>) -> Failure {
    let failure = Failure::no_such_page();
    match web.blocking(|host| host.site()).await {
        Ok(site) => failure.shown_on(&site.title, None),
        Err(_) => failure,
    }
}

/// Says what may be asked, and changes nothing.
async fn options() -> impl IntoResponse {
    (
        StatusCode::NO_CONTENT,
        [(header::ALLOW, "GET, HEAD, OPTIONS, POST")],
    )
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk_tests;
