//! Giving access: a link, a user name with a password, or an invitation. The form says what will happen before it does, and
//! comes back filled when something is wrong with it.

use askama::Template;
use guestpass_core::catalogue::Catalogue;
use guestpass_core::grant::Guest;
use guestpass_core::grant::draft::{Draft, Override};
use guestpass_core::grant::kind::Kind;
use guestpass_core::grant::scope::{Base, Scope};
use guestpass_core::grant::window::{Ending, PRESETS, Window};
use guestpass_core::order;
use guestpass_core::policy::Policy;
use guestpass_core::{Code, Refusal};

use crate::fields::{Fields, Malformed};
use crate::pages::result;
use crate::response::Response;
use crate::texts::Language;
use crate::visit::{Answered, Stop, Visit, rendered, status};
use crate::widgets::{Choice, Faults, Input, Select};
use crate::words;

/// Which field of the form shows what the engine is about.
const FIELDS: &[(&str, &str)] = &[
    ("guest.email", "email"),
    ("guest.first-name", "first_name"),
    ("guest.last-name", "last_name"),
    ("guest.locale", "locale"),
    ("guest.website", "website"),
    ("guest.login", "login"),
    ("kind", "kind"),
    ("scope.base", "scope"),
    ("scope", "scope"),
    ("scope.also", "scope"),
    ("purpose", "purpose"),
    ("window.ending", "ending"),
    ("window", "ending"),
    ("uses", "uses"),
    ("redirect", "redirect"),
    ("note", "note"),
    ("message", "message"),
];

/// What is offered to be allowed.
#[derive(Template)]
#[template(path = "scope_fields.html")]
pub(crate) struct ScopeFields {
    t: Language,
    roles: Vec<(Choice, Vec<String>)>,
    all: Choice,
    chosen: Choice,
    permissions: Vec<Choice>,
    fault: Option<String>,
}

impl ScopeFields {
    /// The roles and permissions that this site gives guests.
    pub(crate) fn new(
        t: Language,
        catalogue: &Catalogue,
        policy: &Policy,
        form: &Fields,
        fault: Option<&str>,
    ) -> Self {
        let offered = catalogue
            .all()
            .minus(catalogue.reserved())
            .and(policy.ceiling(catalogue));
        let allowed = |name: &str| {
            policy
                .roles
                .as_ref()
                .is_none_or(|roles| roles.iter().any(|role| role == name))
        };
        let mut roles: Vec<_> = catalogue
            .roles()
            .filter(|(name, _)| allowed(name))
            .map(|(name, role)| {
                let holds = role.holds.and(offered);
                let titles = words::titles(catalogue, catalogue.names_of(&holds));
                let choice =
                    Choice::new(form, "scope", &format!("role:{name}"), role.title.as_str())
                        .detail(t.permissions_count(titles.len() as u64));
                (choice, titles)
            })
            .collect();
        // The least first, as people compare them.
        order::sort_by(&mut roles, |(_, a), (_, b)| a.len().cmp(&b.len()));
        let permissions = offered.iter().filter_map(|index| {
            let name = catalogue.name(index)?;
            let title = catalogue.title(index).filter(|title| !title.is_empty());
            Some(Choice::new(form, "permission", name, title.unwrap_or(name)))
        });
        Self {
            t,
            roles,
            all: Choice::new(form, "scope", "all", t.all_permissions())
                .detail(t.all_permissions_hint()),
            chosen: Choice::new(form, "scope", "chosen", t.choose_permissions()),
            permissions: permissions.collect(),
            fault: fault.map(str::to_owned),
        }
    }

    /// As HTML.
    pub(crate) fn html(self) -> String {
        rendered(&self)
    }
}

/// What a form says is to be allowed. None: nothing was chosen.
pub(crate) fn scope_of(form: &Fields) -> Result<Option<Scope>, Malformed> {
    let base = match form.optional("scope")? {
        None => return Ok(None),
        Some("all") => Base::All,
        Some("chosen") => Base::Chosen(form.all("permission").map(str::to_owned).collect()),
        Some(other) => Base::Role(other.strip_prefix("role:").ok_or(Malformed)?.to_owned()),
    };
    Ok(Some(Scope {
        base,
        also: Vec::new(),
        except: Vec::new(),
    }))
}

