//! `restore`: a copy of the ledger in the ledger's place.

use std::process::ExitCode;

use crate::cli::arguments::{Arguments, RestoreOptions};
use crate::cli::output::{Failure, told};
use crate::cli::setup;
use crate::store::Store;

pub(super) fn run(arguments: &Arguments, options: &RestoreOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let url = setup::store_url(&config)?;
    let aside = options.force.then(|| format!(".replaced-{}", setup::clock().strftime("%Y%m%dT%H%M%SZ")));
    let replaced = setup::runtime()?.block_on(Store::restore(&options.file, &url, aside.as_deref()))?;
    told(&format!(
        "restored {} to {}",
        options.file.display(),
        url.trim_start_matches("sqlite:").trim_start_matches("//")
    ));
    if let Some(replaced) = replaced {
        told(&format!("the ledger that was there is now {}", replaced.display()));
    }
    Ok(ExitCode::SUCCESS)
}
