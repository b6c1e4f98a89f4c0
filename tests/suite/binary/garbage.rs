//! Property 5 over HTTP: garbage is answered, alike, and opens nothing.

use super::site;

#[test]
fn p05_whatever_is_sent_in_place_of_a_pass_opens_nothing() {
    let site = site();
    let pass = site.link(
        "sam@support.example",
        &["--role", "editor", "--for", "PT3H"],
    );
    // Delivers what waits, so that nothing is left for the server to do by itself.
    site.ask(&["sweep"]);
    let server = site.serve();
    let before = site.every_row();
    let stranger = server.browser();
    let unknown = stranger.post("/access/enter", &[("pass", "gp1_unknown")]);
    assert_eq!(unknown.status, 404);
    // Another character than the one that stands there.
    let other = if &pass[40..41] == "A" { "B" } else { "A" };
    let mangled = format!("{}{other}{}", &pass[..40], &pass[41..]);
    for like in [
        "",
        "x",
        &pass[1..],
        &pass[..76],
        &mangled,
        &pass.to_uppercase(),
        "\0",
        "é",
        &"x".repeat(10_000),
    ] {
        let page = stranger.post("/access/enter", &[("pass", like)]);
        assert_eq!(
            (page.status, &page.body),
            (404, &unknown.body),
            "{like:?} is told from an unknown one"
        );
        assert_eq!(page.set_cookies, [""; 0]);
    }
    let sent: [&[u8]; 12] = [
        b"",
        b"pass",
        b"pass=",
        b"pass[]=x",
        b"=&=&=",
        b"pass=\xff\xfe",
        b"pass=%ff%fe",
        b"pass=%",
        b"pass=%00",
        b"{\"pass\": null}",
        &[b'x'; 1 << 20],
        &[0; 70_000],
    ];
    for body in sent {
        for path in ["/access/enter", "/access/enter/inspect", "/arrive"] {
            // A server that hangs up on a megabyte has answered, too.
            if let Some(page) = stranger.post_bytes(path, body) {
                let start = String::from_utf8_lossy(&body[..body.len().min(20)]);
                assert!(
                    (400..500).contains(&page.status),
                    "{path} {start:?}: {page:?}"
                );
                assert_eq!(page.set_cookies, [""; 0]);
            }
        }
    }
    let twice = format!("pass={pass}&pass={pass}");
    assert_eq!(
        stranger
            .post_bytes("/access/enter", twice.as_bytes())
            .unwrap()
            .status,
        400
    );
    assert_eq!(
        stranger
            .post(&format!("/access/enter?pass={pass}"), &[("pass", &pass)])
            .status,
        400
    );
    assert_eq!(
        stranger
            .get(&format!("/access/enter?pass={pass}&pass={pass}"))
            .status,
        400
    );
    assert!(
        before == site.every_row(),
        "nothing of that changed anything"
    );
    assert_eq!(
        server.guest(&pass).get("/section/posts").status,
        200,
        "and the link still works"
    );
}
