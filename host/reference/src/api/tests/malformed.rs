//! Requests that are not of the form that is described: each is refused in a problem document, and changes nothing.

use super::*;

/// Sends this to the address that makes grants.
fn body(setting: &Setting, kind: &str, body: impl Into<Body>) -> Reply {
    let request = setting
        .request("POST", "/grants")
        .header("content-type", kind);
    setting.send(request.body(body.into()).unwrap())
}

#[test]
fn p05_a_body_that_does_not_fit_is_refused_with_the_field_to_blame() {
    let setting = setting();
    let refused = |document: &Value| {
        let reply = setting.post_json("/grants", document);
        assert_eq!(reply.refused(400), "bad-body", "{document}");
        let problem = reply.json();
        (
            problem["detail"].as_str().unwrap().to_owned(),
            problem["field"].as_str().map(str::to_owned),
        )
    };
    let with = |pointer: &str, value: Value| {
        let mut document = draft("sam@support.example");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap();
        parent
            .as_object_mut()
            .unwrap()
            .insert(name.to_owned(), value);
        document
    };
    for (document, field) in [
        (with("/uses", json!("3")), "uses"),
        (with("/uses", json!(-1)), "uses"),
        (with("/uses", json!(4_294_967_296_u64)), "uses"),
        (with("/guest/email", json!(["a@b.example"])), "guest.email"),
        (with("/guest/email", Value::Null), "guest.email"),
        (with("/scope/base", json!("editor")), "scope.base"),
        (
            with("/scope/base", json!({ "role": "editor", "chosen": [] })),
            "scope.base",
        ),
        (
            with("/window/ending", json!({ "at": "tomorrow" })),
            "window.ending.at",
        ),
        (with("/knowingly", Value::Null), "knowingly"),
    ] {
        let (detail, blamed) = refused(&document);
        assert!(
            blamed
                .as_deref()
                .is_some_and(|blamed| blamed.starts_with(field)),
            "{blamed:?} {detail}"
        );
    }
    for (document, named) in [
        (with("/colour", json!("red")), "unknown field `colour`"),
        (with("/guest/admin", json!(true)), "unknown field `admin`"),
        (
            json!({ "guest": { "email": "a@b.example" } }),
            "missing field `scope`",
        ),
        (json!([]), "a list stands where an object belongs"),
        (
            with("/guest", json!(["a@b.example"])),
            "a list stands where an object belongs",
        ),
        (
            with("/scope/base", json!({})),
            "expected one name, or an object with one name",
        ),
        (
            with("/scope/base", json!({ "role": "editor", "chosen": [] })),
            "expected one name, or an object with one name",
        ),
        (
            with("/scope/base", Value::Null),
            "expected one name, or an object with one name",
        ),
        (
            with("/scope/base", json!("role")),
            "a name alone, expected an object",
        ),
        (
            with("/scope/base", json!({ "all": true })),
            "expected its name alone",
        ),
        (
            with("/scope/base", json!({ "chosen": "read" })),
            "expected a list",
        ),
        (
            json!([null, { "email": "a@b.example" }, { "base": "all" }, null, null, [], null, null, null, null]),
            "a list stands where an object belongs",
        ),
        (
            with(
                "/guest",
                json!(["a@b.example", null, null, null, null, null]),
            ),
            "a list stands where an object belongs",
        ),
        (json!("a"), "invalid type"),
        (Value::Null, "invalid type"),
    ] {
        let (detail, _) = refused(&document);
        assert!(detail.contains(named), "{detail}");
        for ours in ["struct", "enum ", "variant", "sequence", "Draft", "Guest"] {
            assert!(!detail.contains(ours), "{detail}");
        }
    }
    assert_eq!(setting.get("/grants").given(200)["grants"], json!([]));
}

