//! When a grant is open: drawn from the window asked for, set going by the first use, moved by extensions.

use serde::{Deserialize, Serialize};

use crate::grant::window::{Ending, USE_WITHIN, Window};
use crate::instant::Instant;
use crate::period::Period;
use crate::refusal::{Code, Refusal};

/// Which limit gives the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bound {
    /// What was asked for.
    Window,
    /// The length asked for, counted from the first redemption.
    FirstUse,
    /// It was not redeemed in time.
    UseWithin,
    /// The longest window that the site allows.
    LongestWindow,
    /// An extension said so.
    Plugin,
}

impl Bound {
    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::FirstUse => "first-use",
            Self::UseWithin => "use-within",
            Self::LongestWindow => "longest-window",
            Self::Plugin => "plugin",
        }
    }
}

/// An end and what gives it. The earlier of two is the smaller one.
pub type End = (Instant, Bound);

/// How to move the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// Added to the present end, or to the length that is not running yet.
    By(Period),
    /// The new end.
    To(Instant),
}

/// When a grant is open, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    opens: Instant,
    /// From when on the longest window counts: the opening, or the first use for what counts from it.
    runs_from: Instant,
    ending: Ending,
    use_within: Option<Period>,
    /// The end, once it is fixed: `AfterFirstUse` has none before its first use.
    fixed: Option<End>,
    /// No end may be later, whatever is asked for: an extension's word.
    latest: Option<Instant>,
}

impl Term {
    /// Draws the window asked for at `now`, on a site that allows `longest`, with an extension's word `latest`.
    ///
    /// # Errors
    /// [`Code::WindowInThePast`], [`Code::WindowTooLong`], [`Code::OpensTooLate`]
    pub fn draw(
        window: &Window,
        now: Instant,
        longest: Period,
        latest: Option<Instant>,
    ) -> Result<Self, Refusal> {
        let opens = window.opens.unwrap_or(now);
        if opens > longest.after(now) {
            return Err(Code::OpensTooLate
                .because(format!(
                    "A grant may open at most {longest} from now on this site, so before {}.",
                    longest.after(now)
                ))
                .about("window.opens"));
        }
        let limit = longest.after(opens);
        let asked = match window.ending {
            Ending::At(at) => Some(at),
            Ending::After(length) => Some(length.after(opens)),
            Ending::AfterFirstUse(_) | Ending::Never => None,
        };
        let longest_asked = match window.ending {
            Ending::AfterFirstUse(length) => Some(length.after(opens)),
            _ => asked,
        };
        if longest_asked.is_some_and(|end| end > limit) {
            return Err(Code::WindowTooLong
                .because(format!("This site allows access for at most {longest}: opening at {opens}, until {limit}."))
                .about("window.ending"));
        }
        if window
            .use_within
            .is_some_and(|within| within.after(opens) > limit)
        {
            return Err(Code::WindowTooLong
                .because(format!("This site lets a link wait for at most {longest} until it is first used: until {limit}."))
                .about("window.use-within"));
        }
        let default = if USE_WITHIN.after(opens) > limit {
            longest
        } else {
            USE_WITHIN
        };
        let use_within = match window.ending {
            Ending::AfterFirstUse(_) => window.use_within.or(Some(default)),
            _ => window.use_within,
        };
        let term = Self {
            opens,
            runs_from: opens,
            ending: window.ending,
            use_within,
            fixed: asked.map(|end| (end, Bound::Window)),
            latest,
        };
        match term.end(false) {
            Some((end, _)) if end <= now || end <= opens => Err(Code::WindowInThePast
                .because(format!(
                    "Access would end at {end}, before anybody could use it. It is {now} now."
                ))
                .about("window.ending")),
            _ => Ok(term),
        }
    }

    /// The window as it stands.
    #[must_use]
    pub fn window(&self) -> Window {
        Window {
            opens: Some(self.opens),
            ending: self.ending,
            use_within: self.use_within,
        }
    }

    /// From when on it is open.
    #[must_use]
    pub fn opens(&self) -> Instant {
        self.opens
    }

    /// From when on the longest window counts.
    #[must_use]
    pub fn runs_from(&self) -> Instant {
        self.runs_from
    }

    /// The end that is fixed, and what fixed it.
    #[must_use]
    pub fn fixed(&self) -> Option<End> {
        self.fixed
    }

    /// No end may be later: an extension's word.
    #[must_use]
    pub fn latest(&self) -> Option<Instant> {
        self.latest
    }

    /// How long it will last once it is first used, while that is not running yet.
    #[must_use]
    pub fn from_first_use(&self) -> Option<Period> {
        match (self.ending, self.fixed) {
            (Ending::AfterFirstUse(length), None) => Some(length),
            _ => None,
        }
    }

