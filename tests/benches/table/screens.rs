//! What pages cost in a site of ten thousand grants: they cost what they show, not what there is.

use std::path::Path;

use guestpass::Origin;
use guestpass::ports::{Clock as _, SystemClock};
use guestpass::screens::{Request, Visitor, Zone};

use crate::measure::alone;
use crate::report::{Row, Target, Unit};
use crate::site::Site;
use crate::town::{OWNER, SITE};

/// Each page so often.
const ROUNDS: usize = 50;
/// No page takes longer, in nanoseconds.
const LONGEST: f64 = 3_000_000.0;

/// Measures every page that an owner may look at, on SQLite, in files of this directory.
pub fn rows(directory: &Path, cache: &Path) -> Vec<Row> {
    let site = Site::build(directory, cache, SystemClock.now(), 10_000);
    while site.world.sweep().more {}
    let pages = [
        ("overview", "/", ""),
        ("access", "/grants", ""),
        ("access, filtered", "/grants", "state=suspended"),
        ("give access", "/give", ""),
        ("invitations", "/invitations", ""),
        ("team", "/team", ""),
        ("history", "/history", ""),
        ("policy", "/policy", ""),
        ("lock-outs", "/lock-outs", ""),
        ("accounts", "/accounts", ""),
    ];
    pages
        .map(|(name, path, query)| {
            let request = request(path, query);
            let samples = alone(ROUNDS, || {
                let page = site.world.guestpass.screen(&request);
                assert_eq!(page.expect("a page").status, 200, "{name}");
            });
            Row::value(format!("{name}, 10 thousand grants"), Unit::Nanos, samples)
                .target(Target::AtMost(LONGEST))
        })
        .into()
}

fn request(path: &str, query: &str) -> Request {
    Request {
        site: SITE.to_owned(),
        title: "A site".to_owned(),
        method: "GET".to_owned(),
        mount: "/access".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        form: Vec::new(),
        upload: None,
        visitor: Visitor::User(OWNER.to_owned()),
        proof: Some("of-this-session".to_owned()),
        foreign: false,
        origin: Origin::unknown(),
        languages: "es".to_owned(),
        zone: Zone {
            name: "UTC".to_owned(),
            offsets: Vec::new(),
        },
        base_url: "https://site.example".to_owned(),
        home: "/".to_owned(),
        sign_in: "/sign-in".to_owned(),
        mails: true,
        shortest_password: 12,
    }
}
