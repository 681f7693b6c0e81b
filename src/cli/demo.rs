//! placeholder
use std::process::ExitCode;
use crate::cli::arguments::{Arguments, DemoOptions};
use crate::cli::output::Failure;
pub(super) fn run(_a: &Arguments, _o: &DemoOptions) -> Result<ExitCode, Failure> { Ok(ExitCode::SUCCESS) }
