//! The mail that invites somebody.

use guestpass::{Grant, ScopeBase};

use super::texts::{Texts, filled};
use crate::cms::catalogue::Catalogue;

const DAY: u64 = 24 * 60 * 60 * 1_000;

/// What an invitation is about.
#[derive(Debug)]
pub struct Invited<'a> {
    /// To whom it goes.
    pub email: &'a str,
    /// How to address them, if that is known.
    pub name: Option<&'a str>,
    /// Their language.
    pub locale: Option<&'a str>,
    /// How the grantor is called.
    pub inviter: &'a str,
    /// The site's title.
    pub site: &'a str,
    /// Where the site is.
    pub base_url: &'a str,
    /// What they would get.
    pub grant: &'a Grant,
    /// What roles are called.
    pub catalogue: &'a Catalogue,
    /// The link, secret and all.
    pub link: &'a str,
    /// Now.
    pub now: u64,
}

/// What a mail says.
pub(super) struct Text {
    pub subject: String,
    pub body: String,
}

impl Invited<'_> {
    pub(super) fn text(&self, texts: &Texts) -> Text {
        let scope = match &self.grant.scope.base {
            ScopeBase::Role(name) => self
                .catalogue
                .role(name)
                .map_or(name.as_str(), |role| role.title.as_str()),
            ScopeBase::All => texts.all.as_str(),
            ScopeBase::Chosen(_) => texts.chosen.as_str(),
        };
        let ends = self.grant.ends.unwrap_or(self.now);
        let days = ends.saturating_sub(self.now).div_ceil(DAY).max(1);
        let date = texts.date(ends);
        let values = [
            ("inviter", self.inviter),
            ("site", self.site),
            ("email", self.email),
            ("name", self.name.unwrap_or_default()),
            ("scope", scope),
            ("date", &date),
            ("days", &days.to_string()),
        ];
        let line = |sentence: &str| filled(sentence, &values);
        let greeting = match self.name {
            Some(_) => &texts.greeting,
            None => &texts.greeting_nobody,
        };
        let mut parts = vec![line(greeting), line(&texts.invites)];
        if let Some(message) = &self.grant.message {
            let quoted: Vec<_> = message.lines().map(|line| format!("> {line}")).collect();
            parts.push(format!("{}\n{}", line(&texts.message), quoted.join("\n")));
        }
        parts.push(format!("{}\n{}", line(&texts.open), self.link));
        parts.push(line(texts.accept(days)));
        parts.push(line(&texts.ignore));
        Text {
            subject: line(&texts.subject),
            body: format!("{}\n", parts.join("\n\n")),
        }
    }
}
