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
        website: None,
        credentials: None,
    }
}

fn with_password(key: &str, email: &str, login: Option<&str>, password: &str) -> WantedUser {
    WantedUser {
        credentials: Some(credentials(login, password)),
        ..wanted(key, email)
    }
}

fn credentials(login: Option<&str>, password: &str) -> Credentials {
    Credentials {
        login: login.map(str::to_owned),
        password: password.to_owned().into(),
    }
}

fn create(setting: &Setting, key: &str, email: &str) -> String {
    let created = setting.directory.create("main", &wanted(key, email));
    created.unwrap().id
}

/// Whether this user signs in by this.
fn opens(setting: &Setting, login: &str, password: &str) -> bool {
    let user = users::find_by_login(&setting.db, "main", login).unwrap();
    password::verify(password, user.and_then(|user| user.password).as_deref())
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
    let first = create(&setting, "grant-1", "ada@b.example");
    let second = create(&setting, "grant-1", "ada@b.example");
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
            .map(|_| scope.spawn(|| create(&setting, "grant-1", "ada@b.example")))
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
    let id = create(&setting, "grant-1", "ada@b.example");
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
fn who_was_made_to_accept_an_invitation_changes_the_password_that_was_chosen() {
    let setting = setting();
    invited::choose(&setting.db, "main", "key-of-bea", "chosen", 1_000).unwrap();
    let id = setting
        .directory
        .create("main", &wanted("key-of-bea", "bea@new.example"))
        .unwrap()
        .id;
    let set = |present, hash| {
        setting
            .db
            .write(|tx| users::set_password(tx, "main", &id, Some(present), hash))
            .unwrap()
    };
    assert!(!set("another", "x"));
    assert!(set("chosen", "second") && set("second", "third"));
}

#[test]
fn a_guest_with_a_password_signs_in_by_name_or_address_until_there_is_another() {
    let setting = setting();
    let first = "first-password-of-24-cha";
    let made = setting.directory.create(
        "main",
        &with_password("grant-1", "ada@b.example", None, first),
    );
    let made = made.unwrap();
    assert_eq!(made.login.as_deref(), Some("ada"));
    assert!(opens(&setting, "ada", first) && opens(&setting, "ADA@b.example", first));
    let second = "second-password-of-24-ch";
    let set = |login: Option<&str>| {
        let new = credentials(login, second);
        setting.directory.set_credentials("main", &made.id, &new)
    };
    assert_eq!(set(None).unwrap().as_deref(), Some("ada"));
    assert!(opens(&setting, "ada", second) && !opens(&setting, "ada", first));
    assert_eq!(set(Some("Countess")).unwrap().as_deref(), Some("countess"));
    assert!(opens(&setting, "countess", second) && !opens(&setting, "ada", second));
    let stored = users::find(&setting.db, "main", &made.id).unwrap().unwrap();
    assert!(stored.password.unwrap().starts_with("$argon2id$"));
}

#[test]
fn a_name_that_is_taken_is_rejected_and_nobody_is_made() {
    let setting = setting();
    let made = |key: &str, email: &str, login: &str| {
        let new = with_password(key, email, Some(login), "a-password-of-24-charact");
        setting.directory.create("main", &new)
    };
    made("grant-1", "ada@b.example", "sam").unwrap();
    let taken = made("grant-2", "kim@b.example", "Sam").unwrap_err();
    assert!(
        matches!(&taken, DirectoryFailure::Rejected(why) if why.contains("`sam` is taken")),
        "{taken:?}"
    );
    assert_eq!(
        setting.directory.find_by_key("main", "grant-2").unwrap(),
        None
    );
}

#[test]
fn only_guests_get_a_password_this_way_also_those_who_came_by_a_link() {
    let setting = setting();
    let set = |user: &str| {
        let new = credentials(None, "a-password-of-24-charact");
        setting.directory.set_credentials("main", user, &new)
    };
    for nobody in [&*setting.owner, "nobody"] {
        assert!(matches!(set(nobody), Err(DirectoryFailure::Rejected(_))));
    }
    let id = create(&setting, "grant-1", "ada@b.example");
    assert_eq!(set(&id).unwrap().as_deref(), Some("ada"));
    assert!(opens(&setting, "ada", "a-password-of-24-charact"));
    setting
        .directory
        .delete("main", &id, &ContentDecision::Keep)
        .unwrap();
    assert!(matches!(set(&id), Err(DirectoryFailure::Rejected(_))));
}

#[test]
fn a_name_is_free_again_when_its_user_is_gone() {
    let setting = setting();
    let made = |key: &str| {
        let new = with_password(key, "ada@b.example", None, "a-password-of-24-charact");
        setting.directory.create("main", &new).unwrap()
    };
    let first = made("grant-1");
    let _post = post_by(&setting, &first.id);
    setting
        .directory
        .delete("main", &first.id, &ContentDecision::Keep)
        .unwrap();
    assert!(!opens(&setting, "ada", "a-password-of-24-charact"));
    assert_eq!(made("grant-2").login, first.login);
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
    let id = create(&setting, "grant-1", "ada@b.example");
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
    let id = create(&setting, "grant-1", "ada@b.example");
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
    let again = create(&setting, "grant-1", "ada@b.example");
    assert_ne!(again, id);
}

#[test]
fn nothing_is_deleted_without_a_possible_decision() {
    let setting = setting();
    let id = create(&setting, "grant-1", "ada@b.example");
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
