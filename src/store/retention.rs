//! Raw bodies are dropped when they are old enough; their SHA-256, the texts and the quotes stay.

use jiff::Timestamp;
use sqlx::Row as _;

use crate::model::Digest;
use crate::store::rows::stored;
use crate::store::sealed::Fields;
use crate::store::{Store, StoreError};

impl Store {
    /// Drops at most `most` of the oldest raw bodies that were read before `before`, in one transaction, and tells how
    /// many. Their pages are used again by what is recorded next.
    ///
    /// # Errors
    ///
    /// On any error none was dropped.
    pub async fn prune_bodies(&self, before: Timestamp, most: u32, now: Timestamp) -> Result<u64, StoreError> {
        let failed = |source| self.failed(source);
        let mut work = self.begin().await?;
        // Bodies come in the order in which they were read, so that only the oldest need be looked at.
        let query = sqlx::query(
            "SELECT a.id, a.fetched, a.raw_sha256 FROM bodies b JOIN articles a ON a.id = b.article ORDER BY b.article LIMIT ?1",
        );
        let (oldest, at) = (stored(before), stored(now));
        let mut pruned = 0;
        for row in query.bind(most).fetch_all(&mut *work).await.map_err(failed)? {
            let (article, fetched): (i64, String) =
                (row.try_get("id").map_err(failed)?, row.try_get("fetched").map_err(failed)?);
            if fetched >= oldest {
                continue;
            }
            let digest = digest(article, &at, row.try_get("raw_sha256").map_err(failed)?);
            let query = sqlx::query("INSERT INTO pruned (article, at, digest) VALUES (?1, ?2, ?3)");
            let query = query.bind(article).bind(&at).bind(digest.as_bytes().to_vec());
            query.execute(&mut *work).await.map_err(failed)?;
            let query = sqlx::query("DELETE FROM bodies WHERE article = ?1").bind(article);
            query.execute(&mut *work).await.map_err(failed)?;
            pruned += 1;
        }
        work.commit().await.map_err(failed)?;
        Ok(pruned)
    }
}

/// What a row of `pruned` must hold: a hash over the article, the time and the SHA-256 that the body had.
pub(super) fn digest(article: i64, at: &str, raw_sha256: &[u8]) -> Digest {
    let mut fields = Fields::default();
    fields.number(Some(article));
    fields.text(Some(at));
    fields.bytes(Some(raw_sha256));
    fields.digest()
}
