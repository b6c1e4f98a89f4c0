//! What people do, in a real browser and in each language: the rows of the table in the design's first page.

use guestpass_tests::skipped;

use super::driver::{Browsers, Tab};
use crate::binary::{Server, Site, site};

const PASSWORD: &str = "correct horse battery";

/// The owner, who chose a password at the first visit.
pub fn owner(browsers: &Browsers, server: &Server, language: &str) -> Tab {
    let tab = browsers.tab(language);
    tab.go(&format!(
        "{}/arrive?token={}",
        server.address(),
        server.owner_token()
    ));
    tab.click("main button");
    tab.fill("[name=password]", PASSWORD);
    tab.click("main form button");
    tab
}

/// Fills in who it is for and what they may do.
pub fn whom(tab: &Tab, server: &Server, kind: &str, email: &str) {
    tab.go(&format!("{}/access/give", server.address()));
    tab.choose(&format!("[name=kind][value={kind}]"));
    tab.fill("[name=email]", email);
    tab.fill("[name=first_name]", "Sam");
    tab.choose("[name=scope][value='role:editor']");
}

/// Takes access back on the grant's page.
fn take_back(tab: &Tab, server: &Server, site: &Site, email: &str) {
    let shown = site.ask(&["grant", "show", email]);
    let id = shown["id"].as_str().expect("an id");
    tab.go(&format!("{}/access/grants/{id}", server.address()));
    tab.run("document.querySelector('details.end').open = true");
    tab.click("details.end button");
}

#[test]
fn a6_a_link_is_made_copied_used_and_taken_back_in_every_language() {
    let Some(browsers) = Browsers::found() else {
        return skipped(
            "binary::screens::journeys::a6_a_link_is_made_copied_used_and_taken_back_in_every_language",
            "there is no chromium",
        );
    };
    for (language, enter, promise) in [
        ("en", "Enter", "until 1 week after first coming in"),
        (
            "es",
            "Entrar",
            "hasta 1 semana después de entrar por primera vez",
        ),
        ("fr", "Entrer", "jusqu’à 1 semaine après la première entrée"),
    ] {
        let site = site();
        let server = site.serve();
        let owner = owner(&browsers, &server, language);
        whom(&owner, &server, "link", "sam@support.example");
        owner.choose("[name=ending][value='1-week-from-first-use']");
        owner.until(&format!(
            "document.querySelector('#sentence').textContent.includes({promise:?})"
        ));
        owner.click(".sentence button");
        let link = owner.value("#link");
        assert!(link.contains("/access/enter#gp1_"), "{link}");
        owner.run("document.querySelector('.qr').open = true");
        assert!(
            owner
                .run("document.querySelector('.qr path').getBBox().width")
                .as_f64()
                > Some(20.0)
        );
        assert!(owner.value("#message").contains(&link));

        // Coming back to the page does not show it again.
        owner.go(&format!("{}/access/grants", server.address()));
        assert!(!owner.text().contains("gp1_"));

        let guest = browsers.tab(language);
        guest.go(&link);
        guest.until("document.querySelector('form[data-once] button')");
        assert_eq!(
            guest.address(),
            format!("{}/access/enter", server.address()),
            "the secret is out of sight"
        );
        assert!(
            guest.text().contains(enter) && guest.text().contains("sam@support.example"),
            "{}",
            guest.text()
        );
        assert_eq!(
            site.ask(&["grant", "show", "sam@support.example"])["uses"],
            0,
            "looking uses nothing"
        );
        guest.click("form[data-once] button");
        assert_eq!(guest.address(), format!("{}/", server.address()));
        guest.go(&format!("{}/section/posts", server.address()));
        assert_eq!(
            site.ask(&["grant", "show", "sam@support.example"])["uses"],
            1
        );

        take_back(&owner, &server, &site, "sam@support.example");
        guest.go(&format!("{}/section/posts", server.address()));
        assert_eq!(
            site.ask(&["grant", "show", "sam@support.example"])["state"],
            "ended"
        );
        assert!(guest.text().contains("taken back"), "{}", guest.text());
        guest.go(&link);
        guest.until("document.querySelector('main [role=alert]')");
        assert!(
            guest
                .run("document.querySelector('form[data-once]')")
                .is_null(),
            "nothing to press any more"
        );
    }
}

