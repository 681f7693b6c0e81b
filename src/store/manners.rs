//! What is remembered of hosts: which asked to be left alone, what their robots.txt says, what they were asked for.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use url::Url;

use crate::model::SourceId;
use crate::store::rows::{stored, time};
use crate::store::{Store, StoreError};

/// A host that asked to be left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Until when.
    pub until: Timestamp,
    /// How often in a row it has asked.
    pub refusals: u32,
}

/// What a host's robots.txt was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRobots {
    /// "file", "all" or "nothing".
    pub verdict: String,
    /// The file, if there is one.
    pub file: Option<Vec<u8>>,
    /// Until when that is believed.
    pub until: Timestamp,
}

/// A request that was made, or not made because of manners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeRequest {
    /// When.
    pub at: Timestamp,
    /// For which source.
    pub source: SourceId,
    /// What was asked for, without a password.
    pub url: String,
    /// What for: "feed", "article", "again".
    pub reason: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Bytes of the decoded body.
    pub bytes: u64,
    /// What went wrong, in words.
    pub outcome: Option<String>,
    /// For how long the server wants to be left alone, or its answer is fresh, in seconds.
    pub wait_s: Option<u64>,
}

impl Store {
    /// Whether a host asked to be left alone lately; the time may be over.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn hold(&self, host: &str) -> Result<Option<Hold>, StoreError> {
        let query = sqlx::query("SELECT held_until, refusals FROM hosts WHERE host = ?1").bind(host);
        let row = query.fetch_optional(&self.pool).await.map_err(|source| self.failed(source))?;
        Ok(row.as_ref().and_then(hold))
    }

    /// The hosts that are to be left alone beyond `now`.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn holds(&self, now: Timestamp) -> Result<Vec<(String, Hold)>, StoreError> {
        let query = sqlx::query("SELECT host, held_until, refusals FROM hosts WHERE held_until > ?1").bind(stored(now));
        let rows = query.fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        Ok(rows.iter().filter_map(|row| Some((row.try_get("host").ok()?, hold(row)?))).collect())
    }

    /// Remembers that a host asked to be left alone, or with `None` that it answers again.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn set_hold(&self, host: &str, hold: Option<Hold>) -> Result<(), StoreError> {
        let query = match hold {
            Some(hold) => sqlx::query("INSERT OR REPLACE INTO hosts (host, held_until, refusals) VALUES (?1, ?2, ?3)")
                .bind(host)
                .bind(stored(hold.until))
                .bind(i64::from(hold.refusals)),
            None => sqlx::query("DELETE FROM hosts WHERE host = ?1").bind(host),
        };
        self.write(query).await
    }

    /// What is remembered of a robots.txt.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn robots(&self, place: &Url) -> Result<Option<KeptRobots>, StoreError> {
        let query = sqlx::query("SELECT verdict, file, until FROM robots WHERE place = ?1").bind(place.as_str());
        let row = query.fetch_optional(&self.pool).await.map_err(|source| self.failed(source))?;
        let read = |row: &SqliteRow| -> Option<KeptRobots> {
            let until: String = row.try_get("until").ok()?;
            let (verdict, file) = (row.try_get("verdict").ok()?, row.try_get("file").ok()?);
            Some(KeptRobots { verdict, file, until: time(&until)? })
        };
        Ok(row.as_ref().and_then(read))
    }

    /// Remembers a robots.txt.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn keep_robots(&self, place: &Url, robots: &KeptRobots) -> Result<(), StoreError> {
        let query = sqlx::query("INSERT OR REPLACE INTO robots (place, verdict, file, until) VALUES (?1, ?2, ?3, ?4)");
        let query = query.bind(place.as_str()).bind(robots.verdict.as_str());
        let query = query.bind(robots.file.clone()).bind(stored(robots.until));
        self.note(query).await
    }

    /// Notes a request.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn note_request(&self, request: &MadeRequest) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO requests (at, source, url, reason, status, bytes, outcome, wait_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        );
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let query = query.bind(stored(request.at)).bind(request.source.as_str()).bind(request.url.as_str());
        let query = query.bind(request.reason.as_str()).bind(request.status.map(i64::from));
        let query = query.bind(signed(request.bytes)).bind(request.outcome.clone()).bind(request.wait_s.map(signed));
        self.note(query).await
    }

    /// Forgets requests of a source that are older than `kept`.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn forget_requests(&self, source: &SourceId, now: Timestamp, kept: Duration) -> Result<(), StoreError> {
        let back = SignedDuration::try_from(kept).unwrap_or(SignedDuration::MAX);
        let Ok(oldest) = now.checked_sub(back) else { return Ok(()) };
        let query = sqlx::query("DELETE FROM requests WHERE source = ?1 AND at < ?2");
        let query = query.bind(source.as_str()).bind(stored(oldest));
        self.note(query).await
    }

    /// The requests of a source, oldest first.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn requests(&self, source: &SourceId) -> Result<Vec<MadeRequest>, StoreError> {
        let query = sqlx::query("SELECT * FROM requests WHERE source = ?1 ORDER BY id").bind(source.as_str());
        let rows = query.fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        let read = |row: &SqliteRow| -> Option<MadeRequest> {
            let at: String = row.try_get("at").ok()?;
            let (status, bytes): (Option<i64>, i64) = (row.try_get("status").ok()?, row.try_get("bytes").ok()?);
            let wait: Option<i64> = row.try_get("wait_s").ok()?;
            Some(MadeRequest {
                at: time(&at)?,
                source: source.clone(),
                url: row.try_get("url").ok()?,
                reason: row.try_get("reason").ok()?,
                status: status.and_then(|status| u16::try_from(status).ok()),
                bytes: u64::try_from(bytes).unwrap_or(0),
                outcome: row.try_get("outcome").ok()?,
                wait_s: wait.and_then(|wait| u64::try_from(wait).ok()),
            })
        };
        Ok(rows.iter().filter_map(read).collect())
    }
}

fn hold(row: &SqliteRow) -> Option<Hold> {
    let until: String = row.try_get("held_until").ok()?;
    let refusals: i64 = row.try_get("refusals").ok()?;
    Some(Hold { until: time(&until)?, refusals: u32::try_from(refusals).unwrap_or(u32::MAX) })
}
