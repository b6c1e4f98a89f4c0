//! Forms as they arrive. Read strictly: whatever is doubtful is refused with a sentence instead of being guessed at.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};

use super::failure::Failure;
use super::{Web, csrf};
use crate::body::{self, NotRead};
use crate::urlencoded;

/// The fields of a form in the order they came.
#[derive(Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`, in which every byte must be UTF-8 and every `%` an escape.
    pub fn parse(encoded: &[u8]) -> Result<Self, Failure> {
        urlencoded::pairs(encoded).map(Self).ok_or_else(|| {
            Failure::new(
                StatusCode::BAD_REQUEST,
                "bad-form",
                "The form is not in UTF-8, or is cut off. Send it again.",
            )
        })
    }

    /// The value of a field that must be there exactly once. May be empty.
    pub fn one(&self, name: &str) -> Result<&str, Failure> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            (None, _) => Err(malformed(format!("The form lacks the field `{name}`."))),
            (Some(_), Some(_)) => Err(malformed(format!(
                "The form has the field `{name}` more than once."
            ))),
        }
    }

    /// The value of a field that may be absent or empty, both of which mean none.
    pub fn optional(&self, name: &str) -> Result<Option<&str>, Failure> {
        if self.all(name).next().is_none() {
            return Ok(None);
        }
        Ok(Some(self.one(name)?.trim()).filter(|value| !value.is_empty()))
    }

    /// The values of a field, however often it is there.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.0
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }
}

fn malformed(message: String) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, "bad-form", message)
}

/// A form from a page on which nobody needs to be signed in. One that another site sent is refused.
#[derive(Debug)]
pub struct OpenForm(pub Form);

impl FromRequest<Arc<Web>> for OpenForm {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Failure> {
        if csrf::from_elsewhere(request.headers(), web.own_origin.as_deref()) {
            return Err(Failure::new(
                StatusCode::FORBIDDEN,
                "foreign-form",
                "This form was sent by another web site. Open the page here and try again.",
            ));
        }
        read(request, web).await.map(Self)
    }
}

/// Reads the body as a form, if it arrives in time.
pub async fn read(request: Request, web: &Arc<Web>) -> Result<Form, Failure> {
    Form::parse(&read_bytes(request, web).await?)
}

/// The body of a form as it was sent, if it arrives in time.
pub async fn read_bytes(request: Request, web: &Arc<Web>) -> Result<Vec<u8>, Failure> {
    if !is_form(request.headers()) {
        return Err(Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "no-form",
            "Send this as a form (application/x-www-form-urlencoded).",
        ));
    }
    let body = body::read(request, web.body_time).await.map_err(|why| {
        let (code, message) = match why {
            NotRead::Late => (
                "slow-form",
                "The form took too long to arrive. Send it again.",
            ),
            NotRead::TooLarge => ("large-form", "The form is larger than 64 KiB. Send less."),
            NotRead::Broken => ("bad-form", "The form did not arrive whole. Send it again."),
        };
        Failure::new(why.status(), code, message)
    })?;
    Ok(body.to_vec())
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| {
        kind.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        let form = Form::parse(b"a=1+2&b=%C3%A9&c&d=x=y&&a%5B%5D=3").unwrap();
        assert_eq!(form.one("a").unwrap(), "1 2");
        assert_eq!(form.one("b").unwrap(), "é");
        assert_eq!(form.one("c").unwrap(), "");
        assert_eq!(form.one("d").unwrap(), "x=y");
        assert_eq!(form.optional("c").unwrap(), None);
    }

    #[test]
    fn a_field_that_is_repeated_absent_or_an_array_is_refused() {
        for body in [
            "pass=a&pass=b",
            "pass=&pass=",
            "pass[]=a",
            "pass%5B%5D=a",
            "",
            "PASS=a",
        ] {
            assert_eq!(
                Form::parse(body.as_bytes())
                    .unwrap()
                    .one("pass")
                    .unwrap_err()
                    .code(),
                "bad-form",
                "{body}"
            );
        }
        assert!(Form::parse(b"a=1&a=2").unwrap().optional("a").is_err());
    }

    #[test]
    fn what_is_no_utf8_or_cut_off_is_refused() {
        for body in [
            &b"pass=%FF"[..],
            b"pass=\xff",
            b"pass=%C3",
            b"pass=%4",
            b"pass=%",
            b"pass=%zz",
        ] {
            assert_eq!(
                Form::parse(body).unwrap_err().code(),
                "bad-form",
                "{body:?}"
            );
        }
    }
}
