//! What somebody keeps of a log, so that no earlier part of it can be changed unseen.

use core::fmt;
use core::str::FromStr;

use crate::engine::Engine;
use crate::history::record::Hash;
use crate::history::words;
use crate::instant::Instant;
use crate::names::SiteId;
use crate::refusal::{Code, Refusal};

/// What the text form begins with.
const NAME: &str = "guestpass-checkpoint-1";

/// A log as it was at some moment. Whoever changes any record that was in it then, or takes one out, gets another root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Of which site.
    pub site: SiteId,
    /// How many records were in the log.
    pub size: u64,
    /// When. Nothing proves it.
    pub at: Instant,
    /// The root of the tree.
    pub root: Hash,
}

impl Engine<'_> {
    /// The log of a site as it stands. What still waits for the sweep is not in it.
    ///
    /// # Errors
    /// If the store fails or the end of the log is damaged.
    pub fn checkpoint(&self, site: &SiteId) -> Result<Checkpoint, Refusal> {
        let log = self.end_of_log(site)?.unwrap_or_default();
        Ok(Checkpoint {
            site: site.clone(),
            size: log.frontier.size(),
            at: self.now(),
            root: log.frontier.root(),
        })
    }
}

impl Checkpoint {
    /// Whether it is one of this site.
    ///
    /// # Errors
    /// [`Code::BadCheckpoint`]
    pub fn of(self, site: &SiteId) -> Result<Self, Refusal> {
        if self.site == *site {
            return Ok(self);
        }
        let message = format!(
            "The checkpoint is one of the site `{}`.",
            self.site.as_str()
        );
        Err(Code::BadCheckpoint.because(message).about("checkpoint"))
    }
}

/// One line: its name, the site, the size, the moment in milliseconds, the root in base64url, a checksum.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::write(&[
            NAME.to_owned(),
            self.site.as_str().to_owned(),
            self.size.to_string(),
            self.at.millis().to_string(),
            words::write_hash(&self.root),
        ]))
    }
}

impl FromStr for Checkpoint {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let read = || {
            let [site, size, at, root] = *words::read(NAME, text)?.as_array::<4>()?;
            Some(Self {
                site: SiteId::parse(site).ok()?,
                size: words::read_number(size)?,
                at: Instant::from_millis(words::read_number(at)?),
                root: words::read_hash(root)?,
            })
        };
        read().ok_or_else(|| {
            Code::BadCheckpoint
                .because(format!(
                    "This is no checkpoint, or not all of it: one is a line that begins with `{NAME}`."
                ))
                .about("checkpoint")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Checkpoint {
        Checkpoint {
            site: SiteId::parse("main").unwrap(),
            size: 1042,
            at: Instant::from_millis(1_795_000_000_000),
            root: [7; 32],
        }
    }

    const TEXT: &str = "guestpass-checkpoint-1 main 1042 1795000000000 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

    #[test]
    fn a_checkpoint_is_one_line_that_stays_the_same_for_ever() {
        let text = one().to_string();
        assert_eq!(text.rsplit_once(' ').unwrap().0, TEXT);
        assert_eq!(text.parse(), Ok(one()));
        assert_eq!(format!("\n {text}\r\n").parse(), Ok(one()));
    }

    #[test]
    fn every_changed_or_missing_character_is_noticed() {
        let text = one().to_string();
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            let changed = String::from_utf8(changed).unwrap();
            let refusal = changed.parse::<Checkpoint>().unwrap_err();
            assert_eq!(refusal.code, Code::BadCheckpoint, "{changed}");
            assert!(text[..at].parse::<Checkpoint>().is_err());
        }
    }

    #[test]
    fn there_is_one_way_to_write_it() {
        for words in [
            TEXT.replace("1042", "01042"),
            TEXT.replace("1042", "+1042"),
            TEXT.replace("main", "Main"),
            TEXT.replace("checkpoint-1", "checkpoint-2"),
            TEXT.replace("Bwc", "Bw"),
            format!("{TEXT} more"),
        ] {
            let words: Vec<_> = words.split(' ').map(str::to_owned).collect();
            let text = words::write(&words);
            assert!(text.parse::<Checkpoint>().is_err(), "{text}");
        }
    }

    #[test]
    fn one_of_another_site_is_refused() {
        let site = SiteId::parse("other").unwrap();
        assert_eq!(one().of(&site).unwrap_err().code, Code::BadCheckpoint);
        assert_eq!(one().of(&one().site), Ok(one()));
    }
}
