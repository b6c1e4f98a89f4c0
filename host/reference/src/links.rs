//! Addresses that are handed out. The secret stands behind `#`, which browsers never send to a server.

use std::net::SocketAddr;

use crate::config::Settings;

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
    format!("{base_url}/{page}#{secret}")
}

/// The one-time link of a regular user.
#[must_use]
pub fn sign_in_link(base_url: &str, token: &str) -> String {
    format!("{base_url}/arrive#{token}")
}
