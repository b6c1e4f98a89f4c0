//! What a plugin may do, where it is called, and what it is told.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::approval::Hosts;
use super::hooks::{EVENTS, Hook, REQUESTS, TICK};

/// One thing that a plugin asks for by its manifest and an owner approves. Written as `log`, `keyvalue`, `clock`,
/// `http:HOST`, `requests:NAME`, `hook:NAME` and `event:NAME`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Capability {
    /// Writing to the operator's log.
    Log,
    /// A memory of its own.
    KeyValue,
    /// Knowing the time.
    Clock,
    /// Sending requests to this host, `NAME` or `NAME:PORT`; or, as `setting:NAME`, to the host of the address in that setting,
    /// which is the owner's to choose.
    Http(String),
    /// Having grants revoked or suspended.
    Requests(String),
    /// Being called here. No manifest asks for it by this name: it follows from the hooks.
    Hook(Hook),
    /// Being told of this, or as `all`, of everything. It follows from the events, as hooks do.
    Event(String),
}

/// In the place of an event's name: all of them, but the hourly tick.
pub(super) const EVERYTHING: &str = "all";

/// What a plugin asks for, or was given.
pub type Capabilities = BTreeSet<Capability>;

impl Capability {
    /// The setting that names the host, where one does.
    pub(super) fn setting(&self) -> Option<&str> {
        match self {
            Self::Http(host) => host.strip_prefix(BY_SETTING),
            _ => None,
        }
    }

    /// Whether it is among these. Who hears of everything hears of each thing, but for the hourly tick.
    pub(super) fn is_covered_by(&self, given: &Capabilities) -> bool {
        let all = || given.contains(&Self::Event(EVERYTHING.to_owned()));
        given.contains(self) || matches!(self, Self::Event(name) if name != TICK && all())
    }

    /// The host that it is about by a setting, if the setting leads to one.
    pub fn host_in<'h>(&self, hosts: &'h Hosts) -> Option<&'h str> {
        hosts.get(self.setting()?).map(String::as_str)
    }

    /// What it means while its settings lead to these hosts.
    pub fn meaning_at(&self, hosts: &Hosts) -> String {
        match (self.setting(), self.host_in(hosts)) {
            (Some(name), Some(host)) => {
                format!("send what it learns to {host}, by the address in its setting `{name}`")
            }
            _ => self.meaning(),
        }
    }

    /// Its name, and the host that it is about by a setting.
    pub(super) fn name_at(&self, hosts: &Hosts) -> String {
        match self.host_in(hosts) {
            Some(host) => format!("{self} ({host})"),
            None => self.to_string(),
        }
    }

    /// What it means, for the owner who is asked for it.
    pub fn meaning(&self) -> String {
        match self {
            Self::Log => "write to the log".to_owned(),
            Self::KeyValue => "keep data of its own".to_owned(),
            Self::Clock => "know the time".to_owned(),
            Self::Http(host) => match host.strip_prefix(BY_SETTING) {
                Some(name) => format!(
                    "send what it learns to the host of the address in its setting `{name}`"
                ),
                None => format!("send what it learns to {host}"),
            },
            Self::Requests(name) => match REQUESTS.iter().find(|(known, _)| known == name) {
                Some(_) => format!("{name} grants in your name"),
                None => format!("request `{name}`"),
            },
            Self::Hook(Hook::Action) => format!("be called {}", Hook::Action.asked()),
            Self::Hook(hook) => format!("be called {}; it may {}", hook.asked(), hook.may()),
            Self::Event(name) if name == EVERYTHING => "hear of everything that happens".to_owned(),
            Self::Event(name) => match EVENTS.iter().find(|(known, _)| known == name) {
                Some((_, meaning)) => format!("hear of `{name}`: {meaning}"),
                None => format!("hear of `{name}`"),
            },
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("log"),
            Self::KeyValue => f.write_str("keyvalue"),
            Self::Clock => f.write_str("clock"),
            Self::Http(host) => write!(f, "http:{host}"),
            Self::Requests(name) => write!(f, "requests:{name}"),
            Self::Hook(hook) => write!(f, "hook:{}", hook.name()),
            Self::Event(name) => write!(f, "event:{name}"),
        }
    }
}

impl From<Capability> for String {
    fn from(capability: Capability) -> Self {
        capability.to_string()
    }
}

impl FromStr for Capability {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("`{text}` is no capability");
        match text.split_once(':') {
            None if text == "log" => Ok(Self::Log),
            None if text == "keyvalue" => Ok(Self::KeyValue),
            None if text == "clock" => Ok(Self::Clock),
            Some(("http", host)) => checked_host(host).map(Self::Http),
            Some(("requests", name)) => Ok(Self::Requests(name.to_owned())),
            Some(("event", name)) => Ok(Self::Event(name.to_owned())),
            Some(("hook", name)) => Hook::named(name).map(Self::Hook).ok_or_else(unknown),
            _ => Err(unknown()),
        }
    }
}

impl TryFrom<String> for Capability {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Stands before the name of the setting that holds an address.
pub(super) const BY_SETTING: &str = "setting:";

/// A host as capabilities name it: a name or an IPv4 address in lower case, and a port if it is not the usual one.
pub(super) fn checked_host(text: &str) -> Result<String, String> {
    let wrong = || {
        format!(
            "`{text}` is no host; write a name like `hooks.example.com` or `127.0.0.1:9000`, or `setting:url` for the host in \
             the setting `url`"
        )
    };
    if let Some(setting) = text.strip_prefix(BY_SETTING) {
        let named = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        return if (1..=64).contains(&setting.len()) && setting.bytes().all(named) {
            Ok(text.to_owned())
        } else {
            Err(wrong())
        };
    }
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if name.len() > 253 || !name.split('.').all(label) {
        return Err(wrong());
    }
    let sound = |port: &str| {
        !port.starts_with('0')
            && port.bytes().all(|b| b.is_ascii_digit())
            && port.parse::<u16>().is_ok()
    };
    match port {
        Some(port) if !sound(port) => Err(wrong()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "log",
            "keyvalue",
            "clock",
            "http:a.example",
            "http:127.0.0.1:9000",
            "requests:revoke",
            "hook:grant-filter",
            "event:all",
        ] {
            let capability: Capability = text.parse().unwrap();
            assert_eq!(capability.to_string(), text);
        }
    }

    #[test]
    fn a_host_is_a_name_and_nothing_beside_it() {
        for wrong in [
            "",
            "*",
            "*.example",
            "A.example",
            "a/b",
            "u@a",
            "a:",
            "a:0",
            "a:99999",
            "a..b",
            "-a",
            "a b",
            "[::1]",
        ] {
            assert!(checked_host(wrong).is_err(), "{wrong}");
        }
    }
}
