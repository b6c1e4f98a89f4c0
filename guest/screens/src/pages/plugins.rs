//! The plugins of the site: what each asks for and is given, how it is set, what it failed at, and installing one by upload.
//! For owners.

use askama::Template;
use guestpass_core::Kind;
use guestpass_core::names::Actor;
use guestpass_core::plugins::{Capability, Change, Desk, Failure, Plugin, Setting, Summary};

use crate::fields::{Fields, Malformed};
use crate::response::Response;
use crate::texts::Language;
use crate::visit::{Answered, Stop, Visit, rendered, status};
use crate::when::When;
use crate::widgets::Input;

/// What stands before the name of a setting's field, so that none has the name of another field.
const SETTING: &str = "set-";

/// A plugin in the list.
struct Line {
    href: String,
    id: String,
    version: String,
    description: String,
    class: String,
    state_text: String,
    more: String,
}

#[derive(Template)]
#[template(path = "plugins.html")]
struct List<'a> {
    t: Language,
    mount: &'a str,
    proof: &'a str,
    done: Option<&'a str>,
    fault: Option<&'a str>,
    lines: Vec<Line>,
}

/// What it is asked to be given, with the button that gives it.
struct Asking {
    title: String,
    hint: &'static str,
    what: Vec<String>,
    button: String,
}

/// Something that is still to be told, or that happened.
struct Event {
    at: When,
    what: String,
    text: String,
}

#[derive(Template)]
#[template(path = "plugin.html")]
struct Show<'a> {
    t: Language,
    proof: &'a str,
    href: String,
    plugin: &'a Plugin,
    class: &'a str,
    state_text: &'a str,
    done: Option<&'a str>,
    trouble: Option<&'a str>,
    asking: Option<Asking>,
    may: Vec<String>,
    approved_by: Option<String>,
    active: bool,
    failures: Option<String>,
    fields: String,
    told: Vec<Event>,
    parked: bool,
    journal: Vec<Event>,
}

/// The plugins, for an owner of a site that has some to look after.
fn desk<'a>(visit: &'a Visit<'_>, actor: &'a Actor) -> Result<Desk<'a>, Stop> {
    let desk = visit.engine.plugins_of(actor)?;
    if visit.engine.has_plugins(visit.site.as_str()) {
        Ok(desk)
    } else {
        Err(Stop::NoSuchPage)
    }
}

/// What the host would not do, in the visitor's language where it is known.
fn said(visit: &Visit<'_>, failure: &Failure) -> String {
    if failure.kind == Kind::Unavailable {
        let level = guestpass_core::ports::Level::Error;
        visit.engine.log.write(level, &failure.message);
        return visit.t.not_right_now().to_owned();
    }
    let own = visit.t.named("plugin-said", &failure.code);
    own.map_or_else(|| failure.message.clone(), str::to_owned)
}

/// A page for what concerns no plugin that is there.
fn stopped(visit: &Visit<'_>, failure: &Failure) -> Response {
    let title = match failure.kind {
        Kind::NotFound => visit.t.not_found(),
        _ => visit.t.did_not_work(),
    };
    visit.refused(status(failure.kind), title, &said(visit, failure))
}

/// The state, or that it waits.
fn state(t: Language, summary: &Summary) -> &str {
    if !summary.approved {
        return t.plugin_unapproved();
    }
    let known = t.named("plugin-state", &summary.state);
    known.unwrap_or(&summary.state)
}

/// How the state is marked.
fn class(summary: &Summary) -> &str {
    if summary.approved {
        &summary.state
    } else {
        "suspended"
    }
}

