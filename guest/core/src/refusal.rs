//! Refusals: every way the engine says no, in one table.

use core::fmt;

use crate::names::misleads;

/// Why, coarsely. Never grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input is wrong.
    Invalid,
    /// Who asks may not do this.
    Forbidden,
    /// There is no such thing, or none that may be told apart from nothing.
    NotFound,
    /// The thing's state does not allow it.
    Conflict,
    /// Too many tries.
    Throttled,
    /// It was there and is over.
    Gone,
    /// The host could not read or write. Nothing was changed.
    Unavailable,
}

/// A refusal. Nothing was changed, and no part of it holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What happened, for programs.
    pub code: Code,
    /// What was wrong and what to do, for people.
    pub message: String,
    /// The input it concerns, as a path.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// Says which input is to blame.
    #[must_use]
    pub fn about(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Refusal {}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $kind:ident $text:literal;)*) => {
        /// What happened, for programs. The one list of all codes; new ones may come.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable word, such as `link-used-up`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The coarse kind it belongs to.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }
        }
    };
}

codes! {
    /// The site's name is no site name.
    BadSite Invalid "bad-site";
    /// The host has no such site.
    UnknownSite NotFound "unknown-site";
    /// A user id that cannot be one.
    BadUser Invalid "bad-user";
    /// The address is no e-mail address.
    BadEmail Invalid "bad-email";
    /// A name is too long or holds characters that are invisible or change the writing direction.
    BadName Invalid "bad-name";
    /// The locale is no language tag.
    BadLocale Invalid "bad-locale";
    /// The name to sign in by is too long, or holds what it may not.
    BadLogin Invalid "bad-login";
    /// The web site is no address of one.
    BadWebsite Invalid "bad-website";
    /// The note is too long.
    BadNote Invalid "bad-note";
    /// The redirect leaves the site or is no path.
    BadRedirect Invalid "bad-redirect";
    /// The number of uses is zero.
    BadUses Invalid "bad-uses";
    /// A period is not of the ISO 8601 form.
    BadPeriod Invalid "bad-period";
    /// A page size or start is out of range.
    BadPage Invalid "bad-page";
    /// There is no such kind of grant.
    UnknownKind Invalid "unknown-kind";
    /// The catalogue has no such role.
    UnknownRole Invalid "unknown-role";
    /// The catalogue has no such permission.
    UnknownPermission Invalid "unknown-permission";
    /// The permission is one that no guest may hold.
    PermissionReserved Invalid "permission-reserved";
    /// The permission is above the site's ceiling.
    BeyondCeiling Forbidden "beyond-ceiling";
    /// The grantor does not hold the permission.
    BeyondOwnPower Forbidden "beyond-own-power";
    /// The scope names more than can be kept.
    ScopeTooLong Invalid "scope-too-long";
    /// Nothing would be left of what the scope names.
    EmptyScope Invalid "empty-scope";
    /// The window ends before it could be used.
    WindowInThePast Invalid "window-in-the-past";
    /// The window is longer than the site allows.
    WindowTooLong Invalid "window-too-long";
    /// The window opens too far in the future.
    OpensTooLate Invalid "opens-too-late";
    /// There are more uses than the site allows a link.
    TooManyUses Invalid "too-many-uses";
    /// The scope is no role that the site allows guests, and fits in none.
    RoleNotAllowed Forbidden "role-not-allowed";
    /// The site gives no access to addresses of this domain.
    DomainNotAllowed Forbidden "domain-not-allowed";
    /// A domain in the policy is none.
    BadDomain Invalid "bad-domain";
    /// The site hands out no grants of this kind.
    KindNotAllowed Forbidden "kind-not-allowed";
    /// A number or a length in the policy is out of its range.
    OutOfRange Invalid "out-of-range";
    /// The catalogue has no such purpose.
    UnknownPurpose Invalid "unknown-purpose";
    /// The scope lacks permissions that the purpose needs.
    RoleLacksPermission Invalid "role-lacks-permission";
    /// The word says nothing that could be done knowingly.
    UnknownOverride Invalid "unknown-override";
    /// What is given needs a fresh backup, and there is none.
    BackupTooOld Conflict "backup-too-old";
    /// Access by a link or a password must end.
    LinkMustEnd Invalid "link-must-end";
    /// The extension would gain nothing under the longest window.
    WindowAtCeiling Conflict "window-at-ceiling";
    /// The address belongs to a user of the site who is no guest.
    EmailInUse Conflict "email-in-use";
    /// A guest of this address has access already.
    GuestHasAccess Conflict "guest-has-access";
    /// Who asks is no user of the site.
    UnknownActor Forbidden "unknown-actor";
    /// Guests may not hand out or change access.
    GuestMayNotGrant Forbidden "guest-may-not-grant";
    /// Who asks may not hand out access.
    MayNotGrant Forbidden "may-not-grant";
    /// Only owners may do this.
    OwnersOnly Forbidden "owners-only";
    /// There is no such grant, or it is somebody else's.
    UnknownGrant NotFound "unknown-grant";
    /// The grant is over.
    GrantEnded Gone "grant-ended";
    /// The grant is suspended.
    GrantSuspended Forbidden "grant-suspended";
    /// The grant is suspended already.
    AlreadySuspended Conflict "already-suspended";
    /// The grant is not suspended.
    NotSuspended Conflict "not-suspended";
    /// What is asked does not fit the grant's state.
    WrongState Conflict "wrong-state";
    /// An extension said no.
    Vetoed Forbidden "vetoed";
    /// An extension failed, which counts as no.
    HookFailed Unavailable "hook-failed";
    /// A link that opens nothing: unknown, malformed or foreign.
    LinkNotValid NotFound "link-not-valid";
    /// The right link, before its time.
    LinkNotOpenYet Conflict "link-not-open-yet";
    /// The right link or password, used as often as it may be.
    LinkUsedUp Gone "link-used-up";
    /// Too many links that open nothing were tried.
    LockedOut Throttled "locked-out";
    /// Nothing is counted under this name.
    UnknownLockout NotFound "unknown-lockout";
    /// Who signs in is no guest.
    NotAGuest Forbidden "not-a-guest";
    /// Who signs in is a guest who was given no password.
    NoPasswordGuest Forbidden "no-password-guest";
    /// The host would not create the guest's user.
    UserRejected Conflict "user-rejected";
    /// The host has deleted the guest's user.
    UserGone Gone "user-gone";
    /// There is no such session.
    SessionUnknown NotFound "session-unknown";
    /// The session was begun with a link or password that has been replaced.
    SessionSuperseded Gone "session-superseded";
    /// The session is over, though its grant is not.
    SessionEnded Gone "session-ended";
    /// Guests are not let in on this site at the moment.
    Deactivated Forbidden "deactivated";
    /// Only a deactivated site can be uninstalled.
    NotDeactivated Conflict "not-deactivated";
    /// Nobody is there to take the content over.
    UnknownHeir NotFound "unknown-heir";
    /// There is no such state of a grant.
    UnknownState Invalid "unknown-state";
    /// Others kept changing the same thing.
    Contended Conflict "contended";
    /// The host's store failed.
    StoreUnavailable Unavailable "store-unavailable";
    /// The host's directory failed.
    DirectoryUnavailable Unavailable "directory-unavailable";
    /// A stored record is damaged.
    RecordDamaged Unavailable "record-damaged";
    /// A stored record was written by a newer version.
    RecordTooNew Unavailable "record-too-new";
    /// The host's catalogue breaks a documented limit.
    BadCatalogue Unavailable "bad-catalogue";
    /// The message to an invited person is too long.
    BadMessage Invalid "bad-message";
    /// Somebody invites themselves.
    SelfInvitation Invalid "self-invitation";
    /// Owners of the site hold everything already.
    OwnerInvited Conflict "owner-invited";
    /// The invitation is for somebody else.
    WrongUser Forbidden "wrong-user";
    /// The site has a user of the invited address already.
    SignInFirst Conflict "sign-in-first";
    /// The invitation was accepted before.
    AlreadyAccepted Gone "already-accepted";
    /// A checkpoint is none, of another site, or covers more than there is.
    BadCheckpoint Invalid "bad-checkpoint";
    /// A proof is none, or does not prove what it should.
    BadProof Invalid "bad-proof";
    /// The log of history has no such record.
    UnknownRecord NotFound "unknown-record";
    /// Something else holds the guest's user, and has to end first.
    UserHeld Conflict "user-held";
}

