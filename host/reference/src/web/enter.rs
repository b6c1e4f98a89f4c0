//! Coming in by a link. Looking changes nothing; only the button does.
//!
//! The secret stands behind `#`, so the browser does not send it: the page's script reads it, takes it out of the address
//! bar, shows what it opens, and puts it into the form. A host that has no such page uses `?pass=`; there the form goes to
//! the page's own address, so that it works without a script and the secret is never written into a page.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use guestpass::Preview;
use serde_json::{Value, json};

use super::failure::Failure;
use super::form::{Form, OpenForm};
use super::pages::{Frame, When, html};
use super::visitor::Sender;
use super::{Web, cookies};
use crate::output::Reader;

/// What a link opens, for the page.
struct Shown {
    invited_by: String,
    email: String,
    scope: String,
    ends: Option<When>,
    uses_left: Option<u32>,
}

impl Shown {
    fn new(preview: Preview, reader: &Reader) -> Self {
        Self {
            invited_by: preview.invited_by,
            email: preview.email,
            scope: preview.scope,
            ends: preview.ends.map(|ends| When::new(ends, reader)),
            uses_left: preview.uses_left,
        }
    }
}

#[derive(Template)]
#[template(path = "enter.html")]
struct Enter {
    frame: Frame,
    shown: Option<Shown>,
    signed_in_as: Option<String>,
}

/// The page behind a link.
pub async fn page(
    State(web): State<Arc<Web>>,
    RawQuery(query): RawQuery,
    sender: Sender,
) -> Result<Response, Failure> {
    let site = web.blocking(|host| host.site()).await?.title;
    // A session that is over must not keep anybody from coming in by a new link.
    let signed_in_as = sender
        .resolve(&web)
        .await
        .ok()
        .flatten()
        .map(|visitor| visitor.name);
    let pass = Form::parse(query.unwrap_or_default().as_bytes())?;
    let shown = if pass.all("pass").next().is_some() {
        let pass = pass.one("pass")?.to_owned();
        let preview = web
            .blocking(move |host| host.engine.inspect(&host.site, &pass))
            .await?;
        Some(Shown::new(preview, &web.reader()))
    } else {
        None
    };
    Ok(html(
        StatusCode::OK,
        &Enter {
            frame: Frame::public(&site, "You are invited"),
            shown,
            signed_in_as,
        },
    ))
}

/// What a link would open, for the page's script. Changes nothing.
pub async fn inspect(State(web): State<Arc<Web>>, form: Result<OpenForm, Failure>) -> Response {
    let inspected = async {
        let pass = form?.0.one("pass")?.to_owned();
        web.blocking(move |host| host.engine.inspect(&host.site, &pass))
            .await
    };
    match inspected.await {
        Ok(preview) => Json(preview_json(&Shown::new(preview, &web.reader()))).into_response(),
        Err(Failure::Refused(refused)) => {
            let error = json!({ "error": { "code": refused.code, "message": refused.message } });
            (refused.status, Json(error)).into_response()
        }
        Err(other) => other.into_response(),
    }
}

fn preview_json(shown: &Shown) -> Value {
    json!({
        "invited_by": shown.invited_by,
        "email": shown.email,
        "scope": shown.scope,
        "ends": shown.ends.as_ref().map(|ends| &ends.rfc3339),
        "ends_words": shown.ends.as_ref().map(|ends| &ends.words),
        "uses_left": shown.uses_left,
    })
}

/// The button: uses the link, and gives the browser a session it did not have before.
pub async fn redeem(
    State(web): State<Arc<Web>>,
    RawQuery(query): RawQuery,
    sender: Sender,
    OpenForm(form): OpenForm,
) -> Result<Response, Failure> {
    let pass = secret_field(&form, query, "pass")?;
    let origin = sender.origin.clone();
    let admission = web
        .blocking(move |host| host.engine.redeem(&host.site, &pass, &origin))
        .await?;
    sender.leave_behind(&web).await;
    let target = admission.redirect.unwrap_or_else(|| "/".to_owned());
    come_in(&admission.session.into_inner(), &target, web.secure)
}

/// The secret of a form: in its body, or in the address for a form that was sent without a script. Exactly one.
pub(super) fn secret_field(
    form: &Form,
    query: Option<String>,
    name: &str,
) -> Result<String, Failure> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    if form.all(name).next().is_none() && query.all(name).next().is_some() {
        return query.one(name).map(str::to_owned);
    }
    if query.all(name).next().is_some() {
        return Err(Failure::new(
            StatusCode::BAD_REQUEST,
            "bad-form",
            format!("The field `{name}` stands in the form and in the address. Send it once."),
        ));
    }
    form.one(name).map(str::to_owned)
}

/// Gives the browser its session and sends it on.
pub(super) fn come_in(session: &str, target: &str, secure: bool) -> Result<Response, Failure> {
    let cookie = cookies::keep(session, secure).ok_or_else(Failure::broken)?;
    Ok((AppendHeaders([cookie]), Redirect::to(target)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stands_in_one_place_exactly() {
        let field = |body: &str, query: Option<&str>| {
            secret_field(
                &Form::parse(body.as_bytes()).unwrap(),
                query.map(str::to_owned),
                "pass",
            )
            .ok()
        };
        assert_eq!(field("pass=a", None), Some("a".to_owned()));
        assert_eq!(field("", Some("pass=a")), Some("a".to_owned()));
        assert_eq!(field("pass=a", Some("utm=1")), Some("a".to_owned()));
        for (body, query) in [
            ("pass=a", Some("pass=a")),
            ("", None),
            ("pass=a&pass=a", None),
            ("", Some("pass=a&pass=b")),
            ("pass[]=a", None),
        ] {
            assert_eq!(field(body, query), None, "{body} {query:?}");
        }
    }
}
