//! A transaction that writes, and where the chains of seals and of changes end in it.

use std::ops::{Deref, DerefMut};

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row as _, Sqlite, SqlitePool, Transaction};
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use crate::store::sqlite::BUSY;
use crate::store::{Store, StoreError};

/// The ends of the two chains. They are kept beside the chains, so that what is cut off at the end is missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ends {
    /// The last article version.
    pub(super) article: i64,
    /// The hash of its seal.
    pub(super) seal: Vec<u8>,
    /// The place of the last change.
    pub(super) change: i64,
    /// Its hash.
    pub(super) hash: Vec<u8>,
}

/// What the rows of the two chains say themselves. Where they go on beyond what was kept, that is no end.
pub(super) const FOUND_ENDS: &str =
    "SELECT a.article, coalesce((SELECT hash FROM seals WHERE article = a.article), zeroblob(32)) AS seal,
         c.change, coalesce((SELECT hash FROM changes WHERE seq = c.change), zeroblob(32)) AS hash
     FROM (SELECT coalesce(max(id), 0) AS article FROM articles) a, (SELECT coalesce(max(seq), 0) AS change FROM changes) c";

/// What was kept.
pub(super) const KEPT_ENDS: &str = "SELECT article, seal, change, hash FROM ends";

impl Ends {
    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let (article, change) = (row.try_get("article")?, row.try_get("change")?);
        Ok(Self { article, seal: row.try_get("seal")?, change, hash: row.try_get("hash")? })
    }

    /// The later one of each. A chain that was cut off goes on after the gap, for a gap is found for ever.
    async fn of(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        let found = Self::read(&sqlx::query(FOUND_ENDS).fetch_one(&mut *connection).await?)?;
        let kept = sqlx::query(KEPT_ENDS).fetch_optional(connection).await?;
        let Some(kept) = kept.as_ref().map(Self::read).transpose()? else { return Ok(found) };
        let (article, seal) =
            if kept.article >= found.article { (kept.article, kept.seal) } else { (found.article, found.seal) };
        let (change, hash) =
            if kept.change >= found.change { (kept.change, kept.hash) } else { (found.change, found.hash) };
        Ok(Self { article, seal, change, hash })
    }
}

/// A transaction that holds the write lock of the ledger.
#[derive(Debug)]
pub(super) struct Work<'c> {
    transaction: Transaction<'c, Sqlite>,
    /// Where the chains end now.
    pub(super) ends: Ends,
    kept: Ends,
    _turn: OwnedMutexGuard<()>,
}

/// A statement that writes.
type Statement<'q> = sqlx::query::Query<'q, Sqlite, sqlx::sqlite::SqliteArguments>;

impl Store {
    /// Waits until nobody else in this process writes, and then for other processes.
    pub(super) async fn begin(&self) -> Result<Work<'static>, StoreError> {
        let begun = async {
            let turn = self.turn().await?;
            let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
            let ends = Ends::of(&mut transaction).await?;
            Ok(Work { transaction, kept: ends.clone(), ends, _turn: turn })
        };
        begun.await.map_err(|source| self.failed(source))
    }

    /// Runs a statement whose effect is on the disk when this returns.
    pub(super) async fn write(&self, statement: Statement<'_>) -> Result<(), StoreError> {
        self.run(statement, &self.pool).await
    }

    /// Runs a statement whose effect survives this process, but perhaps no power cut: what is found out again, or does
    /// no harm if it is forgotten.
    pub(super) async fn note(&self, statement: Statement<'_>) -> Result<(), StoreError> {
        self.run(statement, &self.light).await
    }

    async fn run(&self, statement: Statement<'_>, pool: &SqlitePool) -> Result<(), StoreError> {
        let run = async {
            let _turn = self.turn().await?;
            statement.execute(pool).await
        };
        run.await.map(drop).map_err(|source| self.failed(source))
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<()>, sqlx::Error> {
        timeout(BUSY, self.turn.clone().lock_owned()).await.map_err(|_| sqlx::Error::PoolTimedOut)
    }
}

impl Work<'_> {
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        if self.ends != self.kept {
            let query = sqlx::query(
                "INSERT OR REPLACE INTO ends (only_row, article, seal, change, hash) VALUES (1, ?1, ?2, ?3, ?4)",
            );
            let query =
                query.bind(self.ends.article).bind(&self.ends.seal).bind(self.ends.change).bind(&self.ends.hash);
            query.execute(&mut *self.transaction).await?;
        }
        self.transaction.commit().await
    }

    pub(super) async fn rollback(self) -> Result<(), sqlx::Error> {
        self.transaction.rollback().await
    }
}

impl Deref for Work<'_> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.transaction
    }
}

impl DerefMut for Work<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}
