//! Copies of a ledger: taken while it is in use, before a migration, and put back.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::store::sqlite::{KNOWN_FORMAT, format_of, needs, path_of};
use crate::store::{Store, StoreError};

impl Store {
    /// Copies the ledger into a new file while it is in use. The copy appears under its name only when it is whole and
    /// was checked.
    ///
    /// # Errors
    ///
    /// If the file exists, cannot be written, or is not whole.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await.map_err(|source| self.failed(source))?;
        copied(&mut connection, self.path(), file).await
    }

    /// Puts a copy in the place of the ledger at `url`. A ledger that is there already is kept beside it if `replace`
    /// says so; where that went is the answer.
    ///
    /// # Errors
    ///
    /// If the copy is no whole ledger or of a newer tollwatch, if there is a ledger and it is not to be replaced, or if
    /// the ledger is in use. Then nothing was changed.
    pub async fn restore(copy: &Path, url: &str, replace: Option<&str>) -> Result<Option<PathBuf>, StoreError> {
        let place = PathBuf::from(path_of(url)?);
        let unfit = |what: String| StoreError::Unfit { path: copy.display().to_string(), what };
        let failed = |source| StoreError::File { path: place.display().to_string(), source };
        let mut kept = opened(copy).await.map_err(|source| unfit(format!("it cannot be read ({source})")))?;
        checked(&mut kept, copy).await?;
        let old = match (place.exists(), replace) {
            (false, _) => None,
            (true, None) => {
                return Err(unfit(format!("there is a ledger at {}; --force puts it aside", place.display())));
            }
            (true, Some(suffix)) => Some(beside(&place, suffix)),
        };
        if old.is_some() {
            out_of_use(&place).await.map_err(|_| unfit("the ledger is in use; stop the daemon first".to_owned()))?;
        }
        let fresh = beside(&place, ".restored");
        removed(&fresh).map_err(failed)?;
        copied(&mut kept, &copy.display().to_string(), &fresh).await?;
        drop(kept);
        if let Some(old) = &old {
            fs::rename(&place, old).map_err(failed)?;
        }
        for suffix in ["-wal", "-shm"] {
            removed(&beside(&place, suffix)).map_err(failed)?;
        }
        fs::rename(&fresh, &place).map_err(failed)?;
        synced_folder(&place).map_err(failed)?;
        Ok(old)
    }
}

/// Keeps the ledger as it is before a newer program changes its format. A copy of an earlier try is as good.
pub(super) async fn backup_before_migration(
    connection: &mut SqliteConnection,
    path: &str,
    format: i64,
) -> Result<(), StoreError> {
    let file = beside(Path::new(path), &format!(".format-{format}.bak"));
    if file.exists() { Ok(()) } else { copied(connection, path, &file).await }
}

async fn copied(connection: &mut SqliteConnection, from: &str, file: &Path) -> Result<(), StoreError> {
    let failed = |source| StoreError::File { path: file.display().to_string(), source };
    if file.exists() {
        return Err(failed(io::Error::from(io::ErrorKind::AlreadyExists)));
    }
    let partial = beside(file, ".partial");
    removed(&partial).map_err(failed)?;
    let copied = sqlx::query("VACUUM INTO ?1").bind(partial.display().to_string()).execute(connection).await;
    let copied = copied.map_err(|source| StoreError::Database { path: from.to_owned(), source });
    if let Err(error) = copied {
        // Half a copy is of no use to anybody, and a disk that is full needs the room.
        removed(&partial).map_err(failed)?;
        return Err(error);
    }
    fs::File::open(&partial).and_then(|written| written.sync_all()).map_err(failed)?;
    let mut check = opened(&partial).await.map_err(|source| StoreError::Database { path: from.to_owned(), source })?;
    checked(&mut check, &partial).await?;
    drop(check);
    fs::rename(&partial, file).map_err(failed)?;
    synced_folder(file).map_err(failed)
}

async fn opened(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options =
        SqliteConnectOptions::from_str("sqlite::memory:")?.filename(file).in_memory(false).shared_cache(false);
    SqliteConnection::connect_with(&options.create_if_missing(false).read_only(true)).await
}

/// Whether a copy is a whole ledger that this program can read.
async fn checked(connection: &mut SqliteConnection, copy: &Path) -> Result<(), StoreError> {
    let unfit = |what: String| StoreError::Unfit { path: copy.display().to_string(), what };
    let unread = |error: sqlx::Error| unfit(format!("it cannot be read ({error})"));
    let (whole,): (String,) =
        sqlx::query_as("PRAGMA integrity_check(1)").fetch_one(&mut *connection).await.map_err(unread)?;
    if whole != "ok" {
        return Err(unfit(format!("it is damaged ({whole})")));
    }
    let found = format_of(connection).await.map_err(unread)?;
    if found > KNOWN_FORMAT {
        let needs = needs(connection).await;
        return Err(StoreError::NewerVersion { path: copy.display().to_string(), found, known: KNOWN_FORMAT, needs });
    }
    let tables =
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('claims', 'sightings', 'changes')";
    let (tables,): (i64,) = sqlx::query_as(tables).fetch_one(connection).await.map_err(unread)?;
    if tables == 3 { Ok(()) } else { Err(unfit("it is no ledger of tollwatch".to_owned())) }
}

/// Leaving the write-ahead log behind takes every other user of the file to be gone.
async fn out_of_use(ledger: &Path) -> Result<(), sqlx::Error> {
    let options =
        SqliteConnectOptions::from_str("sqlite::memory:")?.filename(ledger).in_memory(false).shared_cache(false);
    let mut connection =
        SqliteConnection::connect_with(&options.busy_timeout(std::time::Duration::from_secs(1))).await?;
    sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut connection).await?;
    connection.close().await
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}

fn removed(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A name is on the disk when its folder is.
fn synced_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}