/// The fields of a form that say what a grant allows.
pub(crate) fn with_scope(form: &mut Fields, scope: &Scope) {
    match &scope.base {
        Base::Role(name) => form.preset("scope", &format!("role:{name}")),
        Base::All => form.preset("scope", "all"),
        Base::Chosen(names) => {
            form.preset("scope", "chosen");
            for name in names {
                form.preset("permission", name);
            }
        }
    }
}

#[derive(Template)]
#[template(path = "give.html")]
struct Give<'a> {
    t: Language,
    mount: &'a str,
    proof: &'a str,
    faults: &'a Faults,
    lacking: Option<String>,
    backup: bool,
    kinds: Vec<Choice>,
    kind_fault: Option<&'a str>,
    email: String,
    names: String,
    locale: String,
    by_mail: Option<bool>,
    with_password: String,
    with_invitation: String,
    scope: String,
    purpose: Option<String>,
    now: Vec<Choice>,
    first: Vec<Choice>,
    custom: Choice,
    never: Choice,
    until: String,
    zone: &'a str,
    ending_fault: Option<&'a str>,
    more: String,
    sentence: String,
}

/// The empty form.
pub(crate) fn show(visit: &Visit<'_>) -> Answered {
    let mut form = Fields::default();
    let kind = visit.query.optional("kind")?;
    let kind = kind.and_then(|kind| Kind::parse(kind, "kind").ok());
    let kind = kind.unwrap_or_default().as_str();
    form.preset("kind", kind);
    let policy = visit.engine.policy(&visit.site)?;
    let usual = PRESETS
        .iter()
        .find(|preset| preset.ending == policy.default_ending);
    let usual = match kind {
        "invitation" => "never",
        _ => usual.map_or("1-week", |preset| preset.name),
    };
    form.preset("ending", usual);
    written(visit, 200, &form, &Faults::default(), None)
}

/// The form as it was typed, after the session had changed.
pub(crate) fn again(visit: &Visit<'_>, form: &Fields) -> Answered {
    let mut faults = Faults::default();
    faults.general = Some(visit.t.stale_form_kept().to_owned());
    written(visit, 403, form, &faults, None)
}

