//! `usher-server`: see `usher-server --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    usher_server::cli::main()
}
