//! What a page is asked for with. The contract is that of the WIT.

use guestpass_core::Instant;
use guestpass_core::names::Origin;

/// Who asks, as the host knows it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody is signed in.
    Nobody,
    /// A user of whom the host is certain.
    User(String),
    /// Whoever holds this session of the engine.
    Session(String),
}

/// From an instant on, how many minutes local time is ahead of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// From then on.
    pub since: Instant,
    /// So many minutes.
    pub minutes: i16,
}

/// The site's time zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// As people may read it.
    pub name: String,
    /// In ascending order.
    pub offsets: Vec<Offset>,
}

/// A file that came with a form. The host keeps what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The host's name for it.
    pub handle: String,
    /// There was more of it than the host takes.
    pub too_large: bool,
}

/// One request for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The site.
    pub site: String,
    /// How it is called.
    pub title: String,
    /// The method.
    pub method: String,
    /// Where the pages are mounted.
    pub mount: String,
    /// What follows the mount.
    pub path: String,
    /// What follows `?`.
    pub query: String,
    /// The body of a POST.
    pub form: Vec<u8>,
    /// The file in it.
    pub upload: Option<Upload>,
    /// Who asks.
    pub visitor: Visitor,
    /// What stands in the forms of who is signed in.
    pub proof: Option<String>,
    /// Another site has sent this.
    pub foreign: bool,
    /// From where.
    pub origin: Origin,
    /// What the visitor would like to read, as in `Accept-Language`.
    pub languages: String,
    /// The site's time zone.
    pub zone: Zone,
    /// Scheme and authority of the site.
    pub base_url: String,
    /// The path of the host's first page.
    pub home: String,
    /// The path of the host's page for signing in.
    pub sign_in: String,
    /// Whether the host mails invitations.
    pub mails: bool,
    /// The fewest characters of a password.
    pub shortest_password: u16,
}
