//! The shipped catalogues, counted, and what a broken one says.

use super::*;

#[test]
fn wordpress_roles_hold_1_3_7_26_and_50_permissions() {
    let catalogue = named("wordpress").unwrap();
    let counts: Vec<_> = catalogue
        .roles
        .iter()
        .map(|role| (role.name.as_str(), role.permissions.len()))
        .collect();
    assert_eq!(
        counts,
        [
            ("subscriber", 1),
            ("contributor", 3),
            ("author", 7),
            ("editor", 26),
            ("administrator", 50)
        ]
    );
    assert_eq!(catalogue.permissions.len(), 50);
    let reserved: Vec<_> = catalogue.reserved.iter().map(String::as_str).collect();
    assert_eq!(
        reserved,
        [
            "create_users",
            "delete_users",
            "edit_users",
            "promote_users",
            "remove_users"
        ]
    );
    assert_eq!(catalogue.grants_with.as_deref(), Some("promote_users"));
}

#[test]
fn the_hosting_panel_has_13_permissions_and_a_section_for_each() {
    let catalogue = named("hosting-panel").unwrap();
    assert_eq!(catalogue.permissions.len(), 13);
    assert_eq!(catalogue.sections.len(), 13);
    let guarded: BTreeSet<_> = catalogue
        .sections
        .iter()
        .map(|section| section.permission.clone())
        .collect();
    assert_eq!(guarded, catalogue.permissions.keys().cloned().collect());
    assert!(catalogue.reserved.is_empty());
    assert_eq!(catalogue.grants_with.as_deref(), Some("profile"));
}

#[test]
fn every_permission_has_a_title_in_plain_words() {
    for catalogue in all().unwrap() {
        for (name, title) in &catalogue.permissions {
            assert!(
                !title.is_empty() && title != name && !title.contains('_'),
                "{name}: {title}"
            );
        }
    }
}

#[test]
fn another_text_has_another_revision() {
    let [wordpress, panel] = FILES.map(|text| read(text).unwrap().revision);
    assert_ne!(wordpress, panel);
    let retitled = FILES[0].replace("Write posts", "Write and change posts");
    assert_ne!(read(&retitled).unwrap().revision, wordpress);
}

#[test]
fn a_catalogue_that_names_what_it_does_not_have_is_refused() {
    let broken = FILES[0].replace("permission = \"edit_pages\"", "permission = \"edit_page\"");
    assert!(read(&broken).unwrap_err().message.contains("`edit_page`"));
    assert!(
        named("joomla")
            .unwrap_err()
            .message
            .contains("`wordpress` and `hosting-panel`")
    );
}
