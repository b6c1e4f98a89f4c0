//! `Idempotency-Key`: a request that is sent again is answered again, and done once.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use super::Api;
use super::answer::Answer;
use super::call::Call;
use super::failure::Failure;
use crate::cms::requests::{self, Begun, Kept, Request};
use crate::host::Host;

const NAME: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A name for the request.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that is read by hand")]
pub struct Once {
    /// A name of your own for this request, never used for another one. Sent again with the same name within 24 hours, it is
    /// answered as before and not done again; a secret in the first answer is not in that one.
    #[param(rename = "Idempotency-Key", pattern = "^[!-~]{1,255}$")]
    key: Option<String>,
}

/// What was done.
pub struct Done {
    /// What to answer.
    pub answer: Answer,
    /// What to answer when it is sent again. Never with a secret.
    pub again: Answer,
}

impl From<Answer> for Done {
    fn from(answer: Answer) -> Self {
        Self {
            again: answer.clone(),
            answer,
        }
    }
}

impl Call {
    /// Does the work, unless it was done for a request of this name before: then gives what was answered.
    pub async fn once<D: Into<Done>>(
        &self,
        api: &Arc<Api>,
        work: impl FnOnce(&Host) -> Result<D, Failure> + Send + 'static,
    ) -> Result<Answer, Failure> {
        let Some(name) = self.name()? else {
            return api
                .blocking(|host| Ok::<_, Failure>(work(host)?.into().answer))
                .await;
        };
        let (key, digest) = (self.key.clone(), self.digest());
        api.blocking(move |host| {
            let request = Request {
                key: &key,
                name: &name,
                digest: &digest,
            };
            match requests::begin(&host.db, request, host.clock.now())? {
                Begun::New => Ok(finish(host, request, work(host).map(Into::into))),
                Begun::Answered(kept) => replay(&kept),
                Begun::UnderWay => Err(Failure::new(
                    StatusCode::CONFLICT,
                    "request-under-way",
                    "This request is being answered already. Wait for that answer, or ask again in a moment.",
                )
                .with(header::RETRY_AFTER, HeaderValue::from_static("1"))),
                Begun::Interrupted => Err(Failure::new(
                    StatusCode::CONFLICT,
                    "request-interrupted",
                    "The site stopped while it answered this request. Look whether it was done; if not, send it under \
                     another `Idempotency-Key`.",
                )),
                Begun::Another => Err(Failure::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "idempotency-key-reused",
                    "Another request came under this `Idempotency-Key`. Give each request one of its own.",
                )
                .at("Idempotency-Key")),
            }
        })
        .await
    }

    fn name(&self) -> Result<Option<String>, Failure> {
        let mut names = self.headers.get_all(NAME).iter();
        let Some(name) = names.next() else {
            return Ok(None);
        };
        let text = name.to_str().unwrap_or_default();
        let fits =
            (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits || names.next().is_some() {
            return Err(Failure::malformed(
                "bad-idempotency-key",
                "An `Idempotency-Key` has 1 to 255 printable ASCII characters without spaces, and comes once.",
            )
            .at("Idempotency-Key"));
        }
        Ok(Some(text.to_owned()))
    }

    /// What is asked: method, address and body.
    fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [self.method.as_str(), &self.uri.to_string()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.update(&self.content);
        hash.finalize().into()
    }
}

/// Keeps the answer, be it a refusal. What may go otherwise next time, though nothing else changes, was not done: it is
/// forgotten.
fn finish(host: &Host, request: Request<'_>, done: Result<Done, Failure>) -> Answer {
    let (answer, again) = match done {
        Ok(Done { answer, again }) => (answer, Some(again)),
        Err(failure) => {
            let passing = failure.is_passing();
            let answer = failure.answer();
            (answer.clone(), (!passing).then_some(answer))
        }
    };
    let ended = match again {
        None => requests::forget(&host.db, request),
        Some(again) => {
            let kept = Kept {
                status: again.status().as_u16(),
                location: again.location().map(str::to_owned),
                body: again.text(),
            };
            requests::finish(&host.db, request, &kept)
        }
    };
    if let Err(problem) = ended {
        // It was done and must be answered; sent again it is refused, not repeated.
        tracing::error!("an answer was not kept: {problem}");
    }
    answer
}

fn replay(kept: &Kept) -> Result<Answer, Failure> {
    let status = StatusCode::from_u16(kept.status).map_err(|_| Failure::broken())?;
    let body = serde_json::from_str(&kept.body).map_err(|_| Failure::broken())?;
    let mut answer = Answer::new(status, body).with(REPLAYED, HeaderValue::from_static("true"));
    if let Some(Ok(location)) = kept.location.as_deref().map(HeaderValue::try_from) {
        answer = answer.with(header::LOCATION, location);
    }
    Ok(answer)
}
