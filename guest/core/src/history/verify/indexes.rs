//! Whether a grant is found where it should be: by its guest's address, by its user, by who made it, and among the due
//! things.

use crate::codec;
use crate::engine::Engine;
use crate::grant::Grant;
use crate::grant::address::address_of;
use crate::grant::id::GrantId;
use crate::keys::Keys;
use crate::names::{SiteId, folded_email};
use crate::ports::Stored;
use crate::refusal::Refusal;
use crate::transaction::Chained;

impl Engine<'_> {
    /// What is missing of that.
    pub(super) fn missing_indexes(
        &self,
        site: &SiteId,
        grant: &Grant,
    ) -> Result<Vec<&'static str>, Refusal> {
        let mut missing = Vec::new();
        let keys = Keys(site);
        let places = grant.places(keys);
        let user = grant.own_user().map(|user| keys.user(user));
        let mut all = vec![address_of(keys, grant)];
        all.extend(user.clone());
        all.extend_from_slice(&places);
        let mut found = self.get(&all)?.into_iter();
        // A later grant of the same guest takes the place.
        let names = |entry: Option<Stored>, same: &dyn Fn(&Grant) -> bool| {
            let id = entry.and_then(|entry| codec::decode(&entry.value, String::new).ok());
            let Some(id) = id.filter(|id: &GrantId| *id != grant.id) else {
                return Ok(id.is_some());
            };
            let entry = self.get(&[keys.grant(id)])?.pop().flatten();
            let other =
                entry.map(|entry| codec::decode::<Chained<Grant>>(&entry.value, String::new));
            Ok(other.is_some_and(|other| other.is_ok_and(|other| same(&other.body))))
        };
        let address = folded_email(&grant.guest.email);
        if !names(found.next().flatten(), &|other| {
            folded_email(&other.guest.email) == address
        })? {
            missing.push("it is not found by its guest's address any more");
        }
        if let Some(user) = grant.own_user() {
            // The user of a guest who comes back by a password is the later grant's once the host has set it.
            let marked = names(found.next().flatten(), &|other| match &other.user {
                None => other.is_provisioning() || other.state.is_ended(),
                known => known.as_ref() == Some(user),
            })?;
            // Whom a later grant retired, or the site made a member, is nobody's guest.
            if !marked
                && self
                    .standing(site, user)?
                    .is_some_and(|standing| !standing.has_power())
            {
                missing.push("its user is not known as a guest any more");
            }
        }
        for (place, found) in places.iter().zip(found) {
            if found.is_none() {
                missing.push(match keys.tag(place) {
                    Some(b'd') => "the sweep does not know any more when it is due",
                    Some(b'm') => "who accepted it cannot switch to it any more",
                    _ => "it is not found by who made it any more",
                });
            }
        }
        Ok(missing)
    }
}
