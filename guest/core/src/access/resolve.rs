//! Who is behind a session and what they may do: asked on every request, from what is stored at that moment.

use std::rc::Rc;

use crate::catalogue::Catalogue;
use crate::codec;
use crate::engine::Engine;
use crate::entry::mark::Over;
use crate::entry::session::Session;
use crate::entry::token::{self, Kind};
use crate::grant::Grant;
use crate::grant::create::hook_failed;
use crate::grant::id::GrantId;
use crate::grant::kind::Kind as GrantKind;
use crate::grant::power::Power;
use crate::grant::state::{Event, Reason};
use crate::instant::Instant;
use crate::keys::Keys;
use crate::names::SiteId;
use crate::permissions::PermissionSet;
use crate::policy::{GrantorGone, Policy};
use crate::ports::{Level, Stored};
use crate::refusal::{Code, Refusal};
use crate::transaction::Chained;

/// Who this is and what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which grant.
    pub grant: GrantId,
    /// The host's user who acts.
    pub user: String,
    /// Whose power it is.
    pub grantor: String,
    /// Whether the session was begun by switching.
    pub switched: bool,
    /// Names in ascending order, a space between two.
    pub permissions: String,
    /// When the grant ends.
    pub ends: Option<Instant>,
    /// Until when this answer is good.
    pub until: Instant,
}

/// A session that is good now: its grant, and what that gives.
struct Resolved {
    session: Session,
    grant: Grant,
    /// None if the grantor is gone: who is gone has nothing to give.
    power: Option<Given>,
    /// Until when the session goes on, if its grant does.
    until: Instant,
}

/// The permissions that are given, both ways.
struct Given {
    catalogue: Rc<Catalogue>,
    set: PermissionSet,
    written: String,
}

