//! `backup`: a consistent copy of the ledger while the daemon runs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::arguments::{Arguments, BackupOptions};
use crate::cli::output::{Failure, told};
use crate::cli::setup;

/// How the copies in a folder are called; the time in between orders them.
const NAME: (&str, &str) = ("ledger-", ".db");

pub(super) fn run(arguments: &Arguments, options: &BackupOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let file = match options.keep {
        None => options.file.clone(),
        Some(_) => options.file.join(format!("{}{}{}", NAME.0, setup::clock().strftime("%Y%m%dT%H%M%SZ"), NAME.1)),
    };
    setup::runtime()?.block_on(async { Ok::<_, Failure>(setup::store(&config).await?.backup(&file).await?) })?;
    told(&format!("wrote {}", file.display()));
    if let Some(keep) = options.keep {
        for old in outdated(&options.file, keep).map_err(|error| Failure::new("cannot list the copies", &error))? {
            std::fs::remove_file(&old)
                .map_err(|error| Failure::new(&format!("cannot remove {}", old.display()), &error))?;
            told(&format!("removed {}", old.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// All copies in a folder but the newest `keep`.
fn outdated(folder: &Path, keep: usize) -> std::io::Result<Vec<PathBuf>> {
    let is_copy = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(NAME.0) && name.ends_with(NAME.1)
    };
    let paths: Result<Vec<PathBuf>, _> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut copies: Vec<PathBuf> = paths?.into_iter().filter(is_copy).collect();
    copies.sort();
    copies.truncate(copies.len().saturating_sub(keep));
    Ok(copies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_copies_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let names =
            ["ledger-20260101T000000Z.db", "ledger-20260103T000000Z.db", "ledger-20260102T000000Z.db", "notes.txt"];
        for name in names {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(outdated(folder.path(), 2).unwrap(), [folder.path().join("ledger-20260101T000000Z.db")]);
        assert_eq!(outdated(folder.path(), 9).unwrap(), Vec::<PathBuf>::new());
    }
}
