//! What is remembered of sources: how they are doing, which entries were read, which articles are to be read again.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use url::Url;

use crate::model::{Event, Hints, QuietHours, SourceHealth, SourceId, SourceState, Trouble};
use crate::store::changes::append;
use crate::store::rows::{stored, time};
use crate::store::{Reread, Store, StoreError};
use crate::view::LogEntry;

/// A source as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Which.
    pub source: SourceId,
    /// How it is doing.
    pub state: SourceState,
    /// How many articles were read from it.
    pub articles: u64,
    /// How many claims those print.
    pub claims: u64,
}

impl Store {
    /// What is remembered of a source; the state of a new one if nothing is.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn source_state(&self, source: &SourceId) -> Result<SourceState, StoreError> {
        let query = sqlx::query("SELECT * FROM source_state WHERE source = ?1").bind(source.as_str());
        let row = query.fetch_optional(&self.pool).await.map_err(|source| self.failed(source))?;
        row.map_or_else(|| Ok(SourceState::default()), |row| state(&row).map_err(|source| self.failed(source)))
    }

    /// Every source that was ever polled, with what it gave.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        let query = sqlx::query(
            "SELECT st.*,
                 (SELECT count(DISTINCT url) FROM articles a WHERE a.source = st.source) AS articles,
                 (SELECT count(DISTINCT h.claim) FROM sightings s JOIN heads h ON h.telling = s.claim JOIN articles a ON a.id = s.article WHERE a.source = st.source) AS claims
             FROM source_state st ORDER BY st.source",
        );
        let rows = query.fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        let mut out = Vec::with_capacity(rows.len());
        for row in &rows {
            let read = || -> Result<(String, SourceState, i64, i64), sqlx::Error> {
                Ok((row.try_get("source")?, state(row)?, row.try_get("articles")?, row.try_get("claims")?))
            };
            let (id, state, articles, claims) = read().map_err(|source| self.failed(source))?;
            let source = SourceId::new(&id).map_err(|error| self.damaged(error.to_string()))?;
            out.push(SourceRow { source, state, articles: articles.cast_unsigned(), claims: claims.cast_unsigned() });
        }
        Ok(out)
    }

    /// Remembers the outcome of a poll and logs its event, if it made one, in one transaction.
    ///
    /// # Errors
    ///
    /// On any error nothing was remembered.
    pub async fn record_poll(
        &self,
        source: &SourceId,
        state: &SourceState,
        event: Option<Event>,
        now: Timestamp,
    ) -> Result<Vec<LogEntry>, StoreError> {
        let query = sqlx::query(
            "INSERT OR REPLACE INTO source_state (source, health, feed, etag, last_modified, last_poll, last_success, next_due,
                 failures, last_error, moved_to, moved_since, feed_due, due_reason, moved_polls, trouble, validators_of,
                 fresh_s, ttl_s, quiet_hours, quiet_days)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        );
        let query = query
            .bind(source.as_str())
            .bind(state.health.as_str())
            .bind(state.feed.as_ref().map(|url| url.as_str().to_owned()));
        let query = query.bind(state.etag.clone()).bind(state.last_modified.clone());
        let query = query
            .bind(state.last_poll.map(stored))
            .bind(state.last_success.map(stored))
            .bind(state.next_due.map(stored));
        let query = query.bind(i64::from(state.failures)).bind(state.last_error.clone());
        let moved = state.moved_to.as_ref();
        let query =
            query.bind(moved.map(|(url, _)| url.as_str().to_owned())).bind(moved.map(|(_, since)| stored(*since)));
        let query = query.bind(state.feed_due.map(stored)).bind(state.due_reason.clone());
        let query = query.bind(i64::from(state.moved_polls)).bind(state.trouble.map(Trouble::as_str));
        let query = query.bind(state.validators_of.as_ref().map(|url| url.as_str().to_owned()));
        let seconds = |span: Option<Duration>| span.map(|span| i64::try_from(span.as_secs()).unwrap_or(i64::MAX));
        let (hours, days) = state.hints.quiet.bits();
        let query = query.bind(seconds(state.hints.fresh_for)).bind(seconds(state.hints.ttl));
        let query = query.bind(i64::from(hours)).bind(i64::from(days));
        let Some(event) = event else {
            // A poll that is forgotten is made again.
            return self.note(query).await.map(|()| Vec::new());
        };
        let mut work = self.begin().await?;
        let failed = |source| self.failed(source);
        query.execute(&mut *work).await.map_err(failed)?;
        let entries = append(&mut work, vec![event], now).await.map_err(failed)?;
        work.commit().await.map_err(failed)?;
        Ok(entries)
    }

    /// Whether an article of this address was read before.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn has_article(&self, url: &Url) -> Result<bool, StoreError> {
        let query = sqlx::query("SELECT 1 FROM rereads WHERE url = ?1").bind(url.as_str());
        let row = query.fetch_optional(&self.pool).await.map_err(|source| self.failed(source))?;
        Ok(row.is_some())
    }

    /// The articles of a source that are due to be read again.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn rereads(&self, source: &SourceId, now: Timestamp, most: u32) -> Result<Vec<Reread>, StoreError> {
        let query = sqlx::query(
            "SELECT r.url, r.etag, r.last_modified, a.published FROM rereads r JOIN articles a ON a.id = r.newest
             WHERE r.source = ?1 AND r.due <= ?2 ORDER BY r.due LIMIT ?3",
        );
        let query = query.bind(source.as_str()).bind(stored(now)).bind(most);
        let rows = query.fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        let read = |row: &SqliteRow| -> Option<Reread> {
            let url: String = row.try_get("url").ok()?;
            let published: Option<String> = row.try_get("published").ok()?;
            Some(Reread {
                url: Url::parse(&url).ok()?,
                published: published.as_deref().and_then(time),
                etag: row.try_get("etag").ok()?,
                last_modified: row.try_get("last_modified").ok()?,
            })
        };
        Ok(rows.iter().filter_map(read).collect())
    }

    /// Notes that an article was deleted. It withdraws nothing, and is not read again.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn set_gone(&self, url: &Url, now: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE rereads SET due = NULL, gone = ?2 WHERE url = ?1");
        self.write(query.bind(url.as_str()).bind(stored(now))).await
    }

    /// Puts off reading an article again, or gives it up.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn set_reread(&self, url: &Url, due: Option<Timestamp>) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE rereads SET due = ?2 WHERE url = ?1").bind(url.as_str()).bind(due.map(stored));
        self.note(query).await
    }
}