fn written(
    visit: &Visit<'_>,
    status: u16,
    form: &Fields,
    faults: &Faults,
    refusal: Option<&Refusal>,
) -> Answered {
    let (_, catalogue) = visit.hands_out()?;
    let policy = visit.engine.policy(&visit.site)?;
    let t = visit.t;
    let code = refusal.map(|refusal| refusal.code);
    let knowing = |word: &str| form.has("knowing", word);
    let input = |name: &'static str, label: &'static str| Input::new(name, label, form, faults);
    let allowed = |kind: Kind| {
        policy
            .kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&kind))
    };
    let kinds = Kind::ALL
        .into_iter()
        .filter(|kind| allowed(*kind))
        .map(|kind| {
            let (title, detail) = match kind {
                Kind::Link => (t.give_link(), t.give_link_hint()),
                Kind::Password => (t.give_password(), t.give_password_hint()),
                Kind::Invitation => (t.give_invitation(), t.give_invitation_hint()),
            };
            Choice::new(form, "kind", kind.as_str(), title).detail(detail)
        });
    let mut locales = vec![Choice::new(form, "locale", "", t.language_of_browser())];
    locales.extend(
        Language::all()
            .map(|language| Choice::new(form, "locale", language.tag(), language.language_name())),
    );
    let locale = Select {
        name: "locale",
        label: t.field_locale(),
        hint: t.field_locale_hint(),
        fault: faults.about("locale"),
        choices: locales,
    };
    let mut purposes = vec![Choice::new(form, "purpose", "", t.no_purpose())];
    purposes.extend(
        catalogue
            .purposes()
            .map(|(name, purpose)| Choice::new(form, "purpose", name, purpose.title.as_str())),
    );
    let purpose = (purposes.len() > 1).then(|| {
        Select {
            name: "purpose",
            label: t.field_purpose(),
            hint: t.field_purpose_hint(),
            fault: faults.about("purpose"),
            choices: purposes,
        }
        .html()
    });
    let shown = visit.shown();
    let preset = |from_first_use: bool| {
        let presets = PRESETS
            .iter()
            .filter_map(move |preset| match preset.ending {
                Ending::After(period) if !from_first_use => Some((preset.name, period)),
                Ending::AfterFirstUse(period) if from_first_use => Some((preset.name, period)),
                _ => None,
            });
        presets
            .map(|(name, period)| Choice::new(form, "ending", name, shown.length(period)))
            .collect::<Vec<_>>()
    };
    let draft = draft(form, visit).ok().and_then(|(draft, _)| draft);
    let main = rendered(&Give {
        t,
        mount: visit.mount(),
        proof: visit.proof(),
        faults,
        lacking: (code == Some(Code::RoleLacksPermission) || knowing("lacking-permissions"))
            .then(|| lacking(form, &catalogue)),
        backup: code == Some(Code::BackupTooOld) || knowing("without-backup"),
        kinds: kinds.collect(),
        kind_fault: faults.about("kind"),
        email: input("email", t.field_email())
            .kind("email")
            .required()
            .html(),
        names: input("first_name", t.field_first_name()).html()
            + &input("last_name", t.field_last_name()).html(),
        locale: locale.html(),
        by_mail: visit.request.mails.then(|| knowing("by-mail")),
        with_password: input("login", t.field_login())
            .hint(t.field_login_hint())
            .html()
            + &input("website", t.field_website()).kind("url").html(),
        with_invitation: input("message", t.field_message())
            .hint(t.field_message_hint())
            .kind("area")
            .html(),
        scope: ScopeFields::new(t, &catalogue, &policy, form, faults.about("scope")).html(),
        purpose,
        now: preset(false),
        first: preset(true),
        custom: Choice::new(form, "ending", "custom", t.custom_date()),
        never: Choice::new(form, "ending", "never", t.ending_never()),
        until: input("until", t.field_until())
            .kind("datetime-local")
            .html(),
        zone: &visit.request.zone.name,
        ending_fault: faults.about("ending"),
        more: input("uses", t.field_uses())
            .hint(t.field_uses_hint())
            .kind("number")
            .html()
            + &input("redirect", t.field_redirect())
                .hint(t.field_redirect_hint())
                .html()
            + &input("note", t.field_note())
                .hint(t.field_note_hint())
                .kind("area")
                .html(),
        sentence: draft.map_or_else(
            || t.sentence_not_yet().to_owned(),
            |draft| said(visit, &draft, &catalogue),
        ),
    });
    Ok(visit.page(status, t.nav_give(), &main))
}

/// What the purpose needs and the choice lacks.
fn lacking(form: &Fields, catalogue: &Catalogue) -> String {
    let needs = catalogue
        .purpose(form.typed("purpose"))
        .map(|purpose| purpose.needs);
    let scope = scope_of(form).ok().flatten();
    let (Ok(needs), Some(scope)) = (needs, scope) else {
        return String::new();
    };
    let missing = needs.minus(scope.named(catalogue));
    words::titles(catalogue, catalogue.names_of(&missing)).join(", ")
}

