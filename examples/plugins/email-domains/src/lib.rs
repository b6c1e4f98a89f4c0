//! Says to which e-mail domains access may be given; asked when it is given, and again when it is used, so that a change of
//! the settings binds links that are out already.

use guestpass_plugin::{Attempt, Draft, Entry, Grant, Plugin};

/// The settings.
#[derive(serde::Deserialize)]
pub struct EmailDomains {
    allowed: Vec<String>,
    forbidden: Vec<String>,
}

impl EmailDomains {
    fn objection(&self, domain: &str) -> Option<String> {
        let among = |list: &[String]| list.iter().any(|one| lies_in(domain, one));
        if among(&self.forbidden) {
            return Some(format!("Nobody with an address of {domain} is given access here."));
        }
        if !self.allowed.is_empty() && !among(&self.allowed) {
            return Some(format!("Access is given to addresses of {} only.", self.allowed.join(", ")));
        }
        None
    }
}

/// Whether a domain is this one or one below it.
fn lies_in(domain: &str, parent: &str) -> bool {
    let parent = parent.trim_start_matches("*.").to_ascii_lowercase();
    domain == parent || domain.strip_suffix(&parent).is_some_and(|rest| rest.ends_with('.'))
}

impl Plugin for EmailDomains {
    fn review_grant(&self, draft: &Draft) -> Grant {
        self.objection(&draft.domain()).map_or_else(Grant::accept, Grant::veto)
    }

    fn review_entry(&self, attempt: &Attempt) -> Entry {
        self.objection(&attempt.domain()).map_or_else(Entry::accept, Entry::veto)
    }
}

guestpass_plugin::export!(EmailDomains: entry_filter, grant_filter);

#[cfg(test)]
mod tests {
    use guestpass_plugin::testing::{self, Bench};

    use super::*;

    fn bench() -> Bench {
        Bench::new(include_str!("../plugin.toml"))
    }

    fn lets(bench: &Bench, email: &str) -> bool {
        let (mut draft, mut attempt) = (testing::draft(), testing::attempt());
        draft.email = email.to_owned();
        attempt.email = email.to_owned();
        let granted = bench.review_grant::<EmailDomains>(&draft) == Grant::accept();
        assert_eq!(granted, bench.review_entry::<EmailDomains>(&attempt) == Entry::accept());
        granted
    }

    #[test]
    fn a_forbidden_domain_and_what_lies_below_it_is_refused() {
        let bench = bench();
        for (email, may) in [
            ("a@support.example", true),
            ("a@mailinator.com", false),
            ("a@MAILINATOR.com", false),
            ("a@b.mailinator.com", false),
            ("a@notmailinator.com", true),
        ] {
            assert_eq!(lets(&bench, email), may, "{email}");
        }
    }

    #[test]
    fn with_allowed_ones_all_others_are_refused() {
        let bench = bench().set("allowed", vec!["support.example"]);
        assert!(lets(&bench, "a@support.example"));
        assert!(lets(&bench, "a@eu.support.example"));
        assert!(!lets(&bench, "a@other.example"));
        assert!(!lets(&bench, "no-address"));
    }
}
