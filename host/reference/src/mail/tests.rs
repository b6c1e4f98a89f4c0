//! Mails as their readers get them.

use super::*;
use crate::cms::catalogue;
use std::sync::OnceLock;

use crate::cms::testing::{hosted, scratch};
use crate::links::{SignIn, WayIn};
use guestpass::{Draft, Ending, Grant, Guest, Scope, ScopeBase};

/// An invitation of `fred@new.example` that was just made, and the moment it was made.
fn made(locale: &str, message: Option<&str>) -> (Grant, u64) {
    let (host, _directory) = hosted();
    let owner = host.acting_user(None).unwrap();
    let mut guest = Guest::new("fred@new.example");
    guest.first_name = Some("Fred".to_owned());
    guest.locale = Some(locale.to_owned());
    let mut draft = Draft::invitation(guest, Scope::role("editor"), None);
    draft.message = message.map(str::to_owned);
    let actor = host.actor(&owner.id, guestpass::Origin::unknown());
    let issued = host.engine.create(&actor, &draft).unwrap();
    let created = issued.grant.created;
    (issued.grant, created)
}

fn invited<'a>(grant: &'a Grant, now: u64, inviter: &'a str) -> Invited<'a> {
    Invited {
        email: &grant.guest.email,
        name: grant.guest.first_name.as_deref(),
        locale: grant.guest.locale.as_deref(),
        inviter,
        site: "My site",
        base_url: "https://example.org",
        grant,
        catalogue: catalogue::named("wordpress").unwrap(),
        way_in: link(),
        now,
    }
}

const LINK: &str = "https://example.org/invitation#gi1_x";

fn link() -> &'static WayIn {
    static WAY: OnceLock<WayIn> = OnceLock::new();
    WAY.get_or_init(|| WayIn::Link(LINK.to_owned()))
}

#[test]
fn each_language_says_all_of_it_and_unknown_ones_are_english() {
    let (grant, now) = made("fr-CA", Some("À bientôt,\nOlga"));
    let invited = invited(&grant, now, "Olga");
    let french = invited.text(texts::for_locale(invited.locale));
    assert_eq!(french.subject, "Olga vous invite sur My site");
    assert!(french.body.contains("(pendant 7 jours)"), "{}", french.body);
    assert!(french.body.contains("> À bientôt,\n> Olga"));
    for locale in [Some("es"), Some("en-GB"), Some("de"), None] {
        let body = invited.text(texts::for_locale(locale)).body;
        for part in ["Fred", "fred@new.example", LINK, "Editor"] {
            assert!(body.contains(part), "{locale:?}: {body}");
        }
        assert!(!body.contains(['{', '}']), "{locale:?}: {body}");
    }
    let english = invited.text(texts::for_locale(Some("de")));
    assert_eq!(english.subject, "Olga invites you to My site");
}

#[test]
fn single_permissions_are_named() {
    let (mut grant, now) = made("fr", None);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    grant.scope = Scope {
        base: ScopeBase::Chosen(names(&["edit_posts", "upload_files"])),
        also: names(&["read"]),
        except: Vec::new(),
    };
    let titles = &catalogue::named("wordpress").unwrap().permissions;
    let listed = format!("{}, {}", titles["edit_posts"], titles["upload_files"]);
    let said = |grant: &Grant, locale| {
        let invited = invited(grant, now, "Olga");
        invited.text(texts::for_locale(Some(locale))).body
    };
    let french = said(&grant, "fr");
    let wanted = format!(
        " : ces autorisations : {listed}, et aussi {}.",
        titles["read"]
    );
    assert!(french.contains(&wanted), "{french}");
    grant.scope = Scope::role("editor");
    grant.scope.except = names(&["publish_posts"]);
    let spanish = said(&grant, "es");
    let wanted = format!(": Editor, pero no {}.", titles["publish_posts"]);
    assert!(spanish.contains(&wanted), "{spanish}");
}

#[test]
fn a_link_or_a_password_is_mailed_with_where_to_and_until_when() {
    let (mut grant, now) = made("en", None);
    let said = |grant: &Grant, way_in: &WayIn, locale| {
        let invited = Invited {
            way_in,
            ..invited(grant, now, "Olga")
        };
        let text = invited.text(texts::for_locale(Some(locale)));
        assert!(!text.body.contains(['{', '}']), "{}", text.body);
        text.body
    };
    grant.kind = "link".to_owned();
    grant.ends = Some(1_795_000_000_000);
    grant.ends_bound_by = "window".to_owned();
    let english = said(&grant, link(), "en");
    for part in [
        "Olga gives you access to My site: Editor.",
        LINK,
        "You can come in until 18 November 2026, 11:06 UTC.",
    ] {
        assert!(english.contains(part), "{english}");
    }
    grant.ends_bound_by = "use-within".to_owned();
    grant.window.ending = Ending::AfterFirstUse("P1M3D".to_owned());
    let french = said(&grant, link(), "fr");
    assert!(
        french.contains(
            "avant le 18 novembre 2026 à 11:06 UTC. À partir de là, vous avez 1 mois, 3 jours."
        ),
        "{french}"
    );
    grant.kind = "password".to_owned();
    grant.window.ending = Ending::At(1_795_000_000_000);
    let way_in = WayIn::Password(SignIn {
        address: "https://example.org/sign-in".to_owned(),
        login: "fred".to_owned(),
        password: "x-secret".to_owned(),
    });
    let spanish = said(&grant, &way_in, "es");
    for part in [
        "https://example.org/sign-in\nNombre de usuario: fred\nContraseña: x-secret\n",
        "Entra por primera vez antes del 18 de noviembre",
        "Puedes entrar hasta el 18 de noviembre",
    ] {
        assert!(spanish.contains(part), "{spanish}");
    }
}

