//! A browser as far as tests need one: it keeps cookies, follows nothing by itself, and fills in forms.

use std::time::Duration;

use ureq::Agent;
use ureq::http::Response;

/// One browser with its own cookies.
pub struct Browser {
    agent: Agent,
    address: String,
}

/// A page that came back.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    pub set_cookies: Vec<String>,
    pub body: String,
}

impl Page {
    fn new(mut response: Response<ureq::Body>) -> Self {
        let texts = |name: &str| {
            let values = response.headers().get_all(name).iter();
            values
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .collect::<Vec<_>>()
        };
        let (set_cookies, location) = (texts("set-cookie"), texts("location").pop());
        Self {
            status: response.status().as_u16(),
            location,
            set_cookies,
            body: response.body_mut().read_to_string().unwrap_or_default(),
        }
    }

    /// The proof that its forms carry.
    pub fn csrf(&self) -> String {
        self.field("csrf")
    }

    /// What stands in the first field of this name.
    pub fn field(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let (_, after) = self.body.split_once(&field).expect("a form with it");
        after.split('"').next().unwrap_or_default().to_owned()
    }

    /// Whether this can be read on it.
    pub fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

impl Browser {
    pub fn new(address: &str) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .user_agent("Mozilla/5.0 (a test)")
            .build();
        Self {
            agent: config.new_agent(),
            address: address.to_owned(),
        }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Page {
        Page::new(self.agent.get(self.at(path)).call().expect("an answer"))
    }

    pub fn head(&self, path: &str) -> Page {
        Page::new(self.agent.head(self.at(path)).call().expect("an answer"))
    }

    /// Looks with this cookie, whatever was kept since, as a page that was on its way already.
    pub fn look_with(&self, cookie: &str, method: &str, path: &str) -> Page {
        let agent = Self::new(&self.address).agent;
        let request = if method == "HEAD" {
            agent.head(self.at(path))
        } else {
            agent.get(self.at(path))
        };
        Page::new(request.header("cookie", cookie).call().expect("an answer"))
    }

    pub fn options(&self, path: &str) -> Page {
        Page::new(self.agent.options(self.at(path)).call().expect("an answer"))
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        Page::new(
            self.agent
                .post(self.at(path))
                .send_form(form.iter().copied())
                .expect("an answer"),
        )
    }

    /// Sends a form with a file in it.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head =
                format!("--between\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(format!("{value}\r\n").as_bytes());
        }
        let head = "--between\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.gpx\"\r\ncontent-type: application/octet-stream\r\n\r\n";
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--between--\r\n");
        let request = self
            .agent
            .post(self.at(path))
            .content_type("multipart/form-data; boundary=between");
        Page::new(request.send(&body[..]).expect("an answer"))
    }

    /// Sends these bytes as if they were a form; none if the server hung up.
    pub fn post_bytes(&self, path: &str, body: &[u8]) -> Option<Page> {
        let request = self
            .agent
            .post(self.at(path))
            .content_type("application/x-www-form-urlencoded");
        request.send(body).ok().map(Page::new)
    }

    /// Comes in by a link; none if the server is gone.
    pub fn try_enter(&self, pass: &str) -> Option<Page> {
        let form = [("pass", pass)];
        self.agent
            .post(self.at("/access/enter"))
            .send_form(form)
            .ok()
            .map(Page::new)
    }
}
