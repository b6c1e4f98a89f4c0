//! Who owns a site. Only the operator moves it, by command: no page and no API does.

use rusqlite::params;

use super::db::Db;
use super::sessions;
use super::users::{User, one_in};
use crate::problem::Problem;

/// Makes a regular user the owner in place of the present one, who keeps this role, if any. Both are signed out everywhere
/// and their keys are gone: what they may do is another thing now, and a key of the new owner may be known to the former
/// one, who made it. Doing it again changes nothing.
pub fn transfer(
    db: &Db,
    site: &str,
    from: &User,
    to: &str,
    role: Option<&str>,
) -> Result<(), Problem> {
    db.write(|tx| {
        let Some(heir) = tx.run(|c| one_in(c, "user.id = ?2", site, to))? else {
            return Err(Problem::usage(
                "unknown-user",
                format!("The site has no user `{to}`."),
            ));
        };
        if heir.owner {
            return Ok(());
        }
        if heir.created_for.is_some() {
            return Err(Problem::refused(
                "guest-owner",
                "A guest cannot own the site. Delete that user, and add them as a regular one.",
            ));
        }
        tx.run(|c| {
            let sql = "UPDATE user SET owner = 0, role = ?3 WHERE site = ?1 AND id = ?2";
            c.execute(sql, params![site, from.id, role])?;
            let sql = "UPDATE user SET owner = 1, role = NULL WHERE site = ?1 AND id = ?2";
            c.execute(sql, [site, to])
        })?;
        for user in [from.id.as_str(), to] {
            sessions::end_all_in(tx, site, user)?;
            let sql = "DELETE FROM api_key WHERE site = ?1 AND user = ?2";
            tx.run(|c| c.execute(sql, [site, user]))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::key_scope::KeyScope;
    use crate::cms::keys::{self, NewKey};
    use crate::cms::testing::{scratch, site_of};
    use crate::cms::users::{self, NewUser};

    fn add(db: &Db, id: &str, created_for: Option<&str>) {
        let new = NewUser {
            email: &format!("{id}@site.example"),
            role: created_for.is_none().then_some("editor"),
            created_for,
            ..NewUser::default()
        };
        db.write(|tx| users::insert(tx, "main", id, &new, 2_000))
            .unwrap();
    }

    #[test]
    fn there_is_one_owner_after_it_and_the_former_one_has_what_was_said() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        add(&db, "ada", None);
        let from = users::find(&db, "main", &owner).unwrap().unwrap();
        for _ in 0..2 {
            transfer(&db, "main", &from, "ada", Some("author")).unwrap();
        }
        let user = |id: &str| users::find(&db, "main", id).unwrap().unwrap();
        assert!(user("ada").owner && user("ada").role.is_none());
        assert!(!user(&owner).owner);
        assert_eq!(user(&owner).role.as_deref(), Some("author"));
        assert_eq!(users::first_owner(&db, "main").unwrap().unwrap().id, "ada");
    }

    #[test]
    fn p07_keys_of_either_are_gone_for_who_made_them_may_know_both() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        add(&db, "ada", None);
        add(&db, "eve", None);
        for user in [&owner, "ada", "eve"] {
            let new = NewKey {
                maker: &owner,
                user,
                name: "deploys",
                scopes: &[KeyScope::GrantsRead],
                ends: None,
            };
            keys::make(&db, "main", &new, 2_000).unwrap();
        }
        let from = users::find(&db, "main", &owner).unwrap().unwrap();
        transfer(&db, "main", &from, "ada", None).unwrap();
        let left = keys::list(&db, "main").unwrap();
        let of: Vec<_> = left.iter().map(|(key, _)| key.user.as_str()).collect();
        assert_eq!(of, ["eve"]);
    }

    #[test]
    fn a_guest_does_not_become_the_owner() {
        let directory = scratch();
        let (db, owner) = site_of("wordpress", &directory);
        add(&db, "guest", Some("grant"));
        let from = users::find(&db, "main", &owner).unwrap().unwrap();
        let problem = transfer(&db, "main", &from, "guest", None).unwrap_err();
        assert_eq!(problem.code, "guest-owner");
        assert!(users::find(&db, "main", &owner).unwrap().unwrap().owner);
    }
}
