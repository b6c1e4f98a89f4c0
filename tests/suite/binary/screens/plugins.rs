//! An owner installs a plugin that somebody handed over, sees what it wants, has it say no, and is rid of it again.

use guestpass::plugins::Hook;
use guestpass_tests::corpus::{made, veto_grant};
use guestpass_tests::skipped;

use super::driver::Browsers;
use super::journeys::{owner, whom};
use crate::binary::site;

#[test]
fn a_plugin_is_uploaded_approved_set_heard_and_removed_in_every_language() {
    let Some(browsers) = Browsers::found() else {
        return skipped(
            "binary::screens::plugins::a_plugin_is_uploaded_approved_set_heard_and_removed_in_every_language",
            "there is no chromium",
        );
    };
    let door = made("door")
        .asks("log")
        .asks("requests:revoke")
        .hook(Hook::GrantFilter, veto_grant(3000, 14))
        .text(3000, "Not on Fridays")
        .saying("[settings]\n# When to say no.\ndays = [5]\nlate = false");
    for (language, wants, nothing) in [
        (
            "en",
            "Take access back, in your name",
            "No plugin is installed.",
        ),
        (
            "es",
            "Retirar accesos, en nombre de usted",
            "No hay ninguna extensión instalada.",
        ),
        (
            "fr",
            "Reprendre des accès, en votre nom",
            "Aucune extension n’est installée.",
        ),
    ] {
        let site = site();
        let file = site.data().with_file_name("door.gpx");
        std::fs::write(&file, door.package().to_archive().expect("an archive")).expect("a file");
        let server = site.serve();
        let owner = owner(&browsers, &server, language);
        owner.go(&format!("{}/access", server.address()));
        owner.click(".places a[href$='/plugins']");
        assert!(owner.text().contains(nothing), "{}", owner.text());
        owner.choose_file("#file", &file);
        owner.click("form[action$='/plugins/install'] button");
        assert!(
            owner.address().contains("/access/plugins/door"),
            "{}",
            owner.text()
        );
        assert!(owner.text().contains(wants), "{}", owner.text());
        let page = format!("{}/access/plugins/door", server.address());

        owner.click("form[action$='/approve'] button");
        owner.fill("#set-days", "1\nfive");
        owner.click("form[action$='/set'] button");
        assert!(
            owner
                .run("document.querySelector('#set-days-fault')")
                .is_object()
        );
        assert_eq!(owner.value("#set-days"), "1\nfive");
        owner.fill("#set-days", "1\n5");
        owner.choose("#set-late");
        owner.click("form[action$='/set'] button");
        let settings = &site.ask(&["plugin", "inspect", "door"])["settings"];
        assert_eq!(
            *settings,
            serde_json::json!({ "days": [1, 5], "late": true })
        );

        let give = || {
            whom(&owner, &server, "link", "sam@support.example");
            owner.choose("[name=ending][value='1-week']");
            owner.click(".sentence button");
        };
        owner.click("form[action$='/activate'] button");
        give();
        let told = owner.run("document.querySelector('[role=alert]').innerText");
        let told = told.as_str().unwrap_or_default();
        assert!(
            told.contains("Not on Fridays") && told.contains("door"),
            "{told}"
        );
        assert_eq!(owner.value("[name=email]"), "sam@support.example");

        owner.go(&page);
        owner.click("form[action$='/deactivate'] button");
        give();
        assert!(owner.value("#link").contains("gp1_"));

        owner.go(&page);
        owner.run("document.querySelector('details.end').open = true");
        owner.choose("[name=data][value=delete]");
        owner.click("form[action$='/uninstall'] button");
        assert!(owner.text().contains(nothing), "{}", owner.text());
    }
}
