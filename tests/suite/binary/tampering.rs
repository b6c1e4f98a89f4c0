//! Whoever changes the past in the database is found out.

use super::site;

#[test]
fn verifying_passes_until_one_byte_of_the_database_is_changed() {
    let site = site();
    let pass = site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let server = site.serve();
    let _guest = server.guest(&pass);
    site.ask(&["grant", "extend", "sam@support.example", "--by", "P1D"]);
    assert_eq!(server.stop(), Some(0));
    let verified = site.run(&["history", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert_eq!(site.run(&["doctor"]).code, Some(0));

    // The grant, each kind of record there is of it, and its session.
    let kinds = ["g", "h", "s"];
    for kind in kinds {
        let find = format!(
            "SELECT key, value FROM guestpass_entry WHERE substr(key, 6, 1) = CAST('{kind}' AS BLOB) AND length(value) > 20 LIMIT 1"
        );
        let (key, value): (Vec<u8>, Vec<u8>) = site
            .sql()
            .query_row(&find, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect(kind);
        let mut changed = value.clone();
        changed[value.len() / 2] ^= 1;
        let write = |value: &Vec<u8>| {
            let written = site
                .sql()
                .execute(
                    "UPDATE guestpass_entry SET value = ?1 WHERE key = ?2",
                    rusqlite::params![value, key],
                )
                .unwrap();
            assert_eq!(written, 1);
        };
        write(&changed);
        let found = site.run(&["history", "verify"]);
        assert_eq!(found.code, Some(1), "{kind}: {found:?}");
        let json = site.run(&["history", "verify", "--json"]);
        assert_eq!(
            (json.code, json.json()["sound"].as_bool()),
            (Some(1), Some(false))
        );
        assert!(
            json.json()["faults"]
                .as_array()
                .is_some_and(|faults| !faults.is_empty())
        );
        assert_eq!(
            site.run(&["doctor"]).code,
            Some(1),
            "the doctor says so, too"
        );
        write(&value);
        assert_eq!(
            site.run(&["history", "verify"]).code,
            Some(0),
            "put back as it was"
        );
    }
}

#[test]
fn a_damaged_record_is_named_and_lets_nobody_in() {
    let site = site();
    let pass = site.link("sam@support.example", &["--role", "editor", "--for", "P7D"]);
    let server = site.serve();
    let guest = server.guest(&pass);
    assert_eq!(guest.get("/section/posts").status, 200);
    let spoiled = site
        .sql()
        .execute(
            "UPDATE guestpass_entry SET value = zeroblob(length(value)) WHERE substr(key, 6, 1) = CAST('g' AS BLOB)",
            [],
        )
        .unwrap();
    assert_eq!(spoiled, 1);
    let refused = guest.get("/section/posts");
    assert_eq!(refused.status, 503);
    assert!(
        !refused.says("damaged"),
        "what the operator has to mend is told to the operator: {}",
        refused.body
    );
    assert!(site.log().contains("is damaged"), "{}", site.log());
    assert_eq!(
        server
            .browser()
            .post("/access/enter", &[("pass", &pass)])
            .status,
        503
    );
    assert_eq!(
        site.run(&["grant", "list"]).code.map(|code| code > 0),
        Some(false),
        "the list goes on without it"
    );
}
