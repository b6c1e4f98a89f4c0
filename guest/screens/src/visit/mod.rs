//! One request on its way: who asks, and in which language.

mod frame;
mod refused;

use std::rc::Rc;

use guestpass_core::access::resolve::Answer;
use guestpass_core::catalogue::Catalogue;
use guestpass_core::names::{Actor, SiteId};
use guestpass_core::{Code, Engine, Instant, Kind, Refusal};
use subtle::ConstantTimeEq as _;

use crate::fields::Fields;
use crate::request::{Request, Visitor};
use crate::texts::Language;
use crate::when::Shown;

pub(crate) use frame::rendered;
pub(crate) use refused::{Answered, Stop, status};

/// Who asks.
#[derive(Debug)]
pub(crate) enum Who {
    /// Nobody is signed in.
    Nobody,
    /// A user of the host's.
    User {
        id: String,
        name: String,
        /// What there is to hand out and whether they own the site, if they may hand out access.
        hands_out: Option<(bool, Rc<Catalogue>)>,
    },
    /// Somebody in a session of the engine's.
    Guest {
        answer: Answer,
        name: String,
        grantor: String,
    },
}

/// One request on its way.
pub(crate) struct Visit<'a> {
    pub engine: &'a Engine<'a>,
    pub request: &'a Request,
    pub site: SiteId,
    pub query: Fields,
    pub t: Language,
    pub now: Instant,
    pub who: Who,
}

impl<'a> Visit<'a> {
    /// Finds out who asks. A session that is over counts as nobody where `forgiving`: it must keep nobody from coming in by a
    /// new link.
    pub(crate) fn begin(
        engine: &'a Engine<'a>,
        request: &'a Request,
        site: SiteId,
        forgiving: bool,
    ) -> (Self, Result<(), Stop>) {
        let mut visit = Self {
            engine,
            request,
            site,
            query: Fields::default(),
            t: Language::preferred(&request.languages),
            now: engine.clock.now(),
            who: Who::Nobody,
        };
        let begun = visit.look(forgiving);
        (visit, begun)
    }

    fn look(&mut self, forgiving: bool) -> Result<(), Stop> {
        self.query = Fields::parse(self.request.query.as_bytes())?;
        let who = match &self.request.visitor {
            Visitor::Nobody => Ok(Who::Nobody),
            Visitor::User(id) => self.user(id),
            Visitor::Session(session) => self.guest(session),
        };
        self.who = match who {
            Err(_) if forgiving => Who::Nobody,
            other => other?,
        };
        Ok(())
    }

    fn user(&self, id: &str) -> Result<Who, Stop> {
        let Some(name) = self.name_of(id)? else {
            return Ok(Who::Nobody);
        };
        let actor = self.acting(id)?;
        let hands_out = match self.engine.grantor(&actor) {
            Ok(grantor) => Some((grantor.owner, grantor.catalogue)),
            Err(refusal) if refusal.code.kind() == Kind::Forbidden => None,
            Err(refusal) => return Err(refusal.into()),
        };
        Ok(Who::User {
            id: id.to_owned(),
            name,
            hands_out,
        })
    }

    fn guest(&self, session: &str) -> Result<Who, Stop> {
        let answer = self
            .engine
            .resolve(&self.site, session)
            .map_err(Stop::of_session)?;
        // The engine answers for grants; whether their user was deleted since is the host's to know.
        let gone = || Code::UserGone.because("The site has removed you as a user.");
        let name = self
            .name_of(&answer.user)?
            .ok_or_else(|| Stop::Over(gone()))?;
        let grantor = self.name_of(&answer.grantor)?;
        Ok(Who::Guest {
            grantor: grantor.unwrap_or_else(|| self.t.somebody_who_left().to_owned()),
            answer,
            name,
        })
    }

    /// How a user is called; none: there is no such user.
    pub(crate) fn name_of(&self, id: &str) -> Result<Option<String>, Refusal> {
        Ok(self.names_of(&[id.to_owned()])?.pop().flatten())
    }

    /// How users are called, in the same order.
    pub(crate) fn names_of(&self, ids: &[String]) -> Result<Vec<Option<String>>, Refusal> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.engine.names(&self.site, ids)
    }

    fn acting(&self, id: &str) -> Result<Actor, Refusal> {
        Actor::new(&self.request.site, id, self.request.origin.clone())
    }

    /// Who manages access: a user of the host's, never somebody in the account of somebody else.
    pub(crate) fn actor(&self) -> Result<Actor, Stop> {
        match &self.who {
            Who::Nobody => Err(Stop::SignIn),
            Who::User { id, .. } => Ok(self.acting(id)?),
            Who::Guest { answer, .. } if answer.switched => Err(Code::GuestMayNotGrant
                .because("You are acting in the account of somebody else, where access is not yours to hand out. Return to your own account first.")
                .into()),
            Who::Guest { answer, .. } => Ok(self.acting(&answer.user)?),
        }
    }

    /// What there is to hand out, and whether who asks owns the site.
    pub(crate) fn hands_out(&self) -> Result<(bool, Rc<Catalogue>), Stop> {
        match &self.who {
            Who::User {
                hands_out: Some((owner, catalogue)),
                ..
            } => Ok((*owner, Rc::clone(catalogue))),
            _ => {
                let grantor = self.engine.grantor(&self.actor()?)?;
                Ok((grantor.owner, grantor.catalogue))
            }
        }
    }

    /// Whether an owner of the site asks.
    fn owns(&self) -> bool {
        matches!(
            &self.who,
            Who::User {
                hands_out: Some((true, _)),
                ..
            }
        )
    }

    /// Whether a form carries the proof of the session that sends it.
    pub(crate) fn proven(&self, form: &Fields) -> Result<(), Stop> {
        let proof = self
            .request
            .proof
            .as_deref()
            .filter(|proof| !proof.is_empty());
        let given = form.one("csrf")?;
        let same = proof.is_some_and(|proof| bool::from(proof.as_bytes().ct_eq(given.as_bytes())));
        if same { Ok(()) } else { Err(Stop::Stale) }
    }

    /// What stands in forms.
    pub(crate) fn proof(&self) -> &str {
        self.request.proof.as_deref().unwrap_or_default()
    }

    /// The mount.
    pub(crate) fn mount(&self) -> &str {
        &self.request.mount
    }

    /// The address of one of these pages.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.request.mount)
    }

    /// How instants are shown.
    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown {
            language: self.t,
            zone: &self.request.zone,
            now: self.now,
        }
    }
}
