//! The description of the API (OpenAPI 3.1), made out of the routes and the shapes themselves.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response as HttpResponse};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{Http, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref,
    RefOr, Response, ResponseBuilder, Schema,
};
use utoipa::{PartialSchema as _, ToSchema as _};

use super::failure::{Document, STATUSES};
use super::{Api, ROOT};

const ABOUT: &str = "\
Access for guests: handed out, looked at and taken back by programs.

Each request carries a key, `Authorization: Bearer gk1_…`, made by the owner with `guestpass key create`. A key acts as a \
user, for what its scopes name; what that user may not do, no key does.

Every refusal is a problem document (RFC 9457) with a stable `code` and, where an input is to blame, its `field`. What is \
not described here is refused: unknown fields, unknown names behind the `?`, bodies where none belongs.

Lists come in pages. `next` of one is the `cursor` of the one after it, and the header `Link` has its address.

A `POST` with an `Idempotency-Key` is done once, however often it is sent.";

/// The beginning of the description.
pub fn head() -> OpenApi {
    let license = LicenseBuilder::new()
        .name("MIT OR Apache-2.0")
        .identifier(Some("MIT OR Apache-2.0"))
        .build();
    let info = InfoBuilder::new()
        .title("Guestpass")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license))
        .build();
    let key: Http = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("gk1_…")
        .description(Some("A key made by the owner with `guestpass key create`."))
        .build();
    let components = ComponentsBuilder::new()
        .security_scheme("key", SecurityScheme::Http(key))
        .schema(Document::name(), Document::schema())
        .build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .build()
}

/// The whole description as text, once every route is in it.
pub fn whole(mut description: OpenApi) -> String {
    let mut paths = std::mem::take(&mut description.paths);
    paths.paths = paths
        .paths
        .into_iter()
        .map(|(path, item)| (format!("{ROOT}{path}"), item))
        .collect();
    for item in paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
        ];
        operations
            .into_iter()
            .flatten()
            .filter(|operation| operation.security.is_some())
            .for_each(add_refusals);
    }
    description.paths = paths;
    let components = description.components.iter_mut();
    components
        .flat_map(|components| components.schemas.values_mut())
        .for_each(close_variants);
    // It is made of maps with names and of plain values only.
    description.to_json().unwrap_or_default()
}

/// A variant is an object with its one name and nothing else, as it is read; the derived description leaves that open.
fn close_variants(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(variants)) = schema else {
        return;
    };
    for variant in &mut variants.items {
        if let RefOr::T(Schema::Object(object)) = variant
            && !object.properties.is_empty()
        {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
}

/// Whatever asks for a key can be refused in each of these ways.
fn add_refusals(operation: &mut Operation) {
    for (status, title) in STATUSES {
        let refusal = || RefOr::T(refusal(title));
        let responses = &mut operation.responses.responses;
        responses
            .entry(status.as_str().to_owned())
            .or_insert_with(refusal);
    }
}

fn refusal(title: &str) -> Response {
    let document = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(Document::name())))
        .build();
    ResponseBuilder::new()
        .description(title)
        .content("application/problem+json", document)
        .build()
}

/// The description of the API
///
/// Needs no key.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "describe",
    tag = "Description",
    responses((status = 200, description = "An OpenAPI 3.1 document.", body = Object)),
)]
pub async fn show(State(api): State<Arc<Api>>) -> HttpResponse {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, api.description.clone()).into_response()
}
