//! Sessions in the accounts of others: what ends them, and how many there are.

use super::*;
use crate::cms::key_scope::KeyScope;
use crate::cms::keys::{self, NewKey};
use crate::cms::sign_in_links;
use crate::cms::testing::{Scratch, scratch, site_of};
use crate::cms::users;
use crate::cms::ways_in::{self, NewPassword};
use crate::cms::{deletion, ownership};

const NOW: u64 = 5_000;

struct Setting {
    db: Db,
    owner: String,
    _directory: Scratch,
}

fn setting() -> Setting {
    let directory = scratch();
    let (db, owner) = site_of("wordpress", &directory);
    let new = users::NewUser {
        email: "ada@site.example",
        role: Some("editor"),
        ..users::NewUser::default()
    };
    db.write(|tx| users::insert(tx, "main", "ada", &new, NOW))
        .unwrap();
    Setting {
        db,
        owner,
        _directory: directory,
    }
}

impl Setting {
    /// A session of Ada's own.
    fn own(&self) -> Token {
        let link = sign_in_links::issue(&self.db, "main", "ada", NOW).unwrap();
        ways_in::by_link(&self.db, "main", &link, NOW)
            .unwrap()
            .unwrap()
    }

    fn key(&self, ends: Option<u64>) -> String {
        let new = NewKey {
            maker: &self.owner,
            user: "ada",
            name: "deploys",
            scopes: &[KeyScope::AccountsWrite],
            ends,
        };
        keys::make(&self.db, "main", &new, NOW).unwrap().0.id
    }

    /// A session of Ada's in another account; none: what it was to begin by is over.
    fn switched(&self, begun: Begun<'_>) -> Option<Token> {
        let session = Token::issue("gs1_").unwrap();
        let noted = note(&self.db, "main", "ada", &session, begun, NOW).unwrap();
        noted.then_some(session)
    }

    fn goes_on(&self, session: &Token) -> bool {
        is_held(&self.db, "main", "ada", session, NOW).unwrap()
    }

    fn returned(&self, session: &Token) -> bool {
        ways_in::by_return(&self.db, "main", "ada", session, NOW)
            .unwrap()
            .is_some()
    }
}

#[test]
fn a_session_is_its_users_alone_and_leads_back_once() {
    let setting = setting();
    let session = setting.switched(Begun::InBrowser(&setting.own())).unwrap();
    assert!(setting.goes_on(&session));
    let of = |site: &str, user: &str| is_held(&setting.db, site, user, &session, NOW).unwrap();
    assert!(!of("main", &setting.owner) && !of("other", "ada"));
    assert!(setting.returned(&session));
    assert!(!setting.goes_on(&session) && !setting.returned(&session));
}

#[test]
fn p20_what_goes_back_to_a_key_gives_no_session_of_ones_own_and_ends_with_it() {
    let setting = setting();
    let key = setting.key(None);
    let begun = || setting.switched(Begun::ByKey(&key)).unwrap();
    let (session, kept) = (begun(), begun());
    let further = setting.switched(Begun::InBrowser(&session)).unwrap();
    assert!(!setting.returned(&session) && !setting.returned(&further));
    let further = setting.switched(Begun::InBrowser(&kept)).unwrap();
    assert!(setting.goes_on(&kept) && setting.goes_on(&further));
    assert!(keys::revoke(&setting.db, "main", &key).unwrap());
    assert!(!setting.goes_on(&kept) && !setting.goes_on(&further));
    assert!(setting.switched(Begun::InBrowser(&kept)).is_none());
    assert!(setting.switched(Begun::ByKey(&key)).is_none());
    let key = setting.key(Some(NOW + 1));
    let session = setting.switched(Begun::ByKey(&key)).unwrap();
    let at = |now| is_held(&setting.db, "main", "ada", &session, now).unwrap();
    assert!(at(NOW) && !at(NOW + 1));
}

#[test]
fn p07_a_new_password_ends_sessions_in_the_accounts_of_others() {
    let setting = setting();
    let (own, other) = (setting.own(), setting.own());
    let session = setting.switched(Begun::InBrowser(&other)).unwrap();
    let new = NewPassword {
        user: "ada",
        session: &own,
        present: None,
        hash: "first",
    };
    let own = ways_in::by_new_password(&setting.db, "main", &new, NOW);
    assert!(!setting.goes_on(&session) && !setting.returned(&session));
    // Nor does one begin by what ended while the engine began it.
    assert!(setting.switched(Begun::InBrowser(&other)).is_none());
    assert!(setting.switched(Begun::InBrowser(&session)).is_none());
    assert!(
        setting
            .switched(Begun::InBrowser(&own.unwrap().unwrap()))
            .is_some()
    );
}

#[test]
fn p07_another_owner_and_a_deletion_end_them() {
    let setting = setting();
    let session = setting.switched(Begun::ByOperator).unwrap();
    let from = users::find(&setting.db, "main", &setting.owner)
        .unwrap()
        .unwrap();
    ownership::transfer(&setting.db, "main", &from, "ada", Some("editor")).unwrap();
    assert!(!setting.goes_on(&session));
    let ada = users::find(&setting.db, "main", "ada").unwrap().unwrap();
    ownership::transfer(&setting.db, "main", &ada, &setting.owner, Some("editor")).unwrap();
    let session = setting.switched(Begun::ByOperator).unwrap();
    deletion::delete(&setting.db, "main", "ada", deletion::Content::Keep).unwrap();
    assert!(!setting.goes_on(&session));
}

#[test]
fn the_oldest_is_over_when_there_are_too_many_of_its_kind() {
    let setting = setting();
    let browsers = setting.switched(Begun::InBrowser(&setting.own())).unwrap();
    let key = setting.key(None);
    let begun = || setting.switched(Begun::ByKey(&key)).unwrap();
    let (first, second) = (begun(), begun());
    for _ in 2..KEPT {
        begun();
    }
    assert!(setting.goes_on(&first));
    begun();
    assert!(!setting.goes_on(&first) && setting.goes_on(&second));
    assert!(setting.goes_on(&browsers));
}
