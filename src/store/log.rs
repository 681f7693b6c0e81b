//! Reading the change log.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::{ClaimId, Level};
use crate::store::rows::{self, stored};
use crate::store::{Store, StoreError};
use crate::view::LogEntry;

/// Which changes to give.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Of this kind.
    pub event: Option<String>,
    /// At this time or later.
    pub since: Option<Timestamp>,
}

impl Store {
    /// The first `most` changes after a place in the log that pass a filter, oldest first.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn changes(&self, after: i64, most: u32, filter: &ChangeFilter) -> Result<Vec<LogEntry>, StoreError> {
        // Two statements, for only the second can use the index of events.
        let sql = if filter.event.is_none() {
            "SELECT seq, at, event, payload FROM changes
             WHERE seq > ?1 AND (?3 IS NULL OR at >= ?3) AND ?4 IS NULL ORDER BY seq LIMIT ?2"
        } else {
            "SELECT seq, at, event, payload FROM changes
             WHERE event = ?4 AND seq > ?1 AND (?3 IS NULL OR at >= ?3) ORDER BY seq LIMIT ?2"
        };
        let query =
            sqlx::query(sql).bind(after).bind(most).bind(filter.since.map(stored)).bind(filter.event.as_deref());
        let rows = query.fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        rows.iter().map(|row| self.entry(row)).collect()
    }

    /// The place in the log after which all changes are that pass a filter, or with `newest` only so many of them.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn changes_begin(&self, filter: &ChangeFilter, newest: Option<u32>) -> Result<i64, StoreError> {
        if newest == Some(0) {
            return self.last_change().await;
        }
        let failed = |source| self.failed(source);
        let begin = if let Some(since) = filter.since {
            let query = sqlx::query_as(
                "SELECT coalesce(min(+seq), (SELECT coalesce(max(seq), 0) + 1 FROM changes)) - 1 FROM changes WHERE at >= ?1",
            );
            let (begin,): (i64,) = query.bind(stored(since)).fetch_one(&self.pool).await.map_err(failed)?;
            begin
        } else {
            0
        };
        let Some(newest) = newest else { return Ok(begin) };
        let sql = if filter.event.is_none() {
            "SELECT coalesce(min(seq) - 1, ?1) FROM (SELECT seq FROM changes WHERE seq > ?1 AND (?3 IS NULL OR at >= ?3) AND ?4 IS NULL
                 ORDER BY seq DESC LIMIT ?2)"
        } else {
            "SELECT coalesce(min(seq) - 1, ?1) FROM (SELECT seq FROM changes WHERE event = ?4 AND seq > ?1 AND (?3 IS NULL OR at >= ?3)
                 ORDER BY seq DESC LIMIT ?2)"
        };
        let query = sqlx::query_as(sql).bind(begin).bind(newest).bind(filter.since.map(stored));
        let (begin,): (i64,) = query.bind(filter.event.as_deref()).fetch_one(&self.pool).await.map_err(failed)?;
        Ok(begin)
    }

    /// The changes of one claim, oldest first, also those under ids by which it was known before.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn changes_of(&self, claim: &ClaimId) -> Result<Vec<LogEntry>, StoreError> {
        let query = sqlx::query(
            "SELECT seq, at, event, payload FROM changes
             WHERE claim IN (SELECT own FROM heads WHERE claim = ?1 UNION SELECT ?1) ORDER BY +seq",
        );
        let rows = query.bind(claim.as_str()).fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        rows.iter().map(|row| self.entry(row)).collect()
    }

    /// The place of the last change in the log, 0 if there is none.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn last_change(&self) -> Result<i64, StoreError> {
        let query = sqlx::query_as("SELECT coalesce(max(seq), 0) FROM changes");
        let (seq,): (i64,) = query.fetch_one(&self.pool).await.map_err(|source| self.failed(source))?;
        Ok(seq)
    }

    pub(super) fn entry(&self, row: &SqliteRow) -> Result<LogEntry, StoreError> {
        let read = || -> Result<(i64, String, String, String), sqlx::Error> {
            Ok((row.try_get("seq")?, row.try_get("at")?, row.try_get("event")?, row.try_get("payload")?))
        };
        let (seq, at, event, payload) = read().map_err(|source| self.failed(source))?;
        let broken = || self.damaged(format!("change {seq}"));
        let Ok(Value::Object(mut fields)) = serde_json::from_str(&payload) else { return Err(broken()) };
        let mut taken = |key: &str| fields.remove(key).and_then(|value| value.as_str().map(ToOwned::to_owned));
        let message = taken("message").unwrap_or_default();
        let level = match taken("level").as_deref() {
            Some("debug") => Level::Debug,
            Some("warn") => Level::Warn,
            Some("error") => Level::Error,
            Some(_) | None => Level::Info,
        };
        for key in ["ts", "event", "seq"] {
            fields.remove(key);
        }
        Ok(LogEntry { seq, at: rows::time(&at).ok_or_else(broken)?, level, event, message, fields })
    }
}
