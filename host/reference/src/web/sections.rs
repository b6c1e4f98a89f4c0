//! The sections of the dashboard. Each needs the permission that the catalogue names; the answer is asked at the door.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use super::Web;
use super::failure::Failure;
use super::form::Form;
use super::pages::{Frame, When, ok};
use super::visitor::{SignedForm, Visitor};
use crate::cms::catalogue::{Section, View};
use crate::cms::deletion::{self, Content, NotDeleted};
use crate::cms::entries::{self, Entry, Place};
use crate::cms::posts::{self, Post};
use crate::cms::site;
use crate::cms::users::{self, User};
use crate::when;

#[derive(Template)]
#[template(path = "section_posts.html")]
struct Posts {
    frame: Frame,
    posts: Vec<(Post, Option<When>, When)>,
}

#[derive(Template)]
#[template(path = "section_entries.html")]
struct Entries {
    frame: Frame,
    csrf: String,
    section: &'static Section,
    entries: Vec<(Entry, When)>,
}

#[derive(Template)]
#[template(path = "section_users.html")]
struct Users {
    frame: Frame,
    csrf: String,
    users: Vec<User>,
    deletes: bool,
}

#[derive(Template)]
#[template(path = "section_settings.html")]
struct Settings {
    frame: Frame,
    csrf: String,
    title: String,
}

#[derive(Template)]
#[template(path = "section_export.html")]
struct Export {
    frame: Frame,
    csrf: String,
}

/// The section of this name, if the visitor may enter it.
fn enter(visitor: &Visitor, name: &str) -> Result<&'static Section, Failure> {
    let section = visitor
        .catalogue()
        .section(name)
        .ok_or_else(Failure::no_such_page)?;
    visitor.need(&section.permission)?;
    Ok(section)
}

/// A section.
pub async fn show(
    State(web): State<Arc<Web>>,
    Path(name): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let section = enter(&visitor, &name)?;
    let reader = web.reader();
    let csrf = visitor.csrf();
    let frame = Frame::of(&visitor, &section.title);
    Ok(match section.view {
        View::Posts => {
            let posts = web
                .blocking(|host| posts::list(&host.db, &host.site))
                .await?;
            let dated = |post: Post| {
                let published = post
                    .published
                    .map(|published| When::new(published, &reader));
                let changed = When::new(post.changed, &reader);
                (post, published, changed)
            };
            ok(&Posts {
                frame,
                posts: posts.into_iter().map(dated).collect(),
            })
        }
        View::Entries => {
            let account = visitor.account().map(str::to_owned);
            let entries = web
                .blocking(move |host| {
                    entries::list(&host.db, &host.site, &section.name, account.as_deref())
                })
                .await?;
            let dated = |entry: Entry| {
                let created = When::new(entry.created, &reader);
                (entry, created)
            };
            ok(&Entries {
                frame,
                csrf,
                section,
                entries: entries.into_iter().map(dated).collect(),
            })
        }
        View::Users => {
            let users = web
                .blocking(|host| users::list(&host.db, &host.site))
                .await?;
            ok(&Users {
                frame,
                csrf,
                users,
                deletes: visitor.may("delete_users"),
            })
        }
        View::Settings => ok(&Settings {
            frame,
            csrf,
            title: visitor.site.title,
        }),
        View::Export => ok(&Export { frame, csrf }),
    })
}

/// What the section's form does.
pub async fn act(
    State(web): State<Arc<Web>>,
    Path(name): Path<String>,
    SignedForm { visitor, form }: SignedForm,
) -> Result<Response, Failure> {
    let section = enter(&visitor, &name)?;
    match section.view {
        View::Posts => return Err(Failure::no_such_page()),
        View::Entries => {
            let text = form.one("text")?.to_owned();
            let account = visitor.account().map(str::to_owned);
            let author = visitor.user;
            web.blocking(move |host| {
                entries::add(
                    &host.db,
                    &host.site,
                    Place {
                        section: &section.name,
                        account: account.as_deref(),
                    },
                    &author,
                    &text,
                    host.clock.now(),
                )
            })
            .await?;
        }
        View::Users => delete_user(&web, &visitor, &form).await?,
        View::Settings => {
            let title = form.one("title")?.to_owned();
            web.blocking(move |host| site::set_title(&host.db, &host.site, &title))
                .await?;
        }
        View::Export => return export(&web).await,
    }
    // The catalogue's own name for the section, so that nothing typed reaches the address.
    Ok(Redirect::to(&format!("/section/{}", section.name)).into_response())
}

/// Deletes a user. What becomes of the content must be said: there is no default.
async fn delete_user(web: &Web, visitor: &Visitor, form: &Form) -> Result<(), Failure> {
    visitor.need("delete_users")?;
    let user = form.one("user")?.to_owned();
    let heir = match form.one("content")? {
        "hand-over" => Some(visitor.user.clone()),
        "keep" => None,
        _ => {
            return Err(Failure::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "no-decision",
                "Say what becomes of this user's content.",
            ));
        }
    };
    web.blocking(move |host| {
        let content = heir.as_deref().map_or(Content::Keep, Content::HandOver);
        deletion::delete(&host.db, &host.site, &user, content).map_err(|error| match error {
            NotDeleted::Rejected(why) => Failure::new(
                StatusCode::CONFLICT,
                "not-deleted",
                format!("Not deleted: {why}."),
            ),
            NotDeleted::Failed(problem) => Failure::from(problem),
        })
    })
    .await
}

/// All posts as one file.
async fn export(web: &Web) -> Result<Response, Failure> {
    let posts = web
        .blocking(|host| posts::list(&host.db, &host.site))
        .await?;
    let posts: Vec<_> = posts
        .iter()
        .map(|post| {
            json!({
                "title": post.title,
                "body": post.body,
                "author": post.author_name,
                "published": post.published.map(when::rfc3339),
                "changed": when::rfc3339(post.changed),
            })
        })
        .collect();
    let headers = [
        (CONTENT_TYPE, "application/json; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"posts.json\""),
    ];
    Ok((headers, format!("{:#}", json!({ "posts": posts }))).into_response())
}
