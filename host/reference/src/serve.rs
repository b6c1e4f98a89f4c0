//! `serve`: the site's server from its first breath to its last, and what it says when it cannot start.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::api::{self, Api};
use crate::clock::SharedClock;
use crate::cms::db::create_private_directory;
use crate::cms::{sign_in_links, site};
use crate::config::Settings;
use crate::connections::{self, Limits};
use crate::host::Host;
use crate::output::Answer;
use crate::problem::{Kind, Problem};
use crate::web::{self, Web};
use crate::{links, upkeep};

/// How long requests under way may take after the server was told to stop.
const FAREWELL: Duration = Duration::from_secs(10);
/// Threads that call the engine and the database. Blocked ones wait for the disk, so they may outnumber the cores.
const BLOCKING_THREADS: usize = 96;

/// Serves until SIGTERM or SIGINT. Takes the lock and the port first, so that a start that fails leaves nothing behind.
pub fn run(settings: &Settings, as_json: bool) -> Result<(), Problem> {
    let _lock = lock(settings)?;
    let listener = listen(settings.listen)?;
    let address = listener
        .local_addr()
        .map_err(|error| not_listening(settings.listen, &error))?;
    let (host, fresh) = Host::set_up(settings, SharedClock::default())?;
    let base_url = settings
        .base_url
        .clone()
        .unwrap_or_else(|| links::listening_url(address));
    site::set_base_url(&host.db, &host.site, &base_url)?;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()
        .map_err(|error| {
            Problem::unavailable("no-runtime", format!("The server does not start: {error}."))
        })?;
    let pages =
        Web::new(host.clone(), &base_url, settings.base_url.is_some()).behind(settings.proxy);
    let api = Api::new(host.clone(), &base_url).behind(settings.proxy);
    let served = api::added_to(web::router(pages), api);
    let limits = Limits {
        proxy: settings.proxy.map(|proxy| proxy.to_canonical()),
        ..Limits::default()
    };
    runtime.block_on(serve(host, listener, limits, served, |host| {
        announce(host, &base_url, fresh, as_json)
    }))?;
    // Whatever still blocks has had its time.
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(())
}

async fn serve(
    host: Host,
    listener: TcpListener,
    limits: Limits,
    served: Router,
    announce: impl FnOnce(&Host) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::unavailable("server-failed", format!("The server failed: {error}."))
    };
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
    announce(&host)?;

    let background = tokio::spawn(upkeep::run(host, stopped.clone()));
    let server = connections::serve(listener, served, limits, stopped);
    let mut server = tokio::spawn(server);
    tokio::select! {
        // It ends by itself only by breaking.
        ended = &mut server => return ended.map_err(|error| failed(std::io::Error::other(error))),
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    let _ = stop.send(true);
    if timeout(FAREWELL, &mut server).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
    if timeout(FAREWELL, background).await.is_err() {
        tracing::warn!("the upkeep did not finish in time; it goes on with the next start");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Says where the server listens and, while the owner has no password, how the owner gets in.
fn announce(host: &Host, base_url: &str, fresh: bool, as_json: bool) -> Result<(), Problem> {
    let owner = host.acting_user(None)?;
    let link = if owner.password.is_none() {
        let token = sign_in_links::issue(&host.db, &host.site, &owner.id, host.clock.now())?;
        Some(links::sign_in_link(base_url, token.expose()))
    } else {
        None
    };
    if base_url.starts_with("http://") && web::needs_secure_cookies(base_url) {
        tracing::warn!(
            "{base_url} is neither https nor this machine: browsers will not keep anybody signed in"
        );
    }
    let mut text = format!("Guestpass is listening on {base_url}\n");
    if fresh {
        text.push_str(&format!(
            "The site `{}` was created in {}\n",
            host.site,
            host.db.path().display()
        ));
    }
    if let Some(link) = &link {
        text.push_str(&format!(
            "Sign in as the owner, {}, once and within an hour:\n  {link}\n",
            owner.email
        ));
    }
    let json = json!({
        "listening": base_url,
        "site": &*host.site,
        "created": fresh,
        "owner": { "id": owner.id, "email": owner.email },
        "owner_link": link,
    });
    Answer::new(text, json).print(as_json);
    Ok(())
}

/// Only one server at a time works on a directory: two would sweep and announce side by side.
fn lock(settings: &Settings) -> Result<File, Problem> {
    let path = settings.data.join("serve.lock");
    let failed = |error: &std::io::Error| {
        Problem::unavailable(
            "no-data-directory",
            format!("`{}` cannot be written: {error}.", path.display()),
        )
    };
    create_private_directory(&settings.data).map_err(|error| failed(&error))?;
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| failed(&e))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Problem::new(
                Kind::InUse,
                "already-serving",
                format!(
                    "Another server works on `{}`. Stop it, or name another directory.",
                    settings.data.display()
                ),
            ));
        }
        Err(TryLockError::Error(error)) => return Err(failed(&error)),
    }
    // Who holds it, for whoever finds it held.
    let holder = file
        .set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    holder.map_err(|error| failed(&error))?;
    Ok(file)
}

fn listen(address: SocketAddr) -> Result<TcpListener, Problem> {
    let bind = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    bind().map_err(|error| not_listening(address, &error))
}

fn not_listening(address: SocketAddr, error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::AddrInUse {
        return Problem::new(
            Kind::InUse,
            "port-taken",
            format!(
                "Another program listens on {address}. Stop it, or name another address with --listen."
            ),
        );
    }
    Problem::unavailable(
        "not-listening",
        format!("Cannot listen on {address}: {error}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::scratch;
    use crate::config::Layer;

    #[test]
    fn a_second_server_on_the_same_directory_is_told_so() {
        let directory = scratch();
        let layer = Layer {
            data: Some(directory.join("data")),
            ..Layer::default()
        };
        let settings = Settings::new(layer).unwrap();
        let first = lock(&settings).unwrap();
        let second = lock(&settings).unwrap_err();
        assert_eq!(
            (second.kind, second.code.as_str()),
            (Kind::InUse, "already-serving")
        );
        drop(first);
        lock(&settings).unwrap();
    }

    #[test]
    fn a_port_that_is_taken_is_named() {
        let taken = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let problem = listen(taken.local_addr().unwrap()).unwrap_err();
        assert_eq!(
            (problem.kind, problem.code.as_str()),
            (Kind::InUse, "port-taken")
        );
    }
}
