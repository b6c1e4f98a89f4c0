//! The first page: for visitors the published posts, for everybody else the sections they may enter.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::Web;
use super::failure::Failure;
use super::pages::{Frame, When, ok};
use super::visitor::{Sender, Visitor, Who};
use crate::cms::catalogue::Section;
use crate::cms::posts::{self, Post};

#[derive(Template)]
#[template(path = "front.html")]
struct Front {
    frame: Frame,
    posts: Vec<(Post, Option<When>)>,
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    frame: Frame,
    sections: Vec<&'static Section>,
    needs_password: bool,
    permissions: Vec<(String, String)>,
}

/// The first page.
pub async fn show(State(web): State<Arc<Web>>, sender: Sender) -> Result<Response, Failure> {
    match sender.resolve(&web).await? {
        None => front(&web).await,
        Some(visitor) => Ok(dashboard(&visitor)),
    }
}

async fn front(web: &Web) -> Result<Response, Failure> {
    let (site, posts) = web
        .blocking(|host| Ok::<_, Failure>((host.site()?, posts::published(&host.db, &host.site)?)))
        .await?;
    let reader = web.reader();
    let dated = |post: Post| {
        let published = post
            .published
            .map(|published| When::new(published, &reader));
        (post, published)
    };
    Ok(ok(&Front {
        frame: Frame::public(&site.title, &site.title),
        posts: posts.into_iter().map(dated).collect(),
    }))
}

fn dashboard(visitor: &Visitor) -> Response {
    let catalogue = visitor.catalogue();
    let sections = catalogue
        .sections
        .iter()
        .filter(|section| visitor.may(&section.permission))
        .collect();
    let permissions = match &visitor.who {
        Who::Guest { access, .. } => access
            .permissions()
            .iter()
            .map(|name| (name.to_owned(), catalogue.title_of(name).to_owned()))
            .collect(),
        Who::Regular { .. } => Vec::new(),
    };
    ok(&Dashboard {
        sections,
        needs_password: matches!(&visitor.who, Who::Regular { user, .. } if user.password.is_none()),
        permissions,
        frame: Frame::of(visitor, "Dashboard"),
    })
}
