//! The `ddu` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ddu::cli::main()
}
