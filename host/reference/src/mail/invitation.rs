//! The mail that brings somebody access: an invitation, or where that was asked for, a link or a password.

use guestpass::{Ending, Grant, Scope, ScopeBase};

use super::texts::{Texts, filled};
use crate::cms::catalogue::Catalogue;
use crate::links::WayIn;
use crate::when;

const DAY: u64 = 24 * 60 * 60 * 1_000;

/// What such a mail is about. Holds a secret, so it is not printed.
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
    /// What roles and permissions are called.
    pub catalogue: &'a Catalogue,
    /// The link, secret and all, or what to sign in by.
    pub way_in: &'a WayIn,
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
        let ends = self.grant.ends.unwrap_or(self.now);
        let days = ends.saturating_sub(self.now).div_ceil(DAY).max(1);
        let (scope, date) = (self.scope(texts), texts.date(ends));
        let values = [
            ("inviter", self.inviter),
            ("site", self.site),
            ("email", self.email),
            ("name", self.name.unwrap_or_default()),
            ("scope", &scope),
            ("date", &date),
            ("days", &days.to_string()),
        ];
        let line = |sentence: &str| filled(sentence, &values);
        let to_account = self.grant.kind == "invitation";
        let greeting = match self.name {
            Some(_) => &texts.greeting,
            None => &texts.greeting_nobody,
        };
        let mut parts = vec![
            line(greeting),
            line(if to_account {
                &texts.invites
            } else {
                &texts.gives
            }),
        ];
        if let Some(message) = &self.grant.message {
            let quoted: Vec<_> = message.lines().map(|line| format!("> {line}")).collect();
            parts.push(format!("{}\n{}", line(&texts.message), quoted.join("\n")));
        }
        parts.push(match self.way_in {
            WayIn::Link(link) => {
                let open = if to_account {
                    &texts.open
                } else {
                    &texts.open_link
                };
                format!("{}\n{link}", line(open))
            }
            WayIn::Password(way) => {
                let login = filled(&texts.user_name, &[("login", &way.login)]);
                let password = filled(&texts.password, &[("password", &way.password)]);
                format!(
                    "{}\n{}\n{login}\n{password}",
                    line(&texts.sign_in),
                    way.address
                )
            }
        });
        parts.push(if to_account {
            line(texts.accept(days))
        } else {
            self.until(texts)
        });
        parts.push(line(&texts.ignore));
        Text {
            subject: line(&texts.subject),
            body: format!("{}\n", parts.join("\n\n")),
        }
    }

    /// What they would get, permission by permission where it is no role.
    fn scope(&self, texts: &Texts) -> String {
        let titles = |names: &[String]| {
            let title =
                |name: &String| self.catalogue.permissions.get(name).unwrap_or(name).clone();
            names.iter().map(title).collect::<Vec<_>>().join(", ")
        };
        let Scope { base, also, except } = &self.grant.scope;
        let mut scope = match base {
            ScopeBase::Role(name) => {
                let role = self.catalogue.role(name);
                role.map_or_else(|| name.clone(), |role| role.title.clone())
            }
            ScopeBase::All => texts.all.clone(),
            ScopeBase::Chosen(names) => filled(&texts.chosen, &[("permissions", &titles(names))]),
        };
        for (names, sentence) in [(also, &texts.also), (except, &texts.except)] {
            if !names.is_empty() {
                let values = [("scope", scope.as_str()), ("permissions", &titles(names))];
                scope = filled(sentence, &values);
            }
        }
        scope
    }

    /// Until when somebody can come in by a link or a password.
    fn until(&self, texts: &Texts) -> String {
        let dated = |sentence: &str, at: u64| filled(sentence, &[("date", &texts.date(at))]);
        let Some(ends) = self.grant.ends else {
            return texts.endless.clone();
        };
        if self.grant.ends_bound_by != "use-within" {
            return dated(&texts.until, ends);
        }
        let first = dated(&texts.first, ends);
        let then = match &self.grant.window.ending {
            Ending::AfterFirstUse(period) => {
                filled(&texts.from_then, &[("length", &texts.length(period))])
            }
            Ending::At(at) => dated(&texts.until, *at),
            Ending::After(period) => match when::after(self.grant.opens, period) {
                Ok(at) => dated(&texts.until, at),
                Err(_) => return first,
            },
            Ending::Never => return first,
        };
        format!("{first} {then}")
    }
}
