//! `init` and `owner-link`: the site's first moments, and the owner's way back in.

use serde_json::json;

use super::Session;
use crate::clock::SharedClock;
use crate::cms::sign_in_links;
use crate::config::Settings;
use crate::host::Host;
use crate::links;
use crate::output::Answer;
use crate::problem::Problem;

pub(super) fn init(settings: &Settings) -> Result<Answer, Problem> {
    let (host, fresh) = Host::set_up(settings, SharedClock::default())?;
    let owner = host.acting_user(None)?;
    if !fresh {
        return Err(Problem::refused(
            "already-set-up",
            format!(
                "The site `{}` is there already; its owner is {}.",
                host.site, owner.email
            ),
        ));
    }
    let link = issue(&host, &links::base_url(settings, None), &owner.id)?;
    let text = format!(
        "The site `{}` is created in {}.\n\nStart it with `guestpass serve`, then sign in as its owner, {}, once and \
         within an hour:\n\n{link}",
        host.site,
        host.db.path().display(),
        owner.email
    );
    let json = json!({
        "site": &*host.site,
        "database": host.db.path(),
        "owner": { "id": owner.id, "email": owner.email },
        "owner_link": link,
    });
    Ok(Answer::new(text, json))
}

pub(super) fn owner_link(session: &Session) -> Result<Answer, Problem> {
    let host = &session.host;
    host.need_owner(&session.actor.user, "gets a link of this kind")?;
    let owner = host.acting_user(Some(&session.actor.user))?;
    let link = issue(&session.host, &session.base_url, &owner.id)?;
    let text = format!(
        "{link}\n\nOpens once, within an hour, for {}. Earlier links are dead.",
        owner.email
    );
    Ok(Answer::new(
        text,
        json!({ "owner_link": link, "email": owner.email }),
    ))
}

/// A new one-time link for a regular user.
pub(super) fn issue(host: &Host, base_url: &str, user: &str) -> Result<String, Problem> {
    let token = sign_in_links::issue(&host.db, &host.site, user, host.clock.now())?;
    Ok(links::sign_in_link(base_url, token.expose()))
}
