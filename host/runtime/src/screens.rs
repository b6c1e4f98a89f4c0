//! The pages: what a host asks with, and what it does with the answer.
//!
//! A host routes everything below one path to [`Guestpass::screen`](crate::Guestpass::screen), says who asks, sends what
//! comes back, and does the [`Effect`] first. The contract of each field stands in the WIT interface `screens`.

use crate::bindings::exports::guestpass::access::screens as wit;
use crate::{Issued, Secret};

pub use wit::{Offset, Request, Upload, Visitor, Zone};

/// Somebody who is not signed in accepts an invitation.
#[derive(Debug)]
pub struct Acceptance {
    /// The invitation's token.
    pub token: Secret,
    /// The password to be verified, or kept for a new user.
    pub password: Secret,
    /// The page to answer with instead, and the status 403, if the password is not right.
    pub wrong: Vec<u8>,
}

/// An invitation to be mailed.
#[derive(Debug)]
pub struct Mailing {
    /// What was issued.
    pub issued: Issued,
    /// The whole link.
    pub link: Secret,
    /// The page to answer with instead if it cannot be mailed. As the answer itself, it shows the link.
    pub failed: Secret,
}

/// What a host does beside answering, before it does.
#[derive(Debug)]
pub enum Effect {
    /// Nothing.
    Nothing,
    /// Ends the session that the browser has and gives it this one of the engine.
    Begin(Secret),
    /// Gives the browser a new session of this user. What it had is over.
    SignIn(String),
    /// Ends the session that the browser has.
    SignOut,
    /// Makes the browser forget its session, which is over already. Changes nothing.
    Forget,
    /// Verifies or keeps the password, calls [`accept`](crate::Guestpass::accept), and signs the user in. If that is refused,
    /// the host says so instead of sending the answer.
    Accept(Acceptance),
    /// Mails an invitation.
    Mail(Box<Mailing>),
}

/// What to send. The body may show a secret that was issued just now, so it is not printed.
pub struct Response {
    /// The status.
    pub status: u16,
    /// All headers but the length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What the host does first.
    pub effect: Effect,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("effect", &self.effect)
            .finish_non_exhaustive()
    }
}

impl From<wit::Response> for Response {
    fn from(response: wit::Response) -> Self {
        Self {
            status: response.status,
            headers: response.headers,
            body: response.body,
            effect: match response.effect {
                wit::Effect::Nothing => Effect::Nothing,
                wit::Effect::Begin(session) => Effect::Begin(Secret::new(session)),
                wit::Effect::SignIn(user) => Effect::SignIn(user),
                wit::Effect::SignOut => Effect::SignOut,
                wit::Effect::Forget => Effect::Forget,
                wit::Effect::Accept(acceptance) => Effect::Accept(Acceptance {
                    token: Secret::new(acceptance.token),
                    password: Secret::new(acceptance.password),
                    wrong: acceptance.wrong,
                }),
                wit::Effect::Mail(mailing) => Effect::Mail(Box::new(Mailing {
                    issued: mailing.issued.into(),
                    link: Secret::new(mailing.link),
                    failed: Secret::new(String::from_utf8_lossy(&mailing.failed).into_owned()),
                })),
            },
        }
    }
}
