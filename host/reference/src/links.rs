//! Addresses that are handed out. The secret of a link stands behind `#`, which browsers never send to a server.

use std::net::SocketAddr;

use guestpass::{Grant, Secret};

use crate::config::Settings;

/// Where the engine's pages are on the site.
pub const MOUNT: &str = "/access";

/// What lets a guest in, in the one answer that shows it, and in a mail if that was asked for.
pub enum WayIn {
    /// The address to open.
    Link(String),
    /// What to sign in by.
    Password(SignIn),
}

/// What a guest with a password signs in by.
pub struct SignIn {
    /// Where.
    pub address: String,
    /// The user name.
    pub login: String,
    /// The password.
    pub password: String,
}

impl WayIn {
    /// What was issued for this grant, at this site.
    #[must_use]
    pub fn new(base_url: &str, grant: &Grant, secret: Secret) -> Self {
        Self::of(base_url, grant, &secret.into_inner())
    }

    /// The same of a secret that is still needed elsewhere.
    #[must_use]
    pub fn of(base_url: &str, grant: &Grant, secret: &str) -> Self {
        if grant.kind != "password" {
            return Self::Link(of_grant(base_url, &grant.kind, secret));
        }
        // A host without user names would let guests sign in by address; this one always has them.
        let login = grant.guest.login.clone();
        Self::Password(SignIn {
            address: sign_in_page(base_url),
            login: login.unwrap_or_else(|| grant.guest.email.clone()),
            password: secret.to_owned(),
        })
    }
}

/// How browsers reach the server: the setting, else where it was last served, else the address it listens on.
#[must_use]
pub fn base_url(settings: &Settings, last_served: Option<&str>) -> String {
    settings
        .base_url
        .clone()
        .or_else(|| last_served.map(str::to_owned))
        .unwrap_or_else(|| listening_url(settings.listen))
}

/// The address of a server that listens here.
#[must_use]
pub fn listening_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// The link of a grant of this kind.
#[must_use]
pub fn of_grant(base_url: &str, kind: &str, secret: &str) -> String {
    let page = if kind == "invitation" {
        "invitation"
    } else {
        "enter"
    };
    format!("{base_url}{MOUNT}/{page}#{secret}")
}

/// Where guests with a password and regular users sign in.
#[must_use]
pub fn sign_in_page(base_url: &str) -> String {
    format!("{base_url}/sign-in")
}

/// The one-time link of a regular user.
#[must_use]
pub fn sign_in_link(base_url: &str, token: &str) -> String {
    format!("{base_url}/arrive#{token}")
}
