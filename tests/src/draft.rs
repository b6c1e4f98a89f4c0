//! Drafts that read as sentences: `a_link().role("editor").lasting("P7D").uses(1)`.

use guestpass::{
    Draft, Ending, GrantorGone, Guest, LockoutLimit, LockoutLimits, Scope, ScopeBase, Settings,
    Window,
};

/// A draft in the making.
#[derive(Debug, Clone)]
pub struct DraftBuilder(Draft);

/// A link for `sam@support.example` with the role `administrator` for a week, to be used any number of times.
#[must_use]
pub fn a_link() -> DraftBuilder {
    DraftBuilder(Draft::new(
        Guest::new("sam@support.example"),
        Scope::role("administrator"),
        Window::lasting("P7D"),
    ))
}

/// A user with a password for `sam@support.example` with the role `administrator` for a week.
#[must_use]
pub fn a_password() -> DraftBuilder {
    a_link().of_kind("password")
}

/// An invitation of `sue@main.example`, who is a user of the site, with the role `editor`. It does not end by itself.
#[must_use]
pub fn an_invitation() -> DraftBuilder {
    DraftBuilder(Draft::invitation(
        Guest::new("sue@main.example"),
        Scope::role("editor"),
        None,
    ))
}

impl DraftBuilder {
    /// For this address.
    #[must_use]
    pub fn for_(mut self, email: &str) -> Self {
        self.0.guest.email = email.to_owned();
        self
    }

    /// Of this kind.
    #[must_use]
    pub fn of_kind(mut self, kind: &str) -> Self {
        self.0.kind = kind.to_owned();
        self
    }

    /// For somebody of this name.
    #[must_use]
    pub fn called(mut self, first: &str, last: &str) -> Self {
        self.0.guest.first_name = Some(first.to_owned());
        self.0.guest.last_name = Some(last.to_owned());
        self
    }

    /// Signing in by this name.
    #[must_use]
    pub fn signing_in_as(mut self, login: &str) -> Self {
        self.0.guest.login = Some(login.to_owned());
        self
    }

    /// With this web site.
    #[must_use]
    pub fn at_home_on(mut self, website: &str) -> Self {
        self.0.guest.website = Some(website.to_owned());
        self
    }

    /// In this language.
    #[must_use]
    pub fn speaking(mut self, locale: &str) -> Self {
        self.0.guest.locale = Some(locale.to_owned());
        self
    }

    /// What this role holds.
    #[must_use]
    pub fn role(self, role: &str) -> Self {
        self.base(ScopeBase::Role(role.to_owned()))
    }

    /// Every permission.
    #[must_use]
    pub fn everything(self) -> Self {
        self.base(ScopeBase::All)
    }

    /// Exactly these permissions.
    #[must_use]
    pub fn chosen(self, permissions: &[&str]) -> Self {
        self.base(ScopeBase::Chosen(owned(permissions)))
    }

    /// And these.
    #[must_use]
    pub fn also(mut self, permissions: &[&str]) -> Self {
        self.0.scope.also = owned(permissions);
        self
    }

    /// But not these.
    #[must_use]
    pub fn except(mut self, permissions: &[&str]) -> Self {
        self.0.scope.except = owned(permissions);
        self
    }

    /// For this long from opening.
    #[must_use]
    pub fn lasting(self, period: &str) -> Self {
        self.ending(Ending::After(period.to_owned()))
    }

    /// For this long from the first use.
    #[must_use]
    pub fn lasting_from_first_use(self, period: &str) -> Self {
        self.ending(Ending::AfterFirstUse(period.to_owned()))
    }

    /// Until this instant.
    #[must_use]
    pub fn until(self, instant: u64) -> Self {
        self.ending(Ending::At(instant))
    }

    /// Ending so.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.window().ending = ending;
        self
    }

    /// Not before this instant.
    #[must_use]
    pub fn opening(mut self, instant: u64) -> Self {
        self.window().opens = Some(instant);
        self
    }

    /// To be used for the first time within this period of opening.
    #[must_use]
    pub fn to_be_used_within(mut self, period: &str) -> Self {
        self.window().use_within = Some(period.to_owned());
        self
    }

    /// To be redeemed so many times.
    #[must_use]
    pub fn uses(mut self, uses: u32) -> Self {
        self.0.uses = Some(uses);
        self
    }

    /// Leading to this path.
    #[must_use]
    pub fn leading_to(mut self, path: &str) -> Self {
        self.0.redirect = Some(path.to_owned());
        self
    }

    /// With this note.
    #[must_use]
    pub fn noted(mut self, note: &str) -> Self {
        self.0.note = Some(note.to_owned());
        self
    }

    /// With this message.
    #[must_use]
    pub fn saying(mut self, message: &str) -> Self {
        self.0.message = Some(message.to_owned());
        self
    }

    /// The draft.
    #[must_use]
    pub fn draft(self) -> Draft {
        self.0
    }

    /// With the window that the policy has as its default.
    #[must_use]
    pub fn without_a_window(mut self) -> Self {
        self.0.window = None;
        self
    }

    /// For this purpose.
    #[must_use]
    pub fn serving(mut self, purpose: &str) -> Self {
        self.0.purpose = Some(purpose.to_owned());
        self
    }

    /// Knowing this.
    #[must_use]
    pub fn knowingly(mut self, word: &str) -> Self {
        self.0.knowingly.push(word.to_owned());
        self
    }

    fn window(&mut self) -> &mut Window {
        self.0.window.get_or_insert_with(|| Window::lasting("P7D"))
    }

    fn base(mut self, base: ScopeBase) -> Self {
        self.0.scope.base = base;
        self
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The settings that a site begins with, to change some of.
#[must_use]
pub fn beginning() -> Settings {
    Settings {
        ceiling: None,
        longest_window: "P1Y".to_owned(),
        roles: None,
        most_uses: None,
        default_ending: Ending::After("P7D".to_owned()),
        default_redirect: None,
        forbidden_domains: Vec::new(),
        allowed_domains: None,
        fresh_backup: None,
        grantor_gone: GrantorGone::Withhold,
        kinds: None,
        session_length: None,
        session_idle: None,
        retire_after: Some("P30D".to_owned()),
        endless_invitations: true,
        lockout: LockoutLimits {
            within: "PT10M".to_owned(),
            address: lockout_after(3, "PT20M"),
            grant: lockout_after(20, "PT20M"),
            site: lockout_after(300, "PT5M"),
        },
    }
}

/// A lock of this length after so many tries.
#[must_use]
pub fn lockout_after(tries: u32, lock: &str) -> LockoutLimit {
    LockoutLimit {
        tries,
        lock: lock.to_owned(),
    }
}
