//! Who is behind an address, and whether that person may be given access: one address has one user and one grant at a time.

use crate::engine::Engine;
use crate::grant::Grant;
use crate::grant::authority::Authority;
use crate::grant::id::GrantId;
use crate::grant::kind::Kind;
use crate::keys::{Key, Keys};
use crate::names::folded_email;
use crate::ports::User;
use crate::refusal::{Code, Refusal, quoted};
use crate::transaction::{Loaded, Transaction};

impl Engine<'_> {
    /// The user of a guest who had access before and comes back. One address has one user and one grant at a time: a second
    /// one could not be told from the first, and its link could not be redeemed.
    pub(super) fn returning(
        &self,
        transaction: &mut Transaction<'_>,
        authority: &Authority,
        email: &str,
    ) -> Result<Option<String>, Refusal> {
        let key = transaction.keys().email(&folded_email(email));
        let newest: Option<GrantId> = transaction.read(key, || "an address".to_owned())?;
        let mut earlier = match newest {
            Some(id) => transaction.grant(id)?,
            None => None,
        };
        if let Some(loaded) = &mut earlier {
            // What is decided on its being over must stay so if the clock goes back.
            transaction.settle(loaded)?;
            let grant = loaded.grant();
            if !grant.state.is_ended() {
                return Err(has_access(
                    email,
                    authority.covers(grant).then_some(grant.id),
                ));
            }
            if grant.loose_since.is_some() {
                return Err(cleared_up(email));
            }
        }
        let site = transaction.site();
        let known = self.directory(site, |directory, site| directory.find_by_email(site, email))?;
        let Some(known) = known else {
            return Ok(None);
        };
        let marked = transaction.keys().user(&known.id);
        let marked: Option<GrantId> = transaction.read(marked, || "a guest".to_owned())?;
        let last = match marked.filter(|id| Some(*id) != newest) {
            Some(id) => transaction.grant(id)?,
            None => earlier,
        };
        // Who was made to accept an invitation signs in as the host arranged: that is no guest who comes back.
        if let Some(mut loaded) = last.filter(|last| last.grant().kind != Kind::Invitation) {
            // Whoever came back under another address may have access by that.
            transaction.settle(&mut loaded)?;
            let grant = loaded.grant();
            if !grant.state.is_ended() {
                return Err(has_access(
                    email,
                    authority.covers(grant).then_some(grant.id),
                ));
            }
            if grant.is_retiring() {
                return Err(cleared_up(email));
            }
            if marked.is_some() || grant.user.as_ref() == Some(&known.id) {
                return Ok(Some(known.id));
            }
        }
        Err(Code::EmailInUse
            .because(format!(
                "{} belongs to a user of this site already.",
                quoted(email)
            ))
            .about("guest.email"))
    }

    /// Whether this grantor may invite this address: nobody twice, not oneself, no owner, and nobody who is a guest by a
    /// link and so could not sign in to accept.
    pub(super) fn invitable(
        &self,
        transaction: &mut Transaction<'_>,
        authority: &Authority,
        email: &str,
    ) -> Result<(), Refusal> {
        let key = transaction
            .keys()
            .invited(&folded_email(email), &authority.user);
        let newest: Option<GrantId> = transaction.read(key, || "an address".to_owned())?;
        let earlier = match newest {
            Some(id) => transaction.grant(id)?,
            None => None,
        };
        if let Some(mut loaded) = earlier {
            transaction.settle(&mut loaded)?;
            if !loaded.grant().state.is_ended() {
                return Err(was_invited(loaded.grant()));
            }
        }
        let site = transaction.site();
        let known = self.directory(site, |directory, site| directory.find_by_email(site, email))?;
        let Some(known) = known else { return Ok(()) };
        can_be_invited(&known, &authority.user)?;
        if given_to(transaction, &known.id)?.is_some_and(|given| given.kind != Kind::Invitation) {
            return Err(Code::EmailInUse
                .because(format!(
                    "{} is a guest of this site by a link or a password of their own. Remove that user first, then invite them.",
                    quoted(email)
                ))
                .about("guest.email"));
        }
        Ok(())
    }
}

/// Where the newest grant for its guest's address is named: a link is the only one of its address, an invitation the only
/// one of its grantor to that address.
pub(crate) fn address_of(keys: Keys<'_>, grant: &Grant) -> Key {
    let address = folded_email(&grant.guest.email);
    match grant.kind {
        Kind::Invitation => keys.invited(&address, &grant.grantor),
        Kind::Link | Kind::Password => keys.email(&address),
    }
}

fn has_access(email: &str, grant: Option<GrantId>) -> Refusal {
    let what = match grant {
        Some(id) => {
            format!("grant `{id}`. Extend it, reissue it for a new secret, or revoke it first")
        }
        None => "a grant of somebody else. An owner can revoke that first".to_owned(),
    };
    Code::GuestHasAccess
        .because(format!("{} has access already, by {what}.", quoted(email)))
        .about("guest.email")
}

fn cleared_up(email: &str) -> Refusal {
    Code::Contended.because(format!(
        "An earlier grant for {} is being cleared up. Nothing was changed; try again in a few minutes.",
        quoted(email)
    ))
}

fn was_invited(grant: &Grant) -> Refusal {
    let (email, id) = (quoted(&grant.guest.email), grant.id);
    let what = if grant.user.is_some() {
        format!(
            "{email} accepted your invitation `{id}`. Change what it gives, or revoke it first."
        )
    } else {
        format!(
            "You invited {email} already, by `{id}`. Resend that invitation, or revoke it first."
        )
    };
    Code::GuestHasAccess.because(what).about("guest.email")
}

/// Nobody invites themselves, and owners of the site hold everything already.
pub(crate) fn can_be_invited(invited: &User, grantor: &str) -> Result<(), Refusal> {
    if invited.id == grantor {
        return Err(Code::SelfInvitation
            .because("This invitation goes to the account it comes from. Invite somebody else's address.")
            .about("guest.email"));
    }
    if invited.standing.owner {
        return Err(Code::OwnerInvited
            .because(format!(
                "{} owns this site and holds everything already, so there is nothing to invite them to.",
                quoted(&invited.email)
            ))
            .about("guest.email"));
    }
    Ok(())
}

/// The grant that this user was last given, if it was made for a guest. One of a link or a password has no place of their
/// own to act from in another account.
pub(crate) fn given_to(
    transaction: &mut Transaction<'_>,
    user: &str,
) -> Result<Option<Grant>, Refusal> {
    let key = transaction.keys().user(user);
    let Some(id) = transaction.read::<GrantId>(key, || "a guest".to_owned())? else {
        return Ok(None);
    };
    Ok(transaction.grant(id)?.map(Loaded::into_grant))
}
