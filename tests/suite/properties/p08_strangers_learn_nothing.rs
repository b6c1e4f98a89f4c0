//! Property 8: strangers learn nothing. Whoever holds no valid secret gets the same answer for the same work, whatever stands
//! behind the token they tried.
//!
//! The time an answer takes is what the engine does. Clocks are too noisy to compare, so what it asks of its host is, call by
//! call; digests are compared in constant time whether there is a grant or not.

use std::sync::{Arc, Mutex};

use guestpass::Refusal;
use guestpass::ports::{
    Catalogue, Check, ContentDecision, CreatedUser, Directory, DirectoryFailure, Entry, Hooks,
    NewUser, Put, Store, StoreFailure, Stored, User,
};
use guestpass_tests::native::{Native, Ports};
use guestpass_tests::random::SeededRandom;
use guestpass_tests::strangers::{
    unknown_invitation, unknown_pass, wrong_invitation_for, wrong_pass_for,
};
use guestpass_tests::{
    Asked, DAY, Setting, a_link, a_password, an_invitation, beginning, from_somewhere, owner,
};

/// What was asked of the host, in order.
type Asking = Arc<Mutex<Vec<String>>>;

/// What a key is for and how long it is. What stands in it differs from one token to the next.
fn kind(key: &[u8]) -> String {
    let zero = key.iter().position(|byte| *byte == 0);
    let tag = zero.and_then(|zero| key.get(zero + 1)).copied();
    format!("{}{}", char::from(tag.unwrap_or(b'?')), key.len())
}

fn kinds<'a>(keys: impl IntoIterator<Item = &'a Vec<u8>>) -> Vec<String> {
    keys.into_iter().map(|key| kind(key)).collect()
}

/// A store that notes what it is asked.
struct Watched(Arc<dyn Store>, Asking);

impl Store for Watched {
    fn get(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Stored>>, StoreFailure> {
        let noted = format!("get {:?}", kinds(keys));
        self.1.lock().unwrap().push(noted);
        self.0.get(keys)
    }

    fn scan(
        &self,
        start: &[u8],
        end: &[u8],
        limit: u32,
        backwards: bool,
    ) -> Result<Vec<Entry>, StoreFailure> {
        let noted = format!("scan {} {} {limit}", kind(start), kind(end));
        self.1.lock().unwrap().push(noted);
        self.0.scan(start, end, limit, backwards)
    }

    fn commit(
        &self,
        checks: &[Check],
        puts: &[Put],
        deletes: &[Vec<u8>],
    ) -> Result<(), StoreFailure> {
        let noted = format!(
            "commit {:?} {:?} {:?}",
            kinds(checks.iter().map(|check| &check.key)),
            kinds(puts.iter().map(|put| &put.key)),
            kinds(deletes)
        );
        self.1.lock().unwrap().push(noted);
        self.0.commit(checks, puts, deletes)
    }
}

/// Users and extensions that nobody may ask about a stranger.
struct Unasked(Asking);

impl Unasked {
    fn asked<T>(&self, what: &str) -> Result<T, DirectoryFailure> {
        self.0.lock().unwrap().push(what.to_owned());
        Err(DirectoryFailure::Unavailable(what.to_owned()))
    }
}

impl Directory for Unasked {
    fn get_catalogue(&self, _: &str) -> Result<Catalogue, DirectoryFailure> {
        self.asked("the catalogue")
    }

    fn find(&self, _: &str, _: &str) -> Result<Option<User>, DirectoryFailure> {
        self.asked("a user")
    }

    fn find_by_email(&self, _: &str, _: &str) -> Result<Option<User>, DirectoryFailure> {
        self.asked("an address")
    }

    fn find_by_key(&self, _: &str, _: &str) -> Result<Option<String>, DirectoryFailure> {
        self.asked("a key")
    }

    fn create(&self, _: &str, _: &NewUser) -> Result<CreatedUser, DirectoryFailure> {
        self.asked("a new user")
    }

