//! The description, held against what is served.

use std::collections::BTreeSet;

use super::*;

/// Every address there is, with the scope that it needs.
const ROUTES: [(&str, &str, &str); 60] = [
    ("DELETE", "/lockouts/{id}", "lockouts:write"),
    ("DELETE", "/plugins/{id}", "plugins:write"),
    ("GET", "/backup", "backups:read"),
    ("GET", "/grants", "grants:read"),
    ("GET", "/grants/{id}", "grants:read"),
    ("GET", "/grants/{id}/check", "access:read"),
    ("GET", "/grants/{id}/ending", "access:read"),
    ("GET", "/grants/{id}/explain", "access:read"),
    ("GET", "/grants/{id}/history", "history:read"),
    ("GET", "/grants/{id}/power", "access:read"),
    ("GET", "/grants/{id}/sessions", "grants:read"),
    ("GET", "/history/consistency", "history:read"),
    ("GET", "/history/log", "history:read"),
    ("GET", "/history/log/{record}/proof", "history:read"),
    ("GET", "/history/verification", "history:read"),
    ("GET", "/key", ""),
    ("GET", "/lockouts", "lockouts:read"),
    ("GET", "/memberships", "accounts:read"),
    ("GET", "/plugins", "plugins:read"),
    ("GET", "/plugins/{id}", "plugins:read"),
    ("GET", "/plugins/{id}/deliveries", "plugins:read"),
    ("GET", "/policy", "policy:read"),
    ("GET", "/policy/presets", "policy:read"),
    ("GET", "/policy/templates", "policy:read"),
    ("GET", "/users", "users:read"),
    ("GET", "/users/{id}", "users:read"),
    ("POST", "/backup", "backups:write"),
    ("POST", "/grants", "grants:write"),
    ("POST", "/grants/{id}/end-session", "grants:write"),
    ("POST", "/grants/{id}/extend", "grants:write"),
    ("POST", "/grants/{id}/reissue", "grants:write"),
    ("POST", "/grants/{id}/resume", "grants:write"),
    ("POST", "/grants/{id}/revoke", "grants:write"),
    ("POST", "/grants/{id}/retire", "grants:write"),
    ("POST", "/grants/{id}/suspend", "grants:write"),
    ("POST", "/history/checkpoints", "history:read"),
    ("POST", "/invitations", "grants:write"),
    ("POST", "/invitations/accept", "accounts:write"),
    ("POST", "/invitations/decline", "accounts:write"),
    ("POST", "/invitations/{id}/resend", "grants:write"),
    ("POST", "/memberships/{grant}/switch", "accounts:write"),
    ("POST", "/plugins", "plugins:write"),
    ("POST", "/plugins/{id}/activate", "plugins:write"),
    ("POST", "/plugins/{id}/approve", "plugins:write"),
    ("POST", "/plugins/{id}/deactivate", "plugins:write"),
    ("POST", "/plugins/{id}/replay", "plugins:write"),
    ("POST", "/plugins/{id}/rollback", "plugins:write"),
    ("POST", "/sessions/check", "access:read"),
    ("POST", "/sessions/return", "accounts:write"),
    ("POST", "/sweep", "upkeep:write"),
    ("POST", "/users/{id}/revoke-all", "grants:write"),
    ("PUT", "/grants/{id}/scope", "grants:write"),
    ("PUT", "/plugins/{id}", "plugins:write"),
    ("PUT", "/plugins/{id}/priority", "plugins:write"),
    ("PUT", "/plugins/{id}/settings", "plugins:write"),
    ("PUT", "/policy", "policy:write"),
    ("GET", "/site", "site:operate"),
    ("POST", "/site/activate", "site:operate"),
    ("POST", "/site/deactivate", "site:operate"),
    ("POST", "/site/uninstall", "site:operate"),
];

fn description(setting: &Setting) -> Value {
    let request = Request::get("/api/v1/openapi.json");
    let reply = setting.send(request.body(Body::empty()).unwrap());
    reply.given(200)
}

#[test]
fn every_route_is_described_with_the_scope_that_it_needs() {
    let description = description(&setting());
    assert_eq!(description["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "two are called {name}");
            let path = path.strip_prefix(ROOT).unwrap();
            if path == "/openapi.json" {
                continue;
            }
            let scopes = operation["security"][0]["key"].as_array().unwrap();
            let scope = scopes.first().map_or("", |scope| scope.as_str().unwrap());
            described.insert((method.to_uppercase(), path.to_owned(), scope.to_owned()));
            for status in ["400", "401", "403", "404", "409", "422", "429", "503"] {
                assert!(
                    operation["responses"][status].is_object(),
                    "{path} {status}"
                );
            }
        }
    }
    let known =
        ROUTES.map(|(method, path, scope)| (method.to_owned(), path.to_owned(), scope.to_owned()));
    assert_eq!(described, BTreeSet::from(known));
}

/// The routes are named in one place, by a macro that describes each. No other way of adding one is used.
#[test]
fn no_route_is_added_without_its_description() {
    let source = include_str!("../mod.rs");
    assert!(!source.contains(".route("));
    assert_eq!(
        source.matches("routes!(").count(),
        source.matches(".routes(").count()
    );
}

#[test]
fn every_route_needs_a_key_and_the_scope_that_is_described() {
    let setting = setting();
    for (method, path, scope) in ROUTES {
        let path = path
            .replace("{id}", "x")
            .replace("{grant}", "x")
            .replace("{record}", "x");
        let ask = |key: Option<&str>| {
            let mut request = Request::builder()
                .method(method)
                .uri(format!("{ROOT}{path}"));
            if let Some(key) = key {
                request = request.header("authorization", format!("Bearer {key}"));
            }
            setting.send(request.body(Body::empty()).unwrap())
        };
        let stranger = ask(None);
        assert_eq!(stranger.refused(401), "no-valid-key", "{method} {path}");
        assert_eq!(
            stranger.header("www-authenticate"),
            r#"Bearer realm="guestpass""#
        );
        if scope.is_empty() {
            continue;
        }
        let but = KeyScope::all().filter(|known| known.word() != scope);
        let narrow = ask(Some(&setting.key_for(but)));
        assert_eq!(narrow.refused(403), "scope-missing", "{method} {path}");
        let challenge = narrow.header("www-authenticate");
        assert!(
            challenge.ends_with(&format!("scope=\"{scope}\"")),
            "{challenge}"
        );
        let fits = ask(Some(&setting.key_for([scope.parse().unwrap()])));
        assert!(
            !fits.text.contains("scope-missing"),
            "{method} {path}: {fits:?}"
        );
        assert_ne!(fits.status.as_u16(), 401);
    }
}

#[test]
fn what_is_not_there_is_told_so_in_a_problem_document() {
    let setting = setting();
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/grants",
        "/api/v1/nothing",
        "/api/v1/grants/",
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(
            setting.send(request).refused(404),
            "no-such-resource",
            "{path}"
        );
    }
    for (method, path, allowed) in [
        ("DELETE", "/grants", "GET,HEAD,POST"),
        ("GET", "/grants/x/revoke", "POST"),
        ("OPTIONS", "/policy", "GET,HEAD,PUT"),
        ("PATCH", "/openapi.json", "GET,HEAD"),
    ] {
        let reply = setting.send(setting.request(method, path).body(Body::empty()).unwrap());
        assert_eq!(reply.refused(405), "no-such-method");
        assert_eq!(reply.header("allow"), allowed, "{method} {path}");
    }
}
