//! Invitations as this host sends them, and links and passwords where their grantor asks for that.

use guestpass::{Draft, Issued};

use crate::cms::users;
use crate::host::Host;
use crate::links::WayIn;
use crate::mail::{Invited, Sent};
use crate::problem::Problem;

/// The word by which a draft asks for a mail (`draft.knowingly` of the contract).
pub const BY_MAIL: &str = "by-mail";

/// Mails what was just issued to its guest, in the name of this user.
pub fn mail(host: &Host, base_url: &str, inviter: &str, issued: &Issued) -> Result<Sent, Problem> {
    let site = host.site()?;
    let inviter = users::find(&host.db, &host.site, inviter)?
        .map_or_else(|| site.title.clone(), |user| user.name);
    let grant = &issued.grant;
    host.mail.send(&Invited {
        email: &grant.guest.email,
        name: grant.guest.first_name.as_deref(),
        locale: grant.guest.locale.as_deref(),
        inviter: &inviter,
        site: &site.title,
        base_url,
        grant,
        catalogue: site.catalogue,
        way_in: &WayIn::of(base_url, grant, issued.secret.expose()),
        now: host.clock.now(),
    })
}

/// Mails a link or a password if its draft asks for that. It is there either way, for its grantor to hand over.
pub fn mail_if_asked(
    host: &Host,
    base_url: &str,
    inviter: &str,
    draft: &Draft,
    issued: &Issued,
) -> Option<Result<Sent, Problem>> {
    let asked = draft.knowingly.iter().any(|word| word == BY_MAIL);
    asked.then(|| {
        let sent = mail(host, base_url, inviter, issued);
        if let Err(problem) = &sent {
            tracing::warn!("what lets a guest in could not be mailed: {problem}");
        }
        sent
    })
}
