//! A type for what is shown once. It cannot be copied, printed, compared or serialised by accident, so a secret reaches a
//! page or a cookie only where somebody wrote `expose` or `into_inner`.

use std::fmt;

/// A secret: the secret part of a link, or a session. Overwritten in memory when dropped.
pub struct Secret(String);

impl Secret {
    pub(crate) fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The secret itself, which is now the caller's to look after.
    pub fn into_inner(mut self) -> String {
        std::mem::take(&mut self.0)
    }
}

/// For those who call ports themselves, as tests do: everybody else's secrets come from the engine.
impl From<String> for Secret {
    fn from(secret: String) -> Self {
        Self::new(secret)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.0).into_bytes();
        bytes.fill(0);
        // Without this the compiler may drop the writes, as nothing reads them.
        std::hint::black_box(&bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn printing_a_secret_shows_nothing_of_it() {
        let secret = Secret::new("gp1_abc".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.expose(), "gp1_abc");
        assert_eq!(secret.into_inner(), "gp1_abc");
    }
}