fn done(visit: &Visit<'_>) -> Result<Option<&'static str>, Malformed> {
    let word = visit.query.optional("done")?;
    Ok(word.and_then(|word| visit.t.named("plugin-done", word)))
}

/// The list.
pub(crate) fn list(visit: &Visit<'_>) -> Answered {
    listed(visit, 200, None)
}

fn listed(visit: &Visit<'_>, status: u16, fault: Option<&str>) -> Answered {
    let actor = visit.actor()?;
    let t = visit.t;
    let all = match desk(visit, &actor)?.list() {
        Ok(all) => all,
        Err(failure) => return Ok(stopped(visit, &failure)),
    };
    let line = |one: Summary| Line {
        href: visit.at(&format!("/plugins/{}", one.id)),
        class: class(&one).to_owned(),
        state_text: state(t, &one).to_owned(),
        more: match (&one.reason, &one.waiting) {
            (Some(reason), _) => reason.clone(),
            (None, Some(version)) => t.plugin_waits(version),
            (None, None) if one.faults > 0 => t.plugin_failures(u64::from(one.faults)),
            (None, None) => String::new(),
        },
        version: t.plugin_version(&one.version),
        id: one.id,
        description: one.description,
    };
    let main = rendered(&List {
        t,
        mount: visit.mount(),
        proof: visit.proof(),
        done: done(visit)?,
        fault,
        lines: all.into_iter().map(line).collect(),
    });
    Ok(visit.page(status, t.nav_plugins(), &main))
}

/// Installs what was uploaded, or puts it in the place of an earlier version.
pub(crate) fn install(visit: &Visit<'_>, _: &Fields) -> Answered {
    let actor = visit.actor()?;
    let desk = desk(visit, &actor)?;
    let upload = match &visit.request.upload {
        Some(upload) if upload.too_large => {
            return listed(visit, 413, Some(visit.t.plugin_too_large()));
        }
        Some(upload) => upload,
        None => return listed(visit, 422, Some(visit.t.plugin_no_file())),
    };
    match desk.install(&upload.handle) {
        Ok(installed) => {
            let word = match (installed.waits, installed.upgraded_from) {
                (true, _) => "waits",
                (false, Some(_)) => "upgraded",
                (false, None) => "installed",
            };
            Ok(see(visit, &installed.id, word))
        }
        Err(failure) => listed(visit, status(failure.kind), Some(&said(visit, &failure))),
    }
}

fn see(visit: &Visit<'_>, id: &str, word: &str) -> Response {
    Response::see(visit.at(&format!("/plugins/{id}?done={word}")))
}

/// One plugin.
pub(crate) fn show(visit: &Visit<'_>, id: &str) -> Answered {
    written(visit, 200, id, None, None)
}

/// What a plugin may do, in plain words.
fn plainly(t: Language, capability: &Capability) -> String {
    let name = capability.name.as_str();
    let (kind, rest) = name.split_once(':').unwrap_or_default();
    let known = match kind {
        "http" => Some(match (rest.strip_prefix("setting:"), &capability.host) {
            (Some(setting), Some(host)) => t.plugin_http_host(host, setting),
            (Some(setting), None) => t.plugin_http_setting(setting),
            (None, _) => t.plugin_http(rest),
        }),
        "event" => t.named("action", rest).map(|what| t.plugin_hears(what)),
        _ => None,
    };
    let own = || t.named("capability", &name.replace(':', "-"));
    let known = known.or_else(|| own().map(str::to_owned));
    known.unwrap_or_else(|| capability.meaning.clone())
}

fn all_plainly(t: Language, these: &[Capability]) -> Vec<String> {
    these.iter().map(|one| plainly(t, one)).collect()
}

/// What an owner has to decide about what it asks for.
fn asking(t: Language, plugin: &Plugin) -> Option<Asking> {
    let summary = &plugin.summary;
    match &summary.waiting {
        Some(version) => Some(Asking {
            title: t.plugin_waits(version),
            hint: if plugin.waiting_added.is_empty() {
                t.plugin_new_nothing()
            } else {
                t.plugin_new_hint()
            },
            what: all_plainly(t, &plugin.waiting_added),
            button: t.plugin_approve_version(version),
        }),
        None if !summary.approved => Some(Asking {
            title: t.plugin_asks().to_owned(),
            hint: t.plugin_asks_hint(),
            what: all_plainly(t, &plugin.asks),
            button: t.plugin_approve().to_owned(),
        }),
        None => None,
    }
}

/// The page, perhaps with what was typed and the failure it led to.
fn written(
    visit: &Visit<'_>,
    status: u16,
    id: &str,
    typed: Option<&Fields>,
    failure: Option<&Failure>,
) -> Answered {
    let actor = visit.actor()?;
    let (t, shown) = (visit.t, visit.shown());
    let plugin = match desk(visit, &actor)?.get(id) {
        Ok(plugin) => plugin,
        Err(failure) => return Ok(stopped(visit, &failure)),
    };
    let trouble = failure.map(|failure| said(visit, failure));
    let at_fault = failure.and_then(|failure| failure.field.as_deref());
    let at_fault = at_fault.filter(|name| plugin.settings.iter().any(|one| one.name == *name));
    let mut fields = String::new();
    for setting in &plugin.settings {
        let fault = trouble.as_deref();
        let fault = fault.filter(|_| at_fault == Some(setting.name.as_str()));
        fields.push_str(&field(t, setting, typed, fault));
    }
    let by = plugin.approved_by.as_deref();
    let approved_by = match by {
        Some(id) => Some(visit.name_of(id)?.unwrap_or_else(|| id.to_owned())),
        None => None,
    };
    let told = plugin.deliveries.iter().map(|one| {
        let what = t.named("action", &one.event).unwrap_or(&one.event);
        let told = if one.parked {
            t.plugin_parked()
        } else {
            t.plugin_due()
        };
        Event {
            at: shown.when(one.at),
            what: format!("{what}: {told}"),
            text: one.reason.clone().unwrap_or_default(),
        }
    });
    let journal = plugin.journal.iter().map(|note| Event {
        at: shown.when(note.at),
        what: t
            .named("note", &note.about)
            .unwrap_or(&note.about)
            .to_owned(),
        text: match (by, &approved_by) {
            (Some(id), Some(name)) => note.text.replace(id, name),
            _ => note.text.clone(),
        },
    });
    let journal = journal.collect();
    let summary = &plugin.summary;
    let main = rendered(&Show {
        t,
        proof: visit.proof(),
        href: visit.at(&format!("/plugins/{}", summary.id)),
        class: class(summary),
        state_text: state(t, summary),
        done: done(visit)?,
        trouble: match at_fault {
            Some(_) => Some(t.look_below()),
            None => trouble.as_deref(),
        },
        asking: asking(t, &plugin),
        may: all_plainly(t, &plugin.asks),
        approved_by,
        active: summary.state != "inactive",
        failures: (summary.faults > 0).then(|| t.plugin_failures(u64::from(summary.faults))),
        fields,
        told: told.collect(),
        parked: plugin.deliveries.iter().any(|one| one.parked),
        journal,
        plugin: &plugin,
    });
    Ok(visit.page(status, &summary.id, &main))
}

/// The field of a setting, with what was typed in it.
fn field(t: Language, setting: &Setting, typed: Option<&Fields>, fault: Option<&str>) -> String {
    let name = format!("{SETTING}{}", setting.name);
    let mut hint = setting.description.clone();
    let mut add = |more: &str| {
        if !hint.is_empty() {
            hint.push(' ');
        }
        hint.push_str(more);
    };
    let value = match typed {
        Some(form) if setting.kind == "yes-no" && form.has(&name, "true") => "true",
        Some(_) if setting.kind == "yes-no" => "false",
        Some(form) => form.typed(&name),
        None => &setting.value,
    };
    let kind = match setting.kind.as_str() {
        "yes-no" => "check",
        "number" if !setting.default.contains('.') => "number",
        "text" | "number" if !setting.value.contains('\n') => "text",
        _ => "area",
    };
    if setting.kind == "list" {
        add(t.plugin_setting_lines());
    }
    if !setting.default.is_empty() && setting.kind != "yes-no" {
        add(&t.plugin_setting_default(&setting.default.replace('\n', ", ")));
    }
    Input {
        name: &name,
        label: &setting.name,
        hint: &hint,
        value,
        fault,
        kind,
        complete: "off",
        required: false,
    }
    .html()
}

/// What the form of the settings says.
fn values(plugin: &Plugin, form: &Fields) -> Result<Vec<(String, String)>, Malformed> {
    let value = |setting: &Setting| {
        let name = format!("{SETTING}{}", setting.name);
        let value = match setting.kind.as_str() {
            "yes-no" => form.has(&name, "true").to_string(),
            // Browsers end lines by two characters.
            _ => form.one(&name)?.replace("\r\n", "\n"),
        };
        Ok((setting.name.clone(), value))
    };
    plugin.settings.iter().map(value).collect()
}

fn changed(visit: &Visit<'_>, id: &str, form: &Fields, change: Change<'_>, word: &str) -> Answered {
    let actor = visit.actor()?;
    match desk(visit, &actor)?.change(id, change) {
        Ok(()) if word == "uninstalled" => Ok(Response::see(visit.at("/plugins?done=uninstalled"))),
        Ok(()) => Ok(see(visit, id, word)),
        Err(failure) => {
            let typed = matches!(change, Change::Set(_)).then_some(form);
            written(visit, status(failure.kind), id, typed, Some(&failure))
        }
    }
}

/// Gives it what it asks for: what the page showed, and nothing that took its place meanwhile.
pub(crate) fn approve(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let digest = form.optional("digest")?.unwrap_or_default();
    changed(visit, id, form, Change::Approve(digest), "approved")
}

/// Has it asked and told.
pub(crate) fn activate(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    changed(visit, id, form, Change::SetActive(true), "active")
}

/// Has it neither asked nor told.
pub(crate) fn deactivate(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    changed(visit, id, form, Change::SetActive(false), "inactive")
}

/// Sets it.
pub(crate) fn set(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let actor = visit.actor()?;
    let plugin = match desk(visit, &actor)?.get(id) {
        Ok(plugin) => plugin,
        Err(failure) => return Ok(stopped(visit, &failure)),
    };
    let values = values(&plugin, form)?;
    changed(visit, id, form, Change::Set(&values), "set")
}

/// Goes back to the version before.
pub(crate) fn roll_back(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    changed(visit, id, form, Change::RollBack, "rolled-back")
}

/// Tells it again what was given up.
pub(crate) fn replay(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    changed(visit, id, form, Change::Replay, "replayed")
}

/// Removes it. What becomes of its data must be chosen.
pub(crate) fn uninstall(visit: &Visit<'_>, id: &str, form: &Fields) -> Answered {
    let delete_data = match form.optional("data")? {
        Some("keep") => false,
        Some("delete") => true,
        _ => return Err(Stop::Malformed),
    };
    let change = Change::Uninstall { delete_data };
    changed(visit, id, form, change, "uninstalled")
}