impl Code {
    /// A refusal with this code and a sentence for people.
    #[must_use]
    pub fn because(self, message: impl Into<String>) -> Refusal {
        Refusal {
            code: self,
            message: message.into(),
            field: None,
        }
    }
}

/// User input as it may stand in a sentence: in backticks, shortened, without control characters and those that mislead.
pub(crate) fn quoted(input: &str) -> String {
    shortened(input, 80)
}

/// A sentence of a plugin or of the host as it may stand in one of ours: whole, unless it is longer than anybody reads.
pub(crate) fn quoted_sentence(input: &str) -> String {
    shortened(input, 300)
}

fn shortened(input: &str, most: usize) -> String {
    let mut text: String = input
        .chars()
        .filter(|c| !c.is_control() && !misleads(*c) && *c != '`')
        .take(most)
        .collect();
    if input.chars().nth(most).is_some() {
        text.push('…');
    }
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_what_was_wrong_and_what_to_do() {
        let refusal = Code::BadEmail.because("That is no address.").about("email");
        assert_eq!(refusal.to_string(), "That is no address.");
    }

    #[test]
    fn no_two_codes_share_a_word() {
        let mut words: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
    }

    #[test]
    fn every_code_stands_in_the_contract() {
        let contract = include_str!("../../../wit/access/types.wit");
        for code in Code::ALL {
            let row = format!("// {} ", code.as_str());
            assert!(
                contract.contains(&row),
                "`{}` is missing in types.wit",
                code.as_str()
            );
        }
    }

    #[test]
    fn input_in_a_sentence_is_short_and_harmless() {
        assert_eq!(quoted("a\u{1b}[31m`b\u{202e}\u{200b}"), "`a[31mb`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 83);
    }
}
