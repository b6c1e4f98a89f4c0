//! Opening, migrating and failing, each as the operator sees it.

use super::*;
use crate::cms::testing::scratch;

#[test]
fn opening_twice_migrates_once_and_keeps_what_is_there() {
    let directory = scratch();
    let path = directory.join("a.db");
    let insert =
        "INSERT INTO site (id, title, catalogue, created) VALUES ('main', 'x', 'wordpress', 0)";
    Db::open(&path)
        .unwrap()
        .write::<_, Problem>(|tx| tx.run(|c| c.execute(insert, [])))
        .unwrap();
    let again = Db::open(&path).unwrap();
    let version: u32 = again
        .read(|c| c.query_row("PRAGMA user_version", [], |row| row.get(0)))
        .unwrap();
    let sites: u32 = again
        .read(|c| c.query_row("SELECT count(*) FROM site", [], |row| row.get(0)))
        .unwrap();
    assert_eq!((version as usize, sites), (Db::newest_schema(), 1));
}

#[test]
fn a_change_that_fails_leaves_nothing() {
    let directory = scratch();
    let db = Db::open(&directory.join("a.db")).unwrap();
    let insert =
        "INSERT INTO site (id, title, catalogue, created) VALUES ('main', 'x', 'wordpress', 0)";
    let failed = db.write(|tx| {
        tx.run(|c| c.execute(insert, []))?;
        Err::<(), _>(Problem::refused("no", "No."))
    });
    assert_eq!(failed.unwrap_err().code, "no");
    let sites: u32 = db
        .read(|c| c.query_row("SELECT count(*) FROM site", [], |row| row.get(0)))
        .unwrap();
    assert_eq!(sites, 0);
}

#[test]
fn each_trouble_with_the_file_has_its_own_sentence() {
    let directory = scratch();
    let text = directory.join("text.db");
    std::fs::write(
        &text,
        "this is a letter and not a database, however long it goes on",
    )
    .unwrap();
    assert_eq!(Db::open(&text).unwrap_err().code, "not-a-database");
    assert_eq!(
        Db::open(&directory.join("text.db/x.db")).unwrap_err().code,
        "no-data-directory"
    );

    let newer = directory.join("newer.db");
    Db::open(&newer)
        .unwrap()
        .read(|c| c.pragma_update(None, "user_version", 99))
        .unwrap();
    assert_eq!(Db::open(&newer).unwrap_err().code, "newer-database");

    let full = Db::open(&directory.join("full.db")).unwrap();
    let fill = full.write::<_, Problem>(|tx| {
            tx.run(|c| {
                let pages: u32 = c.query_row("PRAGMA page_count", [], |row| row.get(0))?;
                c.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
                c.execute(
                    "INSERT INTO site (id, title, catalogue, created) VALUES ('main', hex(zeroblob(100000)), '', 0)",
                    [],
                )
            })
        });
    assert_eq!(fill.unwrap_err().code, "disk-full");
}

#[cfg(unix)]
#[test]
fn only_the_owner_of_the_file_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = scratch();
    let path = directory.join("a.db");
    drop(Db::open(&path).unwrap());
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}