impl Engine<'_> {
    /// Who is behind this session and what they may do.
    ///
    /// # Errors
    /// [`Code::SessionUnknown`], [`Code::SessionSuperseded`], [`Code::SessionEnded`], [`Code::GrantEnded`],
    /// [`Code::GrantSuspended`], or that something could not be read or an extension failed.
    pub fn resolve(&self, site: &SiteId, session: &str) -> Result<Answer, Refusal> {
        let Resolved {
            session,
            grant,
            power,
            until,
        } = self.resolved(site, session)?;
        let ends = grant.end().map(|(at, _)| at);
        Ok(Answer {
            grant: grant.id,
            user: session.user,
            grantor: grant.grantor,
            switched: grant.kind == GrantKind::Invitation,
            permissions: power.map(|given| given.written).unwrap_or_default(),
            ends,
            until: ends.map_or(until, |ends| ends.min(until)),
        })
    }

    /// Whether this session may do this.
    ///
    /// # Errors
    /// As [`Self::resolve`]; [`Code::UnknownPermission`]
    pub fn check(&self, site: &SiteId, session: &str, permission: &str) -> Result<bool, Refusal> {
        match self.resolved(site, session)?.power {
            Some(given) => Ok(given.set.contains(given.catalogue.known(permission)?)),
            None => self.catalogue(site, None)?.known(permission).map(|_| false),
        }
    }

    fn resolved(&self, site: &SiteId, session: &str) -> Result<Resolved, Refusal> {
        let shown = token::present(Kind::Session, session).ok_or_else(session_unknown)?;
        let keys = Keys(site);
        let wanted = [
            keys.session(shown.grant, &shown.digest),
            keys.grant(shown.grant),
            keys.policy(),
        ];
        let [session, grant, policy] = take(self.get(&wanted)?);
        let (Some(kept), Some(grant)) = (session, grant) else {
            let over = self.why_gone(site, &shown)?;
            return Err(over.map_or_else(session_unknown, Over::refusal));
        };
        let session: Session = codec::decode(&kept.value, || "a session".to_owned())?;
        let grant: Chained<Grant> =
            codec::decode(&grant.value, || format!("the grant {}", shown.grant))?;
        let grant = grant.body;
        let policy = self.policy_stored(site, policy)?;
        let policy = &policy.body;
        let now = self.now();
        if !grant.state.is_ended() && grant.is_over(now) {
            self.record_end(site, grant.id);
        }
        grant.usable(now)?;
        policy.active()?;
        if session.issue != grant.issue {
            return Err(Code::SessionSuperseded
                .because("The link or password you came in by was replaced, so this session is over. Use the newer one."));
        }
        let until = self.rested(site, &shown, &session, kept.version, policy, now)?;
        let power = self.given(site, &grant, policy)?;
        if power.is_none() && policy.grantor_gone == GrantorGone::End {
            return Err(self.end_without_grantor(site, grant, now));
        }
        Ok(Resolved {
            session,
            grant,
            power,
            until,
        })
    }

    /// What the grant gives now.
    fn given(
        &self,
        site: &SiteId,
        grant: &Grant,
        policy: &Policy,
    ) -> Result<Option<Given>, Refusal> {
        let Some(grantor) = self.standing(site, &grant.grantor)? else {
            return Ok(None);
        };
        let catalogue = self.catalogue(site, Some(grantor.catalogue))?;
        let mut set = Power::new(&grant.scope, &catalogue, policy, Some(&grantor)).effective();
        let mut written = catalogue.written(&set);
        let withheld = self.withheld(site, grant, &written)?;
        if !withheld.is_empty() {
            set = set.minus(catalogue.set_of(&withheld));
            written = catalogue.written(&set);
        }
        Ok(Some(Given {
            catalogue,
            set,
            written,
        }))
    }

    /// What plugins withhold of these permissions, if there are any. Before the first use there is nobody to withhold them
    /// from.
    pub(crate) fn withheld(
        &self,
        site: &SiteId,
        grant: &Grant,
        permissions: &str,
    ) -> Result<Vec<String>, Refusal> {
        let Some(user) = &grant.user else {
            return Ok(Vec::new());
        };
        if permissions.is_empty() || !self.hooks.narrows(site.as_str()) {
            return Ok(Vec::new());
        }
        let withheld = self
            .hooks
            .narrow(site.as_str(), grant.id, user, permissions);
        withheld.map_err(|why| hook_failed(&why))
    }

    /// A grant is seen to have no grantor any more, on a site that ends such grants. The answer is no, whether or not it
    /// can be written down now.
    fn end_without_grantor(&self, site: &SiteId, mut grant: Grant, now: Instant) -> Refusal {
        let id = grant.id;
        let recorded = self.transact(site, |transaction| match transaction.grant(id)? {
            Some(mut loaded) => transaction.settle_grantor(&mut loaded).map(drop),
            None => Ok(()),
        });
        if let Err(refusal) = recorded {
            let message = format!("the end of grant {id} is not recorded yet: {refusal}");
            self.log.write(Level::Warn, &message);
        }
        let ended = grant.apply(Event::End(Reason::GrantorGone, now));
        match ended.and_then(|()| grant.usable(now)) {
            Err(refusal) => refusal,
            Ok(()) => session_unknown(),
        }
    }

    /// A grant is seen to be over for the first time. If it cannot be written down now, it is next time: the answer is no
    /// in any case.
    fn record_end(&self, site: &SiteId, id: GrantId) {
        let recorded = self.transact(site, |transaction| match transaction.grant(id)? {
            Some(mut loaded) => transaction.settle(&mut loaded).map(drop),
            None => Ok(()),
        });
        if let Err(refusal) = recorded {
            let message = format!("the end of grant {id} is not recorded yet: {refusal}");
            self.log.write(Level::Warn, &message);
        }
    }
}

fn take(entries: Vec<Option<Stored>>) -> [Option<Stored>; 3] {
    let mut entries = entries.into_iter();
    [(); 3].map(|()| entries.next().flatten())
}

fn session_unknown() -> Refusal {
    Code::SessionUnknown
        .because("You are not signed in, or no longer. Open your link again, or sign in.")
}
