//! Settings: a flag beats the environment, which beats the file, which beats the default.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use crate::mail::{Mailer, Way};
use crate::problem::Problem;

/// Where the file is looked for when `--config` does not say.
pub const DEFAULT_FILE: &str = "guestpass.toml";

/// One layer of settings: everything may be absent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, clap::Args)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(
    rustdoc::broken_intra_doc_links,
    rustdoc::bare_urls,
    reason = "this is the help of the command line as well, which knows no Markdown"
)]
#[command(next_help_heading = "Settings (also as GUESTPASS_… in the environment, or in the file)")]
pub struct Layer {
    /// Directory of the database and of the compiled engine [default: ./guestpass-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// How browsers reach this server, for example https://example.org [default: the address it listens on]
    #[arg(long, global = true, value_name = "URL")]
    pub base_url: Option<String>,
    /// Address of a proxy in front of this server, whose X-Forwarded-For is believed [default: none]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub proxy: Option<IpAddr>,
    /// Which site to work on [default: main]
    #[arg(long, global = true, value_name = "NAME")]
    pub site: Option<String>,
    /// Roles and permissions of a new site: wordpress or hosting-panel [default: wordpress]
    #[arg(long, global = true, value_name = "NAME")]
    pub catalogue: Option<String>,
    /// Title of a new site [default: My site]
    #[arg(long, global = true, value_name = "TEXT")]
    pub title: Option<String>,
    /// E-mail address of a new site's owner [default: owner@localhost]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub owner_email: Option<String>,
    /// Where invitations are mailed: a directory, or a relay on this machine such as smtp://127.0.0.1:25 [default: mail/
    /// in the data directory]
    #[arg(long, global = true, value_name = "WAY")]
    pub mail: Option<String>,
    /// The address that mail is from [default: guestpass at the site's host]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// What to log, for example info or guestpass_host=debug [default: info for serve, warn otherwise]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

impl Layer {
    /// This layer, with what it lacks taken from `below`.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            data: self.data.or(below.data),
            listen: self.listen.or(below.listen),
            base_url: self.base_url.or(below.base_url),
            proxy: self.proxy.or(below.proxy),
            site: self.site.or(below.site),
            catalogue: self.catalogue.or(below.catalogue),
            title: self.title.or(below.title),
            owner_email: self.owner_email.or(below.owner_email),
            mail: self.mail.or(below.mail),
            mail_from: self.mail_from.or(below.mail_from),
            log: self.log.or(below.log),
        }
    }

    /// Reads the layer of the environment through `get`, which is handed in so that tests need no real environment.
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let listen = get("GUESTPASS_LISTEN")
            .map(|text| address("GUESTPASS_LISTEN", &text, "127.0.0.1:8080"))
            .transpose()?;
        let proxy = get("GUESTPASS_PROXY")
            .map(|text| address("GUESTPASS_PROXY", &text, "127.0.0.1"))
            .transpose()?;
        Ok(Self {
            data: get("GUESTPASS_DATA").map(PathBuf::from),
            listen,
            base_url: get("GUESTPASS_BASE_URL"),
            proxy,
            site: get("GUESTPASS_SITE"),
            catalogue: get("GUESTPASS_CATALOGUE"),
            title: get("GUESTPASS_TITLE"),
            owner_email: get("GUESTPASS_OWNER_EMAIL"),
            mail: get("GUESTPASS_MAIL"),
            mail_from: get("GUESTPASS_MAIL_FROM"),
            log: get("GUESTPASS_LOG"),
        })
    }

    /// Reads a settings file. `explicit`: somebody named it, so its absence is an error.
    pub fn from_file(path: &Path, explicit: bool) -> Result<Self, Problem> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_toml(&path.display().to_string(), &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !explicit => {
                Ok(Self::default())
            }
            Err(error) => Err(Problem::usage(
                "bad-settings-file",
                format!(
                    "The settings file `{}` cannot be read: {error}.",
                    path.display()
                ),
            )),
        }
    }

    fn from_toml(name: &str, text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error| {
            let before = error
                .span()
                .and_then(|span| text.get(..span.start))
                .unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Problem::usage(
                "bad-settings-file",
                format!("{name}, line {line}: {}.", error.message()),
            )
        })
    }
}

/// The settings in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Directory of the database and of the compiled engine.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// How browsers reach the server, without a slash at the end; none: by the address it listens on.
    pub base_url: Option<String>,
    /// The proxy in front, if there is one.
    pub proxy: Option<IpAddr>,
    /// The site worked on.
    pub site: String,
    /// The catalogue somebody asked for; a site keeps the one it was created with.
    pub catalogue: Option<String>,
    /// Title of a new site.
    pub title: String,
    /// E-mail address of a new site's owner.
    pub owner_email: String,
    /// How invitations are mailed.
    pub mail: Mailer,
    /// What to log, where somebody said so.
    pub log: Option<String>,
}

