//! `backup`: a consistent copy of the ledger while the daemon runs.

use std::process::ExitCode;

use crate::cli::arguments::{Arguments, BackupOptions};
use crate::cli::output::{Failure, told};
use crate::cli::setup;

pub(super) fn run(arguments: &Arguments, options: &BackupOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    setup::runtime()?
        .block_on(async { Ok::<_, Failure>(setup::store(&config).await?.backup(&options.file).await?) })?;
    told(&format!("wrote {}", options.file.display()));
    Ok(ExitCode::SUCCESS)
}
