//! Compiling the component, or finding it compiled.

use std::path::Path;

use wasmtime::Engine;
use wasmtime::component::Component;

use super::cache::Cached;
use crate::ports::{Level, Log};

/// The component as machine code: from the cache if there is one and what it holds is whole, compiled otherwise.
/// Whatever is wrong with the cache costs time, never the start.
pub(crate) fn component(
    engine: &Engine,
    bytes: &[u8],
    cache_dir: Option<&Path>,
    log: &dyn Log,
) -> wasmtime::Result<Component> {
    let Some(directory) = cache_dir else {
        return compile(engine, bytes);
    };
    let cached = Cached::new(directory, engine, bytes);
    let warn = |reason: &str| {
        let message = format!(
            "the cache `{}` is of no use, so a component is compiled anew: {reason}",
            directory.display()
        );
        log.write(Level::Warn, &message);
    };
    match cached.read() {
        Ok(Some(code)) => match code.load(engine) {
            Ok(component) => return Ok(component),
            Err(error) => warn(&format!("{error:#}")),
        },
        Ok(None) => {}
        Err(reason) => warn(&reason),
    }
    let component = compile(engine, bytes)?;
    if let Err(reason) = cached.write(&component.serialize()?) {
        let message = format!(
            "a compiled component was not kept in `{}`: {reason}",
            directory.display()
        );
        log.write(Level::Warn, &message);
    }
    Ok(component)
}

fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Component> {
    let component = Component::from_binary(engine, bytes)?;
    give_memory_back();
    Ok(component)
}

/// Returns to the system what compiling has left behind: some tens of megabytes that an idle host would keep.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn give_memory_back() {
    #[allow(
        unsafe_code,
        reason = "malloc_trim only releases free pages of the allocator and has no precondition"
    )]
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_memory_back() {}
