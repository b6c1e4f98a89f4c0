//! A grant that is asked for.

use crate::grant::kind::Kind;
use crate::grant::record::{Grant, Guest};
use crate::grant::scope::Scope;
use crate::grant::window::{Ending, Window};
use crate::names;
use crate::order;
use crate::refusal::{Code, Refusal, quoted};

/// Something that a draft may do knowingly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Override {
    /// Give less than the purpose needs.
    LackingPermissions,
    /// Give power over a site that has no fresh backup.
    WithoutBackup,
    /// Have the host mail the link or password.
    ByMail,
}

impl Override {
    /// Those for a new grant.
    const OF_GRANT: &[Self] = &[Self::LackingPermissions, Self::WithoutBackup, Self::ByMail];
    /// Those for another scope, of which nothing is mailed.
    pub(crate) const OF_SCOPE: &[Self] = &[Self::LackingPermissions, Self::WithoutBackup];

    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LackingPermissions => "lacking-permissions",
            Self::WithoutBackup => "without-backup",
            Self::ByMail => "by-mail",
        }
    }
}

/// Each word once, if all of them are words for one of these.
///
/// # Errors
/// [`Code::UnknownOverride`]
pub(crate) fn known_overrides(
    mut words: Vec<String>,
    these: &[Override],
) -> Result<Vec<String>, Refusal> {
    for word in &words {
        if !these.iter().any(|known| known.as_str() == word) {
            let known = these.iter().map(|known| format!("`{}`", known.as_str()));
            let known: Vec<_> = known.collect();
            return Err(Code::UnknownOverride
                .because(format!(
                    "Nothing can be done knowingly that is called {}. There is {}.",
                    quoted(word),
                    known.join(", ")
                ))
                .about("knowingly"));
        }
    }
    order::sort_and_dedup(&mut words);
    Ok(words)
}

/// A grant that is asked for. It gives nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// How the guest comes to hold it.
    pub kind: Kind,
    /// To whom.
    pub guest: Guest,
    /// The guest's web site.
    pub website: Option<String>,
    /// The name that the guest is to sign in by; none: the host's choice. Only where there is a password.
    pub login: Option<String>,
    /// What.
    pub scope: Scope,
    /// When; none: as the policy says.
    pub window: Option<Window>,
    /// What it is for.
    pub purpose: Option<String>,
    /// What is done although it was advised against.
    pub knowingly: Vec<String>,
    /// How often the link may be redeemed, or the guest sign in; none: any number of times.
    pub uses: Option<u32>,
    /// Where to go after signing in.
    pub redirect: Option<String>,
    /// For the owner's eyes.
    pub note: Option<String>,
    /// What the invited person is to read.
    pub message: Option<String>,
}

impl Draft {
    /// What this grant would be asked for with another scope.
    pub(crate) fn of(grant: &Grant, scope: Scope, knowingly: Vec<String>) -> Self {
        Self {
            kind: grant.kind,
            guest: grant.guest.clone(),
            website: grant.website.clone(),
            login: grant.login.clone(),
            scope,
            window: Some(grant.term.window()),
            purpose: None,
            knowingly,
            uses: grant.uses_allowed,
            redirect: grant.redirect.clone(),
            note: grant.note.clone(),
            message: grant.message.clone(),
        }
    }

    /// Checks all that can be told without looking anything up, and tidies the texts.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn checked(self) -> Result<Self, Refusal> {
        let invited = self.kind == Kind::Invitation;
        if invited && self.uses.is_some_and(|uses| uses != 1) {
            return Err(Code::BadUses
                .because("An invitation is accepted once. Leave the number of uses out.")
                .about("uses"));
        }
        if self.uses == Some(0) {
            return Err(Code::BadUses
                .because("A link that may be used 0 times opens nothing. Give 1 or more, or leave it out for any number.")
                .about("uses"));
        }
        if self
            .window
            .is_some_and(|window| window.ending == Ending::Never)
            && !invited
        {
            return Err(must_end());
        }
        if self.login.is_some() && self.kind != Kind::Password {
            return Err(Code::BadLogin
                .because("Only a guest with a password has a name to sign in by. Leave it out, or ask for a grant of the kind `password`.")
                .about("guest.login"));
        }
        Ok(Self {
            knowingly: known_overrides(self.knowingly, Override::OF_GRANT)?,
            guest: Guest {
                email: names::email(&self.guest.email)?,
                first_name: names::person(self.guest.first_name, "guest.first-name")?,
                last_name: names::person(self.guest.last_name, "guest.last-name")?,
                locale: names::locale(self.guest.locale)?,
            },
            website: names::website(self.website)?,
            login: names::login(self.login)?,
            redirect: names::redirect(self.redirect)?,
            note: names::note(self.note)?,
            message: names::message(self.message)?,
            ..self
        })
    }

    /// What is done knowingly, as history says it; none: nothing.
    pub(crate) fn known(&self) -> Option<String> {
        (!self.knowingly.is_empty()).then(|| self.knowingly.join(" "))
    }

    /// Whether this is done knowingly.
    #[must_use]
    pub fn knows(&self, what: Override) -> bool {
        self.knowingly.iter().any(|word| word == what.as_str())
    }
}

pub(crate) fn must_end() -> Refusal {
    Code::LinkMustEnd
        .because("Access by a link or a password must end. Give an end, a length, or a length from first use.")
        .about("window.ending")
}
