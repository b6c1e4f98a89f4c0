//! A request that its key is for, and what it says. Read strictly: whatever is doubtful is refused with a sentence instead
//! of being guessed at.

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use guestpass::{Actor, Origin};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

use super::Api;
use super::failure::Failure;
use crate::urlencoded;

/// A request that its key is for.
#[derive(Debug)]
pub struct Call {
    /// The key.
    pub(super) key: String,
    /// The user whom it acts as.
    pub(super) user: String,
    pub(super) origin: Origin,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) content: Bytes,
}

impl Call {
    /// Who asks, as the engine is told. The engine decides what they may do.
    pub fn actor(&self, api: &Api) -> Actor {
        api.host.actor(&self.user, self.origin.clone())
    }

    /// Refuses everybody but an owner: what is asked of the host itself is theirs.
    pub async fn need_owner(&self, api: &Api, does: &'static str) -> Result<(), Failure> {
        let user = self.user.clone();
        api.blocking(move |host| host.need_owner(&user, does)).await
    }

    /// The body, which must be there and hold what is described and nothing else.
    pub fn json<T: DeserializeOwned + Serialize>(&self) -> Result<T, Failure> {
        if !self.is_json() {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "no-json",
                "Send this as JSON (Content-Type: application/json).",
            ));
        }
        let mut document = serde_json::Deserializer::from_slice(&self.content);
        let read = serde_path_to_error::deserialize(&mut document);
        let read = read.map_err(|error| {
            let why = error.inner().to_string();
            let is_json = serde_json::from_slice::<IgnoredAny>(&self.content).is_ok();
            let why = if is_json { in_plain_words(&why) } else { why };
            bad_body(&why, &error.path().to_string())
        })?;
        let not_json = |error: serde_json::Error| bad_body(&error.to_string(), "");
        document.end().map_err(not_json)?;
        let written = serde_json::from_slice(&self.content).map_err(not_json)?;
        match listed(&written, &json!(read), "") {
            None => Ok(read),
            Some(path) => Err(bad_body(LISTED, &path)),
        }
    }

    fn is_json(&self) -> bool {
        let mut kinds = self.headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(kind), None) = (kinds.next(), kinds.next()) else {
            return false;
        };
        let kind = kind.to_str().unwrap_or_default();
        kind.split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    }

    /// Makes sure that there is no body: nothing that was sent is silently left aside.
    pub fn nothing(&self) -> Result<(), Failure> {
        if self.content.is_empty() {
            return Ok(());
        }
        Err(Failure::malformed(
            "unexpected-body",
            "This takes no body. Send none.",
        ))
    }

    /// What stands behind the `?`: each name at most once, and none that is not described.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let query = self.uri.query().unwrap_or_default();
        if urlencoded::pairs(query.as_bytes()).is_none() {
            return Err(Failure::malformed(
                "bad-query",
                "What stands behind the `?` is not in UTF-8, or is cut off.",
            ));
        }
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(pairs).map_err(|error| {
            let path = error.path().to_string();
            let why = in_plain_words(&error.inner().to_string());
            let message = format!("What stands behind the `?` does not fit: {why}.");
            at(Failure::malformed("bad-query", message), &path)
        })
    }

    /// The address of the page that begins at this cursor, otherwise asked for like this one.
    pub fn next_page(&self, cursor: &str) -> String {
        let query = self.uri.query().unwrap_or_default();
        let mut pairs = urlencoded::pairs(query.as_bytes()).unwrap_or_default();
        pairs.retain(|(name, _)| name != "cursor");
        pairs.push(("cursor".to_owned(), cursor.to_owned()));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("{}?{query}", self.uri.path())
    }
}

/// Where a list was read as an object: the reader of structures takes the values without their names as well, which nobody
/// was told. None if nowhere. `read` is what was read of `written`, written again.
fn listed(written: &Value, read: &Value, path: &str) -> Option<String> {
    match (written, read) {
        (Value::Array(_), Value::Object(_)) => Some(path.to_owned()),
        (Value::Array(written), Value::Array(read)) => {
            let mut pairs = written.iter().zip(read).enumerate();
            pairs.find_map(|(at, (written, read))| listed(written, read, &format!("{path}[{at}]")))
        }
        (Value::Object(written), Value::Object(read)) => {
            written.iter().find_map(|(name, written)| {
                let dot = if path.is_empty() { "" } else { "." };
                listed(written, read.get(name)?, &format!("{path}{dot}{name}"))
            })
        }
        _ => None,
    }
}

const LISTED: &str = "a list stands where an object belongs";

/// What the readers of bodies and queries say, without the words of the language that they are written in: those who send
/// them know objects, lists and names.
fn in_plain_words(error: &str) -> String {
    let (what, place) = match error.split_once(" at line ") {
        Some((what, place)) => (what, format!(" at line {place}")),
        None => (error, String::new()),
    };
    let plain = match what.split_once(", expected ") {
        Some((given, "unit" | "unit variant")) => {
            format!("{}, expected its name alone", plain_type(given))
        }
        Some((given, "newtype variant")) => {
            format!("{}, expected an object", plain_type(given))
        }
        Some((given, expected)) if expected.starts_with("struct ") => {
            if given.starts_with("invalid length") {
                LISTED.to_owned()
            } else {
                format!("{given}, expected an object")
            }
        }
        Some((given, "a sequence")) => format!("{given}, expected a list"),
        Some(_) => what.replacen("unknown variant", "unknown name", 1),
        // Well-formed as JSON, so that something stands there: one choice out of several is written otherwise.
        None if what == "expected value" => {
            "expected one name, or an object with one name".to_owned()
        }
        None if NO_NUMBER.contains(&what) => "expected a whole number".to_owned(),
        None => what.to_owned(),
    };
    plain.replace("invalid type: sequence", "invalid type: list") + &place
}

fn plain_type(given: &str) -> &str {
    match given {
        "invalid type: unit variant" => "invalid type: a name alone",
        other => other,
    }
}

/// What the reader of numbers says of a text that is none.
const NO_NUMBER: [&str; 4] = [
    "invalid digit found in string",
    "cannot parse integer from empty string",
    "number too large to fit in target type",
    "number too small to fit in target type",
];

fn bad_body(why: &str, path: &str) -> Failure {
    let message = format!("The body does not fit: {why}.");
    at(Failure::malformed("bad-body", message), path)
}

/// Blames this field, if there is one to blame.
fn at(failure: Failure, path: &str) -> Failure {
    if path == "." || path.is_empty() {
        failure
    } else {
        failure.at(path)
    }
}
