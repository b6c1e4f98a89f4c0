//! How long a session lasts and rests, where the policy says so.

use super::*;

impl Site {
    /// When the limits of the policy end a session.
    pub(super) fn session_end(&self, name: &str) -> Option<u64> {
        let session = &self.sessions[name];
        let length = self.policy.session_length.as_ref();
        let idle = self.policy.session_idle.as_ref();
        let length = length.map(|length| after(session.started, length));
        let idle = idle.map(|idle| after(session.seen.unwrap_or(session.started), idle));
        length.into_iter().chain(idle).min()
    }

    /// A session is asked for: it is over, from now on, or it is seen. That is noted once in an eighth of the time that it may
    /// rest.
    pub(super) fn rest(&mut self, name: &str) -> Answer<()> {
        let now = self.now;
        if self.session_end(name).is_some_and(|end| end <= now) {
            let session = self.sessions.get_mut(name).expect("a session");
            session.over = true;
            let grant = session.grant.clone();
            self.tell(&grant, None, "signed-out");
            return no("session-ended");
        }
        if let Some(idle) = self.policy.session_idle.clone() {
            let session = self.sessions.get_mut(name).expect("a session");
            let seen = session.seen.unwrap_or(session.started);
            let eighth = (after(seen, &idle) - seen) / 8;
            if now < seen || now >= seen + eighth {
                session.seen = Some(now);
            }
        }
        Ok(())
    }

    /// A session that goes on, which ends with this.
    pub(super) fn take_out(&mut self, name: &str) -> Option<Session> {
        if self.sessions.get(name)?.over {
            return None;
        }
        self.sessions.remove(name)
    }
}
