//! Who may hand out access, and whose grants somebody may touch.

use std::rc::Rc;

use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::grant::Grant;
use crate::grant::id::GrantId;
use crate::keys::Keys;
use crate::names::{Actor, SiteId};
use crate::ports::Standing;
use crate::refusal::{Code, Refusal, quoted};
use crate::transaction::{Loaded, Transaction};

/// A user who was found to have the right to hand out access.
#[derive(Debug)]
pub(crate) struct Authority {
    /// The user.
    pub(crate) user: String,
    /// What that user may do.
    pub(crate) standing: Standing,
    pub(crate) catalogue: Rc<Catalogue>,
}

impl Authority {
    /// Owners and holders of the catalogue's `grants-with` permission; never a guest, whatever the host says they hold.
    ///
    /// # Errors
    /// [`Code::UnknownActor`], [`Code::GuestMayNotGrant`], [`Code::MayNotGrant`]
    pub(crate) fn of(engine: &Engine<'_>, actor: &Actor) -> Result<Self, Refusal> {
        // Before the user: the mark goes when a guest is retired, and then there is no such user any more.
        let is_guest = engine.is_guest(&actor.site, &actor.user)?;
        let Some(standing) = engine.standing(&actor.site, &actor.user)? else {
            return Err(Code::UnknownActor
                .because(format!("This site has no user {}.", quoted(&actor.user))));
        };
        if is_guest {
            return Err(
                Code::GuestMayNotGrant.because("Guests may not hand out access or change it.")
            );
        }
        let catalogue = engine.catalogue(&actor.site, Some(standing.catalogue))?;
        if !catalogue.may_grant(&standing) {
            return Err(Code::MayNotGrant
                .because("You may not hand out access on this site. Ask an owner to do it, or to give you that permission."));
        }
        Ok(Self {
            user: actor.user.clone(),
            standing,
            catalogue,
        })
    }

    /// Whether this user may see and change the grant: their own, or any if they own the site.
    pub(crate) fn covers(&self, grant: &Grant) -> bool {
        self.standing.owner || grant.grantor == self.user
    }

    /// The grant, if there is one that this user may see and change.
    ///
    /// # Errors
    /// [`Code::UnknownGrant`], also for those of others.
    pub(crate) fn grant(
        &self,
        transaction: &mut Transaction<'_>,
        id: GrantId,
    ) -> Result<Loaded, Refusal> {
        let loaded = transaction.grant(id)?;
        loaded
            .filter(|loaded| self.covers(loaded.grant()))
            .ok_or_else(|| unknown_grant(id))
    }
}

/// How a user stands who may hand out access.
#[derive(Clone, Debug)]
pub struct Grantor {
    /// Whether they own the site, and so may see and change what everybody handed out.
    pub owner: bool,
    /// What there is to hand out.
    pub catalogue: Rc<Catalogue>,
}

impl Engine<'_> {
    /// How this user stands, if they may hand out access.
    ///
    /// # Errors
    /// [`Code::UnknownActor`], [`Code::GuestMayNotGrant`], [`Code::MayNotGrant`]
    pub fn grantor(&self, actor: &Actor) -> Result<Grantor, Refusal> {
        let authority = Authority::of(self, actor)?;
        Ok(Grantor {
            owner: authority.standing.owner,
            catalogue: authority.catalogue,
        })
    }

    /// Whether this user was made for a guest, and so has nothing of their own.
    pub(crate) fn is_guest(&self, site: &SiteId, user: &str) -> Result<bool, Refusal> {
        let mark = self.get(&[Keys(site).user(user)])?;
        Ok(mark.iter().any(Option::is_some))
    }
}

/// Reads a grant's name. What is none is not repeated: it may be a link that somebody pasted.
///
/// # Errors
/// [`Code::UnknownGrant`]
pub(crate) fn grant_id(text: &str) -> Result<GrantId, Refusal> {
    GrantId::parse(text).ok_or_else(|| {
        Code::UnknownGrant
            .because("There is no such grant: a grant's id has 22 letters, digits, `-` and `_`.")
    })
}

pub(crate) fn unknown_grant(id: GrantId) -> Refusal {
    Code::UnknownGrant.because(format!("There is no grant `{id}` that you may see."))
}
