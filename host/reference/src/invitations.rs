//! Invitations as this host sends them.

use guestpass::Issued;

use crate::cms::users;
use crate::host::Host;
use crate::links;
use crate::mail::{Invited, Sent};
use crate::problem::Problem;

/// Mails an invitation that was just made, or made anew, by this user. Its secret is in the mail and nowhere else.
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
        link: &links::of_grant(base_url, &grant.kind, issued.secret.expose()),
        now: host.clock.now(),
    })
}
