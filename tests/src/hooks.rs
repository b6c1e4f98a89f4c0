//! Extensions that say what a test wants them to say.

use std::sync::{Mutex, MutexGuard, PoisonError};

use guestpass::ports::{Attempt, GrantReview, HookFailure, Hooks};
use guestpass::{Actor, Draft, Happening};

/// What the hooks answer, each until it is changed.
#[derive(Debug, Clone)]
pub struct Script {
    /// To a review of a draft.
    pub review_grant: Result<GrantReview, HookFailure>,
    /// To a review of a redemption.
    pub review_entry: Result<Option<String>, String>,
    /// Whether there may be any to withhold.
    pub narrows: bool,
    /// Which permissions to withhold.
    pub narrow: Result<Vec<String>, String>,
    /// Whether what happened is taken.
    pub react: Result<(), String>,
    /// Whether any of them panics instead.
    pub panics: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            review_grant: Ok(no_objection()),
            review_entry: Ok(None),
            narrows: true,
            narrow: Ok(Vec::new()),
            react: Ok(()),
            panics: false,
        }
    }
}

/// A review that takes nothing away.
#[must_use]
pub fn no_objection() -> GrantReview {
    GrantReview {
        veto: None,
        except: Vec::new(),
        ends_by: None,
        uses: None,
        redirect: None,
    }
}

/// Hooks that follow a [`Script`] and remember what they heard.
#[derive(Debug, Default)]
pub struct ScriptedHooks {
    script: Mutex<Script>,
    heard: Mutex<Vec<Happening>>,
}

impl ScriptedHooks {
    /// Changes what is answered.
    pub fn say(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script());
    }

    /// What was delivered, also what was not taken.
    #[must_use]
    pub fn heard(&self) -> Vec<Happening> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn follow<T>(&self, read: impl FnOnce(&Script) -> T) -> T {
        let script = self.script().clone();
        assert!(!script.panics, "this hook was told to panic");
        read(&script)
    }
}

impl Hooks for ScriptedHooks {
    fn review_grant(&self, _actor: &Actor, _draft: &Draft) -> Result<GrantReview, HookFailure> {
        self.follow(|script| script.review_grant.clone())
    }

    fn review_entry(&self, _site: &str, _attempt: &Attempt) -> Result<Option<String>, String> {
        self.follow(|script| script.review_entry.clone())
    }

    fn narrows(&self, _site: &str) -> bool {
        self.follow(|script| script.narrows)
    }

    fn narrow(
        &self,
        _site: &str,
        _grant: &str,
        _user: &str,
        _permissions: &str,
    ) -> Result<Vec<String>, String> {
        self.follow(|script| script.narrow.clone())
    }

    fn react(&self, _site: &str, happening: &Happening) -> Result<(), String> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(happening.clone());
        self.follow(|script| script.react.clone())
    }
}
