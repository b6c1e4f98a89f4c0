//! A grant that is asked for.

use crate::grant::record::Guest;
use crate::grant::scope::Scope;
use crate::grant::window::{Ending, Window};
use crate::names;
use crate::refusal::{Code, Refusal};

/// A grant that is asked for. It gives nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// To whom.
    pub guest: Guest,
    /// What.
    pub scope: Scope,
    /// When.
    pub window: Window,
    /// How often the link may be redeemed; none: any number of times.
    pub uses: Option<u32>,
    /// Where to go after signing in.
    pub redirect: Option<String>,
    /// For the owner's eyes.
    pub note: Option<String>,
}

impl Draft {
    /// Checks all that can be told without looking anything up, and tidies the texts.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn checked(self) -> Result<Self, Refusal> {
        if self.uses == Some(0) {
            return Err(Code::BadUses
                .because("A link that may be used 0 times opens nothing. Give 1 or more, or leave it out for any number.")
                .about("uses"));
        }
        if self.window.ending == Ending::Never {
            return Err(Code::LinkMustEnd
                .because("A link must end. Give an end, a length, or a length from first use.")
                .about("window.ending"));
        }
        Ok(Self {
            guest: Guest {
                email: names::email(&self.guest.email)?,
                first_name: names::person(self.guest.first_name, "guest.first-name")?,
                last_name: names::person(self.guest.last_name, "guest.last-name")?,
                locale: names::locale(self.guest.locale)?,
            },
            redirect: names::redirect(self.redirect)?,
            note: names::note(self.note)?,
            ..self
        })
    }
}
