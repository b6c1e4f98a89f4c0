//! Handing out access: from a draft to a link, a password or an invitation.

use std::rc::Rc;

use crate::catalogue::Catalogue;
use crate::codec;
use crate::engine::Engine;
use crate::entry::digest::Digest;
use crate::entry::password;
use crate::entry::token::{self, Kind};
use crate::grant::Grant;
use crate::grant::address::address_of;
use crate::grant::authority::Authority;
use crate::grant::draft::{Draft, Override, must_end};
use crate::grant::id::GrantId;
use crate::grant::kind::Kind as GrantKind;
use crate::grant::power::{Bound, Power};
use crate::grant::scope::Scope;
use crate::grant::state::{Open, State};
use crate::grant::term::Term;
use crate::grant::view::View;
use crate::history::record::Action;
use crate::instant::Instant;
use crate::names::{self, Actor, SiteId};
use crate::policy::{Policy, rules};
use crate::ports::{GrantReview, Level, Standing, Widening};
use crate::refusal::{Code, Refusal, quoted, quoted_sentence};
use crate::transaction::{Loaded, Note};

/// The answer that holds a secret.
pub struct Issued {
    /// The grant.
    pub view: View,
    /// What lets the guest in, be it a link or a password, or the invited person accept.
    pub secret: token::Issued,
    /// What the grant gives now, as one string.
    pub permissions: String,
    /// What its scope names and it does not give, with the limit.
    pub withheld: Vec<(String, &'static str)>,
}

impl Engine<'_> {
    /// Makes a link, a user with a password, or an invitation.
    ///
    /// # Errors
    /// Whatever stands in the way, by field; see `grants.create` of the WIT.
    pub fn create(&self, actor: &Actor, draft: Draft) -> Result<Issued, Refusal> {
        let authority = Authority::of(self, actor)?;
        let draft = draft.checked()?;
        draft.scope.check(&authority.catalogue)?;
        if let Some(purpose) = &draft.purpose {
            authority.catalogue.purpose(purpose)?;
        }
        // Plugins review what would be made, defaults and all. Whether the policy allows it is decided in the transaction.
        let draft = self.transact(&actor.site, |transaction| {
            let policy = &transaction.policy()?.body;
            let draft = policy.filled(draft.clone(), transaction.now());
            policy.check(&draft).map(|()| draft)
        })?;
        let (draft, latest) = self.reviewed(actor, &authority, draft)?;
        let mut random = [0; 10];
        self.random.fill(&mut random);
        let id = GrantId::new(self.now(), random);
        let with_password = draft.kind == GrantKind::Password;
        let (shown, secret) = if with_password {
            (password::generate(self.random), Digest::OF_NOTHING)
        } else {
            token::issue(token_of(draft.kind), id, self.random)
        };
        let (view, returning, power) = self.transact(&actor.site, |transaction| {
            let policy = &transaction.policy()?.body;
            let now = transaction.now();
            let draft = policy.filled(draft.clone(), now);
            policy.check(&draft)?;
            let power = allowed(
                &authority.catalogue,
                policy,
                &draft.scope,
                Some(&authority.standing),
            )?;
            self.advised(&actor.site, &authority, policy, &draft, &power, now)?;
            // The policy has filled one in.
            let window = draft.window.ok_or_else(must_end)?;
            let term = Term::draw(&window, now, policy.longest_window, latest)?;
            let email = &draft.guest.email;
            let user = match draft.kind {
                GrantKind::Invitation => {
                    self.invitable(transaction, &authority, email)?;
                    None
                }
                GrantKind::Link | GrantKind::Password => {
                    self.returning(transaction, &authority, email)?
                }
            };
            let mut grant = drawn(id, &actor.user, &draft, term, secret, now);
            // A user with a password is the grant's once the host has set it.
            grant.user = user.clone().filter(|_| !with_password);
            let gives = authority.catalogue.written(&power.effective());
            let note = note_of(&actor.user, &draft, &grant, gives);
            let mut loaded = Loaded::new(grant);
            // The id is new: reading it makes the commit insist that it is.
            transaction.grant(id)?;
            transaction.save(&mut loaded, note)?;
            let address = address_of(transaction.keys(), loaded.grant());
            transaction.put(address, codec::encode(&id)?);
            // From now on no earlier grant retires this user.
            if let Some(user) = &user {
                let mark = transaction.keys().user(user);
                transaction.put(mark, codec::encode(&id)?);
            }
            Ok((View::new(loaded.into_grant(), now), user, power))
        })?;
        let view = if with_password {
            self.provision(actor, &view.grant, returning.as_deref(), &shown)?
        } else {
            view
        };
        Ok(issued(&authority, view, shown, &power))
    }

