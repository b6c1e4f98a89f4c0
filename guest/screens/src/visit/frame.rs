//! What stands around every page: the navigation, who is here by whose leave, and the languages of it.

use core::fmt;

use askama::Template;

use super::{Visit, Who};
use crate::assets;
use crate::response::Response;
use crate::texts::Language;
use crate::when::When;

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
    /// That of every date on the page.
    zone: &'a str,
    main: &'a str,
}

impl Visit<'_> {
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
            zone: &self.request.zone.name,
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
                zone: "UTC",
                main: "",
            });
            let html = format!("<html lang=\"{tag}\" dir=\"{direction}\">");
            assert!(page.contains(&html), "{page}");
        }
    }
}
