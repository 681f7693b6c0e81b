//! Opening and migrating a ledger in SQLite.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::time::{Instant, sleep, timeout};

use crate::store::backup::backup_before_migration;
use crate::store::error::is_locked;
use crate::store::sealed::seal_older;
use crate::store::sketches::sketch_older;
use crate::store::{Store, StoreError};

/// The migrations, oldest first; `PRAGMA user_version` says how many were run.
const MIGRATIONS: [&str; 9] = [
    include_str!("migrations/1.sql"),
    include_str!("migrations/2.sql"),
    include_str!("migrations/3.sql"),
    include_str!("migrations/4.sql"),
    include_str!("migrations/5.sql"),
    include_str!("migrations/6.sql"),
    include_str!("migrations/7.sql"),
    include_str!("migrations/8.sql"),
    include_str!("migrations/9.sql"),
];

/// The newest format this program knows.
pub(super) const KNOWN_FORMAT: i64 = MIGRATIONS.len().cast_signed() as i64;

/// The first format in which every row of proof has a digest.
const SEALED: i64 = 4;

/// The first format in which texts have sketches.
const SKETCHED: i64 = 8;

/// How long each step of closing may take; a ledger that is not closed loses nothing.
const CLOSING: Duration = Duration::from_secs(1);

/// How long a writer waits for another one.
pub(super) const BUSY: Duration = Duration::from_secs(30);

/// How long until a file that somebody locked is asked for again.
const LOCKED: Duration = Duration::from_millis(20);

impl Store {
    /// Opens a ledger, `sqlite:///path` or `sqlite::memory:`; makes it and its folder if they are missing, and brings an
    /// older one up to date.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, or a newer tollwatch wrote it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let path = path_of(url)?;
        let in_memory = path == ":memory:";
        if !in_memory {
            make_folder(&path)?;
        }
        let opened = |source| StoreError::Open { path: path.clone(), source };
        let memory = SqliteConnectOptions::from_str("sqlite::memory:").map_err(opened)?;
        let options = if in_memory { memory } else { memory.filename(&path).in_memory(false).shared_cache(false) };
        let options =
            options.create_if_missing(true).foreign_keys(true).busy_timeout(BUSY).synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new()
            .max_connections(if in_memory { 1 } else { 4 })
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(BUSY)
            .after_release(|connection, _| Box::pin(is_idle(connection)));
        if in_memory {
            let pool = pool.connect_with(options.clone()).await.map_err(opened)?;
            migrate(&mut *pool.acquire().await.map_err(opened)?, &path, &options).await?;
            return Ok(Self { light: pool.clone(), pool, turn: Arc::default(), path });
        }
        // The last connection to let go of a file locks it to tidy up, so the first one stays until the pool has its own.
        let mut first = taken(&options).await.map_err(opened)?;
        migrate(&mut first, &path, &options).await?;
        let light = pool.clone().max_connections(1).min_connections(0);
        let light = light.connect_lazy_with(options.clone().synchronous(SqliteSynchronous::Normal));
        let pool = pool.connect_with(options).await.map_err(opened)?;
        first.close().await.map_err(opened)?;
        Ok(Self { pool, light, turn: Arc::default(), path })
    }

    /// Where it is.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Writes what is still in the write-ahead log into the file, and closes it.
    pub async fn close(&self) {
        // A checkpoint that fails loses nothing: the log is replayed at the next start.
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.pool);
        drop(timeout(CLOSING, checkpoint).await);
        drop(timeout(CLOSING, self.light.close()).await);
        drop(timeout(CLOSING, self.pool.close()).await);
    }

    pub(super) fn failed(&self, source: sqlx::Error) -> StoreError {
        StoreError::Database { path: self.path.clone(), source }
    }

    pub(super) fn damaged(&self, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: self.path.clone(), what: what.into() }
    }
}

