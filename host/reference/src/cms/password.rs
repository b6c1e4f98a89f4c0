//! Passwords: argon2id with the parameters OWASP recommends (19 MiB, two passes, one lane), stored as PHC strings.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use crate::problem::Problem;
use crate::secret;

/// Shorter ones are refused.
pub const SHORTEST: usize = 12;
/// Longer ones are refused, so that nobody makes the server hash a book.
pub const LONGEST: usize = 256;

/// Hashes a new password, or says why it may not be one.
pub fn hash(password: &str) -> Result<String, Problem> {
    let wrong = |message: String| Err(Problem::refused("weak-password", message).at("password"));
    if password.chars().count() < SHORTEST {
        return wrong(format!(
            "The password is too short. Use at least {SHORTEST} characters."
        ));
    }
    if password.len() > LONGEST {
        return wrong(format!(
            "The password is too long. Use at most {LONGEST} bytes."
        ));
    }
    let salt: [u8; 16] = secret::random()?;
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| {
            Problem::unavailable(
                "password-not-hashed",
                format!("The password could not be hashed: {error}."),
            )
        })
}

/// Whether this is the password behind `stored`. Takes as long when there is none, so that the time does not tell who has
/// an account.
#[must_use]
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    match stored.map(PasswordHash::new) {
        Some(Ok(hash)) => Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok(),
        _ => {
            let mut wasted = [0; 32];
            let _ = Argon2::default().hash_password_into(
                password.as_bytes(),
                b"nobody has it",
                &mut wasted,
            );
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_is_right() {
        let stored = hash("correct horse battery").unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert!(verify("correct horse battery", Some(&stored)));
        assert!(!verify("correct horse batterz", Some(&stored)));
        assert!(
            !verify("", Some(&stored))
                && !verify("", None)
                && !verify("correct horse battery", None)
        );
        assert!(!verify("correct horse battery", Some("not a hash")));
    }

    #[test]
    fn the_same_password_is_stored_differently_each_time() {
        assert_ne!(
            hash("correct horse battery").unwrap(),
            hash("correct horse battery").unwrap()
        );
    }

    #[test]
    fn passwords_have_a_shortest_and_a_longest() {
        assert_eq!(hash("short").unwrap_err().code, "weak-password");
        assert_eq!(
            hash(&"x".repeat(LONGEST + 1)).unwrap_err().code,
            "weak-password"
        );
        assert!(!verify(&"x".repeat(1 << 20), None));
    }
}
