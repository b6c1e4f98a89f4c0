//! What programs use: the engine's answers and the host's own as JSON, asked with a key.
//!
//! A key acts as a user, for what its scopes name; who may do what is still the engine's to say. Cookies give
//! no access here, so that no page elsewhere can make a browser ask.

mod access;
mod answer;
mod asked;
mod backups;
mod call;
mod failure;
mod grantors;
mod grants;
mod grants_change;
mod history;
mod invitations;
mod key;
mod lockouts;
mod log;
mod memberships;
mod once;
mod openapi;
mod page;
mod plugin_settings;
mod plugins;
mod policy;
mod sessions;
mod site;
mod upkeep;
mod upload;
mod users;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body;
use crate::host::Host;
use crate::tries::WrongTries;
use crate::web::headers;
use failure::Failure;

/// Where the API is.
const ROOT: &str = "/api/v1";

/// What every answer works with.
#[derive(Debug)]
pub struct Api {
    host: Host,
    base_url: String,
    proxy: Option<IpAddr>,
    wrong_keys: WrongTries,
    body_time: Duration,
    description: String,
}

impl Api {
    /// The API of this host; links that it hands out begin with `base_url`.
    #[must_use]
    pub fn new(host: Host, base_url: &str) -> Self {
        Self {
            host,
            base_url: base_url.to_owned(),
            proxy: None,
            wrong_keys: WrongTries::new("keys of the API"),
            body_time: body::TIME,
            description: String::new(),
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
}

/// Every address of the API with its description. The one place where they are named: what is not described is not served.
fn described() -> OpenApiRouter<Arc<Api>> {
    OpenApiRouter::with_openapi(openapi::head())
        .routes(routes!(openapi::show))
        .routes(routes!(key::show))
        .routes(routes!(grants::list, grants_change::create))
        .routes(routes!(grants::show))
        .routes(routes!(grants_change::extend))
        .routes(routes!(grants_change::change_scope))
        .routes(routes!(grants_change::suspend))
        .routes(routes!(grants_change::resume))
        .routes(routes!(grants_change::revoke))
        .routes(routes!(grants_change::retire))
        .routes(routes!(grants_change::reissue))
        .routes(routes!(grantors::revoke_all))
        .routes(routes!(access::check))
        .routes(routes!(access::explain))
        .routes(routes!(access::ending))
        .routes(routes!(access::power))
        .routes(routes!(sessions::check))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(invitations::invite))
        .routes(routes!(invitations::resend))
        .routes(routes!(invitations::accept))
        .routes(routes!(invitations::decline))
        .routes(routes!(memberships::list))
        .routes(routes!(memberships::switch))
        .routes(routes!(sessions::come_back))
        .routes(routes!(history::list))
        .routes(routes!(history::verify))
        .routes(routes!(log::checkpoint))
        .routes(routes!(log::list))
        .routes(routes!(log::prove))
        .routes(routes!(log::consistency))
        .routes(routes!(policy::show, policy::set))
        .routes(routes!(policy::templates))
        .routes(routes!(policy::presets))
        .routes(routes!(lockouts::list))
        .routes(routes!(lockouts::lift))
        .routes(routes!(users::list))
        .routes(routes!(users::show))
        .routes(routes!(backups::show, backups::record))
        .routes(routes!(upkeep::sweep))
        .routes(routes!(site::show))
        .routes(routes!(site::deactivate))
        .routes(routes!(site::activate))
        .routes(routes!(site::uninstall))
        .routes(routes!(plugins::list, plugins::install))
        .routes(routes!(plugins::show, plugins::upgrade, plugins::uninstall))
        .routes(routes!(plugins::activate))
        .routes(routes!(plugins::deactivate))
        .routes(routes!(plugins::rollback))
        .routes(routes!(plugin_settings::approve))
        .routes(routes!(plugin_settings::set))
        .routes(routes!(plugin_settings::prioritise))
        .routes(routes!(plugin_settings::deliveries))
        .routes(routes!(plugin_settings::replay))
}

/// The addresses of the site with everything below `/api` added to them.
pub fn added_to(site: Router, api: Api) -> Router {
    let (routes, description) = described().split_for_parts();
    let api = Api {
        description: openapi::whole(description),
        ..api
    };
    let served = Router::new()
        .nest("/v1", routes)
        .fallback(Failure::no_such_resource)
        .method_not_allowed_fallback(Failure::no_such_method)
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .layer(axum::middleware::from_fn(headers::guard))
        .with_state(Arc::new(api));
    // As a service of its own it has the last word on every address below, and never a page.
    site.nest_service("/api", served)
}

#[cfg(test)]
mod tests;
