//! Embeds the Guestpass engine in a Rust CMS: temporary and limited access that is certain to end.
//!
//! The owner of a site hands somebody (a support agent, an accountant, a web developer) a link. Whoever opens it is in,
//! with what the owner chose and never more than the owner may do, until the time is over; and the very next request
//! after that is refused. The rules that make it so are in a WebAssembly component, which is built into this crate and is
//! the same for every CMS. This crate runs it.
//!
//! # What a host does
//!
//! It hands over seven things, the [`ports`]: a [store](ports::Store), its users and its catalogue of permissions (the
//! [directory](ports::Directory)), and, unless the defaults do, [hooks](ports::Hooks), [extensions](ports::Extensions), a
//! [clock](ports::Clock), [randomness](ports::Random) and a [log](ports::Log). The engine reaches nothing else. In return it
//! has a [`Guestpass`] with every function of the engine, and calls three of them in the main:
//!
//! - [`create`](Guestpass::create) when an owner fills in the form: the answer holds the link's secret, this once;
//! - [`redeem`](Guestpass::redeem) when the guest presses the button on the landing page: the answer holds a session for
//!   the guest's cookie;
//! - [`resolve`](Guestpass::resolve) on each request with such a cookie: the [`Access`] it gives is asked for each
//!   permission, natively and in nanoseconds. The CMS stores these users without any role, so without this answer they
//!   may do nothing.
//!
//! ```
//! use std::sync::Mutex;
//!
//! use guestpass::ports::*;
//! use guestpass::store::MemoryStore;
//! use guestpass::{Actor, Draft, Guest, Guestpass, Origin, Scope, Window};
//!
//! /// A site with one owner, a role, and the users that are made for guests: the keys they were made under.
//! #[derive(Default)]
//! struct People(Mutex<Vec<String>>);
//!
//! impl Directory for People {
//!     fn get_catalogue(&self, _site: &str) -> Result<Catalogue, DirectoryFailure> {
//!         let permission = |name: &str, reserved| PermissionEntry {
//!             name: name.to_owned(),
//!             title: name.replace('_', " "),
//!             reserved,
//!         };
//!         Ok(Catalogue {
//!             revision: 1,
//!             permissions: vec![
//!                 permission("edit_posts", false),
//!                 permission("publish_posts", false),
//!                 // No guest can ever hold this one.
//!                 permission("manage_users", true),
//!             ],
//!             roles: vec![RoleEntry {
//!                 name: "author".to_owned(),
//!                 title: "Author".to_owned(),
//!                 permissions: vec!["edit_posts".to_owned(), "publish_posts".to_owned()],
//!             }],
//!             purposes: Vec::new(),
//!             grants_with: None,
//!         })
//!     }
//!
//!     fn find(&self, _site: &str, id: &str) -> Result<Option<User>, DirectoryFailure> {
//!         Ok((id == "olivia").then(|| User {
//!             id: id.to_owned(),
//!             email: "olivia@example.org".to_owned(),
//!             name: "Olivia".to_owned(),
//!             standing: Standing {
//!                 owner: true,
//!                 roles: Vec::new(),
//!                 permissions: Vec::new(),
//!                 catalogue: 1,
//!             },
//!         }))
//!     }
//!
//!     fn find_by_email(&self, _site: &str, _email: &str) -> Result<Option<User>, DirectoryFailure> {
//!         Ok(None)
//!     }
//!
//!     fn find_by_key(&self, _site: &str, key: &str) -> Result<Option<String>, DirectoryFailure> {
//!         let people = self.0.lock().unwrap();
//!         Ok(people.iter().any(|made| made == key).then(|| format!("guest-{key}")))
//!     }
//!
//!     fn create(&self, site: &str, user: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
//!         if self.find_by_key(site, &user.key)?.is_none() {
//!             self.0.lock().unwrap().push(user.key.clone());
//!         }
//!         Ok(CreatedUser { id: format!("guest-{}", user.key), login: None })
//!     }
//!
//!     fn delete(&self, _: &str, _: &str, _: &ContentDecision) -> Result<(), DirectoryFailure> {
//!         Ok(())
//!     }
//!
//!     fn end_sessions(&self, _site: &str, _id: &str) -> Result<(), DirectoryFailure> {
//!         Ok(())
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let guestpass =
//!     Guestpass::builder().store(MemoryStore::default()).directory(People::default()).build()?;
//!
//! // Olivia makes a link for an agent: all that an author may do, but publishing, for three days.
//! let olivia = Actor::new("example.org", "olivia");
//! let mut scope = Scope::role("author");
//! scope.except = vec!["publish_posts".to_owned()];
//! let draft = Draft::new(Guest::new("agent@support.example"), scope, Window::lasting("P3D"));
//! let issued = guestpass.create(&olivia, &draft)?;
//! let link = format!("https://example.org/enter#{}", issued.secret.expose());
//!
//! // The agent opens it. Looking changes nothing, however often a mail scanner does it.
//! let pass = link.split_once('#').unwrap().1;
//! assert_eq!(guestpass.inspect("example.org", pass)?.invited_by, "Olivia");
//!
//! // The agent presses the button and is in.
//! let admission = guestpass.redeem("example.org", pass, &Origin::unknown())?;
//! let access = guestpass.resolve("example.org", admission.session.expose())?;
//! assert!(access.may("edit_posts"));
//! assert!(!access.may("publish_posts"));
//! assert!(!access.may("manage_users"));
//!
//! // The work is done. From the next request on it is over, and the reason is told.
//! guestpass.revoke(&olivia, &issued.grant.id)?;
//! let refusal = guestpass.resolve("example.org", admission.session.expose()).unwrap_err();
//! println!("{refusal}");
//!
//! // Everything is on record, and nobody has changed it since.
//! assert!(guestpass.verify("example.org", None, 100)?.faults.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # What to know
//!
//! - Everything is synchronous and may be called from any number of threads. Each call runs on an engine instance of its
//!   own out of a pool; all state is in the store.
//! - A refusal is an answer: a [`Refusal`] with a kind, a word for programs and a sentence for people.
//! - The engine is held to [`Limits`] of time and memory. One that breaks off is thrown away, its caller gets a refusal
//!   (`engine-fault`), and nobody else notices.
//! - No access depends on a timer. [`sweep`](Guestpass::sweep) and [`deliver`](Guestpass::deliver), called now and then,
//!   tidy up and tell hooks what happened.
//! - Compiling the engine takes a second or more; with a [cache directory](Builder::cache_dir) only the first start does
//!   it.

mod access;
mod bindings;
mod builder;
pub mod component;
mod engine;
mod handle;
mod issued;
mod limits;
mod permissions;
mod plain;
pub mod plugins;
pub mod ports;
mod refusal;
pub mod screens;
mod secret;
pub mod store;
mod types;

pub use access::{Access, Power};
pub use builder::{BuildError, Builder};
pub(crate) use engine::Ports;
pub use handle::Guestpass;
pub use issued::{Admission, Issued};
pub use limits::Limits;
pub use permissions::Permissions;
pub use plain::{is_plain, misleads, one_line};
pub use refusal::Refusal;
pub use secret::Secret;
pub use types::{
    Accepted, Actor, Checkpoint, Draft, EndExplanation, EndLimit, Ending, Explanation, Extension,
    Fault, Filter, FreshBackup, Grant, GrantorGone, Guest, Happening, Inclusion, Invitation,
    Invitee, Limit, Lockout, LockoutLimit, LockoutLimits, Lockouts, Logged, Membership,
    Memberships, Origin, Page, Preset, Preview, RefusalKind, Report, RevokedAll, RunningSession,
    Scope, ScopeBase, Sessions, Settings, Swept, Template, Uninstalled, Window, Withheld,
};