/// What the form asks for, as far as it can be read, and what is wrong with it.
fn draft(form: &Fields, visit: &Visit<'_>) -> Result<(Option<Draft>, Faults), Malformed> {
    let t = visit.t;
    let mut faults = Faults::default();
    let text = |name: &str| Ok::<_, Malformed>(form.optional(name)?.map(str::to_owned));
    let kind = Kind::parse(form.one("kind")?, "kind").map_err(|_| Malformed)?;
    let scope = scope_of(form)?;
    if scope.is_none() {
        faults.add("scope", t.choose_scope());
    }
    let ending = match form.optional("ending")? {
        Some("never") => Some(Ending::Never),
        Some("custom") => {
            let at = visit.shown().typed(form.typed("until"));
            if at.is_none() {
                faults.add("until", t.bad_date());
            }
            at.map(Ending::At)
        }
        Some(name) => {
            let preset = PRESETS.iter().find(|preset| preset.name == name);
            Some(preset.ok_or(Malformed)?.ending)
        }
        None => None,
    };
    if ending.is_none() && faults.about("until").is_none() {
        faults.add("ending", t.choose_ending());
    }
    let uses = match text("uses")? {
        None => None,
        Some(typed) => match typed.parse() {
            Ok(uses) => Some(uses),
            Err(_) => {
                faults.add("uses", t.bad_number());
                None
            }
        },
    };
    // What belongs to another way of coming in is hidden, and so must not be what is refused.
    let only = |wanted: Kind, name: &str| if kind == wanted { text(name) } else { Ok(None) };
    let email = form.one("email")?.trim().to_owned();
    if email.is_empty() {
        faults.add("email", t.email_needed());
    }
    let guest = Guest {
        email,
        first_name: text("first_name")?,
        last_name: text("last_name")?,
        locale: text("locale")?,
    };
    let draft = scope.zip(ending).map(|(scope, ending)| Draft {
        kind,
        guest,
        website: None,
        login: None,
        scope,
        window: Some(Window {
            opens: None,
            ending,
            use_within: None,
        }),
        purpose: None,
        knowingly: form.all("knowing").map(str::to_owned).collect(),
        uses: if kind == Kind::Invitation { None } else { uses },
        redirect: None,
        note: None,
        message: None,
    });
    let Some(draft) = draft else {
        return Ok((None, faults));
    };
    Ok((
        Some(Draft {
            website: only(Kind::Password, "website")?,
            login: only(Kind::Password, "login")?,
            purpose: text("purpose")?,
            redirect: text("redirect")?,
            note: text("note")?,
            message: only(Kind::Invitation, "message")?,
            ..draft
        }),
        faults,
    ))
}

/// What will happen, in one sentence.
fn said(visit: &Visit<'_>, draft: &Draft, catalogue: &Catalogue) -> String {
    let name = match draft.guest.email.as_str() {
        "" => visit.t.the_guest().to_owned(),
        _ => words::name(&draft.guest),
    };
    let ending = draft
        .window
        .map(|window| words::ending(visit.shown(), &window.ending));
    sentence_of(
        visit.t,
        &name,
        &draft.scope,
        &ending.unwrap_or_default(),
        catalogue,
    )
}

/// What somebody can do, and until when.
pub(crate) fn sentence_of(
    t: Language,
    name: &str,
    scope: &Scope,
    ending: &str,
    catalogue: &Catalogue,
) -> String {
    match &scope.base {
        Base::Role(_) => t.sentence_role(name, &words::scope(t, scope, catalogue), ending),
        Base::All => t.sentence_all(name, ending),
        Base::Chosen(names) => t.sentence_chosen(names.len() as u64, name, ending),
    }
}

/// The sentence alone, for the page's script.
pub(crate) fn sentence(visit: &Visit<'_>, form: &Fields) -> Answered {
    let (_, catalogue) = visit.hands_out()?;
    let said = match draft(form, visit)? {
        (Some(draft), _) => said(visit, &draft, &catalogue),
        (None, _) => visit.t.sentence_not_yet().to_owned(),
    };
    Ok(Response::new(
        200,
        "text/plain; charset=utf-8",
        said.into_bytes(),
    ))
}

/// Gives it, and shows what lets the guest in, this once.
pub(crate) fn create(visit: &Visit<'_>, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    visit.hands_out()?;
    let (draft, faults) = draft(form, visit)?;
    if form.has("step", "check") {
        return written(visit, 200, form, &faults, None);
    }
    let Some(draft) = draft.filter(|_| faults.none()) else {
        return written(visit, 422, form, &faults, None);
    };
    let by_mail = draft.knows(Override::ByMail);
    match visit.engine.create(&actor, draft) {
        Ok(issued) => result::shown(visit, issued, false, by_mail),
        Err(refusal)
            if refusal.code.kind() == guestpass_core::Kind::Unavailable
                && refusal.code != Code::HookFailed =>
        {
            Err(Stop::Refused(refusal))
        }
        Err(refusal) => {
            visit.tell_operator(&refusal);
            let faults = Faults::of(visit, &refusal, FIELDS);
            written(
                visit,
                status(refusal.code.kind()),
                form,
                &faults,
                Some(&refusal),
            )
        }
    }
}
