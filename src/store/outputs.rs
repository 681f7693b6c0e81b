//! How far each output came: the changes that it has not taken yet are its queue.

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::{Digest, OutputId};
use crate::store::rows::{stored, time};
use crate::store::{Store, StoreError};
use crate::view::LogEntry;

/// What is remembered of an output between deliveries and across restarts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputState {
    /// Its name.
    pub output: String,
    /// The place in the change log of the last change that it took, or that is not for it.
    pub done: i64,
    /// Failures since it took the last one.
    pub failures: u32,
    /// Before when it is not tried again.
    pub next_try: Option<Timestamp>,
    /// Why it failed, in words.
    pub last_error: Option<String>,
}

/// A change with its key: the hash that the ledger's chain gives it, the same whenever and however often it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyedChange {
    /// The change.
    pub entry: LogEntry,
    /// Its key.
    pub key: Digest,
}

impl Store {
    /// Makes an output known; a new one begins at the newest change, or at the oldest.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn begin_output(&self, output: &OutputId, from_oldest: bool) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT OR IGNORE INTO outputs (output, done) SELECT ?1, CASE WHEN ?2 THEN 0 ELSE coalesce(max(seq), 0) END FROM changes",
        );
        self.write(query.bind(output.as_str()).bind(from_oldest)).await
    }

    /// What is remembered of an output; none if it was never made known.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn output(&self, output: &OutputId) -> Result<Option<OutputState>, StoreError> {
        let query = sqlx::query("SELECT * FROM outputs WHERE output = ?1").bind(output.as_str());
        let row = query.fetch_optional(&self.pool).await.map_err(|source| self.failed(source))?;
        row.as_ref().map(state).transpose().map_err(|source| self.failed(source))
    }

    /// Every output that was ever made known.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn outputs(&self) -> Result<Vec<OutputState>, StoreError> {
        let rows = sqlx::query("SELECT * FROM outputs ORDER BY output").fetch_all(&self.pool).await;
        let rows = rows.map_err(|source| self.failed(source))?;
        rows.iter().map(state).collect::<Result<_, _>>().map_err(|source| self.failed(source))
    }

    /// The first changes after a place in the log, oldest first, each with its key.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn keyed_changes_after(&self, seq: i64, limit: u32) -> Result<Vec<KeyedChange>, StoreError> {
        let query =
            sqlx::query("SELECT seq, at, event, payload, hash FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        let rows = query.bind(seq).bind(limit).fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        let keyed = |row: &SqliteRow| {
            let hash: Vec<u8> = row.try_get("hash").map_err(|source| self.failed(source))?;
            let entry = self.entry(row)?;
            let key = Digest::from_bytes(&hash).ok_or_else(|| self.damaged(format!("change {}", entry.seq)))?;
            Ok(KeyedChange { entry, key })
        };
        rows.iter().map(keyed).collect()
    }

    /// Remembers that an output took all changes up to `seq`.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written; then they may be delivered once more after a restart.
    pub async fn output_took(&self, output: &OutputId, seq: i64) -> Result<(), StoreError> {
        let query = sqlx::query(
            "UPDATE outputs SET done = max(done, ?2), failures = 0, next_try = NULL, last_error = NULL WHERE output = ?1",
        );
        self.write(query.bind(output.as_str()).bind(seq)).await
    }

    /// Remembers that an output failed, why, and when it is tried again.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn output_failed(&self, output: &OutputId, why: &str, next_try: Timestamp) -> Result<(), StoreError> {
        let query =
            sqlx::query("UPDATE outputs SET failures = failures + 1, last_error = ?2, next_try = ?3 WHERE output = ?1");
        self.write(query.bind(output.as_str()).bind(why).bind(stored(next_try))).await
    }

    /// Lets an output be tried at once, however long it was to wait.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn retry_output(&self, output: &OutputId) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE outputs SET next_try = NULL WHERE output = ?1");
        self.write(query.bind(output.as_str())).await
    }

    /// Forgets an output. If it is configured, it begins as a new one.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn forget_output(&self, output: &OutputId) -> Result<(), StoreError> {
        self.write(sqlx::query("DELETE FROM outputs WHERE output = ?1").bind(output.as_str())).await
    }
}

fn state(row: &SqliteRow) -> Result<OutputState, sqlx::Error> {
    let next_try: Option<String> = row.try_get("next_try")?;
    Ok(OutputState {
        output: row.try_get("output")?,
        done: row.try_get("done")?,
        failures: u32::try_from(row.try_get::<i64, _>("failures")?).unwrap_or(u32::MAX),
        next_try: next_try.as_deref().and_then(time),
        last_error: row.try_get("last_error")?,
    })
}
