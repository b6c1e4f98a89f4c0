//! Property 3: whoever steals the database, the log and the events holds nothing that opens anything.

use std::fs;

use guestpass::{Extension, Invitee};
use guestpass_tests::{DAY, Setting, a_link, a_password, an_invitation, from_somewhere, owner};

use crate::search::{Traces, contains};

/// Every file of the database: the pages, the write-ahead log, the shared memory.
fn files(setting: &Setting) -> Vec<(String, Vec<u8>)> {
    let dir = setting
        .file()
        .parent()
        .expect("the file is in a directory")
        .to_owned();
    fs::read_dir(dir)
        .unwrap()
        .map(|file| {
            let file = file.unwrap();
            (
                file.file_name().to_string_lossy().into_owned(),
                fs::read(file.path()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn p03_no_byte_that_is_kept_or_said_betrays_a_secret() {
    let setting = Setting::plan()
        .through_the_component()
        .on_sqlite()
        .truly_random()
        .build();
    let mut secrets = Vec::new();
    let mut said: Vec<(String, Vec<u8>)> = Vec::new();
    let mut say = |what: &str, text: String| said.push((what.to_owned(), text.into_bytes()));

    let guestpass = setting.guestpass();
    let draft = a_link().lasting("P7D").noted("for the migration").draft();
    let issued = guestpass.create(&owner(), &draft).unwrap();
    say(
        "an issued link printed for debugging",
        format!("{issued:?} {issued:#?}"),
    );
    let pass = issued.secret.expose().to_owned();
    secrets.push(("a link", pass.clone()));
    say(
        "a preview",
        format!("{:?}", guestpass.inspect("main", &pass)),
    );
    for _ in 0..3 {
        let admission = guestpass.redeem("main", &pass, &from_somewhere()).unwrap();
        say(
            "an admission printed for debugging",
            format!("{admission:?} {admission:#?}"),
        );
        let session = admission.session.into_inner();
        say(
            "an access",
            format!("{:?}", guestpass.resolve("main", &session)),
        );
        secrets.push(("a session", session));
    }
    guestpass.sign_out("main", &secrets[1].1).unwrap();
    say(
        "a refused session",
        format!("{:?}", guestpass.resolve("main", &secrets[1].1)),
    );
    let invitation = guestpass
        .create(&owner(), &an_invitation().draft())
        .unwrap();
    let token = invitation.secret.expose().to_owned();
    let sue = Invitee::Existing("sue".to_owned());
    let accepted = guestpass
        .accept("main", &token, &sue, &from_somewhere())
        .unwrap();
    secrets.push(("an invitation", token));
    let acting = guestpass
        .switch("main", "sue", &accepted.grant, None, &from_somewhere())
        .unwrap();
    say("a switch printed for debugging", format!("{acting:?}"));
    secrets.push(("a switched session", acting.session.into_inner()));
    let id = issued.grant.id.clone();
    let reissued = guestpass.reissue(&owner(), &id).unwrap();
    secrets.push(("a new link", reissued.secret.expose().to_owned()));
    for (what, secret) in secrets.clone() {
        // Presented where it does not belong: the refusal must not repeat it.
        say(
            what,
            format!(
                "{:?}",
                guestpass.redeem("main", &secret[1..], &from_somewhere())
            ),
        );
        say(
            what,
            format!(
                "{:?}",
                guestpass.redeem("other", &secret, &from_somewhere())
            ),
        );
        say(
            what,
            format!("{:?}", guestpass.resolve("main", &format!("{secret} "))),
        );
        say(
            what,
            format!("{:?}", guestpass.check("main", &secret, &secret[..4])),
        );
        say(
            what,
            format!(
                "{:?}",
                guestpass.redeem(&secret[..3].to_lowercase(), &secret, &from_somewhere())
            ),
        );
    }
    guestpass
        .extend(&owner(), &id, &Extension::By("P1D".into()))
        .unwrap();
    guestpass.suspend(&owner(), &id).unwrap();
    guestpass.resume(&owner(), &id).unwrap();
    say(
        "what is delivered",
        format!("{:?}", guestpass.drain("main", 1000).unwrap()),
    );
    guestpass.deliver("main", 1000).unwrap();
    say("what hooks heard", format!("{:?}", setting.hooks.heard()));
    // Every kind of trouble, so that there are log lines and sentences about it.
    setting
        .hooks
        .say(|script| script.narrow = Err("broken".into()));
    say(
        "a failing hook",
        format!("{:?}", guestpass.resolve("main", &secrets[2].1)),
    );
    setting.clock.forward(9 * DAY);
    say(
        "an ended link",
        format!(
            "{:?}",
            guestpass.redeem("main", reissued.secret.expose(), &from_somewhere())
        ),
    );
    say(
        "the history",
        format!("{:?}", guestpass.history(&owner(), &id, 0, 1000).unwrap()),
    );
    say(
        "the grant",
        format!("{:?}", guestpass.get(&owner(), &id).unwrap()),
    );
    say("the handle", format!("{guestpass:?}"));
    say("the log", setting.log.lines().join("\n"));

    let files = files(&setting);
    let all: Vec<u8> = files.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
    assert!(
        contains(&all, b"sam@support.example"),
        "the search finds what is there"
    );
    assert!(
        files
            .iter()
            .any(|(name, bytes)| name.ends_with("-wal") && !bytes.is_empty()),
        "the log was searched too"
    );
    for (what, secret) in &secrets {
        let traces = Traces::of(secret);
        assert_eq!(
            traces.found_in(secret.as_bytes()),
            Some("the whole token"),
            "the search finds a token"
        );
        for (place, bytes) in files.iter().chain(&said) {
            assert_eq!(traces.found_in(bytes), None, "{what} in {place}");
        }
    }
}

/// Of a password the engine keeps nothing at all, not even a digest: the host keeps its own.
#[test]
fn p03_of_a_password_nothing_is_kept_or_said() {
    let setting = Setting::plan()
        .through_the_component()
        .on_sqlite()
        .truly_random()
        .build();
    let guestpass = setting.guestpass();
    let mut said: Vec<(String, Vec<u8>)> = Vec::new();
    let mut say = |what: &str, text: String| said.push((what.to_owned(), text.into_bytes()));
    let issued = guestpass.create(&owner(), &a_password().draft()).unwrap();
    say(
        "an issued password printed for debugging",
        format!("{issued:?} {issued:#?}"),
    );
    let id = issued.grant.id.clone();
    let user = issued.grant.user.clone().unwrap();
    let reissued = guestpass.reissue(&owner(), &id).unwrap();
    say(
        "a new password printed for debugging",
        format!("{reissued:?}"),
    );
    let passwords = [&issued, &reissued].map(|issued| issued.secret.expose().to_owned());
    let login = reissued.grant.guest.login.clone().unwrap();
    let knows = |password: &str| setting.people.who_signs_in("main", &login, password);
    assert_eq!(
        knows(&passwords[1]).as_ref(),
        Some(&user),
        "the host was told"
    );
    let entered = guestpass.sign_in("main", &user, &from_somewhere()).unwrap();
    say("an admission printed for debugging", format!("{entered:?}"));
    for password in &passwords {
        // Presented where it does not belong: the refusal must not repeat it.
        say(
            "a refusal",
            format!(
                "{:?}",
                guestpass.redeem("main", password, &from_somewhere())
            ),
        );
        say(
            "a refusal",
            format!("{:?}", guestpass.resolve("main", password)),
        );
        say(
            "a refusal",
            format!("{:?}", guestpass.get(&owner(), password)),
        );
    }
    // The host takes no new one: what it is told then must not be said either.
    setting
        .people
        .reject_new_users("main", Some("The site is full."));
    say(
        "a failed reissue",
        format!("{:?}", guestpass.reissue(&owner(), &id).map(|_| ())),
    );
    say(
        "what is delivered",
        format!("{:?}", guestpass.drain("main", 1000).unwrap()),
    );
    say("what hooks heard", format!("{:?}", setting.hooks.heard()));
    guestpass.revoke(&owner(), &id).unwrap();
    say(
        "the history",
        format!("{:?}", guestpass.history(&owner(), &id, 0, 1000).unwrap()),
    );
    say(
        "the grant",
        format!("{:?}", guestpass.get(&owner(), &id).unwrap()),
    );
    say("the log", setting.log.lines().join("\n"));
    let files = files(&setting);
    for password in &passwords {
        let traces = Traces::of_password(password);
        assert!(
            traces.found_in(password.as_bytes()).is_some(),
            "the search finds it"
        );
        for (place, bytes) in files.iter().chain(&said) {
            assert_eq!(traces.found_in(bytes), None, "in {place}");
        }
    }
}

#[test]
fn p03_what_is_kept_of_a_session_does_not_open_it() {
    let setting = Setting::plan().on_sqlite().truly_random().build();
    let link = setting.link(a_link());
    let entered = setting.enter(&link);
    // Everything 32 bytes long that a thief could find in place of the secret.
    let stored: Vec<Vec<u8>> = setting
        .dump()
        .into_iter()
        .flat_map(|(key, value)| [key, value])
        .filter(|bytes| bytes.len() >= 32)
        .collect();
    let mut tried = 0;
    for bytes in stored {
        for secret in bytes.windows(32) {
            tried += 1;
            for (kind, like) in [("gs1_", &entered.session), ("gp1_", &link.pass)] {
                let forged = forge(kind, &like[4..26], secret);
                if kind == "gs1_" {
                    assert!(setting.why_not(&forged).is_some());
                } else {
                    assert_eq!(
                        setting.inspect("main", &forged).unwrap_err().code,
                        "link-not-valid"
                    );
                }
            }
        }
    }
    assert!(tried > 500, "{tried} tries");
}

/// A well-formed token with this secret.
fn forge(kind: &str, id: &str, secret: &[u8]) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    let id_bytes = BASE64.decode(id).unwrap();
    let mut summed = [kind.as_bytes(), &id_bytes, secret, &[0; 4]].concat();
    crate::tamper::mend(&mut summed);
    let sum: Vec<u8> = summed[summed.len() - 4..].iter().rev().copied().collect();
    format!(
        "{kind}{id}_{}_{}",
        BASE64.encode(secret),
        BASE64.encode(sum)
    )
}