#[test]
fn one_day_is_one_day_and_dates_are_written_as_the_language_does() {
    const DAY: u64 = 24 * 60 * 60 * 1_000;
    let (mut grant, now) = made("es", None);
    grant.ends = Some(now + DAY);
    let invited = invited(&grant, now, "Olga");
    let said = |locale| invited.text(texts::for_locale(Some(locale))).body;
    assert!(said("es").contains("(durante 1 día)"), "{}", said("es"));
    assert!(said("en").contains("(for 1 day)"), "{}", said("en"));
    let instant = 1_795_000_000_000;
    let date = |locale| texts::for_locale(Some(locale)).date(instant);
    assert_eq!(date("en"), "18 November 2026, 11:06 UTC");
    assert_eq!(date("es"), "18 de noviembre de 2026, 11:06 UTC");
    assert_eq!(date("fr"), "18 novembre 2026 à 11:06 UTC");
}

#[test]
fn a_folder_holds_each_mail_for_its_owner_only() {
    let directory = scratch();
    let folder = directory.join("mail");
    let mailer = Mailer::new(Way::Folder(folder.clone()), None);
    let (grant, now) = made("en", None);
    let Sent::Filed(path) = mailer.send(&invited(&grant, now, "Olga")).unwrap() else {
        panic!("it goes into a folder");
    };
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("To: fred@new.example"), "{text}");
    assert!(text.contains("guestpass@example.org"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
    }
}

#[test]
fn a_link_can_be_copied_out_of_a_mail_in_a_folder_in_every_language() {
    let directory = scratch();
    let mailer = Mailer::new(Way::Folder(directory.join("mail")), None);
    let link = format!(
        "https://example.org/access/invitation#gi1_{}",
        "x".repeat(73)
    );
    let way_in = WayIn::Link(link.clone());
    for locale in ["en", "es", "fr"] {
        for message in [None, Some("À bientôt"), Some(&*"é".repeat(600))] {
            let (grant, now) = made(locale, message);
            let invited = Invited {
                way_in: &way_in,
                ..invited(&grant, now, "Olga")
            };
            let Sent::Filed(path) = mailer.send(&invited).unwrap() else {
                panic!("it goes into a folder");
            };
            let text = std::fs::read_to_string(&path).unwrap();
            let longest = text.lines().map(str::len).max().unwrap();
            assert!(longest <= 998, "{longest}: {text}");
            if message.is_none_or(|message| message.len() < 900) {
                assert!(text.lines().any(|line| line == link), "{text}");
            }
        }
    }
}

#[test]
fn no_name_adds_a_header_or_a_place_to_fill() {
    let directory = scratch();
    let mailer = Mailer::new(Way::Folder(directory.join("mail")), None);
    let (grant, now) = made("en", None);
    let mean = "Olga\r\nBcc: eve@evil.example\r\n {link}";
    let Sent::Filed(path) = mailer.send(&invited(&grant, now, mean)).unwrap() else {
        panic!("it goes into a folder");
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
}

#[test]
fn mail_goes_to_a_relay_on_this_machine_or_into_a_folder() {
    assert_eq!(
        "smtp://127.0.0.1:25".parse::<Way>().unwrap(),
        Way::Relay(SocketAddr::from(([127, 0, 0, 1], 25)))
    );
    assert_eq!(
        "/var/mail/x".parse::<Way>().unwrap(),
        Way::Folder("/var/mail/x".into())
    );
    for wrong in ["smtp://192.0.2.1:25", "smtp://mail.example:25", "smtp://"] {
        assert_eq!(
            wrong.parse::<Way>().unwrap_err().field.as_deref(),
            Some("mail"),
            "{wrong}"
        );
    }
}

/// A relay that takes one mail and tells what it was.
fn one_mail_relay() -> (SocketAddr, std::thread::JoinHandle<String>) {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let taken = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut answers = stream.try_clone().unwrap();
        let mut say = |line: &str| answers.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        say("220 relay");
        let mut mail = String::new();
        let mut in_mail = false;
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap();
            match line.as_str() {
                "." if in_mail => {
                    in_mail = false;
                    say("250 taken");
                }
                _ if in_mail => mail.push_str(&format!("{line}\n")),
                "DATA" => {
                    in_mail = true;
                    say("354 go on");
                }
                "QUIT" => {
                    say("221 bye");
                    break;
                }
                _ => say("250 relay"),
            }
        }
        mail
    });
    (address, taken)
}

#[test]
fn a_relay_gets_it_and_one_that_is_not_there_is_told() {
    let (grant, now) = made("en", None);
    let (address, taken) = one_mail_relay();
    let mailer = Mailer::new(Way::Relay(address), None);
    assert!(matches!(
        mailer.send(&invited(&grant, now, "Olga")).unwrap(),
        Sent::Relayed
    ));
    drop(mailer);
    let mail = taken.join().unwrap();
    assert!(
        mail.contains("Subject: Olga invites you to My site"),
        "{mail}"
    );
    let gone = Mailer::new(Way::Relay(address), None);
    let problem = gone.send(&invited(&grant, now, "Olga")).unwrap_err();
    assert_eq!(problem.code, "mail-not-sent");
}
