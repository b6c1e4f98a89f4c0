//! The program `guestpass` as people use it: built, started, asked over HTTP and by command, stopped and killed.

mod api;
pub mod browser;
mod checkpoints;
pub mod chromium;
mod commands;
mod crash;
mod garbage;
pub mod invitations;
mod journey;
mod password;
mod plugins;
mod plugins_api;
mod plugins_page;
pub mod program;
mod refusals;
mod rows;
mod scanner;
mod schemathesis;
mod screens;
mod tampering;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use browser::Browser;
use serde_json::Value;

/// The program, built from the present sources with the features that the whole workspace is built with, so that nothing
/// else is built twice.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let test = std::env::current_exe().expect("the test program has a path");
        // target/<profile>/deps/suite-…
        let profile = test
            .ancestors()
            .nth(2)
            .expect("the directory of the profile")
            .to_owned();
        let name = profile
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args([
            "build",
            "--quiet",
            "--locked",
            "--workspace",
            "--bin",
            "guestpass",
            "--test",
            "suite",
        ]);
        build.args(["--profile", if name == "debug" { "dev" } else { &name }]);
        build.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        build.env(
            "CARGO_TARGET_DIR",
            profile.parent().expect("the target directory"),
        );
        assert!(
            build.status().expect("cargo can be run").success(),
            "the program is built"
        );
        profile.join("guestpass")
    })
}

/// A directory with a site in it.
pub struct Site {
    dir: tempfile::TempDir,
}

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("what it says is text");
        Self {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// The one document it answered with.
    pub fn json(&self) -> Value {
        let text = if self.out.trim().is_empty() {
            &self.err
        } else {
            &self.out
        };
        serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("no JSON document ({error}): {self:?}"))
    }
}

/// An empty directory, without a site.
pub fn empty() -> Site {
    Site {
        dir: tempfile::tempdir().expect("a directory for a test"),
    }
}

/// A new site with its owner.
pub fn site() -> Site {
    let site = empty();
    let ran = site.run(&["init", "--owner-email", "owner@site.example"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    site
}

impl Site {
    /// Where it is, and where its commands run.
    pub fn directory(&self) -> &Path {
        self.dir.path()
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn database(&self) -> PathBuf {
        self.data().join("guestpass.db")
    }

    /// A connection past the program.
    pub fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).expect("the database opens")
    }

    /// The command, with nothing from the surroundings that would change what it does.
    fn command(&self) -> Command {
        let mut command = Command::new(program());
        command
            .env_clear()
            .env("TZ", "UTC")
            .env("HOME", self.dir.path());
        command
            .current_dir(self.dir.path())
            .arg("--data")
            .arg(self.data());
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(
            &self
                .command()
                .args(arguments)
                .output()
                .expect("the program runs"),
        )
    }

    /// Runs a command that must succeed and gives the document it answers with.
    pub fn ask(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        ran.json()
    }

    /// Makes a link by command and gives its secret part.
    pub fn link(&self, email: &str, more: &[&str]) -> String {
        let command = ["grant", "create", "--email", email];
        let made = self.ask(&[&command, more].concat());
        let link = made["link"].as_str().expect("a link").to_owned();
        link.split_once('#')
            .expect("the secret stands behind #")
            .1
            .to_owned()
    }

    /// Makes a key for everything by command.
    pub fn key(&self) -> String {
        let scopes = "grants:read,grants:write,access:read,accounts:read,accounts:write,policy:read,policy:write,plugins:read,plugins:write,\
                      history:read,lockouts:read,lockouts:write,users:read,backups:read,backups:write,upkeep:write";
        let made = self.ask(&["key", "create", "--name", "a test", "--scope", scopes]);
        made["token"].as_str().expect("a key").to_owned()
    }

    /// Starts the server on a free port of this machine.
    pub fn serve(&self) -> Server {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_file());
        let mut command = self.command();
        command.args(["serve", "--listen", "127.0.0.1:0", "--json"]);
        command
            .stdout(Stdio::piped())
            .stderr(log.expect("a file for the log"));
        let mut child = command.spawn().expect("the program runs");
        let mut announced = String::new();
        for line in BufReader::new(child.stdout.take().expect("its output")).lines() {
            let line = line.expect("what it says is text");
            announced.push_str(&line);
            if line == "}" {
                break;
            }
        }
        let announced: Value = serde_json::from_str(&announced)
            .unwrap_or_else(|error| panic!("no server ({error}): {announced} {}", self.log()));
        Server { child, announced }
    }

    fn log_file(&self) -> PathBuf {
        self.dir.path().join("serve.log")
    }

    /// What servers of this site wrote to their log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Every row of every table.
    pub fn every_row(&self) -> Vec<String> {
        let sql = self.sql();
        let mut tables = sql
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
            .unwrap();
        let tables: Vec<String> = tables
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut rows = Vec::new();
        for table in tables {
            let mut query = sql.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
            let columns = query.column_count();
            let cells = |row: &rusqlite::Row<'_>| {
                let cells: rusqlite::Result<Vec<rusqlite::types::Value>> =
                    (0..columns).map(|at| row.get(at)).collect();
                cells.map(|cells| format!("{table}: {cells:?}"))
            };
            rows.extend(query.query_map([], cells).unwrap().map(Result::unwrap));
        }
        rows.sort();
        rows
    }

    /// Every byte in the directory of the site: database, write-ahead log, lock, compiled engine.
    pub fn every_file(&self) -> Vec<(String, Vec<u8>)> {
        let files = std::fs::read_dir(self.data())
            .unwrap()
            .map(|file| file.unwrap().path());
        files
            .filter(|path| path.is_file())
            .map(|path| (path.display().to_string(), std::fs::read(path).unwrap()))
            .collect()
    }
}

/// A server under way. Killed when dropped.
pub struct Server {
    child: Child,
    announced: Value,
}

impl Server {
    pub fn address(&self) -> &str {
        self.announced["listening"].as_str().expect("an address")
    }

    /// The secret of the owner's one-time link.
    pub fn owner_token(&self) -> &str {
        let link = self.announced["owner_link"]
            .as_str()
            .expect("a link for the owner");
        link.split_once('#').expect("the secret stands behind #").1
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.address())
    }

    /// A browser in which somebody came in by this pass.
    pub fn guest(&self, pass: &str) -> Browser {
        let guest = self.browser();
        let page = guest.post("/access/enter", &[("pass", pass)]);
        assert_eq!(
            (page.status, page.location.as_deref()),
            (303, Some("/")),
            "{page:?}"
        );
        guest
    }

    /// Asks it to stop and waits for it; gives its exit code.
    pub fn stop(mut self) -> Option<i32> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.expect("kill can be run").success());
        self.child.wait().expect("it ends").code()
    }

    /// Ends it as a power failure would.
    pub fn kill(mut self) {
        self.child.kill().expect("it is there to be killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
