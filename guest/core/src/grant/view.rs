//! A grant as it is shown: at a moment, whether or not anybody recorded yet that it is over.

use crate::grant::Grant;
use crate::grant::state::{Reason, State};
use crate::instant::Instant;

/// What a reader of a grant is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The grant.
    pub grant: Grant,
    /// Where it stands now.
    pub state: &'static str,
    /// Why it ended, if it did.
    pub ended_because: Option<&'static str>,
    /// When it ends as things stand, or did.
    pub ends: Option<Instant>,
    /// Which limit gives the end.
    pub ends_bound_by: &'static str,
}

impl View {
    /// The grant as it stands now.
    #[must_use]
    pub fn new(grant: Grant, now: Instant) -> Self {
        let state = match grant.state {
            State::Open(_) | State::Suspended(_) if grant.is_over(now) => {
                State::Ended(Reason::Expired, now)
            }
            state => state,
        };
        let end = grant.end();
        let bound = end.map_or("none", |(_, bound)| bound.as_str());
        let ended = state.ended();
        let (ends, ends_bound_by) = match ended {
            Some((reason, at)) if reason != Reason::Expired => (Some(at), "ended"),
            _ => (end.map(|(at, _)| at), bound),
        };
        Self {
            state: state.as_str(),
            ended_because: ended.map(|(reason, _)| reason.as_str()),
            ends,
            ends_bound_by,
            grant,
        }
    }
}
