//! What was just made: the link or the password, shown this once, in every form in which it can be handed over.

use askama::Template;
use guestpass_core::grant::create::Issued;
use guestpass_core::grant::kind::Kind;

use crate::pages::give::sentence_of;
use crate::response::{Effect, Mailing};
use crate::texts::Language;
use crate::visit::{Answered, Visit, rendered};
use crate::words::{self, Row};

#[derive(Template)]
#[template(path = "result.html")]
struct Made<'a> {
    t: Language,
    mount: &'a str,
    row: Row,
    title: &'a str,
    sentence: String,
    mailed: Option<String>,
    not_mailed: Option<String>,
    link: Option<&'a str>,
    sign_in: Option<(String, String, &'a str)>,
    picture: String,
    message: String,
    withheld: Vec<(String, String)>,
}

/// The page. `anew`: an earlier link or password was replaced. `by_mail`: it is to be mailed, as invitations always are.
pub(crate) fn shown(visit: &Visit<'_>, issued: Issued, anew: bool, by_mail: bool) -> Answered {
    let (_, catalogue) = visit.hands_out()?;
    let t = visit.t;
    let grant = &issued.view.grant;
    let secret = issued.secret.exposed();
    let site = &visit.request.title;
    // What is sent to the guest is in the guest's language.
    let theirs = grant
        .guest
        .locale
        .as_deref()
        .and_then(Language::of_tag)
        .unwrap_or(t);
    let page = if grant.kind == Kind::Invitation {
        "/invitation"
    } else {
        "/enter"
    };
    let link = format!("{}{}{page}#{secret}", visit.request.base_url, visit.mount());
    let address = format!("{}{}", visit.request.base_url, visit.request.sign_in);
    let login = grant
        .login
        .clone()
        .unwrap_or_else(|| grant.guest.email.clone());
    let message = match grant.kind {
        Kind::Link => theirs.message_link(site, &link),
        Kind::Password => theirs.message_password(site, &address, &login, secret),
        Kind::Invitation => theirs.message_invitation(site, &link),
    };
    let title = match (grant.kind, anew) {
        (Kind::Link, false) => t.made_link(),
        (Kind::Password, false) => t.made_password(),
        (Kind::Invitation, false) => t.made_invitation(),
        (Kind::Link, true) => t.made_link_anew(),
        (Kind::Password, true) => t.made_password_anew(),
        (Kind::Invitation, true) => t.made_invitation_anew(),
    };
    let ending = match issued.view.ends {
        Some(_) if grant.first_used.is_none() => {
            words::ending(visit.shown(), &grant.term.window().ending)
        }
        Some(ends) => t.until_date(&visit.shown().date(ends)),
        None => t.until_taken_back().to_owned(),
    };
    let by_link = grant.kind != Kind::Password;
    let mailing = (by_mail || grant.kind == Kind::Invitation) && visit.request.mails;
    let page = |mailed: bool| {
        rendered(&Made {
            t,
            mount: visit.mount(),
            row: Row::new(visit, &issued.view, &catalogue),
            title,
            sentence: sentence_of(
                t,
                &words::name(&grant.guest),
                &grant.scope,
                &ending,
                &catalogue,
            ),
            mailed: (mailing && mailed).then(|| t.mailed_to(&grant.guest.email)),
            not_mailed: (mailing && !mailed).then(|| t.not_mailed(&grant.guest.email)),
            link: by_link.then_some(link.as_str()),
            sign_in: (!by_link).then(|| (address.clone(), login.clone(), secret)),
            picture: if by_link {
                picture(&link)
            } else {
                String::new()
            },
            message: message.clone(),
            withheld: issued
                .withheld
                .iter()
                .map(|(permission, bound)| {
                    let title = words::titles(&catalogue, core::iter::once(permission.as_str()));
                    (title.concat(), withheld_by(t, bound).to_owned())
                })
                .collect(),
        })
    };
    let response = visit.page(200, title, &page(true));
    if !mailing {
        return Ok(response);
    }
    let failed = visit.html(title, &page(false), false).into_bytes();
    Ok(response.with(Effect::Mail(Box::new(Mailing {
        issued,
        link: if by_link { link } else { address },
        failed,
    }))))
}

/// Why a permission that is named is not given.
pub(crate) fn withheld_by(t: Language, bound: &str) -> &str {
    match bound {
        "reserved" => t.withheld_reserved(),
        "grantor" => t.withheld_grantor(),
        "ceiling" => t.withheld_ceiling(),
        "plugin" => t.withheld_plugin(),
        other => other,
    }
}

/// The link as a square that a telephone reads. None, if it is too long for one.
fn picture(link: &str) -> String {
    use qrcodegen::{QrCode, QrCodeEcc};
    let Ok(code) = QrCode::encode_text(link, QrCodeEcc::Medium) else {
        return String::new();
    };
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let from = x;
            while x < size && code.get_module(x, y) {
                x = x.saturating_add(1);
            }
            let dark = x.saturating_sub(from);
            if dark > 0 {
                path.push_str(&format!("M{from} {y}h{dark}v1h-{dark}z"));
            } else {
                x = x.saturating_add(1);
            }
        }
    }
    let (from, whole) = (-3, size.saturating_add(6));
    format!(
        "<rect x=\"{from}\" y=\"{from}\" width=\"{whole}\" height=\"{whole}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/>|{from} {from} {whole} {whole}"
    )
}

impl Made<'_> {
    /// How much is withheld.
    fn kept_back(&self) -> String {
        self.t.withheld_count(self.withheld.len() as u64)
    }

    /// The drawing of the picture.
    fn drawing(&self) -> &str {
        self.picture.split('|').next().unwrap_or_default()
    }

    /// Its measures.
    fn view_box(&self) -> &str {
        self.picture.split('|').nth(1).unwrap_or_default()
    }
}
