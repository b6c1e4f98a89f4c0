//! What the engine relies on: creating is idempotent, deleting decides about content, and a guest holds nothing.

use super::*;
use crate::cms::posts::{self, Text};
use crate::cms::testing::{Scratch, scratch, site_of};

struct Setting {
    directory: SqliteDirectory,
    db: Arc<Db>,
    owner: String,
    _scratch: Scratch,
}

fn setting() -> Setting {
    let scratch = scratch();
    let (db, owner) = site_of("wordpress", &scratch);
    let db = Arc::new(db);
    let directory = SqliteDirectory::new(Arc::clone(&db), SharedClock::new(Fixed));
    Setting {
        directory,
        db,
        owner,
        _scratch: scratch,
    }
}

struct Fixed;

impl ports::Clock for Fixed {
    fn now(&self) -> u64 {
        2_000
    }
}

fn wanted(key: &str, email: &str) -> WantedUser {
    WantedUser {
        key: key.to_owned(),
        email: email.to_owned(),
        first_name: Some("Ada".to_owned()),
        last_name: None,
        locale: Some("fr".to_owned()),
    }
}

fn post_by(setting: &Setting, author: &str) -> i64 {
    posts::create(
        &setting.db,
        "main",
        author,
        Text {
            title: "T",
            body: "B",
        },
        1,
    )
    .unwrap()
}

#[test]
fn creating_twice_under_one_key_is_creating_once() {
    let setting = setting();
    let first = setting
        .directory
        .create("main", &wanted("grant-1", "ada@b.example"))
        .unwrap();
    let second = setting
        .directory
        .create("main", &wanted("grant-1", "ada@b.example"))
        .unwrap();
    assert_eq!(first, second);
    assert_eq!(
        setting.directory.find_by_key("main", "grant-1").unwrap(),
        Some(first)
    );
    assert_eq!(
        setting.directory.find_by_key("main", "grant-2").unwrap(),
        None
    );
    assert_eq!(users::list(&setting.db, "main").unwrap().len(), 2);
}

#[test]
fn eight_at_once_under_one_key_create_one_user() {
    let setting = setting();
    let ids: Vec<String> = std::thread::scope(|scope| {
        let each: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    setting
                        .directory
                        .create("main", &wanted("grant-1", "ada@b.example"))
                        .unwrap()
                })
            })
            .collect();
        each.into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(users::list(&setting.db, "main").unwrap().len(), 2);
}

#[test]
fn a_guest_holds_no_role_no_permission_and_no_password() {
    let setting = setting();
    let id = setting
        .directory
        .create("main", &wanted("grant-1", "ada@b.example"))
        .unwrap();
    let seen = setting.directory.find("main", &id).unwrap().unwrap();
    assert!(
        !seen.standing.owner
            && seen.standing.roles.is_empty()
            && seen.standing.permissions.is_empty()
    );
    assert_eq!(seen.name, "Ada");
    assert!(
        users::find(&setting.db, "main", &id)
            .unwrap()
            .unwrap()
            .password
            .is_none()
    );
    assert!(
        !setting
            .db
            .write(|tx| users::set_password(tx, "main", &id, None, "x"))
            .unwrap(),
        "a guest gets no password"
    );
}

#[test]
fn an_address_that_belongs_to_somebody_is_rejected_whatever_its_case() {
    let setting = setting();
    let rejected = setting
        .directory
        .create("main", &wanted("grant-1", "Owner@Site.example"))
        .unwrap_err();
    let expected = "The address Owner@Site.example already belongs to a user.";
    assert!(
        matches!(&rejected, DirectoryFailure::Rejected(why) if why == expected),
        "{rejected:?}"
    );
    let found = setting
        .directory
        .find_by_email("main", "OWNER@site.EXAMPLE")
        .unwrap()
        .unwrap();
    assert!(found.standing.owner && found.id == setting.owner);
}

#[test]
fn handing_over_gives_the_posts_to_the_heir() {
    let setting = setting();
    let id = setting
        .directory
        .create("main", &wanted("grant-1", "ada@b.example"))
        .unwrap();
    let post = post_by(&setting, &id);
    setting
        .directory
        .delete(
            "main",
            &id,
            &ContentDecision::HandOver(setting.owner.clone()),
        )
        .unwrap();
    assert_eq!(
        posts::find(&setting.db, "main", post)
            .unwrap()
            .unwrap()
            .author,
        setting.owner
    );
    assert!(setting.directory.find("main", &id).unwrap().is_none());
    assert!(
        setting
            .directory
            .find_by_key("main", "grant-1")
            .unwrap()
            .is_none()
    );
    setting
        .directory
        .delete("main", &id, &ContentDecision::Keep)
        .unwrap();
}

#[test]
fn keeping_leaves_the_posts_under_an_author_who_is_no_user() {
    let setting = setting();
    let id = setting
        .directory
        .create("main", &wanted("grant-1", "ada@b.example"))
        .unwrap();
    let post = post_by(&setting, &id);
    setting
        .directory
        .delete("main", &id, &ContentDecision::Keep)
        .unwrap();
    assert_eq!(
        posts::find(&setting.db, "main", post)
            .unwrap()
            .unwrap()
            .author_name,
        "Ada"
    );
    assert!(setting.directory.find("main", &id).unwrap().is_none());
    assert!(
        setting
            .directory
            .find_by_email("main", "ada@b.example")
            .unwrap()
            .is_none()
    );
    let again = setting
        .directory
        .create("main", &wanted("grant-1", "ada@b.example"))
        .unwrap();
    assert_ne!(again, id);
}

#[test]
fn nothing_is_deleted_without_a_possible_decision() {
    let setting = setting();
    let id = setting
        .directory
        .create("main", &wanted("grant-1", "ada@b.example"))
        .unwrap();
    let post = post_by(&setting, &id);
    for heir in [id.clone(), "nobody".to_owned()] {
        let refused = setting
            .directory
            .delete("main", &id, &ContentDecision::HandOver(heir));
        assert!(matches!(refused, Err(DirectoryFailure::Rejected(_))));
    }
    assert_eq!(
        posts::find(&setting.db, "main", post)
            .unwrap()
            .unwrap()
            .author,
        id
    );
    let owner = setting
        .directory
        .delete("main", &setting.owner, &ContentDecision::Keep);
    assert!(matches!(owner, Err(DirectoryFailure::Rejected(_))));
}

#[test]
fn an_unknown_site_is_told_apart_from_an_unknown_user() {
    let setting = setting();
    assert!(setting.directory.find("main", "nobody").unwrap().is_none());
    assert!(matches!(
        setting.directory.find("other", "nobody"),
        Err(DirectoryFailure::UnknownSite)
    ));
    assert!(matches!(
        setting.directory.get_catalogue("other"),
        Err(DirectoryFailure::UnknownSite)
    ));
    assert!(matches!(
        setting
            .directory
            .create("other", &wanted("grant-1", "ada@b.example")),
        Err(DirectoryFailure::UnknownSite)
    ));
}

#[test]
fn the_catalogue_and_its_users_carry_the_same_revision() {
    let setting = setting();
    let catalogue = setting.directory.get_catalogue("main").unwrap();
    assert_eq!(catalogue.permissions.len(), 50);
    assert_eq!(
        catalogue
            .permissions
            .iter()
            .filter(|permission| permission.reserved)
            .count(),
        5
    );
    let owner = setting
        .directory
        .find("main", &setting.owner)
        .unwrap()
        .unwrap();
    assert_eq!(owner.standing.catalogue, catalogue.revision);
}
