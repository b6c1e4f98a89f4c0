//! What a page is answered with.

use core::fmt;

use guestpass_core::grant::create::Issued;

/// Somebody who is not signed in accepts an invitation.
pub struct Acceptance {
    /// The invitation's token.
    pub token: String,
    /// The password to be verified or kept.
    pub password: String,
    /// The page for when the password is not right.
    pub wrong: Vec<u8>,
}

/// An invitation to be mailed; or a link or a password, if that was asked for.
pub struct Mailing {
    /// What was issued.
    pub issued: Issued,
    /// The whole link; of a password, where to sign in.
    pub link: String,
    /// The page for when it cannot be mailed.
    pub failed: Vec<u8>,
}

/// What the host does beside answering.
#[derive(Default)]
pub enum Effect {
    /// Nothing.
    #[default]
    Nothing,
    /// Gives the browser this session of the engine.
    Begin(String),
    /// Gives the browser a new session of this user.
    SignIn(String),
    /// Ends the session that the browser has.
    SignOut,
    /// Makes the browser forget its session, which is over already.
    Forget,
    /// Accepts an invitation for somebody with a password.
    Accept(Acceptance),
    /// Mails what was issued.
    Mail(Box<Mailing>),
}

/// It may hold a secret, so that is not printed.
impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Begin(_) => "Begin(…)",
            Self::SignIn(_) => "SignIn(…)",
            Self::SignOut => "SignOut",
            Self::Forget => "Forget",
            Self::Accept(_) => "Accept(…)",
            Self::Mail(_) => "Mail(…)",
        })
    }
}

/// What to send.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// All headers but the length.
    pub headers: Vec<(&'static str, String)>,
    /// The page.
    pub body: Vec<u8>,
    /// What else the host does.
    pub effect: Effect,
}

// Browsers name the origin of a form only where the referrer may name it too, and hosts want to hear it. More than the
// origin is told to nobody, so no secret in an address is.
const HEADERS: [(&str, &str); 5] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("referrer-policy", "strict-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
];

impl Response {
    /// A body of this kind that nobody keeps.
    pub(crate) fn new(status: u16, kind: &str, body: Vec<u8>) -> Self {
        Self::kept(status, kind, body, "no-store")
    }

    /// A body of this kind, to be kept as long as this says.
    pub(crate) fn kept(status: u16, kind: &str, body: Vec<u8>, cache: &str) -> Self {
        let mut headers: Vec<_> = HEADERS
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        headers.push(("cache-control", cache.to_owned()));
        if !kind.is_empty() {
            headers.push(("content-type", kind.to_owned()));
        }
        Self {
            status,
            headers,
            body,
            effect: Effect::Nothing,
        }
    }

    /// A page.
    pub(crate) fn page(status: u16, language: &str, html: String) -> Self {
        let mut page = Self::new(status, "text/html; charset=utf-8", html.into_bytes());
        page.headers.push(("content-language", language.to_owned()));
        page
    }

    /// Go there.
    pub(crate) fn see(path: String) -> Self {
        let mut response = Self::new(303, "", Vec::new());
        response.headers.push(("location", path));
        response
    }

    pub(crate) fn with(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}