fn state(row: &SqliteRow) -> Result<SourceState, sqlx::Error> {
    let at = |column: &str| -> Result<Option<Timestamp>, sqlx::Error> {
        let text: Option<String> = row.try_get(column)?;
        Ok(text.as_deref().and_then(time))
    };
    let url = |column: &str| -> Result<Option<Url>, sqlx::Error> {
        let text: Option<String> = row.try_get(column)?;
        Ok(text.and_then(|text| Url::parse(&text).ok()))
    };
    let health: String = row.try_get("health")?;
    let known = [SourceHealth::Ok, SourceHealth::Failing, SourceHealth::Gone];
    Ok(SourceState {
        health: known.into_iter().find(|one| one.as_str() == health).unwrap_or(SourceHealth::New),
        feed: url("feed")?,
        etag: row.try_get("etag")?,
        last_modified: row.try_get("last_modified")?,
        validators_of: url("validators_of")?,
        hints: hints(row)?,
        last_poll: at("last_poll")?,
        last_success: at("last_success")?,
        next_due: at("next_due")?,
        failures: u32::try_from(row.try_get::<i64, _>("failures")?).unwrap_or(u32::MAX),
        last_error: row.try_get("last_error")?,
        moved_to: url("moved_to")?.zip(at("moved_since")?),
        moved_polls: u32::try_from(row.try_get::<i64, _>("moved_polls")?).unwrap_or(0),
        feed_due: at("feed_due")?,
        due_reason: row.try_get("due_reason")?,
        trouble: row.try_get::<Option<String>, _>("trouble")?.as_deref().and_then(Trouble::from_words),
    })
}

fn hints(row: &SqliteRow) -> Result<Hints, sqlx::Error> {
    let seconds = |column: &str| -> Result<Option<Duration>, sqlx::Error> {
        let seconds: Option<i64> = row.try_get(column)?;
        Ok(seconds.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs))
    };
    let (hours, days): (i64, i64) = (row.try_get("quiet_hours")?, row.try_get("quiet_days")?);
    let quiet = QuietHours::new(u32::try_from(hours).unwrap_or(0), u8::try_from(days).unwrap_or(0));
    Ok(Hints { fresh_for: seconds("fresh_s")?, ttl: seconds("ttl_s")?, quiet })
}
