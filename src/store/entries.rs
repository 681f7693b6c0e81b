//! Which entries of a source were read, and which could not be read yet.

use jiff::Timestamp;
use sqlx::Row as _;

use crate::model::{EntryKey, SourceId};
use crate::store::rows::{stored, time};
use crate::store::{Store, StoreError};

/// An entry whose article could not be read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread {
    /// How often it was tried.
    pub failures: u32,
    /// Before when it is not tried again.
    pub due: Timestamp,
}

impl Store {
    /// Which of these entries of a source were read before, in the same order.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn seen(&self, source: &SourceId, keys: &[EntryKey]) -> Result<Vec<bool>, StoreError> {
        let mut out = Vec::with_capacity(keys.len());
        let mut connection = self.pool.acquire().await.map_err(|source| self.failed(source))?;
        for key in keys {
            let query =
                sqlx::query("SELECT 1 FROM entries WHERE source = ?1 AND key = ?2").bind(source.as_str()).bind(&key.0);
            let row = query.fetch_optional(&mut *connection).await.map_err(|source| self.failed(source))?;
            out.push(row.is_some());
        }
        Ok(out)
    }

    /// Whether any entry of a source was read before.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn has_entries(&self, source: &SourceId) -> Result<bool, StoreError> {
        let query = sqlx::query("SELECT 1 FROM entries WHERE source = ?1 LIMIT 1").bind(source.as_str());
        let row = query.fetch_optional(&self.pool).await.map_err(|source| self.failed(source))?;
        Ok(row.is_some())
    }

    /// Marks an entry as read without an article: its page is refused or gone for good.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn mark_seen(&self, source: &SourceId, key: &EntryKey, now: Timestamp) -> Result<(), StoreError> {
        let mut both = self.begin().await?;
        let query = sqlx::query(
            "INSERT OR IGNORE INTO entries (source, key, seen) VALUES (?1, ?2, ?3);
             DELETE FROM unread WHERE source = ?1 AND key = ?2",
        );
        let query = query.bind(source.as_str()).bind(&key.0).bind(stored(now));
        query.execute(&mut *both).await.map_err(|source| self.failed(source))?;
        both.commit().await.map_err(|source| self.failed(source))
    }

    /// What is known of an entry that could not be read yet.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn unread(&self, source: &SourceId, key: &EntryKey) -> Result<Option<Unread>, StoreError> {
        let query = sqlx::query("SELECT failures, due FROM unread WHERE source = ?1 AND key = ?2");
        let query = query.bind(source.as_str()).bind(&key.0);
        let row = query.fetch_optional(&self.pool).await.map_err(|source| self.failed(source))?;
        let Some(row) = row else { return Ok(None) };
        let read = || -> Result<(i64, String), sqlx::Error> { Ok((row.try_get("failures")?, row.try_get("due")?)) };
        let (failures, due) = read().map_err(|source| self.failed(source))?;
        Ok(time(&due).map(|due| Unread { failures: u32::try_from(failures).unwrap_or(u32::MAX), due }))
    }

    /// Notes that an entry could not be read.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn set_unread(&self, source: &SourceId, key: &EntryKey, unread: Unread) -> Result<(), StoreError> {
        let query = sqlx::query("INSERT OR REPLACE INTO unread (source, key, failures, due) VALUES (?1, ?2, ?3, ?4)");
        let query = query.bind(source.as_str()).bind(&key.0).bind(i64::from(unread.failures)).bind(stored(unread.due));
        self.note(query).await
    }
}