/// The first connection to a file, which turns its write-ahead log on. That does not wait for another program that is just
/// letting go of the file, as everything after it does.
async fn taken(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    let options = options.clone().journal_mode(SqliteJournalMode::Wal);
    let give_up = Instant::now() + BUSY;
    loop {
        match SqliteConnection::connect_with(&options).await {
            Err(error) if is_locked(&error) && Instant::now() < give_up => sleep(LOCKED).await,
            taken => return taken,
        }
    }
}

/// Brings the tables up to date, in one step: nobody ever sees a format in between.
async fn migrate(
    connection: &mut SqliteConnection,
    path: &str,
    options: &SqliteConnectOptions,
) -> Result<(), StoreError> {
    let opened = |source| StoreError::Open { path: path.to_owned(), source };
    if known_format(connection, path).await? == KNOWN_FORMAT {
        return Ok(());
    }
    // Another process may have done it while this one waited; from here on no other one can.
    let mut work = connection.begin_with("BEGIN IMMEDIATE").await.map_err(opened)?;
    let found = known_format(&mut work, path).await?;
    if (1..KNOWN_FORMAT).contains(&found) {
        // Who is in the middle of a transaction can make no copy.
        let mut beside = SqliteConnection::connect_with(options).await.map_err(opened)?;
        backup_before_migration(&mut beside, path, found).await?;
        beside.close().await.map_err(opened)?;
    }
    let done = usize::try_from(found).unwrap_or(0);
    for (version, migration) in (1_i64..).zip(MIGRATIONS).skip(done) {
        sqlx::raw_sql(migration).execute(&mut *work).await.map_err(opened)?;
        if version == SEALED {
            seal_older(&mut work).await.map_err(opened)?;
        }
        if version == SKETCHED {
            sketch_older(&mut work).await.map_err(opened)?;
        }
        let set = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {version}"));
        sqlx::raw_sql(set).execute(&mut *work).await.map_err(opened)?;
        if version > 1 {
            let told = sqlx::query("INSERT INTO formats (format, version) VALUES (?1, ?2)").bind(version);
            told.bind(env!("CARGO_PKG_VERSION")).execute(&mut *work).await.map_err(opened)?;
        }
    }
    work.commit().await.map_err(opened)
}

/// The format of a ledger, unless only a newer program knows it.
async fn known_format(connection: &mut SqliteConnection, path: &str) -> Result<i64, StoreError> {
    let found = format_of(connection).await.map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
    if found <= KNOWN_FORMAT {
        return Ok(found);
    }
    let needs = needs(connection).await;
    Err(StoreError::NewerVersion { path: path.to_owned(), found, known: KNOWN_FORMAT, needs })
}

pub(super) async fn format_of(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let (format,): (i64,) = sqlx::query_as("PRAGMA user_version").fetch_one(connection).await?;
    Ok(format)
}

/// Whether a connection may be used again. A full disk ends a transaction without the library's knowledge, and a connection
/// that takes itself to be in the middle of one begins no other.
async fn is_idle(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // What was asked of it before is done when it answers.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// The version of tollwatch that brought a ledger's format.
pub(super) async fn needs(connection: &mut SqliteConnection) -> Option<String> {
    let query = sqlx::query_as("SELECT version FROM formats ORDER BY format DESC LIMIT 1");
    let (version,): (String,) = query.fetch_optional(connection).await.ok()??;
    Some(version)
}

pub(super) fn path_of(url: &str) -> Result<String, StoreError> {
    let unknown = || StoreError::UnknownStore { url: url.to_owned() };
    let rest = url.strip_prefix("sqlite:").ok_or_else(unknown)?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() { Err(unknown()) } else { Ok(path.to_owned()) }
}

/// Makes the folder for this user alone.
fn make_folder(path: &str) -> Result<(), StoreError> {
    let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists())
    else {
        return Ok(());
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| StoreError::Folder { path: path.to_owned(), source })
}
