//! Acting in the account of somebody else. The engine begins such a session and says what it may do; whether it is still its
//! user's to have is this host's to say, as it is for their own sessions.

use guestpass::{Access, Admission, Origin};

use crate::cms::switched::{self, Begun};
use crate::host::Host;
use crate::problem::{Kind, Problem};
use crate::secret::Token;

/// Begins a session in another account. The one that it takes the place of is over.
pub fn begin(
    host: &Host,
    user: &str,
    grant: &str,
    leaving: Option<&str>,
    begun: Begun<'_>,
    origin: &Origin,
) -> Result<Admission, Problem> {
    let admission = host
        .engine
        .switch(&host.site, user, grant, leaving, origin)?;
    note(host, user, admission.session.expose(), begun)?;
    if let Some(leaving) = leaving {
        switched::end(&host.db, &token(leaving))?;
    }
    Ok(admission)
}

/// Notes a session that a page of the engine began in a browser, if it is one in another account. One that cannot be asked
/// about now is not noted, and so gives nothing if it is one.
pub fn begun_by_page(host: &Host, session: &str, before: Option<&str>) -> Result<(), Problem> {
    let Ok(access) = host.engine.resolve(&host.site, session) else {
        return Ok(());
    };
    if !access.switched() {
        return Ok(());
    }
    let before = token(before.unwrap_or_default());
    note(host, access.user(), session, Begun::InBrowser(&before))
}

fn note(host: &Host, user: &str, session: &str, begun: Begun<'_>) -> Result<(), Problem> {
    let now = host.clock.now();
    if switched::note(&host.db, &host.site, user, &token(session), begun, now)? {
        return Ok(());
    }
    host.engine.sign_out(&host.site, session)?;
    Err(over())
}

/// Who is behind a session of the engine, and what they may do.
pub fn resolve(host: &Host, session: &str) -> Result<Access, Problem> {
    let access = host.engine.resolve(&host.site, session)?;
    if is_held(host, session, &access)? {
        Ok(access)
    } else {
        Err(over())
    }
}

/// Whether a session for which the engine answers is still its user's to have. One that is not is over at the engine too from
/// here on.
pub fn is_held(host: &Host, session: &str, access: &Access) -> Result<bool, Problem> {
    let now = host.clock.now();
    if !access.switched()
        || switched::is_held(&host.db, &host.site, access.user(), &token(session), now)?
    {
        return Ok(true);
    }
    sign_out(host, session)?;
    Ok(false)
}

/// Ends a session in another account and gives its user.
pub fn come_back(host: &Host, session: &str) -> Result<String, Problem> {
    let user = host.engine.return_to_own(&host.site, session)?;
    let now = host.clock.now();
    let held = switched::end_of(&host.db, &host.site, &user, &token(session), now)?;
    held.map(|_| user).ok_or_else(over)
}

/// Ends a session of the engine, here and there.
pub fn sign_out(host: &Host, session: &str) -> Result<(), Problem> {
    switched::end(&host.db, &token(session))?;
    Ok(host.engine.sign_out(&host.site, session)?)
}

fn token(session: &str) -> Token {
    Token::presented(session.to_owned())
}

fn over() -> Problem {
    Problem::new(
        Kind::Gone,
        "session-ended",
        "This session is over. Sign in again and switch to the account from there.",
    )
}
