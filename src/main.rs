//! The command `tollwatch`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tollwatch::cli::main()
}
