//! Refuses powerful access unless the site was backed up lately.

use guestpass_plugin::{Draft, Grant, Plugin, clock};

const HOUR: u64 = 60 * 60 * 1000;

/// The settings.
#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RequireBackup {
    within_hours: u64,
    powerful: Vec<String>,
}

impl Plugin for RequireBackup {
    fn review_grant(&self, draft: &Draft) -> Grant {
        let Some(permission) = self.powerful.iter().find(|name| draft.may_hold(name)) else {
            return Grant::accept();
        };
        let oldest = clock::now().saturating_sub(self.within_hours.saturating_mul(HOUR));
        match draft.last_backup() {
            Some(at) if at >= oldest => Grant::accept(),
            Some(_) => Grant::veto(format!(
                "This access holds `{permission}`, and the last backup is older than {} hours. Make a backup first.",
                self.within_hours
            )),
            None => Grant::veto(format!(
                "This access holds `{permission}`, and no backup of the site is known. Make a backup first."
            )),
        }
    }
}

guestpass_plugin::export!(RequireBackup: grant_filter);

#[cfg(test)]
mod tests {
    use guestpass_plugin::Named;
    use guestpass_plugin::testing::{self, Bench};

    use super::*;

    const NOW: u64 = 1_795_521_600_000;

    fn bench() -> Bench {
        Bench::new(include_str!("../plugin.toml")).at(NOW)
    }

    /// A draft of the role `administrator`, as far as it matters here.
    fn powerful(backup: Option<u64>) -> Draft {
        let mut draft = testing::draft();
        draft.more.push(Named { name: "role-permission".to_owned(), value: "install_plugins".to_owned() });
        draft.more.extend(backup.map(|at| Named { name: "last-backup".to_owned(), value: at.to_string() }));
        draft
    }

    #[test]
    fn powerful_access_needs_a_backup_and_a_fresh_one() {
        assert_ne!(bench().review_grant::<RequireBackup>(&powerful(None)), Grant::accept());
        assert_ne!(bench().review_grant::<RequireBackup>(&powerful(Some(NOW - 25 * HOUR))), Grant::accept());
        assert_eq!(bench().review_grant::<RequireBackup>(&powerful(Some(NOW - 23 * HOUR))), Grant::accept());
        assert_eq!(bench().set("within-hours", 48).review_grant::<RequireBackup>(&powerful(Some(NOW - 25 * HOUR))), Grant::accept());
    }

    #[test]
    fn weak_access_needs_none() {
        let mut draft = testing::draft();
        draft.more.push(Named { name: "role-permission".to_owned(), value: "edit_posts".to_owned() });
        assert_eq!(bench().review_grant::<RequireBackup>(&draft), Grant::accept());
        draft.also.push("edit_files".to_owned());
        assert_ne!(bench().review_grant::<RequireBackup>(&draft), Grant::accept());
    }

    #[test]
    fn a_role_of_which_nothing_is_known_may_hold_anything() {
        assert_ne!(bench().review_grant::<RequireBackup>(&testing::draft()), Grant::accept());
    }
}