impl Settings {
    /// Fills in the defaults and checks what can be checked without the database.
    pub fn new(layer: Layer) -> Result<Self, Problem> {
        let base_url = layer
            .base_url
            .map(|url| checked_base_url(&url))
            .transpose()?;
        let data = layer
            .data
            .unwrap_or_else(|| PathBuf::from("guestpass-data"));
        let way = match layer.mail {
            Some(way) => way.parse()?,
            None => Way::Folder(data.join("mail")),
        };
        let from = layer.mail_from.map(|from| sender(&from)).transpose()?;
        Ok(Self {
            data,
            mail: Mailer::new(way, from),
            listen: layer
                .listen
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            base_url,
            proxy: layer.proxy,
            site: layer.site.unwrap_or_else(|| "main".to_owned()),
            catalogue: layer.catalogue,
            title: layer.title.unwrap_or_else(|| "My site".to_owned()),
            owner_email: layer
                .owner_email
                .unwrap_or_else(|| "owner@localhost".to_owned()),
            log: layer.log,
        })
    }

    /// The database file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join("guestpass.db")
    }

    /// Where compiled engines are kept.
    #[must_use]
    pub fn cache(&self) -> PathBuf {
        self.data.join("cache")
    }
}

/// The address that mail is from.
fn sender(text: &str) -> Result<lettre::Address, Problem> {
    text.parse().map_err(|_| {
        Problem::usage(
            "bad-setting",
            format!("`{text}` is no e-mail address. Write it like `guestpass@example.org`."),
        )
        .at("mail-from")
    })
}

/// An address of the environment.
fn address<T: FromStr>(name: &str, text: &str, like: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        Problem::usage(
            "bad-setting",
            format!("`{text}` in {name} is no address. Write it like `{like}`."),
        )
    })
}

/// A base address without path, query and slash at the end.
fn checked_base_url(url: &str) -> Result<String, Problem> {
    let trimmed = url.trim_end_matches('/');
    let host = trimmed
        .strip_prefix("https://")
        .or_else(|| trimmed.strip_prefix("http://"))
        .unwrap_or_default();
    let strange =
        |c: char| matches!(c, '/' | '?' | '#' | '@' | '\\') || c.is_whitespace() || c.is_control();
    if host.is_empty() || host.contains(strange) {
        return Err(Problem::usage(
            "bad-setting",
            format!(
                "`{url}` is no base address. Write it like `https://example.org`, without a path."
            ),
        )
        .at("base-url"));
    }
    Ok(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(site: Option<&str>, title: Option<&str>, owner: Option<&str>) -> Layer {
        Layer {
            site: site.map(str::to_owned),
            title: title.map(str::to_owned),
            owner_email: owner.map(str::to_owned),
            ..Layer::default()
        }
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
        let flags = layer(Some("flag"), None, None);
        let environment = Layer::from_environment(|name| match name {
            "GUESTPASS_SITE" | "GUESTPASS_TITLE" => Some("environment".to_owned()),
            "GUESTPASS_OWNER_EMAIL" => Some(String::new()),
            _ => None,
        });
        let file = Layer::from_toml(
            "x",
            "site = \"file\"\ntitle = \"file\"\nowner-email = \"file@localhost\"",
        )
        .unwrap();
        let settings = Settings::new(flags.over(environment.unwrap()).over(file)).unwrap();
        assert_eq!(settings.site, "flag");
        assert_eq!(settings.title, "environment");
        assert_eq!(settings.owner_email, "file@localhost");
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let problem = Layer::from_toml(
            "guestpass.toml",
            "site = \"main\"\n\nlisen = \"127.0.0.1:1\"\n",
        )
        .unwrap_err();
        assert!(
            problem
                .message
                .starts_with("guestpass.toml, line 3: unknown field `lisen`"),
            "{problem}"
        );
        let problem = Layer::from_toml("guestpass.toml", "listen = \"nowhere\"").unwrap_err();
        assert!(
            problem.message.starts_with("guestpass.toml, line 1: "),
            "{problem}"
        );
    }

    #[test]
    fn a_file_that_somebody_named_must_be_there() {
        let absent = Path::new("no-such-directory/guestpass.toml");
        assert_eq!(Layer::from_file(absent, false).unwrap(), Layer::default());
        assert_eq!(
            Layer::from_file(absent, true).unwrap_err().code,
            "bad-settings-file"
        );
    }

    #[test]
    fn a_base_address_has_no_path_and_no_slash_at_the_end() {
        assert_eq!(
            checked_base_url("https://example.org/").unwrap(),
            "https://example.org"
        );
        for wrong in [
            "example.org",
            "https://",
            "https://a/b",
            "ftp://a",
            "https://a?b",
            "https://u@a",
            "https://a b",
        ] {
            assert_eq!(
                checked_base_url(wrong).unwrap_err().field.as_deref(),
                Some("base-url"),
                "{wrong}"
            );
        }
    }
}
