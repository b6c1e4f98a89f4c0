//! The program `guestpass`: everything it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    guestpass_host::run(std::env::args_os())
}
