//! Posts as pages: reading, writing, publishing, deleting. Each asks the visitor's answer for the permission it needs.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::Web;
use super::failure::Failure;
use super::form::Form;
use super::pages::{Frame, When, ok};
use super::visitor::{Sender, SignedForm, Visitor};
use crate::cms::posts::{self, Post, Text};

#[derive(Template)]
#[template(path = "post.html")]
struct Show {
    frame: Frame,
    post: Post,
    published: Option<When>,
    editable: bool,
}

#[derive(Template)]
#[template(path = "post_edit.html")]
struct Edit {
    frame: Frame,
    csrf: String,
    /// Where the form goes.
    action: String,
    title: String,
    body: String,
    /// The post, once it is stored.
    post: Option<Post>,
    publishable: bool,
    deletable: bool,
}

/// What may be done to a post, as far as it depends on whose it is and whether it is public.
fn needed(post: &Post, visitor: &Visitor, verb: &str) -> Vec<String> {
    let mut needed = vec![format!("{verb}_posts")];
    if post.author != visitor.user {
        needed.push(format!("{verb}_others_posts"));
    }
    if post.published.is_some() {
        needed.push(format!("{verb}_published_posts"));
    }
    needed
}

fn need(post: &Post, visitor: &Visitor, verb: &str) -> Result<(), Failure> {
    needed(post, visitor, verb)
        .iter()
        .try_for_each(|permission| visitor.need(permission))
}

fn may(post: &Post, visitor: &Visitor, verb: &str) -> bool {
    needed(post, visitor, verb)
        .iter()
        .all(|permission| visitor.may(permission))
}

async fn find(web: &Web, id: &str) -> Result<Post, Failure> {
    let id: i64 = id.parse().map_err(|_| Failure::no_such_page())?;
    web.blocking(move |host| posts::find(&host.db, &host.site, id))
        .await?
        .ok_or_else(Failure::no_such_page)
}

/// A post: a published one for everybody, a draft for those who write.
pub async fn show(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    sender: Sender,
) -> Result<Response, Failure> {
    let visitor = sender.resolve(&web).await?;
    let post = find(&web, &id).await?;
    let writes = visitor
        .as_ref()
        .is_some_and(|visitor| visitor.may("edit_posts"));
    if post.published.is_none() && !writes {
        return Err(Failure::no_such_page());
    }
    let reader = web.reader();
    let frame = match &visitor {
        Some(visitor) => Frame::of(visitor, &post.title),
        None => Frame::public(&web.blocking(|host| host.site()).await?.title, &post.title),
    };
    Ok(ok(&Show {
        frame,
        published: post
            .published
            .map(|published| When::new(published, &reader)),
        editable: visitor.is_some_and(|visitor| may(&post, &visitor, "edit")),
        post,
    }))
}

/// The page for a new post.
pub async fn write(visitor: Visitor) -> Result<Response, Failure> {
    visitor.need("edit_posts")?;
    Ok(ok(&Edit {
        csrf: visitor.csrf(),
        action: "/posts/new".to_owned(),
        title: String::new(),
        body: String::new(),
        post: None,
        publishable: false,
        deletable: false,
        frame: Frame::of(&visitor, "New post"),
    }))
}

fn text(form: &Form) -> Result<(String, String), Failure> {
    Ok((
        form.one("title")?.to_owned(),
        form.one("body")?.replace("\r\n", "\n"),
    ))
}

/// Stores a new post as a draft.
pub async fn create(
    State(web): State<Arc<Web>>,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    visitor.need("edit_posts")?;
    let (title, body) = text(&form)?;
    let author = visitor.user;
    let id = web
        .blocking(move |host| {
            let text = Text {
                title: &title,
                body: &body,
            };
            posts::create(&host.db, &host.site, &author, text, host.clock.now())
        })
        .await?;
    Ok(to_edit(id))
}

fn to_edit(id: i64) -> Response {
    Redirect::to(&format!("/posts/{id}/edit")).into_response()
}

/// The page to change a post.
pub async fn edit(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let post = find(&web, &id).await?;
    need(&post, &visitor, "edit")?;
    Ok(ok(&Edit {
        csrf: visitor.csrf(),
        action: format!("/posts/{}/edit", post.id),
        title: post.title.clone(),
        body: post.body.clone(),
        publishable: post.published.is_none() && visitor.may("publish_posts"),
        deletable: may(&post, &visitor, "delete"),
        post: Some(post),
        frame: Frame::of(&visitor, "Change the post"),
    }))
}

/// Changes the text of a post.
pub async fn change(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let post = find(&web, &id).await?;
    need(&post, &visitor, "edit")?;
    let (title, body) = text(&form)?;
    web.blocking(move |host| {
        let text = Text {
            title: &title,
            body: &body,
        };
        posts::change(&host.db, &host.site, post.id, text, host.clock.now())
    })
    .await?;
    Ok(to_edit(post.id))
}

/// Makes a post public, with the text as it was sent.
pub async fn publish(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let post = find(&web, &id).await?;
    need(&post, &visitor, "edit")?;
    visitor.need("publish_posts")?;
    let (title, body) = text(&form)?;
    web.blocking(move |host| {
        let now = host.clock.now();
        let text = Text {
            title: &title,
            body: &body,
        };
        posts::change(&host.db, &host.site, post.id, text, now)?;
        posts::publish(&host.db, &host.site, post.id, now)
    })
    .await?;
    Ok(Redirect::to(&format!("/posts/{}", post.id)).into_response())
}

/// Deletes a post.
pub async fn delete(
    State(web): State<Arc<Web>>,
    Path(id): Path<String>,
    SignedForm { visitor, .. }: SignedForm,
) -> Result<Response, Failure> {
    let post = find(&web, &id).await?;
    need(&post, &visitor, "delete")?;
    web.blocking(move |host| posts::delete(&host.db, &host.site, post.id))
        .await?;
    Ok(Redirect::to("/section/posts").into_response())
}
