//! What every way in has in common: where the secret of a form stands, and the session that the browser is given.

use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use super::cookies;
use super::failure::Failure;
use super::form::Form;

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
                "token",
            )
            .ok()
        };
        assert_eq!(field("token=a", None), Some("a".to_owned()));
        assert_eq!(field("", Some("token=a")), Some("a".to_owned()));
        assert_eq!(field("token=a", Some("utm=1")), Some("a".to_owned()));
        for (body, query) in [
            ("token=a", Some("token=a")),
            ("", None),
            ("token=a&token=a", None),
            ("", Some("token=a&token=b")),
            ("token[]=a", None),
        ] {
            assert_eq!(field(body, query), None, "{body} {query:?}");
        }
    }
}
