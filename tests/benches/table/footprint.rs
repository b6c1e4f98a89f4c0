//! How large it is: the component, and the memory of a server that has nothing to do.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::measure::Samples;
use crate::report::{Row, Target, Unit};
use crate::resident::{self, Resident};

/// Measures both; the server keeps its data in this directory.
pub fn rows(directory: &Path) -> Vec<Row> {
    let size = guestpass::component::BYTES.len() as f64;
    let component =
        Row::value("component", Unit::Bytes, Samples::exactly(size)).target(Target::AtMost(900e3));
    vec![
        component,
        server("idle server, engine compiled at this start", directory),
        server("idle server, engine loaded from the cache", directory),
    ]
}

fn server(measure: &str, directory: &Path) -> Row {
    match memory_of_idle_server(&directory.join("server")) {
        Ok(bytes) => {
            Row::value(measure, Unit::Bytes, Samples::exactly(bytes)).target(Target::AtMost(60e6))
        }
        Err(why) => Row::skipped(measure, why),
    }
}

/// The resident memory of a server that was just started and asked once.
fn memory_of_idle_server(data: &Path) -> Result<f64, String> {
    let program = beside_this_bench("guestpass")?;
    std::fs::create_dir_all(data)
        .map_err(|error| format!("it has no place for its data: {error}"))?;
    let address = free_address().map_err(|error| format!("no free port: {error}"))?;
    let started = Command::new(program)
        .current_dir(data)
        .args(["serve", "--listen", &address.to_string(), "--data"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut server =
        Server(started.map_err(|error| format!("`guestpass serve` does not start: {error}"))?);
    server.wait_until_it_listens(address)?;
    // What it does right after its start should be over.
    std::thread::sleep(Duration::from_secs(2));
    server.resident()
}

fn beside_this_bench(name: &str) -> Result<PathBuf, String> {
    let bench = std::env::current_exe().map_err(|error| error.to_string())?;
    let profile = bench.ancestors().nth(2).unwrap_or(&bench);
    let program = profile.join(name);
    let missing =
        "there is no release build of it; `cargo build --release -p guestpass-host` makes one";
    program
        .exists()
        .then_some(program)
        .ok_or_else(|| missing.to_owned())
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr()
}

/// A server that ends with this value.
struct Server(Child);

impl Server {
    fn wait_until_it_listens(&mut self, address: SocketAddr) -> Result<(), String> {
        for _ in 0..600 {
            if TcpStream::connect(address).is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.0.try_wait() {
                return Err(format!("`guestpass serve` ended at once with {status}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("`guestpass serve` does not listen".to_owned())
    }

    fn resident(&self) -> Result<f64, String> {
        resident::of(&self.0.id().to_string(), Resident::Now)
            .ok_or_else(|| "this system does not tell its memory".to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already cannot be ended, which is just as well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