    /// The end as things stand, for a grant that was or was not redeemed yet; none if it does not end by itself.
    #[must_use]
    pub fn end(&self, used: bool) -> Option<End> {
        let use_by = (!used)
            .then_some(self.use_within)
            .flatten()
            .map(|within| within.after(self.opens));
        capped(self.fixed, self.latest)
            .into_iter()
            .chain(use_by.map(|at| (at, Bound::UseWithin)))
            .min_by_key(|(at, _)| *at)
    }

    /// The term from the first redemption on.
    #[must_use]
    pub fn begun(mut self, now: Instant, longest: Period) -> Self {
        if let (Ending::AfterFirstUse(length), None) = (self.ending, self.fixed) {
            let own = (length.after(now), Bound::FirstUse);
            self.runs_from = now;
            self.fixed = Some(earlier(own, (longest.after(now), Bound::LongestWindow)));
        }
        self
    }

    /// The term with the time for its first use counted anew from now on. The end does not move.
    #[must_use]
    pub fn waiting_anew(mut self, now: Instant) -> Self {
        if now > self.opens {
            self.opens = now;
            if let (Ending::After(_), Some((end, _))) = (self.ending, self.fixed) {
                self.ending = Ending::At(end);
            }
        }
        self
    }

    /// The term with no end later than this.
    #[must_use]
    pub fn no_later_than(mut self, latest: Option<Instant>) -> Self {
        self.latest = self.latest.into_iter().chain(latest).min();
        self
    }

    /// When access would end if it were redeemed for the first time now.
    #[must_use]
    pub fn end_if_begun(&self, now: Instant, longest: Period) -> Option<Instant> {
        self.begun(now, longest).end(true).map(|(at, _)| at)
    }

    /// The term with its end moved.
    ///
    /// # Errors
    /// [`Code::WindowInThePast`]; [`Code::WindowAtCeiling`] if the site allows no later end; [`Code::WrongState`] if there is
    /// no end to add to.
    pub fn extended(
        mut self,
        by: Extension,
        now: Instant,
        longest: Period,
    ) -> Result<Self, Refusal> {
        let limit = (longest.after(self.runs_from), Bound::LongestWindow);
        let asked = match (by, self.ending, self.fixed) {
            (Extension::By(more), Ending::AfterFirstUse(length), None) => {
                let sum = length
                    .plus(more)
                    .filter(|sum| sum.after(self.opens) <= limit.0)
                    .unwrap_or(longest);
                if sum.after(self.opens) <= length.after(self.opens) {
                    return Err(at_ceiling(longest, None));
                }
                self.ending = Ending::AfterFirstUse(sum);
                return Ok(self);
            }
            (Extension::By(more), _, Some((end, _))) => more.after(end),
            (Extension::By(_), _, None) => {
                return Err(Code::WrongState.because(
                    "This grant has no end that could be moved by a period. Give the end itself.",
                ));
            }
            (Extension::To(end), ..) if end <= now || end <= self.opens => {
                return Err(Code::WindowInThePast
                    .because(format!("{end} is in the past or before the grant opens. It is {now} now; to end access at once, revoke it."))
                    .about("extension"));
            }
            (Extension::To(end), ..) => end,
        };
        let before = self.end(true).map(|(at, _)| at);
        let moved = earlier((asked, Bound::Window), limit);
        self.ending = Ending::At(moved.0);
        self.fixed = Some(moved);
        // Bounded means less than was asked for, never less than there was, and never over at once.
        let after = self.end(true);
        let gains =
            before.is_none_or(|before| asked <= before || after.is_some_and(|(at, _)| at > before));
        if gains && after.is_some_and(|(at, _)| at > now) {
            Ok(self)
        } else {
            Err(at_ceiling(longest, after.map(|(_, bound)| bound)))
        }
    }
}

fn earlier(a: End, b: End) -> End {
    if b.0 < a.0 { b } else { a }
}

fn capped(end: Option<End>, latest: Option<Instant>) -> Option<End> {
    let cap = latest.map(|at| (at, Bound::Plugin));
    end.into_iter().chain(cap).min_by_key(|(at, _)| *at)
}

fn at_ceiling(longest: Period, bound: Option<Bound>) -> Refusal {
    Code::WindowAtCeiling.because(match bound {
        Some(Bound::Plugin) => "Access already lasts as long as it may: a plugin allows no later end.".to_owned(),
        _ => format!(
            "Access already lasts as long as it may: this site allows at most {longest}. An owner can change that in the policy."
        ),
    })
}

#[cfg(test)]
#[path = "term_tests.rs"]
mod tests;