#[test]
fn a1_a_user_with_a_password_is_made_in_every_language() {
    let Some(browsers) = Browsers::found() else {
        return skipped(
            "binary::screens::journeys::a1_a_user_with_a_password_is_made_in_every_language",
            "there is no chromium",
        );
    };
    for language in ["en", "es", "fr"] {
        let site = site();
        let server = site.serve();
        let owner = owner(&browsers, &server, language);
        whom(&owner, &server, "password", "sam@support.example");
        owner.choose("[name=ending][value='1-week']");
        owner.click(".sentence button");
        let (user, password) = (owner.value("#user"), owner.value("#password"));
        assert_eq!((user.as_str(), password.len()), ("sam", 24));
        let guest = browsers.tab(language);
        guest.go(&owner.value("#address"));
        guest.fill("[name=login]", &user);
        guest.fill("[name=password]", &password);
        guest.click("main form button");
        guest.go(&format!("{}/access/accounts", server.address()));
        assert!(
            guest.run("document.querySelector('.banner')").is_object(),
            "{}",
            guest.text()
        );
        take_back(&owner, &server, &site, "sam@support.example");
        guest.go(&format!("{}/access/accounts", server.address()));
        assert!(
            guest
                .run("document.querySelector('main [role=alert]')")
                .is_object(),
            "{}",
            guest.text()
        );
    }
}

#[test]
fn a5_to_a9_an_invitation_is_accepted_acted_by_and_removed_in_every_language() {
    let Some(browsers) = Browsers::found() else {
        return skipped(
            "binary::screens::journeys::a5_to_a9_an_invitation_is_accepted_acted_by_and_removed_in_every_language",
            "there is no chromium",
        );
    };
    for language in ["en", "es", "fr"] {
        let site = site();
        let server = site.serve();
        let owner = owner(&browsers, &server, language);
        whom(&owner, &server, "invitation", "bea@new.example");
        owner.click(".sentence button");
        let first = owner.value("#link");
        owner.go(&format!("{}/access/invitations", server.address()));
        owner.click("form[action$='/reissue'] button");
        let link = owner.value("#link");
        assert_ne!(first, link, "sending again makes another link");

        // Who is signed in as somebody else is told to sign out first.
        owner.go(&link);
        owner.until(
            "document.querySelector('form[action$=\"/invitation/accept\"][data-once] button')",
        );
        owner.click("form[action$='/invitation/accept'] button");
        assert!(
            owner
                .run("document.querySelector('main form[action$=\"/leave\"]')")
                .is_object(),
            "{}",
            owner.text()
        );

        let bea = browsers.tab(language);
        bea.go(&link);
        bea.until("document.querySelector('#password')");
        bea.fill("#password", PASSWORD);
        bea.click("form[action$='/invitation/accept'] button");
        bea.go(&format!("{}/access/accounts", server.address()));
        assert!(
            bea.run("document.querySelector('.banner')").is_object(),
            "{}",
            bea.text()
        );
        assert!(
            bea.run("document.querySelector('.row.here')").is_object(),
            "{}",
            bea.text()
        );

        owner.go(&format!("{}/access/team", server.address()));
        assert!(owner.text().contains("Sam"), "{}", owner.text());
        owner.click("a.danger[href$='#end']");
        assert_eq!(
            owner.run("document.querySelector('#end').closest('details').open"),
            true,
            "what the button promised stands open"
        );
        owner.click("details.end button");
        bea.go(&format!("{}/access/accounts", server.address()));
        assert!(
            bea.run("document.querySelector('main [role=alert]')")
                .is_object(),
            "{}",
            bea.text()
        );
    }
}

