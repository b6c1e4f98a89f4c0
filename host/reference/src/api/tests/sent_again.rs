//! Requests that are sent again under the same `Idempotency-Key`.

use super::*;

fn named(setting: &Setting, path: &str, name: &str, body: Option<&Value>) -> Reply {
    let request = setting
        .request("POST", path)
        .header("idempotency-key", name);
    match body {
        Some(body) => setting.send(with_json(request, body)),
        None => setting.send(request.body(Body::empty()).unwrap()),
    }
}

fn count(setting: &Setting) -> usize {
    let grants = setting.get("/grants").given(200);
    grants["grants"].as_array().unwrap().len()
}

#[test]
fn p06_what_is_sent_again_is_answered_again_without_the_secret_and_done_once() {
    let setting = setting();
    let body = draft("sam@support.example");
    let first = named(&setting, "/grants", "one", Some(&body));
    let issued = first.given(201);
    let secret = issued["link"].as_str().unwrap().split_once('#').unwrap().1;
    let again = named(&setting, "/grants", "one", Some(&body));
    let shown = again.given(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(shown["grant"], issued["grant"]);
    assert_eq!(shown["link"], Value::Null);
    assert!(
        shown["message"].as_str().unwrap().contains("Reissue"),
        "{shown}"
    );
    assert!(issued.get("message").is_none());
    assert_eq!(count(&setting), 1);

    let id = issued["grant"]["id"].as_str().unwrap();
    let path = format!("/grants/{id}/reissue");
    let link = named(&setting, &path, "two", None).given(200)["link"].clone();
    let shown = named(&setting, &path, "two", None).given(200);
    assert_eq!(shown["link"], Value::Null);
    let newer = link.as_str().unwrap().split_once('#').unwrap().1;
    // The link of the first answer is the one in force: nothing was done again.
    let site = &setting.host.site;
    assert!(setting.host.engine.inspect(site, newer).is_ok());

    for file in std::fs::read_dir(setting.host.db.path().parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        let bytes = if path.is_file() {
            std::fs::read(path).unwrap()
        } else {
            Vec::new()
        };
        for secret in [secret, newer] {
            let part = &secret.as_bytes()[27..39];
            assert!(!bytes.windows(part.len()).any(|window| window == part));
        }
    }
}

#[test]
fn an_extension_that_is_sent_again_extends_once() {
    let setting = setting();
    let issued = setting.link("sam@support.example");
    let path = format!("/grants/{}/extend", issued["grant"]["id"].as_str().unwrap());
    let day = json!({ "by": "P1D" });
    let first = named(&setting, &path, "a", Some(&day)).given(200);
    assert_eq!(named(&setting, &path, "a", Some(&day)).given(200), first);
    assert_ne!(
        named(&setting, &path, "b", Some(&day)).given(200)["ends"],
        first["ends"]
    );
}

#[test]
fn a_name_is_for_one_request() {
    let setting = setting();
    named(
        &setting,
        "/grants",
        "one",
        Some(&draft("sam@support.example")),
    )
    .given(201);
    let other = named(
        &setting,
        "/grants",
        "one",
        Some(&draft("eve@support.example")),
    );
    assert_eq!(other.refused(422), "idempotency-key-reused");
    assert_eq!(
        named(&setting, "/grants/x/revoke", "one", None).refused(422),
        "idempotency-key-reused"
    );
    assert_eq!(count(&setting), 1);
    for name in ["", "a b", &"x".repeat(256)] {
        let reply = named(
            &setting,
            "/grants",
            name,
            Some(&draft("eve@support.example")),
        );
        assert_eq!(reply.refused(400), "bad-idempotency-key", "{name}");
    }
    let twice = setting
        .request("POST", "/grants/x/revoke")
        .header("idempotency-key", "a");
    let twice = twice
        .header("idempotency-key", "b")
        .body(Body::empty())
        .unwrap();
    assert_eq!(setting.send(twice).refused(400), "bad-idempotency-key");
}

#[test]
fn a_refusal_is_kept_as_it_was() {
    let setting = setting();
    setting.link("sam@support.example");
    let body = draft("sam@support.example");
    let first = named(&setting, "/grants", "one", Some(&body));
    assert_eq!(first.refused(409), "guest-has-access");
    let again = named(&setting, "/grants", "one", Some(&body));
    assert_eq!(again.refused(409), "guest-has-access");
    assert_eq!(again.json(), first.json(), "down to its name");
}

#[test]
fn each_key_names_its_own_requests() {
    let setting = setting();
    named(
        &setting,
        "/grants",
        "one",
        Some(&draft("sam@support.example")),
    )
    .given(201);
    let other = setting.key_for([KeyScope::GrantsWrite]);
    let request = Request::post("/api/v1/grants")
        .header("authorization", format!("Bearer {other}"))
        .header("idempotency-key", "one");
    setting
        .send(with_json(request, &draft("eve@support.example")))
        .given(201);
}

#[test]
fn one_that_is_under_way_is_not_begun_again() {
    let setting = setting();
    let body = draft("sam@support.example");
    named(&setting, "/grants", "one", Some(&body)).given(201);
    let sql = "UPDATE api_request SET status = NULL, body = NULL";
    setting.host.db.read(|c| c.execute_batch(sql)).unwrap();
    let waiting = named(&setting, "/grants", "one", Some(&body));
    assert_eq!(waiting.refused(409), "request-under-way");
    assert_eq!(waiting.header("retry-after"), "1");
    let sql = "UPDATE api_request SET began = began - 60000";
    setting.host.db.read(|c| c.execute_batch(sql)).unwrap();
    let lost = named(&setting, "/grants", "one", Some(&body));
    assert_eq!(lost.refused(409), "request-interrupted");
    assert_eq!(count(&setting), 1);
}

#[test]
fn p30_sixteen_at_once_make_one_grant() {
    let setting = setting();
    let body = draft("sam@support.example");
    let statuses = std::thread::scope(|scope| {
        let each: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| named(&setting, "/grants", "one", Some(&body))))
            .collect();
        let each = each.into_iter().map(|each| each.join().unwrap());
        each.map(|reply| {
            let link = reply.json()["link"].is_string();
            (reply.status.as_u16(), link)
        })
        .collect::<Vec<_>>()
    });
    let made = statuses
        .iter()
        .filter(|(status, link)| *status == 201 && *link);
    assert_eq!(made.count(), 1, "{statuses:?}");
    assert!(
        statuses
            .iter()
            .all(|(status, _)| [201, 409].contains(status))
    );
    assert_eq!(count(&setting), 1);
}
