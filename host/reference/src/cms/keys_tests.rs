//! Keys as their maker, their holder and a thief meet them.

use super::*;
use crate::cms::deletion::{self, Content};
use crate::cms::testing::{Scratch, scratch, site_of};
use crate::cms::users::NewUser;

const NOW: u64 = 1_000_000;
const SCOPES: [KeyScope; 2] = [KeyScope::GrantsWrite, KeyScope::GrantsRead];

struct Setting {
    db: Db,
    owner: String,
    directory: Scratch,
}

fn setting() -> Setting {
    let directory = scratch();
    let (db, owner) = site_of("wordpress", &directory);
    Setting {
        db,
        owner,
        directory,
    }
}

impl Setting {
    fn make(&self, user: &str, ends: Option<u64>) -> Result<(Key, Token), Problem> {
        self.make_by(&self.owner, user, ends)
    }

    fn make_by(&self, maker: &str, user: &str, ends: Option<u64>) -> Result<(Key, Token), Problem> {
        let new = NewKey {
            maker,
            user,
            name: " deploys ",
            scopes: &SCOPES,
            ends,
        };
        make(&self.db, "main", &new, NOW)
    }

    fn opens(&self, token: &Token, site: &str, now: u64) -> Option<(Key, User)> {
        let presented = key_token::present(token.expose()).unwrap();
        resolve(&self.db, site, &presented, now).unwrap()
    }

    fn user(&self, id: &str, new: &NewUser<'_>) {
        self.db
            .write(|tx| users::insert(tx, "main", id, new, NOW))
            .unwrap();
    }
}

#[test]
fn a_key_acts_as_its_maker_until_its_end_and_not_at_it() {
    let setting = setting();
    let (made, token) = setting.make(&setting.owner, Some(NOW + 10)).unwrap();
    assert_eq!(made.name, "deploys");
    let (key, user) = setting.opens(&token, "main", NOW + 9).unwrap();
    assert_eq!((key.id, user.id), (made.id, setting.owner.clone()));
    assert_eq!(key.scopes, [KeyScope::GrantsRead, KeyScope::GrantsWrite]);
    assert!(setting.opens(&token, "main", NOW + 10).is_none());
    assert!(setting.opens(&token, "other", NOW).is_none());
}

#[test]
fn a_revoked_key_is_dead_and_can_be_revoked_once() {
    let setting = setting();
    let (key, token) = setting.make(&setting.owner, None).unwrap();
    let (_, other) = setting.make(&setting.owner, None).unwrap();
    assert!(!revoke(&setting.db, "other", &key.id).unwrap());
    assert!(revoke(&setting.db, "main", &key.id).unwrap());
    assert!(!revoke(&setting.db, "main", &key.id).unwrap());
    assert!(setting.opens(&token, "main", NOW).is_none());
    assert!(setting.opens(&other, "main", NOW).is_some());
}

#[test]
fn the_right_id_with_another_secret_opens_nothing() {
    let setting = setting();
    let (key, _) = setting.make(&setting.owner, None).unwrap();
    let (_, other) = setting.make(&setting.owner, None).unwrap();
    let mut presented = key_token::present(other.expose()).unwrap();
    presented.id = key.id;
    assert!(
        resolve(&setting.db, "main", &presented, NOW)
            .unwrap()
            .is_none()
    );
}

#[test]
fn the_last_use_is_noted_once_a_minute() {
    let setting = setting();
    let (_, token) = setting.make(&setting.owner, None).unwrap();
    let last = || list(&setting.db, "main").unwrap()[0].0.last_used;
    assert_eq!(last(), None);
    for (at, noted) in [(0, 0), (NOTED - 1, 0), (NOTED, NOTED)] {
        setting.opens(&token, "main", NOW + at).unwrap();
        assert_eq!(last(), Some(NOW + noted));
    }
}

#[test]
fn p14_guests_and_regular_users_make_no_keys_and_a_guest_uses_none() {
    let setting = setting();
    let guest = NewUser {
        email: "sam@support.example",
        created_for: Some("grant"),
        ..NewUser::default()
    };
    setting.user("sam", &guest);
    let editor = NewUser {
        email: "eve@site.example",
        role: Some("administrator"),
        ..NewUser::default()
    };
    setting.user("eve", &editor);
    for maker in ["sam", "eve", "nobody"] {
        for user in ["sam", "eve", &setting.owner] {
            let refused = setting.make_by(maker, user, None).unwrap_err();
            assert_eq!(refused.code, "not-the-owner");
        }
    }
    for user in ["sam", "nobody"] {
        let refused = setting.make(user, None).unwrap_err();
        assert_eq!(refused.code, "no-key-for-guests");
    }
    let (_, token) = setting.make("eve", None).unwrap();
    assert_eq!(setting.opens(&token, "main", NOW).unwrap().1.id, "eve");
    // Nor does one help that was put into a guest's hands past the program.
    let (_, token) = setting.make(&setting.owner, None).unwrap();
    let sql = "UPDATE api_key SET user = 'sam'";
    setting.db.read(|c| c.execute_batch(sql)).unwrap();
    assert!(setting.opens(&token, "main", NOW).is_none());
}

#[test]
fn a_key_dies_with_its_user() {
    for kept in [false, true] {
        let setting = setting();
        let editor = NewUser {
            email: "eve@site.example",
            ..NewUser::default()
        };
        setting.user("eve", &editor);
        let (_, token) = setting.make("eve", None).unwrap();
        if kept {
            let post = "INSERT INTO post (site, author, title, body, changed) VALUES ('main', 'eve', '', '', 0)";
            setting.db.read(|c| c.execute_batch(post)).unwrap();
        }
        assert!(setting.opens(&token, "main", NOW).is_some());
        deletion::delete(&setting.db, "main", "eve", Content::Keep).unwrap();
        assert!(setting.opens(&token, "main", NOW).is_none());
        let left: u32 = setting
            .db
            .read(|c| c.query_row("SELECT count(*) FROM api_key", [], |row| row.get(0)))
            .unwrap();
        assert_eq!(left, 0);
    }
}

#[test]
fn p03_the_database_does_not_hold_the_secret() {
    let setting = setting();
    let (_, token) = setting.make(&setting.owner, None).unwrap();
    drop(setting.db);
    let secret = &token.expose().as_bytes()[27..70];
    for file in std::fs::read_dir(&*setting.directory).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(12).any(|window| window == &secret[..12]));
    }
}