#[test]
fn a2_to_a4_and_a10_what_is_too_little_too_soon_or_not_to_be_is_said_before_it_happens() {
    let Some(browsers) = Browsers::found() else {
        return skipped(
            "binary::screens::journeys::a2_to_a4_and_a10_what_is_too_little_too_soon_or_not_to_be_is_said_before_it_happens",
            "there is no chromium",
        );
    };
    for (language, missing, undecided) in [
        ("en", "these are missing: ", "Nothing was done."),
        ("es", "faltan: ", "No se hizo nada."),
        ("fr", "Il manque pour cela : ", "Rien n’a été fait."),
    ] {
        let site = site();
        let server = site.serve();
        let owner = owner(&browsers, &server, language);
        // An editor cannot do support, which is said with what is missing; it goes through knowingly.
        whom(&owner, &server, "link", "sam@support.example");
        owner.fill("[name=purpose]", "support");
        owner.choose("[name=ending][value='1-week']");
        owner.click(".sentence button");
        assert!(owner.text().contains(missing), "{}", owner.text());
        assert_eq!(
            owner.value("[name=email]"),
            "sam@support.example",
            "nothing typed is lost"
        );
        owner.choose("[name=knowing][value=lacking-permissions]");
        owner.click(".sentence button");
        let link = owner.value("#link");

        // Where a fresh backup is asked for, powerful access waits for one, or is given knowingly.
        site.ask(&[
            "policy",
            "set",
            "--max-age",
            "P1D",
            "--fresh-backup",
            "edit_files",
        ]);
        whom(&owner, &server, "link", "kim@support.example");
        owner.choose("[name=scope][value='role:administrator']");
        owner.choose("[name=ending][value='1-day']");
        owner.click(".sentence button");
        owner.choose("[name=knowing][value=without-backup]");
        owner.click(".sentence button");
        assert!(owner.value("#link").contains("gp1_"));

        // Nobody invites themselves, nor makes the owner a guest.
        whom(&owner, &server, "invitation", "owner@site.example");
        owner.click(".sentence button");
        assert!(
            owner
                .run("document.querySelector('#email-fault')")
                .is_object()
                || owner.run("document.querySelector('.trouble')").is_object()
        );
        assert!(owner.run("document.querySelector('#link')").is_null());

        // The guest's user goes only by a decision about what they wrote.
        let guest = browsers.tab(language);
        guest.go(&link);
        guest.until("document.querySelector('form[data-once] button')");
        guest.click("form[data-once] button");
        take_back(&owner, &server, &site, "sam@support.example");
        owner.run("document.querySelector('.retire').open = true; document.querySelector('.retire form').noValidate = true");
        owner.click(".retire button");
        assert!(owner.text().contains(undecided), "{}", owner.text());
        owner.choose("[name=content][value=keep]");
        owner.choose("[name=confirm]");
        owner.click(".retire button");
        assert_eq!(
            site.ask(&["grant", "show", "sam@support.example"])["state"],
            "retired"
        );
    }
}

#[test]
fn a7_an_account_is_shared_by_chosen_permissions_and_they_are_managed_in_every_language() {
    let Some(browsers) = Browsers::found() else {
        return skipped(
            "binary::screens::journeys::a7_an_account_is_shared_by_chosen_permissions_and_they_are_managed_in_every_language",
            "there is no chromium",
        );
    };
    for language in ["en", "es", "fr"] {
        let site = crate::binary::empty();
        let made = site.run(&[
            "init",
            "--catalogue",
            "hosting-panel",
            "--owner-email",
            "owner@site.example",
        ]);
        assert_eq!(made.code, Some(0), "{made:?}");
        let server = site.serve();
        let owner = owner(&browsers, &server, language);
        owner.go(&format!("{}/access/give?kind=invitation", server.address()));
        owner.fill("[name=email]", "bea@new.example");
        owner.choose("[name=scope][value=chosen]");
        assert_eq!(
            owner.run("document.querySelectorAll('[name=permission]').length"),
            13
        );
        owner.choose("[name=permission][value=tickets]");
        owner.choose("[name=permission][value=invoices]");
        owner.click(".sentence button");
        let link = owner.value("#link");
        let bea = browsers.tab(language);
        bea.go(&link);
        bea.until("document.querySelector('#password')");
        bea.fill("#password", PASSWORD);
        bea.click("form[action$='/invitation/accept'] button");
        let opens = |section: &str| {
            bea.go(&format!("{}/section/{section}", server.address()));
            bea.run("performance.getEntriesByType('navigation')[0].responseStatus")
        };
        assert_eq!([opens("tickets"), opens("domains")], [200, 403]);
        owner.go(&format!("{}/access/team", server.address()));
        owner.click("a[href$='#scope']");
        owner.choose("#scope [name=permission][value=domains]");
        owner.click("#scope > button");
        assert_eq!([opens("tickets"), opens("domains")], [200, 200]);
    }
}
