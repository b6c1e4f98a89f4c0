//! The API as programs meet it.

mod accounts;
mod described;
mod malformed;
mod resources;
mod sent_again;
mod switched;
mod who;

use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, StatusCode, header};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};

use super::*;
use crate::cms::key_scope::KeyScope;
use crate::cms::keys::{self, NewKey};
use crate::cms::testing::{Scratch, hosted};

/// A site with its API, and a key for everything.
struct Setting {
    host: Host,
    served: TowerToHyperService<Router>,
    key: String,
    owner: String,
    _directory: Scratch,
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a refusal with this status; panics if it is anything but a problem document.
    fn refused(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        let kind = self.header("content-type");
        assert_eq!(kind, "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        let code = problem["code"].as_str().unwrap().to_owned();
        assert_eq!(problem["type"], format!("urn:guestpass:problem:{code}"));
        for named in ["title", "detail", "instance"] {
            assert!(!problem[named].as_str().unwrap().is_empty(), "{problem}");
        }
        code
    }

    /// The document of an answer with this status.
    fn given(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/json");
        self.json()
    }
}

fn setting() -> Setting {
    let (host, directory) = hosted();
    let owner = host.acting_user(None).unwrap().id;
    let api = Api::new(host.clone(), "https://site.example");
    let mut setting = Setting {
        served: TowerToHyperService::new(added_to(Router::new(), api)),
        key: String::new(),
        host,
        owner,
        _directory: directory,
    };
    setting.key = setting.key_for(KeyScope::all());
    setting
}

impl Setting {
    /// A key of the owner's for this.
    fn key_for(&self, scopes: impl IntoIterator<Item = KeyScope>) -> String {
        self.key_of(&self.owner, scopes)
    }

    /// A key for this that acts as this user.
    fn key_of(&self, user: &str, scopes: impl IntoIterator<Item = KeyScope>) -> String {
        let scopes: Vec<_> = scopes.into_iter().collect();
        let new = NewKey {
            maker: &self.owner,
            user,
            name: "a test",
            scopes: &scopes,
            ends: None,
        };
        let now = self.host.clock.now();
        let (_, token) = keys::make(&self.host.db, &self.host.site, &new, now).unwrap();
        token.expose().to_owned()
    }

    /// Sends a request from this machine.
    fn send(&self, request: Request) -> Reply {
        self.send_from([127, 0, 0, 1], request)
    }

    fn send_from(&self, address: [u8; 4], mut request: Request) -> Reply {
        let peer = ConnectInfo(SocketAddr::from((address, 1)));
        request.extensions_mut().insert(peer);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (parts, body) = self.served.call(request).await.unwrap().into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap();
            for (name, value) in [
                ("cache-control", "no-store"),
                ("x-content-type-options", "nosniff"),
            ] {
                assert_eq!(parts.headers[name], value);
            }
            assert!(!parts.headers.contains_key(header::SET_COOKIE));
            Reply {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8(bytes.to_vec()).unwrap(),
            }
        })
    }

    /// A request with the key for everything.
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{ROOT}{path}"))
            .header("authorization", format!("Bearer {}", self.key))
    }

    fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path).body(Body::empty()).unwrap())
    }

    fn post(&self, path: &str) -> Reply {
        self.send(self.request("POST", path).body(Body::empty()).unwrap())
    }

    fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.send(with_json(self.request("POST", path), body))
    }

    /// Makes a link and gives what was answered.
    fn link(&self, email: &str) -> Value {
        self.post_json("/grants", &draft(email)).given(201)
    }
}

fn with_json(request: axum::http::request::Builder, body: &Value) -> Request {
    let request = request.header("content-type", "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

/// An editor for a week.
fn draft(email: &str) -> Value {
    json!({
        "guest": { "email": email },
        "scope": { "base": { "role": "editor" } },
        "window": { "ending": { "after": "P7D" } },
    })
}
