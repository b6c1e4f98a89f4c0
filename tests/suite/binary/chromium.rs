//! A real browser, spoken to in its own protocol through two pipes, with a proxy in front that writes down the head of each
//! request: what a proxy's log has.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// The program, by the environment or where it usually is.
pub fn found() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("GUESTPASS_CHROMIUM") {
        return Some(named.into());
    }
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ]
    .into_iter()
    .map(PathBuf::from)
    .find(|path| path.exists())
}

/// A browser with one tab.
pub struct Chromium {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: String,
    count: u64,
    /// What the tab asked for.
    requests: Vec<Value>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Chromium {
    /// Starts it, its profile in a directory of the test.
    pub fn start(program: &Path, directory: &Path) -> Self {
        let (log, proxy) = proxy();
        let pipes = ["to-browser", "from-browser"].map(|name| directory.join(name));
        for pipe in &pipes {
            assert!(
                Command::new("mkfifo")
                    .arg(pipe)
                    .status()
                    .expect("mkfifo")
                    .success()
            );
        }
        // Opened for both, so that neither side waits for the other to begin.
        let open = |path: &Path| OpenOptions::new().read(true).write(true).open(path);
        let [to, from] = pipes.each_ref().map(|path| open(path).expect("a pipe"));
        let line = r#"exec "$0" "$@" 3<to-browser 4>from-browser"#;
        let child = Command::new("sh")
            .args(["-c", line])
            .arg(program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-default-apps",
                "--remote-debugging-pipe",
                // Also what goes to this machine.
                "--proxy-bypass-list=<-loopback>",
            ])
            .arg(format!("--proxy-server=http://{proxy}"))
            .arg(format!(
                "--user-data-dir={}",
                directory.join("profile").display()
            ))
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let mut browser = Self {
            child,
            to,
            from: BufReader::new(from),
            session: String::new(),
            count: 0,
            requests: Vec::new(),
            log,
        };
        let target = browser.ask("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.ask("Target.attachToTarget", &attach);
        browser.session = attached["sessionId"]
            .as_str()
            .expect("a session")
            .to_owned();
        for domain in ["Page.enable", "Network.enable", "Runtime.enable"] {
            browser.ask(domain, &json!({}));
        }
        browser
    }

    /// Asks something of the browser and waits for the answer; what it tells meanwhile is kept.
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.count += 1;
        let mut message = json!({ "id": self.count, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        loop {
            let mut heard = Vec::new();
            self.from
                .read_until(0, &mut heard)
                .expect("the browser speaks");
            heard.pop();
            let heard: Value = serde_json::from_slice(&heard).expect("it speaks JSON");
            if heard["method"] == "Network.requestWillBeSent" {
                self.requests.push(heard["params"]["request"].clone());
            }
            if heard["id"] == self.count {
                assert!(heard["error"].is_null(), "{method}: {heard}");
                return heard["result"].clone();
            }
        }
    }

    /// Goes to this address, as if it were typed.
    pub fn open(&mut self, address: &str) {
        self.ask("Page.navigate", &json!({ "url": address }));
    }

    /// What this comes to in the page, as text.
    pub fn evaluate(&mut self, expression: &str) -> String {
        let params = json!({ "expression": expression, "returnByValue": true });
        let answer = self.ask("Runtime.evaluate", &params);
        match &answer["result"]["value"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Waits until this is so in the page.
    pub fn until(&mut self, condition: &str) {
        let condition =
            format!("(() => {{ try {{ return !!({condition}) }} catch {{ return false }} }})()");
        for _ in 0..600 {
            if self.evaluate(&condition) == "true" {
                return;
            }
            thread::sleep(std::time::Duration::from_millis(50));
        }
        let page = self.evaluate("location.pathname + ' ' + document.body.innerText");
        panic!("it never came to {condition}: {page}");
    }

    /// Ends it, and tells what the tab asked for and what the proxy wrote down.
    pub fn stop(mut self) -> (Vec<Value>, Vec<String>) {
        self.ask("Network.disable", &json!({}));
        let requests = std::mem::take(&mut self.requests);
        let log = self.log.lock().expect("nobody panics").clone();
        // Closed as people close it, so that it writes down what it keeps.
        self.session.clear();
        self.ask("Browser.close", &json!({}));
        let _ = self.child.wait();
        (requests, log)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A proxy that writes down the head of each request, and where it listens.
fn proxy() -> (Arc<Mutex<Vec<String>>>, String) {
    let log = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    let written = Arc::clone(&log);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let log = Arc::clone(&written);
            thread::spawn(move || pass_on(stream, &log));
        }
    });
    (log, address)
}

/// Passes one request on, and its answer back. Each connection carries one, so that every head is seen.
fn pass_on(mut client: TcpStream, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut head = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        head.push_str(&line);
        if line == "\r\n" {
            break;
        }
    }
    log.lock().ok()?.push(head.clone());
    let mut words = head.split(' ');
    let (method, url) = (words.next()?, words.next()?);
    let (host, path) = url.strip_prefix("http://")?.split_once('/')?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body).ok()?;
    if !host.starts_with("127.0.0.1:") {
        return client
            .write_all(b"HTTP/1.1 502 Not here\r\ncontent-length: 0\r\n\r\n")
            .ok();
    }
    let mut server = TcpStream::connect(host).ok()?;
    let (_, rest) = head.split_once("\r\n")?;
    let headers: String = rest
        .lines()
        .filter(|line| !line.to_ascii_lowercase().contains("connection:") && !line.is_empty())
        .map(|line| format!("{line}\r\n"))
        .collect();
    let request = format!("{method} /{path} HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
    server.write_all(request.as_bytes()).ok()?;
    server.write_all(&body).ok()?;
    std::io::copy(&mut server, &mut client).ok()?;
    client.shutdown(Shutdown::Both).ok()
}