    fn delete(&self, _: &str, _: &str, _: &ContentDecision) -> Result<(), DirectoryFailure> {
        self.asked("a user less")
    }

    fn end_sessions(&self, _: &str, _: &str) -> Result<(), DirectoryFailure> {
        self.asked("the end of sessions")
    }
}

impl Hooks for Unasked {
    fn review_entry(
        &self,
        _: &str,
        _: &guestpass::ports::Attempt,
    ) -> Result<Option<String>, String> {
        self.0.lock().unwrap().push("a review".to_owned());
        Err("asked".to_owned())
    }
}

/// What a stranger hears, and all that it took.
#[derive(Debug, PartialEq)]
struct Heard {
    refusal: Refusal,
    asked: Vec<String>,
}

/// Asks the engine of this setting, and watches.
fn watch<T>(setting: &Setting, ask: impl FnOnce(&Native) -> Result<T, Refusal>) -> Heard {
    let asking = Asking::default();
    let native = Native::new(Ports {
        store: Arc::new(Watched(setting.store.clone(), asking.clone())),
        directory: Arc::new(Unasked(asking.clone())),
        hooks: Arc::new(Unasked(asking.clone())),
        clock: setting.clock.clone(),
        random: Arc::new(SeededRandom::new(8)),
        log: setting.log.clone(),
    });
    let refusal = ask(&native).err().expect("a stranger is refused");
    let asked = std::mem::take(&mut *asking.lock().unwrap());
    Heard { refusal, asked }
}

/// One of everything that a stranger could try to tell apart, each on a site of its own, so that what was tried before
/// counts alike.
fn tried(token: impl Fn(&Setting) -> String) -> (Setting, String) {
    let setting = Setting::plan().natively().build();
    let token = token(&setting);
    (setting, token)
}

fn passes() -> Vec<(&'static str, Setting, String)> {
    let wrong = |id: &str| wrong_pass_for(id, 7);
    let link = |setting: &Setting| setting.link(a_link().lasting("P1D"));
    let all: Vec<(&'static str, (Setting, String))> = vec![
        ("unknown", tried(|_| unknown_pass(7))),
        ("not used yet", tried(|setting| wrong(link(setting).id()))),
        (
            "used",
            tried(|setting| wrong(&setting.enter(&link(setting)).grant)),
        ),
        (
            "revoked",
            tried(|setting| {
                let id = link(setting).grant.id;
                setting.revoke(&owner(), &id).unwrap();
                wrong(&id)
            }),
        ),
        (
            "over and not seen to be",
            tried(|setting| {
                let id = setting.enter(&link(setting)).grant;
                setting.clock.forward(2 * DAY);
                wrong(&id)
            }),
        ),
        (
            "suspended",
            tried(|setting| {
                let id = link(setting).grant.id;
                setting.suspend(&owner(), &id).unwrap();
                wrong(&id)
            }),
        ),
        (
            "replaced",
            tried(|setting| {
                let earlier = link(setting);
                let _link = setting.reissue(&owner(), earlier.id()).unwrap();
                earlier.pass
            }),
        ),
        (
            "of another site",
            tried(|setting| {
                let there = guestpass::Actor {
                    site: "other".to_owned(),
                    ..owner()
                };
                setting.create(&there, &a_link().draft()).unwrap().pass
            }),
        ),
        (
            "a password's",
            tried(|setting| wrong(setting.link(a_password()).id())),
        ),
        (
            "an invitation's",
            tried(|setting| wrong(setting.link(an_invitation()).id())),
        ),
    ];
    let all = all.into_iter();
    all.map(|(name, (setting, token))| (name, setting, token))
        .collect()
}

/// All of them are the same as the first.
fn alike(heard: &[(&str, Heard)], code: &str) {
    let (_, first) = &heard[0];
    assert_eq!(first.refusal.code, code);
    assert!(!first.asked.is_empty());
    for (name, one) in heard {
        assert_eq!(one, first, "{name} is told from {}", heard[0].0);
    }
}

#[test]
fn p08_redeeming_what_opens_nothing_is_the_same_answer_for_the_same_work() {
    let heard: Vec<_> = passes()
        .iter()
        .map(|(name, setting, pass)| {
            let asked = watch(setting, |native| {
                native.redeem("main", pass, &from_somewhere())
            });
            (*name, asked)
        })
        .collect();
    alike(&heard, "link-not-valid");
}

#[test]
fn p08_looking_at_what_opens_nothing_is_the_same_answer_for_the_same_work() {
    let heard: Vec<_> = passes()
        .iter()
        .map(|(name, setting, pass)| (*name, watch(setting, |native| native.inspect("main", pass))))
        .collect();
    alike(&heard, "link-not-valid");
}

#[test]
fn p08_a_deactivated_site_tells_strangers_nothing_either() {
    let heard: Vec<_> = passes()
        .iter()
        .map(|(name, setting, pass)| {
            setting.deactivate("main").unwrap();
            let asked = watch(setting, |native| {
                native.redeem("main", pass, &from_somewhere())
            });
            (*name, asked)
        })
        .collect();
    alike(&heard, "link-not-valid");
}

#[test]
fn p08_invitations_that_are_none_are_the_same_answer_for_the_same_work() {
    let wrong = |id: &str| wrong_invitation_for(id, 7);
    let all = [
        ("unknown", tried(|_| unknown_invitation(7))),
        (
            "waiting",
            tried(|setting| wrong(setting.link(an_invitation()).id())),
        ),
        (
            "accepted",
            tried(|setting| {
                let invitation = setting.link(an_invitation());
                wrong(&setting.join(&invitation, "sue").grant)
            }),
        ),
        (
            "revoked",
            tried(|setting| {
                let id = setting.link(an_invitation()).grant.id;
                setting.revoke(&owner(), &id).unwrap();
                wrong(&id)
            }),
        ),
        (
            "a link's",
            tried(|setting| wrong(setting.link(a_link()).id())),
        ),
    ];
    let origin = from_somewhere();
    let heard: Vec<_> = all
        .iter()
        .map(|(name, (setting, token))| {
            let looked = watch(setting, |native| native.inspect_invitation("main", token));
            (*name, looked)
        })
        .collect();
    alike(&heard, "link-not-valid");
    let heard: Vec<_> = all
        .iter()
        .map(|(name, (setting, token))| {
            let declined = watch(setting, |native| native.decline("main", token, &origin));
            (*name, declined)
        })
        .collect();
    alike(&heard, "link-not-valid");
}

#[test]
fn p08_sessions_that_are_none_are_the_same_answer_for_the_same_work() {
    // A session of another site names a grant that is not on this one; a signed-out one names one that is.
    let limited = |setting: &Setting| {
        let settings = guestpass::Settings {
            session_idle: Some("PT1H".to_owned()),
            ..beginning()
        };
        setting.set_policy(&owner(), &settings).unwrap();
    };
    let all = [
        (
            "of another site",
            tried(|setting| {
                limited(setting);
                let there = guestpass::Actor {
                    site: "other".to_owned(),
                    ..owner()
                };
                let link = setting.create(&there, &a_link().draft()).unwrap();
                let entered = setting.redeem("other", &link.pass, &from_somewhere());
                entered.unwrap().session
            }),
        ),
        (
            "signed out",
            tried(|setting| {
                limited(setting);
                let session = setting.enter(&setting.link(a_link())).session;
                setting.sign_out("main", &session).unwrap();
                session
            }),
        ),
    ];
    let heard: Vec<_> = all
        .iter()
        .map(|(name, (setting, session))| {
            (
                *name,
                watch(setting, |native| native.resolve("main", session)),
            )
        })
        .collect();
    alike(&heard, "session-unknown");
}
