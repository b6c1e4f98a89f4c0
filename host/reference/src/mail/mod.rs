//! Mail to people who are given access: through a relay on this machine, or into a folder.
//!
//! What is sent holds a secret. No library for TLS passes the project's list of licences, so mail goes to a relay on this
//! machine only, which does what the way out needs; a folder, the default, is for trying things out.

mod invitation;
mod texts;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use guestpass::one_line;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox};
use lettre::{Address, Message, SmtpTransport, Transport as _};

use crate::cms::db::create_private_directory;
use crate::problem::Problem;
use crate::secret;

pub use invitation::Invited;

/// How long the relay may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where mail goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Into this directory, a file for each.
    Folder(PathBuf),
    /// To the relay that listens here, on this machine.
    Relay(SocketAddr),
}

/// The longest line that mail may have, in bytes without its end (RFC 5322, 2.1.1).
const LONGEST_LINE: usize = 998;

impl Way {
    /// The text as it goes this way. In a folder it is read, and its link copied, as it stands: no line is folded there unless
    /// one is longer than mail may have.
    fn written(&self, text: String) -> Body {
        let folds = text.lines().any(|line| line.len() > LONGEST_LINE);
        match self {
            Self::Folder(_) if !folds => {
                let lines = text.replace('\n', "\r\n").into_bytes();
                Body::dangerous_pre_encoded(lines, ContentTransferEncoding::EightBit)
            }
            Self::Folder(_) | Self::Relay(_) => Body::new(text),
        }
    }
}

impl FromStr for Way {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let Some(address) = text.strip_prefix("smtp://") else {
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        let address: Option<SocketAddr> = address.parse().ok();
        match address.filter(|address| address.ip().is_loopback()) {
            Some(address) => Ok(Self::Relay(address)),
            None => Err(Problem::usage(
                "bad-setting",
                format!(
                    "`{text}` is no relay on this machine. Write it like `smtp://127.0.0.1:25`: mail to anywhere else goes through one."
                ),
            )
            .at("mail")),
        }
    }
}

/// Where a mail ended up.
#[derive(Debug)]
pub enum Sent {
    /// In this file.
    Filed(PathBuf),
    /// At the relay.
    Relayed,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filed(file) => write!(f, "written to {}", file.display()),
            Self::Relayed => f.write_str("handed to the mail relay"),
        }
    }
}

/// Sends what there is to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailer {
    way: Way,
    from: Option<Address>,
}

impl Mailer {
    /// This way, from this address; without one, from `guestpass` at the site's own host.
    #[must_use]
    pub fn new(way: Way, from: Option<Address>) -> Self {
        Self { way, from }
    }

    /// Sends what brings somebody access.
    pub fn send(&self, invited: &Invited<'_>) -> Result<Sent, Problem> {
        let text = invited.text(texts::for_locale(invited.locale));
        let from = match &self.from {
            Some(from) => from.clone(),
            None => sender_at(invited.base_url)?,
        };
        let to: Address = invited.email.parse().map_err(|error| {
            not_sent(&format!("the address is none that mail goes to ({error})"))
        })?;
        let message = Message::builder()
            .from(Mailbox::new(Some(one_line(invited.site)), from))
            .to(Mailbox::new(None, to))
            .subject(one_line(&text.subject))
            .header(ContentType::TEXT_PLAIN)
            .body(self.way.written(text.body))
            .map_err(|error| not_sent(&error.to_string()))?;
        match &self.way {
            Way::Folder(folder) => file(folder, &message.formatted()).map(Sent::Filed),
            Way::Relay(address) => relay(*address, &message).map(|()| Sent::Relayed),
        }
    }
}

/// `guestpass` at the host that the site is reached by.
fn sender_at(base_url: &str) -> Result<Address, Problem> {
    let authority = base_url.split("://").nth(1).unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let domain = match host.parse::<IpAddr>() {
        Ok(_) => "localhost",
        Err(_) => host,
    };
    Address::new("guestpass", domain)
        .map_err(|error| not_sent(&format!("it has no sender ({error}); set `mail-from`")))
}

fn file(folder: &Path, message: &[u8]) -> Result<PathBuf, Problem> {
    let path = folder.join(format!("{}.eml", secret::new_id()?));
    let write = || -> std::io::Result<()> {
        create_private_directory(folder)?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        std::io::Write::write_all(&mut options.open(&path)?, message)
    };
    write().map_err(|error| not_sent(&format!("`{}`: {error}", path.display())))?;
    Ok(path)
}

fn relay(address: SocketAddr, message: &Message) -> Result<(), Problem> {
    let relay = SmtpTransport::builder_dangerous(address.ip().to_string())
        .port(address.port())
        .timeout(Some(PATIENCE))
        .build();
    relay
        .send(message)
        .map(drop)
        .map_err(|error| not_sent(&error.to_string()))
}

fn not_sent(why: &str) -> Problem {
    Problem::unavailable("mail-not-sent", format!("The mail was not sent: {why}."))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
