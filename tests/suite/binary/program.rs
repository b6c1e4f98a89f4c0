//! A program that uses the API: it has a key, sends JSON, and reads what comes back.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};

/// A program with its key.
pub struct Program {
    agent: Agent,
    root: String,
    key: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub kind: String,
    pub json: Value,
    pub challenge: Option<String>,
    pub replayed: bool,
}

impl Reply {
    fn new(mut response: Response<ureq::Body>) -> Self {
        let text = |name: &str| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let (kind, challenge) = (text("content-type"), text("www-authenticate"));
        let replayed = text("idempotency-replayed").is_some();
        let body = response.body_mut().read_to_string().unwrap_or_default();
        Self {
            status: response.status().as_u16(),
            kind: kind.unwrap_or_default(),
            json: serde_json::from_str(&body).unwrap_or(Value::Null),
            challenge,
            replayed,
        }
    }

    /// The document of an answer with this status.
    pub fn given(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        self.json
    }

    /// The code of a refusal with this status.
    pub fn refused(self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.kind, "application/problem+json", "{self:?}");
        self.json["code"].as_str().expect("a code").to_owned()
    }
}

impl Program {
    /// One that uses the API of this server.
    pub fn new(address: &str, key: &str) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            // Who refuses a request without reading its body closes the connection, which must not be used for the next one.
            .max_idle_connections(0)
            .build();
        Self {
            agent: config.new_agent(),
            root: format!("{address}/api/v1"),
            key: key.to_owned(),
        }
    }

    /// Hands over these bytes, said to be of this kind.
    pub fn upload(&self, method: &str, path: &str, kind: &str, bytes: &[u8]) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.root))
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", kind);
        let answer = self.agent.run(request.body(bytes).expect("a request"));
        Reply::new(answer.expect("an answer"))
    }

    /// Asks this; under a name of its own if it has one.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>, name: Option<&str>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.root))
            .header("authorization", format!("Bearer {}", self.key));
        if let Some(name) = name {
            request = request.header("idempotency-key", name);
        }
        let answer = match body {
            None => self.agent.run(request.body(()).expect("a request")),
            Some(body) => {
                let request = request.header("content-type", "application/json");
                self.agent
                    .run(request.body(body.to_string()).expect("a request"))
            }
        };
        Reply::new(answer.expect("an answer"))
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, None, None)
    }

    pub fn post(&self, path: &str) -> Reply {
        self.ask("POST", path, None, None)
    }

    pub fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.ask("POST", path, Some(body), None)
    }
}
