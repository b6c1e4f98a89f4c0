//! Why a call was broken off, in words for people.

use wasmtime::Trap;

use super::budget::OutOfTime;
use super::imports::{PortFailed, State};

/// The reason, as a clause that names no type and shows no input.
pub(super) fn reason(error: &wasmtime::Error, state: Option<&State>) -> String {
    if error.downcast_ref::<OutOfTime>().is_some() {
        return "it took longer than a call may".to_owned();
    }
    if let Some(failed) = error.downcast_ref::<PortFailed>() {
        return failed.to_string();
    }
    if state.is_some_and(|state| state.memory.exceeded) {
        return "it needed more memory than it may have".to_owned();
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => "its stack was used up".to_owned(),
        Some(_) => "it stopped at an error of its own".to_owned(),
        None => "its answer could not be read".to_owned(),
    }
}
