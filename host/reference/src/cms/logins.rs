//! The names that guests with a password sign in by: which there can be, and which one is proposed.
//!
//! A name is of small ASCII letters, digits, dots, hyphens and underscores, so that it can be typed on every keyboard and
//! no two look alike. People's names are of every script: one is proposed out of how they sound.

use deunicode::deunicode;
use rusqlite::OptionalExtension as _;

use super::db::Tx;
use crate::problem::Problem;
use crate::secret;

/// Longer ones are refused; those that are proposed leave room for a number.
const LONGEST: usize = 60;
const PROPOSED: usize = 40;
/// So many numbers are tried behind a name before a random one is.
const NUMBERS: u32 = 100;

/// The form in which names are stored and compared.
#[must_use]
pub fn folded(login: &str) -> String {
    login.trim().to_lowercase()
}

/// A name that somebody asked for, if there can be such a one.
pub fn checked(login: &str) -> Result<String, Problem> {
    let folded = folded(login);
    let fits = folded.starts_with(|c: char| c.is_ascii_alphanumeric())
        && folded.len() <= LONGEST
        && folded.chars().all(may_stand);
    if fits {
        return Ok(folded);
    }
    Err(Problem::refused(
        "bad-login",
        format!(
            "`{login}` cannot be a user name here: it begins with a letter or digit and has at most {LONGEST} small letters, \
             digits, dots, hyphens and underscores. What about `{}`?",
            named([login]).unwrap_or_else(|| "guest".to_owned())
        ),
    )
    .at("login"))
}

fn may_stand(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_')
}

/// The name asked for, unless somebody else has it.
pub fn asked(tx: &Tx<'_>, site: &str, user: &str, login: &str) -> Result<String, Problem> {
    let login = checked(login)?;
    if is_free(tx, site, user, &login)? {
        return Ok(login);
    }
    Err(Problem::refused(
        "login-taken",
        format!(
            "The user name `{login}` is taken. Choose another one, or leave it out and one is proposed."
        ),
    )
    .at("login"))
}

/// A free name for somebody of these names, or of this address where they have none that can be written.
pub fn proposed(
    tx: &Tx<'_>,
    site: &str,
    user: &str,
    names: [Option<&str>; 2],
    email: &str,
) -> Result<String, Problem> {
    let local = email.split('@').next().unwrap_or_default();
    let name = named(names.into_iter().flatten())
        .or_else(|| named([local]))
        .unwrap_or_else(|| "guest".to_owned());
    for number in 1..=NUMBERS {
        let login = match number {
            1 => name.clone(),
            _ => format!("{name}{number}"),
        };
        if is_free(tx, site, user, &login)? {
            return Ok(login);
        }
    }
    let random: [u8; 4] = secret::random()?;
    Ok(format!("{name}-{:08x}", u32::from_be_bytes(random)))
}

/// These names as one that can be typed: `Анна Каренина` is `anna.karenina`. None if nothing of them is left.
fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let words = names.into_iter().flat_map(|name| {
        let sounds = deunicode(name).to_lowercase();
        let words: Vec<String> = sounds
            .split(|c: char| c.is_whitespace() || matches!(c, '.' | '-' | '_'))
            .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect())
            .collect();
        words
    });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let mut name = words.join(".");
    name.truncate(PROPOSED);
    let name = name.trim_end_matches('.');
    (!name.is_empty()).then(|| name.to_owned())
}

/// Whether nobody but this user has the name.
fn is_free(tx: &Tx<'_>, site: &str, user: &str, login: &str) -> Result<bool, Problem> {
    let sql = "SELECT 1 FROM user WHERE site = ?1 AND login = ?2 AND id <> ?3";
    let taken = tx.run(|c| {
        c.prepare_cached(sql)?
            .query_row([site, login, user], |_| Ok(()))
            .optional()
    })?;
    Ok(taken.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::{scratch, site_of};
    use crate::cms::users::{self, NewUser};

    #[test]
    fn a_name_of_any_script_is_written_as_it_sounds() {
        for (names, expected) in [
            ([Some("Ada"), Some("Lovelace")], "ada.lovelace"),
            ([Some("Анна"), Some("Каренина")], "anna.karenina"),
            ([Some("Søren"), Some("Łukasiewicz")], "soren.lukasiewicz"),
            ([Some("明"), Some("山田")], "ming.shan.tian"),
            ([Some("Jean-Luc"), Some("O'Hara")], "jean.luc.ohara"),
            ([Some("  "), None], "agent"),
            ([None, None], "agent"),
        ] {
            let directory = scratch();
            let (db, _) = site_of("wordpress", &directory);
            let login = db.write(|tx| proposed(tx, "main", "u", names, "agent@support.example"));
            let login = login.unwrap();
            assert_eq!(login, expected, "{names:?}");
            assert_eq!(checked(&login).unwrap(), login, "it can be one");
        }
        let directory = scratch();
        let (db, _) = site_of("wordpress", &directory);
        let nothing = db.write(|tx| proposed(tx, "main", "u", [None, None], "+@support.example"));
        assert_eq!(nothing.unwrap(), "guest");
        let long = "x".repeat(300);
        let long = db.write(|tx| proposed(tx, "main", "u", [Some(&long), None], "a@b.example"));
        assert_eq!(long.unwrap().len(), PROPOSED);
    }

    #[test]
    fn a_name_that_somebody_has_is_proposed_with_a_number_and_refused_when_asked_for() {
        let directory = scratch();
        let (db, _) = site_of("wordpress", &directory);
        for (number, expected) in ["ada", "ada2", "ada3"].into_iter().enumerate() {
            let email = format!("{number}@b.example");
            let login = db.write(|tx| {
                let login = proposed(tx, "main", &email, [Some("Ada"), None], &email)?;
                let new = NewUser {
                    email: &email,
                    login: Some(&login),
                    ..NewUser::default()
                };
                users::insert(tx, "main", &email, &new, 1).map(|()| login)
            });
            assert_eq!(login.unwrap(), expected);
        }
        let ask = |user: &str, login: &str| db.write(|tx| asked(tx, "main", user, login));
        assert_eq!(ask("other", " ADA2 ").unwrap_err().code, "login-taken");
        assert_eq!(ask("1@b.example", "ADA2").unwrap(), "ada2", "one's own");
        assert_eq!(ask("other", "Ada4").unwrap(), "ada4");
    }

    #[test]
    fn what_cannot_be_a_name_is_refused_with_one_that_can() {
        for (bad, instead) in [
            ("Анна", "`anna`"),
            ("a b", "`a.b`"),
            (".a", "`a`"),
            ("a@b", "`ab`"),
            ("", "`guest`"),
            (&*"x".repeat(61), "`xxx"),
        ] {
            let problem = checked(bad).unwrap_err();
            assert_eq!(problem.code, "bad-login", "{bad}");
            assert!(problem.message.contains(instead), "{}", problem.message);
        }
    }
}
