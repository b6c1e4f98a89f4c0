//! One request on its way: who asks, in which language, and what stands around the page that they get.

use core::fmt;
use std::rc::Rc;

use askama::Template;
use guestpass_core::access::resolve::Answer;
use guestpass_core::catalogue::Catalogue;
use guestpass_core::names::{Actor, SiteId};
use guestpass_core::{Code, Engine, Instant, Kind, Refusal};
use subtle::ConstantTimeEq as _;

use crate::assets;
use crate::fields::{Fields, escaped};
use crate::request::{Request, Visitor};
use crate::response::{Effect, Response};
use crate::texts::Language;
use crate::when::{Shown, When};

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

/// Why a page is not shown.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody is signed in who must be.
    SignIn,
    /// There is no such page.
    NoSuchPage,
    /// The form is not one of these pages'.
    Malformed,
    /// The form belongs to another session.
    Stale,
    /// The engine says no.
    Refused(Refusal),
    /// The session is over.
    Over(Refusal),
}

impl Stop {
    /// What the engine refused who is there by a session of its own: for good, or only now.
    pub(crate) fn of_session(refusal: Refusal) -> Self {
        match refusal.code.kind() {
            Kind::Gone | Kind::NotFound => Self::Over(refusal),
            _ => Self::Refused(refusal),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<crate::fields::Malformed> for Stop {
    fn from(_: crate::fields::Malformed) -> Self {
        Self::Malformed
    }
}

/// What a page function gives.
pub(crate) type Answered = Result<Response, Stop>;

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

/// A place in the navigation.
struct Place {
    href: String,
    text: &'static str,
    here: bool,
}

/// Who is here by whose leave, and for how long.
struct Banner {
    text: String,
    ends: Option<When>,
    switched: bool,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    t: Language,
    mount: &'a str,
    home: &'a str,
    site: &'a str,
    title: &'a str,
    style: &'a str,
    script: &'a str,
    name: Option<&'a str>,
    proof: &'a str,
    places: Vec<Place>,
    give: Option<String>,
    accounts: Option<String>,
    sign_in: Option<String>,
    banner: Option<Banner>,
    narrow: bool,
    main: &'a str,
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    message: &'a str,
    back: Option<(&'a str, &'a str)>,
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

    /// A page with what stands around it.
    pub(crate) fn page(&self, status: u16, title: &str, main: &str) -> Response {
        Response::page(status, self.t.tag(), self.html(title, main, false))
    }

    /// A page of one narrow column, for somebody who came to do one thing.
    pub(crate) fn narrow(&self, status: u16, title: &str, main: &str) -> Response {
        Response::page(status, self.t.tag(), self.html(title, main, true))
    }

    /// Such a page in another language than the visitor asked for: the one that was chosen for them.
    pub(crate) fn narrow_in(&self, t: Language, title: &str, main: &str) -> Response {
        Response::page(200, t.tag(), self.html_in(t, title, main, true))
    }

    /// A page as text.
    pub(crate) fn html(&self, title: &str, main: &str, narrow: bool) -> String {
        self.html_in(self.t, title, main, narrow)
    }

    fn html_in(&self, t: Language, title: &str, main: &str, narrow: bool) -> String {
        let (name, places) = match &self.who {
            Who::Nobody => (None, Vec::new()),
            Who::User {
                name, hands_out, ..
            } => (
                Some(name.as_str()),
                hands_out
                    .as_ref()
                    .map_or_else(Vec::new, |(owner, _)| self.places(*owner)),
            ),
            Who::Guest { name, .. } => (Some(name.as_str()), Vec::new()),
        };
        let banner = self.banner();
        // Who came by a link has come to the one account there is for them.
        let others = match &self.who {
            Who::Nobody => false,
            Who::User { .. } => true,
            Who::Guest { answer, .. } => answer.switched,
        };
        rendered(&Layout {
            t,
            mount: self.mount(),
            home: &self.request.home,
            site: &self.request.title,
            title,
            style: assets::STYLE.name,
            script: assets::SCRIPT.name,
            name,
            proof: self.proof(),
            give: (!places.is_empty()).then(|| self.at("/give")),
            places,
            accounts: others.then(|| self.at("/accounts")),
            sign_in: matches!(self.who, Who::Nobody).then(|| self.request.sign_in.clone()),
            banner,
            narrow,
            main,
        })
    }

    fn places(&self, owner: bool) -> Vec<Place> {
        let t = self.t;
        let all = [
            ("/", t.nav_overview(), true),
            ("/grants", t.nav_access(), true),
            ("/invitations", t.nav_invitations(), true),
            ("/team", t.nav_team(), true),
            ("/history", t.nav_history(), owner),
            ("/policy", t.nav_policy(), owner),
            ("/lock-outs", t.nav_lock_outs(), owner),
            (
                "/plugins",
                t.nav_plugins(),
                owner && self.engine.has_plugins(self.site.as_str()),
            ),
        ];
        let path = match self.request.path.as_str() {
            "" => "/",
            path => path,
        };
        let begins = |place: &str| {
            let rest = path.strip_prefix(place);
            rest.is_some_and(|rest| rest.is_empty() || (place != "/" && rest.starts_with('/')))
        };
        all.into_iter()
            .filter(|(_, _, offered)| *offered)
            .map(|(place, text, _)| Place {
                href: self.at(place),
                text,
                here: begins(place),
            })
            .collect()
    }

    fn banner(&self) -> Option<Banner> {
        let Who::Guest {
            answer, grantor, ..
        } = &self.who
        else {
            return None;
        };
        Some(Banner {
            text: if answer.switched {
                self.t.banner_switched(grantor)
            } else {
                self.t.banner_guest(grantor)
            },
            ends: answer.ends.map(|ends| self.shown().when(ends)),
            switched: answer.switched,
        })
    }

    /// What a refusal says in the visitor's language. Never what only the operator can mend.
    pub(crate) fn said(&self, refusal: &Refusal) -> String {
        // That a plugin fails, an owner can mend.
        let told = refusal.code == Code::HookFailed && self.owns();
        if refusal.code.kind() == Kind::Unavailable && !told {
            return self.t.not_right_now().to_owned();
        }
        match self.t.named("refusal", refusal.code.as_str()) {
            // Which one says no, and why, only it knows.
            Some(own) if told || refusal.code == Code::Vetoed => {
                format!("{own} {}", refusal.message)
            }
            Some(own) => own.to_owned(),
            None => self.shown().sentence(&refusal.message),
        }
    }

    /// The page for what is not shown.
    pub(crate) fn stopped(&self, stop: Stop) -> Response {
        let t = self.t;
        match stop {
            Stop::SignIn => self.to_sign_in(),
            Stop::NoSuchPage => self.refused(404, t.not_found(), t.no_such_page()),
            Stop::Malformed => self.refused(400, t.did_not_work(), t.bad_form()),
            Stop::Stale => self.refused(403, t.did_not_work(), t.stale_form()),
            Stop::Refused(refusal) => {
                self.tell_operator(&refusal);
                let kind = refusal.code.kind();
                let title = match kind {
                    Kind::Forbidden => t.not_allowed(),
                    Kind::NotFound => t.not_found(),
                    Kind::Gone => t.it_is_over(),
                    _ => t.did_not_work(),
                };
                self.refused(status(kind), title, &self.said(&refusal))
            }
            Stop::Over(refusal) => self
                .refused(
                    status(refusal.code.kind()),
                    t.access_is_over(),
                    &self.said(&refusal),
                )
                .with(Effect::Forget),
        }
    }

    /// What only the operator can mend is told to the operator.
    pub(crate) fn tell_operator(&self, refusal: &Refusal) {
        if refusal.code.kind() == Kind::Unavailable {
            let level = guestpass_core::ports::Level::Error;
            self.engine.log.write(level, &refusal.message);
        }
    }

    /// A page that says one thing.
    pub(crate) fn refused(&self, status: u16, title: &str, message: &str) -> Response {
        let home = (self.request.home.as_str(), self.t.to_the_site());
        let main = rendered(&Message {
            title,
            message,
            back: Some(home),
        });
        self.narrow(status, title, &main)
    }

    /// Sign in, and go on here.
    fn to_sign_in(&self) -> Response {
        let Request {
            sign_in,
            path,
            query,
            method,
            ..
        } = self.request;
        // What a form was sent to can often not be asked for.
        let mut on = match method.as_str() {
            "POST" => self.at(crate::route::page_of(path)),
            _ => self.at(path),
        };
        if !query.is_empty() && method != "POST" {
            on.push('?');
            on.push_str(query);
        }
        Response::see(format!("{sign_in}?to={}", escaped(&on)))
    }
}

/// The status for a refusal of this kind.
pub(crate) const fn status(kind: Kind) -> u16 {
    match kind {
        Kind::Invalid => 422,
        Kind::Forbidden => 403,
        Kind::NotFound => 404,
        Kind::Conflict => 409,
        Kind::Throttled => 429,
        Kind::Gone => 410,
        Kind::Unavailable => 503,
    }
}

/// A template as text. Into memory, so nothing can go wrong; behind a pointer, so that each template is in the component once
/// and its pieces are calls.
pub(crate) fn rendered(template: &impl Template) -> String {
    let mut text = String::with_capacity(2_048);
    let writer: &mut dyn fmt::Write = &mut text;
    let _ = template.render_into(writer);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_in_a_language_from_right_to_left_says_so() {
        for (tag, direction) in [("ar", "rtl"), ("fr", "ltr")] {
            let page = rendered(&Layout {
                t: Language::of_tag(tag).unwrap(),
                mount: "",
                home: "/",
                site: "A site",
                title: "A page",
                style: "",
                script: "",
                name: None,
                proof: "",
                places: Vec::new(),
                give: None,
                accounts: None,
                sign_in: None,
                banner: None,
                narrow: false,
                main: "",
            });
            let html = format!("<html lang=\"{tag}\" dir=\"{direction}\">");
            assert!(page.contains(&html), "{page}");
        }
    }
}