    /// What may be overridden knowingly: a purpose that is not served, a backup that is too old.
    fn advised(
        &self,
        site: &SiteId,
        authority: &Authority,
        policy: &Policy,
        draft: &Draft,
        power: &Power,
        now: Instant,
    ) -> Result<(), Refusal> {
        let catalogue = &authority.catalogue;
        if let Some(name) = &draft.purpose
            && !draft.knows(Override::LackingPermissions)
        {
            rules::check_purpose(catalogue.purpose(name)?, policy, power, catalogue)?;
        }
        if draft.knows(Override::WithoutBackup) {
            return Ok(());
        }
        policy.check_backup(self, site, catalogue, power.effective(), now)
    }

    /// The draft as extensions leave it, and the latest end they allow.
    pub(crate) fn reviewed(
        &self,
        actor: &Actor,
        authority: &Authority,
        mut draft: Draft,
    ) -> Result<(Draft, Option<Instant>), Refusal> {
        let GrantReview {
            veto,
            except,
            ends_by,
            uses,
            redirect,
        } = self.hooks.review_grant(actor, &draft).map_err(|failure| {
            if let Some(widening) = &failure.widening {
                self.record_widening(actor, &draft, widening);
            }
            hook_failed(&failure.why)
        })?;
        if let Some(why) = veto {
            return Err(Code::Vetoed.because(why));
        }
        // What a plugin takes away stays so, also if this site comes to know it only later.
        draft.scope.except.extend(except);
        draft.scope = draft.scope.tidied(&authority.catalogue)?;
        if uses == Some(0) {
            return Err(Code::Vetoed.because("A plugin allows no use of this access at all."));
        }
        draft.uses = [draft.uses, uses].into_iter().flatten().min();
        if let Some(path) = names::redirect(redirect)
            .map_err(|_| hook_failed("a plugin would lead the guest away from this site"))?
        {
            draft.redirect = Some(path);
        }
        Ok((draft, ends_by))
    }

    /// An extension would have widened this draft, which is refused whether or not that can be written down. Only who may hand
    /// out access gets here, so nobody else can fill the history with it.
    fn record_widening(&self, actor: &Actor, draft: &Draft, widening: &Widening) {
        let recorded = self.transact(&actor.site, |transaction| {
            let mut policy = Rc::unwrap_or_clone(transaction.policy()?);
            let note = Note::by_engine(Action::WideningRefused)
                .with("extension", kept_words(&widening.extension))
                .with("tried", kept_words(&widening.tried))
                .with("email", draft.guest.email.as_str())
                .with("asked-by", actor.user.as_str());
            transaction.save_policy(&mut policy, note)
        });
        if let Err(refusal) = recorded {
            let message =
                format!("that a plugin tried to widen a grant is not recorded: {refusal}");
            self.log.write(Level::Warn, &message);
        }
    }
}

