//! Reading the ledger: claims, series, one claim, the change log.

use serde_json::Value;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::{ClaimId, ClaimRecord, Level, Series, SeriesId, SeriesPoint, Sighting, Status};
use crate::store::rows::{self, stored};
use crate::store::{Filter, Found, Store, StoreError};
use crate::view::LogEntry;

/// The conditions of a filter, as parameters 1 to 9; absent ones hold for all.
macro_rules! claims_where {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " WHERE (?1 IS NULL OR c.conflict = ?1) AND (?2 IS NULL OR c.party = ?2)
               AND (?3 IS NULL OR c.claimant_id = ?3 OR instr(lower(c.claimant), lower(?3)) > 0)
               AND (?4 IS NULL OR instr('+' || c.outcomes || '+', '+' || ?4 || '+') > 0)
               AND (?5 IS NULL OR c.first_seen >= ?5) AND (?6 IS NULL OR c.first_seen < ?6)
               AND (?7 IS NULL OR EXISTS (SELECT 1 FROM sightings s JOIN articles a ON a.id = s.article WHERE s.claim = c.id AND a.source = ?7))
               AND (?8 IS NULL OR EXISTS (SELECT 1 FROM sightings s WHERE s.claim = c.id AND instr(lower(s.quote), lower(?8)) > 0)) ",
            $after
        )
    };
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn bound<'q>(query: Query<'q>, filter: &Filter) -> Query<'q> {
    let query = query
        .bind(filter.conflict.as_ref().map(ToString::to_string))
        .bind(filter.party.as_ref().map(ToString::to_string));
    let query = query.bind(filter.claimant.clone()).bind(filter.outcome.map(|outcome| outcome.as_str().to_owned()));
    let query = query.bind(filter.since.map(stored)).bind(filter.until.map(stored));
    let query = query.bind(filter.source.as_ref().map(ToString::to_string)).bind(filter.grep.clone());
    query.bind(filter.limit.map_or(-1, i64::from))
}