#[test]
fn p05_what_is_no_json_is_refused() {
    let setting = setting();
    let json = "application/json";
    for text in [
        "",
        "{",
        "{}}",
        "{\"guest\": }",
        "nonsense",
        "[1,2",
        "{\"guest\":{},\"guest\":{}}",
    ] {
        assert_eq!(
            body(&setting, json, text).refused(400),
            "bad-body",
            "{text}"
        );
    }
    let not_utf8 = body(&setting, json, b"{\"note\": \"\xff\"}".to_vec());
    assert_eq!(not_utf8.refused(400), "bad-body");
    let deep = "[".repeat(30_000);
    assert_eq!(body(&setting, json, deep).refused(400), "bad-body");
    let large = format!("{{\"note\": \"{}\"}}", "x".repeat(64 * 1024));
    assert_eq!(body(&setting, json, large).refused(413), "large-body");
    let whole = draft("sam@support.example").to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "application/json, text/plain",
    ] {
        assert_eq!(
            body(&setting, kind, whole.clone()).refused(415),
            "no-json",
            "{kind}"
        );
    }
    let with_charset = body(&setting, "Application/JSON; charset=utf-8", whole);
    assert_eq!(with_charset.status, 201);
    let unasked = with_json(setting.request("POST", "/sweep"), &json!({}));
    assert_eq!(setting.send(unasked).refused(400), "unexpected-body");
}

#[test]
fn p05_what_stands_behind_the_question_mark_is_read_strictly() {
    let setting = setting();
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=",
        "limit=1.5",
        "limit=-1",
        "limit=1&limit=1",
        "limit[]=1",
        "page=2",
        "state=%FF",
        "state=%zz",
        "state=%",
    ] {
        let reply = setting.get(&format!("/grants?{query}"));
        assert_eq!(reply.refused(400), "bad-query", "{query}");
    }
    for none in ["x", "", "1.5", "-1", "99999999999"] {
        let problem = setting.get(&format!("/grants?limit={none}")).json();
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("expected a whole number"), "{detail}");
        assert_eq!(problem["field"], "limit");
    }
    let made = setting.link("sam@support.example");
    let id = made["grant"]["id"].as_str().unwrap();
    let of_grant = |list: &str| format!("/grants/{id}/{list}");
    for list in [
        "/grants",
        "/memberships",
        "/history/verification",
        "/users",
        "/lockouts",
        "/history/log",
        &of_grant("history"),
        &of_grant("sessions"),
    ] {
        for garbage in ["x", "", "-1", "%22%3E", "address:x"] {
            let reply = setting.get(&format!("{list}?cursor={garbage}"));
            assert_eq!(reply.refused(422), "bad-page", "{list} {garbage}");
            let problem = reply.json();
            assert_eq!(problem["field"], "cursor", "{list}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("leave `cursor` out"), "{detail}");
        }
    }
    for query in ["", "permission=a&permission=b"] {
        let reply = setting.get(&format!("/grants/x/check?{query}"));
        assert_eq!(reply.refused(400), "bad-query", "{query}");
    }
    assert_eq!(
        setting.get("/grants?limit=1&state=ready&email=").status,
        200
    );
}

#[test]
fn p05_ids_that_name_nothing_are_not_found() {
    let setting = setting();
    for id in [
        "x",
        "%00",
        "..%2f..",
        "%20",
        "a%2Fb",
        &"A".repeat(22),
        &"x".repeat(10_000),
    ] {
        let code = setting.get(&format!("/grants/{id}")).refused(404);
        assert_eq!(code, "unknown-grant", "{id}");
        assert_eq!(
            setting.post(&format!("/grants/{id}/revoke")).refused(404),
            "unknown-grant"
        );
        assert_eq!(
            setting.get(&format!("/users/{id}")).refused(404),
            "unknown-user"
        );
    }
    assert_eq!(setting.get("/grants/%FF").refused(400), "bad-address");
}

#[test]
fn what_the_engine_refuses_keeps_its_kind_and_the_field_to_blame() {
    let setting = setting();
    let mut unknown = draft("sam@support.example");
    unknown["scope"]["base"]["role"] = json!("emperor");
    let reply = setting.post_json("/grants", &unknown);
    assert_eq!(reply.refused(422), "unknown-role");
    assert_eq!(reply.json()["field"], "scope.base");
    setting.link("sam@support.example");
    let twice = setting.post_json("/grants", &draft("sam@support.example"));
    assert_eq!(twice.refused(409), "guest-has-access");
}