/// The grant of this draft, before there is a user of it.
fn drawn(
    id: GrantId,
    grantor: &str,
    draft: &Draft,
    term: Term,
    secret: Digest,
    now: Instant,
) -> Grant {
    let with_password = draft.kind == GrantKind::Password;
    Grant {
        id,
        grantor: grantor.to_owned(),
        guest: draft.guest.clone(),
        scope: draft.scope.clone(),
        term,
        uses_allowed: draft.uses,
        redirect: draft.redirect.clone(),
        note: draft.note.clone(),
        created: now,
        state: State::Open(if with_password {
            Open::Provisioning
        } else {
            Open::Ready
        }),
        secret,
        issue: 0,
        first_used: None,
        last_used: None,
        uses: 0,
        user: None,
        loose_since: with_password.then_some(now),
        kind: draft.kind,
        login: draft.login.clone(),
        website: draft.website.clone(),
        message: draft.message.clone(),
        borrowed: false,
        retire_at: None,
        content: None,
    }
}

/// What history says of a grant that is made.
fn note_of<'a>(grantor: &'a str, draft: &Draft, grant: &Grant, gives: String) -> Note<'a> {
    let length = grant.term.from_first_use();
    Note::by(grantor, Action::Created)
        .with("email", grant.guest.email.as_str())
        .with("permissions", gives)
        .with_some("ends", grant.end().map(|(at, _)| at.to_string()))
        .with_some("from-first-use", length.map(|length| length.to_string()))
        .with_some("purpose", draft.purpose.clone())
        .with_some("knowingly", draft.known())
}

/// The kind of token that a grant of this kind is shown by.
pub(crate) fn token_of(kind: GrantKind) -> Kind {
    match kind {
        GrantKind::Invitation => Kind::Invitation,
        GrantKind::Link | GrantKind::Password => Kind::Pass,
    }
}

/// The power that this scope would have, if somebody of this standing may hand it out.
///
/// What is named one by one must be the grantor's to give: somebody who meant exactly this permission must hear that it
/// will not work. A role is a bundle, so it is narrowed and the answer tells what is withheld.
pub(crate) fn allowed(
    catalogue: &Catalogue,
    policy: &Policy,
    scope: &Scope,
    grantor: Option<&Standing>,
) -> Result<Power, Refusal> {
    let power = Power::new(scope, catalogue, policy, grantor);
    for (name, field) in scope.explicit() {
        let index = catalogue
            .known(name)
            .map_err(|refusal| refusal.about(field))?;
        if let Some(bound) = power.bound(index)
            && power.scope.contains(index)
        {
            return Err(beyond(bound, name).about(field));
        }
    }
    policy.check_role(scope, &power, catalogue)?;
    if power.effective().is_empty() {
        return Err(Code::EmptyScope
            .because("Nothing would be left of this scope: all of it is taken out, reserved, above the site's ceiling or not yours to give.")
            .about("scope"));
    }
    Ok(power)
}

fn beyond(bound: Bound, name: &str) -> Refusal {
    let name = quoted(name);
    match bound {
        Bound::Reserved => Code::PermissionReserved.because(format!(
            "{name} manages users or access, so no guest may hold it."
        )),
        Bound::Ceiling => Code::BeyondCeiling.because(format!(
            "{name} is above what this site allows guests. An owner can change that in the policy."
        )),
        Bound::Grantor => Code::BeyondOwnPower.because(format!(
            "You do not hold {name} yourself, so you cannot hand it out."
        )),
    }
}

/// Words of the host as history keeps them.
fn kept_words(words: &str) -> String {
    quoted_sentence(words).trim_matches('`').to_owned()
}

pub(crate) fn hook_failed(why: &str) -> Refusal {
    Code::HookFailed.because(format!(
        "A plugin that must be asked failed, which counts as no: {}.",
        quoted_sentence(why)
    ))
}

pub(crate) fn issued(
    authority: &Authority,
    view: View,
    secret: token::Issued,
    power: &Power,
) -> Issued {
    let catalogue = &authority.catalogue;
    let withheld = power
        .withheld()
        .filter_map(|(index, bound)| Some((catalogue.name(index)?.to_owned(), bound.as_str())));
    Issued {
        view,
        secret,
        permissions: catalogue.written(&power.effective()),
        withheld: withheld.collect(),
    }
}