impl Store {
    /// The claims that pass a filter, newest first, each with its sightings.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn claims(&self, filter: &Filter) -> Result<Vec<ClaimRecord>, StoreError> {
        let sql = claims_where!("SELECT c.* FROM claims c", "ORDER BY c.first_seen DESC, c.id LIMIT ?9");
        let rows = bound(sqlx::query(sql), filter).fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        let mut out = Vec::with_capacity(rows.len());
        for row in &rows {
            out.push(self.record(row).await.map_err(|source| self.failed(source))?);
        }
        Ok(out)
    }

    /// One claim by its id or the beginning of it.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn claim(&self, prefix: &str) -> Result<Found, StoreError> {
        let failed = |source| self.failed(source);
        let query =
            sqlx::query("SELECT * FROM claims WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT 20").bind(prefix);
        let rows = query.fetch_all(&self.pool).await.map_err(failed)?;
        match rows.as_slice() {
            [] => Ok(Found::Nothing),
            [row] => Ok(Found::One(Box::new(self.record(row).await.map_err(failed)?))),
            several => {
                let ids: Result<Vec<ClaimId>, sqlx::Error> =
                    several.iter().map(|row| rows::claim_id(row, "id")).collect();
                ids.map(Found::Many).map_err(failed)
            }
        }
    }

    async fn record(&self, row: &SqliteRow) -> Result<ClaimRecord, sqlx::Error> {
        let id = rows::claim_id(row, "id")?;
        let query = sqlx::query(
            "SELECT s.*, a.url, a.source, a.publisher, a.published, a.cluster,
                 EXISTS (SELECT 1 FROM rereads r WHERE r.newest = a.id) AS current
             FROM sightings s JOIN articles a ON a.id = s.article WHERE s.claim = ?1 ORDER BY s.id",
        );
        let found = query.bind(id.as_str()).fetch_all(&self.pool).await?;
        let mut sightings: Vec<Sighting> = Vec::with_capacity(found.len());
        let mut clusters = std::collections::BTreeSet::new();
        for row in &found {
            clusters.insert(row.try_get::<i64, _>("cluster")?);
            let sighting = rows::sighting(row)?;
            // A later version of the same article stands for the earlier ones.
            match sightings.iter_mut().find(|known| known.url == sighting.url) {
                Some(known) => known.current |= sighting.current,
                None => sightings.push(sighting),
            }
        }
        let first_seen: String = row.try_get("first_seen")?;
        let is_current = sightings.iter().any(|sighting| sighting.current);
        Ok(ClaimRecord {
            series: rows::series_id(row, "series")?,
            conflict: rows::conflict_id(row)?,
            claim: rows::claim(row, sightings.first())?,
            status: if is_current { Status::Current } else { Status::Withdrawn },
            first_seen: rows::time(&first_seen).unwrap_or_default(),
            sighting_count: u32::try_from(sightings.len()).unwrap_or(u32::MAX),
            independent: u32::try_from(clusters.len()).unwrap_or(u32::MAX),
            sightings,
            id,
        })
    }

    /// The series of the claims that pass a filter, the one with the newest figure first.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn series(&self, filter: &Filter) -> Result<Vec<Series>, StoreError> {
        let sql = claims_where!(
            "SELECT c.series, max(coalesce(c.as_of, '')) AS newest FROM claims c",
            "GROUP BY c.series ORDER BY newest DESC, c.series LIMIT ?9"
        );
        let rows = bound(sqlx::query(sql), filter).fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        let mut out = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = rows::series_id(row, "series").map_err(|source| self.failed(source))?;
            out.extend(self.one_series(&id).await?);
        }
        Ok(out)
    }

    /// One series with all its figures; figures that no article prints any more are left out.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn one_series(&self, id: &SeriesId) -> Result<Option<Series>, StoreError> {
        let failed = |source| self.failed(source);
        let query = sqlx::query(
            "SELECT c.* FROM claims c WHERE c.series = ?1
                 AND EXISTS (SELECT 1 FROM sightings s JOIN rereads r ON r.newest = s.article WHERE s.claim = c.id)
             ORDER BY coalesce(c.as_of, ''), c.first_seen, c.id",
        );
        let rows = query.bind(id.as_str()).fetch_all(&self.pool).await.map_err(failed)?;
        let read = || -> Result<Option<Series>, sqlx::Error> {
            let Some(first) = rows.first() else { return Ok(None) };
            let claim = rows::claim(first, None)?;
            let point = |row: &SqliteRow| -> Result<SeriesPoint, sqlx::Error> {
                let known = rows::known(row)?;
                let first_seen: String = row.try_get("first_seen")?;
                let first_seen = rows::time(&first_seen).unwrap_or_default();
                Ok(SeriesPoint { claim: known.id, figure: known.figure, as_of: known.as_of, first_seen })
            };
            Ok(Some(Series {
                id: id.clone(),
                conflict: rows::conflict_id(first)?,
                claimant: claim.claimant.map(|claimant| claimant.name),
                party: claim.party,
                victims: claim.victims,
                group: claim.group,
                outcomes: claim.outcomes,
                scope: claim.scope,
                place: claim.place,
                points: rows.iter().map(point).collect::<Result<_, _>>()?,
            }))
        };
        read().map_err(failed)
    }

    /// The change log after a place in it, oldest first; filtered by event, claim and time.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub async fn changes(
        &self,
        after: i64,
        event: Option<&str>,
        claim: Option<&ClaimId>,
        filter: &Filter,
    ) -> Result<Vec<LogEntry>, StoreError> {
        let query = sqlx::query(
            "SELECT * FROM (SELECT seq, at, event, payload FROM changes
                 WHERE seq > ?1 AND (?2 IS NULL OR event = ?2) AND (?3 IS NULL OR claim = ?3)
                   AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5)
                 ORDER BY seq DESC LIMIT ?6) ORDER BY seq",
        );
        let query = query.bind(after).bind(event).bind(claim.map(ToString::to_string));
        let query = query
            .bind(filter.since.map(stored))
            .bind(filter.until.map(stored))
            .bind(filter.limit.map_or(-1, i64::from));
        let rows = query.fetch_all(&self.pool).await.map_err(|source| self.failed(source))?;
        rows.iter().map(|row| self.entry(row)).collect()
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
}
