//! What keeps a ledger in use: a sign of life, the room it has, and how far its changes were announced.

use std::path::Path;

use crate::store::{ChangeFilter, Store, StoreError};
use crate::view::LogEntry;

impl Store {
    /// Asks the ledger for its write lock and gives it back: whether it could be written now.
    ///
    /// # Errors
    ///
    /// If it could not.
    pub async fn heartbeat(&self) -> Result<(), StoreError> {
        let work = self.begin().await?;
        work.rollback().await.map_err(|source| self.failed(source))
    }

    /// Free bytes where the ledger is; none if it is in memory or the operating system does not say.
    pub fn free_bytes(&self) -> Option<u64> {
        let folder = Path::new(self.path()).parent()?;
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let room = rustix::fs::statvfs(folder).ok()?;
        Some(room.f_bavail.saturating_mul(room.f_frsize))
    }

    /// The place of the last change that is known to be in the log.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn announced(&self) -> Result<i64, StoreError> {
        let query = sqlx::query_as("SELECT coalesce(max(seq), 0) FROM announced");
        let (seq,): (i64,) = query.fetch_one(&self.pool).await.map_err(|source| self.failed(source))?;
        Ok(seq)
    }

    /// The first changes after a place in the log, oldest first.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn changes_after(&self, seq: i64, limit: u32) -> Result<Vec<LogEntry>, StoreError> {
        self.changes(seq, limit, &ChangeFilter::default()).await
    }

    /// Remembers that all changes up to `seq` are in the log.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written; then they are announced once more after a restart.
    pub async fn set_announced(&self, seq: i64) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE announced SET seq = max(seq, ?1)").bind(seq);
        self.note(query).await
    }
}
