//! Handing out access: from a draft to a link, a password or an invitation.

use std::rc::Rc;

use crate::catalogue::Catalogue;
use crate::codec;
use crate::engine::Engine;
use crate::entry::digest::Digest;
use crate::entry::password;
use crate::entry::token::{self, Kind};
use crate::grant::Grant;
use crate::grant::authority::Authority;
use crate::grant::draft::{Draft, Override};
use crate::grant::id::GrantId;
use crate::grant::kind::Kind as GrantKind;
use crate::grant::power::{Bound, Power};
use crate::grant::scope::Scope;
use crate::grant::state::{Open, State};
use crate::grant::term::Term;
use crate::grant::view::View;
use crate::history::record::Action;
use crate::keys::{Key, Keys};
use crate::names::{self, Actor, SiteId, folded_email};
use crate::policy::{Policy, rules};
use crate::ports::{GrantReview, Level, Standing, User, Widening};
use crate::refusal::{Code, Refusal, quoted, quoted_sentence};
use crate::transaction::{Loaded, Note, Transaction};

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
            let window = draft.window.ok_or_else(no_window)?;
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
            let grant = Grant {
                id,
                grantor: actor.user.clone(),
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
                // A user with a password is the grant's once the host has set it.
                user: user.clone().filter(|_| !with_password),
                loose_since: with_password.then_some(now),
                kind: draft.kind,
                login: draft.login.clone(),
                website: draft.website.clone(),
                message: draft.message.clone(),
                borrowed: false,
                retire_at: None,
                content: None,
            };
            let note = Note::by(&actor.user, Action::Created)
                .with("email", grant.guest.email.as_str())
                .with(
                    "permissions",
                    authority.catalogue.written(&power.effective()),
                )
                .with_some("ends", grant.end().map(|(at, _)| at.to_string()))
                .with_some(
                    "from-first-use",
                    grant.term.from_first_use().map(|length| length.to_string()),
                )
                .with_some("purpose", draft.purpose.clone())
                .with_some(
                    "knowingly",
                    (!draft.knowingly.is_empty()).then(|| draft.knowingly.join(" ")),
                );
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
        now: crate::Instant,
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

    /// The user of a guest who had access before and comes back. One address has one user and one grant at a time: a second
    /// one could not be told from the first, and its link could not be redeemed.
    fn returning(
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
        if let Some(mut loaded) = last.filter(|last| last.grant().kind != GrantKind::Invitation) {
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
    fn invitable(
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
        if given_to(transaction, &known.id)?
            .is_some_and(|given| given.kind != GrantKind::Invitation)
        {
            return Err(Code::EmailInUse
                .because(format!(
                    "{} is a guest of this site by a link or a password of their own. Remove that user first, then invite them.",
                    quoted(email)
                ))
                .about("guest.email"));
        }
        Ok(())
    }

    /// The draft as extensions leave it, and the latest end they allow.
    pub(crate) fn reviewed(
        &self,
        actor: &Actor,
        authority: &Authority,
        mut draft: Draft,
    ) -> Result<(Draft, Option<crate::Instant>), Refusal> {
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

/// The kind of token that a grant of this kind is shown by.
pub(crate) fn token_of(kind: GrantKind) -> Kind {
    match kind {
        GrantKind::Invitation => Kind::Invitation,
        GrantKind::Link | GrantKind::Password => Kind::Pass,
    }
}

/// Where the newest grant for its guest's address is named: a link is the only one of its address, an invitation the only
/// one of its grantor to that address.
pub(crate) fn address_of(keys: Keys<'_>, grant: &Grant) -> Key {
    let address = folded_email(&grant.guest.email);
    match grant.kind {
        GrantKind::Invitation => keys.invited(&address, &grant.grantor),
        GrantKind::Link | GrantKind::Password => keys.email(&address),
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

/// The policy has filled in a window by then.
fn no_window() -> Refusal {
    Code::LinkMustEnd
        .because("Access by a link or a password must end. Give an end, a length, or a length from first use.")
        .about("window.ending")
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
